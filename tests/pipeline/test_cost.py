"""What polling costs, in requests, parses and commits: counts that hold on every machine."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
import uvloop

from monitor import config
from monitor.app import Store
from monitor.fetch.hosts import CONNECTIONS_PER_HOST
from monitor.jobs import Newsmon
from monitor.model import EntryId, Extracted, FetchResult, ParsedFeed, WorkerProblem
from monitor.pipeline.poll import Polled
from monitor.polls import POLLS
from monitor.testing import InlineReader, Mailbox, StubFetcher
from tests.pipeline.conftest import START

FEEDS = 300
HEAD = '[[watch]]\nname = "w"\nany = ["x"]\nsend_to = ["d"]\n[[target]]\nname = "d"\n'


class CountingReader(InlineReader):
    parses = 0
    extracts = 0
    odd = ""
    mute = ""

    async def extract(
        self, body: bytes, *, url: str, now: datetime, language: str = "", dated: bool = False
    ) -> Extracted | WorkerProblem:
        self.extracts += 1
        return await super().extract(body, url=url, now=now, language=language, dated=dated)

    async def parse(
        self, body: bytes, *, url: str, now: datetime, known: frozenset[EntryId] = frozenset()
    ) -> ParsedFeed | WorkerProblem:
        self.parses += 1
        if url == self.mute:
            return WorkerProblem(kind="crashed", reason="")
        found = await super().parse(body, url=url, now=now, known=known)
        if url == self.odd and isinstance(found, ParsedFeed):
            return replace(found, title="\ud800")  # no database takes it
        return found


class Desk:
    """Many feeds, and what a round of them costs."""

    def __init__(
        self, folder: Path, urls: Sequence[str] = (), web: StubFetcher | None = None
    ) -> None:
        self.urls = [*urls] or [f"https://{n}.example/feed" for n in range(FEEDS)]
        feeds = "".join(f'[[feed]]\nurl = "{url}"\n' for url in self.urls)
        self.web, self.reader = web or StubFetcher(at=START), CountingReader()
        self.store = Store.open(folder, durable=False)
        self.newsmon = Newsmon(
            config.parse(f'{feeds}{HEAD}url = "mailto://localhost?to=d@example.org"\n', "t", {}),
            self.store,
            fetcher=self.web,
            reader=self.reader,
            notifiers=lambda _: Mailbox(at=START),
            clock=lambda: START,
        )
        self.commits = 0
        self.store.database.connection.set_commit_hook(self._committed)
        for url in self.urls:
            self.publish(url, 1)

    def _committed(self) -> bool:
        self.commits += 1
        return False

    def gather(self) -> list[object]:
        """Poll every feed, each for itself."""

        async def work() -> list[object]:
            due = await self.newsmon.polls.due(everything=True)
            polls = (self.newsmon.polls.ask_one(state) for state in due)
            return await asyncio.gather(*polls, return_exceptions=True)

        return uvloop.run(work())

    def publish(self, url: str, count: int) -> None:
        items = "".join(f"<item><title>{n}</title><link>/{n}</link></item>" for n in range(count))
        body = f"<rss version='2.0'><channel><title>F</title>{items}</channel></rss>"
        self.web.put(url, body, etag=f'"{count}"')

    def round(self) -> tuple[int, int, int]:
        """Give requests, parses and commits of one poll of every feed."""
        before = len(self.web.asked), self.reader.parses, self.commits

        async def work() -> None:
            await self.newsmon.polls.ask(await self.newsmon.polls.due(everything=True))

        uvloop.run(work())
        after = len(self.web.asked), self.reader.parses, self.commits
        return (after[0] - before[0], after[1] - before[1], after[2] - before[2])


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.newsmon.close()
    made.store.database.close()


def test_a_poll_is_one_request_one_parse_of_what_changed_and_a_share_of_a_commit(
    desk: Desk,
) -> None:
    requests, parses, commits = desk.round()
    assert (requests, parses) == (FEEDS, FEEDS)
    assert commits < FEEDS / 10
    requests, parses, commits = desk.round()  # nothing has changed
    assert (requests, parses) == (FEEDS, 0)
    assert commits < FEEDS / 10
    for url in desk.urls[:15]:
        desk.publish(url, 2)
    requests, parses, commits = desk.round()
    assert (requests, parses) == (FEEDS, 15)
    assert commits < FEEDS / 10


def test_who_asks_a_host_waits_for_no_commit(tmp_path: Path) -> None:
    desk = Desk(tmp_path, [f"https://one.example/{n}" for n in range(FEEDS)])
    requests, parses, commits = desk.round()
    assert (requests, parses) == (FEEDS, FEEDS)
    assert commits < FEEDS / 10
    assert desk.store.database.value("SELECT count(DISTINCT feed) FROM entry") == FEEDS
    desk.newsmon.close()


class SlowHost(StubFetcher):
    """Answers for one host only after `others` were asked."""

    def __init__(self, others: int) -> None:
        super().__init__(at=START)
        self._missing = others
        self._asked = asyncio.Event()
        self.waiting = self.most = 0

    async def get(self, url: str, **named: Any) -> FetchResult:
        if url.startswith("https://slow.example/"):
            self.waiting += 1
            self.most = max(self.most, self.waiting)
            await self._asked.wait()
            self.waiting -= 1
        else:
            self._missing -= 1
            if not self._missing:
                self._asked.set()
        return await super().get(url, **named)


@pytest.mark.timeout(30)
def test_a_slow_host_holds_up_no_other_however_many_its_feeds(tmp_path: Path) -> None:
    slow = [f"https://slow.example/{n}" for n in range(POLLS + 10)]
    web = SlowHost(others=3)
    desk = Desk(tmp_path, [*slow, *(f"https://the-{n}.example/" for n in range(3))], web)
    requests, _, _ = desk.round()
    assert requests == len(slow) + 3
    assert web.most == CONNECTIONS_PER_HOST
    desk.newsmon.close()


def test_a_commit_that_fails_fails_its_polls_and_the_next_round_brings_everything(
    desk: Desk,
) -> None:
    connection = desk.store.database.connection
    connection.set_commit_hook(lambda: True)  # turns every commit into a rollback
    with pytest.raises(Exception, match="constraint"):
        desk.round()
    connection.set_commit_hook(None)
    desk.round()
    assert desk.store.database.value("SELECT count(*) FROM entry") == FEEDS


def test_a_poll_that_cannot_be_kept_harms_none_that_shares_its_commit(desk: Desk) -> None:
    desk.reader.odd = desk.urls[7]
    failed = [each for each in desk.gather() if isinstance(each, Exception)]
    assert len(failed) == 1
    assert desk.store.database.value("SELECT count(DISTINCT feed) FROM entry") == FEEDS - 1


def test_a_feed_that_cannot_be_read_has_failed_also_without_a_word(desk: Desk) -> None:
    desk.reader.mute = desk.urls[7]
    polled = [each for each in desk.gather() if isinstance(each, Polled)]
    failed = [(each.feed, each.problem) for each in polled if each.outcome == "failed"]
    assert failed == [(desk.urls[7], "crashed")]


def test_feeds_of_a_reload_that_comes_while_the_old_ones_are_noted_are_followed(
    tmp_path: Path,
) -> None:
    desk, new = Desk(tmp_path, ["https://old.example/"]), "https://new.example/"

    async def reloaded() -> set[str]:
        noting = asyncio.create_task(desk.newsmon.polls.due())
        await asyncio.sleep(0)  # the desk is at it
        desk.newsmon.configure(config.parse(f'[[feed]]\nurl = "{new}"\n', "t", {}))
        await noting
        return {state.url for state in await desk.newsmon.polls.due()}

    assert uvloop.run(reloaded()) == {new}
    desk.newsmon.close()


def test_a_page_is_one_request_and_one_reading_and_shares_its_commit(desk: Desk) -> None:
    for number, url in enumerate(desk.urls):
        words = " ".join(f"word{number}x{at}" for at in range(60))
        desk.web.put(urljoin(url, "0"), f"<html><body><article><p>{words}.</p></article></body>")
    desk.round()
    asked, commits = len(desk.web.asked), desk.commits
    assert uvloop.run(desk.newsmon.ingest()) == FEEDS
    assert (len(desk.web.asked) - asked, desk.reader.extracts) == (FEEDS, FEEDS)
    assert desk.commits - commits < FEEDS / 4
    assert uvloop.run(desk.newsmon.ingest()) == 0
    assert len(desk.web.asked) - asked == FEEDS


def test_composing_writes_nothing_while_nothing_happens(desk: Desk) -> None:
    desk.round()
    uvloop.run(desk.newsmon.compose())
    commits, changes = desk.commits, desk.store.database.connection.total_changes()
    uvloop.run(desk.newsmon.compose())
    assert desk.store.database.connection.total_changes() == changes
    assert desk.commits - commits <= 2
