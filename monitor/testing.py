"""Builders and fakes for tests, ours and yours; each fake fails on command."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from http import HTTPStatus
from typing import Literal

from monitor import extract, feeds
from monitor.config import PrivateNetwork, Target
from monitor.errors import NewsmonError
from monitor.model import (
    Coverage,
    DeliveryError,
    Digest,
    DocumentId,
    EntryId,
    EventId,
    EventOpened,
    Extracted,
    Fetched,
    FetchProblem,
    FetchResult,
    FigureChange,
    FigureChanged,
    FigureLine,
    Form,
    Item,
    Kind,
    Message,
    NotModified,
    Observation,
    Outcome,
    ParsedFeed,
    Qualifier,
    Reading,
    Receipt,
    Recipient,
    SeriesId,
    Source,
    Unreachable,
    Validators,
    WorkerProblem,
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
    reason: str = "12 -> 15 by the same claimant",
) -> FigureChanged:
    return FigureChanged(
        event=EVENT,
        series=SeriesId(f"{EVENT}/killed"),
        label=label,
        before=before,
        after=after,
        reason=reason,
    )


def opened(title: str = "A headline") -> EventOpened:
    return EventOpened(event=EVENT, document=DocumentId("a1"), title=title)


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

    def be_down(self, *, times: int = 1) -> None:
        """Fail for the moment."""
        down = DeliveryError(kind="temporary", reason="connection refused")
        self._fail(down, times, arrives=False)

    def lose_ack(self, *, times: int = 1) -> None:
        """Deliver, and answer nothing."""
        lost = DeliveryError(kind="unknown", reason="the answer was lost")
        self._fail(lost, times, arrives=True)

    def _fail(self, error: DeliveryError, times: int, *, arrives: bool) -> None:
        self._faults.extend([(arrives, error)] * times)

    def recipients(self, target: Target) -> tuple[Recipient, ...]:
        """One recipient a target, who reads mail."""
        return (Recipient(key=f"{target.name}@example.org", form=Form.MAIL, limit=100_000),)

    def subjects(self) -> Sequence[str]:
        return [message.subject for message in self.arrived]


class StubFetcher:
    """A web of pages in memory; what is not put there does not exist."""

    def __init__(self, *, at: datetime = NOON) -> None:
        self.at = at
        self.asked: list[str] = []
        self._pages: dict[str, Fetched | Unreachable] = {}
        self._moved: dict[str, str] = {}

    def put(self, url: str, body: str, *, etag: str = "") -> None:
        """Serve a body; with an `etag`, answer 304 to who names it."""
        self._pages[url] = Fetched(
            url=url,
            final_url=url,
            status=200,
            body=body.encode(),
            validators=Validators(etag=etag),
            at=self.at,
        )

    def fail(self, url: str, reason: str, *, status: int | None = None) -> None:
        """Answer an address with a failure from now on; without a status no machine answers."""
        problem = FetchProblem.GONE if status == HTTPStatus.GONE else FetchProblem.UNREACHABLE
        self._pages[url] = Unreachable(
            url=url,
            problem=problem,
            reason=reason,
            at=self.at,
            status=status,
            silent=status is None,
        )

    def move(self, url: str, to: str) -> None:
        """Lead from an address to another, for good, from now on."""
        self._moved[url] = to

    async def get(
        self,
        url: str,
        *,
        kind: Literal["feed", "page"],  # noqa: ARG002 - the Protocol's
        home: str,  # noqa: ARG002 - the Protocol's
        validators: Validators | None = None,
        allow: Sequence[PrivateNetwork] = (),  # noqa: ARG002 - the Protocol's
        headers: Mapping[str, str] | None = None,  # noqa: ARG002 - the Protocol's
        auth: tuple[str, str] | None = None,  # noqa: ARG002 - the Protocol's
    ) -> FetchResult:
        """Answer from memory, stamped with the hour it is."""
        self.asked.append(url)
        moved_to = self._moved.get(url, "")
        page = self._pages.get(moved_to or url)
        if page is None:
            gone = FetchProblem.UNREACHABLE
            return Unreachable(url=url, problem=gone, reason="HTTP 404", at=self.at, status=404)
        known = validators.etag if validators else ""
        if isinstance(page, Unreachable):
            return replace(page, at=self.at)
        if known and known == page.validators.etag:
            kept = page.validators
            return NotModified(url=url, at=self.at, validators=kept, moved_to=moved_to)
        return replace(page, at=self.at, moved_to=moved_to)


class InlineReader:
    """Parses and extracts in this process: for texts that are known to be harmless."""

    kills = 0

    async def parse(
        self, body: bytes, *, url: str, now: datetime, known: frozenset[EntryId] = frozenset()
    ) -> ParsedFeed | WorkerProblem:
        """Parse as the workers do."""
        try:
            return feeds.parse(body, url=url, now=now, known=known)
        except NewsmonError as error:
            return WorkerProblem(kind="unparsable", reason=str(error))

    async def extract(
        self, body: bytes, *, url: str, now: datetime, language: str = "", dated: bool = False
    ) -> Extracted | WorkerProblem:
        """Extract as the workers do."""
        return extract.extract(body, url=url, now=now, language=language, dated=dated)
