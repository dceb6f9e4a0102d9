"""What rests in the beds between the jobs: the values that pipeline and store exchange."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, TypeAlias

from monitor.model import (
    NO_RHYTHM,
    Advance,
    Change,
    ChangeId,
    ClusterDelta,
    Document,
    DocumentId,
    Entry,
    EventId,
    EventOpened,
    FigureState,
    Message,
    ParsedFeed,
    Placement,
    Reading,
    Rhythm,
    SeriesId,
    Signature,
    Validators,
    Verdict,
)

NO_VALIDATORS = Validators()
OverrideKind: TypeAlias = Literal["merge", "split", "join", "separate", "ignore", "follow"]

# -- inbox ----------------------------------------------------------------------------------------


class FeedState(NamedTuple):
    """What is remembered of a feed between two polls.

    A tuple, since a round makes two for each feed: a frozen dataclass of so many fields takes as
    long as a tenth of the whole poll.
    """

    url: str
    title: str = ""
    language: str = ""
    validators: Validators = NO_VALIDATORS
    baseline_done: bool = False
    next_due: datetime | None = None
    not_before: datetime | None = None  # the server's own wish (Retry-After)
    pause: timedelta = timedelta(0)  # the adaptive interval; zero before the first success
    rhythm: Rhythm = NO_RHYTHM
    address: str = ""  # where it moved for good, when that was adopted
    moved_to: str = ""  # where the last answers pointed for good …
    moves: int = 0  # … so many times in a row
    failures: int = 0  # in a row
    failing_since: datetime | None = None
    problem: str = ""
    gone: bool = False  # the server says for good (410)
    told: Literal["", "failing", "gone", "moved"] = ""  # what the operator was told last
    last_poll: datetime | None = None
    last_new: datetime | None = None
    left_out: int = 0  # entries of the last body that wait for the next poll


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What one poll leaves in the inbox; `parsed` is None where no entries came."""

    state: FeedState
    at: datetime
    parsed: ParsedFeed | None = None
    baseline: bool = False
    problem: str = ""  # why nothing came, for a person

    @property
    def url(self) -> str:
        return self.state.url


class Unchanged(NamedTuple):
    """A poll that found nothing new in a feed that is well: only its times are written.

    A tuple for the same reason: so ends nearly every poll.
    """

    url: str
    at: datetime
    next_due: datetime
    pause: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """Entries that are not whole, or not there."""

    dropped: int = 0  # neither text nor title
    undated: int = 0  # first sight stands for the date
    blocked: int = 0  # the site would not show us the page: the feed's own text stands
    unreadable: int = 0  # the same for every other reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An entry that has not been judged yet."""

    seq: int
    feed: str
    entry: Entry
    first_seen: datetime
    baseline: bool
    attempts: int
    revisions: int = 0  # times it came back edited


# -- ledger ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Everything that one document adds to the ledger: written in one transaction."""

    document: Document
    signature: Signature
    furniture: tuple[str, ...]  # sentences printed under many articles, left out of comparing
    verdict: Verdict
    voice: str
    event: EventId
    placement: Placement
    delta: ClusterDelta | None
    opened: EventOpened | None
    figures: FigureState | None  # of the events that this article joined, merged
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """What a new version of a document adds to the ledger; its figures wait to be read."""

    document: Document
    signature: Signature
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """An entry that gives no document; it is counted, never dropped unsaid."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """An entry whose page did not come; it is tried again."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRecord:
    """An event as it stands, merges applied."""

    id: EventId
    title: str
    titled: bool  # False: a first sentence stands in for a headline
    language: str
    first_seen: datetime
    baseline: bool
    follows: EventId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A document with what was decided about it."""

    seq: int
    document: Document
    event: EventId
    verdict: str
    of: DocumentId | None
    voice: str
    arrived: int = 0  # order of arrival; a new version arrives again
    joined_by: tuple[str, ...] = ()  # the heaviest words that placed it


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """An article whose figures nobody could want so far.

    `fresh`: spans that may change a figure; None is the whole text. `at`: when it was judged.
    `version` counts the edits so far; `earlier` is what the document said before the last.
    """

    article: Article
    fresh: tuple[tuple[int, int], ...] | None
    at: datetime
    version: int = 0
    earlier: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresRead:
    """All that the figures of one article add to the ledger: written in one transaction."""

    article: Article
    readings: tuple[Reading, ...]
    grammar: str
    advance: Advance
    at: datetime
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A document out of an entry; `fallback` says why the feed's own text had to do."""

    document: Document
    fallback: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A change as it rests in the ledger."""

    seq: int
    id: ChangeId
    kind: str
    change: Change
    event: EventId  # merges applied
    document: DocumentId
    at: datetime
    baseline: bool  # found in a feed's first poll: never told


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A person's correction, as it is done again in a replay.

    Events and figures are named by an article of theirs, which any replay knows: an event is
    `DOCUMENT`, a figure `DOCUMENT/FIGURE`. `merge`: two events. `split`: an article that stays,
    then those that go. `join`: two figures. `separate`: a figure, then the articles whose readings
    are of another. `ignore`, `follow`: a figure.
    """

    kind: OverrideKind
    what: tuple[str, ...]
    note: str
    at: datetime
    after: int = 0  # arrival of the newest article then


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """An article of an event with its readings, as the ledger has them."""

    article: Article
    readings: tuple[Reading, ...]
    series: tuple[SeriesId | None, ...]
    fresh: tuple[tuple[int, int], ...] | None  # as in Unread


# -- outbox ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A change that a target is to hear of, once."""

    target: str
    change: ChangeId
    kind: str
    event: EventId
    series: SeriesId | None
    watches: tuple[str, ...]
    created: datetime
    seq: int = 0
    state: Literal["held", "posted", "skipped"] = "held"
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a target knows of an event."""

    at: datetime
    sources: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """Digests that nobody got: their notices are held again, to be told in one message."""

    events: frozenset[EventId] = frozenset()
    since: datetime | None = None  # when the oldest of them was posted


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A message with the story of its sending."""

    message: Message
    state: Literal["waiting", "sending", "sent", "unknown", "dead", "dropped"]
    attempts: int
    created: datetime
    next_try: datetime
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A watch's words stood in a document."""

    article: Article
    watch: str
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """Silence with an expiry: an event, `event/figure`, `outlet:NAME` or `watch:NAME`."""

    what: str
    until: datetime
    note: str
