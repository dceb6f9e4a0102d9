"""What a target is told and when: slots, quiet hours, waiting, order, caps, names of messages.

Wall times are local; every instant returned is UTC. A wall time that the spring gap swallows is an
hour later on the clock; one that comes twice in autumn is its first occurrence.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from zoneinfo import ZoneInfo

from monitor.config import Target
from monitor.model import (
    CHANGE_KINDS,
    ChangeId,
    Digest,
    EventId,
    FigureChanged,
    FigureCorrected,
    FigureDisputed,
    Item,
    Message,
    MessageId,
    Recipient,
    Rendered,
)

ID_LENGTH = 26  # of 52 base-32 digits: 130 bits
LONGEST_SLEEP = timedelta(days=14)  # missed slots are counted this far back
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


# -- slots ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One digest time on one local date; `key` is the same however often it is computed."""

    key: str  # slot:TARGET:2025-01-12:18:00
    at: datetime
    missed: tuple[datetime, ...] = ()  # earlier slots that passed unserved, oldest first


def slot_key(target: str, day: date, wall: time) -> str:
    return f"slot:{target}:{day.isoformat()}:{wall:%H:%M}"


def instant(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """When a wall time of a local date happens."""
    return datetime.combine(day, wall, tzinfo=zone).astimezone(UTC)


def slot_due(target: Target, zone: ZoneInfo, *, now: datetime, after: datetime) -> Slot | None:
    """Give the newest slot in (after, now], if any.

    `after` is the instant of the last slot that was served, with or without a digest, or when the
    target became known: what was before it does not count.
    """
    begin = max(after, now - LONGEST_SLEEP)
    passed = [slot for slot in _slots(target, zone, begin - _DAY, now) if begin < slot.at <= now]
    if not passed:
        return None
    newest = passed[-1]
    missed = tuple(slot.at for slot in passed[:-1] if slot.at != newest.at)
    return Slot(key=newest.key, at=newest.at, missed=missed)


def next_slot(target: Target, zone: ZoneInfo, *, now: datetime) -> datetime | None:
    """Give the first slot after now; None for a target that is told at once."""
    ahead = (slot.at for slot in _slots(target, zone, now, now + 2 * _DAY))
    return next((at for at in ahead if at > now), None)


def missed_note(slot: Slot, zone: ZoneInfo) -> str:
    """Say since when a digest speaks because others were missed; "" when none was."""
    if not slot.missed:
        return ""
    count = "one digest" if len(slot.missed) == 1 else f"{len(slot.missed)} digests"
    since = slot.missed[0].astimezone(zone)
    return f"{count} missed since {since:%a} {since.day} {since:%b %H:%M}: told here"


def _slots(target: Target, zone: ZoneInfo, start: datetime, end: datetime) -> list[Slot]:
    """List every slot of the local dates from start to end, in order of time."""
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    found = []
    while day <= last:
        found += [
            Slot(key=slot_key(target.name, day, wall), at=instant(day, wall, zone))
            for wall in target.when
        ]
        day += _DAY
    return sorted(found, key=lambda slot: (slot.at, slot.key))


# -- when a message may go ------------------------------------------------------------------------


def quiet_until(quiet: tuple[time, time] | None, zone: ZoneInfo, now: datetime) -> datetime | None:
    """Give the end of the quiet hours that hold now; None when none do. The end is exclusive."""
    if quiet is None:
        return None
    start, end = quiet
    local = now.astimezone(zone)
    wall = local.time()
    inside = start <= wall < end if start < end else wall >= start or wall < end
    if not inside:
        return None
    day = local.date() + (_DAY if wall >= end else timedelta(0))
    over = instant(day, end, zone)
    if over <= now:  # the clock goes back during the quiet hours: the end comes a second time
        over = datetime.combine(day, end.replace(fold=1), tzinfo=zone).astimezone(UTC)
    return over


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """From when on something held back may be told, and what it waits for; None: nobody knows."""

    at: datetime | None
    reason: str


def release_at(
    target: Target,
    zone: ZoneInfo,
    *,
    first: datetime,
    told: datetime | None = None,
    sent: Sequence[datetime] = (),
) -> Release:
    """Say when a target that is told at once may hear of an event's waiting changes.

    `first`: when the oldest of them was decided; `told`: the last message about this event;
    `sent`: the target's messages of the last hour, in any order.
    """
    waits = [(first + target.group_wait, "group_wait: other outlets may follow")]
    if told is not None:
        waits.append((told + target.least_gap, "least_gap: this event was just told"))
    recent = sorted(sent)
    if len(recent) >= target.max_per_hour:
        full = recent[-target.max_per_hour] + _HOUR
        waits.append((full, "max_per_hour: this hour's messages are sent"))
    at, reason = max(waits)
    return _beyond_quiet(target, zone, Release(at=at, reason=reason))


def release_at_slot(target: Target, zone: ZoneInfo, *, now: datetime) -> Release:
    """Say when a target with digest times hears of what waits."""
    slot = next_slot(target, zone, now=now)
    if slot is None:
        return Release(at=None, reason="no digest time")
    return _beyond_quiet(target, zone, Release(at=slot, reason="the next digest"))


def _beyond_quiet(target: Target, zone: ZoneInfo, release: Release) -> Release:
    over = quiet_until(target.quiet, zone, release.at) if release.at else None
    return Release(at=over, reason="quiet hours") if over else release


# -- what is said ---------------------------------------------------------------------------------

_RANKS = {FigureChanged: 0, FigureCorrected: 1, FigureDisputed: 2}
_NEW, _GREW = 3, 4


def in_order(items: Sequence[Item]) -> tuple[Item, ...]:
    """Changed, corrected, disputed, new, grown; within these by weight, then by age."""
    return tuple(
        sorted(
            items, key=lambda item: (_rank(item), -item.independent, item.first_seen, item.event)
        )
    )


def select(items: Sequence[Item], at_most: int) -> tuple[tuple[Item, ...], int]:
    """Keep the first `at_most` in order, and count the others."""
    ordered = in_order(items)
    return ordered[:at_most], max(0, len(ordered) - at_most)


def _rank(item: Item) -> int:
    ranks = [_RANKS[type(change)] for change in item.changes]
    return min([*ranks, _NEW if item.opened and not item.baseline else _GREW])


def kind_of(digest: Digest) -> str:
    """Name a digest in one word: sample, health, digest or a kind of change."""
    if digest.sample:
        return "sample"
    if not digest.items:
        return "health"
    if digest.slot is not None or len(digest.items) > 1:
        return "digest"
    item = digest.items[0]
    if item.opened and not item.baseline:
        return "event_opened"
    by_rank = sorted(item.changes, key=lambda change: _RANKS[type(change)])
    return CHANGE_KINDS[type(by_rank[0])] if by_rank else "digest"


# -- messages -------------------------------------------------------------------------------------


def digest_key(change_ids: Sequence[ChangeId]) -> str:
    """Name what is sent at once by its changes, in whatever order they were loaded."""
    return "changes:" + ",".join(sorted(change_ids))


def message_id(instance: str, kind: str, key: str, target: str, recipient: str) -> MessageId:
    """Derive the id of a delivery: the same decision gives the same id, for ever."""
    subject = f"{instance}\x1f{kind}\x1f{key}\x1f{target}\x1f{recipient}"
    digits = base64.b32encode(hashlib.sha256(subject.encode()).digest()).decode()
    return MessageId(digits[:ID_LENGTH].lower())


def thread_of(digest: Digest) -> tuple[str, ...]:
    """Give the roots of a mail's thread: the event's ids, oldest first, or the target's own."""
    events: tuple[EventId, ...] = ()
    if digest.slot is None and len(digest.items) == 1:
        events = (digest.items[0].event, *digest.items[0].aliases)
    return events or (f"digest-{digest.target}",)


def compose(
    digest: Digest,
    recipient: Recipient,
    rendered: Rendered,
    id: MessageId,  # noqa: A002 - its name
) -> Message:
    """Put a rendered digest into the envelope that the outbox keeps."""
    kind = kind_of(digest)
    single = len(digest.items) == 1
    return Message(
        id=id,
        target=digest.target,
        recipient=recipient.key,
        form=recipient.form,
        kind=kind,
        event=digest.items[0].event if single else None,
        thread=thread_of(digest),
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        topic=digest.items[0].title if single else f"{digest.target} digest",
        watches=tuple(dict.fromkeys(chain.from_iterable(i.watches for i in digest.items))),
    )
