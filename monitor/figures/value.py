"""A number in a sentence, and the value of a run of digits."""

# ruff: noqa: PLR2004 - the grammar of digits is made of threes

import re
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Final

from monitor.figures.packs import NumberWords
from monitor.figures.tokens import APART

DIGITS_LIMIT = 18  # longer runs are identifiers
VULGAR: Final = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5),
    "⅙": (1, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8),
}  # fmt: skip
_ROUND = Context(prec=12)
_SEPARATORS = re.compile(rf"[.,'’ {APART}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A value at tokens `first` to `last` (exclusive), currency sign and magnitude included."""

    first: int
    last: int
    low: Decimal
    high: Decimal
    digits: bool = False  # written in digits
    vague: bool = False
    fraction: bool = False  # a part of one: "two thirds"
    counted: bool = False  # a fraction of what follows: "one in five voters"
    ranged: bool = False
    scale: int = 1  # 1000 in "12k"
    currency: str = ""
    unit: str = ""  # of the lower end: "10 km to 12 km"
    old: bool = False  # the "from" of "from 44 to 59"


def parse_digits(surface: str, words: NumberWords) -> Decimal | None:  # noqa: PLR0911 - a case a line
    """The value of a run of digits with separators, or None where it is no number.

    A lone separator before three digits follows the language; everything else speaks for itself:
    "1.234,5", "12'000", "1,00,000", "12 000".
    """
    surface = surface.replace(" , ", ",")  # "1 , 000"
    marks = _SEPARATORS.findall(surface)
    if len(surface) > DIGITS_LIMIT + len(marks):
        return None
    if not marks:
        return Decimal(surface)
    pieces = _SEPARATORS.split(surface)
    last = marks[-1]
    if len(set(marks)) == 1 and len(marks) > 1:
        return _grouped(pieces)
    if len(marks) == 1:
        if _is_group(last, pieces, words):
            return Decimal("".join(pieces))
        return Decimal(f"{pieces[0] or 0}.{pieces[1]}") if last in ".," else None
    if last not in ".," or last in marks[:-1]:
        return None
    whole = _grouped(pieces[:-1])
    return None if whole is None else Decimal(f"{whole}.{pieces[-1]}")


def _grouped(pieces: list[str]) -> Decimal | None:
    """Groups of three, or Indian groups of two before the last three."""
    inner, tail = pieces[1:-1], pieces[-1]
    if len(tail) == 3 and 1 <= len(pieces[0]) <= 3 and {len(p) for p in inner} <= {2, 3}:
        return Decimal("".join(pieces))
    return None


def _is_group(mark: str, pieces: list[str], words: NumberWords) -> bool:
    if len(pieces[1]) != 3 or not 1 <= len(pieces[0]) <= 3:
        return False
    return mark not in ".," or (mark == words.group and pieces[0][0] != "0")


def trim(value: Decimal) -> Decimal:
    """Without the exponent or trailing zeros that arithmetic leaves."""
    whole = value.to_integral_value()
    return whole if whole == value else value.normalize()


def divide(above: int | Decimal, below: int) -> Decimal:
    return trim(_ROUND.divide(Decimal(above), Decimal(below)))
