"""What rests in the database and what arrived, read without a line of the product.

The database is a copy of its files, taken while no process had it open: so what is checked is what
a power cut would have left.
"""

import json
import shutil
import struct
import tempfile
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

PAGE = 4096


@dataclass
class Snapshot:
    """The beds as they lie after a death."""

    sending: frozenset[str]
    problems: list[str]
    waiting: int = 0
    urls: Counter[str] = field(default_factory=Counter)
    rejected: int = 0
    opened: Counter[str] = field(default_factory=Counter)  # titles of events
    events: int = 0
    figures: dict[str, set[str]] = field(default_factory=dict)  # title -> "12 -> 19"
    states: dict[str, str] = field(default_factory=dict)  # message -> state
    unfounded: int = 0  # messages that tell no committed change
    order: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, state: Path, *, deep: bool = False) -> "Snapshot":
        with tempfile.TemporaryDirectory(prefix="newsmon-look-") as away:
            for name in ("newsmon.db", "newsmon.db-wal"):
                if (state / name).exists():
                    shutil.copyfile(state / name, Path(away, name))
            file = Path(away, "newsmon.db")
            with closing(apsw.Connection(str(file))) as database:
                ask = database.execute
                found = cls(
                    sending=frozenset(
                        row[0] for row in ask("SELECT id FROM message WHERE state = 'sending'")
                    ),
                    problems=_problems(database),
                )
                if deep:
                    found._read(database)
                    ask("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            if deep:
                found.problems += _wrong_sums(file.read_bytes())
        return found

    def moved(self, title: str, figure: str) -> bool:
        return figure in self.figures.get(title, ())

    def _read(self, database: apsw.Connection) -> None:
        ask = database.execute
        count = "SELECT count(*) FROM entry WHERE state = "
        self.waiting = ask(f"{count}'waiting'").fetchone()[0]
        self.rejected = ask(f"{count}'rejected'").fetchone()[0]
        self.urls = Counter(row[0] for row in ask("SELECT url FROM document"))
        self.opened = Counter(
            row[0]
            for row in ask(
                "SELECT event.title FROM change JOIN event ON event.id = change.event"
                " WHERE kind = 'event_opened' AND event.merged_into IS NULL"
            )
        )
        self.events = ask("SELECT count(*) FROM event WHERE merged_into IS NULL").fetchone()[0]
        for title, body in ask(
            "SELECT event.title, change.body FROM change JOIN event ON event.id = change.event"
            " WHERE kind = 'figure_changed'"
        ):
            change = json.loads(body)
            ends = (int(float(change[end]["reading"]["low"])) for end in ("before", "after"))
            self.figures.setdefault(title, set()).add(" -> ".join(map(str, ends)))
        self.states = dict(ask("SELECT id, state FROM message"))
        self.unfounded = ask(
            "SELECT count(*) FROM message WHERE kind <> 'health' AND NOT EXISTS (SELECT 1 FROM"
            " notice LEFT JOIN change ON change.id = notice.change JOIN event ON event.id ="
            " notice.event WHERE notice.digest = message.digest AND notice.target = message.target"
            " AND notice.state = 'posted'"
            " AND (change.id IS NOT NULL OR notice.change LIKE 'open-%'))"
        ).fetchone()[0]
        for event, target, ident in ask(
            "SELECT event, target, id FROM message WHERE event IS NOT NULL ORDER BY seq"
        ):
            self.order.setdefault((event, target), []).append(ident)


@dataclass
class Ledger:
    """What was published, what was accepted in which run, what was open at each death."""

    run: int = 0
    published: set[str] = field(default_factory=set)
    accepted: list[tuple[int, str, str, str, bool]] = field(default_factory=list)
    open_at: dict[int, frozenset[str]] = field(default_factory=dict)
    damaged: list[str] = field(default_factory=list)
    final: Snapshot = field(default_factory=lambda: Snapshot(sending=frozenset(), problems=[]))

    def accept(self, target: str, ident: str, text: str, *, marked: bool) -> None:
        self.accepted.append((self.run, target, ident, " ".join(text.split()), marked))

    def texts(self, target: str, words: str) -> list[str]:
        return [text for _, to, _, text, _ in self.accepted if to == target and words in text]

    def killed(self, snapshot: Snapshot) -> None:
        self.open_at[self.run] = snapshot.sending
        self.damaged += snapshot.problems

    def count(self, final: Snapshot) -> "Counter[str]":
        """Count what was lost, what came twice, and what explains it."""
        self.final = final
        found: Counter[str] = Counter(
            entries=final.waiting,
            documents=len(self.published - set(final.urls))
            + sum(final.urls.values())
            - len(final.urls)
            + final.rejected,
            unsent=sum(state != "sent" for state in final.states.values()),
            unfounded=final.unfounded,
            integrity=len(self.damaged) + len(final.problems),
        )
        runs: defaultdict[str, list[int]] = defaultdict(list)
        for run, _, ident, _, marked in self.accepted:
            repeated = bool(runs[ident])
            runs[ident].append(run)
            found["repeats"] += repeated
            found["unmarked"] += repeated and not marked
        found["never_taken"] = len(final.states.keys() - runs.keys())
        found["unknown_to_us"] = len(runs.keys() - final.states.keys())
        for ident, taken in runs.items():
            explained = sum(ident in self.open_at.get(run, ()) for run in taken)
            found["explained"] += explained
            found["unexplained"] += abs(len(taken) - 1 - explained)
        first = {ident: taken[0] for ident, taken in runs.items()}
        for idents in final.order.values():
            times = [first.get(ident, 0) for ident in idents]
            found["out_of_order"] += times != sorted(times)
        return found


def _problems(database: apsw.Connection) -> list[str]:
    found = [row[0] for row in database.execute("PRAGMA integrity_check")]
    broken: list[Any] = database.execute("PRAGMA foreign_key_check").fetchall()
    return [each for each in found if each != "ok"] + [str(each) for each in broken]


def _wrong_sums(data: bytes) -> list[str]:
    """Verify the sum at the end of each page, by https://sqlite.org/cksumvfs.html."""
    return [
        f"page {number + 1} has a wrong checksum"
        for number in range(len(data) // PAGE)
        if not _is_right(data[number * PAGE : (number + 1) * PAGE])
    ]


def _is_right(page: bytes) -> bool:
    one = other = 0
    for left, right in struct.iter_unpack("<II", page[:-8]):
        one = (one + left + other) & 0xFFFF_FFFF
        other = (other + right + one) & 0xFFFF_FFFF
    return struct.pack("<II", one, other) == page[-8:]
