"""What `feeds try`, `extract`, `watch try` and `check --online` do with real input."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import uvloop

from monitor.cli.context import now
from monitor.config import Config, Feed, Monitor, PrivateNetwork, Watch, environment
from monitor.errors import ConfigError, NewsmonError
from monitor.feeds import OLDEST
from monitor.model import (
    EventId,
    Extracted,
    Fetched,
    FetchResult,
    NotModified,
    ParsedFeed,
    Unreachable,
    WorkerProblem,
)
from monitor.statements import iso
from monitor.watch.suggest import Suggestion, best, candidates

if TYPE_CHECKING:
    from monitor.fetch import Fetcher
    from monitor.store.store import Store
    from monitor.worker.pool import Workers

Row = dict[str, Any]
AT_ONCE = 8
ANY_AGE = timedelta(days=36_500)  # a file may be an old one
MOST_BYTES = 16 * 1024 * 1024  # of a file: what a feed may have after decompression
TOO_COMMON = 5_000  # articles: a word in so many says nothing of one event
PAGE_BYTES = 6 * 1024 * 1024
STATUS = {"timeout": "timeout", "memory": "too_large"}


def try_feeds(sources: Sequence[str], allow: Sequence[PrivateNetwork]) -> list[Row]:
    """Fetch or read each source and parse it; one row each, in the order given."""
    return uvloop.run(_try_all([Source(each, tuple(allow)) for each in sources], Monitor()))


class Source(NamedTuple):
    """A feed to try: an address or a file, and what its owner asks for."""

    name: str
    allow: tuple[PrivateNetwork, ...] = ()
    headers: Mapping[str, str] = {}
    auth: tuple[str, str] | None = None

    @classmethod
    def of(cls, feed: Feed) -> "Source":
        """As the daemon would ask; raises ConfigError where a secret is missing."""
        from monitor.app import reveal
        from monitor.pipeline.poll import credentials, private_headers

        headers, auth = private_headers(feed, reveal), credentials(feed, reveal)
        return cls(feed.url, feed.allow_private, headers, auth)


@asynccontextmanager
async def equipped(monitor: Monitor) -> AsyncIterator[tuple["Fetcher", "Workers"]]:
    """Give what asks and what reads, as the daemon of this config has them."""
    from monitor.fetch import Fetcher
    from monitor.net import Door
    from monitor.version import program_version
    from monitor.worker.pool import Workers

    async with Door(proxy=monitor.proxy) as door, Workers() as workers:
        version = program_version()
        yield Fetcher(door, contact=monitor.contact, version=version, now=now), workers


async def _try_all(sources: Sequence[Source], monitor: Monitor) -> list[Row]:
    async with equipped(monitor) as (fetcher, workers):
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(source: Source) -> Row:
            async with gate:
                return await try_feed(source, fetcher, workers)

        return list(await asyncio.gather(*(one(each) for each in sources)))


async def try_feed(source: Source, fetcher: "Fetcher", workers: "Workers") -> Row:
    """Give one row: status, problem, title and entries."""
    body, url, oldest = b"", "", OLDEST
    name = source.name
    if name.startswith(("http://", "https://")):
        found: FetchResult = await fetcher.get(
            name,
            kind="feed",
            home=name,
            allow=source.allow,
            headers=source.headers,
            auth=source.auth,
        )
        match found:
            case Fetched():
                body, url = found.body, found.final_url
            case NotModified():
                return _row(name, "not_modified", "")
            case Unreachable():
                status = "unreachable" if found.problem == "gone" else found.problem.value
                return _row(name, status, found.reason)
    else:
        try:
            body, oldest = read_file(name, MOST_BYTES), ANY_AGE
        except NewsmonError as error:
            return _row(name, "too_large" if "larger" in str(error) else "unreachable", str(error))
    parsed = await workers.parse(body, url=url, now=now(), oldest=oldest)
    if isinstance(parsed, WorkerProblem):
        return _row(name, STATUS.get(parsed.kind, "unparsable"), parsed.reason)
    return _row(name, "ok", "", parsed)


def read_file(path: str, most: int) -> bytes:
    """Read a file of a sane size; raises NewsmonError."""
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
    yield from uvloop.run(_extract_all(files, url, now))


async def _extract_all(files: Sequence[str], url: str, at: datetime) -> list[Row]:
    from monitor.worker.pool import Workers

    async with Workers() as workers:

        async def one(file: str) -> Row:
            try:
                body = read_file(file, PAGE_BYTES)
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
    from monitor.store.matching import Answers
    from monitor.store.plain import document_row
    from monitor.watch import compile as compile_watch

    named = next((each for each in config.watches if each.name == what), None)
    watch = named or Watch(name="try", search=what)
    compiled = compile_watch(watch, config.words)
    answers = Answers(store.database.connection)
    rows = answers.hits(compiled)
    removed = answers.wanted(compiled) - rows.keys()
    for article in store.ledger.articles_at([*rows, *removed], since=after):
        yield {
            **document_row(article),
            "terms": list(rows.get(article.seq, ())),
            "removed": article.seq in removed,
        }


def suggest_watch(store: "Store", event: EventId, *, most: int) -> list[Suggestion]:
    """Ask the archive which words would have caught an event and little else."""
    from monitor.cluster import load
    from monitor.store.matching import found
    from monitor.watch import compile as compile_watch

    articles = store.ledger.articles_of(event)
    stop_words = load().stop_words
    ignored = frozenset().union(*(stop_words.get(a.document.language, ()) for a in articles))
    told = [(each.document.title, each.document.text) for each in articles]
    rows: dict[str, frozenset[int]] = {}
    for term in candidates(told, ignored):
        query = compile_watch(Watch(name="suggested", all=(term,)), {}).query
        seen = frozenset(islice(found(store.database.connection, query), TOO_COMMON))
        if len(seen) < TOO_COMMON:
            rows[term] = seen
    return best({each.seq for each in articles}, rows, most=most)


def online(config: Config) -> Iterator[str]:
    """Name every feed and target of the config that does not answer."""
    from monitor.app import build_notifier

    sources = []
    for feed in config.feeds:
        try:
            sources.append(Source.of(feed))
        except ConfigError as error:
            yield f"[[feed]] {feed.url}: {'; '.join(error.problems)}"
    for row in uvloop.run(_try_all(sources, config.monitor)):
        if row["status"] != "ok":
            yield f"[[feed]] {row['source']}: {row['status']}: {row['problem']}"
    notifier = build_notifier(config, None, instance="check", clock=now)
    for target in config.targets:
        if missing := target.url.missing(environment()):
            yield f'[[target]] "{target.name}": {", ".join(missing)} has no value here'
            continue
        for problem in notifier.prove(target):
            yield f'[[target]] "{target.name}": {problem}'
