"""Which of the held notices may be told now, and what the others wait for."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from monitor import digest as rules
from monitor.beds import Notice
from monitor.config import Target
from monitor.digest import Release
from monitor.model import EventId
from monitor.pipeline.ports import Ledger, Outbox

ENOUGH_VOICES = 3  # independent outlets that cut the group wait short

Groups: TypeAlias = dict[EventId, list[Notice]]


def by_event(notices: Sequence[Notice]) -> Groups:
    groups: Groups = {}
    for each in notices:
        groups.setdefault(each.event, []).append(each)
    return groups


def sent_lately(target: Target, outbox: Outbox, *, now: datetime) -> tuple[datetime, ...]:
    """When the last hour's messages were posted."""
    return outbox.posted_since(target.name, now - timedelta(hours=1))


def wait_for_sources(target: Target, notices: Sequence[Notice], ledger: Ledger) -> Release | None:
    """Say what an event waits for that too few independent outlets report; None: nothing."""
    if not any(each.kind == "event_opened" for each in notices):
        return None
    voices = ledger.voices(notices[0].event)
    if voices >= target.min_sources:
        return None
    return Release(at=None, reason=f"min_sources: {voices} of {target.min_sources} report it")


def release(
    target: Target,
    notices: Sequence[Notice],
    *,
    sent: Sequence[datetime],
    zone: ZoneInfo,
    outbox: Outbox,
    ledger: Ledger,
    flush: bool = False,
) -> Release:
    """Say when a target that is told at once may hear of one event's notices.

    Nothing is waited for where `flush` asks so or enough outlets report a new event.
    """
    event, first = notices[0].event, min(each.created for each in notices)
    new = any(each.kind == "event_opened" for each in notices)
    if flush or (new and ledger.voices(event) >= ENOUGH_VOICES):
        hasty = target.model_copy(update={"group_wait": timedelta(0)})
        return rules.release_at(hasty, zone, first=first, sent=sent)
    told = outbox.told(target.name, event)
    return rules.release_at(target, zone, first=first, told=told.at if told else None, sent=sent)


def waiting(
    target: Target, *, zone: ZoneInfo, outbox: Outbox, ledger: Ledger, now: datetime
) -> Iterator[tuple[Notice, Release]]:
    """Pair each held notice of a target with what it waits for."""
    sent = sent_lately(target, outbox, now=now)
    for notices in by_event(outbox.held(target.name)).values():
        until = wait_for_sources(target, notices, ledger)
        if until is None and target.when:
            until = rules.release_at_slot(target, zone, now=now)
        if until is None:
            until = release(target, notices, sent=sent, zone=zone, outbox=outbox, ledger=ledger)
        yield from ((each, until) for each in notices)
