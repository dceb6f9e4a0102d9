"""What was learnt from archives, and what is known of languages and of news at large."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from monitor.cluster.scorer import FEATURES, Scorer
from monitor.cluster.window import Usual
from monitor.cluster.words import key_of


@dataclass(frozen=True, slots=True)
class Model:
    """The scorers, and what is known of languages."""

    text: Scorer
    title_only: Scorer
    stop_words: Mapping[str, frozenset[str]]
    calendar: Mapping[str, frozenset[str]]  # days and months, where they are written like names
    round_ups: Mapping[str, re.Pattern[str]]
    usual: Mapping[str, Usual]


def load(learnt: Mapping[str, Any] | None = None, usual: Mapping[str, Any] | None = None) -> Model:
    """Read the data that ships with the package.

    In training `learnt` stands in for `weights.json`, `usual` for `usual.json`.
    """
    here = files("monitor.cluster")
    weights = learnt or json.loads((here / "weights.json").read_text("utf-8"))
    words = json.loads((here / "words.json").read_text("utf-8"))
    usual = usual or json.loads((here / "usual.json").read_text("utf-8"))
    return Model(
        text=_scorer(weights["text"]),
        title_only=_scorer(weights["title_only"]),
        stop_words={language: frozenset(w["stop"].split()) for language, w in words.items()},
        calendar={
            language: frozenset(w["calendar"].split())
            for language, w in words.items()
            if "calendar" in w
        },
        round_ups={
            language: re.compile(rf"\b(?:{w['round_up']})\b", re.IGNORECASE)
            for language, w in words.items()
        },
        usual={
            language: Usual(
                shares={key_of(s): n for s, n in (of["words"] | of["names"]).items()},
                names=frozenset(key_of(stem) for stem in of["names"]),
            )
            for language, of in usual.items()
        },
    )


def _scorer(learnt: Mapping[str, Any]) -> Scorer:
    return Scorer(
        bias=learnt["bias"],
        weights=tuple(learnt["weights"][name] for name in FEATURES),
        join=learnt["join"],
        merge=learnt["merge"],
        follow=learnt["follow"],
        rest=learnt["rest"],
    )
