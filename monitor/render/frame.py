"""What stands around the items: subject, overview, and how far the digest can be trusted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from monitor import text
from monitor.model import Digest
from monitor.plural import counted
from monitor.render import dates
from monitor.render.view import TAGS, Alteration, ItemView

SUBJECT_LIMIT = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A line of a digest's first block."""

    tag: str
    label: str
    before: str
    after: str
    note: str
    event: str
    title: str = ""  # of the event, where the label does not name it


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestView:
    """What stands around the items."""

    subject: str
    headline: str  # counts: "1 figure changed, 1 new event"
    when: str
    scheduled: bool
    sample: bool
    empty: bool  # health only
    overview: tuple[Overview, ...]
    held: str
    coverage: str
    failing: tuple[str, ...]
    feeds_note: str  # "" while every feed is fine
    notes: tuple[str, ...]
    next: str
    since: str  # for `newsmon events --since`


def digest_view(digest: Digest, items: Sequence[ItemView], *, stable: bool) -> DigestView:
    zone = ZoneInfo(digest.timezone)
    held = [
        f"{digest.released} from quiet hours or caps" if digest.released else "",
        f"{digest.muted} muted" if digest.muted else "",
    ]
    subject = _subject(digest, items, zone, stable=stable)
    return DigestView(
        subject=text.one_line(subject, SUBJECT_LIMIT),
        headline=_headline(digest, items),
        when=dates.slot_moment(digest.slot or digest.at, zone),
        scheduled=digest.slot is not None,
        sample=digest.sample,
        empty=not items,
        overview=tuple(chain.from_iterable(_overview(items))) if len(items) > 1 else (),
        held=", ".join(filter(None, held)),
        coverage=_coverage(digest),
        failing=digest.coverage.failing,
        feeds_note=_feeds_note(digest),
        notes=digest.notes,
        next=dates.weekday_moment(digest.next_slot, zone) if digest.next_slot else "",
        since=(digest.since or digest.at - timedelta(days=1)).astimezone(zone).date().isoformat(),
    )


def _subject(digest: Digest, items: Sequence[ItemView], zone: ZoneInfo, *, stable: bool) -> str:
    mark = "[sample] " if digest.sample else ""
    if not items:
        told = digest.notes[0] if digest.notes else _feeds_word(digest)
        return f"{mark}newsmon: {told}"
    if len(items) == 1:
        return mark + (items[0].title if stable else fact(items[0]))
    if digest.slot is not None or stable:
        when = dates.slot_moment(digest.slot or digest.at, zone)
        return f"{mark}News digest, {when}: {_headline(digest, items)}"
    return f"{mark}{fact(items[0])}, and {len(items) - 1 + digest.more} more"


def fact(item: ItemView) -> str:
    """Say the first thing that is new about an event, in one line."""
    if item.opened:
        return f"New: {item.title} ({item.sources_word})"
    if not item.alterations:
        return f"{item.title}: {item.growth or 'more sources'}"
    first = item.alterations[0]
    if first.tag == "DIFFER":
        sides = " / ".join(f"{side.value} ({side.who})" for side in first.sides)
        said = f"{first.label}: sources differ: {sides}"
    else:
        mark = "Corrected: " if first.tag == "CORRECTED" else ""
        moved = f"{first.before.value} -> {first.after.value} ({first.after.who})"
        said = f"{mark}{first.label}: {moved}"
    more = f", and {len(item.alterations) - 1} more" if len(item.alterations) > 1 else ""
    return said + more if first.named else f"{said}{more} - {item.title}"


def _headline(digest: Digest, items: Sequence[ItemView]) -> str:
    tags = [each.tag for item in items for each in item.alterations]
    opened = sum(item.opened for item in items)
    grown = sum(not (item.opened or item.alterations) for item in items)
    counts = [
        _counted(tags.count("CHANGED"), "figure changed", "figures changed"),
        _counted(tags.count("CORRECTED"), "figure corrected", "figures corrected"),
        _counted(tags.count("DIFFER"), "figure in dispute", "figures in dispute"),
        _counted(opened, "new event", "new events"),
        _counted(grown, "event grew", "events grew"),
        f"{digest.more} more" if digest.more else "",
    ]
    return ", ".join(filter(None, counts)) or _feeds_word(digest)


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}" if count else ""


def _overview(items: Sequence[ItemView]) -> Iterator[list[Overview]]:
    """Blocks in the order changed, corrected, disputed, new, grown."""
    for tag in TAGS.values():
        yield [
            _overview_line(each, item)
            for item in items
            for each in item.alterations
            if each.tag == tag
        ]
    yield [
        Overview(
            tag="NEW",
            label=item.title,
            before="",
            after="",
            note=item.sources_word,
            event=item.event,
        )
        for item in items
        if item.opened
    ]
    yield [
        Overview(
            tag="GREW", label=item.title, before="", after="", note=item.growth, event=item.event
        )
        for item in items
        if not (item.opened or item.alterations)
    ]


def _overview_line(each: Alteration, item: ItemView) -> Overview:
    differ = each.tag == "DIFFER"
    if differ:
        note = " / ".join(f"{side.value} ({side.who})" for side in each.sides)
    else:
        note = ", ".join(filter(None, (each.short_difference, each.after.who)))
    return Overview(
        tag=each.tag,
        label=each.label,
        before="" if differ else each.before.value,
        after="" if differ else each.after.value,
        note=note,
        event=item.event,
        title="" if each.named else item.line_title,
    )


def _coverage(digest: Digest) -> str:
    coverage = digest.coverage
    if not coverage.feeds:
        return ""
    failing = len(coverage.failing)
    fine = f"{counted(coverage.feeds, 'feed')}: " + (
        f"{coverage.feeds - failing} fine, {failing} failing" if failing else "all fine"
    )
    used, blocked = coverage.summaries_used, coverage.blocked
    gaps = (
        f"{counted(used, 'page')} unreadable, summary used" if used else "",
        f"{counted(blocked, 'page')} blocked, summary used" if blocked else "",
        f"{coverage.undated} undated" if coverage.undated else "",
        f"{coverage.dropped} without text" if coverage.dropped else "",
        f"{coverage.cut} cut" if coverage.cut else "",
    )
    return "; ".join(filter(None, (fine, *gaps)))


def _feeds_note(digest: Digest) -> str:
    coverage = digest.coverage
    if not coverage.failing:
        return ""
    fine = coverage.feeds - len(coverage.failing)
    return f"{fine} of {coverage.feeds} fine; failing: {'; '.join(coverage.failing[:3])}" + (
        f" and {len(coverage.failing) - 3} more" if len(coverage.failing) > 3 else ""  # noqa: PLR2004
    )


def _feeds_word(digest: Digest) -> str:
    coverage = digest.coverage
    if coverage.failing:
        return f"{len(coverage.failing)} of {counted(coverage.feeds, 'feed')} failing"
    return f"all {coverage.feeds} feeds fine"
