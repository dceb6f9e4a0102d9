"""Numbers that are ages: "36-year-old", "aged 42", "the mayor, 61, has", "median age is 17"."""

from monitor.figures.nouns import can_be_counted
from monitor.figures.packs import Pack
from monitor.figures.tokens import DASHES, MARK, Line
from monitor.figures.units import TIME, Quantity
from monitor.figures.value import Number

_AGE_LIMIT = 115
_GAUGED = 8  # tokens


def age(line: Line, number: Number, measured: Quantity, pack: Pack) -> str:  # noqa: PLR0911 - a case a line
    old = pack.noise.get("old", frozenset())
    if measured.hyphened and line.word(measured.last + 1) in pack.noise.get("aged", ()):
        return "age"
    spaced = [line.word(k) for k in range(number.last, number.last + 4)]
    if spaced[0] in DASHES and spaced[2] in DASHES and spaced[3] in old:
        return "age"  # "36 - year - old", as some pages space it
    if measured.unit in TIME:
        after = measured.last + (line.word(measured.last) in DASHES)
        if line.word(after) in old:
            return "age"
    before = line.word(number.first - 1)
    if number.high <= _AGE_LIMIT and (
        _is_led_by_age(line, number, pack)
        or _is_age_limit(line, number, pack)
        or _is_average_age(line, number, pack)
    ):
        return "age" if measured.unit in ("", "year") else ""
    joined = (
        before in pack.connectors.get("joining", ()) and line.word(number.first - 2).isdecimal()
    )
    if joined and line.word(number.first - 3) in pack.noise.get("age_before", ()):
        return "age"
    if joined and line.word(number.first - 3) == "," and line.word(number.last) == ",":
        return "age"  # "her brothers, 17 and 22, were held"
    if measured.unit or not number.digits or not 0 < number.low <= _AGE_LIMIT:
        return ""
    between = (before, line.word(number.last))
    if before == "," and _is_pair_of_ages(line, number, pack):
        return "age"
    if between == (",", ",") and line.capital(number.first - 2) and number.scale == 1:
        return "age"
    named = line.capital(number.first - 2) and line.capital(number.first - 3)
    if named and before == "," and line.word(number.last) in ("", ".", ";"):
        return "age"  # "Anna Mole, 58, and Katie Mole, 20."
    one = "plural" in pack.endings and not pack.ends(line.word(number.first - 2), "plural")
    who = line.capital(number.first - 2) or (
        one and "person" in pack.classes_of(line.word(number.first - 2))
    )
    who = who or line.word(number.first - 2) in pack.noise.get("age_of", ())
    bracketed = between in {("(", ")"), (",", ",")} and who  # "the mayor, 61, has …"
    return "age" if bracketed or _is_age_at_death(line, number, pack) else ""


def _is_led_by_age(line: Line, number: Number, pack: Pack) -> bool:
    """As in "aged 42", "at the age of 42", "a woman of 42"."""
    at, leads = number.first - 1, pack.noise.get("age_before", frozenset())
    at -= line.word(at) in pack.numbers.ranges["between"] | pack.numbers.ranges["from"]
    if line.word(at) not in pack.numbers.of:
        return line.word(at) in leads
    who = line.word(at - 1) in pack.noise.get("age_of", ())
    counted = pack.classes_of(line.word(number.last))
    return line.word(at - 1) in leads or (who and not counted)


def _is_average_age(line: Line, number: Number, pack: Pack) -> bool:
    """As in "Their median age is 17", "the average age of those identified is 71"."""
    if line.word(number.first - 1) not in pack.connectors.get("is", ()):
        return False
    gauges, leads = pack.connectors.get("gauges", frozenset()), pack.noise.get("age_before", ())
    near = range(max(1, number.first - _GAUGED), number.first)
    return any(line.words[at] in leads and line.words[at - 1] in gauges for at in near)


def _is_age_limit(line: Line, number: Number, pack: Pack) -> bool:
    """As in "children under 17", "most of them under five", "adults between 15 and 30"."""
    at = number.first - 1
    limited = line.word(at) in pack.noise.get("age_limit", ())
    if not limited or can_be_counted(line, number.last, pack):
        return False
    them = line.word(at - 1) in pack.connectors.get("anaphor", ())
    if line.word(at - 2) in pack.numbers.of and them:
        return True
    return "person" in pack.classes_of(line.word(at - 1))


def _is_age_at_death(line: Line, number: Number, pack: Pack) -> bool:
    """As in "Anna Mole, dead at 95"; "official puts dead at 95" counts."""
    at = number.first - 2
    died = line.word(at) in pack.noise.get("died", ())
    if not died or line.word(at + 1) not in pack.claimants.get("puts_at", ()):
        return False
    ended = number.last >= len(line) or not can_be_counted(line, number.last, pack)
    named = line.kinds[at - 1 : at] == [MARK] or line.capital(at - 1)
    return ended and at > 0 and named


def _is_pair_of_ages(line: Line, number: Number, pack: Pack) -> bool:
    joined = line.word(number.last) in pack.connectors.get("joining", ())
    other, end = line.word(number.last + 1), line.word(number.last + 2)
    return joined and end == "," and other.isdecimal() and 0 < int(other) <= _AGE_LIMIT
