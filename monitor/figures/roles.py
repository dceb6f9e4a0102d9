"""What a number is about: killed, deployed, burned, … from the words around it.

The order of trust: the counted noun itself ("deaths") · a verb just before ("killed 12") · a verb
behind the noun ("12 people were killed") · a toll before ("the death toll rose to 12") · the
number before ("12 soldiers and 3 civilians"). A verb that no role knows becomes an open role.
"""

import re

from monitor.figures import neighbours, triggers
from monitor.figures.mention import Mention
from monitor.figures.packs import Pack
from monitor.figures.tokens import Line
from monitor.figures.triggers import SAME, Found
from monitor.figures.units import AREA, MASS, TIME, VOLUME
from monitor.model import Kind

_WINDOW = 12  # tokens
_CONSONANT_Y = re.compile(r"[^aeiou]y$")
_SHORT = re.compile(r"[^aeiou]+[aeiou][bdgmnpt]")  # a stem that doubles its last letter
_ADJACENT = 3  # tokens between a verb and its number


def assign(line: Line, mentions: list[Mention], pack: Pack) -> None:
    """Set role, trigger, subset and old value of every mention that is no noise."""
    held = {k: m for m in mentions for k in range(m.number.first, m.number.last)}
    for index, mention in enumerate(mentions):
        if mention.noise:
            continue
        before = mentions[index - 1] if index else None
        mention.subset = neighbours.is_subset(line, mention, pack)
        mention.old = mention.old or neighbours.is_old(line, mention, before, pack)
        found = _find(line, mention, held, pack)
        if found is not None:
            mention.role, mention.trigger = found.role, found.at
            neighbours.as_soldiers(mention)
            neighbours.name_the_loser(line, mention, pack)
    neighbours.inherit(line, mentions, pack)


def _find(line: Line, mention: Mention, held: dict[int, Mention], pack: Pack) -> Found | None:
    kind = mention.measured.kind
    if kind is Kind.MAGNITUDE:
        return Found("magnitude", mention.number.first, 0)
    if mention.measured.unit.partition("/")[0] in TIME:
        return None
    found = _by_words(line, mention, held, pack)
    if kind is Kind.MONEY:
        return _by_cue(line, mention, pack.amounts) or found
    if kind is Kind.PERCENT:
        part = line.word(mention.measured.last) in pack.numbers.of
        cued = found or _by_cue(line, mention, pack.shares)
        return cued or (_open(line, mention, held, pack) if part else None)
    if kind is Kind.MEASURE:
        return _measure(line, mention, found, pack) or _open(line, mention, held, pack)
    return found or _open(line, mention, held, pack)


def _by_words(line: Line, mention: Mention, held: dict[int, Mention], pack: Pack) -> Found | None:
    named = triggers.by_noun(line, mention, pack)
    if named is not None:
        return triggers.both(line, named, held, pack)
    right = triggers.verb_behind(line, mention, held, pack)
    left = triggers.verb_before(line, mention, held, pack)
    toll = triggers.toll_before(line, mention, held, pack)
    chosen = _choose(left, right, toll)
    chosen = chosen or triggers.verb_around(line, mention, pack)
    if chosen is None:
        role = pack.whom.get(mention.noun.head)
        found = Found(role, mention.noun.last - 1, 0) if role else None
        return found or triggers.modifier(line, mention, pack)
    return triggers.both(line, chosen, held, pack)


def _choose(left: Found | None, right: Found | None, toll: Found | None) -> Found | None:
    """The most trusted of the three; see the module's head."""
    close = right is not None and right.steps <= 1 and right.firm
    if toll is not None and toll.role == SAME:
        return left or right or toll
    if toll is not None and not close and not (left and left.steps <= 1):
        return toll
    if left is not None and left.steps <= _ADJACENT and not (right and (left.crossed or close)):
        return left
    return right or left or toll


def _window(line: Line, mention: Mention) -> tuple[str, int]:
    """The words around a mention as one string, and where in it the number begins."""
    low = max(0, mention.first - _WINDOW)
    left = " ".join(line.words[low : mention.first])
    right = " ".join(line.words[mention.number.last : mention.number.last + _WINDOW])
    return f"{left} # {right}", len(left)


def _by_cue(
    line: Line, mention: Mention, cues: tuple[tuple[str, re.Pattern[str]], ...]
) -> Found | None:
    """The role whose word stands nearest."""
    text, middle = _window(line, mention)
    best: tuple[int, str] | None = None
    for role, pattern in cues:
        for match in pattern.finditer(text):
            distance = abs(match.start() - middle)
            if best is None or distance < best[0]:
                best = (distance, role)
    return Found(best[1], mention.number.first, 0) if best else None


def _measure(line: Line, mention: Mention, found: Found | None, pack: Pack) -> Found | None:
    unit, _, per = mention.measured.unit.partition("/")
    text, _ = _window(line, mention)
    if unit in AREA:
        if found is not None and found.role != "covered":
            return found
        for cue, role in (("fire", "burned"), ("search", "searched"), ("ground", "controlled")):
            if cue in pack.cues and pack.cues[cue].search(text):
                return Found(role, mention.number.first, 0)
        return found
    if unit in VOLUME or unit in MASS:
        cued = found or _by_cue(line, mention, pack.volumes)
        if cued is not None and per in TIME and cued.role == "volume":
            return Found("flow_rate", cued.at, cued.steps)
        return cued
    return None


def _open(line: Line, mention: Mention, held: dict[int, Mention], pack: Pack) -> Found | None:
    """The verb itself as role, in one form: "300 bridges were inspected", "inspecting 300"."""
    before = mention.first - 1
    bare = mention.noun.first == mention.noun.last
    if mention.noun.anaphoric or (bare and not _ends_clause(line, mention.last)):
        return None
    role = _verb(line, before, pack)
    if role and before not in held:
        return Found(role, before, 0)
    if bare or line.word(before) in pack.connectors.get("places", ()):
        return None
    return _passive(line, mention, pack)


def _ends_clause(line: Line, at: int) -> bool:
    return at >= len(line) or line.words[at] in ",.;"


def _passive(line: Line, mention: Mention, pack: Pack) -> Found | None:
    """The participle in "300 bridges were inspected", "12 miles of coast were fouled"."""
    at = mention.last
    auxiliary = False
    while at < min(len(line), mention.last + 5):
        word = line.words[at]
        if word in pack.connectors.get("passive", ()):
            auxiliary = True
        elif auxiliary and _is_past(word, pack):
            return Found(word, at, at - mention.last)
        elif word not in pack.grammar.get("auxiliaries", ()):
            return None
        at += 1
    return None


def _verb(line: Line, at: int, pack: Pack) -> str:
    """The past form of the verb at `at`, whatever its tense; "" where it is none."""
    word, before = line.word(at), line.word(at - 1)
    if _is_past(word, pack):
        return word
    if not word.isalpha() or word in pack.grammar.get("plain_verbs", ()):
        return ""
    if pack.ends(word, "progressive"):
        begun = before in pack.grammar.get("auxiliaries", ()) or before in ("and", ",")
        return _regular(word[:-3], pack, doubles=False) if begun else ""
    if before not in pack.grammar.get("infinitive", ()) or _is_no_verb(word, pack):
        return ""
    return _regular(word, pack, doubles=True)


def _regular(stem: str, pack: Pack, *, doubles: bool) -> str:
    """The past of a verb that is none of the plain ones: those say little or are irregular."""
    plain, past = pack.grammar.get("plain_verbs", frozenset()), _past_of(stem, doubles=doubles)
    again = stem.removeprefix("re")  # "rewrite"
    return "" if {stem, f"{stem}e", past, again, f"{again}e"} & plain else past


def _is_no_verb(word: str, pack: Pack) -> bool:
    known = word in pack.grammar.get("stops", ()) or word in pack.grammar.get("verbs", ())
    return known or pack.ends(word, "adverb") or word in pack.classes or word in pack.months


def _past_of(stem: str, *, doubles: bool) -> str:
    """Past of a verb or its stem: "close" or "clos-" is "closed", "carry" "carried"."""
    if stem.endswith("e"):
        return f"{stem}d"
    if _CONSONANT_Y.search(stem):
        return f"{stem[:-1]}ied"
    return f"{stem}{stem[-1]}ed" if doubles and _SHORT.fullmatch(stem) else f"{stem}ed"


def _is_past(word: str, pack: Pack) -> bool:
    if word in pack.grammar.get("plain_verbs", ()) or word in pack.grammar.get("stops", ()):
        return False
    return pack.ends(word, "past") or word in pack.grammar.get("participles", ())
