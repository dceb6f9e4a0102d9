"""Feed bytes to entries: RSS, RDF, Atom, JSON Feed and news sitemaps; text comes out plain."""

import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from monitor.feeds import jsonfeed, sitemap, xml
from monitor.feeds.discovery import NotAFeedError
from monitor.feeds.identity import identified
from monitor.feeds.raw import canonical, plain
from monitor.model import Entry, EntryId, ParsedFeed

__all__ = ["OLDEST", "NotAFeedError", "canonical", "parse", "plain"]

NEW_ENTRIES = 500  # taken in one poll; the newest, the others wait and are counted
OLDEST = timedelta(days=30)  # an earlier date is an archive's or a mistake
NEWEST = timedelta(days=1)
UNPACKED = 16 * 1024 * 1024  # bytes of a packed sitemap


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
    if body.startswith(b"\x1f\x8b"):
        body = _unpacked(body)
    if not body.strip(b"\0 \t\r\n"):
        raise NotAFeedError("the body is empty")
    start = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    window = (now - oldest, now + NEWEST)
    if start.startswith(b"{"):
        feed, raws = jsonfeed.read(body, url, window)
    elif sitemap.is_sitemap(body):
        feed, raws = sitemap.read(body, url, window)
    else:
        feed, raws = xml.read(body, url, window)
    entries = identified(raws)
    kept = _newest(entries, known)
    return replace(feed, entries=kept, left_out=len(entries) - len(kept))


def _unpacked(body: bytes) -> bytes:
    """A file that was packed before it was served, as `sitemap.xml.gz` is."""
    stream = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        unpacked = stream.decompress(body, UNPACKED)
    except zlib.error as error:
        raise NotAFeedError(f"the packed body is damaged: {error}") from None
    if not stream.eof:
        whole = "is larger than 16 MiB" if stream.unconsumed_tail else "was cut short"
        raise NotAFeedError(f"the packed body {whole}")
    return unpacked


def _newest(entries: list[Entry], known: frozenset[EntryId]) -> tuple[Entry, ...]:
    """All known entries and the newest `NEW_ENTRIES` others, in the feed's order."""
    new = [n for n, entry in enumerate(entries) if entry.id not in known]
    if len(new) <= NEW_ENTRIES:
        return tuple(entries)
    never = datetime.min.replace(tzinfo=UTC)
    new.sort(key=lambda n: entries[n].published or never, reverse=True)
    left_out = set(new[NEW_ENTRIES:])
    return tuple(entry for n, entry in enumerate(entries) if n not in left_out)
