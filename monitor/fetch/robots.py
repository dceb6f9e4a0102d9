"""robots.txt (RFC 9309): asked once a day and origin, for pages only; a feed invites its reader."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from monitor.fetch.failure import FetchError
from monitor.model import Fetched, FetchProblem, FetchResult, NotModified, Unreachable

if TYPE_CHECKING:
    from protego import Protego

KEPT = timedelta(hours=24)
KEPT_WHEN_SILENT = timedelta(minutes=10)
_REMEMBERED = 5_000  # origins
AGENT = "newsmon"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    until: datetime
    rules: "Protego | None" = None  # None: no rules
    silent: str = ""  # why the host gave no answer at all


class Robots:
    """The rules of each origin; `ask` fetches one robots.txt."""

    def __init__(self, ask: Callable[[str], Awaitable[FetchResult]]) -> None:
        self._ask = ask
        self._known: dict[str, _Rules] = {}
        self._asking: dict[str, asyncio.Lock] = {}

    async def delay(self, url: str, *, origin: str, now: datetime) -> float | None:
        """Seconds of Crawl-delay, None without one; raises FetchError where we are not wanted.

        A host that cannot say forbids everything for the moment (RFC 9309 §2.3.1.4).
        """
        found = await self._rules(origin, now)
        if found.silent:
            reason = f"no answer about robots.txt: {found.silent}"
            raise FetchError(FetchProblem.UNREACHABLE, reason, retry_after=KEPT_WHEN_SILENT)
        if found.rules is None:
            return None
        if not found.rules.can_fetch(url, AGENT):
            raise FetchError(FetchProblem.REFUSED, "robots.txt of the site forbids this page")
        return found.rules.crawl_delay(AGENT)

    async def _rules(self, origin: str, now: datetime) -> _Rules:
        lock = self._asking.setdefault(origin, asyncio.Lock())
        try:
            async with lock:
                known = self._known.get(origin)
                if known is None or known.until <= now:
                    known = _read(await self._ask(f"{origin}/robots.txt"), now)
                    self._remember(origin, known, now)
                return known
        finally:
            if not lock.locked():
                self._asking.pop(origin, None)

    def _remember(self, origin: str, rules: _Rules, now: datetime) -> None:
        if len(self._known) >= _REMEMBERED:
            self._known = {o: r for o, r in self._known.items() if r.until > now}
        if len(self._known) < _REMEMBERED:
            self._known[origin] = rules


def _read(answer: FetchResult, now: datetime) -> _Rules:
    match answer:
        case Fetched(body=body):
            from protego import Protego  # feeds need none

            return _Rules(until=now + KEPT, rules=Protego.parse(body.decode("utf-8", "replace")))
        case NotModified():
            return _Rules(until=now + KEPT)
        case Unreachable(status=status, reason=reason):
            if status is not None and status < HTTPStatus.INTERNAL_SERVER_ERROR:
                return _Rules(until=now + KEPT)
            return _Rules(until=now + KEPT_WHEN_SILENT, silent=reason)
