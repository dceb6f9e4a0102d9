"""How durations, times, shares, networks and secrets are written in the file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from decimal import Decimal
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import quote, urlsplit

from monitor.errors import ConfigError

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
LONGEST = 100 * 366 * 86_400  # seconds
_DURATION = re.compile(r"(?:\d+[smhdw])+")
_SIZES = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_PLAIN = re.compile(r"https?://[a-z0-9.-]*[a-z0-9](?::[0-9]+)?(?:[/?#].*)?")
_UNIX = re.compile(r"unix:.+")
_LOOPBACK = re.compile(r"(?:127\.\d+\.\d+\.\d+|\[::1\]|localhost):\d{1,5}")
_REFERENCE = re.compile(r"\$\{(?:(file|cred):)?([^{}]+)\}")


def duration(text: object) -> timedelta:
    """Read "15m", "1h30m", "365d"; raises ValueError."""
    if isinstance(text, timedelta):
        return text
    if not isinstance(text, str) or not _DURATION.fullmatch(text):
        raise ValueError('is no duration - write a number and s, m, h, d or w, such as "15m"')
    parts = re.findall(r"(\d+)([smhdw])", text)
    seconds = sum(int(number) * _UNITS[unit] for number, unit in parts)
    if seconds > LONGEST:
        raise ValueError("is longer than a century")
    return timedelta(seconds=seconds)


def size(text: object) -> int:
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?([KMGT]B)", text) if isinstance(text, str) else None
    if found is None:
        raise ValueError('is no size - write a number and KB, MB, GB or TB, such as "5GB"')
    return int(Decimal(found[1]) * _SIZES[found[2]])


def wall(text: object) -> time:
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text) if isinstance(text, str) else None
    if found is None:
        raise ValueError('is no time of day - write "07:30"')
    return time(int(found[1]), int(found[2]))


def when(value: object) -> tuple[time, ...]:
    if value == "now":
        return ()
    if not isinstance(value, list | tuple) or not value:
        raise ValueError('is no digest time - write "now" or a list such as ["07:30", "18:00"]')
    return tuple(sorted({wall(each) for each in value}))


def quiet(text: object) -> tuple[time, time]:
    parts = text.split("-") if isinstance(text, str) else []
    if len(parts) != 2:  # noqa: PLR2004 - a start and an end
        raise ValueError('is no span of hours - write "23:00-06:30"')
    start, end = wall(parts[0].strip()), wall(parts[1].strip())
    if start == end:
        raise ValueError("starts and ends at the same time, which would silence everything")
    return start, end


def percent(text: object) -> Decimal:
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?%", text) if isinstance(text, str) else None
    if found is None:
        raise ValueError('is no percentage - write "5%"')
    return Decimal(found[1]) / 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateNetwork:
    """An internal network and port that one feed may contact."""

    network: IPv4Network | IPv6Network
    port: int

    def __str__(self) -> str:
        return f"{self.network}:{self.port}"

    def __hash__(self) -> int:
        return self.port  # tells most apart; a network's own hash is dear, and asked a lot


def private_network(text: object) -> PrivateNetwork:
    """Read "127.0.0.1/32:8080" or "[fd00::]/64:8080"; raises ValueError."""
    found = _private_network(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError('is no network and port - write "127.0.0.1/32:8080"')
    return found


@lru_cache(maxsize=256)
def _private_network(text: str) -> PrivateNetwork | None:
    address, _, port = text.rpartition(":")
    try:
        network = ip_network(address.replace("[", "").replace("]", ""))
        number = int(port)
    except ValueError:
        return None
    if not 0 < number < 65_536:  # noqa: PLR2004 - the range of ports
        return None
    return PrivateNetwork(network=network, port=number)


class Secret:
    """A value that may name secrets, shown as `***`; only what sends or fetches resolves it.

    `${NAME}` is an environment variable, `${file:PATH}` a file, `${cred:NAME}` a systemd
    credential.
    """

    __slots__ = ("_template",)

    def __init__(self, template: str) -> None:
        self._template = template

    def __repr__(self) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._template == self._template

    def __hash__(self) -> int:
        return hash(self._template)

    @property
    def scheme(self) -> str:
        """What stands before "://", lower case; "" when a reference hides it."""
        scheme, found, _ = self._template.partition("://")
        return scheme.lower() if found and "$" not in scheme else ""

    def references(self) -> tuple[str, ...]:
        """List the references in it, such as "cred:smtp"; never their values."""
        pairs = _REFERENCE.findall(self._template)
        return tuple(f"{kind}:{name}" if kind else name for kind, name in pairs)

    def missing(self, environ: Mapping[str, str]) -> tuple[str, ...]:
        """Say which references have no value now."""
        return tuple(each for each in self.references() if _look_up(each, environ) is None)

    def reveal(self, environ: Mapping[str, str], *, encoded: bool = False) -> str:
        """Put the values in, percent-encoded for a URL when `encoded`; raises ConfigError."""

        def value(match: re.Match[str]) -> str:
            name = f"{match[1]}:{match[2]}" if match[1] else match[2]
            found = _look_up(name, environ)
            if found is None:
                raise ConfigError("secrets", [missing_secret(name)])
            whole = match.group() == self._template
            return quote(found, safe="") if encoded and not whole else found

        return _REFERENCE.sub(value, self._template)

    def secrets(self, environ: Mapping[str, str]) -> tuple[str, ...]:
        """List the resolved values, for the log's redaction."""
        found = (_look_up(each, environ) for each in self.references())
        return tuple(each for each in found if each)


def missing_secret(name: str) -> str:
    """Say what to do about a reference without a value."""
    if name.startswith("cred:"):
        return (
            f"${{{name}}} has no value - add LoadCredential={name[5:]}:PATH to the unit"
            " (it exists only inside the service)"
        )
    if name.startswith("file:"):
        return f"${{{name}}} cannot be read - write the file, readable by newsmon alone"
    return f"${{{name}}} is not set - set the environment variable {name}"


def _look_up(name: str, environ: Mapping[str, str]) -> str | None:
    if name.startswith("cred:"):
        folder = environ.get("CREDENTIALS_DIRECTORY")
        path = Path(folder, name[5:]) if folder else None
    elif name.startswith("file:"):
        path = Path(name[5:])
    else:
        return environ.get(name)
    try:
        return path.read_text(encoding="utf-8").removesuffix("\n") if path else None
    except (OSError, UnicodeDecodeError):
        return None


def web_address(url: str) -> str:
    """Accept an absolute http(s) address; raises ValueError."""
    if _PLAIN.fullmatch(url):  # as nearly all are, in a tenth of the time
        return url
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f'"{url}" is no web address - write "https://…"')
    if parts.username or parts.password:
        raise ValueError("holds a password - write user and password as keys of their own")
    return url


def listening_place(text: str) -> bool:
    """Accept `unix:PATH` or a port of this machine alone."""
    return bool(_UNIX.fullmatch(text) or _LOOPBACK.fullmatch(text))
