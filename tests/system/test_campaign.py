"""newsmon is killed, and killed again; `make campaign` and `make chaos` do it a thousand times."""

import os

import pytest

from tests.system.chaos.campaign import Counts, How, Part, campaign, share

KILLS = int(os.environ.get("KILLS", "40"))
ANYWHERE = int(os.environ.get("ANYWHERE", "4"))
COLD = int(os.environ.get("COLD", "4"))
STOPS = int(os.environ.get("STOPS", "4"))
SEED = int(os.environ.get("SEED", "2026"))

pytestmark = pytest.mark.timeout(1800)


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> dict[How, tuple[Counts, Counts]]:
    """What each way to end newsmon lost, and where it did; all of them side by side."""
    parts = [  # the longest first
        Part("anywhere", SEED + 3000, ANYWHERE),
        *share("cold", COLD, SEED + 1000, most=10),
        *share("stopped", STOPS, SEED + 2000),
        *share("killed", KILLS, SEED),
    ]
    found = campaign(tmp_path_factory.mktemp("campaign"), parts)
    for how, (counts, points) in found.items():
        print(f"{how}: {dict(points)} {dict(counts)}")
    return found


def lost(counts: Counts) -> dict[str, int]:
    """Everything counted that may not be; repeats that a death explains may."""
    return {k: n for k, n in counts.items() if n and k not in ("repeats", "explained")}


def test_killed_at_named_points_it_loses_nothing_and_repeats_what_nobody_can_know(
    ended: dict[How, tuple[Counts, Counts]],
) -> None:
    counts, points = ended["killed"]
    assert points.total() == KILLS
    assert lost(counts) == {}
    assert counts["repeats"] == counts["explained"]


def test_killed_at_any_moment_over_two_hundred_feeds_it_loses_nothing(
    ended: dict[How, tuple[Counts, Counts]],
) -> None:
    counts, points = ended["anywhere"]
    assert points.total() == ANYWHERE
    assert lost(counts) == {}
    assert counts["repeats"] == counts["explained"]


def test_the_real_daemon_killed_in_the_cold_loses_nothing_either(
    ended: dict[How, tuple[Counts, Counts]],
) -> None:
    counts, points = ended["cold"]
    assert points.total() == COLD
    assert lost(counts) == {}
    assert counts["repeats"] == counts["explained"]


def test_asked_to_stop_at_any_moment_it_ends_in_order_and_nothing_comes_twice(
    ended: dict[How, tuple[Counts, Counts]],
) -> None:
    counts, points = ended["stopped"]
    assert points.total() == STOPS
    assert counts.total() == 0
