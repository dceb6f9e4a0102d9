"""When a target is told, and under which name; clocks of several zones on both their odd days."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import digest as rules
from monitor.config import Target
from monitor.model import (
    ChangeId,
    EventId,
    FigureCorrected,
    FigureDisputed,
    Form,
    Recipient,
    Rendered,
    SeriesId,
)
from monitor.testing import NOON, digest, figure_changed, item, observation, reading

WARSAW = ZoneInfo("Europe/Warsaw")
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def target(**keys: object) -> Target:
    return Target.model_validate({"name": "desk", "url": "json://h", **keys})


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type,misc]


# -- slots ----------------------------------------------------------------------------------------


def test_a_slot_is_due_once_from_its_minute_on() -> None:
    desk = target(when=["07:30", "18:00"])
    before = at(2026, 3, 14, 6, 29)
    assert rules.slot_due(desk, WARSAW, now=before, after=at(2026, 3, 13, 17)) is None
    slot = rules.slot_due(desk, WARSAW, now=before + MINUTE, after=at(2026, 3, 13, 17))
    assert slot == rules.Slot(key="slot:desk:2026-03-14:07:30", at=at(2026, 3, 14, 6, 30))
    assert rules.slot_due(desk, WARSAW, now=at(2026, 3, 14, 16, 59), after=slot.at) is None


def test_slots_missed_while_asleep_become_one_that_says_since_when() -> None:
    desk = target(when=["07:30", "18:00"])
    slot = rules.slot_due(desk, WARSAW, now=at(2026, 3, 14, 12), after=at(2026, 3, 12, 17))
    assert slot is not None
    assert slot.key == "slot:desk:2026-03-14:07:30"
    assert slot.missed == (at(2026, 3, 13, 6, 30), at(2026, 3, 13, 17))
    assert rules.missed_note(slot, WARSAW) == "2 digests missed since Fri 13 Mar 07:30: told here"


def test_a_target_that_is_new_owes_no_earlier_slot() -> None:
    desk = target(when=["07:30"])
    now = at(2026, 3, 14, 9)
    assert rules.slot_due(desk, WARSAW, now=now, after=now) is None
    assert rules.next_slot(desk, WARSAW, now=now) == at(2026, 3, 15, 6, 30)


def test_a_target_that_is_told_at_once_has_no_slots() -> None:
    assert rules.slot_due(target(), WARSAW, now=NOON, after=NOON - 9 * HOUR) is None
    assert rules.next_slot(target(), WARSAW, now=NOON) is None


@pytest.mark.parametrize(
    ("day", "wall", "expected"),
    [
        (date(2027, 3, 28), time(2, 30), at(2027, 3, 28, 1, 30)),  # 03:30 summer time
        (date(2027, 10, 31), time(2, 30), at(2027, 10, 31, 0, 30)),  # the first of two
        (date(2027, 3, 28), time(7, 30), at(2027, 3, 28, 5, 30)),
        (date(2027, 10, 31), time(7, 30), at(2027, 10, 31, 6, 30)),
    ],
    ids=["in-the-gap", "twice", "spring-morning", "autumn-morning"],
)
def test_a_wall_time_happens_once_on_the_days_the_clock_changes(
    day: date, wall: time, expected: datetime
) -> None:
    assert rules.instant(day, wall, WARSAW) == expected


ZONES = ["Europe/Warsaw", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"]


@given(
    zone=st.sampled_from(ZONES),
    start=st.datetimes(datetime(2027, 1, 1), datetime(2027, 12, 20)),  # noqa: DTZ001 - made aware below
    step=st.integers(7, 300),
)
def test_every_slot_is_served_exactly_once_however_the_ticks_fall(
    zone: str, start: datetime, step: int
) -> None:
    desk = target(when=["00:00", "02:30", "12:00"])
    where = ZoneInfo(zone)
    began = now = after = start.replace(tzinfo=UTC)
    served: list[str] = []
    missed = 0
    while now < began + timedelta(days=4):
        now += step * MINUTE
        if slot := rules.slot_due(desk, where, now=now, after=after):
            served.append(slot.key)
            missed += len(slot.missed)
            after = slot.at
    wanted = {
        rules.instant(day, wall, where)
        for offset in range(-1, 7)
        for wall in desk.when
        for day in [began.astimezone(where).date() + timedelta(days=offset)]
    }
    assert len(served) == len(set(served))
    assert len(served) + missed == len({each for each in wanted if began < each <= now})


# -- quiet hours and waiting ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (at(2026, 3, 14, 21, 59), None),
        (at(2026, 3, 14, 22, 0), at(2026, 3, 15, 5, 30)),
        (at(2026, 3, 15, 1, 0), at(2026, 3, 15, 5, 30)),
        (at(2026, 3, 15, 5, 29), at(2026, 3, 15, 5, 30)),
        (at(2026, 3, 15, 5, 30), None),
    ],
    ids=["before", "first-minute", "after-midnight", "last-minute", "end-is-exclusive"],
)
def test_quiet_hours_wrap_midnight(now: datetime, until: datetime | None) -> None:
    assert rules.quiet_until((time(23), time(6, 30)), WARSAW, now) == until


@given(
    zone=st.sampled_from(ZONES),
    now=st.datetimes(datetime(2027, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001 - made aware below
    start=st.times(),
    end=st.times(),
)
def test_the_end_of_quiet_hours_lies_ahead_within_a_day(
    zone: str, now: datetime, start: time, end: time
) -> None:
    aware = now.replace(tzinfo=UTC)
    until = rules.quiet_until((start, end), ZoneInfo(zone), aware)
    assert until is None or aware < until <= aware + timedelta(hours=25)


def test_the_first_change_waits_for_its_group() -> None:
    desk = target(group_wait="5m")
    assert rules.release_at(desk, WARSAW, first=NOON).at == NOON + 5 * MINUTE


def test_an_event_told_just_now_waits_for_the_gap() -> None:
    desk = target(group_wait="0s", least_gap="10m")
    told = NOON - 4 * MINUTE
    assert rules.release_at(desk, WARSAW, first=NOON, told=told).at == NOON + 6 * MINUTE


def test_a_full_hour_waits_until_a_message_leaves_it() -> None:
    desk = target(group_wait="0s", max_per_hour=2)
    sent = [NOON - 50 * MINUTE, NOON - 10 * MINUTE, NOON - 20 * MINUTE]
    assert rules.release_at(desk, WARSAW, first=NOON, sent=sent).at == NOON + 40 * MINUTE
    assert rules.release_at(desk, WARSAW, first=NOON, sent=sent[:1]).at == NOON


def test_a_wait_that_ends_in_quiet_hours_ends_with_them() -> None:
    desk = target(group_wait="5m", quiet="13:02-15:00")
    assert rules.release_at(desk, WARSAW, first=NOON).at == at(2026, 3, 14, 14)


# -- order and names ------------------------------------------------------------------------------

LOW = observation(reading("12 died.", "12", 12))
HIGH = observation(reading("15 died.", "15", 15))


def test_a_digest_tells_changes_corrections_disputes_news_and_growth_in_this_order() -> None:
    series = SeriesId("ev-1/killed")
    correction = FigureCorrected(
        event=EventId("ev-1"), series=series, label="killed", before=HIGH, after=LOW, reason=""
    )
    dispute = FigureDisputed(
        event=EventId("ev-1"), series=series, label="killed", sides=(LOW, HIGH), reason=""
    )
    items = [
        item("grew", event=EventId("ev-5"), opened=False, new_sources=2),
        item("new", event=EventId("ev-4"), independent=1),
        item("larger", event=EventId("ev-6"), independent=9),
        item("dispute", event=EventId("ev-3"), opened=False, changes=(dispute,)),
        item("correction", event=EventId("ev-2"), opened=False, changes=(correction,)),
        item("change", event=EventId("ev-1"), opened=False, changes=(figure_changed(LOW, HIGH),)),
    ]
    ordered = [each.title for each in rules.in_order(items)]
    assert ordered == ["change", "correction", "dispute", "larger", "new", "grew"]
    kept, more = rules.select(items, 4)
    assert [each.title for each in kept] == ordered[:4]
    assert more == 2


def test_a_message_is_named_by_what_it_tells() -> None:
    change = item(opened=False, changes=(figure_changed(LOW, HIGH),))
    assert rules.kind_of(digest(item())) == "event_opened"
    assert rules.kind_of(digest(change)) == "figure_changed"
    assert rules.kind_of(digest(item(changes=change.changes))) == "event_opened"
    assert rules.kind_of(digest(item(baseline=True, changes=change.changes))) == "figure_changed"
    assert rules.kind_of(digest(item(), change)) == "digest"
    assert rules.kind_of(digest(item(), slot=NOON)) == "digest"
    assert rules.kind_of(digest(notes=("a feed fails",))) == "health"
    assert rules.kind_of(digest(item(), sample=True)) == "sample"


def test_the_id_of_a_delivery_depends_on_each_of_its_parts_and_on_nothing_else() -> None:
    parts = ("host", "digest", "slot:desk:2026-03-14:18:00", "desk", "a@example.org")
    first = rules.message_id(*parts)
    assert first == rules.message_id(*parts)
    assert len(first) == 26
    assert set(first) <= set("abcdefghijklmnopqrstuvwxyz234567")
    others = {rules.message_id(*parts[:n], parts[n] + "x", *parts[n + 1 :]) for n in range(5)}
    assert len(others - {first}) == 5
    assert rules.message_id("a", "bc", "", "", "") != rules.message_id("ab", "c", "", "", "")


def test_the_key_of_changes_does_not_depend_on_their_order() -> None:
    one, two = ChangeId("c1"), ChangeId("c2")
    assert rules.digest_key([two, one]) == rules.digest_key([one, two]) == "changes:c1,c2"


def test_a_message_hangs_under_its_event_a_digest_under_its_target() -> None:
    merged = replace(item(), aliases=(EventId("ev-young"),))
    assert rules.thread_of(digest(merged)) == (merged.event, "ev-young")
    assert rules.thread_of(digest(merged, slot=NOON)) == ("digest-desk",)
    assert rules.thread_of(digest(merged, merged)) == ("digest-desk",)


def test_the_envelope_bears_what_the_outbox_needs() -> None:
    told = digest(item("Ferry", watches=("Ships", "Fog")), item("Fire", watches=("Fog",)))
    message = rules.compose(
        told,
        Recipient(key="a@example.org", form=Form.MAIL, limit=1),
        Rendered(subject="s", text="t", html="h"),
        rules.message_id("i", "digest", told.key, told.target, "a@example.org"),
    )
    assert (message.target, message.recipient, message.kind) == ("desk", "a@example.org", "digest")
    assert message.watches == ("Ships", "Fog")
    assert message.event is None
    assert message.topic == "desk digest"
    assert (message.subject, message.text, message.html) == ("s", "t", "h")
