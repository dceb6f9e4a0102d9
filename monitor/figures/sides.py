"""Who won the votes, seats and shares: "Holm had 39.5%", "the No side took 55.3%, Yes 44.7"."""

from dataclasses import replace
from itertools import pairwise

from monitor.figures.kinds import kind_of
from monitor.figures.mention import Mention
from monitor.figures.noise import is_division
from monitor.figures.packs import Pack
from monitor.figures.tokens import MARK, NUMBER, WORD, Line, plain
from monitor.model import Kind

_NEAR = 4  # tokens
_VOTES = 100  # fewer are no count of a vote


def name_the_side(line: Line, mention: Mention, pack: Pack) -> None:
    """For votes, seats and shares the noun is who won them: "Maria Holm had 39.5%"."""
    won = pack.connectors.get("won", frozenset())
    before = next(
        (k for k in range(mention.first - 1, mention.first - 4, -1) if line.word(k) in won), -1
    )
    if (
        before > 0
        and mention.measured.kind is Kind.PERCENT
        and _has_no_side(line, before, mention, pack)
    ):
        mention.role, mention.trigger = "share", before
    if not mention.role:
        _read_ballot(line, mention, pack)
    if mention.role not in ("share", "votes", "seats"):
        return
    last = before if before > 0 else mention.first
    first, end = _side_behind(line, mention, pack)
    against = first == end and _is_against(line, mention, pack)
    if first == end:
        first, end = _side_before(line, last, pack)
    if against:
        _name_the_other(mention, line.word(end - 1), pack)
        return
    if first < end:
        text = line.text[line.starts[first] : line.ends[end - 1]]
        mention.noun = replace(mention.noun, text=text, head=line.words[end - 1])
        if line.words[end - 1] in pack.connectors.get("sides", ()):
            mention.group = plain(text)


def _has_no_side(line: Line, won: int, mention: Mention, pack: Pack) -> bool:
    """Also where a share counted stands near: "With 82 percent counted, Holm had 51 percent"."""
    verb = line.word(won) not in pack.connectors.get("places", ())
    return not mention.role or (mention.role == "counted" and verb)


def _side_before(line: Line, last: int, pack: Pack) -> tuple[int, int]:
    """The tokens of the name, or of the common noun of a side, that stands next before `last`."""
    for at in range(last - 1, max(-1, last - 8), -1):
        if line.kinds[at] == MARK and line.words[at] in ".;:":
            break
        side = line.words[at] in pack.connectors.get("sides", ())
        if side or _is_named(line, at, pack):
            first = at - (side and _is_adjective(line, at - 1, pack))
            while first > 0 and _is_named(line, first - 1, pack):
                first -= 1
            return first, at + 1
    return last, last


def _side_behind(line: Line, mention: Mention, pack: Pack) -> tuple[int, int]:
    """Whom the share is said to be for: "39.5% for Maria Holm", "47% for the incumbent"."""
    at = mention.measured.last
    if _is_ballot(line, at, pack):
        return at, at + 1  # "54% No to 46% Yes"
    at = mention.last
    if line.word(at) not in pack.connectors.get("votes_for", ()):
        return at, at
    at += 1 + (line.word(at + 1) in pack.connectors.get("determiners", ()))
    end = at
    while end < len(line) and _is_named(line, end, pack):
        end += 1
    return at, end + (line.word(end) in pack.connectors.get("sides", ()))


def is_side(line: Line, mention: Mention, pack: Pack) -> bool:
    """Whether a name alone leads the number, without its sign: "Ortega 51.2%, Silva 47.0%"."""
    label = mention.label
    signed = line.words[mention.number.first - 1] == "+" or mention.number.low < 0
    return bool(label) and not signed and all(_is_named(line, at, pack) for at in label)


def _read_ballot(line: Line, mention: Mention, pack: Pack) -> None:
    """A share or votes, by the answer at the number: "54% No to 46% Yes", "No 2,001,926"."""
    at = mention.first - 1
    at -= line.word(at) in pack.connectors.get("for_answer", ())  # "voted Yes by 53.5%"
    told = _is_ballot(line, at, pack)
    kind = mention.measured.kind
    if kind is Kind.PERCENT and (told or _is_ballot(line, mention.measured.last, pack)):
        mention.role, mention.trigger = "share", at
        return
    many = told and not mention.noun.head and mention.number.low >= _VOTES
    if kind is Kind.COUNT and (many or is_division(line, mention.number, pack)):
        mention.role, mention.trigger = "votes", at


def _name_the_other(mention: Mention, side: str, pack: Pack) -> None:
    """Name the other answer, where there are two: "the No side won by 55.3% to 44.7%"."""
    pairs = (pair.split("/") for pair in pack.connectors.get("ballot", ()))
    for first, second in pairs:
        other = {first: second, second: first}.get(side, "")
        if other:
            mention.noun = replace(mention.noun, text=other.capitalize(), head=other)


def _is_ballot(line: Line, at: int, pack: Pack) -> bool:
    pairs = pack.connectors.get("ballot", ())
    return line.capital(at) and any(line.words[at] in pair.split("/") for pair in pairs)


def _is_adjective(line: Line, at: int, pack: Pack) -> bool:
    """Whether a plain word tells which side: "the ruling party"."""
    stops = pack.grammar.get("stops", frozenset())
    return line.word(at).isalpha() and line.words[at] not in stops and not line.capital(at)


def _is_against(line: Line, mention: Mention, pack: Pack) -> bool:
    """Whether it is the other side's: "won by 55.3% to 44.7%"."""
    at = mention.first - 1
    return (
        line.word(at) in pack.connectors.get("against", ())
        and at > 0
        and (line.kinds[at - 1] == NUMBER or pack.units.before(line.words, at) is not None)
    )


def _is_named(line: Line, at: int, pack: Pack) -> bool:
    if line.kinds[at] != WORD or not line.capital(at) or line.words[at] in pack.weekdays:
        return False
    numbered = line.kinds[at + 1 : at + 2] == [NUMBER]
    ballot = (at > 0 or numbered) and _is_ballot(line, at, pack)  # "the No side"
    return ballot or line.words[at] not in pack.claimants.get("not_names", ())


def share_vote(line: Line, mentions: list[Mention], pack: Pack) -> None:
    """Give a side and its number alone what was said of the one before."""
    for before, mention in pairwise(mentions):
        if _is_other_side(line, before, mention, pack):
            mention.role, mention.trigger = before.role, before.trigger
            kind, unit = before.measured.kind, before.measured.unit
            mention.measured = replace(mention.measured, kind=kind, unit=unit)
            name_the_side(line, mention, pack)
        elif kind_of(before.role).named and not mention.role and _is_against(line, mention, pack):
            mention.role, mention.trigger = before.role, before.trigger
            _name_the_other(mention, before.noun.head, pack)


def _is_other_side(line: Line, before: Mention, mention: Mention, pack: Pack) -> bool:
    """As in "the No side took 55.3 per cent, Yes 44.7": a name and its number alone."""
    if not kind_of(before.role).named or mention.role or mention.noun.head:
        return False
    between = line.words[before.last : mention.first]
    named = all(_is_named(line, at, pack) for at in range(before.last + 1, mention.first))
    joined = pack.connectors.get("joining", frozenset()) | {","}
    return 1 < len(between) <= _NEAR and between[0] in joined and named
