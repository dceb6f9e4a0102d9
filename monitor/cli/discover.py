"""From any address of a site to its feeds: the address itself, what its page names, usual places.

Everything is fetched through the same guarded door as in the daemon, a few addresses at most.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from urllib.parse import urljoin

import uvloop

from monitor.cli.attempt import Row, Source, equipped, try_feed
from monitor.config import Monitor, PrivateNetwork
from monitor.feeds.discovery import linked
from monitor.fetch import Fetcher
from monitor.model import Fetched

USUAL = ("/feed", "/rss", "/feed.xml", "/rss.xml", "/atom.xml", "/index.xml", "/feed.json")
MOST = 10  # addresses asked of one kind
_SITEMAP = re.compile(r"^sitemap:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_LOCATION = re.compile(rb"<loc>\s*([^<\s]{1,2000})\s*</loc>")
_LIKE_A_FEED = re.compile(
    r"/(?:rss|atom|feeds?)(?:[/.?]|$)|\.(?:rss|atom|rdf)$|news[^/]*sitemap|sitemap[^/]*news",
    re.IGNORECASE,
)


def discover(url: str, allow: Sequence[PrivateNetwork], monitor: Monitor) -> list[Row]:
    """Give the feeds that an address leads to, as rows of `feeds try`.

    Where there is none, the one row says what the address itself is.
    """
    return uvloop.run(_discover(url, tuple(allow), monitor))


async def _discover(url: str, allow: tuple[PrivateNetwork, ...], monitor: Monitor) -> list[Row]:
    async with equipped(monitor) as (fetcher, workers):

        async def tried(addresses: Sequence[str]) -> list[Row]:
            asked = [Source(each, allow) for each in addresses[:MOST]]
            rows = [try_feed(each, fetcher, workers) for each in asked]
            return [row for row in await asyncio.gather(*rows) if row["status"] == "ok"]

        itself = await try_feed(Source(url, allow), fetcher, workers)
        if itself["status"] != "unparsable":
            return [itself]
        async for addresses in _places(url, allow, fetcher):
            if found := await tried(addresses):
                return found
        return [itself]


async def _places(
    url: str, allow: tuple[PrivateNetwork, ...], fetcher: Fetcher
) -> AsyncIterator[Sequence[str]]:
    """Where feeds may be, the likeliest first."""
    page, final = await _body(url, url, allow, fetcher)
    yield linked(page, url=final)
    yield [urljoin(final, place) for place in USUAL]
    robots, _ = await _body(urljoin(final, "/robots.txt"), url, allow, fetcher)
    maps = _SITEMAP.findall(robots[:100_000].decode("utf-8", "replace"))
    for sitemap in maps[:3] or [urljoin(final, "/sitemap.xml")]:
        body, _ = await _body(sitemap, url, allow, fetcher)
        named = (each.decode("utf-8", "replace") for each in _LOCATION.findall(body))
        yield [each for each in named if _LIKE_A_FEED.search(each)]
        yield [sitemap]  # a news sitemap is read as a feed


async def _body(
    url: str, home: str, allow: tuple[PrivateNetwork, ...], fetcher: Fetcher
) -> tuple[bytes, str]:
    found = await fetcher.get(url, kind="feed", home=home, allow=allow)
    return (found.body, found.final_url) if isinstance(found, Fetched) else (b"", url)
