"""What an article is about gives a role to numbers of which their sentence says nothing.

"310 acres" in a report of a fire have burned; "Ortega 51.2%" in one of an election is a share.
"""

from collections.abc import Iterable
from dataclasses import replace

from monitor.figures import notes
from monitor.figures.kinds import KINDS
from monitor.figures.mention import Mention
from monitor.figures.packs import Pack
from monitor.figures.sides import is_side, name_the_side
from monitor.figures.tokens import MARK, Line, plain
from monitor.figures.triggers import SAME, by_trigger
from monitor.model import Kind, Series

_FIRE = "wildfire"
_SEARCH = "search"
_BALLOT = "ballot"
_DISEASE = "disease"
_POWER = "power"
_TOLD = {  # by the figures of an event
    "burned": _FIRE,
    "contained": _FIRE,
    "votes": _BALLOT,
    "infected": _DISEASE,
    "suspected_cases": _DISEASE,
    "without_power": _POWER,
}
_HELD = "controlled"  # land, in war
_CUT_OFF = frozenset({"affected", "without_service"})
_AREAS = ((_FIRE, "burned"), (_SEARCH, "searched"))
_LAND = frozenset({"acre", "ha", "km2", "mi2", "nmi2"})
_CASES = frozenset({"case", "person"})
_PREMISES = frozenset({"customers", "homes"})  # groups
_SEEKERS = frozenset({"ships", "aircraft", "countries"})  # groups


def named(head: str, pack: Pack) -> frozenset[str]:
    """The topics that the head of an article names."""
    text = plain(head)
    topics = (_FIRE, _SEARCH, _BALLOT, _DISEASE, _POWER)
    return frozenset(t for t in topics if t in pack.cues and pack.cues[t].search(text))


def followed(series: Iterable[Series]) -> frozenset[str]:
    """The topics of an event that tells such figures, whatever a post of it says of them."""
    return frozenset(_TOLD[each.role] for each in series if each.role in _TOLD)


def completed(line: Line, mention: Mention, about: frozenset[str], pack: Pack) -> Mention:
    """The mention, or one with the role that the topic gives it."""
    if not about or mention.noise or mention.step:
        return mention
    if _FIRE in about and mention.role == _HELD:  # "130 ha, 0% under control"
        percent = mention.measured.kind is Kind.PERCENT
        return replace(mention, role="contained" if percent else "burned")
    opens = bool(mention.label) or mention.first == 1
    summed = mention.role == SAME and _DISEASE in about and opens  # "Total 36 (+7)"
    if mention.role and not summed:
        if _POWER in about and mention.role in _CUT_OFF and mention.group in _PREMISES:
            return replace(mention, role="without_power")
        opened = mention.role not in KINDS and mention.noun.head and mention.group != "countries"
        loose = mention.role == "deployed" or opened
        sought = loose and _SEARCH in about and _FIRE not in about
        return replace(mention, role="searching") if sought and _seeks(mention) else mention
    role = _role(line, mention, about, pack)
    if not role:
        return mention
    told = replace(mention, role=role, trigger=mention.number.first)
    name_the_side(line, told, pack)
    return told


def _role(line: Line, mention: Mention, about: frozenset[str], pack: Pack) -> str:
    if _SEARCH in about and _seeks(mention) and mention.group != "countries":
        return "searching"
    if _FIRE in about and (role := _of_fire(line, mention, pack)):
        return role
    if mention.noun.first < mention.noun.last or mention.measured.hyphened:
        return ""
    if _DISEASE in about and mention.measured.kind is Kind.COUNT:
        return _of_cases(line, mention, pack)
    if mention.measured.unit in _LAND:
        return next((role for topic, role in _AREAS if topic in about), "")
    share = mention.measured.kind is Kind.PERCENT and _BALLOT in about
    return "share" if share and is_side(line, mention, pack) else ""


def _of_fire(line: Line, mention: Mention, pack: Pack) -> str:
    """Who is at work there, as in "down to 5,800 personnel"; a bare share is contained."""
    if mention.noun.head in pack.connectors.get("crews", ()):
        return "deployed"
    bare = mention.noun.first == mention.noun.last and not mention.measured.hyphened
    share = mention.measured.kind is Kind.PERCENT and _is_alone(line, mention)
    return "contained" if bare and share else ""


def _seeks(mention: Mention) -> bool:
    return mention.group in _SEEKERS and mention.measured.kind is Kind.COUNT


def _of_cases(line: Line, mention: Mention, pack: Pack) -> str:
    """The role that says of which cases: "Laboratory-confirmed: 251", "46 positive", "Total 36"."""
    cases, at = replace(mention, noun=replace(mention.noun, classes=_CASES)), mention.last
    if mention.label and (told := notes.by_label(line, cases, pack)):
        return told.role
    if at < len(line) and (role := by_trigger(line, at, cases, pack)):
        return role
    whole = pack.connectors.get("whole", frozenset())
    label = mention.label or range(mention.first - 1, mention.first)
    said = [*line.words[label.start : label.stop], line.word(at)]
    return "infected" if any(word in whole for word in said) else ""


def _is_alone(line: Line, mention: Mention) -> bool:
    """Whether the number is a part of a list by itself: "640 ac, 0%"."""
    at, end = mention.first - 1, mention.last
    parted = at < 0 or line.kinds[at] == MARK
    return parted and line.kinds[end : end + 1] in ([], [MARK])
