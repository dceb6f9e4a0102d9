"""Taking articles out for good: rows, full text, quotes, letters, free pages and the log.

What was decided stays as numbers, names and times; the words are gone. A hash of the address stays
as a tombstone, so that the article is not read again.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from monitor.model import (
    CHANGE_KINDS,
    Change,
    EventOpened,
    FigureDisputed,
    FigureState,
    Message,
    Observation,
    Series,
    Track,
)
from monitor.store.codec import dump, load, stamp
from monitor.store.database import Database
from monitor.store.retention import Retention

FORGOTTEN = "(forgotten)"
_KINDS = {name: kind for kind, name in CHANGE_KINDS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What was taken out."""

    documents: int
    entries: int
    messages: int  # whose words were taken out
    dropped: int  # of these, messages that were still to be sent


def url_hash(url: str) -> bytes:
    return sha256(url.encode()).digest()


class Forgetting:
    """Runs where nothing else writes: afterwards the file is compacted."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def forget(self, what: str, *, note: str, at: datetime) -> Forgotten:
        """Forget an article by its address or id, or all articles of an outlet so far."""
        with self._db.transaction():
            documents = self._db.rows(
                """
                SELECT seq, id, url, event
                  FROM document
                 WHERE url = :what OR id = :what OR outlet = :what
                    OR id IN (SELECT document FROM entry WHERE url = :what)
                """,
                what=what,
            )
            entries = self._entries(what, [row["id"] for row in documents])
            events = {row["event"] for row in documents}
            messages, dropped = self._messages(events, at)
            ids = {row["id"] for row in documents}
            for event in sorted(events):
                self._figures(event, ids)
            self._bury({row["url"] for row in (*documents, *entries)} - {""}, note=note, at=at)
            seqs = [row["seq"] for row in documents]
            Retention(self._db).forget_rows(seqs)
            for event in sorted(events):
                self._retitle(event)
        if documents or entries:
            self._wipe()
        return Forgotten(
            documents=len(documents), entries=len(entries), messages=messages, dropped=dropped
        )

    def _entries(self, what: str, documents: Sequence[str]) -> list[dict[str, Any]]:
        found = self._db.rows(
            """
            SELECT seq, url
              FROM entry
             WHERE url = :what OR document IN (SELECT value FROM json_each(:documents))
            """,
            what=what,
            documents=json.dumps(documents),
        )
        self._db.run_many(
            """
            UPDATE entry
               SET title = '', summary = '', content = '', author = '', state = 'rejected',
                   reason = 'forgotten by hand', document = NULL
             WHERE seq = ?
            """,
            [(row["seq"],) for row in found],
        )
        return found

    def _bury(self, urls: Collection[str], *, note: str, at: datetime) -> None:
        self._db.run_many(
            "INSERT OR REPLACE INTO forgotten (url_hash, at, note) VALUES (?, ?, ?)",
            [(url_hash(each), stamp(at), note) for each in sorted(urls)],
        )

    def _messages(self, events: Collection[str], at: datetime) -> tuple[int, int]:
        """Empty the letters that told of these events; what was not sent yet is dropped."""
        rows = self._db.rows(
            """
            SELECT DISTINCT message.seq, message.state, message.body
              FROM message
              JOIN notice ON notice.digest = message.digest AND notice.target = message.target
             WHERE notice.event IN (SELECT value FROM json_each(:events))
            """,
            events=json.dumps(sorted(events)),
        )
        open_ = [row for row in rows if row["state"] in ("waiting", "unknown")]
        for row in rows:
            message = load(Message, row["body"])
            blank = replace(message, subject=FORGOTTEN, text=FORGOTTEN, html="", topic="")
            self._db.run(
                "UPDATE message SET body = :body WHERE seq = :seq", seq=row["seq"], body=dump(blank)
            )
        self._db.run_many(
            """
            UPDATE message SET state = 'dropped', settled = ?, problem = 'forgotten by hand'
             WHERE seq = ?
            """,
            [(stamp(at), row["seq"]) for row in open_],
        )
        return len(rows), len(open_)

    def _figures(self, event: str, documents: Collection[str]) -> None:
        """Take the quotes out of what was followed and told."""
        text = self._db.value("SELECT state FROM figure_state WHERE event = :id", id=event)
        if text is not None:
            state = load(FigureState, text)
            kept = tuple(_series(each, documents) for each in state.series)
            joined = tuple(_series(each, documents) for each in state.joined)
            self._db.run(
                "UPDATE figure_state SET state = :state WHERE event = :event",
                event=event,
                state=dump(replace(state, series=kept, joined=joined)),
            )
        for row in self._db.rows(
            "SELECT seq, kind, body FROM change WHERE event = :event", event=event
        ):
            change = _change(load(_KINDS[row["kind"]], row["body"]), documents)
            self._db.run(
                "UPDATE change SET body = :body WHERE seq = :seq", seq=row["seq"], body=dump(change)
            )

    def _retitle(self, event: str) -> None:
        """Call an event by the headline of an article that is left."""
        self._db.run(
            """
            UPDATE event
               SET title = coalesce((SELECT title FROM document
                                      WHERE event = :event AND title <> '' ORDER BY seq LIMIT 1),
                                    :nothing)
             WHERE id = :event
            """,
            event=event,
            nothing=FORGOTTEN,
        )

    def _wipe(self) -> None:
        """Merge the full-text index, which only marks what was deleted; empty the log."""
        self._db.run("INSERT INTO document_text (document_text) VALUES ('optimize')")
        self._db.rows("PRAGMA incremental_vacuum")
        self._db.rows("PRAGMA wal_checkpoint(TRUNCATE)")


def _change(change: Change, documents: Collection[str]) -> Change:
    match change:
        case EventOpened():
            return replace(change, title=FORGOTTEN) if change.document in documents else change
        case FigureDisputed():
            return replace(change, sides=tuple(_seen(each, documents) for each in change.sides))
        case _:
            return replace(
                change,
                before=_seen(change.before, documents),
                after=_seen(change.after, documents),
            )


def _series(series: Series, documents: Collection[str]) -> Series:
    return replace(
        series,
        decided=_seen(series.decided, documents),
        latest=_seen(series.latest, documents),
        previous=_maybe(series.previous, documents),
        held=_maybe(series.held, documents),
        doubts=tuple(_seen(each, documents) for each in series.doubts),
        tracks=tuple(
            Track(
                claimant=each.claimant,
                decided=_seen(each.decided, documents),
                latest=_seen(each.latest, documents),
            )
            for each in series.tracks
        ),
    )


def _maybe(seen: Observation | None, documents: Collection[str]) -> Observation | None:
    return None if seen is None else _seen(seen, documents)


def _seen(seen: Observation, documents: Collection[str]) -> Observation:
    """A value without the words it stood in."""
    if seen.document not in documents:
        return seen
    reading = replace(seen.reading, quote="", quote_start=0, quote_end=0, noun="", subset="")
    return replace(seen, reading=reading, url="")
