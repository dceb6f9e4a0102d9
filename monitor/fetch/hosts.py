"""Manners per host: two connections, thirty pages a minute, robots.txt, a rest for the dead."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

CONNECTIONS = 200  # at once, over all hosts
CONNECTIONS_PER_HOST = 2
PAGES = 30
WINDOW = 60.0  # seconds
LONGEST_CRAWL_DELAY = 30.0  # seconds; a site that wants more gets this
FAILURES = 5  # in a row, then nobody knocks for a while: many feeds may share one host
REST = 60.0  # seconds
_REMEMBERED = 10_000  # hosts

T = TypeVar("T")


@dataclass(slots=True)
class _Host:
    slots: asyncio.Semaphore = field(
        default_factory=lambda: asyncio.Semaphore(CONNECTIONS_PER_HOST)
    )
    pages: deque[float] = field(default_factory=lambda: deque(maxlen=PAGES))
    users: int = 0
    failures: int = 0
    rests_until: float = 0.0


class Hosts:
    """Who may knock where, and when; times are those of the running loop."""

    def __init__(self) -> None:
        self._hosts: dict[str, _Host] = {}
        self._all = asyncio.Semaphore(CONNECTIONS)

    async def in_turn(
        self,
        host: str,
        ask: Callable[[], Awaitable[T]],
        *,
        paced: bool,
        delay: float | None = None,
    ) -> T:
        """Ask when there is a connection; `paced` waits for a page's turn first.

        `delay` is the site's Crawl-delay, in seconds.
        """
        one = self._of(host)
        one.users += 1
        try:
            if paced:
                await self._wait_for_page(one, delay)
            async with one.slots, self._all:
                return await ask()
        finally:
            one.users -= 1

    def rests(self, host: str) -> bool:
        """Whether the host failed so often that it is left alone for the moment."""
        return self._of(host).rests_until > _now()

    def answered(self, host: str) -> None:
        self._of(host).failures = 0

    def failed(self, host: str) -> None:
        one = self._of(host)
        one.failures += 1
        if one.failures >= FAILURES:
            one.rests_until = _now() + REST

    def _of(self, host: str) -> _Host:
        if host not in self._hosts:
            if len(self._hosts) >= _REMEMBERED:
                self._forget()
            self._hosts[host] = _Host()
        return self._hosts[host]

    def _forget(self) -> None:
        old = _now() - WINDOW
        self._hosts = {
            name: one
            for name, one in self._hosts.items()
            if one.users or one.rests_until > old or (one.pages and one.pages[-1] > old)
        }

    async def _wait_for_page(self, host: _Host, delay: float | None) -> None:
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
