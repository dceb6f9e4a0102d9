"""The end of the demo: what was announced, what was not and why, and where to go from here."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from monitor.app import Store
from monitor.beds import Article
from monitor.demo.narrator import WIDTH, Pen, known, shortened
from monitor.demo.postbox import Letter
from monitor.demo.press import Press
from monitor.store.views import Views

COUNT = 5  # columns of the numbers
ALL = 1_000  # articles, more than the story has
NOUNS = {
    "event_opened": ("new event", "new events"),
    "figure_changed": ("figure changed", "figures changed"),
    "figure_disputed": ("disagreement", "disagreements"),
    "figure_corrected": ("correction", "corrections"),
    "digest": ("daily digest", "daily digests"),
}


OUTCOMES = {
    "opens": "began a figure that is followed from then on",
    "changes": "moved a figure: old -> new",
    "disputes": "contradict another claimant: both shown, no change told",
    "corrects": "took a figure back: told as a correction",
    "silent": "agree with what is known",
    "untracked": "are understood but not followed: old values, other happenings, parts",
}
Line: TypeAlias = tuple[int, str]


def summarise(pen: Pen, store: Store, letters: Sequence[Letter], site: Press, folder: Path) -> None:
    """Print the closing tables; every count is asked of the ledger or of the letters."""
    views = Views(store.database)
    articles = store.ledger.articles_after(0, ALL)
    pen.line()
    pen.line("--- What newsmon did ".ljust(WIDTH, "-"), bold=True)
    for heading, lines in (
        (f"{len(articles)} articles from {len(site.story.outlets)} outlets; sent:", _sent(letters)),
        ("not sent, and why:", _silent(articles, views)),
        ("numbers read in these articles:", _numbers(articles, views)),
    ):
        pen.line()
        pen.line(heading, bold=True)
        for count, words in lines:
            pen.paragraph(words, COUNT + 2, f"{count:>{COUNT}}")
    pen.line()
    pen.paragraph(
        f"The web server was asked {site.requests} times and could answer {site.unchanged} times"
        " that nothing had changed (304). No other machine was asked anything."
    )
    _point_on(pen, views, folder)


def _point_on(pen: Pen, views: Views, folder: Path) -> None:
    """Name what a reader can look at now, and the first step with news of their own."""
    watched = [each["event"] for each in views.events() if each["announced"]]
    config = f"--config {folder}/newsmon.toml"
    pen.line()
    pen.line("look closer:", bold=True)
    pen.line(f"  the letters in {folder}: .html for a browser, .eml for a mail program")
    for command in ("figures", "why") if watched else ():
        pen.line(f"  newsmon {command} {watched[-1]} {config}")
    pen.line("your own news:", bold=True)
    pen.line("  newsmon init        then: newsmon check --online, newsmon run")


def _sent(letters: Sequence[Letter]) -> Iterator[Line]:
    for (to, kind), count in Counter((each.to, each.kind) for each in letters).items():
        one, several = NOUNS.get(kind, (kind, kind))
        yield count, f"{one if count == 1 else several}, to the {to.partition('@')[0]}"


def _silent(articles: Sequence[Article], views: Views) -> Iterator[Line]:
    """Give the articles of which no letter was sent, by reason."""
    baseline = [each for each in articles if each.document.baseline]
    copies = [each for each in articles if each.verdict == "same"]
    fresh = [each for each in articles if each not in baseline and each not in copies]
    unwanted = [each for each in fresh if not known(views, each.event)["notices"]]
    changing = {
        change["document"]
        for event in {each.event for each in fresh}
        for change in (views.show(event) or {})["changes"]
    }
    quiet = [each for each in fresh if each not in unwanted and each.document.id not in changing]
    yield len(baseline), "older articles of the first poll: the baseline"
    yield len(copies), f"copies, counted with their original: {_outlets(copies)}"
    yield len(quiet), f"articles of a known event that moved no figure: {_titles(quiet)}"
    yield len(unwanted), f"article that no watch asks for: {_titles(unwanted)}"
    for event, other, score in _look_alikes(articles, views):
        yield 1, f'look-alike kept apart: "{event}" is not "{other}" (likeness {score:.2f})'


def _look_alikes(articles: Sequence[Article], views: Views) -> Iterator[tuple[str, str, float]]:
    """Give the announced events whose nearest other event was announced too."""
    announced = {each["event"]: each["title"] for each in views.events() if each["announced"]}
    for article in articles:
        placement = known(views, article.document.id)["why"]["placement"]
        nearest = placement.get("runner_up")
        if placement["placed"] == "opened" and {article.event, nearest} <= announced.keys():
            yield announced[article.event], announced[nearest], placement["score"]


def _numbers(articles: Sequence[Article], views: Views) -> Iterator[Line]:
    """Count what became of every number: noise by kind, figures by what they did."""
    rows = [row for each in articles for row in known(views, each.document.id)["figures"]]
    noise = Counter(row["noise"] for row in rows if row["noise"])
    figures = Counter(row["outcome"] for row in rows if not row["noise"])
    kinds = ", ".join(f"{n} {kind}" for kind, n in noise.most_common())
    yield noise.total(), f"are no figures: {kinds}"
    for outcome, words in OUTCOMES.items():
        if figures[outcome]:
            yield figures[outcome], words


def _titles(articles: Sequence[Article]) -> str:
    return ", ".join(f'"{shortened(each.document.title)}"' for each in articles)


def _outlets(articles: Sequence[Article]) -> str:
    return ", ".join(each.document.outlet for each in articles)
