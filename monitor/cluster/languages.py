"""One clusterer a language; documents of unknown language have one of their own."""

from collections.abc import Iterable
from datetime import datetime

from monitor.cluster.clusterer import Clusterer
from monitor.cluster.learnt import Model
from monitor.model import ClusterDelta, ClusterMemory, Document, EventId, Placement


class Clusterers:
    """What the process that judges holds; after a failed commit it is restored from the store."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._of: dict[str, Clusterer] = {}

    @classmethod
    def restore(cls, memories: Iterable[ClusterMemory], model: Model) -> "Clusterers":
        self = cls(model)
        self._of = {memory.language: Clusterer.restore(memory, model) for memory in memories}
        return self

    def place(self, document: Document, *, now: datetime) -> tuple[Placement, ClusterDelta]:
        return self._clusterer(document).place(document, now=now)

    def inherit(self, document: Document, event: EventId, *, now: datetime) -> ClusterDelta:
        return self._clusterer(document).inherit(document, event, now=now)

    def _clusterer(self, document: Document) -> Clusterer:
        language = document.language
        if language not in self._of:
            self._of[language] = Clusterer(self._model, language)
        return self._of[language]
