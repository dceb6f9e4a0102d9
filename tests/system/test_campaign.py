"""newsmon is killed, and killed again; `make campaign` and `make chaos` do it a thousand times."""

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.system.chaos.campaign import Campaign, campaign

KILLS = int(os.environ.get("KILLS", "40"))
COLD = int(os.environ.get("COLD", "4"))
STOPS = int(os.environ.get("STOPS", "4"))
SEED = int(os.environ.get("SEED", "2026"))


def lost(counts: Counter[str]) -> dict[str, int]:
    """Everything counted that may not be; repeats that a death explains may."""
    return {k: n for k, n in counts.items() if n and k not in ("repeats", "explained")}


@pytest.mark.timeout(1800)
def test_killed_at_named_points_it_loses_nothing_and_repeats_what_nobody_can_know(
    tmp_path: Path,
) -> None:
    counts, points = campaign(tmp_path, seed=SEED, kills=KILLS, chunk=min(100, -(-KILLS // 2)))
    print(f"seed {SEED}: {dict(points)} {dict(counts)}")
    assert sum(points.values()) == KILLS
    assert lost(counts) == {}
    assert counts["repeats"] == counts["explained"]


@pytest.mark.timeout(1800)
def test_the_real_daemon_killed_in_the_cold_loses_nothing_either(tmp_path: Path) -> None:
    counts, points = campaign(
        tmp_path, seed=SEED + 1000, kills=COLD, chunk=-(-COLD // 2), cold=True
    )
    print(f"seed {SEED + 1000}: {dict(points)} {dict(counts)}")
    assert sum(points.values()) == COLD
    assert lost(counts) == {}
    assert counts["repeats"] == counts["explained"]


@pytest.mark.timeout(1800)
def test_asked_to_stop_at_any_moment_it_ends_in_order_and_nothing_comes_twice(
    tmp_path: Path,
) -> None:
    made = Campaign(tmp_path / "stops", SEED + 2000, 0)
    try:
        made.begin()
        assert [made.stop_round() for _ in range(STOPS)] == [0] * STOPS
        made.settle()
        assert {k: n for k, n in made.count().items() if n} == {}
    finally:
        made.close()
