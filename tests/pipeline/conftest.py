"""A newsroom whose clock is moved by hand: real jobs and database, web and mailbox in memory."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha1
from html import escape
from pathlib import Path

import pytest
import uvloop

from monitor import config
from monitor.jobs import Newsmon
from monitor.store.store import Store
from monitor.testing import InlineReader, Mailbox, StubFetcher

START = datetime(2025, 3, 4, 8, 0, tzinfo=UTC)  # a Tuesday

CONFIG = """
[monitor]
timezone = "Europe/Warsaw"
[[feed]]
url = "https://a.example/feed"
outlet = "Outlet A"
[[feed]]
url = "https://b.example/feed"
outlet = "Outlet B"
[[feed]]
url = "https://c.example/feed"
outlet = "Outlet C"
[[watch]]
name = "Ferries"
any = ["ferry"]
send_to = ["desk"]
[[target]]
name = "desk"
url = "mailto://localhost?to=desk@example.org"
"""

OLD = {
    "a": "The national orchestra opened its season in the restored opera house.",
    "b": "A new tram line between the university and the hospital of Karsk opens two years late.",
    "c": "Farmers in the Ostrel valley expect a poor apple harvest after hail in June.",
}


class Room:
    """Drives a day: publish, let time pass, look into the mailbox."""

    def __init__(self, folder: Path, text: str = CONFIG) -> None:
        self.now = START
        self.folder = folder
        self.text = text
        self.web = StubFetcher(at=START)
        self.mailbox = Mailbox(at=START)
        self._entries: dict[str, list[tuple[str, str, str, datetime]]] = {}
        self.open()
        for name, words in OLD.items():
            self.publish(name, "old", words[:60], words * 6)

    def open(self) -> None:
        """Start newsmon over what rests in the folder."""
        self.store = Store.open(self.folder, durable=False)
        self.newsmon = Newsmon(
            config.parse(self.text, "test.toml", {}),
            self.store,
            fetcher=self.web,
            reader=InlineReader(),
            notifiers=lambda _: self.mailbox,
            clock=lambda: self.now,
        )

    def close(self) -> None:
        self.newsmon.close()
        self.store.database.close()

    def restart(self) -> None:
        self.close()
        self.open()

    def publish(self, feed: str, name: str, title: str, text: str) -> None:
        """Put an article with its full text into a feed."""
        self._entries.setdefault(feed, []).insert(0, (name, title, text, self.now))
        self._serve(feed)

    def _serve(self, feed: str) -> None:
        items = "".join(
            f"<item><title>{escape(t)}</title><link>https://{feed}.example/{n}</link>"
            f"<guid>{n}</guid><pubDate>{format_datetime(at)}</pubDate>"
            f"<content:encoded><![CDATA[<p>{escape(body)}</p>]]></content:encoded></item>"
            for n, t, body, at in self._entries[feed]
        )
        body = (
            '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
            f"<title>Feed {feed}</title><language>en</language>{items}</channel></rss>"
        )
        etag = sha1(body.encode(), usedforsecurity=False).hexdigest()
        self.web.put(f"https://{feed}.example/feed", body, etag=f'"{etag}"')

    def edit(self, feed: str, name: str, title: str, text: str) -> None:
        """Change an article in place."""
        entries = self._entries[feed]
        self._entries[feed] = [
            (n, title, text, at) if n == name else (n, t, x, at) for n, t, x, at in entries
        ]
        self._serve(feed)

    def page(self, feed: str, name: str, title: str, text: str) -> None:
        """Put the page of an article on the web."""
        body = (
            f"<html lang='en'><head><title>{escape(title)}</title></head><body><article>"
            f"<h1>{escape(title)}</h1><p>{escape(text)}</p></article></body></html>"
        )
        self.web.put(f"https://{feed}.example/{name}", body)

    def tick(self, **passed: float) -> None:
        """Let time pass, then do what the daemon does at a tick."""
        self.now += timedelta(**passed)
        self.web.at = self.mailbox.at = self.now
        uvloop.run(self._jobs())

    async def _jobs(self) -> None:
        await self.newsmon.polls.ask(await self.newsmon.polls.due())
        await self.newsmon.ingest()
        await self.newsmon.compose()
        await self.newsmon.deliver()

    @property
    def subjects(self) -> list[str]:
        return list(self.mailbox.subjects())


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path)
    yield made
    made.close()
