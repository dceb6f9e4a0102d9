"""Forgetting: signatures that left the window, articles beyond age and size."""

from array import array
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from monitor.store.codec import column, stamp
from monitor.store.database import Database
from monitor.store.rows import KEYS

BATCH = 500  # rows forgotten in one transaction


def unindex(database: Database, postings: Sequence[Mapping[str, Any]]) -> None:
    """Take signatures and their keys out of the index; postings: document, bands, anchors."""
    for row in postings:
        for table, listed in KEYS.items():
            keys = array("i", row[listed])
            database.run_many(
                f"DELETE FROM {table} WHERE key = ? AND document = ?",  # noqa: S608 - our tables
                [(key, row["document"]) for key in keys],
            )
        database.run("DELETE FROM signature WHERE document = :seq", seq=row["document"])


class Retention:
    """Removes in batches, so that no transaction holds the desk for long."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def expire_signatures(self, *, before: datetime) -> int:
        """Take what fell out of the window of copies out of the index; count the documents."""
        count = 0
        while True:
            with self._db.transaction("forget"):
                rows = self._db.rows(
                    """
                    SELECT document, bands, anchors
                      FROM signature
                      JOIN posting USING (document)
                     WHERE at < :before
                     ORDER BY at
                     LIMIT :batch
                    """,
                    before=stamp(before),
                    batch=BATCH,
                )
                unindex(self._db, rows)
            count += len(rows)
            if len(rows) < BATCH:
                return count

    def forget_before(self, moment_: datetime) -> int:
        """Remove articles published before a moment, with their readings; count them."""
        return self._forget_all("published < :before", before=stamp(moment_))

    def forget_down_to(self, size: int, *, but: datetime) -> int:
        """Remove the oldest articles until the file's content fits into `size` bytes.

        Articles published after `but` stay: they are what copies and events are judged by.
        """
        count = 0
        while self._content() > size:
            removed = self._forget("published < :but ORDER BY published", but=stamp(but))
            if not removed:
                break
            count += removed
        return count

    def _content(self) -> int:
        pages, free, page = (
            int(self._db.value(f"PRAGMA {name}"))
            for name in ("page_count", "freelist_count", "page_size")
        )
        return (pages - free) * page

    def _forget_all(self, where: str, **values: Any) -> int:
        count = 0
        while removed := self._forget(where, **values):
            count += removed
        return count

    def _forget(self, where: str, **values: Any) -> int:
        """Remove a batch of documents; what was decided and told of them stays."""
        with self._db.transaction("forget"):
            rows = self._db.rows(
                f"""
                SELECT document.seq AS document, bands, anchors
                  FROM document
                  LEFT JOIN posting ON posting.document = document.seq
                 WHERE {where}
                 LIMIT :batch
                """,  # noqa: S608 - only our own fragments
                batch=BATCH,
                **values,
            )
            self._remove(rows)
        return len(rows)

    def forget_rows(self, rows: Sequence[int]) -> None:
        """Remove these documents, with their readings."""
        for start in range(0, len(rows), BATCH):
            part = rows[start : start + BATCH]
            self._forget("document.seq IN (SELECT value FROM carray(:rows))", rows=column(part))

    def _remove(self, rows: Sequence[Mapping[str, Any]]) -> None:
        unindex(self._db, [row for row in rows if row["bands"] is not None])
        seqs = [(row["document"],) for row in rows]
        self._db.run_many("DELETE FROM sentence WHERE document = ?", seqs)
        self._db.run(
            "DELETE FROM fresh_sentence WHERE document IN (SELECT value FROM carray(:seqs))",
            seqs=column(row["document"] for row in rows),
        )
        self._db.run_many("DELETE FROM document_text WHERE rowid = ?", seqs)
        self._db.run_many("DELETE FROM document WHERE seq = ?", seqs)
