"""The read side: what the commands print, as plain values (shapes: docs/interfaces.md §6)."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from monitor.beds import Article
from monitor.model import (
    EventId,
    FigureState,
)
from monitor.statements import Row, iso
from monitor.store.codec import load, moment, stamp
from monitor.store.database import Database
from monitor.store.ledger import Ledger
from monitor.store.matching import excerpt
from monitor.store.overrides import Overrides
from monitor.store.plain import (
    article_row,
    change_row,
    decided_row,
    document_row,
    figure_row,
    figure_rows,
    reading_row,
)
from monitor.watch import plain_query

SEARCH_LIMIT = 50
BATCH = 500  # events asked about at once

# Of many events at once, whose names are the JSON list :ids.
_RECORDS = """
SELECT id AS event, title, first_seen, last_seen
  FROM event
 WHERE id IN (SELECT value FROM json_each(:ids))
"""
_MEMBERS = """
SELECT event, id, outlet, voice
  FROM document
 WHERE event IN (SELECT value FROM json_each(:ids))
 ORDER BY seq
"""
_STATES = """
SELECT event, state
  FROM figure_state
 WHERE event IN (SELECT value FROM json_each(:ids))
"""
_TOLD = """
SELECT DISTINCT target, event
  FROM told
 WHERE event IN (SELECT value FROM json_each(:ids))
 ORDER BY target
"""


class Views:
    """Questions about everything that rests in the beds."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._ledger = Ledger(database)
        self._overrides = Overrides(database)

    # -- events -----------------------------------------------------------------------------------

    def event_ids(
        self,
        *,
        since: datetime | None = None,
        watch: str | None = None,
        outlet: str | None = None,
        limit: int = 10_000,
    ) -> list[EventId]:
        """List the standing events, the last seen first; a watch that hit, an outlet that told."""
        rows = self._db.rows(
            """
            SELECT id
              FROM event
             WHERE merged_into IS NULL AND last_seen >= :since
               AND (:watch IS NULL
                    OR id IN (SELECT hit.event FROM hit WHERE hit.watch = :watch))
               AND (:outlet IS NULL
                    OR id IN (SELECT document.event FROM document WHERE outlet = :outlet))
             ORDER BY last_seen DESC, seq DESC
             LIMIT :limit
            """,
            since=0 if since is None else stamp(since),
            watch=watch,
            outlet=outlet,
            limit=limit,
        )
        return [EventId(row["id"]) for row in rows]

    def events(self, names: Sequence[EventId]) -> Iterator[Row]:
        """Give events in the order of their names."""
        for start in range(0, len(names), BATCH):
            yield from self._event_lines(names[start : start + BATCH])

    def _event_lines(self, names: Sequence[EventId]) -> Iterator[Row]:
        """Give many events at the price of four questions."""
        rows = self._by_event(_RECORDS, names)
        documents = self._by_event(_MEMBERS, names)
        states = self._by_event(_STATES, names)
        told = self._by_event(_TOLD, names)
        for name in names:
            (row,), articles = rows[name], documents.get(name, [])
            figures = [load(FigureState, each["state"]) for each in states.get(name, [])]
            yield {
                "event": name,
                "title": row["title"],
                "first_seen": iso(moment(row["first_seen"])),
                "last_seen": iso(moment(row["last_seen"])),
                "documents": [each["id"] for each in articles],
                "outlets": sorted({each["outlet"] for each in articles}),
                "independent_sources": len({each["voice"] for each in articles}),
                "figures": [line for each in figures for line in figure_rows(each)],
                "announced": [each["target"] for each in told.get(name, [])],
            }

    def _by_event(self, sql: str, names: Sequence[EventId]) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for each in self._db.rows(sql, ids=json.dumps(names)):
            found.setdefault(each["event"], []).append(each)
        return found

    def unread(self, names: Sequence[EventId]) -> list[EventId]:
        """List those of these events with articles whose figures nobody wanted so far."""
        rows = self._db.rows(
            """
            SELECT DISTINCT event
              FROM document
             WHERE figured = 0 AND event IN (SELECT value FROM json_each(:names))
            """,
            names=json.dumps(names),
        )
        return [EventId(row["event"]) for row in rows]

    def unread_about(self, name: str) -> list[EventId]:
        """The same of the event that a name belongs to: an event's, an article's, a figure's."""
        event = self._db.value(
            """
            SELECT event FROM document WHERE id = :name OR url = :name
             UNION
            SELECT document.event
              FROM entry
              JOIN document ON document.id = entry.document
             WHERE entry.url = :name
            """,
            name=name,
        ) or self._ledger.resolve(name.partition("/")[0])
        return [EventId(event)] if event and self._ledger.unread(event) else []

    def event_line(self, event: EventId) -> Row:
        return next(self._event_lines([event]))

    def count_events(self) -> int:
        return int(self._db.value("SELECT count(*) FROM event WHERE merged_into IS NULL"))

    def outlets(self) -> list[str]:
        """Name whose articles are kept."""
        rows = self._db.rows("SELECT DISTINCT outlet FROM document ORDER BY outlet")
        return [str(row["outlet"]) for row in rows]

    def show(self, name: str) -> Row | None:
        """Give one event with everything about it, merges followed; None when unknown."""
        event = self._ledger.resolve(name)
        record = self._ledger.event(event) if event else None
        if event is None or record is None:
            return None
        line = self.event_line(event)
        return {
            **line,
            "by_hand": self._by_hand(event),
            "articles": [article_row(each) for each in self._ledger.articles_of(event)],
            "changes": [change_row(each) for each in self._ledger.changes_of(event)],
            "messages": self._messages(event),
            "follows": record.follows,
            "aliases": list(self._ledger.aliases(event)),
        }

    def _messages(self, event: EventId) -> list[Row]:
        rows = self._db.rows(
            """
            SELECT DISTINCT message.id, message.target, message.kind, message.state,
                   message.created, message.settled, message.problem
              FROM message
              JOIN notice ON notice.digest = message.digest AND notice.target = message.target
             WHERE notice.event = :event
             ORDER BY message.seq
            """,
            event=event,
        )
        return [
            row
            | {
                "created": iso(moment(row["created"])),
                "settled": iso(moment(row["settled"])) if row["settled"] else None,
            }
            for row in rows
        ]

    def _by_hand(self, event: EventId) -> list[Row]:
        return [
            {"kind": each.kind, "what": list(each.what), "at": iso(each.at), "note": each.note}
            for each in self._overrides.about(event)
        ]

    def figures(self, name: str) -> Row | None:
        """Give the series of an event with all their readings in time."""
        event = self._ledger.resolve(name)
        if event is None:
            return None
        articles = {each.document.id: each for each in self._ledger.articles_of(event)}
        readings = self._ledger.readings_of(event)
        decided = self._decisions(event)
        series = []
        state = self._ledger.figure_state(event)
        for each in state.series:
            mine = [
                reading_row(reading, articles[document]) | decided[document, reading.start]
                for name_, document, reading in readings
                if name_ == each.id
            ]
            mine.sort(key=lambda row: (row["published"], row["start"]))
            more = {"ignored": each.id in state.ignored, "sources": len(each.voices)}
            series.append({**figure_row(each), **more, "readings": mine})
        return {"event": event, "figures": series}

    def _decisions(self, event: EventId) -> dict[tuple[str, int], Row]:
        """Outcome and reason of each reading, by its document and place."""
        rows = self._db.rows(
            """
            SELECT document.id AS document, reading.body ->> 'start' AS start,
                   reading.outcome, reading.reason
              FROM document
              JOIN reading ON reading.document = document.seq
             WHERE document.event = :event
            """,
            event=event,
        )
        return {
            (row["document"], row["start"]): {"outcome": row["outcome"], "reason": row["reason"]}
            for row in rows
        }

    # -- search and why ---------------------------------------------------------------------------

    def search(
        self,
        words: str,
        *,
        since: datetime | None = None,
        outlet: str | None = None,
        watch: str | None = None,
        limit: int = SEARCH_LIMIT,
    ) -> Iterator[Row]:
        """Find kept articles by plain words, the newest first."""
        query = plain_query(words)
        if not query:
            return
        rows = self._db.rows(
            """
            SELECT document.seq
              FROM document_text
              JOIN document ON document.seq = document_text.rowid
             WHERE document_text MATCH :query AND published >= :since
               AND (:outlet IS NULL OR outlet = :outlet)
               AND (:watch IS NULL OR document.seq IN
                    (SELECT hit.document FROM hit WHERE hit.watch = :watch))
             ORDER BY document_text.rowid DESC
             LIMIT :limit
            """,
            query=query,
            since=0 if since is None else stamp(since),
            outlet=outlet,
            watch=watch,
            limit=limit,
        )
        for article in self._ledger.articles_at([row["seq"] for row in rows]):
            yield document_row(article) | {"snippet": excerpt(article.document.text, words)}

    def why(self, name: str) -> Row | None:
        """Explain a document, an address, an event, a series or a change; None when unknown."""
        if (article := self._ledger.article(name)) is not None:
            return self._why_document(article)
        by_url = self._db.value("SELECT id FROM document WHERE url = :url", url=name)
        if by_url is None:
            by_url = self._db.value(
                "SELECT document FROM entry WHERE url = :url AND document IS NOT NULL", url=name
            )
        if by_url is not None and (article := self._ledger.article(by_url)) is not None:
            return self._why_document(article)
        if (entry := self._why_entry(name)) is not None:
            return entry
        if name.startswith("ch-"):
            return self._why_change(name)
        if "/" in name and not name.startswith("http"):
            return self._why_series(name)
        return self._why_event(name)

    def _why_document(self, article: Article) -> Row:
        why = self._db.value("SELECT why FROM document WHERE seq = :seq", seq=article.seq)
        readings = self._db.rows(
            """
            SELECT series, body, outcome, reason
              FROM reading
             WHERE document = :seq
             ORDER BY seq
            """,
            seq=article.seq,
        )
        hits = self._db.rows(
            "SELECT watch, terms FROM hit WHERE document = :seq ORDER BY watch", seq=article.seq
        )
        versions = self._db.rows(
            "SELECT until, title FROM revision WHERE document = :seq ORDER BY number",
            seq=article.seq,
        )
        return {
            "kind": "document",
            **article_row(article),
            "event": article.event,
            "voice": article.voice,
            "why": json.loads(why),
            "figures": [decided_row(row) for row in readings],
            "by_hand": self._by_hand(article.event),
            "watches": {row["watch"]: json.loads(row["terms"]) for row in hits},
            "revisions": [
                {"until": iso(moment(v["until"])), "title": v["title"]} for v in versions
            ],
            "notices": self._notices(article.event),
        }

    def _why_entry(self, url: str) -> Row | None:
        row = self._db.row(
            """
            SELECT feed, url, title, state, attempts, reason, document, first_seen
              FROM entry
             WHERE url = :url
             ORDER BY seq
             LIMIT 1
            """,
            url=url,
        )
        if row is None:
            return None
        return {"kind": "entry", **row, "first_seen": iso(moment(row["first_seen"]))}

    def _why_change(self, name: str) -> Row | None:
        row = self._db.row("SELECT event FROM change WHERE id = :id", id=name)
        if row is None:
            return None
        recorded = next(
            each for each in self._ledger.changes_of(EventId(row["event"])) if each.id == name
        )
        notices = self._db.rows(
            """
            SELECT target, state, reason, digest
              FROM notice
             WHERE change = :id
             ORDER BY target
            """,
            id=name,
        )
        told = change_row(recorded)
        return {**told, "kind": "change", "type": told["kind"], "notices": notices}

    def _why_series(self, name: str) -> Row | None:
        standing = self._ledger.resolve(name.partition("/")[0])
        if standing is None:
            return None
        state, wanted = self._ledger.figure_state(standing), self._ledger.name_now(name)
        series = next((each for each in state.series if each.id == wanted), None)
        if series is None:
            return None
        rows = self._db.rows(
            """
            SELECT document.id AS document, document.outlet, reading.series, reading.body,
                   reading.outcome, reading.reason
              FROM reading
              JOIN document ON document.seq = reading.document
             WHERE reading.series = :series
             ORDER BY reading.seq
            """,
            series=series.id,
        )
        readings = [
            {"document": row["document"], "outlet": row["outlet"], **decided_row(row)}
            for row in rows
        ]
        return {
            "kind": "series",
            **figure_row(series),
            "ignored": series.id in state.ignored,
            "by_hand": self._by_hand(standing),
            "readings": readings,
        }

    def _why_event(self, name: str) -> Row | None:
        event = self._ledger.resolve(name)
        if event is None:
            return None
        placements = [
            {"document": each.document.id, "outlet": each.document.outlet, **self._placement(each)}
            for each in self._ledger.articles_of(event)
        ]
        return {
            "kind": "event",
            **self.event_line(event),
            "by_hand": self._by_hand(event),
            "placements": placements,
            "aliases": list(self._ledger.aliases(event)),
            "notices": self._notices(event),
        }

    def _placement(self, article: Article) -> Row:
        why = self._db.value("SELECT why FROM document WHERE seq = :seq", seq=article.seq)
        found: Row = json.loads(why)["placement"]
        return found

    def _notices(self, event: EventId) -> list[Row]:
        return self._db.rows(
            """
            SELECT target, kind, change, state, reason
              FROM notice
             WHERE event = :event
             ORDER BY seq
            """,
            event=event,
        )
