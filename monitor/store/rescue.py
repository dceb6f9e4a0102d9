"""A database that cannot be used: set aside, never overwritten; the last good copy takes its place.

For who holds the lock of the state folder and has closed the database.
"""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from monitor import chaos
from monitor.errors import DamagedError, StateError
from monitor.store.database import BACKUPS, FILE, Database, connect, integrity

ASIDE = "damaged"  # folder of what was set aside, each under its moment
NOTE = "what-happened.txt"
_PARTS = ("", "-wal", "-shm")


def open_or_rescue(folder: Path, *, now: datetime) -> Database:
    """Open for writing, from the last good copy if need be; raises StateError as Database.open."""
    if _is_lost(folder):
        return rescue(folder, DamagedError(f"{folder / FILE}: is gone or empty"), now=now)
    try:
        return Database.open(folder)
    except DamagedError as error:
        return rescue(folder, error, now=now)


def rescue(folder: Path, problem: DamagedError, *, now: datetime) -> Database:
    """Set the database aside and open the newest copy that is whole, else a new one.

    Raises `problem` again when the file, read from end to end, is whole after all.
    """
    if not _is_lost(folder) and _is_whole(folder / FILE):
        raise problem
    aside = folder / ASIDE / f"{now:%Y%m%dT%H%M%SZ}"
    _set_aside(folder, aside, f"{problem}")
    source = next((each for each in _copies(folder) if _restored(each, folder)), None)
    chaos.point("rescue.copied")
    taken = f"the copy {source.name}" if source else "an empty database: there is no whole copy"
    _note(aside, f"{problem} - it lies in {aside} now, and newsmon went on from {taken}")
    return Database.open(folder)


def _set_aside(folder: Path, aside: Path, problem: str) -> None:
    try:
        aside.mkdir(mode=0o700, parents=True, exist_ok=True)
        _note(aside, f"{problem} - it lies in {aside} now")
        for part in _PARTS:
            if (file := folder / f"{FILE}{part}").exists():
                file.rename(aside / file.name)
                chaos.point("rescue.aside")
    except OSError as error:
        raise StateError(f"{aside}: cannot be written: {error.strerror}") from None


def _note(aside: Path, said: str) -> None:
    (aside / NOTE).write_text(f"{said}\n", encoding="utf-8")
    _log().error("the database was set aside", problem=said)


def _log() -> Any:
    from monitor.log import get_logger  # `status` only asks what was rescued

    return get_logger("rescue")


def rescued(folder: Path) -> list[str]:
    """Say what was set aside and still lies there for a person to look at."""
    notes = sorted((folder / ASIDE).glob(f"*/{NOTE}"))
    return [note.read_text(encoding="utf-8").strip() for note in notes]


def _is_lost(folder: Path) -> bool:
    """Whether there was a database: an empty folder is where a new one begins."""
    file, log_file = folder / FILE, folder / f"{FILE}-wal"
    if file.exists() and file.stat().st_size:
        return False
    begun = log_file.exists() and log_file.stat().st_size > 0
    return begun or any(_copies(folder))


def _is_whole(file: Path) -> bool:
    with closing(connect(str(file))) as connection:
        return not integrity(connection)


def _copies(folder: Path) -> Iterator[Path]:
    """List the copies, the newest first."""
    found = (folder / BACKUPS).glob("*.db")
    yield from sorted(found, key=lambda file: file.stat().st_mtime, reverse=True)


def _restored(copy: Path, folder: Path) -> bool:
    """Put a copy in the database's place if it is whole; raises StateError where it has no room."""
    try:
        with closing(Database.open_copy(copy)) as source:
            problems = integrity(source.connection)
            if not problems:
                source.back_up(folder / FILE)
    except DamagedError as error:
        problems = [str(error)]
    if problems:
        _log().warning("a copy cannot be used", file=str(copy), problem=problems[0])
        return False
    when = datetime.fromtimestamp(copy.stat().st_mtime, UTC)
    _log().info("took the copy", file=str(copy), written=when.isoformat(timespec="seconds"))
    return True
