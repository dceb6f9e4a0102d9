"""Which events hold a word: an inverted index that reads the newest events first.

An event stands in it under the ordinal of the article that last joined it. When it is touched
again it is entered anew at the end, and its old entries, known by their old ordinal, fade.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping
from heapq import nlargest
from itertools import islice
from math import sqrt
from operator import itemgetter

from monitor.cluster.state import Vector
from monitor.cluster.window import Window
from monitor.model import EventId

INDEXED_WORDS = 40  # the heaviest of an event
QUERY_WORDS = 20  # the heaviest of an article
MOST_SHARE = 0.1  # a word in more of the articles finds nothing
READ_MOST = 250  # entries of a word: bounds the work on a busy day
CANDIDATES = 8

_WEIGHT_BITS = 8
_WEIGHT_MASK = (1 << _WEIGHT_BITS) - 1
_SMALL = 16  # entries; so short a list is swept whenever it is written to


class Index:
    """Word -> entries, oldest first; an entry is an ordinal and a weight in 1/255."""

    def __init__(self) -> None:
        self._entries: dict[int, array[int]] = {}
        self._live: dict[int, EventId] = {}  # by ordinal

    def __len__(self) -> int:
        return len(self._live)

    def enter(self, ordinal: int, event: EventId, vector: Vector) -> None:
        """Enter an event; ordinals rise."""
        length = sqrt(vector.square) or 1.0
        self._live[ordinal] = event
        for word, x in zip(vector.keys[:INDEXED_WORDS], vector.weights, strict=False):
            entries = self._entries.setdefault(word, array("Q"))
            if not len(entries) & (len(entries) - 1):  # a power of two: sweeping costs O(1) each
                entries = self._sweep(word)
            weight = min(_WEIGHT_MASK, int(_WEIGHT_MASK * x / length))
            entries.append(ordinal << _WEIGHT_BITS | weight)

    def remove(self, ordinal: int, vector: Vector) -> None:
        """Take out an event that was entered so."""
        del self._live[ordinal]
        for word in vector.keys[:INDEXED_WORDS]:
            if len(self._entries[word]) < _SMALL and not self._sweep(word):
                del self._entries[word]

    def nearest(self, vector: Mapping[int, float], window: Window) -> list[EventId]:
        """The events that share the most weight with an article."""
        live = self._live
        total: defaultdict[int, float] = defaultdict(float)
        for word, x in nlargest(QUERY_WORDS, vector.items(), key=itemgetter(1)):
            if word in self._entries and window.share(word) <= MOST_SHARE:
                for entry in self._newest(word):
                    total[entry >> _WEIGHT_BITS] += x * (entry & _WEIGHT_MASK)
        found = [(x, ordinal) for ordinal, x in total.items() if ordinal in live]
        return [live[ordinal] for _, ordinal in nlargest(CANDIDATES, found)]

    def _newest(self, word: int) -> Iterable[int]:
        """The entries of a word, newest first: among them not more than `READ_MOST` live ones."""
        entries = self._entries[word]
        if len(entries) <= READ_MOST:
            return reversed(entries)
        return islice((e for e in reversed(entries) if e >> _WEIGHT_BITS in self._live), READ_MOST)

    def _sweep(self, word: int) -> "array[int]":
        live = self._live
        entries = array("Q", (e for e in self._entries[word] if e >> _WEIGHT_BITS in live))
        self._entries[word] = entries
        return entries
