"""Values brought to one base and to intervals: for comparison only, never for what is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from monitor.amounts import amount
from monitor.model import Kind, Qualifier, Reading

HUNDRED, THOUSAND = Decimal(100), Decimal(1000)
ROUNDING = Decimal("0.03")  # "about" and "nearly" leave so much room, at most
INFINITY = Decimal("Infinity")

# What one unit is in its dimension's base (SI; NIST SP 811 appendix B). "ton" is taken as metric:
# newspapers rarely say which.
_BASES: Mapping[str, Mapping[str, str]] = {
    "area": {
        "m2": "1",
        "km2": "1000000",
        "ha": "10000",
        "acre": "4046.8564224",
        "mi2": "2589988.110336",
        "nmi2": "3429904",
        "ft2": "0.09290304",
    },
    "length": {
        "m": "1",
        "km": "1000",
        "cm": "0.01",
        "mm": "0.001",
        "mi": "1609.344",
        "nmi": "1852",
        "ft": "0.3048",
        "yd": "0.9144",
        "in": "0.0254",
    },
    "mass": {
        "kg": "1",
        "g": "0.001",
        "mg": "0.000001",
        "t": "1000",
        "ton": "1000",
        "lb": "0.45359237",
        "oz": "0.028349523125",
    },
    "volume": {
        "l": "1",
        "ml": "0.001",
        "m3": "1000",
        "gal": "3.785411784",
        "bbl": "158.987294928",
        "ft3": "28.316846592",
    },
    "speed": {"m/s": "1", "km/h": "0.2777777778", "mph": "0.44704", "kn": "0.5144444444"},
    "time": {
        "s": "1",
        "min": "60",
        "h": "3600",
        "d": "86400",
        "week": "604800",
        "month": "2629746",
        "year": "31556952",
    },
    "power": {"W": "1", "kW": "1000", "MW": "1000000", "GW": "1000000000", "hp": "745.7"},
    "energy": {"kWh": "1", "Wh": "0.001", "MWh": "1000", "GWh": "1000000"},
    "data": {"MB": "1", "GB": "1000", "TB": "1000000"},
}
_UNITS = {
    unit: (dimension, Decimal(value))
    for dimension, table in _BASES.items()
    for unit, value in table.items()
}
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Interval:
    """Both ends belong to it."""

    low: Decimal
    high: Decimal

    @property
    def middle(self) -> Decimal:
        return (self.low + self.high) / 2

    def gap(self, other: "Interval") -> Decimal:
        """How many times the upper one's low end is the lower one's high end; 1 where they meet."""
        below, above = (self, other) if self.high <= other.low else (other, self)
        if below.high >= above.low:
            return _ONE
        return above.low / below.high if below.high > 0 else INFINITY


def measure(reading: Reading) -> tuple[str, Decimal]:
    """Dimension of a reading, and what one of its unit is in the dimension's base."""
    if not reading.unit:
        return str(reading.kind), _ONE
    return _unit(reading.unit)


def _unit(unit: str) -> tuple[str, Decimal]:
    if unit in _UNITS:
        return _UNITS[unit]
    above, slash, below = unit.partition("/")
    if not slash:
        return unit, _ONE  # "%", a currency, a unit of its own kind
    (upper, factor), (lower, divisor) = _unit(above), _unit(below)
    return f"{upper}/{lower}", factor / divisor


def grain(value: Decimal) -> Decimal:
    """The step of the last significant digit: 12,000 is told in thousands."""
    if not value:
        return _ONE
    exponent = value.normalize().as_tuple().exponent
    return Decimal(1).scaleb(exponent) if isinstance(exponent, int) else _ONE


def value_of(reading: Reading) -> str:
    """The value in digits, whatever the language of the article: "12,000", "10 to 12"."""
    low, high = amount(reading.low), amount(reading.high)
    return low if low == high else f"{low} to {high}"


def stated(reading: Reading) -> Interval:
    """What a change is measured by: "at least 44" counts as 44, "about" as its rounding."""
    factor = measure(reading)[1]
    low, high = reading.low, reading.high
    match reading.qualifier:
        case (
            Qualifier.EXACT
            | Qualifier.AT_LEAST
            | Qualifier.MORE_THAN
            | Qualifier.RANGE
            | Qualifier.VAGUE
        ):
            pass
        case Qualifier.ABOUT:
            low, high = low - _slack(low), high + _slack(low)
        case Qualifier.NEARLY:
            low = low - max(_slack(low), ROUNDING * low)
        case Qualifier.AT_MOST | Qualifier.LESS_THAN:
            low = Decimal(0)
    return Interval(low * factor, high * factor)


def _slack(value: Decimal) -> Decimal:
    return min(Decimal("0.4") * grain(value), ROUNDING * abs(value))


def claimed(reading: Reading) -> Interval:
    """What a disagreement is measured by: "at least 44" leaves everything above open."""
    interval = stated(reading)
    if reading.qualifier in {Qualifier.AT_LEAST, Qualifier.MORE_THAN}:
        return Interval(interval.low, INFINITY)
    return interval


def is_open(reading: Reading) -> bool:
    """Whether one end is left open or the value is a mere size."""
    return reading.qualifier in {
        Qualifier.AT_LEAST,
        Qualifier.MORE_THAN,
        Qualifier.AT_MOST,
        Qualifier.LESS_THAN,
        Qualifier.VAGUE,
    }


def is_upper_bound(reading: Reading) -> bool:
    return reading.qualifier in {Qualifier.AT_MOST, Qualifier.LESS_THAN}


def is_hedged(reading: Reading) -> bool:
    """Whether a plain number may stand behind it."""
    return reading.qualifier is not Qualifier.EXACT


def is_step(old: Reading, new: Reading) -> bool:
    """Whether two values lie apart enough to be told.

    Counts: every step below 100, 2 % below 1,000, 3 % above. Shares: one point, or 3 %
    where both are told in tenths. Money and measures are rounded by who writes them: 2 % below
    1,000, 3 % above.
    """
    before, after = stated(old).middle, stated(new).middle
    distance = abs(after - before)
    if new.kind is Kind.PERCENT:
        tenths = max(grain(old.low), grain(new.low)) < 1  # both are counted so finely
        return distance >= 1 or (tenths and distance >= ROUNDING * before)
    written = (new.low + new.high) / 2
    if new.kind is Kind.COUNT and old.high < HUNDRED:
        return distance > 0
    share = Decimal("0.02") if written < THOUSAND else ROUNDING
    return distance >= share * abs(before)
