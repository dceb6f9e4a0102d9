"""One SQLite file in write-ahead mode: opening, migrating, locking, backing up.

Every page of the file bears a checksum that is verified when it is read (SQLite's cksumvfs,
https://sqlite.org/cksumvfs.html): a flipped bit is an error, never an answer.
"""

import ctypes
import fcntl
import importlib.resources
import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, NoReturn, TypeAlias
from urllib.parse import quote

import apsw
import apsw.sqlite_extra

from monitor import chaos
from monitor.errors import AlreadyRunningError, DamagedError, NewerDatabaseError, StateError

FILE = "newsmon.db"
BACKUPS = "backup"  # folder of the verified copies, beside it
CHECKSUM = 8  # bytes at the end of each page
OURS = 0x6E65776D  # application_id: "newm"
CACHE_KIB = 65_536
WAL_PAGES = 4_000  # of 4 KiB that the log gathers: a page written ten times is moved once
WAL_LIMIT = 64 * 1024 * 1024  # bytes the log keeps after a checkpoint
BUSY_MS = 5_000
BACKUP_PAGES = 1_000  # copied between two chances for the writer
PROBE = 256 * 1024  # bytes: less would fit into a free page


class Database:
    """A connection with named parameters and rows by name.

    There is one writer, in one thread at a time; readers see a snapshot.
    """

    def __init__(
        self, connection: apsw.Connection, path: str, *, fresh: bool = False, inode: int = 0
    ) -> None:
        self._connection = connection
        self.path = path
        self.fresh = fresh  # it was begun by this opening
        self._inode = inode

    @classmethod
    def open(
        cls, folder: Path, *, durable: bool = True, steps: "Steps | None" = None
    ) -> "Database":
        """Open for writing, create or migrate; raises StateError, DamagedError, NewerDatabaseError.

        `durable=False` (replay, tests) gives up safety against power cuts for speed; `steps` are
        the migrations, ours by default.
        """
        path = folder / FILE
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh = not path.exists()
            connection = connect(str(path))
            if fresh:
                path.chmod(0o600)
            inode = path.stat().st_ino
        except (apsw.Error, OSError) as error:
            raise StateError(f"{path}: cannot be opened for writing: {_said(error)}") from None
        database = cls(connection, str(path), fresh=fresh, inode=inode)
        try:
            steps = steps or migrations()
            _refuse_newer(database, steps)
            _refuse_foreign(database)
            database._configure(durable)
            _migrate(database, steps, folder)
        except apsw.Error as error:
            connection.close()
            raise _state_error(error, str(path)) from None
        except BaseException:
            connection.close()
            raise
        return database

    @classmethod
    def open_reading(cls, folder: Path) -> "Database":
        """Open beside a running daemon without writing; raises StateError when there is none."""
        path = folder / FILE
        if not path.is_file():
            raise StateError(f"{path}: no database - nothing was polled yet, or `state` is wrong")
        try:
            connection = connect(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
            connection.set_busy_timeout(BUSY_MS)
            connection.execute("PRAGMA query_only = ON")
            database = cls(connection, str(path))
            _refuse_newer(database, migrations())
            _refuse_foreign(database)
        except apsw.Error as error:
            said = _state_error(error, str(path))
            if isinstance(said, DamagedError):
                raise said from None
            raise StateError(f"{path}: cannot be read: {_said(error)}") from None
        return database

    @classmethod
    def open_copy(cls, file: Path) -> "Database":
        """Open a backup, which nobody writes, and leave no trace beside it.

        Raises DamagedError, StateError when it cannot be read.
        """
        try:
            uri = f"file:{quote(str(file.absolute()))}?immutable=1"
            flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
            database = cls(connect(uri, flags=flags), str(file))
            _refuse_newer(database, migrations())
        except apsw.Error as error:
            raise _state_error(error, str(file)) from None
        return database

    @classmethod
    def in_memory(cls) -> "Database":
        """Open an empty database that goes with the process."""
        database = cls(apsw.Connection(":memory:"), ":memory:")
        database._configure(durable=False)
        _migrate(database, migrations(), None)
        return database

    def _configure(self, durable: bool) -> None:
        self._connection.set_busy_timeout(BUSY_MS)
        if not self.value("PRAGMA page_count"):  # what holds for a file for ever
            _leave_room(self._connection)
            self._connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        for pragma in (
            "journal_mode = WAL",
            f"wal_autocheckpoint = {WAL_PAGES}",
            f"journal_size_limit = {WAL_LIMIT}",
            "foreign_keys = ON",
            f"cache_size = -{CACHE_KIB}",
            "temp_store = MEMORY",
            "secure_delete = FAST",  # so that `forget` leaves no words in pages that stay in use
            f"synchronous = {'FULL' if durable else 'OFF'}",
        ):
            self._connection.execute(f"PRAGMA {pragma}").fetchall()

    def close(self) -> None:
        self._connection.close()

    @property
    def connection(self) -> apsw.Connection:
        return self._connection

    def check_in_place(self) -> None:
        """Raise DamagedError when the file was moved or deleted: what is written would be lost."""
        try:
            moved = Path(self.path).stat().st_ino != self._inode
        except OSError:
            moved = True
        if moved:
            raise DamagedError(f"{self.path}: was moved or deleted while newsmon worked with it")

    @contextmanager
    def transaction(self, name: str = "write") -> Iterator[None]:
        """All or nothing; raises StateError when the disk is full or the file cannot be written.

        `name` says which kind of step it is, for those who kill it in the middle.
        """
        if self._connection.in_transaction:
            yield
            return
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            yield
            chaos.point(f"{name}.commit")
            self._connection.execute("COMMIT")
            chaos.point(f"{name}.committed")
        except apsw.Error as error:
            self._roll_back()
            self._explain(error)
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        with suppress(apsw.Error):
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def _execute(self, sql: str, values: dict[str, Any]) -> apsw.Cursor:
        try:
            return self._connection.execute(sql, values)
        except apsw.Error as error:
            self._explain(error)

    def _explain(self, error: apsw.Error) -> NoReturn:
        said = _state_error(error, self.path)
        if said is error:
            raise error
        raise said from error

    def run(self, sql: str, /, **values: Any) -> None:
        self._execute(sql, values)

    def run_many(self, sql: str, rows: Sequence[tuple[Any, ...] | dict[str, Any]]) -> None:
        if rows:
            self._connection.executemany(sql, rows)

    def tuples(self, sql: str, /, **values: Any) -> list[tuple[Any, ...]]:
        """Give rows as they are selected: for many, where names would be dear."""
        cursor = self._execute(sql, values)
        try:
            return cursor.fetchall()
        except apsw.Error as error:
            self._explain(error)

    def rows(self, sql: str, /, **values: Any) -> list[dict[str, Any]]:
        cursor = self._execute(sql, values)
        try:
            first = cursor.fetchone()
            if first is None:
                return []
            names = [column[0] for column in cursor.get_description()]  # while there is a row
            return [dict(zip(names, row, strict=True)) for row in (first, *cursor)]
        except apsw.Error as error:
            self._explain(error)

    def row(self, sql: str, /, **values: Any) -> dict[str, Any] | None:
        found = self.rows(sql, **values)
        return found[0] if found else None

    def value(self, sql: str, /, **values: Any) -> Any:
        """Give the first column of the first row, or None."""
        cursor = self._execute(sql, values)
        try:
            found = cursor.fetchone()
        except apsw.Error as error:
            self._explain(error)
        return found[0] if found else None

    def changed(self) -> int:
        """Count the rows that the last statement wrote."""
        return self._connection.changes()

    @property
    def last_row(self) -> int:
        return self._connection.last_insert_rowid()

    def compact(self) -> None:
        """Give free pages back to the disk, a few at a time, and shorten the log."""
        self.rows("PRAGMA incremental_vacuum(2000)")
        chaos.point("compact.vacuumed")
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def shrink(self) -> None:
        """Give back the memory of the pages that are kept at hand."""
        self.run("PRAGMA shrink_memory")

    def probe(self) -> None:
        """Write and take back a page, to learn whether the disk takes it; raises StateError."""
        with self.transaction():
            self.run(
                "INSERT OR REPLACE INTO meta (key, value) VALUES ('probe', :value)",
                value="x" * PROBE,
            )
            self.run("DELETE FROM meta WHERE key = 'probe'")

    def back_up(self, target: Path) -> None:
        """Write a verified copy; `target` appears only when it is whole. Raises StateError."""
        part = target.with_name(target.name + ".part")
        try:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.unlink(missing_ok=True)
            copy = connect(str(part))
            part.chmod(0o600)
            try:
                _leave_room(copy)
                copy.execute(
                    "PRAGMA user_version = 1"
                )  # a first page: from now on sums are written
                with self._snapshot(), copy.backup("main", self._connection, "main") as copying:
                    while not copying.done:
                        copying.step(BACKUP_PAGES)
                chaos.point("backup.copied")
                problems = integrity(copy)
            finally:
                copy.close()
            if problems:
                raise StateError(f"{target}: the backup is damaged: {problems[0]}")
            _sync(part)
            part.rename(target)
            _sync(target.parent)
        except (apsw.Error, OSError) as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)  # half a copy only takes room
            said = _state_error(error, self.path) if isinstance(error, apsw.Error) else error
            if isinstance(said, DamagedError):
                raise said from None
            raise StateError(f"{target}: cannot write the backup: {_said(error)}") from None

    @contextmanager
    def _snapshot(self) -> Iterator[None]:
        """Read one state for a while: a copy would begin anew with each commit beside it."""
        self._connection.execute("BEGIN")
        try:
            self._connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
            yield
        finally:
            self._connection.execute("ROLLBACK")


def connect(path: str, **options: Any) -> apsw.Connection:
    """Open a file whose pages bear checksums."""
    _verify_checksums()
    return apsw.Connection(path, **options)


def _leave_room(connection: apsw.Connection) -> None:
    """Keep the place of the checksums free in a file that has no page yet."""
    room = ctypes.c_int(CHECKSUM)
    connection.file_control("main", apsw.SQLITE_FCNTL_RESERVE_BYTES, ctypes.addressof(room))


@cache
def _verify_checksums() -> None:
    """Make SQLite verify pages in every file opened from now on; once a process."""
    with closing(apsw.Connection(":memory:")) as connection:
        apsw.sqlite_extra.load(connection, "cksumvfs")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def integrity(connection: apsw.Connection) -> list[str]:
    """List what is wrong with a file, every page of it read; empty when it is whole."""
    try:
        found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check").fetchall()]
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    except apsw.Error as error:
        said = _state_error(error, "a page")
        return [str(said) if isinstance(said, DamagedError) else str(error)]
    lines = [line for text in found for line in text.splitlines()]
    problems = [line for line in lines if line != "ok" and not line.startswith("***")]
    return problems + [f"{row[0]} row {row[1]} points to no {row[2]}" for row in broken]


def _said(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def _state_error(error: apsw.Error, path: str) -> Exception:
    """Say what is wrong with the file; an error of our own statements stays what it is."""
    match error:
        case apsw.ConstraintError() | apsw.SQLError() | apsw.MisuseError() | apsw.BindingsError():
            return error
        case apsw.FullError():
            return StateError(f"{path}: the disk is full - free some space, nothing was lost")
        case apsw.ReadOnlyError() | apsw.CantOpenError():
            return StateError(f"{path}: cannot be written - check who owns the state folder")
        case apsw.CorruptError() | apsw.NotADBError():
            return DamagedError(f"{path}: is damaged: {error}")
        case apsw.IOError() if getattr(error, "extendedresult", 0) == apsw.SQLITE_IOERR_DATA:
            return DamagedError(f"{path}: is damaged: the checksum of a page is wrong")
        case _:
            return StateError(f"{path}: {error}")


# -- migrations -----------------------------------------------------------------------------------


Steps: TypeAlias = Sequence[tuple[int, str]]  # number, SQL; oldest first


def migrations() -> Steps:
    """List the numbered SQL files, oldest first."""
    folder = importlib.resources.files("monitor.store") / "migrations"
    found = [each for each in folder.iterdir() if each.name.endswith(".sql")]
    return sorted((int(each.name.split("_")[0]), each.read_text("utf-8")) for each in found)


def _refuse_newer(database: Database, steps: Steps) -> None:
    version, newest = int(database.value("PRAGMA user_version")), steps[-1][0]
    if version > newest:
        raise NewerDatabaseError(
            f"{database.path}: written by a newer newsmon (schema {version}, this one knows"
            f" {newest}) - install that version, nothing was touched"
        )


def _refuse_foreign(database: Database) -> None:
    if (
        database.value("PRAGMA application_id") != OURS
        and database.value("SELECT count(*) FROM sqlite_master") > 0
    ):
        raise StateError(
            f"{database.path}: is the database of another program - name another `state` folder,"
            " nothing was touched"
        )


def _migrate(database: Database, steps: Steps, folder: Path | None) -> None:
    version = int(database.value("PRAGMA user_version"))
    pending = [each for each in steps if each[0] > version]
    if version and pending and folder is not None:
        database.back_up(folder / BACKUPS / f"schema-{version}.db")
    for number, sql in pending:
        with database.transaction("migrate"):
            database.connection.execute(sql)
            chaos.point("migrate.half")
            database.connection.execute(f"PRAGMA user_version = {number:d}")


# -- one instance ---------------------------------------------------------------------------------


@contextmanager
def only_instance(folder: Path) -> Iterator[None]:
    """Hold the state folder; raises AlreadyRunningError naming the holder, StateError.

    The lock goes with the process, however it ends; workers do not inherit it.
    """
    path = folder / "lock"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StateError(f"{path}: cannot be written: {error.strerror}") from None
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(handle, 32).decode("ascii", "replace").strip()
            raise AlreadyRunningError(
                f"{folder}: another newsmon (process {holder or 'unknown'}) holds this state"
            ) from None
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(handle)
