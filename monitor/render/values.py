"""Numbers, differences and dates in words; nothing here invents a number that no article states."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from monitor.model import Kind, Qualifier, Reading
from monitor.text import amount

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
_RAISED = str.maketrans("23", "²³")
_AREA_OR_VOLUME = re.compile(r"(?:[kcm]?m|mi|ft|yd|in)[23]")
_AS_WRITTEN = re.compile(r"\d{1,3}(?:,\d{3})*(?:\.\d+)?")


def value_text(reading: Reading, *, short: bool = False) -> str:
    """Write a stated value with its hedge and unit: "about 11,000", "10,000 to 12,000 km²"."""
    if reading.qualifier is Qualifier.VAGUE:
        return _with_unit(_vague(reading.surface), reading)
    if reading.low != reading.high:
        low, high = amount(reading.low), amount(reading.high)
        if (scale := high.partition(" ")[2]) and low.endswith(f" {scale}"):
            low = low.removesuffix(f" {scale}")
        number = f"{low}-{high}" if short else f"{low} to {high}"
    elif _AS_WRITTEN.fullmatch(reading.surface):
        number = reading.surface
    else:
        number = amount(reading.low)
    pattern = (_SHORT if short else _QUALIFIERS)[reading.qualifier]
    return pattern.format(_with_unit(number, reading))


def _vague(surface: str) -> str:
    """Begin "A few hundred" with a small letter; it stands within a line here."""
    return surface if surface[1:2].isupper() else surface[:1].lower() + surface[1:]


def _with_unit(number: str, reading: Reading) -> str:
    unit = reading.unit
    if reading.kind is Kind.MAGNITUDE or not unit:
        return number
    if unit == "%":
        return f"{number}%"
    if (symbol := _SYMBOLS.get(unit)) and number[:1].isdigit():
        return f"{symbol}{number}"
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


def difference(before: Reading, after: Reading) -> Difference | None:
    """Subtract two single values of one unit; None for ranges and vague amounts."""
    single = all(
        each.low == each.high and each.qualifier is not Qualifier.VAGUE for each in (before, after)
    )
    if not single or before.unit != after.unit:
        return None
    delta = after.low - before.low
    if after.kind is Kind.PERCENT:
        points = f"{_signed(delta)} points"
        return Difference(delta=delta, percent=None, text=points, short=points)
    step = _with_sign(delta, _with_unit(amount(abs(delta)), after))
    if not before.low:
        return Difference(delta=delta, percent=None, text=step, short=step)
    percent = (100 * delta / abs(before.low)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    shown = percent.quantize(Decimal(1), ROUND_HALF_UP) if abs(percent) >= 1 else percent
    share = f"{_signed(shown)} %"
    return Difference(delta=delta, percent=percent, text=f"{step} ({share})", short=share)


def _signed(value: Decimal) -> str:
    return _with_sign(value, amount(abs(value)))


def _with_sign(value: Decimal, words: str) -> str:
    return f"{'+' if value > 0 else '-' if value < 0 else '±'}{words}"


# -- dates ----------------------------------------------------------------------------------------


def day(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{local.day} {local:%b}"


def hour(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%H:%M}"


def moment(at: datetime, zone: ZoneInfo, *, now: datetime) -> str:
    """Write "11 Jan 15:05", with the year when it is another one."""
    local = at.astimezone(zone)
    year = "" if local.year == now.astimezone(zone).year else f" {local.year}"
    return f"{local.day} {local:%b}{year} {local:%H:%M}"


def full_moment(at: datetime, zone: ZoneInfo) -> str:
    """Write "11 Jan 2025, 15:05 (Warsaw)"."""
    local = at.astimezone(zone)
    place = zone.key.rpartition("/")[2].replace("_", " ")
    return f"{local.day} {local:%b %Y, %H:%M} ({place})"


def slot_moment(at: datetime, zone: ZoneInfo) -> str:
    """Write "Sun 12 Jan 2025 18:00"."""
    local = at.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %Y %H:%M}"


def weekday_moment(at: datetime, zone: ZoneInfo) -> str:
    """Write "Mon 07:30"."""
    return f"{at.astimezone(zone):%a %H:%M}"


def days(first: datetime, last: datetime, zone: ZoneInfo) -> str:
    """Write "11-12 Jan", "31 Jan - 2 Feb" or "11 Jan" (with an en dash)."""
    begin, end = first.astimezone(zone), last.astimezone(zone)
    if begin.date() == end.date():
        return day(last, zone)
    if (begin.year, begin.month) == (end.year, end.month):
        return f"{begin.day}–{end.day} {end:%b}"
    return f"{day(first, zone)} – {day(last, zone)}"
