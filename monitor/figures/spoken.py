"""Numbers in words: "twenty-one", "tens of thousands", "two and a half million", "two thirds".

Every function looks at a bounded number of tokens ahead.
"""

# ruff: noqa: PLR2004 - the grammar of number words is made of tens and hundreds

from dataclasses import dataclass, replace
from decimal import Decimal

from monitor.figures.packs import NumberWords, Pack
from monitor.figures.tokens import DASHES, WORD, Line
from monitor.figures.value import VULGAR, Number, divide, trim

WORDS_LIMIT = 32  # tokens of one spoken number, hyphens too


def worded(line: Line, index: int, pack: Pack) -> Number | None:
    """The number in words that starts at `index`."""
    words = pack.numbers
    if not words.may_open(line.words[index]) and line.raw[index] not in VULGAR:
        return None
    return (
        _few(line, index, words)
        or _vague(line, index, pack)
        or _out_of(line, index, pack)
        or _every(line, index, pack)
        or _part(line, index, pack)
        or _spoken(line, index, words)
    )


def _vague(line: Line, index: int, pack: Pack) -> Number | None:
    """As in "dozens", "tens of thousands", "hundreds of millions"."""
    words = pack.numbers
    base = words.vague.get(line.words[index])
    if base is None:
        return _amount(line, index, words)
    if line.words[index] in words.genitive and pack.before.before(line.words, index):
        return None  # "более тысячи" is more than one thousand
    product, last = _multiplied(line, index + 1, base, words)
    high = 99 if product == 12 else 10 * product - 1
    return Number(
        first=index, last=last, low=Decimal(2 * product), high=Decimal(high), vague=True,
        scale=product,
    )  # fmt: skip


def _amount(line: Line, index: int, words: NumberWords) -> Number | None:
    """As in "kilkanaście", "kilkaset": one word for a vague size."""
    amount = words.amounts.get(line.words[index])
    if amount is None:
        return None
    low, high = map(Decimal, amount.split())
    return Number(first=index, last=index + 1, low=low, high=high, vague=True)


def _few(line: Line, index: int, words: NumberWords) -> Number | None:
    """As in "a few hundred", "several thousand", "a couple of dozen"."""
    found = words.few.at(line.words, index)
    if found is None:
        return None
    at = index + found[0]
    word = line.word(at)
    base = words.scales.get(word) or words.dozens.get(word) or words.vague.get(word)
    if base is None:
        return None
    low, high = map(int, found[1].split())
    base, last = _multiplied(line, at + 1, base, words)
    return Number(
        first=index, last=last, low=Decimal(low * base), high=Decimal(high * base),
        vague=True, scale=base,
    )  # fmt: skip


def _multiplied(line: Line, at: int, base: int, words: NumberWords) -> tuple[int, int]:
    """The larger base of "dozen thousand", "centaines de milliers", and the token behind it."""
    second = at + (line.word(at) in words.of)
    scale = words.scales.get(line.word(at)) or words.vague.get(line.word(second))
    return (base * scale, second + 1) if scale is not None and scale > base else (base, at)


def _part(line: Line, index: int, pack: Pack) -> Number | None:
    """A fraction by itself: "half", "a quarter of", "half a million", "⅔", "anderthalb"."""
    words = pack.numbers
    mixed = _mixed(line, index, words) or _mixed(line, index + 1, words)
    if mixed is not None and (line.words[index] in words.articles or mixed[1] == index + 1):
        return _scaled_part(line, index, mixed[1], mixed[0], words)
    if line.raw[index] in VULGAR:
        return _scaled_part(line, index, index + 1, divide(*VULGAR[line.raw[index]]), words)
    start = index + (line.words[index] in words.articles)
    found = _denominator(line, start, words)
    if found is None or line.word(index - 1) in pack.noise.get("half_before", ()):
        return None
    below, last = found
    follows = line.word(last)
    named = line.word(start) in words.shares or line.word(last - 1) in words.parts
    bare = start == index and follows not in words.scales and not named
    if below != 2 and (bare or not _part_of(line, last, pack)):
        return None  # an ordinal: "third", "a fifth man"
    if below == 2 and follows in DASHES and line.tight(last):
        return _half_scale(line, index, start, words)
    return _scaled_part(line, index, last, divide(1, below), words)


def _mixed(line: Line, at: int, words: NumberWords) -> tuple[Decimal, int] | None:
    """The value of "anderthalb", "sechseinhalbtausend" and the token behind it."""
    word = line.word(at)
    if word in words.mixed:
        return Decimal(words.mixed[word]), at + 1
    glued = (s for s in words.scales if words.glued and word.endswith(s))
    for scale in glued:
        value = words.mixed.get(word.removesuffix(scale))
        if value is not None:
            return trim(Decimal(value) * words.scales[scale]), at + 1
    return None


def _denominator(line: Line, at: int, words: NumberWords) -> tuple[int, int] | None:
    """The value of "third", "twenty-first", "cuarta parte" and the token behind it."""
    if line.word(at + 1) in words.parts and line.word(at) in words.ordinals:
        return words.ordinals[line.word(at)], at + 2
    below = words.fractions.get(line.word(at))
    if below is not None:
        return below, at + 1
    tens = words.small.get(line.word(at), 0)
    if tens < 20 or tens % 10 or not line.tight(at + 1) or line.word(at + 1) not in DASHES:
        return None
    ones = words.ordinals.get(line.word(at + 2)) or words.fractions.get(line.word(at + 2), 0)
    return (tens + ones, at + 3) if 0 < ones < 10 else None


def _half_scale(line: Line, index: int, start: int, words: NumberWords) -> Number | None:
    """As in "half-million"; every other compound of "half" is no number."""
    scale = words.scales.get(line.word(start + 2)) or words.dozens.get(line.word(start + 2))
    if scale is None:
        return None
    value = divide(scale, 2)
    return Number(first=index, last=start + 3, low=value, high=value, scale=scale)


def _part_of(line: Line, index: int, pack: Pack) -> bool:
    """Whether many follow, so that "a third" is a share: "of them", "were women"."""
    word, words, grammar = line.word(index), pack.numbers, pack.grammar
    if word in words.of or word in words.scales or word in grammar.get("plural_verbs", ()):
        return True
    if words.shares or words.parts:  # the whole follows in a case of its own: "треть жителей"
        return bool(pack.classes_of(word))
    if word in grammar.get("stops", ()) or word in grammar.get("verbs", ()):
        return False
    counted = pack.ends(word, "plural") and bool(pack.classes_of(word))
    return counted or word in grammar.get("plurals", ())


def _scaled_part(
    line: Line, first: int, last: int, value: Decimal, words: NumberWords
) -> Number | None:
    at = last + (line.word(last) in words.of)
    at += line.word(at) in words.articles
    word = line.word(at)
    scale = words.scales.get(word) or words.dozens.get(word)
    if scale is None and value > 1:
        scale = words.vague.get(word)  # "полторы сотни"
    if scale is None:
        part = 0 < value < 1
        return Number(first=first, last=last, low=value, high=value, fraction=part)
    value = trim(value * scale)
    return Number(first=first, last=at + 1, low=value, high=value, scale=scale)


def _out_of(line: Line, index: int, pack: Pack) -> Number | None:
    """As in "one in five", "two out of three", "une personne sur cinq": a share."""
    words = pack.numbers
    above = words.small.get(line.words[index], 0)
    if not above:
        return None
    at = index + 1
    inside = words.ranges["in"]
    counted = line.word(at) not in inside and bool(pack.classes_of(line.word(at)))
    led = line.word(at) in words.of or line.word(at) in pack.connectors.get("places", ())
    at += counted or (led and line.word(at + 1) in inside)  # "una de cada cinco"
    if line.word(at) not in inside:
        return None
    at += 1
    at += line.word(at) in words.of or line.word(at) in pack.connectors.get("determiners", ())
    whole = _spoken(line, at, words) if at < len(line) else None
    if whole is None or not above < whole.low or line.word(index - 1) in pack.triggers:
        return None
    if counted and whole.last < len(line) and pack.classes_of(line.word(whole.last)):
        return None  # "two men in five boats"
    if whole.last < len(line) and pack.units.at(line.words, whole.last) is not None:
        return None
    value = divide(above, int(whole.low))
    return Number(first=index, last=whole.last, low=value, high=value, fraction=True, counted=True)


def _every(line: Line, index: int, pack: Pack) -> Number | None:
    """As in "jeder fünfte Einwohner", "каждый пятый": a share; "jeden zweiten Tag" is none."""
    below = pack.numbers.ordinals.get(line.word(index + 1), 0)
    if line.words[index] not in pack.numbers.each or below < 2:
        return None
    at = index + 2
    if at < len(line) and (line.words[at] in pack.weekdays or pack.units.at(line.words, at)):
        return None
    part = divide(1, below)
    return Number(first=index, last=at, low=part, high=part, fraction=True, counted=True)


@dataclass(slots=True)
class _Sum:
    """A spoken number while it is heard: closed parts, descending, and the open group."""

    words: NumberWords
    parts: list[int]
    group: int = 0
    heard: bool = False
    joined: bool = False  # a joiner was just heard
    magnitude: int = 1  # the last scale word

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
        bare = not self.group and not gathered  # "dos millones mil": one thousand
        if self.parts and bare and self.magnitude <= value:
            return False
        self.parts.append((gathered + self.group or 1) * value)
        self.magnitude = value
        self.group, self.heard, self.joined = 0, True, False
        return True

    def dozen(self, value: int) -> bool:
        if value >= 1000:
            return self.scale(value)
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
    number = Number(first=index, last=last, low=value, high=value, scale=heard.magnitude)
    return _tail(line, number, words)


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
    dozens = words.dozens.get(part) or (words.vague.get(part) if heard.heard else None)
    if dozens is not None:  # "a dozen", "deux centaines"
        return heard.dozen(dozens)
    return part in words.joiners and heard.join()


def _unglue(word: str, words: NumberWords) -> list[str]:
    """The parts of "dreihundertneunundneunzig"; the word itself if it is none."""
    if not words.glued or word in words.joiners or word in words.dozens or len(word) < 6:
        return [word]
    ways: dict[int, list[str]] = {0: []}  # by how much of the word is taken apart
    for at in range(len(word)):
        if at in ways and len(ways[at]) < WORDS_LIMIT:
            for part in words.glue:  # longest first: "cento ventuno", but "cent ottanta"
                if word.startswith(part, at):
                    ways.setdefault(at + len(part), [*ways[at], part])
    return ways.get(len(word), [word])


def _tail(line: Line, number: Number, words: NumberWords) -> Number:
    """What may follow whole number words: decimals, a fraction, a fraction and a scale."""
    last = number.last
    word = line.word(last)
    if word in words.points:
        return _decimals(line, number, words)
    if line.word(last) in DASHES and line.word(last + 1) in words.fractions and line.tight(last):
        last, word = last + 1, line.word(last + 1)
    found = _denominator(line, last, words)
    if found is not None and not _is_ordinal(line, number, found[1] - 1, words):
        return _as_fraction(line, number, found, words)
    if word in words.joiners or word in words.plus:
        return _and_a_part(line, number, words)
    if line.word(last - 1) in words.dozens and not number.ranged:
        base, last = _multiplied(line, last, words.dozens[line.word(last - 1)], words)
        factor = base // words.dozens[line.word(number.last - 1)]
        value = number.low * factor  # "une centaine de milliers"
        return replace(number, last=last, low=value, high=value, scale=base)
    return number


def _is_ordinal(line: Line, number: Number, at: int, words: NumberWords) -> bool:
    """As in "twenty-fifth", "one hundred fifth": several parts stand in the plural."""
    many = f"{line.words[at]}s"
    several = number.low != 1 and (many in words.fractions or many in words.ordinals)
    return several or (at > number.last and number.low >= 20)


def _as_fraction(line: Line, number: Number, found: tuple[int, int], words: NumberWords) -> Number:
    below, last = found
    return _scaled_part(line, number.first, last, divide(number.low, below), words) or number


def _and_a_part(line: Line, number: Number, words: NumberWords) -> Number:
    """As in "two and a half million", "a million and a half", "five and three quarters"."""
    at = number.last + 1
    above = 1
    if line.word(at) in words.articles:
        at += 1
    elif line.word(at) in words.small and line.word(at + 1) in words.fractions:
        above, at = words.small[line.word(at)], at + 1
    elif words.fractions.get(line.word(at)) != 2:
        return number  # an ordinal: "one hundred and fifth"
    below = words.fractions.get(line.word(at))
    if below is None:
        return number
    scale = words.scales.get(line.word(at + 1))
    part = divide(above, below) * words.dozens.get(line.word(number.last - 1), 1)
    if scale is not None:
        whole = number.low * (scale if number.scale == 1 else 1)
        value = trim(whole + part * scale)
        return replace(number, last=at + 2, low=value, high=value, scale=scale)
    value = number.low + part * number.scale
    return replace(number, last=at + 1, low=trim(value), high=trim(value))


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
        value, at = trim(value * scale), at + 1
    return replace(number, last=at, low=value, high=value)
