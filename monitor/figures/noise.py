"""Numbers that are no figures: dates, ages, scores, addresses, names of things.

Patterns with bounded repetition find what shows in the characters; the rest is seen in the tokens
around a number.
"""

# ruff: noqa: PLR2004 - days, hours and years are plain numbers

import re

from monitor.figures.ages import age
from monitor.figures.kinds import kind_of
from monitor.figures.nouns import can_be_counted, numbers
from monitor.figures.packs import Pack
from monitor.figures.tokens import DASHES, MARK, NUMBER, WORD, Line
from monitor.figures.units import AREA, TIME, Quantity
from monitor.figures.value import Number
from monitor.model import Kind

_ADDRESS = (
    r"(?P<url>https?://\S+|www\.\S+|\b[\w-]{1,40}\.(?:com|org|net|gov|info|co|io|ru|ua|pl|de|fr)"
    r"(?:/\S*|\b)|(?<!\w)[@#]\w+|\bt\.co/\S+)"
)
_OTHERS = (
    r"(?=[\dA-Z+(])(?:(?P<date>\b\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\b|\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b"
    r"|\b\d{1,2}\.\d{1,2}\.\d{2,4}\b|\b(?:1[89]|20)\d\d[-–/]\d{2}(?:\d\d)?\b(?!\s?%))"
    r"|(?P<clock>\b\d{1,2}(?::\d{2}){1,2}\b|\b\d{1,2}(?:[.:]\d\d)?\s?[ap]\.?m\b)"
    r"|(?P<phone>\+\d{1,3}[\s-]\d[\d\s-]{5,14}|\b\d{3}[-.]\d{3}[-.]\d{4}\b|\b1-\d{3}-\d{3}-\d{4}\b"
    r"|\(\d{3}\)\s?\d{3}-\d{4}|\b0\d{2,4}[ /-]\d{5,8}\b)"
    r"|(?P<ordinal>\b\d{1,4}(?:(?:st|nd|rd|th)\b|\.?[ªº]))"
    r"|(?P<designation>\b[A-Z]{1,6}[-‑]?\d{1,4}[A-Z]?\b(?![.,]\d)"
    r"|\b[A-Z][a-z]{0,2}-\d{1,3}[A-Za-z]{0,2}\b|\b(?<=[a-z\d] )[A-Z]{1,3} - \d{1,3}(?= [a-z.,])))"
)
_SHAPES = re.compile(f"{_ADDRESS}|{_OTHERS}")
_NO_ADDRESS = re.compile(_OTHERS)
_ADDRESSED = re.compile(r"[@#]|\.[a-z]|//")  # asked first: few sentences hold an address
_NAMED_CURRENCY = frozenset("RM PS Rs RS USD EUR GBP CHF PLN UAH RUB INR".split())
_SCORE_LIMIT = 100
_HOURS = 25
_YEAR_LENGTH = 4
_LAST_YEAR = 2200
_CODE = 3  # letters of a flight's or road's code
_BARE_LIMIT = 1000  # a bare number behind a name is part of the name below this


def shapes(text: str) -> list[tuple[int, int, str]]:
    """Spans of what its characters alone tell to be no figure, with the reason."""
    known = _SHAPES if _ADDRESSED.search(text) else _NO_ADDRESS
    return [(match.start(), match.end(), match.lastgroup or "") for match in known.finditer(text)]


def reason(
    line: Line,
    number: Number,
    measured: Quantity,
    spans: list[tuple[int, int, str]],
    pack: Pack,
) -> str:
    """Why the number is no figure, or ""."""
    digits = next((k for k in range(number.first, number.last) if line.kinds[k] == NUMBER), None)
    if digits is not None and not number.currency:
        start, end = line.starts[digits], line.ends[number.last - 1]
        for a, b, why in spans:
            if a < end and start < b and not _is_figure_after_all(line, number, measured, why):
                return why
    return (
        age(line, number, measured, pack)
        or _date(line, number, pack)
        or _ordinal(line, number, pack)
        or _attached(line, number, measured)
        or _year(line, number, measured, pack)
        or _clock(line, number, measured, pack)
        or _score(line, number, measured, pack)
        or ("" if _is_placed(line, number, pack) else _named(line, number, measured, pack))
        or _list_mark(line, number)
        or ("ratio" if _is_ratio(line, number, pack) else "")
        or _group(line, number, measured, pack)
        or _pronoun(line, number, measured, pack)
        or _inhabitants(line, number, measured, pack)
        or _advert(line, number, pack)
        or _percentile(line, number, measured, pack)
        or ("duration" if measured.unit in TIME or _goes_on(line, number, pack) else "")
        or ("compound" if _is_compound(line, measured, pack) or _hangs(line, number, pack) else "")
    )


def _goes_on(line: Line, number: Number, pack: Pack) -> bool:
    """Whether it is the rest of a time: "an hour and a half"."""
    at = number.first - 1
    joined = number.fraction and line.word(at) in pack.numbers.joiners
    unit = pack.units.at(line.words, at - 1) if joined and at else None
    return unit is not None and unit[1] in TIME


def _is_figure_after_all(line: Line, number: Number, measured: Quantity, why: str) -> bool:
    """A shape that a unit turns into a quantity: "12.10.2 km" never, "US5 million" yes."""
    if why == "designation":
        return number.scale > 1 and line.raw[number.first] in _NAMED_CURRENCY
    return why == "ordinal" and measured.unit != ""


def _date(line: Line, number: Number, pack: Pack) -> str:
    if not number.digits or number.scale > 1 or number.currency:
        return ""
    if _is_written_date(line, number):
        return "date"
    if number.high > 31 or number.low < 1 or number.low % 1:
        return ""
    before = number.first - 1
    if number.last >= len(line) - 1 and line.word(before) in pack.noise.get("day_before", ()):
        return "date"  # "am 12." where the sentence was cut
    before -= line.word(before) in (".", ",")
    before -= line.word(before) in pack.noise.get("date_article", ())
    after = _past_day(line, number.last, pack)
    if line.word(after) in _ways(pack) and _is_day(line, after + 1):  # "7 al 9 de mayo"
        after = _past_day(line, after + 2, pack)
    return "date" if _month(line, before, pack) or _month(line, after, pack) else ""


def _is_written_date(line: Line, number: Number) -> bool:
    """As in "03 / 08 / 2013", spaced by a page."""
    row = [
        line.kinds[k] == NUMBER for k in (number.first - 2, number.last + 1) if 0 <= k < len(line)
    ]
    strokes = line.word(number.first - 1) == "/" or line.word(number.last) == "/"
    slashes = line.words.count("/") > 1
    return strokes and slashes and any(row) and number.high < _LAST_YEAR


def _past_day(line: Line, at: int, pack: Pack) -> int:
    """Behind what may stand between a day and its month: "9. Mai", "1° marzo", "9 de mayo"."""
    return at + (line.word(at) in (".", "°", *pack.numbers.of))


def _is_day(line: Line, at: int) -> bool:
    return line.word(at).isdecimal() and 1 <= int(line.words[at]) <= 31


def _ways(pack: Pack) -> frozenset[str]:
    """Words that lead from one day to another."""
    ranges = pack.numbers.ranges
    return ranges["to"] | ranges["and"] | ranges["or"] | pack.noise.get("until", frozenset())


def _ordinal(line: Line, number: Number, pack: Pack) -> str:
    """As in "die 47. Brigade", where a dot makes an ordinal and does not end the sentence."""
    whole = number.digits and line.raw[number.first].isdecimal() and number.scale == 1
    if "." not in pack.noise.get("ordinal", ()) or not whole or number.high >= _BARE_LIMIT:
        return ""
    at = number.last
    inside = line.word(at) == "." and line.tight(at) and not line.tight(at + 1)
    return "ordinal" if inside and line.kinds[at + 1 : at + 2] == [WORD] else ""


def _month(line: Line, at: int, pack: Pack) -> bool:
    word = line.word(at)
    if word not in pack.months:
        return False
    return pack.language != "en" or line.capital(at)


def _attached(line: Line, number: Number, measured: Quantity) -> str:
    """Letters at the digits that are no unit: "5G", "Su-35", "737s"."""
    if not number.digits or number.currency:
        return ""
    first, last = number.first, number.last
    if line.tight(first) and first > 0:
        before = line.raw[first - 1]
        if line.kinds[first - 1] == WORD or before in "/#_":
            return "designation"
        if before in DASHES and first > 1:
            return _hung(line, first, measured)
    if measured.last == last and line.tight(last) and line.kinds[last] == WORD:
        return "year" if line.words[last] == "s" else "designation"
    return ""


def _hung(line: Line, first: int, measured: Quantity) -> str:
    """What hangs on a hyphen: "Su-35", "MI -8", "3-2"; "sub-7 nanometre" is a measure."""
    word = line.raw[first - 2]
    named = line.kinds[first - 2] == WORD
    if line.tight(first - 1):
        return ("" if measured.unit and word.islower() else "designation") if named else "score"
    return "designation" if named and word.isupper() else ""


def _year(line: Line, number: Number, measured: Quantity, pack: Pack) -> str:
    """A bare integer of four digits that no counted thing follows."""
    raw = line.raw[number.first]
    if not number.digits or number.scale > 1 or measured.unit or not raw.isdecimal():
        return ""
    if len(raw) != _YEAR_LENGTH or not 1500 <= number.low <= number.high <= 2199:
        return ""
    if not _known(line, number.last, pack):
        return "year"
    if line.word(number.first - 1) in pack.noise.get("date_before", ()):
        return "year"
    return "year" if _month(line, number.first - 1, pack) else ""


def _known(line: Line, at: int, pack: Pack) -> bool:
    """Whether a counted noun or a role stands at `at`."""
    word = line.word(at)
    if word in pack.triggers or word in pack.nouns:
        return True
    if not pack.classes_of(word):
        return False
    plurals = pack.grammar.get("plurals")
    return plurals is None or word in plurals or pack.ends(word, "plural")


def _clock(line: Line, number: Number, measured: Quantity, pack: Pack) -> str:
    at = number.last
    oclock = pack.noise.get("oclock", frozenset())
    if line.word(at) in oclock and number.high < _HOURS:
        return "clock"  # "at ten o'clock"
    whole = number.digits and number.high <= 2400 and number.scale == 1
    if not whole or measured.unit or number.currency:
        return ""
    before = number.first - 1
    minutes = before > 0 and line.words[before] in oclock and line.kinds[before - 1] == NUMBER
    timed = _is_time(line.raw[number.first], pack) and not can_be_counted(line, at, pack)
    if minutes or timed:
        return "clock"  # "14 Uhr 30"
    before -= line.word(before) == "." and line.tight(before)
    if line.word(before) in pack.noise.get("clock_before", ()):
        return "clock" if number.high < _HOURS else ""
    word = line.word(at)
    if word in pack.noise.get("clock", ()) and line.raw[at] in ("GMT", "UTC", "EST", "CET"):
        return "clock"
    return "clock" if word in oclock else ""


def _is_time(raw: str, pack: Pack) -> bool:
    """As in "14.30" where a comma begins fractions."""
    hour, _, minute = raw.partition(".")
    timed = len(minute) == 2 and minute < "60" and hour.isdecimal()
    return timed and pack.numbers.decimal == "," and int(hour) < _HOURS


def _score(line: Line, number: Number, measured: Quantity, pack: Pack) -> str:
    """As in "2-1" and "2-3 at home"; ranges carry a unit or a noun."""
    if not number.digits or number.high >= _SCORE_LIMIT or measured.unit or number.currency:
        return ""
    at = number.last
    if is_division(line, number, pack):
        return ""
    if number.ranged:
        dashed = any(line.raw[k] in DASHES for k in range(number.first, at))
        nothing = at >= len(line) or not _can_follow(line, at, pack)
        return "score" if dashed and nothing else ""
    if at + 1 < len(line) and _parts(line, at) and line.kinds[at + 1] == NUMBER:
        return "score"
    behind = number.first > 1 and line.kinds[number.first - 2] == NUMBER
    if behind and _parts(line, number.first - 1):
        listed = line.word(number.first - 3) == ":" and not line.tight(number.first)
        return "" if listed else "score"  # "18:30 - 88 arrests"
    first = number.first - 2 if behind else number.first
    return "score" if _is_result(line, first, pack) else ""


def _is_placed(line: Line, number: Number, pack: Pack) -> bool:
    """Whether a name tells where a part of a list is: "90 cases | Ward 64", "Ghana 5, Togo 3"."""
    nation = pack.nations.before(line.words, number.first)
    named = nation is not None and line.capital(number.first - nation[0])
    joining = pack.connectors.get("joining", frozenset())
    ended = number.last >= len(line) or line.kinds[number.last] != WORD
    ended = ended or line.words[number.last] in joining
    return is_barred(line, number) or (named and ended)


def is_barred(line: Line, number: Number) -> bool:
    """Whether bars hold it and a name: "90 cases | Ward 64 | Pike 17"."""
    at = number.first - 1
    while at > 0 and number.first - at <= _CODE and line.capital(at):
        at -= 1
    named = at < number.first - 1 and line.words[at] == "|"
    return named and line.word(number.last) in ("|", "", "…")


def is_division(line: Line, number: Number, pack: Pack) -> bool:
    """Whether it is one side of a vote: "MPs voted 326 to 311", "passed the bill 56-43"."""
    against, at = DASHES | pack.numbers.ranges["to"], number.first - 1
    if line.word(at) in against and line.kinds[at - 1 : at] == [NUMBER]:
        at -= 2
    elif line.word(number.last) not in against or line.kinds[number.last + 1 :][:1] != [NUMBER]:
        return False
    return line.word(at) in pack.connectors.get("voting", ())


def _is_result(line: Line, at: int, pack: Pack) -> bool:
    """As in "2 a 0": no range goes down, and nothing is counted."""
    won, lost, to = line.word(at), line.word(at + 2), pack.numbers.ranges["to"]
    if not (won.isdecimal() and lost.isdecimal() and line.word(at + 1) in to):
        return False
    moved = any(line.word(k) in pack.numbers.ranges["from"] for k in (at - 1, at - 2))
    falls = int(lost) <= int(won) < _SCORE_LIMIT
    return falls and not moved and not can_be_counted(line, at + 3, pack)


def _parts(line: Line, at: int) -> bool:
    """Whether the dash or colon stands tight between two numbers."""
    divides = line.raw[at] in DASHES or line.raw[at] == ":"
    return divides and line.tight(at) == line.tight(at + 1)  # "2-1", "2 - 1"; not "day 9: 31"


def _can_follow(line: Line, at: int, pack: Pack) -> bool:
    """Whether the word at `at` can be what a number counts."""
    if line.kinds[at] != WORD or line.words[at] in pack.grammar.get("stops", ()):
        return line.word(at) in pack.numbers.of
    return True


def _named(line: Line, number: Number, measured: Quantity, pack: Pack) -> str:  # noqa: PLR0911 - a case a line
    """A number that belongs to a name: "Section 12", "Boeing 737", "12 High Street"."""
    at, before = number.last, number.first - 1
    if not number.digits or number.scale > 1 or measured.unit or number.currency:
        return ""
    streets = pack.noise.get("designation_after", frozenset())
    if line.capital(at) and any(line.word(k) in streets for k in range(at, at + 4)):
        return "designation"
    titles = pack.noise.get("designation_before", frozenset())
    if _is_coded(line, number, titles):
        return "designation"
    if number.high >= _BARE_LIMIT or number.low % 1 or before < 0:
        return ""
    before -= line.word(before) == "." and line.tight(before)
    if line.kinds[before] != WORD or line.tight(number.first):
        return ""
    word = line.words[before]
    if _is_type(line, before, pack):
        return "designation"
    if at < len(line) and line.kinds[at] == WORD and not line.tight(at):
        plain_word = not line.capital(at) and word not in titles
        counted = plain_word and line.words[at] not in pack.grammar.get("stops", ())
        if counted or _known(line, at, pack):
            return ""
    if at < len(line) and (line.raw[at] in "%°" or (line.raw[at] == "+" and line.tight(at))):
        return ""
    if word in titles:
        return "" if numbers(line, before, pack) else "designation"
    if pack.capital_nouns or not line.capital(before) or word in pack.triggers or before == 0:
        return ""
    listed = _is_listed(line, number, pack) or pack.tolls.before(line.words, before + 1)
    hedged = pack.before.before(line.words, before + 1)
    known = listed or hedged or word in pack.grammar.get("stops", ())
    verb = word in pack.grammar.get("verbs", ()) or word in pack.grammar.get("auxiliaries", ())
    return "" if known or verb or word in pack.weekdays else "designation"


def _is_listed(line: Line, number: Number, pack: Pack) -> bool:
    """Whether names and numbers share a noun told before: "Seats: Greens 23, Liberals 19"."""
    ended = number.last >= len(line) or line.kinds[number.last] == MARK
    at = number.first - 1
    while at > 0 and line.kinds[at] == WORD and line.capital(at):
        at -= 1
    told = at > 0 and line.words[at] in ",:;" and ended
    behind = (pack.nouns.get(word) or "" for word in line.words[number.last :])
    before = any(word in pack.nouns for word in line.words[:at])
    return told and (before or any(kind_of(role).named for role in behind))


def _is_coded(line: Line, number: Number, titles: frozenset[str]) -> bool:
    """As in "flight IB 3201", "Autobahn A 9"."""
    at = number.first - 1
    code = at > 0 and line.kinds[at] == WORD and line.raw[at].isupper()
    return code and len(line.raw[at]) <= _CODE and line.words[at - 1] in titles


def _is_type(line: Line, at: int, pack: Pack) -> bool:
    """Whether a name of capitals stands between two numbers: "six AK 47 rifles"."""
    counted = at > 0 and (line.kinds[at - 1] == NUMBER or line.words[at - 1] in pack.numbers.small)
    return counted and len(line.raw[at]) > 1 and line.raw[at].isupper()


def _list_mark(line: Line, number: Number) -> str:
    """As in "1." or "2)" at the head of a line."""
    at = number.last
    if number.first == 0 and number.digits and number.high < _SCORE_LIMIT and at + 1 < len(line):
        mark = line.raw[at] in (".", ")") and line.tight(at) and not line.tight(at + 1)
        return "list" if mark else ""
    return ""


def _is_ratio(line: Line, number: Number, pack: Pack) -> bool:
    """As in "for every £7 paid in dividends"."""
    at = number.first - 1
    for_each = line.word(at) in pack.noise.get("ratio", ())
    return for_each and line.word(at - 1) in pack.connectors.get("votes_for", ())


def _group(line: Line, number: Number, measured: Quantity, pack: Pack) -> str:
    """As in "a family of four"."""
    at = number.first - 1
    at -= line.word(at) in DASHES  # "mother-of-two"
    if measured.unit or line.word(at) not in pack.numbers.of:
        return ""
    verb = line.word(number.last) in pack.grammar.get("verbs", ())
    passive = line.word(number.last) in pack.connectors.get("passive", ())
    if passive and line.word(number.last + 1) in pack.triggers:
        return ""  # "the crew of 14 was winched to safety"
    small = number.high < 20 and (verb or not can_be_counted(line, number.last, pack))
    gathered = line.word(at - 1 - (line.word(at - 1) in DASHES)) in pack.noise.get("pair", ())
    return "group" if small and gathered else ""


def _pronoun(line: Line, number: Number, measured: Quantity, pack: Pack) -> str:
    """As in "one" where nothing is counted."""
    if number.digits or number.low != 1 or number.high != 1 or number.last - number.first > 1:
        return ""
    if measured.unit:
        return ""
    after, before = line.word(number.last), line.word(number.first - 1)
    alone = number.last >= len(line) or after in pack.noise.get("one_after", ())
    if alone or before in pack.noise.get("one_before", ()) or measured.hyphened:
        return "one"
    if line.kinds[number.last] == MARK:
        return "one"
    return "one" if before in DASHES and line.tight(number.first) else ""


def _inhabitants(line: Line, number: Number, measured: Quantity, pack: Pack) -> str:
    """As in "a town, population 77,000"."""
    at = number.first - 1
    at -= line.word(at) in pack.numbers.of
    told = measured.unit == "" and line.word(at) in pack.noise.get("population", ())
    return "population" if told else ""


def _advert(line: Line, number: Number, pack: Pack) -> str:
    """A short line that offers an amount of money: "Win $100-Register"."""
    short = len(line) <= 9 and number.first <= 3 and bool(number.currency)
    offering = pack.noise.get("advert", frozenset())
    offered = short and any(w in offering for w in (line.word(0), *line.words[number.last :]))
    return "advert" if offered else ""


def _percentile(line: Line, number: Number, measured: Quantity, pack: Pack) -> str:
    """As in "the richest 1%": who is meant, not how many."""
    named = measured.unit == "%" and line.word(number.first - 1) in pack.noise.get("richest", ())
    return "designation" if named else ""


def _hangs(line: Line, number: Number, pack: Pack) -> bool:
    """As in "16- and 17-year-olds"."""
    at = number.last
    hung = at + 1 < len(line) and line.raw[at] in DASHES and line.tight(at)
    joined = line.word(at + 1) in pack.connectors.get("joining", ())
    return hung and joined and not line.tight(at + 1)


def _cued(line: Line, name: str, pack: Pack) -> bool:
    return name in pack.cues and pack.cues[name].search(" ".join(line.words)) is not None


def _is_compound(line: Line, measured: Quantity, pack: Pack) -> bool:
    """As in "three-storey", "two-day", "20-foot"; "5,000-strong" is a count."""
    at = measured.last + (measured.unit == "")
    whole = measured.kind in {Kind.MAGNITUDE, Kind.MONEY}  # "a two million-euro robbery"
    if not measured.hyphened or whole:
        return False
    if measured.unit in AREA and _cued(line, "fire", pack):
        return False  # "a 15,000-acre blaze"
    return line.word(at) not in pack.noise.get("strong", ())
