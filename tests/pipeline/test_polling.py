"""When a feed is asked, where, and what the operator hears of the feeds themselves."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.beds import FeedState, Poll
from monitor.model import Rhythm
from monitor.pipeline.poll import awake
from tests.pipeline.conftest import CONFIG, START, Room

A = "https://a.example/feed"
NEW = "https://new.example/feed"


def state(room: Room) -> FeedState:
    return room.store.inbox.feed_state(A)


def asked(room: Room, **passed: float) -> list[str]:
    """What is asked for at the next tick."""
    before = len(room.web.asked)
    room.tick(**passed)
    return room.web.asked[before:]


# -- where ----------------------------------------------------------------------------------------


def test_a_feed_that_moved_for_good_is_believed_after_three_polls_and_told_once(room: Room) -> None:
    room.tick()
    room.publish("a", "two", "A second article", "Nothing of note happened in the town hall. " * 9)
    room.web.put(NEW, "<rss version='2.0'><channel><title>Feed a</title></channel></rss>")
    room.web.move(A, NEW)
    for _ in range(3):
        assert A in asked(room, minutes=20)
    assert state(room).address == NEW
    found = asked(room, minutes=20)
    assert NEW in found
    assert A not in found
    room.tick(minutes=20)
    (told,) = room.mailbox.arrived
    assert f"has moved for good to {NEW}: change its url in the config" in " ".join(
        told.text.split()
    )


def test_a_move_that_is_taken_back_is_not_believed(room: Room) -> None:
    room.tick()
    room.web.put(NEW, "<rss version='2.0'><channel><title>Feed a</title></channel></rss>")
    room.web.move(A, NEW)
    asked(room, minutes=20)
    asked(room, minutes=20)
    room.web.move(A, "")
    asked(room, minutes=20)
    room.web.move(A, NEW)
    asked(room, minutes=20)
    assert (state(room).address, state(room).moves) == ("", 1)


def test_a_new_home_that_does_not_open_leads_back_to_the_old_door(room: Room) -> None:
    room.tick()
    room.web.put(NEW, "<rss version='2.0'><channel><title>Feed a</title></channel></rss>")
    room.web.move(A, NEW)
    for _ in range(3):
        room.tick(minutes=20)
    room.web.fail(NEW, "HTTP 404", status=404)
    room.web.move(A, "")
    for _ in range(3):
        assert NEW in asked(room, minutes=20)
    assert A in asked(room, minutes=20)
    assert state(room).failures == 0


# -- when -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "hour"),
    [
        (datetime(2026, 11, 20, 21, 40, tzinfo=UTC), datetime(2026, 11, 20, 21, tzinfo=UTC)),
        (datetime(2026, 11, 20, 23, 40, tzinfo=UTC), datetime(2026, 11, 22, 0, tzinfo=UTC)),
        (datetime(2026, 11, 22, 1, 5, tzinfo=UTC), datetime(2026, 11, 22, 4, tzinfo=UTC)),
    ],
    ids=["awake", "a-night-and-a-day-are-one-day-at-most", "night"],
)
def test_a_feed_is_not_asked_in_the_hours_and_days_in_which_it_sleeps(
    due: datetime, hour: datetime
) -> None:
    rhythm = Rhythm(skip_hours=frozenset({1, 2, 3, 22, 23}), skip_days=frozenset({5}))  # Saturday
    found = awake(due, rhythm)
    assert found >= due
    assert found.replace(minute=0) == hour or found == due + timedelta(days=1)


def test_a_feed_that_never_wakes_is_asked_once_a_day() -> None:
    never = Rhythm(skip_hours=frozenset(range(24)))
    assert awake(START, never) == START + timedelta(days=1)


def test_the_feeds_own_ttl_holds_for_answers_without_a_body_too(room: Room) -> None:
    body = (
        "<rss version='2.0'><channel><title>Feed a</title><ttl>180</ttl><item><title>One</title>"
        "<link>https://a.example/1</link></item></channel></rss>"
    )
    room.web.put(A, body, etag='"1"')
    room.tick()
    for _ in range(2):  # with a body, then a 304
        last = state(room).last_poll
        due = state(room).next_due
        assert last is not None
        assert due is not None
        assert timedelta(minutes=160) < due - last < timedelta(minutes=200)
        room.tick(minutes=200)


def test_of_a_days_polls_less_than_a_hundredth_goes_to_the_dead_twentieth_of_the_feeds(
    tmp_path: Path,
) -> None:
    addresses = [f"https://f{n}.example/feed" for n in range(40)]
    feeds = "".join(f'[[feed]]\nurl = "{each}"\n' for each in addresses)
    room = Room(tmp_path, feeds)
    dead, good = addresses[:2], addresses[2:]
    for each in good:
        room.web.put(each, "<rss version='2.0'><channel><title>F</title></channel></rss>", etag="1")
    for each in dead:
        room.web.fail(each, "no answer")
    for _ in range(24 * 12):
        room.tick(minutes=5)
    times = Counter(room.web.asked)
    room.close()
    assert min(times[each] for each in good) >= 24 * 60 / 20  # fifteen minutes, and a tick
    assert max(times[each] for each in dead) <= 8  # 1, 2, 5, 15 minutes, 1 and 6 hours, a day
    assert sum(times[each] for each in dead) < times.total() / 100


@pytest.mark.parametrize(
    "trouble",
    [
        {"failures": 2, "failing_since": START, "problem": "HTTP 500"},
        {"failures": 1, "failing_since": START, "problem": "HTTP 410", "gone": True},
        {"gone": True},
        {"not_before": START},
        {"moved_to": "https://b.example/feed", "moves": 2},
    ],
    ids=" ".join,
)
def test_whatever_ailed_a_feed_is_over_when_it_says_that_nothing_changed(
    room: Room, trouble: dict[str, Any]
) -> None:
    room.tick()
    well = room.store.inbox.feed_state(A)
    room.store.inbox.record_polls([Poll(state=well._replace(**trouble), at=room.now)])
    room.tick(hours=1)
    after = room.store.inbox.feed_state(A)
    assert after.last_poll == room.now
    times = {"next_due": None, "last_poll": None}
    assert after._replace(**times) == well._replace(**times)


# -- what the operator hears ----------------------------------------------------------------------


def test_a_failing_feed_is_told_once_after_a_day_and_so_is_its_recovery(room: Room) -> None:
    room.tick()
    room.web.fail(A, "HTTP 403", status=403)
    for _ in range(30):
        room.tick(hours=1)
    (told,) = room.mailbox.arrived
    assert told.kind == "health"
    assert "Feed a has failed since 4 Mar (HTTP 403" in " ".join(told.text.split())
    room.restart()
    for _ in range(30):
        room.tick(hours=1)
    assert len(room.mailbox.arrived) == 1
    room.publish("a", "two", "A second article", "Nothing of note happened in the town hall. " * 9)
    for _ in range(30):
        room.tick(hours=1)
    assert len(room.mailbox.arrived) == 2
    assert "Feed a answers again" in room.mailbox.arrived[1].subject


def test_a_feed_that_fails_for_some_hours_is_not_told(room: Room) -> None:
    room.tick()
    room.web.fail(A, "HTTP 503", status=503)
    for _ in range(10):
        room.tick(hours=1)
    room.publish("a", "two", "A second article", "Nothing of note happened in the town hall. " * 9)
    for _ in range(10):
        room.tick(hours=1)
    assert room.mailbox.arrived == []


def test_a_feed_that_says_it_is_gone_is_told_at_once_and_asked_once_a_day(room: Room) -> None:
    room.tick()
    room.web.fail(A, "HTTP 410 Gone", status=410)
    room.tick(minutes=20)
    (told,) = room.mailbox.arrived
    assert "gone for good" in told.subject
    assert sum(A in asked(room, hours=1) for _ in range(72)) in (2, 3)
    assert len(room.mailbox.arrived) == 1


@pytest.fixture
def evening(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path, CONFIG + 'when = ["18:00"]\n')
    yield made
    made.close()


def test_a_target_with_digest_times_hears_of_a_failing_feed_at_its_hour(evening: Room) -> None:
    evening.tick()  # 09:00 local
    evening.web.fail(A, "HTTP 403", status=403)
    for _ in range(26):
        evening.tick(hours=1)
    assert evening.mailbox.arrived == []  # 11:00 of the next day
    for _ in range(8):
        evening.tick(hours=1)
    (told,) = evening.mailbox.arrived
    assert "Feed a has failed since" in told.text


# -- our own network ------------------------------------------------------------------------------


def lose_network(room: Room) -> None:
    for name in "abc":
        room.web.fail(f"https://{name}.example/feed", f"the name {name}.example is not known")


def test_an_outage_of_our_own_network_counts_against_no_feed_and_is_told_once(room: Room) -> None:
    room.tick()
    lose_network(room)
    for _ in range(40):
        room.tick(hours=1)
    assert room.newsmon.reach.lost_since is not None
    assert all(each.failures == 0 for each in room.store.inbox.feed_states())
    (told,) = room.mailbox.arrived
    assert "the network of this machine seems to be down" in " ".join(told.text.split())
    for name in "abc":
        room.publish(name, "two", "Another article", "Nothing of note happened in town. " * 9)
    room.tick(minutes=2)  # all are asked again soon
    assert room.newsmon.reach.lost_since is None
    assert room.store.database.value("SELECT count(*) FROM document") == 6


def test_one_dead_host_among_others_is_its_own_fault(room: Room) -> None:
    room.tick()
    room.web.fail(A, "the name a.example is not known")
    for _ in range(3):
        room.tick(minutes=20)
    assert state(room).failures == 3


def test_no_page_is_tried_while_our_network_is_down(room: Room) -> None:
    room.tick()
    room.publish("a", "short", "A ferry sails", "It sails.")
    lose_page = "https://a.example/short"
    room.web.fail(lose_page, "the name a.example is not known")
    room.tick(minutes=20)
    lose_network(room)
    for _ in range(12):
        room.tick(minutes=5)
    (waiting,) = room.store.inbox.waiting(now=room.now + timedelta(days=1), limit=9)
    assert waiting.attempts < 4


# -- sitemaps -------------------------------------------------------------------------------------

SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://a.example/{n}</loc>
 <news:news><news:publication><news:name>A daily</news:name><news:language>en</news:language>
 </news:publication><news:publication_date>2025-03-04T07:30:00Z</news:publication_date>
 <news:title>Article {n}</news:title></news:news></url></urlset>"""


def test_a_sitemap_index_leads_to_the_articles_of_its_news_sitemaps(room: Room) -> None:
    parts = "".join(f"<sitemap><loc>https://a.example/news-{n}.xml</loc></sitemap>" for n in (1, 2))
    room.web.put(A, f"<sitemapindex>{parts}<sitemap><loc>/old.xml</loc></sitemap></sitemapindex>")
    for n in (1, 2):
        room.web.put(f"https://a.example/news-{n}.xml", SITEMAP.format(n=n))
    room.tick()
    assert state(room).title == "A daily"
    titles = room.store.database.rows("SELECT title FROM entry WHERE feed = :feed", feed=A)
    assert {row["title"] for row in titles} == {"Article 1", "Article 2"}
    assert "https://a.example/old.xml" not in room.web.asked
    # the index is the same bytes, and its sitemaps are asked again all the same
    room.web.put("https://a.example/news-2.xml", SITEMAP.format(n=3))
    room.tick(minutes=20)
    assert room.store.database.value("SELECT count(*) FROM entry WHERE title = 'Article 3'") == 1


def test_an_index_whose_sitemaps_all_fail_is_a_failing_feed(room: Room) -> None:
    body = "<sitemapindex><sitemap><loc>https://a.example/n.xml</loc></sitemap></sitemapindex>"
    room.web.put(A, body)
    room.tick()
    assert (state(room).failures, state(room).problem) == (1, "https://a.example/n.xml: HTTP 404")
