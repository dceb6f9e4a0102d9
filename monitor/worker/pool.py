"""A small pool of workers: started when needed, killed when stuck, stopped when idle."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Literal, Self, TypeVar

from monitor.model import EntryId, Extracted, ParsedFeed, WorkerProblem
from monitor.worker import wire

T = TypeVar("T")

TASKS = 5_000  # then a worker is replaced: foreign C code leaks
IDLE_SECONDS = 300.0
START_SECONDS = 30.0  # for the imports, on a loaded machine
OLDEST_ENTRY = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds of one task, once the worker is ready."""

    cpu: float
    wall: float


FEED = Limits(cpu=5, wall=10)
PAGE = Limits(cpu=10, wall=20)
UNREAD = Limits(cpu=5, wall=5)

# glibc: what a page took is kept for the next one, rather than given back and faulted in again
_KEPT = str(32 * 1024 * 1024)  # bytes
_ALLOCATION = {"MALLOC_TRIM_THRESHOLD_": _KEPT, "MALLOC_MMAP_THRESHOLD_": _KEPT}

_ROOT = Path(__file__).resolve().parents[2]  # where `monitor` is imported from


class Workers:
    """`count` processes at most; callers wait for a free one, in order."""

    def __init__(self, count: int = 2) -> None:
        self._free = asyncio.Semaphore(count)
        self._warm: list[_Worker] = []
        self._timer: asyncio.TimerHandle | None = None
        self._stopping: asyncio.Task[None] | None = None
        self.kills = 0  # workers that had to be replaced

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._stopping is not None:
            await self._stopping
        await self._stop_idle()

    async def parse(
        self,
        body: bytes,
        *,
        url: str,
        now: datetime,
        known: frozenset[EntryId] = frozenset(),
        oldest: timedelta = OLDEST_ENTRY,
    ) -> ParsedFeed | WorkerProblem:
        """`feeds.parse` in a worker."""
        head = {
            "job": "parse",
            "url": url,
            "now": now.isoformat(),
            "known": sorted(known),
            "oldest": oldest.total_seconds(),
        }
        return await self._run(head, body, FEED, wire.feed)

    async def extract(
        self, body: bytes, *, url: str, now: datetime, language: str = "", dated: bool = False
    ) -> Extracted | WorkerProblem:
        """`extract.extract` in a worker; a page that kills it gives its bare words at least."""
        head = {
            "job": "extract",
            "url": url,
            "now": now.isoformat(),
            "language": language,
            "dated": dated,
        }
        found = await self._run(head, body, PAGE, wire.page)
        if not isinstance(found, WorkerProblem):
            return found
        bare = await self._run(
            {"job": "unread", "problem": f"{found.kind}: {found.reason}"}, body, UNREAD, wire.page
        )
        return found if isinstance(bare, WorkerProblem) else bare

    async def _run(
        self,
        head: Mapping[str, object],
        body: bytes,
        limits: Limits,
        read: Callable[[bytes], T | WorkerProblem],
    ) -> T | WorkerProblem:
        async with self._free:
            worker = self._waiting() or await _Worker.start()
            try:
                answer = await worker.ask(wire.task({**head, "cpu": limits.cpu}, body), limits)
                found = read(answer)
            except _WorkerDiedError as death:
                self.kills += 1
                return WorkerProblem(kind=death.kind, reason=str(death))
            except ValueError as error:
                self.kills += 1
                await worker.kill()
                return WorkerProblem(kind="crashed", reason=str(error)[: wire.PROBLEM_LIMIT])
            except BaseException:  # cancelled: what it would answer later belongs to nobody
                await worker.kill()
                raise
            if worker.tasks < TASKS and not _spent(found):
                self._keep(worker)
            else:
                await worker.stop()
            return found

    def _waiting(self) -> "_Worker | None":
        """Give a warm worker; one that died while it waited costs no task."""
        while self._warm:
            worker = self._warm.pop()
            if worker.lives:
                return worker
            self.kills += 1
        return None

    def _keep(self, worker: "_Worker") -> None:
        self._warm.append(worker)
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._rest)

    def _rest(self) -> None:
        self._stopping = asyncio.get_running_loop().create_task(self._stop_idle())

    async def _stop_idle(self) -> None:
        idle, self._warm = self._warm, []
        await asyncio.gather(*(worker.stop() for worker in idle))


def _spent(found: object) -> bool:
    return isinstance(found, WorkerProblem) and found.kind == "memory"


class _WorkerDiedError(Exception):
    def __init__(self, kind: Literal["timeout", "crashed"], reason: str) -> None:
        super().__init__(reason)
        self.kind = kind


class _Worker:
    """One process; it knows no secret, inherits no descriptor and dies with us."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None  # noqa: S101 - both are pipes
        assert process.stdout is not None  # noqa: S101
        self._process = process
        self._tasks = process.stdin
        self._answers = process.stdout
        self.tasks = 0

    @classmethod
    async def start(cls) -> "_Worker":
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-s", "-P", "-m", "monitor.worker", str(os.getpid())),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd="/",
            env={"PYTHONPATH": str(_ROOT), "LC_ALL": "C.UTF-8", **_ALLOCATION},
        )
        return cls(process)

    @property
    def lives(self) -> bool:
        return self._process.returncode is None and not self._tasks.is_closing()

    async def ask(self, task: bytes, limits: Limits) -> bytes:
        """Send one task and wait for its answer; raises _WorkerDiedError."""
        self.tasks += 1
        ready = False
        try:
            async with asyncio.timeout(START_SECONDS) as clock:
                if self._tasks.is_closing():  # uvloop would raise a RuntimeError
                    raise BrokenPipeError
                self._tasks.write(task)
                await self._tasks.drain()
                ready = await self._answers.readexactly(len(wire.READY)) == wire.READY
                clock.reschedule(asyncio.get_running_loop().time() + limits.wall)
                (length,) = wire.ANSWER.unpack(await self._answers.readexactly(wire.ANSWER.size))
                if not ready or length > wire.ANSWER_LIMIT:
                    raise ValueError("a worker answered nonsense")
                return await self._answers.readexactly(length)
        except TimeoutError:
            await self.kill()
            waited = f"no answer in {limits.wall:g} s" if ready else "the worker did not start"
            raise _WorkerDiedError("timeout", waited) from None
        except (asyncio.IncompleteReadError, OSError):
            raise await self._death(limits) from None

    async def _death(self, limits: Limits) -> _WorkerDiedError:
        await self.kill()
        code = self._process.returncode
        if code == -signal.SIGXCPU:
            return _WorkerDiedError("timeout", f"more than {limits.cpu:g} s of computing")
        how = f"signal {-code}" if code is not None and code < 0 else f"exit {code}"
        return _WorkerDiedError("crashed", f"its worker ended with {how}")

    async def kill(self) -> None:
        if self._process.returncode is None:
            with contextlib.suppress(
                ProcessLookupError
            ):  # Process.kill() may reap, and lose the code
                os.kill(self._process.pid, signal.SIGKILL)
        await self._process.wait()

    async def stop(self) -> None:
        """Close the pipe, and the worker ends; a stubborn one is killed."""
        self._tasks.close()
        try:
            async with asyncio.timeout(1):
                await self._process.wait()
        except TimeoutError:
            await self.kill()
