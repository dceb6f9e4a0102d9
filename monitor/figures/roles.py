"""What a number is about: killed, deployed, burned, … from the words around it.

The order of trust: the counted noun itself ("deaths") · a verb just before ("killed 12") · a verb
behind the noun ("12 people were killed") · a toll before ("the death toll rose to 12") · the
number before ("12 soldiers and 3 civilians"). A verb that no role knows becomes an open role.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from monitor.figures.mention import Mention
from monitor.figures.packs import Pack
from monitor.figures.tokens import DASHES, MARK, WORD, Line
from monitor.figures.units import AREA, MASS, TIME, VOLUME
from monitor.model import Kind

_RIGHT_REACH = 16  # tokens
_LEFT_REACH = 9
_TOLL_REACH = 18
_SKIP_REACH = 14
_WINDOW = 12
_ENDS = frozenset(".;:!?")
_PAIRS = {
    frozenset({"killed", "wounded"}): "killed_or_wounded",
    frozenset({"destroyed", "damaged"}): "destroyed",
}
_VICTIMS = frozenset("killed wounded missing rescued captured arrested kidnapped".split())
_NEAR = 4
_GAP = 2
_BETWEEN = 6  # tokens between two numbers that share a role
SAME = "="  # the role of the number before: "bringing the total to 127"
_NARROW = frozenset(
    {"area", "place", "volume", "mass", "share", "money", "job", "vote", "seat", "case"}
)


@dataclass(frozen=True, slots=True)
class _Found:
    role: str
    at: int  # token of the trigger
    steps: int
    firm: bool = True  # an auxiliary or the noun stands right before it
    crossed: bool = False  # "and", "or" or a comma between


def assign(line: Line, mentions: list[Mention], pack: Pack) -> None:
    """Set role, trigger, subset and old value of every mention that is no noise."""
    held = {k: m for m in mentions for k in range(m.number.first, m.number.last)}
    for index, mention in enumerate(mentions):
        if mention.noise:
            continue
        before = mentions[index - 1] if index else None
        mention.subset = _is_subset(line, mention, pack)
        mention.old = mention.old or _is_old(line, mention, before, pack)
        found = _find(line, mention, held, pack)
        if found is not None:
            mention.role, mention.trigger = found.role, found.at
    _inherit(line, mentions, pack)


def _find(line: Line, mention: Mention, held: dict[int, Mention], pack: Pack) -> _Found | None:
    kind = mention.measured.kind
    if kind is Kind.MAGNITUDE:
        return _Found("magnitude", mention.number.first, 0)
    if mention.measured.unit.partition("/")[0] in TIME:
        return None
    found = _by_words(line, mention, held, pack)
    if kind is Kind.MONEY:
        return _by_cue(line, mention, pack.amounts) or found
    if kind is Kind.PERCENT:
        return found or _by_cue(line, mention, pack.shares)
    if kind is Kind.MEASURE:
        return _measure(line, mention, found, pack)
    return found or _open(line, mention, held, pack)


def _by_words(line: Line, mention: Mention, held: dict[int, Mention], pack: Pack) -> _Found | None:
    named = _by_noun(line, mention, pack)
    if named is not None:
        return named
    right = _right(line, mention, held, pack)
    left = _left(line, mention, held, pack)
    toll = _toll(line, mention, held, pack)
    chosen = _choose(left, right, toll)
    if chosen is None:
        role = pack.whom.get(mention.noun.head)
        return _Found(role, mention.noun.last - 1, 0) if role else None
    return _both(line, chosen, held, pack)


def _choose(left: _Found | None, right: _Found | None, toll: _Found | None) -> _Found | None:
    """The most trusted of the three; see the module's head."""
    close = right is not None and right.steps <= 1 and right.firm
    if toll is not None and toll.role == SAME:
        return left or right or toll
    if toll is not None and not close and not (left and left.steps <= 1):
        return toll
    if left is not None and left.steps <= 3 and not (right and (left.crossed or close)):
        return left
    return right or left or toll


# -- the counted noun -----------------------------------------------------------------------------


def _by_noun(line: Line, mention: Mention, pack: Pack) -> _Found | None:
    """ "12 deaths", "40 confirmed cases", "300 arrests"."""
    if mention.measured.kind is not Kind.COUNT:
        return None
    phrase = mention.noun
    for at in range(phrase.first, phrase.last):
        found = pack.phrases.at(line.words, at)
        if found is not None and _takes_count(pack, found[1], mention):
            return _Found(found[1], at, 0)
    role = pack.nouns.get(phrase.head)
    return None if role is None else _Found(role, phrase.last - 1, 0)


def _takes_count(pack: Pack, role: str, mention: Mention) -> bool:
    return _accepts(pack.takes[role], mention)


def _accepts(takes: frozenset[str], mention: Mention) -> bool:
    classes = mention.classes
    if mention.measured.kind is Kind.COUNT and not classes:
        return bool(takes - _NARROW)
    return bool(classes & takes) or ("any" in takes and mention.measured.kind is Kind.COUNT)


# -- triggers -------------------------------------------------------------------------------------


def _trigger(line: Line, at: int, mention: Mention, pack: Pack, *, left: bool) -> str:
    """The role that the word at `at` gives to the mention, or ""."""
    for trigger in pack.triggers.get(line.words[at]) or ():
        side = trigger.left if left else trigger.right
        if side and _accepts(trigger.takes, mention):
            return trigger.role
    return ""


def _right(line: Line, mention: Mention, held: dict[int, Mention], pack: Pack) -> _Found | None:
    """`N NP aux* TRIGGER`: "12 people, including 3 children, were killed"."""
    weak: _Found | None = None
    auxiliaries = pack.grammar.get("auxiliaries", frozenset())
    for steps, at in enumerate(_onward(line, mention, held, pack)):
        word = line.words[at]
        phrase = pack.phrases.at(line.words, at)
        role = ""
        if phrase is not None and _takes_count(pack, phrase[1], mention):
            role = phrase[1]
        elif word in pack.triggers and not (steps and _describes(line, at, pack)):
            role = _trigger(line, at, mention, pack, left=False)
            if not role and steps > 0 and _governs(line, at, pack):
                break
        if role:
            firm = steps == 0 or line.word(at - 1) in auxiliaries
            firm = firm and not word.endswith("ing")
            found = _Found(role, at, steps, firm=firm)
            if firm:
                return found
            weak = weak or found
    return weak


def _describes(line: Line, at: int, pack: Pack) -> bool:
    """Whether the word is an adjective in another phrase: "the missing jet"."""
    before, after = line.word(at - 1), line.word(at + 1)
    if before not in pack.connectors.get("determining", ()) or not after:
        return False
    grammar = pack.grammar
    ends = after in grammar.get("stops", ()) or after in grammar.get("verbs", ())
    return line.kinds[at + 1] == WORD and not ends and after not in pack.connectors.get("links", ())


def _governs(line: Line, at: int, pack: Pack) -> bool:
    """Whether the verb at `at` takes something behind it: "… killing 5"."""
    return any(
        trigger.left and not trigger.right for trigger in pack.triggers.get(line.words[at]) or ()
    )


def _onward(line: Line, mention: Mention, held: dict[int, Mention], pack: Pack) -> Iterator[int]:
    """Tokens behind the noun phrase up to where another clause or number begins."""
    at = start = mention.last
    crossed = 0
    clause = pack.connectors.get("clause", frozenset())
    while at < min(len(line), start + _RIGHT_REACH):
        word = line.words[at]
        if word in ("(", "["):
            at = _closing(line, at)
            continue
        if at in held:
            after = _aside(line, at, held[at], pack)
            if after is None:
                return
            at = after
            continue
        if line.kinds[at] == MARK:
            if word in _ENDS and not (word == "." and line.tight(at + 1)):
                return
            if word == ",":
                skipped = _past_insertion(line, at, pack)
                if skipped is not None:
                    at = skipped
                    continue
                crossed += 1
                if crossed > 1 or line.word(at + 1) in pack.connectors.get("new_clause", ()):
                    return
            at += 1
            continue
        if word in clause and at > start:
            return
        yield at
        at += 1


def _closing(line: Line, at: int) -> int:
    for k in range(at + 1, min(len(line), at + _SKIP_REACH)):
        if line.words[k] in (")", "]"):
            return k + 1
    return len(line)


def _aside(line: Line, at: int, other: Mention, pack: Pack) -> int | None:
    """Where to go on behind a number that only says where or when: "in 20 villages"."""
    if line.word(other.first - 1) in pack.connectors.get("places", ()) or other.noise:
        return max(other.last, at + 1)
    return None


def _past_insertion(line: Line, at: int, pack: Pack) -> int | None:
    """Behind ", including 3 children," when the sentence then goes on with a verb."""
    if line.word(at + 1) not in pack.connectors.get("skip_after_comma", ()):
        return None
    for k in range(at + 2, min(len(line), at + _SKIP_REACH)):
        if line.words[k] == ",":
            goes_on = line.word(k + 1) in pack.grammar.get("auxiliaries", ())
            return k + 1 if goes_on or line.word(k + 1) in pack.triggers else None
    return None


def _left(line: Line, mention: Mention, held: dict[int, Mention], pack: Pack) -> _Found | None:
    """`TRIGGER N`: "killed at least 12 people", "the arrest of 40 men"."""
    crossed = False
    fillers = pack.connectors.get("fillers", frozenset())
    at = mention.first - 1
    steps = 0
    while at >= 0 and steps < _LEFT_REACH:
        word = line.words[at]
        if at in held or (line.kinds[at] == MARK and (word in _ENDS or word in DASHES)):
            return None
        if word in pack.connectors.get("include", ()):
            role = pack.nouns.get(line.word(at - 1))  # "the dead include nine women"
            return _Found(role, at - 1, steps) if role else None
        if _new_clause(line, at, pack):
            return None
        if word == "," or word in pack.connectors.get("joining", ()):
            crossed = True
        elif word in pack.connectors.get("places", ()):
            return None
        phrase = pack.phrases.before(line.words, at + 1)
        if phrase is not None and steps <= 1 and _takes_count(pack, phrase[1], mention):
            return _Found(phrase[1], at, steps, crossed=crossed)
        role = _trigger(line, at, mention, pack, left=True) if word in pack.triggers else ""
        if not role and line.word(at + 1) in pack.numbers.of:
            role = (pack.nouns.get(word) or "") or _nominal(word, pack)
        if role:
            return _Found(role, at, steps, crossed=crossed)
        at -= 1
        steps += word not in fillers and word not in pack.numbers.of
    return None


def _new_clause(line: Line, at: int, pack: Pack) -> bool:
    word = line.words[at]
    if word not in pack.connectors.get("relative", ()):
        return word in pack.connectors.get("clause", ())
    return line.word(at - 1) == "," or word != "that"


def _nominal(word: str, pack: Pack) -> str:
    """The role of a noun of action: "evacuation of", "destruction of"."""
    return next((t.role for t in (pack.triggers.get(word) or ()) if t.left and not t.right), "")


def _toll(line: Line, mention: Mention, held: dict[int, Mention], pack: Pack) -> _Found | None:
    """ "the death toll rose from 44 to 59", "the number of injured, now 2,421"."""
    linked = mention.first == 0
    at = mention.first - 1
    steps = 0
    while at >= 0 and steps < _TOLL_REACH:
        word = line.words[at]
        other = held.get(at)
        if other is not None and not (other.old or other.noise):
            return None
        if line.kinds[at] == MARK and word in _ENDS and not (word == ":" and steps == 0):
            return None
        linked = linked or word in pack.connectors.get("links", ()) or (steps == 0 and word == ":")
        if word in pack.connectors.get("counted", ()):
            return _number_of(line, at, mention, pack) if linked else None
        phrase = pack.tolls.before(line.words, at + 1)
        role = phrase[1] if phrase else (pack.nouns.get(word) or "")
        if role and _describes(line, at, pack):
            role = ""  # "the missing jet"
        if role and (linked or (phrase and steps == 0)) and _takes_count(pack, role, mention):
            return _Found(role, at, steps)
        at -= 1
        steps += 1
    return None


def _number_of(line: Line, at: int, mention: Mention, pack: Pack) -> _Found | None:
    """The role in "the number of people killed rose to 12"."""
    if line.word(at + 1) not in pack.numbers.of or at + 2 >= mention.first:
        return _Found(SAME, at, mention.first - at)
    last = ""
    for k in range(at + 2, min(mention.first, at + 9)):
        word = line.words[k]
        if word in pack.connectors.get("links", ()) and word not in pack.numbers.of:
            break
        phrase = pack.phrases.at(line.words, k)
        if phrase is not None:
            return _Found(phrase[1], k, mention.first - k)
        role = pack.nouns.get(word) or next((t.role for t in (pack.triggers.get(word) or ())), "")
        if role:
            return _Found(role, k, mention.first - k)
        if line.kinds[k] == WORD and word not in pack.grammar.get("stops", ()):
            last = word
    return _Found(last or SAME, at, mention.first - at)


def _both(line: Line, found: _Found, held: dict[int, Mention], pack: Pack) -> _Found:
    """ "killed or wounded" of one number is a role of its own."""
    pair = next((p for p in _PAIRS if found.role in p), None)
    if pair is None:
        return found
    joining = pack.connectors.get("joining", frozenset()) | {"/"}
    for step in (1, -1):
        at = found.at + step
        if line.word(at) not in joining:
            continue
        for k in (at + step, at + 2 * step, at + 3 * step):
            roles = {t.role for t in (pack.triggers.get(line.word(k)) or ())} & pair
            if k in held or (step > 0 and k + 1 in held and found.at > 0):
                break
            if roles and found.role not in roles:
                return _Found(_PAIRS[pair], found.at, found.steps)
    return found


# -- measures, money, shares ----------------------------------------------------------------------


def _window(line: Line, mention: Mention) -> tuple[str, int]:
    """The words around a mention as one string, and where in it the number begins."""
    low = max(0, mention.first - _WINDOW)
    left = " ".join(line.words[low : mention.first])
    right = " ".join(line.words[mention.number.last : mention.number.last + _WINDOW])
    return f"{left} # {right}", len(left)


def _by_cue(
    line: Line, mention: Mention, cues: tuple[tuple[str, re.Pattern[str]], ...]
) -> _Found | None:
    """The role whose word stands nearest."""
    text, middle = _window(line, mention)
    best: tuple[int, str] | None = None
    for role, pattern in cues:
        for match in pattern.finditer(text):
            distance = abs(match.start() - middle)
            if best is None or distance < best[0]:
                best = (distance, role)
    return _Found(best[1], mention.number.first, 0) if best else None


def _measure(line: Line, mention: Mention, found: _Found | None, pack: Pack) -> _Found | None:
    unit, _, per = mention.measured.unit.partition("/")
    text, _ = _window(line, mention)
    if unit in AREA:
        if found is not None and found.role != "covered":
            return found
        for cue, role in (("fire", "burned"), ("search", "searched"), ("ground", "controlled")):
            if cue in pack.cues and pack.cues[cue].search(text):
                return _Found(role, mention.number.first, 0)
        return found
    if unit in VOLUME or unit in MASS:
        cued = found or _by_cue(line, mention, pack.volumes)
        if cued is not None and per in TIME and cued.role == "volume":
            return _Found("flow_rate", cued.at, cued.steps)
        return cued
    return None


# -- open roles -----------------------------------------------------------------------------------


def _open(line: Line, mention: Mention, held: dict[int, Mention], pack: Pack) -> _Found | None:
    """The verb itself as role: "300 bridges were inspected", "inspected 300 bridges"."""
    if mention.noun.first == mention.noun.last or mention.noun.anaphoric:
        return None
    before = mention.first - 1
    word = line.word(before)
    if _is_past(word, pack) and before not in held:
        return _Found(word, before, 0)
    if word in pack.connectors.get("places", ()):
        return None
    at = mention.last
    auxiliary = False
    while at < min(len(line), mention.last + 5):
        word = line.words[at]
        if word in pack.connectors.get("passive", ()):
            auxiliary = True
        elif auxiliary and _is_past(word, pack):
            return _Found(word, at, at - mention.last)
        elif word not in pack.grammar.get("auxiliaries", ()):
            return None
        at += 1
    return None


def _is_past(word: str, pack: Pack) -> bool:
    if word in pack.grammar.get("plain_verbs", ()) or word in pack.grammar.get("stops", ()):
        return False
    return pack.ends(word, "past") or word in pack.grammar.get("participles", ())


# -- neighbours -----------------------------------------------------------------------------------


def _is_subset(line: Line, mention: Mention, pack: Pack) -> bool:
    """ "including 3 children", "3 of them", "of whom 3"."""
    at = mention.first - 1
    include = pack.connectors.get("include", frozenset())
    parts = pack.connectors.get("parts", frozenset())
    for k in (at, at - 1):
        if line.word(k) in include and (k == at or line.word(at) in pack.connectors["fillers"]):
            return True
    if line.word(at) in parts and line.word(at - 1) in pack.numbers.of:
        return True
    after = mention.number.last
    if line.word(after) not in pack.numbers.of:
        return False
    after += 1
    after += line.word(after) in pack.connectors.get("determiners", ()) and (
        line.word(after) not in parts
    )
    return line.word(after) in parts


def _is_old(line: Line, mention: Mention, before: Mention | None, pack: Pack) -> bool:
    """The earlier value in "59, up from 44", "to 59 from 44", "compared with 44"."""
    at = mention.first - 1
    opening = pack.numbers.ranges.get("from", frozenset())
    for k in (at, at - 1, at - 2):
        if line.word(k) in opening:
            if line.word(k - 1) in pack.connectors.get("moved", ()):
                return True
            if before is None or k - before.last > _GAP:
                return False
            return line.word(before.first - 1) in pack.connectors.get("toward", ())
        if line.word(k) not in pack.connectors.get("fillers", ()):
            break
    return pack.earlier.before(line.words, mention.first) is not None


def _inherit(line: Line, mentions: list[Mention], pack: Pack) -> None:
    """A number without a role of its own shares that of its neighbour."""
    for before, mention in pairwise(mentions):
        if before.noise or mention.noise:
            continue
        if mention.role == SAME:
            mention.role = before.role
        if before.old and not before.role and mention.role:
            before.role, before.trigger = mention.role, mention.trigger
        elif mention.conversion or mention.old:
            mention.role, mention.trigger = mention.role or before.role, before.trigger
        elif (
            not mention.role
            and before.role
            and (_goes_together(line, before, mention, pack) or _said(line, mention, pack))
        ):
            mention.role, mention.trigger = before.role, before.trigger
    for mention, after in pairwise(reversed(mentions)):
        if not after.role and not after.noise and _joined_to(line, after, mention, pack):
            after.role, after.trigger = mention.role, mention.trigger
    for mention in mentions:
        _settle(line, mention, pack)
    _share_people(line, mentions, pack)


def _share_people(line: Line, mentions: list[Mention], pack: Pack) -> None:
    """Where the noun is left out, it is the one before: "100 soldiers died, 300 were wounded"."""
    previous: Mention | None = None
    for mention in mentions:
        if mention.noise or mention.measured.kind is not Kind.COUNT:
            continue
        if mention.noun.first == mention.noun.last or mention.noun.head in _left_out(pack):
            if previous is not None and (mention.noun.other or not mention.group):
                mention.group = mention.group or previous.group
                mention.nations = mention.nations or previous.nations
            elif previous is None:
                _look_left(line, mention, pack)
        previous = mention


def _left_out(pack: Pack) -> frozenset[str]:
    return pack.connectors.get("other", frozenset())


def _look_left(line: Line, mention: Mention, pack: Pack) -> None:
    """Group and nation named before the number: "Ukrainian forces …, with thousands dead"."""
    for at in range(mention.first - 1, max(-1, mention.first - _TOLL_REACH), -1):
        if line.words[at] in (".", ";", ":"):
            return
        phrase = pack.nations.at(line.words, at) if line.capital(at) else None
        group = pack.groups.get(line.words[at])
        if phrase is not None and line.word(at + phrase[0]) in pack.groups:
            mention.nations = (phrase[1],)
            return
        if group and mention.trigger >= 0 and at < mention.first and at >= mention.trigger - 3:
            mention.group = mention.group or group


def _said(line: Line, mention: Mention, pack: Pack) -> bool:
    """A bare number that another claimant sets against the one before: "police said 80,000"."""
    verb = line.word(mention.first - 1) in pack.claimants.get("verbs", ())
    bare = mention.noun.first == mention.noun.last and mention.measured.unit == ""
    return verb and bare and (mention.last >= len(line) or line.kinds[mention.last] == MARK)


def _settle(line: Line, mention: Mention, pack: Pack) -> None:
    """Last words: critical patients; "one" that is only a story's hero; soldiers are captured."""
    if mention.noise:
        return
    _name_the_side(line, mention, pack)
    for at in range(mention.last, min(len(line), mention.last + 5)):
        found = None if mention.role else pack.late.at(line.words, at)
        if found is not None:
            mention.role, mention.trigger = found[1], at
    if mention.role == "arrested" and mention.noun.group == "military":
        mention.role = "captured"
    number = mention.number
    if number.low == number.high == 1 and not number.digits and not mention.measured.unit:
        near = (
            min(abs(mention.trigger - number.first), abs(mention.trigger - mention.last)) <= _NEAR
        )
        if mention.role not in _VICTIMS or not near:
            mention.noise, mention.role = "one", ""


def _name_the_side(line: Line, mention: Mention, pack: Pack) -> None:
    """For votes, seats and shares the noun is who won them: "Maria Holm had 39.5%"."""
    won = pack.connectors.get("won", frozenset())
    before = next(
        (k for k in range(mention.first - 1, mention.first - 4, -1) if line.word(k) in won), -1
    )
    if before > 0 and mention.measured.kind is Kind.PERCENT and not mention.role:
        mention.role, mention.trigger = "share", before
    if mention.role not in ("share", "votes", "seats"):
        return
    last = before if before > 0 else mention.first
    for at in range(last - 1, max(-1, last - 8), -1):
        if line.kinds[at] == MARK and line.words[at] in ".;:":
            return
        named = line.capital(at) and line.kinds[at] == WORD
        if named and line.words[at] not in pack.claimants.get("not_names", ()):
            first = at
            while first > 0 and line.capital(first - 1) and line.kinds[first - 1] == WORD:
                first -= 1
            text = line.text[line.starts[first] : line.ends[at]]
            mention.noun = replace(mention.noun, text=text, head=line.words[at])
            return


def _joined_to(line: Line, mention: Mention, after: Mention, pack: Pack) -> bool:
    """ "Twelve soldiers and three civilians were killed": the verb is behind the second."""
    if not after.role or after.noise or after.trigger < after.last or after.old:
        return False
    between = line.words[mention.last : after.first]
    joining = pack.connectors.get("joining", frozenset())
    return (
        len(between) == 1
        and between[0] in joining | {","}
        and (mention.measured.kind is after.measured.kind)
    )


def _goes_together(line: Line, before: Mention, mention: Mention, pack: Pack) -> bool:
    """ "killed 12 soldiers and 3 civilians", "12 dead, including 3 children"."""
    if before.measured.kind is not mention.measured.kind:
        return False
    start = max(before.last, before.trigger + 1)
    if mention.first - start > _BETWEEN or start > mention.first:
        return False
    between = line.words[start : mention.first]
    joining = pack.connectors.get("joining", frozenset()) | pack.connectors.get("include", set())
    if not any(word == "," or word in joining for word in between):
        return False
    verbs = pack.grammar.get("verbs", frozenset())
    if any(w in verbs or w in pack.triggers or w in _ENDS for w in between):
        return False
    takes = pack.takes.get(before.role)
    return takes is None or _accepts(takes, mention)
