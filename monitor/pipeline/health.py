"""How far the silence can be trusted: feeds that fail, messages given up, a sign of life."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from monitor.beds import Delivery, FeedState
from monitor.config import Config
from monitor.model import Coverage
from monitor.pipeline.ports import Inbox
from monitor.plural import counted

FAILING = timedelta(hours=1)  # a feed is named in the coverage after so long …
TOLD = timedelta(days=1)  # … and told to the operator after so long
LOST = timedelta(minutes=10)  # the same of our own network
HEARTBEAT = (1, 9)  # ISO weekday and local hour of the weekly sign of life
NAMED = 3  # of several messages that were given up at once


Condition = Literal["", "failing", "gone", "moved"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedNews:
    """A feed whose condition is another than what was told of it."""

    url: str
    condition: Condition
    note: str


def coverage(config: Config, inbox: Inbox, *, now: datetime) -> Coverage:
    states = {each.url: each for each in inbox.feed_states()}
    known = [states[feed.url] for feed in config.feeds if feed.url in states]
    zone = config.monitor.zone
    gaps = inbox.gaps(since=now - timedelta(days=1))
    return Coverage(
        feeds=len(config.feeds),
        failing=tuple(failing(each, zone) for each in known if is_failing(each, now)),
        summaries_used=gaps.unreadable,
        blocked=gaps.blocked,
        undated=gaps.undated,
        dropped=gaps.dropped,
        cut=sum(each.left_out for each in known),
    )


def is_failing(state: FeedState, now: datetime) -> bool:
    return state.failing_since is not None and now - state.failing_since >= FAILING


def failing(state: FeedState, zone: ZoneInfo) -> str:
    """Say in one line how long a feed has failed and why."""
    return f"{state.title or state.url} {_since(state, zone)}"


def _since(state: FeedState, zone: ZoneInfo) -> str:
    assert state.failing_since is not None  # noqa: S101 - see is_failing
    since = state.failing_since.astimezone(zone)
    return f"since {since.day} {since:%b} ({state.problem}, {counted(state.failures, 'try')})"


def feed_news(states: Sequence[FeedState], *, now: datetime, zone: ZoneInfo) -> Iterator[FeedNews]:
    """Say of which feeds the operator is to be told something, once each."""
    for state in states:
        found = condition(state, now)
        back = not found and state.told in ("failing", "gone")
        if back or found not in ("", state.told):
            yield FeedNews(url=state.url, condition=found, note=_note(state, found, zone))


def condition(state: FeedState, now: datetime) -> Condition:
    if state.gone:
        return "gone"
    if state.failing_since is None:
        return "moved" if state.address else ""
    if state.told in ("failing", "gone"):  # until it answers
        return state.told
    return "failing" if now - state.failing_since >= TOLD else ""


def _note(state: FeedState, found: Condition, zone: ZoneInfo) -> str:
    name = state.title or state.url
    match found:
        case "failing":
            return f"{name} has failed {_since(state, zone)}: {state.url}"
        case "gone":
            return f"{name} says that it is gone for good (HTTP 410): {state.url}"
        case "moved":
            moved = f"{name} has moved for good to {state.address}: change its url in the config"
            return f"{moved} ({state.url})"
        case "":
            return f"{name} answers again"


def lost(since: datetime, zone: ZoneInfo) -> str:
    """Say that our own network is down."""
    return (
        f"No host has answered since {since.astimezone(zone):%H:%M}: the network of this machine"
        " seems to be down. It counts against no feed."
    )


def heartbeat_week(now: datetime, zone: ZoneInfo) -> str:
    """Name the week whose sign of life is due, "2026-W11"; "" before its hour on Monday."""
    local = now.astimezone(zone)
    if (local.isoweekday(), local.hour) < HEARTBEAT:
        return ""
    year, week, _ = local.isocalendar()
    return f"{year}-W{week:02d}"


def sign_of_life(wrong: Sequence[str]) -> tuple[str, ...]:
    """Give the notes of a sign of life: what is wrong, the worst first."""
    if not wrong:
        return ("Still watching: nothing is wrong.",)
    return (f"Still watching. {wrong[0]}", *wrong[1:])


def given_up(target: str, dead: Sequence[Delivery]) -> tuple[str, ...]:
    """Give the notes that tell of messages a target did not get."""
    notes = [
        f'"{each.message.subject}" could not be delivered to {target}:'
        f" {each.problem} - newsmon outbox retry {each.message.id}"
        for each in dead[:NAMED]
    ]
    if len(dead) > NAMED:
        notes.append(f"and {len(dead) - NAMED} more for {target} - newsmon outbox")
    return tuple(notes)
