"""What is asked of bed 2: documents, signatures, events, readings and changes."""

import json
from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from monitor.beds import Article, EventRecord, Recorded, Unread
from monitor.model import (
    COMMON_ANCHOR,
    FURNITURE_ORIGINALS,
    Candidate,
    ChangeId,
    ClusterMemory,
    Document,
    DocumentId,
    EventId,
    FigureState,
    Reading,
    SeriesId,
    Signature,
)
from monitor.store.codec import EPOCH, column, load, moment, stamp
from monitor.store.database import Database
from monitor.store.rows import ARTICLE, DOCUMENT, article, candidate, recorded, unread

if TYPE_CHECKING:
    from monitor.store.keyfilter import KeyFilter

LAST = 2**63 - 1  # row
KEYS_OF_A_TEXT = 100
TEXTS_AT_ONCE = 20  # whose keys are read while an article is judged
UNREAD = """
SELECT fresh, signature.at AS at,
       (SELECT max(number) FROM revision WHERE document = document.seq) AS version,
       (SELECT revision.text
          FROM revision
         WHERE document = document.seq
         ORDER BY number DESC
         LIMIT 1) AS earlier,"""


class Lookups:
    """The questions about the ledger; writing is the ledger's own."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._keys: KeyFilter | None = None  # of all that stand in the index
        self._growing: KeyFilter | None = None  # is to take its place, and read so far:
        self._read_to = 0  # document

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
              FROM carray(:hashes)
             WHERE EXISTS (SELECT 1 FROM sentence WHERE key = value
                            UNION ALL
                           SELECT 1 FROM fresh_sentence WHERE key = value
                            LIMIT 1 OFFSET :more)
            """,
            more=FURNITURE_ORIGINALS - 1,
            hashes=column(sentences),
        )
        return frozenset(row["hash"] for row in rows)

    def candidates(self, signature: Signature, *, since: datetime) -> tuple[Candidate, ...]:
        """Propose documents that may share text: a band, three anchors, or the whole text.

        Oldest first; only signatures of the same version inside the window.
        """
        bands: Sequence[int] = signature.bands
        anchors: Sequence[int] = signature.anchors
        self.read_keys(TEXTS_AT_ONCE)
        if self._keys is not None:
            bands, anchors = self._keys.known(bands, anchors)
        found = self._sharing_band(bands)
        found |= self._sharing_anchors(anchors, signature.anchors_needed)
        if not found:
            return ()
        rows = self._db.rows(
            f"""
            SELECT {DOCUMENT}, event, verdict, of, version, exact, shingles
              FROM document
              JOIN signature ON signature.document = document.seq
             WHERE document.seq IN (SELECT value FROM carray(:found))
               AND signature.at >= :since AND version = :version
             ORDER BY document.seq
            """,  # noqa: S608 - only our own fragments
            found=column(found),
            since=stamp(since),
            version=signature.version,
        )
        return tuple(candidate(row) for row in rows)

    def read_keys(self, texts: int) -> bool:
        """Read some more of the keys that stand in the index; whether all of them are known.

        No article waits for a whole archive: until it is read, every key is looked up.
        """
        if self._keys is not None and not self._keys.is_full:
            return True
        if self._growing is None:
            from monitor.store.keyfilter import KeyFilter  # numpy: only who judges pays for it

            there = self._db.value("SELECT max(document) - min(document) + 1 FROM posting") or 0
            self._growing, self._read_to = KeyFilter(KEYS_OF_A_TEXT * there), 0
        rows = self._db.rows(
            """
            SELECT document, bands, anchors
              FROM posting
             WHERE document > :last
             ORDER BY document
             LIMIT :most
            """,
            last=self._read_to,
            most=texts,
        )
        bands = array("i", b"".join([row["bands"] for row in rows]))
        self._growing.add(bands, array("i", b"".join([row["anchors"] for row in rows])))
        if len(rows) == texts:
            self._read_to = rows[-1]["document"]
            return False
        self._keys, self._growing = self._growing, None
        return True

    def _sharing_band(self, bands: Sequence[int]) -> set[int]:
        if not bands:
            return set()
        rows = self._db.rows(
            """
            SELECT document FROM band WHERE key IN (SELECT value FROM carray(:keys))
             UNION
            SELECT document FROM fresh_band WHERE key IN (SELECT value FROM carray(:keys))
            """,
            keys=column(bands),
        )
        return {row["document"] for row in rows}

    def _sharing_anchors(self, anchors: Sequence[int], needed: int) -> set[int]:
        if len(anchors) < needed:
            return set()
        rows = self._db.rows(
            """
            WITH telling (key) AS MATERIALIZED (
              SELECT value
                FROM carray(:keys)
               WHERE NOT EXISTS (SELECT 1 FROM anchor WHERE key = value
                                  UNION ALL
                                 SELECT 1 FROM fresh_anchor WHERE key = value
                                  LIMIT 1 OFFSET :most)
            )
            SELECT document
              FROM (SELECT document FROM telling CROSS JOIN anchor USING (key)
                     UNION ALL
                    SELECT document FROM telling CROSS JOIN fresh_anchor USING (key))
             GROUP BY document
            HAVING count(*) >= :needed
            """,
            keys=column(anchors),
            most=COMMON_ANCHOR,
            needed=needed,
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
        row = self._standing(event)
        return EventId(row["id"]) if row else None

    def _standing(self, event: str) -> Mapping[str, Any] | None:
        row = self._db.row("SELECT * FROM event WHERE id = :id", id=event)
        while row is not None and row["merged_into"] is not None:
            row = self._db.row("SELECT * FROM event WHERE id = :id", id=row["merged_into"])
        return row

    def name_now(self, name: str) -> str:
        """Follow merges of events and figures to the name that stands; any other is as it was."""
        place, slash, slug = name.partition("/")
        event = self.resolve(place)
        if event is None or not slash:
            return event or name
        aliases = self.figure_state(event).aliases
        return aliases.get(SeriesId(name), SeriesId(f"{event}/{slug}"))

    def event(self, event: EventId) -> EventRecord | None:
        """Give the event as it stands, merges applied."""
        row = self._standing(event)
        if row is None:
            return None
        return EventRecord(
            id=EventId(row["id"]),
            title=row["title"],
            titled=bool(row["titled"]),
            language=row["language"],
            first_seen=moment(row["first_seen"]),
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

    def unread(self, event: EventId, *, until: int | None = None) -> tuple[Unread, ...]:
        """List the articles of an event whose figures were not read, in order of arrival."""
        rows = self._db.rows(
            f"""
            {ARTICLE.replace("SELECT", UNREAD, 1)}
              LEFT JOIN signature ON signature.document = document.seq
             WHERE event = :event AND figured = 0 AND arrived <= :until
             ORDER BY arrived
            """,
            event=event,
            until=LAST if until is None else until,
        )
        return tuple(unread(row) for row in rows)

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
             WHERE document.seq IN (SELECT value FROM carray(:rows))
               AND published >= :since
             ORDER BY document.seq DESC
            """,  # noqa: S608 - only our own fragments
            rows=column(rows),
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
