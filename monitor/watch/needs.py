"""What a text must hold so that a watch can match: a look at its words spares most queries."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from monitor.watch.words import Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One of these words, or of these beginnings, stands in every text that matches."""

    words: frozenset[str]
    beginnings: tuple[str, ...]


class Vocabulary:
    """The words of some texts."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._words)

    def can_meet(self, needs: Iterable[Need]) -> bool:
        return not any(
            need.words.isdisjoint(self._words) and not any(map(self._begins, need.beginnings))
            for need in needs
        )

    def _begins(self, beginning: str) -> bool:
        at = bisect_left(self._sorted, beginning)
        return at < len(self._sorted) and self._sorted[at].startswith(beginning)


def need(alternatives: Iterable[Phrase]) -> Need:
    """Give what any of these phrases needs: its longest word, an ending only where it is alone."""
    words: set[str] = set()
    beginnings: set[str] = set()
    for phrase in alternatives:
        whole = phrase.words[:-1] if phrase.prefix else phrase.words
        if whole:
            words.add(max(whole, key=len))
        else:
            beginnings.add(phrase.words[-1])
    return Need(words=frozenset(words), beginnings=tuple(sorted(beginnings)))


def either(needs: Iterable[Need]) -> Need:
    """Give what a text needs that meets one of these."""
    needs = tuple(needs)
    return Need(
        words=frozenset().union(*(each.words for each in needs)),
        beginnings=tuple(sorted({start for each in needs for start in each.beginnings})),
    )
