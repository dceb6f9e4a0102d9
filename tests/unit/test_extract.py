"""Page bytes to an article."""

import json
import sys
from datetime import UTC, datetime
from types import FrameType

import pytest

from monitor import extract
from monitor.extract.furniture import without_furniture
from monitor.model import Extracted

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
URL = "https://gazette.example/news/ferry-returns"
PLACES = "harbour council railway orchard museum hospital library factory bridge market".split()
PARAGRAPHS = [
    f"The {place} board said on Monday that part {n} of the plan for the ferry would begin in "
    f"{n + 2} weeks, and that {n + 31} people had asked for a seat on its first crossing."
    for n, place in enumerate(PLACES)
]
STORY = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)


def page(body: str = f"<article><h1>Ferry returns</h1>{STORY}</article>", head: str = "") -> bytes:
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Ferry returns</title>"
        f"{head}</head><body>{body}</body></html>"
    ).encode()


def read(body: bytes, language: str = "") -> Extracted:
    return extract.extract(body, url=URL, now=NOW, language=language)


def meta(**values: str) -> str:
    return "".join(
        f'<meta property="{name.replace("__", ":")}" content="{value}">'
        for name, value in values.items()
    )


def json_ld(**values: object) -> str:
    said = json.dumps({"@context": "https://schema.org", "@type": "NewsArticle", **values})
    return f'<script type="application/ld+json">{said}</script>'


# -- text -----------------------------------------------------------------------------------------


def test_the_article_is_found_and_nothing_else() -> None:
    found = read(page(f"<nav>Home World</nav><article>{STORY}</article><footer>About</footer>"))
    assert found.usable
    assert found.text.split("\n") == PARAGRAPHS


@pytest.mark.parametrize(
    "above",
    [
        "<h1>Ferry returns</h1>",
        "<h1>FERRY RETURNS!</h1>",
        "<p>Ferry returns</p><p>21 November 2026, 10:15 GMT</p>",
        "<p>Published: Saturday, November 21, 2026 at 8:00 a.m.</p>",
        "<p>Nov 21, 2026 by Ada Reed</p>",
        "<p>After a long pause, seats for everybody</p>",
    ],
)
def test_headline_date_and_standfirst_above_the_article_go(above: str) -> None:
    head = meta(og__description="After a long pause, seats for everybody")
    found = read(page(f"<article>{above}{STORY}</article>", head))
    assert found.text.split("\n")[0] == PARAGRAPHS[0]


def test_a_first_paragraph_that_is_also_the_description_stays() -> None:
    found = read(page(head=meta(og__description=PARAGRAPHS[0])))
    assert found.text.split("\n")[0] == PARAGRAPHS[0]


@pytest.mark.parametrize(
    "line",
    """
    Advertisement|Sponsored content|Share this article|Follow us on Facebook|Facebook Twitter
    Sign up for our newsletter|Subscribe to our daily newsletter today|Recommended for you
    Read more: The old ferry is sold|Related articles|Most read|More from the harbour|Log in
    Click here to see the timetable|Download our free app|© 2026 Harbour Gazette|WhatsApp
    All rights reserved.|Photo: Ada Reed / Gazette|Tags: ferry, harbour|Leave a comment
    3 comments|Join the conversation|Contact us at the desk|We use cookies on this site
    Have your say|All headlines|author avatar|@adareed|View all|Watch: the ferry sails
    Reporting by Ada Reed; editing by Bo Lund|See also: seals|desk@gazette.example
    The post Ferry returns appeared first on Gazette.|Get the newsletter in your inbox
    For more news from the harbour, follow us here|Читайте також: пором|Czytaj także: Stary prom
    Lesen Sie auch: Die alte Fähre|Lire aussi : le vieux ferry|Click to tweet
    This article was originally published in The Tide.|Ada Reed contributed to this report.
    """.strip()
    .replace("\n", "|")
    .split("|"),
)
def test_furniture_is_no_part_of_an_article(line: str) -> None:
    assert without_furniture([*PARAGRAPHS, line.strip(), PARAGRAPHS[0]]) == [
        *PARAGRAPHS,
        PARAGRAPHS[0],
    ]


@pytest.mark.parametrize(
    "line",
    [
        "The company said its advertisement had reached 12,000 people in the harbour.",
        "Related industries lost 400 jobs last year.",
        "Watch officers counted 31 boats.",
        "Follow the money, the board told its auditors on Monday.",
        "Registered voters numbered 12,500.",
        "More than 300 people were hurt.",
        "Read on for three things that the board wants to change.",
        "Source: the board, which counted 31 boats",
        "Sign language was used in the meeting.",
        "Comments by the minister angered 200 fishermen.",
        "Cookies were sold for 3 euros each at the harbour market.",
        "Share prices fell by 4 percent.",
        "Get well, the crew wrote to its captain.",
        "Photographs of the ferry were sold for 500 euros.",
        "Popular protest grew.",
        "Subscribers lost 31 million euros.",
        "Tags were put on 40 seals.",
        "Loading 300 cars took the crew two hours.",
    ],
)
def test_sentences_that_only_sound_like_furniture_stay(line: str) -> None:
    assert without_furniture([line, *PARAGRAPHS]) == [line, *PARAGRAPHS]


def test_headlines_below_a_related_heading_go_with_it() -> None:
    tail = ["Related stories", "Old ferry sold for 900,000 euros", "Seal counts rise by 40"]
    assert without_furniture([*PARAGRAPHS, *tail]) == PARAGRAPHS


def test_a_page_full_of_teasers_in_links_is_searched_once() -> None:
    """Asking the library again, with its comparisons, takes several times as long."""
    asked = 0

    def count(frame: FrameType, event: str, _: object) -> None:
        nonlocal asked
        asked += event == "call" and frame.f_code.co_name == "bare_extraction"

    teaser = '<a href="/news/{0}"><p>Council {0} wants to hear more about a new pier</p></a>'
    teasers = "".join(teaser.format(n) for n in range(100))
    sys.setprofile(count)
    try:
        found = read(page(f"<article><h1>Ferry returns</h1>{STORY}</article>{teasers}"))
    finally:
        sys.setprofile(None)
    assert "pier" not in found.text
    assert asked == 1


def test_text_after_a_related_heading_comes_back() -> None:
    middle = ["Read more", "Old ferry sold for 900,000 euros"]
    assert without_furniture([*PARAGRAPHS[:5], *middle, *PARAGRAPHS[5:]]) == PARAGRAPHS


def test_a_long_attribute_is_not_many() -> None:
    picture = f"<img alt='{'word ' * 50_000}' src='data:image/png;base64,{'A' * 200_000}'>"
    assert read(page(picture + f"<article>{STORY}</article>")).usable


def test_a_text_without_spaces_is_measured_by_its_characters() -> None:
    story = "".join(
        f"<p>港口委员会星期一说，渡轮计划的第{n}部分将在{n + 2}周后开始。</p>" for n in range(12)
    )
    found = read(page(f"<article>{story}</article>"))
    assert found.usable
    assert found.language == "zh"


def test_the_agency_is_read_before_its_credit_goes() -> None:
    credit = "<p>Reporting by Ada Reed. Source: Reuters</p>"
    found = read(page(f"<article>{STORY}{credit}</article>"))
    assert found.agency == "Reuters"
    assert "Reuters" not in found.text


# -- pages that are none --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "the page is empty"),
        (b" \n\0", "the page is empty"),
        (b"<p>x</p>" + b" " * (4 << 20), "more than 4,194,304 bytes"),
        (b"<b>" * 60_001, "more than 60,000 tags"),
        (b"<p " + b"a=1 " * 5_001 + b">x</p>", "more than 5,000 attributes"),
        (b"<p " + b"abcd " * 5_001 + b">x</p>", "more than 5,000 attributes"),
        (page("<p>Seven words of text and no more</p>"), "holds only 7 words"),
        (page(f"<p>Please enable JavaScript to go on. {'word ' * 60}</p>"), "a gate instead"),
        (page(f"<p>Subscribe to continue reading. {'word ' * 60}</p>"), "a gate instead"),
    ],
    ids=[
        "empty",
        "blank",
        "bytes",
        "tags",
        "attributes",
        "bare-attributes",
        "stub",
        "javascript",
        "paywall",
    ],
)
def test_what_is_no_article_is_said_so(body: bytes, says: str) -> None:
    found = read(body)
    assert not found.usable
    assert says in found.problem


def test_a_page_that_must_not_be_parsed_still_gives_its_words() -> None:
    hidden = "<script>var a = 1;</script><style>p {}</style><!-- no -->"
    found = extract.unread(page(f"{hidden}<p>One &amp; two</p><p>three</p>"), "too much")
    assert (found.usable, found.problem) == (False, "too much")
    assert found.text.split("\n")[-2:] == ["One & two", "three"]
    assert "var" not in found.text


@pytest.mark.parametrize(
    ("encoded", "word"),
    [
        (page(STORY.replace("ferry", "паром")).decode().encode("utf-16"), "паром"),
        (
            page(STORY.replace("ferry", "паром"))
            .decode()
            .replace("utf-8", "windows-1251")
            .encode("windows-1251"),
            "паром",
        ),
        (page(STORY.replace("ferry", "Fähre")).replace(b"utf-8", b"us-ascii"), "Fähre"),
        (page(STORY).replace(b"Monday", b"Mon\0day"), "ferry"),
        (page(f"<article>{STORY.replace('</p>', '')}"), "ferry"),
    ],
    ids=["utf-16", "windows-1251", "lying-charset", "nul", "unclosed"],
)
def test_odd_bytes_are_read(encoded: bytes, word: str) -> None:
    found = read(encoded)
    assert found.usable
    assert word in found.text
    assert "\0" not in found.text


# -- metadata -------------------------------------------------------------------------------------


def test_the_title_is_the_headline_without_the_site() -> None:
    head = meta(og__title="Ferry returns | Harbour Gazette", og__site_name="Harbour Gazette")
    found = read(page(head=head))
    assert (found.title, found.outlet) == ("Ferry returns", "Harbour Gazette")


def test_json_ld_names_author_publisher_and_date() -> None:
    head = json_ld(
        headline="Ferry returns",
        datePublished="2026-11-21T08:00:00+02:00",
        author=[{"@type": "Person", "name": "Ada Reed"}, {"name": "Bo Lund"}],
        publisher={"name": "Harbour Gazette"},
    )
    found = read(page(head=head))
    assert found.published == datetime(2026, 11, 21, 6, tzinfo=UTC)
    assert (found.author, found.outlet) == ("Ada Reed, Bo Lund", "Harbour Gazette")
    assert found.dated_by == "page"


@pytest.mark.parametrize(
    ("byline", "name"),
    [
        ("Ada Reed", "Ada Reed"),
        ("By Ada Reed", "Ada Reed"),
        ("by Ada Reed @adareed Nov 18, 2026 at 9:00 pm", "Ada Reed"),
        ("Ada Reed | 21 November 2026", "Ada Reed"),
        ("https://gazette.example/people/reed", ""),
        ("Bytes & Byrne", "Bytes & Byrne"),
    ],
)
def test_a_byline_gives_the_name_alone(byline: str, name: str) -> None:
    assert read(page(head=f'<meta name="author" content="{byline}">')).author == name


@pytest.mark.parametrize(
    "said",
    [
        "[" * 100_000 + "]" * 100_000,
        '{"@type": "NewsArticle", "datePublished":',
        '{"@type": "NewsArticle", "headline": ["x"], "author": 7, "publisher": [[]]}',
        '{"@graph": {"@graph": {"@graph": {"@graph": {"@graph": {"@graph": {}}}}}}}',
        "7",
    ],
)
def test_odd_json_ld_does_no_harm(said: str) -> None:
    assert read(page(head=f'<script type="application/ld+json">{said}</script>')).usable


@pytest.mark.parametrize(
    "written", ["2999-01-01T00:00:00Z", "0001-01-01", "1970-01-01T00:00:00Z", "soon", ""]
)
def test_a_date_that_cannot_be_is_none(written: str) -> None:
    found = read(page(head=meta(article__published_time=written)))
    assert found.published is None


def test_a_date_in_the_text_is_a_guess_at_best() -> None:
    found = read(page(f"<article>{STORY}<p>Ferry company, 21 November 2026</p></article>"))
    assert found.dated_by in ("guess", "")


def test_a_page_whose_date_is_known_is_not_searched_for_one() -> None:
    dateline = '<p class="date">Published 20 November 2026</p>'
    dated = page(f"<article><h1>Ferry returns</h1>{dateline}{STORY}</article>")
    assert read(dated).published == datetime(2026, 11, 20, tzinfo=UTC)
    assert extract.extract(dated, url=URL, now=NOW, dated=True).published is None
    head = page(head=meta(article__published_time="2026-11-19T10:00:00Z"))
    said = extract.extract(head, url=URL, now=NOW, dated=True)
    assert said.published == datetime(2026, 11, 19, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("canonical", "url"),
    [
        ("/news/ferry-returns?id=7", "https://gazette.example/news/ferry-returns?id=7"),
        ("https://www.gazette.example/a#top", "https://www.gazette.example/a"),
        ("https://gazette.example/", ""),
        ("/", ""),
        ("https://other.example/news/1", ""),
        ("javascript:alert(1)", ""),
        ("http://[::1", ""),
    ],
)
def test_a_canonical_address_must_be_the_articles_own(canonical: str, url: str) -> None:
    found = read(page(head=f'<link rel="canonical" href="{canonical}">'))
    assert found.canonical_url == url


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Der Hafen wurde am Montag nach langer Pause wieder geöffnet.", "de"),
        ("Пором повернувся до гавані, повідомили в понеділок у міській раді.", "uk"),
        ("Le port a rouvert lundi après une longue pause, a dit le conseil.", "fr"),
        ("港口在星期一重新开放, 市议会说。", "zh"),
    ],
)
def test_the_language_is_read_from_the_text(text: str, code: str) -> None:
    assert extract.language_of(text, prior="en") == code


def test_a_prior_decides_where_a_text_cannot() -> None:
    assert extract.language_of("31", prior="pl") == "pl"
    assert extract.language_of("", prior="") == ""


# -- a feed's own text ----------------------------------------------------------------------------

WORDS = "word " * 150


@pytest.mark.parametrize(
    ("content", "whole"),
    [
        (WORDS + "end.", True),
        ("word " * 149, False),
        (WORDS + "...", False),
        (WORDS + "[…]", False),
        (WORDS + "Read more", False),
        (WORDS + "Continue reading →", False),
        (WORDS + "Read the full story at the Gazette.", False),
        (WORDS + "Czytaj dalej", False),
    ],
)
def test_a_teaser_is_not_the_whole_article(content: str, whole: bool) -> None:
    assert extract.whole(content) is whole


@pytest.mark.parametrize(
    "markup",
    [
        "One paragraph tells that the ferry sails.",
        "<p>One paragraph tells that the ferry sails.</p>",
        "<div>One paragraph tells that the ferry sails.</div>",
        "One paragraph tells that the ferry sails.<br>",
    ],
)
def test_every_shape_of_fragment_gives_its_text(markup: str) -> None:
    assert extract.fragment(markup) == "One paragraph tells that the ferry sails."


def test_a_fragment_loses_its_furniture() -> None:
    text = f"{PARAGRAPHS[0]}\nThe post Ferry returns appeared first on Harbour Gazette."
    assert extract.fragment(text) == PARAGRAPHS[0]
