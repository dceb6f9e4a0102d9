"""Metrics and health for machines: two answers over HTTP, on a unix socket or a loopback port."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from monitor.errors import StateError

PATIENCE = 5.0  # seconds for a request line
LONGEST = 8 * 1024  # bytes of a request's head

Connected = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Answer = tuple[int, str]
Answering = Callable[[str], Awaitable[Answer]]
Sample = tuple[str, dict[str, str], float]

_PHRASES = {200: "OK", 404: "Not Found", 405: "Method Not Allowed", 503: "Service Unavailable"}


@asynccontextmanager
async def serving(address: str, answer: Answering) -> AsyncIterator[None]:
    """Answer GET requests at `address` for a while; the socket file is for its owner and group."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, TimeoutError, ValueError, asyncio.IncompleteReadError):
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
            method, path, *_ = head.decode("latin-1").split(" ", 2)
            status, text = await answer(path) if method == "GET" else (405, "only GET\n")
            writer.write(_response(status, text))
            await writer.drain()
        writer.close()

    try:
        server = await _listening(address, connected)
    except OSError as error:
        raise StateError(f"metrics: {address}: {error.strerror or error}") from None
    try:
        async with server:
            yield
    finally:
        if path := _socket_file(address):
            path.unlink(missing_ok=True)


def _socket_file(address: str) -> Path | None:
    return Path(address.removeprefix("unix:")) if address.startswith("unix:") else None


async def _listening(address: str, connected: Connected) -> asyncio.Server:
    if path := _socket_file(address):  # a socket that a dead process left makes room, a file never
        server = await asyncio.start_unix_server(connected, str(path), limit=LONGEST)
        path.chmod(0o660)
        return server
    host, _, port = address.rpartition(":")
    return await asyncio.start_server(  # noqa: TID251 - listening is its business
        connected, host.strip("[]"), int(port), limit=LONGEST
    )


def _response(status: int, text: str) -> bytes:
    body = text.encode()
    head = (
        f"HTTP/1.1 {status} {_PHRASES[status]}\r\nContent-Type: text/plain; version=0.0.4;"
        f" charset=utf-8\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body


def exposition(samples: Iterable[Sample]) -> str:
    """Write samples in Prometheus' text format 0.0.4; a name ending in `_total` is a counter."""
    lines: list[str] = []
    named = ""
    for name, labels, value in samples:
        if name != named:
            kind = "counter" if name.endswith("_total") else "gauge"
            lines.append(f"# TYPE newsmon_{name} {kind}")
            named = name
        pairs = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        shown = f"{{{pairs}}}" if pairs else ""
        lines.append(f"newsmon_{name}{shown} {value!r}")
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
