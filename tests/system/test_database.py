"""The file itself: schemas, locks, copies, damage."""

import subprocess
import sys
from pathlib import Path

import apsw
import pytest

from monitor.errors import AlreadyRunningError, NewerDatabaseError, StateError
from monitor.store.database import FILE, Database, integrity, migrations, only_instance
from monitor.store.store import Store


def schema(database: Database) -> list[tuple[str, str]]:
    rows = database.rows("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
    return [(row["name"], " ".join(row["sql"].split())) for row in rows]


def test_migrations_are_numbered_without_a_gap() -> None:
    assert [number for number, _ in migrations()] == list(range(1, len(migrations()) + 1))


def test_a_database_reopened_has_the_schema_of_a_fresh_one(tmp_path: Path) -> None:
    Database.open(tmp_path).close()
    again = Database.open(tmp_path)
    assert schema(again) == schema(Database.in_memory())
    assert again.value("PRAGMA user_version") == len(migrations())


def test_a_newer_schema_is_refused_and_the_file_left_untouched(tmp_path: Path) -> None:
    Database.open(tmp_path).close()
    connection = apsw.Connection(str(tmp_path / FILE))
    connection.execute("PRAGMA user_version = 9999")
    connection.close()
    before = (tmp_path / FILE).read_bytes()
    for opening in (Database.open, Database.open_reading):
        with pytest.raises(NewerDatabaseError, match="newer newsmon"):
            opening(tmp_path)
    assert (tmp_path / FILE).read_bytes() == before


def test_the_memory_of_pages_at_hand_can_be_given_back(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    database.run("INSERT INTO meta (key, value) VALUES ('much', :value)", value="x" * 4_000_000)
    database.value("SELECT max(value) FROM meta")
    before = apsw.memory_used()
    database.shrink()
    assert apsw.memory_used() < before - 2_000_000


def test_a_backup_is_whole_and_private_and_can_be_made_beside_a_writer(tmp_path: Path) -> None:
    writing = Store.open(tmp_path)
    writing.outbox.instance("one")
    reading = Store.open_reading(tmp_path)
    target = tmp_path / "backup" / "copy.db"
    reading.database.back_up(target)
    assert target.stat().st_mode & 0o077 == 0
    copy = apsw.Connection(str(target))
    assert integrity(copy) == []
    assert copy.execute("SELECT value FROM meta WHERE key = 'instance'").fetchone() == ("one",)
    assert list(target.parent.glob("*.part")) == []


def test_a_backup_reads_one_state_however_often_it_is_written_to_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writing = Database.open(tmp_path)
    writing.run("INSERT INTO meta (key, value) VALUES ('much', :value)", value="x" * 2_000_000)
    steps = []

    class Pages:
        def __index__(self) -> int:
            steps.append(1)
            writing.run("INSERT OR REPLACE INTO meta (key, value) VALUES ('a', random())")
            return 50

    monkeypatch.setattr("monitor.store.database.BACKUP_PAGES", Pages())
    pages = writing.value("PRAGMA page_count")
    Database.open_reading(tmp_path).back_up(tmp_path / "copy.db")
    assert len(steps) <= pages // 50 + 2
    copy = apsw.Connection(str(tmp_path / "copy.db"))
    assert integrity(copy) == []
    assert copy.execute("SELECT count(*) FROM meta WHERE key = 'a'").fetchone() == (0,)


def test_a_backup_that_cannot_be_written_leaves_no_half_of_it(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(StateError, match="cannot write the backup"):
        database.back_up(blocked / "copy.db")


def test_reading_never_writes(tmp_path: Path) -> None:
    Database.open(tmp_path).close()
    reading = Store.open_reading(tmp_path)
    with pytest.raises(StateError):
        reading.database.run("DELETE FROM meta")


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    database = Database.open(tmp_path)

    def write_and_fail() -> None:
        with database.transaction():
            database.run("INSERT INTO meta (key, value) VALUES ('a', 'b')")
            with database.transaction():  # an inner one is part of the outer
                database.run("INSERT INTO meta (key, value) VALUES ('c', 'd')")
            raise KeyError

    with pytest.raises(KeyError):
        write_and_fail()
    assert database.value("SELECT count(*) FROM meta") == 0


def test_of_many_that_race_for_the_state_one_wins(tmp_path: Path) -> None:
    race = (
        "import pathlib, sys, time\n"
        "from monitor.errors import AlreadyRunningError\n"
        "from monitor.store.database import only_instance\n"
        "for n in range(50):\n"
        "    sys.stdin.readline()\n"
        "    try:\n"
        "        with only_instance(pathlib.Path(sys.argv[1])):\n"
        "            print('won', flush=True); sys.stdin.readline()\n"
        "    except AlreadyRunningError:\n"
        "        print('lost', flush=True); sys.stdin.readline()\n"
    )
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", race, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for _ in range(50):
        for racer in racers:
            assert racer.stdin is not None
            racer.stdin.write("go\n")
            racer.stdin.flush()
        ends = sorted(racer.stdout.readline() for racer in racers if racer.stdout)
        assert ends == ["lost\n"] * 3 + ["won\n"]
        for racer in racers:
            assert racer.stdin is not None
            racer.stdin.write("end\n")
            racer.stdin.flush()
        # the winner lets go before it reads on: the next round finds the lock free
    for racer in racers:
        racer.communicate(timeout=10)


def test_one_process_holds_the_state_and_its_death_frees_it(tmp_path: Path) -> None:
    hold = (
        "import sys, time, pathlib\n"
        "from monitor.store.database import only_instance\n"
        "with only_instance(pathlib.Path(sys.argv[1])):\n"
        "    print('held', flush=True); time.sleep(60)\n"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", hold, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(AlreadyRunningError, match=str(holder.pid)), only_instance(tmp_path):
        pytest.fail("two instances hold one state")
    holder.kill()
    holder.wait(10)
    holder.stdout.close()
    with only_instance(tmp_path):
        pass
