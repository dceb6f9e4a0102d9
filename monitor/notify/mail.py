"""Our own letters: folded headers, one Message-ID, threads, and an answer for every way to fail.

Apprise reads the URL; its mail body drops links, its headers are never folded (a line over 998
bytes is refused) and its Message-ID is random, so the letter and the dialogue are ours.
"""

import io
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.generator import BytesGenerator
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import compat32
from email.utils import format_datetime, formataddr
from typing import TYPE_CHECKING, cast

from monitor import chaos, text
from monitor.model import DeliveryError, Message
from monitor.notify.guard import Forbidden, check_host

if TYPE_CHECKING:
    from apprise.plugins.email import NotifyEmail

ANSWER_SECONDS = 60.0  # after the letter is sent: many servers scan before they answer
_POLICY = compat32.clone(linesep="\r\n", max_line_length=78, mangle_from_=False)
_DOTS = re.compile(rb"^\.", re.MULTILINE)
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_BODY = re.compile(r"<body[^>]*>", re.IGNORECASE)
_REPEATED = "Possible repeat: it is not known whether this message arrived before."


@dataclass(frozen=True, slots=True, kw_only=True)
class Postmark:
    """What a letter bears besides its message."""

    instance: str
    contact: str
    at: datetime


class _Answer(Exception):  # noqa: N818 - an outcome on its way out of the dialogue
    def __init__(self, error: DeliveryError) -> None:
        super().__init__(error.reason)
        self.error = error


def letter(service: "NotifyEmail", message: Message, to: str, mark: Postmark) -> bytes:
    """Write a message as MIME; the thread's root is a Message-ID that is never sent."""
    sender = str(service.from_addr[1])
    domain = sender.rpartition("@")[2]
    plain, page = message.text, message.html
    if message.possible_repeat:
        plain = f"{_REPEATED}\n\n{plain}"
        page = _BODY.sub(lambda body: f"{body.group()}<p>{_REPEATED}</p>", page, count=1)
    mail = MIMEMultipart("alternative")
    mail.attach(MIMEText(plain, "plain", "utf-8"))
    mail.attach(MIMEText(page, "html", "utf-8"))
    mail["From"] = formataddr(
        (str(service.from_addr[0] or service.app_id), sender), charset="utf-8"
    )
    mail["To"] = to
    # EmailMessage of Python 3.11 loses blanks in long Cyrillic subjects
    subject = Header(" ".join(message.subject.split()), "utf-8", header_name="Subject")
    mail["Subject"] = cast("str", subject)  # the stubs do not know it
    mail["Date"] = format_datetime(mark.at)
    mail["Message-ID"] = f"<{message.id}@{domain}>"
    roots = [f"<{_slug(each)}.{mark.instance}@{domain}>" for each in message.thread]
    if roots:
        mail["References"] = "\r\n ".join(roots)  # folded here: the generator sees one long word
        mail["In-Reply-To"] = roots[-1]
    for name, value in _headers(service, message, mark, domain):
        if name not in mail:
            mail[name] = value
    out = io.BytesIO()
    BytesGenerator(out, policy=_POLICY).flatten(mail)
    return out.getvalue()


def _headers(
    service: "NotifyEmail", message: Message, mark: Postmark, domain: str
) -> Iterator[tuple[str, str]]:
    watch = message.watches[0] if len(message.watches) == 1 else message.target
    yield "Auto-Submitted", "auto-generated"
    yield "List-Id", f"<{_slug(watch) or 'watch'}.newsmon.{domain}>"
    if mark.contact:
        yield "List-Unsubscribe", f"<mailto:{mark.contact}?subject=stop>"
    if message.event:
        yield "X-Newsmon-Event", _slug(message.event)
    yield "X-Newsmon-Reason", message.kind
    yield "X-Newsmon-Delivery", message.id
    if message.possible_repeat:
        yield "X-Newsmon-Possible-Repeat", "yes"
    if service.reply_to:
        yield "Reply-To", ", ".join(sorted(map(str, service.reply_to)))
    for name, value in service.headers.items():  # the operator's own, from the URL
        yield str(name), " ".join(str(value).split())


def _slug(name: str) -> str:
    return _NOT_SLUG.sub("-", text.fold(name)).strip("-")


# -- the dialogue ---------------------------------------------------------------------------------


def deliver(service: "NotifyEmail", to: str, raw: bytes) -> DeliveryError | None:
    """Hand one letter over; None when the server took it.

    A refusal of login, sender, recipient or letter is permanent at 5xx; a silence after the whole
    letter went out is unknown; everything before it is temporary.
    """
    return _dialogue(service, to, raw)


def prove(service: "NotifyEmail", to: str) -> DeliveryError | None:
    """Go as far as the recipient's name and take it back; None when the server takes it."""
    return _dialogue(service, to, None)


def _dialogue(service: "NotifyEmail", to: str, raw: bytes | None) -> DeliveryError | None:
    try:
        with _session(service) as session:
            session.ehlo_or_helo_if_needed()
            _expect(session.mail(str(service.from_addr[1])), "the sender")
            _expect(session.rcpt(to), "the recipient")
            if raw is None:
                session.rset()
                return None
            code, answer = session.docmd("DATA")
            if code != 354:  # noqa: PLR2004 - RFC 5321 §4.1.1.4
                _expect((code, answer), "the letter", accepted=False)
            session.send(_DOTS.sub(b"..", raw) + b".\r\n")
            chaos.point("mail.sent")
            _expect(_last_answer(session), "the letter")
    except _Answer as answer:
        return answer.error
    except Forbidden as error:
        return DeliveryError(kind="permanent", reason=str(error))
    except UnicodeError:
        return DeliveryError(kind="permanent", reason="the address is not ASCII")
    except (OSError, smtplib.SMTPException) as error:
        return DeliveryError(kind="temporary", reason=f"{service.smtp_host}: {_said(error)}")
    return None


@contextmanager
def _session(service: "NotifyEmail") -> Iterator[smtplib.SMTP]:
    """Connect, encrypt as the URL says (never less), log in."""
    host, port = str(service.smtp_host), int(service.port or 25)
    check_host(host, port)
    timeout = float(service.socket_connect_timeout)
    session: smtplib.SMTP
    if service.secure_mode == "ssl":
        session = smtplib.SMTP_SSL(host, port, timeout=timeout, context=_tls(service))
    else:
        session = smtplib.SMTP(host, port, timeout=timeout)
    try:
        if service.secure_mode == "starttls":
            session.starttls(context=_tls(service))
        if service.user and service.password:
            _log_in(session, str(service.user), str(service.password))
        yield session
    finally:
        with suppress(OSError, smtplib.SMTPException):
            session.quit()


def _tls(service: "NotifyEmail") -> ssl.SSLContext:
    context = ssl.create_default_context()
    if not service.verify_certificate:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _log_in(session: smtplib.SMTP, user: str, password: str) -> None:
    try:
        session.login(user, password)
    except smtplib.SMTPAuthenticationError as error:
        _expect((error.smtp_code, b"login refused"), "the login", accepted=False)


def _last_answer(session: smtplib.SMTP) -> tuple[int, bytes]:
    try:
        if session.sock is not None:
            session.sock.settimeout(ANSWER_SECONDS)
        return session.getreply()
    except (OSError, smtplib.SMTPException) as error:
        reason = f"no answer after the letter was sent ({_said(error)})"
        raise _Answer(DeliveryError(kind="unknown", reason=reason)) from None


def _expect(reply: tuple[int, bytes], what: str, *, accepted: bool = True) -> None:
    code, said = reply
    if accepted and 200 <= code < 300:  # noqa: PLR2004 - RFC 5321 §4.2.1
        return
    words = text.one_line(said.decode("utf-8", "replace"), 200)
    kind = "permanent" if code >= 500 else "temporary"  # noqa: PLR2004 - RFC 5321 §4.2.1
    reason = f"the server refused {what}: {code} {words}"
    raise _Answer(DeliveryError(kind=kind, reason=reason))  # type: ignore[arg-type]


def _said(error: Exception) -> str:
    match error:
        case TimeoutError():
            return "no answer in time"
        case smtplib.SMTPNotSupportedError():
            return "the server offers no encryption or login as the address asks"
        case smtplib.SMTPServerDisconnected():
            return "the connection was closed"
        case smtplib.SMTPResponseException():
            words = error.smtp_error
            shown = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
            return text.one_line(f"{error.smtp_code} {shown}", 200)
        case OSError():
            return error.strerror or type(error).__name__
        case _:
            return type(error).__name__
