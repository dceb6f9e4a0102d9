"""How likely an article belongs to an event: a logistic regression on what they share."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp

from monitor.cluster.state import EventState

DAY = 86_400.0
ENOUGH = 0.35  # a cosine above it says no more by itself; a lower one weighs heavily against
FEATURES = (
    "likeness",  # cosine with the event's sum, up to `ENOUGH`
    "names",  # the same of names and numbers
    "newest_1d",  # nearness to the event's newest article: exp(-t / 1 day), 3 days
    "newest_3d",
    "oldest_7d",  # nearness to its oldest: an event is a matter of days
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


def features(article: Article, event: EventState) -> tuple[float, ...]:
    """The values of `FEATURES`."""
    cosine = event.everything.cosine(article.everything)
    newest = abs(article.time - event.last)
    newest_3d = exp(-newest / (3 * DAY))
    oldest_7d = exp(-abs(article.time - event.first) / (7 * DAY))
    return (
        min(cosine, ENOUGH),
        event.names.cosine(article.names),
        exp(-newest / DAY),
        newest_3d,
        oldest_7d,
        cosine * newest_3d,
        cosine * oldest_7d,
        float(event.size == 1),
    )


@dataclass(frozen=True, slots=True)
class Scorer:
    """Weights beside `FEATURES`, and the levels of p at which something follows."""

    bias: float
    weights: tuple[float, ...]
    join: float
    merge: float
    follow: float

    def score(self, values: tuple[float, ...]) -> float:
        z = self.bias + sum(w * x for w, x in zip(self.weights, values, strict=True))
        return 1 / (1 + exp(-max(-500.0, z)))
