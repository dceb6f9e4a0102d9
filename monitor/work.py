"""One piece of work: the jobs with store, door and workers around them, from lock to end."""

import ctypes
import resource
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvloop

from monitor.app import Clock, build_notifier, new_instance
from monitor.config import Config
from monitor.errors import DamagedError, StateError
from monitor.fetch import Fetcher
from monitor.jobs import Newsmon
from monitor.net import Door
from monitor.store.database import only_instance
from monitor.store.rescue import rescue
from monitor.store.store import Store
from monitor.version import program_version
from monitor.worker.pool import Workers

_PR_SET_DUMPABLE = 4


def clock() -> datetime:
    return datetime.now(UTC)


async def at_work(
    config: Config,
    store: Store,
    folder: Path,
    work: Callable[[Newsmon], Awaitable[Any]],
    *,
    clock: Clock = clock,
) -> Any:
    """Open the door and the workers for the time of some work."""
    async with AsyncExitStack() as stack:
        door = await stack.enter_async_context(Door(proxy=config.monitor.proxy))
        workers = await stack.enter_async_context(Workers())
        contact = config.monitor.contact
        fetcher = Fetcher(door, contact=contact, version=program_version(), now=clock)
        instance = store.outbox.instance(new_instance())
        newsmon = Newsmon(
            config,
            store,
            fetcher=fetcher,
            reader=workers,
            notifiers=lambda each: build_notifier(each, folder, instance=instance, clock=clock),
            clock=clock,
        )
        try:
            return await work(newsmon)
        finally:
            newsmon.close()


def once(config: Config, folder: Path, work: Callable[[Newsmon], Awaitable[Any]]) -> Any:
    """Do one piece of work under the lock and end; raises StateError, AlreadyRunningError.

    A database that turns out to be damaged is replaced by its last good copy before the end.
    """
    _leave_no_core()
    with only_instance(folder):
        store = Store.open_or_rescue(folder, now=clock())
        try:
            return uvloop.run(at_work(config, store, folder, work))
        except DamagedError as error:
            store.database.close()
            rescue(folder, error, now=clock()).close()
            raise StateError(f"{error} - a good copy took its place, start newsmon again") from None
        finally:
            store.database.close()


def _leave_no_core() -> None:
    """A core file would hold the secrets, and so does the memory that a debugger reads."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError, AttributeError):  # Linux; it also keeps core dumps from a pipe
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
