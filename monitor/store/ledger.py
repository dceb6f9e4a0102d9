"""Bed 2: documents, signatures, events, readings and changes."""

import json
from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from monitor import chaos
from monitor.beds import Article, EventRecord, FiguresRead, Judged, Recorded, Revised, Unread
from monitor.model import (
    CHANGE_KINDS,
    VERDICT_NAMES,
    Candidate,
    Change,
    ChangeId,
    ClusterDelta,
    ClusterMemory,
    Document,
    DocumentId,
    EventId,
    EventOpened,
    Extends,
    FigureState,
    Joined,
    Opened,
    Original,
    Reading,
    SeriesId,
    Signature,
)
from monitor.store.codec import EPOCH, dump, load, moment, stamp
from monitor.store.database import Database
from monitor.store.explain import why
from monitor.store.matching import index, reindex
from monitor.store.rows import ARTICLE, article, candidate, change_id, recorded, unread

FURNITURE = 3  # different originals that print a sentence before it is furniture
ANCHORS_SHARED = 3  # or half of them, for a tiny text
LAST = 2**63 - 1  # row
COMMON_ANCHOR = 200  # postings; a key in more documents proposes nothing
# behind everything that composing has looked at, also when the newest articles were removed
NEXT_ARRIVAL = """
(SELECT 1 + max(coalesce((SELECT max(arrived) FROM document), 0),
                coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'composed'), 0)))
"""
UNREAD = """
SELECT fresh, signature.at AS at,
       (SELECT max(number) FROM revision WHERE document = document.seq) AS version,
       (SELECT revision.text
          FROM revision
         WHERE document = document.seq
         ORDER BY number DESC
         LIMIT 1) AS earlier,"""


class Ledger:
    """The ledger in SQLite; see pipeline.ports.Ledger."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def transaction(self) -> AbstractContextManager[None]:
        return self._db.transaction("judge")

    # -- what judging asks ------------------------------------------------------------------------

    def known(self, document: Document) -> DocumentId | None:
        """Give the document that already stands for this article: its id, or its address."""
        found = self._db.value(
            "SELECT id FROM document WHERE id = :id OR (url = :url AND url <> '') LIMIT 1",
            id=document.id,
            url=document.url,
        )
        return DocumentId(found) if found else None

    def event_of(self, document: DocumentId) -> EventId | None:
        found = self._db.value("SELECT event FROM document WHERE id = :id", id=document)
        return EventId(found) if found else None

    def voice_of(self, document: DocumentId) -> str:
        return str(self._db.value("SELECT voice FROM document WHERE id = :id", id=document) or "")

    def furniture(self, sentences: Collection[int]) -> frozenset[int]:
        """Say which sentences stand under several articles that are not copies of each other."""
        rows = self._db.rows(
            """
            SELECT value AS hash
              FROM json_each(:hashes)
             WHERE (SELECT count(*)
                      FROM (SELECT 1 FROM sentence WHERE hash = value LIMIT :least)) >= :least
            """,
            least=FURNITURE,
            hashes=json.dumps(list(sentences)),
        )
        return frozenset(row["hash"] for row in rows)

    def candidates(self, signature: Signature, *, since: datetime) -> tuple[Candidate, ...]:
        """Propose documents that may share text: a band, three anchors, or the whole text.

        Oldest first; only signatures of the same version inside the window.
        """
        found = self._sharing_anchors(signature.anchors)
        found |= {
            row["document"]
            for row in self._db.rows(
                """
                SELECT DISTINCT document
                  FROM band
                 WHERE key IN (SELECT value FROM json_each(:keys))
                 UNION
                SELECT document
                  FROM signature
                 WHERE exact = :exact
                """,
                keys=json.dumps(signature.bands),
                exact=signature.exact,
            )
        }
        if not found:
            return ()
        rows = self._db.rows(
            f"""
            {ARTICLE.replace("SELECT", "SELECT version, exact, shingles,", 1)}
              JOIN signature ON signature.document = document.seq
             WHERE document.seq IN (SELECT value FROM json_each(:found))
               AND signature.at >= :since AND version = :version
             ORDER BY document.seq
            """,  # noqa: S608 - only our own fragments
            found=json.dumps(sorted(found)),
            since=stamp(since),
            version=signature.version,
        )
        return tuple(candidate(row) for row in rows)

    def _sharing_anchors(self, anchors: Sequence[int]) -> set[int]:
        rows = self._db.rows(
            """
            SELECT document
              FROM json_each(:keys)
             CROSS JOIN anchor ON anchor.key = value
             WHERE NOT EXISTS (SELECT 1 FROM anchor WHERE key = value LIMIT 1 OFFSET :most)
             GROUP BY document
            HAVING count(*) >= :needed
            """,
            keys=json.dumps(anchors),
            most=COMMON_ANCHOR,
            needed=max(1, min(ANCHORS_SHARED, -(-len(anchors) // 2))),
        )
        return {row["document"] for row in rows}

    def memory(self, language: str) -> ClusterMemory:
        """What the clusterer of a language is rebuilt from."""
        events = self._db.rows(
            "SELECT event, packed FROM live_event WHERE language = :language ORDER BY seq",
            language=language,
        )
        words = self._db.rows(
            "SELECT words FROM recent_words WHERE language = :language ORDER BY seq",
            language=language,
        )
        return ClusterMemory(
            language=language,
            events=tuple((EventId(row["event"]), row["packed"]) for row in events),
            words=tuple(row["words"] for row in words),
        )

    def is_live(self, event: EventId) -> bool:
        return self._db.value("SELECT 1 FROM live_event WHERE event = :id", id=event) is not None

    def resolve(self, event: str) -> EventId | None:
        """Follow merges to the event that stands; None for an unknown id."""
        row = self._db.row("SELECT id, merged_into FROM event WHERE id = :id", id=event)
        while row is not None and row["merged_into"] is not None:
            row = self._db.row(
                "SELECT id, merged_into FROM event WHERE id = :id", id=row["merged_into"]
            )
        return EventId(row["id"]) if row else None

    def event(self, event: EventId) -> EventRecord | None:
        """Give the event as it stands, merges applied."""
        standing = self.resolve(event)
        row = self._db.row("SELECT * FROM event WHERE id = :id", id=standing)
        if row is None:
            return None
        return EventRecord(
            id=EventId(row["id"]),
            title=row["title"],
            titled=bool(row["titled"]),
            language=row["language"],
            first_seen=moment(row["first_seen"]),
            last_seen=moment(row["last_seen"]),
            baseline=bool(row["baseline"]),
            follows=self.resolve(row["follows"]) if row["follows"] else None,
        )

    def voices(self, event: EventId) -> int:
        """Count the independent sources of an event."""
        return int(
            self._db.value(
                "SELECT count(DISTINCT voice) FROM document WHERE event = :event", event=event
            )
        )

    def aliases(self, event: EventId) -> tuple[EventId, ...]:
        """List the events that were merged into this one, in order of opening."""
        rows = self._db.rows(
            """
            WITH RECURSIVE younger (id, seq) AS (
              SELECT id, seq FROM event WHERE merged_into = :event
               UNION
              SELECT event.id, event.seq
                FROM event
                JOIN younger ON event.merged_into = younger.id
            )
            SELECT id FROM younger ORDER BY seq
            """,
            event=event,
        )
        return tuple(EventId(row["id"]) for row in rows)

    def figure_state(self, event: EventId) -> FigureState:
        text = self._db.value("SELECT state FROM figure_state WHERE event = :id", id=event)
        return load(FigureState, text) if text else FigureState(event=event)

    # -- one document, one transaction ------------------------------------------------------------

    def record(self, judged: Judged) -> None:
        """Write everything that one document adds; raises StateError, then nothing is written."""
        document = judged.document
        with self._db.transaction("judge"):
            self._write_event(judged)
            chaos.point("judge.event")
            seq = self._write_document(judged)
            chaos.point("judge.document")
            verdict = judged.verdict
            root = seq if isinstance(verdict, Original) else self._root(verdict.of)
            self._write_signature(seq, judged.signature, at=judged.at, root=root)
            if judged.delta is not None:
                self.write_memory(judged.delta)
            if judged.figures is not None:
                self.write_figure_state(judged.figures)
            if judged.opened is not None:
                ident = change_id(document.id, 0)
                self._write_change(ident, document, judged.opened, at=judged.at)

    def unread(self, event: EventId, *, until: int | None = None) -> tuple[Unread, ...]:
        """List the articles of an event whose figures were not read, in order of arrival."""
        rows = self._db.rows(
            f"""
            {ARTICLE.replace("SELECT", UNREAD, 1)}
              LEFT JOIN signature ON signature.document = document.seq
             WHERE event = :event AND NOT figured AND arrived <= :until
             ORDER BY arrived
            """,
            event=event,
            until=LAST if until is None else until,
        )
        return tuple(unread(row) for row in rows)

    def record_figures(self, read: FiguresRead) -> None:
        """Write what the figures of one article add; raises StateError, then nothing is."""
        article, advanced = read.article, read.advance
        with self._db.transaction():
            self._db.run("UPDATE document SET figured = 1 WHERE seq = :seq", seq=article.seq)
            self.write_figure_state(advanced.state)
            self._write_readings(read)
            for number, change in enumerate(advanced.changes, 1):  # 0 is the opening
                ident = change_id(article.document.id, number, version=read.version)
                self._write_change(ident, article.document, change, at=read.at)

    def earlier(self, document: Document) -> bool:
        """Whether this is what a document said before it was edited."""
        found = self._db.value(
            """
            SELECT 1
              FROM revision
             WHERE document = (SELECT seq FROM document WHERE id = :id)
               AND title = :title AND text = :text
            """,
            id=document.id,
            title=document.title,
            text=document.text,
        )
        return found is not None

    def revise(self, revised: Revised) -> None:
        """Write a new version of a document, and keep the old; raises StateError, then nothing.

        It arrives anew: its figures wait, and watches look at it again.
        """
        document = revised.document
        with self._db.transaction():
            seq = int(self._db.value("SELECT seq FROM document WHERE id = :id", id=document.id))
            self._db.run(
                """
                INSERT INTO revision (document, number, until, title, text)
                SELECT seq, 1 + (SELECT count(*) FROM revision WHERE document = :seq), :at, title,
                       text
                  FROM document
                 WHERE seq = :seq
                """,
                seq=seq,
                at=stamp(revised.at),
            )
            self._db.run(
                f"""
                UPDATE document
                   SET title = :title, text = :text, language = :language, source = :source,
                       baseline = 0, fresh = NULL, figured = 0, arrived = {NEXT_ARRIVAL}
                 WHERE seq = :seq
                """,  # noqa: S608 - our own fragment
                seq=seq,
                title=document.title,
                text=document.text,
                language=document.language,
                source=document.source,
            )
            reindex(self._db.connection, seq, document.title, document.text)
            self._drop_signature(seq)
            self._write_signature(
                seq, revised.signature, at=revised.at, root=self._root(document.id)
            )

    def _drop_signature(self, seq: int) -> None:
        row = self._db.row("SELECT bands, anchors FROM posting WHERE document = :seq", seq=seq)
        for table in ("band", "anchor"):
            keys = array("i", row[f"{table}s"]) if row else ()
            self._db.run_many(
                f"DELETE FROM {table} WHERE key = ? AND document = ?",  # noqa: S608 - our tables
                [(key, seq) for key in keys],
            )
        self._db.run("DELETE FROM signature WHERE document = :seq", seq=seq)

    def _write_event(self, judged: Judged) -> None:
        document = judged.document
        opened = judged.opened
        if opened is not None:
            placement = judged.placement
            self._db.run(
                """
                INSERT INTO event (id, title, titled, language, first_seen, last_seen, baseline,
                                   follows)
                VALUES (:id, :title, :titled, :language, :at, :at, :baseline, :follows)
                    ON CONFLICT (id) DO UPDATE  -- its first article comes again after retention
                   SET last_seen = max(last_seen, excluded.last_seen)
                """,
                id=judged.event,
                title=opened.title,
                titled=bool(document.title),
                language=document.language,
                at=stamp(document.published),
                baseline=document.baseline,
                follows=placement.follows if isinstance(placement, Opened) else None,
            )
            return
        if isinstance(judged.placement, Joined):
            for gone in judged.placement.merged:
                self.merge_events(judged.event, gone)
        self._db.run(
            """
            UPDATE event
               SET first_seen = min(first_seen, :at),
                   last_seen = max(last_seen, :at),
                   title = CASE WHEN titled OR :title = '' THEN title ELSE :title END,
                   titled = titled OR :title <> ''
             WHERE id = :id
            """,
            id=judged.event,
            at=stamp(document.published),
            title=document.title,
        )

    def merge_events(self, kept: EventId, gone: EventId) -> None:
        """Point everything of the younger event at the older one; its id stays an alias."""
        for table in ("document", "change", "hit", "notice"):
            self._db.run(
                f"UPDATE {table} SET event = :kept WHERE event = :gone",  # noqa: S608 - our tables
                kept=kept,
                gone=gone,
            )
        self._db.run(
            "UPDATE OR IGNORE told SET event = :kept WHERE event = :gone", kept=kept, gone=gone
        )
        self._db.run("DELETE FROM told WHERE event = :gone", gone=gone)
        self._db.run("DELETE FROM figure_state WHERE event = :gone", gone=gone)
        self._db.run(
            """
            UPDATE event
               SET first_seen = min(event.first_seen, younger.first_seen),
                   last_seen = max(event.last_seen, younger.last_seen),
                   title = CASE WHEN event.titled THEN event.title ELSE younger.title END,
                   titled = event.titled OR younger.titled,
                   baseline = event.baseline AND younger.baseline
              FROM (SELECT * FROM event WHERE id = :gone) AS younger
             WHERE event.id = :kept
            """,
            kept=kept,
            gone=gone,
        )
        self._db.run("UPDATE event SET merged_into = :kept WHERE id = :gone", kept=kept, gone=gone)

    def _write_document(self, judged: Judged) -> int:
        document, verdict = judged.document, judged.verdict
        self._db.run(
            f"""
            INSERT INTO document (id, url, outlet, title, text, language, published, seen, agency,
                                  source, baseline, voice, verdict, of, event, why, fresh,
                                  arrived)
            VALUES (:id, :url, :outlet, :title, :text, :language, :published, :seen, :agency,
                    :source, :baseline, :voice, :verdict, :of, :event, :why, :fresh,
                    {NEXT_ARRIVAL})
            """,  # noqa: S608 - our own fragment
            id=document.id,
            url=document.url,
            outlet=document.outlet,
            title=document.title,
            text=document.text,
            language=document.language,
            published=stamp(document.published),
            seen=stamp(document.seen),
            agency=document.agency,
            source=document.source,
            baseline=document.baseline,
            voice=judged.voice,
            verdict=VERDICT_NAMES[type(verdict)],
            of=None if isinstance(verdict, Original) else verdict.of,
            event=judged.event,
            why=json.dumps(why(verdict, judged.placement, judged.furniture), ensure_ascii=False),
            fresh=json.dumps(verdict.fresh) if isinstance(verdict, Extends) else None,
        )
        seq = self._db.last_row
        index(self._db.connection, seq, document.title, document.text)
        return seq

    def _write_signature(self, seq: int, signature: Signature, *, at: datetime, root: int) -> None:
        self._db.run(
            """
            INSERT INTO signature (document, at, version, exact, shingles)
            VALUES (:document, :at, :version, :exact, :shingles)
            """,
            document=seq,
            at=stamp(at),
            version=signature.version,
            exact=signature.exact,
            shingles=signature.shingles,
        )
        self._db.run(
            "INSERT INTO posting (document, bands, anchors) VALUES (:document, :bands, :anchors)",
            document=seq,
            bands=array("i", signature.bands).tobytes(),
            anchors=array("i", signature.anchors).tobytes(),
        )
        self._db.run_many(
            "INSERT OR IGNORE INTO band (key, document) VALUES (?, ?)",
            [(key, seq) for key in signature.bands],
        )
        self._db.run_many(
            "INSERT OR IGNORE INTO anchor (key, document) VALUES (?, ?)",
            [(key, seq) for key in signature.anchors],
        )
        self._db.run_many(
            "INSERT OR IGNORE INTO sentence (hash, root) VALUES (?, ?)",
            [(each, root) for each in signature.sentences],
        )

    def _root(self, document: DocumentId) -> int:
        """Give the row of the original at the end of a chain of copies."""
        row: Mapping[str, Any] | None = {"of": document}
        seq = 0
        while row is not None and row["of"] is not None:
            row = self._db.row("SELECT seq, of FROM document WHERE id = :id", id=row["of"])
            seq = row["seq"] if row else seq
        return seq

    def write_memory(self, delta: ClusterDelta) -> None:
        for event, packed in delta.events:
            self._db.run("DELETE FROM live_event WHERE event = :event", event=event)
            self._db.run(
                "INSERT INTO live_event (event, language, packed) VALUES (:event, :language, :x)",
                event=event,
                language=delta.language,
                x=packed,
            )
        for event in delta.gone:
            self._db.run("DELETE FROM live_event WHERE event = :event", event=event)
        if delta.words:
            self._db.run(
                "INSERT INTO recent_words (language, words) VALUES (:language, :words)",
                language=delta.language,
                words=delta.words,
            )
        if delta.dropped:
            self._db.run(
                """
                DELETE FROM recent_words
                 WHERE seq IN (SELECT seq FROM recent_words WHERE language = :language
                                ORDER BY seq LIMIT :dropped)
                """,
                language=delta.language,
                dropped=delta.dropped,
            )

    def write_figure_state(self, state: FigureState) -> None:
        """Keep a state, and call readings by the names that their series have in it."""
        for gone, kept in state.aliases.items():
            self._db.run(
                "UPDATE reading SET series = :kept WHERE series = :gone", kept=kept, gone=gone
            )
        self._db.run(
            """
            INSERT INTO figure_state (event, state) VALUES (:event, :state)
                ON CONFLICT (event) DO UPDATE SET state = excluded.state
            """,
            event=state.event,
            state=dump(state),
        )

    def _write_readings(self, read: FiguresRead) -> None:
        article, advanced = read.article, read.advance
        rows = zip(read.readings, advanced.assigned, advanced.decisions, strict=True)
        self._db.run_many(
            """
            INSERT INTO reading (document, event, series, grammar, body, outcome, reason)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                (
                    article.seq,
                    article.event,
                    series,
                    read.grammar,
                    dump(each),
                    said.outcome,
                    said.reason,
                )
                for each, series, said in rows
            ],
        )

    def _write_change(
        self, ident: ChangeId, document: Document, change: Change, *, at: datetime
    ) -> None:
        self._db.run(
            """
            INSERT OR IGNORE INTO change (id, kind, event, series, document, at, baseline, body)
            VALUES (:id, :kind, :event, :series, :document, :at, :baseline, :body)
            """,
            id=ident,
            kind=CHANGE_KINDS[type(change)],
            event=change.event,
            series=None if isinstance(change, EventOpened) else change.series,
            document=document.id,
            at=stamp(at),
            baseline=document.baseline,
            body=dump(change),
        )

    # -- what composing and the commands ask ------------------------------------------------------

    def articles_after(
        self, seq: int, limit: int, *, since: datetime | None = None
    ) -> tuple[Article, ...]:
        rows = self._db.rows(
            f"""
            {ARTICLE}
             WHERE arrived > :seq AND published >= :since
             ORDER BY arrived
             LIMIT :limit
            """,
            seq=seq,
            limit=limit,
            since=0 if since is None else stamp(since),
        )
        return tuple(article(row) for row in rows)

    def articles_of(self, event: EventId) -> tuple[Article, ...]:
        """List an event's articles in order of arrival, merges applied."""
        rows = self._db.rows(ARTICLE + " WHERE event = :event ORDER BY document.seq", event=event)
        return tuple(article(row) for row in rows)

    def articles_at(
        self, rows: Sequence[int], *, since: datetime | None = None
    ) -> tuple[Article, ...]:
        """Give the articles of these rows, the last arrived first; or those published `since`."""
        found = self._db.rows(
            f"""
            {ARTICLE}
             WHERE document.seq IN (SELECT value FROM json_each(:rows))
               AND published >= :since
             ORDER BY document.seq DESC
            """,  # noqa: S608 - only our own fragments
            rows=json.dumps(list(rows)),
            since=stamp(since or EPOCH),
        )
        return tuple(article(row) for row in found)

    def article(self, document: str) -> Article | None:
        row = self._db.row(ARTICLE + " WHERE id = :id", id=document)
        return article(row) if row else None

    def article_at(self, url: str) -> Article | None:
        """Give the article of an address: its own, or the one that a feed named."""
        row = self._db.row(
            f"""
            {ARTICLE}
             WHERE url = :url OR id = (SELECT document FROM entry WHERE url = :url
                                          AND document IS NOT NULL LIMIT 1)
             LIMIT 1
            """,  # noqa: S608 - only our own fragments
            url=url,
        )
        return article(row) if row else None

    def readings_of(
        self, event: EventId
    ) -> tuple[tuple[SeriesId | None, DocumentId, Reading], ...]:
        """List the readings of an event's articles, in order of arrival and place."""
        rows = self._db.rows(
            """
            SELECT reading.series, document.id, reading.body
              FROM document
              JOIN reading ON reading.document = document.seq
             WHERE document.event = :event
             ORDER BY reading.seq
            """,
            event=event,
        )
        return tuple((row["series"], row["id"], load(Reading, row["body"])) for row in rows)

    def changes(self, ids: Sequence[ChangeId]) -> tuple[Recorded, ...]:
        return self._recorded(
            "id IN (SELECT value FROM json_each(:ids)) ORDER BY seq", ids=json.dumps(list(ids))
        )

    def changes_of(self, event: EventId) -> tuple[Recorded, ...]:
        return self._recorded("event = :event ORDER BY seq", event=event)

    def changes_by(self, documents: Sequence[DocumentId]) -> tuple[Recorded, ...]:
        """List what these documents changed, document by document."""
        found: dict[DocumentId, list[Recorded]] = {each: [] for each in documents}
        wanted = "document IN (SELECT value FROM json_each(:ids)) ORDER BY seq"
        for each in self._recorded(wanted, ids=json.dumps(list(documents))):
            found[each.document].append(each)
        return tuple(change for changes in found.values() for change in changes)

    def events_with_documents(self) -> Iterator[tuple[EventId, str, list[str]]]:
        """List the standing events, oldest first, with their documents in order of arrival."""
        rows = self._db.rows(
            """
            SELECT event.id, event.title, json_group_array(document.id ORDER BY document.seq) AS ids
              FROM event
              JOIN document ON document.event = event.id
             GROUP BY event.seq
             ORDER BY event.seq
            """
        )
        for row in rows:
            yield EventId(row["id"]), row["title"], json.loads(row["ids"])

    def _recorded(self, where: str, **values: Any) -> tuple[Recorded, ...]:
        sql = f"SELECT * FROM change WHERE {where}"  # noqa: S608 - only our own fragments
        return tuple(recorded(row) for row in self._db.rows(sql, **values))
