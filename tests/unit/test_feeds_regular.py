"""The quick way through a feed gives feedparser's own values, or leaves the feed to it."""

import io
import tarfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.feeds import regular

KIT = Path(__file__).parents[3] / "shared/feeds/feeds.tar.gz"
READ = ("title", "link", "id", "summary", "author", "feedburner_origlink", "published", "updated")
NAMESPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
    ' xmlns:atom="http://www.w3.org/2005/Atom" xmlns:own="urn:own"'
)


def written(values: Mapping[str, Any], *names: str) -> dict[str, str]:
    """Those of the values that are text; past feedparser's own ways to answer with another."""
    found = {name: dict.get(values, name) for name in names}  # type: ignore[arg-type]
    return {name: value if isinstance(value, str) else "" for name, value in found.items()}


def seen(feed: Mapping[str, Any], entries: list[Mapping[str, Any]]) -> list[Any]:
    """Everything of a parsed feed that goes on from here."""
    return [written(feed, "title", "language", "ttl")] + [
        (
            written(entry, *READ),
            [content["value"] for content in entry.get("content", ())],
            [dict.get(entry, f"{name}_parsed") for name in ("published", "updated", "created")],  # type: ignore[arg-type]
        )
        for entry in entries
    ]


def compared(body: bytes) -> bool:
    """Whether the quick way took the feed; then nothing tells the two apart."""
    found = regular.read(body)
    if found is None:
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        parsed = feedparser.parse(
            io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False
        )
    assert parsed.version
    assert seen(*found) == seen(parsed.feed, parsed.entries)
    return True


VALUE = st.one_of(
    st.sampled_from(
        [
            *(
                "",
                " ",
                "A dam broke",
                " \n Sluice\n opened ",
                "&lt;p&gt;Mud &amp;amp; reeds&lt;/p&gt;",
            ),
            *("<![CDATA[<b>Nine</b> &amp; more]]>", "one<!-- two -->three", "&#8217;&#x92;&#146;"),
            *("Ð\xa0ÐµÐºÐ°", "caf\xc3\xa9", "\x85 \x93quoted\x94", "река", "&#38;lt; 4 &gt; 3"),
            *("https://a.example/1?x=1&amp;y=2", "http:////a.example//2", "/3?a=1&amp;copy;=2"),
            *("HTTPS://a.example/4", "tag:a.example,2026:5", "urn:x:6", "  https://a.example/7  "),
            *("Tue, 03 Mar 2026 08:00:00 GMT", "2026-03-03T08:00:00+02:00", "3 marzo", "10:00"),
            *("ann@a.example (Ann Reed)", "Ann Reed &lt;ann@a.example&gt;", "60", "en-GB", "xhtml"),
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="<&\r", min_codepoint=32), max_size=8),
)
TYPES = ["", ' type="html"', ' type="text"', ' type="TEXT/HTML"', ' xml:lang="de"']
FITTING = {  # attributes as they stand in real feeds
    "guid": ["", ' isPermaLink="false"', ' isPermaLink="true"', ' isPermaLink="TRUE"'],
    "link": [
        *(' href="https://a.example/8"', ' rel="self" href="9"', ' rel="Alternate" href="//a/11"'),
        *(' rel="alternate" type="application/json" href="/10"', ' type="html" href="http:///12"'),
    ],
    "title": TYPES,
    "summary": TYPES,
    "content": [*TYPES, ' type="xhtml"', ' src="https://a.example/13"'],
}
ODD = [' xml:base="https://b.example/"', ' url="https://a.example/12"', ' href=""', ' lang="uk"']
RSS_NAMES = (
    "title link guid pubDate description author dc:creator content:encoded feedburner:origLink"
    " category comments enclosure source media:thumbnail media:content dc:subject"
).split()
RSS_SELDOM = (
    "media:title dc:date own:x own:title atom:link dc:title pubdate image summary id".split()
)
ATOM_NAMES = "title link id published updated summary content category media:thumbnail".split()
ATOM_SELDOM = "rights contributor source dc:creator own:link issued author".split()
FEED_NAMES = "title link description language ttl lastBuildDate generator category".split()
FEED_SELDOM = "image item atom:link dc:language textInput copyright skipHours".split()


@st.composite
def elements(draw: st.DrawFn, names: list[str], seldom: list[str], *, atom: bool = False) -> str:
    """Some elements, each once, in any order; seldom one that is seldom, odd, or there twice."""
    chosen = draw(st.lists(st.sampled_from(names), max_size=8, unique=True))
    if draw(st.integers(0, 9)) == 7:
        chosen.insert(0, draw(st.sampled_from([*seldom, *names])))
    found = []
    for name in chosen:
        fitting = FITTING.get(name, [""]) if atom or name == "guid" else [""]
        attributes = draw(st.sampled_from(ODD if draw(st.integers(0, 50)) == 7 else fitting))
        found.append(f"<{name}{attributes}>{draw(VALUE)}</{name}>")
    return "\n".join(draw(st.permutations(found)))


@st.composite
def nested(draw: st.DrawFn, outer: list[str], inner: list[str]) -> str:
    """Perhaps one element that holds others, those that fit it or not."""
    name = draw(st.sampled_from(["", *outer]))
    return f"<{name}>{draw(elements(inner, inner))}</{name}>" if name else ""


@st.composite
def rss_items(draw: st.DrawFn) -> str:
    inner = ["media:credit", "media:thumbnail", "category", "title", "link"]
    around = draw(nested(["media:content", "image", "source", "media:group"], inner))
    return f"<item>{draw(elements(RSS_NAMES, RSS_SELDOM))}{around}</item>"


@st.composite
def atom_entries(draw: st.DrawFn) -> str:
    person = draw(elements(["name", "email", "uri"], ["title", "x"]))
    around = f"<author>{person}</author>" if draw(st.booleans()) else ""
    found = draw(elements(ATOM_NAMES, ATOM_SELDOM, atom=True))
    return f"<entry>{found}{around}</entry>"


@settings(max_examples=300)
@given(
    elements(FEED_NAMES, FEED_SELDOM),
    nested(
        ["image", "category", "skipHours", "copyright"],
        ["title", "url", "link", "hour", "language"],
    ),
    st.lists(rss_items(), max_size=3),
    st.sampled_from(FEED_NAMES),
)
def test_an_rss_feed_is_read_as_feedparser_reads_it(
    head: str, around: str, items: list[str], last: str
) -> None:
    tail = f"<{last}>after the items</{last}>"
    listed = f"<channel>{head}{around}{''.join(items)}{tail if len(items) > 1 else ''}</channel>"
    compared(f'<rss version="2.0" {NAMESPACES}>{listed}</rss>'.encode())


@settings(max_examples=300)
@given(
    elements(ATOM_NAMES, ATOM_SELDOM, atom=True),
    nested(["author", "rights", "category"], ["name", "email", "uri", "title"]),
    st.lists(atom_entries(), max_size=3),
    st.sampled_from(["", ' xml:lang="uk"', ' xml:lang="pt_BR"', ' xml:lang=""', ' lang="uk"']),
)
def test_an_atom_feed_is_read_as_feedparser_reads_it(
    head: str, around: str, entries: list[str], language: str
) -> None:
    own = f'xmlns="http://www.w3.org/2005/Atom" {NAMESPACES}{language}'
    compared(f"<feed {own}>{head}{around}{''.join(entries)}</feed>".encode())


RSS = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" {NAMESPACES}><channel>
<title>Harbour Post</title><link>https://h.example/</link><description>All of it</description>
<atom:link href="https://h.example/feed" rel="self" type="application/rss+xml"/>
<language>en-GB</language><ttl>30</ttl>
<image><url>https://h.example/i.png</url><title>Harbour Post</title></image>
<item><title>Ferry adrift</title><link>https://h.example/1?a=1&amp;b=2</link>
<guid isPermaLink="false">h-1</guid><pubDate>Tue, 03 Mar 2026 08:00:00 GMT</pubDate>
<dc:creator>Ann Reed</dc:creator><category>Sea</category>
<media:content url="https://h.example/1.jpg"><media:credit>Bo</media:credit></media:content>
<description>It drifts.</description>
<content:encoded><![CDATA[<p>It drifts.</p>]]></content:encoded>
</item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="pl">
<title>Rynek</title><id>urn:r</id><updated>2026-03-03T08:00:00Z</updated>
<entry><title type="html">Targ &amp;amp; most</title><id>urn:r:1</id>
<link href="https://r.example/1"/><updated>2026-03-03T08:00:00Z</updated>
<author><name>Jan Most</name><email>j@r.example</email></author>
<content type="html">&lt;p&gt;Most stoi.&lt;/p&gt;</content></entry></feed>"""


@pytest.mark.parametrize("text", [RSS, ATOM], ids=["rss", "atom"])
def test_an_ordinary_feed_goes_the_quick_way(text: str) -> None:
    assert compared(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        RSS.replace("UTF-8", "ISO-8859-2"),
        RSS.replace("<rss", "<!DOCTYPE rss><rss"),
        RSS.replace("<item>", '<item xml:base="https://b.example/">'),
        RSS.replace("</item>", "<title>Another</title></item>"),
        RSS.replace("</item>", "</itme>"),
        RSS.replace("Ferry adrift", "Ferry <b>adrift</b>"),
        RSS.replace("mrss/", "mrss/2/"),
        ATOM.replace('type="html">&lt;', 'type="xhtml">&lt;'),
        ATOM.replace('<link href="https://r.example/1"/>', "<link>https://r.example/1</link>"),
        ATOM.replace("<author>", "<contributor><name>Ida</name></contributor><author>"),
        '<html xmlns="http://www.w3.org/1999/xhtml"><title>No feed</title></html>',
        "",
    ],
    ids=[
        *("encoding", "doctype", "base", "second title", "not well-formed", "markup in a title"),
        *("a prefix of its own", "xhtml", "link as text", "contributor", "html", "nothing"),
    ],
)
def test_what_is_out_of_the_ordinary_is_left_to_feedparser(text: str) -> None:
    assert regular.read(text.encode()) is None


@pytest.mark.skipif(not KIT.exists(), reason="the corpus of real and odd feeds is not here")
def test_real_and_odd_feeds_are_read_as_feedparser_reads_them() -> None:
    taken = 0
    with tarfile.open(KIT) as kit:
        for member in kit:
            found = kit.extractfile(member) if member.isfile() else None
            taken += found is not None and compared(found.read())
    assert taken > 500
