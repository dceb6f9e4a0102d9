"""The socket by which commands reach a running daemon: one JSON line each way."""

import json
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.errors import StateError

if TYPE_CHECKING:
    import asyncio

FILE = "control.sock"
LONGEST = 64 * 1024  # bytes of a request or an answer
PATIENCE = 60.0  # seconds a command waits for the daemon

Answer = dict[str, object]
Handler = Callable[[Answer], Awaitable[Answer]]


async def serve(folder: Path, handle: Handler) -> "asyncio.AbstractServer":
    """Answer requests on `folder`/control.sock, readable by its owner alone."""
    import asyncio  # commands only ask

    path = folder / FILE
    path.unlink(missing_ok=True)

    async def answer(reader: "asyncio.StreamReader", writer: "asyncio.StreamWriter") -> None:
        try:
            line = await asyncio.wait_for(reader.readline(), 10)
            request = json.loads(line)
            reply = await handle(request if isinstance(request, dict) else {})
            writer.write(json.dumps(reply).encode() + b"\n")
            await writer.drain()
        except (ValueError, OSError, TimeoutError):
            pass  # the caller sees the closed socket
        finally:
            writer.close()

    try:
        server = await asyncio.start_unix_server(answer, str(path), limit=LONGEST)
    except OSError as error:
        raise StateError(f"{path}: {error.strerror or error} - is the path too long?") from None
    path.chmod(0o600)
    return server


def ask(folder: Path, request: Answer) -> Answer | None:
    """Put a request to the daemon that holds `folder`; None when there is none."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC) as sock:
        sock.settimeout(PATIENCE)
        try:
            sock.connect(str(folder / FILE))
            sock.sendall(json.dumps(request).encode() + b"\n")
            with sock.makefile("rb") as stream:
                line = stream.readline(LONGEST)
        except OSError:
            return None
    reply = json.loads(line) if line else None
    return reply if isinstance(reply, dict) else None
