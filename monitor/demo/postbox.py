"""A real SMTP server on loopback that keeps every letter as it came."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import cast

from aiosmtpd.smtp import SMTP, Envelope, Session

from monitor.demo.press import HOST


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail as the server took it."""

    raw: bytes

    @property
    def parsed(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)

    @property
    def to(self) -> str:
        return str(self.parsed["To"])

    @property
    def subject(self) -> str:
        return str(self.parsed["Subject"])

    @property
    def kind(self) -> str:
        return str(self.parsed["X-Newsmon-Reason"])

    def part(self, kind: str) -> str:
        """Give the plain or html part."""
        body = self.parsed.get_body((kind,))
        return str(body.get_content()) if body is not None else ""

    def keep(self, folder: Path, name: str) -> Path:
        """Write the letter as it came, and its HTML part beside it."""
        path = folder / f"{name}.eml"
        path.write_bytes(self.raw)
        path.with_suffix(".html").write_text(self.part("html"), encoding="utf-8")
        return path


@dataclass(slots=True)
class Postbox:
    """Letters in the order they were taken; `address` is where the server listens."""

    address: str = ""
    letters: list[Letter] = field(default_factory=list)

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        self.letters.append(Letter(cast("bytes", envelope.original_content)))
        return "250 taken"


@asynccontextmanager
async def postbox() -> AsyncIterator[Postbox]:
    """Serve SMTP on a free port while the block lasts."""
    loop = asyncio.get_running_loop()
    box = Postbox()
    server = await loop.create_server(
        lambda: SMTP(box, hostname="demo.example", loop=loop), HOST, 0
    )
    box.address = "{}:{}".format(*server.sockets[0].getsockname())
    try:
        yield box
    finally:
        server.close()
