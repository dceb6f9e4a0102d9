"""Damage to real files: found, set aside, replaced by the last good copy, told."""

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import apsw
import pytest

from monitor import config
from monitor.errors import DamagedError, NewerDatabaseError, StateError
from monitor.jobs import Newsmon
from monitor.store.database import FILE, Database, Steps, integrity, migrations
from monitor.store.rescue import open_or_rescue, rescue, rescued
from monitor.store.store import Store
from monitor.work import once
from tests.system.newsroom import Daemon, Press, until

NOW = datetime(2026, 3, 4, 8, tzinfo=UTC)
COPY = "backup/newsmon-2026-03-03.db"


def fill(database: Database, rows: range) -> None:
    with database.transaction():
        database.run_many(
            "INSERT INTO mute (what, until, note) VALUES (?, ?, ?)",
            [(f"ev-{n}", n, f"note {n} " * 40) for n in rows],
        )


def mutes(database: Database) -> int:
    return int(database.value("SELECT count(*) FROM mute"))


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A database of 400 rows, of which a copy of last night has 300."""
    database = Database.open(tmp_path)
    fill(database, range(300))
    database.back_up(tmp_path / COPY)
    fill(database, range(300, 400))
    database.close()
    return tmp_path


def test_a_flipped_bit_anywhere_in_the_file_is_found(state: Path) -> None:
    file = state / FILE
    whole = file.read_bytes()
    chance = random.Random(60)  # noqa: S311 - places of damage
    for place in [*range(0, 100, 7), *(chance.randrange(len(whole)) for _ in range(60))]:
        damaged = bytearray(whole)
        damaged[place] ^= 1 << chance.randrange(8)
        file.write_bytes(damaged)
        try:
            with closing(Database.open_reading(state)) as database:
                found = integrity(database.connection)
        except StateError as error:
            found = [str(error)]
        assert found, f"byte {place} of {len(whole)}"


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data[:1000],
        lambda _: b"",
        lambda data: b"not a database at all" + data[21:],
        lambda data: data[:4096] + bytes(4096) + data[8192:],
        lambda data: data[: len(data) // 2] + os.urandom(4096) + data[len(data) // 2 + 4096 :],
    ],
    ids=["half", "less-than-a-page", "empty", "no-header", "zeroed-page", "a-strange-page"],
)
def test_a_damaged_file_is_kept_aside_and_the_last_copy_taken(state: Path, damage: object) -> None:
    file = state / FILE
    file.write_bytes(damage(file.read_bytes()))  # type: ignore[operator]
    damaged = [file.read_bytes()]
    with closing(open_or_rescue(state, now=NOW)) as database:
        problems = integrity(database.connection)
    if problems:  # opening did not need that page: it is found when it is read
        damaged.append(file.read_bytes())
        rescue(state, DamagedError(problems[0]), now=NOW).close()
    with closing(Database.open(state)) as database:
        assert mutes(database) == 300
    aside = state / "damaged" / "20260304T080000Z"
    assert (aside / FILE).read_bytes() == damaged[-1]
    (note,) = rescued(state)
    assert str(aside) in note
    assert "went on from the copy newsmon-2026-03-03.db" in note
    shutil.rmtree(aside)
    assert rescued(state) == []


def test_a_deleted_database_is_never_begun_anew_where_a_copy_stands(state: Path) -> None:
    (state / FILE).unlink()
    with closing(open_or_rescue(state, now=NOW)) as database:
        assert mutes(database) == 300
        assert not database.fresh
    assert "is gone or empty" in rescued(state)[0]


def test_a_damaged_copy_is_passed_over_for_an_older_one(state: Path) -> None:
    newest = state / "backup" / "newsmon-2026-03-04.db"
    data = bytearray((state / COPY).read_bytes())
    data[len(data) // 2] ^= 1
    newest.write_bytes(data)
    (state / FILE).write_bytes(b"x" * 5000)
    with closing(open_or_rescue(state, now=NOW)) as database:
        assert mutes(database) == 300
    assert "the copy newsmon-2026-03-03.db" in rescued(state)[0]


def test_without_a_whole_copy_it_begins_anew_and_says_so(state: Path) -> None:
    (state / COPY).unlink()
    (state / FILE).write_bytes(b"x" * 5000)
    with closing(open_or_rescue(state, now=NOW)) as database:
        assert mutes(database) == 0
    assert "an empty database: there is no whole copy" in rescued(state)[0]


def late_commits(state: Path) -> bytes:
    """Commit forty rows and die before they leave the log; gives the log."""
    script = (
        "import os, sys, pathlib\n"
        "from monitor.store.database import Database\n"
        "database = Database.open(pathlib.Path(sys.argv[1]))\n"
        "for n in range(40):\n"
        "    database.run('INSERT INTO mute VALUES (:w, :u, :n)', w=f'late-{n}', u=n, n='x' * 90)\n"
        "os._exit(0)\n"  # the log stays
    )
    subprocess.run([sys.executable, "-c", script, str(state)], check=True)
    return (state / f"{FILE}-wal").read_bytes()


def test_a_damaged_log_costs_its_last_commits_and_leaves_a_whole_database(state: Path) -> None:
    log = late_commits(state)
    whole, chance = (state / FILE).read_bytes(), random.Random(7)  # noqa: S311 - places of damage
    for place in [chance.randrange(len(log)) for _ in range(30)]:
        (state / FILE).write_bytes(whole)
        (state / f"{FILE}-shm").write_bytes(os.urandom(32768))
        (state / f"{FILE}-wal").write_bytes(
            log[:place] + bytes([log[place] ^ 0x10]) + log[place + 1 :]
        )
        with closing(Database.open(state)) as database:
            assert integrity(database.connection) == []
            kept = database.rows("SELECT what FROM mute WHERE what LIKE 'late-%' ORDER BY until")
        assert [r["what"] for r in kept] == [f"late-{n}" for n in range(len(kept))]  # a prefix


def test_every_prefix_of_the_log_is_a_whole_database_with_a_prefix_of_its_commits(
    state: Path,
) -> None:
    log, whole = late_commits(state), (state / FILE).read_bytes()
    found = []
    for end in range(32, len(log) + 1, 24 + 4096):  # a power cut after any frame
        (state / FILE).write_bytes(whole)
        (state / f"{FILE}-wal").write_bytes(log[:end])
        with closing(Database.open(state)) as database:
            assert integrity(database.connection) == []
            found.append(mutes(database))
    assert found == sorted(found)
    assert (found[0], found[-1]) == (400, 440)


def test_the_file_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    with closing(apsw.Connection(str(tmp_path / FILE))) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")
    before = (tmp_path / FILE).read_bytes()
    for opening in (Database.open, Database.open_reading):
        with pytest.raises(StateError, match="another program"):
            opening(tmp_path)
    assert (tmp_path / FILE).read_bytes() == before


def test_a_full_disk_never_turns_a_rescue_into_an_empty_database(
    state: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    disk = tmp_path_factory.mktemp("disk")
    made = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    if subprocess.run(made, capture_output=True, check=False).returncode:
        pytest.skip("mounting needs root")
    try:
        (disk / "backup").mkdir()
        shutil.copy(state / COPY, disk / COPY)
        (disk / FILE).write_bytes(b"x" * 5000)
        filler = disk / "filler"
        with suppress(OSError), filler.open("wb", buffering=0) as stream:
            while True:
                stream.write(b"x" * 4096)
        for _ in range(2):
            with pytest.raises(StateError):
                open_or_rescue(disk, now=NOW)
        filler.unlink()
        with closing(open_or_rescue(disk, now=NOW)) as database:
            assert mutes(database) == 300
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_killed_in_the_middle_of_a_rescue_the_next_start_completes_it(state: Path) -> None:
    script = (
        "import sys, pathlib, datetime\n"
        "from monitor.store.rescue import open_or_rescue\n"
        "now = datetime.datetime(2026, 3, 4, 8, tzinfo=datetime.UTC)\n"
        "open_or_rescue(pathlib.Path(sys.argv[1]), now=now)\n"
    )
    for point in ("rescue.aside", "backup.copied", "rescue.copied"):
        (state / FILE).write_bytes(b"x" * 5000)
        done = subprocess.run(
            [sys.executable, "-c", script, str(state)],
            env={**os.environ, "NEWSMON_CHAOS": point},
            check=False,
        )
        assert done.returncode == -signal.SIGKILL, point
        with closing(open_or_rescue(state, now=NOW)) as database:
            assert mutes(database) == 300
            assert integrity(database.connection) == []


# -- upgrade --------------------------------------------------------------------------------------

LATER: Steps = [  # what schemas to come may do
    (101, "ALTER TABLE mute ADD COLUMN by TEXT NOT NULL DEFAULT ''"),
    (
        102,
        "CREATE TABLE place (name TEXT PRIMARY KEY) STRICT;"
        "INSERT INTO place SELECT what FROM mute; UPDATE mute SET by = 'somebody';",
    ),
]


def later() -> Steps:
    return [*migrations(), *LATER]


@pytest.mark.parametrize("point", ["backup.copied", "migrate.half", "migrate.commit"])
@pytest.mark.parametrize("passage", [1, 2])
def test_an_upgrade_killed_in_the_middle_is_completed_by_the_next_start(
    state: Path, point: str, passage: int
) -> None:
    script = (
        "import sys, pathlib\n"
        "from monitor.store.database import Database, migrations\n"
        f"Database.open(pathlib.Path(sys.argv[1]), steps=[*migrations(), *{LATER!r}])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(state)],
        env={**os.environ, "NEWSMON_CHAOS": f"{point}:{passage}"},
        check=False,
    )
    killed = (point, passage) != ("backup.copied", 2)  # there is one copy before all the steps
    assert done.returncode == (-signal.SIGKILL if killed else 0)
    with closing(Database.open(state, steps=later())) as database:
        assert database.value("PRAGMA user_version") == 102
        assert database.value("SELECT count(*) FROM place") == 400
        assert database.value("SELECT count(*) FROM mute WHERE by = 'somebody'") == 400
        assert integrity(database.connection) == []
    with closing(Database.open_copy(state / "backup" / "schema-1.db")) as copy:
        assert mutes(copy) == 400
        assert integrity(copy.connection) == []
    with pytest.raises(NewerDatabaseError):
        Database.open(state)


def test_a_statement_that_fails_leaves_the_old_schema_whole(state: Path) -> None:
    broken: Steps = [*migrations(), (101, "CREATE TABLE place (name TEXT); DROP TABLE nowhere;")]
    with pytest.raises(apsw.SQLError):
        Database.open(state, steps=broken)
    with closing(Database.open(state)) as database:
        assert mutes(database) == 400
        assert database.value("SELECT count(*) FROM sqlite_master WHERE name = 'place'") == 0


# -- the daemon -----------------------------------------------------------------------------------


def settled(daemon: Daemon, press: Press) -> Store:
    for feed in (1, 2, 3):
        press.publish(feed, f"old{feed}", f"Old news {feed}", f"Nothing to see in district {feed}.")
    daemon.start()
    until(lambda: "ingest count=3" in daemon.log() or daemon.log().count("ingest count") >= 3)
    return Store.open_reading(daemon.folder / "state")


def test_a_page_found_rotten_at_work_ends_it_with_a_good_copy_in_place(state: Path) -> None:
    file = state / FILE
    data = bytearray(file.read_bytes())
    place = data.index(b"note 150")
    data[place] ^= 1
    file.write_bytes(data)

    async def work(newsmon: Newsmon) -> int:
        return await newsmon.desk(mutes, newsmon.store.database)

    settings = config.parse("", "test.toml", {})
    with pytest.raises(StateError, match="start newsmon again"):
        once(settings, state, work)
    aside = (next((state / "damaged").iterdir()) / FILE).read_bytes()
    assert aside[place : place + 8] == data[place : place + 8]
    assert once(settings, state, work) == 300


def test_a_rotten_database_is_replaced_as_the_daemon_starts_and_status_says_so(
    press: Press, daemon: Daemon
) -> None:
    settled(daemon, press).database.close()
    state = daemon.folder / "state"
    until(lambda: [*(state / "backup").glob("newsmon-*.db")], what="the copy of a first start")
    assert daemon.stop() == 0
    (copy,) = (state / "backup").glob("newsmon-*.db")
    data = bytearray((state / FILE).read_bytes())
    for page in range(1, len(data) // 4096):
        data[page * 4096 + 2000] ^= 1
    (state / FILE).write_bytes(data)
    daemon.start()
    until(lambda: "went on from the copy" in daemon.log(), what="the rescue")
    until((state / "control.sock").exists, what="its readiness")
    status = daemon.command("status")
    assert status.returncode == 1
    assert f"went on from the copy {copy.name}" in " ".join(status.stdout.split())
    assert daemon.command("db", "check").returncode == 0


def test_a_database_deleted_under_the_daemon_ends_it_with_73(press: Press, daemon: Daemon) -> None:
    settled(daemon, press).database.close()
    (daemon.folder / "state" / FILE).unlink()
    assert daemon.process is not None
    assert daemon.process.wait(20) == 73
    assert "was moved or deleted" in daemon.log()


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    made = ["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(place)]
    if subprocess.run(made, capture_output=True, check=False).returncode:
        pytest.skip("mounting needs root")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_read_only_state_is_one_line_and_73(read_only: Path, daemon: Daemon) -> None:
    text = daemon.config.read_text()
    daemon.config.write_text(text.replace(f"{daemon.folder}/state", f"{read_only}/state"))
    done = daemon.command("run")
    assert done.returncode == 73
    assert len(done.stderr.splitlines()) == 1
    assert str(read_only) in done.stderr
