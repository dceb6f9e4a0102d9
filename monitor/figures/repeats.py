"""A value told again: the same number of the same thing is the same figure, whatever is said of it.

A headline counts "70,000 names" and the text "70,000 people have signed"; a paper writes "stole
jewels worth 2.6 million" and another "made off with 2.6 million". Only a value that is unlikely
to be met twice says so much by itself; a round one must be one of the same thing.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from monitor import text
from monitor.figures import labels, parties, weigh
from monitor.figures.convert import claimed, measure, stated
from monitor.figures.kinds import KINDS
from monitor.model import Kind, Observation, Qualifier, Reading, Series, TimeFrame

Told = Mapping[int, Sequence[Observation]]

TELLING = 2  # significant digits that few other numbers of an event share
UNIQUE = 4  # and so many that none does, whatever it is called
SMALL = Decimal(20)  # each count below it is met again


def find(reading: Reading, series: Iterable[Series], told: Told) -> int | None:
    """The index of the only series whose last value the reading tells again.

    `told`: what the article has told of each.
    """
    vague = reading.qualifier is Qualifier.VAGUE
    if vague or reading.noise or reading.conversion or reading.anaphoric:
        return None
    dimension = measure(reading)[0]
    alike = [(n, each) for n, each in enumerate(series) if each.dimension == dimension]
    found = [n for n, each in alike if _is_of(reading, each, told.get(n, ()))]
    return found[0] if len(found) == 1 else None


def stands_beside(reading: Reading, told: Sequence[Observation]) -> bool:
    """Whether an article gives the value beside another one, as that of something else.

    Two amounts or shares are of two things, unless one is the whole or another party
    says it; so are people of a nation beside all of them.
    """
    return any(_are_two(reading, each.reading) for each in told)


def farness(reading: Reading, series: Iterable[Series]) -> Decimal:
    """How many times an amount or a share is apart from the nearest one known; else 1."""
    if reading.kind not in {Kind.MONEY, Kind.PERCENT}:
        return Decimal(1)
    key = reading.role, measure(reading)[0]
    value = stated(reading)
    gaps = (value.gap(stated(e.decided.reading)) for e in series if (e.role, e.dimension) == key)
    return min(gaps, default=Decimal(1))


def _are_two(reading: Reading, told: Reading) -> bool:
    if reading.kind is Kind.MEASURE:
        return False
    apart = (reading.nations and not told.nations) or _is_part_of(reading, told)
    if reading.kind is Kind.COUNT and not apart:
        return False
    if _may_be_rounded(reading, told) or _disagree(reading, told):
        return False
    return reading.kind is Kind.COUNT or weigh.strength(reading) <= weigh.strength(told)


def _is_part_of(one: Reading, other: Reading) -> bool:
    """Whether a sentence tells a total and a place's part: "24 cases in all, Orvane 22"."""
    whole, part = (one, other) if one.low > other.low else (other, one)
    return one.quote_start == other.quote_start and bool(part.scope) and not whole.scope


def _may_be_rounded(reading: Reading, told: Reading) -> bool:
    """Whether one is a coarser word for the other: "over 4 million", "4.2 million"."""
    if claimed(reading).gap(claimed(told)) == 1:
        return True
    coarser = max(weigh.reading_grain(reading), weigh.reading_grain(told))
    return abs(stated(reading).middle - stated(told).middle) <= coarser / 2


def _disagree(reading: Reading, told: Reading) -> bool:
    named = parties.party(reading.claimant) or parties.party(told.claimant)
    return bool(named) and not parties.same_party(reading.claimant, told.claimant)


def _is_of(reading: Reading, series: Series, told: Sequence[Observation]) -> bool:
    if not _may_be(reading, series):
        return False
    if any(_says_at_once(reading, other.reading) for other in told):
        return True
    last = (series.decided, series.latest, *told)
    current = reading.time_frame is TimeFrame.CURRENT
    return current and any(_says_again(reading, other.reading) for other in last)


def _may_be(reading: Reading, series: Series) -> bool:
    """Whether nothing that is known of the two tells them apart: role, people."""
    known = {reading.role, series.role} <= KINDS.keys() and reading.role != series.role
    if known and (reading.kind is not Kind.MONEY or _digits(reading.low) < TELLING):
        return False
    if reading.nations and series.nations and not set(reading.nations) & set(series.nations):
        return False
    return len({reading.group, series.thing} - {""}) <= 1


def _says_again(reading: Reading, other: Reading) -> bool:
    if not _are_equal(reading, other):
        return False
    digits, small = _digits(reading.low), reading.kind is Kind.COUNT and reading.low < SMALL
    if digits >= UNIQUE or _are_called_alike(reading, other):
        return True
    if small:
        return False
    unnamed = not (_names(reading) and _names(other))
    enough = digits >= TELLING or reading.kind is Kind.MONEY
    return _tells_the_noun(reading, other) or (unnamed and enough)


def _says_at_once(reading: Reading, other: Reading) -> bool:
    """Whether an article says a value twice: "2,000 feared dead" over "2,000 were killed"."""
    if not _are_equal(reading, other) or reading.time_frame is TimeFrame.OLD:
        return False
    bare = not (reading.role or reading.noun or reading.subset) and reading.low >= SMALL
    return reading.role == other.role or bare


def _are_equal(one: Reading, other: Reading) -> bool:
    return (one.low, one.high, one.unit) == (other.low, other.high, other.unit)


def _are_called_alike(reading: Reading, other: Reading) -> bool:
    if reading.nations and reading.nations == other.nations:
        return True
    return _names(reading) != "" and labels.head(reading.noun) == labels.head(other.noun)


def _tells_the_noun(reading: Reading, other: Reading) -> bool:
    """Whether the noun of one stands in the sentence of the other."""
    one, two = _names(reading), _names(other)
    return bool(one and one in _spoken(other)) or bool(two and two in _spoken(reading))


def _names(reading: Reading) -> str:
    """The noun, as far as it says what is counted."""
    noun = labels.head(reading.noun)
    return "" if noun in labels.PEOPLE else noun


def _spoken(reading: Reading) -> frozenset[str]:
    return frozenset(map(labels.singular, text.words(text.fold(reading.quote))))


def _digits(value: Decimal) -> int:
    return len(value.normalize().as_tuple().digits)
