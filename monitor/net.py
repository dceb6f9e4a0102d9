"""The one door to the network: which addresses may be contacted, and the sessions that obey.

The guard stands at the connection, where the address really dialled is known: literals, names,
redirects and re-bound DNS all pass it. `ipaddress.is_global` alone misses a third of what must be
refused; the table below follows the IANA special-purpose registries (RFC 6890 and its successors).
"""

import asyncio
import errno
import os
import re
import socket
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from types import TracebackType
from typing import Any, Literal, Self, TypeAlias
from urllib.parse import urlsplit

import aiohttp
import can_ada
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from monitor.config import PrivateNetwork

IPAddress: TypeAlias = IPv4Address | IPv6Address
IPNetwork: TypeAlias = IPv4Network | IPv6Network
Response: TypeAlias = aiohttp.ClientResponse

FAILURES = (TimeoutError, aiohttp.ClientError, OSError, ValueError)  # what a request may raise
# nobody said no: these come from our own machine, or from a router on the way
_NO_WAY = frozenset({errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTUNREACH, errno.EHOSTDOWN})

PORTS = frozenset({80, 443, 8080, 8443})
URL_LIMIT = 2048  # characters
HEADER_LINES = 100
HEADER_LINE = 8_190  # bytes
LOOKUPS = 32  # names resolved at once; a hanging resolver blocks these threads and nothing else
LOOKUP_SECONDS = 5.0
CONNECT_SECONDS = 5.0
_PATIENCE = aiohttp.ClientTimeout(sock_connect=CONNECT_SECONDS)

_REFUSED: tuple[tuple[IPNetwork, str], ...] = tuple(
    (ip_network(block), name)
    for block, name in (
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("255.255.255.255/32", "broadcast"),
        ("240.0.0.0/4", "reserved"),
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("::/96", "IPv4-compatible"),
        ("::ffff:0:0:0/96", "IPv4-translated"),
        ("64:ff9b:1::/48", "local NAT64"),
        ("100::/64", "discard"),
        ("100:0:0:1::/64", "dummy prefix"),
        ("2001::/32", "Teredo"),
        ("2001:2::/48", "benchmarking"),
        ("2001:10::/28", "ORCHID"),
        ("2001:20::/28", "ORCHID"),
        ("2001:30::/28", "drone remote identification"),
        ("2001::/23", "protocol assignments"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("3ffe::/16", "6bone"),
        ("3fff::/20", "documentation"),
        ("5f00::/16", "segment routing"),
        ("fc00::/7", "unique-local"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    )
)
_UNICAST6 = IPv6Network("2000::/3")  # all that IANA has given out for global use

# Whoever reaches these gets a machine's credentials: no configuration opens them.
_NEVER = tuple(
    ip_network(block)
    for block in (
        "169.254.0.0/16",
        "100.100.100.200/32",
        "168.63.129.16/32",
        "192.0.0.192/32",
        "fe80::/10",
        "fd00:ec2::254/128",
        "fd20:ce::254/128",
    )
)
_CARRIED = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))  # mapped, NAT64
_METADATA, _SCOPED = "metadata", "scoped"  # rules that no configuration lifts
_ISATAP = 0x0000_5EFE  # RFC 5214: in the upper half of the interface identifier

_UNFIT = re.compile(r"[\\\x00-\x20\x7f-\xa0\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]")
_START = re.compile(r"https?://[^/?#]*", re.IGNORECASE)
_NUMBER_HOST = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)(?:\.(?:0x[0-9a-f]*|[0-9]+))*\.?", re.IGNORECASE)
_LOCAL_NAME = re.compile(r"[^.]+|.*\.(?:localhost|local|internal|lan|home\.arpa)\.?", re.IGNORECASE)
_DOTTED_QUAD = re.compile(r"(?:(?:0|[1-9][0-9]{0,2})\.){3}(?:0|[1-9][0-9]{0,2})")


def refusal(
    address: str | tuple[Any, ...], port: int, allow: Sequence[PrivateNetwork] = ()
) -> str | None:
    """Why a connection to `address` (text, or a socket address) must not be made; None: it may."""
    text, scope = (address, 0) if isinstance(address, str) else _of_sockaddr(address)
    try:
        judged, rule = _judged(text, scope)
    except ValueError:
        return f"{text!r} is no IP address"
    if rule == _METADATA:
        return f"{text} is a link-local or cloud metadata address: never contacted"
    if rule is None:
        return None
    if rule != _SCOPED and any(p.port == port and _within(judged, p.network) for p in allow):
        return None
    return f'{text} port {port} is {rule}: allow_private = ["{_cidr(judged)}:{port}"] would open it'


@lru_cache(maxsize=4_096)
def _judged(text: str, scope: int) -> tuple[IPAddress, str | None]:
    """The address that would be dialled, and the rule against it; raises ValueError."""
    ip = ip_address(text)
    judged = _carried(ip)
    if any(_within(one, block) for one in {ip, judged} for block in _NEVER):
        return judged, _METADATA
    scoped = bool(scope) or (isinstance(ip, IPv6Address) and ip.scope_id is not None)
    return judged, _SCOPED if scoped else _rule(judged)


def _of_sockaddr(address: tuple[Any, ...]) -> tuple[str, int]:
    return str(address[0]), int(address[3]) if len(address) > 3 else 0  # noqa: PLR2004 - IPv6 scope


def _carried(ip: IPAddress) -> IPAddress:
    """The IPv4 address inside a form that systems do dial as such, else `ip`."""
    if isinstance(ip, IPv6Address):
        if any(_within(ip, block) for block in _CARRIED):
            return IPv4Address(int(ip) & 0xFFFF_FFFF)
        if (int(ip) >> 32) & 0xFDFF_FFFF == _ISATAP:
            inner = IPv4Address(int(ip) & 0xFFFF_FFFF)
            return inner if _rule(inner) else ip
    return ip


def _within(ip: IPAddress, block: IPNetwork) -> bool:
    return ip.version == block.version and ip in block


def _rule(ip: IPAddress) -> str | None:
    for block, name in _REFUSED:
        if _within(ip, block):
            return name
    if isinstance(ip, IPv6Address) and ip not in _UNICAST6:
        return "reserved"
    return None


def _cidr(ip: IPAddress) -> str:
    return f"{ip}/32" if isinstance(ip, IPv4Address) else f"[{ip}]/128"


def refuse_url(
    url: str, allow: Sequence[PrivateNetwork] = (), *, ports: frozenset[int] | None = PORTS
) -> str | None:
    """Why an address, as written, must not be asked for; what it resolves to is judged later.

    `ports` that may be contacted, None for any.
    """
    if (reason := _refuse_spelling(url)) is not None:
        return reason
    if (start := _START.match(url)) is None:
        return "only http and https addresses are fetched"
    return _refuse_start(start[0], tuple(allow), ports)


@lru_cache(maxsize=4_096)
def _refuse_start(
    start: str, allow: tuple[PrivateNetwork, ...], ports: frozenset[int] | None
) -> str | None:
    """Judge what stands before the path: many addresses share it."""
    try:
        parts = urlsplit(start)
        named = parts.port
        hostname = can_ada.parse(start).hostname if parts.netloc else ""
    except ValueError:
        return "the address cannot be read"
    if "@" in parts.netloc:
        return "the address holds a user name: `user` and `password` of the feed are for that"
    port = (443 if parts.scheme.lower() == "https" else 80) if named is None else named
    if ports is not None and port not in ports and all(port != one.port for one in allow):
        return f"port {port} is not one of {_listed(ports)}: allow_private names others"
    return _refuse_host(parts.netloc, hostname, port, allow)


def _refuse_spelling(url: str) -> str | None:
    if len(url) > URL_LIMIT:
        return f"the address is longer than {URL_LIMIT} characters"
    if _UNFIT.search(url):
        return "the address holds a backslash, white space or control characters"
    return None


def _refuse_host(
    written: str, hostname: str, port: int, allow: Sequence[PrivateNetwork]
) -> str | None:
    """`written` is the host as it stands in the address, `hostname` what WHATWG makes of it."""
    if not written:
        return "the address names no host"
    if hostname.startswith("["):
        return refusal(hostname.strip("[]"), port, allow)
    if _NUMBER_HOST.fullmatch(hostname):
        host = written.partition(":")[0].rstrip(".")
        if not _DOTTED_QUAD.fullmatch(host):
            return f"the host {host!r} is a number in disguise"
        return refusal(hostname, port, allow)
    return None


def _listed(ports: frozenset[int]) -> str:
    return ", ".join(map(str, sorted(ports)))


def same_origin(one: str, other: str) -> bool:
    """Whether two addresses share scheme, host and port."""
    try:
        a, b = can_ada.parse(one), can_ada.parse(other)
    except ValueError:
        return False
    return bool(a.origin == b.origin)


class _Resolver(AbstractResolver):
    """getaddrinfo in threads of its own, so that hanging lookups starve nothing else."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(LOOKUPS, thread_name_prefix="lookup")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        lookup = asyncio.get_running_loop().run_in_executor(
            self._threads, _lookup, host, port, family
        )
        try:
            found = await asyncio.wait_for(lookup, LOOKUP_SECONDS)
        except TimeoutError:
            raise OSError(errno.ETIMEDOUT, f"no answer about the name {host}") from None
        return [
            ResolveResult(
                hostname=host, host=_numeric(address), port=address[1], family=family, proto=proto,
                flags=socket.AI_NUMERICHOST,
            )
            for family, _, proto, _, address in found
        ]  # fmt: skip

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


def _lookup(host: str, port: int, family: socket.AddressFamily) -> list[Any]:
    return socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)


def _numeric(address: tuple[Any, ...]) -> str:
    """With its zone, so that a scoped address is recognised as one."""
    text, scope = _of_sockaddr(address)
    return f"{text}%{scope}" if scope and "%" not in text else text


def as_spelled(url: str) -> URL:
    """Read an address and change nothing in it; what stands before the path is read once."""
    at = url.find("/", len("https://"))
    if at < 0 or "?" in url or "#" in url:
        return URL(url, encoded=True)
    return _house(url[:at]).with_path(url[at:], encoded=True)


@lru_cache(maxsize=1_024)
def _house(start: str) -> URL:
    return URL(start, encoded=True)


class Door:
    """Owns the HTTP connections: a pool for each set of opened private networks.

    Connections are kept alive, so a pool must never serve a feed with another `allow`: the guard
    would not be asked again.

    Requests go without aiohttp's session, whose cookies, redirects, time limits, credentials and
    hooks are all off here, and yet were a quarter of a request's cost.
    """

    def __init__(self, *, proxy: str | None = None) -> None:
        self.proxy = proxy
        self._pools: dict[tuple[PrivateNetwork, ...], aiohttp.TCPConnector] = {}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._resolver = _Resolver()
        self._stack.push_async_callback(self._resolver.close)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pools.clear()
        await self._stack.aclose()

    async def request(
        self, url: str, *, headers: Mapping[str, str], allow: tuple[PrivateNetwork, ...] = ()
    ) -> Response:
        """GET one address, exactly as spelled; redirects, bodies and codings are the caller's.

        So is patience: only a connection that is not made in time is given up here.

        Internal feeds are asked directly, everything else through the proxy when there is one.
        The proxy looks names up, so the guard cannot: names that mean an inside are refused here.
        Raises RefusedError, and what aiohttp raises.
        """
        if self.proxy and not allow and _LOCAL_NAME.fullmatch(urlsplit(url).hostname or ""):
            raise RefusedError(errno.EACCES, f"{url} names a host inside, and a proxy is in use")
        request = aiohttp.ClientRequest(
            "GET",
            as_spelled(url),
            headers=headers,
            proxy=URL(self.proxy) if self.proxy and not allow else None,
            loop=asyncio.get_running_loop(),
        )
        pool = self._pools.get(allow) or self._pool(allow)
        try:
            return await _answer(pool, request)
        except aiohttp.ClientConnectorError:
            raise
        except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError):  # it was kept too long
            return await _answer(pool, request)

    def _pool(self, allow: tuple[PrivateNetwork, ...]) -> aiohttp.TCPConnector:
        proxied = self.proxy is not None and not allow
        pool = self._pools[allow] = aiohttp.TCPConnector(
            limit=0,  # who asks counts, over all pools
            resolver=self._resolver,
            ttl_dns_cache=60,
            socket_factory=None if proxied else _guarded(allow),
        )
        self._stack.push_async_callback(pool.close)
        return pool


async def _answer(pool: aiohttp.TCPConnector, request: aiohttp.ClientRequest) -> Response:
    """Send a request; give the answer once its head is there."""
    try:
        connection = await pool.connect(request, [], _PATIENCE)
    except TimeoutError as error:
        raise aiohttp.ConnectionTimeoutError from error
    try:
        assert connection.protocol is not None  # noqa: S101 - it was just made
        connection.protocol.set_response_params(
            read_until_eof=True,
            auto_decompress=False,
            max_line_size=HEADER_LINE,
            max_field_size=HEADER_LINE,
            max_headers=HEADER_LINES,
        )
        response = await request.send(connection)
        return await response.start(connection)
    except BaseException:
        connection.close()
        raise


class RefusedError(PermissionError):
    """The guard's word, raised where a socket would have been made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What a library's exception means."""

    kind: Literal["refused", "timeout", "unreachable"]
    reason: str  # one line for a person
    silent: bool = False  # no machine answered: the name unknown, no way there


def failure(error: Exception) -> Failure:
    """Say what one of `FAILURES` means."""
    match error:
        case aiohttp.ClientConnectorError(os_error=cause) if cause.errno == errno.EACCES:
            found = Failure(kind="refused", reason=str(cause.strerror))
        case RefusedError():
            found = Failure(kind="refused", reason=str(error.strerror))
        case aiohttp.ConnectionTimeoutError():
            found = Failure(kind="timeout", reason="no connection in time", silent=True)
        case TimeoutError():
            found = Failure(kind="timeout", reason="no complete answer in time")
        case aiohttp.ClientConnectorDNSError():
            reason = f"the name {error.host} is not known"
            found = Failure(kind="unreachable", reason=reason, silent=True)
        case aiohttp.ClientConnectorError(os_error=cause) if cause.errno in _NO_WAY:
            found = Failure(kind="unreachable", reason=cause.strerror or str(cause), silent=True)
        case aiohttp.ClientConnectorError(os_error=ConnectionRefusedError()):
            found = Failure(kind="unreachable", reason="the server refused the connection")
        case aiohttp.ClientConnectorCertificateError(certificate_error=cause):
            words = getattr(cause, "verify_message", "") or str(cause)
            found = Failure(kind="unreachable", reason=f"its certificate is not valid: {words}")
        case aiohttp.ClientPayloadError():
            found = Failure(kind="unreachable", reason="the answer was cut short")
        case aiohttp.ServerDisconnectedError():
            found = Failure(kind="unreachable", reason="the server hung up")
        case _:
            found = Failure(kind="unreachable", reason=str(error) or type(error).__name__)
    return replace(found, reason=" ".join(found.reason.split())[:300])


def _guarded(allow: tuple[PrivateNetwork, ...]) -> aiohttp.SocketFactoryType:
    def open_socket(info: aiohttp.AddrInfoType) -> socket.socket:
        family, kind, proto, _, address = info
        if (reason := refusal(address, int(address[1]), allow)) is not None:
            raise RefusedError(errno.EACCES, reason)
        sock = socket.socket(family, kind, proto)
        sock.setblocking(False)
        return sock

    return open_socket


def sd_notify(*fields: str) -> bool:
    """Tell systemd, such as `READY=1`; False without a NOTIFY_SOCKET."""
    path = os.environ.get("NOTIFY_SOCKET")
    if not path:
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
        sock.connect("\0" + path[1:] if path.startswith("@") else path)
        sock.sendall("\n".join(fields).encode())
    return True
