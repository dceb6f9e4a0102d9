"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import html
import json
from collections.abc import Mapping
from typing import Any

from monitor import text
from monitor.feeds.discovery import NotAFeedError
from monitor.feeds.raw import (
    ENTRIES,
    Raw,
    Window,
    canonical,
    iso_date,
    language,
    plain,
    raw,
    string,
)
from monitor.model import ParsedFeed


def read(body: bytes, url: str, window: Window) -> tuple[ParsedFeed, list[Raw]]:
    try:
        found = json.loads(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        raise NotAFeedError("this is neither XML nor well-formed JSON") from None
    if not isinstance(found, dict) or "jsonfeed.org/version/" not in str(found.get("version")):
        raise NotAFeedError("this is JSON, but no JSON Feed")
    items = found.get("items")
    items = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    feed = ParsedFeed(
        title=text.one_line(plain(string(found, "title"))),
        language=language(string(found, "language")),
        entries=(),
    )
    return feed, [_entry(item, url, window) for item in items[:ENTRIES]]


def _entry(item: Mapping[str, Any], url: str, window: Window) -> Raw:
    authors = item.get("authors") or [item.get("author")]
    names = (
        [string(a, "name") for a in authors if isinstance(a, Mapping)]
        if isinstance(authors, list)
        else []
    )
    guid = item.get("id")
    return raw(
        guid=str(guid) if isinstance(guid, str | int | float) else "",
        url=canonical(string(item, "url") or string(item, "external_url"), base=url),
        title=string(item, "title"),
        summary=html.escape(string(item, "summary"), quote=False),
        contents=[
            string(item, "content_html"),
            html.escape(string(item, "content_text"), quote=False).replace("\n", "<br>"),
        ],
        published=iso_date(string(item, "date_published"), window),
        author=", ".join(filter(None, names)),
    )
