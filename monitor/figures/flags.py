"""Whether a stated figure is a fact, of which time it speaks, and whether it is a total."""

import re
from datetime import datetime

from monitor.figures.mention import Mention
from monitor.figures.packs import Pack
from monitor.figures.tokens import MARK, WORD, Line
from monitor.model import Counting, Modality, TimeFrame

_BEFORE = 10  # tokens
_BEHIND = 12
_YEAR = re.compile(r"(?<![\w.,$€£-])(1[89]\d\d|20[0-4]\d)(?![\w,%])")
_SETTLED = 2  # years after which a year tells of another happening
_MONTHS_BACK = 2
_VICTIMS = frozenset(
    "killed wounded killed_or_wounded displaced destroyed missing infected burned".split()
)


def _left(line: Line, mention: Mention, reach: int, pack: Pack) -> str:
    """The words before a mention, back to where its clause begins."""
    first = mention.first
    while first > 0 and mention.first - first < reach:
        word = line.words[first - 1]
        if word in (";", ":") or word in pack.connectors.get("breaks", ()):
            break
        first -= 1
    return " ".join(line.words[first : mention.first])


def _right(line: Line, mention: Mention, reach: int, pack: Pack) -> str:
    """The words behind a number up to its role's verb and a little more, or the next clause."""
    last = mention.number.last
    if mention.trigger >= last:
        last = min(mention.trigger + 4, last + 16)
    while last < min(len(line), mention.number.last + reach):
        word = line.words[last]
        if line.kinds[last] == MARK and word in ",;:." or word in pack.connectors.get("breaks", ()):
            break
        if word in pack.connectors.get("joining", ()):
            break
        last += 1
    return " ".join(line.words[mention.number.last : last])


def _around(line: Line, mention: Mention, before: int, behind: int) -> str:
    """All words around a mention."""
    low = max(0, mention.first - before)
    return " ".join(line.words[low : mention.number.last + behind])


def _cue(pack: Pack, name: str, text: str) -> bool:
    pattern = pack.cues.get(name)
    return pattern is not None and pattern.search(text) is not None


def modality(line: Line, mention: Mention, pack: Pack) -> Modality:
    """Feared, forecast, planned; or denied."""
    left, right = _left(line, mention, _BEFORE, pack), _right(line, mention, _BEHIND, pack)
    text = f"{left} # {right}"
    if _cue(pack, "denied", text):
        return Modality.DENIED
    if _cue(pack, "possible", text):
        return Modality.POSSIBLE
    announced = mention.role in pack.connectors.get("announced", ())
    planned = not announced and _cue(pack, "planned", text)
    return Modality.POSSIBLE if planned else Modality.ASSERTED


def time_frame(
    line: Line, mention: Mention, published: datetime, pack: Pack, *, carried: bool
) -> TimeFrame:
    """Old values, and numbers of an earlier happening by year, month or words."""
    if mention.old:
        return TimeFrame.OLD
    if carried or _years_back(line, mention, published):
        return TimeFrame.BACKGROUND
    text = _around(line, mention, _BEHIND, _BEHIND)
    if _cue(pack, "background", text):
        return TimeFrame.BACKGROUND
    if mention.role in _VICTIMS and _months_back(line, mention, published, pack):
        return TimeFrame.BACKGROUND
    return TimeFrame.CURRENT


def _years_back(line: Line, mention: Mention, published: datetime) -> bool:
    """Whether every year around the number is long gone; "since 2019" and births do not count."""
    low, high = max(0, mention.first - 14), mention.number.last + 16
    years = []
    for at in range(low, min(high, len(line))):
        raw = line.raw[at]
        if len(raw) == 4 and _YEAR.fullmatch(raw) and not _own(mention, at):
            if line.word(at - 1) in ("since", "and", "born"):
                continue
            years.append(int(raw))
    return bool(years) and all(year <= published.year - _SETTLED for year in years)


def _own(mention: Mention, at: int) -> bool:
    return mention.number.first <= at < mention.number.last


def _months_back(line: Line, mention: Mention, published: datetime, pack: Pack) -> bool:
    """Whether "in February" near the number names a month at least two months gone."""
    preposition = pack.connectors.get("in_month", frozenset())
    for at in range(max(1, mention.first - 8), min(len(line), mention.last + 6)):
        month = pack.months.get(line.words[at])
        if month and line.kinds[at] == WORD and line.word(at - 1) in preposition:
            following = line.word(at + 1)
            if following.isdecimal() or not line.capital(at):
                continue
            if (published.month - month) % 12 >= _MONTHS_BACK:
                return True
    return False


def opens_in_the_past(line: Line, published: datetime) -> bool:
    """Whether the sentence begins "In 2019, …" of a year long gone."""
    for at in range(min(3, len(line))):
        if _YEAR.fullmatch(line.raw[at]) and line.word(at + 1) == ",":
            return int(line.raw[at]) <= published.year - _SETTLED
    return False


def counting(line: Line, mention: Mention, pack: Pack) -> Counting:
    """A running total, one incident's part, or not told."""
    text = f"{_left(line, mention, 14, pack)} # {_right(line, mention, _BEHIND, pack)}"
    if mention.noun.other or _cue(pack, "additional", _around(line, mention, 3, 2)):
        return Counting.INCIDENT
    if _cue(pack, "total", text):
        return Counting.TOTAL
    return Counting.INCIDENT if _cue(pack, "incident", text) else Counting.UNKNOWN


def is_revised(line: Line, mention: Mention, pack: Pack) -> bool:
    return _cue(pack, "revised", _around(line, mention, _BEFORE, 4))


def is_rising(line: Line, mention: Mention, pack: Pack) -> bool:
    return _cue(pack, "rising", _around(line, mention, _BEFORE, 0))


def subset(line: Line, mention: Mention, pack: Pack) -> str:
    """What part of a larger figure it is: "critical", the noun, "part"; or ""."""
    behind = " ".join(line.words[mention.number.last : mention.number.last + 7])
    if _cue(pack, "critical", behind):
        return "critical"
    if not mention.subset:
        return ""
    return mention.noun.group or mention.noun.head or "part"


def scope(line: Line, mention: Mention, pack: Pack) -> str:
    """The place behind the number: "in Kursk", "in the Kursk region"; or ""."""
    prepositions = pack.connectors.get("place_of", frozenset())
    limit = min(len(line) - 1, mention.last + 9)
    for at in range(mention.last, limit):
        word = line.words[at]
        if line.kinds[at] == MARK and word in ",.;:!?":
            return ""
        if word not in prepositions:
            continue
        first = at + 1 + (line.word(at + 1) in pack.connectors.get("determiners", ()))
        name = _name(line, first, pack)
        if name:
            return name
    return ""


def _name(line: Line, first: int, pack: Pack) -> str:
    last = first
    while last < min(len(line), first + 4) and line.kinds[last] == WORD and line.capital(last):
        word = line.words[last]
        if word in pack.months or word in pack.weekdays:
            break
        last += 1
    return line.text[line.starts[first] : line.ends[last - 1]] if last > first else ""
