"""Feed bytes to entries: RSS, RDF, Atom by feedparser, JSON Feed by hand; text comes out plain.

feedparser is given a BytesIO only: bytes it takes for a file name, text for an address. Its own
sanitizer leaves live markup, so no markup survives here at all.
"""

import calendar
import html
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b, sha256
from time import struct_time
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import can_ada
import feedparser
import nh3
from courlan.clean import clean_query

from monitor import text
from monitor.errors import NewsmonError
from monitor.model import Entry, EntryId, ParsedFeed

NEW_ENTRIES = 500  # taken in one poll; the newest, the others wait and are counted
ENTRIES = 5_000  # looked at in one body
GUID_LIMIT = 512  # characters; longer ones are replaced by their SHA-256
URL_LIMIT = 2048
SHARED = 3  # entries of one body at one link: then it is no article's own
SUMMARY_LIMIT = 1_000
MARKUP_LIMIT = 1_000_000  # characters of one field that are looked at
OLDEST = timedelta(days=30)  # an earlier date is an archive's or a mistake
NEWEST = timedelta(days=1)
LONGEST_TTL = timedelta(days=1)

_BLOCK = re.compile(
    r"<(?:br|hr|/?(?:p|div|li|ul|ol|dl|dd|dt|h[1-6]|tr|table|blockquote|section|article|header"
    r"|footer|figure|figcaption|pre|aside|main|address))\b[^<>]*>",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"<[a-zA-Z/!?]")
_CELL = re.compile(r"<t[dh]\b", re.IGNORECASE)

# Parameters that say where a reader came from; courlan knows more, but also takes `cid=123`,
# which is an article's number on some sites.
_TRACKER = re.compile(
    r"(?:utm|mc|mtm|pk|piwik|hsa|itm|at|ns|wt|oly|vero|mkt|ga|guce|ito)_.*"
    r"|fbclid|gclid|dclid|twclid|msclkid|yclid|wbraid|gbraid|igshid|mkt_tok|_ga|_gl|spm|xtor|oc"
    r"|cmp|cmpid|ocid|cvid|smid|taid|si|ftag|wtrid|ref_?src|ref_?url|rss|from_?rss|partner",
    re.IGNORECASE,
)
_ISO_DAY = re.compile(r"\s*(\d{4})-?(\d\d)-?(\d\d)(?!\d)")
_RFC_DAY = re.compile(r"(?<!\d)(\d{1,2})[\s-]+([A-Za-z]{3})[a-z]*\.?[\s-]+(\d{4}|\d\d)(?!\d)")
_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name}
_FOUR_DIGITS: Final = 1000  # years


class NotAFeedError(NewsmonError):
    """The body is something else; the message says what, and where feeds may be found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Raw:
    """An entry before identity: plain text, an address that may be shown, a date to be believed."""

    guid: str
    url: str
    title: str
    summary: str
    content: str
    published: datetime | None
    author: str


def parse(
    body: bytes,
    *,
    url: str,
    now: datetime,
    known: frozenset[EntryId] = frozenset(),
    oldest: timedelta = OLDEST,
) -> ParsedFeed:
    """Entries in the feed's order; those in `known` do not count towards `NEW_ENTRIES`.

    `url` is the feed's own address, against which links resolve. Raises NotAFeedError, and
    whatever a foreign parser may raise on hostile bytes.
    """
    if not body.strip(b"\0 \t\r\n"):
        raise NotAFeedError("the body is empty")
    start = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    window = (now - oldest, now + NEWEST)
    if start.startswith(b"{"):
        feed, raws = _json_feed(body, url, window)
    else:
        feed, raws = _xml_feed(body, url, window)
    entries = _identified(raws)
    kept = _newest(entries, known)
    return replace(feed, entries=kept, left_out=len(entries) - len(kept))


# -- XML ------------------------------------------------------------------------------------------


def _xml_feed(
    body: bytes, url: str, window: tuple[datetime, datetime]
) -> tuple[ParsedFeed, list[_Raw]]:
    parsed = feedparser.parse(  # noqa: TID251 - the one place, and a BytesIO
        io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False
    )
    if not parsed.version and not (parsed.entries and _names_entries(body)):
        raise NotAFeedError(_what_it_is(body, url))
    head = parsed.feed
    feed = ParsedFeed(
        title=text.one_line(plain(_string(head, "title"))),
        language=_language(_string(head, "language")),
        entries=(),
        ttl=_ttl(_string(head, "ttl")),
    )
    return feed, [_xml_entry(e, url, window) for e in parsed.entries[:ENTRIES]]


def _names_entries(body: bytes) -> bool:
    return re.search(rb"<(?:\w+:)?(?:item|entry)\b", body) is not None


def _xml_entry(entry: dict[str, Any], url: str, window: tuple[datetime, datetime]) -> _Raw:
    summary = _string(entry, "summary")
    contents = [_string(c, "value") for c in entry.get("content") or () if isinstance(c, Mapping)]
    link = _string(entry, "feedburner_origlink") or _string(entry, "link")
    guid = _string(entry, "id")
    return _raw(
        guid=guid,
        url=canonical(link, base=url) or _permalink(guid),
        title=_string(entry, "title"),
        summary=summary,
        contents=contents,
        published=_xml_date(entry, window),
        author=_string(entry, "author"),
    )


def _permalink(guid: str) -> str:
    return canonical(guid) if guid.lower().startswith(("http://", "https://")) else ""


def _xml_date(entry: dict[str, Any], window: tuple[datetime, datetime]) -> datetime | None:
    for name in ("published", "updated", "created"):
        parsed = dict.get(entry, f"{name}_parsed")  # its own `get` gives one date for another
        if isinstance(parsed, struct_time):
            return _believed(parsed, _string(entry, name), window)
    return None


def _believed(
    parsed: struct_time, written: str, window: tuple[datetime, datetime]
) -> datetime | None:
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


# -- JSON Feed 1.0 and 1.1 ------------------------------------------------------------------------


def _json_feed(
    body: bytes, url: str, window: tuple[datetime, datetime]
) -> tuple[ParsedFeed, list[_Raw]]:
    try:
        found = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        raise NotAFeedError("this is neither XML nor well-formed JSON") from None
    if not isinstance(found, dict) or "jsonfeed.org/version/" not in str(found.get("version")):
        raise NotAFeedError("this is JSON, but no JSON Feed")
    items = found.get("items")
    items = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    feed = ParsedFeed(
        title=text.one_line(plain(_string(found, "title"))),
        language=_language(_string(found, "language")),
        entries=(),
    )
    return feed, [_json_entry(item, url, window) for item in items[:ENTRIES]]


def _json_entry(item: Mapping[str, Any], url: str, window: tuple[datetime, datetime]) -> _Raw:
    authors = item.get("authors") or [item.get("author")]
    names = (
        [_string(a, "name") for a in authors if isinstance(a, Mapping)]
        if isinstance(authors, list)
        else []
    )
    guid = item.get("id")
    return _raw(
        guid=str(guid) if isinstance(guid, str | int | float) else "",
        url=canonical(_string(item, "url") or _string(item, "external_url"), base=url),
        title=_string(item, "title"),
        summary=html.escape(_string(item, "summary"), quote=False),
        contents=[
            _string(item, "content_html"),
            html.escape(_string(item, "content_text"), quote=False).replace("\n", "<br>"),
        ],
        published=_json_date(_string(item, "date_published"), window),
        author=", ".join(filter(None, names)),
    )


def _json_date(written: str, window: tuple[datetime, datetime]) -> datetime | None:
    try:
        when = datetime.fromisoformat(written.strip())
        when = when.replace(tzinfo=when.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return when if window[0] <= when <= window[1] else None


# -- what both share ------------------------------------------------------------------------------


def _raw(
    *,
    guid: str,
    url: str,
    title: str,
    summary: str,
    contents: Iterable[str],
    published: datetime | None,
    author: str,
) -> _Raw:
    short = plain(summary)
    full = max((plain(one) for one in (*contents, summary) if one), key=len, default="")
    shown = text.one_line(short or full, SUMMARY_LIMIT)
    return _Raw(
        guid=text.clean(guid[: URL_LIMIT * 4])
        if len(guid) <= GUID_LIMIT
        else _digest_of_guid(guid),
        url=url,
        title=text.one_line(plain(title)),
        summary=shown,
        content=full if len(full) > len(shown) else "",
        published=published,
        author=text.one_line(plain(author), 120),
    )


def _digest_of_guid(guid: str) -> str:
    return sha256(guid.encode("utf-8", "replace")).hexdigest()


def plain(markup: str) -> str:
    """Markup to plain text: blocks become line breaks, entities characters, tags nothing.

    Repeated, since feeds escape twice; what still looks like a tag then is made harmless.
    """
    markup = markup[:MARKUP_LIMIT]
    for _ in range(3):
        if "<" not in markup and "&" not in markup:
            break
        broken = _CELL.sub(" <td", _BLOCK.sub("\n", markup))
        markup = html.unescape(nh3.clean(broken, tags=set()))
        if not _MARKUP.search(markup):
            break
    return text.clean(_MARKUP.sub(lambda tag: "‹" + tag.group()[1:], markup))


def canonical(link: str, base: str = "") -> str:
    """An absolute http(s) address as WHATWG spells it, without trackers; "" when it is no such.

    Order and spelling of the other parameters stay: some sites care.
    """
    link = link.strip()
    if not link or len(link) > URL_LIMIT or "\\" in link:
        return ""
    try:
        parsed = can_ada.parse(urljoin(base, link))
    except ValueError:
        return ""
    if parsed.protocol not in ("http:", "https:") or parsed.has_credentials():
        return ""
    if parsed.search:
        parsed.search = _without_trackers(parsed.search)
    if parsed.hash and not parsed.hash.startswith(("#!", "#/")):
        parsed.hash = ""
    href = str(parsed.href)
    return href if len(href) <= URL_LIMIT else ""


def _without_trackers(search: str) -> str:
    return "&".join(p for p in search.removeprefix("?").split("&") if p and not _tracks(p))


def _tracks(parameter: str) -> bool:
    name, equals, value = parameter.partition("=")
    if not equals or _TRACKER.fullmatch(name):
        return bool(equals)
    return not value.isdigit() and _courlan_drops(name)


@lru_cache(maxsize=1024)
def _courlan_drops(name: str) -> bool:
    return not clean_query(f"{name}=x")


def _identified(raws: list[_Raw]) -> list[Entry]:
    """Give each entry its keys; what the body itself proves to be worthless makes none.

    A guid at two links is worth nothing, in the whole feed. A link that many entries share, or a
    front page, names no article.
    """
    links: dict[str, set[str]] = {}
    entries: dict[str, set[str]] = {}
    for raw in raws:
        if raw.url:
            entries.setdefault(raw.url, set()).add(raw.guid or raw.title)
            links.setdefault(raw.guid, set()).add(raw.url)
    links.pop("", None)
    trusted = all(len(found) == 1 for found in links.values())
    shared = {
        link
        for link, found in entries.items()
        if len(found) >= SHARED or len(found) > len(raws) / 2 > 1 or _is_front_page(link)
    }
    return [_entry(raw, trust_guid=trusted, own_page=raw.url not in shared) for raw in raws]


def _is_front_page(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query and not parts.fragment


def _entry(raw: _Raw, *, trust_guid: bool, own_page: bool) -> Entry:
    """The first key is the id: the link, which outlives a relaunch and a new headline, else guid.

    A guid under another headline is no proof: some outlets use it again for another article.
    """
    own_page = own_page and bool(raw.url)
    keys = [_key("link", _address(raw.url))] if own_page else []
    if raw.guid and trust_guid:
        if not own_page:
            keys.append(_key("guid", raw.guid))
        keys.append(_key("guid", raw.guid, text.fold(raw.title)))
    if not keys:
        day = raw.published.date().isoformat() if raw.published else ""
        keys.append(_key("title", raw.title or raw.summary, day))
    return Entry(
        id=EntryId(keys[0]),
        url=raw.url,
        own_page=own_page,
        title=raw.title,
        summary=raw.summary,
        content=raw.content,
        published=raw.published,
        author=raw.author,
        keys=tuple(keys),
        content_hash=_key("content", raw.title, raw.summary, raw.content),
    )


def _address(url: str) -> str:
    """A link as its identity: neither scheme nor `www.` nor the last slash make another article."""
    rest = url.partition("://")[2].removeprefix("www.")
    path, mark, query = rest.partition("?")
    return path.rstrip("/") + mark + "&".join(sorted(query.split("&")))


def _key(*parts: str) -> str:
    """16 characters of base 16, stable over versions: changing them repeats every alert."""
    digest = blake2b(digest_size=8)
    for part in parts:
        digest.update(part.encode("utf-8", "replace") + b"\0")
    return digest.hexdigest()


def _newest(entries: list[Entry], known: frozenset[EntryId]) -> tuple[Entry, ...]:
    """All known entries and the newest `NEW_ENTRIES` others, in the feed's order."""
    new = [n for n, entry in enumerate(entries) if entry.id not in known]
    if len(new) <= NEW_ENTRIES:
        return tuple(entries)
    never = datetime.min.replace(tzinfo=UTC)
    new.sort(key=lambda n: entries[n].published or never, reverse=True)
    left_out = set(new[NEW_ENTRIES:])
    return tuple(entry for n, entry in enumerate(entries) if n not in left_out)


def _string(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    return value if isinstance(value, str) else ""


def _language(written: str) -> str:
    code = re.split(r"[-_]", written.strip().lower())[0]
    return code if re.fullmatch(r"[a-z]{2,3}", code) else ""


def _ttl(written: str) -> timedelta | None:
    """Minutes, as RSS has it."""
    if not re.fullmatch(r"[0-9]{1,6}", written.strip()):
        return None
    return min(timedelta(minutes=int(written)), LONGEST_TTL) or None


# -- what is no feed ------------------------------------------------------------------------------

_TAG = re.compile(rb"<(link|a)\b([^<>]{1,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-zA-Z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "text/xml")


def _what_it_is(body: bytes, url: str) -> str:
    if not re.search(rb"<(?:!doctype\s+html|html|head|body)\b", body[:4096], re.IGNORECASE):
        return "this is no feed: neither RSS nor Atom nor JSON Feed"
    found = list(dict.fromkeys(_feed_links(body[:300_000], url)))[:5]
    if not found:
        return "this is an HTML page, and it names no feed"
    return f"this is an HTML page; feeds it names: {' '.join(found)}"


def _feed_links(page: bytes, url: str) -> Iterator[str]:
    for tag in _TAG.finditer(page):
        attributes = {
            name.lower(): html.unescape(a or b or c)
            for name, a, b, c in _ATTRIBUTE.findall(tag[2].decode("utf-8", "replace"))
        }
        if attributes.get("type", "").lower() in _FEED_TYPES and attributes.get("href"):
            yield from filter(None, [canonical(attributes["href"], base=url)])
