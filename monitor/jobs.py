"""The four jobs: poll, ingest, compose, deliver, each with as much at once as it may have."""

import asyncio
import ctypes
import gc
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from monitor import chaos
from monitor.app import Clock, build_composer, build_figures, build_judge, new_instance, reveal
from monitor.beds import Delivery, FeedState, Later, Read, Rejected, Waiting
from monitor.config import Config, Feed
from monitor.errors import NewsmonError, StateError
from monitor.log import get_logger
from monitor.model import DeliveryError, Document, DocumentId, Outcome
from monitor.pipeline.reach import Reach
from monitor.polls import Polls
from monitor.store.store import Store

if TYPE_CHECKING:
    from monitor.pipeline.compose import Composer
    from monitor.pipeline.figures import FigureReader
    from monitor.pipeline.judge import Judge
    from monitor.pipeline.poll import Polled
    from monitor.pipeline.ports import Fetcher, Notifier, Reader
    from monitor.store.counts import Sample

READS = 80  # pages on their way at once
SHARE = 32  # of them judged at once: others are extracted meanwhile
KEYS_WHEN_IDLE = 1_000  # texts whose keys are read into memory when nothing is due
LANES = 8  # targets served at once
PAUSE = 0.25  # seconds that a page waits for others to share its commit
LOOK = 0.1  # seconds between two looks at what was judged, to tell of it
POISONED = timedelta(hours=6)  # until an article that we choked on is tried again

log = get_logger("jobs")

T = TypeVar("T")


class Newsmon:
    """The four jobs, each with as much at once as it may have.

    The network is asynchronous; judging and composing run in one thread, in order; each target
    has a lane of its own.
    """

    def __init__(
        self,
        config: Config,
        store: Store,
        *,
        fetcher: "Fetcher",
        reader: "Reader",
        notifiers: "Callable[[Config], Notifier]",
        clock: Clock,
    ) -> None:
        """`notifiers` makes the way out for a config, also for one that is reloaded."""
        self.store = store
        self._fetcher = fetcher
        self._reader = reader
        self._notifiers = notifiers
        self._clock = clock
        self._instance = store.outbox.instance(new_instance())
        self._desk = ThreadPoolExecutor(1, thread_name_prefix="desk")
        self._lanes = ThreadPoolExecutor(LANES, thread_name_prefix="lane")
        self._figures: FigureReader | None = None
        self._judge: Judge | None = None
        self._composer: Composer | None = None
        self._warm = False
        self.reach = Reach()
        self._reading: dict[asyncio.Task[Read | Later | Rejected], Waiting] = {}
        self._sending: dict[asyncio.Task[None], str] = {}
        self.polls = Polls(
            store.inbox,
            fetcher=fetcher,
            reader=reader,
            reach=self.reach,
            desk=self.desk,
            clock=clock,
        )
        self.done: Counter[str] = Counter()  # steps of each job: how the watchdog knows work
        self.configure(config)

    def configure(self, config: Config) -> None:
        """Take a config that was checked; what is under way ends by the old one."""
        self.config = config
        self._feeds = {feed.url: feed for feed in config.feeds}
        self.polls.configure(self._feeds)
        self._way_out: Notifier | None = None
        self._composer = None

    @property
    def _notifier(self) -> "Notifier":
        """Made when first needed: loading what sends would delay the first polls."""
        if self._way_out is None:
            self._way_out = self._notifiers(self.config)
        return self._way_out

    def close(self) -> None:
        """Let go of the threads; sends that are still open keep their lease."""
        self._desk.shutdown(wait=True)
        self._lanes.shutdown(wait=False, cancel_futures=True)

    def samples(self) -> "Iterator[Sample]":
        """Give what this process did as numbers for monitoring."""
        for outcome in ("new", "unchanged", "failed"):
            yield "polls_total", {"outcome": outcome}, self.polls.outcomes[outcome]
        yield "worker_kills_total", {}, self._reader.kills

    # -- ingest -----------------------------------------------------------------------------------

    async def ingest(self) -> int:
        """Read and judge until nothing is due; count what was judged."""
        judged = 0
        if self.reach.lost_since:  # no page would come: its entry waits, untried
            return judged
        try:
            due = await self.desk(self._due, frozenset())
            while True:
                for waiting, state in due:
                    self._reading[asyncio.create_task(self._read(waiting, state))] = waiting
                if not self._reading:
                    if self._judge is not None:
                        await self.desk(self.store.ledger.read_keys, KEYS_WHEN_IDLE)
                    return judged
                if self._judge is None:  # loaded while the first pages are on their way
                    await self.desk(self.judge)
                read = await self._next_read()
                busy = frozenset(waiting.seq for waiting in self._reading.values())
                count, due = await self.desk(self._take_in_and_look, read, busy)
                judged += count
                self.done["ingest"] += 1
        finally:
            for task in self._reading:
                task.cancel()
            self._reading.clear()

    def _due(self, busy: frozenset[int]) -> list[tuple[Waiting, FeedState]]:
        """Give the entries to read beside those on their way, with their feeds."""
        inbox = self.store.inbox
        due = inbox.waiting(now=self._clock(), limit=READS - len(busy), besides=busy)
        feeds = {url: inbox.feed_state(url) for url in {waiting.feed for waiting in due}}
        return [(waiting, feeds[waiting.feed]) for waiting in due]

    def _take_in_and_look(
        self, read: Sequence[tuple[Waiting, Read | Later | Rejected]], busy: frozenset[int]
    ) -> tuple[int, list[tuple[Waiting, FeedState]]]:
        """Take in a share and look for what is next: a turn of its own would wait for others."""
        return self._take_in(read), self._due(busy)

    async def _read(self, waiting: Waiting, state: FeedState) -> Read | Later | Rejected:
        from monitor.pipeline.ingest import read

        return await read(
            waiting,
            self._feeds.get(waiting.feed) or Feed(url=waiting.feed, full_text="feed"),
            state,
            fetcher=self._fetcher,
            reader=self._reader,
            reveal=reveal,
            now=self._clock(),
        )

    async def _next_read(self) -> list[tuple[Waiting, Read | Later | Rejected]]:
        """Wait for a page, and a breath for others; give the first of them, oldest entry first."""
        done, rest = await asyncio.wait(self._reading, return_when=asyncio.FIRST_COMPLETED)
        if rest and len(done) < SHARE:
            done, _ = await asyncio.wait(self._reading, timeout=PAUSE)
        ready = sorted(done, key=lambda task: self._reading[task].seq)[:SHARE]
        return [(self._reading.pop(task), task.result()) for task in ready]

    def _take_in(self, read: Sequence[tuple[Waiting, Read | Later | Rejected]]) -> int:
        """Take in what was read in one commit; should that fail, one by one: one spoils none."""
        try:
            with self._unless_it_fails():
                return sum(self._take_one(*each) for each in read)
        except StateError:
            raise
        except Exception:  # noqa: BLE001 - told below, of the one that it is
            return sum(self._take_or_put_off(*each) for each in read)

    def _take_or_put_off(self, waiting: Waiting, result: Read | Later | Rejected) -> int:
        try:
            with self._unless_it_fails():
                return self._take_one(waiting, result)
        except StateError:
            raise
        except Exception as error:  # a bug of ours must not stop what waits behind
            log.exception("an article could not be judged", url=waiting.entry.url)
            again = self._clock() + POISONED
            self.store.inbox.put_off(waiting, Later(at=again, reason=f"our own fault: {error!r}"))
            return 0

    @contextmanager
    def _unless_it_fails(self) -> Iterator[None]:
        """Write all or nothing, and let judging remember no more than was written."""
        try:
            with self.store.ledger.transaction():
                yield
        except BaseException:
            if self._judge is not None:
                self._judge.forget()
            raise

    def _take_one(self, waiting: Waiting, result: Read | Later | Rejected) -> int:
        """Judge an entry's document, or put the entry off; count what was judged."""
        chaos.point("ingest.read")
        if not isinstance(result, Read):
            self.store.inbox.put_off(waiting, result)
            return 0
        if self.store.inbox.is_forgotten(result.document.url):  # through another address
            self.store.inbox.bury(waiting)
            return 0
        known = self.store.ledger.known(result.document)
        if known is not None and not self._is_edited(waiting, known, result.document):
            self.store.inbox.settle(waiting, known)
            return 0
        self._judge_one(waiting, result, known)
        return 1

    def _is_edited(self, waiting: Waiting, known: DocumentId, document: Document) -> bool:
        """Whether an entry brings a new version of its article, not the same by another feed."""
        from monitor.pipeline.ingest import is_edited

        article = self.store.ledger.article(known)
        if not waiting.revisions or article is None:
            return False
        document = replace(document, id=known)
        return is_edited(article.document, document) and not self.store.ledger.earlier(document)

    def _judge_one(self, waiting: Waiting, result: Read, known: DocumentId | None) -> None:
        document, now = replace(result.document, id=known or result.document.id), self._clock()
        if known is None:
            self.judge().judge(document, now=now)
        else:
            self.judge().revise(document, now=now)
        chaos.point("judge.recorded")
        self.store.inbox.settle(waiting, document.id, note=result.fallback)

    def judge(self) -> "Judge":
        if self._judge is None:
            self._judge = build_judge(self.store, self.figures())
        return self._judge

    def figures(self) -> "FigureReader":
        if self._figures is None:
            self._figures = build_figures(self.store.ledger)
        return self._figures

    async def rest(self) -> None:
        """Give back the memory that a burst of articles took, once it is over."""
        from monitor import text

        await self.desk(self.store.database.shrink)
        await self.desk(text.forget)
        gc.collect()
        with suppress(OSError, AttributeError):  # glibc keeps what was freed until it is asked
            ctypes.CDLL(None).malloc_trim(0)

    def judge_anew(self) -> None:
        """Forget what was changed by hand: judging reads it again from the ledger."""
        if self._judge is not None:
            self._judge.forget()

    # -- compose and deliver ----------------------------------------------------------------------

    async def compose(self, *, flush: bool = False) -> int:
        """Select and post what is due; count the digests."""
        while await self.desk(self._select):  # a share at a time: judging goes on between
            pass
        return await self.desk(self._compose, flush)

    def _select(self) -> int:
        return self.composer().select(now=self._clock())

    def _compose(self, flush: bool) -> int:
        composer = self.composer()
        before = dict(composer.problems)
        posted = composer.compose(now=self._clock(), flush=flush, lost=self.reach.lost_since)
        for name, problem in composer.problems.items():
            if before.get(name) != problem:  # said when it changes, not at every tick
                log.error("a target cannot be used", target=name, problem=problem)
        return posted

    def composer(self) -> "Composer":
        if self._composer is None:
            config = self.config
            made = build_composer(
                config, self.store, self._notifier, self.figures(), instance=self._instance
            )
            if config is not self.config:  # reloaded meanwhile
                return made
            self._composer = made
        return self._composer

    async def release_broken(self) -> int:
        """Mark what a dead process was sending; call once, before the first delivery."""
        pauses = {each.name: each.repeat_unknown_after for each in self.config.targets}
        return await self.desk(self.store.outbox.release_broken, now=self._clock(), pauses=pauses)

    async def deliver(self) -> int:
        """Send until nothing is due, one message at a time a target; count the attempts."""
        attempts = 0
        if not await self.desk(self.store.outbox.is_due, now=self._clock()):
            return attempts
        await self._warm_up()
        while True:
            attempts += await self._start_sending()
            if not self._sending:
                return attempts
            await asyncio.wait(self._sending, return_when=asyncio.FIRST_COMPLETED)
            for task in [each for each in self._sending if each.done()]:
                del self._sending[task]
                self.done["deliver"] += 1
                task.result()

    async def _warm_up(self) -> None:
        """Load what sends before a lease is written: a death while loading leaves no doubt."""
        for target in () if self._warm else self.config.targets:
            with suppress(NewsmonError):  # `check` and the log say what is wrong with it
                loop = asyncio.get_running_loop()
                await loop.run_in_executor(self._lanes, self._notifier.recipients, target)
        self._warm = True

    async def _start_sending(self) -> int:
        from monitor.pipeline.deliver import LEASE

        started = 0
        while True:
            now = self._clock()
            busy = {*self._sending.values(), *self._quiet(now)}
            delivery = await self.desk(
                self.store.outbox.lease, now=now, until=now + LEASE, busy=busy
            )
            if delivery is None:
                return started
            task = asyncio.create_task(self._send(delivery))
            self._sending[task] = delivery.message.target
            started += 1

    def _quiet(self, now: datetime) -> Iterator[str]:
        """Name the targets whose quiet hours hold: also what is tried again waits for their end."""
        from monitor.digest import quiet_until

        zone = self.config.monitor.zone
        for target in self.config.targets:
            if quiet_until(target.quiet, zone, now) is not None:
                yield target.name

    async def _send(self, delivery: Delivery) -> None:
        from monitor.pipeline.deliver import settle

        target = self.config.target(delivery.message.target)
        outcome: Outcome
        if target is None:
            outcome = DeliveryError(kind="permanent", reason="the config has no such target")
        else:
            loop = asyncio.get_running_loop()
            chaos.point("send.begin")
            try:
                outcome = await loop.run_in_executor(
                    self._lanes, self._notifier.send, delivery.message, target
                )
            except Exception as error:
                log.exception("sending failed by our own fault", target=target.name)
                outcome = DeliveryError(kind="unknown", reason=f"our own fault: {error!r}")
        chaos.point("send.answered")
        await self.desk(
            settle, delivery, outcome, target, outbox=self.store.outbox, at=self._clock()
        )

    # -- all of it --------------------------------------------------------------------------------

    async def cycle(self) -> "list[Polled]":
        """One whole round: every feed now, every group wait ended, everything due sent."""
        await self.release_broken()
        polled = await self.polls.ask(await self.polls.due(everything=True))
        judging = asyncio.create_task(self.ingest())
        try:
            while not judging.done():  # reading figures takes the time that pages leave
                await self.desk(self._select)
                await asyncio.wait([judging], timeout=LOOK)
        finally:
            judging.cancel()
        await judging
        await self.compose(flush=True)
        await self.deliver()
        return polled

    async def desk(self, work: Callable[..., T], /, *args: Any, **named: Any) -> T:
        """Do work in the one thread that touches the beds."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._desk, partial(work, *args, **named))
