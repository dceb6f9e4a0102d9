"""The three beds over one database, and what a person corrected in them."""

from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.store.database import Database
from monitor.store.inbox import Inbox
from monitor.store.outbox import Outbox

if TYPE_CHECKING:
    from monitor.store.ledger import Ledger
    from monitor.store.overrides import Overrides


class Store:
    """The beds of one state folder; what only judging needs is loaded when it is asked for."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.inbox = Inbox(database)
        self.outbox = Outbox(database)

    @cached_property
    def ledger(self) -> "Ledger":
        from monitor.store.ledger import Ledger

        return Ledger(self.database)

    @cached_property
    def overrides(self) -> "Overrides":
        from monitor.store.overrides import Overrides

        return Overrides(self.database)

    @classmethod
    def open(cls, folder: Path, *, durable: bool = True) -> "Store":
        """Open for writing; raises StateError, NewerDatabaseError."""
        return cls(Database.open(folder, durable=durable))

    @classmethod
    def open_or_rescue(cls, folder: Path, *, now: datetime) -> "Store":
        """Open for writing, from the last good copy if need be; raises StateError."""
        from monitor.store.rescue import open_or_rescue  # logs, which reading commands do not

        return cls(open_or_rescue(folder, now=now))

    @classmethod
    def open_reading(cls, folder: Path) -> "Store":
        """Open beside a running daemon; raises StateError when there is no database."""
        return cls(Database.open_reading(folder))
