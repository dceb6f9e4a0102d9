"""What a text must hold so that a watch can match: a look at its words spares most queries."""

from collections.abc import Iterable
from functools import cached_property
from typing import TypeAlias

from monitor.watch.words import Phrase

Need: TypeAlias = frozenset[str]  # one of these words, or beginnings ("flood*"), is in the text


class Vocabulary:
    """The words of some texts, and how they begin."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(words)

    @cached_property
    def with_beginnings(self) -> frozenset[str]:
        ends = ((word, end) for word in self.words for end in range(1, len(word) + 1))
        return self.words.union([f"{word[:end]}*" for word, end in ends])

    def can_meet(self, needs: Iterable[Need]) -> bool:
        return not any(self.with_beginnings.isdisjoint(need) for need in needs)


def need(alternatives: Iterable[Phrase]) -> Need:
    """Give what any of these phrases needs: its longest word, an ending only where it is alone."""
    found = set()
    for phrase in alternatives:
        whole = phrase.words[:-1] if phrase.prefix else phrase.words
        found.add(max(whole, key=len) if whole else f"{phrase.words[-1]}*")
    return frozenset(found)
