"""An article edited in place: read again, judged by what is new in it, no further source."""

import re
from datetime import timedelta
from email.utils import format_datetime

from tests.pipeline.conftest import Room
from tests.pipeline.test_a_day import RISES, SINKS, SINKS_TOO

TITLE, TEXT = SINKS
MORE = (TITLE, TEXT.replace("killing at least 12 people", "killing at least 19 people"))
FEWER = (TITLE, TEXT.replace("killing at least 12 people", "killing 9 people"))
COUNT = "SELECT count(*) FROM document"


def told(room: Room) -> None:
    """An article of outlet A that the desk has been told of."""
    room.tick()
    room.publish("a", "ferry", *SINKS)
    room.tick(minutes=20)
    room.tick(minutes=6)
    assert len(room.subjects) == 1


def edit(room: Room, version: tuple[str, str], *, name: str = "ferry") -> None:
    room.edit("a", name, *version)
    room.tick(hours=3)
    room.tick(minutes=15)


def test_a_toll_raised_in_the_same_article_is_told_old_to_new_and_is_no_further_source(
    room: Room,
) -> None:
    told(room)
    edit(room, MORE)
    assert len(room.subjects) == 2
    assert re.search(r"at least 12 -> at least 19", room.subjects[1])
    assert room.store.database.value(COUNT) == 4
    event = room.store.database.value(
        "SELECT event FROM document WHERE outlet = 'Outlet A' ORDER BY seq DESC"
    )
    assert room.store.ledger.voices(event) == 1
    document = room.store.ledger.articles_of(event)[0].document
    assert document.text == MORE[1]
    kept = room.store.database.rows("SELECT number, title, text FROM revision")
    assert kept == [{"number": 1, "title": TITLE, "text": TEXT}]


def test_a_toll_lowered_in_the_same_article_is_a_correction(room: Room) -> None:
    told(room)
    edit(room, FEWER)
    assert len(room.subjects) == 2
    assert room.store.database.value("SELECT kind FROM change ORDER BY seq DESC") == (
        "figure_corrected"
    )
    assert "12 -> 9" in room.subjects[1]


def test_a_toll_that_others_repeat_is_not_corrected_by_one_edit(room: Room) -> None:
    told(room)
    room.publish("b", "meridel", *SINKS_TOO)
    room.tick(hours=1)
    room.tick(hours=1)
    before = len(room.subjects)
    edit(room, FEWER)
    assert room.subjects[before:] == []


def test_a_text_that_flips_is_told_once(room: Room) -> None:
    told(room)
    for _ in range(3):
        edit(room, MORE)
        edit(room, SINKS)
    assert len(room.subjects) == 2


def test_a_headline_that_flips_is_never_told(room: Room) -> None:
    told(room)
    for _ in range(3):
        edit(room, ("Many dead as ferry sinks", TEXT))
        edit(room, SINKS)
    assert len(room.subjects) == 1


def test_another_date_or_white_space_is_no_edit(room: Room) -> None:
    told(room)
    edit(room, (TITLE, TEXT.replace(". ", ".  ")))
    assert room.store.database.value("SELECT revisions FROM entry ORDER BY seq DESC") == 0


def test_a_number_that_is_added_beside_the_old_is_judged_like_any_other(room: Room) -> None:
    told(room)
    edit(room, (TITLE, TEXT + " Three people died in hospital."))
    assert len(room.subjects) == 1


def test_a_first_line_that_becomes_an_article_is_found_by_the_watch(room: Room) -> None:
    room.tick()
    room.publish("a", "stub", "Breaking news from Torvan", "More follows. " * 30)
    room.tick(minutes=20)
    edit(room, SINKS, name="stub")
    (subject,) = room.subjects
    assert subject.startswith("New: ")


def test_an_edit_of_a_baseline_article_is_told_with_the_whole_event(room: Room) -> None:
    room.publish("a", "ferry", *SINKS)
    room.tick()
    room.tick(hours=1)
    assert room.subjects == []
    edit(room, MORE)
    (message,) = room.mailbox.arrived
    assert "12 -> at least 19" in message.subject


def test_what_is_no_better_reading_leaves_the_article_as_it_was(room: Room) -> None:
    room.tick()
    room.publish("a", "ferry", TITLE, TEXT[:170])
    room.page("a", "ferry", *SINKS)
    room.tick(minutes=20)
    room.web.fail("https://a.example/ferry", "HTTP 403", status=403)
    edit(room, (TITLE, "The ferry with 99 dead. " + TEXT[:120]))
    assert room.store.database.value("SELECT count(*) FROM revision") == 0
    text = room.store.database.value("SELECT text FROM document ORDER BY seq DESC")
    assert "the captain of the Meridel" in text


def test_a_live_article_is_read_again_after_growing_pauses(room: Room) -> None:
    told(room)
    reads = 0
    for n in range(24):
        room.edit("a", "ferry", TITLE, f"{TEXT} Update {n} of the day.")
        before = room.store.database.value("SELECT count(*) FROM revision")
        room.tick(minutes=15)
        reads += room.store.database.value("SELECT count(*) FROM revision") - before
    assert 4 <= reads <= 8


def test_a_reprint_of_the_new_version_is_a_copy_and_the_search_finds_the_new_words(
    room: Room,
) -> None:
    told(room)
    edit(room, (TITLE, TEXT + " The lifeboats of the Meridel were empty, a fisherman said."))
    room.publish(
        "b",
        "reprint",
        "Ferry disaster",
        TEXT + " The lifeboats of the Meridel were empty, a fisherman said.",
    )
    room.tick(hours=1)
    assert room.store.database.value("SELECT verdict FROM document ORDER BY seq DESC") == "same"
    found = "SELECT count(*) FROM document_text WHERE document_text MATCH 'lifeboats'"
    assert room.store.database.value(found) == 2


def test_a_later_toll_of_another_outlet_stands_against_an_edit_of_the_older_text(
    room: Room,
) -> None:
    told(room)
    room.publish("c", "toll", *RISES)
    room.tick(hours=2)
    room.tick(minutes=30)
    before = len(room.subjects)
    edit(room, (TITLE, TEXT.replace("at least 12 people", "at least 14 people")))
    assert room.subjects[before:] == []


def test_an_article_that_comes_again_in_fifty_disguises_is_told_once(room: Room) -> None:
    told(room)
    for n in range(50):
        title = TITLE if n % 3 else TITLE.upper()
        guid = f"<guid isPermaLink='false'>{n // 2}-{n}</guid>" if n % 4 else ""
        path = f"ferry?utm_source=feed{n}" if n % 5 else f"archive/{n}/ferry"
        day = format_datetime(room.now - timedelta(days=n % 7))
        entry = (
            f"<item><title>{title}</title><link>https://a.example/{path}</link>{guid}"
            f"<pubDate>{day}</pubDate><content:encoded><![CDATA[<p>{TEXT}</p>]]></content:encoded>"
            "</item>"
        )
        other = "<item><title>About us</title><link>https://a.example/about</link></item>"
        items = entry + other if n % 2 else other + entry
        room.web.put(
            "https://a.example/feed",
            '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
            f"<title>Feed a</title>{items}</channel></rss>",
        )
        room.tick(minutes=30)
    room.tick(hours=8)
    assert len(room.subjects) == 1
    copies = "SELECT count(*) FROM document WHERE verdict = 'same'"
    assert room.store.database.value(copies) == 10  # those at another address
