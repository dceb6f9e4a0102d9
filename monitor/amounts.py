"""Values and differences in words; nothing here invents a number no article states."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple, Protocol

from monitor.model import Qualifier

_QUALIFIERS: Mapping[Qualifier, str] = {
    Qualifier.EXACT: "{}",
    Qualifier.ABOUT: "about {}",
    Qualifier.NEARLY: "nearly {}",
    Qualifier.AT_LEAST: "at least {}",
    Qualifier.MORE_THAN: "more than {}",
    Qualifier.AT_MOST: "up to {}",
    Qualifier.LESS_THAN: "less than {}",
    Qualifier.RANGE: "{}",
    Qualifier.VAGUE: "{}",
}
_SHORT: Mapping[Qualifier, str] = {
    **_QUALIFIERS,
    Qualifier.ABOUT: "~{}",
    Qualifier.AT_LEAST: "{}+",
}
_SYMBOLS: Mapping[str, str] = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"}
_MANIFOLD = 1_000  # per cent from which a rise is told as a multiple
_RAISED = str.maketrans("23", "²³")
_AREA_OR_VOLUME = re.compile(r"(?:[kcm]?m|mi|ft|yd|in)[23]")
_AS_WRITTEN = re.compile(r"\d{1,3}(?:,\d{3})*(?:\.\d+)?")
_SCALES = (
    (Decimal(10) ** 12, "trillion"),
    (Decimal(10) ** 9, "billion"),
    (Decimal(10) ** 6, "million"),
)


class Stated(Protocol):
    """A value as an article states it; what is left of a `Reading` where only that matters."""

    @property
    def low(self) -> Decimal: ...
    @property
    def high(self) -> Decimal: ...
    @property
    def qualifier(self) -> Qualifier: ...
    @property
    def unit(self) -> str: ...
    @property
    def surface(self) -> str: ...


class Value(NamedTuple):
    """A stated value that was a row of JSON."""

    low: Decimal
    high: Decimal
    qualifier: Qualifier
    unit: str
    surface: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Value":
        """Read the keys of a statement (docs/interfaces.md §3)."""
        low, high = (Decimal(str(row[end])) for end in ("low", "high"))
        return cls(low, high, Qualifier(row["qualifier"]), row["unit"], row["surface"])


def amount(value: Decimal) -> str:
    """Write a number as an English newspaper does: 11,000; 1.25 million; 7.1."""
    for scale, name in _SCALES:
        scaled = value / scale
        if abs(scaled) >= 1 and scaled == scaled.quantize(Decimal("0.01")):
            return f"{_digits(scaled)} {name}"
    return _digits(value)


def _digits(value: Decimal) -> str:
    whole = value.to_integral_value()
    if value == whole:
        return f"{int(whole):,}"
    return f"{value.normalize():,f}"


def value_text(value: Stated, *, short: bool = False) -> str:
    """Write a stated value with its hedge and unit: "about 11,000", "10,000 to 12,000 km²"."""
    if value.qualifier is Qualifier.VAGUE:
        return _with_unit(_vague(value.surface), value)
    if value.low != value.high:
        low, high = amount(value.low), amount(value.high)
        if (scale := high.partition(" ")[2]) and low.endswith(f" {scale}"):
            low = low.removesuffix(f" {scale}")
        number = f"{low}-{high}" if short else f"{low} to {high}"
    elif _AS_WRITTEN.fullmatch(value.surface):
        number = value.surface
    else:
        number = amount(value.low)
    pattern = (_SHORT if short else _QUALIFIERS)[value.qualifier]
    return pattern.format(_with_unit(number, value))


def _vague(surface: str) -> str:
    """Begin "A few hundred" with a small letter; it stands within a line here."""
    return surface if surface[1:2].isupper() else surface[:1].lower() + surface[1:]


def _with_unit(number: str, value: Stated) -> str:
    unit = value.unit
    if not unit:
        return number
    if unit == "%":
        return f"{number}%"
    money, slash, per = unit.partition("/")
    if (symbol := _SYMBOLS.get(money)) and number[:1].isdigit():
        return f"{symbol}{number}{slash}{per}"
    if _AREA_OR_VOLUME.fullmatch(unit):
        unit = unit.translate(_RAISED)
    return f"{number} {unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """From one stated value to another; `percent` is None where none can be said."""

    delta: Decimal
    percent: Decimal | None
    text: str  # "+1,000 (+9 %)"
    short: str  # "+9 %", or the delta where there is no per cent


def difference(before: Stated, after: Stated) -> Difference | None:
    """Subtract two single values of one unit; None for ranges and vague amounts."""
    single = all(
        each.low == each.high and each.qualifier is not Qualifier.VAGUE for each in (before, after)
    )
    if not single or before.unit != after.unit:
        return None
    delta = after.low - before.low
    if after.unit.startswith("%"):
        points = f"{_signed(delta)} points"
        return Difference(delta=delta, percent=None, text=points, short=points)
    step = _with_sign(delta, _with_unit(amount(abs(delta)), after))
    if not before.low:
        return Difference(delta=delta, percent=None, text=step, short=step)
    exact = 100 * delta / abs(before.low)
    percent = exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
    shown = exact.quantize(Decimal(1), ROUND_HALF_UP) if abs(percent) >= 1 else percent
    share = f"{_signed(shown)} %"
    if percent >= _MANIFOLD:
        share = f"×{amount((exact / 100 + 1).quantize(Decimal(1), ROUND_HALF_UP))}"
    return Difference(delta=delta, percent=percent, text=f"{step} ({share})", short=share)


def _signed(value: Decimal) -> str:
    return _with_sign(value, amount(abs(value)))


def _with_sign(value: Decimal, words: str) -> str:
    return f"{'+' if value > 0 else '-' if value < 0 else '±'}{words}"
