"""What a body is that is no feed, and where feeds may be found."""

import html
import re
from collections.abc import Iterator

from monitor.errors import NewsmonError
from monitor.feeds.raw import canonical

_TAG = re.compile(rb"<(link|a)\b([^<>]{1,2000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-zA-Z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "text/xml")


class NotAFeedError(NewsmonError):
    """The body is something else; the message says what, and where feeds may be found."""


def what_it_is(body: bytes, url: str) -> str:
    if not re.search(rb"<(?:!doctype\s+html|html|head|body)\b", body[:4096], re.IGNORECASE):
        return "this is no feed: neither RSS nor Atom nor JSON Feed"
    found = linked(body, url=url)[:5]
    if not found:
        return "this is an HTML page, and it names no feed"
    return f"this is an HTML page; feeds it names: {' '.join(found)}"


def linked(page: bytes, *, url: str) -> tuple[str, ...]:
    """Give the feeds that an HTML page names, in its order."""
    return tuple(dict.fromkeys(_feed_links(page[:300_000], url)))


def _feed_links(page: bytes, url: str) -> Iterator[str]:
    for tag in _TAG.finditer(page):
        attributes = {
            name.lower(): html.unescape(a or b or c)
            for name, a, b, c in _ATTRIBUTE.findall(tag[2].decode("utf-8", "replace"))
        }
        if attributes.get("type", "").lower() in _FEED_TYPES and attributes.get("href"):
            yield from filter(None, [canonical(attributes["href"], base=url)])
