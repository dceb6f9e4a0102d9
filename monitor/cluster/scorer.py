"""How likely an article belongs to an event: a logistic regression on what they share."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from math import exp
from typing import NamedTuple

from monitor.cluster.state import EventState

DAY = 86_400.0
ENOUGH = 0.35  # a cosine above it says no more by itself; a lower one weighs heavily against
LEAST = 0.13  # a cosine below it was as often wrong as right
STRANGERS = 0.08  # a cosine of names below it: another place, whatever the words
DEEDS_SHARE = 0.125  # of what the heaviest word leaves, that much is not from names
TELLING = 3  # names and numbers that must stand on both sides
ACQUAINTED = 0.25  # a cosine of names below it is chance
ENOUGH_DEEDS = 0.12  # what other words than names give: more says no more by itself
FEATURES = (
    "likeness",  # cosine with the event's sum, up to `ENOUGH`
    "names",  # the same of names and numbers
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
    names: Mapping[int, float]  # and numbers, and each word of a script without capitals
    proper: AbstractSet[int]  # of the names, those that running text writes with a capital
    time: float


class Match(NamedTuple):
    """How an article's text meets an event's."""

    cosine: float
    rest: float  # of the cosine, without the one word that gives most of it
    deeds: float  # of the cosine, what other words than proper names give
    names: float
    alone: bool
    telling: bool  # both name enough for a comparison


def match(article: Article, event: EventState) -> Match:
    parts = event.everything.parts(article.everything)
    cosine = sum(parts.values())
    return Match(
        cosine=cosine,
        rest=cosine - max(parts.values(), default=0.0),
        deeds=sum([x for key, x in parts.items() if key not in article.proper]),
        names=event.names.cosine(article.names),
        alone=event.size == 1,
        telling=min(len(article.names), len(event.names.keys)) >= TELLING,
    )


def are_strangers(text: Match, rest: float) -> bool:
    """Whether nothing else can make one event of them, however near they are in time.

    Hardly a word in common, or one alone (a town that fills its paper), or names alone (its mayor,
    too), or like words about other people and places. `rest`: of a cosine, what its heaviest word
    must leave.
    """
    few = text.cosine < LEAST or text.rest < rest or text.deeds < DEEDS_SHARE * rest
    return few or (text.telling and text.names < STRANGERS)


def nearness(text: Match, newest: float) -> float:
    """The cosine in its days; seconds from the event's newest article."""
    return text.cosine * exp(-abs(newest) / (3 * DAY))


def features(
    text: Match, newest: float, oldest: float, *, nearest: bool = True
) -> tuple[float, ...]:
    """The values of `FEATURES`; seconds from the event's newest and oldest article.

    `nearest`: no other event considered has a greater `nearness`.
    """
    oldest_7d = exp(-abs(oldest) / (7 * DAY))
    return (
        min(text.cosine, ENOUGH),
        text.names,
        min(text.names / ACQUAINTED, 1.0),
        oldest_7d,
        nearness(text, newest),
        text.cosine * oldest_7d,
        float(text.alone),
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
