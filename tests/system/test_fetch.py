"""Fetching against real servers on loopback, each answering byte for byte what a test says."""

import asyncio
import gzip
import shutil
import socket
import ssl
import struct
import subprocess
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from time import monotonic

import pytest
import uvloop

from monitor import net
from monitor.config import PrivateNetwork
from monitor.fetch import Fetcher, fetcher, hosts, patience
from monitor.model import (
    Fetched,
    FetchProblem,
    FetchResult,
    NotModified,
    Unreachable,
    Validators,
)
from monitor.net import Door

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
FEED = b"<rss version='2.0'><channel><title>Harbour Gazette</title></channel></rss>"


@dataclass
class Request:
    path: str
    headers: dict[str, str]


@dataclass
class Server:
    """Answers `answers[path]`: raw bytes, or a coroutine function that writes them itself."""

    host: str
    port: int = 0
    answers: dict[str, bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]] = field(
        default_factory=dict
    )
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    open: int = 0
    most_open: int = 0

    @property
    def origin(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def allow(self) -> tuple[PrivateNetwork, ...]:
        return (PrivateNetwork(network=ip_network(f"{self.host}/32"), port=self.port),)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                first, *lines = head.decode("latin-1").strip().split("\r\n")
                headers = {k.lower(): v.strip() for k, v in (li.split(":", 1) for li in lines)}
                path = first.split(" ")[1]
                self.requests.append(Request(path, headers))
                answer = self.answers.get(path, response(b"", status="404 Not Found"))
                if isinstance(answer, bytes):
                    writer.write(answer)
                    await writer.drain()
                else:
                    await answer(writer)
                    return
                if b"Connection: close" in answer:
                    return
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self.open -= 1
            writer.close()


def response(
    body: bytes, *headers: str, status: str = "200 OK", length: int | None = None
) -> bytes:
    size = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {size}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


@asynccontextmanager
async def served(host: str = "127.0.0.1") -> AsyncIterator[Server]:
    server = Server(host)
    listening = await asyncio.start_server(server.serve, host, 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()


@asynccontextmanager
async def fetching() -> AsyncIterator[Fetcher]:
    async with Door() as door:
        yield Fetcher(door, contact="desk@example.org", version="9.9", now=lambda: NOW)


def get(
    answer: bytes | Callable[[asyncio.StreamWriter], Awaitable[None]],
    *,
    validators: Validators | None = None,
    kind: str = "feed",
) -> tuple[FetchResult, Server]:
    """One request for /feed, answered so."""

    async def run() -> tuple[FetchResult, Server]:
        async with served() as server, fetching() as fetch:
            server.answers["/feed"] = answer
            url = f"{server.origin}/feed"
            found = await fetch.get(
                url, kind=kind, home=url, validators=validators, allow=server.allow
            )
            return found, server

    return uvloop.run(run())


def problem(found: FetchResult) -> FetchProblem:
    assert isinstance(found, Unreachable), found
    assert found.reason
    assert "\n" not in found.reason
    return found.problem


# -- what is asked, and what comes back -----------------------------------------------------------


def test_a_feed_arrives_with_its_validators_and_the_servers_wish() -> None:
    headers = ('ETag: "v1"', "Last-Modified: Sun, 22 Nov 2026 09:00:00 GMT")
    found, server = get(response(FEED, *headers, "Cache-Control: public, max-age=600"))
    assert isinstance(found, Fetched)
    assert found.body == FEED
    assert found.at == NOW
    assert found.max_age == timedelta(minutes=10)
    assert (found.validators.etag, found.validators.last_modified) == (
        '"v1"',
        "Sun, 22 Nov 2026 09:00:00 GMT",
    )
    assert server.requests[0].headers["user-agent"] == "newsmon/9.9 (+desk@example.org)"
    assert "cookie" not in server.requests[0].headers


def test_a_validator_that_is_no_text_is_not_kept() -> None:
    modified = "Last-Modified: Sun, 22 Nov 2026 09:00:00 GMT"
    answer = response(FEED, "ETag: @", modified).replace(b"@", '"café"'.encode("latin-1"))
    found, _ = get(answer)
    assert isinstance(found, Fetched)
    assert (found.validators.etag, found.validators.last_modified) == (
        "",
        "Sun, 22 Nov 2026 09:00:00 GMT",
    )


def test_validators_are_sent_back_and_a_304_keeps_them() -> None:
    old = Validators(etag='W/"v1"', last_modified="Sun, 22 Nov 2026 09:00:00 GMT", body_hash="ab")
    found, server = get(b"HTTP/1.1 304 Not Modified\r\n\r\n", validators=old)
    assert isinstance(found, NotModified)
    assert found.validators == old
    assert server.requests[0].headers["if-none-match"] == 'W/"v1"'
    assert server.requests[0].headers["if-modified-since"] == "Sun, 22 Nov 2026 09:00:00 GMT"


def test_the_same_bytes_again_are_not_modified_even_without_validators() -> None:
    first, _ = get(response(FEED))
    assert isinstance(first, Fetched)
    again, _ = get(
        response(gzip.compress(FEED), "Content-Encoding: gzip"), validators=first.validators
    )
    assert isinstance(again, NotModified)


def test_only_the_bodies_of_feeds_are_hashed() -> None:
    feed, _ = get(response(FEED))
    page, _ = get(response(FEED), kind="page")
    assert isinstance(feed, Fetched)
    assert isinstance(page, Fetched)
    assert feed.validators.body_hash
    assert not page.validators.body_hash


def test_a_304_that_nobody_asked_for_is_a_failure() -> None:
    assert problem(get(b"HTTP/1.1 304 Not Modified\r\n\r\n")[0]) is FetchProblem.UNREACHABLE


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(FEED)),
        ("x-gzip", gzip.compress(FEED)),
        ("gzip", gzip.compress(FEED[:20]) + gzip.compress(FEED[20:])),
        ("gzip", gzip.compress(FEED) + b"junk behind"),
        ("deflate", zlib.compress(FEED)),
        ("deflate", zlib.compress(FEED, wbits=-15)),
        ("identity", FEED),
        ("GZIP", gzip.compress(FEED)),
    ],
    ids=["gzip", "x-gzip", "two-members", "junk-behind", "zlib", "raw", "identity", "upper-case"],
)
def test_packed_bodies_are_unpacked(coding: str, packed: bytes) -> None:
    found, _ = get(response(packed, f"Content-Encoding: {coding}"))
    assert isinstance(found, Fetched)
    assert found.body == FEED


@pytest.mark.parametrize(
    "answer",
    [
        response(FEED, length=len(FEED) + 1, status="200 OK"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n<rss>",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<rss>\r\n",
        response(gzip.compress(FEED)[:-9], "Content-Encoding: gzip"),
        response(gzip.compress(FEED)[:-8] + b"\0" * 8, "Content-Encoding: gzip"),
        response(FEED, "Content-Encoding: gzip"),
        response(FEED, "Content-Encoding: br"),
    ],
    ids=["length", "cut-chunk", "no-last-chunk", "cut-gzip", "bad-sum", "no-gzip", "not-asked-for"],
)
def test_a_damaged_or_cut_body_is_no_answer(answer: bytes) -> None:
    async def cut(writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()
        writer.close()

    assert problem(get(cut)[0]) is FetchProblem.UNREACHABLE


@pytest.mark.parametrize(
    "answer",
    [
        response(gzip.compress(b"\0" * (32 << 20)), "Content-Encoding: gzip"),
        response(b"", length=9 << 20),
        response(gzip.compress(b"\0" * (8 << 20)), "Content-Encoding: gzip"),
    ],
    ids=["bomb", "announced", "ratio"],
)
def test_too_much_is_not_read(answer: bytes) -> None:
    assert problem(get(answer)[0]) is FetchProblem.TOO_LARGE


def test_a_stream_without_end_is_cut_at_the_cap() -> None:
    async def flood(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()

    assert problem(get(flood)[0]) is FetchProblem.TOO_LARGE


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("410 Gone", FetchProblem.GONE),
        ("404 Not Found", FetchProblem.UNREACHABLE),
        ("500 Oops", FetchProblem.UNREACHABLE),
        ("204 No Content", FetchProblem.UNREACHABLE),
        ("206 Partial Content", FetchProblem.UNREACHABLE),
        ("999 Odd", FetchProblem.UNREACHABLE),
    ],
)
def test_an_error_status_is_told(status: str, kind: FetchProblem) -> None:
    found, _ = get(response(b"", status=status))
    assert problem(found) is kind
    assert isinstance(found, Unreachable)
    assert found.status == int(status[:3])
    assert found.reason.startswith(f"HTTP {status[:3]}")


@pytest.mark.parametrize(
    "junk",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Big: " + b"a" * 40_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(10_000)) + b"\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8000000000000000\r\nx",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://[::1\r\nContent-Length: 0\r\n\r\n",
        b"",
    ],
    ids=["binary", "long-line", "many-lines", "chunk", "length", "location", "nothing"],
)
def test_nonsense_never_raises(junk: bytes) -> None:
    async def speak(writer: asyncio.StreamWriter) -> None:
        writer.write(junk)
        await writer.drain()

    assert problem(get(speak)[0]) in (FetchProblem.UNREACHABLE, FetchProblem.REFUSED)


def test_one_byte_at_a_time_ends_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "ANSWER_SECONDS", 0.5)
    assert problem(get(drip)[0]) is FetchProblem.TIMEOUT


def wait_for_ever(look_after: float, *, spent: float = 0.0, pieces: int = 0) -> str:
    """How a wait ends that is looked at when so many seconds have passed since its last sound."""

    async def body() -> AsyncIterator[bytes]:
        for _ in range(pieces):
            yield b"x"

    async def waits() -> str:
        hears = patience.Patience()
        try:
            with hears.wait(spent) as wait:
                async for _ in wait.heard(body()) if pieces else body():
                    pass
                wait.look(monotonic() + look_after)
                await asyncio.sleep(0)
        except TimeoutError:
            return "over"
        return "goes on"

    return uvloop.run(waits())


@pytest.mark.parametrize(
    ("look_after", "spent", "pieces", "end"),
    [
        (patience.BEGIN_SECONDS / 3, 0.0, 0, "goes on"),
        (patience.BEGIN_SECONDS + 1, 0.0, 0, "over"),
        (patience.SILENCE_SECONDS / 3, 0.0, 3, "goes on"),
        (patience.SILENCE_SECONDS + 1, 0.0, 3, "over"),
        (1.0, patience.ANSWER_SECONDS - 8, 0, "goes on"),
        (9.0, patience.ANSWER_SECONDS - 8, 0, "over"),
        (9.0, patience.ANSWER_SECONDS - 8, 3, "over"),
    ],
    ids=["begins", "does-not-begin", "talks", "is-silent", "some-left", "none-left", "talks-on"],
)
def test_an_answer_has_time_to_begin_between_two_pieces_and_in_all(
    look_after: float, spent: float, pieces: int, end: str
) -> None:
    assert wait_for_ever(look_after, spent=spent, pieces=pieces) == end


def test_who_is_told_to_stop_while_waiting_stops_and_has_not_run_out_of_time() -> None:
    async def stopped() -> asyncio.Task[None]:
        waits = asyncio.create_task(wait_in(patience.Patience()))
        await asyncio.sleep(0)
        waits.cancel()
        await asyncio.wait([waits])
        return waits

    async def wait_in(hears: patience.Patience) -> None:
        with hears.wait():
            await asyncio.Event().wait()

    assert uvloop.run(stopped()).cancelled()


async def drip(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while True:
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    ("value", "wish"),
    [
        ("120", timedelta(seconds=120)),
        ("Sun, 22 Nov 2026 09:45:00 GMT", timedelta(minutes=15)),
        ("Sun, 22 Nov 2026 09:00:00 GMT", None),
        ("-5", None),
        ("0", None),
        ("soon", None),
        ("1e9", None),
        ("315360000", timedelta(hours=24)),
        ("9" * 400, timedelta(hours=24)),
        ("Thu, 22 Nov 2036 09:00:00 GMT", timedelta(hours=24)),
    ],
)
def test_retry_after_is_understood_or_ignored(value: str, wish: timedelta | None) -> None:
    found, _ = get(response(b"", f"Retry-After: {value}", status="503 Later"))
    assert isinstance(found, Unreachable)
    assert found.retry_after == wish


def test_a_page_of_another_kind_is_refused_and_a_feed_is_not() -> None:
    picture = response(FEED, "Content-Type: image/png")
    assert problem(get(picture, kind="page")[0]) is FetchProblem.REFUSED
    assert isinstance(get(picture)[0], Fetched)


# -- redirects ------------------------------------------------------------------------------------


def redirect(location: str, status: str = "302 Found") -> bytes:
    return response(b"", f"Location: {location}", status=status)


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [(("301", "308"), True), (("301", "302"), False), (("307",), False), (("308",), True)],
)
def test_only_a_wholly_permanent_way_is_reported_as_a_move(
    statuses: tuple[str, ...], moved: bool
) -> None:
    async def run() -> tuple[FetchResult, str]:
        async with served() as server, fetching() as fetch:
            for n, status in enumerate(statuses):
                server.answers[f"/{n}"] = redirect(f"/{n + 1}", f"{status} Moved")
            server.answers[f"/{len(statuses)}"] = response(FEED)
            start = f"{server.origin}/0"
            found = await fetch.get(start, kind="feed", home=start, allow=server.allow)
            return found, f"{server.origin}/{len(statuses)}"

    found, end = uvloop.run(run())
    assert isinstance(found, Fetched)
    assert found.final_url == end
    assert found.moved_to == (end if moved else "")


@pytest.mark.parametrize("hops", [5, 6])
def test_five_redirects_are_followed_and_no_sixth(hops: int) -> None:
    async def run() -> FetchResult:
        async with served() as server, fetching() as fetch:
            for n in range(hops):
                server.answers[f"/{n}"] = redirect(f"/{n + 1}")
            server.answers[f"/{hops}"] = response(FEED)
            start = f"{server.origin}/0"
            return await fetch.get(start, kind="feed", home=start, allow=server.allow)

    found = uvloop.run(run())
    assert isinstance(found, Fetched if hops <= 5 else Unreachable)


@pytest.mark.parametrize(
    "location",
    [
        "http://127.0.0.3:{port}/feed",
        "http://2130706433:{port}/feed",
        "http://[::ffff:127.0.0.3]:{port}/feed",
        "http://localhost:8080/feed",
        "http://169.254.169.254/latest/meta-data/",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "javascript:alert(1)",
        "http://user@127.0.0.1:{port}/feed",
        "http://example.org:25/",
        "\\\\127.0.0.1\\feed",
    ],
)
def test_a_redirect_is_judged_like_a_first_address(location: str) -> None:
    async def run() -> tuple[FetchResult, int]:
        async with served() as server, served("127.0.0.3") as inner, fetching() as fetch:
            server.answers["/feed"] = redirect(location.format(port=inner.port))
            url = f"{server.origin}/feed"
            opened = (*server.allow, *inner.allow)
            found = await fetch.get(url, kind="feed", home=url, allow=opened)
            return found, len(inner.requests)

    found, reached = uvloop.run(run())
    assert problem(found) is FetchProblem.REFUSED
    assert reached == 0


def test_credentials_go_home_and_nowhere_else() -> None:
    async def run() -> list[dict[str, str]]:
        async with served() as server, fetching() as fetch:
            server.answers["/feed"] = response(FEED)
            server.answers["/a/1"] = response(b"<p>one</p>")
            url = f"{server.origin}/feed"
            private = {"Cookie": "session=canary"}
            await fetch.get(
                url, kind="feed", home=url, allow=server.allow, headers=private, auth=("me", "pw")
            )
            stranger = await fetch.get(
                f"{server.origin}/a/1",
                kind="page",
                home="http://127.0.0.1:1/feed",
                allow=server.allow,
                headers=private,
            )
            assert problem(stranger) is FetchProblem.REFUSED
            return [request.headers for request in server.requests]

    (asked,) = uvloop.run(run())
    assert asked["cookie"] == "session=canary"
    assert asked["authorization"] == "Basic bWU6cHc="


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody vouches for, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl makes the certificate")
    folder = tmp_path_factory.mktemp("tls")
    made = (folder / "cert.pem", folder / "key.pem")
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-out", made[0], "-keyout", made[1], "-days", "2"),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"),
        ],
        check=True,
        capture_output=True,
    )
    return made


def public(text: str, _scope: int) -> tuple[net.IPAddress, None]:
    return ip_address(text), None


def over_tls(certificate: tuple[Path, Path], answer: bytes, trusted: bool) -> FetchResult:
    async def run() -> FetchResult:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*certificate)
        server = Server("127.0.0.1")
        listening = await asyncio.start_server(server.serve, server.host, 0, ssl=context)
        server.port = listening.sockets[0].getsockname()[1]
        server.answers["/feed"] = answer
        url = f"https://127.0.0.1:{server.port}/feed"
        try:
            async with Door() as door:
                fetch = Fetcher(door, contact="", version="9.9", now=lambda: NOW)
                return await fetch.get(url, kind="feed", home=url, allow=server.allow)
        finally:
            listening.close()

    with pytest.MonkeyPatch.context() as patch:
        if trusted:
            vouched = ssl.create_default_context(cafile=certificate[0])
            patch.setattr("aiohttp.connector._SSL_CONTEXT_VERIFIED", vouched)
        return uvloop.run(run())


def test_a_certificate_that_nobody_vouches_for_is_told(certificate: tuple[Path, Path]) -> None:
    found = over_tls(certificate, response(FEED), trusted=False)
    assert problem(found) is FetchProblem.UNREACHABLE
    assert isinstance(found, Unreachable)
    assert "certificate" in found.reason
    assert isinstance(over_tls(certificate, response(FEED), trusted=True), Fetched)


def test_no_redirect_leads_from_https_back_to_http(certificate: tuple[Path, Path]) -> None:
    found = over_tls(certificate, redirect("http://8.8.8.8/feed"), trusted=True)
    assert problem(found) is FetchProblem.REFUSED
    assert isinstance(found, Unreachable)
    assert "from https to" in found.reason


# -- the guard at the connection ------------------------------------------------------------------


def test_a_name_that_resolves_to_loopback_is_refused_at_the_connection() -> None:
    async def run() -> tuple[FetchResult, int]:
        async with served() as server, fetching() as fetch:
            url = f"http://localhost:{server.port}/feed"
            return await fetch.get(url, kind="feed", home=url), server.connections

    found, connections = uvloop.run(run())
    assert problem(found) is FetchProblem.REFUSED
    assert isinstance(found, Unreachable)
    assert "allow_private" in found.reason
    assert connections == 0


def test_a_connection_opened_for_one_feed_serves_no_other() -> None:
    async def run() -> tuple[FetchResult, int]:
        async with served() as server, fetching() as fetch:
            server.answers["/feed"] = response(FEED)
            url = f"http://localhost:{server.port}/feed"
            first = await fetch.get(url, kind="feed", home=url, allow=server.allow)
            assert isinstance(first, Fetched)
            second = await fetch.get(url, kind="feed", home=url)
            return second, len(server.requests)

    found, requests = uvloop.run(run())
    assert problem(found) is FetchProblem.REFUSED
    assert requests == 1


def test_through_a_proxy_names_of_the_inside_are_refused_and_internal_feeds_go_direct() -> None:
    async def run() -> tuple[list[FetchResult], list[str], list[str]]:
        async with served() as proxy, served() as inner:
            proxy.answers["http://gazette.example/feed"] = response(FEED)
            inner.answers["/feed"] = response(FEED)
            async with Door(proxy=proxy.origin) as door:
                fetch = Fetcher(door, contact="", version="9.9", now=lambda: NOW)
                found = [
                    await fetch.get(url, kind="feed", home=url, allow=allow)
                    for url, allow in (
                        ("http://gazette.example/feed", ()),
                        ("http://localhost/feed", ()),
                        ("http://press.internal/feed", ()),
                        ("http://127.0.0.1/feed", ()),
                        (f"{inner.origin}/feed", inner.allow),
                    )
                ]
            return found, [r.path for r in proxy.requests], [r.path for r in inner.requests]

    (public, *inside, internal), proxied, direct = uvloop.run(run())
    assert isinstance(public, Fetched)
    assert [problem(found) for found in inside] == [FetchProblem.REFUSED] * 3
    assert isinstance(internal, Fetched)
    assert (proxied, direct) == (["http://gazette.example/feed"], ["/feed"])


def test_an_unknown_name_is_unreachable() -> None:
    async def run() -> FetchResult:
        async with fetching() as fetch:
            url = "http://no-such-name.invalid/feed"
            return await fetch.get(url, kind="feed", home=url)

    assert problem(uvloop.run(run())) is FetchProblem.UNREACHABLE


# -- manners --------------------------------------------------------------------------------------


def test_a_host_sees_two_connections_at_most_and_keeps_them() -> None:
    async def run() -> Server:
        async with served() as server, fetching() as fetch:
            for n in range(12):
                server.answers[f"/{n}"] = response(FEED)
            await asyncio.gather(
                *(
                    fetch.get(
                        f"{server.origin}/{n}",
                        kind="feed",
                        home=server.origin,
                        allow=server.allow,
                    )
                    for n in range(12)
                )
            )
            return server

    server = uvloop.run(run())
    assert len(server.requests) == 12
    assert server.most_open <= 2
    assert server.connections <= 2


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Say nothing; the server closes the connection."""


async def reset(writer: asyncio.StreamWriter) -> None:
    linger_not = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_not)


@pytest.mark.parametrize("end", [hang_up, reset])
def test_a_kept_connection_that_the_server_gave_up_is_made_anew(
    end: Callable[[asyncio.StreamWriter], Awaitable[None]],
) -> None:
    async def run() -> tuple[list[FetchResult], Server]:
        async with served() as server, fetching() as fetch:
            url = f"{server.origin}/feed"

            async def gone(writer: asyncio.StreamWriter) -> None:
                server.answers["/feed"] = response(FEED)
                await end(writer)

            found = []
            for answer in (response(FEED), gone):
                server.answers["/feed"] = answer
                found.append(await fetch.get(url, kind="feed", home=url, allow=server.allow))
            return found, server

    found, server = uvloop.run(run())
    assert all(isinstance(each, Fetched) for each in found)
    assert (len(server.requests), server.connections) == (3, 2)


def test_a_server_that_only_hangs_up_is_asked_twice_and_no_more() -> None:
    found, server = get(hang_up)
    assert problem(found) is FetchProblem.UNREACHABLE
    assert isinstance(found, Unreachable)
    assert found.reason == "the server hung up"
    assert len(server.requests) == 2


class Loop(asyncio.SelectorEventLoop):
    """Time passes as soon as everybody waits."""

    def __init__(self) -> None:
        super().__init__()
        self._ahead = 0.0

    def time(self) -> float:
        return super().time() + self._ahead

    def sleepers_first(self, seconds: float) -> None:
        self._ahead += seconds


def _page_times(count: int, delay: float | None = None) -> list[float]:
    """At which second each page of one host got its turn."""

    async def run() -> list[float]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, Loop)
        began = loop.time()
        turns = hosts.Hosts()
        times = []

        async def one() -> None:
            host = await turns.enter("press.example", paced=True, delay=delay)
            times.append(loop.time() - began)
            turns.leave(host)

        tasks = [asyncio.create_task(one()) for _ in range(count)]
        while not all(task.done() for task in tasks):
            await asyncio.sleep(0)
            loop.sleepers_first(0.5)
        return times

    with asyncio.Runner(loop_factory=Loop) as runner:
        return runner.run(run())


def test_thirty_pages_a_minute_and_no_more() -> None:
    times = _page_times(61)
    assert sum(second < 59 for second in times) == 30
    assert sum(second < 119 for second in times) == 60


def test_a_crawl_delay_is_kept() -> None:
    times = _page_times(4, delay=10.0)
    assert [round(second) // 10 for second in times] == [0, 1, 2, 3]


def _ask_page(robots: bytes, monkeypatch: pytest.MonkeyPatch) -> tuple[FetchResult, list[str]]:
    """A page of a host that counts as public, beside its robots.txt."""
    monkeypatch.setattr(net, "_judged", public)  # loopback too

    async def run() -> tuple[FetchResult, list[str]]:
        async with served() as server, fetching() as fetch:
            monkeypatch.setattr(fetcher, "PORTS", frozenset({server.port}))
            server.answers["/robots.txt"] = robots
            server.answers["/news/1"] = response(b"<p>text</p>", "Content-Type: text/html")
            url = f"{server.origin}/news/1"
            found = await fetch.get(url, kind="page", home="https://feeds.example.org/rss")
            await fetch.get(url, kind="page", home="https://feeds.example.org/rss")
            return found, [request.path for request in server.requests]

    return uvloop.run(run())


def test_robots_txt_is_asked_once_and_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    found, paths = _ask_page(response(b"User-agent: *\nDisallow: /news/\n"), monkeypatch)
    assert problem(found) is FetchProblem.REFUSED
    assert paths == ["/robots.txt"]


@pytest.mark.parametrize("status", ["404 Not Found", "403 Forbidden"])
def test_a_site_without_robots_txt_may_be_read(
    status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, paths = _ask_page(response(b"", status=status), monkeypatch)
    assert isinstance(found, Fetched)
    assert paths == ["/robots.txt", "/news/1", "/news/1"]


def test_a_site_that_cannot_say_is_asked_later(monkeypatch: pytest.MonkeyPatch) -> None:
    found, paths = _ask_page(response(b"", status="503 Later"), monkeypatch)
    assert isinstance(found, Unreachable)
    assert found.retry_after == timedelta(minutes=10)
    assert paths == ["/robots.txt"]


def test_a_host_that_fails_again_and_again_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang_up(writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    monkeypatch.setattr(net, "_judged", public)  # loopback too

    async def run() -> tuple[FetchResult, int, int]:
        async with served() as server, fetching() as fetch:
            server.answers["/feed"] = hang_up
            url = f"{server.origin}/feed"
            for _ in range(hosts.FAILURES):
                await fetch.get(url, kind="feed", home=url)
            before = server.connections
            return await fetch.get(url, kind="feed", home=url), before, server.connections

    found, before, after = uvloop.run(run())
    assert problem(found) is FetchProblem.UNREACHABLE
    assert before == after
