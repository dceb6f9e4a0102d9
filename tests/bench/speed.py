"""How fast newsmon is here: `make bench`. Prints one line a measurement; compares nothing.

The archive is made up by this file: happenings told by several outlets in some 350 words, with
copies and rising figures. Its texts are far more alike than real news, so only time and memory mean
something. Judging is counted in CPU seconds of one core, loading left out: with everything watched,
and with a watch that no article meets, so that no figure need be read.
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

ARTICLES = 1_000
SENTENCES = 26  # beside the news itself
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
FILLERS = (
    "Schools in {a} stayed closed and buses to {b} did not run before noon.",
    "Neighbours from {b} brought blankets, soup and candles to the town hall.",
    "Mayor {c} thanked the volunteers and asked visitors to stay away from {a}.",
    "Traffic was led over the {b} bridge, where long queues formed.",
    "Prosecutor {d} opened an inquiry and asked witnesses to come forward.",
    "Insurers in {b} said that it was too early to speak of the damage.",
    "Shops in {a} opened late, and {d} put off the market.",
    "A similar case in {b} had changed the rules for good, {c} recalled.",
)


def name(chance: random.Random) -> str:
    syllables = (chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(4))
    return "".join(syllables).capitalize()


def archive() -> Iterator[str]:
    """Give the lines of an archive: five articles a happening, the third a copy of the first."""
    chance = random.Random(4)  # noqa: S311 - the same archive every time
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    names: dict[str, str] = {}
    first = ""
    for number in range(ARTICLES):
        event, told = divmod(number, 5)
        if told == 0:
            names = {key: name(chance) for key in "abcd"}
        kind, what, fate, who = HAPPENINGS[event % len(HAPPENINGS)]
        count = 12 + event % 30 + 3 * told
        fillers = (
            chance.choice(FILLERS).format(**names | {"b": name(chance)}) for _ in range(SENTENCES)
        )
        text = (
            f"In {names['a']}, {what} near {names['b']}. At least {count} people {fate}, the {who}"
            f" said. {' '.join(fillers)} The {who} will speak again in the evening."
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
