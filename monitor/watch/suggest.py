"""Words that would have caught an event, and little else: candidates, and how good they are."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import combinations

from monitor import text
from monitor.watch.words import tokens

CANDIDATES = 60  # terms asked of the archive
PAIRED = 24  # of them, the best by themselves, tried two by two
SHORTEST = 3
PHRASES = (1, 2, 3)  # words in a row


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Terms that must all stand in an article; `others` are articles of other events."""

    terms: tuple[str, ...]
    found: int
    missed: int
    others: int


def candidates(
    articles: Sequence[tuple[str, str]], stop_words: AbstractSet[str]
) -> tuple[str, ...]:
    """Give the words and phrases that stand in most of an event's articles (title, text).

    What stands in headlines counts double; names of two words before each of them alone.
    """
    seen: Counter[str] = Counter()
    for title, body in articles:
        seen.update(_terms(title, stop_words) | _terms(text.lead("", body), stop_words))
        seen.update(_terms(title, stop_words))
    least = max(1, len(articles) // 3)
    common = [term for term, count in seen.items() if count >= least]
    return tuple(sorted(common, key=lambda term: (-seen[term], -len(term), term))[:CANDIDATES])


def _terms(line: str, stop_words: AbstractSet[str]) -> set[str]:
    found: set[str] = set()
    for start, end in text.sentences(line):
        row = tokens(line[start:end])
        for size in PHRASES:
            for at in range(len(row) - size + 1):
                words = row[at : at + size]
                if not _is_weak(words[0], stop_words) and not _is_weak(words[-1], stop_words):
                    found.add(" ".join(words))
    return found


def _is_weak(word: str, stop_words: AbstractSet[str]) -> bool:
    return len(word) < SHORTEST or word.isdigit() or word in stop_words


def best(
    wanted: AbstractSet[int], found: Mapping[str, AbstractSet[int]], *, most: int
) -> list[Suggestion]:
    """Rank terms, alone and two by two, by how well they tell the event from everything else."""
    # `sorted` keeps the order of the candidates where two are as good
    alone = sorted((_judged((term,), rows, wanted) for term, rows in found.items()), key=_rank)
    pairs = (
        _judged((one, other), found[one] & found[other], wanted)
        for one, other in combinations([each.terms[0] for each in alone[:PAIRED]], 2)
        if one not in other and other not in one
    )
    return _distinct(sorted([*alone, *pairs], key=_rank), most)


def _judged(terms: tuple[str, ...], rows: AbstractSet[int], wanted: AbstractSet[int]) -> Suggestion:
    hits = len(rows & wanted)
    return Suggestion(terms=terms, found=hits, missed=len(wanted) - hits, others=len(rows) - hits)


def _rank(each: Suggestion) -> tuple[float, int]:
    """By F1 of finding the event, fewer terms first."""
    return -2 * each.found / (2 * each.found + each.missed + each.others), len(each.terms)


def _distinct(ranked: Iterable[Suggestion], most: int) -> list[Suggestion]:
    """Leave out what holds a better suggestion and more words."""
    kept: list[Suggestion] = []
    for each in ranked:
        if not each.found:
            continue
        if not any(_within(other, each) for other in kept):
            kept.append(each)
        if len(kept) == most:
            break
    return kept


def _within(one: Suggestion, other: Suggestion) -> bool:
    return all(any(f" {term} " in f" {longer} " for longer in other.terms) for term in one.terms)
