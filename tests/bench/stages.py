"""Where an article's time goes: `make profile`.

Judges made-up articles as `newsmon replay` does, under the profiler, and prints what each step
takes of the whole. The profiler makes everything slower, small functions most: read the shares.

    python tests/bench/stages.py [ARTICLES]
"""

import cProfile
import pstats
import sys
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from copies import Press  # the articles of the bench beside this one

from monitor.app import Store
from monitor.replay import Archived, replay

ARTICLES = 1_000
WARM = 20
STEPS = (  # module, function, what it does
    ("dedupe/prepare.py", "prepare", "normalise, cut into words"),
    ("dedupe/sketch.py", "sign", "shingles, MinHash, keys"),
    ("store/ledger.py", "furniture", "look up what outlets always print"),
    ("store/ledger.py", "candidates", "find what shares text"),
    ("dedupe/judge.py", "judge", "compare, verdict"),
    ("cluster/clusterer.py", "place", "find its event"),
    ("cluster/clusterer.py", "inherit", "take a copy's event"),
    ("store/ledger.py", "record", "write document, keys, full text"),
    ("figures/read.py", "read", "read figures"),
    ("figures/track.py", "advance", "follow figures"),
    ("store/ledger.py", "record_figures", "write figures"),
)


def main(articles: int) -> None:
    press = Press()
    archive = [Archived(document=press.article(number)[0], given="") for number in range(articles)]
    profile = cProfile.Profile()
    with TemporaryDirectory() as folder:
        store = Store.open(Path(folder), durable=False)
        for _ in replay(archive[:WARM], store):
            pass
        store.database.close()
    with TemporaryDirectory() as folder:
        store = Store.open(Path(folder), durable=False)
        profile.enable()
        for _ in replay(archive, store):
            pass
        profile.disable()
    stats = pstats.Stats(profile)
    total = stats.total_tt  # type: ignore[attr-defined]
    spent = {
        (file, name): cumulated
        for (file, _, name), (_, _, _, cumulated, _) in stats.stats.items()  # type: ignore[attr-defined]
    }
    print(f"{articles} articles, {timedelta(seconds=round(total))} under the profiler")
    known = 0.0
    for module, name, what in STEPS:
        seconds = next((s for (f, n), s in spent.items() if n == name and f.endswith(module)), 0.0)
        known += seconds
        print(f"{seconds / total:7.1%}  {what:36}{module}: {name}")
    print(f"{1 - known / total:7.1%}  all else")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ARTICLES)
