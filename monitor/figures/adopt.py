"""What a reading takes from its article and its event before its series is sought.

An article says once what it counts, and where: "police said 18,000 marched in Ahr, organisers
spoke of 45,000"; an event goes on with other words for the same things.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from monitor.figures import earlier, labels, parties, weigh
from monitor.figures.convert import measure, stated
from monitor.figures.kinds import ANSWER, KINDS, kin_of, kind_of
from monitor.figures.match import (
    CLOSE,
    NEARBY,
    OBJECTS,
    is_near,
    size,
    thing,
    thing_as,
    untracked,
)
from monitor.figures.tokens import NEXT
from monitor.model import Counting, Kind, Reading, Series

_AMOUNTS = frozenset({"area", "mass", "volume"})  # dimensions
_PREMISES = frozenset({"homes", "customers"})  # groups
_AFFECTED = "affected"
_CASES = "infected"  # "five of the cases" are named by their noun
# Who takes part is counted once in an event, whatever they do: "40 ships combed the sea".
_ENGAGED = frozenset({"ships", "aircraft", "vehicles", "teams", "rescuers", "military"})
_JOINING = (Decimal("0.5"), Decimal(10))  # a search soon has many more ships
_FALLING = (Decimal("0.02"), NEARBY[1])  # the last of those missing are few


def complete(readings: Sequence[Reading], series: Sequence[Series]) -> list[Reading]:
    """The readings, each with what it leaves unsaid: role, people, place."""
    answered = earlier.marked(_wholes(_answers(readings, series)))
    return _placed(_adopted(answered, series))


# -- what the claimant says of it -----------------------------------------------------------------


def _answers(readings: Sequence[Reading], series: Sequence[Series]) -> list[Reading]:
    """The readings; a bare number of a party counts what the one it answers to counts.

    That is the one just told, or its own of an article before: "police stuck to 18,000".
    """
    found: list[Reading] = []
    last: Reading | None = None
    for reading in readings:
        answered = _bare(reading) and (
            last if last and _answers_to(reading, last) else _restated(reading, series)
        )
        found.append(_counting_the_same(reading, answered) if answered else reading)
        last = found[-1] if found[-1].role else last
    return found


def _bare(reading: Reading) -> bool:
    bare = not (reading.role or reading.noun or reading.noise)
    counted = reading.kind in {Kind.COUNT, Kind.MEASURE}
    return bare and counted and bool(parties.party(reading.claimant))


def _answers_to(reading: Reading, last: Reading) -> bool:
    if reading.unit != last.unit or not parties.party(last.claimant):
        return False
    near = reading.quote_start - last.quote_end <= NEXT
    other = not parties.same_party(last.claimant, reading.claimant)
    return near and other and stated(last).gap(stated(reading)) <= ANSWER


def _restated(reading: Reading, series: Sequence[Series]) -> Reading | None:
    """The same party's same value in the one series that has it."""
    told = [
        track.latest.reading
        for each in series
        if not each.subset
        for track in each.tracks
        if parties.same_party(track.claimant, reading.claimant)
        and (track.latest.reading.low, track.latest.reading.high, track.latest.reading.unit)
        == (reading.low, reading.high, reading.unit)
    ]
    return told[0] if len(told) == 1 else None


def _counting_the_same(reading: Reading, other: Reading) -> Reading:
    return replace(
        reading,
        role=other.role,
        noun=other.noun,
        group=other.group,
        nations=other.nations,
        subset=other.subset,
        scope=reading.scope or other.scope,
    )


def _wholes(readings: Sequence[Reading]) -> list[Reading]:
    """The readings; a part of those told otherwise is all of its own figure.

    "Fourteen of them are back in custody" after "67 escaped", unlike "14 of them died" after "67
    died".
    """
    found: list[Reading] = []
    last = ""
    for reading in readings:
        part, kind = reading.subset not in {"", *labels.PARTS}, kind_of(reading.role)
        own = kind.people and not kind.tolls and reading.role not in {last, reading.subset}
        if part and own and reading.subset != reading.group and reading.role != _CASES:
            found.append(replace(reading, subset=""))
        else:
            found.append(reading)
        last = last if reading.noise else reading.role or last
    return found


# -- what the event counts ------------------------------------------------------------------------


def _adopted(readings: Sequence[Reading], series: Sequence[Series]) -> list[Reading]:
    """The readings; what no role knows belongs to the one figure of the same things.

    "27 schools now", "the number of schools" after "19 schools were closed"; "30 beaches were
    fouled" after "15 beaches were polluted". Only what is headed, moves or repeats the value does,
    and another verb of unknown meaning only as one higher value.
    """
    known: dict[str, list[Series]] = {}
    for each in series:
        if each.kind is Kind.COUNT and not (each.subset or each.running):
            known.setdefault(each.thing or _nameless(each), []).append(each)
    things = ["" if reading.noise else _bare_thing(reading) for reading in readings]
    values: dict[str, set[Decimal]] = {}
    for reading, counted in zip(readings, things, strict=True):
        values.setdefault(counted, set()).add(reading.low)
    premises = [each for each in series if kind_of(each.role).premises and not each.subset]
    found = []
    for reading, named in zip(readings, things, strict=True):
        if reading.noise:
            found.append(reading)
            continue
        if len(premises) == 1 and _is_of_premises(reading, premises[0]):
            found.append(replace(reading, role=premises[0].role))
            continue
        counted = "" if reading.subset else named
        alone = len(values.get(counted, ())) == 1
        same = known.get(counted, [])
        told = [each for each in same if _may_be(reading, counted, each, alone=alone)]
        told = [] if any(each.role == reading.role for each in same) else told
        taken = len(told) == 1
        role = told[0].role if taken else _role_of_kin(reading, readings, series)
        role = _role_of_measure(reading, series) or _role_of_word(reading, series) or role
        found.append(reading if role == reading.role else replace(reading, role=role))
    return found


def _is_of_premises(reading: Reading, series: Series) -> bool:
    """Whether homes are said to be in the state that the event tells of: "9,000 still waiting"."""
    head = labels.head(reading.noun)
    homes = reading.group in _PREMISES
    said = reading.role not in {"", "waiting"} and labels.singular(reading.role) != head
    if not homes or said or reading.noise or reading.subset or reading.kind is not Kind.COUNT:
        return False
    same = stated(reading).gap(stated(series.decided.reading)) == 1
    return is_near(size(reading), NEARBY, series) and (same or weigh.is_moving(reading))


def _role_of_kin(reading: Reading, readings: Sequence[Reading], series: Iterable[Series]) -> str:
    """The role under which the event counts the same: "51 survivors" after "48 were rescued".

    Its own as soon as the event, or the article, tells both.
    """
    kin = kin_of(reading.role)
    if not kin or reading.noise or reading.subset:
        return reading.role
    value, counted, dimension = size(reading), thing(reading), measure(reading)[0]
    bare = not (reading.noun or reading.group)
    found, own = [], False
    for each in series:
        if each.dimension != dimension or each.subset:
            continue
        own |= each.role == reading.role and each.thing == counted
        if each.role not in kin:
            continue
        near = _FALLING if kind_of(each.role).falls and weigh.strength(reading) else NEARBY
        near = _JOINING if each.thing in _ENGAGED else near
        alike = each.thing == thing_as(each.role, reading) and is_near(value, near, each)
        if alike and value == size(each.decided.reading):
            return each.role
        if alike or (bare and is_near(value, CLOSE, each)):
            found.append(each.role)
    if own or len(found) != 1:
        return reading.role
    same = [r for r in readings if r.role == found[0] and r.low != reading.low]
    told = any(not untracked(each) and thing(each) == counted for each in same)
    return reading.role if told else found[0]


def _role_of_measure(reading: Reading, series: Iterable[Series]) -> str:
    """The role of the one amount in such units, once it moves: "it now covers 55 tonnes"."""
    unsaid = measure(reading)[0] in _AMOUNTS and reading.role not in KINDS
    if not unsaid or reading.noise or reading.subset or not weigh.is_moving(reading):
        return ""
    same = [each for each in series if each.dimension == measure(reading)[0] and not each.subset]
    near = len(same) == 1 and stated(reading).gap(stated(same[0].decided.reading)) <= ANSWER
    return same[0].role if near else ""


def _role_of_word(reading: Reading, series: Iterable[Series]) -> str:
    """The role that is another form of its own: "refunds" after "refunded", "flood", "flooded"."""
    if not reading.role or reading.role in KINDS or reading.noise:
        return ""
    stem = _stem(reading.role)
    told = (
        each.role
        for each in series
        if _stem(each.role) == stem
        and each.dimension == measure(reading)[0]
        and each.thing == thing_as(each.role, reading)
    )
    return next(told, "")


def _stem(role: str) -> str:
    return role.removesuffix("s").removesuffix("ed").removesuffix("e")


# -- what the article says elsewhere --------------------------------------------------------------


def _nameless(series: Series) -> str:
    """The thing that is all a series says of its kind: "five shelters"; else ""."""
    return "" if series.role in KINDS else labels.singular(series.role)


def _bare_thing(reading: Reading) -> str:
    """What is counted, whatever is said of it; "" for people at large and measures."""
    if reading.kind is not Kind.COUNT or reading.anaphoric:
        return ""
    return thing_as("", reading)


def _may_be(reading: Reading, counted: str, series: Series, *, alone: bool) -> bool:
    """Whether a reading of things that the series counts may be of it; `alone`: of one value."""
    role = reading.role
    if not counted or role == series.role:
        return False
    named = role and labels.singular(role) not in {counted, labels.head(reading.noun)}
    kinds = {role, series.role} & KINDS.keys()
    if _AFFECTED in kinds:
        kinds = set()  # whatever befell them
    if named and kinds and _nameless(series) != counted:
        return False
    if not is_near(size(reading), NEARBY, series):
        return False
    told = stated(series.decided.reading)
    higher = stated(reading).low > told.high
    if named:
        return higher and alone
    engaged = alone and counted in _ENGAGED and series.role in KINDS
    other = labels.head(reading.noun) != labels.head(series.decided.reading.noun)
    higher = higher and not (other and series.role not in KINDS)  # "14 vessels" after "5 boats"
    higher = higher and (engaged or weigh.strength(reading) > 0 or kind_of(series.role).loose)
    if role and other and counted not in OBJECTS:
        higher = higher and weigh.is_moving(reading)  # "1,300 inmates" beside "1,900 prisoners"
    fallen = weigh.is_moving(reading) and series.role in KINDS
    return higher or fallen or told.gap(stated(reading)) == 1


def _placed(readings: Sequence[Reading]) -> list[Reading]:
    """The readings, each with place and people that its article names for the same value elsewhere.

    A headline says "toll rises to 108", the text below it "the toll of soldiers in Hulan rose to
    108".
    """
    told: dict[tuple[str, str, Decimal, Decimal], list[Reading]] = {}
    for reading in readings:
        told.setdefault(_value(reading), []).append(reading)
    last: dict[str, Reading] = {}
    found = []
    for reading in readings:
        completed = _completed(reading, told[_value(reading)])
        found.append(_answering(completed, last.get(reading.role)))
        last[reading.role] = found[-1]
    return found


def _answering(reading: Reading, last: Reading | None) -> Reading:
    """A toll that another party sets against the last one told is of the same place."""
    if last is None or reading.scope or reading.noun:
        return reading
    if reading.counting is not Counting.TOTAL and not kind_of(reading.role).crowds:
        return reading
    if not (parties.party(last.claimant) and parties.party(reading.claimant)):
        return reading
    own = parties.same_party(last.claimant, reading.claimant)
    near = stated(last).gap(stated(reading)) <= ANSWER
    return replace(reading, scope=last.scope) if near and not own else reading


def _completed(reading: Reading, alike: Sequence[Reading]) -> Reading:
    if len(alike) == 1 or (reading.scope and (reading.noun or reading.group)):
        return reading
    scopes = {each.scope for each in alike if each.scope}
    people = {(each.group, each.nations) for each in alike if each.group or each.noun}
    if not reading.scope and len(scopes) == 1:
        reading = replace(reading, scope=next(iter(scopes)))
    if not (reading.noun or reading.group) and len(people) == 1:
        group, nations = next(iter(people))
        reading = replace(reading, group=group, nations=reading.nations or nations)
    return reading


def _value(reading: Reading) -> tuple[str, str, Decimal, Decimal]:
    return reading.role, reading.unit, reading.low, reading.high
