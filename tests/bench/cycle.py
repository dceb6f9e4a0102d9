"""A whole cycle beside its floor: `make bench`.

Feeds and pages are served on loopback by a process of its own. Ours is `newsmon run --once`: fetch,
parse, extract, judge, store, in the daemon's own isolated workers. The floor is the library calls
alone in two processes: body read, feedparser, trafilatura, MinHash; it keeps nothing. Both share
the machine with the server. Prints medians and their ratio, and before that the same for each stage
alone, in one process; compares nothing else.

    python tests/bench/cycle.py [PAGES [TIMES]]
"""

import http.client
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TypeVar

from copies import Press  # the articles of the bench beside this one

T = TypeVar("T")

PAGES = 2_000
TIMES = 3
A_FEED = 50  # entries
PROCESSES = 2
STAGE = 100  # pages of a stage measured alone
LINKS = 150  # of a menu, which stands there three times
TEASERS = 25
ADVERT = '<div class="ad" data-size="300x250"><ins></ins><noscript><img src="/p"></noscript></div>'


# -- the web --------------------------------------------------------------------------------------


def page(press: Press, number: int) -> bytes:
    """Give an article among the furniture of a real page: 130 kB, a fortieth of it text.

    Menus, teasers, scripts and what stands between the paragraphs are such that trafilatura needs
    as long as it does for a real news page on average.
    """
    document, _ = press.article(number)
    chance = random.Random(number)  # noqa: S311 - the same page every time
    sentences = document.text.split(". ")
    paragraphs = (". ".join(sentences[at : at + 3]) for at in range(0, len(sentences), 3))
    body = "".join(
        f'<div class="block block-{at}"><p class="text">{each}.</p></div>{ADVERT}'
        for at, each in enumerate(paragraphs)
    )
    menu = "".join(map(_link, chance.choices(range(9_999), k=LINKS)))
    teasers = "".join(map(_teaser, chance.choices(range(9_999), k=TEASERS)))
    script = f"<script>var page = {[chance.random() for _ in range(2_500)]};</script>"
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{headline(number)}</title>"
        f'<meta property="og:site_name" content="Outlet">{script}</head><body>'
        f"<header><nav><ul>{menu}</ul></nav></header><main><article><h1>{headline(number)}</h1>"
        f'{body}</article><section class="more">{teasers}</section></main>'
        f"<aside><ul>{menu}</ul></aside><footer><ul>{menu}</ul>Contact, imprint</footer>"
        f"</body></html>"
    ).encode()


def _link(topic: int) -> str:
    return (
        f'<li class="menu-item depth-{topic % 3}"><a href="/topic/{topic}" data-track="{topic}">'
        f"<span>Topic {topic} of the day</span></a></li>"
    )


def _teaser(other: int) -> str:
    return (
        f'<div class="card"><a href="/page/{other}"><picture><source srcset="/{other}.webp"><img '
        f'src="/{other}.jpg" alt="Picture {other}"></picture><h3>{headline(other)}</h3></a>'
        f'<p class="teaser">What is known so far of the happening number {other}, in a line.</p>'
        f'<div class="share"><button data-id="{other}">Share</button><span>3 min</span></div></div>'
    )


def headline(number: int) -> str:
    return f"Headline of article {number}"


def feed(number: int, origin: str, at: datetime) -> bytes:
    items = "".join(
        f"<item><title>{headline(each)}</title><link>{origin}/page/{each}</link>"
        f"<guid>{origin}/page/{each}</guid><description>A teaser of article {each}.</description>"
        f"<pubDate>{format_datetime(at - timedelta(minutes=each % A_FEED))}</pubDate></item>"
        for each in range(number * A_FEED, (number + 1) * A_FEED)
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>Feed {number}</title>'
        f"<link>{origin}/</link><description>-</description>{items}</channel></rss>"
    ).encode()


def serve(pages: int) -> None:
    """Answer /feed/N and /page/N until killed; prints the port once all is made."""
    press, at = Press(), datetime.now(UTC)
    made = [page(press, number) for number in range(pages)]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_GET(self) -> None:
            _, kind, number = self.path.split("/")
            port = self.server.server_address[1]
            origin = f"http://127.0.0.1:{port}"
            feeds = kind == "feed"
            body = feed(int(number), origin, at) if feeds else made[int(number)]
            self.send_response(200)
            self.send_header("Content-Type", "application/rss+xml" if feeds else "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()


@contextmanager
def web(pages: int) -> Iterator[int]:
    """Serve while the block lasts; gives the port."""
    command = [sys.executable, __file__, "serve", str(pages)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline())
        finally:
            server.kill()


# -- the floor ------------------------------------------------------------------------------------


def library_calls(port: int, feeds: range) -> int:
    """Do what cannot be done without, and keep nothing; counts the pages."""
    import feedparser
    import trafilatura

    connection = http.client.HTTPConnection("127.0.0.1", port)

    def body(path: str) -> bytes:
        connection.request("GET", path)
        return connection.getresponse().read()

    count = 0
    for number in feeds:
        parsed = feedparser.parse(
            body(f"/feed/{number}"), sanitize_html=False, resolve_relative_uris=False
        )
        for entry in parsed.entries:
            text = trafilatura.extract(body("/page/" + entry.link.rpartition("/")[2]))
            _minhash(text or "")
            count += 1
    return count


def _minhash(text: str) -> None:
    from datasketch import MinHash  # not in the process that only serves

    words = text.lower().split()
    shingles = [" ".join(words[at : at + 3]).encode() for at in range(len(words))]
    MinHash(num_perm=128).update_batch(shingles)


def floor(port: int, pages: int) -> tuple[float, float]:
    """Give seconds and CPU seconds of the library calls in warm processes, imports left out."""
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        list(pool.map(library_calls, [port] * PROCESSES, [range(1)] * PROCESSES))  # imports
        feeds = pages // A_FEED
        warm = sum(pool.map(cpu_seconds, range(PROCESSES)))
        began = time.perf_counter()
        shares = [range(at, feeds, PROCESSES) for at in range(PROCESSES)]
        done = sum(pool.map(library_calls, [port] * PROCESSES, shares))
        seconds = time.perf_counter() - began
        spent = sum(pool.map(cpu_seconds, range(PROCESSES))) - warm
    assert done == pages, f"{done} of {pages} pages"
    return seconds, spent


def cpu_seconds(_: int) -> float:
    time.sleep(0.2)  # so that each process of the pool answers once
    return time.process_time()


# -- ours -----------------------------------------------------------------------------------------


def ours(port: int, pages: int) -> tuple[float, float]:
    """Give seconds and CPU seconds of `run --once` on an empty state, start-up included."""
    with TemporaryDirectory() as folder:
        config = Path(folder, "newsmon.toml")
        feeds = "".join(
            f'[[feed]]\nurl = "http://127.0.0.1:{port}/feed/{number}"\nfull_text = "page"\n'
            f'allow_private = ["127.0.0.1:{port}"]\n'
            for number in range(pages // A_FEED)
        )
        config.write_text(f'[monitor]\nstate = "{folder}/state"\n{feeds}')
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.perf_counter()
        command = [sys.executable, "-m", "monitor", "run", "--once", "--config", str(config)]
        subprocess.run(command, check=True, capture_output=True)
        seconds = time.perf_counter() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-m", "monitor", "status", "--json", "--config", str(config)]
        said = subprocess.run(command, check=False, capture_output=True, text=True).stdout
        assert f'"documents": {pages}' in said, said
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


# -- stage by stage -------------------------------------------------------------------------------


def stages() -> Iterator[tuple[str, float, float]]:
    """Give the name of each stage, milliseconds of CPU of the library alone, and of ours."""
    import feedparser
    import trafilatura

    from monitor import dedupe, extract, feeds

    press, at = Press(), datetime.now(UTC)
    polled = [feed(number, "http://127.0.0.1", at) for number in range(STAGE // 10)]
    pages = [page(press, number) for number in range(STAGE)]
    documents = [press.article(number)[0] for number in range(STAGE)]
    yield (
        f"a feed of {A_FEED} entries",
        milliseconds(
            polled,
            lambda body: feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False),
        ),
        milliseconds(polled, lambda body: feeds.parse(body, url="http://127.0.0.1/feed", now=at)),
    )
    yield (
        "the text of a page",
        milliseconds(pages, trafilatura.extract),
        milliseconds(
            pages,
            lambda body: extract.extract(body, url="http://127.0.0.1/page", now=at, dated=True),
        ),
    )
    yield (
        "a signature",
        milliseconds(documents, lambda document: _minhash(document.text)),
        milliseconds(documents, lambda document: dedupe.sign(dedupe.prepare(document))),
    )


def milliseconds(inputs: Sequence[T], work: Callable[[T], object]) -> float:
    """Give milliseconds of CPU each; the first one, which imports, is left out."""
    work(inputs[0])
    began = time.process_time()
    for each in inputs[1:]:
        work(each)
    return (time.process_time() - began) * 1000 / (len(inputs) - 1)


def main(pages: int, times: int) -> None:
    print(f"{'':28}{'library':>10}{'newsmon':>10}{'ratio':>8}")
    for name, library, newsmon in stages():
        print(f"{name:28}{library:7.2f} ms{newsmon:7.2f} ms{newsmon / library:7.2f}x")
    print(f"{pages} pages of {A_FEED} to a feed, {os.cpu_count()} processors, median of {times}")
    with web(pages) as port:
        runs = [(floor(port, pages), ours(port, pages)) for _ in range(times)]
    print(f"{'':28}{'wall':>9}{'CPU':>9}{'pages a second':>18}")
    for name, which in (("floor: library calls alone", 0), ("newsmon run --once", 1)):
        wall = median(run[which][0] for run in runs)
        spent = median(run[which][1] for run in runs)
        print(f"{name:28}{wall:7.1f} s{spent:7.1f} s{pages / wall:18.0f}")
    speed, cost = (median(run[0][at] / run[1][at] for run in runs) for at in (0, 1))
    print(f"of the floor's speed        {speed:9.0%}{cost:9.0%}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(int(sys.argv[2]))
    else:
        counts = [int(each) for each in sys.argv[1:]]
        main(*(counts + [PAGES, TIMES][len(counts) :]))
