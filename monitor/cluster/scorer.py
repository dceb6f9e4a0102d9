"""How likely an article belongs to an event: a logistic regression on what they share."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp

from monitor.cluster.state import EventState

DAY = 86_400.0
FEATURES = (
    "cos_all", "cos_title", "cos_names", "newest_1d", "newest_3d", "oldest_7d", "one_over_n",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Article:
    """A document as three vectors of length 1 and a time in seconds since 1970."""

    everything: Mapping[int, float]
    title: Mapping[int, float]
    names: Mapping[int, float]
    time: float


def features(article: Article, event: EventState) -> tuple[float, ...]:
    """The values of `FEATURES`."""
    newest = abs(article.time - event.last)
    return (
        event.everything.cosine(article.everything),
        event.title.cosine(article.title),
        event.names.cosine(article.names),
        exp(-newest / DAY),
        exp(-newest / (3 * DAY)),
        exp(-abs(article.time - event.first) / (7 * DAY)),
        1.0 / event.size,
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
