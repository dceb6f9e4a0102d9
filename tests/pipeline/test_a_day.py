"""A day in the life: what is told, when, and what is not."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.actions import perform
from monitor.app import build_judge
from monitor.beds import Mute
from monitor.store.views import Views
from tests.pipeline.conftest import CONFIG, Room

SINKS = (
    "Ferry capsizes off Torvan, 12 dead",
    "The passenger ferry Meridel capsized in heavy seas off the island of Torvan on Tuesday night,"
    " killing at least 12 people, the coast guard said. Fishing boats pulled 40 people out of the"
    " water. The Meridel had left the port of Lindar for Torvan with 80 people on board. Coast"
    " guard spokesman Arno Veld said the search would go on through the night. Relatives gathered"
    " in the harbour office of Lindar, where the owner of the Meridel set up a centre for them."
    " Divers were on their way to Torvan from the naval base at Karsk, the coast guard added, and"
    " the prosecutor in Lindar said the captain of the Meridel would be heard as soon as possible.",
)
SINKS_TOO = (
    "Twelve die as ferry Meridel goes down near Torvan",
    "At least 12 people died when the ferry Meridel went down near the island of Torvan late on"
    " Tuesday, the coast guard said. Fishing crews from Torvan saved 40 people. The Meridel, which"
    " sails between Lindar and Torvan twice a day, turned over in high waves, a passenger told"
    " local radio. Ferry traffic between Lindar and Torvan was stopped. The coast guard sent three"
    " ships and a helicopter to the place where the Meridel disappeared, and a second ferry was"
    " made ready in Lindar to bring families to Torvan in the morning, the port authority said.",
)
RISES = (
    "Torvan ferry: death toll rises to 19",
    "The death toll in the sinking of the ferry Meridel off the island of Torvan has risen to 19,"
    " the coast guard said on Wednesday. Divers found more bodies inside the hull of the Meridel,"
    " which lies on its side in shallow water near Torvan. The coast guard said the search around"
    " Torvan would go on until all passengers of the Meridel were accounted for. The prosecutor in"
    " Lindar opened an investigation against the owner of the ferry, and the transport ministry"
    " ordered a check of all ships of the same class that sail to the islands.",
)
ELSEWHERE = (
    "Parliament in Karsk passes budget after long night",
    "The parliament in Karsk passed the budget for next year after a debate that lasted until the"
    " early morning. The finance committee had asked for cuts in the building of motorways. The"
    " opposition left the hall before the vote. The speaker said the schools would get new money"
    " and that the tax on small firms stays as it is for another year.",
)
BLAST = (
    "Blast at chemical plant in Korda",
    "A blast shook the chemical plant of Velsa in Korda early on Tuesday, and two workers were"
    " killed, the fire brigade said. A tank of solvent had exploded. Velsa stopped production in"
    " Korda; the prosecutor sent experts to the plant to look at the tank.",
)
CLOUD = (
    "Yellow cloud drifts over Senning",
    "A yellow cloud drifted over Senning on Tuesday morning. Pupils stayed inside, windows were"
    " kept shut and 60 people with sore eyes went to the clinic of Senning, mayor Ida Holt said."
    " Trams in Senning stood still until the wind turned.",
)
BLAST_AND_CLOUD = (
    "Blast at Korda plant sent yellow cloud over Senning",
    "The yellow cloud that drifted over Senning came from the blast at the chemical plant of Velsa"
    " in Korda, the fire brigade said. A tank of solvent exploded there and two workers were"
    " killed. In Senning 60 people with sore eyes went to the clinic; mayor Ida Holt said windows"
    " should be kept shut. Velsa stopped production in Korda.",
)


def baseline(room: Room) -> None:
    room.tick()


def test_what_a_first_poll_finds_is_kept_and_never_announced(room: Room) -> None:
    room.publish("a", "ferry", *SINKS)
    baseline(room)
    room.tick(hours=2)
    assert room.subjects == []
    assert room.store.database.value("SELECT count(*) FROM document") == 4


def test_figures_are_read_only_where_a_watch_hits_and_then_from_the_first_article_on(
    tmp_path: Path,
) -> None:
    room = Room(tmp_path, CONFIG.replace('any = ["ferry"]', 'any = ["accounted"]'))
    read = "SELECT group_concat(id) FROM document WHERE figured"
    baseline(room)
    room.publish("a", "ferry", *SINKS)
    room.tick(minutes=20)
    assert room.store.database.value(read) is None
    room.publish("c", "toll", *RISES)  # the first to say "accounted"
    room.tick(minutes=20)
    (event,) = {each["event"] for each in Views(room.store.database).search("Meridel")}
    articles = [each.document.id for each in room.store.ledger.articles_of(event)]
    assert len(articles) == 2
    assert set(room.store.database.value(read).split(",")) == set(articles)
    changes = [each.kind for each in room.store.ledger.changes_of(event)]
    assert changes == ["event_opened", "figure_changed"]
    room.close()


def test_a_figure_that_moved_within_a_baseline_is_not_announced(room: Room) -> None:
    room.publish("a", "ferry", *SINKS)
    room.publish("c", "toll", *RISES)
    baseline(room)
    room.tick(hours=2)
    changes = "SELECT count(*) FROM change WHERE kind = 'figure_changed'"
    assert room.store.database.value(changes) == 1
    assert room.subjects == []


def test_an_event_told_by_two_outlets_is_one_message_after_the_group_wait(room: Room) -> None:
    baseline(room)
    room.publish("a", "ferry", *SINKS)
    room.tick(minutes=20)
    assert room.subjects == []  # the group wait
    room.publish("b", "meridel", *SINKS_TOO)
    room.tick(minutes=20)
    assert len(room.subjects) == 1
    assert room.subjects[0].startswith("New: ")
    assert "(2 sources)" in room.subjects[0]
    room.tick(hours=3)
    assert len(room.subjects) == 1


def test_a_figure_that_rises_is_told_old_to_new_in_the_events_thread(room: Room) -> None:
    baseline(room)
    room.publish("a", "ferry", *SINKS)
    room.tick(minutes=20)
    room.tick(minutes=6)
    room.publish("c", "toll", *RISES)
    room.tick(minutes=60)
    room.tick(minutes=6)
    opened, changed = room.mailbox.arrived
    assert "12 -> 19" in changed.subject
    assert changed.thread == opened.thread
    assert "has risen to 19" in changed.text
    assert "killing at least 12 people" in changed.text
    assert "https://c.example/toll" in changed.text
    assert "https://a.example/ferry" in changed.text


def test_silence_when_no_watch_word_stands_in_the_text(room: Room) -> None:
    baseline(room)
    room.publish("a", "budget", *ELSEWHERE)
    room.tick(minutes=30)
    room.tick(minutes=30)
    assert room.subjects == []


def test_a_copy_adds_an_outlet_and_no_message(room: Room) -> None:
    baseline(room)
    room.publish("a", "ferry", *SINKS)
    room.tick(minutes=20)
    room.tick(minutes=6)
    room.publish("b", "reprint", "Ferry disaster off Torvan", SINKS[1])
    room.tick(minutes=60)
    room.tick(minutes=60)
    assert len(room.subjects) == 1
    assert room.store.database.value("SELECT verdict FROM document ORDER BY seq DESC") == "same"


def test_an_event_begun_in_a_baseline_is_told_whole_with_its_first_figure_change(
    room: Room,
) -> None:
    room.publish("a", "ferry", *SINKS)
    baseline(room)
    room.publish("c", "toll", *RISES)
    room.tick(minutes=60)
    room.tick(minutes=6)
    (message,) = room.mailbox.arrived
    assert "12 -> 19" in message.subject
    assert not message.subject.startswith("New")
    assert "SOURCES" in message.text


def test_a_restart_at_any_moment_repeats_nothing_and_forgets_nothing(room: Room) -> None:
    baseline(room)
    room.restart()
    room.publish("a", "ferry", *SINKS)
    room.tick(minutes=20)
    room.restart()
    room.tick(minutes=6)
    room.restart()
    room.publish("b", "meridel", *SINKS_TOO)
    room.publish("c", "toll", *RISES)
    room.tick(minutes=60)
    room.restart()
    room.tick(minutes=6)
    room.restart()
    room.tick(minutes=60)
    assert len(room.subjects) == 2
    assert room.store.database.value("SELECT count(*) FROM event WHERE merged_into IS NULL") == 4


@pytest.fixture
def hearing(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path, CONFIG.replace('"ferry"', '"korda", "senning"'))
    yield made
    made.close()


def test_two_events_that_turn_out_to_be_one_are_not_told_as_new_again(hearing: Room) -> None:
    baseline(hearing)
    hearing.publish("a", "blast", *BLAST)
    hearing.publish("b", "cloud", *CLOUD)
    hearing.tick(minutes=20)
    hearing.tick(minutes=6)
    told = list(hearing.mailbox.arrived)
    assert all(any(title in message.text for message in told) for title, _ in (BLAST, CLOUD))
    hearing.publish("c", "both", *BLAST_AND_CLOUD)
    hearing.tick(minutes=60)
    hearing.restart()
    hearing.publish("a", "again", f"{BLAST[0]}: tank had a crack", BLAST_AND_CLOUD[1][:250])
    hearing.tick(minutes=60)
    hearing.tick(minutes=6)
    assert hearing.store.database.value("SELECT count(*) FROM event WHERE merged_into > ''") == 1
    assert hearing.mailbox.arrived == told


def test_a_message_refused_for_now_is_sent_later_once(room: Room) -> None:
    baseline(room)
    room.mailbox.be_down(times=2)
    room.publish("a", "ferry", *SINKS)
    room.tick(minutes=20)
    room.tick(minutes=6)
    assert room.subjects == []
    room.tick(minutes=2)
    room.tick(minutes=3)
    room.tick(minutes=10)
    assert len(room.subjects) == 1


def test_a_lost_answer_repeats_the_message_once_marked_under_the_same_id(room: Room) -> None:
    baseline(room)
    room.mailbox.lose_ack(times=2)
    room.publish("a", "ferry", *SINKS)
    room.tick(minutes=20)
    for _ in range(6):
        room.tick(minutes=20)
    first, repeat = room.mailbox.arrived
    assert first.id == repeat.id
    assert not first.possible_repeat
    assert repeat.possible_repeat


def test_a_page_that_fails_for_a_while_is_asked_again_and_the_summary_stands_in_at_last(
    room: Room,
) -> None:
    baseline(room)
    room.publish("a", "short", SINKS[0], SINKS[1][:170])
    room.web.fail("https://a.example/short", "HTTP 503", status=503)
    room.tick(minutes=20)
    assert room.store.database.value("SELECT count(*) FROM document") == 3
    room.tick(minutes=2)
    room.tick(minutes=6)
    assert room.store.database.value("SELECT source FROM document ORDER BY seq DESC") == "feed"
    assert room.web.asked.count("https://a.example/short") == 3


def test_the_page_is_fetched_where_the_feed_is_not_whole(room: Room) -> None:
    baseline(room)
    room.publish("a", "short", SINKS[0], SINKS[1][:170])
    room.page("a", "short", *SINKS)
    room.tick(minutes=20)
    row = room.store.database.row("SELECT source, text FROM document ORDER BY seq DESC")
    assert row is not None
    assert row["source"] == "page"
    assert "the captain of the Meridel" in row["text"]


def test_a_brief_whose_page_says_just_what_the_feed_said_is_no_gap(room: Room) -> None:
    baseline(room)
    brief = "The ferry Meridel has reached Torvan two hours late because of fog."
    room.publish("a", "late", "Ferry late at Torvan", brief)
    room.page("a", "late", "Ferry late at Torvan", brief)
    room.publish("b", "wall", "Ferry late at Torvan", brief)
    room.page("b", "wall", "Ferry late at Torvan", "Read on with a subscription.")
    room.tick(minutes=20)
    assert room.store.inbox.gaps(since=room.now).unreadable == 1


def test_a_failing_feed_keeps_its_validators_and_harms_no_other(room: Room) -> None:
    baseline(room)
    before = room.store.inbox.feed_state("https://a.example/feed")
    room.web.fail("https://a.example/feed", "HTTP 500", status=500)
    room.publish("b", "meridel", *SINKS_TOO)
    room.tick(minutes=20)
    after = room.store.inbox.feed_state("https://a.example/feed")
    assert after.validators == before.validators
    assert (after.failures, after.problem) == (1, "HTTP 500")
    assert room.store.database.value("SELECT count(*) FROM document") == 4


@pytest.fixture
def evening(tmp_path: Path) -> Iterator[Room]:
    """A target with digest times instead of messages at once."""
    text = CONFIG + 'when = ["18:00"]\n'
    made = Room(tmp_path, text)
    yield made
    made.close()


def test_a_digest_comes_at_its_local_hour_once_and_only_when_there_is_something(
    evening: Room,
) -> None:
    baseline(evening)  # 08:00 UTC is 09:00 in Warsaw
    evening.publish("a", "ferry", *SINKS)
    evening.tick(hours=1)
    evening.tick(hours=7, minutes=59)
    assert evening.subjects == []  # 17:59
    evening.tick(minutes=2)
    assert len(evening.subjects) == 1
    evening.restart()
    evening.tick(minutes=2)
    evening.tick(days=1)
    assert len(evening.subjects) == 1


SITTING = (
    "Ferry workers block the harbour of Lindar",
    "Ferry workers and their families blocked the harbour of Lindar on Tuesday against the sale of"
    " the ferry line to Torvan. Police said 2,000 people took part in the march to the harbour,"
    " while organisers put it at 6,000. The ferry line is owned by the port of Lindar. The"
    " workers of the ferry line fear for their pensions, and the port wants to sell the ships.",
)
COUNTED = (
    "Police count more marchers at the harbour of Lindar",
    "Police said on Tuesday that 2,600 people took part in the march of the ferry workers to the"
    " harbour of Lindar, after looking at pictures from the air. The workers march against the"
    " sale of the ferry line to Torvan, which the port of Lindar owns.",
)
RECOUNTED = (
    "Ferry march in Lindar: organisers raise their count",
    "Organisers said on Tuesday that 9,000 people took part in the march of the ferry workers to"
    " the harbour of Lindar. The workers marched against the sale of the ferry line to Torvan. The"
    " port of Lindar wants to sell its ships before the summer.",
)


def test_each_side_of_a_disagreement_has_its_own_line_in_a_digest(evening: Room) -> None:
    baseline(evening)
    evening.publish("a", "march", *SITTING)
    evening.tick(hours=1)
    evening.tick(hours=9)
    evening.publish("b", "police", *COUNTED)
    evening.tick(hours=1)
    evening.publish("c", "organisers", *RECOUNTED)
    evening.tick(hours=1)
    evening.tick(days=1)
    text = evening.mailbox.arrived[-1].text
    assert "2,000  ->  2,600" in text
    assert "6,000  ->  9,000" in text


MORE_FOUND = (
    "Torvan ferry: ministry counts 19 dead",
    "The number of people killed when the ferry Meridel sank off the island of Torvan rose to 19 on"
    " Wednesday, the transport ministry said. Divers found more bodies inside the hull of the"
    " Meridel, which lies on its side in shallow water near Torvan. The prosecutor in Lindar opened"
    " an investigation against the owner of the ferry.",
)
REVISED = (
    "Torvan ferry: death toll revised down to 17",
    "The transport ministry has revised the number of people killed when the ferry Meridel sank off"
    " the island of Torvan down from 19 to 17. Two of the bodies found in the hull of the Meridel"
    " had been counted twice, the ministry said in Lindar.",
)
LAST_FOUND = (
    "Torvan ferry: two more bodies found, 21 dead",
    "The number of people killed when the ferry Meridel sank off the island of Torvan rose to 21 on"
    " Friday, the transport ministry said. The Meridel was lifted by a crane from Karsk and will be"
    " towed from Torvan to Lindar.",
)


def test_a_digest_names_who_stands_by_a_value_and_counts_every_article(evening: Room) -> None:
    baseline(evening)
    evening.publish("a", "ferry", *SINKS)
    evening.tick(hours=1)
    evening.publish("a", "ministry", *MORE_FOUND)
    evening.tick(hours=9)
    (digest,) = evening.mailbox.arrived
    assert "at least 12  ->  19" in digest.text
    figures = digest.text.partition("FIGURES SO FAR")[2].partition("SOURCES")[0]
    assert "transport ministry" in figures
    assert "coast guard" not in figures  # its 12 has given way, and it said nothing since
    assert "1 independent, 2 articles" in digest.text
    assert "(+1 earlier)" in digest.text


def test_the_course_of_a_figure_shows_what_was_taken_back(room: Room) -> None:
    baseline(room)
    for name, article in (("1", SINKS), ("2", MORE_FOUND), ("3", REVISED), ("4", LAST_FOUND)):
        room.publish("a", name, *article)
        room.tick(hours=12)
        room.tick(minutes=6)
    corrected, last = (each.text for each in room.mailbox.arrived[-2:])
    assert "Corrected: People killed" in corrected
    course = last.partition("so far")[2].partition("event")[0]
    assert re.findall(r"(\d+) \(", course) == ["12", "19", "17", "21"]


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Room]:
    text = CONFIG + 'quiet = "09:30-12:00"\n'
    made = Room(tmp_path, text)
    yield made
    made.close()


def test_quiet_hours_hold_a_message_and_release_it_afterwards(night: Room) -> None:
    baseline(night)  # 09:00 local
    night.publish("a", "ferry", *SINKS)
    night.tick(minutes=40)
    night.tick(minutes=30)
    assert night.subjects == []
    night.tick(hours=2)
    assert len(night.subjects) == 1


@pytest.fixture
def careful(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path, CONFIG + "min_sources = 2\n")
    yield made
    made.close()


def test_a_target_may_wait_for_a_second_independent_source(careful: Room) -> None:
    baseline(careful)
    careful.publish("a", "ferry", *SINKS)
    careful.publish("b", "reprint", "Ferry disaster off Torvan", SINKS[1])
    careful.tick(hours=1)
    careful.tick(hours=1)
    assert careful.subjects == []  # a copy is no second source
    careful.publish("c", "meridel", *SINKS_TOO)
    careful.tick(hours=1)
    careful.tick(minutes=6)
    assert len(careful.subjects) == 1


@pytest.fixture
def choosy(tmp_path: Path) -> Iterator[Room]:
    text = CONFIG.replace('send_to = ["desk"]', 'send_to = ["desk"]\nchange = "80%"')
    made = Room(tmp_path, text)
    yield made
    made.close()


def test_a_change_smaller_than_the_watch_asks_for_is_not_told(choosy: Room) -> None:
    baseline(choosy)
    choosy.publish("a", "ferry", *SINKS)
    choosy.tick(minutes=20)
    choosy.tick(minutes=6)
    choosy.publish("c", "toll", *RISES)  # 12 -> 19 is 58 %
    choosy.tick(hours=1)
    choosy.tick(minutes=6)
    assert len(choosy.subjects) == 1
    reason = choosy.store.database.value("SELECT reason FROM notice WHERE kind = 'figure_changed'")
    assert "change" in reason


def test_a_muted_event_is_silent_and_says_so(room: Room) -> None:
    baseline(room)
    room.publish("a", "ferry", *SINKS)
    room.tick(minutes=20)
    room.tick(minutes=6)
    event = room.store.database.value("SELECT event FROM notice")
    room.store.outbox.mute(Mute(what=event, until=room.now + timedelta(days=7), note=""))
    room.publish("c", "toll", *RISES)
    room.tick(hours=1)
    room.tick(minutes=6)
    assert len(room.subjects) == 1
    reason = room.store.database.value("SELECT reason FROM notice WHERE kind = 'figure_changed'")
    assert "muted" in reason


@pytest.mark.parametrize(("figure", "told"), [("killed", 1), ("missing", 2)])
def test_the_mute_of_a_figure_holds_that_figure_alone(room: Room, figure: str, told: int) -> None:
    baseline(room)
    room.publish("a", "ferry", *SINKS)
    room.tick(minutes=20)
    room.tick(minutes=6)
    event = room.store.database.value("SELECT event FROM notice")
    until = room.now + timedelta(days=7)
    room.store.outbox.mute(Mute(what=f"{event}/{figure}", until=until, note=""))
    room.publish("c", "toll", *RISES)
    room.tick(hours=1)
    room.tick(minutes=6)
    assert len(room.subjects) == told


@pytest.mark.parametrize("muted", ["", "/killed"], ids=["event", "figure"])
def test_a_mute_outlives_a_merge(room: Room, muted: str) -> None:
    baseline(room)
    room.publish("b", "dock", "Ferry dock at Meridel closed", "The ferry dock is being painted.")
    room.tick(minutes=26)
    room.publish("a", "ferry", *SINKS)
    room.tick(minutes=26)
    opened = room.store.database.rows("SELECT event FROM notice ORDER BY seq")
    dock, ferry = (row["event"] for row in opened)
    until = room.now + timedelta(days=7)
    room.store.outbox.mute(Mute(what=f"{ferry}{muted}", until=until, note=""))
    merge = {"action": "override", "kind": "merge", "names": [dock, ferry]}
    assert perform(room.store, merge, now=room.now)["ok"]
    room.restart()
    told = len(room.subjects)
    room.publish("c", "toll", *RISES)
    room.tick(hours=1)
    room.tick(minutes=6)
    reason = room.store.database.value("SELECT reason FROM notice WHERE kind = 'figure_changed'")
    assert "muted" in reason
    assert len(room.subjects) == told


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[Room]:
    text = CONFIG.replace('send_to = ["desk"]', 'send_to = ["desk"]\nfigures = ["missing"]')
    made = Room(tmp_path, text)
    yield made
    made.close()


def test_a_figure_that_the_watch_does_not_ask_for_is_not_told(narrow: Room) -> None:
    baseline(narrow)
    narrow.publish("a", "ferry", *SINKS)
    narrow.tick(minutes=20)
    narrow.tick(minutes=6)
    narrow.publish("c", "toll", *RISES)
    narrow.tick(hours=1)
    narrow.tick(minutes=6)
    assert len(narrow.subjects) == 1


def test_an_article_that_we_choke_on_waits_and_stops_nothing_behind_it(room: Room) -> None:
    from monitor.jobs import POISONED
    from monitor.pipeline.judge import Judge

    baseline(room)

    class Choking(Judge):
        """Fails on one article, as a bug would."""

        def judge(self, document: Any, **rest: Any) -> Any:
            if "Torvan" in document.text and self.ill:
                raise ZeroDivisionError
            return super().judge(document, **rest)

        ill = True

    judge = build_judge(room.store)
    judge.__class__ = Choking
    room.newsmon._judge = judge
    room.publish("a", "ferry", *SINKS)
    room.publish("b", "budget", *ELSEWHERE)
    room.tick(minutes=20)
    assert room.store.database.value("SELECT count(*) FROM document") == 4
    Choking.ill = False
    room.now += POISONED
    room.tick(minutes=1)
    assert room.store.database.value("SELECT count(*) FROM document") == 5


def test_a_target_that_cannot_be_used_keeps_its_notices_and_harms_no_other(tmp_path: Path) -> None:
    from monitor.errors import ConfigError

    second = CONFIG.replace('send_to = ["desk"]', 'send_to = ["broken", "desk"]')
    room = Room(
        tmp_path, second + '[[target]]\nname = "broken"\nurl = "mailto://x?to=y@example.org"\n'
    )
    whole = room.mailbox.recipients

    def recipients(target: Any) -> Any:
        if target.name == "broken":
            raise ConfigError("secrets", ["${SMTP_PASSWORD} is not set"])
        return whole(target)

    room.mailbox.recipients = recipients  # type: ignore[method-assign]
    baseline(room)
    room.publish("a", "ferry", *SINKS)
    room.tick(minutes=20)
    room.tick(minutes=6)
    assert [message.target for message in room.mailbox.arrived] == ["desk"]
    assert len(room.store.outbox.held("broken")) == 1
    room.mailbox.recipients = whole  # type: ignore[method-assign]
    room.tick(minutes=1)
    assert {message.target for message in room.mailbox.arrived} == {"desk", "broken"}
    room.close()


def test_after_an_outage_of_a_target_one_message_tells_what_it_missed(room: Room) -> None:
    baseline(room)
    room.mailbox.be_down(times=50)
    room.publish("a", "ferry", *SINKS)
    room.tick(minutes=20)
    room.tick(minutes=6)
    room.publish("c", "toll", *RISES)
    room.tick(hours=1)
    room.tick(minutes=6)
    assert room.subjects == []
    room.mailbox._faults.clear()
    room.tick(hours=1)
    room.tick(hours=7)
    (message,) = room.mailbox.arrived
    assert message.subject.startswith("New: ")
    assert "12  ->  19" in message.text
    assert "not delivered since Tue 4 Mar" in message.text


def test_what_is_tried_again_waits_for_the_end_of_quiet_hours(night: Room) -> None:
    baseline(night)  # 09:00 local; quiet from 09:30
    night.mailbox.be_down(times=1)
    night.publish("a", "ferry", *SINKS)
    night.tick(minutes=20)
    night.tick(minutes=6)  # 09:26: refused for now
    night.tick(minutes=30)
    night.tick(minutes=30)
    assert night.subjects == []
    night.tick(hours=2)
    assert len(night.subjects) == 1
