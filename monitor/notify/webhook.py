"""Our own webhook: one JSON object by POST, signed, without redirects.

The connection is made here, so that it is known whether the body had left when something failed.
"""

import base64
import hashlib
import hmac
import http.client
import json
import socket
import ssl
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from monitor import chaos, text
from monitor.model import DeliveryError, Message
from monitor.notify.guard import Forbidden, check_address

if TYPE_CHECKING:
    from apprise.plugins.custom_json import NotifyJSON

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 30.0
_TRY_AGAIN = frozenset({408, 425, 429})
_PATH_SAFE = "/%~:@!$&'()*+,;=-._"


def body(message: Message) -> bytes:
    """Put the envelope's keys into the rendered object."""
    whole = json.loads(message.text)
    whole |= {
        "delivery": message.id,
        "reason": message.kind,
        "possible_repeat": message.possible_repeat,
    }
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def signature(content: bytes, secret: str) -> str:
    """HMAC-SHA256 of the body as it goes over the wire."""
    return "sha256=" + hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()


def deliver(
    service: "NotifyJSON", message: Message, *, secret: str | None, agent: str
) -> DeliveryError | None:
    """Post one message; None when the receiver answered 2xx."""
    content = body(message)
    headers = {str(name): str(value) for name, value in service.headers.items()}
    headers |= {
        "User-Agent": agent,
        "Content-Type": "application/json",
        "Idempotency-Key": message.id,
    }
    if service.user:
        pair = f"{service.user}:{service.password or ''}".encode()
        headers["Authorization"] = "Basic " + base64.b64encode(pair).decode()
    if secret is not None:
        headers["X-Newsmon-Signature"] = signature(content, secret)
    path = quote(str(service.fullpath or "/"), safe=_PATH_SAFE)
    if service.params:
        path += "?" + urlencode(service.params)
    try:
        connection = _connected(service)
    except Forbidden as error:
        return DeliveryError(kind="permanent", reason=str(error))
    except OSError as error:
        return DeliveryError(kind="temporary", reason=f"{service.host}: {_said(error)}")
    try:
        return _posted(connection, path, content, headers)
    finally:
        connection.close()


def prove(service: "NotifyJSON") -> DeliveryError | None:
    """Connect, encrypted where the URL says so, and hang up; None when that can be done."""
    try:
        _connected(service).close()
    except Forbidden as error:
        return DeliveryError(kind="permanent", reason=str(error))
    except OSError as error:
        return DeliveryError(kind="temporary", reason=f"{service.host}: {_said(error)}")
    return None


def _connected(service: "NotifyJSON") -> http.client.HTTPConnection:
    host = str(service.host).strip("[]")
    port = int(service.port or (443 if service.secure else 80))
    connection = _Guarded(host, port, timeout=CONNECT_SECONDS)
    connection.connect()
    if service.secure:
        context = ssl.create_default_context()
        if not service.verify_certificate:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        try:
            connection.sock = context.wrap_socket(connection.sock, server_hostname=host)
        except OSError:
            connection.close()
            raise
    connection.sock.settimeout(ANSWER_SECONDS)
    return connection


def _posted(
    connection: http.client.HTTPConnection, path: str, content: bytes, headers: dict[str, str]
) -> DeliveryError | None:
    try:
        connection.request("POST", path, body=content, headers=headers)
    except OSError as error:  # not all of it left: nobody can have taken it
        return DeliveryError(kind="temporary", reason=f"the connection broke: {_said(error)}")
    except ValueError:
        return DeliveryError(kind="permanent", reason="a header of the address cannot be sent")
    chaos.point("hook.sent")
    try:
        answer = connection.getresponse()
    except (OSError, http.client.HTTPException) as error:
        reason = f"no answer after the message was sent ({_said(error)})"
        return DeliveryError(kind="unknown", reason=reason)
    return _judged(answer)


def _judged(answer: http.client.HTTPResponse) -> DeliveryError | None:
    status = answer.status
    reason = text.one_line(f"HTTP {status} {answer.reason}", 100)
    if 200 <= status < 300:  # noqa: PLR2004 - RFC 9110 §15.3
        return None
    if 300 <= status < 400:  # noqa: PLR2004 - RFC 9110 §15.4
        final = text.one_line(answer.headers.get("Location", ""), 200)
        reason = f"{reason}: redirected to {final} - write the final address into url"
        return DeliveryError(kind="permanent", reason=reason)
    if status < 500 and status not in _TRY_AGAIN:  # noqa: PLR2004 - RFC 9110 §15.5
        return DeliveryError(kind="permanent", reason=reason)
    return DeliveryError(kind="temporary", reason=reason)


class _Guarded(http.client.HTTPConnection):
    """Dials only what the guard lets through, whatever the name resolves to."""

    def connect(self) -> None:
        error: OSError | None = None
        for family, kind, protocol, _, address in socket.getaddrinfo(
            self.host, self.port, type=socket.SOCK_STREAM
        ):
            check_address(address)
            sock = socket.socket(family, kind, protocol)
            sock.settimeout(CONNECT_SECONDS)
            try:
                sock.connect(address)
            except OSError as failed:
                sock.close()
                error = failed
                continue
            self.sock = sock
            return
        raise error or OSError("the name has no address")


def _said(error: Exception) -> str:
    match error:
        case TimeoutError():
            return "no answer in time"
        case http.client.RemoteDisconnected() | ConnectionResetError():
            return "the connection was closed"
        case OSError():
            return error.strerror or type(error).__name__
        case _:
            return type(error).__name__
