"""What the clusterer remembers of one event: a few hundred numbers, packed.

The packed bytes are the memory, in the process as in the store: a state is unpacked to be
compared or changed, so a restart cannot make a difference.
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from operator import itemgetter
from struct import Struct, pack
from sys import byteorder
from typing import Any

from monitor.errors import StateError

KEPT_WORDS = 80  # heaviest words of the whole
KEPT_NAMES = 40
KEPT_OUTLETS = 8

_VERSION = 2
_HEAD = Struct("<BIIIddd")
_PART = Struct("<Hd")


@dataclass(slots=True)
class Vector:
    """A sum of vectors of length 1, cut to its heaviest words, heaviest first."""

    keys: Sequence[int] = ()
    weights: Sequence[float] = ()
    square: float = 0.0  # squared length of the uncut sum, up to what earlier cuts lost

    def dot(self, other: Mapping[int, float]) -> float:
        weights = self.weights
        return sum([weights[n] * other[key] for n, key in enumerate(self.keys) if key in other])

    def cosine(self, other: Mapping[int, float]) -> float:
        """With a vector of length 1 (or 0)."""
        return self.dot(other) / sqrt(self.square) if self.square > 0 else 0.0

    def parts(self, other: Mapping[int, float]) -> dict[int, float]:
        """What each shared word gives to the cosine with a vector of length 1 (or 0)."""
        length, weights = sqrt(self.square), self.weights
        return {
            key: weights[n] * other[key] / length for n, key in enumerate(self.keys) if key in other
        }

    def unit(self) -> dict[int, float]:
        """As a vector of length 1."""
        length = sqrt(self.square)
        return {key: x / length for key, x in zip(self.keys, self.weights, strict=True)}

    def plus(self, other: Mapping[int, float], square: float, most: int) -> "Vector":
        """The sum with another vector of that squared length; equal weights stay in order."""
        if not other:
            return self
        total = dict(zip(self.keys, self.weights, strict=True))
        grown = self.square + square + 2 * self.dot(other)
        for key, x in other.items():
            total[key] = total.get(key, 0.0) + x
        heaviest = sorted(total.items(), key=itemgetter(1), reverse=True)[:most]
        return Vector(tuple(k for k, _ in heaviest), tuple(x for _, x in heaviest), grown)


@dataclass(slots=True)
class EventState:
    """One event; times in seconds since 1970."""

    opened: int  # ordinal of the article that opened it
    touched: int  # ordinal of the newest article that joined it
    size: int  # articles joined, copies not counted
    first: float  # earliest and latest `published`
    last: float
    heard: float  # clock when an article or a copy last arrived
    everything: Vector
    names: Vector
    outlets: Vector = field(default_factory=Vector)  # how often each told it

    def pack(self) -> bytes:
        head = _HEAD.pack(
            _VERSION, self.opened, self.touched, self.size, self.first, self.last, self.heard
        )
        return head + b"".join(_packed((self.everything, self.names, self.outlets)))


def unpack(data: bytes) -> EventState:
    """The state that `EventState.pack` packed."""
    version, opened, touched, size, first, last, heard = _HEAD.unpack_from(data)
    if version != _VERSION:
        raise StateError(f"an event was kept in form {version}; this program knows {_VERSION}")
    vectors = []
    at = _HEAD.size
    for _ in range(3):
        n, square = _PART.unpack_from(data, at)
        start, middle, end = (at + _PART.size + k * n for k in (0, 4, 8))
        keys, weights = _array("I", data[start:middle]), _array("f", data[middle:end])
        vectors.append(Vector(keys, weights, square))
        at = end
    return EventState(opened, touched, size, first, last, heard, *vectors)


def _array(kind: str, data: bytes) -> "array[Any]":
    numbers = array(kind, data)
    if byteorder == "big":
        numbers.byteswap()
    return numbers


def touched(data: bytes) -> int:
    """The ordinal of the newest article of a packed state."""
    ordinal: int = _HEAD.unpack_from(data)[2]
    return ordinal


def heard(data: bytes) -> float:
    """When the event of a packed state was last heard of."""
    clock: float = _HEAD.unpack_from(data)[6]
    return clock


def _packed(vectors: Iterable[Vector]) -> Iterable[bytes]:
    for vector in vectors:
        n = len(vector.keys)
        yield _PART.pack(n, vector.square)
        yield pack(f"<{n}I{n}f", *vector.keys, *vector.weights)
