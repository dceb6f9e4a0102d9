"""Which series a reading belongs to."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from monitor import text
from monitor.figures import diary, labels
from monitor.figures.convert import is_upper_bound, measure, stated
from monitor.figures.kinds import kind_of
from monitor.model import Counting, FigureState, Kind, Modality, Reading, Series, TimeFrame

LEAD_SHARE = 3  # a place in every third lead is the event's own
LEAD_WORDS_LIMIT = 400
LEAD_LENGTH = 600  # characters
NEARBY = (Decimal("0.5"), Decimal(3))  # another place's value of this ratio is the same figure
CLOSE = (Decimal("0.75"), Decimal(2))  # and so is another group's
SAME_CROWD = (Decimal("0.75"), Decimal("1.5"))  # each place has one; only a guess at it differs
AGAIN = 2  # the same value is more than the same nation, and less than the same place
MORE = (Decimal(1), Decimal(10))  # more homes than buildings are buildings
TOTAL = (Decimal("0.75"), Decimal(10))  # and that of "the toll" after the first group's
# Groups that may be all whom an event concerns: "26 bodies" after "17 migrants drowned".
EVERYBODY = frozenset(
    """
    men civilians staff students passengers crew prisoners hostages tourists foreigners migrants
    """.split()
)
SEXES = frozenset({"women", "men"})
ALIKE = (  # groups that are called one by the other's name
    frozenset({"officers", "police"}),  # save in an army
    frozenset({"medics", "staff"}),  # "health workers"
    frozenset({"rescuers", "staff"}),
)
SERVING = frozenset({"military", "officers", "police", "rescuers", "staff"})
BUILDINGS = "buildings"
HOUSES = frozenset({"homes", BUILDINGS})  # what burns first is houses; then all is counted
PLACE_TYPES = frozenset(
    """
    province region county district state city town village island islands valley oblast republic
    prefecture municipality area
    """.split()
)
# Groups of things: what stands so beside a role of people was struck together with them.
OBJECTS = frozenset(
    """
    homes buildings schools hospitals vehicles tanks drones missiles aircraft ships countries teams
    """.split()
)
NO_PEOPLE = OBJECTS - {"countries", "teams"} | {"animals"}  # "refugees in the country"


@dataclass(frozen=True, slots=True)
class Places:
    """What is known of where an event is: folded capitalised words, and of how many leads."""

    words: Mapping[str, int]
    leads: int
    apart: frozenset[str] = frozenset()  # folded names of places that have figures of their own

    @classmethod
    def of(cls, state: FigureState) -> "Places":
        return cls(state.lead_words, state.documents)

    def own(self, scope: str, role: str = "") -> bool:
        """Whether the place is the event's own, so that naming it says nothing more.

        Of a role that each place has its own of, most leads must name it.
        """
        if _folded(scope) in self.apart or not self.is_known(scope):
            return False
        named = _place_words(scope) if kind_of(role).local else ()
        return all(2 * self.words.get(word, 0) > self.leads for word in named)

    def is_known(self, scope: str) -> bool:
        """Whether every third lead names the place."""
        named = _place_words(scope)
        return all(LEAD_SHARE * self.words.get(word, 0) >= max(1, self.leads) for word in named)

    def with_lead(self, lead: str) -> "Places":
        counts = dict(self.words)
        for word in sorted(_capitalised(lead[:LEAD_LENGTH])):
            counts[word] = counts.get(word, 0) + 1
        leads = self.leads + 1
        if len(counts) > LEAD_WORDS_LIMIT:
            kept = sorted(counts, key=lambda word: (-counts[word], word))[: LEAD_WORDS_LIMIT // 2]
            counts = {word: counts[word] for word in sorted(kept)}
        return Places(counts, leads, self.apart)

    def held_apart(self, readings: Sequence[Reading], series: Iterable[Series]) -> "Places":
        """With the places of which an article, or two series, tell different figures.

        "32 people died in Sarda and eight in Melin": neither is the figure of the event.
        """
        told: dict[tuple[str, ...], dict[str, set[Decimal]]] = {}
        for each in readings:
            if each.role and not (each.subset or each.time_frame is not TimeFrame.CURRENT):
                told_at_once = each.kind is Kind.COUNT and not kind_of(each.role).crowds
                sentence = str(each.quote_start) if told_at_once else ""
                by_place = told.setdefault((each.role, each.unit, sentence), {})
                by_place.setdefault(_folded(each.scope), set()).add(each.low)
        for known in series:
            by_place = told.setdefault((known.role, known.dimension, known.thing), {})
            by_place.setdefault(_folded(known.scope), set()).add(known.decided.reading.low)
        apart: set[str] = set()
        for by_place in told.values():
            own = {name for name in by_place if name and self.is_known(name)}
            if len(own) > 1 and len(set().union(*(by_place[name] for name in own))) > 1:
                apart |= own
        return replace(self, apart=frozenset(apart))


def _capitalised(lead: str) -> set[str]:
    return {_stem(word) for word in text.words(lead.replace("’", "'")) if word[:1].isupper()}


def _place_words(scope: str) -> list[str]:
    written = [w for w in text.words(scope.replace("’", "'")) if len(w) > 1]
    named = [_stem(w) for w in written if w[:1].isupper()] or [_stem(w) for w in written]
    return [word for word in named if word not in PLACE_TYPES] or named


def _stem(word: str) -> str:
    return text.fold(word)


def untracked(reading: Reading) -> str:
    """Why a reading is part of no series, or ""."""
    if reading.noise:
        return f"noise: {reading.noise}"
    if not reading.role:
        return "no role"
    reasons = (
        (kind_of(reading.role).fixed, "measured, not counted: it does not develop"),
        (reading.modality is Modality.POSSIBLE, "possible, not stated as a fact"),
        (reading.modality is Modality.DENIED, "denied"),
        (reading.time_frame is TimeFrame.BACKGROUND, "of another happening, or a whole"),
        (reading.time_frame is TimeFrame.OLD, "the value before"),
        (reading.conversion, "the same figure in another unit"),
        (_is_nobodys(reading), "a share, and it is not said of whom"),
    )
    return next((reason for holds, reason in reasons if holds), "")


def _is_nobodys(reading: Reading) -> bool:
    named = kind_of(reading.role).named and reading.kind is Kind.PERCENT
    return named and not thing(reading)


def thing(reading: Reading) -> str:
    """Who or what is counted, as far as it makes another figure; "" is people at large."""
    return thing_as(reading.role, reading)


def thing_as(role: str, reading: Reading) -> str:  # noqa: PLR0911 - a kind a line
    """The same, were the reading of this role."""
    kind = kind_of(role)
    if kind.named:
        return labels.candidate(reading.noun) or reading.group
    if reading.kind is Kind.MONEY:
        return labels.head(reading.noun)
    if reading.kind is not Kind.COUNT:
        return ""
    if kind.whole:
        return reading.group if reading.group in NO_PEOPLE and not kind.premises else ""
    if kind.people:
        struck = frozenset() if kind.placed else OBJECTS  # ships are deployed, not killed
        return "" if reading.group in struck | kind.makes else reading.group
    if reading.group:
        return reading.group
    noun = labels.head(reading.noun)
    return "" if noun in labels.PEOPLE or noun == labels.singular(role) else noun


@dataclass(frozen=True, slots=True)
class Sought:
    """A reading as it is held against each series."""

    reading: Reading
    exactly: tuple[str, str, str]  # role, dimension, subset
    thing: str
    scope: str
    middle: Decimal
    places: Places

    @classmethod
    def of(cls, reading: Reading, places: Places) -> "Sought":
        return cls(
            reading,
            (reading.role, measure(reading)[0], labels.part(reading)),
            thing(reading),
            _effective(reading.scope, reading.role, places),
            size(reading),
            places,
        )

    @property
    def total(self) -> bool:
        return self.reading.counting is Counting.TOTAL

    def within(self, ratio: tuple[Decimal, Decimal], series: Series) -> bool:
        return is_near(self.middle, ratio, series)

    def distance(self, series: Series) -> Decimal:
        return abs(self.middle - size(series.decided.reading))


def is_near(value: Decimal, ratio: tuple[Decimal, Decimal], series: Series) -> bool:
    """Whether a value is so many times one that the series told last."""
    low, high = ratio
    last = (size(each.reading) for each in (series.decided, series.latest))
    return any(low * current <= value <= high * current for current in last)


def size(reading: Reading) -> Decimal:
    """The number that is said: of "fewer than 400" that is 400."""
    interval = stated(reading)
    return interval.high if is_upper_bound(reading) else interval.middle


def find(
    reading: Reading,
    series: Iterable[Series],
    places: Places,
    *,
    but: Container[int] = frozenset(),
) -> int | None:
    """The index of the series that `reading` belongs to; of two that fit as well, the nearer.

    `but`: indices of those that it cannot belong to.
    """
    sought = Sought.of(reading, places)
    best, best_rank = None, (0, Decimal(0))
    for index, candidate in enumerate(series):
        score = 0 if index in but else _score(sought, candidate)
        if score < max(1, best_rank[0]):
            continue
        rank = (score, -sought.distance(candidate))
        if best is None or rank > best_rank:
            best, best_rank = index, rank
    return best


def _score(sought: Sought, series: Series) -> int:
    """0: another figure; else the higher the closer."""
    if (series.role, series.dimension, series.subset) != sought.exactly:
        return 0
    nations = sought.reading.nations
    alike = _alike(sought, series) if _may_be_of(nations, series) else 0
    if not alike:
        return 0
    if series.running and diary.is_incident_of(sought.reading, series):
        return 0
    score = alike + (series.nations == nations) + AGAIN * (sought.distance(series) == 0)
    if series.running and (sought.total or sought.within(NEARBY, series)):
        score += 16
    there = _effective(series.scope, series.role, sought.places)
    if sought.scope and not there and sought.total and _is_incident(series):
        return 0  # "the toll in Melin stood at 24" after "12 drowned in a nursing home"
    if sought.scope == there:
        return score + 8
    near = CLOSE if there in sought.places.apart else NEARBY
    near = SAME_CROWD if kind_of(series.role).crowds else near
    elsewhere = (sought.scope and there) or not sought.within(near, series)
    return 0 if elsewhere else score


def _is_incident(series: Series) -> bool:
    return series.decided.reading.counting is Counting.INCIDENT


def _may_be_of(nations: tuple[str, ...], series: Series) -> bool:
    """Whether people of these nations may be the series'; who is aboard is of one vessel."""
    if kind_of(series.role).aboard:
        return series.nations == nations  # "26 crewmen" after "11 Yemenis"
    return not (series.nations and nations) or bool(set(series.nations) & set(nations))


def _alike(sought: Sought, series: Series) -> int:  # noqa: PLR0911 - a case a line
    """How surely the same are counted, 0 to 6; a noun that is left out goes by the value."""
    reading = sought.reading
    if reading.kind is Kind.MONEY and series.thing != sought.thing:
        return 2 * sought.within(CLOSE, series)  # "plan" and "budget" of one sum
    if series.thing == sought.thing:
        return 6 if reading.noun or sought.within(CLOSE, series) else 2
    if {series.thing, sought.thing} == HOUSES and not reading.subset:
        return int(sought.within(TOTAL if sought.thing == BUILDINGS else MORE, series))
    if {series.thing, sought.thing} in ALIKE or _is_any_force(sought, series):
        return 4 * sought.within(NEARBY, series)
    if reading.subset:
        return 0
    left_out = not (reading.noun or reading.group)
    if left_out and not series.subset and sought.within(CLOSE, series):
        return 2  # of whom there is no other figure
    if not reading.noun and not kind_of(reading.role).people:
        return 4 if sought.within(CLOSE, series) else 2
    if not {series.thing, sought.thing} <= EVERYBODY | {""} or series.decided.reading.subset:
        return 0
    if sought.within(CLOSE, series):
        return 2 if reading.noun else 4
    whole = reading.rising or sought.total or not (reading.noun and sought.thing)
    return int(whole and sought.within(TOTAL, series))


def _is_any_force(sought: Sought, series: Series) -> bool:
    """Whether one is called by a word for all who serve: "3,300 personnel", firefighters."""
    nouns = (labels.head(each.noun) for each in (sought.reading, series.decided.reading))
    return {series.thing, sought.thing} <= SERVING and "personnel" in nouns


def has_total(one: Series, series: Iterable[Series]) -> bool:
    """Whether a running total of the same people is told beside the series."""
    key = (one.role, one.dimension, one.thing, one.subset)
    return any(
        each.running and (each.role, each.dimension, each.thing, each.subset) == key
        for each in series
    )


def is_whole_of(reading: Reading, one: Series, series: Iterable[Series]) -> bool:
    """Whether a value is the sum of two groups: "230 aboard", of 212 passengers and 18 crew."""
    if thing(reading) or not one.thing:
        return False
    key, rest = (one.role, one.dimension, one.subset), size(reading) - size(one.decided.reading)
    return any(
        each.thing not in {"", one.thing}
        and (each.role, each.dimension, each.subset) == key
        and size(each.decided.reading) == rest
        for each in series
    )


def is_of_a_sex(one: Series, series: Iterable[Series]) -> bool:
    """Whether the series counts the women, or the men, of whom another counts all."""
    key = (one.role, one.dimension, "", "", one.nations)
    return one.thing in SEXES and any(
        (each.role, each.dimension, each.thing, each.subset, each.nations) == key for each in series
    )


def find_series(other: Series, series: Iterable[Series], places: Places) -> int | None:
    """The index of the series that holds the same figure as one of another event."""
    return next(
        (
            index
            for index, candidate in enumerate(series)
            if (candidate.role, candidate.dimension, candidate.thing, candidate.subset)
            == (other.role, other.dimension, other.thing, other.subset)
            and _score(Sought.of(other.decided.reading, places), candidate)
        ),
        None,
    )


def is_elsewhere(reading: Reading, series: Series, places: Places) -> bool:
    """Whether the reading names a place that is neither the event's nor the series' own."""
    here = _effective(reading.scope, series.role, places)
    return here not in {"", _effective(series.scope, series.role, places)}


def _effective(scope: str, role: str, places: Places) -> str:
    return "" if not scope or places.own(scope, role) else _folded(scope)


def _folded(scope: str) -> str:
    return scope and text.fold(labels.place_name(scope))


def joined(series: Series, reading: Reading, places: Places, *, whole: bool) -> Series:
    """The series after `reading` joined it: a nation is learnt once, the wider word holds.

    `whole`: no other series counts people at large, so that the group is no part of it any more.
    """
    role = series.role
    wider = places.own(reading.scope, role) and not places.own(series.scope, role)
    if whole and series.thing in EVERYBODY and not thing(reading):
        series = replace(series, thing="", label=labels.label(reading, ""))
    place = f" in {labels.place_name(series.scope)}"
    if series.thing != BUILDINGS and {series.thing, thing(reading)} == HOUSES:
        scope = series.scope if place in series.label else ""
        series = replace(series, thing=BUILDINGS, label=labels.label(reading, scope))
    if wider:
        series = replace(series, label=series.label.replace(place, "", 1))
    return replace(
        series,
        nations=series.nations or reading.nations,
        scope=reading.scope if wider else series.scope,
        values=series.values + 1,
    )
