"""Numbers in a sentence: digits, words, vague amounts, fractions, ranges.

A `Number` says which tokens it covers and its value as stated; what it counts is for others.
Every function looks at a bounded number of tokens ahead or moves forward: linear in the text.
"""

import re
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from typing import Final

from monitor.figures.packs import NumberWords, Pack
from monitor.figures.tokens import APART, DASHES, MARK, MONEY, NUMBER, WORD, Line

DIGITS_LIMIT = 18  # longer runs are identifiers
WORDS_LIMIT = 24  # tokens of one spoken number
_ROUND = Context(prec=12)
_SEPARATORS = re.compile(rf"[.,'’ {APART}]")
_VULGAR: Final = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5),
    "⅙": (1, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8),
}  # fmt: skip


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


def parse_digits(surface: str, words: NumberWords) -> Decimal | None:
    """The value of a run of digits with separators, or None where it is no number.

    A lone separator before three digits follows the language; everything else speaks for itself:
    "1.234,5", "12'000", "1,00,000", "12 000".
    """
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


def find_numbers(line: Line, pack: Pack) -> list[Number]:
    """All numbers of a sentence, in order, ranges joined."""
    found: list[Number] = []
    index = 0
    while index < len(line):
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
    return line.tight(index) and line.kinds[index - 1] != MARK


def _money(line: Line, index: int, pack: Pack) -> Number | None:
    """A currency sign and its amount: "$2.7 million", "€ 300"."""
    code = pack.currencies.at(line.words, index)
    if code is None or index + 1 >= len(line) or line.kinds[index + 1] != NUMBER:
        return None
    amount = _digits(line, index + 1, pack, money=True)
    return amount and replace(amount, first=index, currency=code[1])


def _coded(line: Line, index: int, pack: Pack) -> Number | None:
    """A currency code and its amount: "USD 300", "Rs 500", "US $58"; capitals only."""
    if not line.capital(index) or index + 1 >= len(line):
        return None
    found = pack.currencies.at(line.words, index)
    if found is None:
        if line.raw[index] in ("US", "A", "C", "NZ", "HK") and line.raw[index + 1] == "$":
            amount = _money(line, index + 1, pack)
            code = {"US": "USD", "A": "AUD", "C": "CAD", "NZ": "NZD", "HK": "HKD"}[line.raw[index]]
            return amount and replace(amount, first=index, currency=code)
        return None
    first = index + found[0]
    if not 1 < len(line.raw[index]) <= 3 or first >= len(line) or line.kinds[first] != NUMBER:
        return None
    amount = _digits(line, first, pack, money=True)
    return amount and replace(amount, first=index, currency=found[1])


def _digits(line: Line, index: int, pack: Pack, *, money: bool = False) -> Number | None:
    words = pack.numbers
    value = parse_digits(line.raw[index], words)
    if value is None:
        return None
    last, scale = index + 1, 1
    if last < len(line) and line.raw[last] in _VULGAR and line.kinds[last] == WORD:
        above, below = _VULGAR[line.raw[last]]
        value, last = value + _divide(above, below), last + 1
    while last < len(line) and scale < 10**13:
        factor = _scale_after(line, last, words, money=money)
        if factor is None:
            break
        scale, last = scale * factor[0], factor[1]
    low = _trim(value * scale)
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
    if word == "m" and not money and not _counts_something(line, at + 1):
        return None  # metres
    return factor, at + 1


def _counts_something(line: Line, index: int) -> bool:
    """Whether a noun follows directly: "5m people" against "5m tall" is left to the plural."""
    word = line.word(index)
    return bool(word) and line.kinds[index] == WORD and word.endswith("s") or word == "people"


def _trim(value: Decimal) -> Decimal:
    """Without the exponent or trailing zeros that arithmetic leaves."""
    whole = value.to_integral_value()
    return whole if whole == value else value.normalize()


def _divide(above: int | Decimal, below: int) -> Decimal:
    return _trim(_ROUND.divide(Decimal(above), Decimal(below)))


# -- words ----------------------------------------------------------------------------------------


def _worded(line: Line, index: int, pack: Pack) -> Number | None:
    words = pack.numbers
    number = _vague(line, index, words) or _few(line, index, words)
    if number is not None:
        return number
    number = _out_of(line, index, pack)
    if number is not None:
        return number
    hedged = pack.before.before(line.words, index + 1) is not None  # "al menos", "au moins"
    if line.words[index] in words.minus and index + 1 < len(line) and not hedged:
        at = index + 1 + (line.raw[index + 1] in DASHES and line.tight(index + 1))
        after = _number(line, at, pack) if at < len(line) else None
        return after and replace(after, first=index, low=-after.low, high=-after.high)
    return _part(line, index, words) or _spoken(line, index, words)


def _vague(line: Line, index: int, words: NumberWords) -> Number | None:
    """ "dozens", "tens of thousands", "hundreds of millions"."""
    base = words.vague.get(line.words[index])
    if base is None:
        return None
    last, product = index + 1, base
    if line.word(last) in words.of or line.word(last) in words.vague:
        second = last + (line.word(last) in words.of)
        factor = words.vague.get(line.word(second))
        if factor is not None and factor > base:
            product, last = base * factor, second + 1
    high = 99 if product == 12 else 10 * product - 1
    return Number(
        first=index, last=last, low=Decimal(2 * product), high=Decimal(high), vague=True,
        scale=product,
    )  # fmt: skip


def _few(line: Line, index: int, words: NumberWords) -> Number | None:
    """ "a few hundred", "several thousand", "a couple of dozen"."""
    found = words.few.at(line.words, index)
    if found is None:
        return None
    at = index + found[0]
    word = line.word(at)
    base = words.scales.get(word) or words.dozens.get(word) or words.vague.get(word)
    if base is None:
        return None
    low, high = map(int, found[1].split())
    last = at + 1
    second = words.scales.get(line.word(last))
    if second is not None and second > base:
        base, last = base * second, last + 1
    return Number(
        first=index, last=last, low=Decimal(low * base), high=Decimal(high * base),
        vague=True, scale=base,
    )  # fmt: skip


def _part(line: Line, index: int, words: NumberWords) -> Number | None:
    """A fraction by itself: "half", "a quarter of", "half a million", "⅔", "anderthalb"."""
    word = line.words[index]
    if word in words.mixed:
        return _scaled_part(line, index, index + 1, Decimal(words.mixed[word]), words)
    if line.raw[index] in _VULGAR:
        return _scaled_part(line, index, index + 1, _divide(*_VULGAR[line.raw[index]]), words)
    start = index + (word in words.articles)
    below = words.fractions.get(line.word(start))
    if below is None:
        return None
    follows = line.word(start + 1)
    bare = start == index and follows not in words.scales
    if below != 2 and (bare or not _part_of(line, start + 1, words)):
        return None  # an ordinal: "third", "a fifth man"
    if below == 2 and follows in DASHES and line.tight(start + 1):
        return _half_scale(line, index, start, words)
    return _scaled_part(line, index, start + 1, _divide(1, below), words)


def _half_scale(line: Line, index: int, start: int, words: NumberWords) -> Number | None:
    """ "half-million"; every other compound of "half" is no number."""
    scale = words.scales.get(line.word(start + 2)) or words.dozens.get(line.word(start + 2))
    if scale is None:
        return None
    value = _divide(scale, 2)
    return Number(first=index, last=start + 3, low=value, high=value, scale=scale)


def _part_of(line: Line, index: int, words: NumberWords) -> bool:
    return line.word(index) in words.of or line.word(index) in words.scales


def _scaled_part(
    line: Line, first: int, last: int, value: Decimal, words: NumberWords
) -> Number | None:
    at = last + (line.word(last) in words.of)
    at += line.word(at) in words.articles
    scale = words.scales.get(line.word(at)) or words.dozens.get(line.word(at))
    if scale is None:
        part = 0 < value < 1
        return Number(first=first, last=last, low=value, high=value, fraction=part)
    value = _trim(value * scale)
    return Number(first=first, last=at + 1, low=value, high=value, scale=scale)


def _out_of(line: Line, index: int, pack: Pack) -> Number | None:
    """ "one in five", "two out of three": a share."""
    words = pack.numbers
    above = words.small.get(line.words[index], 0)
    at = index + 1
    if not above or line.word(at) not in words.ranges.get("in", ()):
        return None
    at += 1 + (line.word(at + 1) in words.of)
    below = words.small.get(line.word(at), 0)
    if not above < below or line.word(index - 1) in pack.triggers:
        return None
    if at + 1 < len(line) and pack.units.at(line.words, at + 1) is not None:
        return None
    value = _divide(above, below)
    return Number(first=index, last=at + 1, low=value, high=value, fraction=True, counted=True)


@dataclass(slots=True)
class _Sum:
    """A spoken number while it is heard: closed parts, descending, and the open group."""

    words: NumberWords
    parts: list[int]
    group: int = 0
    heard: bool = False
    joined: bool = False  # a joiner was just heard

    def small(self, value: int) -> bool:
        if not self.heard or (self.group == 0 and self.parts):
            if self.parts and value >= self.parts[-1]:
                return False
        elif not self._fits(value):
            return False
        self.group += value
        self.heard, self.joined = True, False
        return True

    def _fits(self, value: int) -> bool:
        group = self.group
        if group == 0 or value == 0:
            return False
        tail = group % 100
        if value < 10 and tail >= 20 and tail % 10 == 0:
            return True
        if value < 20 and tail in self.words.long_tens:
            return True
        if value == 20 and tail == 4 and 80 in self.words.long_tens:
            self.group += 76 - 20  # quatre-vingts
            return True
        if self.words.units_first and self.joined and tail < 10 <= value and value % 10 == 0:
            return value < 100
        return tail == 0 and value < 100

    def hundred(self) -> bool:
        if self.group >= 100:
            return False
        self.group = (self.group or 1) * 100
        self.heard, self.joined = True, False
        return True

    def scale(self, value: int) -> bool:
        gathered = 0
        while self.parts and self.parts[-1] < value:
            gathered += self.parts.pop()
        if self.parts and not self.group and not gathered:
            return False
        self.parts.append((gathered + self.group or 1) * value)
        self.group, self.heard, self.joined = 0, True, False
        return True

    def dozen(self, value: int) -> bool:
        self.group = self.group // 100 * 100 + (self.group % 100 or 1) * value
        self.heard, self.joined = True, False
        return True

    def join(self) -> bool:
        tail = self.group % 100 or self.group or (self.parts[-1] if self.parts else 0)
        if not self.heard or self.joined:
            return False
        if tail < self.words.join_floor and not (self.words.units_first and 0 < tail < 10):
            return False
        self.joined = True
        return True

    @property
    def total(self) -> int:
        return sum(self.parts) + self.group


def _spoken(line: Line, index: int, words: NumberWords) -> Number | None:
    """Number words from `index`: "twenty-one", "two and a half million", "nine point five"."""
    start = index
    if line.words[index] in words.articles:
        start = index + 1
        opens = line.word(start)
        if opens not in words.scales and opens not in words.dozens:
            return None
    heard = _Sum(words, [])
    last = at = start
    while at < min(len(line), start + WORDS_LIMIT):
        if line.raw[at] in DASHES and heard.heard and line.tight(at) and line.tight(at + 1):
            at += 1
        if at >= len(line) or _part_begins(line, at, words):
            break
        if _hear(heard, line.words[at], words) is None:
            break
        at += 1
        if not heard.joined:
            last = at
    if last == start:
        return None
    value = Decimal(heard.total)
    scale = heard.parts[-1] if heard.parts else (100 if heard.total >= 100 else 1)
    number = Number(first=index, last=last, low=value, high=value, scale=min(scale, 10**12))
    return _tail(line, number, words, heard)


def _part_begins(line: Line, at: int, words: NumberWords) -> bool:
    """Whether "and" leads to a fraction: "five and three quarters"."""
    if line.words[at] not in words.joiners:
        return False
    return line.word(at + 1) in words.small and line.word(at + 2) in words.fractions


def _hear(heard: _Sum, word: str, words: NumberWords) -> bool | None:
    """Whether the word continued the number; None ends it. A glued word counts whole or not."""
    parts = [word] if word in words.small or word in words.scales else _unglue(word, words)
    before = (list(heard.parts), heard.group, heard.heard, heard.joined)
    for part in parts:
        if not _hear_part(heard, part, words):
            heard.parts, heard.group, heard.heard, heard.joined = before
            return None
    return True


def _hear_part(heard: _Sum, part: str, words: NumberWords) -> bool:
    if part in words.small:
        return heard.small(words.small[part])
    scale = words.scales.get(part)
    if scale is not None:
        return heard.hundred() if scale == 100 else heard.scale(scale)
    if part in words.dozens:
        return heard.dozen(words.dozens[part])
    return part in words.joiners and heard.join()


def _unglue(word: str, words: NumberWords) -> list[str]:
    """The parts of "dreihundertneunundneunzig", longest first; the word itself if it is none."""
    if not words.glued or word in words.joiners or word in words.dozens or len(word) < 6:
        return [word]
    parts: list[str] = []
    at = 0
    while at < len(word) and len(parts) < WORDS_LIMIT:
        part = next((p for p in words.glue if word.startswith(p, at)), None)
        if part is None:
            return [word]
        parts.append(part)
        at += len(part)
    return parts


def _tail(line: Line, number: Number, words: NumberWords, heard: _Sum) -> Number:
    """What may follow whole number words: decimals, a fraction, a fraction and a scale."""
    last = number.last
    word = line.word(last)
    if word in words.points:
        return _decimals(line, number, words)
    if line.word(last) in DASHES and line.word(last + 1) in words.fractions and line.tight(last):
        last, word = last + 1, line.word(last + 1)
    below = words.fractions.get(word)
    if below is not None and not _is_ordinal(line, number, last, words):
        return _as_fraction(line, number, last, below, words)
    if word in words.joiners or word in words.of:
        return _and_a_part(line, number, words)
    return number


def _is_ordinal(line: Line, number: Number, at: int, words: NumberWords) -> bool:
    """ "twenty-fifth", "one hundred fifth": several parts stand in the plural."""
    several = number.low != 1 and f"{line.words[at]}s" in words.fractions
    return several or (at > number.last and number.low >= 20)


def _as_fraction(line: Line, number: Number, at: int, below: int, words: NumberWords) -> Number:
    value = _divide(number.low, below)
    made = _scaled_part(line, number.first, at + 1, value, words)
    return made or number


def _and_a_part(line: Line, number: Number, words: NumberWords) -> Number:
    """ "two and a half million", "a million and a half", "five and three quarters"."""
    at = number.last + 1
    if line.word(number.last) not in words.joiners:
        return number
    above = 1
    if line.word(at) in words.articles:
        at += 1
    elif line.word(at) in words.small and line.word(at + 1) in words.fractions:
        above, at = words.small[line.word(at)], at + 1
    below = words.fractions.get(line.word(at))
    if below is None:
        return number
    scale = words.scales.get(line.word(at + 1))
    part = _divide(above, below)
    if scale is not None:
        whole = number.low * (scale if number.scale == 1 else 1)
        value = _trim(whole + part * scale)
        return replace(number, last=at + 2, low=value, high=value, scale=scale)
    value = number.low + part * (number.scale if number.scale >= 1000 else 1)
    return replace(number, last=at + 1, low=_trim(value), high=_trim(value))


def _decimals(line: Line, number: Number, words: NumberWords) -> Number:
    at, figures = number.last + 1, ""
    while words.small.get(line.word(at), 10) < 10 and len(figures) < 10:
        figures += str(words.small[line.word(at)])
        at += 1
    if not figures.strip("0"):
        tail = _spoken(line, at, words) if at < len(line) and line.kinds[at] == WORD else None
        if tail is None:
            return number
        figures, at = figures + str(tail.low), tail.last
    value = Decimal(f"{number.low}.{figures}")
    scale = words.scales.get(line.word(at))
    if scale is not None:
        value, at = _trim(value * scale), at + 1
    return replace(number, last=at, low=value, high=value)


# -- ranges ---------------------------------------------------------------------------------------


def _range(line: Line, lower: Number, pack: Pack) -> Number:
    """`lower` and a following upper end as one number, where they are one."""
    if lower.vague and lower.scale < 12:
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
        return replace(lower, old=True)
    if _unlike(line, lower, upper, unit, pack) or line.word(lower.first - 1) in ranges["by"]:
        return lower
    spoken_of = _between_before(line, lower.first, pack)
    if dashed:
        wanted = line.tight(at) == line.tight(at + 1) and (line.tight(at) or lower.scale > 1)
    else:
        wanted = spoken_of or word not in ranges.get("and", ())
    low = lower.low
    if lower.scale == 1 and upper.scale > 1 and upper.digits and low * upper.scale < upper.high:
        low = _trim(low * upper.scale) if low <= upper.high / upper.scale else low
    alternative = word in ranges.get("or", ())
    plausible = low < upper.high if spoken_of else _plausible(low, upper.high, alternative)
    if not wanted or not plausible:
        return lower
    return replace(
        upper, first=lower.first, low=low, ranged=not lower.vague, unit=unit,
        vague=lower.vague, currency=lower.currency or upper.currency,
    )  # fmt: skip


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
        return high - low <= 2 or high <= low * Decimal("1.6")
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
