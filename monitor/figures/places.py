"""The place that a sentence gives a number: behind it, before it, or as the name of its event."""

from monitor.figures.mention import Mention
from monitor.figures.packs import Pack
from monitor.figures.tokens import MARK, WORD, Line, plain
from monitor.model import Kind

_REACH = 12  # tokens
_NEAR = 4
_NAME = 4
_FIRES = frozenset({"burned", "contained"})


def scope(line: Line, mention: Mention, pack: Pack) -> str:
    """The place of the number: "in Kursk" behind it, "the toll in Ahr" or "In Ahr," before it."""
    label, end = mention.label, min(len(line) - 1, mention.last + 9)
    if mention.at_place:  # "90 cases | Ward 64"
        behind = line.text[line.starts[label.start] : line.ends[label.stop - 1]]
    else:
        behind = _place(line, mention.last, end, pack)
    if behind or not len(line):
        return behind
    if mention.trigger >= 0 and mention.trigger < mention.first - 2:
        between = _place(line, mention.trigger, mention.first, pack)
        if between:
            return between
    for at in range(mention.first - 1, max(0, mention.first - _REACH), -1):
        if line.words[at] in pack.connectors.get("there_where", ()):
            last = at - (line.word(at - 1) == ",")  # "in Ahr, where 12 …"
            marks = (
                k for k in range(last - 1, last - _NAME - 1, -1) if k < 0 or line.kinds[k] == MARK
            )
            first = next(marks, last - _NAME - 1) + 1
            return _place(line, first, last, pack) or _nation_at(line, last, pack)
    if holder := _holder(line, mention, pack) or _nation_at(line, mention.first, pack):
        return holder  # "Keshra 12, Orvan 3"
    if line.words[0] in pack.connectors.get("place_of", ()):
        return _place(line, 0, min(8, mention.first), pack)
    return "" if mention.measured.kind is Kind.COUNT else _named(line, mention, pack)


def _holder(line: Line, mention: Mention, pack: Pack) -> str:
    """The nation that counts its own: "Keshra has 590 cases", "Keshra confirmed 11 cases"."""
    at = mention.first - 1
    fillers = pack.connectors.get("fillers", frozenset())
    counting = pack.connectors.get("counts_own", frozenset())
    while line.word(at) in fillers - counting:
        at -= 1  # "has now 590"
    if line.word(at) not in counting:
        return ""
    while line.word(at - 1) in pack.grammar.get("auxiliaries", frozenset()) | fillers:
        at -= 1
    return _nation_at(line, at, pack)


def _nation_at(line: Line, last: int, pack: Pack) -> str:
    """The nation whose name ends before `last`."""
    nation = pack.nations.before(line.words, last)
    return nation[1] if nation and line.capital(last - nation[0]) else ""


def _named(line: Line, mention: Mention, pack: Pack) -> str:
    """The name of what is measured, of which there may be several: "the Cedar fire".

    Or where it is, as in "a blaze near Ahr".
    """
    titled = pack.connectors.get("named", frozenset())
    left = range(mention.first - 1, max(-1, mention.first - _REACH), -1)
    right = range(mention.number.last, min(len(line), mention.last + _NEAR))
    for at in (*left, *right):
        if line.kinds[at] == MARK and line.words[at] in ".;:":
            break
        if line.words[at] in titled:
            place = _place(line, at + 1, mention.first, pack) if at < mention.first else ""
            return _title(line, at, pack) or place
    return _subject(line, mention, pack) if mention.role in _FIRES else ""


def _subject(line: Line, mention: Mention, pack: Pack) -> str:
    """The fire that a sentence opens with: "Tanner Creek (K21012) is now 9,870 ha"."""
    last = _name_end(line, 0, pack)
    at = last
    if line.word(at) == "(":
        at = next((k + 1 for k in range(at, mention.first) if line.words[k] == ")"), at)
    if at < mention.first and line.words[at] in pack.connectors.get("copula", ()):
        return line.text[: line.ends[last - 1]] if last > 1 else ""
    return ""


def _title(line: Line, last: int, pack: Pack) -> str:
    """The name before a common noun: "Cedar" of "the Cedar fire"."""
    determiners = pack.connectors.get("determiners", frozenset()) | pack.numbers.articles
    first = last
    while first > 0 and line.capital(first - 1) and line.words[first - 1] not in determiners:
        first -= 1
    return line.text[line.starts[first] : line.ends[last - 1]] if first < last else ""


def _place(line: Line, first: int, last: int, pack: Pack) -> str:
    """The first name behind a preposition of place in a stretch of tokens."""
    prepositions = pack.connectors.get("place_of", frozenset())
    for at in range(first, last):
        word = line.words[at]
        if line.kinds[at] == MARK and word in ",.;:!?":
            return ""
        if word not in prepositions or _is_particle(line, at, pack):
            continue
        determined = line.word(at + 1) in pack.connectors.get("determiners", ())
        if determined and pack.capital_nouns:
            continue  # "bei dem Unglück": any noun has a capital
        if any(pack.phrases.at(line.words, k) for k in (at, at + 1) if k < len(line)):
            continue  # "in Sicherheit gebracht"
        name = at + 1 + determined
        while line.word(name) in pack.connectors.get("side", ()):
            name += 1  # "in eastern Sarda"
        if _is_adjective(line, name, pack):
            continue  # "in Spanish towns"
        for at_name in (name + 1, name + 2):  # "the district of Ahr", "the port city of Ahr"
            if line.word(at_name) in pack.numbers.of and not line.capital(at_name - 1):
                name = at_name + 1
                break
        found = _name(line, name, pack)
        if found:
            return found
    return ""


def _is_particle(line: Line, at: int, pack: Pack) -> bool:
    """Whether it belongs to its verb: "the search now takes in the Sound"."""
    inside = line.word(at) in pack.numbers.ranges["in"]
    return inside and line.word(at - 1) in pack.connectors.get("taking_in", ())


def _is_adjective(line: Line, at: int, pack: Pack) -> bool:
    """Whether a nation's adjective stands there, not its name."""
    nation = pack.nations.at(line.words, at) if line.capital(at) else None
    return nation is not None and plain(nation[1]) != " ".join(line.words[at : at + nation[0]])


def _name(line: Line, first: int, pack: Pack) -> str:
    last = _name_end(line, first, pack)
    joined = last > first and line.word(last) in pack.connectors.get("joining", ())
    if joined and not pack.capital_nouns:
        other = _name_end(line, last + 1, pack)
        speaks = line.word(other) in pack.claimants.get("verbs", ())
        last = last if other == last + 1 or speaks else other  # "in Orvan and Belsk"
    return line.text[line.starts[first] : line.ends[last - 1]] if last > first else ""


def _name_end(line: Line, first: int, pack: Pack) -> int:
    last = first
    while last < min(len(line), first + 4) and line.kinds[last] == WORD and line.capital(last):
        word = line.words[last]
        if word in pack.months or word.removesuffix("'s") in pack.weekdays:
            break
        last += 1
    return last
