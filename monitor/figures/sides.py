"""Who won the votes, seats and shares: "Holm had 39.5%", "the No side took 55.3%, Yes 44.7"."""

from dataclasses import replace
from itertools import pairwise

from monitor.figures.kinds import kind_of
from monitor.figures.mention import Mention
from monitor.figures.noise import is_division
from monitor.figures.packs import Pack
from monitor.figures.tokens import MARK, NUMBER, WORD, Line, plain
from monitor.model import Kind

_NEAR = 5  # tokens
_CLAUSE = 10  # tokens
_QUOTES = frozenset("\"“”‘’'")
_VOTES = 100  # fewer are no count of a vote
_UNTOLD = frozenset({"", "turnout", "counted"})  # by a word that may stand for another share
_SAME = frozenset({",", "or", "("})  # between votes and what share of all they are
_WHOLE = (97, 101)  # per cent, rounded


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
    points = line.words[mention.measured.last - 1] == "points"  # "ahead by 31 points"
    share = mention.measured.kind is Kind.PERCENT and not mention.role and not points
    if share and _is_given(line, mention, pack):
        mention.role, mention.trigger, before = "share", mention.number.first, -1
    if share and not mention.role and _is_moved(line, mention, pack):
        mention.role, mention.trigger = "share", mention.number.first
    if not mention.role or (mention.role in _UNTOLD and _chosen(line, mention, pack)):
        _read_ballot(line, mention, pack)
    if mention.role not in ("share", "votes", "seats") or _name_rejection(line, mention, pack):
        return
    last = before if before > 0 else mention.first
    first, end = _side_behind(line, mention, pack)
    against = first == end and _is_against(line, mention, pack)
    if first == end and is_side(line, mention, pack) and line.words[mention.label.stop] == ":":
        first, end = mention.label.start, mention.label.stop  # "Yes: 598,210 votes"
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


def _name_rejection(line: Line, mention: Mention, pack: Pack) -> bool:
    """Name the answers in "rejected the treaty by 55.3 percent to 44.7"; whether they are told."""
    rejecting = pack.connectors.get("rejecting", frozenset())
    clause = line.words[max(0, mention.first - _CLAUSE) : mention.first]
    by = any(word in pack.numbers.ranges["by"] for word in clause)
    told = by and mention.measured.kind is Kind.PERCENT and not rejecting.isdisjoint(clause)
    for answer in pack.connectors.get("rejection", ()) if told else ():
        mention.step = False  # the other share is none that it rose to
        mention.noun = replace(mention.noun, text=answer.capitalize(), head=answer)
        if _is_against(line, mention, pack):
            _name_the_other(mention, answer, pack)
    return told


def _is_given(line: Line, mention: Mention, pack: Pack) -> bool:
    """Whether a poll gives it to a name: "Opinium gave 'Leave' 45 percent"."""
    at = mention.first - 1
    at -= line.word(at) in _QUOTES
    first = at
    while first > 0 and _is_named(line, first, pack):
        first -= 1
    first -= line.word(first) in _QUOTES and first < at
    return first < at and line.word(first) in pack.connectors.get("giving", ())


def _is_moved(line: Line, mention: Mention, pack: Pack) -> bool:
    """Whether a side rose or fell to it: "the governing party slumped to 28 percent"."""
    first, end = _side_before(line, mention.first, pack)
    side = line.word(end - 1)
    named = first < end and (side in pack.connectors.get("sides", ()) or _is_answer(side, pack))
    moves = pack.connectors.get("moves", frozenset()) | pack.connectors.get("reaches", frozenset())
    return named and any(word in moves for word in line.words[end : mention.first])


def _has_no_side(line: Line, won: int, mention: Mention, pack: Pack) -> bool:
    """Also where a share counted stands near: "With 82 percent counted, Holm had 51 percent"."""
    verb = line.word(won) not in pack.connectors.get("places", ())
    return not mention.role or (mention.role == "counted" and verb)


def _side_before(line: Line, last: int, pack: Pack) -> tuple[int, int]:
    """The tokens of the name, or of the common noun of a side, that stands next before `last`."""
    voting = pack.connectors.get("voting", frozenset())
    for at in range(last - 1, max(1, last - 8), -1):
        led = line.kinds[at - 1] == WORD and line.words[at - 2] in voting
        if led and _is_answer(line.words[at], pack):
            return at, at + 1  # "votes to leave the union by"
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
    if answer := _chosen(line, mention, pack):
        return answer, answer + 1
    at = mention.last
    if line.word(at) not in pack.connectors.get("votes_for", ()):
        return at, at
    at += 1 + (line.word(at + 1) in pack.connectors.get("determiners", ()))
    end = at
    while end < len(line) and _is_named(line, end, pack):
        end += 1
    return at, end + (line.word(end) in pack.connectors.get("sides", ()))


def _chosen(line: Line, mention: Mention, pack: Pack) -> int:
    """The answer in "51.9% chose to leave"; or 0."""
    at = mention.measured.last
    chose = line.word(at) in pack.connectors.get("choosing", ())
    return at + 2 if chose and _is_answer(line.word(at + 2), pack) else 0


def share_whole(line: Line, mentions: list[Mention], pack: Pack) -> None:
    """Give names with numbers that make a whole their shares and votes.

    "OSHIN 53.0% (102,310) | VARGA 47.0% (90,728)", "won by 52% to 48%".
    """
    shares = [m for m in mentions if m.role in _UNTOLD and m.measured.kind is Kind.PERCENT]
    told = [m for m in shares if _of_side(line, m, mentions, pack)]
    if len(told) > 1 and _WHOLE[0] <= sum(m.number.low for m in told) <= _WHOLE[1]:
        for mention in told:
            mention.role, mention.trigger = "share", mention.number.first
            name_the_side(line, mention, pack)
            if mention.label and not mention.noun.head:  # "For 61.4%"
                side = line.raw[mention.label.start]
                mention.noun = replace(mention.noun, text=side, head=plain(side))
    for before, mention in pairwise(mentions):
        both = (before, mention)
        between = set(line.words[before.last : mention.first])
        if (
            before.role == "votes"
            and between <= _SAME
            and mention.role in _UNTOLD
            and (mention.measured.kind is Kind.PERCENT)
        ):
            mention.anaphoric = False
            mention.role, mention.trigger, mention.noun = "share", before.trigger, before.noun
        if not _is_in_brackets(line, before, mention):
            continue
        counts = [m for m in both if m.measured.kind is Kind.COUNT and not m.role]
        if counts and any(m.role == "share" for m in both) and counts[0].number.low >= _VOTES:
            named = before if before.role == "share" else mention
            counts[0].role, counts[0].trigger = "votes", before.number.first
            noun = counts[0].noun if before is counts[0] else named.noun
            counts[0].noun = noun
            if before is counts[0]:
                name_the_side(line, before, pack)
                mention.noun = before.noun


def _of_side(line: Line, mention: Mention, mentions: list[Mention], pack: Pack) -> bool:
    """Whether a name leads the share, or the count before its brackets."""
    at = mentions.index(mention)
    counted = at > 0 and _is_in_brackets(line, mentions[at - 1], mention)
    return is_side(line, mentions[at - 1] if counted else mention, pack)


def _is_in_brackets(line: Line, before: Mention, mention: Mention) -> bool:
    opened = line.word(mention.first - 1) == "(" and before.last == mention.first - 1
    return opened and line.word(mention.last) == ")"


def is_side(line: Line, mention: Mention, pack: Pack) -> bool:
    """Whether a name alone leads the number, without its sign: "Ortega 51.2%, Silva 47.0%"."""
    label = mention.label
    signed = line.words[mention.number.first - 1] == "+" or mention.number.low < 0
    answer = len(label) == 1 and line.words[label.start] in pack.connectors.get("stands", ())
    named = answer or all(_is_named(line, at, pack) for at in label)
    return bool(label) and not signed and named


def _read_ballot(line: Line, mention: Mention, pack: Pack) -> None:
    """A share or votes, by the answer at the number: "54% No to 46% Yes", "No 2,001,926"."""
    at = mention.first - 1
    at -= line.word(at) in pack.connectors.get("for_answer", ())  # "voted Yes by 53.5%"
    told = _is_ballot(line, at, pack)
    kind = mention.measured.kind
    told = told or _chosen(line, mention, pack) > 0
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
    return line.capital(at) and _is_answer(line.words[at], pack)


def _is_answer(word: str, pack: Pack) -> bool:
    return any(word in pair.split("/") for pair in pack.connectors.get("ballot", ()))


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
    places = pack.connectors.get("places", frozenset())
    acts = line.word(at + 1) in pack.connectors.get("won", frozenset()) - places
    acts |= line.word(at + 1) in pack.connectors.get("reaches", ())  # "No has 54", "No stood at 54"
    ballot = (at > 0 or numbered or acts) and _is_ballot(line, at, pack)  # "the No side"
    return ballot or line.words[at] not in pack.claimants.get("not_names", ())


def share_vote(line: Line, mentions: list[Mention], pack: Pack) -> None:
    """Give a side and its number alone what was said of the one before."""
    for before, mention in pairwise(m for m in mentions if not m.old):
        if _is_split(line, before, mention, pack):
            before.role, before.trigger, mention.role = "share", before.number.first, ""
            name_the_side(line, before, pack)
        if _is_other_side(line, before, mention, pack):
            mention.role, mention.trigger = before.role, before.trigger
            kind, unit = before.measured.kind, before.measured.unit
            mention.measured = replace(mention.measured, kind=kind, unit=unit)
            name_the_side(line, mention, pack)
        elif kind_of(before.role).named and not mention.role and _is_against(line, mention, pack):
            mention.role, mention.trigger = before.role, before.trigger
            name_the_side(line, mention, pack)


def share_back(line: Line, mentions: list[Mention], pack: Pack) -> None:
    """Give names and numbers what the last of them tells: "Con 318, Lab 262, LD 13 seats"."""
    for mention, after in pairwise(reversed(mentions)):
        bare = not after.role and not after.noise and after.label and not after.measured.unit
        if bare and kind_of(mention.role).named and is_side(line, after, pack):
            after.role, after.trigger = mention.role, mention.trigger
            name_the_side(line, after, pack)


def _behind_old(line: Line, last: int, first: int, pack: Pack) -> int:
    """Behind what was there before: ", down from 57.2 an hour ago, and Yes"; else `last`."""
    opening = pack.numbers.ranges["from"]
    if not any(word in opening for word in line.words[last:first]):
        return last
    comma = next((k for k in range(first - 1, last, -1) if line.words[k] == ","), last)
    joined = line.word(comma + 1) in pack.connectors.get("joining", ())
    return comma + joined


def _is_split(line: Line, before: Mention, mention: Mention, pack: Pack) -> bool:
    """As in "voted to leave by 52% to 48%": two shares of the whole."""
    both = (before, mention)
    shares = all(m.measured.kind is Kind.PERCENT and m.role in _UNTOLD for m in both)
    led = line.word(before.first - 1) not in pack.numbers.ranges["from"]
    whole = _WHOLE[0] <= before.number.low + mention.number.low <= _WHOLE[1]
    return shares and led and whole and _is_against(line, mention, pack)


def _is_other_side(line: Line, before: Mention, mention: Mention, pack: Pack) -> bool:
    """As in "the No side took 55.3 per cent, Yes 44.7": a name and its number alone."""
    if not kind_of(before.role).named or mention.role or mention.noun.head:
        return False
    last = _behind_old(line, before.last, mention.first, pack)
    between = line.words[last : mention.first]
    inside = range(last + 1, mention.first)
    named = all(_is_named(line, at, pack) or line.words[at] in _QUOTES for at in inside)
    joined = pack.connectors.get("joining", frozenset()) | {","}
    return 1 < len(between) <= _NEAR and between[0] in joined and named
