"""One event as a digest shows it: only what its articles say."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from monitor.beds import Article, EventRecord, Told
from monitor.model import (
    DocumentId,
    EventId,
    FigureChange,
    FigureChanged,
    FigureDisputed,
    FigureLine,
    FigureState,
    Item,
    Observation,
    Series,
    SeriesId,
    Source,
)
from monitor.text import one_line, sentences, words

LEADS = 2  # quoted sentences
LEAD_WORDS = 8  # a shorter sentence is a dateline or a shout
LEAD_LIMIT = 400
FIGURE_LINES = 12
TERMS = 8


def build_item(
    record: EventRecord,
    articles: Sequence[Article],
    state: FigureState,
    *,
    changes: Sequence[FigureChange],
    history: Sequence[FigureChange],
    told: Told | None,
    known: Collection[SeriesId],
    watches: tuple[str, ...],
    terms: tuple[str, ...],
    threshold: str,
    follows: tuple[EventId, str] | None,
    aliases: tuple[EventId, ...],
) -> Item:
    """Gather an event for one target; `told` and `known` figures are what it knows already."""
    sources = sources_of(articles)
    independent = voices(articles)
    opened = told is None
    figures = figure_lines(state, history)
    altered = {change.series for change in changes}
    return Item(
        event=record.id,
        title=record.title,
        titled=record.titled,
        lead=_leads(sources, articles) if opened else (),
        first_seen=record.first_seen,
        opened=opened,
        changes=tuple(changes),
        figures=figures,
        also=tuple(
            line
            for line in figures
            if not opened and line.series not in known and line.series not in altered
        ),
        sources=sources,
        independent=independent,
        copies=sum(each.verdict == "same" for each in articles),
        new_sources=independent - told.sources if told else independent,
        told_at=told.at if told else None,
        watches=watches,
        terms=terms[:TERMS],
        joined_by=_joined_by(articles),
        threshold=threshold,
        follows=follows,
        baseline=record.baseline,
        aliases=aliases,
    )


def voices(articles: Sequence[Article]) -> int:
    """Count the independent sources: copies fold, one agency's text counts once."""
    return len({each.voice for each in articles})


def sources_of(articles: Sequence[Article]) -> tuple[Source, ...]:
    """List every outlet once, with its newest own article; copies count where they come from."""
    outlets = {each.document.id: each.document.outlet for each in articles}
    roots = _roots(articles)
    copies = Counter(
        outlets.get(roots[each.document.id]) for each in articles if each.verdict == "same"
    )
    own = [each for each in articles if each.verdict != "same"] or list(articles[:1])
    counts: Counter[str] = Counter()
    newest: dict[str, Article] = {}
    for each in sorted(own, key=lambda a: (a.document.published, a.seq)):
        outlet = each.document.outlet
        counts[outlet] += 1
        newest.pop(outlet, None)  # the order is that of the newest
        newest[outlet] = each
    return tuple(
        _source(each, copies=copies[outlet], earlier=counts[outlet] - 1)
        for outlet, each in newest.items()
    )


def _roots(articles: Sequence[Article]) -> Mapping[DocumentId, DocumentId]:
    """Map each document to the one at the end of its chain of copies inside the event."""
    of = {each.document.id: each.of for each in articles if each.verdict == "same"}
    roots = {}
    for each in articles:
        root = each.document.id
        while (parent := of.get(root)) is not None:
            root = parent
        roots[each.document.id] = root
    return roots


def _source(article: Article, *, copies: int, earlier: int) -> Source:
    document = article.document
    title = document.title or one_line(document.text, 120)
    return Source(
        document=document.id,
        outlet=document.outlet,
        url=document.url,
        title=title,
        published=document.published,
        agency=document.agency,
        copies=copies,
        earlier=earlier,
        titled=bool(document.title),
    )


def _leads(sources: Sequence[Source], articles: Sequence[Article]) -> tuple[tuple[str, int], ...]:
    """Quote the first sentence of the first sources, each with the source's number."""
    texts = {each.document.id: each.document for each in articles}
    quoted: list[tuple[str, int]] = []
    for number, source in enumerate(sources, 1):
        document = texts[source.document]
        for start, end in sentences(document.text[:3_000]):
            sentence = document.text[start:end]
            if len(words(sentence)) >= LEAD_WORDS and sentence != document.title:
                if len(sentence) <= LEAD_LIMIT and sentence not in [q for q, _ in quoted]:
                    quoted.append((sentence, number))
                break
        if len(quoted) == LEADS:
            break
    return tuple(quoted)


def _joined_by(articles: Sequence[Article]) -> tuple[str, ...]:
    counts: dict[str, int] = {}
    for each in articles:
        for word in each.joined_by:
            counts[word] = counts.get(word, 0) + 1
    return tuple(sorted(counts, key=lambda word: (-counts[word], word))[:TERMS])


def figure_lines(state: FigureState, history: Sequence[FigureChange]) -> tuple[FigureLine, ...]:
    """Give the event's figures: disputed first, then those that most articles state."""
    ranked = sorted(state.shown, key=lambda s: (not s.disputed, -s.values, s.id))
    return tuple(
        FigureLine(
            series=series.id,
            label=series.label,
            values=_values(series, history),
            history=_history(series.id, history),
            disputed=series.disputed,
        )
        for series in ranked[:FIGURE_LINES]
    )


def _values(series: Series, history: Sequence[FigureChange]) -> tuple[Observation, ...]:
    """One value a claimant, newest first: what each last decided on, not a passing "more than".

    Whose value has given way to another's, as told, and who has said nothing since, has no side.
    """
    gave_way = {
        change.before: change.after.published
        for change in history
        if not isinstance(change, FigureDisputed) and change.series == series.id
    }
    by_claimant = {
        track.claimant: track.decided
        for track in series.tracks
        if (then := gave_way.get(track.decided)) is None or track.latest.published >= then
    }
    by_claimant.setdefault(series.decided.reading.claimant, series.decided)
    found = sorted(by_claimant.values(), key=lambda o: o.published, reverse=True)
    return tuple(found)


def _history(series: SeriesId, changes: Sequence[FigureChange]) -> tuple[Observation, ...]:
    values: list[Observation] = []
    for change in changes:
        if not isinstance(change, FigureDisputed) and change.series == series:
            values += [change.after] if values else [change.before, change.after]
    return tuple(values)


def combined(first: FigureChange, last: FigureChange) -> FigureChange:
    """Give one change for several of a figure: from the first `before` to the last `after`."""
    if isinstance(first, FigureChanged) and isinstance(last, FigureChanged):
        return replace(last, before=first.before)
    return last
