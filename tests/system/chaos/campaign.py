"""A campaign: newsmon is killed at a named point, started again, and so on; then all is counted.

    python -m tests.system.chaos.campaign --kills 10000 --seed 7

Nothing here shares code with the product. What must be true is known from what was published and
from what the mail server and the webhook took.
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any, Literal, NamedTuple, TypeAlias

from aiosmtpd.smtp import SMTP

from tests.system.chaos.checker import Ledger, Snapshot
from tests.system.chaos.press import KINDS, Desk, Report
from tests.system.newsroom import PostOffice, Press, until

POINTS = {  # and the passages of it that one cycle may have
    "poll.begin": 3,
    "fetch.body": 4,
    "poll.parsed": 2,
    "poll.entries": 2,
    "poll.commit": 3,
    "poll.committed": 3,
    "ingest.read": 2,
    "judge.event": 2,
    "judge.document": 2,
    "judge.recorded": 2,
    "judge.commit": 2,
    "judge.committed": 2,
    "compose.posted": 2,
    "compose.commit": 3,
    "compose.committed": 3,
    "release.commit": 1,
    "release.committed": 1,
    "lease.commit": 2,
    "lease.committed": 2,
    "send.begin": 2,
    "mail.sent": 1,
    "hook.sent": 1,
    "send.answered": 2,
    "settle.commit": 2,
    "settle.committed": 2,
}
SIGNALLED = {"drain.begin": signal.SIGTERM, "reload.judged": signal.SIGHUP}
NIGHTLY = ("forget.commit", "forget.committed", "compact.vacuumed", "backup.copied")
NIGHTS = 0.04  # share of the kills
CHUNK = 100  # kills over one database
AT_ONCE = 3  # databases: one waits for its disk or its sleep while two work
FEEDS, MANY_FEEDS = 3, 200
MOMENT = 0.6  # seconds; within them a cycle over many feeds dies
DISASTERS = 0.15  # share of what is published

How: TypeAlias = Literal["killed", "anywhere", "cold", "stopped"]
Counts: TypeAlias = Counter[str]
ROOT = Path(__file__).resolve().parents[3]


class Hook:
    """A webhook that keeps a delivery before it acknowledges it."""

    def __init__(self, ledger: "Ledger") -> None:
        self._open: set[int] = set()  # descriptors
        self._latest: tuple[str, int] = ("", 0)
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                text = f"{body['title']}\n{body['message']}"
                ledger.accept("hook", body["delivery"], text, marked=body["possible_repeat"])
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's
                """Say nothing on stderr."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def process_request(self, request: Any, client: Any) -> None:
                hook._open.add(request.fileno())
                hook._latest = client
                super().process_request(request, client)

            def shutdown_request(self, request: Any) -> None:
                hook._open.discard(request.fileno())
                super().shutdown_request(request)

            def handle_error(self, *_: object) -> None:
                """A client that was killed hangs up: no news."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def settle(self) -> None:
        """Wait for the end of what was sent before now; the kernel may still hold it in a queue."""
        with socket.create_connection(("127.0.0.1", self.port)) as last:
            until(lambda: self._latest == last.getsockname(), what="the queue before the webhook")
        until(lambda: not self._open, what="the open posts")

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class LedgerOffice(PostOffice):
    """A mail server that also knows how many are talking to it."""

    def __init__(self, ledger: "Ledger") -> None:
        self.open = 0
        self._ledger = ledger
        super().__init__()

    def session(self) -> SMTP:
        office = self

        class Counted(SMTP):
            def connection_made(self, transport: Any) -> None:
                office.open += 1
                super().connection_made(transport)

            def connection_lost(self, error: Exception | None) -> None:
                office.open -= 1
                super().connection_lost(error)

        return Counted(self, enable_SMTPUTF8=True)

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        reply = await super().handle_DATA(server, session, envelope)
        mail = self.mails[-1]
        part = mail.get_body(("plain",))
        assert part is not None
        text = f"{mail['Subject']}\n{part.get_content()}"
        marked = "X-Newsmon-Possible-Repeat" in mail
        self._ledger.accept("desk", str(mail["X-Newsmon-Delivery"]), text, marked=marked)
        return reply


class Part(NamedTuple):
    """What one database goes through: newsmon is ended so many times."""

    how: How
    seed: int
    ends: int


@dataclass
class Story:
    """The reports of one event, of which one at a time is out."""

    steps: tuple[Report, ...]
    out: int = 0  # how many were published


@dataclass
class Campaign:
    """One database, and what ends newsmon over it."""

    folder: Path
    part: Part
    stories: list[Story] = field(default_factory=list)
    points: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True)
        self.chance = Random(self.part.seed)  # noqa: S311 - a seed that is printed
        self.feeds = MANY_FEEDS if self.part.how == "anywhere" else FEEDS
        self.desk = Desk(self.part.seed)
        self.ledger = Ledger()
        self.press = Press()
        self.post = LedgerOffice(self.ledger)
        self.hook = Hook(self.ledger)
        self.config = self.folder / "newsmon.toml"
        self.config.write_text(self._config())
        self._log = (self.folder / "log").open("ab")
        self._forks = self._start([sys.executable, "-m", "tests.system.chaos.forks"])
        assert self._forks.stdout is not None
        assert self._forks.stdout.readline() == "ready\n"

    def _start(self, command: Sequence[str], **environ: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            cwd=ROOT,
            env={**os.environ, **environ},
        )

    def _config(self) -> str:
        feeds = "".join(
            f'[[feed]]\nurl = "{self.press.url(n)}"\noutlet = "Outlet {n}"\nevery = "1s"\n'
            f'allow_private = ["127.0.0.1/32:{self.press.port}"]\n'
            for n in range(1, self.feeds + 1)
        )
        rules = 'group_wait = "0s"\nleast_gap = "0s"\nmax_per_hour = 100000\n'
        rules += 'repeat_unknown_after = "0s"\n'
        mail = f"mailto://127.0.0.1:{self.post.port}?from=n@example.org&to=desk@example.org"
        return (
            f'[monitor]\nstate = "{self.folder}/state"\n{feeds}[[watch]]\nname = "Lindar"\n'
            f'any = ["Lindar"]\nsend_to = ["desk", "hook"]\n'
            f'[[target]]\nname = "desk"\nurl = "{mail}"\n{rules}'
            f'[[target]]\nname = "hook"\nurl = "json://127.0.0.1:{self.hook.port}/in"\n{rules}'
        )

    def run(self) -> Counts:
        """End it so many times, go on, and count what was lost: 0 if newsmon keeps its word."""
        ending = {
            "killed": self.round,
            "anywhere": self.moment_round,
            "cold": self.cold_round,
            "stopped": self.stop_round,
        }
        try:
            self.begin()
            while sum(self.points.values()) < self.part.ends:
                ending[self.part.how]()
            self.settle()
            return self.count()
        finally:
            self.close()

    def begin(self) -> None:
        """Take the baselines, and have all that a cycle loads be loaded before the first fork."""
        for feed in range(1, self.feeds + 1):
            self.publish(feed, self.desk.story())
        assert self.cycle("", "warm") == 0, "the baseline failed"
        self.go_on()
        assert self.cycle("", "warm") == 0, "the first news failed"

    def close(self) -> None:
        assert self._forks.stdin is not None
        self._forks.kill()  # it waits for a task and owns nothing
        self._forks.communicate()
        for end in (self._log, self.press, self.post, self.hook):
            end.close()

    def round(self) -> None:
        """Publish something, then let one child die at a point that it may reach."""
        if self.chance.random() < NIGHTS:
            point, job = self.chance.choice(NIGHTLY), "night"
        else:
            self.go_on()
            name = self.chance.choice(list(POINTS))
            point, job = f"{name}:{self.chance.randint(1, POINTS[name])}", "cycle"
        code = self.cycle(point, job)
        assert code in (0, -9), (
            f"seed {self.part.seed}: {point} ended with {code}, see {self.folder}/log"
        )
        if code == -9:
            self.died(point)

    def moment_round(self) -> None:
        """Publish something, then let one child die wherever it is at some moment."""
        self.go_on()
        code = self.cycle("", after=self.chance.uniform(0.01, MOMENT))
        assert code in (0, -signal.SIGALRM), f"seed {self.part.seed}: ended with {code}"
        if code:
            self.died("anywhere")

    def cold_round(self) -> None:
        """Start the daemon with news waiting, and end it: at a point, or from outside."""
        self.go_on()
        self.ledger.run += 1
        name = self.chance.choice(["", "", *POINTS, *SIGNALLED])
        ready = self.folder / "state/control.sock"
        if name in SIGNALLED:
            ready.unlink(missing_ok=True)  # that of a daemon which was killed says nothing of this
        daemon = self._daemon(name)
        if not name or name in SIGNALLED:
            until(lambda: self._lock_of(daemon), what="the daemon's start")
        with suppress(subprocess.TimeoutExpired):
            daemon.wait(0 if name in SIGNALLED else self.chance.uniform(0, 3) if not name else 10)
        if name in SIGNALLED:
            until(ready.exists, what="its readiness")
            daemon.send_signal(SIGNALLED[name])
            daemon.wait(20)
        daemon.kill()
        daemon.communicate()
        self.died(name or "from outside")

    def stop_round(self) -> None:
        """Start the daemon with news waiting, and ask it to stop at any moment."""
        self.go_on()
        self.ledger.run += 1
        daemon = self._daemon()
        until(lambda: self._lock_of(daemon), what="the daemon's start")
        with suppress(subprocess.TimeoutExpired):
            daemon.wait(self.chance.uniform(0, 3))
        name = self.chance.choice([signal.SIGTERM, signal.SIGINT])
        daemon.send_signal(name)
        code = daemon.wait(10)
        assert code == 0, f"seed {self.part.seed}: {name.name} ended with {code}"
        daemon.communicate()
        self.points[name.name] += 1

    def _daemon(self, point: str = "") -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "monitor", "run", "--config", str(self.config)]
        return self._start(command, NEWSMON_CHAOS=point)

    def _lock_of(self, daemon: "subprocess.Popen[str]") -> bool:
        lock = self.folder / "state" / "lock"
        return lock.exists() and lock.read_text().strip() == str(daemon.pid)

    def died(self, point: str) -> None:
        """Look at what a death left."""
        self.points[point.partition(":")[0]] += 1
        self.hook.settle()
        until(lambda: not self.post.open, what="the open mails")
        self.ledger.killed(Snapshot.of(self.folder / "state"))

    def go_on(self) -> None:
        """Publish the next step of a story whose last one was told, else a new story."""
        rising = [each for each in self.stories if each.out < len(each.steps)]
        told = [each for each in rising if self.is_told(each)]
        disasters = sum(len(each.steps) > 1 for each in self.stories)
        if told:
            story = told[0]
        elif disasters < KINDS and self.chance.random() < DISASTERS:
            story = Story(self.desk.disaster(disasters))
            self.stories.append(story)
        else:
            story = Story((self.desk.story(),))
            self.stories.append(story)
        self.publish(self.chance.randint(1, self.feeds), story.steps[story.out])
        story.out += 1

    def is_told(self, story: Story) -> bool:
        last = story.steps[story.out - 1]
        return all(self.ledger.texts(t, last.figure or last.title) for t in ("desk", "hook"))

    def publish(self, feed: int, report: Report) -> None:
        self.ledger.published.add(self.press.publish(feed, report.name, report.title, report.text))

    def cycle(self, point: str, job: str = "cycle", *, after: float = 0.0) -> int:
        task = {
            "config": str(self.config),
            "folder": f"{self.folder}/state",
            "point": point,
            "job": job,
            "after": after,
        }
        self.ledger.run += 1
        assert self._forks.stdin is not None
        assert self._forks.stdout is not None
        self._forks.stdin.write(json.dumps(task) + "\n")
        self._forks.stdin.flush()
        return int(self._forks.stdout.readline())

    def settle(self) -> None:
        """Let what is left arrive, undisturbed."""
        for _ in range(4):
            assert self.cycle("") == 0

    def count(self) -> Counts:
        found = self.ledger.count(Snapshot.of(self.folder / "state", deep=True))
        for story in self.stories:
            first = story.steps[0]
            opened = self.ledger.final.opened.get(first.title, 0)
            found["events"] += opened != 1
            for report in story.steps[: story.out]:
                words = report.figure or first.title
                found["changes"] += bool(report.figure) and not self.ledger.final.moved(
                    first.title, report.figure
                )
                for target in ("desk", "hook"):
                    about = [t for t in self.ledger.texts(target, words) if _names(first, t)]
                    found["messages"] += not about
        found["events"] += self.ledger.final.events - len(self.stories) - self.feeds
        return found


def _names(first: Report, text: str) -> bool:
    """Whether a message is of this event: it bears one of its invented names."""
    return any(word in text for word in first.title.split() if len(word) > 7 and word[0].isupper())


def share(how: How, ends: int, seed: int, *, most: int = CHUNK) -> list[Part]:
    """Share so many ends out over two databases or more."""
    size = max(1, min(most, -(-ends // 2)))
    return [
        Part(how=how, seed=seed + n, ends=min(size, ends - done))
        for n, done in enumerate(range(0, ends, size))
    ]


def campaign(folder: Path, parts: Iterable[Part]) -> dict[How, tuple[Counts, Counts]]:
    """Run the parts, some at once; give what was lost of each kind, and what ended newsmon."""

    def run(part: Part) -> tuple[Part, Counts, Counts]:
        made = Campaign(folder / f"{part.how}{part.seed}", part)
        return part, made.run(), made.points

    found: dict[How, tuple[Counts, Counts]] = {}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for part, lost, points in pool.map(run, parts):
            total = found.setdefault(part.how, (Counter(), Counter()))
            total[0].update(lost)
            total[1].update(points)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=Random().randrange(10**6))  # noqa: S311 - printed
    asked = parser.parse_args()
    print(f"seed {asked.seed}")
    with tempfile.TemporaryDirectory(prefix="newsmon-chaos-") as folder:
        found = campaign(Path(folder), share("killed", asked.kills, asked.seed))
    lost, points = found["killed"]
    for name, count in sorted(points.items()):
        print(f"{count:6} kills at {name}")
    print(json.dumps(lost))
    sys.exit(any(count for name, count in lost.items() if name not in ("repeats", "explained")))


if __name__ == "__main__":
    main()
