"""How likely an article belongs to an event: a logistic regression on what they share."""

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import chain
from math import exp
from typing import NamedTuple

from monitor.cluster.state import EventState

DAY = 86_400.0
ENOUGH = 0.35  # a cosine above it says no more by itself; a lower one weighs heavily against
LEAST = 0.13  # a cosine below it was as often wrong as right
STRANGERS = 0.08  # a cosine of names below it: another place, whatever the words
DEEDS_SHARE = 0.125  # of what the heaviest name leaves, that much is not from names
THIRD_SHARE = 0.0625  # as much of it is neither the heaviest name nor the heaviest other word
NAMING = 3.0  # names in an article, twice in its headline: with fewer, its words count for them
TELLING = 0.2  # of an article in its names: it tells whom it is about, not who says so
ACQUAINTED = 0.25  # a cosine of names below it is chance
SAME_NAMES = 0.3  # a cosine of names above it: they tell of the same
ENOUGH_DEEDS = 0.2  # what other words than names give: more says no more by itself
PRESUMED = 0.07  # so much beside its heaviest name, and who tells not whom it is about means this
SAME_DEEDS = 0.12  # so much of it, and what is done is the same, in texts of up to
PLAIN = 40  # different words; the chance of as much among four times the words is half as great
BRIEF = 25  # different words: who tells no more says too little of what is done to go by it
ROOM = 150  # pairs of words that are no names: among fewer none need agree, among half not two
HALF = 0.5  # of what is told: an event of more is meant by its name and one word
THREAD = 5 * DAY  # in which what an outlet goes on with, and what more is awaited of, fades by e
LONG = 7 * DAY  # where one story is most of what is told, a longer silence says no more
FEATURES = (
    "likeness",  # cosine with the event's sum, up to `ENOUGH`
    "own",  # its part from words that no other event considered has, up to `ENOUGH`
    "names",  # cosine of names
    "acquainted",  # whether they name the same at all: nothing in common weighs heavily against
    "oldest_7d",  # nearness to its oldest article, exp(-t / 7 days): an event is a matter of days
    "cosine_newest",  # the cosine times nearness: what is more than enough counts in its days
    "cosine_oldest",
    "alone",  # the event is one article yet, so cosines are lower
    "deeds",  # the cosine's part from other words than proper names, up to `ENOUGH_DEEDS`
    "nearest",  # no other event is nearer in words and time
)


@dataclass(frozen=True, slots=True)
class Article:
    """A document as two vectors of length 1 and a time in seconds since 1970."""

    everything: Mapping[int, float]
    names: Mapping[int, float]  # and each word of a script without capitals
    proper: AbstractSet[int]  # of the names, those that running text writes with a capital
    naming: float  # how often it names, twice in the headline
    time: float
    outlet: int = 0  # its key
    thread: int = 0  # articles its outlet told before, if it is a post that goes on with them

    def tells(self) -> bool:
        """Whether its names weigh enough to know it by."""
        known = self.everything.get
        return sum([known(key, 0.0) ** 2 for key in self.proper]) >= TELLING


class Match(NamedTuple):
    """How an article's text meets an event's."""

    cosine: float
    own: float  # of the cosine; a word that several of the events have counts in parts
    rest: float  # of the cosine, without the one name that gives most of it
    third: float  # of the rest, without the one other word that gives most of it
    deeds: float  # of the cosine, what other words than proper names give
    names: float
    acquainted: float  # as `names`, but where the article names few they say what its words say
    alone: bool
    telling: bool  # the article tells whom it is about
    room: int  # pairs of a word here and a word there that are no names
    thread: float = 0.0  # how likely it goes on with what its outlet told before
    filling: float = 0.0  # how much of what is told of late is this story: 0 to 1
    awaited: float = 0.0  # how far more of it was to be expected: `filling` or more, to 1
    fills: bool = False  # told by more than one article, it is most of what is told


def matches(article: Article, events: Sequence[EventState], articles: int) -> list[Match]:
    """How an article meets each of the events considered; `articles`: as many count as of late."""
    shared = [event.everything.parts(article.everything) for event in events]
    holders = Counter(chain.from_iterable(shared))
    tells = article.tells()
    found = [
        _match(article, event, parts, holders, tells=tells)
        for event, parts in zip(events, shared, strict=True)
    ]
    return _with_filling(article, events, found, articles)


def _match(
    article: Article,
    event: EventState,
    parts: Mapping[int, float],
    holders: Mapping[int, int],
    *,
    tells: bool,
) -> Match:
    named = sorted([x for key, x in parts.items() if key in article.proper])
    others = sorted([x for key, x in parts.items() if key not in article.proper])
    cosine, deeds, lesser_names = sum(parts.values()), sum(others), sum(named[:-1])
    names = event.names.cosine(article.names)
    told = min(1.0, article.naming / NAMING) if event.names.keys else 0.0
    return Match(
        cosine=cosine,
        own=sum([x / holders[key] for key, x in parts.items()]),
        rest=lesser_names + deeds,
        third=lesser_names + sum(others[:-1]),
        deeds=deeds,
        names=names,
        acquainted=told * names + (1 - told) * cosine,
        alone=event.size == 1,
        telling=tells and bool(event.names.keys),
        thread=_thread(article, event) if article.thread else 0.0,
        room=_pairs_beside_names(article, event),
    )


def _thread(article: Article, event: EventState) -> float:
    """How likely it goes on with an event: its outlet told little else, and told it of late."""
    told = event.outlets.dot({article.outlet: 1.0})
    share = told / article.thread
    return share**2 * told / (told + 1) * exp(-abs(article.time - event.last) / THREAD)


def _pairs_beside_names(article: Article, event: EventState) -> int:
    told = len(article.everything) - len(article.names)
    return told * (len(event.everything.keys) - len(event.names.keys))


def _with_filling(
    article: Article, events: Sequence[EventState], found: Sequence[Match], articles: int
) -> list[Match]:
    """The matches, each told how much of what is told of late is its story.

    A story may have come apart: events in which the same is done count together, unless they name
    others, and what they share is no less each one's own. A brief says too little of what is done;
    there it counts, too, how far an event is named; and who tells not whom it is about presumes
    that one knows.
    """
    done = [_same_deeds(article, *each) for each in zip(events, found, strict=True)]
    kin = sum([event.size * same for event, same in zip(events, done, strict=True)])
    brief = min(1.0, BRIEF / max(1, len(article.everything)))
    share = min(1.0, kin / max(1, articles - 1))
    filled = []
    for event, text, same in zip(events, found, done, strict=True):
        part, silence = event.size / articles, article.time - event.last
        named = event.size * (brief * min(1.0, text.names / ENOUGH)) ** 2
        filling = max(share * same, part * _presumed(text), min(1.0, named / articles))
        filled.append(
            text._replace(
                own=text.own + filling * (text.cosine - text.own),
                filling=filling,
                awaited=max(filling, _awaited(text, part, silence)),
                fills=filling > HALF and max(kin, named) > 1,
            )
        )
    return filled


def _presumed(text: Match) -> float:
    """How far an article that tells not whom it is about means this event, 0 to 1."""
    return 0.0 if text.telling else min(1.0, text.rest / PRESUMED)


def _awaited(text: Match, part: float, silence: float) -> float:
    """How far more was to be expected of an event that is a part of what is told, 0 to 1.

    An article that tells whom it is about must name the same. Seconds of silence, either way.
    """
    meant = 1.0 if text.names > SAME_NAMES else _presumed(text)
    return min(1.0, meant * part / HALF) * exp(-abs(silence) / THREAD)


def _same_deeds(article: Article, event: EventState, text: Match) -> float:
    """How far the same is done, 0 to 1: of much that is told, less must agree."""
    if _names_others(text):
        return 0.0
    words = max(PLAIN, min(len(article.everything), len(event.everything.keys)))
    return min(1.0, (text.deeds / SAME_DEEDS) ** 2 * words / PLAIN)


def _names_others(text: Match) -> bool:
    return text.telling and text.names < STRANGERS


def are_strangers(text: Match, rest: float) -> bool:
    """Whether nothing else can make one event of them, however near they are in time.

    Hardly a word in common, or like words about other people and places. Where most of what is told
    is not this event, also one name alone (a town that fills its paper), or names alone (its mayor,
    too), or one name and one other word (the airport of that town), where there was room for more.
    `rest`: of a cosine, what its heaviest name must leave; little where hardly anything else is
    told, for then it is meant; 0 for a headline alone, which names too few to tell them apart by.
    """
    if text.cosine < LEAST * (1 - text.awaited / 2):
        return True
    if not text.fills and (
        (text.room >= ROOM and text.deeds < DEEDS_SHARE * rest)
        or (text.room >= ROOM / 2 and text.third < THIRD_SHARE * rest)
        or text.rest < rest * (1 - text.filling) ** 2
    ):
        return True
    return bool(rest) and _names_others(text)


def nearness(text: Match, newest: float) -> float:
    """The cosine in its days; seconds from the event's newest article."""
    return text.cosine * exp(-_silence(text, newest) / (3 * DAY))


def _silence(text: Match, newest: float) -> float:
    """As much of the time since the event's newest article as speaks against it."""
    return min(abs(newest), LONG) if text.fills else abs(newest)


def features(
    text: Match, newest: float, oldest: float, *, nearest: bool = True
) -> tuple[float, ...]:
    """The values of `FEATURES`; seconds from the event's newest and oldest article.

    `nearest`: no other event considered has a greater `nearness`. An event of which more is awaited
    may be large, and old as long as it is told on, and named by nobody: there is nothing to take it
    for.
    """
    silence = _silence(text, newest)
    age = silence + (1 - text.awaited) * (abs(oldest) - abs(newest))
    oldest_7d = exp(-age / (7 * DAY))
    return (
        min(text.cosine, ENOUGH),
        min(text.own, ENOUGH),
        text.acquainted,
        max(min(text.acquainted / ACQUAINTED, 1.0), text.awaited),
        oldest_7d,
        nearness(text, newest),
        text.cosine * oldest_7d,
        max(float(text.alone), text.awaited),
        min(text.deeds, ENOUGH_DEEDS),
        float(nearest),
    )


@dataclass(frozen=True, slots=True)
class Scorer:
    """Weights beside `FEATURES`, and the levels of p at which something follows."""

    bias: float
    weights: tuple[float, ...]
    join: float
    merge: float
    follow: float
    rest: float  # see `are_strangers`; a headline alone may share one word

    def score(self, values: tuple[float, ...]) -> float:
        z = self.bias + sum(w * x for w, x in zip(self.weights, values, strict=True))
        return 1 / (1 + exp(-max(-500.0, z)))
