"""What an article costs as the window fills: `make bench`.

One store is filled by judging, as the daemon judges with nobody watching; at each size the next
articles are measured, beside signing the same ones, which no archive makes slower. All lie within
the window of copies and events. A happening is told three times in other words, every fifteenth
article is a copy. Prints a line a size; the ratio is to the first. Compares nothing.

    python tests/bench/growth.py [DOCUMENTS ...]      # 1_000 10_000; 1_000_000 takes an hour
"""

import random
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from monitor import dedupe
from monitor.app import Store, build_judge
from monitor.model import Document, DocumentId

SIZES = (1_000, 10_000)
ASKED = 1_000  # articles measured
SHARE = 100  # articles of one commit
TELLINGS = 3
COPIES = 10  # every tenth article is one, unless it is the first to tell
APART = 200  # articles between two tellings, at most
VOCABULARY = 60_000
WORDS = 150
NAMES = 6
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MIB = 1 << 20


class Press:
    """Articles by number, the same ones every time: the n-th word is used 1/n as often."""

    def __init__(self, articles: int) -> None:
        chance = random.Random(5)  # noqa: S311 - the same words every time
        syllables = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
        self._words = ["".join(chance.choices(syllables, k=3)) for _ in range(VOCABULARY)]
        self._often = list(accumulate(1 / (n + 15) for n in range(VOCABULARY)))
        self._step = (dedupe.WINDOW - timedelta(days=1)) / articles

    def articles(self) -> Iterator[Document]:
        chance = random.Random(6)  # noqa: S311 - the same order every time
        told: list[Document] = []
        number = 0
        while True:
            first = chance.choice(told) if told and number % TELLINGS else None
            made = self._article(number, number if first is None else _happening(first))
            if first is not None and number % COPIES == 0:
                made = replace(made, title=first.title, text=first.text)
            told = [*told[-APART:], made]
            yield made
            number += 1

    def _article(self, number: int, happening: int) -> Document:
        """Half of the words are the happening's own: its names and what it is about."""
        own, chance = random.Random(happening), random.Random(f"article {number}")  # noqa: S311
        subject = own.sample(self._words, NAMES), own.sample(self._words, WORDS // 5)
        names = [each.capitalize() for each in subject[0]]
        words = chance.choices(self._words, cum_weights=self._often, k=WORDS // 2)
        words += chance.choices(subject[1], k=WORDS // 3) + chance.choices(names, k=WORDS // 6)
        chance.shuffle(words)
        sentences = (" ".join(words[at : at + 15]) for at in range(0, len(words), 15))
        at = NOON + number * self._step
        return Document(
            id=DocumentId(f"a{number} {happening}"),
            url="",
            outlet=f"Outlet {number % 40}",
            title=" ".join(names[:3] + subject[1][:3]),
            text=" ".join(f"{each.capitalize()}." for each in sentences),
            language="en",
            published=at,
            seen=at,
        )


def _happening(document: Document) -> int:
    return int(document.id.split()[1])


class Newsroom:
    """A store that fills."""

    def __init__(self, folder: Path, articles: int) -> None:
        self._folder = folder
        self._store = Store.open(folder, durable=False)
        self._judge = build_judge(self._store)
        self._articles = Press(articles + ASKED).articles()
        self.documents = 0

    def fill(self, documents: int) -> None:
        for _ in range(self.documents, documents, SHARE):
            self._judged(list(islice(self._articles, SHARE)))

    def measure(self) -> tuple[float, float]:
        """Milliseconds of CPU that judging an article takes, and signing alone."""
        judging = signing = 0.0
        for _ in range(0, ASKED, SHARE):
            share = list(islice(self._articles, SHARE))
            began = time.process_time()
            for document in share:
                dedupe.sign(dedupe.prepare(document))
            signing += time.process_time() - began
            judging += self._judged(share)
        return 1_000 * judging / ASKED, 1_000 * signing / ASKED

    def _judged(self, share: list[Document]) -> float:
        """Judge and commit; seconds of CPU."""
        began = time.process_time()
        with self._store.ledger.transaction():
            for document in share:
                self._judge.judge(document, now=document.published)
        self.documents += len(share)
        return time.process_time() - began

    def size(self) -> int:
        """Bytes on disk."""
        return sum(each.stat().st_size for each in self._folder.iterdir())

    def events(self) -> int:
        return int(self._store.database.value("SELECT count(*) FROM live_event"))


def resident() -> int:
    """Bytes of memory in use."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize()


def main(sizes: list[int]) -> None:
    heads = ("documents", "events", "judge ms", "sign ms", "ratio", "RSS MiB", "disk MiB")
    print("".join(f"{head:>10}" for head in heads))
    first = 0.0
    with TemporaryDirectory() as folder:
        newsroom = Newsroom(Path(folder), max(sizes))
        for size in sizes:
            newsroom.fill(size)
            judging, signing = newsroom.measure()
            first = first or judging / signing
            print(
                f"{size:10,}{newsroom.events():10,}{judging:10.2f}{signing:10.2f}"
                f"{judging / signing / first:9.2f}x"
                f"{resident() / MIB:10,.0f}{newsroom.size() / MIB:10,.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main([int(each.replace("_", "")) for each in sys.argv[1:]] or list(SIZES))
