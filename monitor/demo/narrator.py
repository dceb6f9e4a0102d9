"""What the terminal shows while the story runs: articles with their verdicts, letters as sent."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import click

from monitor.amounts import Value, value_text
from monitor.beds import Article
from monitor.config import Config
from monitor.demo.postbox import Letter
from monitor.statements import Row
from monitor.store.views import Views
from monitor.text import one_line

WIDTH = 80
SETTING = 9  # columns of the words that name it
MARGIN = 7  # columns of the time
OUTLET = 16  # columns of the outlet
FIRST_LINES, LATER_LINES = 40, 10  # of a letter: the first of its kind is shown at length
DIGEST_LINES = 16  # of a daily digest: its overview
WORDS = 5  # that made two articles one event

GREETING = """
Three days of news from Velmora, a country that does not exist. Its outlets publish on a web server
on this machine, newsmon polls them as it would yours, and a mail server takes its letters. Nothing
leaves the loopback interface; times are the story's.
"""
PROMISE = """
What to look for: one letter for an event, however many outlets print it; after that only what
moved, old -> new, with both quotes; sources that differ side by side; and for silence a reason.
"""


@dataclass(slots=True, kw_only=True)
class Pen:
    """Writes to the terminal, in colour where that is wanted; never two blank lines."""

    colour: bool
    _blank: bool = True  # the last line was

    def line(self, words: str = "", **style: object) -> None:
        if self._blank and not words:
            return
        self._blank = not words
        click.echo(click.style(words, **style) if self.colour and style else words)  # type: ignore[arg-type]

    def paragraph(self, words: str, indent: int = 0, first: str = "", **style: object) -> None:
        """Write a paragraph; `first` stands in the margin of its first line."""
        margin = " " * indent
        for line in textwrap.wrap(
            words,
            WIDTH,
            initial_indent=first.ljust(indent),
            subsequent_indent=margin,
            break_long_words=False,
            break_on_hyphens=False,
        ):
            self.line(line, **style)


@dataclass(slots=True)
class Narrator:
    """Tells what happens, once it has happened."""

    pen: Pen
    _prompt: tuple[str, ...] = ()  # targets that are told at once
    _day: str = ""
    _shown: set[str] = field(default_factory=set)  # kinds of letters that were shown whole

    def introduce(self, config: Config) -> None:
        """Say who is polled, what is watched and who is told."""
        self._prompt = tuple(each.name for each in config.targets if not each.when)
        self.pen.line("newsmon demo", bold=True)
        self.pen.paragraph(GREETING.strip())
        self.pen.line()
        self.pen.paragraph(PROMISE.strip())
        self.pen.line()
        outlets = ", ".join(feed.outlet for feed in config.feeds)
        self.pen.paragraph(f"{len(config.feeds)} feeds: {outlets}", SETTING, "polls")
        for watch in config.watches:
            words = f"{' and '.join(watch.all)}, with one of {', '.join(watch.any)}"
            self.pen.paragraph(words, SETTING, "watches")
        for target in config.targets:
            at = " and ".join(f"once a day at {each:%H:%M}" for each in target.when)
            wait = target.group_wait.seconds // 60
            soon = f"at once (a new event waits {wait} minutes for other outlets)"
            self.pen.paragraph(f"the {target.name}, {at or soon}", SETTING, "tells")

    def tell_baseline(self, moment: datetime, articles: int) -> None:
        self._date(moment)
        words = f"first poll: {articles} older articles are the baseline - read, never announced"
        self.pen.paragraph(words, MARGIN, f"{moment:%H:%M}")

    def tell_article(self, moment: datetime, article: Article, views: Views) -> None:
        """Tell of an article in two lines: what came, and what it is to newsmon and why."""
        self._date(moment)
        document = article.document
        outlet = document.outlet.ljust(OUTLET)
        self.pen.paragraph(
            document.title, MARGIN + OUTLET, f"{moment:%H:%M}".ljust(MARGIN) + outlet, bold=True
        )
        words = "; ".join([_place(article, views), _outcome(article, views, self._prompt)])
        self.pen.paragraph(words, MARGIN + OUTLET, dim=True)

    def tell_letter(self, moment: datetime, letter: Letter, path: Path) -> None:
        """Show a letter's text part as it was sent, the first of its kind whole."""
        self._date(moment)
        lines = letter.part("plain").strip().splitlines()
        shown = self._lines_of(letter)
        self.pen.line()
        self.pen.line(f"{moment:%H:%M}  MAIL to {letter.to}", fg="green")
        self.pen.paragraph(letter.subject, 12, " | Subject: ", fg="green", bold=True)
        self.pen.line(" |", fg="green")
        for line in lines[:shown]:
            self.pen.line(f" | {line}".rstrip(), fg="green")
        left = len(lines) - shown
        rest = f"{left} more line{'s' if left > 1 else ''} in " if left > 0 else ""
        self.pen.line(f" '- {rest}{path}", fg="green")
        self.pen.line()

    def _lines_of(self, letter: Letter) -> int:
        if letter.kind == "digest":
            return DIGEST_LINES
        most = LATER_LINES if letter.kind in self._shown else FIRST_LINES
        self._shown.add(letter.kind)
        return most

    def _date(self, moment: datetime) -> None:
        day = f"{moment:%A} {moment.day} {moment:%B}"
        if day != self._day:
            self._day = day
            self.pen.line()
            self.pen.line(f"--- {day} ".ljust(WIDTH, "-"), bold=True)


def known(views: Views, name: str) -> Row:
    """Ask why something is as it is; `name` is an id that the ledger has."""
    found = views.why(name)
    assert found is not None  # noqa: S101 - it was just listed
    return found


def _place(article: Article, views: Views) -> str:
    """Say where an article stands: a copy, part of a known event, or the begin of one."""
    why = known(views, article.document.id)["why"]
    if article.of is not None:
        outlet = known(views, article.of)["outlet"]
        share = f"a copy of {outlet}, {why['verdict']['of_new']:.0%} of its words"
        match article.verdict:
            case "same":
                return share
            case "update":
                return f"{share}, with another figure"
            case _:
                return f"{outlet}'s article and more"
    if why["placement"]["placed"] == "opened":
        return "a new event"
    shared = ", ".join(list(why["placement"]["shared"])[:WORDS])
    title = shortened(views.event_line(article.event)["title"])
    return f'same event as "{title}" by {shared}'


def _outcome(article: Article, views: Views, prompt: Sequence[str]) -> str:
    """Say what follows from an article: a figure's old and new value, a letter, or silence."""
    if article.verdict == "same":
        return "counted, not told"
    notices = known(views, article.event)["notices"]
    if not notices:
        return "no watch asks for it"
    shown = views.show(article.event) or {}
    own = [each for each in shown["changes"] if each["document"] == article.document.id]
    moved = [_change(each) for each in own if each["kind"] != "event_opened"]
    if moved:
        return "; ".join(moved)
    if any(each["state"] == "held" for each in notices if each["target"] in prompt):
        return "its letter waits for other outlets"
    return "no figure moved, nothing to tell"


def _change(change: Row) -> str:
    label = str(change["label"]).lower()
    match change["kind"]:
        case "figure_disputed":
            sides = " against ".join(f"{_value(s)} ({s['claimant']})" for s in change["sides"])
            return f"{label}: sources differ, {sides}"
        case kind:
            moved = f"{label} {_value(change['before'])} -> {_value(change['after'])}"
            return f"corrected: {moved}" if kind == "figure_corrected" else moved


def _value(side: Row) -> str:
    return value_text(Value.of(side))


def shortened(title: str, most: int = 40) -> str:
    return one_line(title, most)
