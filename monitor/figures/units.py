"""What a number measures: currency, per cent, physical unit, rate, magnitude."""

from dataclasses import dataclass

from monitor.figures.packs import Pack
from monitor.figures.tokens import DASHES, WORD, Line
from monitor.figures.value import Number
from monitor.model import Kind

TIME = frozenset({"s", "min", "h", "d", "week", "month", "year", "decade", "century"})
LENGTH = frozenset({"km", "m", "cm", "mm", "µm", "nm", "mi", "ft", "in", "yd"})
AREA = frozenset({"km2", "m2", "mi2", "ft2", "acre", "ha"})
VOLUME = frozenset({"l", "ml", "m3", "ft3", "gal", "bbl"})
MASS = frozenset({"kg", "g", "mg", "t", "ton", "lb", "oz"})
_NEEDS_DIGITS = frozenset("m g t l h p d".split())
_NEEDS_TOUCH = frozenset("s w v".split())
_SHORT = 2  # letters
_STRONGEST = 11  # magnitude of an earthquake
_SPEEDS = {("km", "h"): "km/h", ("mi", "h"): "mph", ("m", "s"): "m/s"}


@dataclass(frozen=True, slots=True)
class Quantity:
    """The unit of a number; the phrase of what is counted begins at token `last`."""

    kind: Kind
    unit: str
    last: int
    hyphened: bool = False  # "6.8-magnitude", "three-storey"


def quantity(line: Line, number: Number, pack: Pack) -> Quantity:
    """The unit of `number`, "" for a count."""
    at = number.last
    if line.raw[at : at + 1] == ["+"]:
        at += 1
    hyphened = _hyphened(line, at)
    if number.currency:
        return _rate(line, Kind.MONEY, number.currency, at, pack)
    if number.fraction:
        share = number.counted or _is_share(line, at, pack)
        return Quantity(Kind.PERCENT, "%", at) if share else _counted(line, at)
    if at + hyphened < len(line):
        found = _unit(line, number, at + hyphened, pack)
        if found is not None:
            length, kind, unit = found
            return _rate(line, kind, unit, at + hyphened + length, pack, hyphened=hyphened)
    if _is_magnitude(line, number, at + hyphened, pack):
        step = hyphened + (line.word(at + hyphened) in pack.noise.get("magnitude", ()))
        return Quantity(Kind.MAGNITUDE, "", at + step, hyphened)
    if number.unit:
        return Quantity(_kind_of(number.unit, pack), number.unit, at)
    return Quantity(Kind.COUNT, "", at, hyphened)


def _counted(line: Line, at: int) -> Quantity:
    return Quantity(Kind.COUNT, "", at, _hyphened(line, at))


def _hyphened(line: Line, at: int) -> bool:
    """Whether a word hangs on the number by a hyphen."""
    return (
        at + 1 < len(line)
        and line.raw[at] in DASHES
        and line.tight(at)
        and line.tight(at + 1)
        and line.kinds[at + 1] == WORD
    )


def _is_share(line: Line, at: int, pack: Pack) -> bool:
    """As in "half of the city", "half the city", "a quarter" at the end; not "half marathon"."""
    word = line.word(at)
    if word in pack.numbers.of or word in pack.connectors.get("definite", ()):
        return True
    return at >= len(line) or word in pack.grammar.get("stops", ()) or line.kinds[at] != WORD


def _unit(line: Line, number: Number, at: int, pack: Pack) -> tuple[int, Kind, str] | None:  # noqa: PLR0911 - a case a line
    """Length in tokens, kind and code of the unit at `at`."""
    word = line.words[at]
    money = pack.currencies.at(line.words, at)
    found = pack.units.at(line.words, at)
    if money is not None and (found is None or money[0] >= found[0]):
        return (*money[:1], Kind.MONEY, money[1]) if _is_currency(line, at) else None
    if found is None:
        if line.kinds[at] == WORD and word == "p" and line.tight(at):
            return 1, Kind.MONEY, "penny"
        return None
    if word in _NEEDS_TOUCH and (not line.tight(at) or line.word(at + 1).isalpha()):
        return None
    if word in _NEEDS_DIGITS and (not number.digits or not line.raw[at].islower()):
        return None
    if word == "second" and number.low != 1 and not line.tight(at):
        return None
    return found[0], Kind.PERCENT if found[1] == "%" else Kind.MEASURE, found[1]


def _is_currency(line: Line, at: int) -> bool:
    """Codes of two letters count in capitals only; "rs" may be anything."""
    word = line.words[at]
    return len(word) > _SHORT or not word.isalpha() or line.raw[at].isupper()


def _kind_of(unit: str, pack: Pack) -> Kind:
    if unit == "%":
        return Kind.PERCENT
    codes = {code for found in pack.currencies.first.values() for _, code in found}
    return Kind.MONEY if unit in codes else Kind.MEASURE


def _rate(
    line: Line, kind: Kind, unit: str, at: int, pack: Pack, *, hyphened: bool = False
) -> Quantity:
    """The unit with a following "per barrel", "a day", "/month"."""
    if at + 1 >= len(line) or line.word(at) not in pack.connectors.get("per", ()):
        return Quantity(kind, unit, at, hyphened)
    per = pack.units.at(line.words, at + 1)
    if per is not None and per[1] not in ("%", "pt"):
        if line.word(at + 1 + per[0]) in pack.connectors.get("ago", ()):
            return Quantity(kind, unit, at, hyphened)
        whole = _SPEEDS.get((unit, per[1]), f"{unit}/{per[1]}")
        return Quantity(kind, whole, at + 1 + per[0], hyphened)
    firm = line.word(at) in pack.connectors.get("firm_per", ())
    if (
        kind is Kind.MONEY
        and line.kinds[at + 1] == WORD
        and (firm or line.word(at + 1) in pack.connectors.get("each", ()))
    ):
        return Quantity(kind, f"{unit}/{line.words[at + 1]}", at + 2, hyphened)
    return Quantity(kind, unit, at, hyphened)


def _is_magnitude(line: Line, number: Number, at: int, pack: Pack) -> bool:
    """The strength of an earthquake: "6.8-magnitude", "magnitude of 6.8", "7 on the Richter"."""
    names = pack.noise.get("magnitude", frozenset())
    if not number.digits or not 0 < number.low < _STRONGEST:
        return False
    if line.word(at) in names:
        return True
    before = number.first - 1
    for _ in range(4):
        if line.word(before) in names:
            return True
        if line.word(before) not in pack.grammar.get("stops", ()):
            break
        before -= 1
    return any(line.word(k) in pack.noise.get("richter", ()) for k in range(at, at + 4))
