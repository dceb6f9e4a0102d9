"""Job 2, second half: what a document is beside everything known, and what that changes."""

from datetime import datetime

from monitor import cluster, dedupe
from monitor.beds import Judged, Override, Revised
from monitor.cluster import Clusterer
from monitor.figures.track import merge
from monitor.model import (
    CANDIDATES_KEPT,
    ClusterDelta,
    Document,
    EventId,
    EventOpened,
    FigureState,
    Inherited,
    Joined,
    Opened,
    Original,
    Placement,
    Verdict,
)
from monitor.pipeline.figures import FigureReader
from monitor.pipeline.override import Corrector
from monitor.pipeline.ports import Ledger, Overrides
from monitor.text import one_line, sentences


class Judge:
    """Judges documents in order; what it remembers can be rebuilt from the ledger at any time."""

    def __init__(
        self, ledger: Ledger, overrides: Overrides, *, figures: FigureReader, model: cluster.Model
    ) -> None:
        self._ledger = ledger
        self._figures = figures
        self._model = model
        self._overrides = overrides
        self._clusterers: dict[str, Clusterer] = {}
        self._parted: frozenset[frozenset[EventId]] | None = None

    def forget(self) -> None:
        """Drop the memory, after a commit that failed: it is rebuilt when next needed."""
        self._clusterers.clear()
        self._parted = None

    def override(self, asked: Override) -> str:
        """Do what a person asks, now and in every replay; says what was done, or UsageError."""
        self.forget()
        try:
            return Corrector(
                ledger=self._ledger,
                beds=self._overrides,
                figures=self._figures,
                clusterer=self._clusterer,
            ).correct(asked)
        finally:
            self.forget()

    def judge(self, document: Document, *, now: datetime, given: EventId | None = None) -> Judged:
        """Load, decide, commit one document; raises StateError when it cannot be committed."""
        try:
            judged = self._decide(document, now, given)
            self._ledger.record(judged)
        except BaseException:
            self.forget()
            raise
        return judged

    def revise(self, document: Document, *, now: datetime) -> None:
        """Commit a new version of a known document.

        It stays in its event and speaks with its voice: an edit is no further source. What waits
        of the event's figures is read first, so that none is lost with the text it stood in.
        """
        event = self._ledger.event_of(document.id)
        assert event is not None  # noqa: S101 - it is known
        self._figures.read(event)
        prepared = dedupe.prepare(document)
        prepared = prepared.without(self._ledger.furniture(prepared.hashes))
        signature = dedupe.sign(prepared)
        self._ledger.revise(Revised(document=document, signature=signature, at=now))

    def _decide(self, document: Document, now: datetime, given: EventId | None) -> Judged:
        prepared = dedupe.prepare(document)
        furniture = self._ledger.furniture(prepared.hashes)
        prepared = prepared.without(furniture)
        signature = dedupe.sign(prepared)
        candidates = self._ledger.candidates(signature, since=now - CANDIDATES_KEPT)
        verdict = dedupe.judge(prepared, signature, candidates)
        placement, delta = self._place(document, verdict, now, given)
        event = placement.event
        opened = None
        if isinstance(placement, Opened) or (
            isinstance(placement, Inherited) and self._ledger.event(event) is None
        ):
            title, _ = title_of(document)
            opened = EventOpened(event=event, document=document.id, title=title)
        return Judged(
            document=document,
            signature=signature,
            furniture=prepared.left_out,
            verdict=verdict,
            voice=self._voice(document, verdict),
            event=event,
            placement=placement,
            delta=delta,
            opened=opened,
            figures=self._merged(placement),
            at=now,
        )

    def _place(
        self, document: Document, verdict: Verdict, now: datetime, given: EventId | None
    ) -> tuple[Placement, ClusterDelta | None]:
        if given is not None:
            return Inherited(event=given, reason="given by the archive"), None
        if not isinstance(verdict, Original):
            event = self._ledger.event_of(verdict.of)
            record = self._ledger.event(event) if event else None
            if record is not None and self._ledger.is_live(record.id):
                clusterer = self._clusterer(record.language)
                delta = clusterer.inherit(document, record.id, now=now)
                return Inherited(event=record.id, reason=f"repeats {verdict.of}"), delta
        if self._parted is None:
            self._parted = self._overrides.parted()
        clusterer = self._clusterer(document.language)
        return clusterer.place(document, now=now, parted=self._parted)

    def _clusterer(self, language: str) -> Clusterer:
        if language not in self._clusterers:
            memory = self._ledger.memory(language)
            self._clusterers[language] = Clusterer.restore(memory, self._model)
        return self._clusterers[language]

    def _voice(self, document: Document, verdict: Verdict) -> str:
        """Name the independent source: a copy speaks with its original's voice."""
        if isinstance(verdict, Original):
            return document.agency.split(", ")[0] or document.outlet
        return self._ledger.voice_of(verdict.of)

    def _merged(self, placement: Placement) -> FigureState | None:
        """Bring the figures of merged events together, each read up to here."""
        if not isinstance(placement, Joined) or not placement.merged:
            return None
        self._figures.read(placement.event)
        state = self._ledger.figure_state(placement.event)
        for gone in placement.merged:
            self._figures.read(gone)
            state = merge(state, self._ledger.figure_state(gone))
        return state


def title_of(document: Document) -> tuple[str, bool]:
    """Give the headline, or the first sentence and False where there is none."""
    if document.title:
        return document.title, True
    first = next(iter(sentences(document.text)), (0, 0))
    return one_line(document.text[slice(*first)], 160) or document.url, False
