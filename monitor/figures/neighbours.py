"""What a number takes from its neighbours: parts, old values, shared roles, left-out nouns."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from monitor.figures import losses, tolls
from monitor.figures.kinds import KINDS, kind_of
from monitor.figures.mention import Mention
from monitor.figures.packs import Pack
from monitor.figures.sides import name_the_side, share_back, share_vote, share_whole
from monitor.figures.tokens import ENDS, MARK, NUMBER, RECENT, WORD, Line
from monitor.figures.triggers import SAME, accepts
from monitor.model import Kind
from monitor.text import remembered

_PEOPLE = frozenset({"person"})
_CASES = frozenset({"case", "person"})
_VICTIMS = frozenset("killed wounded missing rescued captured arrested kidnapped".split())
_NEAR = 4  # tokens
_FATE = 8  # tokens between "one" and what became of him
_STEP_REACH = 5
_GAP = 2
_PARTITIVE = 5  # tokens: "of their last", "of the islands'"
_FINER = Decimal("1.25")
_BETWEEN = 6  # tokens between two numbers that share a role


def is_subset(line: Line, mention: Mention, pack: Pack) -> bool:
    """As in "including 3 children", "3 of them", "of whom 3"."""
    at = mention.first - 1
    include = pack.connectors.get("include", frozenset())
    parts = pack.connectors.get("parts", frozenset())
    for k in (at, at - 1):
        if line.word(k) in include and (
            k == at or line.word(at) in pack.connectors.get("fillers", frozenset())
        ):
            return True
    if line.word(at) in parts and line.word(at - 1) in pack.numbers.of:
        return True
    if line.word(0) in include and line.word(at) in pack.connectors.get("copula", ()):
        return True  # "among the dead were 12 children"
    after = mention.number.last
    if line.word(after) not in pack.numbers.of:
        return False
    after += 1
    after += line.word(after) in pack.connectors.get("determiners", ()) and (
        line.word(after) not in parts
    )
    return line.word(after) in parts


def take_classes(line: Line, mentions: list[Mention], pack: Pack) -> None:
    """As in "eight of their last 10 games": what the first counts stands behind the second."""
    _elide_cases(line, mentions, pack)
    for part, whole in pairwise(mentions):
        between = line.words[part.number.last : whole.first]
        bare = part.noun.first == part.noun.last and part.measured.unit == ""
        if _names_a_nation_only(line, part, pack) and not part.noun.classes:
            joined = _is_joined(line, part, whole, pack)  # "12 Somali and 11 Yemeni sailors"
            part.noun = replace(part.noun, classes=(joined and whole.noun.classes) or _PEOPLE)
        if bare and 0 < len(between) <= _PARTITIVE and between[0] in pack.numbers.of:
            part.noun = replace(part.noun, classes=whole.noun.classes, abstract=whole.noun.abstract)


def _elide_cases(line: Line, mentions: list[Mention], pack: Pack) -> None:
    """As in "112 cases, 24 confirmed and 27 probable ones": what is left out is cases.

    So it is where a disease is named: "Cholera: 1,203 suspected, 318 confirmed".
    """
    cases = False
    for mention in mentions:
        head = mention.noun.head
        bare = mention.noun.first == mention.noun.last or head in _left_out(pack)
        bare = bare or head in pack.connectors.get("ones", ())
        if bare and mention.measured.unit == "" and (cases or _names_a_disease(line, pack)):
            mention.noun = replace(mention.noun, classes=_CASES)
        cases = cases or bool(mention.classes & {"case"})


@remembered(RECENT)
def _names_a_disease(line: Line, pack: Pack) -> bool:
    return "disease" in pack.cues and pack.cues["disease"].search(" ".join(line.words)) is not None


def is_old(line: Line, mention: Mention, before: Mention | None, pack: Pack) -> bool:
    """The earlier value in "59, up from 44", "to 59 from 44", "compared with 44", "48, not 44"."""
    at = mention.first - 1
    apart = pack.connectors.get("joining", frozenset()) | {","}  # "237, and not 238"
    denied = line.word(at) in pack.connectors.get("not", ()) and line.word(at - 1) in apart
    if denied and before is not None and at - before.last <= _NEAR:
        return True
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
    extremes = pack.connectors.get("extremes", frozenset())  # "down from a peak of 147,000"
    if line.word(at) in pack.numbers.of and line.word(at - 1) in extremes:
        return line.word(at - 2) in pack.numbers.articles and line.word(at - 3) in opening
    article = line.word(at) in pack.numbers.articles  # "initial hopes of a $6 billion plan"
    return pack.earlier.before(line.words, mention.first - article) is not None


def is_place(line: Line, mention: Mention, pack: Pack) -> bool:
    """Whether the number only says where: "in the two countries"."""
    connectors, having = pack.connectors, pack.connectors.get("having", ())
    at = mention.first - 1
    who = mention.noun.first == mention.noun.last and (
        line.word(mention.last) in pack.connectors.get("relative", ())
    )  # "no sign of life from the 32 who are missing"
    if who or line.word(at) not in connectors.get("determining", ()):
        return False
    led = line.word(at - 1)  # not in "with the 41,000 homes still without power"
    return led in connectors.get("places", ()) and led not in having


def is_aside(line: Line, mention: Mention, pack: Pack) -> bool:
    """Whether it has no say in its clause."""
    return is_put_aside(line, mention) or is_place(line, mention, pack)


def is_step(line: Line, mention: Mention, pack: Pack) -> bool:
    """The addition in "rose by 740 to 8,040"."""
    at = mention.first - 1
    lesser = line.word(mention.number.last) in pack.connectors.get("lesser", ())
    if lesser and line.word(mention.number.last + 1) in pack.connectors.get("than", ()):
        return True  # "19 fewer than on Monday"
    led = line.word(at) in pack.numbers.ranges["by"]
    by_verb = line.word(at) in pack.connectors.get("moves", ())
    if (led or by_verb) and _leads_on(line, mention, pack):
        return True  # "stieg die Zahl der Toten um 18 auf 203", "fell 34,000 to 444,000"
    if not led:
        return False
    moved = pack.connectors.get("links", frozenset()) | pack.connectors.get("moved", frozenset())
    if line.word(at - 1) in moved:
        return True
    grows = pack.connectors.get("grow", frozenset())  # "to increase spending by $3 billion"
    amount = mention.measured.kind in {Kind.MONEY, Kind.PERCENT, Kind.MEASURE}
    return amount and any(line.word(k) in grows for k in range(max(0, at - _STEP_REACH), at))


def is_put_aside(line: Line, mention: Mention) -> bool:
    """Whether brackets hold by how much it moved, with its sign: "58 cases (+6)"."""
    at = mention.number.first
    signed = line.word(at - 1) == "+" or mention.number.low < 0
    return signed and "(" in line.words[max(0, at - 2) : at + 1]


def _leads_on(line: Line, mention: Mention, pack: Pack) -> bool:
    """Whether the new value follows, behind a while perhaps: "37,000 last week to 412,000"."""
    last = mention.number.last
    for at in range(last, min(len(line) - 1, last + _NEAR)):
        if line.kinds[at] != WORD:
            return False
        if line.words[at] in pack.numbers.ranges["to"]:
            return line.kinds[at + 1] == NUMBER
    return False


def inherit(line: Line, mentions: list[Mention], pack: Pack) -> None:
    """A number without a role of its own shares that of its neighbour."""
    counted = [m for m in mentions if not is_aside(line, m, pack)]
    _point_back(counted)
    _put_right(line, counted, pack)
    for before, mention in pairwise(counted):
        if before.noise or mention.noise or mention.measured.unit == "time":
            continue
        if before.old and not before.role and mention.role:
            before.role, before.trigger = mention.role, mention.trigger
        elif mention.conversion or mention.old:
            mention.role, mention.trigger = mention.role or before.role, before.trigger
        elif _are(line, mention, pack) and before.role:
            _name_part(line, before, mention, pack)
        elif (
            not mention.role
            and (shared := _shared(line, before, mention, pack))
            and not _has_verb(line, mention, pack)
            and (_goes_together(line, before, mention, pack) or _said(line, mention, pack))
        ):
            mention.role, mention.trigger = shared, before.trigger
            start = max(before.last, before.trigger + 1)
            mention.subset |= before.subset or line.words[start : mention.first] == [":"]
    for mention, after in pairwise(reversed(mentions)):
        bare = after.role in ("", SAME) and not after.noise
        if bare and _joined_to(line, after, mention, pack):
            after.role, after.trigger = own_or(mention, after), mention.trigger
        elif (
            not after.noise
            and after.trigger in (-1, mention.trigger)
            and (_is_share_of(line, after, mention, pack))
        ):
            after.role, after.trigger, mention.role = mention.role, mention.trigger, ""
    for mention in mentions:
        _settle(line, mention, pack)
    share_whole(line, counted, pack)
    share_vote(line, counted, pack)
    share_back(line, counted, pack)
    _share_people(line, mentions, pack)
    for mention in mentions:
        losses.name_the_loser(line, mention, pack)


def _put_right(line: Line, mentions: list[Mention], pack: Pack) -> None:
    """As in "the number rescued is not 368 but 164": the one is old, the other of its role."""
    for before, mention in pairwise(mentions):
        denied = line.word(before.first - 1) in pack.connectors.get("not", ())
        put = denied and line.word(mention.first - 1) in pack.connectors.get("but", ())
        if put and 0 < mention.first - before.last <= _PARTITIVE:
            before.old = True
            mention.role, mention.trigger = mention.role or before.role, before.trigger


def _shared(line: Line, before: Mention, mention: Mention, pack: Pack) -> str:
    """The role of `before` for what is counted here: boats are seized, their crew is captured."""
    takes = pack.takes.get(before.role)
    if not before.role or takes is None or accepts(takes, mention):
        return own_or(before, mention)
    word = line.word(before.trigger) if before.trigger >= 0 else ""
    told = (t for t in pack.triggers.get(word) or () if t.left and accepts(t.takes, mention))
    return next((trigger.role for trigger in told), "")


def own_or(told: Mention, mention: Mention) -> str:
    """The role told, or the mention's own noun as in "took 27 rifles and 6,000 shells"."""
    own = told.role == told.noun.head
    return (own and mention.noun.head) or told.role


def _are(line: Line, mention: Mention, pack: Pack) -> bool:
    """As in "16 were militants and at least nine were children"."""
    at = mention.last
    bare = mention.noun.first == mention.noun.last and mention.measured.kind is Kind.COUNT
    told = pack.subject_first and line.word(at) in pack.connectors.get("copula", ())
    return bare and told and line.word(at + 1) in pack.groups


def _name_part(line: Line, before: Mention, mention: Mention, pack: Pack) -> None:
    """Give the part of those before it its noun and their role."""
    at = mention.last + 1
    mention.role, mention.trigger, mention.subset = before.role, before.trigger, True
    mention.group = pack.groups.get(line.words[at]) or ""
    mention.noun = replace(mention.noun, text=line.raw[at], head=line.words[at])


def _has_verb(line: Line, mention: Mention, pack: Pack) -> bool:
    """Whether a verb says something else of it: "five died, and six skiers remain there"."""
    own = pack.connectors.get("passive", frozenset())
    return pack.subject_first and line.word(mention.last) in own


def _point_back(mentions: list[Mention]) -> None:
    """Give what counts the same again the last role of a count before it."""
    told = ""
    for mention in mentions:
        if mention.noise or mention.measured.kind is not Kind.COUNT:
            continue
        if mention.role == SAME:
            mention.role = told or SAME
        told = mention.role if mention.role not in ("", SAME) else told


def _share_people(line: Line, mentions: list[Mention], pack: Pack) -> None:
    """Where the noun is left out, it is the one before: "100 soldiers died, 300 were wounded"."""
    previous: Mention | None = None
    for mention in mentions:
        if mention.noise or mention.measured.kind is not Kind.COUNT:
            continue
        if mention.noun.first == mention.noun.last or mention.noun.head in _left_out(pack):
            if previous is not None and (mention.noun.other or not mention.group):
                mention.group = mention.group or previous.group
                if ";" not in line.words[previous.last : mention.first]:  # another side's clause
                    mention.nations = mention.nations or previous.nations
            elif previous is None:
                _look_left(line, mention, pack)
        previous = mention
    for mention, after in pairwise(mentions):
        if (
            after.group
            and _names_a_nation_only(line, mention, pack)
            and _is_joined(line, mention, after, pack)
        ):
            mention.group = after.group  # "610 Sudanese and 450 Ethiopian soldiers"


def _is_joined(line: Line, mention: Mention, after: Mention, pack: Pack) -> bool:
    between = line.words[mention.last : after.first]
    return len(between) == 1 and between[0] in pack.connectors.get("joining", ())


def _names_a_nation_only(line: Line, mention: Mention, pack: Pack) -> bool:
    found = pack.nations.at(line.words, mention.noun.first) if mention.nations else None
    return found is not None and mention.noun.first + found[0] == mention.noun.last


def _left_out(pack: Pack) -> frozenset[str]:
    return pack.connectors.get("other", frozenset())


def _look_left(line: Line, mention: Mention, pack: Pack) -> None:
    """Group and nation named before the number: "Ukrainian forces …, with thousands dead"."""
    for at in range(mention.first - 1, max(-1, mention.first - tolls.REACH), -1):
        if line.words[at] in (".", ";", ":"):
            return
        phrase = pack.nations.at(line.words, at) if line.capital(at) else None
        group = pack.groups.get(line.words[at])
        if line.word(at + 1) in pack.claimants.get("verbs", ()):
            group = None  # "Police put the dead at 12"
        if phrase is not None and line.word(at + phrase[0]) in pack.groups:
            mention.nations = (phrase[1],)
            return
        if group and 0 <= mention.trigger <= at + 3 and not _acts(line, at, mention, pack):
            mention.group = mention.group or group


def _acts(line: Line, at: int, mention: Mention, pack: Pack) -> bool:
    """Whether the word is the doer: "Police arrested 131", unlike "deaths of police rose to 12"."""
    links = pack.connectors.get("links", frozenset())
    between = line.words[mention.trigger : mention.first]
    return at < mention.trigger < mention.first and not any(word in links for word in between)


def _said(line: Line, mention: Mention, pack: Pack) -> bool:
    """A bare number that another claimant sets against the one before: "police said 80,000"."""
    at = mention.first - 1
    if line.word(at) in pack.claimants.get("puts_at", ()):  # "…, organisers at 8,000"
        return line.word(at - 1) in pack.claimants.get("people", ()) and _is_bare(line, mention)
    at -= line.word(at) in pack.numbers.of  # "the mayor spoke of 12"
    verb = any(line.word(at) in pack.claimants.get(name, ()) for name in ("verbs", "insists"))
    return verb and _is_bare(line, mention)


def _is_bare(line: Line, mention: Mention) -> bool:
    """Whether nothing follows the number in its clause."""
    ended = mention.last >= len(line) or line.kinds[mention.last] == MARK
    return ended and mention.noun.first == mention.noun.last


def _settle(line: Line, mention: Mention, pack: Pack) -> None:
    """Last words: critical patients; "one" that is only a story's hero; soldiers are captured."""
    if mention.noise:
        return
    name_the_side(line, mention, pack)
    for at in range(mention.last, min(len(line), mention.last + 5)):
        told = mention.role not in ("", mention.noun.head)
        found = None if told else pack.late.at(line.words, at)
        if found is not None:
            mention.role, mention.trigger = found[1], at
    losses.as_soldiers(mention)
    if _is_at_work(mention):
        mention.role = "deployed"  # whatever they do: "are trying to save the town"
    if mention.role == "trapped" and "grave" in pack.cues:
        laid = pack.cues["grave"].search(" ".join(line.words)) is not None
        mention.role = "buried" if laid else mention.role
    number = mention.number
    if number.low == number.high == 1 and not number.digits and not mention.measured.unit:
        near = number.first - _NEAR <= mention.trigger <= mention.last + _FATE
        if mention.role not in _VICTIMS or not near:
            mention.noise, mention.role = "one", ""


def _is_at_work(mention: Mention) -> bool:
    """Whether rescuers do what no role knows, or soldiers are there: "20,000 troops are in Ahr"."""
    if mention.group == "rescuers":
        return mention.role not in KINDS and mention.role not in ("", SAME)
    return mention.group == "military" and mention.role == mention.noun.head


def _joined_to(line: Line, mention: Mention, after: Mention, pack: Pack) -> bool:
    """As in "Twelve soldiers and three civilians were killed": the verb is behind the second."""
    if not after.role or after.noise or after.trigger < after.last or after.old:
        return False
    between = line.words[mention.last : after.first]
    joining = pack.connectors.get("joining", frozenset())
    if line.word(mention.first - 1) in pack.connectors.get("having", ()):
        return False  # "an inn with 145 rooms, 23 guests were freed"
    return (
        len(between) == 1
        and between[0] in joining | {","}
        and (mention.measured.kind is after.measured.kind)
    )


def _is_share_of(line: Line, part: Mention, whole: Mention, pack: Pack) -> bool:
    """As in "11 of the 29 bridges are open": the verb tells of the part."""
    between = line.words[part.last : whole.first]
    if not between or between[0] not in pack.numbers.of or len(between) > _PARTITIVE:
        return False
    behind = whole.role not in ("", SAME) and whole.trigger >= whole.last
    behind |= kind_of(whole.role).named  # "won 37 of the 125 seats"
    return behind and part.measured.kind is whole.measured.kind


def _goes_together(line: Line, before: Mention, mention: Mention, pack: Pack) -> bool:  # noqa: PLR0911 - a case a line
    """As in "killed 12 soldiers and 3 civilians", "12 dead, including 3 children"."""
    start = max(before.last, before.trigger + 1)
    joined = line.words[start : mention.first]
    known = pack.takes.get(before.role)  # "burned 500 acres and 46 homes"
    listed = known is not None and len(joined) == 1 and before.trigger < before.first
    listed = listed and not accepts(known or frozenset(), mention)
    if before.measured.kind is not mention.measured.kind and not listed:
        return False
    if mention.first - start > _BETWEEN or start > mention.first:
        return False
    between = line.words[start : mention.first]
    joining = pack.connectors.get("joining", frozenset()) | pack.connectors.get("include", set())
    low, high = before.number.low, before.number.high
    # A colon leads to parts, as in "21 died: 19 of them children", or to a finer value.
    parts = between[-1:] in ([":"], ["("]) and (
        mention.number.high < low or low < mention.number.low <= _FINER * high
    )
    if between == [";"] and mention.noun.first == mention.noun.last and mention.last < len(line):
        return line.word(mention.last) in pack.connectors.get("place_of", ())  # "; 90 in Ahr"
    if not parts and not any(word == "," or word in joining for word in between):
        return False
    lengths = before.measured.kind is mention.measured.kind is Kind.MEASURE
    if lengths and not before.classes & mention.classes:
        return False  # "1,800 square miles, and its edge was 16 miles from here"
    verbs = pack.grammar.get("verbs", frozenset())
    if any(w in verbs or w in pack.triggers or w in ENDS for w in between) and not parts:
        return False
    places = pack.connectors.get("places", frozenset()) - pack.connectors.get("include", set())
    if between[-1:] and between[-1] in places:
        return False  # "38 died, most of them in two landslides"
    # "cancelled 420 flights and delayed 1,300"
    return not pack.ends(line.word(mention.first - 1), "past")
