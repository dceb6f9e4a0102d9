"""A target that is a feed file: written whole, read by our own parser, never another's file."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor import feeds
from monitor.model import EventId, Form, Message, MessageId
from monitor.notify import feedfile
from tests.system.newsroom import Daemon, Press, until

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def message(number: int, subject: str = "") -> Message:
    link = f'<a href="https://a.example/{number}?x=1&amp;y=2">source</a>'
    return Message(
        id=MessageId(f"m{number}"),
        target="desk",
        recipient="feed:events",
        form=Form.MAIL,
        kind="event_opened",
        event=EventId("ev-abc"),
        thread=(),
        subject=subject or f'Dam & "bridge" {number}',
        text="plain",
        html=f"<html><body style='x'><p>1 &lt; 2</p>{link}</body></html>",
    )


@pytest.mark.parametrize("name", ["events.atom", "events.xml", "events.rss", "events.json"])
def test_messages_become_entries_the_newest_first_and_a_repeat_takes_its_place(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / "new" / name
    for number in range(feedfile.KEPT + 5):
        at = NOON + timedelta(minutes=number)
        assert feedfile.deliver(path, message(number), at=at) is None
    last = NOON + timedelta(minutes=200)
    assert feedfile.deliver(path, message(50, "once more"), at=last) is None
    parsed = feeds.parse(path.read_bytes(), url="https://own.example/", now=last)
    assert len(parsed.entries) == feedfile.KEPT
    first, second, *_ = parsed.entries
    assert (first.title, first.published) == ("once more", last)
    assert second.title == f'Dam & "bridge" {feedfile.KEPT + 4}'
    assert first.url == "https://a.example/50?x=1&y=2"
    assert "1 < 2" in (first.content or first.summary)
    assert [each.title for each in parsed.entries].count("once more") == 1
    assert list(path.parent.iterdir()) == [path]
    assert path.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "events.atom",
            b"<feed xmlns='http://www.w3.org/2005/Atom'><generator>x</generator></feed>",
        ),
        ("events.rss", b"<rss><channel><title>theirs</title></channel></rss>"),
        ("events.json", b'{"version": "https://jsonfeed.org/version/1.1", "items": []}'),
        ("events.xml", b"not even xml"),
        ("events.json", b"{"),
    ],
)
def test_a_file_that_is_not_ours_is_never_replaced(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    failed = feedfile.deliver(path, message(1), at=NOON)
    assert failed is not None
    assert failed.kind == "permanent"
    assert path.read_bytes() == content


def test_an_event_reaches_the_file_through_the_daemon(press: Press, daemon: Daemon) -> None:
    path = daemon.folder / "events.atom"
    config = daemon.config.read_text("utf-8")
    start = config.index('url = "mailto')
    end = config.index("\n", start)
    daemon.config.write_text(config[:start] + f'url = "feed:{path}"' + config[end:], "utf-8")
    assert daemon.command("check", "--online").returncode == 0
    daemon.command("run", "--once")
    press.publish(1, "dam", "Dam of Lindar bursts", "The dam of Lindar burst at dawn. " * 12)
    assert daemon.command("run", "--once").returncode == 0
    until(path.exists, what="the feed")
    parsed = feeds.parse(path.read_bytes(), url="https://own.example/", now=datetime.now(UTC))
    assert "Dam of Lindar bursts" in parsed.entries[0].title
