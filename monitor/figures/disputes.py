"""Claimants who exclude each other: when a disagreement opens, and between whom."""

from dataclasses import replace
from decimal import Decimal

from monitor.figures import parties, weigh
from monitor.figures.convert import claimed, stated
from monitor.figures.kinds import kind_of
from monitor.figures.ruling import Case, Ruling, is_spoken
from monitor.model import Counting, FigureDisputed, Observation, Series, Track

PARTS = Decimal(5)  # claims further apart are of a part and the whole


def disagreement(case: Case, ruling: Ruling) -> Ruling:
    """The same ruling, or the opening of a dispute when a claim excludes another party's.

    A change that the article carries speaks for itself: the sides are only kept then.
    """
    if case.series.subset:
        return ruling
    series = case.series if ruling.change is None else replace(ruling.series, tracks=())
    for told in weigh.by_claimant(case.told):
        if not _may_dispute(case, told):
            continue
        against = rivals(series, told)
        if weigh.is_moving(told.reading):  # what grew is no other's word on it
            against = tuple(o for o in against if o.document != told.document)
        if not (case.kind.people or case.kind.rivals):  # of things, the later count is the newer
            against = tuple(o for o in against if o.document == told.document)
        if case.kind.incidents or not case.kind.rivals:
            against = tuple(o for o in against if _apart(o, told) <= PARTS)
        if against and ruling.change is not None:
            return replace(ruling, series=replace(ruling.series, disputed=True))
        if against and not _is_stale(series, told):
            return disputed(case, ruling, told, against)
        series = replace(series, tracks=parties.remember(series.tracks, told, decided=True))
    return ruling


def side_by_side(
    case: Case, speaker: Observation
) -> tuple[Observation, tuple[Observation, ...]] | None:
    """What the article sets against its own value: two parties who exclude each other.

    Who moves his own number, or says that it moved, is a change.
    """
    sides = [o for o in weigh.by_claimant(case.told) if _may_dispute(case, o)]
    if not parties.party(speaker.reading.claimant):  # a headline, whose claimant the text names
        speaker = next((o for o in sides if weigh.size(o) == weigh.size(speaker)), speaker)
    own = parties.same_party(case.series.decided.reading.claimant, speaker.reading.claimant)
    if case.series.subset or own or weigh.is_moving(speaker.reading):
        return None
    against = tuple(
        o
        for o in sides
        if parties.party(speaker.reading.claimant)
        and not parties.same_party(o.reading.claimant, speaker.reading.claimant)
        and parties.excludes(o, speaker)
        and (_apart(o, speaker) <= PARTS or (case.kind.rivals and not case.kind.incidents))
    )
    return (speaker, against) if against else None


def rivals(series: Series, told: Observation) -> tuple[Observation, ...]:
    first = told.document == series.decided.document
    named = parties.rivals(series.tracks, told, decided=None if first else series.decided)
    if named or not is_quarrel(series, told) or _track(series, told) is not None:
        return named
    return (series.decided,) if parties.excludes(series.decided, told) else ()


def is_quarrel(series: Series, told: Observation) -> bool:
    """Whether one side of a quarrel speaks, for a day or again, of what nobody claims to say."""
    if not kind_of(series.role).rivals or not parties.is_partisan(told.reading.claimant):
        return False
    fresh = told.published - series.decided.published < parties.STALE
    unclaimed = not parties.party(series.decided.reading.claimant)
    return unclaimed and (fresh or _track(series, told) is not None)


def _track(series: Series, told: Observation) -> Track | None:
    return parties.track_of(series.tracks, told.reading.claimant)


def _may_dispute(case: Case, told: Observation) -> bool:
    reading = told.reading
    opens = told.document == case.series.decided.document  # the figure is this incident's
    if (is_one_of_many(told) and not opens) or reading.subset or reading.start in case.elsewhere:
        return False
    return not case.loose or is_spoken(case.series, reading)


def is_one_of_many(told: Observation) -> bool:
    """Whether a party speaks of one incident among those that make the figure."""
    incidents = kind_of(told.reading.role).incidents
    return incidents and told.reading.counting is Counting.INCIDENT


def _apart(one: Observation, other: Observation) -> Decimal:
    return claimed(one.reading).gap(claimed(other.reading))


def _is_stale(series: Series, told: Observation) -> bool:
    """Whether a lower claim only repeats what the figure was before it rose."""
    previous = series.previous
    return (
        previous is not None
        and stated(told.reading).high < stated(series.decided.reading).low
        and stated(previous.reading).gap(stated(told.reading)) == 1
    )


def _who(told: Observation) -> str:
    return told.reading.claimant or told.outlet


def disputed(
    case: Case, ruling: Ruling, told: Observation, against: tuple[Observation, ...]
) -> Ruling:
    change = FigureDisputed(
        event=case.event,
        series=case.series.id,
        label=case.series.label,
        sides=(told, *against),
        reason=f"{told.reading.claimant} and {_who(against[0])} exclude each other",
    )
    return Ruling(
        series=replace(ruling.series, disputed=True),
        speaker=told,
        outcome="disputes",
        reason=change.reason,
        change=change,
    )
