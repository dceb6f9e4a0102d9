"""Builders and fakes for tests, ours and yours; each fake fails on command."""

from collections import deque
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from monitor.config import Target
from monitor.model import (
    Coverage,
    DeliveryError,
    Digest,
    DocumentId,
    EventId,
    EventOpened,
    FigureChange,
    FigureChanged,
    FigureLine,
    Item,
    Kind,
    Message,
    Observation,
    Outcome,
    Qualifier,
    Reading,
    Receipt,
    SeriesId,
    Source,
)

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
EVENT = EventId("ev-k3m7qx2d")


def reading(
    quote: str,
    surface: str,
    value: int | str | tuple[int | str, int | str],
    *,
    qualifier: Qualifier = Qualifier.EXACT,
    kind: Kind = Kind.COUNT,
    unit: str = "",
    role: str = "",
    claimant: str = "",
    offset: int = 0,
) -> Reading:
    """A reading whose quote begins at `offset` of its document; a pair is a range."""
    low, high = value if isinstance(value, tuple) else (value, value)
    start = offset + quote.index(surface)
    return Reading(
        start=start,
        end=start + len(surface),
        surface=surface,
        low=Decimal(low),
        high=Decimal(high),
        qualifier=qualifier,
        kind=kind,
        unit=unit,
        quote_start=offset,
        quote_end=offset + len(quote),
        quote=quote,
        role=role,
        claimant=claimant,
    )


def observation(
    seen: Reading, *, document: str = "a1", outlet: str = "Outlet A", at: datetime = NOON
) -> Observation:
    """A reading in a document at `https://DOCUMENT.example/DOCUMENT`."""
    return Observation(
        reading=seen,
        document=DocumentId(document),
        outlet=outlet,
        url=f"https://{document}.example/{document}",
        published=at,
        voice=outlet,
    )


def source(
    document: str = "a1",
    outlet: str = "Outlet A",
    *,
    at: datetime = NOON,
    title: str = "A headline",
    agency: str = "",
    copies: int = 0,
) -> Source:
    """An article at `https://DOCUMENT.example/DOCUMENT`."""
    return Source(
        document=DocumentId(document),
        outlet=outlet,
        url=f"https://{document}.example/{document}",
        title=title,
        published=at,
        agency=agency,
        copies=copies,
    )


def figure_changed(
    before: Observation,
    after: Observation,
    *,
    label: str = "People killed",
    event: EventId = EVENT,
    figure: str = "killed",
    reason: str = "12 -> 15 by the same claimant",
) -> FigureChanged:
    return FigureChanged(
        event=event,
        series=SeriesId(f"{event}/{figure}"),
        label=label,
        before=before,
        after=after,
        reason=reason,
    )


def opened(title: str = "A headline", *, event: EventId = EVENT) -> EventOpened:
    return EventOpened(event=event, document=DocumentId("a1"), title=title)


def item(
    title: str = "A headline",
    *,
    event: EventId = EVENT,
    opened: bool = True,
    baseline: bool = False,
    changes: tuple[FigureChange, ...] = (),
    figures: tuple[FigureLine, ...] = (),
    sources: tuple[Source, ...] = (),
    lead: tuple[tuple[str, int], ...] = (),
    independent: int | None = None,
    copies: int = 0,
    new_sources: int = 0,
    watches: tuple[str, ...] = ("Ships",),
    terms: tuple[str, ...] = ("ferry",),
    joined_by: tuple[str, ...] = (),
    threshold: str = "",
    first_seen: datetime = NOON,
) -> Item:
    """An event with one article unless told otherwise."""
    sources = sources or (source(at=first_seen, title=title),)
    return Item(
        event=event,
        title=title,
        titled=True,
        lead=lead,
        first_seen=first_seen,
        opened=opened,
        baseline=baseline,
        changes=changes,
        figures=figures,
        sources=sources,
        independent=len(sources) if independent is None else independent,
        copies=copies,
        new_sources=new_sources,
        watches=watches,
        terms=terms,
        joined_by=joined_by,
        threshold=threshold,
    )


def digest(
    *items: Item,
    target: str = "desk",
    key: str = "changes:c1",
    at: datetime = NOON,
    timezone: str = "Europe/Warsaw",
    slot: datetime | None = None,
    more: int = 0,
    released: int = 0,
    muted: int = 0,
    coverage: Coverage | None = None,
    notes: tuple[str, ...] = (),
    sample: bool = False,
    next_slot: datetime | None = None,
) -> Digest:
    return Digest(
        target=target,
        key=key,
        at=at,
        timezone=timezone,
        slot=slot,
        items=items,
        more=more,
        released=released,
        muted=muted,
        coverage=coverage or Coverage(feeds=42),
        notes=notes,
        sample=sample,
        next_slot=next_slot,
    )


class Mailbox:
    """A notifier that keeps what it is sent; fails as often as it is told to, then works again."""

    def __init__(self, *, at: datetime = NOON) -> None:
        self.at = at
        self.arrived: list[Message] = []
        self._faults: deque[tuple[bool, DeliveryError]] = deque()

    def send(self, message: Message, target: Target) -> Outcome:  # noqa: ARG002 - the Protocol's
        """Keep a message, or fail as told."""
        if not self._faults:
            self.arrived.append(message)
            return Receipt(at=self.at)
        arrives, error = self._faults.popleft()
        if arrives:
            self.arrived.append(message)
        return error

    def refuse(self, reason: str = "550 no such user", *, times: int = 1) -> None:
        """Refuse for good."""
        self._fail(DeliveryError(kind="permanent", reason=reason), times, arrives=False)

    def be_down(self, reason: str = "connection refused", *, times: int = 1) -> None:
        """Fail for the moment."""
        self._fail(DeliveryError(kind="temporary", reason=reason), times, arrives=False)

    def lose_ack(self, *, times: int = 1) -> None:
        """Deliver, and answer nothing."""
        lost = DeliveryError(kind="unknown", reason="the answer was lost")
        self._fail(lost, times, arrives=True)

    def _fail(self, error: DeliveryError, times: int, *, arrives: bool) -> None:
        self._faults.extend([(arrives, error)] * times)

    def subjects(self) -> Sequence[str]:
        return [message.subject for message in self.arrived]
