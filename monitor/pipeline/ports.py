"""What the jobs ask of the world: the caller owns these interfaces."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

from monitor.beds import (
    Article,
    Delivery,
    EventRecord,
    FeedState,
    FiguresRead,
    Gaps,
    Hit,
    Judged,
    Later,
    Mute,
    Notice,
    Override,
    Poll,
    Recorded,
    Rejected,
    Revised,
    Stated,
    TakenBack,
    Told,
    Unchanged,
    Unread,
    Waiting,
)
from monitor.config import Feed, PrivateNetwork, Target
from monitor.model import (
    Candidate,
    ChangeId,
    ClusterDelta,
    ClusterMemory,
    Document,
    DocumentId,
    EntryId,
    EventId,
    Extracted,
    FetchResult,
    FigureState,
    Message,
    MessageId,
    Outcome,
    ParsedFeed,
    Recipient,
    SeriesId,
    Signature,
    Validators,
    WorkerProblem,
)

if TYPE_CHECKING:
    from monitor.watch import CompiledWatch

T = TypeVar("T")


class Desk(Protocol):
    """The one thread that touches the beds: work is done there in order."""

    async def __call__(self, work: Callable[..., T], /, *args: Any, **named: Any) -> T: ...


class Fetcher(Protocol):
    """The guarded way to a web server; failure is a value."""

    async def get(
        self,
        url: str,
        *,
        kind: Literal["feed", "page"],
        home: str,
        validators: Validators | None = None,
        allow: Sequence[PrivateNetwork] = (),
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
    ) -> FetchResult: ...


class Reader(Protocol):
    """Hostile bytes to values, in a process that may be killed; `kills` counts those that were."""

    kills: int

    async def parse(
        self, body: bytes, *, url: str, now: datetime, known: frozenset[EntryId] = frozenset()
    ) -> ParsedFeed | WorkerProblem: ...

    async def extract(
        self, body: bytes, *, url: str, now: datetime, language: str = "", dated: bool = False
    ) -> Extracted | WorkerProblem: ...


class Inbox(Protocol):
    """Bed 1: feeds and their entries."""

    def follow(self, urls: Collection[str]) -> None:
        """Keep a state for these feeds; those of all others rest."""
        ...

    def due(self, *, now: datetime, limit: int) -> tuple[FeedState, ...]:
        """Give the followed feeds that are to be asked, the longest due first."""
        ...

    def feed_state(self, url: str) -> FeedState: ...
    def known(self, url: str) -> frozenset[EntryId]: ...
    def record_polls(self, polls: Sequence[Poll | Unchanged]) -> tuple[int, ...]:
        """Keep feeds' states and their new entries in one transaction; count the new ones."""
        ...

    def troubled(self) -> tuple[FeedState, ...]:
        """Give the feeds of which the operator may have to be told."""
        ...

    def tell(self, url: str, told: str) -> None:
        """Remember what the operator was told of a feed."""
        ...

    def waiting(
        self, *, now: datetime, limit: int, besides: Collection[int] = ()
    ) -> tuple[Waiting, ...]:
        """Give the first entries that are due, oldest first, but for those of these numbers."""
        ...

    def put_off(self, waiting: Waiting, verdict: Later | Rejected) -> None: ...
    def settle(self, waiting: Waiting, document: DocumentId, *, note: str = "") -> None:
        """Call the entry judged and drop its text, which rests in the ledger now."""
        ...

    def feed_states(self) -> tuple[FeedState, ...]: ...
    def gaps(self, *, since: datetime) -> Gaps: ...


class Ledger(Protocol):
    """Bed 2: documents, events, figures, changes."""

    def transaction(self) -> AbstractContextManager[None]: ...
    def event_of(self, document: DocumentId) -> EventId | None: ...
    def known(self, document: Document) -> DocumentId | None:
        """Give the document that already stands for this article: its id, or its address."""
        ...

    def furniture(self, sentences: Collection[int]) -> frozenset[int]: ...
    def candidates(self, signature: Signature, *, since: datetime) -> tuple[Candidate, ...]: ...
    def memory(self, language: str) -> ClusterMemory: ...
    def event(self, event: EventId) -> EventRecord | None: ...
    def is_live(self, event: EventId) -> bool: ...
    def figure_state(self, event: EventId) -> FigureState: ...
    def voice_of(self, document: DocumentId) -> str: ...
    def record(self, judged: Judged) -> None: ...
    def article(self, document: str) -> Article | None: ...
    def earlier(self, document: Document) -> bool:
        """Whether this is what a document said before it was edited."""
        ...

    def revise(self, revised: Revised) -> None:
        """Write a new version of a document, and keep the old; it arrives anew."""
        ...

    def unread(self, event: EventId, *, until: int | None = None) -> tuple[Unread, ...]: ...
    def record_figures(self, read: FiguresRead) -> None: ...
    # what composing asks
    def articles_after(self, seq: int, limit: int) -> tuple[Article, ...]: ...
    def changes_by(self, documents: Sequence[DocumentId]) -> tuple[Recorded, ...]: ...
    def voices(self, event: EventId) -> int: ...
    def articles_of(self, event: EventId) -> tuple[Article, ...]: ...
    def changes(self, ids: Sequence[ChangeId]) -> tuple[Recorded, ...]: ...
    def changes_of(self, event: EventId) -> tuple[Recorded, ...]: ...
    def aliases(self, event: EventId) -> tuple[EventId, ...]:
        """List the events that were merged into this one."""
        ...

    def name_now(self, name: str) -> str:
        """Follow merges to the name that an event or a figure has now."""
        ...


class Overrides(Protocol):
    """A person's corrections, and what they change in the ledger and the outbox."""

    def event_named(self, name: str) -> EventId | None:
        """Give the event that an event's id or an article's leads to, merges followed."""
        ...

    def stated(self, event: EventId) -> tuple[Stated, ...]: ...
    def with_copies(self, documents: Sequence[str]) -> frozenset[DocumentId]:
        """Give these documents and all that repeat them."""
        ...

    def parted(self) -> frozenset[frozenset[EventId]]: ...
    def note(self, override: Override) -> None: ...
    def merge(
        self, kept: EventId, gone: EventId, state: FigureState, deltas: Sequence[ClusterDelta]
    ) -> None: ...
    def split(
        self,
        event: EventId,
        new: EventId,
        taken: Collection[DocumentId],
        states: Sequence[FigureState],
        series: Mapping[DocumentId, Sequence[SeriesId | None]],
        deltas: Sequence[ClusterDelta],
        *,
        old: Collection[EventId],
    ) -> None:
        """Give the articles `taken` an event of their own; their `old` names lead to it."""
        ...

    def rename_figure(
        self, state: FigureState, gone: SeriesId, kept: SeriesId, *, only: Collection[str] = ()
    ) -> None:
        """Write a state, and call a figure by another name; `only` in these documents."""
        ...

    def silence_figure(self, state: FigureState, series: SeriesId) -> None: ...


class Matcher(Protocol):
    """Watches against texts."""

    def matches(
        self,
        compiled: "Sequence[CompiledWatch]",
        documents: Sequence[tuple[str, str, str]],
    ) -> Mapping[tuple[str, str], tuple[str, ...]]: ...


class Outbox(Protocol):
    """Bed 3: who is to hear what, and whether it arrived."""

    def transaction(self) -> AbstractContextManager[None]: ...
    def cursor(self) -> int:
        """How far composing has looked: the last document."""
        ...

    def move_cursor(self, document: int) -> None: ...
    def add_hits(self, hits: Sequence[Hit]) -> None: ...
    def hits_of(self, event: EventId) -> Mapping[str, tuple[str, ...]]: ...
    def announced(self, target: str, event: EventId) -> bool: ...
    def add_notices(self, notices: Sequence[Notice]) -> None: ...
    def held(self, target: str) -> tuple[Notice, ...]: ...
    def close(
        self, notices: Sequence[Notice], state: str, reason: str, digest: str = ""
    ) -> None: ...
    def told(self, target: str, event: EventId) -> Told | None: ...
    def told_figures(
        self, target: str, series: Collection[SeriesId]
    ) -> Mapping[SeriesId, tuple[str, str]]: ...
    def tell(
        self,
        target: str,
        event: EventId,
        told: Told,
        figures: Mapping[SeriesId, tuple[str, str]],
        *,
        digest: str,
    ) -> None: ...
    def mutes(self, *, now: datetime) -> tuple[Mute, ...]: ...
    def served(self, target: str) -> datetime | None: ...
    def serve(self, target: str, slot: datetime) -> None: ...
    def problem(self, target: str) -> str: ...
    def set_problem(self, target: str, problem: str) -> None: ...
    def muted(self, target: str) -> int: ...
    def set_muted(self, target: str, count: int) -> None: ...
    def last_heartbeat(self, target: str) -> str: ...
    def set_heartbeat(self, target: str, week: str) -> None: ...
    def posted_since(self, target: str, since: datetime) -> tuple[datetime, ...]: ...
    def post(
        self, message: Message, *, digest: str, at: datetime, since: datetime | None = None
    ) -> None: ...
    def take_back(self, target: str, *, now: datetime) -> TakenBack:
        """Hold again what nobody got, once a target was tried in vain."""
        ...

    def withdraw(self, target: str, kind: str, *, now: datetime) -> None: ...
    def is_due(self, *, now: datetime) -> bool: ...
    def lease(self, *, now: datetime, until: datetime, busy: Collection[str]) -> Delivery | None:
        """Take the next due message of a target not in `busy`, written down before it is sent."""
        ...

    def settle(
        self, message: MessageId, outcome: Outcome, *, at: datetime, next_try: datetime | None
    ) -> None: ...
    def release_broken(self, *, now: datetime, pauses: Mapping[str, timedelta]) -> int: ...

    def dead(self) -> int: ...
    def unreported(self) -> tuple[Delivery, ...]: ...
    def mark_reported(self, message: MessageId) -> None: ...


class Notifier(Protocol):
    """The way out."""

    def recipients(self, target: Target) -> tuple[Recipient, ...]: ...
    def send(self, message: Message, target: Target) -> Outcome: ...
    def prove(self, target: Target) -> Iterator[str]:
        """Say what would keep a message from arriving, as far as that shows without one."""
        ...


__all__ = [
    "Feed",
    "Fetcher",
    "Inbox",
    "Ledger",
    "Matcher",
    "Notifier",
    "Outbox",
    "Reader",
]
