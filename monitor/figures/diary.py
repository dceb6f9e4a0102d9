"""Long events that are told incident by incident, beside a running total.

A war's daily "12 killed in Arden" and its "5,400 killed since March" are two figures, though both
count the killed. They are told apart by their size, once an article says that one is a total.
"""

from collections.abc import Sequence
from decimal import Decimal

from monitor.figures.convert import HUNDRED, is_upper_bound, stated
from monitor.figures.kinds import kind_of
from monitor.model import Counting, Reading, Series

SPAN = Decimal(5)  # a total lies so far above each of its incidents
DAILY = "daily"  # the part of a figure that one day brought
ILLNESS = frozenset({"infected", "suspected_cases"})  # roles
SUM = Decimal(10)  # a value so far above the latest incident counts many of them


def is_told(role: str, series: Sequence[Series], *, long: bool) -> bool:
    """Whether figures of a role are a diary's: a total of it, or of a long event, runs beside.

    An illness kills one by one, not attack by attack.
    """
    if any(each.role in ILLNESS for each in series):
        return False
    return any(each.running and (long or each.role == role) for each in series)


def tells_incidents(told: Sequence[Series], series: Sequence[Series]) -> bool:
    """Whether an article speaks of incidents alone: its wounded are then theirs, as its dead."""
    total = any(each.running for each in told)
    return not total and any(is_told(each.role, series, long=False) for each in told)


def is_incident_of(reading: Reading, series: Series) -> bool:
    """Whether a value lies too far below a total to be a word on it."""
    return (
        _has_levels(reading, series)
        and not reading.revised
        and (series.running or _is_total(series))
        and SPAN * stated(reading).high <= stated(series.decided.reading).low
    )


def is_sum_of(reading: Reading, series: Series, *, diary: bool) -> bool:
    """Whether a value counts many incidents, of which the series tells the latest.

    What climbs, stands in the headline or is small may be the next toll of a sudden event.
    """
    if not _has_levels(reading, series) or series.running:
        return False
    ratio = stated(reading).low / max(stated(series.decided.reading).high, Decimal(1))
    if reading.counting is Counting.TOTAL:
        sudden = reading.rising or reading.headline or reading.high < HUNDRED
        return ratio >= SUM and (diary or not sudden)
    return diary and reading.counting is Counting.UNKNOWN and ratio >= SUM * SUM


def outgrows(total: Series, other: Series) -> bool:
    """Whether a total runs beside the figure of single days or, as a group's, of all people."""
    if total.subset or total.role != other.role or not _is_total(total):
        return False
    of_a_day = other.subset == DAILY and other.thing == total.thing
    of_all = not other.subset and total.thing != "" and other.thing == ""
    reading = other.decided.reading
    far = stated(total.decided.reading).low >= SUM * stated(reading).high
    return far and (of_a_day or (of_all and kind_of(total.role).incidents))


def _has_levels(reading: Reading, series: Series) -> bool:
    return kind_of(series.role).incidents and not series.subset and not is_upper_bound(reading)


def _is_total(series: Series) -> bool:
    return series.decided.reading.counting is Counting.TOTAL
