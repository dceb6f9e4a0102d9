"""Manners per host: two connections, thirty pages a minute, robots.txt, a rest for the dead."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

CONNECTIONS = 200  # at once, over all hosts
CONNECTIONS_PER_HOST = 2
PAGES = 30
WINDOW = 60.0  # seconds
LONGEST_CRAWL_DELAY = 30.0  # seconds; a site that wants more gets this
FAILURES = 5  # in a row, then nobody knocks for a while: many feeds may share one host
REST = 60.0  # seconds
_REMEMBERED = 10_000  # hosts


@dataclass(slots=True)
class Host:
    """What is known of a host, and who is there."""

    slots: asyncio.Semaphore = field(
        default_factory=lambda: asyncio.Semaphore(CONNECTIONS_PER_HOST)
    )
    pages: deque[float] = field(default_factory=lambda: deque(maxlen=PAGES))
    users: int = 0
    failures: int = 0  # in a row
    rests_until: float = 0.0

    def failed(self) -> None:
        self.failures += 1
        if self.failures >= FAILURES:
            self.rests_until = _now() + REST


class Hosts:
    """Who may knock where, and when; times are those of the running loop."""

    def __init__(self) -> None:
        self._hosts: dict[str, Host] = {}
        self._all = asyncio.Semaphore(CONNECTIONS)

    async def enter(self, name: str, *, paced: bool = False, delay: float | None = None) -> Host:
        """Wait for a connection, which is to be given back; `paced` waits for a page's turn first.

        `delay` is the site's Crawl-delay, in seconds.
        """
        host = self._of(name)
        host.users += 1
        try:
            if paced:
                await _wait_for_page(host, delay)
            await host.slots.acquire()
            try:
                await self._all.acquire()
            except BaseException:
                host.slots.release()
                raise
        except BaseException:
            host.users -= 1
            raise
        return host

    def leave(self, host: Host) -> None:
        """Give a connection back."""
        self._all.release()
        host.slots.release()
        host.users -= 1

    def rests(self, host: str) -> bool:
        """Whether the host failed so often that it is left alone for the moment."""
        until = self._of(host).rests_until
        return bool(until) and until > _now()

    def _of(self, name: str) -> Host:
        host = self._hosts.get(name)
        if host is None:
            if len(self._hosts) >= _REMEMBERED:
                self._forget()
            host = self._hosts[name] = Host()
        return host

    def _forget(self) -> None:
        old = _now() - WINDOW
        self._hosts = {
            name: one
            for name, one in self._hosts.items()
            if one.users or one.rests_until > old or (one.pages and one.pages[-1] > old)
        }


async def _wait_for_page(host: Host, delay: float | None) -> None:
    """Reserve the next free moment, then wait for it."""
    now = at = _now()
    if len(host.pages) == PAGES:
        at = max(at, host.pages[0] + WINDOW)
    if delay and host.pages:
        at = max(at, host.pages[-1] + min(delay, LONGEST_CRAWL_DELAY))
    host.pages.append(at)
    if at > now:
        await asyncio.sleep(at - now)


def _now() -> float:
    return asyncio.get_running_loop().time()
