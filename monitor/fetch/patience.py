"""How long an answer may take; a look at all of them now and then, since a timer each is dear."""

import asyncio
from collections.abc import AsyncIterator
from time import monotonic
from types import TracebackType
from typing import Self

ANSWER_SECONDS = 30.0  # from the look-up of the name to the last byte
BEGIN_SECONDS = 15.0  # to the end of the head
SILENCE_SECONDS = 10.0  # between two pieces of the body
LOOK = 0.1  # seconds between two looks


class Patience:
    """Ends the waits that take too long."""

    def __init__(self) -> None:
        self._waits: set[Wait] = set()
        self._looks = False

    def wait(self, spent: float = 0.0) -> "Wait":
        """Give a wait for one answer, of whose time `spent` seconds went to earlier hops."""
        return Wait(self, spent)

    def begin(self, wait: "Wait") -> None:
        self._waits.add(wait)
        if not self._looks:
            self._looks = True
            self._look_again()

    def end(self, wait: "Wait") -> None:
        self._waits.discard(wait)

    def _look_again(self) -> None:
        asyncio.get_running_loop().call_later(LOOK, self._look)

    def _look(self) -> None:
        self._looks = bool(self._waits)
        if self._looks:
            now = monotonic()
            for wait in self._waits:
                wait.look(now)
            self._look_again()


class Wait:
    """A block that ends with TimeoutError where no answer begins, or it pauses, or is not whole.

    It is what `asyncio.timeout` is, but for the timer.
    """

    __slots__ = ("_began", "_cancelling", "_end", "_over", "_patience", "_task", "_until")

    def __init__(self, patience: Patience, spent: float) -> None:
        self._began = now = monotonic()
        self._patience = patience
        self._end = now + ANSWER_SECONDS - spent
        self._until = now + BEGIN_SECONDS
        self._over = False

    def __enter__(self) -> Self:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - only a task waits
        self._task, self._cancelling = task, task.cancelling()
        self._patience.begin(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._patience.end(self)
        if not self._over:
            return
        if self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise TimeoutError from error

    @property
    def seconds(self) -> float:
        """How long it has been waited so far."""
        return monotonic() - self._began

    def look(self, now: float) -> None:
        """End the wait if it is over: what is waited for is cancelled."""
        if (now >= self._until or now >= self._end) and not self._over:
            self._over = True
            self._task.cancel()

    async def heard(self, pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Give the pieces of a body; each begins the time until the next."""
        self._hear()
        async for piece in pieces:
            self._hear()
            yield piece

    def _hear(self) -> None:
        self._until = monotonic() + SILENCE_SECONDS
