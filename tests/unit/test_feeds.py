"""Feed bytes to entries."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from monitor import feeds
from monitor.feeds import identity
from monitor.model import Entry, EntryId, ParsedFeed, Rhythm

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
URL = "https://gazette.example/news/feed.xml"


def rss(items: str, head: str = "") -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Harbour Gazette</title>'
        f"{head}{items}</channel></rss>"
    ).encode()


def item(title: str = "Ferry returns", link: str = "/1", extra: str = "") -> str:
    return f"<item><title>{title}</title><link>{link}</link>{extra}</item>"


def parse(body: bytes, known: frozenset[EntryId] = frozenset()) -> ParsedFeed:
    return feeds.parse(body, url=URL, now=NOW, known=known)


def only(body: bytes) -> Entry:
    (entry,) = parse(body).entries
    return entry


# -- formats --------------------------------------------------------------------------------------

RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Harbour Gazette</title></channel>
<item><title>Ferry returns</title><link>https://gazette.example/1</link>
<description>It sails.</description><dc:date>2026-11-21T08:00:00+02:00</dc:date></item></rdf:RDF>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Harbour Gazette</title>
<entry><title type="html">Ferry returns</title><id>tag:1</id><link href="/1"/>
<published>2026-11-21T06:00:00Z</published><updated>2026-11-22T06:00:00Z</updated>
<summary>It sails.</summary></entry></feed>"""
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Harbour Gazette",
        "items": [
            {
                "id": 1,
                "url": "/1",
                "title": "Ferry returns",
                "content_text": "It sails.",
                "date_published": "2026-11-21T08:00:00+02:00",
            }
        ],
    }
).encode()
RSS = rss(
    item(
        extra="<guid>1</guid><description>It sails.</description>"
        "<pubDate>Sat, 21 Nov 2026 08:00:00 +0200</pubDate>"
    )
)


@pytest.mark.parametrize("body", [RSS, RDF, ATOM, JSON], ids=["rss", "rdf", "atom", "json"])
def test_every_format_gives_the_same_entry(body: bytes) -> None:
    parsed = parse(body)
    (entry,) = parsed.entries
    assert parsed.title == "Harbour Gazette"
    assert (entry.title, entry.url, entry.summary) == (
        "Ferry returns",
        "https://gazette.example/1",
        "It sails.",
    )
    assert entry.published == datetime(2026, 11, 21, 6, tzinfo=UTC)


def test_a_feeds_own_language_and_wish_are_read() -> None:
    parsed = parse(rss("", "<language>uk-UA</language><ttl>90</ttl>"))
    assert (parsed.language, parsed.rhythm.ttl) == ("uk", timedelta(minutes=90))
    assert parse(rss("", "<language>?!</language><ttl>soon</ttl>")).rhythm.ttl is None


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "the body is empty"),
        (b"\n \0\0", "the body is empty"),
        (b"/etc/hostname", "this is no feed: neither RSS nor Atom nor JSON Feed"),
        (b"https://gazette.example/feed", "this is no feed: neither RSS nor Atom nor JSON Feed"),
        (b'{"a": 1}', "this is JSON, but no JSON Feed"),
        (b"{oops", "this is neither XML nor well-formed JSON"),
        (b"{" * 100_000, "this is neither XML nor well-formed JSON"),
        (b"<!doctype html><title>x</title>", "this is an HTML page, and it names no feed"),
        (
            b"<html><link rel=alternate type='application/atom+xml' href='/atom?a=1&amp;b=2'>",
            "this is an HTML page; feeds it names: https://gazette.example/atom?a=1&b=2",
        ),
    ],
)
def test_what_is_no_feed_is_told_apart(body: bytes, says: str) -> None:
    with pytest.raises(feeds.NotAFeedError) as told:
        parse(body)
    assert str(told.value) == says


def test_an_empty_feed_is_a_feed() -> None:
    assert parse(rss("")).entries == ()


# -- text -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Fish &amp; ships", "Fish & ships"),
        ("Fish &amp;amp; ships", "Fish & ships"),
        ("&lt;b&gt;Big&lt;/b&gt; catch", "Big catch"),
        ("<![CDATA[<i>Big</i> catch]]>", "Big catch"),
        ("5 &lt; 6 and 7 &gt; 3", "5 < 6 and 7 > 3"),
        ("Two&#13;&#10;lines", "Two lines"),
        ("a&#x202E;b&#x200B;c", "abc"),
        ("<![CDATA[<script>alert(1)</script>Sails]]>", "Sails"),
        ("<![CDATA[&lt;script&gt;alert(1)&lt;/script&gt;Sails]]>", "Sails"),
        ("<![CDATA[<img src=x onerror=alert(1)>]]>", ""),
    ],
)
def test_titles_are_plain_text_on_one_line(markup: str, text: str) -> None:
    assert only(rss(item(title=markup))).title == text


def test_a_title_is_never_longer_than_three_hundred_characters() -> None:
    assert len(only(rss(item(title="word " * 1000))).title) <= 300


def test_markup_that_survives_every_round_is_made_harmless() -> None:
    deep = "<b>"
    for _ in range(6):
        deep = deep.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert "<" not in feeds.plain(deep + "x")


def test_blocks_become_lines() -> None:
    body = "<p>One.</p><p>Two<br/>three</p><ul><li>a</li><li>b</li></ul><td>c</td><td>d</td>"
    assert feeds.plain(body).split("\n") == ["One.", "Two", "three", "a", "b", "c d"]


def test_the_full_text_stands_beside_the_summary() -> None:
    full = "".join(f"<p>Paragraph {n} tells of the ferry.</p>" for n in range(30))
    entry = only(
        rss(
            item(
                extra=f"<description>It sails.</description>"
                f"<content:encoded><![CDATA[{full}]]></content:encoded>"
            )
        )
    )
    assert entry.summary == "It sails."
    assert entry.content.split("\n")[29] == "Paragraph 29 tells of the ferry."


def test_a_short_description_is_no_full_text() -> None:
    entry = only(rss(item(extra="<description>It sails.</description>")))
    assert (entry.summary, entry.content) == ("It sails.", "")


# -- links ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("story/2", "https://gazette.example/news/story/2"),
        ("//other.example/x", "https://other.example/x"),
        ("HTTP://Gazette.Example:80/A/../b", "http://gazette.example/b"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        (
            "/1?utm_source=rss&amp;id=7&amp;fbclid=abc&amp;CMP=share",
            "https://gazette.example/1?id=7",
        ),
        ("/1?utm_medium=rss", "https://gazette.example/1"),
        ("/1?b=2&amp;a=1", "https://gazette.example/1?b=2&a=1"),
        ("/view?12345", "https://gazette.example/view?12345"),
        ("/view?cid=4711", "https://gazette.example/view?cid=4711"),
        ("/view?eid=99&amp;campaign=spring", "https://gazette.example/view?eid=99"),
        ("/1#comments", "https://gazette.example/1"),
        ("/app#!/story/1", "https://gazette.example/app#!/story/1"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("mailto:desk@gazette.example", ""),
        ("https://user:word@gazette.example/", ""),
        ("https://gazette.example\\@evil.example/", ""),
        ("https://gazette.example/" + "a" * 3000, ""),
        ("http://[::1", ""),
    ],
)
def test_links_are_absolute_canonical_and_of_the_web(link: str, url: str) -> None:
    assert only(rss(item(link=link))).url == url


def test_a_permalink_guid_stands_in_for_a_link() -> None:
    entry = only(rss("<item><title>x</title><guid>https://gazette.example/9</guid></item>"))
    assert entry.url == "https://gazette.example/9"


# -- dates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "when"),
    [
        ("Sat, 21 Nov 2026 08:00:00 GMT", datetime(2026, 11, 21, 8, tzinfo=UTC)),
        ("Sat, 21 Nov 2026 08:00:00 -0500", datetime(2026, 11, 21, 13, tzinfo=UTC)),
        ("21 Nov 26 08:00:00 EST", datetime(2026, 11, 21, 13, tzinfo=UTC)),
        ("2026-11-21T08:00:00.123+02:00", datetime(2026, 11, 21, 6, tzinfo=UTC)),
        ("20261121", datetime(2026, 11, 21, tzinfo=UTC)),
        ("Sun, 22 Nov 2026 20:00:00 GMT", datetime(2026, 11, 22, 20, tzinfo=UTC)),
        ("Tue, 24 Nov 2026 08:00:00 GMT", None),
        ("Thu, 22 Oct 2026 08:00:00 GMT", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("0001-01-01T00:00:00Z", None),
        ("10:00", None),
        ("2026-11-31", None),
        ("Tue, 31 Nov 2026 08:00:00 GMT", None),
        ("2026-W47-1", None),
        ("99999999999999999999", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_date_is_believed_when_it_is_one_and_near(written: str, when: datetime | None) -> None:
    assert only(rss(item(extra=f"<pubDate>{written}</pubDate>"))).published == when


def test_an_archive_may_be_read_with_a_wider_window() -> None:
    old = rss(item(extra="<pubDate>Sat, 11 Jan 2025 08:00:00 GMT</pubDate>"))
    parsed = feeds.parse(old, url=URL, now=NOW, oldest=timedelta(days=3650))
    assert parsed.entries[0].published == datetime(2025, 1, 11, 8, tzinfo=UTC)


# -- identity -------------------------------------------------------------------------------------


def ids(*items: str) -> list[EntryId]:
    return [entry.id for entry in parse(rss("".join(items))).entries]


def test_a_link_outlives_another_title_and_another_guid() -> None:
    before = ids(item(extra="<guid>g1</guid>"))
    assert before == ids(item(title="Ferry is back", extra="<guid>g2</guid>"))


def same(one: str, other: str) -> bool:
    """Whether the second entry, in a later body, is known as the first."""
    return bool(set(only(rss(one)).keys) & set(only(rss(other)).keys))


def test_a_guid_outlives_another_link_under_the_same_title() -> None:
    assert same(item(extra="<guid>g</guid>"), item(link="/moved", extra="<guid>g</guid>"))


def test_a_guid_that_is_used_again_for_another_article_is_another_entry() -> None:
    new = item(title="Bridge closes", link="/2", extra="<guid>g</guid>")
    assert not same(item(extra="<guid>g</guid>"), new)


def test_without_a_page_of_its_own_the_guid_counts() -> None:
    front = "https://gazette.example/"
    assert same(
        item(link=front, extra="<guid>g</guid>"), item("New title", front, "<guid>g</guid>")
    )
    assert not same(
        item(link=front, extra="<guid>g</guid>"), item(link=front, extra="<guid>h</guid>")
    )
    assert not only(rss(item(link=front))).own_page


def test_a_link_that_many_entries_share_is_no_articles_own() -> None:
    shared = [item(title=f"t{n}", link="/list", extra=f"<guid>g{n}</guid>") for n in range(4)]
    parsed = parse(rss("".join([*shared, item(link="/own")])))
    assert [entry.own_page for entry in parsed.entries] == [False] * 4 + [True]
    assert len({entry.id for entry in parsed.entries}) == 5


def test_entries_without_guid_at_one_link_are_told_apart_by_title() -> None:
    assert len(set(ids(*(item(title=f"t{n}", link="/list") for n in range(4))))) == 4


def test_a_guid_that_stands_at_several_links_is_worth_nothing() -> None:
    several = ids(*(item(link=f"/{n}", extra="<guid>same</guid>") for n in range(5)))
    assert len(set(several)) == 5
    assert several == ids(*(item(link=f"/{n}") for n in range(5)))


def test_without_guid_the_link_counts_whatever_tracks_it() -> None:
    assert ids(item(link="https://gazette.example/1?utm_source=a")) == ids(
        item(link="http://www.gazette.example/1/?utm_campaign=b")
    )
    assert ids(item(link="/1?id=1")) != ids(item(link="/1?id=2"))


def test_without_guid_and_link_the_title_counts() -> None:
    assert len(set(ids(*(f"<item><title>t{n}</title></item>" for n in range(5))))) == 5


def test_a_long_guid_is_an_id_of_ordinary_length() -> None:
    (one,) = ids("<item><guid>" + "g" * 100_000 + "</guid></item>")
    (other,) = ids("<item><guid>" + "g" * 100_001 + "</guid></item>")
    assert len(one) == len(other) == 16
    assert one != other


def test_an_entry_with_a_new_guid_is_known_by_its_link() -> None:
    relaunched = item(link="/1?utm_source=relaunch", extra="<guid>new-1</guid>")
    assert same(item(extra="<guid>old-1</guid>"), relaunched)


def test_an_edited_entry_keeps_its_id_and_changes_its_content_hash() -> None:
    before = only(rss(item(extra="<guid>g</guid><description>Two hurt.</description>")))
    after = only(rss(item(extra="<guid>g</guid><description>Three hurt.</description>")))
    assert before.id == after.id
    assert before.content_hash != after.content_hash


def test_ids_stay_what_they_were() -> None:
    """A changed id would announce every article of every feed once more."""
    assert only(rss(item(extra="<guid>g1</guid>"))).id == identity._key("link", "gazette.example/1")
    assert identity._key("guid", "g1") == "5bc00a43abc4ff3e"


# -- sitemaps -------------------------------------------------------------------------------------


def sitemap(*urls: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><!-- made by hand --><urlset'
        ' xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">' + "".join(urls) + "</urlset>"
    ).encode()


def news(n: int, title: str = "Ferry returns", at: str = "2026-11-21T08:00:00+02:00") -> str:
    return (
        f"<url><loc>https://gazette.example/{n}?utm_source=map</loc><n:news><n:publication>"
        "<n:name>Harbour Gazette</n:name><n:language>en</n:language></n:publication>"
        f"<n:publication_date>{at}</n:publication_date><n:title>{title}</n:title></n:news></url>"
    )


PAGE_ONLY = "<url><loc>https://gazette.example/contact</loc></url>"


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gz"])
def test_a_news_sitemap_is_a_feed(pack: Callable[[bytes], bytes]) -> None:
    parsed = parse(pack(sitemap(PAGE_ONLY, news(1, "Ferry &amp;amp; crew return"), news(2, at=""))))
    assert (parsed.title, parsed.language) == ("Harbour Gazette", "en")
    one, two = parsed.entries
    assert (one.title, one.url) == ("Ferry & crew return", "https://gazette.example/1")
    assert one.published == datetime(2026, 11, 21, 6, tzinfo=UTC)
    assert two.published is None


def test_a_sitemap_of_pages_is_no_feed_and_says_what_would_be() -> None:
    with pytest.raises(feeds.NotAFeedError, match="name the site's news sitemap"):
        parse(sitemap(PAGE_ONLY))
    assert parse(sitemap()).entries == ()  # no news today


def test_an_index_names_the_sitemaps_of_news_else_the_last_changed() -> None:
    def index(*parts: tuple[str, str]) -> tuple[str, ...]:
        found = "".join(
            f"<sitemap><loc>{loc}</loc><lastmod>{at}</lastmod></sitemap>" for loc, at in parts
        )
        return parse(f"<sitemapindex>{found}</sitemapindex>".encode()).parts

    today, long_ago = "2026-11-22T08:00:00Z", "2021-01-01"
    site = "https://gazette.example"
    assert index(("/pages.xml", today), ("/news.xml.gz", today)) == (f"{site}/news.xml.gz",)
    assert index(("/2021.xml", long_ago), ("/b.xml", "2026-11-21"), ("/c.xml", today)) == (
        f"{site}/c.xml",
        f"{site}/b.xml",
    )
    assert index(("javascript:alert(1)", today)) == ()


def test_a_bomb_and_a_cut_archive_are_no_feeds() -> None:
    with pytest.raises(feeds.NotAFeedError, match="larger than 16 MiB"):
        parse(gzip.compress(b"<urlset>" + b" " * 40_000_000))
    with pytest.raises(feeds.NotAFeedError, match="cut short"):
        parse(gzip.compress(sitemap(news(1)))[:-20])
    laughs = b"<!DOCTYPE x [" + b"".join(
        b"<!ENTITY e%d '%s'>" % (n, b"&e%d;" % (n - 1) * 10 if n else b"ha") for n in range(12)
    )
    body = sitemap(news(1, "&e11;")).replace(b"<urlset", laughs + b"]><urlset", 1)
    assert parse(body).entries[0].title == ""


# -- wishes ---------------------------------------------------------------------------------------


def test_the_hours_and_days_in_which_a_feed_sleeps_are_read() -> None:
    head = (
        "<skipHours><hour>0</hour><hour> 23 </hour><hour>24</hour><hour>x</hour></skipHours>"
        "<skipDays><day>Sunday</day><day>saturday</day><day>Someday</day></skipDays>"
    )
    rhythm = parse(rss("", head)).rhythm
    assert (rhythm.skip_hours, rhythm.skip_days) == ({0, 23}, {5, 6})
    assert parse(rss("")).rhythm == Rhythm()


# -- amounts --------------------------------------------------------------------------------------


def many(count: int) -> bytes:
    """The last entry is the newest."""
    return rss(
        "".join(
            item(
                title=f"t{n}",
                link=f"/{n}",
                extra=f"<pubDate>{(NOW - timedelta(minutes=count - n)).isoformat()}</pubDate>",
            )
            for n in range(count)
        )
    )


def test_the_newest_five_hundred_are_taken_and_the_rest_counted() -> None:
    parsed = parse(many(520))
    assert parsed.left_out == 20
    assert [entry.title for entry in parsed.entries] == [f"t{n}" for n in range(20, 520)]


def test_known_entries_take_no_place() -> None:
    first = parse(many(520))
    known = frozenset(entry.id for entry in first.entries)
    second = parse(many(520), known)
    assert second.left_out == 0
    assert {entry.title for entry in second.entries if entry.id not in known} == {
        f"t{n}" for n in range(20)
    }


@pytest.mark.parametrize(
    "body",
    [
        rss(item(title="&a;")).replace(
            b"<rss", b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/hostname">]><rss'
        ),
        rss(item(title="x\0y")),
        b"\xef\xbb\xbf" + rss(item()),
        rss(item()).replace(b"utf-8", b"utf-16").decode().encode("utf-16"),
        rss(item()).replace(b"utf-8", b"windows-1251"),
        rss(item())[:-20],
    ],
    ids=["entity", "nul", "bom", "utf-16", "windows-1251", "cut"],
)
def test_odd_bytes_still_give_the_entry(body: bytes) -> None:
    (entry,) = parse(body).entries
    assert entry.url == "https://gazette.example/1"
