"""The three beds over one database, and what a person corrected in them."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monitor.store.database import Database
from monitor.store.inbox import Inbox
from monitor.store.ledger import Ledger
from monitor.store.outbox import Outbox
from monitor.store.overrides import Overrides


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """The beds of one state folder."""

    database: Database
    inbox: Inbox
    ledger: Ledger
    outbox: Outbox
    overrides: Overrides

    @classmethod
    def over(cls, database: Database) -> "Store":
        return cls(
            database=database,
            inbox=Inbox(database),
            ledger=Ledger(database),
            outbox=Outbox(database),
            overrides=Overrides(database),
        )

    @classmethod
    def open(cls, folder: Path, *, durable: bool = True) -> "Store":
        """Open for writing; raises StateError, NewerDatabaseError."""
        return cls.over(Database.open(folder, durable=durable))

    @classmethod
    def open_or_rescue(cls, folder: Path, *, now: datetime) -> "Store":
        """Open for writing, from the last good copy if need be; raises StateError."""
        from monitor.store.rescue import open_or_rescue  # logs, which reading commands do not

        return cls.over(open_or_rescue(folder, now=now))

    @classmethod
    def open_reading(cls, folder: Path) -> "Store":
        """Open beside a running daemon; raises StateError when there is no database."""
        return cls.over(Database.open_reading(folder))
