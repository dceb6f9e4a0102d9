"""How rare a word is, and how running text writes it: counts over the articles of late."""

from array import array
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from struct import Struct
from sys import byteorder

from monitor.cluster.words import CASE_BITS, KEY_BITS, LOWER, UPPER

WINDOW = 20_000  # articles of the long count: bounds memory and the time of a restart
RECENT = 14 * 86_400.0  # seconds of the recent count, which makes the words of the day light
RECENT_SLACK = 0.5  # the recent count is believed only when it is clearly the smaller
RECENT_LEAST = 50  # articles before it says anything
SEEN = 10  # articles that must write a word before they are believed against news at large
PRIOR = 300  # articles that the usual shares of words count for: a young window knows too few

_HEAD = Struct("<Id")  # ordinal of the article, clock
# One integer holds four counts: in how many articles, how often with a capital, how often without,
# and in how many articles of late.
_BITS = 20
_MASK = (1 << _BITS) - 1
_UPPER_ONE, _LOWER_ONE, _RECENT_ONE = 1 << _BITS, 1 << 2 * _BITS, 1 << 3 * _BITS
_ONE = tuple(1 + _UPPER_ONE * bool(n & UPPER) + _LOWER_ONE * bool(n & LOWER) for n in range(4))
_NEW_ONE = tuple(one + _RECENT_ONE for one in _ONE)
_NAME_SHARE = 0.6  # a name is written with a capital more often than this


@dataclass(frozen=True, slots=True)
class Usual:
    """What news at large is like, by key: for the days in which a window knows too little."""

    shares: Mapping[int, float]  # of articles that hold the word
    names: frozenset[int]  # words that running text writes with a capital


UNKNOWN = Usual(shares={}, names=frozenset())


class Window:
    """Two counts over one queue: the newest `WINDOW` articles, and those of the last `RECENT`."""

    def __init__(self, usual: Usual = UNKNOWN) -> None:
        self._names = usual.names
        self._usual = {key: PRIOR * share + 0.5 for key, share in usual.shares.items()}
        self.ordinal = 0  # articles ever placed
        self.clock = float("-inf")  # the latest arrival; never goes back
        self._older: deque[bytes] = deque()  # rows
        self._newer: deque[bytes] = deque()
        self._counts: defaultdict[int, int] = defaultdict(int)

    @property
    def articles(self) -> int:
        return len(self._older) + len(self._newer)

    def add(self, cased: Sequence[int], now: float) -> tuple[bytes, int]:
        """Count an article; answers with its row, and how many of the oldest rows left."""
        row = _HEAD.pack(self.ordinal + 1, max(self.clock, now)) + _keys_to_bytes(cased)
        return row, self.add_row(row)

    def add_row(self, row: bytes) -> int:
        """Count an article from its row; how many of the oldest rows left."""
        self.ordinal, self.clock = _HEAD.unpack_from(row)
        counts = self._counts
        for cased in _keys_of(row):
            counts[cased & KEY_BITS] += _NEW_ONE[cased & CASE_BITS]
        self._newer.append(row)
        while self.clock - _HEAD.unpack_from(self._newer[0])[1] > RECENT:
            self._age()
        dropped = 0
        while self.articles > WINDOW:
            self._drop()
            dropped += 1
        return dropped

    def rarities(self, keys: Iterable[int]) -> dict[int, float]:
        """The smaller of two inverse document frequencies of each word."""
        known, usual = self._counts.get, self._usual.get
        articles, newer = self.articles + PRIOR, len(self._newer) + PRIOR
        if len(self._newer) < RECENT_LEAST or not self._older:  # the recent count says no more
            return {
                key: log(1 + articles / ((known(key, 0) & _MASK) + usual(key, 0.5))) for key in keys
            }
        slack = exp(RECENT_SLACK)  # of two logarithms the smaller, without taking both
        found = {}
        for key in keys:
            count, others = known(key, 0), usual(key, 0.5)
            long = 1 + articles / ((count & _MASK) + others)
            recent = slack * (1 + newer / ((count >> 3 * _BITS) + others))
            found[key] = log(min(long, recent))
        return found

    def rare(self, keys: Iterable[int], share: float) -> list[int]:
        """Those that stand in no larger share of the articles; few articles count as 200."""
        known, most = self._counts.get, share * max(200, self.articles)
        return [key for key in keys if known(key, 0) & _MASK <= most]

    def count(self, key: int) -> int:
        """In how many articles it stands."""
        return self._counts.get(key, 0) & _MASK

    def is_name(self, key: int) -> bool | None:
        """Whether running text writes it with a capital; None when it never stood there."""
        count = self._counts.get(key, 0)
        upper, lower = count >> _BITS & _MASK, count >> 2 * _BITS & _MASK
        if upper + lower < SEEN and key in self._usual:
            return key in self._names
        return upper > _NAME_SHARE * (upper + lower) if upper or lower else None

    def _age(self) -> None:
        self._older.append(self._newer.popleft())
        for cased in _keys_of(self._older[-1]):
            self._counts[cased & KEY_BITS] -= _RECENT_ONE

    def _drop(self) -> None:
        counts = self._counts
        rows, one = (self._older, _ONE) if self._older else (self._newer, _NEW_ONE)
        for cased in _keys_of(rows.popleft()):
            key = cased & KEY_BITS
            left = counts[key] - one[cased & CASE_BITS]
            if left:
                counts[key] = left
            else:
                del counts[key]


def _keys_to_bytes(keys: Sequence[int]) -> bytes:
    packed = array("I", keys)
    if byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def _keys_of(row: bytes) -> "array[int]":
    packed = array("I", row[_HEAD.size :])
    if byteorder == "big":
        packed.byteswap()
    return packed
