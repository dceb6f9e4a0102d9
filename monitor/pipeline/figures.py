"""Job 2, last part: the figures of an event's articles, read once somebody could want them.

Reading figures is half the cost of judging, and most events are never watched. An article's
figures wait until its event is (`select`), is merged with another, or a person asks; they are then
read in order of arrival, so that what is found never depends on when.
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from monitor import text
from monitor.beds import Article, FiguresRead, Unread
from monitor.figures.packs import Packs
from monitor.figures.read import GRAMMAR, read
from monitor.figures.track import advance
from monitor.model import Document, EventId, FigureState, Reading, Sighting
from monitor.pipeline.ports import Ledger
from monitor.text import fold, sentences


def sighted(article: Article, *, fresh: tuple[tuple[int, int], ...] | None) -> Sighting:
    """Give an article as the tracker is told of it; `fresh`: spans that may change a figure."""
    document = article.document
    return Sighting(
        document=document.id,
        outlet=document.outlet,
        url=document.url,
        published=document.published,
        voice=article.voice,
        lead=text.lead(document.title, document.text),
        copy=article.verdict == "same",
        fresh=fresh,
    )


class FigureReader:
    """Reads what waits; `heard` is told of each article that was read."""

    def __init__(
        self,
        ledger: Ledger,
        *,
        packs: Packs,
        heard: Callable[[FiguresRead], object] = lambda _: None,
    ) -> None:
        self._ledger = ledger
        self._packs = packs
        self._heard = heard

    def read(self, event: EventId, *, until: int | None = None) -> None:
        """Read the waiting articles of an event, up to the row `until` of the ledger.

        Each is written in a transaction of its own; raises StateError.
        """
        state = None
        for waiting in self._ledger.unread(event, until=until):
            state = state or self._ledger.figure_state(event)
            found = self._read(waiting, state)
            self._ledger.record_figures(found)
            self._heard(found)
            state = found.advance.state

    def _read(self, waiting: Unread, state: FigureState) -> FiguresRead:
        article, document = waiting.article, waiting.article.document
        readings = self._readings(document, state)
        sighting = sighted(article, fresh=waiting.fresh)
        if waiting.earlier is not None:
            said = self._readings(replace(document, text=waiting.earlier), state)
            withdrawn = frozenset(map(_value, said)) - frozenset(map(_value, readings))
            readings = _unsaid(readings, waiting.earlier, document.text)
            sighting = replace(sighting, published=waiting.at, copy=False, withdrawn=withdrawn)
        return FiguresRead(
            article=article,
            readings=readings,
            grammar=GRAMMAR,
            advance=advance(state, readings, sighting),
            at=waiting.at,
            version=waiting.version,
        )

    def _readings(self, document: Document, state: FigureState) -> tuple[Reading, ...]:
        return read(
            document.text,
            language=document.language,
            published=document.published,
            packs=self._packs,
            title=document.title,
            series=state.series,
        )


def _unsaid(readings: tuple[Reading, ...], earlier: str, now: str) -> tuple[Reading, ...]:
    """The readings in sentences that the version before did not have."""
    said = {fold(earlier[start:end]) for start, end in sentences(earlier)}
    fresh = [span for span in sentences(now) if fold(now[slice(*span)]) not in said]
    return tuple(r for r in readings if any(a <= r.start and r.end <= b for a, b in fresh))


def _value(reading: Reading) -> tuple[Decimal, Decimal]:
    return reading.low, reading.high
