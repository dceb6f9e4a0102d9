"""Fitting whole items into what a service takes: never a cut inside one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum


class Density(IntEnum):
    """How much is said of an item."""

    FULL = 0
    SHORT = 1
    LINE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The densities of the items that are told, in order; the others are counted."""

    densities: tuple[Density, ...]
    left: int


def fit(
    wanted: Sequence[Density],
    size: Callable[[int, Density], int],
    room: Callable[[int], int],
) -> Plan:
    """Lower the density from the last item upwards, then drop items from the end.

    `size(index, density)`: of one item with its separator; `room(left)`: for all items when `left`
    are not told.
    """
    plan = list(wanted)
    total = sum(size(index, density) for index, density in enumerate(plan))
    for lower in (Density.SHORT, Density.LINE):
        for index in reversed(range(len(plan))):
            if total <= room(0):
                return Plan(densities=tuple(plan), left=0)
            if plan[index] < lower:
                total += size(index, lower) - size(index, plan[index])
                plan[index] = lower
    while plan and total > room(len(wanted) - len(plan)):
        total -= size(len(plan) - 1, plan.pop())
    return Plan(densities=tuple(plan), left=len(wanted) - len(plan))
