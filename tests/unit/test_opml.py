import pytest

from monitor import opml
from monitor.opml import NotOpmlError, Outline


def listing(inside: str) -> bytes:
    return f'<?xml version="1.0"?><opml version="1.1"><body>{inside}</body></opml>'.encode()


def test_folders_become_paths_and_come_back() -> None:
    found = opml.read(
        listing(
            '<outline text="Europe"><outline text="Poland / PL">'
            '<outline text="Kurier" xmlUrl="https://kurier.example/rss"/></outline></outline>'
            '<outline title="Wire" xmlUrl="https://wire.example/feed"/>'
        )
    )
    assert found.feeds == (
        Outline(url="https://kurier.example/rss", title="Kurier", folder="Europe/Poland - PL"),
        Outline(url="https://wire.example/feed", title="Wire"),
    )
    assert set(opml.read(opml.write(found.feeds, title="mine")).feeds) == set(found.feeds)


@pytest.mark.parametrize(
    ("inside", "feed"),
    [
        (
            '<outline text="N & W" xmlUrl="https://a.example/?x=1&y=2"/>',
            Outline(url="https://a.example/?x=1&y=2", title="N & W"),
        ),
        (
            '<outline text="caf&eacute;&nbsp;bar" xmlUrl="https://a.example/"/>',
            Outline(url="https://a.example/", title="café bar"),
        ),
        (
            '<OUTLINE TEXT="loud" XMLURL=" https://a.example/ "/>',
            Outline(url="https://a.example/", title="loud"),
        ),
        (
            '<outline text="a &lt;b&gt; &#99;" xmlUrl="https://a.example/"/>',
            Outline(url="https://a.example/", title="a <b> c"),
        ),
    ],
    ids=["bare-ampersands", "names-of-html", "capitals-and-blanks", "real-references"],
)
def test_lists_as_readers_write_them_are_mended(inside: str, feed: Outline) -> None:
    assert opml.read(listing(inside)).feeds == (feed,)


def test_a_list_in_another_encoding_is_read() -> None:
    whole = listing('<outline text="Głos" xmlUrl="https://a.example/"/>').decode()
    for encoding in ("utf-16", "iso-8859-2"):
        declared = whole.replace("?>", f' encoding="{encoding}"?>', 1).encode(encoding)
        assert opml.read(declared).feeds[0].title == "Głos"


def test_each_feed_is_taken_once_and_what_is_none_is_named() -> None:
    found = opml.read(
        listing(
            '<outline text="one" xmlUrl="https://a.example/"/>'
            '<outline text="two" xmlUrl="https://a.example/"/>'
            '<outline text="mine" xmlUrl="https://me:secret@a.example/"/>'
            '<outline text="local" xmlUrl="file:///etc/passwd"/>'
        )
    )
    assert [each.title for each in found.feeds] == ["one"]
    assert [line.split(":")[0] for line in found.left_out] == ["mine", "local"]
    assert "secret" not in str(found.left_out)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<!doctype html><html><body><p>Our OPML</p></body></html>", "HTML page"),
        (b'<!DOCTYPE o [<!ENTITY a "b">]><opml><body/></opml>', "entities"),
        ('<!DOCTYPE o [<!ENTITY a "b">]><opml/>'.encode("utf-16"), "entities"),
        (b"", "no OPML"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "no OPML"),
        (listing('<outline text="an empty folder"/>'), "names no feed"),
        (listing("<outline/>" * 1_000_000), "split it"),
        (
            listing("".join(f'<outline xmlUrl="https://a.example/{n}"/>' for n in range(20_001))),
            "split it",
        ),
        (listing("<outline>" * 100_000), "names no feed"),
        (b"x" * (opml.MOST_BYTES + 1), "larger than 16 MiB"),
    ],
    ids=[
        "html", "entities", "entities-in-utf-16", "empty", "picture", "no-feed",
        "a-million-outlines", "too-many-feeds", "without-end", "too-large",
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_with_the_reason(body: bytes, said: str) -> None:
    with pytest.raises(NotOpmlError, match=said):
        opml.read(body)
