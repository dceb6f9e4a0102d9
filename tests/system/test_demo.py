"""The demo as a newcomer runs it: one command, no network, no config; what it says is true."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path("state/demo")

# Writes down every address that any process of the demo turns to.
SPY = """
import os, sys
def _watch(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo"):
        address = arguments[0] if event == "socket.getaddrinfo" else arguments[-1]
        with open(os.environ["SPY"], "a") as book:
            book.write(f"{event} {address!r}\\n")
sys.addaudithook(_watch)
"""


@dataclass
class Shown:
    """What one run of the demo left: its words, its letters, the addresses it turned to."""

    folder: Path
    words: str
    letters: list[EmailMessage]
    addresses: list[str]

    def to(self, name: str) -> list[EmailMessage]:
        return [each for each in self.letters if each["To"] == f"{name}@demo.example"]

    def ask(self, *command: str) -> list[dict[str, object]]:
        """Answer of a reading command about the demo's database."""
        answer = newsmon(self.folder, *command, "--json", "--config", f"{FOLDER}/newsmon.toml")
        return [json.loads(line) for line in answer.stdout.splitlines()]


def newsmon(folder: Path, *command: str, **extra: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "monitor", *command],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), **extra},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    folder, spy = tmp_path_factory.mktemp("cwd"), tmp_path_factory.mktemp("spy")
    (spy / "sitecustomize.py").write_text(SPY)
    book = spy / "addresses"
    ran = newsmon(folder, "demo", PYTHONPATH=f"{spy}{os.pathsep}{ROOT}", SPY=str(book))
    assert ran.stderr == ""
    letters = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in sorted(folder.joinpath(FOLDER).glob("*.eml"))
    ]
    return Shown(folder, ran.stdout, letters, book.read_text().splitlines())


def subjects(letters: list[EmailMessage]) -> list[str]:
    return [str(each["Subject"]) for each in letters]


def text(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_the_desk_hears_what_the_story_tells_once_each_and_in_its_order(shown: Shown) -> None:
    sarne, orlow = "Sarne dam bursts above Lower Talven", "Waste dam gives way at Orlow"
    told = [
        rf"^New: {sarne}.*\(2 sources\)",
        rf"^People killed: at least 12 -> at least 17 .*{sarne}",
        rf"^New: {orlow}.*\(1 source\)",
        rf"^People killed: at least 17 -> 23 .*{sarne}",
        rf"^People missing: .*differ.*{sarne}",
        rf"^People killed: 5 -> 7 .*{orlow}",
        rf"^People killed: 23 -> 31 .*{sarne}",
        rf"^Corrected: People killed: 31 -> 28 .*{sarne}",
        rf"^Damage in euros: about €400 million -> about €650 million .*{sarne}",
    ]
    heard = subjects(shown.to("desk"))
    assert len(heard) == len(told), heard
    for subject, pattern in zip(heard, told, strict=True):
        assert re.search(pattern, subject), (pattern, subject)


def test_the_editor_hears_once_a_day(shown: Shown) -> None:
    days = [str(each["Date"]) for each in shown.to("editor")]
    assert [day[:11] for day in days] == ["Tue, 10 Mar", "Wed, 11 Mar", "Thu, 12 Mar"]
    assert all(" 18:00:" in day for day in days)


def test_each_event_is_one_thread(shown: Shown) -> None:
    threads = {str(each["References"]) for each in shown.to("desk")}
    assert len(threads) == 2


def test_a_change_quotes_both_values_with_outlet_and_link(shown: Shown) -> None:
    letter = text(shown.to("desk")[1])
    assert "at least 12  ->  at least 17" in letter
    assert re.search(r"now .*Talven.*at least 17 people|now(.|\n)*at least 17 people", letter)
    assert re.search(r"The Ketrian, 10 Mar 09:10\s+http://127\.0\.0\.1:\d+/ketrian/", letter)
    assert re.search(r"before(.|\n)*12 people were killed", letter, re.IGNORECASE)


def test_a_disagreement_names_both_sides(shown: Shown) -> None:
    letter = text(shown.to("desk")[4])
    assert "at least 90, per interior ministry" in letter
    assert "35, per Valley Growers Union" in letter


def test_copies_are_counted_and_never_told(shown: Shown) -> None:
    assert "2 independent, 3 articles (+2 copies)" in text(shown.to("desk")[1])
    for copy in ("reprint-harbour", "reprint-courier"):
        assert not any(copy in text(letter) for letter in shown.letters)


def test_no_noise_number_is_told(shown: Shown) -> None:
    noise = ("100 crowns", "9.90", "98.4", "249", "1958", "1964", "61", "82", "212")
    figures = [line for event in shown.ask("events") for line in event["figures"]]  # type: ignore[attr-defined]
    values = {str(each["value"]["surface"]) for each in figures}
    assert not values & set(noise)
    told = "\n".join(text(letter) for letter in shown.letters)
    assert not [each for each in noise if re.search(rf"(?<![\d:/-]){each}(?![\d-])\s*->", told)]
    assert "crowns" not in told


def test_baseline_and_unwatched_news_stay_silent(shown: Shown) -> None:
    told = "\n".join(text(letter) for letter in shown.letters)
    for silent in ("library", "Tram line", "chess", "Rovers"):
        assert silent not in told


class Links(HTMLParser):
    """Reads a page and keeps where it leads."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if tag == "a" and name == "href"]


def test_each_letter_lies_there_as_mail_and_as_page(shown: Shown) -> None:
    folder = shown.folder / FOLDER
    mails, pages = sorted(folder.glob("*.eml")), sorted(folder.glob("*.html"))
    assert [each.stem for each in pages] == [each.stem for each in mails]
    for page in pages:
        links = Links()
        links.feed(page.read_text(encoding="utf-8"))
        assert links.found


def test_the_terminal_shows_each_letter_and_says_why_others_were_silent(shown: Shown) -> None:
    assert shown.words.count("MAIL to desk@demo.example") == len(shown.to("desk"))
    assert shown.words.count("MAIL to editor@demo.example") == len(shown.to("editor"))
    assert "a copy of Radio Velmora, 100% of its words" in shown.words
    assert "no watch asks for it" in shown.words
    assert "look-alike kept apart" in shown.words
    assert "newsmon init" in shown.words
    assert "\x1b" not in shown.words


def hosts(shown: Shown) -> Iterator[str]:
    for line in shown.addresses:
        event, _, address = line.partition(" ")
        unix = address.startswith(("'/", "b'/"))
        if not unix:
            yield address if event == "socket.getaddrinfo" else str(address).split(",")[0]


def test_nothing_leaves_the_loopback_interface(shown: Shown) -> None:
    found = set(hosts(shown))
    assert found
    assert all("127.0.0.1" in host for host in found), found


def test_what_it_left_can_be_asked_with_the_other_commands(shown: Shown) -> None:
    watched = [event for event in shown.ask("events") if event["announced"]]
    assert len(watched) == 2
    (why,) = shown.ask("why", str(watched[-1]["event"]))
    assert why["kind"] == "event"


def test_a_second_run_replaces_the_first(tmp_path: Path, shown: Shown) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir(parents=True)
    (folder / "99-event-opened.eml").write_bytes(b"left over")
    (folder / "notes.txt").write_text("mine")
    newsmon(tmp_path, "demo")
    assert len(list(folder.glob("*.eml"))) == len(shown.letters)
    assert (folder / "notes.txt").read_text() == "mine"
