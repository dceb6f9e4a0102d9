"""Bed 3: who is to hear what, and whether it arrived."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.beds import Delivery, Hit, Mute, Notice, Told
from monitor.model import (
    ChangeId,
    DeliveryError,
    EventId,
    Message,
    MessageId,
    Outcome,
    Receipt,
    SeriesId,
)
from monitor.store.codec import dump, load, moment, stamp
from monitor.store.database import Database

DEATHS = 5  # attempts that may end with the program before a person is needed
NEVER = stamp(datetime(9999, 1, 1, tzinfo=UTC))  # not by itself


class Outbox:
    """The outbox in SQLite; see pipeline.ports.Outbox."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def transaction(self) -> AbstractContextManager[None]:
        return self._db.transaction()

    # -- small memory -----------------------------------------------------------------------------

    def _meta(self, key: str) -> str:
        return str(self._db.value("SELECT value FROM meta WHERE key = :key", key=key) or "")

    def _set_meta(self, key: str, value: str) -> None:
        with self._db.transaction():
            self._db.run(
                "INSERT OR REPLACE INTO meta (key, value) VALUES (:key, :value)",
                key=key,
                value=value,
            )

    def instance(self, fresh: str) -> str:
        """Give the name of this installation; `fresh` becomes it on the first start."""
        if not self._meta("instance"):
            self._set_meta("instance", fresh)
        return self._meta("instance")

    def cursors(self) -> tuple[int, int]:
        return int(self._meta("composed_document") or 0), int(self._meta("composed_change") or 0)

    def move_cursors(self, document: int, change: int) -> None:
        self._set_meta("composed_document", str(document))
        self._set_meta("composed_change", str(change))

    def served(self, target: str) -> datetime | None:
        """The last slot that was served, or when the target became known."""
        value = self._meta(f"served {target}")
        return moment(int(value)) if value else None

    def serve(self, target: str, slot: datetime) -> None:
        self._set_meta(f"served {target}", str(stamp(slot)))

    def last_heartbeat(self, target: str) -> str:
        return self._meta(f"heartbeat {target}")

    def set_heartbeat(self, target: str, week: str) -> None:
        self._set_meta(f"heartbeat {target}", week)

    # -- notices ----------------------------------------------------------------------------------

    def add_hits(self, hits: Sequence[Hit]) -> None:
        self._db.run_many(
            "INSERT OR REPLACE INTO hit (document, watch, event, terms) VALUES (?, ?, ?, ?)",
            [
                (hit.article.seq, hit.watch, hit.article.event, json.dumps(hit.terms))
                for hit in hits
            ],
        )

    def hits_of(self, event: EventId) -> Mapping[str, tuple[str, ...]]:
        """Which watches an event's articles hit, with the words that did."""
        found: dict[str, dict[str, None]] = defaultdict(dict)
        for row in self._db.rows(
            "SELECT watch, terms FROM hit WHERE event = :event ORDER BY document, watch",
            event=event,
        ):
            found[row["watch"]].update(dict.fromkeys(json.loads(row["terms"])))
        return {watch: tuple(terms) for watch, terms in found.items()}

    def announced(self, target: str, event: EventId) -> bool:
        """Whether the event was told as new, is about to be, or never shall be."""
        found = self._db.value(
            """
            SELECT 1
              FROM notice
             WHERE target = :target AND event = :event AND kind = 'event_opened'
            """,
            target=target,
            event=event,
        )
        return found is not None

    def add_notices(self, notices: Sequence[Notice]) -> None:
        """Enqueue each (target, change) once, ever."""
        self._db.run_many(
            """
            INSERT OR IGNORE INTO notice (target, change, kind, event, series, watches, created,
                                          state, reason)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                (
                    each.target,
                    each.change,
                    each.kind,
                    each.event,
                    each.series,
                    json.dumps(each.watches),
                    stamp(each.created),
                    each.state,
                    each.reason,
                )
                for each in notices
            ],
        )

    def held(self, target: str) -> tuple[Notice, ...]:
        rows = self._db.rows(
            "SELECT * FROM notice WHERE target = :target AND state = 'held' ORDER BY seq",
            target=target,
        )
        return tuple(_notice(row) for row in rows)

    def targets_of(self, change: ChangeId) -> list[str]:
        """Name the targets that heard or are to hear of a change."""
        rows = self._db.rows(
            """
            SELECT target
              FROM notice
             WHERE change = :change AND state <> 'skipped'
             ORDER BY target
            """,
            change=change,
        )
        return [row["target"] for row in rows]

    def close(self, notices: Sequence[Notice], state: str, reason: str, digest: str = "") -> None:
        self._db.run_many(
            "UPDATE notice SET state = ?, reason = ?, digest = ? WHERE seq = ?",
            [(state, reason, digest, each.seq) for each in notices],
        )

    # -- what a target knows ----------------------------------------------------------------------

    def told(self, target: str, event: EventId) -> Told | None:
        row = self._db.row(
            "SELECT at, sources FROM told WHERE target = :target AND event = :event",
            target=target,
            event=event,
        )
        return Told(at=moment(row["at"]), sources=row["sources"]) if row else None

    def told_figures(self, target: str, event: EventId) -> Mapping[SeriesId, tuple[str, str]]:
        rows = self._db.rows(
            """
            SELECT series, low, high
              FROM told_figure
             WHERE target = :target
               AND series IN (SELECT DISTINCT series
                                FROM change
                               WHERE event = :event AND series IS NOT NULL)
            """,
            target=target,
            event=event,
        )
        return {SeriesId(row["series"]): (row["low"], row["high"]) for row in rows}

    def tell(
        self,
        target: str,
        event: EventId,
        told: Told,
        figures: Mapping[SeriesId, tuple[str, str]],
    ) -> None:
        self._db.run(
            """
            INSERT OR REPLACE INTO told (target, event, at, sources)
            VALUES (:target, :event, :at, :sources)
            """,
            target=target,
            event=event,
            at=stamp(told.at),
            sources=told.sources,
        )
        self._db.run_many(
            "INSERT OR REPLACE INTO told_figure (target, series, low, high) VALUES (?, ?, ?, ?)",
            [(target, series, low, high) for series, (low, high) in figures.items()],
        )

    def mutes(self, *, now: datetime) -> tuple[Mute, ...]:
        rows = self._db.rows("SELECT * FROM mute WHERE until > :now ORDER BY what", now=stamp(now))
        return tuple(
            Mute(what=row["what"], until=moment(row["until"]), note=row["note"]) for row in rows
        )

    def mute(self, mute: Mute) -> None:
        with self._db.transaction():
            self._db.run(
                "INSERT OR REPLACE INTO mute (what, until, note) VALUES (:what, :until, :note)",
                what=mute.what,
                until=stamp(mute.until),
                note=mute.note,
            )

    def unmute(self, what: str) -> bool:
        with self._db.transaction():
            self._db.run("DELETE FROM mute WHERE what = :what", what=what)
            return self._db.changed() > 0

    # -- messages ---------------------------------------------------------------------------------

    def posted_since(self, target: str, since: datetime) -> tuple[datetime, ...]:
        """When digests were posted for a target; one time each, however many recipients."""
        rows = self._db.rows(
            """
            SELECT min(created) AS at
              FROM message
             WHERE target = :target AND created > :since
             GROUP BY digest
             ORDER BY at
            """,
            target=target,
            since=stamp(since),
        )
        return tuple(moment(row["at"]) for row in rows)

    def post(self, message: Message, *, digest: str, at: datetime) -> None:
        """Enqueue a message once: its id says what it tells to whom."""
        self._db.run(
            """
            INSERT OR IGNORE INTO message (id, digest, target, recipient, kind, event, body, state,
                                           created, next_try)
            VALUES (:id, :digest, :target, :recipient, :kind, :event, :body, 'waiting',
                    :at, :at)
            """,
            id=message.id,
            digest=digest,
            target=message.target,
            recipient=message.recipient,
            kind=message.kind,
            event=message.event,
            body=dump(message),
            at=stamp(at),
        )

    def lease(self, *, now: datetime, until: datetime, busy: Collection[str]) -> Delivery | None:
        """Take the next due message of a target not in `busy`, written down before it is sent.

        A recipient hears of an event in order: what waits for another try is not overtaken.
        """
        with self._db.transaction():
            self._give_up_leases(now, busy)
            row = self._db.row(
                """
                SELECT *
                  FROM message
                 WHERE state IN ('waiting', 'unknown') AND next_try <= :now
                   AND target NOT IN (SELECT value FROM json_each(:busy))
                   AND NOT EXISTS (SELECT 1
                                     FROM message AS earlier
                                    WHERE earlier.state = 'waiting'
                                      AND earlier.seq < message.seq
                                      AND earlier.target = message.target
                                      AND earlier.recipient = message.recipient
                                      AND earlier.event IS message.event)
                 ORDER BY next_try, seq
                 LIMIT 1
                """,
                now=stamp(now),
                busy=json.dumps(sorted(busy)),
            )
            if row is None:
                return None
            delivery = _delivery(row)
            if delivery.state == "unknown":
                repeat = replace(delivery.message, possible_repeat=True)
                delivery = replace(delivery, message=repeat)
            self._db.run(
                """
                UPDATE message
                   SET state = 'sending', attempts = attempts + 1, lease = :until, body = :body
                 WHERE seq = :seq
                """,
                seq=row["seq"],
                until=stamp(until),
                body=dump(delivery.message),
            )
        return delivery

    def is_due(self, *, now: datetime) -> bool:
        """Whether anything waits to be sent."""
        found = self._db.value(
            """
            SELECT 1
              FROM message
             WHERE state IN ('waiting', 'unknown') AND next_try <= :now
                OR state = 'sending' AND lease < :now
             LIMIT 1
            """,
            now=stamp(now),
        )
        return found is not None

    def _give_up_leases(self, now: datetime, busy: Collection[str]) -> None:
        """Doubt a send whose end was never written, as when the disk was full just then."""
        self._db.run(
            """
            UPDATE message
               SET state = 'unknown', lease = NULL, next_try = :now,
                   problem = 'what became of it could not be written down'
             WHERE state = 'sending' AND lease < :now
               AND target NOT IN (SELECT value FROM json_each(:busy))
            """,
            now=stamp(now),
            busy=json.dumps(sorted(busy)),
        )

    def pull_forward(self, *, now: datetime, step: timedelta) -> None:
        """After the clock went back by `step`: no message waits longer than it would have."""
        with self._db.transaction():
            self._db.run(
                """
                UPDATE message
                   SET next_try = max(:now, next_try - :step)
                 WHERE state IN ('waiting', 'unknown') AND next_try > :now AND next_try < :never
                """,
                now=stamp(now),
                step=round(step.total_seconds() * 1_000_000),
                never=NEVER,
            )

    def dead(self) -> int:
        """Count the messages that were given up."""
        return int(self._db.value("SELECT count(*) FROM message WHERE state = 'dead'"))

    def settle(
        self, message: MessageId, outcome: Outcome, *, at: datetime, next_try: datetime | None
    ) -> None:
        """Write an attempt's end: sent, waiting or unknown until `next_try`, dead without one."""
        state, problem = _ended(outcome, again=next_try is not None)
        with self._db.transaction():
            self._db.run(
                """
                UPDATE message
                   SET state = :state, problem = :problem, next_try = :next_try, lease = NULL,
                       settled = :at
                 WHERE id = :id
                """,
                id=message,
                state=state,
                problem=problem,
                next_try=stamp(next_try) if next_try else NEVER,
                at=stamp(at),
            )

    def release_broken(self, *, now: datetime, pauses: Mapping[str, timedelta]) -> int:
        """Call every send that a dead process left open `unknown`, due after its target's pause.

        After so many deaths with it a message waits for a person: it may be what kills us.
        Returns how many there were.
        """
        with self._db.transaction():
            rows = self._db.rows("SELECT * FROM message WHERE state = 'sending'")
            for delivery in map(_delivery, rows):
                message = delivery.message
                again = now + pauses.get(message.target, timedelta(0))
                self._db.run(
                    """
                    UPDATE message
                       SET state = 'unknown', lease = NULL, problem = :problem,
                           next_try = :next_try
                     WHERE id = :id
                    """,
                    id=message.id,
                    problem="the program ended while it was being sent",
                    next_try=NEVER if delivery.attempts >= DEATHS else stamp(again),
                )
        return len(rows)

    def unreported(self) -> tuple[Delivery, ...]:
        rows = self._db.rows(
            "SELECT * FROM message WHERE state = 'dead' AND NOT reported ORDER BY seq"
        )
        return tuple(_delivery(row) for row in rows)

    def mark_reported(self, message: MessageId) -> None:
        self._db.run("UPDATE message SET reported = 1 WHERE id = :id", id=message)

    # -- a person's hand --------------------------------------------------------------------------

    def deliveries(self, *, everything: bool = False) -> tuple[Delivery, ...]:
        rows = self._db.rows(
            """
            SELECT *
              FROM message
             WHERE :everything OR state NOT IN ('sent', 'dropped')
             ORDER BY seq
            """,
            everything=everything,
        )
        return tuple(_delivery(row) for row in rows)

    def retry(self, message: str, *, now: datetime) -> bool:
        """Make a message that was not sent due at once; False when there is none of that id."""
        with self._db.transaction():
            self._db.run(
                """
                UPDATE message
                   SET state = 'waiting', next_try = :now, problem = ''
                 WHERE id = :id AND state IN ('waiting', 'unknown', 'dead', 'dropped')
                """,
                id=message,
                now=stamp(now),
            )
            return self._db.changed() > 0

    def drop(self, message: str, *, now: datetime) -> bool:
        with self._db.transaction():
            self._db.run(
                """
                UPDATE message
                   SET state = 'dropped', settled = :now
                 WHERE id = :id AND state IN ('waiting', 'unknown', 'dead')
                """,
                id=message,
                now=stamp(now),
            )
            return self._db.changed() > 0


def _ended(outcome: Outcome, *, again: bool) -> tuple[str, str]:
    match outcome:
        case Receipt():
            return "sent", ""
        case DeliveryError(kind="unknown"):
            return "unknown", outcome.reason
        case DeliveryError():
            return "waiting" if again else "dead", outcome.reason


def _notice(row: Mapping[str, Any]) -> Notice:
    return Notice(
        seq=row["seq"],
        target=row["target"],
        change=ChangeId(row["change"]),
        kind=row["kind"],
        event=EventId(row["event"]),
        series=SeriesId(row["series"]) if row["series"] else None,
        watches=tuple(json.loads(row["watches"])),
        created=moment(row["created"]),
        state=row["state"],
        reason=row["reason"],
    )


def _delivery(row: Mapping[str, Any]) -> Delivery:
    return Delivery(
        message=load(Message, row["body"]),
        state=row["state"],
        attempts=row["attempts"],
        created=moment(row["created"]),
        next_try=moment(row["next_try"]),
        problem=row["problem"],
    )
