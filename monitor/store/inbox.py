"""Bed 1: feeds and their entries."""

import json
from datetime import datetime, timedelta
from typing import Any

from monitor.beds import FeedState, Later, Rejected, Waiting
from monitor.model import DocumentId, Entry, EntryId, ParsedFeed, Validators
from monitor.store.codec import moment, stamp
from monitor.store.database import Database

KNOWN = 20_000  # newest entry ids of a feed that are told to the parser


class Inbox:
    """The inbox in SQLite; see pipeline.ports.Inbox."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def feed_state(self, url: str) -> FeedState:
        row = self._db.row("SELECT * FROM feed WHERE url = :url", url=url)
        return _feed_state(row) if row else FeedState(url=url)

    def feed_states(self) -> tuple[FeedState, ...]:
        return tuple(_feed_state(row) for row in self._db.rows("SELECT * FROM feed ORDER BY url"))

    def known(self, url: str) -> frozenset[EntryId]:
        rows = self._db.rows(
            "SELECT id FROM entry WHERE feed = :url ORDER BY seq DESC LIMIT :most",
            url=url,
            most=KNOWN,
        )
        return frozenset(EntryId(row["id"]) for row in rows)

    def record_poll(
        self, state: FeedState, parsed: ParsedFeed | None, *, baseline: bool, at: datetime
    ) -> int:
        """Keep a feed's state and its new entries in one transaction; count the new ones.

        Oldest entries are taken in first: a feed lists its newest at the top.
        """
        new = 0
        with self._db.transaction():
            for entry in reversed(parsed.entries) if parsed else ():
                new += self._add_entry(state.url, entry, baseline=baseline, at=at)
            self._db.run(
                """
                INSERT OR REPLACE INTO feed (url, title, language, etag, last_modified, body_hash,
                       baseline_done, next_due, not_before, pause, failures, failing_since,
                       problem, last_poll, last_new, left_out)
                VALUES (:url, :title, :language, :etag, :last_modified, :body_hash,
                       :baseline_done, :next_due, :not_before, :pause, :failures, :failing_since,
                       :problem, :last_poll, :last_new, :left_out)
                """,
                url=state.url,
                title=state.title,
                language=state.language,
                etag=state.validators.etag,
                last_modified=state.validators.last_modified,
                body_hash=state.validators.body_hash,
                baseline_done=state.baseline_done,
                next_due=stamp(state.next_due) if state.next_due else 0,
                not_before=stamp(state.not_before) if state.not_before else None,
                pause=round(state.pause.total_seconds()),
                failures=state.failures,
                failing_since=stamp(state.failing_since) if state.failing_since else None,
                problem=state.problem,
                last_poll=stamp(state.last_poll) if state.last_poll else None,
                last_new=stamp(state.last_new) if state.last_new else None,
                left_out=state.left_out,
            )
        return new

    def _add_entry(self, feed: str, entry: Entry, *, baseline: bool, at: datetime) -> bool:
        keys = sorted({entry.id, *entry.keys})
        known = self._db.value(
            """
            SELECT entry
              FROM entry_key
             WHERE feed = :feed AND key IN (SELECT value FROM json_each(:keys))
             LIMIT 1
            """,
            feed=feed,
            keys=json.dumps(keys),
        )
        if known is None:
            known = self._insert(feed, entry, baseline=baseline, at=at)
            added = True
        else:
            added = False
        self._db.run_many(
            "INSERT OR IGNORE INTO entry_key (feed, key, entry) VALUES (?, ?, ?)",
            [(feed, key, known) for key in keys],
        )
        return added

    def _insert(self, feed: str, entry: Entry, *, baseline: bool, at: datetime) -> int:
        self._db.run(
            """
            INSERT INTO entry (feed, id, url, title, summary, content, author, published,
                               own_page, first_seen, baseline, state)
            VALUES (:feed, :id, :url, :title, :summary, :content, :author, :published,
                    :own_page, :at, :baseline, 'waiting')
            """,
            feed=feed,
            id=entry.id,
            url=entry.url,
            title=entry.title,
            summary=entry.summary,
            content=entry.content,
            author=entry.author,
            published=stamp(entry.published) if entry.published else None,
            own_page=entry.own_page,
            at=stamp(at),
            baseline=baseline,
        )
        return self._db.last_row

    def waiting(self, *, now: datetime, limit: int) -> tuple[Waiting, ...]:
        rows = self._db.rows(
            """
            SELECT *
              FROM entry
             WHERE state = 'waiting' AND next_try <= :now
             ORDER BY seq
             LIMIT :limit
            """,
            now=stamp(now),
            limit=limit,
        )
        return tuple(_waiting(row) for row in rows)

    def put_off(self, waiting: Waiting, verdict: Later | Rejected) -> None:
        """Try the entry again later, or count it among the rejected with its reason."""
        with self._db.transaction():
            self._db.run(
                """
                UPDATE entry
                   SET attempts = attempts + 1, next_try = :next_try, reason = :reason,
                       state = :state
                 WHERE seq = :seq
                """,
                seq=waiting.seq,
                next_try=stamp(verdict.at) if isinstance(verdict, Later) else 0,
                reason=verdict.reason,
                state="waiting" if isinstance(verdict, Later) else "rejected",
            )

    def settle(self, waiting: Waiting, document: DocumentId, *, note: str = "") -> None:
        """Call the entry judged and drop its text, which rests in the ledger now."""
        with self._db.transaction():
            self._db.run(
                """
                UPDATE entry
                   SET state = 'judged', document = :document, summary = '', content = '',
                       reason = :note
                 WHERE seq = :seq
                """,
                seq=waiting.seq,
                document=document,
                note=note,
            )

    def pull_forward(self, *, now: datetime, step: timedelta) -> None:
        """After the clock went back by `step`: nothing waits longer than it would have."""
        values = {"now": stamp(now), "step": round(step.total_seconds() * 1_000_000)}
        with self._db.transaction():
            self._db.run(
                """
                UPDATE feed
                   SET next_due = max(:now, next_due - :step), not_before = not_before - :step
                 WHERE next_due > :now
                """,
                **values,
            )
            self._db.run(
                """
                UPDATE entry
                   SET next_try = max(:now, next_try - :step)
                 WHERE state = 'waiting' AND next_try > :now
                """,
                **values,
            )

    def summaries_used(self, *, since: datetime) -> int:
        """Count the entries whose page could not be had, so that the feed's own text stands."""
        return int(
            self._db.value(
                """
                SELECT count(*)
                  FROM entry
                 WHERE state = 'judged' AND reason <> '' AND first_seen >= :since
                """,
                since=stamp(since),
            )
        )


def _feed_state(row: dict[str, Any]) -> FeedState:
    def when(column: str) -> datetime | None:
        return moment(row[column]) if row[column] else None

    return FeedState(
        url=row["url"],
        title=row["title"],
        language=row["language"],
        validators=Validators(
            etag=row["etag"], last_modified=row["last_modified"], body_hash=row["body_hash"]
        ),
        baseline_done=bool(row["baseline_done"]),
        next_due=when("next_due"),
        not_before=when("not_before"),
        pause=timedelta(seconds=row["pause"]),
        failures=row["failures"],
        failing_since=when("failing_since"),
        problem=row["problem"],
        last_poll=when("last_poll"),
        last_new=when("last_new"),
        left_out=row["left_out"],
    )


def _waiting(row: dict[str, Any]) -> Waiting:
    return Waiting(
        seq=row["seq"],
        feed=row["feed"],
        entry=Entry(
            id=EntryId(row["id"]),
            url=row["url"],
            title=row["title"],
            summary=row["summary"],
            content=row["content"],
            published=moment(row["published"]) if row["published"] is not None else None,
            author=row["author"],
            own_page=bool(row["own_page"]),
        ),
        first_seen=moment(row["first_seen"]),
        baseline=bool(row["baseline"]),
        attempts=row["attempts"],
    )
