"""The value before, as an article itself tells it: "17 remain closed, compared with 41".

Whoever gives both says that the figure moved, and which one it is: the one that had that value.
"""

from collections.abc import Sequence
from dataclasses import replace

from monitor.figures.convert import measure, stated
from monitor.figures.kinds import KINDS
from monitor.figures.repeats import SMALL
from monitor.figures.tokens import NEXT
from monitor.model import Kind, Modality, Reading, Series, TimeFrame


def pairs(readings: Sequence[Reading]) -> dict[int, Reading]:
    """By index of the value that holds now the one before it, which counts the same."""
    found: dict[int, Reading] = {}
    for index, old in enumerate(readings):
        if old.time_frame is not TimeFrame.OLD or old.noise or old.conversion:
            continue
        now = _now(readings, index)
        if now is not None:
            found.setdefault(now, _counting(old, readings[now]))
    return found


def marked(readings: Sequence[Reading]) -> list[Reading]:
    """The readings; one beside its value before has moved."""
    moved = pairs(readings)
    return [
        replace(reading, rising=True, role=moved[index].role) if index in moved else reading
        for index, reading in enumerate(readings)
    ]


def _now(readings: Sequence[Reading], index: int) -> int | None:
    """The nearest value in its sentence, else in the one before: there the nearest in size."""
    old = readings[index]
    fit = [n for n, each in enumerate(readings) if _may_follow(each, old)]
    here = [n for n in fit if readings[n].quote_start == old.quote_start]
    left = [n for n in here if n < index]
    right = [n for n in here if n > index and readings[n].unit == old.unit]
    if left or right:
        return min(left + right, key=lambda n: _apart(readings[n], old))
    above = [n for n in fit if 0 < old.quote_start - readings[n].quote_end <= NEXT]
    return min(above, key=lambda n: stated(readings[n]).gap(stated(old)), default=None)


def _apart(one: Reading, other: Reading) -> int:
    """Characters between two readings of a sentence."""
    return max(one.start, other.start) - min(one.end, other.end)


def _may_follow(now: Reading, old: Reading) -> bool:
    if now.noise or now.conversion or now.time_frame is not TimeFrame.CURRENT:
        return False
    if now.modality is Modality.DENIED or old.unit not in {"", now.unit}:
        return False
    if old.unit == "" and old.noun and now.kind is not Kind.COUNT:
        return False
    led = now.start < old.start and not old.noun  # whatever stands behind it
    return led or not _are_two(now.role, old.role)


def _are_two(role: str, other: str) -> bool:
    """Whether both are known, and not the same."""
    return role != other and {role, other} <= KINDS.keys()


def _counting(old: Reading, now: Reading) -> Reading:
    known = old.role in KINDS and old.quote_start == now.quote_start
    own = old.role if known else ""  # elsewhere it is of what was told last
    return replace(
        old,
        role=now.role or own,
        noun=now.noun,
        group=now.group,
        nations=now.nations,
        subset=now.subset,
        scope=now.scope,
        kind=now.kind,
        unit=now.unit,
    )


def holder(before: Reading, reading: Reading, series: Sequence[Series]) -> int | None:
    """The index of the only series whose value was `before`, so that `reading` is of it too."""
    held = [n for n, each in enumerate(series) if _held(before, each) and _may_be(reading, each)]
    alike = [n for n in held if series[n].role == reading.role] or held
    told = len(alike) == 1 and (before.low >= SMALL or series[alike[0]].role == reading.role)
    return alike[0] if told else None


def _held(before: Reading, series: Series) -> bool:
    if series.dimension != measure(before)[0] or series.subset:
        return False
    last = (series.decided, series.previous)
    return any(each and stated(each.reading).gap(stated(before)) == 1 for each in last)


def _may_be(reading: Reading, series: Series) -> bool:
    groups = {reading.group, series.thing} - {""}
    return len(groups) <= 1 and not _are_two(reading.role, series.role)
