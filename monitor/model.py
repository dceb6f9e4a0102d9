"""The nouns, in the order of the way of an article (see docs/design.md).

Frozen values; times are aware UTC; text is plain text. `ids` are opaque strings.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Literal, NamedTuple, NewType, TypeAlias

EntryId = NewType("EntryId", str)
DocumentId = NewType("DocumentId", str)
EventId = NewType("EventId", str)
SeriesId = NewType("SeriesId", str)
ChangeId = NewType("ChangeId", str)
MessageId = NewType("MessageId", str)


# -- fetch ----------------------------------------------------------------------------------------


class Validators(NamedTuple):
    """What a server gave us to ask again politely (RFC 9110 §8.8).

    A tuple, as `NotModified`: there is one for each feed in each round.
    """

    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""  # blake2b-128 of a feed's decoded body: for servers without validators


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A body that arrived whole."""

    url: str
    final_url: str
    status: int
    body: bytes
    validators: Validators
    at: datetime
    max_age: timedelta | None = None
    moved_to: str = ""  # every hop was permanent (301, 308): the address to adopt


class NotModified(NamedTuple):
    """304, or the same bytes again."""

    url: str
    at: datetime
    validators: Validators
    max_age: timedelta | None = None
    moved_to: str = ""


class FetchProblem(StrEnum):
    """Why nothing came."""

    REFUSED = "refused"  # our own guard: address, port, scheme, content
    UNREACHABLE = "unreachable"  # name, connection, TLS, an error status
    TIMEOUT = "timeout"
    TOO_LARGE = "too_large"
    GONE = "gone"  # 410


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreachable:
    """Nothing usable came; a value, since the world outside fails every day."""

    url: str
    problem: FetchProblem
    reason: str  # one line for a person
    at: datetime
    status: int | None = None
    retry_after: timedelta | None = None  # the server's own wish
    silent: bool = False  # no machine answered: the name unknown, no way there


FetchResult: TypeAlias = Fetched | NotModified | Unreachable


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One element of a feed; text fields are plain text."""

    id: EntryId  # stable within its feed: see feeds.identify
    url: str  # "" when the feed gives none that may be shown
    title: str
    summary: str
    content: str  # the feed's own full text, or ""
    published: datetime | None
    author: str = ""
    own_page: bool = True  # False: no link, or one that names no article (a front page)
    keys: tuple[str, ...] = ()  # by any of these an entry is known again: guid, link, title
    content_hash: str = ""  # of what a reader sees: another one is an edited entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """When a feed asks to be left alone, in UTC."""

    ttl: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()  # 0 to 23
    skip_days: frozenset[int] = frozenset()  # 0 is Monday


NO_RHYTHM = Rhythm()


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed's entries, newest first as the feed has them."""

    title: str
    language: str
    entries: tuple[Entry, ...]
    rhythm: Rhythm = NO_RHYTHM
    left_out: int = 0  # entries beyond the cap of one poll
    parts: tuple[str, ...] = ()  # of a sitemap's index: the addresses that hold the entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """What a page holds: text without furniture, and where it says it comes from."""

    title: str
    text: str
    published: datetime | None
    dated_by: Literal["page", "guess", ""]  # metadata, htmldate's guess, nothing
    language: str
    author: str
    outlet: str
    canonical_url: str
    agency: str
    usable: bool
    problem: str  # "" or why it is not usable


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerProblem:
    """A body that could not be read; its worker may have been killed for it."""

    kind: Literal["timeout", "memory", "crashed", "unparsable"]
    reason: str  # one line for a person


# -- documents ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An extracted article."""

    id: DocumentId
    url: str
    outlet: str
    title: str
    text: str
    language: str  # ISO 639-1, "" when unknown
    published: datetime
    seen: datetime  # arrival
    agency: str = ""
    source: Literal["page", "feed", "archive"] = "page"
    baseline: bool = False  # found by a feed's first poll


CANDIDATES_KEPT = timedelta(days=14)  # how long a text is remembered: a copy may be one of it
COMMON_ANCHOR = 200  # documents: an anchor that more of them have is furniture or a phrase
# Furniture is a sentence seen in so many families of the archive, whatever the outlet: a document
# counts with its signature's `sentences` under its original's id, a copy under that of the first
# text, so that one syndicated story never makes its own sentences furniture. Consent and
# subscription texts are shared within groups of papers: counting each outlet by itself finds less.
FURNITURE_ORIGINALS = 3
_ANCHORS_SHARED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A text reduced to what a comparison needs; comparable within one `version` only.

    `shingles`: sorted uint32, little endian. `bands` and `anchors`: signed 32-bit keys of the two
    lanes that propose candidates. `sentences`: hashes of the short sentences (signed 64-bit), for
    learning what an outlet prints under every article.
    """

    version: str
    exact: bytes  # blake2b-128 of the normalised text
    shingles: bytes
    bands: tuple[int, ...]
    anchors: tuple[int, ...]
    sentences: tuple[int, ...]

    @property
    def anchors_needed(self) -> int:
        """How many anchors a candidate shares with it; half of them for a tiny text."""
        return max(1, min(_ANCHORS_SHARED, -(-len(self.anchors) // 2)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An earlier document that may share its text with a new one."""

    document: Document
    signature: Signature
    original: DocumentId | None = None  # of what it is itself a copy
    event: EventId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureDifference:
    """A sentence that both texts have, with other numbers in it."""

    old_sentence: str
    new_sentence: str
    gone: tuple[str, ...]
    fresh: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """No earlier article shares enough text; `nearest` is the best there was."""

    nearest: DocumentId | None = None
    of_new: float = 0.0
    of_old: float = 0.0
    note: str = ""  # a guard that spoke, such as "series report"


@dataclass(frozen=True, slots=True, kw_only=True)
class Same:
    """The text was seen before and no figure changed."""

    of: DocumentId
    of_new: float  # share of the new text's shingles that the old one has
    of_old: float
    passage: str  # a shared passage, for `why`


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """The text was seen before, but states other figures."""

    of: DocumentId
    of_new: float
    of_old: float
    passage: str
    figures: tuple[FigureDifference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extends:
    """It contains an earlier article and adds to it; only `fresh` is news.

    `fresh`: character spans of the new document's text.
    """

    of: DocumentId
    of_new: float
    of_old: float
    passage: str
    fresh: tuple[tuple[int, int], ...]


Verdict: TypeAlias = Original | Same | Update | Extends
VERDICT_NAMES: Mapping[type, str] = {
    Original: "original",
    Same: "same",
    Update: "update",
    Extends: "extends",
}


# -- events ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedWord:
    """A word that carried a placement; `weight` is its part of the cosine."""

    word: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The document began an event; `runner_up` is the best that was turned down."""

    event: EventId
    runner_up: EventId | None = None
    score: float = 0.0  # of the runner-up
    follows: EventId | None = None  # an earlier event that this one continues


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """The document belongs to a known event."""

    event: EventId
    score: float
    shared: tuple[SharedWord, ...]
    features: Mapping[str, float]
    runner_up: EventId | None = None
    runner_up_score: float = 0.0
    merged: tuple[EventId, ...] = ()  # events found to be this one; `event` is the oldest


@dataclass(frozen=True, slots=True, kw_only=True)
class Inherited:
    """A copy follows its original, an archive's given event is obeyed."""

    event: EventId
    reason: str


Placement: TypeAlias = Opened | Joined | Inherited


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterDelta:
    """What one placement changed in the clusterer's memory: written with the document.

    `events` are packed states to write (at most one); a written event becomes the newest row.
    `words` is one row for the window of recent words, empty when the document adds none (a copy);
    `dropped` of the window's oldest rows leave with it.
    """

    language: str
    events: tuple[tuple[EventId, bytes], ...] = ()
    gone: tuple[EventId, ...] = ()  # merged away or idle for too long
    words: bytes = b""
    dropped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterMemory:
    """What a clusterer is rebuilt from after a restart.

    `events` in the order of their last write, `words` in the order of arrival.
    """

    language: str
    events: tuple[tuple[EventId, bytes], ...] = ()
    words: tuple[bytes, ...] = ()


# -- figures --------------------------------------------------------------------------------------


class Qualifier(StrEnum):
    """How a number is hedged."""

    EXACT = "exact"
    ABOUT = "about"
    NEARLY = "nearly"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    LESS_THAN = "less_than"
    RANGE = "range"
    VAGUE = "vague"


class Kind(StrEnum):
    """What sort of number it is."""

    COUNT = "count"
    PERCENT = "percent"
    MONEY = "money"
    MEASURE = "measure"
    MAGNITUDE = "magnitude"


class Modality(StrEnum):
    """Whether it is stated as a fact."""

    ASSERTED = "asserted"
    POSSIBLE = "possible"  # feared, could, may
    DENIED = "denied"


class TimeFrame(StrEnum):
    """Of which time the number speaks."""

    CURRENT = "current"
    OLD = "old"  # the "from" of "from 44 to 59"
    BACKGROUND = "background"  # another, earlier happening


class Counting(StrEnum):
    """A running total or one incident's part of it."""

    TOTAL = "total"
    INCIDENT = "incident"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One number as one document states it.

    `start`, `end`, `quote_start`, `quote_end` are character offsets into the document's text, and
    `text[start:end] == surface`. `low` and `high` are as stated, in `unit`, never converted; open
    ends live in the qualifier. `noise` names why a number is no figure ("date", "age", …).
    """

    start: int
    end: int
    surface: str
    low: Decimal
    high: Decimal
    qualifier: Qualifier
    kind: Kind
    unit: str  # "" for a count, "%", ISO currency, "km2", …
    quote_start: int
    quote_end: int
    quote: str
    noun: str = ""  # the thing counted, as written
    role: str = ""  # killed, wounded, deployed, …; open roles are made of noun and verb
    group: str = ""  # children, military, …; "" is everybody
    nations: tuple[str, ...] = ()  # sorted
    subset: str = ""  # "including 12 children", "of whom"
    scope: str = ""  # a place
    modality: Modality = Modality.ASSERTED
    time_frame: TimeFrame = TimeFrame.CURRENT
    counting: Counting = Counting.UNKNOWN
    revised: bool = False  # "revised down to", "corrected"
    rising: bool = False  # "rose to", "now", "climbed"
    conversion: bool = False  # "(309 square miles)": the same figure in another unit
    anaphoric: bool = False  # "these soldiers", "of them"
    headline: bool = False  # stands in the title or in the first sentences
    claimant: str = ""  # "" is the outlet itself
    noise: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A reading seen in a document: what a track is made of and a change points to."""

    reading: Reading
    document: DocumentId
    outlet: str
    url: str
    published: datetime
    voice: str  # the independent source: agency or outlet, after copies fold
    copy: bool = False  # of a copy: adds no voice


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What the tracker must know of the document whose readings it is given.

    `lead`: headline and first sentences; the places named there are the event's own.
    `fresh`: character spans that may change a figure; None is the whole text.
    `withdrawn`: of a new version of a document, the values (low, high) that it no longer states.
    """

    document: DocumentId
    outlet: str
    url: str
    published: datetime
    voice: str  # the independent source: agency or outlet, after copies fold
    lead: str = ""
    copy: bool = False  # seen before: adds neither voice nor change
    fresh: tuple[tuple[int, int], ...] | None = None
    withdrawn: frozenset[tuple[Decimal, Decimal]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One named claimant's part of a series."""

    claimant: str
    decided: Observation  # what this claimant's next reading is compared with
    latest: Observation  # newest by `published`


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The readings of one figure of one event."""

    id: SeriesId
    role: str
    kind: Kind
    dimension: str  # "count", "area", "USD", "%": what may be compared
    thing: str  # who or what is counted: a group, or the noun's head; "" is people at large
    nations: tuple[str, ...]
    subset: str
    scope: str
    label: str  # in words: "North Korean troops in Kursk"
    decided: Observation  # what the next reading is compared with
    latest: Observation  # newest by `published`, decided or not
    previous: Observation | None = None  # before `decided`, for taking an outlier back
    held: Observation | None = None  # a leap that waits for a second voice
    doubts: tuple[Observation, ...] = ()  # far lower values of other voices since `decided`
    voices: tuple[str, ...] = ()  # independent voices for `decided`
    tracks: tuple[Track, ...] = ()
    disputed: bool = False
    running: bool = False  # the sum of a long event, beside which its incidents are told
    values: int = 1  # observations so far
    articles: int = 1  # that spoke of it and were not late
    below: int = 0  # of these, with a far lower value: incidents are told beside the total


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureState:
    """All that the tracker remembers of one event."""

    event: EventId
    began: datetime | None = None  # earliest `published`
    documents: int = 0
    lead_words: Mapping[str, int] = field(default_factory=dict)  # folded, of how many leads
    series: tuple[Series, ...] = ()
    aliases: Mapping[SeriesId, SeriesId] = field(default_factory=dict)  # merged away -> kept
    joined: tuple[Series, ...] = ()  # by hand: what fits one of these belongs to its alias
    ignored: tuple[SeriesId, ...] = ()  # by hand: followed, never told

    @property
    def shown(self) -> tuple[Series, ...]:
        return tuple(each for each in self.series if each.id not in self.ignored)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Why a reading did or did not become a change."""

    series: SeriesId | None
    start: int  # of the reading
    outcome: Literal["opens", "changes", "disputes", "corrects", "silent", "untracked"]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """The tracker's answer to one document; `assigned`, `decisions` run beside the readings."""

    state: FigureState
    assigned: tuple[SeriesId | None, ...]
    changes: tuple["FigureChange", ...]
    decisions: tuple[Decision, ...]


# -- changes --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class EventOpened:
    """Something new happened."""

    event: EventId
    document: DocumentId
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureChanged:
    """A figure moved: old -> new."""

    event: EventId
    series: SeriesId
    label: str
    before: Observation
    after: Observation
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureDisputed:
    """Claimants state values that exclude each other; `sides` newest first."""

    event: EventId
    series: SeriesId
    label: str
    sides: tuple[Observation, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureCorrected:
    """A figure was taken back or revised down."""

    event: EventId
    series: SeriesId
    label: str
    before: Observation
    after: Observation
    reason: str


FigureChange: TypeAlias = FigureChanged | FigureDisputed | FigureCorrected
Change: TypeAlias = EventOpened | FigureChange
CHANGE_KINDS: Mapping[type, str] = {
    EventOpened: "event_opened",
    FigureChanged: "figure_changed",
    FigureDisputed: "figure_disputed",
    FigureCorrected: "figure_corrected",
}


# -- digests --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An outlet of an event as a digest lists it: its newest article."""

    document: DocumentId
    outlet: str
    url: str
    title: str
    published: datetime
    agency: str = ""
    copies: int = 0  # other outlets with the same text
    earlier: int = 0  # articles of its own that this outlet had before
    titled: bool = True  # False: the first sentence stands in for a headline


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureLine:
    """What the sources of an event say of one figure; `values` newest first, one a claimant."""

    series: SeriesId
    label: str
    values: tuple[Observation, ...]
    history: tuple[Observation, ...] = ()  # oldest first
    disputed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One event in a digest: what is new about it, and the event around it."""

    event: EventId
    title: str
    titled: bool
    lead: tuple[tuple[str, int], ...]  # quoted sentences with the number of their source
    first_seen: datetime
    opened: bool  # the target hears of this event for the first time
    changes: tuple[FigureChange, ...]
    figures: tuple[FigureLine, ...]
    sources: tuple[Source, ...]
    independent: int
    copies: int
    new_sources: int  # since the target's last message about it
    watches: tuple[str, ...]
    terms: tuple[str, ...]  # the watch's words that hit
    joined_by: tuple[str, ...]  # the words that made it one event
    threshold: str = ""  # the watch's `change`
    follows: tuple[EventId, str] | None = None  # id and title of the event it continues
    baseline: bool = False  # began in a feed's first poll: never called new
    aliases: tuple[EventId, ...] = ()  # events merged into it, for the thread of a mail
    told_at: datetime | None = None  # the target's last message about it
    also: tuple[FigureLine, ...] = ()  # figures that came up since then

    @property
    def articles(self) -> int:
        """How many its outlets have told, copies apart."""
        return sum(1 + source.earlier for source in self.sources)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Whether silence can be trusted."""

    feeds: int
    failing: tuple[str, ...] = ()  # "feed.example since 10 Jan (HTTP 403, 9 tries)"
    summaries_used: int = 0  # pages that could not be read, within a day
    blocked: int = 0  # pages that a site would not show us
    undated: int = 0
    dropped: int = 0  # neither text nor title
    cut: int = 0  # entries that wait since their feed brought too many at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What one target is to hear now."""

    target: str
    key: str  # subject of the delivery id: change ids or the slot
    at: datetime
    timezone: str
    slot: datetime | None  # None: sent at once
    items: tuple[Item, ...]
    more: int = 0  # events left out by `at_most`
    released: int = 0  # held back before: quiet hours, caps
    muted: int = 0
    coverage: Coverage = Coverage(feeds=0)
    notes: tuple[str, ...] = ()  # health: a feed that fails, a delivery given up
    sample: bool = False
    since: datetime | None = None  # of what it tells: the target's digest before this one
    next_slot: datetime | None = None


class Form(StrEnum):
    """How a service wants to be told."""

    MAIL = "mail"
    HTML = "html"  # Telegram, Slack, Webex, Matrix
    MARKDOWN = "markdown"  # Discord, Mattermost, Zulip, ntfy, Gotify
    SHORT = "short"  # SMS, IRC, unknown services
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One address of a target: its own row in the outbox."""

    key: str  # stable and without secrets: "desk@example.org", "json://127.0.0.1/hook"
    form: Form
    limit: int  # what the service takes, in the unit of the form (see render)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A digest in words; `html` only for mail, `text` is the body of every other form."""

    subject: str
    text: str
    html: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A digest in one form for one recipient."""

    id: MessageId
    target: str
    recipient: str
    form: Form
    kind: str  # event_opened, figure_changed, …, digest, health, sample
    event: EventId | None
    thread: tuple[str, ...]  # event ids or the target's digest root, oldest first
    subject: str
    text: str
    html: str = ""
    watches: tuple[str, ...] = ()
    topic: str = ""  # what a thread is called: the event's title, or the target
    possible_repeat: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The service took it."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryError:
    """The service did not take it, or nobody knows."""

    kind: Literal["permanent", "temporary", "unknown"]
    reason: str


Outcome: TypeAlias = Receipt | DeliveryError
