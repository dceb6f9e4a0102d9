"""Figures of the killed and of the wounded held against figures of both together."""

from collections.abc import Mapping, Sequence

from monitor.figures import diary, parties
from monitor.figures.convert import Interval, claimed, value_of
from monitor.model import EventId, FigureDisputed, Observation, Series

Told = Mapping[int, Sequence[Observation]]


def disputes(
    event: EventId, series: Sequence[Series], told: Told
) -> list[tuple[int, FigureDisputed]]:
    """Slots of series of `killed_or_wounded` that a party's two figures exclude, with the dispute.

    "At least 100 dead and 1,000 wounded", says one; "a few hundred killed or wounded" another.
    """
    found = []
    for slot, both in enumerate(series):
        if both.role != "killed_or_wounded" or both.disputed or both.subset:
            continue
        for killed, wounded in _pairs(both, series, told):
            against = _excluded(both, killed, wounded)
            if against:
                change = FigureDisputed(
                    event=event,
                    series=both.id,
                    label=both.label,
                    sides=(wounded, killed, *against),
                    reason=f"{value_of(killed.reading)} killed and "
                    f"{value_of(wounded.reading)} wounded "
                    f"exclude {value_of(against[0].reading)} killed or wounded",
                )
                found.append((slot, change))
                break
    return found


def _pairs(
    both: Series, series: Sequence[Series], told: Told
) -> list[tuple[Observation, Observation]]:
    """What one named party says of the killed and of the wounded in the same article."""
    by_role: dict[str, list[Observation]] = {"killed": [], "wounded": []}
    for slot, observations in told.items():
        if series[slot].role in by_role and _same_people(series[slot], both):
            by_role[series[slot].role].extend(observations)
    return [
        (killed, wounded)
        for killed in by_role["killed"]
        for wounded in by_role["wounded"]
        if parties.same_party(killed.reading.claimant, wounded.reading.claimant)
    ]


def _same_people(one: Series, both: Series) -> bool:
    if one.subset or one.thing != both.thing or one.scope != both.scope:
        return False
    return not one.nations or not both.nations or bool(set(one.nations) & set(both.nations))


def _excluded(both: Series, killed: Observation, wounded: Observation) -> tuple[Observation, ...]:
    if killed.published < both.latest.published:
        return ()
    dead, hurt = claimed(killed.reading), claimed(wounded.reading)
    together = Interval(dead.low + hurt.low, dead.high + hurt.high)
    return tuple(
        track.latest
        for track in both.tracks
        if not parties.same_party(track.claimant, killed.reading.claimant)
        and killed.published - track.latest.published < parties.STALE
        and parties.DISPUTE < together.gap(claimed(track.latest.reading)) <= diary.SPAN
    )
