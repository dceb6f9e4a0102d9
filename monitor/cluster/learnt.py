"""What was learnt from archives (`weights.json`) and what is known of languages (`words.json`)."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from monitor.cluster.scorer import FEATURES, Scorer


@dataclass(frozen=True, slots=True)
class Model:
    """The scorers, and per language the stop words and the headlines of round-ups."""

    text: Scorer
    title_only: Scorer
    stop_words: Mapping[str, frozenset[str]]
    round_ups: Mapping[str, re.Pattern[str]]


def load(learnt: Mapping[str, Any] | None = None) -> Model:
    """Read the data that ships with the package; `learnt` stands in for `weights.json`."""
    here = files("monitor.cluster")
    weights = learnt or json.loads((here / "weights.json").read_text("utf-8"))
    words = json.loads((here / "words.json").read_text("utf-8"))
    return Model(
        text=_scorer(weights["text"]),
        title_only=_scorer(weights["title_only"]),
        stop_words={language: frozenset(w["stop"].split()) for language, w in words.items()},
        round_ups={
            language: re.compile(rf"\b(?:{w['round_up']})\b", re.IGNORECASE)
            for language, w in words.items()
        },
    )


def _scorer(learnt: Mapping[str, Any]) -> Scorer:
    return Scorer(
        bias=learnt["bias"],
        weights=tuple(learnt["weights"][name] for name in FEATURES),
        join=learnt["join"],
        merge=learnt["merge"],
        follow=learnt["follow"],
    )
