"""What an article is about gives a role to numbers of which their sentence says nothing.

"310 acres" in a report of a fire have burned; "Ortega 51.2%" in one of an election is a share.
"""

from dataclasses import replace

from monitor.figures.mention import Mention
from monitor.figures.packs import Pack
from monitor.figures.sides import is_side, name_the_side
from monitor.figures.tokens import Line, plain
from monitor.figures.units import AREA
from monitor.model import Kind

_AREAS = (("fire", "burned"), ("search", "searched"))
_BALLOT = "ballot"
_SEARCH = "search"
_SEEKERS = frozenset({"ships", "aircraft"})  # groups


def named(head: str, pack: Pack) -> frozenset[str]:
    """The topics that the head of an article names."""
    text = plain(head)
    topics = (*(topic for topic, _ in _AREAS), _BALLOT)
    return frozenset(t for t in topics if t in pack.cues and pack.cues[t].search(text))


def completed(line: Line, mention: Mention, about: frozenset[str], pack: Pack) -> Mention:
    """The mention, or one with the role that the topic gives it."""
    if not about or mention.role or mention.noise or mention.step:
        return mention
    role = _role(line, mention, about, pack)
    if not role:
        return mention
    told = replace(mention, role=role, trigger=mention.number.first)
    name_the_side(line, told, pack)
    return told


def _role(line: Line, mention: Mention, about: frozenset[str], pack: Pack) -> str:
    if _SEARCH in about and mention.group in _SEEKERS:
        return "searching"
    if mention.noun.first < mention.noun.last or mention.measured.hyphened:
        return ""
    if mention.measured.unit in AREA:
        return next((role for topic, role in _AREAS if topic in about), "")
    share = mention.measured.kind is Kind.PERCENT and _BALLOT in about
    return "share" if share and is_side(line, mention, pack) else ""
