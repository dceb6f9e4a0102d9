"""The daemon: one tick, signals, readiness and watchdog, an orderly end."""

import asyncio
import gc
import logging
import math
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.date import DateTrigger

from monitor import actions, chaos, control, housekeeping, web
from monitor.app import judged
from monitor.config import Config
from monitor.errors import DamagedError, NewsmonError, StateError
from monitor.jobs import Newsmon
from monitor.log import get_logger
from monitor.net import sd_notify
from monitor.pipeline.health import lost
from monitor.pipeline.poll import Polled
from monitor.store.counts import Counts
from monitor.store.rescue import rescued
from monitor.version import program_version
from monitor.work import clock, once

TICK = 0.5  # seconds
REST = 300.0  # seconds without an article before memory is given back
SETTLE = 1.0  # seconds for the first polls to go out before what can wait
PROBE_EVERY = 5.0  # seconds, while the disk takes nothing
DRAIN = 8.0  # seconds that open sends have on the way out
STUCK = 300.0  # seconds without a step of a job before the watchdog is no longer fed
CLOCK_STEP = 60.0  # seconds; a larger step is said once
NIGHT = {"hour": 3, "minute": 40}
FIXED = ("state", "contact", "proxy")  # keys of [monitor] that only a restart takes

log = get_logger("service")

Load = Callable[[], Config]


class Service:
    """Runs the jobs by a tick; a job that is still at work is not started again."""

    def __init__(self, newsmon: Newsmon, folder: Path, load: Load) -> None:
        self._newsmon = newsmon
        self._folder = folder
        self._load = load
        self._began = {key: getattr(newsmon.config.monitor, key) for key in FIXED}
        self._scheduler = AsyncIOScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._metrics = AsyncExitStack()  # what answers at `metrics`
        self._jobs: dict[str, asyncio.Task[Any]] = {}
        self._moved: dict[str, float] = {}  # when each kind of job last did a step
        self._done: Counter[str] = Counter()
        self._stop = False
        self._nudge = asyncio.Event()  # ends the wait for the next tick
        self._reload_asked = False
        self._reloaded = True  # the last config was taken
        self._damage: DamagedError | None = None
        self._unusable: list[str] = []  # targets and templates that `check` would refuse
        self._lost = ""  # that our own network is down, while it is
        self._storage = ""  # why the disk takes nothing, while it does not
        self._problems: dict[str, str] = {}  # the last failure of each job, said when it changes
        self._ailing: dict[str, str] = {}  # what ails each feed, likewise
        self._probed = 0.0
        self._rests = time.monotonic() + REST  # when memory is given back
        self._clock_offset = time.time() - time.monotonic()

    async def run(self) -> None:
        """Work until a signal ends it; raises DamagedError when the database fails."""
        monitor, store = self._newsmon.config.monitor, self._newsmon.store
        self._scheduler.add_job(self._tidy, CronTrigger(timezone=monitor.zone, **NIGHT), id="night")
        if housekeeping.is_overdue(store, now=clock()):
            soon = clock() + timedelta(seconds=SETTLE)  # the machine was off at that hour
            self._scheduler.add_job(self._tidy, DateTrigger(soon))
        self._mind_signals()
        server = await control.serve(self._folder, self._answer)
        if store.database.fresh:
            log.info("began a new database", file=store.database.path)
        left = await self._newsmon.release_broken()
        if left:
            log.warning("a message was being sent when newsmon ended", messages=left)
        self._scheduler.start()
        sd_notify("READY=1", f"STATUS=feeds: {len(self._newsmon.config.feeds)}")
        log.info("started", version=program_version(), feeds=len(self._newsmon.config.feeds))
        looking = asyncio.create_task(self._judge_targets())
        try:
            self._metrics = await self._listening(monitor.metrics)
            await self._ticks()
        finally:
            looking.cancel()
            sd_notify("STOPPING=1")
            self._scheduler.shutdown(wait=False)
            server.close()
            await self._metrics.aclose()
            (self._folder / control.FILE).unlink(missing_ok=True)
            await self._drain()
            log.info("stopped")
        if self._damage is not None:
            raise self._damage

    def _mind_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, self._end)
        loop.add_signal_handler(signal.SIGHUP, self._ask_reload)

    async def _listening(self, place: str | None) -> AsyncExitStack:
        """Answer at `place` until the stack is closed; raises StateError."""
        stack = AsyncExitStack()
        if place:
            await stack.enter_async_context(web.serving(place, self._measured))
        return stack

    # -- the tick ---------------------------------------------------------------------------------

    async def _ticks(self) -> None:
        """Tick by the monotonic clock: a step of the wall clock stops nothing."""
        watchdog = _watchdog_seconds()
        fed = 0.0
        while not self._stop:
            self._nudge.clear()
            await self._mind_the_clock()
            self._mind_the_network()
            try:
                await self._tick()
            except StateError as error:
                self._lose_storage(error)
            now = time.monotonic()
            if now >= self._rests and self._start("rest", self._newsmon.rest()):
                self._rests = math.inf
            if watchdog and now - fed >= watchdog and self._is_moving(now):
                sd_notify("WATCHDOG=1")
                fed = now
            with suppress(TimeoutError):
                await asyncio.wait_for(self._nudge.wait(), TICK)

    async def _tick(self) -> None:
        newsmon = self._newsmon
        newsmon.store.database.check_in_place()
        if self._reload_asked and self._start("reload", self._reload()):
            self._reload_asked = False
        if self._storage and not await self._storage_is_back():
            return
        for state in await newsmon.polls.due():
            self._start(f"poll {state.url}", newsmon.polls.ask_one(state))
        self._start("ingest", newsmon.ingest())
        self._start("compose", newsmon.compose())
        self._start("deliver", newsmon.deliver())

    def _start(self, name: str, work: Coroutine[Any, Any, Any]) -> bool:
        """Begin a job unless it is still at work; say whether it began."""
        if name in self._jobs:
            work.close()
            return False
        if _kind(name) not in map(_kind, self._jobs):
            self._moved[_kind(name)] = time.monotonic()
        task = self._jobs[name] = asyncio.create_task(work)
        task.add_done_callback(lambda done: self._ended(name, done))
        return True

    def _ended(self, name: str, task: "asyncio.Task[Any]") -> None:
        del self._jobs[name]
        self._moved[_kind(name)] = time.monotonic()
        if task.cancelled():
            return
        error = task.exception()
        if error is None:
            self._problems.pop(name, None)
            done = task.result()
            self._say(name, done)
            if done.new if isinstance(done, Polled) else done:  # there is work for the next job
                self._nudge.set()
                if name == "ingest":
                    self._rests = time.monotonic() + REST
        elif isinstance(error, StateError):
            self._lose_storage(error)
        elif self._problems.get(name) != repr(error):  # a repeated failure is said when it changes
            self._problems[name] = repr(error)
            if isinstance(error, NewsmonError):
                log.error("job failed", job=name, problem=str(error))
            else:
                log.error("job failed", job=name, exc_info=error)

    def _say(self, name: str, result: object) -> None:
        if isinstance(result, Polled):
            changed = self._ailing.pop(result.feed, "") != result.problem
            if result.problem:
                self._ailing[result.feed] = result.problem
            log.log(
                logging.INFO if changed or result.new else logging.DEBUG,
                "polled",
                feed=result.feed,
                outcome=result.outcome,
                new=result.new,
                problem=result.problem,
            )
        elif result:
            log.info(name, count=result)

    # -- storage ----------------------------------------------------------------------------------

    def _lose_storage(self, error: StateError) -> None:
        """Stop fetching and say so once; what is in the beds stays there.

        A damaged database ends the daemon, which then sets it aside: see `once`.
        """
        if isinstance(error, DamagedError):
            self._damage = error
            self._finish()
        if not self._storage:
            log.error("storage failed, fetching is paused", problem=str(error))
            sd_notify(f"STATUS=storage: {error}")
        self._storage = str(error)

    async def _storage_is_back(self) -> bool:
        if time.monotonic() - self._probed < PROBE_EVERY:
            return False
        self._probed = time.monotonic()
        try:
            await self._newsmon.desk(self._newsmon.store.database.probe)
        except StateError:
            return False
        log.info("storage is back, going on")
        self._storage = ""
        return True

    async def _tidy(self) -> None:
        newsmon, now = self._newsmon, clock()
        try:
            done = await newsmon.desk(housekeeping.tidy, newsmon.store, newsmon.config, now=now)
            log.info("tidied", **done)
        except StateError as error:
            self._lose_storage(error)
            return
        try:
            if newsmon.config.monitor.backup == "daily":
                path = await asyncio.to_thread(housekeeping.back_up, self._folder, now=now)
                log.info("backed up", file=str(path))
        except StateError as error:
            log.error("the backup failed", problem=str(error))  # noqa: TRY400 - the disk's fault

    async def _judge_targets(self) -> None:
        """Load Apprise and look at every target, once the first polls are on their way."""
        await asyncio.sleep(SETTLE)
        config = self._newsmon.config
        problems = await asyncio.to_thread(lambda: [*map(str, judged(config))])
        if config is not self._newsmon.config:  # a reload has judged its own
            return
        self._unusable = problems
        for problem in problems:
            log.error("a target cannot be used", problem=problem)

    # -- signals, clock, watchdog -----------------------------------------------------------------

    def _end(self) -> None:
        if self._stop:  # asked twice: at once
            os._exit(0)
        self._finish()

    def _finish(self) -> None:
        self._stop = True
        self._nudge.set()

    def _ask_reload(self) -> None:
        if not self._start("reload", self._reload()):
            self._reload_asked = True  # however often: once more, for what stands in the file then

    async def _reload(self) -> None:
        """Take the new config whole, or keep the old one and say why."""
        sd_notify("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")
        old = self._newsmon.config
        try:
            config = await asyncio.to_thread(self._load)
            if config.monitor.metrics != old.monitor.metrics:
                listening = await self._listening(config.monitor.metrics)
                await self._metrics.aclose()
                self._metrics = listening
        except NewsmonError as error:
            self._reloaded = False
            log.error("config not taken, the old one stays", problem=str(error))  # noqa: TRY400 - the config's fault
            sd_notify("READY=1", "STATUS=reload refused, the old config stays")
            return
        chaos.point("reload.judged")
        self._newsmon.configure(config)
        self._scheduler.reschedule_job(
            "night", trigger=CronTrigger(timezone=config.monitor.zone, **NIGHT)
        )
        self._unusable = []
        self._reloaded = True
        log.info("config reloaded", feeds=len(config.feeds), watches=len(config.watches))
        if fixed := [k for k, was in self._began.items() if getattr(config.monitor, k) != was]:
            log.warning("a restart is needed to take these keys", keys=", ".join(fixed))
        sd_notify("READY=1", f"STATUS=feeds: {len(config.feeds)}")

    async def _mind_the_clock(self) -> None:
        offset = time.time() - time.monotonic()
        step, self._clock_offset = offset - self._clock_offset, offset
        if abs(step) >= CLOCK_STEP:
            log.warning("the clock was stepped", seconds=round(step))
            if step < 0:
                store, back = self._newsmon.store, timedelta(seconds=-step)
                for bed in (store.inbox, store.outbox):
                    await self._newsmon.desk(bed.pull_forward, now=clock(), step=back)

    def _is_moving(self, now: float) -> bool:
        """Whether each job at work did a step of late: long work is no hang."""
        for kind, count in self._newsmon.done.items():
            if count != self._done[kind]:
                self._done[kind], self._moved[kind] = count, now
        return all(now - self._moved[_kind(name)] < STUCK for name in self._jobs)

    def _wrong(self) -> list[str]:
        """List what a person should look at, beside what the beds say."""
        lost = filter(None, [self._storage, self._lost])
        return [*lost, *self._unusable, *rescued(self._folder)]

    def _mind_the_network(self) -> None:
        """Say once that our own network is down, and once that it is back."""
        since = self._newsmon.reach.lost_since
        if bool(since) == bool(self._lost):
            return
        self._lost = lost(since, self._newsmon.config.monitor.zone) if since else ""
        if self._lost:
            log.warning("our own network seems to be down", since=since)
        else:
            log.info("the network is back")

    async def _measured(self, path: str) -> web.Answer:
        """Answer /metrics and /healthz."""
        problems = self._wrong()
        if path == "/healthz":
            return (503 if problems else 200), "".join(f"{each}\n" for each in problems) or "ok\n"
        if path != "/metrics":
            return 404, "there are /metrics and /healthz\n"
        counts = Counts(self._newsmon.store.database)
        samples = await self._newsmon.desk(lambda: list(counts.samples(now=clock())))
        samples += self._newsmon.samples()
        samples.append(("healthy", {}, float(not problems)))
        samples.append(("config_last_reload_successful", {}, float(self._reloaded)))
        return 200, web.exposition(samples)

    async def _answer(self, request: dict[str, object]) -> dict[str, object]:
        if request.get("action") == "health":
            problems = self._wrong()
            return {"ok": not problems, "problems": problems}
        try:
            answer = await self._newsmon.desk(
                actions.perform, self._newsmon.store, request, now=clock()
            )
        except (NewsmonError, KeyError, ValueError) as error:
            return {"ok": False, "said": str(error)}
        finally:
            if request.get("action") in ("override", "forget"):
                await self._newsmon.desk(self._newsmon.judge_anew)
        return answer

    async def _drain(self) -> None:
        """Let judging and sends end; polls and page fetches have written nothing yet."""
        chaos.point("drain.begin")
        for name, task in list(self._jobs.items()):
            if name not in ("deliver", "compose"):
                task.cancel()
        if self._jobs:
            await asyncio.wait(list(self._jobs.values()), timeout=DRAIN)
        self._newsmon.close()


def _kind(job: str) -> str:
    """Give the first word: `poll` of "poll https://…"."""
    return job.partition(" ")[0]


def _watchdog_seconds() -> float:
    return int(os.environ.get("WATCHDOG_USEC", "0")) / 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """What one cycle brought; `totals` as `newsmon status` counts them."""

    polled: Sequence[Polled]
    totals: Mapping[str, int]
    outbox: Mapping[str, int]  # as it is left
    first: bool  # nothing was kept before


def run_once(config: Config, folder: Path) -> Cycle:
    """Do one whole cycle and end, and once a day what the daemon does at night."""

    async def work(newsmon: Newsmon) -> Cycle:
        counts = Counts(newsmon.store.database)
        before = await newsmon.desk(counts.totals)
        polled = await newsmon.cycle()
        after, outbox = await newsmon.desk(lambda: (counts.totals(), counts.outbox()))
        totals = {name: n - before[name] for name, n in after.items()}
        cycle = Cycle(polled=polled, totals=totals, outbox=outbox, first=not before["documents"])
        if housekeeping.is_overdue(newsmon.store, now=clock()):
            await newsmon.desk(housekeeping.tidy, newsmon.store, config, now=clock())
            if config.monitor.backup == "daily":
                await asyncio.to_thread(housekeeping.back_up, folder, now=clock())
        return cycle

    done: Cycle = once(config, folder, work)
    return done


def run(config: Config, folder: Path, load: Load) -> None:
    """Run the daemon until a signal; raises StateError, AlreadyRunningError."""

    async def work(newsmon: Newsmon) -> None:
        gc.freeze()  # what was loaded stays
        gc.set_threshold(50_000, 20, 20)
        await Service(newsmon, folder, load).run()

    once(config, folder, work)
