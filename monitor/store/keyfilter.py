"""Which keys the index of copies may hold: most keys of a new text it does not, and none is read.

A Bloom filter with one bit a key (Bloom 1970). What it denies stands nowhere; what it grants may
have been taken out meanwhile, or share its bit with another. It is memory only.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

ROOM = 8  # bits a key, at least: one unknown key in eight is looked up in vain
LEAST = 1 << 20  # bits

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)  # the highest bits of a product with it are as random
_ANCHOR = np.uint64(1 << 32)  # tells the two lanes apart


class KeyFilter:
    """Holds bands and anchors, each a signed 32-bit number."""

    def __init__(self, expected: int) -> None:
        """`expected`: keys that there are; there is room for as many again."""
        self._keys = 0
        bits = max(LEAST, 2 * ROOM * expected).bit_length()
        self._room = (1 << bits) // ROOM
        self._shift = np.uint64(64 - bits)
        self._bits = np.zeros((1 << bits) // 8, np.uint8)

    @property
    def is_full(self) -> bool:
        return self._keys > self._room

    def add(self, bands: Sequence[int], anchors: Sequence[int]) -> None:
        places = self._places(bands, anchors)
        bits = np.left_shift(1, (places & np.uint64(7)).astype(np.uint8), dtype=np.uint8)
        np.bitwise_or.at(self._bits, places >> np.uint64(3), bits)
        self._keys += len(places)

    def known(
        self, bands: Sequence[int], anchors: Sequence[int]
    ) -> tuple[Sequence[int], Sequence[int]]:
        """Those of the keys that may stand in the index."""
        places = self._places(bands, anchors)
        held = self._bits[places >> np.uint64(3)] >> (places & np.uint64(7)).astype(np.uint8) & 1
        found = np.flatnonzero(held).tolist()
        return (
            [bands[at] for at in found if at < len(bands)],
            [anchors[at - len(bands)] for at in found if at >= len(bands)],
        )

    def _places(self, bands: Sequence[int], anchors: Sequence[int]) -> npt.NDArray[np.uint64]:
        lanes = np.asarray(bands, np.int32), np.asarray(anchors, np.int32)
        keys = np.concatenate(lanes).view(np.uint32).astype(np.uint64)
        keys[len(bands) :] |= _ANCHOR
        keys *= _GOLDEN
        return keys >> self._shift
