"""Polls at work: many feeds asked at once, their outcomes committed in shares."""

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, TypeAlias

from monitor import chaos
from monitor.app import Clock, reveal
from monitor.beds import FeedState, Poll, Unchanged
from monitor.config import Feed
from monitor.errors import StateError
from monitor.fetch.hosts import CONNECTIONS_PER_HOST
from monitor.model import EntryId, Fetched
from monitor.pipeline.poll import Polled, Poller

if TYPE_CHECKING:
    from monitor.pipeline.ports import Desk, Fetcher, Inbox, Reader
    from monitor.pipeline.reach import Reach

POLLS = 2_000  # feeds on their way at once; the door limits connections, in all and a host
BREATH = 0.25  # seconds that a poll waits for others to share its commit

_Ended: TypeAlias = "tuple[Poll | Unchanged, asyncio.Future[Polled]]"


class Polls:
    """Asks feeds, many at once; what they answer is read and committed while others are asked."""

    def __init__(
        self,
        inbox: "Inbox",
        *,
        fetcher: "Fetcher",
        reader: "Reader",
        reach: "Reach",
        desk: "Desk",
        clock: Clock,
    ) -> None:
        self._inbox = inbox
        self._desk = desk
        self._clock = clock
        self.outcomes: Counter[str] = Counter()  # of the polls of this process
        self._feeds: Mapping[str, Feed] = {}
        self._followed: Mapping[str, Feed] | None = None  # the feeds that the inbox knows of
        self._polling: set[str] = set()
        self._ended: list[_Ended] = []  # polls to commit
        self._keeps = 0  # polls that wait for their commit
        self._all_ended = asyncio.Event()
        self._keeping: asyncio.Task[None] | None = None
        self._poller = Poller(
            known=self._known, fetcher=fetcher, reader=reader, reveal=reveal, reach=reach
        )

    def configure(self, feeds: Mapping[str, Feed]) -> None:
        """Follow these feeds, by address; what is under way ends by the old ones."""
        self._feeds = feeds

    async def due(self, *, everything: bool = False) -> list[FeedState]:
        """Give the feeds to ask now; `everything` minds only what a server asked for."""
        now, feeds = self._clock(), self._feeds
        if self._followed is not feeds:
            await self._desk(self._inbox.follow, feeds)
            self._followed = feeds
        if everything:
            states = await self._desk(self._inbox.feed_states)
            return [s for s in states if s.not_before is None or s.not_before <= now]
        room = POLLS - len(self._polling)
        due = await self._desk(self._inbox.due, now=now, limit=POLLS)
        return [state for state in due if state.url not in self._polling][:room]

    async def ask(self, states: Iterable[FeedState]) -> list[Polled]:
        """Ask these feeds, many at once; their outcomes by address."""
        hosts = _by_host(state for state in states if state.url in self._feeds)
        left = iter(hosts)
        kept: deque[asyncio.Future[Polled]] = deque()
        polled: list[Polled] = []

        async def walk() -> None:
            """Ask the feeds of a host that has room for another walk, until no host has."""
            for feeds in left:
                for state in feeds:
                    kept.append(await self._begin(state))
                    while kept and (kept[0].done() or len(kept) > POLLS):
                        polled.append(await kept.popleft())

        await asyncio.gather(*(walk() for _ in hosts[:POLLS]))
        polled += [await each for each in kept]
        return sorted(polled)

    async def ask_one(self, state: FeedState) -> Polled:
        """Ask one feed; its outcome, once that is committed."""
        if state.url not in self._feeds:  # a reload took it away
            return Polled(feed=state.url)
        return await (await self._begin(state))

    async def _begin(self, state: FeedState) -> "asyncio.Future[Polled]":
        """Ask one feed; what it answers is read and committed while others are asked."""
        feed = self._feeds[state.url]
        self._polling.add(state.url)
        chaos.point("poll.begin")
        try:
            found = await self._poller.ask(feed, state)
        except BaseException:
            self._polling.discard(state.url)
            raise
        if isinstance(found, Fetched):
            return asyncio.create_task(self._read_feed(feed, state, found))
        return self._keep(found)

    async def _read_feed(self, feed: Feed, state: FeedState, fetched: Fetched) -> Polled:
        try:
            poll = await self._poller.read(feed, state, fetched)
        except BaseException:
            self._polling.discard(state.url)
            raise
        return await self._keep(poll)

    async def _known(self, url: str) -> frozenset[EntryId]:
        return await self._desk(self._inbox.known, url)

    def _keep(self, poll: Poll | Unchanged) -> "asyncio.Future[Polled]":
        """Commit a poll together with those that end within a breath."""
        loop = asyncio.get_running_loop()
        kept: asyncio.Future[Polled] = loop.create_future()
        self._ended.append((poll, kept))
        self._keeps += 1
        if self._keeps == len(self._polling):
            self._all_ended.set()
        if self._keeping is None or self._keeping.done():
            self._keeping = loop.create_task(self._keep_ended())
        return kept

    async def _keep_ended(self) -> None:
        while self._ended:
            self._all_ended = asyncio.Event()
            if self._keeps < len(self._polling):
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._all_ended.wait(), BREATH)
            ended, self._ended = self._ended, []
            await self._keep_together(ended)

    async def _keep_together(self, ended: "Sequence[_Ended]") -> None:
        try:
            polls = tuple(poll for poll, _ in ended)
            counts = await self._desk(self._inbox.record_polls, polls)
        except Exception as error:  # noqa: BLE001 - each poll's own job tells of it
            if len(ended) > 1 and not isinstance(error, StateError):
                for each in ended:  # one that cannot be kept harms no other
                    await self._keep_together([each])
                return
            for poll, kept in ended:
                self._let_go(poll.url)
                if not kept.done():
                    kept.set_exception(error)
            return
        for (poll, kept), new in zip(ended, counts, strict=True):
            self._let_go(poll.url)
            problem = poll.problem if isinstance(poll, Poll) else ""
            polled = Polled(poll.url, new, problem)
            self.outcomes[polled.outcome] += 1
            if not kept.done():  # its poll may have been cancelled
                kept.set_result(polled)

    def _let_go(self, url: str) -> None:
        self._polling.discard(url)
        self._keeps -= 1


def _by_host(states: Iterable[FeedState]) -> list[Iterator[FeedState]]:
    """The feeds of each host, once for each request that it takes at a time."""
    hosts: defaultdict[str, list[FeedState]] = defaultdict(list)
    for state in states:
        hosts[(state.address or state.url).split("/", 3)[2]].append(state)
    return [feeds for found in hosts.values() for feeds in [iter(found)] * CONNECTIONS_PER_HOST]
