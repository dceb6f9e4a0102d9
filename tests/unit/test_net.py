"""The address table, from the IANA registries and RFC 6890, 4291, 6052, 3056, 4380, 5214."""

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from yarl import URL

from monitor.config import PrivateNetwork
from monitor.net import as_spelled, refusal, refuse_url, same_origin

# Every block of the two IANA special-purpose registries that is not "Globally Reachable", and what
# lies around them: multicast, 6bone, the retired site-local range, the 4-in-6 forms.
BLOCKS_4 = """
0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24
192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24
224.0.0.0/4 240.0.0.0/4 255.255.255.255/32 192.0.0.0/29 192.0.0.8/32 192.0.0.170/31
100.100.100.200/32 169.254.169.254/32 168.63.129.16/32
""".split()
BLOCKS_6 = """
::/128 ::1/128 ::/96 ::ffff:0:0:0/96 64:ff9b:1::/48 100::/64 2001::/23 2001:db8::/32 2002::/16
3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8 100:0:0:1::/64 2001::/32 2001:2::/48
2001:10::/28 3ffe::/16 fd00:ec2::254/128 4000::/3 8000::/1
""".split()
NEIGHBOURS_4 = """
1.0.0.0 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0
169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.0 192.0.1.255
192.0.3.0 192.31.196.1 192.52.193.1 192.175.48.1
192.88.98.255 192.88.100.0 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0
198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0 223.255.255.255
""".split()
NEIGHBOURS_6 = """
2000:: 2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff 2001:200:: 2001:db7:ffff:ffff:ffff:ffff:ffff:ffff
2001:db9:: 2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff 2003:: 3ffd:ffff:: 3fff:1000::
2606:4700:4700::1111 2a00:1450:4001:81b::200e 2620:4f:8000::1 3fff:ffff::
""".split()
INSIDE = """
127.0.0.1 10.1.2.3 100.64.0.1 169.254.169.254 172.31.255.254 192.168.1.1 198.19.0.1 224.0.0.251
""".split()


def _ends(block: str) -> list[str]:
    network = ip_network(block)
    middle = network[network.num_addresses // 2]
    return [str(network[0]), str(middle), str(network[-1])]


@pytest.mark.parametrize("address", [a for b in BLOCKS_4 + BLOCKS_6 for a in _ends(b)])
def test_every_block_that_is_not_public_is_refused_at_its_ends_and_inside(address: str) -> None:
    assert refusal(address, 443) is not None


def test_the_table_holds_193_refused_addresses_33_spellings_and_42_public_ones() -> None:
    """docs/operating.md says so."""
    refused = {end for block in BLOCKS_4 + BLOCKS_6 for end in _ends(block)}
    carried = {form for inner in INSIDE for form in _carriers(inner).values()}
    public = {*NEIGHBOURS_4, *NEIGHBOURS_6}
    assert (len(refused | carried), len(SPELLINGS), len(public)) == (193, 33, 42)


@pytest.mark.parametrize("address", NEIGHBOURS_4 + NEIGHBOURS_6)
def test_the_public_neighbours_of_every_block_may_be_contacted(address: str) -> None:
    assert refusal(address, 443) is None


def _carriers(inner: str) -> dict[str, str]:
    number = int(IPv4Address(inner))
    return {
        "mapped": f"::ffff:{inner}",
        "compatible": str(IPv6Address(number)),
        "translated": f"::ffff:0:{inner}",
        "nat64": f"64:ff9b::{inner}",
        "local nat64": f"64:ff9b:1::{inner}",
        "6to4": str(IPv6Address(0x2002 << 112 | number << 80)),
        "teredo server": str(IPv6Address(0x20010000 << 96 | number << 64)),
        "teredo client": str(IPv6Address(0x20010000 << 96 | number ^ 0xFFFFFFFF)),
        "isatap": str(IPv6Address(0x2A001450 << 96 | 0x00005EFE << 32 | number)),
        "isatap global": str(IPv6Address(0x2A001450 << 96 | 0x02005EFE << 32 | number)),
    }


@pytest.mark.parametrize(
    ("form", "address"), [(f, a) for inner in INSIDE for f, a in _carriers(inner).items()]
)
def test_a_private_address_is_refused_in_every_carried_form(form: str, address: str) -> None:
    assert refusal(address, 80) is not None, form


@pytest.mark.parametrize("address", ["::ffff:8.8.8.8", "64:ff9b::8.8.8.8"])
def test_a_public_address_is_reached_in_the_forms_that_systems_dial(address: str) -> None:
    assert refusal(address, 80) is None


@pytest.mark.parametrize(
    "address",
    [("fe80::1", 80, 0, 2), ("2a00:1450::1", 80, 0, 3), "2a00:1450::1%eth0"],
    ids=["link-local", "socket-address", "text"],
)
def test_a_scoped_address_is_refused(address: str | tuple[str, int, int, int]) -> None:
    assert refusal(address, 80) is not None


def _opened(network: str, port: int) -> PrivateNetwork:
    return PrivateNetwork(network=ip_network(network), port=port)


def test_a_private_network_is_opened_for_its_port_only() -> None:
    allow = (_opened("10.1.0.0/16", 8080),)
    assert refusal("10.1.2.3", 8080, allow) is None
    assert refusal("::ffff:10.1.2.3", 8080, allow) is None
    assert refusal("10.1.2.3", 8081, allow) is not None
    assert refusal("10.2.0.0", 8080, allow) is not None


def test_an_internal_ipv6_network_is_opened_too() -> None:
    allow = (_opened("fd12::/64", 80),)
    assert refusal(("fd12::5", 80, 0, 0), 80, allow) is None
    assert refusal("fd12:0:0:1::5", 80, allow) is not None


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("169.254.169.254", "169.254.0.0/16"),
        ("::ffff:169.254.169.254", "169.254.0.0/16"),
        ("fe80::1", "fe80::/10"),
        ("fd00:ec2::254", "fd00::/8"),
        ("100.100.100.200", "100.64.0.0/10"),
        ("169.254.169.254", "0.0.0.0/0"),
        ("64:ff9b::a9fe:a9fe", "::/0"),
    ],
)
def test_metadata_and_link_local_stay_shut_whatever_is_opened(address: str, network: str) -> None:
    assert refusal(address, 80, (_opened(network, 80),)) is not None


def test_a_refusal_names_the_rule_and_the_key_that_would_allow_it() -> None:
    assert refusal("192.168.7.9", 8080) == (
        '192.168.7.9 port 8080 is private: allow_private = ["192.168.7.9/32:8080"] would open it'
    )
    assert 'allow_private = ["[fd00::9]/128:80"]' in (refusal("fd00::9", 80) or "")


SPELLINGS = """
    127.1 127.0.1 2130706433 0x7f000001 0x7f.0.0.1 0177.0.0.1 017700000001 127.0.0.1. 127.000.000.1
    １２７.0.0.1 ①②⑦.⓪.⓪.① 127。0。0。1 %31%32%37.0.0.1 127.0.0.%31 [::1] [::] [0:0:0:0:0:0:0:1]
    [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1] [64:ff9b::7f00:1] [2002:7f00:1::] 0 0.0.0.0
    0x0 [fe80::1] [fc00::1] 10.0.0.1 169.254.169.254 8.8.2056 0x08080808 010.8.8.8 134744072
    """.split()


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_of_a_number_passes_as_a_name(host: str) -> None:
    assert refuse_url(f"http://{host}/feed") is not None


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/feed",
        "http://example.org:8080/",
        "HTTPS://EXAMPLE.ORG/",
        "https://xn--bcher-kva.example/",
        "https://bücher.example/",
        "https://8.8.8.8/feed",
        "https://[2606:4700:4700::1111]/feed",
        "https://1.example/",
        "https://example.org./",
    ],
)
def test_ordinary_addresses_may_be_asked_for(url: str) -> None:
    assert refuse_url(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "//example.org/",
        "http:example.org",
        "http:///example.org/",
        "https://user:word@example.org/",
        "https://user@example.org/",
        "http://a.example\\@b.example/",
        "http://example.org/\x00",
        "http://exam\nple.org/",
        "http://example.org/a b",
        "http://example.org/\u200b",
        "http://example.org:22/",
        "http://example.org:0/",
        "http://example.org:65536/",
        "http://example.org:-1/",
        "http://",
        "http://%00/",
        "http://[::1",
        "https://example.org/" + "a" * 2048,
    ],
    ids=repr,
)
def test_addresses_of_another_kind_are_refused(url: str) -> None:
    assert refuse_url(url) is not None


def test_an_opened_port_may_be_asked_for() -> None:
    allow = (_opened("127.0.0.1/32", 9000),)
    assert refuse_url("http://127.0.0.1:9000/feed", allow) is None
    assert refuse_url("http://127.0.0.1:9001/feed", allow) is not None


def test_an_origin_is_scheme_host_and_port() -> None:
    assert same_origin("https://example.org/feed", "https://EXAMPLE.org:443/a/1")
    assert not same_origin("https://example.org/", "http://example.org/")
    assert not same_origin("https://example.org/", "https://example.org:8443/")
    assert not same_origin("https://example.org/", "https://www.example.org/")
    assert not same_origin("https://example.org/", "nonsense")


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://press.example/feed.xml", "/feed.xml"),
        ("https://press.example:8443/", "/"),
        ("http://p/x", "/x"),
        ("https://press.example//a/./b/../c", "//a/./b/../c"),
        ("https://press.example/%7Edesk%2Fnews/a:b@c;d=e", "/%7Edesk%2Fnews/a:b@c;d=e"),
        ("https://press.example/find?in=/news/", "/find?in=/news/"),
        ("https://press.example?in=/news/", "/?in=/news/"),
        ("https://[2001:db8::1]:8080/feed", "/feed"),
        ("https://press.example", "/"),
    ],
)
def test_what_is_asked_for_is_what_is_spelled(url: str, path: str) -> None:
    read = as_spelled(url)
    assert read.raw_path_qs == path
    assert read == URL(url, encoded=True)
