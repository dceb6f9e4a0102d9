"""What is new about an event, for one target: measured against what it was last told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from monitor.beds import EventRecord, Notice, Recorded
from monitor.config import Config, Target
from monitor.figures.parties import party, same_party
from monitor.model import (
    ChangeId,
    EventId,
    EventOpened,
    FigureChange,
    FigureChanged,
    FigureDisputed,
    FigureState,
    Item,
    Observation,
    SeriesId,
)
from monitor.pipeline.item import build_item, combined
from monitor.pipeline.ports import Ledger, Outbox

_Span = tuple[str, str]  # low and high, as they were told


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Reads the ledger for one digest."""

    config: Config
    ledger: Ledger
    outbox: Outbox

    def of(self, target: Target, event: EventId, notices: Sequence[Notice]) -> Item | None:
        """Give what is new about an event, or None when no change is large enough to be told."""
        record = self.ledger.event(event)
        assert record is not None  # noqa: S101 - notices point at events
        state = self.ledger.figure_state(event)
        ids = [each.change for each in notices if each.kind != "event_opened"]
        recorded = self.ledger.changes(ids)
        series = {each.id for each in state.series} | {
            each.change.series for each in recorded if not isinstance(each.change, EventOpened)
        }
        known = self.outbox.told_figures(target.name, series)
        changes = self._large_enough(notices, recorded, known)
        if not changes and all(each.kind != "event_opened" for each in notices):
            return None
        hits = self.outbox.hits_of(event)
        watches = tuple(dict.fromkeys(name for each in notices for name in each.watches))
        return build_item(
            record,
            self.ledger.articles_of(event),
            state,
            changes=changes,
            history=_figure_changes(self.ledger.changes_of(event)),
            told=self.outbox.told(target.name, event),
            known=known.keys(),
            watches=watches,
            terms=tuple(dict.fromkeys(term for name in watches for term in hits.get(name, ()))),
            threshold=_percent(self._threshold(watches)),
            follows=self._followed(record),
            aliases=self.ledger.aliases(event),
        )

    def _followed(self, record: EventRecord) -> tuple[EventId, str] | None:
        earlier = self.ledger.event(record.follows) if record.follows else None
        return (earlier.id, earlier.title) if earlier else None

    def _threshold(self, watches: Sequence[str]) -> Decimal:
        found = [each.change for each in self.config.watches if each.name in watches]
        return min(found, default=Decimal(0))

    def _large_enough(
        self,
        notices: Sequence[Notice],
        recorded: Sequence[Recorded],
        known: Mapping[SeriesId, _Span],
    ) -> list[FigureChange]:
        """One change a figure, and a side of it, measured against what the target was last told."""
        chains: list[list[tuple[ChangeId, FigureChange]]] = []
        for each in recorded:
            if isinstance(each.change, EventOpened):
                continue
            chain = next((c for c in chains if _goes_on(c[-1][1], each.change)), None)
            if chain is None:
                chains.append(chain := [])
            chain.append((each.id, each.change))
        watches = {each.change: each.watches for each in notices}
        kept: list[FigureChange] = []
        for several in chains:
            ident, last = several[-1]
            change = combined(several[0][1], last)
            if moved(change, known.get(last.series), self._threshold(watches.get(ident, ()))):
                kept.append(change)
        return kept


def _goes_on(last: FigureChange, change: FigureChange) -> bool:
    """Whether a change follows another of its figure: in a disagreement, by the same side."""
    if last.series != change.series or type(last) is not type(change):
        return False
    if isinstance(last, FigureDisputed) or isinstance(change, FigureDisputed):
        return True
    before, after = change.before.reading.claimant, last.after.reading.claimant
    named = party(before) and party(after)
    return not named or same_party(before, after)


def moved(change: FigureChange, told: _Span | None, least: Decimal) -> bool:
    """Whether a change reaches the watch's `change`, from what the target was last told."""
    if not isinstance(change, FigureChanged):
        return True
    reading = change.before.reading
    before = (Decimal(told[0]), Decimal(told[1])) if told else (reading.low, reading.high)
    after = change.after.reading
    old, new = (before[0] + before[1]) / 2, (after.low + after.high) / 2
    return old == 0 or abs(new - old) >= least * abs(old)


def figures_told(item: Item, state: FigureState) -> dict[SeriesId, _Span]:
    """Give the figures that a target knows once it has read an item."""
    also = {line.series for line in item.also}
    figures = {
        each.id: _span(each.decided) for each in state.series if item.opened or each.id in also
    }
    for change in item.changes:
        if not isinstance(change, FigureDisputed):
            figures[change.series] = _span(change.after)
    return figures


def _span(seen: Observation) -> _Span:
    return str(seen.reading.low), str(seen.reading.high)


def _figure_changes(recorded: Sequence[Recorded]) -> list[FigureChange]:
    return [each.change for each in recorded if not isinstance(each.change, EventOpened)]


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f}%" if share else ""
