"""An archive through the daemon's own judging: what it would have said, article by article."""

import json
from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import cast, get_args

from monitor.app import build_figures, build_judge
from monitor.beds import FiguresRead, Judged, Override, OverrideKind
from monitor.cluster import event_id
from monitor.config import Config
from monitor.errors import UsageError
from monitor.extract import language_of
from monitor.model import (
    CHANGE_KINDS,
    VERDICT_NAMES,
    Change,
    Document,
    DocumentId,
    EventId,
    EventOpened,
    FigureDisputed,
    Original,
    Reading,
    SeriesId,
)
from monitor.pipeline.select import opening_id, select
from monitor.statements import iso, observed, value_row
from monitor.store.explain import why
from monitor.store.matching import Matcher
from monitor.store.store import Store
from monitor.watch import compile as compile_watch

Line = dict[str, object]
ARCHIVE_BATCH = 500
LEAST_NAMED = {"merge": 2, "split": 2, "join": 2, "separate": 2, "ignore": 1, "follow": 1}
SHARE = 100  # articles
MEASURES = frozenset({"age", "compound", "duration", "group", "one"})  # numbers, but no figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Archived:
    """One line of an archive."""

    document: Document
    given: str  # name of its event, or ""


Complain = Callable[[str], None]


def read_archive(lines: Iterable[str], *, complain: Complain) -> Iterator[Archived | Override]:
    """Read JSON Lines; a line that cannot be used is complained of by number and left out."""
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            read = _override(row) if "override" in row else _archived(row, seen)
        except json.JSONDecodeError:
            complain(f"line {number}: is no JSON - left out")
            continue
        except (ValueError, TypeError, UsageError, RecursionError) as error:
            complain(f"line {number}: {error} - left out")
            continue
        if isinstance(read, Archived):
            seen.add(read.document.id)
        yield read


def _archived(row: object, seen: Container[str]) -> Archived:
    if not isinstance(row, dict):
        raise UsageError("is no JSON object")
    for key in ("id", "text", "published"):
        if not isinstance(row.get(key), str):
            raise UsageError(f'"{key}" is missing or no string')
    if row["id"] in seen:
        raise UsageError(f'id "{row["id"]}" stands twice')
    published = datetime.fromisoformat(row["published"])
    if published.tzinfo is None:
        raise UsageError(f'"published" has no time zone: {row["published"]}')
    published = published.astimezone(UTC)
    title = str(row.get("title") or "")
    return Archived(
        document=Document(
            id=DocumentId(row["id"]),
            url=str(row.get("url") or ""),
            outlet=str(row.get("outlet") or ""),
            title=title,
            text=row["text"],
            language=str(row.get("language") or "") or language_of(f"{title}\n{row['text']}"),
            published=published,
            seen=published,
            agency=str(row.get("agency") or ""),
            source="archive",
        ),
        given=str(row.get("event") or ""),
    )


def _override(row: Mapping[str, object]) -> Override:
    kind, what = row["override"], row.get("what")
    if kind not in get_args(OverrideKind):
        raise UsageError(f'"{kind}" is no correction')
    if not isinstance(what, list) or len(what) < LEAST_NAMED[str(kind)]:
        raise UsageError(f'"what" must list at least {LEAST_NAMED[str(kind)]} names')
    return Override(
        kind=cast("OverrideKind", kind),
        what=tuple(map(str, what)),
        note=str(row.get("note") or ""),
        at=datetime.fromisoformat(str(row.get("at"))).astimezone(UTC),
    )


def write_archive(store: Store, *, since: datetime | None = None) -> Iterator[Line]:
    """Give the kept articles in order of arrival, and between them what was corrected by hand.

    A correction that names an article which is not kept is left out.
    """
    overrides = deque(store.overrides.all())
    written: set[str] = set()
    seq = 0
    while articles := store.ledger.articles_after(seq, ARCHIVE_BATCH, since=since):
        for article in articles:
            yield from _corrections(overrides, article.arrived, written)
            seq = article.arrived
            written.add(article.document.id)
            yield _article_line(article.document)
    yield from _corrections(overrides, None, written)


def _corrections(
    overrides: "deque[Override]", before: int | None, written: Container[str]
) -> Iterator[Line]:
    while overrides and (before is None or overrides[0].after < before):
        each = overrides.popleft()
        if all(name.partition("/")[0] in written for name in each.what):
            yield {
                "override": each.kind,
                "what": list(each.what),
                "at": iso(each.at),
                "note": each.note,
            }


def _article_line(document: Document) -> Line:
    return {
        "id": document.id,
        "url": document.url,
        "outlet": document.outlet,
        "title": document.title,
        "text": document.text,
        "published": iso(document.published),
        "language": document.language,
        "agency": document.agency,
    }


def told(lines: Iterable[Line]) -> dict[tuple[str, ...], Line]:
    """Pick out of a replay with a config what each target would hear of, by what makes it one."""
    found: dict[tuple[str, ...], Line] = {}
    for line in lines:
        targets = line.get("targets")
        for target in targets if isinstance(targets, list) else ():
            key = (target, str(line["kind"]), str(line["event"]), str(line["series"] or ""))
            found[(*key, str(line["id"]))] = line | {"targets": [target]}
    return found


def replay(
    archive: Iterable[Archived | Override],
    store: Store,
    *,
    config: Config | None = None,
    given_events: bool = False,
    complain: Complain = lambda _: None,
) -> Iterator[Line]:
    """Judge the articles in order; the clock is the latest `published` so far.

    A correction is done again where it stands; one that cannot be done is complained of.

    Yields the lines of docs/interfaces.md: documents, readings and changes, then the events.
    With a config only the changes that a target would hear of are told, with its name, and only
    the figures of events that a watch hit are read: when it does, also those of earlier articles.
    """
    read: list[FiguresRead] = []
    figures = build_figures(store.ledger, read.append)
    judge = build_judge(store, figures)
    compiled = [compile_watch(each, config.words) for each in config.watches] if config else []
    matcher = Matcher()
    named: dict[str, EventId] = {}
    announced: set[tuple[EventId, str]] = set()
    now = datetime.min.replace(tzinfo=UTC)
    for each in _together(archive, store):
        if isinstance(each, Override):
            try:
                judge.override(each)
            except UsageError as error:
                complain(f"a correction ({each.kind}) was left out: {error}")
            continue
        document = each.document
        now = max(now, document.published)
        given = None
        if given_events and each.given:
            given = named.setdefault(each.given, event_id(document.id))
        judged = judge.judge(document, now=now, given=given)
        yield document_line(judged)
        if config is None:
            figures.read(judged.event)
        else:
            select(
                config,
                compiled,
                ledger=store.ledger,
                outbox=store.outbox,
                matcher=matcher,
                figures=figures,
                now=now,
            )
        for found in read:
            yield from reading_lines(found)
        if config is None:
            yield from _all_changes(judged, read)
        else:
            yield from _told(judged, store, announced)
        read.clear()
    for event, title, documents in store.ledger.events_with_documents():
        yield {"type": "event", "event": event, "title": title, "documents": documents}


def _together(
    archive: Iterable[Archived | Override], store: Store
) -> Iterator[Archived | Override]:
    """Give the articles in shares, each of which is committed at once."""
    articles = iter(archive)
    while share := list(islice(articles, SHARE)):
        with store.database.transaction():
            yield from share


def _all_changes(judged: Judged, read: Iterable[FiguresRead]) -> Iterator[Line]:
    document = judged.document.id
    if judged.opened is not None:
        yield change_line(document, judged.opened)
    for found in read:
        yield from (change_line(document, change) for change in found.advance.changes)


def _told(judged: Judged, store: Store, announced: set[tuple[EventId, str]]) -> Iterator[Line]:
    """Give the changes of an article that somebody is to hear of, with their names."""
    event, document = judged.event, judged.document.id
    opened = [
        name
        for name in store.outbox.targets_of(opening_id(event))
        if (event, name) not in announced
    ]
    announced.update((event, name) for name in opened)
    record = store.ledger.event(event) if opened else None
    if record is not None:
        change = EventOpened(event=event, document=document, title=record.title)
        yield change_line(document, change) | {"targets": opened}
    for recorded in store.ledger.changes_by([document]):
        targets = store.outbox.targets_of(recorded.id)
        if targets:
            yield change_line(document, recorded.change) | {"targets": targets}


# -- lines ----------------------------------------------------------------------------------------


def document_line(judged: Judged) -> Line:
    verdict = judged.verdict
    linked = not isinstance(verdict, Original)
    return {
        "type": "document",
        "id": judged.document.id,
        "verdict": VERDICT_NAMES[type(verdict)],
        "of": None if isinstance(verdict, Original) else verdict.of,
        "containment": round(verdict.of_new, 4) if linked else None,
        "event": judged.event,
        "reason": why(verdict, judged.placement, judged.furniture),
    }


def reading_lines(found: FiguresRead) -> Iterator[Line]:
    """Give a line for each number that states a figure, and for measures that are none."""
    document = found.article.document.id
    for reading, series in zip(found.readings, found.advance.assigned, strict=True):
        if not reading.noise:
            yield _reading_line("reading", document, reading, series)
        elif reading.noise in MEASURES and (reading.noise != "age" or reading.unit):
            yield _reading_line("number", document, reading, None)


def _reading_line(
    kind: str, document: DocumentId, reading: Reading, series: SeriesId | None
) -> Line:
    return {
        "type": kind,
        "id": document,
        **value_row(reading),
        "noun": reading.noun,
        "role": reading.role,
        "series": series,
    }


def change_line(document: DocumentId, change: Change) -> Line:
    line: Line = {"type": "change", "id": document, "kind": CHANGE_KINDS[type(change)]}
    line["event"] = change.event
    match change:
        case EventOpened():
            return line | {"series": None, "label": change.title, "before": None, "after": None}
        case FigureDisputed():
            sides = [observed(each) for each in change.sides]
            ends: Mapping[str, object] = {"before": sides[-1], "after": sides[0], "sides": sides}
        case _:
            ends = {"before": observed(change.before), "after": observed(change.after)}
    return line | {"series": change.series, "label": change.label, **ends, "reason": change.reason}


def dump_lines(lines: Iterable[Line]) -> Iterator[str]:
    for line in lines:
        yield json.dumps(line, ensure_ascii=False) + "\n"
