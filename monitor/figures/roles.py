"""What a number is about: killed, deployed, burned, … from the words around it.

The order of trust: the counted noun itself ("deaths") · a verb just before ("killed 12") · a verb
behind the noun ("12 people were killed") · a toll before ("the death toll rose to 12") · the
number before ("12 soldiers and 3 civilians"). A verb that no role knows becomes an open role.
"""

import re

from monitor.figures import losses, neighbours, notes, tolls, triggers
from monitor.figures.counted import counted
from monitor.figures.kinds import kind_of
from monitor.figures.mention import Mention
from monitor.figures.open_roles import is_plural, moved, open_role, subject
from monitor.figures.packs import Pack
from monitor.figures.tokens import MARK, WORD, Line
from monitor.figures.triggers import SAME, Found, accepts
from monitor.figures.units import AREA, MASS, TIME, VOLUME
from monitor.model import Kind

_WINDOW = 12  # tokens
_ADJACENT = 3  # tokens between a verb and its number
_MANY = 10  # "there are two reasons"
_AREAS = (
    ("fire", "burned"),
    ("search", "searched"),
    ("ground", "controlled"),
    ("crops", "destroyed"),
)
_SAID_OTHERWISE = {"infected": "suspected_cases", "killed": "identified"}  # "16 bodies were named"
_FORTUNE = 100_000  # of any currency
_DEAD = "killed"
_INFLATION = "inflation"
_NEAR = 6  # tokens
_STATE = 4  # tokens of a state behind its noun


def assign(line: Line, mentions: list[Mention], pack: Pack) -> None:
    """Set role, trigger, subset and old value of every mention that is no noise."""
    neighbours.take_classes(line, mentions, pack)
    held = {k: m for m in mentions for k in range(m.number.first, m.number.last)}
    for index, mention in enumerate(mentions):
        before = mentions[index - 1] if index else None
        if mention.noise or neighbours.is_aside(line, mention, pack):
            mention.step = neighbours.is_put_aside(line, mention)
            mention.old = mention.old or neighbours.is_old(line, mention, before, pack)
            continue
        mention.subset = neighbours.is_subset(line, mention, pack)
        mention.step = neighbours.is_step(line, mention, pack)
        mention.old = mention.old or neighbours.is_old(line, mention, before, pack)
        found = _find(line, mention, held, pack)
        if found is not None and not _is_broken(mention, found.role):
            mention.role, mention.trigger = found.role, found.at
            losses.name_the_loser(line, mention, pack)
            losses.as_soldiers(mention)
            if mention.noun.first == mention.noun.last:
                losses.as_told(mention, mentions[:index])
    notes.parts_by_place(line, mentions)
    neighbours.inherit(line, mentions, pack)


def _is_broken(mention: Mention, role: str) -> bool:
    """Whether no people can be counted: "released Firefox 3.05", "were minus 20 as they …"."""
    low, high = mention.number.low, mention.number.high
    whole = low >= 0 and low % 1 == 0 and high % 1 == 0
    return not whole and mention.measured.kind is Kind.COUNT and kind_of(role).people


def _find(line: Line, mention: Mention, held: dict[int, Mention], pack: Pack) -> Found | None:
    if mention.measured.unit.partition("/")[0] in TIME | {"time"}:
        return None
    if mention.measured.kind is Kind.MAGNITUDE:
        return Found("magnitude", mention.number.first, 0)
    known = _known(line, mention, held, pack) or moved(line, mention, pack)
    known = known or notes.by_topic(line, mention, pack) or notes.by_segment(line, mention, pack)
    known = known or _housed(line, mention, held, pack) or _in_hospital(line, mention, pack)
    return known or counted(line, mention, held, pack)


def _housed(line: Line, mention: Mention, held: dict[int, Mention], pack: Pack) -> Found | None:
    """As in "810,000 people remain in 1,150 camps", "6,400 people in 52 shelters"."""
    if mention.noun.first < mention.noun.last and "person" not in mention.classes:
        return None
    if (verb := _holds(line, mention, pack, "camps")) > 0:
        return Found("housed", verb, 0)
    if "patient" in mention.classes and (verb := _holds(line, mention, pack, "wards")) > 0:
        return Found("hospitalised", verb, 0)
    for at in range(mention.last, min(len(line) - 1, mention.last + _NEAR)):
        other = held.get(at + 1)
        if line.words[at] in pack.numbers.ranges["in"] and other is not None:
            shelter = other.noun.head in pack.connectors.get("shelters", ())
            return Found("housed", at, 0) if shelter else None
        if line.kinds[at] != WORD:
            return None
    return None


def _in_hospital(line: Line, mention: Mention, pack: Pack) -> Found | None:
    """As in "238 patients remained in the city's hospitals"."""
    if "person" not in mention.classes:
        return None
    wards, led = pack.connectors.get("wards", frozenset()), False
    for at in range(mention.last, min(len(line), mention.last + _NEAR)):
        word = line.words[at]
        if line.kinds[at] != WORD or (word in pack.triggers and not led):
            return None
        if led and word in wards:
            return Found("hospitalised", at, 0)
        led = led or word in pack.numbers.ranges["in"]
    return None


def _holds(line: Line, mention: Mention, pack: Pack, places: str) -> int:
    """The verb of "the camp holds 463,000 people", "a camp that now has 350,000"; or 0."""
    at = mention.first - 1
    if line.word(at) not in pack.connectors.get("holding", ()):
        return 0
    before = at - 1 - (line.word(at - 1) in pack.connectors.get("inside", ()))
    before -= line.word(before) in pack.connectors.get("which", ())
    named = before
    while named > 0 and line.capital(named):
        named -= 1
    if named < before and line.word(named) in pack.connectors.get("place_of", ()):
        before = named - 1  # "the camp at Orsa has"
    return at if line.word(before) in pack.connectors.get(places, ()) else 0


def _known(line: Line, mention: Mention, held: dict[int, Mention], pack: Pack) -> Found | None:
    kind = mention.measured.kind
    found = _by_words(line, mention, held, pack)
    if kind is Kind.MONEY:
        cued = _by_cue(line, mention, held, pack.amounts, pack) or found
        opened = cued or open_role(line, mention, held, pack)
        opened = opened or _by_cue(line, mention, held, pack.payments, pack)
        return opened or _per_amount(mention) or _priced(mention, pack)
    if kind is Kind.PERCENT:
        part = line.word(mention.measured.last) in pack.numbers.of
        cued = found or _which(line, mention, _by_cue(line, mention, held, pack.shares, pack), pack)
        return cued or (open_role(line, mention, held, pack) if part else None)
    if kind is Kind.MEASURE:
        found = _measure(line, mention, found, held, pack) or _measured_of(mention, pack)
        found = found or open_role(line, mention, held, pack)
        along = mention.noun.head in pack.connectors.get("shores", ())
        along |= _is_along(line, mention, pack)
        if along and (found is None or found.role == mention.noun.head):
            return Found("extent", mention.number.first, 0)  # "oil on 190 km of coast"
        return found
    found = found or _there(line, mention, pack)
    told = found is not None and found.role != SAME
    return found if told else open_role(line, mention, held, pack) or found


def _measured_of(mention: Mention, pack: Pack) -> Found | None:
    """As in "90 mph winds": the role of what is measured."""
    role = pack.nouns.get(mention.noun.head)
    return (
        Found(role, mention.noun.last - 1, 0)
        if role and accepts(pack.takes[role], mention)
        else None
    )


def _is_along(line: Line, mention: Mention, pack: Pack) -> bool:
    """As in "oil was seen along 60 miles": how far something reaches."""
    long = mention.measured.unit in pack.takes.get("extent", ())
    return long and line.word(mention.first - 1) in pack.connectors.get("along", ())


def _per_amount(mention: Mention) -> Found | None:
    """As in "Brent $84.20/bbl": what an amount of a good costs."""
    per = mention.measured.unit.partition("/")[2]
    listed = bool(mention.label) and per in VOLUME | MASS
    return Found("price", mention.number.first, 0) if listed else None


def _priced(mention: Mention, pack: Pack) -> Found | None:
    """As in "a $568 billion plan": what the money is for, where it is too much for a purse."""
    phrase = mention.noun
    large = mention.number.low >= _FORTUNE and mention.number.digits
    if phrase.head in pack.connectors.get("anyones", ()):
        return None  # a contract is a player's, of whom there are many
    return Found(phrase.head, phrase.last - 1, 0) if large and phrase.head.isalpha() else None


def _there(line: Line, mention: Mention, pack: Pack) -> Found | None:
    """As in "police said there were 3,000", of what was told before; "there are now 60 tankers"."""
    at = mention.first - 1
    copulas = pack.connectors.get("copula", frozenset())
    between = pack.connectors.get("fillers", frozenset()) | pack.grammar.get("auxiliaries", set())
    now = line.word(at) in between - copulas  # "there are still 19 men underground"
    at -= now
    copula = line.word(at) in copulas
    at -= line.word(at - 1) in between - copulas  # "there had been 60 attacks"
    if not copula or line.word(at - 1) not in pack.connectors.get("there", ()):
        return None
    if mention.noun.first == mention.noun.last:
        ends = mention.last >= len(line) or line.kinds[mention.last] == MARK
        return Found(SAME, at, 0) if ends else None
    after = line.words[mention.last : mention.last + _STATE]
    state = pack.phrases.at([line.words[at], *after], 0)
    role = triggers.told(pack, state[1], mention) if state is not None else ""
    if role:
        return Found(role, mention.last, 0)  # "there are 41 men inside"
    many = now or (mention.number.low >= _MANY and not mention.number.vague)
    told = many and is_plural(mention, pack)
    return Found(mention.noun.head, mention.noun.last - 1, 0) if told else None


def _by_words(line: Line, mention: Mention, held: dict[int, Mention], pack: Pack) -> Found | None:
    named = triggers.by_noun(line, mention, pack)
    if named is not None and line.word(mention.number.last) in pack.numbers.of:
        named = triggers.verb_behind(line, mention, held, pack) or named  # "of the injured, died"
    if named is not None and named.role in _SAID_OTHERWISE:
        said = triggers.verb_behind(line, mention, held, pack)
        named = said if said is not None and said.role == _SAID_OTHERWISE[named.role] else named
    if named is not None:
        return triggers.both(line, named, held, pack)
    told = notes.by_label(line, mention, pack) if mention.label else None
    if told is not None:
        return told
    described = triggers.modifier(line, mention, pack)
    if described is not None and (described.role == _DEAD or _is_governed(line, mention, pack)):
        return described  # "picked up 40 dead geese", "the search for the 11 missing men ended"
    right = triggers.verb_behind(line, mention, held, pack)
    left = triggers.verb_before(line, mention, held, pack)
    toll = tolls.toll_behind(line, mention, pack)
    toll = toll or tolls.toll_before(line, mention, held, pack)
    chosen = triggers.verb_around(line, mention, held, pack) or _choose(left, right, toll)
    if chosen is None:
        return triggers.whom(line, mention, pack) or described
    return triggers.both(line, chosen, held, pack)


def _is_governed(line: Line, mention: Mention, pack: Pack) -> bool:
    """Whether "for" or "of" stands before it, so that the verb tells of something else."""
    at = mention.first - 1
    at -= line.word(at) in pack.connectors.get("definite", ())
    return line.word(at) in pack.connectors.get("govern", frozenset()) | pack.numbers.of


def _choose(left: Found | None, right: Found | None, toll: Found | None) -> Found | None:
    """The most trusted of the three; see the module's head."""
    close = right is not None and right.steps <= 1 and right.firm
    if toll is not None and toll.role == SAME:
        return left or right or toll
    if toll is not None and not close and not (left and left.steps <= 1):
        return toll
    close = close and not (left and left.led and not left.crossed)
    if left is not None and left.steps <= _ADJACENT and not (right and (left.crossed or close)):
        return left
    return right or left or toll


def _window(line: Line, mention: Mention, held: dict[int, Mention], pack: Pack) -> tuple[str, int]:
    """The words around a mention as one string, and where in it the number begins.

    The nouns of other amounts tell of those: "the $3 billion relief package and a $9 billion levy".
    """
    low, high = max(0, mention.first - _WINDOW), mention.number.last + _WINDOW
    words = list(line.words[low:high])
    for other in held.values():
        if other is not mention and other.measured.unit == mention.measured.unit:
            first, last = max(low, other.noun.first), min(low + len(words), other.noun.last)
            words[first - low : last - low] = "#" * max(0, last - first)
    of_which = (
        at
        for at in range(mention.number.last - low + 1, len(words))
        if words[at] in pack.connectors.get("parts", ()) and words[at - 1] in pack.numbers.of
    )
    words = words[: next(of_which, len(words))]  # "$22 million, a third of which was donated"
    left = " ".join(words[: mention.first - low])
    return f"{left} # {' '.join(words[mention.number.last - low :])}", len(left)


def _by_cue(
    line: Line,
    mention: Mention,
    held: dict[int, Mention],
    cues: tuple[tuple[str, re.Pattern[str]], ...],
    pack: Pack,
) -> Found | None:
    """The role whose word stands nearest."""
    text, middle = _window(line, mention, held, pack)
    best: tuple[int, str] | None = None
    for role, pattern in cues:
        for match in pattern.finditer(text):
            distance = abs(match.start() - middle)
            if best is None or distance < best[0]:
                best = (distance, role)
    return Found(best[1], mention.number.first, 0) if best else None


def _which(line: Line, mention: Mention, found: Found | None, pack: Pack) -> Found | None:
    """Which inflation it is: core and monthly rates are figures of their own."""
    if found is None or found.role != _INFLATION or "core" not in pack.cues:
        return found
    before = " ".join(line.words[max(0, mention.first - _NEAR) : mention.first])
    behind = " ".join(line.words[mention.measured.last : mention.measured.last + _NEAR])
    left, right = before.rpartition(" , ")[2], behind.partition(",")[0]
    kind = "core" if pack.cues["core"].search(left) else ""
    kind = kind or ("monthly" if pack.cues["monthly"].search(f"{left} # {right}") else "")
    return Found(f"{kind} {_INFLATION}", found.at, found.steps) if kind else found


def _area(line: Line, mention: Mention, found: Found | None, pack: Pack) -> Found | None:
    """What an area is of; "covers" says it least of all."""
    if found is not None and found.role != "covered":
        return found
    text = " ".join(line.words)
    cued = (role for cue, role in _AREAS if cue in pack.cues and pack.cues[cue].search(text))
    if role := next(cued, ""):
        return Found(role, mention.number.first, 0)
    named = found and subject(line, found.at, mention, pack)
    if named and "responder" in pack.classes_of(named.role):
        return Found("searched", named.at, 0)  # "the ships have covered 850 square miles"
    return named or found


def _measure(
    line: Line, mention: Mention, found: Found | None, held: dict[int, Mention], pack: Pack
) -> Found | None:
    unit, _, per = mention.measured.unit.partition("/")
    if unit in AREA:
        return _area(line, mention, found, pack)
    if unit in VOLUME or unit in MASS:
        cued = found or _by_cue(line, mention, held, pack.volumes, pack)
        if cued is not None and per in TIME and cued.role == "volume":
            return Found("flow_rate", cued.at, cued.steps)
        return cued
    return found
