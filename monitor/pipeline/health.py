"""How far the silence can be trusted: feeds that fail, messages given up, a sign of life."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.beds import Delivery, FeedState
from monitor.config import Config
from monitor.model import Coverage
from monitor.pipeline.ports import Inbox

FAILING = timedelta(hours=1)  # a feed is named in the coverage after so long
HEARTBEAT = (1, 9)  # ISO weekday and local hour of the weekly sign of life
NAMED = 3  # of several messages that were given up at once


def coverage(config: Config, inbox: Inbox, *, now: datetime) -> Coverage:
    states = {each.url: each for each in inbox.feed_states()}
    known = [states[feed.url] for feed in config.feeds if feed.url in states]
    zone = config.monitor.zone
    return Coverage(
        feeds=len(config.feeds),
        failing=tuple(failing(each, zone) for each in known if is_failing(each, now)),
        summaries_used=inbox.summaries_used(since=now - timedelta(days=1)),
    )


def is_failing(state: FeedState, now: datetime) -> bool:
    return state.failing_since is not None and now - state.failing_since >= FAILING


def failing(state: FeedState, zone: ZoneInfo) -> str:
    """Say in one line how long a feed has failed and why."""
    assert state.failing_since is not None  # noqa: S101 - see is_failing
    since = state.failing_since.astimezone(zone)
    tries = "1 try" if state.failures == 1 else f"{state.failures} tries"
    name = state.title or state.url
    return f"{name} since {since.day} {since:%b} ({state.problem}, {tries})"


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
