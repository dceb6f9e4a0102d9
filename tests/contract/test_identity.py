"""Entry identity, bytes to inbox: a republication in any disguise brings nothing new."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor import feeds
from monitor.app import Store
from monitor.beds import FeedState, Poll
from monitor.store.database import Database

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
URL = "https://gazette.example/feed"
ROUNDS = 6
TRACKERS = ("", "?utm_source=rss", "?fbclid=x1", "?utm_medium=feed&utm_campaign=c")
PLACES = ("http://", "https://", "http://www.", "https://www.")


@dataclass
class Article:
    number: int
    title: str
    at: datetime

    @property
    def path(self) -> str:
        return f"gazette.example/news/{self.number}"


@dataclass
class Outlet:
    """Publishes its articles again and again, each time in another disguise."""

    chance: random.Random
    linked: bool
    articles: list[Article] = field(default_factory=list)

    def write(self, count: int) -> None:
        for number in range(len(self.articles), len(self.articles) + count):
            at = NOW - timedelta(minutes=number)
            self.articles.append(Article(number, f"Council meeting number {number}", at))

    def feed(self) -> bytes:
        chance = self.chance
        guids = chance.choice(("own", "new", "none", "shared")) if self.linked else "own"
        tracker, place = chance.choice(TRACKERS), chance.choice(PLACES)
        shift = timedelta(hours=chance.choice((0, 0, 1, 30)))
        items = list(self.articles)
        chance.shuffle(items)
        written = "".join(self._item(each, guids, place, tracker, shift) for each in items)
        return f"<rss version='2.0'><channel><title>G</title>{written}</channel></rss>".encode()

    def _item(
        self, article: Article, guids: str, place: str, tracker: str, shift: timedelta
    ) -> str:
        slash = self.chance.choice(("", "/"))
        # without a guid of its own an entry is known by its link alone
        edited = self.chance.choice(("", ", as it happened", " (updated)"))
        guid = {
            "own": f"<guid>g{article.number}</guid>",
            "new": f"<guid>{self.chance.random()}</guid>",
            "none": "",
            "shared": "<guid>the gazette</guid>",
        }[guids]
        link = f"<link>{place}{article.path}{slash}{tracker}</link>" if self.linked else ""
        date = format_datetime(article.at - shift)
        return (
            f"<item><title>{article.title}{edited}</title>{link}{guid}"
            f"<pubDate>{date}</pubDate></item>"
        )


def published(store: Store, body: bytes) -> int:
    """What a poll of these bytes brings."""
    parsed = feeds.parse(body, url=URL, now=NOW, known=store.inbox.known(URL))
    state = FeedState(url=URL, baseline_done=True)
    (new,) = store.inbox.record_polls([Poll(state=state, parsed=parsed, baseline=False, at=NOW)])
    return new


@settings(max_examples=50, deadline=None, derandomize=True)
@given(seed=st.integers(0, 2**32), count=st.integers(4, 9), linked=st.booleans())
def test_fifty_republications_in_every_disguise_bring_only_what_was_written_since(
    seed: int, count: int, linked: bool
) -> None:
    store = Store(Database.in_memory())
    store.inbox.follow([URL])
    outlet = Outlet(random.Random(seed), linked)  # noqa: S311 - disguises, no secrets
    outlet.write(count)
    assert published(store, outlet.feed()) == count
    for round_ in range(ROUNDS):
        written = round_ % 2
        outlet.write(written)
        assert published(store, outlet.feed()) == written
    store.database.close()


@settings(max_examples=20, deadline=None, derandomize=True)
@given(order=st.permutations(range(6)), hours=st.integers(0, 5))
def test_entries_without_guid_and_link_are_known_by_title_in_any_order(
    order: list[int], hours: int
) -> None:
    store = Store(Database.in_memory())
    store.inbox.follow([URL])

    def body(numbers: list[int], at: datetime) -> bytes:
        date = format_datetime(at)
        items = "".join(
            f"<item><title>Notice {n}</title><pubDate>{date}</pubDate></item>" for n in numbers
        )
        return f"<rss version='2.0'><channel><title>G</title>{items}</channel></rss>".encode()

    assert published(store, body(list(range(6)), NOW)) == 6
    assert published(store, body(order, NOW - timedelta(hours=hours))) == 0
    store.database.close()
