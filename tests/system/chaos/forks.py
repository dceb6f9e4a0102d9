"""Forks children that each do one cycle of `newsmon run --once`, to die at a named point or moment.

Everything is loaded once, before the first fork: a "warm" job is done in this process itself. No
database stays open here. Tasks are JSON lines on stdin, `{"config", "folder", "point", "job",
"after"}`; answers are the exit codes: -9 is a death at the point, -14 one after so many seconds.
"""

import gc
import json
import os
import signal
import sys
import traceback
from functools import cache
from pathlib import Path
from typing import Any, Self

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # a fork takes one thread along

import apprise
import datasketch  # noqa: F401 - before the fork

from monitor import (
    chaos,
    cluster,
    config,
    extract,
    housekeeping,
    log,
    notify,
    render,
    service,
    work,
)
from monitor.figures import packs
from monitor.pipeline import compose, deliver, ingest, judge, poll  # noqa: F401 - before the fork
from monitor.store.database import only_instance
from monitor.store.store import Store
from monitor.testing import InlineReader


class Inline(InlineReader):
    """Reads in the child itself: a worker of its own would cost each child a second."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing to stop."""


def prepare() -> None:
    work.Workers = Inline
    extract.load()
    extract.language_of("The model is loaded with the first words.", prior="")
    cluster.load = cache(cluster.load)
    cluster.load()
    packs.load_packs = cache(packs.load_packs)
    packs.load_packs()
    render.load_templates = cache(render.load_templates)
    render.load_templates(None)
    apprise.Apprise().add("json://127.0.0.1")
    apprise.Apprise().add("mailto://127.0.0.1?from=a@b.example&to=c@b.example")
    assert notify.check_url("json://127.0.0.1") is None


def night(folder: Path, settings: config.Config) -> None:
    """Do what the daemon does at night: retention, compaction, a backup."""
    with only_instance(folder):
        store = Store.open_or_rescue(folder, now=work.clock())
        housekeeping.tidy(store, settings, now=work.clock())
        housekeeping.back_up(folder, now=work.clock())
        store.database.close()


def child(task: dict[str, Any]) -> int:
    try:
        log.configure()
        settings = config.load(Path(task["config"]), os.environ)
        chaos.arm(task["point"])
        signal.setitimer(signal.ITIMER_REAL, task["after"])  # an alarm that nobody minds kills
        if task["job"] == "night":
            night(Path(task["folder"]), settings)
        else:
            service.run_once(settings, Path(task["folder"]))
    except BaseException:  # noqa: BLE001 - told by the exit code and the log
        traceback.print_exc()
        return 70
    return 0


def main() -> None:
    prepare()
    print("ready", flush=True)
    for line in sys.stdin:
        task = json.loads(line)
        if task["job"] == "warm":
            print(child(task), flush=True)
            continue
        gc.freeze()
        pid = os.fork()
        if pid == 0:
            os.dup2(2, 1)
            os._exit(child(task))
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
