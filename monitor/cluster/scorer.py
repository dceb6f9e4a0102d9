"""How likely an article belongs to an event: a logistic regression on what they share."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp
from typing import NamedTuple

from monitor.cluster.state import EventState

DAY = 86_400.0
ENOUGH = 0.35  # a cosine above it says no more by itself; a lower one weighs heavily against
LEAST = 0.13  # a cosine below it was as often wrong as right
STRANGERS = 0.08  # a cosine of names below it: another place, whatever the words
TELLING = 3  # names and numbers that must stand on both sides
ACQUAINTED = 0.25  # a cosine of names below it is chance
FEATURES = (
    "likeness",  # cosine with the event's sum, up to `ENOUGH`
    "names",  # the same of names and numbers
    "acquainted",  # whether they name the same at all: nothing in common weighs heavily against
    "oldest_7d",  # nearness to its oldest article, exp(-t / 7 days): an event is a matter of days
    "cosine_newest",  # the cosine times nearness: what is more than enough counts in its days
    "cosine_oldest",
    "alone",  # the event is one article yet, so cosines are lower
)


@dataclass(frozen=True, slots=True)
class Article:
    """A document as two vectors of length 1 and a time in seconds since 1970."""

    everything: Mapping[int, float]
    names: Mapping[int, float]
    time: float


class Match(NamedTuple):
    """How an article's text meets an event's."""

    cosine: float
    rest: float  # of the cosine, without the one word that gives most of it
    names: float
    alone: bool
    telling: bool  # both name enough for a comparison


def match(article: Article, event: EventState) -> Match:
    cosine, heaviest = event.everything.cosine_and_heaviest(article.everything)
    return Match(
        cosine=cosine,
        rest=cosine - heaviest,
        names=event.names.cosine(article.names),
        alone=event.size == 1,
        telling=min(len(article.names), len(event.names.keys)) >= TELLING,
    )


def are_strangers(text: Match, rest: float) -> bool:
    """Whether nothing else can make one event of them, however near they are in time.

    Hardly a word in common, or one alone (a town that fills its paper), or like words about other
    people and places. `rest`: of a cosine, what its heaviest word must leave.
    """
    few = text.cosine < LEAST or text.rest < rest
    return few or (text.telling and text.names < STRANGERS)


def features(text: Match, newest: float, oldest: float) -> tuple[float, ...]:
    """The values of `FEATURES`; seconds from the event's newest and oldest article."""
    oldest_7d = exp(-abs(oldest) / (7 * DAY))
    return (
        min(text.cosine, ENOUGH),
        text.names,
        min(text.names / ACQUAINTED, 1.0),
        oldest_7d,
        text.cosine * exp(-abs(newest) / (3 * DAY)),
        text.cosine * oldest_7d,
        float(text.alone),
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
