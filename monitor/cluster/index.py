"""Which events hold a word: an inverted index that reads the newest events first.

An event stands in it under the ordinal of the article that last joined it. When it is touched
again it is entered anew at the end, and its old entries, known by their old ordinal, fade.
"""

from array import array
from collections.abc import Mapping
from itertools import islice
from math import sqrt

import numpy as np

from monitor.cluster.state import EventState
from monitor.cluster.window import Window
from monitor.model import EventId

INDEXED_WORDS = 40  # the heaviest of an event
QUERY_WORDS = 20  # the heaviest of an article
MOST_SHARE = 0.1  # a word in more of the articles finds nothing
READ_MOST = 250  # entries of a word, the newest: bounds the work on a busy day
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

    def enter(self, event: EventId, state: EventState) -> None:
        """Enter an event under the article that last joined it; their ordinals rise."""
        ordinal, vector = state.touched, state.everything
        length = sqrt(vector.square) or 1.0
        self._live[ordinal] = event
        for word, x in zip(vector.keys[:INDEXED_WORDS], vector.weights, strict=False):
            self._append(word, ordinal, min(_WEIGHT_MASK, int(_WEIGHT_MASK * x / length)))
        for outlet in state.outlets.keys:
            self._append(outlet, ordinal, 0)

    def remove(self, state: EventState) -> None:
        """Take out an event that was entered so."""
        del self._live[state.touched]
        for word in (*state.everything.keys[:INDEXED_WORDS], *state.outlets.keys):
            entries = self._entries.get(word)
            if entries is not None and len(entries) < _SMALL and not self._sweep(word):
                del self._entries[word]

    def newest(self, word: int) -> EventId | None:
        """The event of the newest entry of a word."""
        entries = self._entries.get(word, array("Q"))[-READ_MOST:]
        ordinals = (entry >> _WEIGHT_BITS for entry in entries)
        newest = max((each for each in ordinals if each in self._live), default=None)
        return None if newest is None else self._live[newest]

    def nearest(self, vector: Mapping[int, float], window: Window) -> list[EventId]:
        """The events that share the most weight with an article."""
        heaviest = sorted(vector, key=vector.__getitem__, reverse=True)[:QUERY_WORDS]
        words = [word for word in window.rare(heaviest, MOST_SHARE) if word in self._entries]
        if not words:
            return []
        parts = [self._entries[word][-READ_MOST:] for word in words]
        entries = np.concatenate(parts)
        weights = np.repeat([vector[word] for word in words], list(map(len, parts)))
        weights *= entries & np.uint64(_WEIGHT_MASK)
        ordinals, places = np.unique(entries >> np.uint64(_WEIGHT_BITS), return_inverse=True)
        best = ordinals[np.argsort(np.bincount(places, weights), kind="stable")[::-1]]
        found = (self._live[ordinal] for ordinal in best.tolist() if ordinal in self._live)
        return list(islice(found, CANDIDATES))

    def _append(self, word: int, ordinal: int, weight: int) -> None:
        entry = ordinal << _WEIGHT_BITS | weight
        entries = self._entries.get(word)
        if entries is None:
            self._entries[word] = array("Q", (entry,))
            return
        n = len(entries)
        if n >= _SMALL and not n & (n - 1):  # at a power of two: sweeping costs O(1) each
            entries = self._sweep(word)
        entries.append(entry)

    def _sweep(self, word: int) -> "array[int]":
        live = self._live
        entries = array("Q", (e for e in self._entries[word] if e >> _WEIGHT_BITS in live))
        self._entries[word] = entries
        return entries
