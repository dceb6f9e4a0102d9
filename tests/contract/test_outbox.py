from datetime import UTC, datetime, timedelta

import pytest

from monitor.beds import Mute, Notice, Told
from monitor.model import (
    ChangeId,
    DeliveryError,
    EventId,
    Form,
    Message,
    MessageId,
    Receipt,
    SeriesId,
)
from monitor.store.store import Store

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
EVENT = EventId("ev-one")
UNKNOWN = DeliveryError(kind="unknown", reason="no answer")
REFUSED = DeliveryError(kind="permanent", reason="550")
BUSY = DeliveryError(kind="temporary", reason="451")


def message(name: str, *, target: str = "desk", event: EventId | None = EVENT) -> Message:
    return Message(
        id=MessageId(name),
        target=target,
        recipient="desk@example.org",
        form=Form.MAIL,
        kind="event_opened",
        event=event,
        thread=(EVENT,),
        subject=f"Subject {name}",
        text="Text",
        html="<p>Text</p>",
    )


def post(store: Store, *messages: Message) -> None:
    for each in messages:
        store.outbox.post(each, digest=f"digest {each.id}", at=NOON)


def lease(store: Store, at: datetime = NOON, busy: tuple[str, ...] = ()) -> str | None:
    found = store.outbox.lease(now=at, until=at + 5 * MINUTE, busy=busy)
    return found.message.id if found else None


def states(store: Store) -> dict[str, str]:
    return {each.message.id: each.state for each in store.outbox.deliveries(everything=True)}


def notice(change: str, *, target: str = "desk", kind: str = "figure_changed") -> Notice:
    return Notice(
        target=target,
        change=ChangeId(change),
        kind=kind,
        event=EVENT,
        series=SeriesId("ev-one/killed"),
        watches=("a watch",),
        created=NOON,
    )


def test_a_message_is_enqueued_once_however_often_it_is_posted(store: Store) -> None:
    post(store, message("m1"), message("m1"))
    assert states(store) == {"m1": "waiting"}


def test_a_leased_message_comes_back_whole_and_is_not_given_out_twice(store: Store) -> None:
    post(store, message("m1"))
    delivery = store.outbox.lease(now=NOON, until=NOON + MINUTE, busy=())
    assert delivery is not None
    assert delivery.message == message("m1")
    assert lease(store) is None
    assert states(store) == {"m1": "sending"}


def test_messages_of_a_target_leave_in_the_order_of_posting(store: Store) -> None:
    post(store, message("m1"), message("m2"), message("m3", target="chat"))
    assert lease(store) == "m1"
    assert lease(store, busy=("desk",)) == "m3"
    assert lease(store, busy=("desk", "chat")) is None


def test_a_message_that_waits_for_another_try_is_not_overtaken_within_its_event(
    store: Store,
) -> None:
    post(store, message("m1"), message("m2"), message("other", event=EventId("ev-two")))
    assert lease(store) == "m1"
    store.outbox.settle(MessageId("m1"), BUSY, at=NOON, next_try=NOON + MINUTE)
    assert lease(store) == "other"
    assert lease(store) is None
    assert lease(store, NOON + MINUTE) == "m1"


@pytest.mark.parametrize(
    ("outcome", "next_try", "state"),
    [
        (Receipt(at=NOON), None, "sent"),
        (BUSY, NOON + MINUTE, "waiting"),
        (BUSY, None, "dead"),
        (REFUSED, None, "dead"),
        (UNKNOWN, NOON + MINUTE, "unknown"),
        (UNKNOWN, None, "unknown"),
    ],
)
def test_an_attempt_ends_in_the_state_that_says_what_is_known(
    store: Store, outcome: Receipt | DeliveryError, next_try: datetime | None, state: str
) -> None:
    post(store, message("m1"))
    lease(store)
    store.outbox.settle(MessageId("m1"), outcome, at=NOON, next_try=next_try)
    assert states(store) == {"m1": state}
    assert (lease(store, NOON + MINUTE) is not None) == (next_try is not None)


def test_a_message_in_doubt_is_repeated_as_a_possible_repeat_under_the_same_id(
    store: Store,
) -> None:
    post(store, message("m1"))
    lease(store)
    store.outbox.settle(MessageId("m1"), UNKNOWN, at=NOON, next_try=NOON + MINUTE)
    again = store.outbox.lease(now=NOON + MINUTE, until=NOON + 2 * MINUTE, busy=())
    assert again is not None
    assert again.message.id == "m1"
    assert again.message.possible_repeat


def test_a_send_that_a_dead_process_left_open_is_repeated_but_not_for_ever(store: Store) -> None:
    pauses = {"desk": MINUTE}
    post(store, message("m1"))
    at = NOON
    for _ in range(4):
        assert lease(store, at) == "m1"
        assert store.outbox.release_broken(now=at, pauses=pauses) == 1
        assert states(store) == {"m1": "unknown"}
        assert lease(store, at) is None
        at += MINUTE
    assert lease(store, at) == "m1"
    assert store.outbox.release_broken(now=at, pauses=pauses) == 1
    assert lease(store, at + timedelta(days=30)) is None
    assert store.outbox.retry("m1", now=at)
    assert lease(store, at) == "m1"


def test_a_send_whose_end_could_not_be_written_is_in_doubt_when_its_lease_is_over(
    store: Store,
) -> None:
    post(store, message("m1"))
    assert lease(store) == "m1"  # until five minutes later; nothing is ever settled
    assert not store.outbox.is_due(now=NOON + 4 * MINUTE)
    assert lease(store, NOON + 6 * MINUTE, busy=("desk",)) is None
    assert store.outbox.is_due(now=NOON + 6 * MINUTE)
    assert lease(store, NOON + 6 * MINUTE) == "m1"


def test_after_the_clock_went_back_a_retry_comes_as_soon_as_it_would_have(store: Store) -> None:
    post(store, message("m1"))
    lease(store)
    store.outbox.settle(MessageId("m1"), BUSY, at=NOON, next_try=NOON + 10 * MINUTE)
    hour = timedelta(hours=1)
    store.outbox.pull_forward(now=NOON - hour, step=hour)
    assert lease(store, NOON - hour + 9 * MINUTE, busy=()) is None
    assert lease(store, NOON - hour + 10 * MINUTE) == "m1"


def test_a_person_may_retry_what_died_and_drop_what_waits_but_not_what_was_sent(
    store: Store,
) -> None:
    post(store, message("dead"), message("sent"))
    lease(store)
    store.outbox.settle(MessageId("dead"), REFUSED, at=NOON, next_try=None)
    lease(store)
    store.outbox.settle(MessageId("sent"), Receipt(at=NOON), at=NOON, next_try=None)
    assert store.outbox.retry("dead", now=NOON)
    assert store.outbox.drop("dead", now=NOON)
    assert not store.outbox.retry("sent", now=NOON)
    assert not store.outbox.drop("nothing", now=NOON)
    assert states(store) == {"dead": "dropped", "sent": "sent"}
    assert store.outbox.deliveries() == ()


def test_a_dead_letter_is_reported_once(store: Store) -> None:
    post(store, message("m1"))
    lease(store)
    store.outbox.settle(MessageId("m1"), REFUSED, at=NOON, next_try=None)
    (dead,) = store.outbox.unreported()
    assert dead.problem == "550"
    store.outbox.mark_reported(dead.message.id)
    assert store.outbox.unreported() == ()


def test_a_target_hears_of_a_change_once_ever(store: Store) -> None:
    store.outbox.add_notices([notice("ch-1"), notice("ch-1"), notice("ch-1", target="chat")])
    (held,) = store.outbox.held("desk")
    store.outbox.close([held], "posted", "", "digest")
    store.outbox.add_notices([notice("ch-1")])
    assert store.outbox.held("desk") == ()
    assert len(store.outbox.held("chat")) == 1
    assert store.outbox.targets_of(ChangeId("ch-1")) == ["chat", "desk"]


def test_an_event_counts_as_announced_from_its_first_notice_on(store: Store) -> None:
    assert not store.outbox.announced("desk", EVENT)
    store.outbox.add_notices([notice("open-ev-one", kind="event_opened")])
    assert store.outbox.announced("desk", EVENT)
    assert not store.outbox.announced("chat", EVENT)


def test_what_a_target_was_told_is_remembered_per_target(store: Store) -> None:
    figures = {SeriesId("ev-one/killed"): ("12", "12")}
    store.outbox.tell("desk", EVENT, Told(at=NOON, sources=2), figures, digest="d1")
    later = {SeriesId("ev-one/killed"): ("15", "15")}
    store.outbox.tell("desk", EVENT, Told(at=NOON + MINUTE, sources=3), later, digest="d2")
    assert store.outbox.told("desk", EVENT) == Told(at=NOON + MINUTE, sources=3)
    assert store.outbox.told_figures("desk", figures) == later
    assert store.outbox.told("chat", EVENT) is None
    assert store.outbox.told_figures("chat", figures) == {}


def tell(store: Store, name: str, at: datetime = NOON) -> None:
    """Post a digest `digest NAME` that tells of the change `NAME`."""
    store.outbox.add_notices([notice(name)])
    (held,) = [each for each in store.outbox.held("desk") if each.change == name]
    store.outbox.close([held], "posted", "", f"digest {name}")
    store.outbox.post(message(name), digest=f"digest {name}", at=at)
    series = {SeriesId("ev-one/killed"): (name, name)}
    store.outbox.tell("desk", EVENT, Told(at=at, sources=1), series, digest=f"digest {name}")


def test_what_nobody_got_is_held_again_as_if_it_had_never_been_told(store: Store) -> None:
    tell(store, "12", NOON)
    assert lease(store) == "12"
    store.outbox.settle(MessageId("12"), Receipt(at=NOON), at=NOON, next_try=None)
    for minute, name in ((1, "15"), (2, "19")):
        tell(store, name, NOON + minute * MINUTE)
    assert lease(store, NOON + 2 * MINUTE) == "15"
    store.outbox.settle(MessageId("15"), BUSY, at=NOON, next_try=NOON + 9 * MINUTE)
    back = store.outbox.take_back("desk", now=NOON + 3 * MINUTE)
    assert back.events == {EVENT}
    assert back.since == NOON + MINUTE
    assert [each.change for each in store.outbox.held("desk")] == ["15", "19"]
    assert store.outbox.told_figures("desk", ["ev-one/killed"]) == {"ev-one/killed": ("12", "12")}
    assert store.outbox.told("desk", EVENT) == Told(at=NOON, sources=1)
    assert states(store) == {"12": "sent", "15": "dropped", "19": "dropped"}
    assert lease(store, NOON + timedelta(days=1)) is None


def test_a_target_that_was_not_tried_in_vain_keeps_its_messages(store: Store) -> None:
    tell(store, "12")
    assert store.outbox.take_back("desk", now=NOON).events == frozenset()
    assert states(store) == {"12": "waiting"}


@pytest.mark.parametrize("outcome", [Receipt(at=NOON), UNKNOWN, REFUSED])
def test_a_digest_that_one_recipient_may_have_is_not_taken_back(
    store: Store, outcome: Receipt | DeliveryError
) -> None:
    tell(store, "12")
    store.outbox.post(message("other"), digest="digest 12", at=NOON)
    assert lease(store) == "12"
    store.outbox.settle(MessageId("12"), outcome, at=NOON, next_try=None)
    assert lease(store) == "other"
    store.outbox.settle(MessageId("other"), BUSY, at=NOON, next_try=NOON + MINUTE)
    assert store.outbox.take_back("desk", now=NOON).events == frozenset()
    assert states(store)["other"] == "waiting"


def test_what_may_have_arrived_and_was_then_refused_is_not_told_as_new(store: Store) -> None:
    tell(store, "12")
    assert lease(store) == "12"
    store.outbox.settle(MessageId("12"), UNKNOWN, at=NOON, next_try=NOON + MINUTE)
    assert lease(store, NOON + MINUTE) == "12"
    store.outbox.settle(MessageId("12"), BUSY, at=NOON, next_try=NOON + 2 * MINUTE)
    assert store.outbox.take_back("desk", now=NOON).events == frozenset()


def test_a_message_in_doubt_that_a_person_sends_again_says_that_it_may_be_a_repeat(
    store: Store,
) -> None:
    post(store, message("m1"))
    lease(store)
    store.outbox.settle(MessageId("m1"), UNKNOWN, at=NOON, next_try=None)
    assert store.outbox.retry("m1", now=NOON)
    again = store.outbox.lease(now=NOON, until=NOON + MINUTE, busy=())
    assert again is not None
    assert again.message.possible_repeat


def test_a_message_that_stands_for_older_ones_is_as_old_as_they_are(store: Store) -> None:
    store.outbox.post(message("m1"), digest="d", at=NOON, since=NOON - timedelta(days=2))
    found = store.outbox.lease(now=NOON, until=NOON + MINUTE, busy=())
    assert found is not None
    assert found.created == NOON - timedelta(days=2)


def test_a_mute_ends_at_its_hour_or_by_hand(store: Store) -> None:
    store.outbox.mute(Mute(what="ev-one", until=NOON + MINUTE, note="enough"))
    store.outbox.mute(Mute(what="watch:w", until=NOON + 9 * MINUTE, note=""))
    assert [each.what for each in store.outbox.mutes(now=NOON)] == ["ev-one", "watch:w"]
    assert [each.what for each in store.outbox.mutes(now=NOON + MINUTE)] == ["watch:w"]
    assert store.outbox.unmute("watch:w")
    assert not store.outbox.unmute("watch:w")


def test_digests_are_counted_not_recipients(store: Store) -> None:
    for name in ("a", "b"):
        store.outbox.post(message(name), digest="one digest", at=NOON)
    store.outbox.post(message("c"), digest="another", at=NOON + MINUTE)
    assert store.outbox.posted_since("desk", NOON - MINUTE) == (NOON, NOON + MINUTE)
    assert store.outbox.posted_since("desk", NOON) == (NOON + MINUTE,)
