"""How long each everyday command takes on a large archive: `make bench`.

Prints seconds of wall time and of computing, the best of three; compares nothing. The archive is
that of tests/system/library.py, rows written in bulk. What judges anew (replay) is not here: see
speed.py.
"""

import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.system import library

DOCUMENTS = 100_000
TRIES = 3
EVENT = library.event_name(DOCUMENTS // library.PER_EVENT - 3)
ARTICLE = library.document_name(17)
READING = (
    ["--help"],
    ["version"],
    ["status", "--json"],
    ["feeds", "list"],
    ["events"],
    ["events", "--json"],
    ["events", "--watch", "Disasters", "--outlet", "Herald", "--since", "2026-02-01"],
    ["show", EVENT],
    ["figures", EVENT],
    ["why", EVENT],
    ["why", ARTICLE],
    ["search", "flood", "bridge"],
    ["search", "queues", "--outlet", "Herald", "--json"],
    ["watch", "try", "landslide", "--since", "2026-02-25"],
    ["watch", "suggest", EVENT],
    ["outbox", "list"],
    ["mutes"],
    ["export", "--since", "2026-02-28", "--out", os.devnull],
    ["export", "--out", os.devnull],
)
WRITING = (
    ["mute", EVENT, "--for", "1d"],
    ["events", "merge", library.event_name(7), library.event_name(8)],
    ["events", "split", library.event_name(7), library.document_name(41)],
    ["figures", "ignore", f"{library.event_name(9)}/killed"],
    ["figures", "separate", f"{library.event_name(10)}/killed", library.document_name(51)],
    ["forget", "https://courier.example/60", "--yes"],
)


def timed(words: list[str], config: Path) -> tuple[float, float]:
    """Run a command; give its seconds on the wall and of computing."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "monitor", *words],
        env={**os.environ, "NEWSMON_CONFIG": str(config)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    computing = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, computing


def main() -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        library.fill(folder / "state", DOCUMENTS)
        config = folder / "newsmon.toml"
        config.write_text(library.config(folder / "state"), encoding="utf-8")
        print(f"{DOCUMENTS} documents; seconds, and of these computing")
        for words in READING:
            wall, computing = min(timed(words, config) for _ in range(TRIES))
            print(f"{wall:7.2f} {computing:7.2f}  newsmon {' '.join(words)}")
        for words in WRITING:
            wall, computing = timed(words, config)
            print(f"{wall:7.2f} {computing:7.2f}  newsmon {' '.join(words)}")


if __name__ == "__main__":
    main()
