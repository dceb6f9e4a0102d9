"""The worker itself: one task after the other from stdin, until stdin closes."""

import contextlib
import ctypes
import gc
import json
import logging
import math
import os
import resource
import signal
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from monitor.model import EntryId, Extracted, ParsedFeed, WorkerProblem
from monitor.worker import wire

MEMORY = 1024 * 1024 * 1024  # bytes of address space
BEHIND = 10  # nice: a worker that shares a core with judging takes a tenth of it
FIRST_TO_DIE = 900  # of 1000, see proc(5), oom_score_adj
_PR_SET_PDEATHSIG = 1
_FORBIDDEN = ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.exec", "os.system")


def main() -> None:
    """Serve; the answers go to the descriptor that was stdout, stray prints to nowhere."""
    gc.set_threshold(50_000, 20, 20)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))  # libuv passes on what the parent was given
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    _confine(parent=int(sys.argv[1]))
    tasks = sys.stdin.buffer
    while len(frame := tasks.read(wire.TASK.size)) == wire.TASK.size:
        head_length, body_length = wire.TASK.unpack(frame)
        head = json.loads(tasks.read(head_length))
        body = tasks.read(body_length)
        found = _work(head, body, answers)
        _write(answers, wire.answer(found))
        if isinstance(found, WorkerProblem) and found.kind == "memory":
            return  # what a failed allocation left behind is not worth trusting


def _confine(parent: int) -> None:
    """Die with the parent or before it and stay behind it; connect nowhere, start nothing."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends its workers itself
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with contextlib.suppress(OSError, AttributeError):  # other systems: the closed pipe must do
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)
    with contextlib.suppress(OSError):  # a filter of system calls may refuse it
        os.nice(BEHIND)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):  # memory short on the whole: a page, not the daemon
        Path("/proc/self/oom_score_adj").write_text(str(FIRST_TO_DIE))
    logging.disable(logging.CRITICAL)
    sys.addaudithook(_refuse)


def _refuse(event: str, _arguments: tuple[object, ...]) -> None:
    if event in _FORBIDDEN:
        raise PermissionError(f"a worker must not {event}")


def _work(
    head: Mapping[str, Any], body: bytes, answers: BinaryIO
) -> ParsedFeed | Extracted | WorkerProblem:
    """Run one task; a foreign parser may raise anything on hostile bytes."""
    from monitor.errors import NewsmonError

    try:
        if head["job"] == "parse":
            from monitor import feeds

            _begin(answers, head["cpu"])
            return feeds.parse(
                body,
                url=head["url"],
                now=datetime.fromisoformat(head["now"]),
                known=frozenset(map(EntryId, head["known"])),
                oldest=timedelta(seconds=head["oldest"]),
            )
        from monitor import extract

        if head["job"] == "unread":
            _begin(answers, head["cpu"])
            return extract.unread(body, head["problem"])
        extract.load()
        _begin(answers, head["cpu"])
        return extract.extract(
            body,
            url=head["url"],
            now=datetime.fromisoformat(head["now"]),
            language=head["language"],
            dated=head["dated"],
        )
    except MemoryError:
        return WorkerProblem(kind="memory", reason="it needs more than 1 GiB of memory")
    except NewsmonError as error:
        return WorkerProblem(kind="unparsable", reason=_line(error))
    except Exception as error:  # noqa: BLE001 - hostile bytes meet foreign parsers here
        return WorkerProblem(kind="unparsable", reason=f"{type(error).__name__}: {_line(error)}")


def _begin(answers: BinaryIO, seconds: float) -> None:
    """Give the task its seconds of CPU, counted from now: the kernel kills beyond them."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    until = math.ceil(usage.ru_utime + usage.ru_stime + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))
    _write(answers, wire.READY)


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[: wire.PROBLEM_LIMIT]


def _write(answers: BinaryIO, said: bytes) -> None:
    rest = memoryview(said)
    while rest:
        rest = rest[answers.write(rest) :]


if __name__ == "__main__":
    main()
    os._exit(0)  # nothing is left to put away
