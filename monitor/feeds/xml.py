"""RSS, RDF and Atom, by feedparser; its own sanitizer leaves live markup, so no markup survives."""

import calendar
import io
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from time import struct_time
from typing import Any, Final

import feedparser

from monitor import text
from monitor.feeds import regular
from monitor.feeds.discovery import NotAFeedError, what_it_is
from monitor.feeds.raw import ENTRIES, Raw, Window, canonical, language, plain, raw, string
from monitor.model import ParsedFeed, Rhythm

LONGEST_TTL = timedelta(days=1)
HEAD = 32 * 1024  # bytes in which a channel speaks of itself

_SKIP_HOURS = re.compile(rb"<skipHours>(.{1,2000}?)</skipHours>", re.IGNORECASE | re.DOTALL)
_SKIP_DAYS = re.compile(rb"<skipDays>(.{1,2000}?)</skipDays>", re.IGNORECASE | re.DOTALL)
_HOUR = re.compile(rb"<hour>\s*([0-9]|1[0-9]|2[0-4])\s*</hour>", re.IGNORECASE)
_DAY = re.compile(rb"<day>\s*((?:mon|tues|wednes|thurs|fri|satur|sun)day)\s*</day>", re.IGNORECASE)
_DAYS = [name.lower() for name in calendar.day_name]

_ISO_DAY = re.compile(r"\s*(\d{4})-?(\d\d)-?(\d\d)(?!\d)")
_RFC_DAY = re.compile(r"(?<!\d)(\d{1,2})[\s-]+([A-Za-z]{3})[a-z]*\.?[\s-]+(\d{4}|\d\d)(?!\d)")
_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name}
_FOUR_DIGITS: Final = 1000  # years


def read(body: bytes, url: str, window: Window) -> tuple[ParsedFeed, list[Raw]]:
    head, entries = regular.read(body) or _by_feedparser(body, url)
    feed = ParsedFeed(
        title=text.one_line(plain(string(head, "title"))),
        language=language(string(head, "language")),
        entries=(),
        rhythm=_rhythm(string(head, "ttl"), body),
    )
    return feed, [_entry(e, url, window) for e in entries[:ENTRIES]]


def _by_feedparser(body: bytes, url: str) -> tuple[Mapping[str, Any], list[dict[str, Any]]]:
    parsed = feedparser.parse(  # noqa: TID251 - the one place, and a BytesIO
        io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False
    )
    if not parsed.version and not (parsed.entries and _names_entries(body)):
        raise NotAFeedError(what_it_is(body, url))
    return parsed.feed, parsed.entries


def _names_entries(body: bytes) -> bool:
    return re.search(rb"<(?:\w+:)?(?:item|entry)\b", body) is not None


def _entry(entry: dict[str, Any], url: str, window: Window) -> Raw:
    summary = string(entry, "summary")
    contents = [string(c, "value") for c in entry.get("content") or () if isinstance(c, Mapping)]
    link = string(entry, "feedburner_origlink") or string(entry, "link")
    guid = string(entry, "id")
    return raw(
        guid=guid,
        url=canonical(link, base=url) or _permalink(guid),
        title=string(entry, "title"),
        summary=summary,
        contents=contents,
        published=_date(entry, window),
        author=string(entry, "author"),
    )


def _permalink(guid: str) -> str:
    return canonical(guid) if guid.lower().startswith(("http://", "https://")) else ""


def _date(entry: dict[str, Any], window: Window) -> datetime | None:
    for name in ("published", "updated", "created"):
        parsed = dict.get(entry, f"{name}_parsed")  # its own `get` gives one date for another
        if isinstance(parsed, struct_time):
            return _believed(parsed, string(entry, name), window)
    return None


def _believed(parsed: struct_time, written: str, window: Window) -> datetime | None:
    """The parser's reading where the day exists, stands in the text and lies in the window."""
    if not _FOUR_DIGITS <= parsed.tm_year < 10 * _FOUR_DIGITS or not _states_a_day(written):
        return None
    try:
        when = datetime(*parsed[:5], min(parsed.tm_sec, 59), tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return when if window[0] <= when <= window[1] else None


def _states_a_day(written: str) -> bool:
    """Not "10:00", not a week number, not 29 February 2025: those become some other day."""
    if iso := _ISO_DAY.match(written):
        year, month, day = map(int, iso.groups())
    elif rfc := _RFC_DAY.search(written):
        day, year = int(rfc[1]), int(rfc[3])
        month = _MONTHS.get(rfc[2].lower(), 0)
        year += 2000 if len(rfc[3]) == len("26") else 0
        if not month:  # another language: feedparser knows some
            return True
    else:
        return re.search(r"(?<!\d)\d{4}(?!\d)", written) is not None and "W" not in written
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _rhythm(ttl: str, body: bytes) -> Rhythm:
    """RSS 2.0: `ttl` in minutes, the hours (0 to 23) and days of UTC in which nobody need ask.

    feedparser keeps only the last hour of a list.
    """
    minutes = int(ttl) if re.fullmatch(r"[0-9]{1,6}", ttl.strip()) else 0
    hours = (int(hour) % 24 for hour in _listed(_SKIP_HOURS, _HOUR, body))
    days = (_DAYS.index(day.decode().lower()) for day in _listed(_SKIP_DAYS, _DAY, body))
    return Rhythm(
        ttl=min(timedelta(minutes=minutes), LONGEST_TTL) or None,
        skip_hours=frozenset(hours),
        skip_days=frozenset(days),
    )


def _listed(around: re.Pattern[bytes], one: re.Pattern[bytes], body: bytes) -> list[bytes]:
    found = around.search(body, 0, HEAD)
    return one.findall(found.group(1)) if found else []
