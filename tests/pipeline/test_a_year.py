"""Years with everything that happens in one: each change is told once, or a reason is on record.

Random arrivals, quiet hours, both changes of the clock, restarts, power cuts while sending, targets
that fail in every way, mutes. The clock is moved by hand; the jobs and the database are the real
ones, only the mailboxes are in memory.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any, TypeVar

import uvloop
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor import config
from monitor.app import Store, build_judge
from monitor.beds import Mute
from monitor.config import Target
from monitor.jobs import Newsmon
from monitor.model import (
    DeliveryError,
    Document,
    DocumentId,
    EventId,
    Form,
    Message,
    Outcome,
    Receipt,
    Recipient,
)
from monitor.pipeline.release import waiting
from monitor.pipeline.select import opening_id
from monitor.store.database import Database
from monitor.testing import InlineReader, StubFetcher

CONFIG = """
[monitor]
timezone = "Europe/Warsaw"
[[watch]]
name = "Ferries"
any = ["ferry"]
send_to = ["prompt", "sleeper", "editions", "careful"]
[[watch]]
name = "Tolls"
all = ["ferry", "killed"]
figures = ["killed"]
change = "20%"
send_to = ["careful", "prompt"]
[[target]]
name = "prompt"
url = "mailto://localhost?to=prompt@example.org"
max_per_hour = 4
heartbeat = "weekly"
[[target]]
name = "sleeper"
url = "mailto://localhost?to=sleeper@example.org"
quiet = "22:30-06:30"
fallback = "prompt"
[[target]]
name = "editions"
url = "mailto://localhost?to=editions@example.org"
when = ["02:30", "07:30", "18:00"]
at_most = 3
[[target]]
name = "careful"
url = "mailto://localhost?to=careful@example.org"
min_sources = 2
"""
T = TypeVar("T")
TARGETS = ("prompt", "sleeper", "editions", "careful")
NEW_YEAR = datetime(2026, 12, 31, 12, tzinfo=UTC)
CLOCK_CHANGES = (
    datetime(2027, 3, 28, 0, 20, tzinfo=UTC),
    datetime(2027, 10, 30, 23, 50, tzinfo=UTC),
)
OUTLETS = ("Courier", "Gazette", "Herald", "Post")
PLACES = ("Torvan", "Lindar", "Karsk", "Ostrel", "Meridel", "Haldmoor", "Brede", "Skarvik")
MOODS = ("", "", "down", "refusing", "forgetful")
NIGHT = (time(22, 30), time(6, 30))


@dataclass
class Mailboxes:
    """A notifier whose targets each have a mood of their own."""

    clock: list[datetime]
    moods: dict[str, str] = field(default_factory=lambda: defaultdict(str))
    arrived: list[tuple[datetime, Message]] = field(default_factory=list)

    def recipients(self, target: Target) -> tuple[Recipient, ...]:
        return (Recipient(key=f"{target.name}@example.org", form=Form.MAIL, limit=100_000),)

    def send(self, message: Message, target: Target) -> Outcome:
        mood = self.moods[target.name]
        if mood in ("", "forgetful"):
            self.arrived.append((self.clock[0], message))
        match mood:
            case "down":
                return DeliveryError(kind="temporary", reason="451 later")
            case "refusing":
                return DeliveryError(kind="permanent", reason="550 no such user")
            case "forgetful":
                return DeliveryError(kind="unknown", reason="no answer")
            case _:
                return Receipt(at=self.clock[0])


class AtOnce(Newsmon):
    """Works at the desk without the way to its thread and back: thousands of ticks make a year."""

    async def desk(self, work: Callable[..., T], /, *args: Any, **named: Any) -> T:
        return work(*args, **named)


class Year:
    """Moves the clock, lets things happen, and looks at what became of it."""

    def __init__(self) -> None:
        self.clock = [NEW_YEAR]
        self.boxes = Mailboxes(self.clock)
        self.store = Store(Database.in_memory())
        self.judge = build_judge(self.store)
        self.tolls: list[int] = []
        self.told = 0
        self.muted: set[str] = set()
        self.loop = uvloop.new_event_loop()
        self.newsmon = self._started()
        self.pass_by(minutes=1)

    def _started(self) -> Newsmon:
        return AtOnce(
            config.parse(CONFIG, "year.toml", {}),
            self.store,
            fetcher=StubFetcher(),
            reader=InlineReader(),
            notifiers=lambda _: self.boxes,
            clock=lambda: self.clock[0],
        )

    @property
    def now(self) -> datetime:
        return self.clock[0]

    def close(self) -> None:
        self.newsmon.close()
        self.loop.close()
        self.store.database.close()

    # -- what happens -----------------------------------------------------------------------------

    def pass_by(self, **passed: float) -> None:
        """Let time pass, then do what the daemon does at a tick."""
        self.clock[0] += timedelta(**passed)
        self.loop.run_until_complete(self.newsmon.compose())
        self.loop.run_until_complete(self.newsmon.deliver())

    def happen(self, number: int) -> None:
        """Something new, or the next report of what happened lately, by one of four outlets."""
        new = not self.tolls or number % 3 == 0
        if new:
            self.tolls.append(10 + number)
        event = (
            len(self.tolls) - 1 if new else len(self.tolls) - 1 - number % min(3, len(self.tolls))
        )
        self.tolls[event] += 0 if new else 1 + number // 7
        self._publish(event, OUTLETS[number % 4])

    def _publish(self, event: int, outlet: str) -> None:
        self.told += 1
        one, two = PLACES[event % 8], PLACES[(event // 8 + event + 3) % 8]
        toll = self.tolls[event]
        text = (
            f"The ferry {one} Star number {event} sank off {two}, and at least {toll} people were"
            f" killed, the coast guard said in report {self.told}. Boats from {two} searched the"
            f" bay of {one} for the missing until dusk, and {outlet} spoke to the harbour master."
        )
        document = Document(
            id=DocumentId(f"d{self.told}"),
            url=f"https://{outlet.lower()}.example/{self.told}",
            outlet=outlet,
            title=f"Ferry {one} Star {event} off {two}: {toll} dead",
            text=text,
            language="en",
            published=self.now,
            seen=self.now,
        )
        with self.store.ledger.transaction():
            self.judge.judge(document, now=self.now, given=EventId(f"ev-{event:08d}"))

    def mute(self, number: int) -> None:
        if self.tolls:
            what = f"ev-{number % len(self.tolls):08d}" if number % 4 else "watch:Ferries"
            until = self.now + timedelta(days=1 + number % 5)
            self.store.outbox.mute(Mute(what=what, until=until, note=""))

    def restart(self) -> None:
        self.newsmon.close()
        self.newsmon = self._started()
        self.loop.run_until_complete(self.newsmon.release_broken())

    def power_cut(self, number: int) -> None:
        """End with a message on its way: before it left, or before its end was written down."""
        self.happen(number)
        self.clock[0] += timedelta(minutes=6)
        self.loop.run_until_complete(self.newsmon.compose())
        until, quiet = self.now + timedelta(minutes=15), set(self.newsmon._quiet(self.now))
        lease = self.store.outbox.lease(now=self.now, until=until, busy=quiet)
        if lease and number % 2 and not self.boxes.moods[lease.message.target]:
            self.boxes.arrived.append((self.now, lease.message))
        self.restart()

    def to_the_next_clock_change(self) -> None:
        ahead = [each for each in CLOCK_CHANGES if each > self.now]
        if ahead:
            self.clock[0] = ahead[0]
            for _ in range(16):
                self.pass_by(minutes=10)

    def do(self, action: str, number: int) -> None:
        match action:
            case "happen" | "burst":
                for each in range(1 if action == "happen" else number % 9):
                    self.happen(number + 3 * each)
                self.pass_by(seconds=20)
            case "minutes":
                self.pass_by(minutes=number)
            case "hours":
                for _ in range(1 + number % 12):
                    self.pass_by(hours=1)
            case "weeks":
                self.pass_by(days=number % 21)
            case "mood":
                self.boxes.moods[TARGETS[number % 4]] = MOODS[number % 5]
            case "mute":
                self.mute(number)
            case "restart":
                self.restart()
            case "cut":
                self.power_cut(number)
            case _:
                self.to_the_next_clock_change()

    def settle(self) -> None:
        """Every target works again; time passes until nothing is left to do."""
        self.boxes.moods.clear()
        for each in self.store.outbox.deliveries():
            if each.state in ("dead", "unknown") and each.message.kind != "health":  # by a person
                self.store.outbox.retry(each.message.id, now=self.now)
        for _ in range(30):
            self.pass_by(hours=4)

    # -- what became of it ------------------------------------------------------------------------

    def rows(self, query: str) -> Sequence[dict[str, object]]:
        return self.store.database.rows(query)

    def wanted(self) -> set[tuple[str, str]]:
        """Every target with every change that one of its watches is about."""
        pairs = set()
        hit = {str(row["event"]) for row in self.rows("SELECT event FROM hit")}
        for event in hit:
            pairs |= {(target, str(opening_id(EventId(event)))) for target in TARGETS}
        for row in self.rows("SELECT id, event, series FROM change WHERE series IS NOT NULL"):
            if str(row["event"]) in hit:
                pairs |= {(target, str(row["id"])) for target in TARGETS}
        return pairs


def check(year: Year) -> None:
    every_change_has_one_notice(year)
    what_was_posted_arrived(year)
    nobody_was_told_twice(year)
    slots_and_nights_were_kept(year)


def every_change_has_one_notice(year: Year) -> None:
    notices = year.rows("SELECT target, change, state, reason FROM notice")
    counted = Counter((str(row["target"]), str(row["change"])) for row in notices)
    assert counted == Counter(year.wanted())
    for row in notices:
        assert row["state"] != "skipped" or row["reason"]
    zone = year.newsmon.config.monitor.zone
    for target in year.newsmon.config.targets:
        held = list(
            waiting(
                target,
                zone=zone,
                outbox=year.store.outbox,
                ledger=year.store.ledger,
                now=year.now,
            )
        )
        assert {release.reason for _, release in held} <= {"min_sources: 1 of 2 report it"}


def what_was_posted_arrived(year: Year) -> None:
    """Each posted notice stands in the one message of its digest that came, or is counted there."""
    arrived = {message.id: message for _, message in year.boxes.arrived}
    messages = year.rows("SELECT id, target, digest, state FROM message")
    of = {(row["target"], row["digest"]): row for row in messages}
    assert len(of) == len(messages)
    for row in year.rows("SELECT * FROM notice WHERE state = 'posted'"):
        message = of[row["target"], row["digest"]]
        assert message["state"] == "sent", message
        words = arrived[message["id"]].text  # type: ignore[index]
        assert str(row["event"]) in words or (
            "were counted" in str(row["reason"]) and re.search(r"… and \d+ more", words)
        )


def nobody_was_told_twice(year: Year) -> None:
    """A second copy is marked, unless a person or a power cut stood between."""
    times: dict[str, list[Message]] = defaultdict(list)
    for _, message in year.boxes.arrived:
        times[message.id].append(message)
    for copies in times.values():
        assert all(each.possible_repeat for each in copies[1:]), copies
    dropped = year.rows("SELECT id, body FROM message WHERE state = 'dropped'")
    # one that may have come, and said so, yields to a newer report of the same kind
    sure = {row["id"] for row in dropped if not json.loads(str(row["body"]))["possible_repeat"]}
    assert sure.isdisjoint(times)


def slots_and_nights_were_kept(year: Year) -> None:
    zone = year.newsmon.config.monitor.zone
    for at, message in year.boxes.arrived:
        wall = at.astimezone(zone).time()
        assert message.target != "sleeper" or NIGHT[1] <= wall < NIGHT[0], at
    keys = Counter(
        (row["target"], row["digest"])
        for row in year.rows("SELECT target, digest FROM message")
        if str(row["digest"]).startswith(("slot:", "heartbeat:"))
    )
    assert set(keys.values()) <= {1}


ACTIONS = (
    *("happen", "happen", "happen", "minutes", "minutes", "hours", "hours"),
    *("burst", "weeks", "mood", "mood", "mute", "restart", "cut", "clock"),
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(0, 59)), min_size=30, max_size=70))
def test_in_any_year_each_change_is_told_once_or_a_reason_is_on_record(
    steps: list[tuple[str, int]],
) -> None:
    year = Year()
    try:
        for action, number in steps:
            year.do(action, number)
        year.settle()
        check(year)
    finally:
        year.close()
