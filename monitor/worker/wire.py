"""What parent and worker say to each other: lengths, JSON, bytes.

The worker has seen hostile bytes, so the parent believes no answer: `feed` and `page` take exactly
the shapes they know and raise ValueError for everything else.
"""

import json
import struct
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar

from monitor.model import Entry, EntryId, Extracted, ParsedFeed, Rhythm, WorkerProblem

T = TypeVar("T")

TASK = struct.Struct("!II")  # bytes of the JSON head, bytes of the body
ANSWER = struct.Struct("!I")  # bytes of the JSON answer
READY = b"\x06"  # the libraries are loaded: the clock of the task runs from here
ANSWER_LIMIT = 64 * 1024 * 1024
TEXT_LIMIT = 200_000  # characters of one field
PROBLEM_LIMIT = 300

Job = Literal["parse", "extract", "unread"]
_PROBLEMS: Mapping[str, Literal["timeout", "memory", "crashed", "unparsable"]] = {
    "memory": "memory",
    "unparsable": "unparsable",
}


def task(head: Mapping[str, object], body: bytes) -> bytes:
    packed = json.dumps(head).encode()
    return TASK.pack(len(packed), len(body)) + packed + body


def answer(found: ParsedFeed | Extracted | WorkerProblem) -> bytes:
    """Lone surrogates cannot travel: they arrive as question marks."""
    name = {ParsedFeed: "feed", Extracted: "page", WorkerProblem: "problem"}[type(found)]
    said = json.dumps({name: found}, default=_plain, ensure_ascii=False)
    packed = said.encode("utf-8", "replace")
    return ANSWER.pack(len(packed)) + packed


def _plain(value: object) -> object:
    match value:
        case datetime():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case frozenset():
            return sorted(value)
        case Entry() | Extracted() | ParsedFeed() | Rhythm() | WorkerProblem():
            return {field.name: getattr(value, field.name) for field in fields(value)}
        case _:
            pass
    raise TypeError(f"{type(value).__name__} does not travel")


def feed(packed: bytes) -> ParsedFeed | WorkerProblem:
    """Read the answer to "parse"; raises ValueError."""
    return _answered(packed, "feed", _feed)


def page(packed: bytes) -> Extracted | WorkerProblem:
    """Read the answer to "extract" and "unread"; raises ValueError."""
    return _answered(packed, "page", _page)


def _answered(
    packed: bytes, name: str, read: Callable[[Mapping[str, Any]], T]
) -> T | WorkerProblem:
    try:
        found = json.loads(packed)
        if "problem" in found:
            said = found["problem"]
            return WorkerProblem(
                kind=_PROBLEMS[said["kind"]], reason=_text(said, "reason")[:PROBLEM_LIMIT]
            )
        return read(found[name])
    except (KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise ValueError(f"a worker answered nonsense: {error}") from error


def _feed(found: Mapping[str, Any]) -> ParsedFeed:
    return ParsedFeed(
        title=_text(found, "title"),
        language=_text(found, "language"),
        entries=tuple(_entry(one) for one in found["entries"]),
        rhythm=_rhythm(found["rhythm"]),
        left_out=int(found["left_out"]),
        parts=tuple(_address(part) for part in found["parts"]),
    )


def _rhythm(found: Mapping[str, Any]) -> Rhythm:
    ttl = found["ttl"]
    return Rhythm(
        ttl=None if ttl is None else timedelta(seconds=float(ttl)),
        skip_hours=frozenset(map(int, found["skip_hours"])),
        skip_days=frozenset(map(int, found["skip_days"])),
    )


def _address(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError("a worker answered an address that is none")
    return url


def _entry(found: Mapping[str, Any]) -> Entry:
    url = _text(found, "url")
    return Entry(
        id=EntryId(_text(found, "id")),
        url=_address(url) if url else "",
        title=_text(found, "title"),
        summary=_text(found, "summary"),
        content=_text(found, "content"),
        published=_moment(found["published"]),
        author=_text(found, "author"),
        own_page=found["own_page"] is True,
        keys=tuple(_text({"key": key}, "key") for key in found["keys"]),
        content_hash=_text(found, "content_hash"),
    )


def _page(found: Mapping[str, Any]) -> Extracted:
    dated_by: dict[str, Literal["page", "guess", ""]] = {"page": "page", "guess": "guess", "": ""}
    return Extracted(
        title=_text(found, "title"),
        text=_text(found, "text"),
        published=_moment(found["published"]),
        dated_by=dated_by[found["dated_by"]],
        language=_text(found, "language"),
        author=_text(found, "author"),
        outlet=_text(found, "outlet"),
        canonical_url=_text(found, "canonical_url"),
        agency=_text(found, "agency"),
        usable=found["usable"] is True,
        problem=_text(found, "problem"),
    )


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found[name]
    if not isinstance(value, str) or len(value) > TEXT_LIMIT:
        raise ValueError(f"a worker's {name!r} is no text of a sane length")
    return value


def _moment(value: object) -> datetime | None:
    if value is None:
        return None
    when = datetime.fromisoformat(str(value))
    if when.tzinfo is None:
        raise ValueError("a worker answered a time without zone")
    return when
