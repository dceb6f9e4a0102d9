"""Which keys the index of copies may hold."""

import random

from monitor.store import keyfilter
from monitor.store.keyfilter import KeyFilter


def keys(count: int, seed: int) -> list[int]:
    chance = random.Random(seed)  # noqa: S311 - the same keys every time
    return [chance.randrange(-(2**31), 2**31) for _ in range(count)]


def test_no_key_that_was_kept_or_added_is_ever_denied() -> None:
    kept = [(keys(42, n), keys(30, n + 1_000)) for n in range(500)]
    added = [(keys(42, n), keys(30, n + 1_000)) for n in range(5_000, 5_500)]
    index = KeyFilter(500 * 72)
    for bands, anchors in (*kept, *added):
        index.add(bands, anchors)
    for bands, anchors in (*kept, *added, ([-(2**31)], [2**31 - 1])):
        index.add(bands, anchors)
        assert index.known(bands, anchors) == (bands, anchors)
    assert index.known([], []) == ([], [])


def test_an_unknown_key_is_seldom_looked_up_until_the_room_is_used() -> None:
    index = KeyFilter(0)
    number = 0
    while not index.is_full:
        index.add(keys(600, number), keys(400, -number - 1))
        number += 1
    bands, anchors = index.known(keys(10_000, 77_777), keys(10_000, 88_888))
    assert number * 1_000 >= keyfilter.LEAST / keyfilter.ROOM
    assert len(bands) + len(anchors) < 20_000 / keyfilter.ROOM * 1.1


def test_a_band_is_no_anchor() -> None:
    bands, anchors = keys(100, 1), keys(100, 2)
    index = KeyFilter(200)
    index.add(bands, anchors)
    found = index.known(anchors, bands)
    assert len(found[0]) + len(found[1]) < 5
