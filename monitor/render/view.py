"""An event as the words that templates lay out: every number, date and name in English."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from zoneinfo import ZoneInfo

from monitor import text
from monitor.amounts import difference, value_text
from monitor.model import (
    Digest,
    FigureChange,
    FigureChanged,
    FigureCorrected,
    FigureDisputed,
    FigureLine,
    Item,
    Observation,
    Source,
)
from monitor.plural import counted
from monitor.render import dates

QUOTE_LIMIT = 320  # characters
LEAD_LIMIT = 400
LINE_TITLE = 80  # where an item has one line only
MOST_ROWS = 14
MOST_SOURCES = 12
MOST_TERMS = 8
MOST_ALSO = 4
MOST_STEPS = 6

TAGS = {FigureChanged: "CHANGED", FigureCorrected: "CORRECTED", FigureDisputed: "DIFFER"}
_ORDER = tuple(TAGS)
_HEADINGS = {
    FigureChanged: "FIGURE CHANGED",
    FigureCorrected: "FIGURE CORRECTED",
    FigureDisputed: "SOURCES DIFFER",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A value as somebody stated it, with the words it stands in."""

    value: str
    short_value: str
    who: str  # claimant, else the outlet
    quote: str
    outlet: str
    url: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One value of a figure's course; `share` is its part of the highest, in per cent."""

    value: str
    when: str
    share: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alteration:
    """A change of a figure. `sides` holds before and after too: before last."""

    tag: str  # CHANGED, CORRECTED, DIFFER
    label: str
    named: bool  # the label says by itself what it is about
    who: str
    difference: str
    short_difference: str
    sides: tuple[Statement, ...]
    course: tuple[Step, ...]  # the values so far, where there were three or more
    trail: str  # the same in a line: "44 (10 Jan) -> 59 (11 Jan) -> 65 (12 Jan)"
    reason: str
    series: str

    @property
    def after(self) -> Statement:
        return self.sides[0]

    @property
    def before(self) -> Statement:
        return self.sides[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the table of figures; `label` is "" on the further values of a figure."""

    label: str
    value: str
    who: str
    disputed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """An article of the event."""

    number: int
    when: str
    outlet: str
    url: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemView:
    """One event."""

    event: str
    title: str
    line_title: str
    heading: str  # NEW EVENT, FIGURE CHANGED, …
    when: str
    days: str
    opened: bool
    whole: bool  # the reader does not know the event yet: everything about it is told
    alterations: tuple[Alteration, ...]
    lead: tuple[tuple[str, int, str], ...]  # sentence, number of its source, outlet
    rows: tuple[Row, ...]
    rows_left: int
    compact: tuple[str, ...]  # "troops in Kursk: about 11,000 (Kyiv)"
    disputes: tuple[str, ...]  # other figures on which sources differ
    also: tuple[str, ...]  # figures that came up since the reader's last message
    also_left: int
    since: str  # "since your last message (11 Jan 15:05): +1 source", "" where there was none
    sources: tuple[SourceLine, ...]
    sources_left: int
    count: str  # "4 independent, 4 articles (+2 copies)"
    brief_count: str  # "4 sources (+2 copies)"
    sources_word: str  # "4 sources"
    growth: str  # "+6 sources"
    watches: str
    why: tuple[str, ...]
    mute: str
    details: str
    follows: str


# -- items ----------------------------------------------------------------------------------------


def item_view(item: Item, digest: Digest) -> ItemView:
    zone = ZoneInfo(digest.timezone)
    opened = item.opened and not item.baseline
    changed = {change.series for change in item.changes}
    rows = list(chain.from_iterable(_rows(line, item.sources) for line in item.figures))
    latest = max((source.published for source in item.sources), default=item.first_seen)
    changes = sorted(item.changes, key=lambda change: _ORDER.index(type(change)))
    first = changes[0] if changes else None
    heading = "NEW EVENT" if opened else _HEADINGS[type(first)] if first else "MORE SOURCES"
    mute = str(first.series) if first and len(changed) == 1 and not opened else item.event
    return ItemView(
        event=item.event,
        title=text.one_line(item.title),
        line_title=text.one_line(item.title, LINE_TITLE),
        heading=heading,
        when=("first seen " if opened else "")
        + dates.full_moment(item.first_seen if opened else digest.at, zone),
        days=dates.days(min(item.first_seen, latest), latest, zone),
        opened=opened,
        whole=item.opened,
        alterations=tuple(_alteration(change, item, digest, zone) for change in changes),
        lead=tuple(
            (text.one_line(sentence, LEAD_LIMIT), number, _outlet(item, number))
            for sentence, number in item.lead
            if text.one_line(sentence) != text.one_line(item.title)
        ),
        rows=tuple(rows[:MOST_ROWS]),
        rows_left=max(0, len(rows) - MOST_ROWS),
        compact=tuple(_compact(line) for line in item.figures if line.values),
        disputes=tuple(
            _compact(line)
            for line in item.figures
            if line.disputed and line.series not in changed and line.values
        ),
        also=tuple(_compact(line) for line in item.also[:MOST_ALSO] if not line.disputed),
        also_left=max(0, len(item.also) - MOST_ALSO),
        since=_since(item, digest, zone),
        sources=tuple(_sources(item, digest, zone)),
        sources_left=max(0, len(item.sources) - MOST_SOURCES),
        count=_count(item),
        sources_word=counted(item.independent, "source"),
        brief_count=counted(item.independent, "source") + _copies(item.copies),
        growth=_growth(item),
        watches=", ".join(item.watches),
        why=tuple(_why(item, changes, zone)),
        mute=f"newsmon mute {mute} --for 7d",
        details=f"newsmon {'figures' if first and not opened else 'show'} {item.event}",
        follows=f"{item.follows[0]} {text.one_line(item.follows[1])}" if item.follows else "",
    )


def _outlet(item: Item, number: int) -> str:
    return item.sources[number - 1].outlet if 0 < number <= len(item.sources) else ""


def _growth(item: Item) -> str:
    news = item.new_sources and not item.opened
    return f"+{counted(item.new_sources, 'source')}" if news else ""


def _since(item: Item, digest: Digest, zone: ZoneInfo) -> str:
    if item.told_at is None:
        return ""
    at = dates.moment(item.told_at, zone, now=digest.at)
    return f"since your last message ({at}): {_growth(item) or 'no further source'}"


def _count(item: Item) -> str:
    articles = counted(item.articles, "article")
    return f"{item.independent} independent, {articles}{_copies(item.copies)}"


def _copies(count: int) -> str:
    return f" (+{counted(count, 'copy')})" if count else ""


def _alteration(change: FigureChange, item: Item, digest: Digest, zone: ZoneInfo) -> Alteration:
    moved = None
    if isinstance(change, FigureDisputed):
        observations = change.sides
    else:
        observations = (change.after, change.before)
        moved = difference(change.before.reading, change.after.reading)
    sides = tuple(_statement(each, digest, zone) for each in observations)
    history = next((line.history for line in item.figures if line.series == change.series), ())
    course = _course(history, zone)
    who = sides[0].who
    if not isinstance(change, FigureDisputed) and sides[-1].who != who and _claims(observations):
        who = f"{who} (before: {sides[-1].who})"
    return Alteration(
        tag=TAGS[type(change)],
        label=change.label,
        named=_is_named(change.label),
        who=who,
        difference=moved.text if moved else "",
        short_difference=moved.short if moved else "",
        sides=sides,
        course=course,
        trail=" -> ".join(f"{step.value} ({step.when})" for step in course),
        reason=change.reason,
        series=change.series,
    )


def _claims(observations: Sequence[Observation]) -> bool:
    return any(each.reading.claimant for each in observations)


def _is_named(label: str) -> bool:
    """Whether a label holds a name ("North Korean troops in Kursk", not "People killed")."""
    return any(word[:1].isupper() for word in label.split()[1:])


def _statement(seen: Observation, digest: Digest, zone: ZoneInfo) -> Statement:
    reading = seen.reading
    return Statement(
        value=value_text(reading),
        short_value=value_text(reading, short=True),
        who=reading.claimant or seen.outlet,
        quote=_clip(reading.quote, reading.start - reading.quote_start, len(reading.surface)),
        outlet=seen.outlet,
        url=seen.url,
        when=dates.moment(seen.published, zone, now=digest.at),
    )


def _clip(quote: str, at: int, length: int) -> str:
    """Shorten a long quote around its number, at words."""
    if len(quote) <= QUOTE_LIMIT:
        return text.one_line(quote, QUOTE_LIMIT)
    start = max(0, min(at - (QUOTE_LIMIT - length) // 2, len(quote) - QUOTE_LIMIT))
    end = start + QUOTE_LIMIT
    part = quote[start:end]
    if start:
        part = "…" + part.partition(" ")[2]
    if end < len(quote):
        part = part.rpartition(" ")[0] + "…"
    return text.one_line(part, QUOTE_LIMIT + 2)


def _course(history: Sequence[Observation], zone: ZoneInfo) -> tuple[Step, ...]:
    """Give the different values of a figure so far; the first and the latest where it is long."""
    kept: list[Observation] = []
    for seen in history:
        if not kept or value_text(kept[-1].reading) != value_text(seen.reading):
            kept.append(seen)
    if len(kept) <= 2:  # noqa: PLR2004 - before and after are told anyway
        return ()
    kept = kept if len(kept) <= MOST_STEPS else [kept[0], *kept[1 - MOST_STEPS :]]
    highest = max(seen.reading.high for seen in kept) or 1
    told_on = {dates.day(seen.published, zone) for seen in kept}
    when = dates.day if len(told_on) > 1 else dates.hour
    return tuple(
        Step(
            value=value_text(seen.reading),
            when=when(seen.published, zone),
            share=max(1, round(100 * seen.reading.high / highest)),
        )
        for seen in kept
    )


def _rows(line: FigureLine, sources: Sequence[Source]) -> Iterator[Row]:
    """One row a value; who states it beside it."""
    grouped: dict[str, list[Observation]] = {}
    for seen in line.values:
        grouped.setdefault(value_text(seen.reading), []).append(seen)
    for number, (value, those) in enumerate(grouped.items()):
        first = number == 0
        yield Row(
            label=line.label if first else "",
            value=value,
            who=_who(those, sources),
            disputed=line.disputed and not first,
        )


def _who(those: Sequence[Observation], sources: Sequence[Source]) -> str:
    """Write "Kyiv, Seoul [2]; [1]", or "all 4" when every article says it by itself."""
    numbers = {source.document: number for number, source in enumerate(sources, 1)}
    unclaimed = {seen.document for seen in those if not seen.reading.claimant}
    if len(sources) > 1 and unclaimed >= numbers.keys():
        return f"all {len(sources)}"
    by_place: dict[str, list[str]] = {}
    for seen in those:
        number = numbers.get(seen.document)
        place = f"[{number}]" if number and number <= MOST_SOURCES else seen.outlet
        names = by_place.setdefault(place, [])
        if seen.reading.claimant and seen.reading.claimant not in names:
            names.append(seen.reading.claimant)
    return "; ".join(f"{', '.join(names)} {place}".strip() for place, names in by_place.items())


def _compact(line: FigureLine) -> str:
    """Write a figure on one line: "killed: more than 1,000 (Blinken) / a few hundred (Kyiv)"."""
    told: dict[str, list[str]] = {}
    for seen in line.values:
        names = told.setdefault(value_text(seen.reading), [])
        name = seen.reading.claimant or (seen.outlet if line.disputed else "")
        if name and name not in names:
            names.append(name)
    stated = (f"{value} ({', '.join(names)})" if names else value for value, names in told.items())
    return f"{line.label}: {' / '.join(stated)}"


def _sources(item: Item, digest: Digest, zone: ZoneInfo) -> Iterator[SourceLine]:
    for number, source in enumerate(item.sources[:MOST_SOURCES], 1):
        notes = [
            f"credits {source.agency}" if source.agency else "",
            f"+{source.earlier} earlier" if source.earlier else "",
            _copies(source.copies).strip(" ()"),
            "" if source.titled else "no headline: first sentence used",
        ]
        yield SourceLine(
            number=number,
            when=dates.moment(source.published, zone, now=digest.at),
            outlet=source.outlet,
            url=source.url,
            note="; ".join(filter(None, notes)),
        )


def _why(item: Item, changes: Sequence[FigureChange], zone: ZoneInfo) -> Iterator[str]:
    reasons = {
        (change.label if len(changes) > 1 else "", change.reason): None
        for change in changes
        if change.reason
    }
    yield from (f"{label}: {reason}" if label else reason for label, reason in reasons)
    if changes and item.threshold:
        yield f"change of {item.threshold} or more"
    if item.terms:
        yield f"matched: {_listed(item.terms)}"
    if item.joined_by and item.opened:
        latest = max((source.published for source in item.sources), default=item.first_seen)
        span = dates.days(min(item.first_seen, latest), latest, zone)
        yield f"one event by: {_listed(item.joined_by)}; {span}"


def _listed(words: Sequence[str]) -> str:
    left = len(words) - MOST_TERMS
    return ", ".join(words[:MOST_TERMS]) + (f" and {left} more" if left > 0 else "")
