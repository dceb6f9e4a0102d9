"""What every format gives: plain text, an address that may be shown, a date to be believed."""

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any, TypeAlias
from urllib.parse import urljoin

import can_ada
import nh3

from monitor import text

Window: TypeAlias = tuple[datetime, datetime]  # a date outside of it is not believed

ENTRIES = 5_000  # looked at in one body
GUID_LIMIT = 512  # characters; longer ones are replaced by their SHA-256
URL_LIMIT = 2048
SUMMARY_LIMIT = 1_000
MARKUP_LIMIT = 1_000_000  # characters of one field that are looked at

_BLOCK = re.compile(
    r"<(?:br|hr|/?(?:p|div|li|ul|ol|dl|dd|dt|h[1-6]|tr|table|blockquote|section|article|header"
    r"|footer|figure|figcaption|pre|aside|main|address))\b[^<>]*>",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"<[a-zA-Z/!?]")
_CELL = re.compile(r"<t[dh]\b", re.IGNORECASE)

_ABSOLUTE = re.compile(r"https?://[\w.:-]+/[\w./~%,+-]*(?:\?[\w.~%,+=&-]+)?")  # needs no base

# Parameters that say where a reader came from; courlan knows more, but also takes `cid=123`,
# which is an article's number on some sites.
_TRACKER = re.compile(
    r"(?:utm|mc|mtm|pk|piwik|hsa|itm|at|ns|wt|oly|vero|mkt|ga|guce|ito)_.*"
    r"|fbclid|gclid|dclid|twclid|msclkid|yclid|wbraid|gbraid|igshid|mkt_tok|_ga|_gl|spm|xtor|oc"
    r"|cmp|cmpid|ocid|cvid|smid|taid|si|ftag|wtrid|ref_?src|ref_?url|rss|from_?rss|partner",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """An entry before identity."""

    guid: str
    url: str
    title: str
    summary: str
    content: str
    published: datetime | None
    author: str


def raw(
    *,
    guid: str,
    url: str,
    title: str,
    summary: str,
    contents: Iterable[str],
    published: datetime | None,
    author: str,
) -> Raw:
    short = plain(summary)
    others = (plain(one) for one in contents if one and one != summary)  # often it is the same
    full = max((short, *others), key=len)
    shown = text.shortened(short or full, SUMMARY_LIMIT)
    return Raw(
        guid=text.clean(guid[: URL_LIMIT * 4])
        if len(guid) <= GUID_LIMIT
        else _digest_of_guid(guid),
        url=url,
        title=text.shortened(plain(title), text.TITLE_LIMIT),
        summary=shown,
        content=full if len(full) > len(shown) else "",
        published=published,
        author=text.shortened(plain(author), 120),
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
        parsed = can_ada.parse(link if _ABSOLUTE.fullmatch(link) else urljoin(base, link))
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
    from courlan.clean import clean_query  # it loads urllib3, which few feeds have need of

    return not clean_query(f"{name}=x")


def string(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    return value if isinstance(value, str) else ""


def language(written: str) -> str:
    code = re.split(r"[-_]", written.strip().lower())[0]
    return code if re.fullmatch(r"[a-z]{2,3}", code) else ""


def iso_date(written: str, window: Window) -> datetime | None:
    try:
        when = datetime.fromisoformat(written.strip())
        when = when.replace(tzinfo=when.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return when if window[0] <= when <= window[1] else None
