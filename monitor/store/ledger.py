"""Bed 2: documents, signatures, events, readings and changes."""

import json
from array import array
from contextlib import AbstractContextManager
from datetime import datetime

from monitor import chaos
from monitor.beds import FiguresRead, Judged, Revised
from monitor.model import (
    CHANGE_KINDS,
    VERDICT_NAMES,
    Change,
    ChangeId,
    ClusterDelta,
    Document,
    DocumentId,
    EventId,
    EventOpened,
    Extends,
    FigureState,
    Joined,
    Opened,
    Original,
    Signature,
)
from monitor.store.codec import column, dump, stamp
from monitor.store.explain import why
from monitor.store.lookups import Lookups
from monitor.store.matching import index, reindex
from monitor.store.retention import unindex
from monitor.store.rows import change_id

# Keys gathered in small tables are moved into the large ones a slice of all keys at a time, so that
# no commit waits long: each slice comes round after `MOVED * SLICES` documents.
MOVED = 100  # documents
SLICES = 64
KEY_BITS = {"band": 32, "anchor": 32, "sentence": 64}

# behind everything that composing has looked at, also when the newest articles were removed
NEXT_ARRIVAL = """
(SELECT 1 + max(coalesce((SELECT max(arrived) FROM document), 0),
                coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'composed'), 0)))
"""


class Ledger(Lookups):
    """The ledger in SQLite; see pipeline.ports.Ledger. Every write is one document's, in one go."""

    def transaction(self) -> AbstractContextManager[None]:
        return self._db.transaction("judge")

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
            postings = "SELECT document, bands, anchors FROM posting WHERE document = :seq"
            unindex(self._db, self._db.rows(postings, seq=seq))
            self._write_signature(
                seq, revised.signature, at=revised.at, root=self._root(document.id)
            )

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
        if self._keys is not None:
            self._keys.add(signature.bands, signature.anchors)
        for table, keys in (("band", signature.bands), ("anchor", signature.anchors)):
            self._db.run(
                f"""
                INSERT OR IGNORE INTO fresh_{table} (key, document)
                SELECT value, :document FROM carray(:keys)
                """,  # noqa: S608 - our tables
                keys=column(keys),
                document=seq,
            )
        self._db.run(
            """
            INSERT OR IGNORE INTO fresh_sentence (key, document)
            SELECT value, :root
              FROM carray(:keys)
             WHERE NOT EXISTS (SELECT 1 FROM sentence WHERE key = value AND document = :root)
            """,
            keys=column(signature.sentences),
            root=root,
        )
        if seq % MOVED == 0:
            self.move_keys(seq // MOVED % SLICES)

    def move_keys(self, part: int) -> None:
        """Move the gathered keys of a slice into the large index, in its own order."""
        for table, bits in KEY_BITS.items():
            size = (1 << bits) // SLICES
            first = part * size - (1 << bits - 1)
            keys = {"first": first, "last": first + size - 1}
            self._db.run(
                f"""
                INSERT OR IGNORE INTO {table} (key, document)
                SELECT key, document
                  FROM fresh_{table}
                 WHERE key BETWEEN :first AND :last
                 ORDER BY key, document
                """,  # noqa: S608 - our tables
                **keys,
            )
            self._db.run(
                f"DELETE FROM fresh_{table} WHERE key BETWEEN :first AND :last",  # noqa: S608 - same
                **keys,
            )

    def _root(self, document: DocumentId) -> int:
        """Give the row of the original at the end of a chain of copies."""
        root = self._db.value(
            """
            WITH RECURSIVE chain (seq, of, place) AS (
              SELECT seq, of, 0 FROM document WHERE id = :id
               UNION ALL
              SELECT document.seq, document.of, place + 1
                FROM chain
                JOIN document ON document.id = chain.of
            )
            SELECT seq FROM chain ORDER BY place DESC LIMIT 1
            """,
            id=document,
        )
        return int(root or 0)

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
