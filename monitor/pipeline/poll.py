"""Job 1: one feed, from its address to entries in the inbox."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias
from urllib.parse import urlsplit

from monitor.beds import FeedState
from monitor.config import Feed, Secret
from monitor.model import (
    Fetched,
    NotModified,
    Unreachable,
    Validators,
    WorkerProblem,
)
from monitor.pipeline.ports import Desk, Fetcher, Inbox, Reader

SHORTEST = timedelta(minutes=1)
LONGEST_WISH = timedelta(hours=24)  # of a server: max-age, ttl, Retry-After
BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 2, 5, 15, 60, 360, 1440))  # then daily, for ever
FASTER, SLOWER = 0.5, 1.25  # the adaptive interval after news, after none
JITTER = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """What one poll brought, for the log line and the totals."""

    feed: str
    outcome: str  # new, unchanged, failed
    new: int = 0
    problem: str = ""


Reveal: TypeAlias = Callable[[Secret], str]


async def poll(
    feed: Feed,
    *,
    desk: Desk,
    inbox: Inbox,
    fetcher: Fetcher,
    reader: Reader,
    reveal: Reveal,
    now: datetime,
) -> Polled:
    """Ask one feed, and commit its new entries together with the validators they came with."""
    state = await desk(inbox.feed_state, feed.url)
    result = await fetcher.get(
        feed.url,
        kind="feed",
        home=feed.url,
        validators=state.validators,
        allow=feed.allow_private,
        headers=private_headers(feed, reveal),
        auth=credentials(feed, reveal),
    )
    match result:
        case Unreachable():
            failed = _failed(feed, state, result, at=result.at)
            await desk(inbox.record_poll, failed, None, baseline=False, at=result.at)
            return Polled(feed=feed.url, outcome="failed", problem=result.reason)
        case NotModified():
            settled = _succeeded(feed, state, result, result.validators, fresh=False)
            await desk(inbox.record_poll, settled, None, baseline=False, at=result.at)
            return Polled(feed=feed.url, outcome="unchanged")
        case Fetched():
            return await _read(feed, state, result, desk, inbox, reader, now)


async def _read(
    feed: Feed,
    state: FeedState,
    fetched: Fetched,
    desk: Desk,
    inbox: Inbox,
    reader: Reader,
    now: datetime,
) -> Polled:
    known = await desk(inbox.known, feed.url)
    parsed = await reader.parse(fetched.body, url=fetched.final_url, now=now, known=known)
    if isinstance(parsed, WorkerProblem):
        failed = _failed(feed, state, parsed, at=fetched.at)
        await desk(inbox.record_poll, failed, None, baseline=False, at=fetched.at)
        return Polled(feed=feed.url, outcome="failed", problem=parsed.reason)
    fresh = any(entry.id not in known for entry in parsed.entries)
    # entries that were left out come with the next poll: a 304 would hide them for good
    validators = state.validators if parsed.left_out else fetched.validators
    settled = _succeeded(feed, state, fetched, validators, fresh=fresh, ttl=parsed.ttl)
    settled = replace(
        settled,
        title=parsed.title or state.title,
        language=parsed.language or state.language,
        baseline_done=True,
        left_out=state.left_out + parsed.left_out,
    )
    new = await desk(
        inbox.record_poll, settled, parsed, baseline=not state.baseline_done, at=fetched.at
    )
    return Polled(feed=feed.url, outcome="new" if new else "unchanged", new=new)


def _failed(
    feed: Feed, state: FeedState, result: Unreachable | WorkerProblem, *, at: datetime
) -> FeedState:
    """Count the failure and back off; the validators stay as they were."""
    failures = state.failures + 1
    pause = BACK_OFF[min(failures, len(BACK_OFF)) - 1]
    if feed.allow_private:  # an internal press may have an `every` of seconds
        pause = min(pause, max(feed.every, timedelta(seconds=1)))
    wish = result.retry_after if isinstance(result, Unreachable) else None
    not_before = at + min(wish, LONGEST_WISH) if wish is not None else None
    due = at + _jittered(pause, feed.url, at)
    return replace(
        state,
        failures=failures,
        failing_since=state.failing_since or at,
        problem=result.reason,
        next_due=max(due, not_before) if not_before else due,
        not_before=not_before,
        last_poll=at,
    )


def _succeeded(
    feed: Feed,
    state: FeedState,
    result: Fetched | NotModified,
    validators: Validators,
    *,
    fresh: bool,
    ttl: timedelta | None = None,
) -> FeedState:
    pause = next_pause(state.pause, every=feed.every, fresh=fresh)
    wishes = [wish for wish in (result.max_age, ttl) if wish is not None]
    if wishes and not feed.allow_private:
        pause = max(pause, min(max(wishes), LONGEST_WISH))
    return replace(
        state,
        validators=validators,
        pause=pause,
        next_due=result.at + _jittered(pause, feed.url, result.at),
        not_before=None,
        failures=0,
        failing_since=None,
        problem="",
        last_poll=result.at,
        last_new=result.at if fresh else state.last_new,
    )


def next_pause(pause: timedelta, *, every: timedelta, fresh: bool) -> timedelta:
    """Give the adaptive interval: shorter after news, longer after none, at most `every`."""
    shortest = min(SHORTEST, every)
    if not pause:
        return every
    return min(every, max(shortest, pause * (FASTER if fresh else SLOWER)))


def _jittered(pause: timedelta, url: str, at: datetime) -> timedelta:
    """Spread polls by a tenth, the same for the same feed and moment: runs can be repeated."""
    seed = hashlib.blake2b(f"{url} {at.isoformat()}".encode(), digest_size=4).digest()
    share = int.from_bytes(seed) / 2**32
    return pause * (1 + JITTER * (2 * share - 1))


def private_headers(feed: Feed, reveal: Reveal) -> dict[str, str]:
    return {name: reveal(value) for name, value in feed.headers.items()}


def credentials(feed: Feed, reveal: Reveal) -> tuple[str, str] | None:
    if feed.user is None:
        return None
    return feed.user, reveal(feed.password) if feed.password else ""


def outlet_of(feed: Feed, state: FeedState) -> str:
    """Who publishes: the config's word, the feed's own title, else its host."""
    return feed.outlet or state.title or urlsplit(feed.url).hostname or feed.url
