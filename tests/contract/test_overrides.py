"""What a person corrected holds for what comes later, and comes again in a replay."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from monitor.app import build_figures, build_judge
from monitor.beds import Judged, Override
from monitor.model import Document, DocumentId, EventId, FigureChanged, SeriesId
from monitor.replay import read_archive, replay, write_archive
from monitor.store.store import Store

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)
SINKS = (
    "The ferry Marta Holm sank off Port Lenna on Saturday after its engine room flooded. At least"
    " {killed} people were killed and {missing} people were missing, the coast guard of Lenna said."
    " {more} Captain Elias Holm had reported a leak near the Sker rocks an hour before."
)
MORE = (
    "Fishing boats from Port Lenna took survivors aboard in heavy waves.",
    "Relatives waited at the harbour church of Port Lenna through the night.",
    "The shipyard that built the ferry sent engineers to the Sker rocks.",
    "Divers reached the car deck and found its doors open.",
)

Telling = Callable[..., Judged]


def document(number: int, *, killed: int, missing: int) -> Document:
    at = NOON + timedelta(hours=number)
    return Document(
        id=DocumentId(f"d{number}"),
        url=f"https://outlet{number}.example/1",
        outlet=f"outlet{number}",
        title=f"Ferry Marta Holm sinks off Port Lenna, {killed} dead",
        text=SINKS.format(killed=killed, missing=missing, more=MORE[number % len(MORE)]),
        language="en",
        published=at,
        seen=at,
    )


@pytest.fixture
def telling(store: Store) -> Telling:
    judge, figures = build_judge(store), build_figures(store.ledger)

    def told(number: int, *, killed: int = 12, missing: int = 40) -> Judged:
        judged = judge.judge(
            document(number, killed=killed, missing=missing), now=NOON + timedelta(hours=number)
        )
        figures.read(judged.event)
        return judged

    return told


def correct(store: Store, kind: str, *what: str) -> str:
    made = Override(kind=kind, what=what, note="why", at=NOON)  # type: ignore[arg-type]
    return build_judge(store).override(made)


def event_of(store: Store, name: str) -> EventId:
    found = store.ledger.event_of(DocumentId(name))
    assert found is not None
    return found


def test_what_was_taken_apart_is_never_joined_again_by_itself(
    store: Store, telling: Telling
) -> None:
    assert telling(0).event == telling(1).event
    correct(store, "split", "d0", "d1")
    parted = {event_of(store, "d0"), event_of(store, "d1")}
    assert len(parted) == 2
    assert store.overrides.parted() == {frozenset(parted)}
    judge = build_judge(store)  # as after a restart
    for number in (2, 3):
        judge.judge(document(number, killed=12, missing=40), now=NOON + timedelta(hours=number))
        assert event_of(store, f"d{number}") in parted
    assert event_of(store, "d0") != event_of(store, "d1")


def test_without_the_correction_the_same_articles_are_one_event(
    store: Store, telling: Telling
) -> None:
    assert {telling(number).event for number in range(4)} == {event_of(store, "d0")}


def test_two_events_that_are_merged_take_later_articles_as_one(
    store: Store, telling: Telling
) -> None:
    telling(0)
    telling(1)
    correct(store, "split", "d0", "d1")
    correct(store, "merge", "d0", "d1")
    assert store.overrides.parted() == frozenset()
    assert telling(2).event == event_of(store, "d0") == event_of(store, "d1")


def test_an_event_taken_apart_again_has_its_old_name_back(store: Store, telling: Telling) -> None:
    telling(0)
    telling(1)
    telling(2)
    correct(store, "split", "d0", "d1")
    name = event_of(store, "d1")
    correct(store, "merge", "d0", "d1")
    assert store.ledger.resolve(name) == event_of(store, "d0")
    correct(store, "split", "d0", "d2")
    assert store.ledger.resolve(name) == event_of(store, "d0") != event_of(store, "d2")
    correct(store, "split", "d0", "d1")
    assert store.ledger.resolve(name) == event_of(store, "d1") == name != event_of(store, "d0")


def test_a_joined_figure_takes_the_later_readings_of_both(store: Store, telling: Telling) -> None:
    event = telling(0).event
    killed, missing = SeriesId(f"{event}/killed"), SeriesId(f"{event}/missing")
    names = {series.id for series in store.ledger.figure_state(event).series}
    assert {killed, missing} <= names
    correct(store, "join", "d0/killed", "d0/missing")
    telling(1, killed=12, missing=44)
    held = {name for name, document, _ in store.ledger.readings_of(event) if document == "d1"}
    assert killed in held
    assert missing not in held


def test_an_ignored_figure_is_followed_and_changes_nothing(store: Store, telling: Telling) -> None:
    event = telling(0).event
    correct(store, "ignore", "d0/killed")
    telling(1, killed=30)
    changes = [each.change for each in store.ledger.changes_of(event)]
    assert not [each for each in changes if isinstance(each, FigureChanged)]
    (series,) = [s for s in store.ledger.figure_state(event).series if s.id == f"{event}/killed"]
    assert series.decided.reading.low == 30
    correct(store, "follow", "d0/killed")
    telling(2, killed=50)
    changes = [each.change for each in store.ledger.changes_of(event)]
    assert [each.after.reading.low for each in changes if isinstance(each, FigureChanged)] == [50]


def test_a_replay_of_the_archive_does_every_correction_again(
    store: Store, telling: Telling
) -> None:
    telling(0)
    telling(1)
    correct(store, "split", "d0", "d1")
    correct(store, "ignore", "d0/killed")
    telling(2)
    complaints: list[str] = []
    lines = list(write_archive(store))
    assert [str(each.get("id") or each["override"]) for each in lines] == [
        "d0", "d1", "split", "ignore", "d2",
    ]  # fmt: skip
    again = Store(type(store.database).in_memory())
    archive = read_archive(map(json.dumps, lines), complain=complaints.append)
    told = list(replay(archive, again, complain=complaints.append))
    assert complaints == []
    events = {str(d): e["event"] for e in told if e["type"] == "event" for d in e["documents"]}  # type: ignore[attr-defined]
    assert events == {name: event_of(store, name) for name in ("d0", "d1", "d2")}
    state = again.ledger.figure_state(event_of(store, "d0"))
    assert state.ignored == (f"{event_of(store, 'd0')}/killed",)
