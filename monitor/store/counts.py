"""What the beds hold, as numbers: for `status` and for monitoring."""

from collections.abc import Iterator
from datetime import datetime
from typing import TypeAlias

from monitor.statements import iso
from monitor.store.codec import moment, stamp
from monitor.store.database import Database

Sample: TypeAlias = tuple[str, dict[str, str], float]  # name, labels, value


class Counts:
    """Questions that need no more than the database."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def totals(self) -> dict[str, int]:
        """Count what the beds hold."""
        sql = """
        SELECT (SELECT count(*) FROM entry) AS entries,
               (SELECT count(*) FROM document) AS documents,
               (SELECT count(*) FROM document WHERE verdict = 'same') AS copies,
               (SELECT count(*) FROM event WHERE merged_into IS NULL) AS events,
               (SELECT count(*) FROM change WHERE kind <> 'event_opened') AS changes,
               (SELECT count(*) FROM message WHERE state = 'sent') AS messages,
               (SELECT count(*) FROM entry WHERE state = 'rejected') AS rejected
        """
        return dict(self._db.row(sql) or {})

    def outbox(self) -> dict[str, int]:
        """Count what waits, is in doubt or was given up."""
        rows = self._db.rows("SELECT state, count(*) AS n FROM message GROUP BY state")
        count = {row["state"]: row["n"] for row in rows}
        held = self._db.value("SELECT count(*) FROM notice WHERE state = 'held'")
        return {
            "held": held,
            "waiting": count.get("waiting", 0) + count.get("sending", 0),
            "unknown": count.get("unknown", 0),
            "dead": count.get("dead", 0),
        }

    def feed_counts(self) -> dict[str, tuple[int, int]]:
        """Count what each feed brought: entries, and how many of them are copies."""
        rows = self._db.rows(
            """
            SELECT feed, count(*) AS entries,
                   sum(document IN (SELECT id FROM document WHERE verdict = 'same')) AS copies
              FROM entry
             GROUP BY feed
            """
        )
        return {row["feed"]: (row["entries"], row["copies"] or 0) for row in rows}

    def samples(self, *, now: datetime) -> Iterator[Sample]:
        """Give what the beds hold as numbers for monitoring: name, labels, value."""
        grouped = (
            ("entries_total", "state", "SELECT state, count(*) AS n FROM entry GROUP BY state"),
            (
                "documents_total",
                "verdict",
                "SELECT verdict, count(*) AS n FROM document GROUP BY 1",
            ),
            ("changes_total", "kind", "SELECT kind, count(*) AS n FROM change GROUP BY kind"),
        )
        for name, label, sql in grouped:
            for row in self._db.rows(sql):
                yield name, {label: row[label]}, row["n"]
        for row in self._db.rows(
            "SELECT target, state, count(*) AS n FROM message GROUP BY target, state"
        ):
            yield "deliveries_total", {"target": row["target"], "state": row["state"]}, row["n"]
        for state, count in self.outbox().items():
            yield "outbox", {"state": state}, count
        yield "events", {}, self.totals()["events"]
        yield "database_bytes", {}, self.size()["bytes"]
        failing = self._db.value("SELECT count(*) FROM feed WHERE failing_since IS NOT NULL")
        yield "feeds_failing", {}, failing
        last = self._db.value("SELECT max(last_poll) FROM feed")
        yield "last_poll_timestamp_seconds", {}, last / 1e6 if last else 0
        due = self._db.value("SELECT min(next_due) FROM feed WHERE next_due > 0")
        yield "poll_lag_seconds", {}, max(0, stamp(now) - due) / 1e6 if due is not None else 0

    def size(self) -> dict[str, int]:
        pages, page, schema = (
            int(self._db.value(f"PRAGMA {name}"))
            for name in ("page_count", "page_size", "user_version")
        )
        return {"bytes": pages * page, "schema": schema}

    def last(self) -> dict[str, str | None]:
        poll = self._db.value("SELECT max(last_poll) FROM feed")
        change = self._db.value("SELECT max(at) FROM change")
        return {
            "last_poll": iso(moment(poll)) if poll else None,
            "last_change": iso(moment(change)) if change else None,
        }
