"""What watches cost: `make bench`. Prints one line a measurement; compares nothing.

Two hundred watches of forty terms each look at made-up articles of a thousand words, alone and in
batches of twenty; `watch try` asks an archive of a hundred thousand documents.
"""

import random
import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from monitor.app import Store
from monitor.cli.attempt import try_watch
from monitor.config import Config, Watch
from monitor.store.codec import stamp
from monitor.store.database import Database
from monitor.store.matching import Matcher, Row, index
from monitor.watch import CompiledWatch
from monitor.watch import compile as compile_watch

WATCHES = 200
TERMS = 40
WORDS = 1_000  # of an article
BATCH = 20
ARCHIVE = 100_000
ARCHIVE_WORDS = 60  # of its documents: what is asked is the index, not the texts
VOCABULARY = 40_000
MOST_ALONE, MOST_BATCHED, MOST_TRIED = 10, 5, 2  # ms, ms, s: what they may cost
NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
MINUTE = 60_000_000  # as the database counts

DOCUMENT = """
INSERT INTO document (seq, id, url, outlet, title, text, language, published, seen, agency, source,
                      baseline, voice, verdict, event, why, arrived)
VALUES (:seq, :id, '', '', :title, :text, 'en', :at, :at, '', 'feed', 0, '', 'original',
        'ev-bench', '{"placement": {}}', :seq)
"""


def vocabulary(chance: random.Random) -> list[str]:
    syllables = [c + v + e for c in "bdfgklmnprstvz" for v in "aeiou" for e in ("", "n", "r", "s")]
    return sorted(
        {
            "".join(chance.choices(syllables, k=chance.choice((1, 2, 2, 3))))
            for _ in range(VOCABULARY)
        }
    )


def watches(chance: random.Random, words: list[str]) -> list[Watch]:
    """Half plain words, the others phrases, endings and exclusions."""

    def term() -> str:
        one, two = chance.choices(words, k=2)
        return chance.choice((one, one, f"{one} {two}", f"{one[:5]}*"))

    return [
        Watch(
            name=f"watch {number}",
            all=(chance.choice(words),),
            any=tuple(term() for _ in range(TERMS - 4)),
            none=tuple(term() for _ in range(3)),
        )
        for number in range(WATCHES)
    ]


def articles(chance: random.Random, words: list[str], count: int, length: int) -> list[Row]:
    """Words as frequent as in a language: the n-th comes 1/n as often as the first."""
    weights = [1 / (rank + 1) for rank in range(len(words))]
    drawn = chance.choices(words, weights=weights, k=count * length)
    texts = (" ".join(drawn[n * length : (n + 1) * length]) for n in range(count))
    return [(f"d{number}", text[:60], text) for number, text in enumerate(texts)]


def milliseconds(compiled: Sequence[CompiledWatch], documents: Sequence[Row]) -> float:
    """CPU an article: the machine may be busy with other things."""
    began = time.process_time()
    Matcher().matches(compiled, documents)
    return (time.process_time() - began) * 1000 / len(documents)


def archive(documents: Sequence[Row]) -> Store:
    """Put documents of the last two months into a database, past everything that judges them."""
    store = Store(Database.in_memory())
    connection = store.database.connection
    at = stamp(NOW)
    with store.database.transaction():
        store.database.run(
            """
            INSERT INTO event (id, title, titled, language, first_seen, last_seen, baseline)
            VALUES ('ev-bench', '', 0, 'en', :at, :at, 0)
            """,
            at=at,
        )
        for seq, (name, title, text) in enumerate(documents, 1):
            connection.execute(
                DOCUMENT,
                {"seq": seq, "id": name, "title": title, "text": text, "at": at - seq * MINUTE},
            )
            index(connection, seq, title, text)
    return store


def tried(store: Store, watch: Watch) -> tuple[float, int]:
    """Seconds of a back-test over all of the archive, and what it found."""
    config = Config(watches=(watch,))
    began = time.process_time()
    found = sum(1 for _ in try_watch(config, store, watch.name, after=NOW - timedelta(days=90)))
    return time.process_time() - began, found


def main() -> None:
    chance = random.Random(20)  # noqa: S311 - the same words every time
    words = vocabulary(chance)
    made = watches(chance, words)
    compiled = [compile_watch(each, {}) for each in made]
    read = articles(chance, words, 5 * BATCH, WORDS)
    milliseconds(compiled, read[:1])  # warm
    alone = statistics.median(milliseconds(compiled, [each]) for each in read[:20])
    batched = statistics.median(
        milliseconds(compiled, read[n : n + BATCH]) for n in range(0, len(read), BATCH)
    )
    print(f"{WATCHES} watches x {TERMS} terms")
    wide = [compile_watch(each.model_copy(update={"all": ()}), {}) for each in made]
    anything = statistics.median(milliseconds(wide, [each]) for each in read[:20])
    print(f"an article alone       {alone:8.1f} ms    of {MOST_ALONE} ms: {alone / MOST_ALONE:.2f}")
    share = anything / MOST_ALONE
    print(f"... with no `all`      {anything:8.1f} ms    of {MOST_ALONE} ms: {share:.2f}")
    print(
        f"in batches of {BATCH}       {batched:8.1f} ms    of {MOST_BATCHED} ms:"
        f" {batched / MOST_BATCHED:.2f}"
    )
    store = archive(articles(chance, words, ARCHIVE, ARCHIVE_WORDS))
    kinds = {
        "rare words": Watch(name="rare", any=tuple(words[-TERMS:])),
        "a common word": Watch(name="common", any=(words[20],), none=(words[30],)),
        "all of them": watches(chance, words)[0],
    }
    for kind, watch in kinds.items():
        seconds, found = tried(store, watch)
        cost = f"{seconds:7.2f} s     of {MOST_TRIED} s: {seconds / MOST_TRIED:.2f}"
        print(f"watch try, {kind:13}{cost}    {found} of {ARCHIVE} found")


if __name__ == "__main__":
    main()
