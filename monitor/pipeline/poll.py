"""Job 1: one feed, from its address to entries in the inbox."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias
from urllib.parse import urlsplit
from zlib import crc32

from monitor import chaos
from monitor.beds import FeedState, Poll, Unchanged
from monitor.config import Feed, Secret
from monitor.model import (
    EntryId,
    Fetched,
    FetchProblem,
    FetchResult,
    NotModified,
    ParsedFeed,
    Rhythm,
    Unreachable,
    Validators,
    WorkerProblem,
)
from monitor.pipeline.reach import Reach

if TYPE_CHECKING:
    from monitor.pipeline.ports import Fetcher, Reader

SHORTEST = timedelta(minutes=1)
LONGEST_WISH = timedelta(hours=24)  # of a server: max-age, ttl, Retry-After
BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 2, 5, 15, 60, 360, 1440))  # then daily, for ever
LOST = timedelta(minutes=1)  # until a feed is asked again while our own network is down
FASTER, SLOWER = 0.5, 1.25  # the adaptive interval after news, after none
JITTER = 0.1
MOVES = 3  # polls in a row that a feed must have moved for good before we go there at once

Reveal: TypeAlias = Callable[[Secret], str]
Known: TypeAlias = Callable[[str], Awaitable[frozenset[EntryId]]]  # entries of a feed


class Polled(NamedTuple):
    """What one poll brought, for the log line and the totals."""

    feed: str
    new: int = 0
    problem: str = ""

    @property
    def outcome(self) -> Literal["new", "unchanged", "failed"]:
        if self.problem:
            return "failed"
        return "new" if self.new else "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Poller:
    """The wiring of all polls; what they give is committed by the caller."""

    known: Known
    fetcher: "Fetcher"
    reader: "Reader"
    reveal: Reveal
    reach: Reach

    async def ask(self, feed: Feed, state: FeedState) -> Poll | Unchanged | Fetched:
        """Ask one feed: what there is to keep, or a body that is to be read first."""
        result = await self._fetch(feed, state, state.address or feed.url)
        if isinstance(result, Unreachable):
            lost = _listen(self.reach, feed, state, result)
            failed = _failed(feed, state, result, at=result.at, lost=lost)
            why = result.reason or result.problem
            return Poll(state=failed, at=result.at, problem=why)
        if not feed.allow_private:
            self.reach.answered()
        if isinstance(result, Fetched):
            return result
        moved = _redirected(feed, state, result)
        if moved is state and result.validators == state.validators and _is_well(state):
            pause, due = _next(feed, state, result, fresh=False)
            return Unchanged(feed.url, result.at, due, pause)
        settled = _succeeded(feed, moved, result, result.validators, fresh=False)
        return Poll(state=settled, at=result.at)

    def _fetch(
        self, feed: Feed, state: FeedState, url: str, *, part: bool = False
    ) -> Awaitable[FetchResult]:
        return self.fetcher.get(
            url,
            kind="feed",
            home=feed.url,
            validators=None if part else state.validators,
            allow=feed.allow_private,
            headers=private_headers(feed, self.reveal),
            auth=credentials(feed, self.reveal),
        )

    async def read(self, feed: Feed, state: FeedState, fetched: Fetched) -> Poll:
        """Read a body: its entries, with the validators they came with."""
        state = _redirected(feed, state, fetched)
        known = await self.known(feed.url) if state.baseline_done else frozenset()
        parsed = await self.reader.parse(
            fetched.body, url=fetched.final_url, now=fetched.at, known=known
        )
        if isinstance(parsed, ParsedFeed) and parsed.parts:
            parsed = await self._gathered(feed, state, parsed, known, fetched.at)
        if isinstance(parsed, WorkerProblem):
            failed = _failed(feed, state, parsed, at=fetched.at)
            return Poll(state=failed, at=fetched.at, problem=parsed.reason or parsed.kind)
        chaos.point("poll.parsed")
        # entries that were left out come with the next poll, those of parts under an index that
        # need not change: a 304 would hide them for good
        whole = not parsed.left_out and not parsed.parts
        settled = _succeeded(
            feed,
            state._replace(rhythm=parsed.rhythm),
            fetched,
            fetched.validators if whole else Validators(),
            fresh=any(entry.id not in known for entry in parsed.entries),
        )
        settled = settled._replace(
            title=parsed.title or state.title,
            language=parsed.language or state.language,
            baseline_done=True,
            left_out=parsed.left_out,
        )
        return Poll(state=settled, at=fetched.at, parsed=parsed, baseline=not state.baseline_done)

    async def _gathered(
        self,
        feed: Feed,
        state: FeedState,
        index: ParsedFeed,
        known: frozenset[EntryId],
        now: datetime,
    ) -> ParsedFeed | WorkerProblem:
        """The entries of an index's sitemaps; the last problem, when none could be had."""
        problem = WorkerProblem(kind="unparsable", reason="the index names no sitemap of today")
        whole = index
        found = False
        for address in index.parts:
            result = await self._fetch(feed, state, address, part=True)
            if not isinstance(result, Fetched):
                reason = result.reason if isinstance(result, Unreachable) else "304 unasked for"
                problem = WorkerProblem(kind="unparsable", reason=f"{address}: {reason}")
                continue
            part = await self.reader.parse(result.body, url=address, now=now, known=known)
            if isinstance(part, WorkerProblem):
                problem = part
                continue
            found = True
            whole = replace(
                whole,
                title=whole.title or part.title,
                language=whole.language or part.language,
                entries=(*whole.entries, *part.entries),
                left_out=whole.left_out + part.left_out,
            )
        return whole if found else problem


def _listen(reach: Reach, feed: Feed, state: FeedState, result: Unreachable) -> datetime | None:
    """Since when our own network has been down, if that is why nobody answered."""
    if feed.allow_private:  # says nothing of the way outside
        return None
    if not result.silent:
        if result.status is not None:
            reach.answered()
        return None
    lost = reach.lost_since
    if not state.failures or (lost and state.failing_since and state.failing_since >= lost):
        reach.silent(urlsplit(feed.url).hostname or "", at=result.at)
    return reach.lost_since


def _failed(
    feed: Feed,
    state: FeedState,
    result: Unreachable | WorkerProblem,
    *,
    at: datetime,
    lost: datetime | None = None,
) -> FeedState:
    """Count the failure and back off; the validators stay as they were.

    While our own network is down (since `lost`) nothing is counted, and what was is forgiven.
    """
    if lost is not None:
        if state.failing_since is not None and state.failing_since >= lost:
            state = state._replace(failures=0, failing_since=None, problem="")
        return state._replace(next_due=at + _jittered(LOST, feed.url, at), last_poll=at)
    gone = isinstance(result, Unreachable) and result.problem is FetchProblem.GONE
    failures = state.failures + 1
    pause = BACK_OFF[-1 if gone else min(failures, len(BACK_OFF)) - 1]
    if feed.allow_private:  # an internal press may have an `every` of seconds
        pause = min(pause, max(feed.every, timedelta(seconds=1)))
    wish = result.retry_after if isinstance(result, Unreachable) else None
    not_before = at + min(wish, LONGEST_WISH) if wish is not None else None
    due = at + _jittered(pause, feed.url, at)
    return state._replace(
        address=state.address if failures < MOVES else "",  # shut: back to the old door
        moves=0,
        failures=failures,
        failing_since=state.failing_since or at,
        problem=result.reason,
        gone=gone,
        next_due=max(due, not_before) if not_before else due,
        not_before=not_before,
        last_poll=at,
    )


def _redirected(feed: Feed, state: FeedState, result: Fetched | NotModified) -> FeedState:
    """Count answers that point to one address for good; believe them after `MOVES`."""
    if state.address and not result.moved_to:
        return state
    if not result.moved_to or result.moved_to == feed.url:
        moving = state.address or state.moved_to
        return state._replace(address="", moved_to="", moves=0) if moving else state
    moves = state.moves + 1 if result.moved_to == state.moved_to else 1
    address = result.moved_to if moves >= MOVES else state.address
    return state._replace(address=address, moved_to=result.moved_to, moves=moves)


def _is_well(state: FeedState) -> bool:
    """Whether a success would change nothing but times."""
    return not (state.failures or state.failing_since or state.not_before or state.gone)


def _next(
    feed: Feed, state: FeedState, result: Fetched | NotModified, *, fresh: bool
) -> tuple[timedelta, datetime]:
    """Give the interval after an answer, and when the feed is due again."""
    pause = next_pause(state.pause, every=feed.every, fresh=fresh)
    if feed.allow_private:
        return pause, result.at + _jittered(pause, feed.url, result.at)
    wishes = [wish for wish in (result.max_age, state.rhythm.ttl) if wish is not None]
    if wishes:
        pause = max(pause, min(max(wishes), LONGEST_WISH))
    return pause, awake(result.at + _jittered(pause, feed.url, result.at), state.rhythm)


def _succeeded(
    feed: Feed,
    state: FeedState,
    result: Fetched | NotModified,
    validators: Validators,
    *,
    fresh: bool,
) -> FeedState:
    pause, due = _next(feed, state, result, fresh=fresh)
    return state._replace(
        validators=validators,
        pause=pause,
        next_due=due,
        not_before=None,
        failures=0,
        failing_since=None,
        problem="",
        gone=False,
        last_poll=result.at,
        last_new=result.at if fresh else state.last_new,
    )


def next_pause(pause: timedelta, *, every: timedelta, fresh: bool) -> timedelta:
    """Give the adaptive interval: shorter after news, longer after none, at most `every`."""
    if not pause or (pause >= every and not fresh):
        return every
    shortest = min(SHORTEST, every)
    return min(every, max(shortest, pause * (FASTER if fresh else SLOWER)))


def awake(due: datetime, rhythm: Rhythm) -> datetime:
    """Move a due time out of the hours and days in which a feed sleeps, by a day at most."""
    later = due
    while later.hour in rhythm.skip_hours or later.weekday() in rhythm.skip_days:
        later = later.replace(minute=due.minute // 6) + timedelta(hours=1)
        if later - due > LONGEST_WISH:
            return due + LONGEST_WISH
    return later


def _jittered(pause: timedelta, url: str, at: datetime) -> timedelta:
    """Spread polls by a tenth, the same for the same feed and second: runs can be repeated."""
    share = crc32(url.encode(), int(at.timestamp())) / 2**32
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
