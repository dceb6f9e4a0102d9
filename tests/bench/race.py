"""newsmon beside other feed readers on the same feeds: `make bench`.

Feeds are served on loopback with ETags by a process of its own, a fresh one for each reader. Each
polls three times: everything new, nothing changed, one feed in twenty with new entries. Readers
that are not installed are named and left out. Prints medians of seconds and CPU seconds, and how
many times as long as newsmon each takes; compares nothing else.

    python tests/bench/race.py [FEEDS [TIMES]]

reader and rss2email are on PyPI, newsboat is a system package; RACE_PYTHON names a Python in which
the first two are installed.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import ClassVar
from urllib.request import urlopen

FEEDS = 300
TIMES = 1
ENTRIES = 20
FRESH = 3  # entries of a feed that changed
CHANGED = 20  # one feed in so many
POLLS = ("everything new", "nothing changed", "one in twenty changed")
PYTHON = os.environ.get("RACE_PYTHON", sys.executable)


# -- the web --------------------------------------------------------------------------------------


def feed(number: int, added: int) -> bytes:
    """Give a feed of 20 entries, the newest first; `added` of them came after the first poll."""
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    items = "".join(
        f"<item><title>Entry {each} of feed {number}</title><link>/{number}/{each}</link>"
        f"<guid>{number}-{each}</guid><description>What entry {each} says: "
        f"{f'word {each} and ' * 20}no more.</description>"
        f"<pubDate>{format_datetime(at + timedelta(minutes=each))}</pubDate></item>"
        for each in range(ENTRIES + added - 1, added - 1, -1)
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>Feed {number}</title>'
        f"<link>/</link><description>-</description>{items}</channel></rss>"
    ).encode()


def serve() -> None:
    """Answer /feed/N until killed, and begin the next poll at /next; prints the port."""
    poll = 0

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_GET(self) -> None:
            nonlocal poll
            if self.path == "/next":
                poll += 1
                return self._answer(200, b"", "")
            number = int(self.path.rpartition("/")[2])
            added = FRESH if poll > len(POLLS) - 1 and number % CHANGED == 0 else 0
            etag = f'"{number}-{added}"'
            if self.headers.get("If-None-Match") == etag:
                return self._answer(304, b"", etag)
            return self._answer(200, feed(number, added), etag)

        def _answer(self, status: int, body: bytes, etag: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("ETag", etag)
            if status == 200:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_port, flush=True)
    server.serve_forever()


@contextmanager
def web() -> Iterator[str]:
    """Serve while the block lasts; gives the origin."""
    command = [sys.executable, __file__, "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(server.stdout.readline())}"
        finally:
            server.kill()


# -- the readers ----------------------------------------------------------------------------------


class Contender(ABC):
    """A feed reader: its config, its command for one poll, what it stored."""

    name: ClassVar[str]

    def __init__(self, folder: Path, urls: list[str]) -> None:
        self.folder, self.urls = folder, urls

    @classmethod
    @abstractmethod
    def installed(cls) -> bool: ...

    @abstractmethod
    def command(self) -> list[str]:
        """Write what it needs, once, and give the command of a poll."""

    @abstractmethod
    def stored(self) -> int:
        """Count its entries."""


class Newsmon(Contender):
    name = "newsmon"

    @classmethod
    def installed(cls) -> bool:
        return True

    def command(self) -> list[str]:
        port = self.urls[0].split("/")[2].partition(":")[2]
        feeds = "".join(
            f'[[feed]]\nurl = "{url}"\nallow_private = ["127.0.0.1:{port}"]\n' for url in self.urls
        )
        self._config = self.folder / "newsmon.toml"
        self._config.write_text(f'[monitor]\nstate = "{self.folder}/state"\n{feeds}')
        return self._newsmon("poll")

    def stored(self) -> int:
        said = subprocess.run(self._newsmon("status", "--json"), check=False, capture_output=True)
        return int(json.loads(said.stdout)["totals"]["entries"])

    def _newsmon(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "monitor", *arguments, "--config", str(self._config)]


class Reader(Contender):
    name = "reader, 4 workers"

    @classmethod
    def installed(cls) -> bool:
        return _imports("reader")

    def command(self) -> list[str]:
        subprocess.run(self._python("[r.add_feed(u) for u in sys.argv[2:]]"), check=True)
        return self._python("r.update_feeds(workers=4, scheduled=False)")[:4]

    def stored(self) -> int:
        said = subprocess.run(
            self._python("print(r.get_entry_counts().total)")[:4], check=True, capture_output=True
        )
        return int(said.stdout)

    def _python(self, code: str) -> list[str]:
        opened = "import sys; from reader import make_reader; r = make_reader(sys.argv[1]); "
        return [PYTHON, "-c", opened + code, str(self.folder / "reader.db"), *self.urls]


class Rss2email(Contender):
    name = "rss2email"

    @classmethod
    def installed(cls) -> bool:
        return _imports("rss2email")

    def command(self) -> list[str]:
        feeds = "".join(f"[feed.f{at}]\nurl = {url}\n" for at, url in enumerate(self.urls))
        head = "[DEFAULT]\nto = a@example.org\nfrom = b@example.org\nactive = True\n"
        self._data = self.folder / "r2e.json"
        (self.folder / "r2e.cfg").write_text(f"{head}verbose = error\n{feeds}")
        run = ["-c", str(self.folder / "r2e.cfg"), "-d", str(self._data), "run", "--no-send"]
        return [PYTHON, "-c", "from rss2email.main import run; run()", *run]

    def stored(self) -> int:
        return sum(len(each["seen"]) for each in json.loads(self._data.read_text())["feeds"])


class Newsboat(Contender):
    name = "newsboat, 8 threads"

    @classmethod
    def installed(cls) -> bool:
        return shutil.which("newsboat") is not None

    def command(self) -> list[str]:
        (self.folder / "config").write_text("reload-threads 8\nmax-items 0\n")
        (self.folder / "urls").write_text("\n".join(self.urls) + "\n")
        files = [f"-{flag}{self.folder / name}" for flag, name in FILES]
        return ["newsboat", *files, "-x", "reload"]

    def stored(self) -> int:
        import sqlite3

        with sqlite3.connect(self.folder / "cache.db") as cache:
            return int(cache.execute("SELECT count(*) FROM rss_item").fetchone()[0])


FILES = (("C", "config"), ("u", "urls"), ("c", "cache.db"))
CONTENDERS: tuple[type[Contender], ...] = (Newsmon, Reader, Rss2email, Newsboat)


def _imports(name: str) -> bool:
    command = [PYTHON, "-c", f"import {name}"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


# -- the race -------------------------------------------------------------------------------------


def race(kind: type[Contender], feeds: int) -> list[tuple[float, float]]:
    """Give seconds and CPU seconds of each poll."""
    with web() as origin, TemporaryDirectory() as folder:
        contender = kind(Path(folder), [f"{origin}/feed/{each}" for each in range(feeds)])
        command = contender.command()
        found = []
        for _ in POLLS:
            with urlopen(f"{origin}/next"):
                pass
            found.append(_timed(command))
        expected = feeds * ENTRIES + -(-feeds // CHANGED) * FRESH
        assert contender.stored() == expected, f"{contender.stored()} entries of {expected}"
    return found


def _timed(command: list[str]) -> tuple[float, float]:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(feeds: int, times: int) -> None:
    print(f"{feeds} feeds of {ENTRIES} entries, {os.cpu_count()} processors, median of {times}")
    print(f"{'':22}" + "".join(f"{each:>34}" for each in POLLS))
    ours: list[float] = []
    for kind in CONTENDERS:
        if not kind.installed():
            print(f"{kind.name:22}is not installed here")
            continue
        rounds = [race(kind, feeds) for _ in range(times)]
        polls = [[median(each[n][m] for each in rounds) for m in (0, 1)] for n in range(len(POLLS))]
        ours = ours or [wall for wall, _ in polls]
        cells = (
            f"{f'{wall:.2f} s, CPU {cpu:.2f} s, x{wall / own:.1f}':>34}"
            for (wall, cpu), own in zip(polls, ours, strict=True)
        )
        print(f"{kind.name:22}" + "".join(cells))


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        serve()
    else:
        counts = [int(each) for each in sys.argv[1:]]
        main(*(counts + [FEEDS, TIMES][len(counts) :]))
