from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.beds import FeedState, Gaps, Later, Poll, Rejected, Unchanged
from monitor.model import DocumentId, Entry, EntryId, ParsedFeed, Rhythm, Validators
from monitor.store.store import Store

NOON = datetime(2025, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)
URL = "https://outlet.example/feed"


def entry(name: str, *, keys: tuple[str, ...] = ()) -> Entry:
    return Entry(
        id=EntryId(name),
        url=f"https://outlet.example/{name}",
        title=f"Title {name}",
        summary="A summary",
        content="",
        published=NOON,
        keys=keys,
    )


def feed(*entries: Entry) -> ParsedFeed:
    return ParsedFeed(title="Outlet", language="en", entries=entries)


def polled(store: Store, *entries: Entry, baseline: bool = False) -> int:
    state = FeedState(url=URL, baseline_done=True)
    return keep(store, state, feed(*entries), baseline=baseline)


def keep(
    store: Store, state: FeedState, parsed: ParsedFeed | None = None, *, baseline: bool = False
) -> int:
    store.inbox.follow([state.url])
    poll = Poll(state=state, parsed=parsed, baseline=baseline, at=NOON)
    (new,) = store.inbox.record_polls([poll])
    return new


def test_a_feed_that_was_never_polled_has_an_empty_state(store: Store) -> None:
    assert store.inbox.feed_state(URL) == FeedState(url=URL)


def test_what_is_known_of_a_feed_comes_back_as_it_was_written(store: Store) -> None:
    state = FeedState(
        url=URL,
        title="Outlet",
        language="en",
        validators=Validators(etag='"x"', last_modified="Sat", body_hash="ab"),
        baseline_done=True,
        next_due=NOON + timedelta(minutes=5),
        not_before=NOON + timedelta(hours=1),
        pause=timedelta(minutes=4),
        rhythm=Rhythm(ttl=timedelta(hours=1), skip_hours=frozenset({2, 3})),
        address="https://new.example/feed",
        moved_to="https://newer.example/feed",
        moves=2,
        failures=2,
        failing_since=NOON,
        problem="HTTP 503",
        gone=True,
        last_poll=NOON,
        last_new=NOON - timedelta(days=1),
        left_out=3,
    )
    keep(store, state)
    assert store.inbox.feed_state(URL) == state
    assert store.inbox.feed_states() == (state,)


OTHER = FeedState(
    url=URL,
    title="Another",
    language="de",
    validators=Validators(etag='"y"'),
    baseline_done=True,
    next_due=NOON + timedelta(minutes=7),
    not_before=NOON + timedelta(hours=2),
    pause=timedelta(minutes=9),
    rhythm=Rhythm(ttl=timedelta(hours=4)),
    address="https://new.example/feed",
    moved_to="https://newer.example/feed",
    moves=1,
    failures=1,
    failing_since=NOON,
    problem="HTTP 500",
    gone=True,
    last_poll=NOON + timedelta(minutes=1),
    last_new=NOON + timedelta(minutes=1),
    left_out=2,
)


@pytest.mark.parametrize("name", sorted(set(FeedState._fields) - {"url", "told"}))
def test_whatever_a_poll_changes_is_written_and_no_more(store: Store, name: str) -> None:
    before = FeedState(url=URL, next_due=NOON, last_poll=NOON)
    keep(store, before)
    after = before._replace(**{name: getattr(OTHER, name)})
    assert after != before
    store.inbox.record_polls([Poll(state=after, at=NOON)])
    assert store.inbox.feed_state(URL) == after


def test_a_poll_that_finds_nothing_new_leaves_alone_what_it_did_not_look_at(store: Store) -> None:
    keep(store, before := FeedState(url=URL, next_due=NOON, last_poll=NOON))
    keep(store, before._replace(title="Named meanwhile"))
    later, soon = NOON + timedelta(hours=1), timedelta(minutes=7)
    store.inbox.record_polls([Unchanged(url=URL, at=NOON, next_due=later, pause=soon)])
    assert store.inbox.feed_state(URL) == before._replace(
        title="Named meanwhile", last_poll=NOON, next_due=later, pause=soon
    )


def test_what_was_told_of_a_feed_outlives_its_polls(store: Store) -> None:
    keep(store, FeedState(url=URL))
    store.inbox.tell(URL, "failing")
    keep(store, FeedState(url=URL, failures=3))
    assert store.inbox.feed_state(URL) == FeedState(url=URL, failures=3, told="failing")


def test_the_longest_due_feed_is_asked_first_and_what_left_the_config_never(store: Store) -> None:
    names = [f"https://outlet.example/{n}" for n in range(4)]
    store.inbox.follow(names)
    for n, url in enumerate(names):
        state = FeedState(url=url, next_due=NOON + timedelta(minutes=3 - n), title=f"{n}")
        store.inbox.record_polls([Poll(state=state, parsed=None, baseline=False, at=NOON)])
    later = NOON + timedelta(minutes=2)
    assert [each.title for each in store.inbox.due(now=later, limit=9)] == ["3", "2", "1"]
    assert [each.title for each in store.inbox.due(now=later, limit=2)] == ["3", "2"]
    store.inbox.follow(names[:3])
    assert [each.title for each in store.inbox.due(now=later, limit=9)] == ["2", "1"]
    # and whoever comes back is asked at once, with all that was known
    store.inbox.follow(names)
    assert [each.title for each in store.inbox.due(now=later, limit=1)] == ["3"]


def test_polls_that_end_together_are_kept_together(store: Store) -> None:
    urls = [f"https://outlet.example/{n}" for n in range(3)]
    store.inbox.follow(urls)
    polls = [
        Poll(state=FeedState(url=url), parsed=feed(entry("a"), entry("b")), baseline=False, at=NOON)
        for url in urls
    ]
    assert store.inbox.record_polls(polls) == (2, 2, 2)


def test_an_entry_is_taken_in_once(store: Store) -> None:
    assert polled(store, entry("a"), entry("b")) == 2
    assert polled(store, entry("b"), entry("c")) == 1
    assert store.inbox.known(URL) == {"a", "b", "c"}


def test_an_entry_with_a_new_guid_is_known_by_its_other_keys(store: Store) -> None:
    polled(store, entry("old", keys=("link:1",)))
    assert polled(store, entry("new", keys=("link:1",))) == 0
    # and the new guid is remembered too, should the link change next
    assert polled(store, entry("third", keys=("new",))) == 0


def test_the_same_guid_in_another_feed_is_another_entry(store: Store) -> None:
    polled(store, entry("a"))
    other = FeedState(url="https://other.example/feed")
    assert keep(store, other, feed(entry("a"))) == 1


def test_the_oldest_entry_of_a_feed_waits_in_front(store: Store) -> None:
    polled(store, entry("newest"), entry("middle"), entry("oldest"))
    waiting = store.inbox.waiting(now=NOON, limit=10)
    assert [each.entry.id for each in waiting] == ["oldest", "middle", "newest"]
    middle = store.inbox.waiting(now=NOON, limit=1, besides=[waiting[0].seq, waiting[2].seq])
    assert middle == (waiting[1],)


def test_a_baseline_marks_its_entries(store: Store) -> None:
    polled(store, entry("a"), baseline=True)
    polled(store, entry("b"), entry("a"), baseline=False)
    waiting = store.inbox.waiting(now=NOON, limit=10)
    assert {each.entry.id: each.baseline for each in waiting} == {"a": True, "b": False}


def test_an_entry_put_off_waits_for_its_hour_and_counts_its_tries(store: Store) -> None:
    polled(store, entry("a"))
    (first,) = store.inbox.waiting(now=NOON, limit=1)
    store.inbox.put_off(first, Later(at=NOON + timedelta(minutes=1), reason="HTTP 503"))
    assert store.inbox.waiting(now=NOON, limit=1) == ()
    (again,) = store.inbox.waiting(now=NOON + timedelta(minutes=1), limit=1)
    assert again.attempts == 1
    assert replace(again, attempts=0) == first


def test_rejected_and_judged_entries_do_not_wait_and_stay_known(store: Store) -> None:
    polled(store, entry("a"), entry("b"))
    b, a = store.inbox.waiting(now=NOON, limit=2)
    store.inbox.put_off(a, Rejected(reason="no text and no title"))
    store.inbox.settle(b, DocumentId("d-b"), note="HTTP 403")
    assert store.inbox.waiting(now=NOON + timedelta(days=9), limit=9) == ()
    assert store.inbox.known(URL) == {"a", "b"}
    assert store.inbox.gaps(since=NOON - timedelta(hours=1)) == Gaps(dropped=1, blocked=1)
    assert store.inbox.gaps(since=NOON + timedelta(hours=1)) == Gaps()


def test_after_the_clock_went_back_no_feed_waits_longer_than_it_would_have(store: Store) -> None:
    due = FeedState(url=URL, next_due=NOON + timedelta(minutes=10))
    keep(store, due)
    an_hour_back = NOON - timedelta(hours=1)
    store.inbox.pull_forward(now=an_hour_back, step=timedelta(hours=1))
    assert store.inbox.feed_state(URL).next_due == an_hour_back + timedelta(minutes=10)
