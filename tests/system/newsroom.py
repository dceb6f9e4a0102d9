"""Real ends for the real daemon: a press and a mail server on loopback, and the process itself."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha1
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


class Press:
    """Feeds `/N/feed` and pages `/N/NAME`; remembers every request.

    Strict: once a client names an ETag, the entries it came with leave the feed. A program that
    stores the validator before the articles loses them here.
    """

    def __init__(self) -> None:
        self.entries: dict[int, dict[str, tuple[str, str, datetime]]] = {}
        self.requests: list[tuple[str, int]] = []
        self.answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self._given: dict[str, set[str]] = {}
        self._gone: set[str] = set()
        press = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                press.answer(self)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's
                """Say nothing on stderr."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """A client that was killed hangs up: no news."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def url(self, feed: int, name: str = "feed") -> str:
        return f"http://127.0.0.1:{self.port}/{feed}/{name}"

    def publish(self, feed: int, name: str, title: str, text: str) -> str:
        self.entries.setdefault(feed, {})[name] = (title, text, datetime.now(UTC))
        return self.url(feed, name)

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        if request.path in self.answers:
            self.requests.append((request.path, 0))
            self.answers[request.path](request)
            return
        _, feed, name = request.path.split("/", 2)
        if name != "feed":
            title, text, _ = self.entries[int(feed)][name]
            self._send(request, 200, _page(title, text), "text/html")
            return
        named = request.headers.get("If-None-Match", "")
        self._gone |= self._given.get(named, set())
        kept = {n: e for n, e in self.entries.get(int(feed), {}).items() if n not in self._gone}
        if named in self._given and not kept.keys() - self._given[named]:
            self._send(request, 304, b"", "", etag=named)
            return
        body = self._feed(int(feed), kept)
        etag = '"' + sha1(body, usedforsecurity=False).hexdigest()[:16] + '"'
        self._given[etag] = set(kept)
        self._send(request, 200, body, "application/rss+xml", etag=etag)

    def _send(
        self, request: BaseHTTPRequestHandler, status: int, body: bytes, kind: str, etag: str = ""
    ) -> None:
        self.requests.append((request.path, status))
        request.send_response(status)
        request.send_header("Content-Length", str(len(body)))
        if kind:
            request.send_header("Content-Type", f"{kind}; charset=utf-8")
        if etag:
            request.send_header("ETag", etag)
        request.end_headers()
        request.wfile.write(body)

    def _feed(self, feed: int, entries: dict[str, tuple[str, str, datetime]]) -> bytes:
        items = "".join(
            f"<item><title>{escape(title)}</title><link>{self.url(feed, name)}</link>"
            f"<guid>{name}</guid><pubDate>{format_datetime(at)}</pubDate>"
            f"<description>{escape(text[:120])}</description></item>"
            for name, (title, text, at) in reversed(entries.items())
        )
        return (
            f'<rss version="2.0"><channel><title>Feed {feed}</title>{items}</channel></rss>'
        ).encode()


def _page(title: str, text: str) -> bytes:
    return (
        f'<!doctype html><html lang="en"><head><title>{escape(title)}</title></head><body>'
        f"<nav>Home World Contact</nav><article><h1>{escape(title)}</h1><p>{escape(text)}</p>"
        "</article><footer>About us</footer></body></html>"
    ).encode()


class AnyPort(Controller):
    """aiosmtpd's own start-up knocks at the port that was asked for, which is 0."""

    def factory(self) -> SMTP:
        return self.handler.session()  # type: ignore[no-any-return]

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()


class PostOffice:
    """A real SMTP server; `mails` are kept before they are acknowledged."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.replies: list[str] = []  # taken one a mail; "250 OK" when empty
        self.refused: set[str] = set()  # recipients
        self._controller = AnyPort(self, hostname="127.0.0.1", port=0)
        self._controller.start()
        self.port = self._controller.port

    def session(self) -> SMTP:
        return SMTP(self, enable_SMTPUTF8=True)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: object, _session: object, envelope: Any, address: str, _options: object
    ) -> str:
        if address in self.refused:
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        reply = self.replies.pop(0) if self.replies else "250 OK"
        if reply.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return reply

    def close(self) -> None:
        self._controller.stop()

    @property
    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails]


class Daemon:
    """`newsmon` as a process of its own."""

    def __init__(self, folder: Path, press: Press, post: PostOffice, feeds: int) -> None:
        self.folder = folder
        self.config = folder / "newsmon.toml"
        self.process: subprocess.Popen[bytes] | None = None
        tables = "".join(
            f'[[feed]]\nurl = "{press.url(n)}"\noutlet = "Outlet {n}"\nevery = "1s"\n'
            f'allow_private = ["127.0.0.1/32:{press.port}"]\n'
            for n in range(1, feeds + 1)
        )
        self.config.write_text(
            f'[monitor]\nstate = "{folder}/state"\n{tables}'
            '[[watch]]\nname = "everything from Lindar"\nany = ["Lindar"]\nsend_to = ["desk"]\n'
            '[[target]]\nname = "desk"\n'
            f'url = "mailto://127.0.0.1:{post.port}?from=newsmon@example.org&to=desk@example.org"\n'
            'group_wait = "0s"\nleast_gap = "0s"\nmax_per_hour = 1000\n'
            'repeat_unknown_after = "1s"\n'
        )

    def command(self, *words: str, timeout: float = 60) -> subprocess.CompletedProcess[str]:
        """Run a command beside it and wait for its end."""
        return subprocess.run(
            [sys.executable, "-m", "monitor", *words, "--config", str(self.config)],
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def json(self, *words: str) -> list[Any]:
        done = self.command(*words, "--json")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def start(self, *options: str) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "monitor", "run", *options, "--config", str(self.config)],
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)

    def stop(self) -> int:
        """End it as systemd would; gives the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(15)

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)


def until(met: Callable[[], object], *, seconds: float = 30, what: str = "") -> None:
    """Wait for a condition; fails with what was awaited."""
    deadline = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < deadline, f"waited {seconds} s for {what or met}"
        time.sleep(0.05)


def paths(requests: Sequence[tuple[str, int]], status: int) -> list[str]:
    return [path for path, answered in requests if answered == status]
