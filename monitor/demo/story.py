"""The bundled story as values: outlets and what they publish, in order of time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import resources
from typing import Any, Literal, TypeAlias

import tomli

BRIEFS_FROM, BRIEFS_APART = datetime(2026, 3, 6, 8, 0, tzinfo=UTC), timedelta(hours=9)

Syntax: TypeAlias = Literal["rss", "atom"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A paper or station; `whole` says that its feed carries whole texts."""

    key: str
    name: str
    feed: Syntax
    whole: bool
    promotion: str  # an advert that stands on each of its pages


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryArticle:
    """One article; `paragraphs` are its text."""

    key: str
    outlet: str
    at: datetime
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """All of it; `articles` in order of time."""

    outlets: tuple[Outlet, ...]
    articles: tuple[StoryArticle, ...]

    def outlet(self, key: str) -> Outlet:
        return next(each for each in self.outlets if each.key == key)


def load_story() -> Story:
    """Read the story that lies in the package."""
    raw = tomli.loads(resources.files(__package__).joinpath("story.toml").read_text("utf-8"))
    texts: dict[str, tuple[str, ...]] = {}
    articles = []
    for row in raw["article"]:
        texts[row["key"]] = _paragraphs(row, texts)
        articles.append(
            StoryArticle(
                key=row["key"],
                outlet=row["outlet"],
                at=row["at"],
                title=row["title"],
                paragraphs=texts[row["key"]],
            )
        )
    for row in raw["outlet"]:
        articles += _briefs(row["key"], row.pop("briefs"))
    outlets = tuple(Outlet(**row) for row in raw["outlet"])
    return Story(
        outlets=outlets, articles=tuple(sorted(articles, key=lambda each: (each.at, each.outlet)))
    )


def _briefs(outlet: str, briefs: Sequence[str]) -> Iterator[StoryArticle]:
    """Give an outlet's short news of the days before, some hours apart."""
    for number, brief in enumerate(briefs):
        title, text = brief.split(" | ")
        yield StoryArticle(
            key=f"brief-{number}",
            outlet=outlet,
            at=BRIEFS_FROM + number * BRIEFS_APART,
            title=title,
            paragraphs=(text,),
        )


def _paragraphs(row: Mapping[str, Any], texts: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Give an article's own text, or the one that it reprints as its desk changed it."""
    if "text" in row:
        return tuple(row["text"].strip().split("\n\n"))
    whole = "\n\n".join(texts[row["reprints"]])
    for gone, fresh in row.get("swap", {}).items():
        whole = whole.replace(gone, fresh)
    paragraphs = whole.split("\n\n")
    return tuple(paragraphs[: len(paragraphs) - row.get("cut", 0)])
