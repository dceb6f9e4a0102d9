"""The end of the demo: what was announced, what was not and why, and where to go from here."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from monitor.beds import Article
from monitor.demo.narrator import WIDTH, Pen, known, shortened
from monitor.demo.postbox import Letter
from monitor.demo.press import Press
from monitor.statements import Row
from monitor.store.store import Store
from monitor.store.views import Views

COUNT = 5  # columns of the numbers
ALL = 1_000  # articles, more than the story has
LETTERS = {
    "event_opened": "of a new event",
    "figure_changed": "of a figure that moved",
    "figure_disputed": "of sources that differ",
    "figure_corrected": "of a correction",
    "digest": "daily digests",
}
OUTCOMES = {
    "opens": "for figures that are followed from then on",
    "changes": "for a new value of one: old -> new",
    "disputes": "against another claimant's: both shown, no change told",
    "corrects": "to take one back: told as a correction",
    "silent": "known already",
    "untracked": "of no known kind, of other times or places, or parts of a whole",
}
Line: TypeAlias = tuple[int, str]


def summarise(pen: Pen, store: Store, letters: Sequence[Letter], site: Press, folder: Path) -> None:
    """Print the closing tables; every count is asked of the ledger or of the letters."""
    views = Views(store.database)
    articles = store.ledger.articles_after(0, ALL)
    pen.line()
    pen.line("--- What newsmon did ".ljust(WIDTH, "-"), bold=True)
    for heading, lines in (
        (
            f"{len(articles)} articles from {len(site.story.outlets)} outlets; letters sent:",
            _sent(letters),
        ),
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
    event = _announced(views)[0]["event"]
    config = f"--config {folder}/newsmon.toml"
    pen.line()
    pen.line("look closer:", bold=True)
    pen.line(f"  the letters in {folder}: .html for a browser, .eml for a mail program")
    for command in ("figures", "why"):
        pen.line(f"  newsmon {command} {event} {config}")
    pen.line("your own news:", bold=True)
    pen.line("  newsmon init        then: newsmon check --online, newsmon run")


def _sent(letters: Sequence[Letter]) -> Iterator[Line]:
    counts = Counter((each.kind, each.to.partition("@")[0]) for each in letters)
    for kind, words in LETTERS.items():
        for (each, to), count in counts.items():
            if each == kind:
                yield count, f"{words}, to the {to}"


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
    first, *others = [each["title"] for each in _announced(views)]
    for title in others:
        yield 1, f'look-alike kept apart: "{title}" moves no figure of "{first}"'


def _announced(views: Views) -> list[Row]:
    """List the events that somebody was told of, the largest first."""
    events = [each for each in views.events(views.event_ids()) if each["announced"]]
    return sorted(events, key=lambda each: -len(each["documents"]))


def _numbers(articles: Sequence[Article], views: Views) -> Iterator[Line]:
    """Count what became of every number: noise by kind, figures by what they did."""
    rows = [row for each in articles for row in known(views, each.document.id)["figures"]]
    noise = Counter(row["noise"] for row in rows if row["noise"])
    figures = Counter(row["outcome"] for row in rows if not row["noise"])
    kinds = ", ".join(f"{kind} {n}" for kind, n in noise.most_common())
    yield noise.total(), f"that count nothing: {kinds}"
    for outcome, words in OUTCOMES.items():
        if figures[outcome]:
            yield figures[outcome], words


def _titles(articles: Sequence[Article]) -> str:
    return ", ".join(f'"{shortened(each.document.title)}"' for each in articles)


def _outlets(articles: Sequence[Article]) -> str:
    return ", ".join(each.document.outlet for each in articles)
