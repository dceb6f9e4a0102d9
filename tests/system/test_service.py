"""The daemon as a service: reload, watchdog, secrets, signals."""

import asyncio
import json
import re
import signal
import socket
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import uvloop

from monitor import cli, config, service
from monitor.jobs import Newsmon
from monitor.service import Service
from monitor.store.store import Store
from monitor.testing import InlineReader, Mailbox, StubFetcher
from tests.system.newsroom import Daemon, Press, until

# -- reload ---------------------------------------------------------------------------------------

MONITOR, FEED, WATCH, TARGET = "[monitor]", "[[feed]]", "[[watch]]", "[[target]]"
BROKEN = [  # what stands in a good config, what is written instead
    (MONITOR, "[monitr]"),
    (MONITOR, "[monitor"),
    (MONITOR, "[monitor]\ntimezone = "),
    (MONITOR, '[monitor]\ntimezone = "Mars/Olympus"'),
    (MONITOR, "[monitor]\ntimezone = 5"),
    (MONITOR, '[monitor]\nkeep = "forever"'),
    (MONITOR, '[monitor]\nkeep = "90000d"'),
    (MONITOR, '[monitor]\nmax_size = "big"'),
    (MONITOR, '[monitor]\nmax_size = "5 XB"'),
    (MONITOR, '[monitor]\nbackup = "hourly"'),
    (MONITOR, '[monitor]\nmetrics = "0.0.0.0:80"'),
    (MONITOR, '[monitor]\nlog = "json"\nlog = "plain"'),
    (MONITOR, '[monitor]\ntiemzone = "UTC"'),
    (FEED, "[feed]"),
    (FEED, "[[fede]]"),
    (FEED, '[[feed]]\nulr = "https://a.example/"'),
    ('url = "http://127', 'url = "ftp://127'),
    ('url = "http://127', 'url = "http://me:word@127'),
    ('url = "http://127', 'url = "'),
    ('every = "1s"', 'every = "soon"'),
    ('every = "1s"', "every = 5"),
    ('every = "1s"', 'every = "-1m"'),
    ('every = "1s"', 'every = "1s"\nlanguage = "English"'),
    ('every = "1s"', 'every = "1s"\nfull_text = "maybe"'),
    ('every = "1s"', 'every = "1s"\nheaders = "Cookie"'),
    ('every = "1s"', 'every = "1s"\nuser = 5'),
    ('allow_private = ["127', 'allow_private = ["intranet'),
    ('allow_private = ["', 'allow_private = [5, "'),
    ('name = "everything from Lindar"', ""),
    ('any = ["Lindar"]', 'any = "Lindar"'),
    ('any = ["Lindar"]', 'any = [""]'),
    ('any = ["Lindar"]', 'any = ["{nowhere}"]'),
    ('any = ["Lindar"]', 'search = "(Lindar"'),
    ('any = ["Lindar"]', 'search = "Lindar AND"'),
    ('any = ["Lindar"]', 'any = ["Lindar"]\nchange = "five"'),
    ('any = ["Lindar"]', 'any = ["Lindar"]\nnear = { words = "Lindar" }'),
    ('any = ["Lindar"]', 'any = ["Lindar"]\nfigures = "killed"'),
    ('send_to = ["desk"]', 'send_to = ["dsk"]'),
    ('name = "desk"', ""),
    ('name = "desk"', 'name = "a/b"'),
    ("mailto://127.0.0.1", "nonsense"),
    ("mailto://127.0.0.1", "smtp:127.0.0.1"),
    (TARGET, '[[target]]\nwhen = "soon"'),
    (TARGET, '[[target]]\nwhen = ["25:00"]'),
    (TARGET, '[[target]]\nquiet = "23:00"'),
    (TARGET, '[[target]]\nquiet = "07:00-07:00"'),
    ('group_wait = "0s"', 'group_wait = "5"'),
    ("max_per_hour = 1000", "max_per_hour = -1"),
    (TARGET, '[[target]]\nheartbeat = "hourly"'),
    (TARGET, '[[target]]\ntemplates = "/nowhere/at/all"'),
    (TARGET, '[[target]]\nfallback = "nobody"'),
    (TARGET, "[[target]]\nmin_sources = 0"),
    (TARGET, '[[target]]\nsubject = "long"'),
]


@pytest.fixture
def logged(daemon: Daemon) -> Daemon:
    """A daemon whose log can be read by a program."""
    text = daemon.config.read_text()
    daemon.config.write_text(text.replace("[monitor]\n", '[monitor]\nlog = "json"\n'))
    return daemon


def records(daemon: Daemon) -> list[dict[str, str]]:
    lines = daemon.log().splitlines() if (daemon.folder / "log").exists() else []
    return [json.loads(line) for line in lines if line.startswith("{")]


def said(daemon: Daemon, event: str) -> list[dict[str, str]]:
    return [each for each in records(daemon) if each["event"] == event]


def hup(daemon: Daemon) -> None:
    assert daemon.process is not None
    daemon.process.send_signal(signal.SIGHUP)


@pytest.mark.timeout(300)
def test_each_of_fifty_broken_configs_is_refused_in_the_words_of_check(
    press: Press, logged: Daemon, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(set(BROKEN)) >= 50
    logged.start()
    until(lambda: said(logged, "started"), what="the start")
    good = logged.config.read_text()
    refused = "config not taken, the old one stays"
    for number, (old, new) in enumerate(BROKEN, 1):
        assert old in good
        logged.config.write_text(good.replace(old, new, 1))
        assert cli.run(["check", "--config", str(logged.config)]) == 78, (old, new)
        verdict = capsys.readouterr().err.rpartition("newsmon: ")[2].strip()
        hup(logged)
        until(lambda n=number: len(said(logged, refused)) == n, what=f"the refusal of {new!r}")
        assert said(logged, refused)[-1]["problem"] == verdict
    assert not said(logged, "config reloaded")
    logged.config.write_bytes(b"\xff\xfe")
    hup(logged)
    until(lambda: "is not UTF-8" in said(logged, refused)[-1]["problem"], what="one more refusal")
    press.publish(
        1, "old", "Old news of Lindar", "Nothing new in Lindar since the last flood. " * 3
    )
    until(lambda: said(logged, "polled"), what="a poll by the old config")
    assert logged.stop() == 0


def test_a_reload_takes_log_metrics_and_says_what_needs_a_restart(logged: Daemon) -> None:
    logged.start()
    until(lambda: said(logged, "started"), what="the start")
    good = logged.config.read_text()
    place = logged.folder / "m.sock"
    logged.config.write_text(
        good.replace('log = "json"', f'log = "plain"\nmetrics = "unix:{place}"\ncontact = "a@b.c"')
        .replace("/state", "/elsewhere")
        .replace("[monitor]", '[monitor]\nproxy = "http://127.0.0.1:9"')
    )
    needed = "a restart is needed to take these keys keys='state, contact, proxy'"
    for times in (1, 2):  # as long as it holds
        hup(logged)
        until(lambda n=times: logged.log().count(needed) == n, what="the hint in a plain line")
    assert "config reloaded feeds=3" in logged.log()
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(str(place))
        sock.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert sock.recv(12) == b"HTTP/1.1 200"
    logged.config.write_text(good.replace("[monitor]", '[monitor]\nmetrics = "unix:/no/where"'))
    hup(logged)
    until(lambda: "the old one stays" in logged.log(), what="the refusal of a bad place")
    logged.config.write_text(
        good.replace("[monitor]", f'[monitor]\nmetrics = "unix:{logged.folder}/log"')
    )
    hup(logged)
    until(lambda: logged.log().count("the old one stays") == 2, what="the refusal of a file")
    assert logged.stop() == 0
    assert not place.exists()


def test_a_storm_of_reloads_ends_in_the_last_config_and_an_orderly_stop(logged: Daemon) -> None:
    logged.start()
    until(lambda: said(logged, "started"), what="the start")
    for _ in range(200):
        hup(logged)
        time.sleep(0.002)
    head, _, rest = logged.config.read_text().split("[[feed]]", 2)
    logged.config.write_text(f"{head}[[feed]]{rest}")  # the first feed goes
    hup(logged)

    def feeds() -> list[str]:
        return [str(each["feeds"]) for each in said(logged, "config reloaded")]

    until(lambda: feeds()[-1:] == ["2"], what="the last config")
    assert set(feeds()[:-1]) <= {"3", "2"}
    began = time.monotonic()
    assert logged.stop() == 0
    assert time.monotonic() - began < 10


# -- secrets --------------------------------------------------------------------------------------

CANARY = "Zq7-canary-4471-%d-b9"


def test_no_secret_is_found_in_log_database_errors_status_or_metrics(
    press: Press, daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    canaries = [CANARY % n for n in range(4)]
    folder = daemon.folder / "credentials"
    folder.mkdir()
    (folder / "smtp").write_text(canaries[0] + "\n")
    (daemon.folder / "cookie").write_text(canaries[1])
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    monkeypatch.setenv("CANARY_HOOK", canaries[2])
    monkeypatch.setenv("CANARY_FEED", canaries[3])
    text = daemon.config.read_text()
    text = text.replace("mailto://127", "mailto://me:${cred:smtp}@127")
    cookie = f'{{ Cookie = "${{file:{daemon.folder}/cookie}}" }}'
    text = text.replace('every = "1s"', f'every = "1s"\nheaders = {cookie}', 1)
    text = text.replace("[monitor]", f'[monitor]\nmetrics = "unix:{daemon.folder}/m.sock"')
    text += '[[target]]\nname = "hook"\nurl = "json://127.0.0.1:9/${CANARY_HOOK}"\n'
    text += 'secret = "${CANARY_HOOK}"\n[[target]]\nname = "odd"\nurl = "${CANARY_HOOK}://x"\n'
    text += 'group_wait = "0s"\n[[feed]]\nurl = "http://127.0.0.1:9/feed"\nevery = "1s"\n'
    text += 'user = "me"\npassword = "${CANARY_FEED}"\nallow_private = ["127.0.0.1/32:9"]\n'
    daemon.config.write_text(text.replace('["desk"]', '["desk", "hook", "odd"]'))
    daemon.start("-v")
    until(lambda: "started" in daemon.log(), what="the start")
    press.publish(1, "old", "Old news", "There was nothing in the papers of the day. " * 3)
    until(lambda: "ingest count=1" in daemon.log(), what="the baseline")
    press.publish(
        1, "new", "Lindar opens a bridge", "The new bridge of Lindar is open to all. " * 4
    )
    until(lambda: "login" in str(daemon.json("outbox")), what="a login that fails")
    hup(daemon)
    spoken = [daemon.log()]
    for words in ("check", "check --online", "status --json", "outbox list --all --json"):
        done = daemon.command(*words.split())
        spoken += [done.stdout, done.stderr]
    for name in ("desk", "hook", "odd"):
        done = daemon.command("target", "test", name)
        assert done.returncode != 0
        spoken += [done.stdout, done.stderr]
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(str(daemon.folder / "m.sock"))
        sock.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
        spoken.append(sock.makefile().read())
    assert daemon.process is not None
    limits = Path(f"/proc/{daemon.process.pid}/limits").read_text()
    assert re.search(r"Max core file size\s+0\s+0\s", limits)
    files = [each for each in (daemon.folder / "state").rglob("*") if each.is_file()]
    everything = [text.encode() for text in spoken] + [each.read_bytes() for each in files]
    forms = [c.encode() for c in canaries] + [c.replace("-", "%2D").encode() for c in canaries]
    assert [form for form in forms for said in everything if form in said] == []
    assert daemon.stop() == 0


# -- watchdog -------------------------------------------------------------------------------------


def test_long_work_is_no_hang_and_a_hang_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr(service.time, "monotonic", lambda: now[0])

    async def watched() -> list[bool]:
        store = Store.open(tmp_path, durable=False)
        newsmon = Newsmon(
            config.parse("", "test.toml", {}),
            store,
            fetcher=StubFetcher(),
            reader=InlineReader(),
            notifiers=lambda _: Mailbox(),
            clock=service.clock,
        )
        daemon = Service(newsmon, tmp_path, lambda: newsmon.config)
        found = [daemon._is_moving(now[0])]  # nothing to do is no hang
        daemon._start("ingest", asyncio.Event().wait())
        for _ in range(100):  # hours of work, a step every four minutes
            now[0] += 240
            newsmon.done["ingest"] += 1
            found.append(daemon._is_moving(now[0]))
        now[0] += 299
        found.append(daemon._is_moving(now[0]))
        now[0] += 2
        found.append(daemon._is_moving(now[0]))
        daemon._jobs["ingest"].cancel()
        newsmon.close()
        store.database.close()
        return found

    assert uvloop.run(watched()) == [True] * 102 + [False]


HOUR, DECADE = 3600.0, 3653 * 86400.0


@pytest.mark.parametrize("step", [HOUR, -HOUR, 8 * HOUR, DECADE, -DECADE, 70.0, -70.0])
def test_after_a_step_of_the_clock_nothing_waits_longer_than_it_would_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: float
) -> None:
    began = datetime(2026, 3, 4, 8, tzinfo=UTC)
    now = [began]
    monkeypatch.setattr(service, "clock", lambda: now[0])
    monkeypatch.setattr(service.time, "time", lambda: datetime.timestamp(now[0]))
    monkeypatch.setattr(service.time, "monotonic", lambda: 5.0)

    async def stepped() -> timedelta:
        store = Store.open(tmp_path, durable=False)
        settings = config.parse('[[feed]]\nurl = "https://a.example/feed"\n', "test.toml", {})
        web = StubFetcher(at=began)
        web.put("https://a.example/feed", "<rss version='2.0'><channel/></rss>")
        newsmon = Newsmon(
            settings,
            store,
            fetcher=web,
            reader=InlineReader(),
            notifiers=lambda _: Mailbox(),
            clock=lambda: now[0],
        )
        daemon = Service(newsmon, tmp_path, lambda: settings)
        await newsmon.polls.ask(await newsmon.polls.due())
        now[0] = began + timedelta(seconds=step)
        await daemon._mind_the_clock()
        (state,) = store.inbox.feed_states()
        newsmon.close()
        store.database.close()
        assert state.next_due is not None
        return state.next_due - now[0]

    assert uvloop.run(stepped()) <= timedelta(minutes=17)  # fifteen and the jitter


def test_systemd_hears_of_readiness_progress_reload_and_the_end(
    logged: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as hears:
        hears.bind(str(logged.folder / "notify"))
        hears.settimeout(30)
        monkeypatch.setenv("NOTIFY_SOCKET", str(logged.folder / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "1000000")
        logged.start()
        heard = [hears.recv(4096).decode()]
        assert "READY=1" in heard[0]
        while heard.count("WATCHDOG=1") < 3:
            heard.append(hears.recv(4096).decode())
        hup(logged)
        while not any("reload" in e or "READY=1" in e for e in heard[1:]):
            heard.append(hears.recv(4096).decode())
        assert any(each.startswith("RELOADING=1\nMONOTONIC_USEC=") for each in heard)
        assert logged.process is not None
        logged.process.send_signal(signal.SIGTERM)
        while "STOPPING=1" not in heard[-1]:
            heard.append(hears.recv(4096).decode())
        assert logged.process.wait(10) == 0


def test_what_ails_a_feed_is_said_once_and_so_is_its_recovery(press: Press, logged: Daemon) -> None:
    press.answers["/1/feed"] = lambda request: request.send_error(503)
    logged.start()
    until(lambda: press.requests.count(("/1/feed", 0)) >= 4, what="four failed polls")
    (status,) = logged.json("status")
    assert status["feeds"] == {"ok": 2, "slow": 1, "failing": 0, "baseline_pending": 0}
    del press.answers["/1/feed"]

    def outcomes() -> list[str]:
        return [each["outcome"] for each in said(logged, "polled") if each["feed"] == press.url(1)]

    until(lambda: len(outcomes()) > 1, what="the recovery")
    assert outcomes() == ["failed", "unchanged"]


def test_an_idle_daemon_writes_nothing(press: Press, logged: Daemon) -> None:
    logged.config.write_text(logged.config.read_text().replace('every = "1s"', 'every = "1h"'))
    for feed in (1, 2, 3):
        press.publish(
            feed, f"old{feed}", f"Old news {feed}", f"Nothing new in district {feed}. " * 5
        )
    logged.start()
    until(lambda: sum(int(r["count"]) for r in said(logged, "ingest")) == 3, what="the baseline")
    assert logged.process is not None
    state = logged.folder / "state" / "newsmon.db-wal"
    until(lambda: said(logged, "backed up"), what="the first night's work")

    def still() -> bool:
        size = state.stat().st_size
        time.sleep(2)  # four ticks: idleness takes time
        return state.stat().st_size == size

    until(still, what="two seconds without a write")
