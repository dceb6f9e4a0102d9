"""What a number measures: currency, per cent, physical unit, rate, magnitude."""

from dataclasses import dataclass

from monitor.figures.packs import Pack
from monitor.figures.tokens import DASHES, MONEY, NUMBER, WORD, Line
from monitor.figures.value import Number
from monitor.model import Kind

TIME = frozenset({"s", "min", "h", "d", "week", "month", "year", "decade", "century"})
AREA = frozenset({"km2", "m2", "mi2", "nmi2", "ft2", "acre", "ha"})
VOLUME = frozenset({"l", "ml", "m3", "ft3", "gal", "bbl"})
MASS = frozenset({"kg", "g", "mg", "t", "ton", "lb", "oz"})
POWER = frozenset({"kW", "MW", "GW", "kWh", "MWh", "GWh", "TWh"})
_NEEDS_DIGITS = frozenset("m g t l h p d".split())
_NEEDS_TOUCH = frozenset("s w v".split())
_SHORT = 2  # letters
_WEIGHED = 6  # tokens
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
    if number.vague or (number.scale > 1 and not pack.subject_first):  # "thousands of dollars"
        at += line.word(at) in pack.numbers.of and _names_unit(line, at + 1, pack)
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


def _names_unit(line: Line, at: int, pack: Pack) -> bool:
    """Whether a unit follows "of": "37 millones de euros"."""
    if at >= len(line):
        return False
    currency = pack.currencies.at(line.words, at) is not None and _is_currency(line, at)
    return currency or pack.units.at(line.words, at) is not None


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
    if not pack.numbers.articles and pack.classes_of(word):  # "половина жителей"
        return True
    return at >= len(line) or word in pack.grammar.get("stops", ()) or line.kinds[at] != WORD


def _unit(line: Line, number: Number, at: int, pack: Pack) -> tuple[int, Kind, str] | None:  # noqa: PLR0911 - a case a line
    """Length in tokens, kind and code of the unit at `at`."""
    word = line.words[at]
    if line.kinds[at] == MONEY and line.kinds[at + 1 : at + 2] == [NUMBER]:
        return None  # "four $7,000 fines"
    money = pack.currencies.at(line.words, at) if _is_currency(line, at) else None
    found = pack.units.at(line.words, at)
    if money is not None and (found is None or money[0] >= found[0]):
        if word in ("pound", "pounds") and _is_weight(line, number, at, pack):
            return 1, Kind.MEASURE, "lb"
        return money[0], Kind.MONEY, money[1]
    if found is None:
        return None
    if word in _NEEDS_TOUCH and not _touches(line, at):
        return None
    if word in _NEEDS_DIGITS and (not number.digits or not line.raw[at].islower()):
        return None
    if word in pack.grammar.get("auxiliaries", ()) and line.word(at + 1) in pack.triggers:
        return None  # "ha ucciso" is no hectare
    if word == "times" and line.capital(at):
        return None  # "two Times reporters"
    if word == "second" and number.low != 1 and not line.tight(at):
        return None
    return found[0], Kind.PERCENT if found[1] == "%" else Kind.MEASURE, found[1]


def _touches(line: Line, at: int) -> bool:
    """Whether a letter is a unit: "10s", "5 W laser"; not "3v 3", "1990s bands", "5 W Main St"."""
    if line.raw[at] in "WV":
        return not line.capital(at + 1) or line.raw[at + 1].isupper()
    return line.tight(at) and not line.word(at + 1).isalpha()


def _is_currency(line: Line, at: int) -> bool:
    """Codes of two letters count in capitals only, "p" at its digits: "rs" may be anything.

    Behind a number PS is horsepower; before it an agency's way to write the pound sign.
    """
    word = line.words[at]
    if word == "ps":
        return False
    if word == "p":
        return line.raw[at] == word and line.tight(at)
    code = len(word) <= _SHORT and word.isalpha() and word.isascii()
    return not code or line.raw[at].isupper()


def _is_weight(line: Line, number: Number, at: int, pack: Pack) -> bool:
    """As in "900 pounds of cocaine", "a 20-pound bag", "it weighs 300 pounds"."""
    if number.scale > 1:
        return False
    before = " ".join(line.words[max(0, number.first - _WEIGHED) : number.first])
    return (
        line.word(at + 1) in pack.numbers.of
        or line.word(number.last) in DASHES
        or ("weight" in pack.cues and pack.cues["weight"].search(before) is not None)
    )


def _kind_of(unit: str, pack: Pack) -> Kind:
    if unit == "%":
        return Kind.PERCENT
    codes = {code for found in pack.currencies.first.values() for _, code in found}
    return Kind.MONEY if unit in codes else Kind.MEASURE


def _rate(
    line: Line, kind: Kind, unit: str, at: int, pack: Pack, *, hyphened: bool = False
) -> Quantity:
    """The unit with a following "per barrel", "a day", "/month", "-a-day"."""
    whole = Quantity(kind, unit, at, hyphened)
    link = _past_hyphen(line, at)
    if link + 1 >= len(line) or line.word(link) not in pack.connectors.get("per", ()):
        return whole
    below = _past_hyphen(line, link + 1)
    per = pack.units.at(line.words, below) if below < len(line) else None
    if per is not None and per[1] not in ("%", "pt"):
        last = below + per[0]
        last += _more_of_it(line, last, pack)
        if line.word(last) in pack.connectors.get("ago", ()):
            return whole
        rated = _SPEEDS.get((unit, per[1]), f"{unit}/{per[1]}")
        return Quantity(kind, rated, last, hyphened)
    firm = line.word(link) in pack.connectors.get("firm_per", ())
    each = firm or line.word(link + 1) in pack.connectors.get("each", ())
    if kind is Kind.MONEY and line.kinds[link + 1] == WORD and each:
        return Quantity(kind, f"{unit}/{line.words[link + 1]}", link + 2, hyphened)
    return whole


def _more_of_it(line: Line, at: int, pack: Pack) -> int:
    """The tokens of "and a half" in "an hour and a half ago"."""
    words = pack.numbers
    joined = line.word(at) in words.joiners and line.word(at + 1) in words.articles
    return 3 if joined and line.word(at + 2) in words.fractions else 0


def _past_hyphen(line: Line, at: int) -> int:
    hyphen = at + 1 < len(line) and line.raw[at] in DASHES and line.tight(at) and line.tight(at + 1)
    return at + hyphen


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
