"""What an article costs as the window fills: `make bench`.

An archive of each size is filled by judging, as the daemon judges with nobody watching, in a
process of its own. Then the same articles are judged in all of them, a share at a time by turns, so
that whatever else the machine does falls on all alike. Everything lies within the window of copies
and events. A happening is told three times in other words, every fifteenth article is a copy.
Prints a line an archive; ratios are to the first. Compares nothing.

    python tests/bench/growth.py [--keep FOLDER] [DOCUMENTS ...]      # 1_000 10_000

Archives kept in FOLDER are filled further, or only measured, the next time. A million documents
take an hour and 6 GB.
"""

import random
import resource
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import accumulate
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from monitor.app import build_judge
from monitor.model import Document, DocumentId
from monitor.store.store import Store

SIZES = (1_000, 10_000)
SHARE = 100  # articles of one commit
ASKED = 1_000  # articles measured, after as many that warm up
TELLINGS = 3
COPIES = 10  # every tenth article is one, unless it is the first to tell
APART = 200  # articles between two tellings, at most
VOCABULARY = 60_000
WORDS = 150
NAMES = 6
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
STEP = timedelta(seconds=1)  # a million articles are less than twelve days
SERIES = 1_000  # articles: a happening is told within one
FRESH = 1_000_000_000  # no archive is filled with articles of this number or more
TOLD_EVERY = 50_000  # articles: how far filling came
MIB = 1 << 20


class Press:
    """Articles by number, the same ones every time: the n-th word is used 1/n as often."""

    def __init__(self) -> None:
        chance = random.Random(5)  # noqa: S311 - the same words every time
        syllables = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
        self._words = ["".join(chance.choices(syllables, k=3)) for _ in range(VOCABULARY)]
        self._often = list(accumulate(1 / (n + 15) for n in range(VOCABULARY)))

    def articles(self, first: int, last: int, *, at: int | None = None) -> list[Document]:
        """The articles from `first` to before `last`; the first comes `at` so many others."""
        at = first if at is None else at
        return [self._article(n, NOON + (at + n - first) * STEP) for n in range(first, last)]

    def _article(self, number: int, at: datetime) -> Document:
        copied = number
        while copied % COPIES == 0 and not _is_first(copied):
            copied = _earlier(copied)
        title, text = self._told(copied)
        return Document(
            id=DocumentId("d-" + sha256(str(number).encode()).hexdigest()[:12]),
            url=f"https://outlet-{number % 40}.example/{number}",
            outlet=f"Outlet {number % 40}",
            title=title,
            text=text,
            language="en",
            published=at,
            seen=at,
        )

    def _told(self, number: int) -> tuple[str, str]:
        """Half of the words are the happening's own: its names and what it is about."""
        happening = number
        while not _is_first(happening):
            happening = _earlier(happening)
        own, chance = random.Random(happening), random.Random(f"article {number}")  # noqa: S311
        subject = own.sample(self._words, NAMES), own.sample(self._words, WORDS // 5)
        names = [each.capitalize() for each in subject[0]]
        words = chance.choices(self._words, cum_weights=self._often, k=WORDS // 2)
        words += chance.choices(subject[1], k=WORDS // 3) + chance.choices(names, k=WORDS // 6)
        chance.shuffle(words)
        sentences = (" ".join(words[at : at + 15]) for at in range(0, len(words), 15))
        return (
            " ".join(names[:3] + subject[1][:3]),
            " ".join(f"{each.capitalize()}." for each in sentences),
        )


def _is_first(number: int) -> bool:
    return number % SERIES % TELLINGS == 0


def _earlier(number: int) -> int:
    """The number of the article that is told again."""
    chance = random.Random(f"earlier than {number}")  # noqa: S311 - the same every time
    return number - chance.randint(1, min(APART, number % SERIES))


class Archive:
    """A store that fills."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._press = Press()
        self._store = Store.open(folder, durable=False)
        while not self._store.ledger.read_keys(10_000):
            pass
        self._judge = build_judge(self._store)

    @property
    def documents(self) -> int:
        return int(self._store.database.value("SELECT count(*) FROM document"))

    def fill(self, documents: int) -> None:
        for first in range(self.documents, documents, SHARE):
            self._take(self._press.articles(first, min(first + SHARE, documents)))
            if first % TOLD_EVERY == 0:
                print(f"{first:,} of {documents:,}", file=sys.stderr, flush=True)

    def measure(self, first: int, last: int) -> "Cost":
        """Judge the articles of these numbers as the newest of the archive."""
        articles = self._press.articles(first, last, at=self.documents)
        began = time.process_time()
        self._take(articles)
        return Cost(
            seconds=time.process_time() - began,
            events=int(self._store.database.value("SELECT count(*) FROM live_event")),
            memory=int(Path("/proc/self/statm").read_text("ascii").split()[1])
            * resource.getpagesize(),
            disk=sum(each.stat().st_size for each in self._folder.iterdir() if each.is_file()),
        )

    def _take(self, articles: Iterable[Document]) -> None:
        with self._store.ledger.transaction():
            for document in articles:
                self._judge.judge(document, now=document.published)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    seconds: float  # of CPU
    events: int
    memory: int  # bytes
    disk: int


def keep(folder: Path, documents: int, asked: Connection) -> None:
    """Fill an archive, say how many documents it holds, then judge what is asked for."""
    archive = Archive(folder)
    archive.fill(documents)
    asked.send(archive.documents)
    while (numbers := asked.recv()) is not None:
        asked.send(archive.measure(*numbers))


def measure(folder: Path, sizes: Sequence[int]) -> list[tuple[int, list[Cost]]]:
    """Documents of each archive, and what each share of articles cost there."""
    context = get_context("spawn")
    desks = []
    for size in sizes:
        here, there = context.Pipe()
        context.Process(target=keep, args=(folder / str(size), size, there), daemon=True).start()
        there.close()
        desks.append(here)
    documents = [desk.recv() for desk in desks]
    first = FRESH + -(-max(documents) // SERIES) * SERIES
    costs: list[list[Cost]] = [[] for _ in desks]
    for number in range(first, first + 2 * ASKED, SHARE):
        for desk, found in zip(desks, costs, strict=True):
            desk.send((number, number + SHARE))
            found.append(desk.recv())
    for desk in desks:
        desk.send(None)
    return [(n, found[ASKED // SHARE :]) for n, found in zip(documents, costs, strict=True)]


def main() -> None:
    parser = ArgumentParser()
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    parser.add_argument("documents", nargs="*", type=int, default=SIZES)
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        measured = measure(asked.keep or Path(folder), asked.documents)
    heads = ("documents", "events", "judge ms", "ratio", "RSS MiB", "disk MiB")
    print("".join(f"{head:>10}" for head in heads))
    least = sum(cost.seconds for cost in measured[0][1])
    for documents, costs in measured:
        last, spent = costs[-1], sum(cost.seconds for cost in costs)
        print(
            f"{documents:10,}{last.events:10,}{1_000 * spent / ASKED:10.2f}{spent / least:9.2f}x"
            f"{last.memory / MIB:10,.0f}{last.disk / MIB:10,.0f}"
        )


if __name__ == "__main__":
    main()
