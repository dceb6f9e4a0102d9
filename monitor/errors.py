"""Errors by what the caller can do; each knows the exit code of the command line (sysexits.h)."""

from collections.abc import Sequence


class NewsmonError(Exception):
    """A failure that is told to a person in one line."""

    exit_code = 70


class UsageError(NewsmonError):
    """The command was called wrongly."""

    exit_code = 64


class NewerDatabaseError(NewsmonError):
    """The database was written by a newer program; nothing was touched."""

    exit_code = 65


class StateError(NewsmonError):
    """The state folder or its database cannot be read or written."""

    exit_code = 73


class DamagedError(StateError):
    """The database is damaged, or no longer where it was; what is left of it was not touched."""


class AlreadyRunningError(NewsmonError):
    """Another instance holds the state."""

    exit_code = 75


class ConfigError(NewsmonError):
    """The configuration is wrong: every problem at once, each with its place and remedy."""

    exit_code = 78

    def __init__(self, path: str, problems: Sequence[str]) -> None:
        listed = "".join(f"\n  {line}" for line in problems)
        told = problems[0] if len(problems) == 1 else f"{len(problems)} problems{listed}"
        super().__init__(f"{path}: {told}")
        self.problems = tuple(problems)


class SearchError(NewsmonError):
    """A search line that the full-text engine does not take.

    `position` counts characters from 0, or is None when unknown.
    """

    exit_code = 64

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.position = position
