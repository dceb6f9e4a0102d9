"""Workers as processes: they answer, die, are replaced, and take nobody with them."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
import uvloop

from monitor.model import EntryId, Extracted, ParsedFeed, WorkerProblem
from monitor.worker import pool
from monitor.worker.pool import Workers

T = TypeVar("T")
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
URL = "https://gazette.example/feed"
FEED = b"""<rss version="2.0"><channel><title>Harbour Gazette</title>
<item><title>Ferry returns</title><link>/1</link><guid>one</guid></item></channel></rss>"""
STORY = " ".join(
    f"The harbour master said on day {n} that the ferry would sail again." for n in range(30)
)
PAGE = f"<html><head><title>Ferry</title></head><body><article>{STORY}</article></body></html>"


def with_workers(job: Callable[[Workers], Awaitable[T]], count: int = 1) -> T:
    async def run() -> T:
        async with Workers(count) as workers:
            return await job(workers)

    return uvloop.run(run())


def attributes(count: int) -> bytes:
    return (
        b"<rss version='2.0'><channel><item "
        + b" ".join(b'a%d="b"' % n for n in range(count))
        + b"/></channel></rss>"
    )


def test_a_feed_is_parsed_in_a_worker() -> None:
    found = with_workers(lambda w: w.parse(FEED, url=URL, now=NOW))
    assert isinstance(found, ParsedFeed)
    assert [(e.title, e.url) for e in found.entries] == [
        ("Ferry returns", "https://gazette.example/1")
    ]


def test_known_entries_travel_to_the_worker() -> None:
    async def job(workers: Workers) -> tuple[EntryId, int]:
        first = await workers.parse(FEED, url=URL, now=NOW)
        assert isinstance(first, ParsedFeed)
        known = frozenset(entry.id for entry in first.entries)
        again = await workers.parse(FEED, url=URL, now=NOW, known=known)
        assert isinstance(again, ParsedFeed)
        return again.entries[0].id, len(again.entries)

    assert with_workers(job)[1] == 1


def test_a_page_is_read_in_a_worker() -> None:
    found = with_workers(lambda w: w.extract(PAGE.encode(), url=URL, now=NOW))
    assert isinstance(found, Extracted)
    assert found.usable
    assert found.text.startswith("The harbour master said on day 0")
    assert found.language == "en"


def test_what_is_no_feed_is_said_in_words() -> None:
    page = b'<html><link rel="alternate" type="application/rss+xml" href="/rss.xml"></html>'
    found = with_workers(lambda w: w.parse(page, url=URL, now=NOW))
    assert found == WorkerProblem(
        kind="unparsable",
        reason="this is an HTML page; feeds it names: https://gazette.example/rss.xml",
    )


def test_a_feed_that_makes_its_parser_raise_costs_nobody_else() -> None:
    odd = FEED.replace(b"Ferry", b"&#xFFFFFFFFF;")

    async def job(workers: Workers) -> tuple[ParsedFeed | WorkerProblem, ...]:
        return await asyncio.gather(
            *(workers.parse(body, url=URL, now=NOW) for body in (odd, FEED, odd, FEED))
        )

    found = with_workers(job)
    assert [isinstance(one, ParsedFeed) for one in found[1::2]] == [True, True]


def test_a_feed_that_computes_for_ever_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "FEED", pool.Limits(cpu=1, wall=60))

    async def job(workers: Workers) -> tuple[ParsedFeed | WorkerProblem, ...]:
        stuck = await workers.parse(attributes(60_000), url=URL, now=NOW)
        return stuck, await workers.parse(FEED, url=URL, now=NOW)

    stuck, after = with_workers(job)
    assert stuck == WorkerProblem(kind="timeout", reason="more than 1 s of computing")
    assert isinstance(after, ParsedFeed)


def test_a_worker_that_is_silent_too_long_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "FEED", pool.Limits(cpu=30, wall=0.3))
    found = with_workers(lambda w: w.parse(attributes(60_000), url=URL, now=NOW))
    assert found == WorkerProblem(kind="timeout", reason="no answer in 0.3 s")


def test_a_page_that_kills_its_worker_leaves_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "PAGE", pool.Limits(cpu=1, wall=60))
    bare = "/".join(f"a{n}" for n in range(100_000))  # no `=` and no blank: only the clock tells
    page = f"<html><body {bare}><p>{STORY}</p></body></html>".encode()
    found = with_workers(lambda w: w.extract(page, url=URL, now=NOW))
    assert isinstance(found, Extracted)
    assert not found.usable
    assert found.problem == "timeout: more than 1 s of computing"
    assert found.text == STORY


def test_a_worker_killed_from_outside_is_replaced() -> None:
    async def job(workers: Workers) -> tuple[ParsedFeed | WorkerProblem, ...]:
        await workers.parse(FEED, url=URL, now=NOW)
        os.kill(_only_child(), signal.SIGKILL)
        lost = await workers.parse(FEED, url=URL, now=NOW)
        return lost, await workers.parse(FEED, url=URL, now=NOW)

    lost, after = with_workers(job)
    assert lost == WorkerProblem(kind="crashed", reason="its worker ended with signal 9")
    assert isinstance(after, ParsedFeed)


def test_a_worker_that_died_while_it_waited_costs_no_task() -> None:
    async def job(workers: Workers) -> tuple[ParsedFeed | WorkerProblem, int]:
        await workers.parse(FEED, url=URL, now=NOW)
        child = _only_child()
        os.kill(child, signal.SIGKILL)
        await _until(lambda: not Path(f"/proc/{child}").exists())  # its end was taken note of
        return await workers.parse(FEED, url=URL, now=NOW), workers.kills

    found, kills = with_workers(job)
    assert isinstance(found, ParsedFeed)
    assert kills == 1


def test_a_cancelled_task_leaves_no_answer_for_the_next() -> None:
    async def job(workers: Workers) -> ParsedFeed | WorkerProblem:
        task = asyncio.create_task(workers.parse(attributes(30_000), url=URL, now=NOW))
        await asyncio.sleep(0)
        await _until(lambda: bool(_children()))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return await workers.parse(FEED, url=URL, now=NOW)

    assert isinstance(with_workers(job), ParsedFeed)


def test_a_worker_is_renewed_after_its_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "TASKS", 2)

    async def job(workers: Workers) -> list[int]:
        seen = []
        for _ in range(3):
            await workers.parse(FEED, url=URL, now=NOW)
            seen.append(len(_children()))
        return seen

    assert with_workers(job) == [1, 0, 1]


def test_idle_workers_are_stopped_and_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "IDLE_SECONDS", 0.05)

    async def job(workers: Workers) -> ParsedFeed | WorkerProblem:
        await workers.parse(FEED, url=URL, now=NOW)
        await _until(lambda: not _children())
        return await workers.parse(FEED, url=URL, now=NOW)

    assert isinstance(with_workers(job), ParsedFeed)


def test_workers_end_with_the_pool() -> None:
    with_workers(lambda w: w.parse(FEED, url=URL, now=NOW))
    assert _children() == []


def test_when_memory_is_short_a_worker_goes_before_the_daemon() -> None:
    async def eagerness(workers: Workers) -> list[int]:
        await workers.parse(FEED, url=URL, now=NOW)
        (child,) = _children()
        scores = Path(f"/proc/{child}/oom_score_adj"), Path("/proc/self/oom_score_adj")
        return [int(score.read_text()) for score in scores]

    child, parent = with_workers(eagerness)
    assert child > parent


def test_a_worker_stands_behind_the_daemon_for_the_processor() -> None:
    async def niceness(workers: Workers) -> int:
        await workers.parse(FEED, url=URL, now=NOW)
        (child,) = _children()
        return os.getpriority(os.PRIO_PROCESS, child)

    ours = os.getpriority(os.PRIO_PROCESS, 0)
    assert with_workers(niceness) > ours or ours == 19


PARENT = """
import asyncio, os, sys, uvloop
from datetime import UTC, datetime
from monitor.worker.pool import Workers
held = os.open(sys.argv[1], os.O_CREAT | os.O_RDWR)
os.set_inheritable(held, True)
async def main():
    async with Workers() as workers:
        body = b"<rss version='2.0'><channel><title>x</title></channel></rss>"
        await workers.parse(body, url="https://gazette.example/", now=datetime.now(UTC))
        stuck = b"<rss><item " + b" ".join(b'a%d="b"' % n for n in range(90_000)) + b"/></rss>"
        task = asyncio.create_task(workers.parse(stuck, url="", now=datetime.now(UTC)))
        await asyncio.sleep(0.2)
        print("busy", flush=True)
        await task
uvloop.run(main())
"""


def test_a_worker_inherits_nothing_and_dies_with_its_parent(tmp_path: Path) -> None:
    async def run() -> tuple[list[str], bytes]:
        root = Path(__file__).parents[2]
        parent = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", PARENT, str(tmp_path / "lock")),
            stdout=asyncio.subprocess.PIPE,
            cwd=root,
            env={**os.environ, "CANARY": "canary-secret"},
        )
        assert parent.stdout is not None
        assert await parent.stdout.readline() == b"busy\n"
        (child,) = _children(parent.pid)
        files, environment = _look_at(child)
        parent.kill()
        await parent.wait()
        await _until(lambda: _has_ended(child), seconds=2)
        return files, environment

    files, environment = uvloop.run(run())
    assert not any("lock" in name for name in files)
    assert b"canary" not in environment


async def _until(condition: Callable[[], bool], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - processes set no Event
            await asyncio.sleep(0.01)


def _look_at(process: int) -> tuple[list[str], bytes]:
    """Open files and environment."""
    opened = [str(one.readlink()) for one in Path(f"/proc/{process}/fd").iterdir()]
    return opened, Path(f"/proc/{process}/environ").read_bytes()


def _has_ended(process: int) -> bool:
    try:
        return ") Z " in Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return True


def _children(parent: int | None = None) -> list[int]:
    """Living workers of a process, by /proc."""
    parent = parent or os.getpid()
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            state, of = entry.joinpath("stat").read_text().rpartition(") ")[2].split()[:2]
            words = entry.joinpath("cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if int(of) == parent and state != "Z" and b"monitor.worker" in words:
            found.append(int(entry.name))
    return found


def _only_child() -> int:
    (child,) = _children()
    return child
