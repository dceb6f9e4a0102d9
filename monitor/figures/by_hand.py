"""A person's corrections of what is one figure: joined, taken apart, ignored."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from monitor.errors import UsageError
from monitor.figures.track import advance, united
from monitor.model import Advance, EventId, FigureState, Reading, Series, SeriesId, Sighting

Told = tuple[Sighting, Sequence[Reading]]  # an article and those of its readings that count


def fold(event: EventId, articles: Iterable[Told]) -> tuple[FigureState, tuple[Advance, ...]]:
    """Tell an event's articles anew, in order of arrival; the answer to each, and the end."""
    state, answers = FigureState(event=event), []
    for sighting, readings in articles:
        answers.append(advance(state, readings, sighting))
        state = answers[-1].state
    return state, tuple(answers)


def join(state: FigureState, kept: SeriesId, gone: SeriesId) -> FigureState:
    """Make one series of two; what fits the one that is gone belongs to the other from now on.

    Raises UsageError when they are one already or cannot be compared.
    """
    one, other = _series(state, kept), _series(state, gone)
    if one.id == other.id:
        raise UsageError(f"{gone} and {kept} are one figure already")
    if one.dimension != other.dimension:
        raise UsageError(f"{gone} is in {other.dimension}, {kept} in {one.dimension}")
    aliases = {old: one.id if new == other.id else new for old, new in state.aliases.items()}
    return replace(
        state,
        series=tuple(
            united(one, other) if each.id == one.id else each
            for each in state.series
            if each.id != other.id
        ),
        aliases=aliases | {other.id: one.id},
        joined=(*state.joined, other),
        ignored=tuple(each for each in state.ignored if each != other.id),
    )


def separate(
    state: FigureState, name: SeriesId, left: Sequence[Told], taken: Sequence[Told]
) -> tuple[FigureState, SeriesId]:
    """Make two series of one: `left` and `taken` hold the articles with its readings alone.

    A later reading that fits both goes to the nearer value. Raises UsageError when one is empty.
    """
    old = _series(state, name)
    stays, goes = _alone(state, left), _alone(state, taken)
    if stays is None or goes is None:
        raise UsageError(f"name some of the articles that speak of {name}, not none and not all")
    known = {each.id for each in state.series} | set(state.aliases)
    names = (SeriesId(f"{old.id}-{n}") for n in range(2, len(known) + 3))
    new = next(each for each in names if each not in known)
    stays, goes = (
        replace(part, id=name, label=old.label) for part, name in ((stays, old.id), (goes, new))
    )
    series = (stays if each.id == old.id else each for each in state.series)
    return replace(state, series=(*series, goes)), new


def _alone(state: FigureState, articles: Sequence[Told]) -> Series | None:
    """The series that these readings make when there is nothing else; None for none."""
    told, _ = fold(state.event, [each for each in articles if each[1]])
    if not told.series:
        return None
    whole, *rest = told.series
    for other in rest:
        whole = united(whole, other)
    return whole


def ignore(state: FigureState, name: SeriesId) -> FigureState:
    """Tell nothing of a figure any more; raises UsageError when that is so already."""
    series = _series(state, name)
    if series.id in state.ignored:
        raise UsageError(f"{name} is ignored already")
    return replace(state, ignored=(*state.ignored, series.id))


def follow(state: FigureState, name: SeriesId) -> FigureState:
    """Tell of an ignored figure again; raises UsageError when it is not ignored."""
    series = _series(state, name)
    if series.id not in state.ignored:
        raise UsageError(f"{name} is not ignored")
    return replace(state, ignored=tuple(each for each in state.ignored if each != series.id))


def _series(state: FigureState, name: SeriesId) -> Series:
    wanted = state.aliases.get(name, name)
    found = next((each for each in state.series if each.id == wanted), None)
    if found is None:
        raise UsageError(f"{name} is no figure - newsmon figures {state.event} names them")
    return found
