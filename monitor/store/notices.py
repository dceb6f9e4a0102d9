"""Bed 3, first half: who is to hear what, and what each target knows already."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from monitor.beds import Hit, Mute, Notice, Told
from monitor.model import ChangeId, EventId, SeriesId
from monitor.store.codec import moment, stamp
from monitor.store.database import Database


class Notices:
    """Notices, mutes and what was told; `Outbox` adds the messages."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def transaction(self) -> AbstractContextManager[None]:
        return self._db.transaction("compose")

    # -- small memory -----------------------------------------------------------------------------

    def _meta(self, key: str) -> str:
        return str(self._db.value("SELECT value FROM meta WHERE key = :key", key=key) or "")

    def _set_meta(self, key: str, value: str) -> None:
        if value == self._meta(key):
            return  # nothing is written while nothing happens
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

    def cursor(self) -> int:
        return int(self._meta("composed") or 0)

    def move_cursor(self, document: int) -> None:
        self._set_meta("composed", str(document))

    def served(self, target: str) -> datetime | None:
        """The last slot that was served, or when the target became known."""
        value = self._meta(f"served {target}")
        return moment(int(value)) if value else None

    def serve(self, target: str, slot: datetime) -> None:
        self._set_meta(f"served {target}", str(stamp(slot)))

    def last_heartbeat(self, target: str) -> str:
        return self._meta(f"heartbeat {target}")

    def problem(self, target: str) -> str:
        """What is wrong with a target, as composing last found it; "" when nothing is."""
        return self._meta(f"problem {target}")

    def set_problem(self, target: str, problem: str) -> None:
        self._set_meta(f"problem {target}", problem)

    def muted(self, target: str) -> int:
        """How many changes were silenced since the target's last message."""
        return int(self._meta(f"muted {target}") or 0)

    def set_muted(self, target: str, count: int) -> None:
        self._set_meta(f"muted {target}", str(count))

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
            """
            SELECT max(at) AS at, max(sources) AS sources
              FROM told
             WHERE target = :target AND event = :event
            """,
            target=target,
            event=event,
        )
        if row is None or row["at"] is None:
            return None
        return Told(at=moment(row["at"]), sources=row["sources"])

    def told_figures(
        self, target: str, series: Collection[SeriesId]
    ) -> Mapping[SeriesId, tuple[str, str]]:
        """Give the low and high that a target was last told, of those figures it knows."""
        rows = self._db.rows(
            """
            SELECT series, low, high, max(at)  -- of the newest, says SQLite of bare columns
              FROM told_figure
             WHERE target = :target AND series IN (SELECT value FROM json_each(:series))
             GROUP BY series
            """,
            target=target,
            series=json.dumps(list(series)),
        )
        return {SeriesId(row["series"]): (row["low"], row["high"]) for row in rows}

    def tell(
        self,
        target: str,
        event: EventId,
        told: Told,
        figures: Mapping[SeriesId, tuple[str, str]],
        *,
        digest: str,
    ) -> None:
        """Remember what a digest says; it counts until the digest is taken back."""
        at = stamp(told.at)
        self._db.run(
            """
            INSERT OR REPLACE INTO told (target, event, digest, at, sources)
            VALUES (:target, :event, :digest, :at, :sources)
            """,
            target=target,
            event=event,
            digest=digest,
            at=at,
            sources=told.sources,
        )
        self._db.run_many(
            """
            INSERT OR REPLACE INTO told_figure (target, series, digest, at, low, high)
            VALUES (?, ?, ?, ?, ?, ?)
            """,
            [(target, series, digest, at, low, high) for series, (low, high) in figures.items()],
        )

    def hold_again(self, target: str, digests: Sequence[str]) -> frozenset[EventId]:
        """Undo what was told by digests that nobody got; give the events they told of."""
        of = {"target": target, "digests": json.dumps(digests)}
        those = "target = :target AND digest IN (SELECT value FROM json_each(:digests))"
        rows = self._db.rows(f"SELECT DISTINCT event FROM notice WHERE {those}", **of)  # noqa: S608 - our own words
        self._db.run(
            f"UPDATE notice SET state = 'held', digest = '' WHERE {those} AND state = 'posted'",  # noqa: S608
            **of,
        )
        for table in ("told", "told_figure"):
            self._db.run(f"DELETE FROM {table} WHERE {those}", **of)  # noqa: S608
        return frozenset(EventId(row["event"]) for row in rows)

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
