"""What was learnt from archives, and what is known of languages and of news at large."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from monitor.cluster.scorer import FEATURES, Scorer
from monitor.cluster.window import UNKNOWN, Usual
from monitor.cluster.words import key_of


@dataclass(frozen=True, slots=True)
class Model:
    """The scorers, and what is known of languages."""

    text: Scorer
    title_only: Scorer
    stop_words: Mapping[str, frozenset[str]]
    nameless: Mapping[str, frozenset[str]]  # numbers, days and months, however they are written
    determiners: Mapping[str, frozenset[str]]  # before nouns, where nouns are written like names
    round_ups: Mapping[str, re.Pattern[str]]
    goes_on: Mapping[str, re.Pattern[str]]  # what a post says that goes on with an earlier one
    usual: Callable[[str], Usual]  # by language


def load(learnt: Mapping[str, Any] | None = None, usual: Mapping[str, Any] | None = None) -> Model:
    """Read the data that ships with the package.

    In training `learnt` stands in for `weights.json`, `usual` for `usual/LANGUAGE.json`.
    """
    here = files("monitor.cluster")
    weights = learnt or json.loads((here / "weights.json").read_text("utf-8"))
    words = json.loads((here / "words.json").read_text("utf-8"))
    return Model(
        text=_scorer(weights["text"]),
        title_only=_scorer(weights["title_only"]),
        stop_words=_listed(words, "stop"),
        nameless=_listed(words, "nameless"),
        determiners=_listed(words, "determiners"),
        round_ups=_patterns(words, "round_up"),
        goes_on=_patterns(words, "goes_on"),
        usual=_usual if usual is None else lambda language: _usual_of(usual.get(language)),
    )


@cache
def _usual(language: str) -> Usual:
    """What is known of a language; read when it first comes up."""
    for file in (files("monitor.cluster") / "usual").iterdir():
        if file.name == f"{language}.json":
            return _usual_of(json.loads(file.read_text("utf-8")))
    return UNKNOWN


def _usual_of(stems: Mapping[str, Mapping[str, float]] | None) -> Usual:
    if stems is None:
        return UNKNOWN
    shares = {**stems["words"], **stems["names"]}
    return Usual(
        shares={key_of(stem): share for stem, share in shares.items()},
        names=frozenset(map(key_of, stems["names"])),
    )


def _listed(words: Mapping[str, Mapping[str, str]], key: str) -> dict[str, frozenset[str]]:
    return {language: frozenset(w[key].split()) for language, w in words.items() if key in w}


def _patterns(words: Mapping[str, Mapping[str, str]], key: str) -> dict[str, re.Pattern[str]]:
    return {
        language: re.compile(rf"\b(?:{w[key]})\b", re.IGNORECASE) for language, w in words.items()
    }


def _scorer(learnt: Mapping[str, Any]) -> Scorer:
    return Scorer(
        bias=learnt["bias"],
        weights=tuple(learnt["weights"][name] for name in FEATURES),
        join=learnt["join"],
        merge=learnt["merge"],
        follow=learnt["follow"],
        rest=learnt["rest"],
    )
