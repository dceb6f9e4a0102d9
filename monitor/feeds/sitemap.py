"""News sitemaps and their indexes, for sites without a feed (sitemaps.org, Google News)."""

import re
from datetime import datetime, timedelta
from itertools import islice

from lxml import etree

from monitor import text
from monitor.feeds.discovery import NotAFeedError
from monitor.feeds.raw import ENTRIES, Raw, Window, canonical, iso_date, language, plain, raw
from monitor.model import ParsedFeed

RECENT = timedelta(days=2)  # a news sitemap holds the articles of two days
PARTS = 5  # sitemaps of an index that are read in one poll

_ROOT = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)\b")


def is_sitemap(body: bytes) -> bool:
    return _ROOT.search(body, 0, 4096) is not None


def read(body: bytes, url: str, window: Window) -> tuple[ParsedFeed, list[Raw]]:
    """The articles of a news sitemap, or the sitemaps to read of an index (`parts`).

    Raises NotAFeedError for a sitemap that lists pages and no news.
    """
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    root = etree.fromstring(body, parser)
    if root is None:
        raise NotAFeedError("this sitemap cannot be read")
    if _name(root) == "sitemapindex":
        return ParsedFeed(title="", language="", entries=(), parts=_parts(root, url, window)), []
    articles = (found for found in root if _child(found, "news") is not None)
    news = list(islice(articles, ENTRIES))
    if len(root) and not news:
        raise NotAFeedError("this sitemap lists pages, no news: name the site's news sitemap")
    feed = ParsedFeed(
        title=text.one_line(plain(_text(root, "publication", "name"))),
        language=language(_text(root, "publication", "language")),
        entries=(),
    )
    return feed, [_article(each, url, window) for each in news]


def _article(found: etree._Element, url: str, window: Window) -> Raw:
    return raw(
        guid="",
        url=canonical(_text(found, "loc"), base=url),
        title=_text(found, "news", "title"),
        summary="",
        contents=(),
        published=iso_date(_text(found, "news", "publication_date"), window),
        author="",
    )


def _parts(root: etree._Element, url: str, window: Window) -> tuple[str, ...]:
    """The sitemaps that may hold today's news: those of news by name, else the last changed."""
    parts: list[tuple[bool, datetime, str]] = []
    now = window[1]
    for found in islice(root, ENTRIES):
        address = canonical(_text(found, "loc"), base=url)
        changed = _text(found, "lastmod")
        at = iso_date(changed, (now - 2 * RECENT, now)) if changed else now
        if address and at is not None:
            parts.append(("news" in address.lower(), at, address))
    by_name = [part for part in parts if part[0]]
    newest = sorted(by_name or parts, key=lambda part: part[1], reverse=True)
    return tuple(dict.fromkeys(address for _, _, address in newest))[:PARTS]


def _name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""  # comments have none


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next((each for each in element if _name(each) == name), None)


def _text(element: etree._Element, *path: str) -> str:
    """The text of the first element of these names, each below the one before."""
    for name in path:
        below = next((each for each in element.iter() if _name(each) == name), None)
        if below is None:
            return ""
        element = below
    return (element.text or "").strip()
