"""A target may be anywhere its operator says, but never where a machine's credentials lie."""

import socket
from ipaddress import ip_network

from monitor import net
from monitor.config import PrivateNetwork


class Forbidden(OSError):  # noqa: N818 - what the address is
    """A link-local or cloud metadata address."""


def check_host(host: str, port: int) -> None:
    """Look at every address of a host; raises Forbidden, or OSError when it has none."""
    for *_, address in socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM):
        check_address(address)


def check_address(address: tuple[object, ...]) -> None:
    """Look at a socket address; raises Forbidden."""
    port = int(str(address[1]))
    anywhere = tuple(
        PrivateNetwork(network=ip_network(block), port=port) for block in ("0.0.0.0/0", "::/0")
    )
    if (reason := net.refusal(address, port, allow=anywhere)) is not None:
        raise Forbidden(reason)
