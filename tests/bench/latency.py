"""How late a message is: `make bench`. Prints, compares nothing.

    python -m tests.bench.latency [FEEDS [ARTICLES]]

A press and a mail server on loopback and the daemon as a process of its own, with the words of
`newsmon run`. Each feed is asked three times a minute; now and then one brings an article of its
own happening, whose page is fetched, read and judged. From the last byte of the answer that brought
it to its message at the mail server; group wait zero.
"""

import asyncio
import os
import random
import resource
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from tests.bench.speed import name
from tests.system.newsroom import Daemon, PostOffice, until

FEEDS, ARTICLES = 1_000, 200
EVERY = 20  # seconds
A_SECOND = 3.0  # articles
CALM = 10.0  # seconds of baseline before the first


class Press:
    """Feeds `/N/feed` and pages `/N/NAME`; knows when the answer with an article was out."""

    def __init__(self) -> None:
        self.articles: dict[int, list[str]] = {}
        self.out: dict[str, float] = {}
        self.asked: set[int] = set()
        self.first = 0.0  # when a feed was asked for the first time
        self.port = 0
        self._ready = threading.Event()
        threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True).start()
        self._ready.wait(10)

    def url(self, feed: int, page: str = "feed") -> str:
        return f"http://127.0.0.1:{self.port}/{feed}/{page}"

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0, backlog=1_000)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await server.serve_forever()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            while head := await reader.readuntil(b"\r\n\r\n"):
                _, number, page = head.split(b" ", 2)[1].decode().split("/")
                brought = list(self.articles.get(int(number), ()))
                body = self._feed(int(number), brought) if page == "feed" else _page(page)
                kind = "application/rss+xml" if page == "feed" else "text/html"
                writer.write(
                    f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n"
                    f"Content-Length: {len(body)}\r\n\r\n".encode()
                    + body
                )
                await writer.drain()
                now = time.monotonic()
                if page == "feed":
                    self.first = self.first or now
                    self.asked.add(int(number))
                    for each in brought:
                        self.out.setdefault(each, now)
        writer.close()

    def _feed(self, feed: int, brought: list[str]) -> bytes:
        items = "".join(
            f"<item><title>{_headline(each)}</title><link>{self.url(feed, each)}</link></item>"
            for each in [*reversed(brought), f"old{feed}"]
        )
        return (
            f'<rss version="2.0"><channel><title>Feed {feed}</title>{items}</channel></rss>'
        ).encode()


def _headline(article: str) -> str:
    return f"{article.capitalize()} makes ready for {' and '.join(_words(article, 2))} in Lindar"


def _words(article: str, count: int) -> list[str]:
    chance = random.Random(article)  # noqa: S311 - the same words every time
    return [name(chance) for _ in range(count)]


def _page(article: str) -> bytes:
    words = iter(_words(article, 60))
    text = " ".join(
        f"The {next(words)} of {next(words)} met {next(words)} before {article.capitalize()} had"
        f" asked {next(words)} for it, and {next(words)} was left to {next(words)}."
        for _ in range(10)
    )
    return (
        f'<!doctype html><html lang="en"><title>{_headline(article)}</title><body><article>'
        f"<h1>{_headline(article)}</h1><p>{text} So it was told in Lindar.</p></article></body>"
    ).encode()


class Letters(PostOffice):
    """Notes when the first mail that tells of an article was handed over."""

    def __init__(self) -> None:
        super().__init__()
        self.told: dict[str, float] = {}

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802 - aiosmtpd's name
        now = time.monotonic()
        reply = await super().handle_DATA(server, session, envelope)
        body = self.mails[-1].get_body(("plain",))
        assert body is not None
        for word in set(body.get_content().lower().split()):
            self.told.setdefault(word, now)
        return reply


def measure(press: Press, post: Letters, daemon: Daemon, feeds: int, articles: int) -> None:
    text = daemon.config.read_text().replace('every = "1s"', f'every = "{EVERY}s"')
    daemon.config.write_text(text.replace("max_per_hour = 1000", "max_per_hour = 100000"))
    began = time.monotonic()
    daemon.start()
    until(lambda: len(press.asked) == feeds, seconds=120, what="the baseline")
    print(f"start to first poll  {press.first - began:8.2f} s")
    time.sleep(CALM)
    chance = random.Random(5)  # noqa: S311 - the same order every time
    names = list(dict.fromkeys(f"zq{name(chance).lower()}" for _ in range(articles)))
    for each in names:
        press.articles.setdefault(chance.randint(1, feeds), []).append(each)
        time.sleep(chance.expovariate(A_SECOND))
    with suppress(AssertionError):
        until(lambda: post.told.keys() >= set(names), seconds=EVERY + 40)
    late = sorted(post.told[each] - press.out[each] for each in names if each in post.told)
    cuts = quantiles(late, n=100, method="inclusive")
    print(f"messages             {len(late):8} of {len(names)}")
    for label, value in (("half", cuts[49]), ("p95", cuts[94]), ("p99", cuts[98])):
        print(f"{label:20} {value:8.2f} s")
    print(f"latest               {late[-1]:8.2f} s")


def main() -> None:
    feeds, articles = (*map(int, sys.argv[1:]), FEEDS, ARTICLES)[:2]
    press, post = Press(), Letters()
    with TemporaryDirectory() as folder:
        daemon = Daemon(Path(folder), press, post, feeds)  # type: ignore[arg-type]
        try:
            measure(press, post, daemon, feeds, articles)
        finally:
            daemon.end()
            post.close()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"most memory          {used.ru_maxrss / 1024:8.0f} MB")
    print(f"processors           {os.cpu_count():8}")


if __name__ == "__main__":
    main()
