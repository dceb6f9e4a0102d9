"""Bed 3: who is to hear what, and whether it arrived."""

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor import chaos
from monitor.beds import Delivery, TakenBack
from monitor.model import DeliveryError, Message, MessageId, Outcome, Receipt
from monitor.store.codec import dump, load, moment, stamp
from monitor.store.notices import Notices

DEATHS = 5  # attempts that may end with the program before a person is needed
NEVER = stamp(datetime(9999, 1, 1, tzinfo=UTC))  # not by itself


class Outbox(Notices):
    """The outbox in SQLite; see pipeline.ports.Outbox."""

    def posted_since(self, target: str, since: datetime) -> tuple[datetime, ...]:
        """When digests were posted for a target; one time each, however many recipients."""
        rows = self._db.rows(
            """
            SELECT min(created) AS at
              FROM message
             WHERE target = :target AND created > :since AND state <> 'dropped'
             GROUP BY digest
             ORDER BY at
            """,
            target=target,
            since=stamp(since),
        )
        return tuple(moment(row["at"]) for row in rows)

    def post(
        self, message: Message, *, digest: str, at: datetime, since: datetime | None = None
    ) -> None:
        """Enqueue a message once: its id says what it tells to whom.

        `since`: when the oldest of the messages was posted that it stands for.
        """
        self._db.run(
            """
            INSERT OR IGNORE INTO message (id, digest, target, recipient, kind, event, body, state,
                                           created, next_try)
            VALUES (:id, :digest, :target, :recipient, :kind, :event, :body, 'waiting',
                    :created, :at)
            """,
            id=message.id,
            digest=digest,
            target=message.target,
            recipient=message.recipient,
            kind=message.kind,
            event=message.event,
            body=dump(message),
            created=stamp(since or at),
            at=stamp(at),
        )
        chaos.point("compose.posted")

    def take_back(self, target: str, *, now: datetime) -> TakenBack:
        """Hold again what nobody got, once a target was tried in vain: it is composed anew.

        A digest of which any recipient got something, or may have, stays as it is.
        """
        rows = self._db.rows(
            """
            SELECT digest, min(created) AS created, max(attempts) AS attempts
              FROM message
             WHERE target = :target
               AND digest IN (SELECT digest
                                FROM message
                               WHERE target = :target AND state = 'waiting')
             GROUP BY digest
            HAVING min(state = 'waiting' AND kind <> 'health')
               AND NOT max(json_extract(body, '$.possible_repeat'))
             ORDER BY created
            """,
            target=target,
        )
        if not any(row["attempts"] for row in rows):
            return TakenBack()
        digests = [row["digest"] for row in rows]
        for digest in digests:
            self._db.run(
                """
                UPDATE message
                   SET state = 'dropped', settled = :now, problem = 'told in a later message'
                 WHERE target = :target AND digest = :digest
                """,
                target=target,
                digest=digest,
                now=stamp(now),
            )
        return TakenBack(events=self.hold_again(target, digests), since=moment(rows[0]["created"]))

    def withdraw(self, target: str, kind: str, *, now: datetime) -> None:
        """Drop what waits of digests whose key begins with `kind`: a newer one says more."""
        self._db.run(
            """
            UPDATE message
               SET state = 'dropped', settled = :now, problem = 'told in a later message'
             WHERE target = :target AND state = 'waiting' AND digest LIKE :kind || '%'
            """,
            target=target,
            kind=kind,
            now=stamp(now),
        )

    def lease(self, *, now: datetime, until: datetime, busy: Collection[str]) -> Delivery | None:
        """Take the next due message of a target not in `busy`, written down before it is sent.

        A recipient hears of an event in order: what waits for another try is not overtaken.
        """
        with self._db.transaction("lease"):
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
        with self._db.transaction("settle"):
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
        with self._db.transaction("release"):
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

    def state_of(self, message: str) -> str | None:
        found = self._db.value("SELECT state FROM message WHERE id = :id", id=message)
        return str(found) if found is not None else None

    def retry(self, message: str, *, now: datetime) -> bool:
        """Make a message that was not sent due at once; False when there is none of that id.

        What may have arrived says so when it comes again.
        """
        with self._db.transaction():
            self._db.run(
                """
                UPDATE message
                   SET body = CASE state
                              WHEN 'unknown' THEN json_set(body, '$.possible_repeat', json('true'))
                              ELSE body END,
                       state = 'waiting', next_try = :now, problem = ''
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


def _delivery(row: Mapping[str, Any]) -> Delivery:
    return Delivery(
        message=load(Message, row["body"]),
        state=row["state"],
        attempts=row["attempts"],
        created=moment(row["created"]),
        next_try=moment(row["next_try"]),
        problem=row["problem"],
    )
