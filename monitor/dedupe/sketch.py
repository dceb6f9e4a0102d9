"""Signatures: shingles, MinHash, and the two lanes of keys that propose candidates."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec, module_from_spec
from operator import index
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from monitor.dedupe.prepare import NORMALISER, RECENT, Prepared
from monitor.model import Signature
from monitor.text import remembered

Hashes = npt.NDArray[np.uint32]

SEED = 1
PERMUTATIONS = 128
BANDS, ROWS = 42, 3  # proposes at Jaccard .3 already: every candidate is compared exactly
SHINGLE_WORDS = 3
SHINGLE_CHARACTERS = 5  # scripts without spaces
ANCHOR_ONE_IN = 8

_FORM = "/".join(
    (
        f"affine32 seed {SEED}",
        f"{PERMUTATIONS} permutations",
        f"{BANDS}x{ROWS} bands and the whole",
        f"words {SHINGLE_WORDS}",
        f"characters {SHINGLE_CHARACTERS}",
        f"anchors 1:{ANCHOR_ONE_IN}",
        f"normaliser {NORMALISER}",
    )
)
VERSION = blake2b(_FORM.encode(), digest_size=4).hexdigest()  # short: every signature bears it

LONGEST_FURNITURE = 60  # words; what stands under every article of an outlet is shorter

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))


def sign(prepared: Prepared) -> Signature:
    """Reduce a text to what the store keeps of it: about 2.5 kB for 500 words."""
    shingles = shingle_hashes(prepared)
    exact = blake2b(" ".join(prepared.tokens).encode(), digest_size=16).digest()
    whole = int.from_bytes(exact[:4], "little", signed=True)
    return Signature(
        version=VERSION,
        exact=exact,
        shingles=shingles.astype("<u4").tobytes(),
        bands=(whole, *(_bands(_minhash(shingles)) if shingles.size else ())),
        anchors=_anchors(shingles),
        sentences=tuple(
            sorted({s.hash for s in prepared.sentences if s.last - s.first < LONGEST_FURNITURE})
        ),
    )


def shingles_of(signature: Signature) -> Hashes:
    """The stored shingle hashes, sorted and unique."""
    return np.frombuffer(signature.shingles, dtype="<u4")


@remembered(RECENT)
def shingle_hashes(prepared: Prepared) -> Hashes:
    """Sorted unique hashes of the kept text's shingles; a shorter text is one shingle."""
    line = np.sort(in_order(prepared))
    return line[np.concatenate(([True], line[1:] != line[:-1]))[: line.size]]


@remembered(RECENT)
def in_order(prepared: Prepared) -> Hashes:
    """The hash of the shingle that begins at each kept word (the last ones have none)."""
    words = prepared.words
    if not words:
        return np.empty(0, dtype=np.uint32)
    size = min(SHINGLE_CHARACTERS if prepared.unspaced else SHINGLE_WORDS, len(words))
    line = np.array([crc32(word.encode()) for word in words], dtype=np.uint64)
    mixed = np.full(len(words) - size + 1, size, dtype=np.uint64)
    for i in range(size):
        mixed = _mixed(mixed + _GOLDEN + line[i : len(words) - size + 1 + i])
    return (mixed >> np.uint64(32)).astype(np.uint32)


def _mixed(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The finaliser of splitmix64 (Steele, Lea, Flood 2014): a bijection that spreads all bits."""
    values = (values ^ (values >> np.uint64(30))) * _MIX[0]
    values = (values ^ (values >> np.uint64(27))) * _MIX[1]
    return values ^ (values >> np.uint64(31))


@cache
def _blank() -> Any:
    with _unopened("datasketch"):  # its other modules load scipy: half a second and 44 MB
        from datasketch.minhash import MinHash

    # what it is given are hashes, which stand for themselves
    return MinHash(num_perm=PERMUTATIONS, seed=SEED, scheme="affine32", hashfunc=index)


@contextmanager
def _unopened(package: str) -> Iterator[None]:
    """Import a module of a package without what the package itself imports."""
    if package in sys.modules or (spec := find_spec(package)) is None:
        yield
        return
    sys.modules[package] = module_from_spec(spec)
    try:
        yield
    finally:
        del sys.modules[package]  # whoever asks for it later gets the whole


def _minhash(shingles: Hashes) -> npt.NDArray[np.uint32]:
    made = _blank().copy()  # a new one would draw its permutations again
    made.update_batch(shingles.tolist())
    values: npt.NDArray[np.uint32] = made.hashvalues
    return values


def _bands(minhash: npt.NDArray[np.uint32]) -> tuple[int, ...]:
    rows = minhash[: BANDS * ROWS].reshape(BANDS, ROWS).astype(np.uint64)
    keys = np.arange(BANDS, dtype=np.uint64)
    for i in range(ROWS):
        keys = _mixed(keys + _GOLDEN + rows[:, i])
    return tuple((keys >> np.uint64(32)).astype(np.uint32).view(np.int32).tolist())


def _anchors(shingles: Hashes) -> tuple[int, ...]:
    """FracMinHash (Irber et al. 2022): the shingles whose mixed hash falls into a fixed share."""
    kept = shingles[_mixed(shingles.astype(np.uint64)) % np.uint64(ANCHOR_ONE_IN) == 0]
    return tuple(kept.view(np.int32).tolist())
