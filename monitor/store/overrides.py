"""A person's corrections in SQLite; see pipeline.ports.Overrides."""

import json
from collections.abc import Collection, Mapping, Sequence

from monitor.beds import Article, Override, Stated
from monitor.model import ClusterDelta, DocumentId, EventId, FigureState, Reading, SeriesId
from monitor.store.codec import load, moment, stamp
from monitor.store.database import Database
from monitor.store.ledger import Ledger
from monitor.store.rows import spans


class Overrides:
    """The log of corrections, and the rows that each of them moves."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._ledger = Ledger(database)

    # -- the log ----------------------------------------------------------------------------------

    def note(self, override: Override) -> None:
        self._db.run(
            """
            INSERT INTO override (at, after, kind, what, note)
            VALUES (:at, (SELECT coalesce(max(arrived), 0) FROM document), :kind, :what, :note)
            """,
            at=stamp(override.at),
            kind=override.kind,
            what=json.dumps(override.what),
            note=override.note,
        )

    def all(self) -> tuple[Override, ...]:
        """List them in the order in which they were made."""
        rows = self._db.rows("SELECT * FROM override ORDER BY seq")
        return tuple(
            Override(
                kind=row["kind"],
                what=tuple(json.loads(row["what"])),
                note=row["note"],
                at=moment(row["at"]),
                after=row["after"],
            )
            for row in rows
        )

    def about(self, event: EventId) -> tuple[Override, ...]:
        """List those that name an article of this event."""
        names = {each.document.id for each in self._ledger.articles_of(event)}
        return tuple(
            each
            for each in self.all()
            if any(name.partition("/")[0] in {event, *names} for name in each.what)
        )

    def parted(self) -> frozenset[frozenset[EventId]]:
        """Give the pairs of events that were taken apart and not put together since."""
        pairs = set()
        for each in self.all():
            if each.kind == "split":
                pair = frozenset(filter(None, map(self.event_named, each.what[:2])))
                if len(pair) > 1:
                    pairs.add(pair)
        return frozenset(pairs)

    def event_named(self, name: str) -> EventId | None:
        return self._ledger.event_of(DocumentId(name)) or self._ledger.resolve(name)

    def first_article(self, event: EventId) -> DocumentId | None:
        """Give the article by which a replay knows an event."""
        found = self._db.value(
            "SELECT id FROM document WHERE event = :event ORDER BY seq LIMIT 1", event=event
        )
        return DocumentId(found) if found else None

    # -- what deciding asks -----------------------------------------------------------------------

    def stated(self, event: EventId) -> tuple[Stated, ...]:
        return tuple(self._stated(each) for each in self._ledger.articles_of(event))

    def _stated(self, article: Article) -> Stated:
        rows = self._db.rows(
            "SELECT series, body FROM reading WHERE document = :seq ORDER BY seq",
            seq=article.seq,
        )
        return Stated(
            article=article,
            readings=tuple(load(Reading, row["body"]) for row in rows),
            series=tuple(row["series"] for row in rows),
            fresh=spans(
                self._db.value("SELECT fresh FROM document WHERE seq = :seq", seq=article.seq)
            ),
        )

    def with_copies(self, documents: Sequence[str]) -> frozenset[DocumentId]:
        rows = self._db.rows(
            """
            WITH RECURSIVE taken (id) AS (
              SELECT value FROM json_each(:ids)
               UNION
              SELECT document.id
                FROM taken
                JOIN document ON document.of = taken.id AND document.verdict = 'same'
            )
            SELECT id FROM taken
            """,
            ids=json.dumps(list(documents)),
        )
        return frozenset(DocumentId(row["id"]) for row in rows)

    # -- what it changes --------------------------------------------------------------------------

    def merge(
        self, kept: EventId, gone: EventId, state: FigureState, deltas: Sequence[ClusterDelta]
    ) -> None:
        self._ledger.merge_events(kept, gone)
        self._ledger.write_figure_state(state)
        for delta in deltas:
            self._ledger.write_memory(delta)

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
        self._open(event, new, taken)
        self._rename(event, new, old)
        self._move(new, taken)
        self._keep_told(event, new)
        for state in states:
            self._ledger.write_figure_state(state)
        for document, names in series.items():
            self._name_readings(document, names)
        for delta in deltas:
            self._ledger.write_memory(delta)
        for each in (event, new):
            self._span(each)

    def _open(self, event: EventId, new: EventId, taken: Collection[DocumentId]) -> None:
        self._db.run(
            """
            REPLACE INTO event (id, title, titled, language, first_seen, last_seen, baseline,
                               follows)
            SELECT :new, document.title, document.title <> '', document.language,
                   document.published, document.published, event.baseline, NULL
              FROM document
              JOIN event ON event.id = :event
             WHERE document.id IN (SELECT value FROM json_each(:taken))
             ORDER BY document.seq
             LIMIT 1
            """,
            event=event,
            new=new,
            taken=json.dumps(sorted(taken)),
        )

    def _rename(self, event: EventId, new: EventId, old: Collection[EventId]) -> None:
        """Names that were merged away go with the articles that founded them; the rest stay."""
        for where, to in (("merged_into = :new", event), ("id <> :new AND id IN old", new)):
            self._db.run(
                f"""
                WITH old AS (SELECT value AS id FROM json_each(:old))
                UPDATE event SET merged_into = :to WHERE {where}
                """,  # noqa: S608 - our own conditions
                to=to,
                new=new,
                old=json.dumps(sorted(old)),
            )

    def _move(self, new: EventId, taken: Collection[DocumentId]) -> None:
        ids = json.dumps(sorted(taken))
        for sql in (
            """
            UPDATE hit SET event = :new
             WHERE document IN (SELECT seq FROM document
                                 WHERE id IN (SELECT value FROM json_each(:ids)))
            """,
            """
            UPDATE notice SET event = :new
             WHERE change IN (SELECT id FROM change
                               WHERE document IN (SELECT value FROM json_each(:ids)))
            """,
            """
            UPDATE change SET event = :new
             WHERE document IN (SELECT value FROM json_each(:ids)) AND kind <> 'event_opened'
            """,
            "UPDATE document SET event = :new WHERE id IN (SELECT value FROM json_each(:ids))",
        ):
            self._db.run(sql, new=new, ids=ids)

    def _keep_told(self, event: EventId, new: EventId) -> None:
        """Who was told of the whole knows of its part: nobody is told of it as new."""
        self._db.run(
            """
            INSERT INTO told (target, event, digest, at, sources)
            SELECT target, :new, digest, at, sources FROM told WHERE event = :event
            """,
            event=event,
            new=new,
        )

    def _name_readings(self, document: DocumentId, names: Sequence[SeriesId | None]) -> None:
        rows = self._db.rows(
            """
            SELECT reading.seq
              FROM reading
              JOIN document ON document.seq = reading.document
             WHERE document.id = :id
             ORDER BY reading.seq
            """,
            id=document,
        )
        self._db.run_many(
            "UPDATE reading SET series = ? WHERE seq = ?",
            [(name, row["seq"]) for name, row in zip(names, rows, strict=True)],
        )

    def _span(self, event: EventId) -> None:
        self._db.run(
            """
            UPDATE event
               SET first_seen = (SELECT min(published) FROM document WHERE event = :event),
                   last_seen = (SELECT max(published) FROM document WHERE event = :event)
             WHERE id = :event
            """,
            event=event,
        )

    def rename_figure(
        self, state: FigureState, gone: SeriesId, kept: SeriesId, *, only: Collection[str] = ()
    ) -> None:
        self._ledger.write_figure_state(state)
        ids = json.dumps(sorted(only))
        among = "AND {} IN (SELECT value FROM json_each(:ids))" if only else ""
        rows = "(SELECT id FROM document WHERE document.seq = reading.document)"
        self._db.run(
            f"UPDATE reading SET series = :kept WHERE series = :gone {among.format(rows)}",  # noqa: S608 - our own fragments
            kept=kept,
            gone=gone,
            ids=ids,
        )
        self._db.run(
            f"UPDATE change SET series = :kept WHERE series = :gone {among.format('document')}",  # noqa: S608 - our own fragments
            kept=kept,
            gone=gone,
            ids=ids,
        )
        if not only:
            self._db.run(
                "UPDATE OR IGNORE told_figure SET series = :kept WHERE series = :gone",
                kept=kept,
                gone=gone,
            )
        self._db.run(
            """
            UPDATE notice
               SET series = (SELECT change.series FROM change WHERE change.id = notice.change)
             WHERE series = :gone
            """,
            gone=gone,
        )

    def silence_figure(self, state: FigureState, series: SeriesId) -> None:
        self._ledger.write_figure_state(state)
        if series in state.ignored:
            self._db.run(
                """
                UPDATE notice SET state = 'skipped', reason = 'ignored by hand'
                 WHERE series = :series AND state = 'held'
                """,
                series=series,
            )
