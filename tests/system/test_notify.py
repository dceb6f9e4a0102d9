"""Messages delivered for real: SMTP and HTTP on loopback, each failing as a test says."""

import hashlib
import hmac
import json
import logging
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from monitor.config import Target
from monitor.model import DeliveryError, EventId, Form, Message, MessageId, Outcome, Receipt
from monitor.notify import Notifier, check_url, expand
from monitor.notify.address import addresses
from monitor.notify.guard import Forbidden, check_address
from monitor.notify.mail import Postmark, letter
from monitor.render import load_templates, render
from monitor.testing import digest, item
from monitor.text import one_line

NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
MESSAGE = Message(
    id=MessageId("k7q2m4c3abcdefghijklmnopqr"),
    target="desk",
    recipient="desk@example.org",
    form=Form.MAIL,
    kind="figure_changed",
    event=EventId("ev-k3m7qx2d"),
    thread=("ev-k3m7qx2d",),
    subject="People killed: 12 -> 15 (coast guard)",
    text="People killed\n      12  ->  15\n.a line that begins with a dot\n",
    html="<html><body style='x'><p>12 → 15</p></body></html>",
    watches=("Ships at sea",),
    topic="Ferry runs aground off Skarvik",
)


def notifier(environ: dict[str, str] | None = None) -> Notifier:
    return Notifier(
        environ=environ or {},
        instance="a1b2c3",
        contact="editor@example.org",
        storage=None,
        agent="newsmon/test",
        clock=lambda: NOW,
    )


def target(url: str, *, secret: str | None = None) -> Target:
    return Target.model_validate({"name": "desk", "url": url, "secret": secret})


def failure(outcome: Outcome) -> DeliveryError:
    assert isinstance(outcome, DeliveryError)
    return outcome


# -- mail -----------------------------------------------------------------------------------------


@dataclass
class Postbox:
    """An SMTP server's handler: keeps raw letters, answers what it is told."""

    answer: str = "250 taken"
    recipient_answer: str = "250 ok"
    vanish: bool = False
    letters: list[bytes] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        self.letters.append(envelope.content)
        if self.vanish:
            assert server.transport is not None
            server.transport.abort()
        return self.answer

    def opened(self, number: int = 0) -> EmailMessage:
        letter = message_from_bytes(self.letters[number], policy=policy.default)
        assert isinstance(letter, EmailMessage)
        return letter


class Office(Controller):
    """Listens on whatever port is free."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def post_office(postbox: Postbox) -> Iterator[str]:
    """Give the address of a running SMTP server."""
    controller = Office(postbox, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        yield f"mailto://127.0.0.1:{controller.port}?from=news@example.org&to=desk@example.org"
    finally:
        controller.stop()


def mailed(message: Message, postbox: Postbox) -> Outcome:
    with post_office(postbox) as url:
        return notifier().send(message, target(url))


def test_a_letter_arrives_with_both_parts_and_its_thread() -> None:
    postbox = Postbox()
    assert mailed(MESSAGE, postbox) == Receipt(at=NOW)
    letter = postbox.opened()
    assert letter.get_all("Message-ID") == ["<k7q2m4c3abcdefghijklmnopqr@example.org>"]
    assert letter["References"] == "<ev-k3m7qx2d.a1b2c3@example.org>"
    assert letter["In-Reply-To"] == "<ev-k3m7qx2d.a1b2c3@example.org>"
    assert letter["List-Id"] == "<ships-at-sea.newsmon.example.org>"
    assert letter["List-Unsubscribe"] == "<mailto:editor@example.org?subject=stop>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["X-Newsmon-Event"] == "ev-k3m7qx2d"
    assert letter["X-Newsmon-Reason"] == "figure_changed"
    assert letter["X-Newsmon-Delivery"] == MESSAGE.id
    assert letter["From"] == "newsmon <news@example.org>"
    assert letter["To"] == "desk@example.org"
    assert letter["Date"] == "Sat, 14 Mar 2026 12:00:00 +0000"
    plain, page = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert plain.get_content().splitlines() == MESSAGE.text.splitlines()
    assert page.get_content().strip() == MESSAGE.html


@pytest.mark.parametrize("length", [*range(1, 200, 7), 68, 160, 200, 400])
def test_a_cyrillic_subject_survives_whole_in_short_lines(length: int) -> None:
    words = "Північнокорейські військові біля Курська: близько 11 000 тепер 12 000 "
    subject = " ".join((words * 8)[:length].split())
    postbox = Postbox()
    mailed(replace(MESSAGE, subject=subject), postbox)
    assert postbox.opened()["Subject"] == subject
    assert max(len(line) for line in postbox.letters[0].split(b"\r\n")) <= 78


@pytest.mark.parametrize(
    "words",
    [
        "朝鲜士兵在库尔斯克被俘，乌克兰称人数升至一万二千，",
        "Паром затонув біля острова: 12 → 19, ",
        "🚢漢字かな",
    ],
    ids=["chinese", "ukrainian", "beyond-the-basic-plane"],
)
def test_a_subject_of_250_characters_survives_whole(words: str) -> None:
    subject = (words * 30)[:250].strip()
    postbox = Postbox()
    mailed(replace(MESSAGE, subject=subject), postbox)
    assert postbox.opened()["Subject"] == subject
    assert max(len(line) for line in postbox.letters[0].split(b"\r\n")) <= 78


def test_five_hundred_hostile_subjects_stay_one_header_each() -> None:
    from tests.unit.test_hostile import HOSTILE

    url = "mailto://127.0.0.1:25?from=news@example.org&to=desk@example.org"
    (address,) = addresses(url)
    mark = Postmark(instance="a1b2c3", contact="editor@example.org", at=NOW)
    for words in HOSTILE:
        subject = one_line(words, 250)
        told = replace(MESSAGE, subject=subject, text=f"{subject}\n", watches=(words,))
        raw = letter(address.service, told, "desk@example.org", mark)  # type: ignore[arg-type]
        read = message_from_bytes(raw, policy=policy.default)
        assert isinstance(read, EmailMessage)
        assert str(read["Subject"]) == subject
        assert not read.defects
        assert {"Bcc", "X", "From me"}.isdisjoint(read.keys())
        assert len(read.keys()) == len(set(read.keys()))
        assert read.get_body(("plain",)).get_content().strip() == subject  # type: ignore[union-attr]


def test_forty_thread_roots_stay_in_short_lines_and_are_all_there() -> None:
    postbox = Postbox()
    roots = tuple(f"ev-{number:08d}" for number in range(40))
    mailed(replace(MESSAGE, thread=roots), postbox)
    assert max(len(line) for line in postbox.letters[0].split(b"\r\n")) <= 78
    assert postbox.opened()["References"].split() == [
        f"<{root}.a1b2c3@example.org>" for root in roots
    ]
    assert postbox.opened()["In-Reply-To"] == "<ev-00000039.a1b2c3@example.org>"


def test_a_line_end_in_a_subject_begins_no_header() -> None:
    postbox = Postbox()
    hostile = replace(
        MESSAGE, subject="Ship\r\nBcc: all@example.net", watches=("a\r\nBcc: x@example.net",)
    )
    mailed(hostile, postbox)
    assert postbox.opened()["Bcc"] is None
    assert postbox.opened()["Subject"] == "Ship Bcc: all@example.net"


def test_a_repeat_says_so_and_keeps_its_id() -> None:
    postbox = Postbox()
    mailed(replace(MESSAGE, possible_repeat=True), postbox)
    letter = postbox.opened()
    plain, page = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert plain.get_content().startswith("Possible repeat:")
    assert "<body style='x'><p>Possible repeat:" in page.get_content()
    assert letter["Message-ID"] == "<k7q2m4c3abcdefghijklmnopqr@example.org>"
    assert letter["X-Newsmon-Possible-Repeat"] == "yes"


@pytest.mark.parametrize(
    ("postbox", "kind", "words"),
    [
        (Postbox(recipient_answer="550 no such user"), "permanent", "550 no such user"),
        (Postbox(recipient_answer="451 later"), "temporary", "451 later"),
        (Postbox(answer="554 spam"), "permanent", "554 spam"),
        (Postbox(answer="552 too large"), "permanent", "552 too large"),
        (Postbox(answer="451 busy"), "temporary", "451 busy"),
        (Postbox(vanish=True), "unknown", "after the letter was sent"),
    ],
    ids=["no-such-user", "greylisted", "refused", "too-large", "busy", "lost-answer"],
)
def test_a_mail_failure_is_told_by_what_can_be_done(
    postbox: Postbox, kind: str, words: str
) -> None:
    error = failure(mailed(MESSAGE, postbox))
    assert error.kind == kind
    assert words in error.reason


def test_a_mail_server_that_is_down_is_tried_again() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        url = f"mailto://127.0.0.1:{port}?from=news@example.org&to=desk@example.org"
        error = failure(notifier().send(MESSAGE, target(url)))
    assert error == DeliveryError(kind="temporary", reason="127.0.0.1: Connection refused")


def test_mail_is_never_sent_in_the_clear_where_encryption_was_asked_for() -> None:
    postbox = Postbox()
    with post_office(postbox) as url:
        secure = url.replace("mailto://", "mailtos://") + "&mode=starttls"
        error = failure(notifier().send(MESSAGE, target(secure)))
    assert error.kind == "temporary"
    assert "no encryption" in error.reason
    assert not postbox.letters


def test_a_refused_login_is_permanent_and_names_no_password() -> None:
    controller = Office(
        Postbox(),
        hostname="127.0.0.1",
        port=0,
        auth_require_tls=False,
        authenticator=lambda *_: _no(),
    )
    controller.start()
    try:
        at = f"127.0.0.1:{controller.port}"
        url = f"mailto://me:${{PASSWORD}}@{at}?from=n@example.org&to=desk@example.org"
        error = failure(notifier({"PASSWORD": "hunter2/?&"}).send(MESSAGE, target(url)))
    finally:
        controller.stop()
    assert error.kind == "permanent"
    assert "login" in error.reason
    assert "hunter2" not in error.reason


def _no() -> Any:
    from aiosmtpd.smtp import AuthResult

    return AuthResult(success=False, handled=False)


# -- webhooks -------------------------------------------------------------------------------------

HOOK = replace(
    MESSAGE,
    form=Form.JSON,
    recipient="json://127.0.0.1",
    text='{"schema":1,"delivery":"","title":"Fähre","message":"…","reason":"","items":[]}',
)
Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Hook:
    """A web server that keeps what is posted and answers as told."""

    answer: Answer
    paths: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    port: int = 0


def status(code: int, **headers: str) -> Answer:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(code)
        for name, value in headers.items():
            request.send_header(name, value)
        request.send_header("Content-Length", "0")
        request.end_headers()

    return answer


def hang_up(request: BaseHTTPRequestHandler) -> None:
    request.connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def web(answer: Answer, tail: bytes = b"") -> Iterator[Hook]:
    hook = Hook(answer=answer)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            hook.paths.append(self.path)
            hook.headers.append(dict(self.headers))
            hook.bodies.append(self.rfile.read(length))
            hook.answer(self)
            self.wfile.write(tail)

        do_GET = do_POST  # noqa: N815 - the base class's name

        def log_message(self, *_: object) -> None: ...

        def log_error(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    hook.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield hook
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def posted(hook: Hook, message: Message = HOOK, *, secret: str | None = None) -> Outcome:
    there = f"json://127.0.0.1:{hook.port}"
    message = replace(message, recipient=there)
    return notifier().send(message, target(f"{there}/news desk/x", secret=secret))


def test_a_webhook_gets_the_envelope_and_a_signature_it_can_check() -> None:
    with web(status(204)) as hook:
        assert posted(hook, secret="s3cret") == Receipt(at=NOW)
    body = hook.bodies[0]
    assert json.loads(body) == {
        "schema": 1,
        "delivery": HOOK.id,
        "title": "Fähre",
        "message": "…",
        "reason": "figure_changed",
        "possible_repeat": False,
        "items": [],
    }
    expected = "sha256=" + hmac.new(b"s3cret", body, hashlib.sha256).hexdigest()
    assert hook.headers[0]["X-Newsmon-Signature"] == expected
    assert hook.headers[0]["Idempotency-Key"] == HOOK.id
    assert hook.headers[0]["Content-Type"] == "application/json"
    assert hook.headers[0]["User-Agent"] == "newsmon/test"
    assert hook.paths == ["/news%20desk/x"]


def test_a_webhook_without_a_secret_bears_no_signature() -> None:
    with web(status(200)) as hook:
        posted(hook, replace(HOOK, possible_repeat=True))
    assert "X-Newsmon-Signature" not in hook.headers[0]
    assert json.loads(hook.bodies[0])["possible_repeat"] is True


def test_headers_queries_and_logins_of_the_url_reach_the_webhook() -> None:
    with web(status(200)) as hook:
        there = f"json://127.0.0.1:{hook.port}"
        url = f"json://me:pw@127.0.0.1:{hook.port}/in?+X-Desk=one&-channel=a%20b"
        outcome = notifier().send(replace(HOOK, recipient=there), target(url))
    assert outcome == Receipt(at=NOW)
    assert hook.headers[0]["X-Desk"] == "one"
    assert hook.headers[0]["Authorization"] == "Basic bWU6cHc="
    assert hook.paths == ["/in?channel=a+b"]


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        (status(404), "permanent", "HTTP 404"),
        (status(401), "permanent", "HTTP 401"),
        (status(408), "temporary", "HTTP 408"),
        (status(429), "temporary", "HTTP 429"),
        (status(500), "temporary", "HTTP 500"),
        (status(302, Location="http://127.0.0.1:1/secret"), "permanent", "redirected to"),
        (hang_up, "unknown", "after the message was sent"),
    ],
    ids=["gone", "login", "slow", "too-many", "broken", "redirect", "lost-answer"],
)
def test_a_webhook_failure_is_told_by_what_can_be_done(
    answer: Answer, kind: str, words: str
) -> None:
    with web(answer) as hook:
        error = failure(posted(hook))
    assert error.kind == kind
    assert words in error.reason
    assert len(hook.bodies) == 1


def test_a_silent_webhook_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.notify.webhook.ANSWER_SECONDS", 0.2)
    silence = threading.Event()
    with web(lambda _: (silence.wait(5), None)[1]) as hook:
        error = failure(posted(hook))
        silence.set()
    assert error.kind == "unknown"
    assert "no answer in time" in error.reason


@pytest.mark.parametrize("host", ["169.254.169.254", "[fd00:ec2::254]", "100.100.100.200"])
def test_the_address_of_a_machines_credentials_is_never_contacted(host: str) -> None:
    url = f"json://{host}:80/latest"
    (recipient,) = expand(url)
    error = failure(notifier().send(replace(HOOK, recipient=recipient.key), target(url)))
    assert error.kind == "permanent"
    assert "never contacted" in error.reason


@pytest.mark.parametrize(
    "address", [("::ffff:169.254.169.254", 80, 0, 0), ("fe80::1", 80, 0, 2), ("169.254.1.1", 25)]
)
def test_a_disguised_credentials_address_is_forbidden(address: tuple[object, ...]) -> None:
    with pytest.raises(Forbidden):
        check_address(address)


@pytest.mark.parametrize("address", [("127.0.0.1", 25), ("10.0.0.7", 443), ("::1", 8080, 0, 0)])
def test_an_operators_own_network_is_allowed(address: tuple[object, ...]) -> None:
    check_address(address)


def test_a_recipient_that_left_the_url_is_a_dead_letter() -> None:
    error = failure(notifier().send(HOOK, target("json://127.0.0.1:9/x")))
    assert error.kind == "permanent"
    assert "no longer in the target's url" in error.reason


def test_a_missing_secret_is_told_without_a_send() -> None:
    error = failure(notifier().send(HOOK, target("json://${HOST}/x")))
    assert error.kind == "permanent"
    assert "HOST" in error.reason


# -- chat services through Apprise -----------------------------------------------------------------

CHATS = {
    "tgram://123456789:abcdefg_hijklmnop/12315544/": ("tgram://12315544", Form.HTML),
    "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/": ("slack", Form.HTML),
    "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js": ("discord", Form.MARKDOWN),
}


@pytest.fixture
def captured(monkeypatch: pytest.MonkeyPatch) -> list[requests.PreparedRequest]:
    """Keep what chat plugins would send: their hosts stand in their code."""
    sent: list[requests.PreparedRequest] = []

    def send(
        _self: requests.Session, request: requests.PreparedRequest, **_: object
    ) -> requests.Response:
        sent.append(request)
        response = requests.Response()
        response.status_code = 200
        slack = "slack" in str(request.url)
        response._content = b"ok" if slack else b'{"ok": true, "result": []}'
        response.request = request
        return response

    monkeypatch.setattr(requests.Session, "send", send)
    return sent


@pytest.mark.parametrize("url", CHATS)
def test_a_chat_hears_the_body_and_no_name_of_another_product(
    url: str, captured: list[requests.PreparedRequest]
) -> None:
    recipient, form = CHATS[url]
    assert [each.key for each in expand(url)] == [recipient]
    words = "<b>Ferry</b> runs aground<br>four sources" if form is Form.HTML else "**Ferry** runs"
    message = replace(MESSAGE, form=form, recipient=recipient, text=words)
    assert notifier().send(message, target(url)) == Receipt(at=NOW)
    body = captured[-1].body
    payload = body.decode() if isinstance(body, bytes) else str(body)
    assert "Ferry" in payload
    assert "apprise" not in payload.lower()


PINGS = "@everyone <!channel> <b>x</b> [bank](http://evil.example) *s* <http://evil.example|bank>"


@pytest.mark.parametrize("url", CHATS)
def test_hostile_words_stay_words_on_the_wire(
    url: str, captured: list[requests.PreparedRequest]
) -> None:
    recipient, form = CHATS[url]
    desk = target(url)
    told = digest(item(PINGS, watches=(PINGS,)))
    rendered = render(told, form, 1_900, target=desk, templates=load_templates())
    notifier().send(replace(MESSAGE, form=form, recipient=recipient, text=rendered.text), desk)
    payload = json.loads(captured[-1].body or b"")
    words = payload.get("text") or payload.get("content") or payload["attachments"][0]["text"]
    assert "everyone" in words
    unescaped = re.sub(r"\\.", "", words)
    assert not re.search("@everyone|<!channel>|<b>x|<http://evil", unescaped)
    assert form is Form.HTML or "](http://evil" not in unescaped


def test_a_zulip_topic_is_the_events_title(captured: list[requests.PreparedRequest]) -> None:
    url = "zulip://bot-name@organization/a8d2c4e8f9b0a1b2c3d4e5f6a7b8c9d0/news"
    message = replace(MESSAGE, form=Form.MARKDOWN, recipient="zulip://news")
    assert notifier().send(message, target(url)) == Receipt(at=NOW)
    assert "topic=Ferry+runs+aground+off+Skarvik" in str(captured[-1].body)


@pytest.mark.parametrize(
    ("code", "kind"),
    [(401, "permanent"), (404, "permanent"), (429, "temporary"), (500, "temporary")],
)
def test_a_chats_refusal_is_told_in_its_own_words_and_by_what_can_be_done(
    code: int, kind: str
) -> None:
    with web(status(code)) as hook:
        url = f"gotify://127.0.0.1:{hook.port}/Abcdefghijklmno"
        (recipient,) = expand(url)
        message = replace(MESSAGE, form=Form.MARKDOWN, recipient=recipient.key)
        error = failure(notifier().send(message, target(url)))
    assert error.kind == kind
    assert str(code) in error.reason
    assert "Abcdefghijklmno" not in error.reason


@pytest.mark.parametrize(
    "url",
    [
        "gotify://{at}/Abcdefghijklmno",
        "ntfy://{at}/newsroom",
        "mmost://{at}/3ccdd113474722377935511fc85d3dd4",
    ],
)
def test_chat_services_of_ones_own_host_get_the_words(url: str) -> None:
    with web(status(200)) as hook:
        there = url.format(at=f"127.0.0.1:{hook.port}")
        (recipient,) = expand(there)
        message = replace(MESSAGE, form=recipient.form, recipient=recipient.key)
        assert notifier().send(message, target(there)) == Receipt(at=NOW)
        (body,) = hook.bodies
    assert "People killed" in body.decode()


def test_a_redirect_is_not_followed_by_a_chat_plugin() -> None:
    with web(status(302, Location="/elsewhere")) as hook:
        url = f"gotify://127.0.0.1:{hook.port}/Abcdefghijklmno"
        (recipient,) = expand(url)
        message = replace(MESSAGE, form=Form.MARKDOWN, recipient=recipient.key)
        error = failure(notifier().send(message, target(url)))
    assert error.kind == "temporary"
    assert len(hook.paths) == 1


def test_apprise_is_loaded_only_when_something_is_sent() -> None:
    code = "import sys, monitor.notify; sys.exit('apprise' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_no_logger_of_the_libraries_prints_secrets_at_debug(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)  # as everybody's without a level of its own
    for name in ("apprise", "urllib3", "requests"):
        assert not logging.getLogger(name).isEnabledFor(logging.DEBUG)


# -- addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "keys"),
    [
        (
            "mailto://u:pw@mail.example.org?from=n@example.org&to=A@x.org,Bob%20<b@x.org>&cc=c@x.org",
            ["a@x.org", "b@x.org", "c@x.org"],
        ),
        ("mailto://u:pw@mail.example.org?from=n@example.org&to=a@x.org,A@x.org", ["a@x.org"]),
        ("tgram://123456789:abcdefg_hijklmnop/12315544/-100123/", None),
        ("json://me:pw@127.0.0.1:8080/T0KEN", ["json://127.0.0.1:8080"]),
        ("ntfy://ntfy.example/one/two", ["ntfy://ntfy.example/one", "ntfy://ntfy.example/two"]),
        ("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", ["discord"]),
    ],
    ids=["mail", "twice", "chat", "webhook", "topics", "token-as-host"],
)
def test_each_recipient_is_named_once_and_without_secrets(url: str, keys: list[str] | None) -> None:
    found = [each.key for each in expand(url)]
    assert sorted(found) == sorted(keys or ["tgram://12315544", "tgram://-100123"])


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nonsense", "no service address"),
        ("bogus://x", "no service that Apprise knows"),
        ("mailto://h", "no sender"),
        ("mailtos://u:p@192.0.2.7?to=a@example.org", "no sender"),
        ("mailtos://u:p@192.0.2.7?to=a@example.org&from=Desk", "no sender"),
        ("mailtos://u:p@mail.example.org?mode=never", "not complete"),
        ("json://h/?optional=yes", "hides failures"),
        ("json://h/?:extra=1", "body is fixed"),
        ("json://h/?method=PUT", "told by POST"),
        ("mailto://a@example.org?pgp=encrypt&to=b@example.org", "PGP"),
    ],
)
def test_a_url_that_breaks_a_promise_is_refused_in_the_users_words(url: str, words: str) -> None:
    assert words in (check_url(url) or "")


def test_a_good_url_has_nothing_wrong() -> None:
    assert check_url("jsons://hooks.example.org/in") is None


def test_apprise_still_has_the_names_that_we_rely_on() -> None:
    import apprise
    from apprise.plugins import url_to_dict
    from apprise.plugins.custom_json import NotifyJSON
    from apprise.plugins.email import NotifyEmail

    parsed = url_to_dict(
        "mailtos://u:pw@mail.example.org:465?mode=ssl&from=N%20<n@example.org>"
        "&to=a@x.org&cc=c@x.org&bcc=d@x.org&reply=r@x.org&verify=no&%2BX-Desk=1"
    )
    mail = apprise.Apprise.instantiate(parsed)
    assert isinstance(mail, NotifyEmail)
    assert (mail.smtp_host, mail.port, mail.secure_mode) == ("mail.example.org", 465, "ssl")
    assert (mail.user, mail.password, mail.verify_certificate) == ("u", "pw", False)
    assert tuple(mail.from_addr) == ("N", "n@example.org")
    assert mail.targets == [(False, "a@x.org")]
    assert (mail.cc, mail.bcc, mail.reply_to) == ({"c@x.org"}, {"d@x.org"}, {"r@x.org"})
    assert mail.headers == {"X-Desk": "1"}
    assert mail.socket_connect_timeout > 0
    hook = apprise.Apprise.instantiate("jsons://u:pw@h:81/p?+A=b&-c=d&verify=no")
    assert isinstance(hook, NotifyJSON)
    assert (hook.host, hook.port, hook.secure, hook.fullpath) == ("h", 81, True, "/p")
    assert (hook.user, hook.password, hook.headers, hook.params) == (
        "u",
        "pw",
        {"A": "b"},
        {"c": "d"},
    )
    assert {each.name for each in apprise.AppriseResultStatus} >= {"SUCCESS", "TIMEOUT"}
