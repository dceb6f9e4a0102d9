"""Many feeds, dead and slow ones among them, and many polls: `make soak`. Prints, compares nothing.

A press on loopback, in a process of its own, answers for a hundred hosts (127.0.1.1 …): feeds with
an ETag, a change now and then, some that take their time. Dead feeds are at hosts where nobody
listens.
"""

import asyncio
import random
import resource
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import uvloop

from monitor import config
from monitor.app import Store
from monitor.fetch import Fetcher
from monitor.jobs import Newsmon
from monitor.net import Door
from monitor.testing import Mailbox
from monitor.worker.pool import Workers

HOSTS = 100
MANY, DEAD, SLOW = 10_000, 0.05, 0.01
SLOW_SECONDS = 8.0
SOAK_FEEDS, SOAK_ROUNDS, CHANGED = 200, 50, 0.05
REST = '[[watch]]\nname = "w"\nany = ["xyzzy"]\nsend_to = ["d"]\n[[target]]\nname = "d"\n'


async def press() -> None:
    """Answer `/STATE/NUMBER`; the edition is how often `/changed` was asked for."""
    edition = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal edition
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                _, state, number = head.split(b" ", 2)[1].decode().split("/")
                edition += state == "changed"
                if state == "slow":
                    await asyncio.sleep(SLOW_SECONDS)
                mine = edition - int(number) % round(1 / CHANGED)
                version = mine // round(1 / CHANGED)
                etag = f'"{version}"'
                if f"If-None-Match: {etag}".encode() in head:
                    writer.write(f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode())
                    continue
                body = _feed(number, version)
                length = f"Content-Length: {len(body)}\r\nETag: {etag}\r\n\r\n"
                writer.write(b"HTTP/1.1 200 OK\r\n" + length.encode() + body)
        except (OSError, asyncio.IncompleteReadError, ValueError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, [f"127.0.1.{n + 1}" for n in range(HOSTS)], 8089)
    print("ready", flush=True)
    async with server:
        await server.serve_forever()


def _feed(number: str, version: int) -> bytes:
    items = "".join(
        f"<item><title>Item {n} of feed {number}</title><link>/{number}/{n}</link><description>"
        f"Nothing of note was decided at meeting {n} of council {number}.</description></item>"
        for n in range(version + 5, version, -1)
    )
    return f"<rss version='2.0'><channel><title>F{number}</title>{items}</channel></rss>".encode()


def tables(count: int, *, troubled: bool) -> str:
    """The config of so many feeds, some of them dead or slow."""
    chance = random.Random(7)  # noqa: S311 - the same feeds every time
    found = []
    for n in range(count):
        luck = chance.random() if troubled else 1.0
        host = f"127.0.{2 if luck < DEAD else 1}.{n % HOSTS + 1}"
        state = "slow" if DEAD <= luck < DEAD + SLOW else "feed"
        found.append(
            f'[[feed]]\nurl = "http://{host}:8089/{state}/{n}"\nfull_text = "feed"\n'
            f'allow_private = ["{host}/32:8089"]\n'
        )
    return f'{"".join(found)}{REST}url = "mailto://localhost?to=d@example.org"\n'


def many() -> None:
    """Ten thousand feeds, twice: all new, then nothing changed."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "newsmon.toml")
        path.write_text(f'[monitor]\nstate = "{folder}/state"\n{tables(MANY, troubled=True)}')
        for what in ("all new", "unchanged"):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            began = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-m", "monitor", "poll", "--config", str(path)],
                capture_output=True,
                text=True,
                check=True,
            )
            wall = time.perf_counter() - began
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            print(f"{MANY} feeds, {what}: {done.stdout.strip()}")
            print(f"  {wall:.1f} s, {cpu:.1f} s of computing, {after.ru_maxrss / 1024:.0f} MB")


async def soak(folder: Path) -> None:
    """Ten thousand polls in one process: memory, descriptors and threads must not grow."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    store = Store.open(folder, durable=False)
    async with Door() as door, Workers() as workers:
        newsmon = Newsmon(
            config.parse(tables(SOAK_FEEDS, troubled=False), "soak", {}),
            store,
            fetcher=Fetcher(door, contact="", version="0", now=lambda: now),
            reader=workers,
            notifiers=lambda _: Mailbox(at=now),
            clock=lambda: now,
        )
        memory = []
        for round_ in range(SOAK_ROUNDS):
            now += timedelta(minutes=15)
            await newsmon.polls.ask(await newsmon.polls.due(everything=True))
            await newsmon.ingest()
            await door.request("http://127.0.1.1:8089/changed/0", headers={}, allow=_allowed())
            memory.append(_resident())
            if round_ % 10 == 9:
                print(
                    f"  {(round_ + 1) * SOAK_FEEDS:6} polls: {memory[-1] / 1e6:.1f} MB,"
                    f" {_descriptors()} descriptors,"
                    f" {threading.active_count()} threads",
                    flush=True,
                )
        half = memory[SOAK_ROUNDS // 2 :]  # what is loaded late, and caches, are not growth
        slope = (half[-1] - half[0]) / 1e6 / (len(half) * SOAK_FEEDS) * 1000
        print(f"  {slope:+.2f} MB for 1,000 polls")
        newsmon.close()
    store.database.close()


def _allowed() -> tuple[config.PrivateNetwork, ...]:
    return (config.private_network("127.0.1.1/32:8089"),)


def _descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def main() -> None:
    server = subprocess.Popen([sys.executable, __file__, "press"], stdout=subprocess.PIPE)
    assert server.stdout is not None
    try:
        server.stdout.readline()
        with TemporaryDirectory() as folder:
            print(f"soak: {SOAK_FEEDS} feeds, {SOAK_ROUNDS} rounds")
            uvloop.run(soak(Path(folder)))
        many()
    finally:
        server.kill()
        server.wait()


if __name__ == "__main__":
    if sys.argv[1:] == ["press"]:
        asyncio.run(press())
    else:
        main()
