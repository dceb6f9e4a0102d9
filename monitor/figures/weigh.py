"""What a reading weighs, and which one of an article's readings stands for it."""

from collections.abc import Sequence
from decimal import Decimal

from monitor.figures import parties
from monitor.figures.convert import grain, is_open, is_upper_bound, measure, stated
from monitor.figures.kinds import kind_of
from monitor.model import Counting, Observation, Qualifier, Reading

FINER = Decimal("0.8")  # a rounded value yields to a finer one that is at least so much of it
COARSER = Decimal("1.25")  # and at most so much


def representative(told: Sequence[Observation]) -> Observation:
    """The one value an article stands for.

    What it corrects stands before all else. Running totals: the largest. States: one with a word
    of change, else one of the headline, else the last; people are counted in parts and in all, so
    of several the largest. A rounded value yields to a finer one close by ("over 10,000" to
    11,000).
    """
    kind = kind_of(told[0].reading.role)
    pool = [o for o in told if not is_upper_bound(o.reading)] or list(told)
    pool = [o for o in pool if o.reading.qualifier is not Qualifier.VAGUE] or pool
    pool = [o for o in pool if not _is_passing(o, pool)] or pool
    pool = [o for o in pool if o.reading.revised and not is_open(o.reading)] or pool
    totals = [o for o in pool if o.reading.counting is Counting.TOTAL]
    if kind.falls:
        first = _of_state(pool)
    elif totals and any(o.reading.counting is Counting.INCIDENT for o in pool):
        first = max(totals, key=size)
    else:
        first = max(pool, key=_standing)
    return _finest(pool, first)


def _is_passing(told: Observation, pool: Sequence[Observation]) -> bool:
    """Whether a far higher value stands beside one of the headline, with nobody to vouch for it."""
    return is_weak(told.reading) and any(
        strength(o.reading) and size(told) > COARSER * stated(o.reading).high for o in pool
    )


def _of_state(pool: Sequence[Observation]) -> Observation:
    for wanted in (is_moving, lambda r: r.headline):
        chosen = [o for o in pool if wanted(o.reading)]
        if chosen:
            pool = chosen
    parts = kind_of(pool[0].reading.role).people and any(
        parties.excludes(a, b) for a in pool for b in pool
    )
    return max(pool, key=size) if parts else pool[-1]


def _standing(told: Observation) -> tuple[Decimal, bool, bool]:
    """The larger first; of one value what says whom it counts ("85 lives", not "of the 85")."""
    reading = told.reading
    says = bool(reading.noun or reading.group or reading.headline)
    return size(told), says, reading.counting is Counting.TOTAL


def _finest(pool: Sequence[Observation], first: Observation) -> Observation:
    reading = first.reading
    if reading.qualifier is Qualifier.EXACT or (
        reading.qualifier is Qualifier.AT_LEAST and not kind_of(reading.role).falls
    ):
        return first
    whole = size(first)
    finer = [
        o
        for o in pool
        if FINER * whole <= size(o) <= COARSER * whole
        and reading_grain(o.reading) < reading_grain(reading)
        and o.reading.counting is not Counting.INCIDENT
    ]
    return min(finer, key=lambda o: reading_grain(o.reading), default=first)


def size(told: Observation) -> Decimal:
    return stated(told.reading).low


def reading_grain(reading: Reading) -> Decimal:
    factor = measure(reading)[1]
    return (reading.high - reading.low or grain(reading.low)) * factor


def is_moving(reading: Reading) -> bool:
    return reading.revised or reading.rising


def is_total(reading: Reading) -> bool:
    """Whether words around the value say that it is the whole, as it stands now."""
    return is_moving(reading) or reading.counting is Counting.TOTAL


def is_weak(reading: Reading) -> bool:
    return not strength(reading) and not parties.party(reading.claimant)


def strength(reading: Reading) -> int:
    return 2 if is_total(reading) else int(reading.headline)


def by_claimant(told: Sequence[Observation]) -> list[Observation]:
    """One value for each named claimant of an article, in order of appearance."""
    groups: dict[str, list[Observation]] = {}
    for observation in told:
        claimant = observation.reading.claimant
        if not parties.party(claimant):
            continue
        known = next((name for name in groups if parties.same_party(name, claimant)), claimant)
        groups.setdefault(known, []).append(observation)
    return [representative(group) for group in groups.values()]
