"""Numbers in a sentence: digits with magnitudes and currency signs, words, ranges.

What a number counts is for others to say. Every function looks at a bounded number of tokens
ahead or moves forward: linear in the text.
"""

from dataclasses import replace
from decimal import Decimal

from monitor.figures.packs import NumberWords, Pack
from monitor.figures.spoken import worded
from monitor.figures.tokens import DASHES, MARK, MONEY, NUMBER, WORD, Line
from monitor.figures.value import VULGAR, Number, divide, parse_digits, trim

_CODES = {"US": "USD", "A": "AUD", "C": "CAD", "NZ": "NZD", "HK": "HKD"}
_CODE_LENGTH = 3  # letters of a currency code
_SCALE_LIMIT = 10**13
_FAR = 3  # times: no range is so wide
_DOZEN = 12
_STEP = 20  # times; what changes more is not told with one magnitude word
_PAIR = 2  # "two or three" spans at most this


def find_numbers(line: Line, pack: Pack) -> list[Number]:
    """All numbers of a sentence, in order, ranges joined."""
    found: list[Number] = []
    index, end, words = 0, len(line), pack.numbers
    while index < end:
        word = line.words[index]
        small = line.raw[index] == word and word.isalpha()  # the most words, passed by quickly
        if small and not words.may_open(word) and word not in words.minus:
            index += 1
            continue
        number = _number(line, index, pack)
        if number is None:
            index += 1
            continue
        number = _range(line, number, pack)
        found.append(number)
        index = number.last
    return found


def _number(line: Line, index: int, pack: Pack) -> Number | None:
    """The number that starts at `index`, without looking for a range."""
    kind = line.kinds[index]
    if kind == NUMBER:
        return _digits(line, index, pack)
    if kind == WORD:
        if line.tight(index) and line.kinds[index - 1] == MARK and line.raw[index - 1] in DASHES:
            return None  # "twenty" in "mid-twenty", "one" in "no-one"
        return _coded(line, index, pack) or _worded(line, index, pack)
    if kind == MONEY:
        return _money(line, index, pack)
    if line.raw[index] in DASHES and not _follows_word(line, index) and line.tight(index + 1):
        after = _number(line, index + 1, pack) if line.kinds[index + 1] in (NUMBER, MONEY) else None
        return after and replace(after, first=index, low=-after.low, high=-after.high)
    return None


def _follows_word(line: Line, index: int) -> bool:
    """Whether the dash belongs to what stands before it: "Su-35", "10-12", "text -5"."""
    if index and line.kinds[index - 1] == WORD and line.raw[index - 1].isupper():
        named = line.word(index + 1).isdecimal() and len(line.raw[index - 1]) > 1
        return named and line.word(index + 2) != "%"  # "MI -8", spaced by a page
    return line.tight(index) and line.kinds[index - 1] != MARK


def _money(line: Line, index: int, pack: Pack) -> Number | None:
    """A currency sign and its amount: "$2.7 million", "€ 300"."""
    code = pack.currencies.at(line.words, index)
    at = index + 1
    below = at < len(line) and line.raw[at] in DASHES and line.tight(at) and line.tight(at + 1)
    at += below  # "$-50.8bn"
    if code is None or at >= len(line) or line.kinds[at] != NUMBER:
        return None
    amount = _digits(line, at, pack, money=True)
    if amount is None:
        return None
    value = -amount.low if below else amount.low
    return replace(amount, first=index, low=value, high=value, currency=code[1])


def _coded(line: Line, index: int, pack: Pack) -> Number | None:
    """A currency code and its amount: "USD 300", "Rs 500", "US $58"; capitals only."""
    if not line.capital(index) or index + 1 >= len(line):
        return None
    found = pack.currencies.at(line.words, index)
    if found is None:
        if line.raw[index] in _CODES and line.raw[index + 1] == "$":
            amount = _money(line, index + 1, pack)
            return amount and replace(amount, first=index, currency=_CODES[line.raw[index]])
        return None
    first = index + found[0]
    if (
        not 1 < len(line.raw[index]) * found[0] <= _CODE_LENGTH
        or first >= len(line)
        or line.kinds[first] != NUMBER
    ):
        return None
    amount = _digits(line, first, pack, money=True)
    return amount and replace(amount, first=index, currency=found[1])


def _digits(line: Line, index: int, pack: Pack, *, money: bool = False) -> Number | None:
    words = pack.numbers
    value = parse_digits(line.raw[index], words)
    if value is None:
        return None
    last, scale = index + 1, 1
    if last < len(line) and line.raw[last] in VULGAR and line.kinds[last] == WORD:
        above, below = VULGAR[line.raw[last]]
        value, last = value + divide(above, below), last + 1
    while last < len(line) and scale < _SCALE_LIMIT:
        factor = _scale_after(line, last, words, money=money)
        if factor is None:
            break
        scale, last = scale * factor[0], factor[1]
    low = trim(value * scale)
    return Number(first=index, last=last, low=low, high=low, digits=True, scale=scale)


def _scale_after(
    line: Line, last: int, words: NumberWords, *, money: bool
) -> tuple[int, int] | None:
    """Factor of the magnitude at `last` and the index after it: "million", "-million", "k"."""
    at = last
    if line.raw[at] in DASHES and line.tight(at) and line.tight(at + 1):
        at += 1
    if at >= len(line) or line.kinds[at] != WORD:
        return None
    word = line.words[at]
    factor = words.scales.get(word) or words.dozens.get(word)
    if factor is not None:
        return factor, at + 1 + (line.word(at + 1) == "." and word in words.suffixes)
    factor = words.suffixes.get(word)
    if factor is None or (len(word) == 1 and not line.tight(at)):
        return None
    named = line.raw[last - 1].isdecimal() or line.raw[at] == word  # "2M", "5m"; not "4.3M"
    if word == "m" and not money and named and not _counts_something(line, at + 1):
        return None  # metres, or a name
    return factor, at + 1


def _counts_something(line: Line, index: int) -> bool:
    """Whether a noun follows directly: "5m people" against "5m tall" is left to the plural."""
    word = line.word(index)
    if word in ("people", "square", "sq", "cubic"):
        return True
    return line.kinds[index : index + 1] == [WORD] and word.endswith("s")


def _worded(line: Line, index: int, pack: Pack) -> Number | None:
    """Words from `index`, with or without a minus."""
    if line.words[index] not in pack.numbers.minus or index + 1 >= len(line):
        return worded(line, index, pack)
    if pack.before.before(line.words, index + 1) is not None:  # "al menos", "au moins"
        return worded(line, index, pack)
    at = index + 1 + (line.raw[index + 1] in DASHES and line.tight(index + 1))
    after = _number(line, at, pack) if at < len(line) else None
    return after and replace(after, first=index, low=-after.low, high=-after.high)


def _range(line: Line, lower: Number, pack: Pack) -> Number:  # noqa: PLR0911 - a case a line
    """`lower` and a following upper end as one number, where they are one."""
    if lower.vague and lower.scale < _DOZEN:
        return lower
    ranges = pack.numbers.ranges
    at, unit = _unit_between(line, lower.last, pack)
    if at >= len(line):
        return lower
    mark = line.raw[at]
    dashed = mark in DASHES
    word = line.word(at)
    if not dashed and not any(word in ranges.get(k, ()) for k in ("to", "or", "and")):
        return lower
    if at + 1 >= len(line):
        return lower
    upper = _number(line, at + 1, pack)
    if upper is None or upper.fraction or upper.vague != lower.vague:
        return lower
    if word in ranges.get("to", ()) and _from_before(line, lower.first, pack):
        low = _scaled_like(lower, upper)
        return replace(lower, low=low, high=low, old=True)
    if _unlike(line, lower, upper, unit, pack) or _is_step(line, lower, upper, pack):
        return lower
    spoken_of = _between_before(line, lower.first, pack)
    if dashed:
        wanted = line.tight(at) == line.tight(at + 1) and (line.tight(at) or lower.scale > 1)
    else:
        wanted = spoken_of or word not in ranges.get("and", ())
    low = lower.low
    if lower.scale == 1 and upper.scale > 1 and upper.digits and low * upper.scale < upper.high:
        low = trim(low * upper.scale) if low <= upper.high / upper.scale else low
    alternative = word in ranges.get("or", ())
    plausible = low < upper.high if spoken_of else _plausible(low, upper.high, alternative)
    if not wanted or not plausible:
        return lower
    return replace(
        upper, first=lower.first, low=low, ranged=not lower.vague, unit=unit,
        vague=lower.vague, currency=lower.currency or upper.currency,
    )  # fmt: skip


def _is_step(line: Line, lower: Number, upper: Number, pack: Pack) -> bool:
    """Whether the first only says by how much: "rose by 740 to 8,040", "fell 34,000 to 444,000"."""
    before = line.word(lower.first - 1)
    moved = before in pack.connectors.get("moves", ()) and _FAR * lower.low < upper.high
    return moved or before in pack.numbers.ranges["by"]


def _scaled_like(lower: Number, upper: Number) -> Decimal:
    """The earlier value in "from 4 to 6 million" is in millions as well."""
    shared = lower.scale == 1 < upper.scale and upper.digits and not lower.ranged
    if shared and lower.low * upper.scale <= upper.high * _STEP:
        return trim(lower.low * upper.scale)
    return lower.low


def _unlike(line: Line, lower: Number, upper: Number, unit: str, pack: Pack) -> bool:
    """Whether the two ends measure different things: "9 per cent to $84"."""
    if upper.currency and unit:
        return True
    if lower.currency and not upper.currency:
        behind = pack.units.at(line.words, upper.last) if upper.last < len(line) else None
        return behind is not None
    return False


def _plausible(low: Decimal, high: Decimal, alternative: bool) -> bool:
    """Whether the two ends make one range; "two or three", never "one or 500"."""
    if not low < high:
        return False
    if alternative:
        return high - low <= _PAIR or high <= low * Decimal("1.6")
    return low <= 0 or high <= low * 100


def _unit_between(line: Line, at: int, pack: Pack) -> tuple[int, str]:
    """Index after a unit that stands at the lower end, and the unit."""
    if at >= len(line):
        return at, ""
    found = pack.units.at(line.words, at) or pack.currencies.at(line.words, at)
    return (at + found[0], found[1]) if found is not None else (at, "")


def _from_before(line: Line, first: int, pack: Pack) -> bool:
    """Whether "from" governs the number, a qualifier of two words between at most."""
    opening = pack.numbers.ranges.get("from", frozenset())
    return any(line.word(k) in opening for k in range(first - 1, max(-1, first - 4), -1))


def _between_before(line: Line, first: int, pack: Pack) -> bool:
    opening = pack.numbers.ranges.get("between", frozenset())
    return any(line.word(k) in opening for k in range(first - 1, max(-1, first - 4), -1))
