"""How fast newsmon is here: `make bench`. Prints one line a measurement; compares nothing.

The archive is made up: happenings told by several outlets in some 350 words, with copies and rising
figures; most of the words mean nothing, so only time and memory do. Judging is counted in CPU
seconds of one core, loading left out: with everything watched, and with a watch that no article
meets, so that no figure need be read.

    python -m tests.bench.speed
"""

import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from monitor import config
from monitor.app import Store
from monitor.beds import Override
from monitor.config import Config
from monitor.replay import Archived, read_archive, replay
from tests.bench.copies import Press

ARTICLES = 1_000
WORDS = 300  # beside the news itself
WARM = 50  # articles
NOBODY = """
[[feed]]
url = "https://outlet.example/feed"
[[watch]]
name = "nothing"
any = ["quixotic"]
send_to = ["desk"]
[[target]]
name = "desk"
url = "mailto://localhost?to=desk@example.org"
"""
OUTLETS = ("Courier", "Gazette", "Herald", "Post", "Radio")
HAPPENINGS = (
    ("Flood", "the river rose over the embankment", "were killed", "rescue service"),
    ("Fire", "a warehouse by the harbour burned down", "were injured", "fire brigade"),
    ("Strike", "workers left the assembly hall", "stopped work", "metal workers' union"),
    ("Storm", "the wind tore roofs from the houses", "are missing", "regional government"),
)


def name(chance: random.Random) -> str:
    syllables = (chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(4))
    return "".join(syllables).capitalize()


def archive() -> Iterator[str]:
    """Give the lines of an archive: five articles a happening, the third a copy of the first."""
    chance = random.Random(4)  # noqa: S311 - the same archive every time
    begin, press = datetime(2026, 1, 1, tzinfo=UTC), Press()
    names: dict[str, str] = {}
    first = ""
    for number in range(ARTICLES):
        event, told = divmod(number, 5)
        if told == 0:
            names = {key: name(chance) for key in "abcd"}
        kind, what, fate, who = HAPPENINGS[event % len(HAPPENINGS)]
        count = 12 + event % 30 + 3 * told
        more = " ".join(press.article(number)[0].text.split()[:WORDS])
        text = (
            f"In {names['a']}, {what} near {names['b']}. At least {count} people {fate}, the {who}"
            f" said. The {who} will speak again in the evening.\n{more}."
        )
        first = text if told == 0 else first
        yield json.dumps(
            {
                "id": f"a{number}",
                "url": f"https://{OUTLETS[told].lower()}.example/{number}",
                "outlet": OUTLETS[told],
                "title": f"{kind} in {names['a']}: {count} {fate.removeprefix('were ')}",
                "text": first if told == 2 else text,
                "published": (begin + timedelta(minutes=17 * number)).isoformat(),
                "language": "en",
            }
        )


def newsmon(*arguments: str) -> float:
    """Run a command and give its seconds."""
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "monitor", *arguments],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - began


def rate(articles: Sequence[Archived | Override], config: Config | None) -> float:
    """Judge an archive in this process; gives articles a CPU second."""
    with TemporaryDirectory() as folder:
        store = Store.open(Path(folder), durable=False)
        for _ in replay(articles[:WARM], store, config=config):
            pass
        store.database.close()
    with TemporaryDirectory() as folder:
        store = Store.open(Path(folder), durable=False)
        began = time.process_time()
        for _ in replay(articles, store, config=config):
            pass
        spent = time.process_time() - began
        store.database.close()
    return len(articles) / spent


def main() -> None:
    starts = min(newsmon("--help") for _ in range(5))
    print(f"newsmon --help         {starts * 1000:8.0f} ms")
    articles = list(read_archive(archive(), complain=print))
    print(f"judging, all watched   {rate(articles, None):8.0f} articles a CPU second")
    nobody = config.parse(NOBODY, "speed.toml", {})
    print(f"judging, none watched  {rate(articles, nobody):8.0f} articles a CPU second")
    with TemporaryDirectory() as folder:
        lines, said = Path(folder, "archive.jsonl"), Path(folder, "said.jsonl")
        lines.write_text("\n".join(archive()), encoding="utf-8")
        newsmon("replay", str(lines), "--out", str(said))
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"most memory            {memory:8.0f} MB")
    print(f"processors             {os.cpu_count():8}")


if __name__ == "__main__":
    main()
