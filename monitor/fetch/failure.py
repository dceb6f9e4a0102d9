"""How a request ends inside the room, before it becomes an `Unreachable`."""

from datetime import timedelta

from monitor.model import FetchProblem


class FetchError(Exception):
    """Nothing usable came."""

    def __init__(
        self,
        problem: FetchProblem,
        reason: str,
        *,
        status: int | None = None,
        retry_after: timedelta | None = None,
        silent: bool = False,
    ) -> None:
        super().__init__(reason)
        self.problem = problem
        self.reason = reason
        self.status = status
        self.retry_after = retry_after
        self.silent = silent
