"""A number in its sentence, with what the grammar has found out about it so far."""

from dataclasses import dataclass, replace

from monitor.figures.noise import reason, shapes
from monitor.figures.nouns import Noun, noun
from monitor.figures.numbers import find_numbers
from monitor.figures.packs import Pack
from monitor.figures.qualifiers import qualifier
from monitor.figures.tokens import DASHES, MARK, WORD, Line
from monitor.figures.units import AREA, MASS, TIME, VOLUME, Quantity, quantity
from monitor.figures.value import Number
from monitor.model import Kind, Qualifier

_FEW = 20  # "the two soldiers" points back, "the 2,000 soldiers" may be news
_BETWEEN = 4  # tokens
_GAP = 2  # tokens between a share and its whole
_LABEL = 6  # tokens
_NO_LABEL = range(0)
_MARKED = frozenset(":=-–—")


@dataclass(slots=True, eq=False)
class Mention:
    """One number of a sentence; tokens `first` to `number.last` hold qualifier and number.

    Filled in until its role is assigned, and then left as it is: others read the sentence again.
    """

    number: Number
    measured: Quantity
    noun: Noun
    qualifier: Qualifier
    first: int
    noise: str
    role: str = ""
    trigger: int = -1  # the token that gave the role
    subset: bool = False
    old: bool = False
    step: bool = False  # by how much it rose: "rose by 740 to 8,040"
    conversion: bool = False
    anaphoric: bool = False  # "these soldiers", "the two men"
    label: range = _NO_LABEL  # tokens of "Schools closed" in "Schools closed: 112"
    at_place: bool = False  # a part told by its place: "Ward 64" in "90 cases | Ward 64"
    base: bool = False  # the whole of a share: "40% of the nearly 1,000 homes"
    group: str = ""
    nations: tuple[str, ...] = ()

    @property
    def last(self) -> int:
        """The token after number, unit and noun phrase."""
        return max(self.noun.last, self.measured.last)

    @property
    def labelled(self) -> bool:
        """Whether the noun stands before a colon: "Closed schools: 112"."""
        return self.noun.first < self.noun.last <= self.number.first

    @property
    def classes(self) -> frozenset[str]:
        """What is counted, as triggers name it; empty when unknown."""
        kind, unit = self.measured.kind, self.measured.unit.partition("/")[0]
        if kind is Kind.PERCENT:
            return self.noun.classes | {"share"}
        if kind is Kind.MONEY:
            return frozenset({"money"})
        if kind is Kind.COUNT:
            return self.noun.classes
        measures = (("area", AREA), ("volume", VOLUME), ("mass", MASS))
        return frozenset(name for name, units in measures if unit in units) or frozenset({unit})


def mentions(line: Line, pack: Pack) -> list[Mention]:
    """The numbers of a sentence with unit, noun, qualifier and noise, in order."""
    numbers = find_numbers(line, pack)
    if not numbers:
        return []
    spans = shapes(line.text)
    found: list[Mention] = []
    for number in numbers:
        measured = quantity(line, number, pack)
        noise = reason(line, number, measured, spans, pack)
        if noise == "age":
            measured = replace(measured, unit=f"{measured.unit or 'year'} of age")
        hedge, first = qualifier(line, number, measured.last, pack)
        counted = measured.unit == ""
        phrase = noun(line, measured.last + (measured.hyphened and counted), pack, counted=counted)
        label = _label(line, first, phrase, pack)
        bare = phrase.first == phrase.last
        if bare and label and counted and line.words[label.stop] == ":":
            measured = _unit_said(line, label.start, measured, pack)
            if not measured.unit:
                phrase = _labelled(line, label, phrase, pack)
        measured = _rate_behind(line, measured, phrase, pack)
        if noise == "compound" and counted:
            phrase = Noun(phrase.first, phrase.first + 1, line.raw[phrase.first])
        elif counted and not noise and (length := _length_of_time(line, phrase, pack)):
            noise, measured = "duration", replace(measured, kind=Kind.MEASURE, unit=length)
        mention = Mention(
            number, measured, phrase, hedge, first, noise, old=number.old, label=label
        )
        mention.group, mention.nations = phrase.group, phrase.nations
        mention.base = bool(found) and _is_base(line, found[-1], mention, pack)
        mention.anaphoric = phrase.anaphoric or _points_back(line, mention, pack)
        if found and _converts(line, found[-1], mention):
            mention.conversion = True
            if hedge is Qualifier.EXACT:
                mention.qualifier = found[-1].qualifier
        if found:
            _share_unit(line, found[-1], mention, pack)
        found.append(mention)
    return found


def _label(line: Line, first: int, bare: Noun, pack: Pack) -> range:
    """The tokens that lead a number in a list: "Schools closed: 112", "deaths 29, recovered 18".

    A noun may follow a colon: "Evacuated: 350 people". Nobody speaks in them: "Police: 60,000" is
    what the police say.
    """
    colon = line.word(first - 1) == ":"
    part = colon and line.word(bare.last) in pack.numbers.of  # "Drilled: 39 m of 60 m"
    ended = bare.first == bare.last and (part or _is_over(line, bare.last))
    if not (ended or (colon and bare.first < bare.last)):
        return _NO_LABEL
    last = first - (line.word(first - 1) in _MARKED)
    at = last
    while (
        at > 0 and last - at < _LABEL and (line.kinds[at - 1] == WORD or _is_hyphen(line, at - 1))
    ):
        at -= 1
    people = pack.claimants.get("people", frozenset())
    cut = at > 0 and line.kinds[at - 1] != MARK
    head = line.word(last - 1)
    said = head in pack.claimants.get("verbs", ()) and head not in pack.triggers
    told = any(word in pack.triggers for word in line.words[at:last])  # "Trapped workers: 41"
    if cut or said or (head in people and not told):
        return _NO_LABEL
    if last == first and _tells(line, at, last, pack):
        return _NO_LABEL
    return range(at, last)


def _is_over(line: Line, at: int) -> bool:
    """Whether a part of a list ends before `at`; a hyphen that a page has spaced ends none."""
    return at >= len(line) or (line.kinds[at] == MARK and line.raw[at] not in "-‑")


def _tells(line: Line, first: int, last: int, pack: Pack) -> bool:
    """Whether a verb or a small word makes a clause of it: "police put the crowd at"."""
    connectors, grammar = pack.connectors, pack.grammar
    moving = (connectors.get("moves", frozenset()), connectors.get("joining", frozenset()))
    telling = (
        pack.numbers.articles,
        pack.claimants.get("verbs", frozenset()),
        *(connectors.get(name, frozenset()) for name in ("links", "clause", "determiners")),
        *(grammar.get(name, frozenset()) for name in ("verbs", "auxiliaries")),
    )
    for word in line.words[first:last]:
        if any(word in words for words in moving):
            return True
        if word not in pack.triggers and any(word in words for words in telling):
            return True
    return False


def _is_hyphen(line: Line, at: int) -> bool:
    return line.raw[at] in DASHES and line.tight(at) and line.tight(at + 1)


def _unit_said(line: Line, at: int, measured: Quantity, pack: Pack) -> Quantity:
    """The unit that opens a label: "Acres burned: 23,000"."""
    unit = pack.units.at(line.words, at)
    if unit is None or unit[1] in TIME or unit[1] == "%":
        return measured
    return replace(measured, kind=Kind.MEASURE, unit=unit[1])


def _labelled(line: Line, label: range, bare: Noun, pack: Pack) -> Noun:
    """The noun of a label; else the empty phrase."""
    named = noun(line, label.start, pack, counted=True)
    plural = label.start < named.last <= label.stop and pack.ends(named.head, "plural")
    return named if plural else bare


def _share_unit(line: Line, before: Mention, mention: Mention, pack: Pack) -> None:
    """A unit said once: "from $75 a barrel to $45", "from 5 to 12 per cent", "2 of the 5 km"."""
    part = line.words[before.last : mention.first]
    whole = bool(part) and part[0] in pack.numbers.of and len(part) <= _GAP
    if not (whole or _changed(line, before, mention, pack)) or before.noise or mention.noise:
        return
    if _is_bare(before) and mention.measured.kind in (Kind.MEASURE, Kind.MONEY, Kind.PERCENT):
        before.measured = replace(
            before.measured, kind=mention.measured.kind, unit=mention.measured.unit
        )
    elif whole or mention.number.scale < before.number.scale:
        return
    elif _is_bare(mention) or before.measured.unit.partition("/")[0] == mention.measured.unit:
        mention.measured = replace(
            mention.measured, kind=before.measured.kind, unit=before.measured.unit
        )


def _changed(line: Line, before: Mention, mention: Mention, pack: Pack) -> bool:
    """Whether a change leads from one to the other: "from 21 mpg combined to 23"."""
    ranges = pack.numbers.ranges
    opened = line.word(before.first - 1) in ranges["from"]
    led = line.word(mention.first - 1) in ranges["to"]
    risen = line.word(before.first - 1) in ranges["to"]  # "to 3.1 billion euros from 3.6 billion"
    if risen and line.word(mention.first - 1) in ranges["from"]:
        return mention.first - before.last <= _GAP
    stepped = line.word(before.first - 1) in ranges["by"]  # "grew by 6,000 acres to 71,300"
    opened = opened or stepped
    return before.number.old or (opened and led and mention.first - before.last <= _BETWEEN)


def _is_bare(mention: Mention) -> bool:
    return mention.measured.kind is Kind.COUNT and mention.noun.first == mention.noun.last


def _rate_behind(line: Line, measured: Quantity, phrase: Noun, pack: Pack) -> Quantity:
    """The unit with a rate behind what is measured: "60,000 barrels of oil a day"."""
    at = phrase.last
    if measured.kind is not Kind.MEASURE or at + 1 >= len(line) or phrase.last == phrase.first:
        return measured
    per = pack.units.at(line.words, at + 1)
    if per is None or per[1] not in TIME or "/" in measured.unit:
        return measured
    if line.word(at) not in pack.connectors.get("per", ()):
        return measured
    return replace(measured, unit=f"{measured.unit}/{per[1]}")


def _length_of_time(line: Line, phrase: Noun, pack: Pack) -> str:
    """The unit in "ten consecutive days"."""
    if phrase.last - phrase.first < _GAP or not pack.ends(phrase.head, "plural"):
        return ""
    found = pack.units.at(line.words, phrase.last - 1)
    return found[1] if found is not None and found[1] in TIME else ""


def _points_back(line: Line, mention: Mention, pack: Pack) -> bool:
    """As in "the two soldiers", "both of the …": a number that the reader knows already."""
    small = mention.number.high < _FEW and mention.measured.unit == ""
    definite = pack.connectors.get("definite", frozenset())
    return small and line.word(mention.number.first - 1) in definite


def _is_base(line: Line, before: Mention, mention: Mention, pack: Pack) -> bool:
    """Whether the number is the whole that the percentage before it is a share of."""
    kinds = {before.measured.kind, mention.measured.kind}
    shared = before.measured.kind is Kind.PERCENT or kinds == {Kind.MONEY}
    if not shared or mention.first - before.measured.last > _GAP:
        return False
    return line.word(before.measured.last) in pack.numbers.of


def _converts(line: Line, before: Mention, mention: Mention) -> bool:
    """Whether the number in brackets repeats the one before it in another unit."""
    opens = mention.first - 1
    if line.word(opens) not in ("(", "/", "or") or not before.measured.unit:
        return False
    near = before.measured.last <= opens <= before.last
    kinds = {before.measured.kind, mention.measured.kind}
    same = len(kinds) == 1 and kinds & {Kind.MEASURE, Kind.MONEY}
    other = mention.measured.unit != before.measured.unit or kinds == {Kind.MONEY}  # "US$1 ($1.50)"
    return bool(near and same and other)
