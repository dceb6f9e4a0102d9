"""Bed 1: feeds and their entries."""

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice, starmap
from typing import Any, Literal

from monitor import chaos
from monitor.beds import FeedState, Gaps, Later, Poll, Rejected, Unchanged, Waiting
from monitor.model import NO_RHYTHM, DocumentId, Entry, EntryId, Rhythm, Validators
from monitor.store.codec import dump, load, moment, stamp
from monitor.store.database import Database
from monitor.store.forgetting import url_hash

REFUSALS = (401, 402, 403, 407, 429, 451)  # statuses of a site that does not want us
REREAD = timedelta(minutes=5)  # doubled with each time that an entry comes back edited
LONGEST_REREAD = timedelta(hours=6)
KNOWN = 20_000  # newest entry ids of a feed that are told to the parser


FEEDS = """
SELECT url, title, language, etag, last_modified, body_hash, baseline_done, next_due, not_before,
       pause, rhythm, address, moved_to, moves, failures, failing_since, problem, gone, told,
       last_poll, last_new, left_out
  FROM feed
"""

# The numbers are places in what `_feed_row` gives. One statement writes all feeds: meanwhile the
# interpreter is the event loop's. `told` is not a poll's to write: the composer may have told.
WRITE_FEEDS = """
UPDATE feed
   SET title = value ->> 1, language = value ->> 2, etag = value ->> 3,
       last_modified = value ->> 4, body_hash = value ->> 5, baseline_done = value ->> 6,
       next_due = iif(next_due IS NULL, NULL, value ->> 7), not_before = value ->> 8,
       pause = value ->> 9, rhythm = value ->> 10, address = value ->> 11,
       moved_to = value ->> 12, moves = value ->> 13, failures = value ->> 14,
       failing_since = value ->> 15, problem = value ->> 16, gone = value ->> 17,
       last_poll = value ->> 18, last_new = value ->> 19, left_out = value ->> 20
  FROM jsonb_each(:feeds)
 WHERE url = value ->> 0
"""

# What a poll changes of a feed that says nothing new, and so of nearly all.
WRITE_TIMES = """
UPDATE feed
   SET next_due = iif(next_due IS NULL, NULL, value ->> 1), pause = value ->> 2,
       last_poll = value ->> 3
  FROM jsonb_each(:feeds)
 WHERE url = value ->> 0
"""


class Inbox:
    """The inbox in SQLite; see pipeline.ports.Inbox."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def feed_state(self, url: str) -> FeedState:
        found = self._states("WHERE url = :url", url=url)
        return found[0] if found else FeedState(url=url)

    def feed_states(self) -> tuple[FeedState, ...]:
        return self._states("ORDER BY url")

    def _states(self, which: str, /, **values: Any) -> tuple[FeedState, ...]:
        return tuple(starmap(_feed_state, self._db.tuples(f"{FEEDS} {which}", **values)))

    def known(self, url: str) -> frozenset[EntryId]:
        rows = self._db.rows(
            "SELECT id FROM entry WHERE feed = :url ORDER BY seq DESC LIMIT :most",
            url=url,
            most=KNOWN,
        )
        return frozenset(EntryId(row["id"]) for row in rows)

    def follow(self, urls: Collection[str]) -> None:
        """Keep a state for these feeds; those of all others rest."""
        due = dict(self._db.tuples("SELECT url, next_due FROM feed"))
        resting = {url for url, when in due.items() if when is None}
        left = due.keys() - resting - set(urls)
        come = [url for url in urls if url in resting]
        new = set(urls) - due.keys()
        with self._db.transaction():
            self._db.run_many("INSERT INTO feed (url) VALUES (?)", [(url,) for url in new])
            self._db.run_many("UPDATE feed SET next_due = 0 WHERE url = ?", [(u,) for u in come])
            self._db.run_many("UPDATE feed SET next_due = NULL WHERE url = ?", [(u,) for u in left])

    def due(self, *, now: datetime, limit: int) -> tuple[FeedState, ...]:
        """Give the followed feeds that are to be asked, the longest due first."""
        which = "WHERE next_due <= :now ORDER BY next_due LIMIT :limit"
        return self._states(which, now=stamp(now), limit=limit)

    def record_polls(self, polls: Sequence[Poll | Unchanged]) -> tuple[int, ...]:
        """Keep feeds' states and their new entries in one transaction; count the new ones."""
        counts, whole, times = [], [], []
        with self._db.transaction("poll"):
            for poll in polls:
                if isinstance(poll, Unchanged):
                    times.append(_times_row(poll))
                    counts.append(0)
                    continue
                counts.append(self._take_in(poll, poll.parsed.entries) if poll.parsed else 0)
                chaos.point("poll.entries")
                whole.append(_feed_row(poll.state))
            self._db.run(WRITE_FEEDS, feeds=json.dumps(whole, ensure_ascii=False))
            self._db.run(WRITE_TIMES, feeds=json.dumps(times, ensure_ascii=False))
        return tuple(counts)

    def troubled(self) -> tuple[FeedState, ...]:
        """Give the feeds of which the operator may have to be told."""
        return self._states(
            "WHERE failing_since IS NOT NULL OR told <> '' OR address <> '' ORDER BY url"
        )

    def tell(self, url: str, told: str) -> None:
        """Remember what the operator was told of a feed."""
        with self._db.transaction():
            self._db.run("UPDATE feed SET told = :told WHERE url = :url", url=url, told=told)

    def _take_in(self, poll: Poll, entries: Sequence[Entry]) -> int:
        """Take in what is new, the oldest first: a feed lists its newest at the top."""
        feed, new = poll.state.url, 0
        named = [(entry, sorted({entry.id, *entry.keys})) for entry in reversed(entries)]
        known, contents = self._known(feed, [key for _, keys in named for key in keys])
        forgotten = self._forgotten([entry.url for entry in entries])
        old = len(known)
        for entry, keys in named:
            seq = next((known[key] for key in keys if key in known), None)
            if seq is None:
                seq = self._insert(poll, entry, forgotten=entry.url in forgotten)
                new += 1
            elif contents[seq] != entry.content_hash:
                self._edit(seq, entry, at=poll.at)
            contents[seq] = entry.content_hash
            for key in keys:
                known.setdefault(key, seq)
        self._db.run_many(
            "INSERT INTO entry_key (feed, key, entry) VALUES (?, ?, ?)",
            [(feed, key, seq) for key, seq in islice(known.items(), old, None)],
        )
        return new

    def _known(self, feed: str, keys: Sequence[str]) -> tuple[dict[str, int], dict[int, str]]:
        """Give the entries that bear one of these keys, and what each says."""
        rows = self._db.rows(
            """
            SELECT key, seq, content_hash
              FROM entry_key JOIN entry ON seq = entry
             WHERE entry_key.feed = :feed AND key IN (SELECT value FROM json_each(:keys))
            """,
            feed=feed,
            keys=json.dumps(keys),
        )
        return (
            {row["key"]: row["seq"] for row in rows},
            {row["seq"]: row["content_hash"] for row in rows},
        )

    def _edit(self, seq: int, entry: Entry, *, at: datetime) -> None:
        """Let an edited entry be read again: at once the first time, then after growing pauses."""
        (row,) = self._db.rows("SELECT state, revisions FROM entry WHERE seq = :seq", seq=seq)
        waits = row["state"] == "waiting"
        pause = REREAD * 2 ** (row["revisions"] - 1) if row["revisions"] else timedelta(0)
        self._db.run(
            """
            UPDATE entry
               SET title = :title, summary = :summary, content = :content,
                   content_hash = :content_hash, state = 'waiting',
                   revisions = revisions + :again, attempts = attempts * (1 - :again),
                   next_try = iif(:again, :next_try, next_try)
             WHERE seq = :seq
            """,
            seq=seq,
            title=entry.title,
            summary=entry.summary,
            content=entry.content,
            content_hash=entry.content_hash,
            again=not waits,
            next_try=stamp(at + min(pause, LONGEST_REREAD)),
        )

    def is_forgotten(self, url: str) -> bool:
        """Whether an article of this address was taken out for good."""
        return bool(self._forgotten([url]))

    def _forgotten(self, urls: Sequence[str]) -> frozenset[str]:
        named = {url_hash(url).hex().upper(): url for url in urls}
        rows = self._db.rows(
            """
            SELECT hex(url_hash) AS name
              FROM forgotten
             WHERE url_hash IN (SELECT unhex(value) FROM json_each(:names))
            """,
            names=json.dumps(list(named)),
        )
        return frozenset(named[row["name"]] for row in rows)

    def _insert(self, poll: Poll, entry: Entry, *, forgotten: bool) -> int:
        if forgotten:
            entry = replace(entry, title="", summary="", content="", author="")
        self._db.run(
            """
            INSERT INTO entry (feed, id, url, title, summary, content, author, published,
                               own_page, first_seen, baseline, state, reason, content_hash)
            VALUES (:feed, :id, :url, :title, :summary, :content, :author, :published,
                    :own_page, :at, :baseline, :state, :reason, :content_hash)
            """,
            feed=poll.state.url,
            id=entry.id,
            url=entry.url,
            title=entry.title,
            summary=entry.summary,
            content=entry.content,
            author=entry.author,
            published=stamp(entry.published) if entry.published else None,
            own_page=entry.own_page,
            at=stamp(poll.at),
            baseline=poll.baseline,
            state="rejected" if forgotten else "waiting",
            reason="forgotten by hand" if forgotten else "",
            content_hash=entry.content_hash,
        )
        return self._db.last_row

    def waiting(
        self, *, now: datetime, limit: int, besides: Collection[int] = ()
    ) -> tuple[Waiting, ...]:
        rows = self._db.rows(
            """
            SELECT *
              FROM entry INDEXED BY entry_waiting -- else every entry is looked at in turn
             WHERE state = 'waiting' AND next_try <= :now
               AND seq NOT IN (SELECT value FROM json_each(:besides))
             ORDER BY seq
             LIMIT :limit
            """,
            now=stamp(now),
            limit=limit,
            besides=json.dumps(list(besides)),
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

    def bury(self, waiting: Waiting) -> None:
        """Reject an entry whose article was taken out for good, with all its words."""
        with self._db.transaction():
            self._db.run(
                """
                UPDATE entry
                   SET title = '', summary = '', content = '', author = '', state = 'rejected',
                       reason = 'forgotten by hand'
                 WHERE seq = :seq
                """,
                seq=waiting.seq,
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

    def gaps(self, *, since: datetime) -> Gaps:
        """Count the entries since then that are not whole, or not there."""
        found = self._db.row(
            """
            SELECT total(state = 'rejected') AS dropped,
                   total(published IS NULL) AS undated,
                   total(state = 'judged' AND reason <> '' AND (reason GLOB 'robots.txt*'
                         OR substr(reason, 1, 8) IN (SELECT value FROM json_each(:refusals)))
                        ) AS blocked,
                   total(state = 'judged' AND reason <> '') AS unreadable
              FROM entry
             WHERE first_seen >= :since
            """,
            since=stamp(since),
            refusals=json.dumps([f"HTTP {status}" for status in REFUSALS]),
        )
        counts = {name: int(count) for name, count in (found or {}).items()}
        counts["unreadable"] -= counts["blocked"]
        return Gaps(**counts)


def _feed_row(state: FeedState) -> tuple[str | int | None, ...]:
    return (
        state.url,
        state.title,
        state.language,
        state.validators.etag,
        state.validators.last_modified,
        state.validators.body_hash,
        state.baseline_done,
        _stamp(state.next_due) or 0,
        _stamp(state.not_before),
        round(state.pause.total_seconds()),
        dump(state.rhythm) if state.rhythm != NO_RHYTHM else "",
        state.address,
        state.moved_to,
        state.moves,
        state.failures,
        _stamp(state.failing_since),
        state.problem,
        state.gone,
        _stamp(state.last_poll),
        _stamp(state.last_new),
        state.left_out,
    )


def _times_row(poll: Unchanged) -> tuple[str, int, int, int]:
    return poll.url, stamp(poll.next_due), round(poll.pause.total_seconds()), stamp(poll.at)


def _feed_state(
    url: str,
    title: str,
    language: str,
    etag: str,
    last_modified: str,
    body_hash: str,
    baseline_done: int,
    next_due: int | None,
    not_before: int | None,
    pause: int,
    rhythm: str,
    address: str,
    moved_to: str,
    moves: int,
    failures: int,
    failing_since: int | None,
    problem: str,
    gone: int,
    told: Literal["", "failing", "gone", "moved"],
    last_poll: int | None,
    last_new: int | None,
    left_out: int,
    /,
) -> FeedState:
    return FeedState(  # by place: by name it takes half as long again
        url,
        title,
        language,
        Validators(etag, last_modified, body_hash),
        bool(baseline_done),
        _moment(next_due),
        _moment(not_before),
        timedelta(seconds=pause),
        load(Rhythm, rhythm) if rhythm else NO_RHYTHM,
        address,
        moved_to,
        moves,
        failures,
        _moment(failing_since),
        problem,
        bool(gone),
        told,
        _moment(last_poll),
        _moment(last_new),
        left_out,
    )


def _stamp(moment_: datetime | None) -> int | None:
    return stamp(moment_) if moment_ else None


def _moment(stamp_: int | None) -> datetime | None:
    return moment(stamp_) if stamp_ else None


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
        revisions=row["revisions"],
    )
