"""What a verdict costs beside a full window, and stock MinHashLSH on the same texts: `make bench`.

The window is filled with made-up articles in two steps, a tenth and the whole; after each, the
articles that come next are judged against the store as the daemon judges, from text to verdict.
Prints a table; compares nothing.

    python tests/bench/copies.py [DOCUMENTS]
"""

import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate, chain
from multiprocessing import get_context
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import TypeAlias

from datasketch import MinHash, MinHashLSH

from monitor import dedupe
from monitor.model import (
    CANDIDATES_KEPT,
    Document,
    DocumentId,
    Original,
    Signature,
    Verdict,
)
from monitor.store.codec import stamp
from monitor.store.store import Store

DOCUMENTS = 20_000
ASKED = 500  # verdicts measured
BATCH = 500  # documents signed at once
FILLING_KIB = 1_500_000  # page cache while filling
KEYS = ("band", "anchor", "sentence")
INDEX = ("signature", "posting", *KEYS, *(f"fresh_{name}" for name in KEYS))

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
VOCABULARY = 30_000
OUTLETS = 40
COPIES = 4  # every fourth article is one
RECENT = 5_000  # articles: what is copied is one of the last

THRESHOLD = 0.8
PERMUTATIONS = 128
SHINGLE_WORDS = 3

Signed: TypeAlias = tuple[Document, int, Signature, MinHash]


# -- made-up articles -----------------------------------------------------------------------------


class Press:
    """Articles of 400 to 500 words by number, the same ones every time.

    The n-th word is used 1/n as often as the first; every outlet has a footer. A copy is cut, gets
    a dateline, and half of the time other figures.
    """

    def __init__(self) -> None:
        chance = random.Random("press")  # noqa: S311 - the same press every time
        syllables = [onset + vowel for onset in "bdfgklmnprstvz" for vowel in "aeiou"]
        words: dict[str, None] = {}
        while len(words) < VOCABULARY:
            length = 1 if len(words) < 50 else 2 if len(words) < 3_000 else chance.randint(3, 4)
            words["".join(chance.choices(syllables, k=length))] = None
        self._words = list(words)
        self._weights = list(accumulate(1 / rank for rank in range(1, VOCABULARY + 1)))
        self.footers = [" ".join(self._sentences(chance, 40)) for _ in range(OUTLETS)]

    def article(self, number: int) -> tuple[Document, int]:
        """Give an article and the number of its original: its own, unless it is a copy."""
        chance = random.Random(f"article {number}")  # noqa: S311
        first = number
        if number % COPIES == COPIES - 1:
            back = COPIES * chance.randrange(1 + min(number, RECENT) // COPIES)
            first = max(0, number - back - chance.randint(1, COPIES - 1))
        body = self._body(first)
        if first != number:
            body = self._edited(chance, body)
        outlet = chance.randrange(OUTLETS)
        at = NOON + timedelta(seconds=number)
        document = Document(
            id=DocumentId(f"a{number}"),
            url="",
            outlet=f"outlet {outlet}",
            title="",
            text=f"{' '.join(body)}\n{self.footers[outlet]}",
            language="en",
            published=at,
            seen=at,
        )
        return document, first

    def _body(self, number: int) -> list[str]:
        chance = random.Random(f"body {number}")  # noqa: S311
        return self._sentences(chance, chance.randint(360, 460))

    def _edited(self, chance: random.Random, body: list[str]) -> list[str]:
        if chance.random() < 0.5:
            body = [each.replace("1", "7").replace("2", "9") for each in body]
        dateline = f"{chance.choice(self._words).upper()} (Wire) - "
        kept = len(body) - chance.randrange(len(body) // 2)
        return [dateline + body[0], *body[1:kept]]

    def _sentences(self, chance: random.Random, length: int) -> list[str]:
        found = []
        while length > 0:
            size = min(chance.randint(12, 26), length)
            words = chance.choices(self._words, cum_weights=self._weights, k=size)
            if chance.random() < 0.4:
                words[size // 2] = str(chance.randint(2, 5_000))
            found.append(" ".join(words).capitalize() + ".")
            length -= size
        return found


# -- filling --------------------------------------------------------------------------------------


def sign(numbers: range) -> list[Signed]:
    """Sign articles both ways, in another process; the footers are known furniture by then."""
    press = Press()
    footers = replace(press.article(0)[0], text="\n".join(press.footers))
    furniture = dedupe.prepare(footers).hashes
    made = []
    for number in numbers:
        document, first = press.article(number)
        signature = dedupe.sign(dedupe.prepare(document).without(furniture))
        made.append((document, first, signature, stock_minhash(document)))
    return made


def stock_minhash(document: Document) -> MinHash:
    words = document.text.lower().split()
    shingles = (" ".join(words[i : i + SHINGLE_WORDS]) for i in range(len(words)))
    minhash = MinHash(num_perm=PERMUTATIONS)
    minhash.update_batch([shingle.encode() for shingle in shingles])
    return minhash


def fill(folder: Path, numbers: range, pool: Executor) -> list[tuple[int, MinHash]]:
    """Put articles into the window; gives the stock signatures."""
    steps = [numbers[i : i + BATCH] for i in range(0, len(numbers), BATCH)]
    store = Store.open(folder, durable=False)
    store.database.run(f"PRAGMA cache_size = -{FILLING_KIB}")
    minhashes = []
    with store.ledger.transaction():
        store.database.run(
            """
            INSERT OR IGNORE INTO event (id, title, titled, language, first_seen, last_seen,
                                         baseline)
            VALUES ('ev', '', 0, 'en', 0, 0, 0)
            """
        )
        for document, first, signature, minhash in chain.from_iterable(pool.map(sign, steps)):
            number = int(document.id[1:])
            write(store, number, document, first, signature)
            minhashes.append((number, minhash))
    store.database.compact()
    store.database.close()
    return minhashes


def write(store: Store, number: int, document: Document, first: int, signature: Signature) -> None:
    """Write what a verdict reads of a document."""
    is_copy = first != number
    store.database.run(
        """
        INSERT INTO document (seq, arrived, id, url, outlet, title, text, language, published, seen,
                              agency, source, baseline, voice, verdict, of, event, why)
        VALUES (:seq, :seq, :id, '', :outlet, '', :text, 'en', :at, :at, '', 'page', 0, '',
                :verdict, :of, 'ev', '{}')
        """,
        seq=1 + number,
        id=document.id,
        outlet=document.outlet,
        text=document.text,
        at=stamp(document.published),
        verdict="same" if is_copy else "original",
        of=f"a{first}" if is_copy else None,
    )
    store.ledger._write_signature(1 + number, signature, at=document.seen, root=1 + first)


# -- measuring ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Of verdicts beside a window of `documents`: milliseconds, and bytes a document."""

    documents: int
    first: float
    times: list[float]
    size: float
    found: float  # share of the copies

    @property
    def median(self) -> float:
        return median(self.times)

    @property
    def slow(self) -> float:
        return quantiles(self.times, n=100)[-1]


def ours(folder: Path, articles: list[tuple[Document, int]], documents: int) -> Cost:
    """Judge articles beside a store that was just opened.

    After the first the keys are read, as the daemon reads them when nothing is due.
    """
    store = Store.open(folder, durable=False)
    verdicts: list[Verdict] = []
    times = []
    for each, _ in articles:
        times.append(timed(lambda each: verdicts.append(verdict(store, each)), each))
        while not store.ledger.read_keys(10_000):
            pass
    size = index_bytes(store)
    store.database.close()
    links = [None if isinstance(each, Original) else each.of for each in verdicts]
    return Cost(
        documents=documents,
        first=times[0],
        times=times[1:],
        size=size / documents,
        found=share_found([link is not None for link in links], articles, documents),
    )


def verdict(store: Store, document: Document) -> Verdict:
    """Judge as monitor/pipeline/judge.py does."""
    prepared = dedupe.prepare(document)
    prepared = prepared.without(store.ledger.furniture(prepared.hashes))
    signature = dedupe.sign(prepared)
    since = document.seen - CANDIDATES_KEPT
    return dedupe.judge(prepared, signature, store.ledger.candidates(signature, since=since))


def stock(
    index: MinHashLSH,
    minhashes: list[tuple[int, MinHash]],
    articles: list[tuple[Document, int]],
    documents: int,
) -> Cost:
    """Ask stock MinHashLSH, in memory, about the same articles."""
    before = resident()
    for number, minhash in minhashes:
        index.insert(number, minhash)
    size = resident() - before
    answers: list[list[int]] = []
    times = [
        timed(lambda each: answers.append(index.query(stock_minhash(each))), each)
        for each, _ in articles
    ]
    return Cost(
        documents=documents,
        first=times[0],
        times=times[1:],
        size=size / len(minhashes),
        found=share_found([bool(each) for each in answers], articles, documents),
    )


def share_found(linked: list[bool], articles: list[tuple[Document, int]], documents: int) -> float:
    """Give the share of the copies whose original lies in the window that were linked."""
    copies = [link for link, (_, first) in zip(linked, articles, strict=True) if first < documents]
    return sum(copies) / len(copies)


def timed(act: Callable[[Document], object], document: Document) -> float:
    """Give the milliseconds of an act."""
    began = time.perf_counter()
    act(document)
    return 1000 * (time.perf_counter() - began)


def resident() -> int:
    """Give the bytes of memory in use."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def index_bytes(store: Store) -> int:
    rows = store.database.rows(
        """
        SELECT tbl_name AS name, sum(pgsize) AS size
          FROM dbstat
          JOIN sqlite_schema USING (name)
         WHERE aggregate = TRUE
         GROUP BY tbl_name
        """
    )
    return sum(row["size"] for row in rows if row["name"] in INDEX)


def lines(mine: list[Cost], theirs: list[Cost]) -> Iterator[str]:
    head = f"{'documents':>12}{'median ms':>12}{'99 % ms':>10}{'first ms':>10}"
    yield f"{'':22}{head}{'bytes each':>12}{'found':>8}"
    for name, costs in (("newsmon, on disk", mine), ("MinHashLSH, in memory", theirs)):
        for each in costs:
            yield (
                f"{name:22}{each.documents:12,}{each.median:12.2f}{each.slow:10.2f}"
                f"{each.first:10.2f}{each.size:12,.0f}{each.found:8.0%}"
            )
    small, large = mine
    yield f"ten times the window   median x{large.median / small.median:.2f}"
    yield f"beside MinHashLSH      median x{large.median / theirs[-1].median:.2f}"


def main() -> None:
    most = int(sys.argv[1].replace("_", "")) if len(sys.argv) > 1 else DOCUMENTS
    press = Press()
    mine, theirs = [], []
    index = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    dedupe.sign(dedupe.prepare(press.article(0)[0]))  # imports what signing needs
    with (
        TemporaryDirectory() as name,
        ProcessPoolExecutor(mp_context=get_context("spawn")) as pool,
    ):
        folder = Path(name)
        filled = 0
        for documents in (most // 10, most):
            minhashes = fill(folder, range(filled, documents), pool)
            filled = documents
            articles = [press.article(documents + i) for i in range(ASKED)]
            mine.append(ours(folder, articles, documents))
            theirs.append(stock(index, minhashes, articles, documents))
    print("\n".join(lines(mine, theirs)))


if __name__ == "__main__":
    main()
