"""One pass over the articles of a language: join the best event, or open a new one."""

import hashlib
from base64 import b32encode
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from heapq import nlargest
from math import log, sqrt
from typing import NamedTuple

from monitor.cluster.index import Index
from monitor.cluster.learnt import Model
from monitor.cluster.scorer import (
    BRIEF,
    DAY,
    FEATURES,
    NAMING,
    Article,
    Match,
    Scorer,
    are_strangers,
    features,
    matches,
    nearness,
)
from monitor.cluster.state import (
    KEPT_NAMES,
    KEPT_OUTLETS,
    KEPT_WORDS,
    EventState,
    Vector,
    heard,
    touched,
    unpack,
)
from monitor.cluster.window import Window
from monitor.cluster.words import Reader, Tokens, key_of_outlet
from monitor.model import (
    ClusterDelta,
    ClusterMemory,
    Document,
    DocumentId,
    EventId,
    Joined,
    Opened,
    Placement,
    SharedWord,
)

IDLE = 14 * DAY  # an event that hears nothing for so long is over, if other things are told
FORGET = 28 * DAY  # so long it is remembered as what a later event may follow
FEW = 50  # articles: an archive of no more forgets nothing
MERGED = 2  # at most so many events merge through one article
SHARED_WORDS = 8


def event_id(first: DocumentId) -> EventId:
    """The name of the event that a document opens: replays agree on it."""
    digest = hashlib.sha256(first.encode()).digest()
    return EventId("ev-" + b32encode(digest).decode().lower()[:10])


class Ranked(NamedTuple):
    """An event considered for an article."""

    score: float
    event: EventId
    state: EventState
    text: Match
    values: tuple[float, ...]


class Clusterer:
    """The events of one language; a pure computation over the memory it holds."""

    def __init__(self, model: Model, language: str) -> None:
        self._model = model
        self._language = language
        self._reader = Reader(
            language,
            model.stop_words.get(language, frozenset()),
            model.nameless.get(language, frozenset()),
            model.determiners.get(language, frozenset()),
        )
        self._window = Window(model.usual(language))
        self._index = Index()
        self._packed: dict[EventId, bytes] = {}  # in the order of the last write

    @classmethod
    def restore(cls, memory: ClusterMemory, model: Model) -> "Clusterer":
        """As it was when the last delta was made; see `ClusterMemory` for the order of rows."""
        self = cls(model, memory.language)
        for row in memory.words:
            self._window.add_row(row)
        self._packed = dict(memory.events)
        for event, packed in sorted(memory.events, key=lambda row: touched(row[1])):
            self._index.enter(event, unpack(packed))
        return self

    def place(
        self, document: Document, *, now: datetime, parted: Collection[frozenset[EventId]] = ()
    ) -> tuple[Placement, ClusterDelta]:
        """Join the document to the best event or open one with it.

        `parted`: pairs of events that a person took apart; they never become one again here.
        """
        found = self._reader.read(document)
        outlet = key_of_outlet(document.outlet)
        row, dropped = self._window.add([*found.cased(), outlet], now.timestamp())
        gone = self._forget_idle()
        article = self._article(found, outlet, min(document.published, now).timestamp())
        headline = self._headline(document)
        if self._goes_on(document, found):
            article = replace(article, thread=self._window.count(outlet) - 1)
        scorer = self._model.title_only if found.title_only else self._model.text
        ranked = self._rank(article, scorer)
        live = [r for r in ranked if r.text.fills or r.state.heard >= self._window.clock - IDLE]
        adds = article if headline is None else self._article(headline, outlet, article.time)
        placement: Placement
        if live and live[0].score >= scorer.join:
            mergeable = live[1 : 1 + MERGED] if headline is None else []
            mergeable = [r for r in mergeable if frozenset((live[0].event, r.event)) not in parted]
            event, state, merged = self._join(adds, live[0], mergeable, scorer)
            gone += merged
            placement = _why_joined(event, live, merged, _shared(article, live[0].state, found))
        else:
            event, state = event_id(document.id), self._opened(adds)
            placement = Opened(
                event=event,
                runner_up=live[0].event if live else None,
                score=live[0].score if live else 0.0,
                follows=_followed(ranked, scorer),
            )
        return placement, ClusterDelta(
            language=self._language,
            events=((event, self._write(event, state)),),
            gone=tuple(gone),
            words=row,
            dropped=dropped,
        )

    def inherit(self, document: Document, event: EventId, *, now: datetime) -> ClusterDelta:
        """A copy takes its original's event: it keeps it alive and adds nothing to its words."""
        packed = self._packed.get(event)
        if packed is None:  # over, or never clustered here
            return ClusterDelta(language=self._language)
        time = min(document.published, now).timestamp()
        state = unpack(packed)
        state = replace(
            state,
            first=min(state.first, time),
            last=max(state.last, time),
            heard=max(self._window.clock, now.timestamp()),
        )
        return ClusterDelta(language=self._language, events=((event, self._keep(event, state)),))

    # -- by hand ----------------------------------------------------------------------------------

    def unite(self, kept: EventId, gone: EventId) -> ClusterDelta:
        """Make one event of two, whatever their words say."""
        states = [unpack(self._packed[each]) for each in (kept, gone) if each in self._packed]
        for each in (kept, gone):
            if each in self._packed:
                self._remove(each)
        if not states:  # both are over
            return ClusterDelta(language=self._language)
        state = states[0] if len(states) == 1 else _united(*states)
        packed = self._write(kept, state)
        return ClusterDelta(language=self._language, events=((kept, packed),), gone=(gone,))

    def part(
        self, event: EventId, left: Sequence[Document], new: EventId, taken: Sequence[Document]
    ) -> tuple[ClusterDelta, ...]:
        """Make two events of one: what is `left` keeps the name, what is `taken` gets a new one."""
        packed = self._packed.get(event)
        if packed is None:
            return ()
        old = unpack(packed)
        # the new event needs an ordinal of its own: an article without words gives it one
        row, dropped = self._window.add((), self._window.clock)
        stays = replace(self._told(left), opened=old.opened, touched=old.touched, heard=old.heard)
        goes = replace(self._told(taken), heard=old.heard)
        return (
            ClusterDelta(language=self._language, events=((event, self._write(event, stays)),)),
            ClusterDelta(
                language=self._language,
                events=((new, self._write(new, goes)),),
                words=row,
                dropped=dropped,
            ),
        )

    def _told(self, documents: Sequence[Document]) -> EventState:
        """The event that these documents make, with the rarities of today."""
        articles = [
            self._article(
                self._headline(each) or self._reader.read(each),
                key_of_outlet(each.outlet),
                each.published.timestamp(),
            )
            for each in documents
        ]
        state = self._opened(articles[0])
        for article in articles[1:]:
            state = self._joined(state, article)
        return state

    # -- one article ------------------------------------------------------------------------------

    def _article(self, found: Tokens, outlet: int, time: float) -> Article:
        everything, names = found.weights(), found.names(self._window.is_name)
        rarities = self._window.rarities(everything)
        return Article(
            everything=_vector(everything, rarities),
            names=_vector(names, rarities),
            proper=self._proper(names),
            naming=sum(names.values()),
            time=time,
            outlet=outlet,
        )

    def _proper(self, names: Iterable[int]) -> AbstractSet[int]:
        return {key for key in names if self._window.is_name(key)}

    def _rank(self, article: Article, scorer: Scorer) -> list[Ranked]:
        """The candidates, best first; a tie goes to the older event."""
        events = self._index.nearest(article.everything, self._window)
        last = self._index.newest(article.outlet) if article.thread else None
        if last is not None and last not in events:
            events.append(last)
        states = [unpack(self._packed[event]) for event in events]
        texts = matches(article, states, self._window.articles)
        newest = [article.time - state.last for state in states]
        near = [nearness(text, age) for text, age in zip(texts, newest, strict=True)]
        most = max(near, default=0.0)
        ranked = []
        for event, state, text, age, own in zip(events, states, texts, newest, near, strict=True):
            oldest = article.time - state.first
            values = features(text, age, oldest, nearest=own >= most)
            score = 0.0 if are_strangers(text, scorer.rest) else scorer.score(values)
            ranked.append(Ranked(max(score, text.thread), event, state, text, values))
        return sorted(ranked, key=lambda r: (-r.score, r.state.opened))

    def _goes_on(self, document: Document, found: Tokens) -> bool:
        """Whether it is a post that says it goes on with an earlier one of its outlet.

        A post has no headline of its own: its title, if any, is how it begins.
        """
        pattern, title = self._model.goes_on.get(document.language), document.title.rstrip(" .…")
        if pattern is None or not document.outlet or not document.text.startswith(title):
            return False
        if found.title_only or len(found.body) > BRIEF:
            return False
        return pattern.search(document.text) is not None

    def _headline(self, document: Document) -> Tokens | None:
        """Of a round-up or live blog what its headline names: the rest tells of other events.

        None for any other article.
        """
        pattern = self._model.round_ups.get(document.language)
        if pattern is None or not pattern.search(document.title):
            return None
        title = pattern.sub(" ", document.title)
        return self._reader.read(replace(document, title=title, text=""))

    # -- what changes -----------------------------------------------------------------------------

    def _opened(self, article: Article) -> EventState:
        ordinal = self._window.ordinal
        empty = EventState(
            opened=ordinal,
            touched=ordinal,
            size=0,
            first=article.time,
            last=article.time,
            heard=self._window.clock,
            everything=Vector(),
            names=Vector(),
        )
        return self._joined(empty, article)

    def _joined(self, state: EventState, article: Article) -> EventState:
        return EventState(
            opened=state.opened,
            touched=self._window.ordinal,
            size=state.size + 1,
            first=min(state.first, article.time),
            last=max(state.last, article.time),
            heard=self._window.clock,
            everything=state.everything.plus(article.everything, 1.0, KEPT_WORDS),
            names=state.names.plus(article.names, 1.0, KEPT_NAMES),
            outlets=state.outlets.plus({article.outlet: 1.0}, 1.0, KEPT_OUTLETS),
        )

    def _join(
        self, article: Article, best: Ranked, rivals: list[Ranked], scorer: Scorer
    ) -> tuple[EventId, EventState, list[EventId]]:
        """Add the article; unite with each rival that it fits as well and that fits as a whole."""
        event, state = best.event, self._joined(best.state, article)
        merged: list[EventId] = []
        for rival in rivals:
            if rival.score < scorer.merge or not self._alike(state, rival.state, scorer):
                continue
            kept, lost = (event, rival.event)
            if rival.state.opened < state.opened:
                kept, lost = lost, kept
            event, state = kept, _united(state, rival.state)
            merged.append(lost)
            self._remove(lost)
        return event, state, merged

    def _alike(self, one: EventState, other: EventState, scorer: Scorer) -> bool:
        """Whether the smaller event, taken as one article, would join the larger."""
        small, large = sorted((one, other), key=lambda state: state.size)
        whole = Article(
            everything=small.everything.unit(),
            names=small.names.unit(),
            proper=self._proper(small.names.keys),
            naming=NAMING,
            time=small.last,
        )
        [text] = matches(whole, [large], max(1, self._window.articles - small.size + 1))
        values = features(text, whole.time - large.last, whole.time - large.first)
        return scorer.score(values) >= scorer.merge

    def _write(self, event: EventId, state: EventState) -> bytes:
        """Keep a state that an article touched; it becomes the newest in the index."""
        self._unindex(event)
        packed = self._keep(event, state)
        self._index.enter(event, unpack(packed))
        return packed

    def _keep(self, event: EventId, state: EventState) -> bytes:
        self._packed.pop(event, None)
        self._packed[event] = packed = state.pack()
        return packed

    def _unindex(self, event: EventId) -> None:
        packed = self._packed.get(event)
        if packed is not None:
            self._index.remove(unpack(packed))

    def _remove(self, event: EventId) -> None:
        self._unindex(event)
        del self._packed[event]

    def _forget_idle(self) -> list[EventId]:
        gone: list[EventId] = []
        if self._window.articles <= FEW:
            return gone
        for event, packed in self._packed.items():
            if self._window.clock - heard(packed) <= FORGET:
                break
            gone.append(event)
        for event in gone:
            self._remove(event)
        return gone


def _vector(counts: Mapping[int, float], rarities: Mapping[int, float]) -> dict[int, float]:
    """TF-IDF of length 1; a count below 1 weighs as it is, above it grows by its logarithm."""
    raw = {key: rarities[key] * (1 + log(n) if n >= 1 else n) for key, n in counts.items()}
    length = sqrt(sum([x * x for x in raw.values()]))
    return {key: x / length for key, x in raw.items()} if length else raw


def _united(one: EventState, other: EventState) -> EventState:
    def sum_of(a: Vector, b: Vector, most: int) -> Vector:
        return a.plus(dict(zip(b.keys, b.weights, strict=True)), b.square, most)

    return EventState(
        opened=min(one.opened, other.opened),
        touched=max(one.touched, other.touched),
        size=one.size + other.size,
        first=min(one.first, other.first),
        last=max(one.last, other.last),
        heard=max(one.heard, other.heard),
        everything=sum_of(one.everything, other.everything, KEPT_WORDS),
        names=sum_of(one.names, other.names, KEPT_NAMES),
        outlets=sum_of(one.outlets, other.outlets, KEPT_OUTLETS),
    )


def _followed(ranked: list[Ranked], scorer: Scorer) -> EventId | None:
    """The event that it would have joined, had both been of one moment."""
    level, followed = scorer.follow, None
    for candidate in ranked:
        score = scorer.score(features(candidate.text, newest=0.0, oldest=0.0))
        if score >= level and not are_strangers(candidate.text, scorer.rest):
            level, followed = score, candidate.event
    return followed


def _why_joined(
    event: EventId, ranked: list[Ranked], merged: list[EventId], shared: tuple[SharedWord, ...]
) -> Joined:
    thread = {"thread": ranked[0].text.thread} if ranked[0].text.thread else {}
    return Joined(
        event=event,
        score=ranked[0].score,
        shared=shared,
        features=dict(zip(FEATURES, ranked[0].values, strict=True)) | thread,
        runner_up=ranked[1].event if len(ranked) > 1 else None,
        runner_up_score=ranked[1].score if len(ranked) > 1 else 0.0,
        merged=tuple(merged),
    )


def _shared(article: Article, event: EventState, found: Tokens) -> tuple[SharedWord, ...]:
    """The words that weigh most in the cosine, heaviest first."""
    parts, written = event.everything.parts(article.everything), found.written()
    return tuple(
        SharedWord(word=written[key].lower(), weight=round(x, 4))
        for key, x in nlargest(SHARED_WORDS, parts.items(), key=lambda item: item[1])
    )
