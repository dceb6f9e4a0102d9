"""Whatever comes in: one clear line, the promised exit code, and nothing lost beside it."""

import gzip
import json
import subprocess
import sys
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from tests.system.newsroom import Daemon, Press

Answer = Callable[[BaseHTTPRequestHandler], None]

GOOD = (
    "The city of Lindar opens a second library in the old customs house by the river, the mayor"
    " said. The reading rooms will have space for two hundred people and stay open until midnight."
)


def send(body: bytes, *, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        sent = {"Content-Type": "application/rss+xml", "Content-Length": str(len(body))}
        for name, value in (sent | (headers or {})).items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)

    return answer


def cut(request: BaseHTTPRequestHandler) -> None:
    """Promise more than is sent, then hang up."""
    request.close_connection = True
    send(b"<rss version='2.0'><channel><title>T", headers={"Content-Length": "9000"})(request)


def endless(request: BaseHTTPRequestHandler) -> None:
    """A body of 100 MB."""
    request.close_connection = True
    size = 100_000_000
    request.send_response(200)
    request.send_header("Content-Length", str(size))
    request.end_headers()
    for _ in range(size // 1_000_000):
        request.wfile.write(b"<!--" + b"x" * 999_993 + b"-->")


def to(url: str) -> Answer:
    return send(b"", status=302, headers={"Location": url})


FAULTS: dict[str, tuple[Answer, str]] = {
    "a web page": (send(b"<html><body><p>Welcome</p></body></html>"), "HTML"),
    "nothing": (send(b""), "empty"),
    "a cut body": (cut, "cut short"),
    "100 MB": (endless, "100,000,000 bytes"),
    "a gzip bomb": (
        send(gzip.compress(b" " * 200_000_000), headers={"Content-Encoding": "gzip"}),
        "unpacks to too much",
    ),
    "a redirect in a circle": (to("feed"), "redirect"),
    "a redirect to another port of this machine": (to("http://127.0.0.1:9/feed"), "port"),
    "a redirect to cloud metadata": (to("http://169.254.169.254/latest"), "169.254"),
    "a redirect to a file": (to("file:///etc/passwd"), "file"),
    "no such feed": (send(b"", status=404), "404"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_broken_feed_says_why_and_harms_no_other(name: str, press: Press, daemon: Daemon) -> None:
    answer, word = FAULTS[name]
    press.answers["/1/feed"] = answer
    press.publish(2, "library", "Lindar opens a library", GOOD)
    press.publish(3, "other", "Another library", GOOD)
    done = daemon.command("poll")
    assert done.returncode == 0
    assert "2 with 2 new entries" in done.stdout
    (line,) = [each for each in done.stderr.splitlines() if press.url(1) in each and ": " in each][
        -1:
    ]
    assert word.lower() in line.lower()
    assert "Traceback" not in done.stderr


def test_a_feed_in_an_old_encoding_is_read(press: Press, daemon: Daemon) -> None:
    text = (
        '<?xml version="1.0" encoding="windows-1251"?><rss version="2.0"><channel><title>T</title>'
        "<item><title>Паром затонул у острова</title><link>https://x.example/1</link></item>"
        "</channel></rss>"
    )
    press.answers["/1/feed"] = send(text.encode("windows-1251"))
    done = daemon.command(
        "feeds", "try", press.url(1), "--allow-private", f"127.0.0.1/32:{press.port}", "--json"
    )
    assert json.loads(done.stdout)["entries"][0]["title"] == "Паром затонул у острова"


def test_a_page_that_hangs_the_extractor_is_left_and_the_summary_stands_in(
    press: Press, daemon: Daemon
) -> None:
    press.publish(1, "bomb", "Lindar opens a library", GOOD)
    attributes = " ".join(f"a{n}=b" for n in range(200_000))
    page = f"<html><body><p {attributes}>x</p></body></html>".encode()
    press.answers["/1/bomb"] = send(page, headers={"Content-Type": "text/html"})
    press.publish(2, "fine", "Another library", f"{GOOD} It is the second in the town.")
    began = time.monotonic()
    done = daemon.command("run", "--once", timeout=90)
    assert done.returncode == 0
    assert time.monotonic() - began < 60
    titles = {event["title"] for event in daemon.json("events")}
    assert {"Lindar opens a library", "Another library"} >= titles
    documents = sum(len(event["documents"]) for event in daemon.json("events"))
    assert documents == 2


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("[monitor]", "[monitor", "not TOML"),
        ('every = "1s"', 'evry = "1s"', 'did you mean "every"?'),
        ('send_to = ["desk"]', 'send_to = ["dsk"]', 'did you mean "desk"?'),
        ("[monitor]", '[monitor]\ntimezone = "Europe/Warsw"', "no time zone"),
        ("mailto://", "mailto://u:${NEWSMON_TEST_SECRET}@", "NEWSMON_TEST_SECRET"),
        ("mailto://", "mailtoo://", "mailtoo"),
        ('any = ["Lindar"]', 'search = "Lindar AND ("', "position"),
    ],
    ids=["broken-toml", "unknown-key", "unknown-target", "zone", "secret", "scheme", "search"],
)
def test_a_wrong_config_is_refused_with_the_remedy(
    old: str, new: str, wanted: str, daemon: Daemon
) -> None:
    daemon.config.write_text(daemon.config.read_text().replace(old, new))
    done = daemon.command("check")
    assert done.returncode == (0 if old == "mailto://" and "$" in new else 78)
    assert wanted in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("[monitor]", "[monitor", "not TOML"),
        ("mailto://", "mailto://u:${NEWSMON_TEST_SECRET}@", "NEWSMON_TEST_SECRET"),
        ('any = ["Lindar"]', 'search = "Lindar AND ("', "position"),
    ],
    ids=["broken-toml", "secret", "search"],
)
def test_the_daemon_does_not_start_with_such_a_config(
    old: str, new: str, wanted: str, daemon: Daemon
) -> None:
    daemon.config.write_text(daemon.config.read_text().replace(old, new))
    done = daemon.command("run", "--once")
    assert done.returncode == 78
    assert wanted in done.stderr
    assert "Traceback" not in done.stderr
    assert not (daemon.folder / "state" / "newsmon.db").exists()


def test_a_faulty_search_is_named_with_its_line_by_all_that_need_it(daemon: Daemon) -> None:
    good = daemon.config.read_text()
    daemon.config.write_text(good.replace('any = ["Lindar"]', 'search = "Lindar AND ("'))
    (number,) = (n for n, line in enumerate(good.splitlines(), 1) if line == 'any = ["Lindar"]')
    place = f'line {number}  [[watch]] "everything from Lindar": search: expected a search term'
    (daemon.folder / "archive").write_text("")
    for words in ("check", "run", "run --once", "digest --preview", "replay archive"):
        done = daemon.command(*words.replace("archive", f"{daemon.folder}/archive").split())
        assert done.returncode == 78, words
        assert place in " ".join(done.stderr.split("\n  ")), words


def test_a_state_folder_that_cannot_be_written_is_73_and_one_line(daemon: Daemon) -> None:
    (daemon.folder / "state").write_text("a file where the folder should be")
    done = daemon.command("run", "--once")
    assert done.returncode == 73
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_reading_command_without_a_database_names_the_path_and_creates_none(
    daemon: Daemon,
) -> None:
    done = daemon.command("events")
    assert done.returncode == 73
    assert str(daemon.folder / "state" / "newsmon.db") in done.stderr
    assert not (daemon.folder / "state").exists()


def test_what_is_no_database_is_named_and_set_aside_as_it_was(daemon: Daemon) -> None:
    state = daemon.folder / "state"
    state.mkdir()
    nonsense = b"this is no database, whatever its name says" * 100
    (state / "newsmon.db").write_bytes(nonsense)
    done = daemon.command("run", "--once")
    assert "was set aside" in done.stderr
    (aside,) = state.glob("damaged/*/newsmon.db")
    assert aside.read_bytes() == nonsense
    said = json.loads(daemon.command("status", "--json").stdout)
    assert any(str(aside.parent) in each for each in said["problems"])


def test_an_unknown_command_is_64_and_an_unknown_event_is_1(press: Press, daemon: Daemon) -> None:
    press.publish(1, "library", "Lindar opens a library", GOOD)
    assert daemon.command("run", "--once").returncode == 0
    assert daemon.command("evnts").returncode == 64
    assert daemon.command("show", "ev-nothing").returncode == 1
    assert daemon.command("why", "https://nowhere.example/").returncode == 1
    assert daemon.command("search", "nothingofthekind").returncode == 1


def test_an_archive_with_broken_lines_is_told_by_line_and_the_rest_is_taken(
    tmp_path: Path,
) -> None:
    fine = {"id": "a", "text": GOOD, "published": "2025-01-11T14:05:00Z", "title": "T"}
    lines = [
        json.dumps(fine),
        "{not json",
        json.dumps({"id": "b", "text": GOOD}),
        json.dumps(fine),
        json.dumps(fine | {"id": "c", "published": "2025-01-12T10:00:00"}),
        json.dumps(fine | {"id": "d", "text": f"{GOOD} And more of it."}),
    ]
    archive = tmp_path / "archive.jsonl"
    archive.write_text("\n".join(lines))
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "replay", str(archive)],
        capture_output=True,
        text=True,
        check=True,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["id"] for line in told if line["type"] == "document"] == ["a", "d"]
    assert [line.split(":")[1].strip() for line in done.stderr.splitlines()] == [
        "line 2",
        "line 3",
        "line 4",
        "line 5",
    ]
