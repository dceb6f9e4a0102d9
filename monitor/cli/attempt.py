"""What `feeds try`, `extract`, `watch try` and `check --online` do with real input."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.cli.context import now
from monitor.config import Config, PrivateNetwork, Watch, environment
from monitor.errors import NewsmonError
from monitor.feeds import OLDEST
from monitor.model import (
    Extracted,
    Fetched,
    FetchResult,
    NotModified,
    ParsedFeed,
    Unreachable,
    WorkerProblem,
)
from monitor.store.views import iso

if TYPE_CHECKING:
    from monitor.app import Store
    from monitor.fetch import Fetcher
    from monitor.worker import Workers

Row = dict[str, Any]
AT_ONCE = 8
ANY_AGE = timedelta(days=36_500)  # a file may be an old one
MOST_BYTES = 16 * 1024 * 1024  # of a file: what a feed may have after decompression
PAGE_BYTES = 6 * 1024 * 1024
STATUS = {"timeout": "timeout", "memory": "too_large"}


def try_feeds(sources: Sequence[str], allow: Sequence[PrivateNetwork]) -> Iterator[Row]:
    """Fetch or read each source and parse it; one row each, in the order given."""
    yield from asyncio.run(_try_all(sources, tuple(allow)))


async def _try_all(sources: Sequence[str], allow: tuple[PrivateNetwork, ...]) -> list[Row]:
    from monitor.app import program_version
    from monitor.fetch import Fetcher
    from monitor.net import Door
    from monitor.worker import Workers

    async with AsyncExitStack() as stack:
        door = await stack.enter_async_context(Door())
        workers = await stack.enter_async_context(Workers())
        fetcher = Fetcher(door, contact="", version=program_version(), now=now)
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(source: str) -> Row:
            async with gate:
                return await try_feed(source, allow, fetcher, workers)

        return list(await asyncio.gather(*(one(each) for each in sources)))


async def try_feed(
    source: str, allow: tuple[PrivateNetwork, ...], fetcher: "Fetcher", workers: "Workers"
) -> Row:
    """Give one row: status, problem, title and entries."""
    body, url, oldest = b"", "", OLDEST
    if source.startswith(("http://", "https://")):
        found: FetchResult = await fetcher.get(source, kind="feed", home=source, allow=allow)
        match found:
            case Fetched():
                body, url = found.body, found.final_url
            case NotModified():
                return _row(source, "not_modified", "")
            case Unreachable():
                status = "unreachable" if found.problem == "gone" else found.problem.value
                return _row(source, status, found.reason)
    else:
        try:
            body, oldest = _read(source, MOST_BYTES), ANY_AGE
        except NewsmonError as error:
            return _row(
                source, "too_large" if "larger" in str(error) else "unreachable", str(error)
            )
    parsed = await workers.parse(body, url=url, now=now(), oldest=oldest)
    if isinstance(parsed, WorkerProblem):
        return _row(source, STATUS.get(parsed.kind, "unparsable"), parsed.reason)
    return _row(source, "ok", "", parsed)


def _read(path: str, most: int) -> bytes:
    try:
        with Path(path).open("rb") as stream:
            body = stream.read(most + 1)
    except OSError as error:
        raise NewsmonError(f"cannot be read: {error.strerror}") from None
    if len(body) > most:
        raise NewsmonError(f"larger than {most // 1024**2} MiB")
    return body


def _row(source: str, status: str, problem: str, feed: ParsedFeed | None = None) -> Row:
    entries = feed.entries if feed else ()
    return {
        "source": source,
        "status": status,
        "problem": problem,
        "title": feed.title if feed else "",
        "entries": [
            {
                "id": each.id,
                "url": each.url,
                "title": each.title,
                "published": iso(each.published),
                "summary": each.summary,
                "content_words": len((each.content or each.summary).split()),
            }
            for each in entries
        ],
    }


def extract_files(files: Sequence[str], url: str, *, now: datetime) -> Iterator[Row]:
    """Extract each saved page in a worker; one row each, always."""
    yield from asyncio.run(_extract_all(files, url, now))


async def _extract_all(files: Sequence[str], url: str, at: datetime) -> list[Row]:
    from monitor.worker import Workers

    async with Workers() as workers:

        async def one(file: str) -> Row:
            try:
                body = _read(file, PAGE_BYTES)
            except NewsmonError as error:
                return _page(file, None, str(error))
            found = await workers.extract(body, url=url, now=at)
            if isinstance(found, WorkerProblem):
                return _page(file, None, f"{found.kind}: {found.reason}")
            return _page(file, found, found.problem)

        return list(await asyncio.gather(*(one(each) for each in files)))


def _page(file: str, page: Extracted | None, problem: str) -> Row:
    return {
        "file": file,
        "title": page.title if page else "",
        "text": page.text if page else "",
        "published": iso(page.published) if page else None,
        "language": page.language if page else "",
        "author": page.author if page else "",
        "outlet": page.outlet if page else "",
        "canonical_url": page.canonical_url if page else "",
        "agency": page.agency if page else "",
        "usable": bool(page and page.usable),
        "problem": problem,
    }


def try_watch(config: Config, store: "Store", what: str, *, after: datetime) -> Iterator[Row]:
    """Ask the archive what a watch, or plain terms, would have found since `after`."""
    from monitor.store.matching import found, hits
    from monitor.watch import compile as compile_watch

    named = next((each for each in config.watches if each.name == what), None)
    watch = named or Watch(name="try", search=what)
    compiled = compile_watch(watch, config.words)
    connection = store.database.connection
    rows = hits(connection, compiled)
    removed = (
        set(found(connection, compiled.wanted)) - rows.keys() if compiled.removed_by else set()
    )
    for article in store.ledger.articles_at([*rows, *removed]):
        document = article.document
        if document.published < after:
            continue
        yield {
            "document": document.id,
            "url": document.url,
            "title": document.title,
            "outlet": document.outlet,
            "published": iso(document.published),
            "event": article.event,
            "terms": list(rows.get(article.seq, ())),
            "removed": article.seq in removed,
        }


def online(config: Config) -> Iterator[str]:
    """Name every feed and target of the config that does not answer."""
    from monitor.app import build_notifier

    for feed in config.feeds:
        (row,) = try_feeds([feed.url], feed.allow_private)
        if row["status"] != "ok":
            yield f"[[feed]] {feed.url}: {row['status']}: {row['problem']}"
    notifier = build_notifier(config, None, instance="check", clock=now)
    for target in config.targets:
        if missing := target.url.missing(environment()):
            yield f'[[target]] "{target.name}": {", ".join(missing)} has no value here'
        elif not notifier.recipients(target):
            yield f'[[target]] "{target.name}": has no recipient'
