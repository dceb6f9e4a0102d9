"""One article's say on one series, and what is ruled on it."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from monitor import text
from monitor.figures import labels, parties, weigh
from monitor.figures.convert import HUNDRED, stated
from monitor.figures.kinds import KINDS, RoleKind, kind_of
from monitor.model import (
    EventId,
    FigureChange,
    FigureChanged,
    FigureCorrected,
    Kind,
    Observation,
    Reading,
    Series,
)

QUORUM = 2  # voices that make a figure of an unknown role one of the event
SUMS = Decimal(3)  # amounts of money so far apart are of two things
HELPERS = frozenset({"rescuers", "medics"})  # whoever comes to help comes to this event
NO_TROOPS = frozenset({"", "ships", "aircraft", "vehicles"})  # what is sent beside people
ARMED = frozenset({"military", "militants", "officers"})

Outcome = Literal["opens", "changes", "disputes", "corrects", "silent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """The series after an article, and what is to be told of it; `speaker` carries the reason."""

    series: Series
    speaker: Observation
    outcome: Outcome
    reason: str
    change: FigureChange | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One article's say on one series; `long`: the event runs for more than three days."""

    event: EventId
    series: Series
    told: tuple[Observation, ...]
    long: bool
    diary: bool = False  # it tells incidents, beside a total that is a series of its own
    part: bool = False  # the event tells all of them beside it
    goes_on: bool = False  # and the article goes on with the incident that was told last
    before: Observation | None = None  # what the article itself says the figure was
    elsewhere: frozenset[int] = frozenset()  # starts of readings that name another place
    withdrawn: frozenset[tuple[Decimal, Decimal]] | None = None  # see Sighting

    @property
    def kind(self) -> RoleKind:
        return kind_of(self.series.role)

    @property
    def loose(self) -> bool:
        """Whether only a headline or a word of change speaks: engines and crews are sent alike."""
        sent = self.kind.people and self.kind.placed and self.series.thing in NO_TROOPS
        return self.kind.loose or sent

    @property
    def has_tolls(self) -> bool:
        """Whether each incident has a toll that climbs; an army's dead are counted in all."""
        return self.kind.tolls and self.series.thing not in ARMED


def is_spoken(series: Series, reading: Reading) -> bool:  # noqa: PLR0911 - a rule a line
    """Whether a figure of a loose role is one of the event, not one of many things beside it."""
    sent = kind_of(series.role).placed and labels.head(series.decided.reading.noun)
    voted = kind_of(series.role).named and series.thing
    if voted and series.thing == labels.candidate(reading.noun):
        return True
    if _is_tally(series, reading):
        return True
    if series.thing in HELPERS or (sent and sent == labels.head(reading.noun)):
        return True
    if kind_of(series.role).people and parties.party(reading.claimant):
        return True
    if reading.kind is Kind.MONEY and _is_another_sum(series, reading):
        return weigh.is_total(reading)
    if series.role not in KINDS and _is_another_thing(series, reading):
        return reading.headline or weigh.is_moving(reading)
    if parties.same_party(series.decided.reading.claimant, reading.claimant):
        return True  # who told it first tells it again
    return weigh.strength(reading) > 0 or len(series.voices) >= QUORUM


def _is_tally(series: Series, reading: Reading) -> bool:
    """Whether many are told in the words of before: "it has received 26,000 claims"."""
    if series.role in KINDS or reading.kind is not Kind.COUNT or reading.low < HUNDRED:
        return False
    noun, verb = labels.head(reading.noun), series.role.split()[0]
    if noun != labels.head(series.decided.reading.noun) or labels.singular(series.role) == noun:
        return False
    return verb in text.words(text.fold(reading.quote))


def _is_another_sum(series: Series, reading: Reading) -> bool:
    """Whether two amounts need not be of one thing: far apart, or worth this of nothing named."""
    return is_nameless(series) or stated(reading).gap(stated(series.decided.reading)) > SUMS


def is_nameless(series: Series) -> bool:
    """Whether it is an amount or a share of nothing that has a name."""
    return series.role not in KINDS and not series.thing and series.kind is not Kind.COUNT


def _is_another_thing(series: Series, reading: Reading) -> bool:
    """Whether what no pack knows is called otherwise: "strong aftershocks" and "aftershocks"."""
    if reading.kind is not Kind.COUNT:
        return is_nameless(series)
    if not reading.noun or (series.thing and series.thing == reading.group):
        return False
    known = set(text.words(text.fold(series.decided.reading.noun)))
    return not known <= set(text.words(text.fold(reading.noun)))


def silent(series: Series, speaker: Observation, reason: str) -> Ruling:
    return Ruling(series=series, speaker=speaker, outcome="silent", reason=reason)


def changed(case: Case, speaker: Observation, reason: str) -> Ruling:
    return _moved(case, speaker, FigureChanged, reason)


def corrected(case: Case, speaker: Observation, reason: str) -> Ruling:
    return _moved(case, speaker, FigureCorrected, reason)


def _moved(
    case: Case,
    speaker: Observation,
    kind: type[FigureChanged] | type[FigureCorrected],
    reason: str,
) -> Ruling:
    """The speaker's value is the figure from now on; what was corrected is no earlier value."""
    series = case.series
    change = kind(
        event=case.event,
        series=series.id,
        label=series.label,
        before=series.decided,
        after=speaker,
        reason=reason,
    )
    told = kind is FigureChanged
    return Ruling(
        series=replace(
            series,
            decided=speaker,
            previous=series.decided if told else None,
            held=None,
            doubts=(),
            voices=(speaker.voice,),
        ),
        speaker=speaker,
        outcome="changes" if told else "corrects",
        reason=reason,
        change=change,
    )
