"""What crosses the pipe: everything of a value, and nothing that a worker might invent."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from monitor.model import Entry, EntryId, Extracted, ParsedFeed, Rhythm, WorkerProblem
from monitor.worker import wire

ENTRY = Entry(
    id=EntryId("5bc00a43abc4ff3e"),
    url="https://gazette.example/1",
    title="Пором повернувся",
    summary="It sails.",
    content="",
    published=datetime(2026, 11, 21, 6, tzinfo=UTC),
    author="Ada Reed",
    own_page=False,
    keys=("5bc00a43abc4ff3e", "fb18d54bbadc4afd"),
    content_hash="0011223344556677",
)
FEED = ParsedFeed(
    title="Harbour Gazette",
    language="uk",
    entries=(ENTRY,),
    rhythm=Rhythm(ttl=timedelta(minutes=90), skip_hours=frozenset({3}), skip_days=frozenset({6})),
    left_out=3,
    parts=("https://gazette.example/news-1.xml",),
)
PAGE = Extracted(
    title="Ferry returns",
    text="It sails.\nAgain.",
    published=None,
    dated_by="",
    language="en",
    author="",
    outlet="",
    canonical_url="",
    agency="",
    usable=True,
    problem="",
)
PROBLEM = WorkerProblem(kind="unparsable", reason="the body is empty")


def said(found: ParsedFeed | Extracted | WorkerProblem) -> bytes:
    return wire.answer(found)[wire.ANSWER.size :]


def test_values_arrive_as_they_were_sent() -> None:
    assert wire.feed(said(FEED)) == FEED
    assert wire.page(said(PAGE)) == PAGE
    assert wire.feed(said(PROBLEM)) == wire.page(said(PROBLEM)) == PROBLEM


def test_a_lone_surrogate_does_not_break_the_pipe() -> None:
    odd = WorkerProblem(kind="unparsable", reason="x\ud800y")
    assert wire.feed(said(odd)) == WorkerProblem(kind="unparsable", reason="x?y")


def lie(**changes: object) -> bytes:
    found = json.loads(said(FEED))
    found["feed"]["entries"][0] |= changes
    return json.dumps(found).encode()


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"[]",
        b"7",
        b"{}",
        b'{"page": {}}',
        b"[" * 100_000,
        b'{"problem": {"kind": "timeout", "reason": "only the parent says that"}}',
        b'{"problem": {"kind": [], "reason": "x"}}',
        lie(url="javascript:alert(1)"),
        lie(title=None),
        lie(title=["x"]),
        lie(content="x" * 200_001),
        lie(published="2026-11-21T06:00:00"),
        lie(published={"a": 1}),
        lie(keys=[7]),
        lie(id={}),
    ],
    ids=lambda packed: str(packed[:40]),
)
def test_a_worker_that_lies_is_not_believed(packed: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - its message is for the log
        wire.feed(packed)
