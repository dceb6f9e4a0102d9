"""What placing an article costs beside many live events: `make bench`. Compares nothing.

Two clusterers are filled with made-up articles, each the only one of its event, a tenth and the
whole; after each, the articles that come next are placed. Ratios say how the cost grows, and how
much of it is reading the words alone, which no clusterer can do without.

    python tests/bench/events.py [EVENTS]
"""

import gc
import os
import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from multiprocessing import get_context
from pathlib import Path

from monitor.cluster import Clusterer, load
from monitor.cluster.words import Reader
from monitor.model import ClusterMemory, Document, DocumentId, EventId

EVENTS = 100_000
ASKED = 500  # articles measured
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LIVE = timedelta(days=13)  # one short of when an event is over
VOCABULARY = 60_000
WORDS = 230  # a lead of 1,500 characters
NAMES = 6


class Press:
    """Unlike articles by number, the same ones every time: the n-th word is used 1/n as often."""

    def __init__(self, events: int) -> None:
        chance = random.Random(5)  # noqa: S311 - the same words every time
        syllables = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
        self._words = ["".join(chance.choices(syllables, k=3)) for _ in range(VOCABULARY)]
        self._often = list(accumulate(1 / (n + 15) for n in range(VOCABULARY)))
        self._step = LIVE / events

    def article(self, number: int) -> Document:
        chance = random.Random(number)  # noqa: S311 - the same article every time
        words = chance.choices(self._words, cum_weights=self._often, k=WORDS)
        names = [word.capitalize() for word in chance.sample(self._words, NAMES)]
        for at in range(0, WORDS, 9):
            words[at] = chance.choice(names)
        at = NOON + number * self._step
        return Document(
            id=DocumentId(f"a{number}"),
            url="",
            outlet="Courier",
            title=" ".join(words[:8]),
            text=" ".join(words)[:1_500],
            language="en",
            published=at,
            seen=at,
        )


@dataclass
class Measured:
    events: int
    place: float  # milliseconds of CPU an article
    read: float
    bytes_an_event: float
    restore: float  # seconds of CPU


def resident() -> int:
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize()


def milliseconds(documents: list[Document], do: Callable[[Document], object]) -> float:
    began = time.process_time()
    for document in documents:
        do(document)
    return (time.process_time() - began) * 1000 / len(documents)


def filled(events: int) -> ClusterMemory:
    """What a store keeps once that many articles are placed."""
    press, clusterer = Press(events), Clusterer(load(), "en")
    packed: dict[EventId, bytes] = {}
    words: list[bytes] = []
    for number in range(events):
        document = press.article(number)
        _, delta = clusterer.place(document, now=document.published)
        for event in (*delta.gone, *(event for event, _ in delta.events)):
            packed.pop(event, None)
        packed.update(delta.events)
        words.append(delta.words)
        del words[: delta.dropped]
    return ClusterMemory(language="en", events=tuple(packed.items()), words=tuple(words))


def measured(events: int, memory: ClusterMemory) -> Measured:
    model, press = load(), Press(events)
    live = len(memory.events)
    gc.collect()
    before, began = resident(), time.process_time()
    clusterer = Clusterer.restore(memory, model)
    restore = time.process_time() - began
    kept = sum(len(packed) for _, packed in memory.events) + sum(map(len, memory.words))
    held = resident() - before + kept
    asked = [press.article(events + n) for n in range(ASKED)]
    place = milliseconds(asked, lambda d: clusterer.place(d, now=d.published))
    reader = Reader("en", model.stop_words["en"], model.nameless["en"])
    read = milliseconds(asked, reader.read)
    return Measured(live, place, read, held / live, restore)


def rows(events: int) -> Iterator[Measured]:
    """Each in a process of its own, so that memory is its own and was never another's."""
    with ProcessPoolExecutor(1, get_context("spawn"), max_tasks_per_child=1) as pool:
        for size in (events // 10, events):
            memory = pool.submit(filled, size).result()
            yield pool.submit(measured, size, memory).result()


def main() -> None:
    events = int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS
    print("live events   place ms   read ms   ratio   bytes an event   restore s")
    found = []
    for row in rows(events):
        found.append(row)
        print(
            f"{row.events:11,}   {row.place:8.2f}   {row.read:7.2f}   {row.place / row.read:5.1f}"
            f"   {row.bytes_an_event:14,.0f}   {row.restore:9.2f}"
        )
    few, many = found
    print(
        f"{many.events / few.events:10.1f}x   {many.place / few.place:7.2f}x"
        f"   {many.read / few.read:6.2f}x   {'':5}"
        f"   {many.bytes_an_event / few.bytes_an_event:13.2f}x   {many.restore / few.restore:8.1f}x"
    )
    print(f"processors {os.cpu_count()}")


if __name__ == "__main__":
    main()
