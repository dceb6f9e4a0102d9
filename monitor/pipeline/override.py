"""A person's corrections: events merged and split, figures joined, taken apart, ignored.

They are written down in the order in which they were made, between the articles, and a replay does
them again at the same place. Nobody is told of what they change.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from monitor.beds import EventRecord, Override, Stated
from monitor.cluster import Clusterer, event_id
from monitor.errors import UsageError
from monitor.figures import by_hand
from monitor.figures.track import merge
from monitor.model import Document, DocumentId, EventId, FigureState, SeriesId
from monitor.pipeline.figures import FigureReader, sighted
from monitor.pipeline.ports import Ledger, Overrides


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrector:
    """Decides and commits what a person asks; `clusterer` gives that of a language."""

    ledger: Ledger
    beds: Overrides
    figures: FigureReader
    clusterer: Callable[[str], Clusterer]

    def correct(self, asked: Override) -> str:
        """Do it and write it down; says what was done. Raises UsageError, StateError."""
        with self.ledger.transaction():
            said = self._done(asked)
            self.beds.note(asked)
        return said

    def _done(self, asked: Override) -> str:
        match asked.kind:
            case "merge":
                return self._merge(*asked.what)
            case "split":
                return self._split(*asked.what)
            case "join":
                return self._join(*asked.what)
            case "separate":
                return self._separate(*asked.what)
            case "ignore":
                return self._ignore(*asked.what)
            case "follow":
                return self._follow(*asked.what)

    # -- events -----------------------------------------------------------------------------------

    def _event(self, name: str) -> EventId:
        """Give the event of a name, its figures read: nobody may have wanted them so far."""
        found = self.beds.event_named(name)
        if found is None:
            raise UsageError(f"nothing is known of {name} - newsmon events lists what there is")
        self.figures.read(found)
        return found

    def _record(self, name: EventId) -> EventRecord:
        found = self.ledger.event(name)
        assert found is not None  # noqa: S101 - it was named a moment ago
        return found

    def _merge(self, one: str, other: str) -> str:
        first, second = (self._record(self._event(each)) for each in (one, other))
        if first.id == second.id:
            raise UsageError(f"both are the event {first.id} already")
        kept, gone = sorted((first, second), key=lambda each: (each.first_seen, each.id))
        state = merge(self.ledger.figure_state(kept.id), self.ledger.figure_state(gone.id))
        delta = self.clusterer(kept.language).unite(kept.id, gone.id)
        self.beds.merge(kept.id, gone.id, state, [delta])
        return f"{gone.id} is part of {kept.id} now"

    def _split(self, place: str, *names: str) -> str:
        event = self._event(place)
        taken = self.beds.with_copies(names)
        known = self.beds.stated(event)
        if missing := set(names) - {each.article.document.id for each in known}:
            raise UsageError(f"not of {event}: {', '.join(sorted(missing))}")
        go = [each for each in known if each.article.document.id in taken]
        stay = [each for each in known if each.article.document.id not in taken]
        if not stay:
            raise UsageError(f"all of {event} would go - name the articles of the other event")
        old = self._names_of(event, go)
        new = old[0] if old else _split_id(names[0])
        parts = [(event, stay), (new, go)]
        told = [by_hand.fold(name, map(_told, part)) for name, part in parts]
        series = {
            each.article.document.id: answer.assigned
            for (_, part), (_, answers) in zip(parts, told, strict=True)
            for each, answer in zip(part, answers, strict=True)
        }
        clusterer = self.clusterer(self._record(event).language)
        deltas = clusterer.part(event, _originals(stay), new, _originals(go))
        self.beds.split(event, new, taken, [state for state, _ in told], series, deltas, old=old)
        return f"{len(go)} article{'s are' if len(go) > 1 else ' is'} the event {new} now"

    def _names_of(self, event: EventId, part: Sequence[Stated]) -> list[EventId]:
        """Under what names articles of an event were events of their own, the first ones first."""
        founders = [each.article.document.id for each in part]
        names = [name for each in founders for name in (event_id(each), _split_id(each))]
        return [name for name in names if name != event and self.beds.event_named(name) == event]

    # -- figures ----------------------------------------------------------------------------------

    def _figure(self, name: str) -> SeriesId:
        """Give the series that a name leads to, as its event calls it now."""
        place, _, slug = name.partition("/")
        event = self._event(place)
        aliases = self.ledger.figure_state(event).aliases
        given = SeriesId(name if name.startswith("ev-") else f"{event}/{slug}")
        return aliases.get(given, SeriesId(f"{event}/{slug}"))

    def _state(self, series: SeriesId) -> FigureState:
        return self.ledger.figure_state(_of(series))

    def _join(self, first: str, second: str) -> str:
        kept, gone = self._figure(first), self._figure(second)
        if _of(kept) != _of(gone):
            raise UsageError(
                f"{kept} and {gone} are of two events - first: newsmon events merge {_of(kept)}"
                f" {_of(gone)}"
            )
        state = by_hand.join(self._state(kept), kept, gone)
        self.beds.rename_figure(state, gone, kept)
        return f"{gone} is part of {kept} now"

    def _separate(self, figure: str, *names: str) -> str:
        name = self._figure(figure)
        taken = self.beds.with_copies(names)
        left, gone = _parts(self.beds.stated(_of(name)), name, taken)
        state, new = by_hand.separate(self._state(name), name, left, gone)
        self.beds.rename_figure(state, name, new, only=taken)
        return f"{new} is a figure of its own now"

    def _ignore(self, figure: str) -> str:
        name = self._figure(figure)
        self.beds.silence_figure(by_hand.ignore(self._state(name), name), name)
        return f"{name} is followed and never told from now on"

    def _follow(self, figure: str) -> str:
        name = self._figure(figure)
        self.beds.silence_figure(by_hand.follow(self._state(name), name), name)
        return f"{name} is told again"


def _split_id(first: str) -> EventId:
    return event_id(DocumentId(f"split {first}"))


def _of(series: SeriesId) -> EventId:
    return EventId(series.partition("/")[0])


def _originals(part: Sequence[Stated]) -> list[Document]:
    told = [each.article.document for each in part if each.article.verdict != "same"]
    return told or [part[0].article.document]


def _told(stated: Stated, *, only: SeriesId | None = None) -> by_hand.Told:
    """An article as the tracker is told of it; `only`: the readings of one series."""
    chosen = [
        reading
        for reading, series in zip(stated.readings, stated.series, strict=True)
        if only is None or series == only
    ]
    return sighted(stated.article, fresh=stated.fresh), chosen


def _parts(
    known: Iterable[Stated], name: SeriesId, taken: Collection[DocumentId]
) -> tuple[list[by_hand.Told], list[by_hand.Told]]:
    left: list[by_hand.Told] = []
    gone: list[by_hand.Told] = []
    for each in known:
        (gone if each.article.document.id in taken else left).append(_told(each, only=name))
    return left, gone
