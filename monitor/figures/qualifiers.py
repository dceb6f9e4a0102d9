"""How a number is hedged: "at least", "nearly", "or more"."""

from monitor.figures.packs import Pack
from monitor.figures.tokens import MARK, NUMBER, Line
from monitor.figures.value import Number
from monitor.model import Qualifier

_STRONGEST = (
    Qualifier.MORE_THAN,
    Qualifier.AT_LEAST,
    Qualifier.AT_MOST,
    Qualifier.LESS_THAN,
    Qualifier.NEARLY,
    Qualifier.ABOUT,
)
_FILLERS_LIMIT = 2
_REACH = 8  # tokens


def qualifier(line: Line, number: Number, last: int, pack: Pack) -> tuple[Qualifier, int]:
    """The qualifier of `number` and the first token that belongs to it or to the number.

    `last`: the token after the unit, where "or more" may stand.
    """
    found: set[str] = set()
    first = at = number.first
    fillers = 0
    between = pack.connectors.get("fillers", frozenset()) - {","}  # "when it was over, 39 men"
    while at > 0 and number.first - at < _REACH:
        phrase = pack.before.before(line.words, at)
        if phrase is not None and _has_object(line, at, pack):
            break
        told = pack.phrases.before(line.words, at) if phrase is not None else None
        if told is not None and phrase is not None and told[0] > phrase[0]:
            break  # "had a line around 35 percent"
        if phrase is not None and not _leads_to(line, at, phrase[0], pack):
            at -= phrase[0]
            first = at
            found.add(phrase[1])
        elif fillers < _FILLERS_LIMIT and line.words[at - 1] in between:
            at -= 1
            fillers += 1
        else:
            break
    found |= _behind(line, number, last, pack)
    if any(word in pack.numbers.rounded for word in line.words[number.first : number.last]):
        found.add(Qualifier.ABOUT)
    hedge = next((q for q in _STRONGEST if q in found), Qualifier.EXACT)
    if number.vague:
        return Qualifier.VAGUE, first
    if number.ranged and hedge in (Qualifier.EXACT, Qualifier.ABOUT):
        return Qualifier.RANGE, first
    return hedge, first


def _has_object(line: Line, at: int, pack: Pack) -> bool:
    """Whether the word before `at` is a verb and no bound: "passed a $568 billion plan"."""
    verb = line.word(at - 1) in pack.connectors.get("links", ())
    return verb and line.word(at) in pack.numbers.articles


def _leads_to(line: Line, end: int, length: int, pack: Pack) -> bool:
    """Whether "up to" only says where a change led: "wzrosła do 59", "has gone up to 59".

    And whether "over" belongs to its verb: "handed over 150 men".
    """
    if line.words[end - 1] in pack.connectors.get("handed", ()):
        return line.word(end - 2) in pack.connectors.get("hands", ())
    if line.words[end - 1] not in pack.numbers.ranges.get("to", ()):
        return False
    before = end - length - 1
    if length > 1:
        return any(line.word(before) in pack.connectors.get(n, ()) for n in ("went", "moves"))
    return line.kinds[before] == NUMBER or line.word(before) in pack.connectors.get("links", ())


def _behind(line: Line, number: Number, last: int, pack: Pack) -> set[str]:
    """Qualifiers behind the number or its unit, or behind a noun and "or": "12 people or more"."""
    found = set()
    for at in {number.last, last, last + 1}:
        if at < len(line):
            phrase = pack.after.at(line.words, at)
            if phrase is not None and (at <= last or line.kinds[at] != MARK):
                found.add(phrase[1])
    return found
