"""A target that fails: one clear line, no harm to the others, and nothing lost."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult

from tests.system.newsroom import Daemon, PostOffice, Press

STORY = (
    "The city of Lindar opens a second library in the old customs house by the river, the mayor"
    " said. The reading rooms will have space for two hundred people and stay open until midnight."
)


class Counter(PostOffice):
    """A mail server that also answers recipients and logins as told."""

    def __init__(self) -> None:
        self.recipient_replies: list[str] = []
        super().__init__()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: object, _session: object, envelope: Any, address: str, _options: object
    ) -> str:
        reply = self.recipient_replies.pop(0) if self.recipient_replies else "250 OK"
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply


class Guarded(PostOffice):
    """A mail server that lets nobody in."""

    def session(self) -> SMTP:
        return SMTP(
            self,
            enable_SMTPUTF8=True,
            auth_require_tls=False,
            authenticator=lambda *_: AuthResult(success=False, handled=False),
        )


@pytest.fixture
def desk() -> Iterator[Counter]:
    made = Counter()
    yield made
    made.close()


def mail(port: int, login: str = "") -> str:
    return f"mailto://{login}127.0.0.1:{port}?from=newsmon@example.org&to=desk@example.org"


def with_second_target(daemon: Daemon, post: PostOffice, url: str, extra: str = "") -> None:
    """Let `desk` be at an address, and `second` at the good mail server."""
    good = mail(post.port)
    config = daemon.config.read_text().replace(good, url)
    config = config.replace('name = "desk"\n', f'name = "desk"\n{extra}')
    config = config.replace('send_to = ["desk"]', 'send_to = ["desk", "second"]')
    second = f'[[target]]\nname = "second"\nurl = "{good}"\ngroup_wait = "0s"\n'
    daemon.config.write_text(config + second)


def happen(daemon: Daemon, press: Press) -> None:
    """A baseline, then news."""
    assert daemon.command("run", "--once").returncode == 0
    press.publish(1, "library", "Lindar opens a library", STORY)
    assert daemon.command("run", "--once").returncode == 0


def told(daemon: Daemon) -> dict[str, Any]:
    """Give the desk's only line of `outbox list`."""
    (row,) = [each for each in daemon.json("outbox", "list") if each["target"] == "desk"]
    return dict(row)


@pytest.mark.parametrize(
    ("recipient", "letter", "state", "words"),
    [
        ("550 no such user", "", "dead", "550 no such user"),
        ("451 greylisted, come back later", "", "waiting", "451 greylisted"),
        ("", "552 message too large", "dead", "552 message too large"),
    ],
    ids=["550", "greylisting", "too-big"],
)
def test_what_a_mail_server_refuses_is_told_and_sent_once_it_takes_it(
    recipient: str, letter: str, state: str, words: str,
    press: Press, post: PostOffice, desk: Counter, daemon: Daemon,
) -> None:  # fmt: skip
    with_second_target(daemon, post, mail(desk.port))
    desk.recipient_replies = [recipient] if recipient else []
    desk.replies = [letter] if letter else []
    happen(daemon, press)
    row = told(daemon)
    assert (row["state"], row["attempts"]) == (state, 1)
    assert words in row["problem"]
    assert "New: Lindar opens a library (1 source)" in post.subjects
    assert desk.mails == []
    status = daemon.command("status")
    assert ("given up: 1 message - newsmon outbox" in status.stdout) == (state == "dead")
    if state == "dead":
        daemon.command("run", "--once")
        assert sum("could not be delivered to desk" in each for each in post.subjects) == 1
    assert daemon.command("outbox", "retry", row["id"]).returncode == 0
    assert daemon.command("run", "--once").returncode == 0
    assert desk.subjects == ["New: Lindar opens a library (1 source)"]
    assert post.subjects.count("New: Lindar opens a library (1 source)") == 1


def test_a_refused_login_is_told_without_the_password(
    press: Press, post: PostOffice, daemon: Daemon
) -> None:
    closed = Guarded()
    with_second_target(daemon, post, mail(closed.port, "me:hunter2@"))
    happen(daemon, press)
    closed.close()
    row = told(daemon)
    assert row["state"] == "dead"
    assert "login" in row["problem"]
    assert "New: Lindar opens a library (1 source)" in post.subjects
    shown = daemon.command("outbox").stdout + daemon.command("status").stdout
    assert "hunter2" not in shown
    assert b"hunter2" not in (daemon.folder / "state" / "newsmon.db").read_bytes()


def test_an_address_where_nobody_listens_waits_and_says_so(
    press: Press, post: PostOffice, daemon: Daemon
) -> None:
    gone = PostOffice()
    gone.close()
    with_second_target(daemon, post, mail(gone.port))
    happen(daemon, press)
    row = told(daemon)
    assert row["state"] == "waiting"
    assert "Connection refused" in row["problem"]
    assert row["next_try"] is not None
    assert "New: Lindar opens a library (1 source)" in post.subjects


def test_an_unknown_service_keeps_its_news_until_the_address_is_mended(
    press: Press, post: PostOffice, desk: Counter, daemon: Daemon
) -> None:
    with_second_target(daemon, post, "mailtoo://127.0.0.1/x")
    happen(daemon, press)
    row = told(daemon)
    assert row["state"] == "held"
    assert "no service that Apprise knows" in row["problem"]
    status = daemon.command("status")
    assert status.returncode == 1
    assert '[[target]] "desk": "mailtoo://" is no service' in " ".join(status.stdout.split())
    assert "New: Lindar opens a library (1 source)" in post.subjects
    config = daemon.config.read_text()
    daemon.config.write_text(config.replace("mailtoo://127.0.0.1/x", mail(desk.port)))
    assert daemon.command("run", "--once").returncode == 0
    assert desk.subjects == ["New: Lindar opens a library (1 source)"]


def test_a_broken_template_costs_nobody_the_message(
    press: Press, post: PostOffice, desk: Counter, daemon: Daemon, tmp_path: Path
) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "mail.html").write_text("{% macro head(digest) %}")
    with_second_target(daemon, post, mail(desk.port), extra=f'templates = "{folder}"\n')
    happen(daemon, press)
    assert desk.subjects == post.subjects == ["New: Lindar opens a library (1 source)"]
    status = " ".join(daemon.command("status").stdout.split())
    assert '[[target]] "desk": templates:' in status
    assert "mail.html" in status
