"""A response body, decoded in pieces under a running cap: a bomb ends where the cap is."""

import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from monitor import chaos
from monitor.fetch.failure import FetchError
from monitor.model import FetchProblem

KIB, MIB = 1024, 1024 * 1024
RATIO = 100  # real text never packs better, once past the first MiB
_GZIP = zlib.MAX_WBITS | 16
_CODINGS = frozenset({"gzip", "x-gzip", "deflate"})
ACCEPT_ENCODING = "gzip, deflate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """Bytes that one body may have on the wire and after decoding."""

    wire: int
    decoded: int


CAPS = {
    "feed": Cap(wire=8 * MIB, decoded=16 * MIB),
    "page": Cap(wire=4 * MIB, decoded=6 * MIB),  # a newspaper page is 0.1-2 MiB
    "robots": Cap(wire=512 * KIB, decoded=512 * KIB),  # RFC 9309 §2.5
}


async def read(chunks: AsyncIterator[bytes], *, coding: str, length: int | None, cap: Cap) -> bytes:
    """The whole decoded body; `coding` is the Content-Encoding, `length` the Content-Length.

    Raises FetchError when it is too large, damaged, cut short or in a coding not asked for.
    """
    if length is not None and length > cap.wire:
        raise FetchError(FetchProblem.TOO_LARGE, f"the server announces {length:,} bytes")
    codings = [
        c for c in (c.strip().lower() for c in coding.split(",")) if c not in ("", "identity")
    ]
    if len(codings) > 1 or not _CODINGS.issuperset(codings):
        raise FetchError(
            FetchProblem.UNREACHABLE, f"content coding {coding[:60]!r} was not asked for"
        )
    decoder = _Decoder(codings[0]) if codings else None
    body = bytearray()
    wire = 0
    async for chunk in chunks:
        chaos.point("fetch.body")
        wire += len(chunk)
        if wire > cap.wire:
            raise FetchError(FetchProblem.TOO_LARGE, f"more than {cap.wire:,} bytes")
        body += decoder.feed(chunk, room=cap.decoded - len(body)) if decoder else chunk
        if len(body) > cap.decoded or (len(body) > MIB and len(body) > RATIO * wire):
            raise FetchError(FetchProblem.TOO_LARGE, "the packed body unpacks to too much")
    if decoder and wire and not decoder.whole:
        raise FetchError(FetchProblem.UNREACHABLE, "the packed body was cut short")
    return bytes(body)


class _Decoder:
    """gzip (also several members, also with junk behind the last) and both forms of deflate."""

    def __init__(self, coding: str) -> None:
        self._gzip = coding != "deflate"
        self._stream = None if not self._gzip else zlib.decompressobj(_GZIP)
        self.whole = False

    def feed(self, chunk: bytes, *, room: int) -> bytes:
        if self._stream is None:
            zlib_header = chunk[0] & 0x0F == zlib.DEFLATED and chunk[0] >> 4 <= 7  # noqa: PLR2004
            bits = zlib.MAX_WBITS if zlib_header else -zlib.MAX_WBITS  # RFC 9110 §8.4.1.2
            self._stream = zlib.decompressobj(bits)
        out = bytearray()
        try:
            while chunk and not (self.whole and not self._next_member(chunk)):
                self.whole = False
                out += self._stream.decompress(chunk, room - len(out) + 1)
                if len(out) > room:
                    break
                self.whole = self._stream.eof
                chunk = self._stream.unused_data if self.whole else b""
        except zlib.error as error:
            raise FetchError(
                FetchProblem.UNREACHABLE, f"the packed body is damaged: {error}"
            ) from error
        return bytes(out)

    def _next_member(self, chunk: bytes) -> bool:
        if self._gzip and chunk.startswith(b"\x1f\x8b"):
            self._stream = zlib.decompressobj(_GZIP)
            return True
        return False
