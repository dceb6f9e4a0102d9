"""What a reader gets: golden digests in every form, hostile text, and lengths that must fit."""

import html
import json
import os
import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.amounts import amount, difference, value_text
from monitor.config import Target
from monitor.errors import ConfigError
from monitor.model import (
    Coverage,
    Digest,
    EventId,
    FigureChange,
    FigureCorrected,
    FigureDisputed,
    FigureLine,
    Form,
    Item,
    Kind,
    Observation,
    Qualifier,
    Reading,
    Rendered,
    SeriesId,
    Source,
)
from monitor.render import MAIL_LIMIT, Templates, load_templates, render
from monitor.render.dates import days
from monitor.render.fit import Density, fit
from monitor.testing import EVENT, NOON, digest, figure_changed, item, observation, reading, source

GOLDEN = Path(__file__).parent / "golden"
HOUR = timedelta(hours=1)
LIMITS = {
    Form.MAIL: MAIL_LIMIT,
    Form.HTML: 4_079,
    Form.MARKDOWN: 1_983,
    Form.SHORT: 363,
    Form.JSON: 1 << 31,
}
OURS = load_templates()


def target(**keys: object) -> Target:
    return Target.model_validate({"name": "desk", "url": "json://h", **keys})


def shown(
    told: Digest,
    form: Form,
    limit: int | None = None,
    *,
    templates: Templates = OURS,
    **keys: object,
) -> Rendered:
    room = LIMITS[form] if limit is None else limit
    return render(told, form, room, target=target(**keys), templates=templates)


# -- a story of our own ---------------------------------------------------------------------------

OUTLETS = {"a1": "Harbour Post", "b2": "North Wire", "c3": "The Skarvik Times", "d4": "Radio Fjord"}
SOURCES = (
    source("a1", OUTLETS["a1"], title="Ferry runs aground off Skarvik"),
    source("b2", OUTLETS["b2"], at=NOON + HOUR, agency="NTA", copies=2),
    source("c3", OUTLETS["c3"], at=NOON + 2 * HOUR),
    replace(source("d4", OUTLETS["d4"], at=NOON + 3 * HOUR), titled=False),
)


def seen(
    document: str, quote: str, surface: str, value: int | tuple[int, int], **keys: object
) -> Observation:
    hours = list(OUTLETS).index(document)
    stated = reading(quote, surface, value, **keys)  # type: ignore[arg-type]
    return observation(stated, document=document, outlet=OUTLETS[document], at=NOON + hours * HOUR)


TWELVE = seen(
    "a1",
    "At least 12 people were killed, the coast guard said on Saturday.",
    "12",
    12,
    qualifier=Qualifier.AT_LEAST,
    claimant="coast guard",
    offset=100,
)
NINE = replace(
    seen("b2", "Nine bodies were found, North Wire reported.", "Nine", 9), published=NOON - HOUR
)
FIFTEEN = seen(
    "d4", "Fifteen people were killed, said the coast guard.", "Fifteen", 15, claimant="coast guard"
)
THIRTY = seen(
    "c3",
    "The seamen’s union spoke of more than 30 dead.",
    "30",
    30,
    qualifier=Qualifier.MORE_THAN,
    claimant="seamen’s union",
)
ABOARD = (
    seen(
        "b2",
        "It had 240 to 260 people aboard.",
        "240 to 260",
        (240, 260),
        qualifier=Qualifier.RANGE,
    ),
    seen(
        "a1",
        "The ferry carried about 240 passengers, the operator said.",
        "240",
        240,
        qualifier=Qualifier.ABOUT,
        claimant="operator",
    ),
)
CLOSED = seen(
    "c3",
    "Several hundred square kilometres of sea are closed.",
    "Several hundred",
    (200, 900),
    qualifier=Qualifier.VAGUE,
    kind=Kind.MEASURE,
    unit="km2",
)
SHIPS = tuple(seen(each, "Two rescue ships came.", "Two", 2) for each in OUTLETS)
KILLED = SeriesId(f"{EVENT}/killed")
FIGURES = (
    FigureLine(
        series=KILLED,
        label="People killed",
        values=(FIFTEEN, THIRTY),
        history=(TWELVE, FIFTEEN),
        disputed=True,
    ),
    FigureLine(series=SeriesId(f"{EVENT}/aboard"), label="People aboard", values=ABOARD),
    FigureLine(series=SeriesId(f"{EVENT}/closed"), label="Sea closed", values=(CLOSED,)),
    FigureLine(series=SeriesId(f"{EVENT}/ships"), label="Rescue ships", values=SHIPS),
)


def ferry(*changes: FigureChange, opened: bool = False, **keys: object) -> Item:
    built = item(
        "Ferry runs aground off Skarvik",
        opened=opened,
        changes=changes,
        figures=FIGURES,
        sources=SOURCES,
        copies=2,
        lead=(
            ("The ferry Nordlys ran onto rocks in thick fog early on Saturday.", 1),
            ("Divers were still searching the lower deck in the evening.", 3),
        ),
        terms=("ferry*", "Skarvik"),
        joined_by=("Skarvik", "Nordlys", "ferry"),
    )
    return replace(built, **keys)  # type: ignore[arg-type]


CHANGED = figure_changed(TWELVE, FIFTEEN, reason="15 against at least 12, by the same claimant")
CORRECTED = FigureCorrected(
    event=EVENT,
    series=KILLED,
    label="People killed",
    before=FIFTEEN,
    after=TWELVE,
    reason="“revised down”",
)
DISPUTED = FigureDisputed(
    event=EVENT,
    series=KILLED,
    label="People killed",
    sides=(THIRTY, TWELVE),
    reason="more than 25 % apart",
)


def small(number: int, title: str, **keys: object) -> Item:
    event = EventId(f"ev-{number:08d}")
    return item(title, event=event, watches=("Towns",), terms=("fire",), **keys)  # type: ignore[arg-type]


TITLES = """Warehouse burns in Dorn|Bridge over the Lenne closed|Strike at the port of Haldmoor ends
Mine at Tarnow reopens|Two towns lose power after storm|New tram line opens in Skarvik
Old mill collapses at Brede|Lake ferry gets a new captain""".replace("\n", "|").split("|")

DAILY = digest(
    ferry(CHANGED, new_sources=1),
    ferry(CORRECTED, event=EventId("ev-corrected")),
    ferry(DISPUTED, event=EventId("ev-disputed")),
    *(small(number, title) for number, title in enumerate(TITLES)),
    small(90, "Castle of Dorn burns", opened=False, new_sources=6),
    slot=NOON,
    more=3,
    released=1,
    muted=2,
    coverage=Coverage(
        feeds=42, failing=("feed.example since 10 Mar (HTTP 403, 9 tries)",), summaries_used=3
    ),
    next_slot=NOON + timedelta(hours=18, minutes=30),
)
COURSE = (replace(FIGURES[0], history=(NINE, TWELVE, FIFTEEN)), *FIGURES[1:])
BACKLOG = digest(
    ferry(CHANGED, new_sources=1, figures=COURSE, told_at=NOON - 9 * HOUR),
    *(small(number, title) for number, title in enumerate(TITLES[:4])),
    key="changes:c1,c2",
    more=7,
    released=12,
    coverage=Coverage(feeds=42),
    notes=("not delivered since Sat 14 Mar 03:10: told here",),
)
CASES = {
    "new": digest(
        ferry(opened=True),
        coverage=Coverage(feeds=42, failing=("feed.example since 10 Mar (HTTP 403, 9 tries)",)),
    ),
    "changed": digest(
        ferry(
            CHANGED,
            new_sources=1,
            threshold="5%",
            figures=COURSE,
            told_at=NOON - 2 * HOUR,
            also=(FIGURES[1],),
        )
    ),
    "backlog": BACKLOG,
    "corrected": digest(ferry(CORRECTED)),
    "disputed": digest(ferry(DISPUTED)),
    "baseline": digest(ferry(CHANGED, opened=True, baseline=True)),
    "daily": DAILY,
    "health": digest(notes=("feed.example fails since 10 Mar: HTTP 403 after 9 tries",)),
}
SUFFIX = {
    Form.MAIL: "mail.txt",
    Form.HTML: "chat.html",
    Form.MARKDOWN: "chat.md",
    Form.SHORT: "short.txt",
    Form.JSON: "json",
}


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("case", CASES)
def test_a_digest_reads_as_written_down(case: str, form: Form) -> None:
    """Set NEWSMON_WRITE_GOLDEN=1 to write anew; then read every line of the difference."""
    rendered = shown(CASES[case], form)
    body = rendered.text
    if form is Form.JSON:
        body = json.dumps(json.loads(body), ensure_ascii=False, indent=1) + "\n"
    elif form is Form.HTML:
        body = body.replace("<br>", "<br>\n")
    pages = {f"{case}.{SUFFIX[form]}": f"Subject: {rendered.subject}\n\n{body.rstrip()}\n"}
    if form is Form.MAIL:
        pages[f"{case}.mail.html"] = rendered.html
    for name, page in pages.items():
        if os.environ.get("NEWSMON_WRITE_GOLDEN"):
            (GOLDEN / name).write_text(page, encoding="utf-8")
        assert page == (GOLDEN / name).read_text(encoding="utf-8")


# -- subjects -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "subject"),
    [
        (digest(ferry(opened=True)), "New: Ferry runs aground off Skarvik (4 sources)"),
        (
            digest(ferry(replace(CHANGED, label="Ferry passengers killed off Skarvik"))),
            "Ferry passengers killed off Skarvik: at least 12 -> 15 (coast guard)",
        ),
        (
            digest(ferry(CHANGED)),
            "People killed: at least 12 -> 15 (coast guard) - Ferry runs aground off Skarvik",
        ),
        (
            digest(ferry(CHANGED), ferry(opened=True)),
            (
                "People killed: at least 12 -> 15 (coast guard) - Ferry runs aground off Skarvik,"
                " and 1 more"
            ),
        ),
        (
            digest(ferry(new_sources=6), slot=NOON),
            "Ferry runs aground off Skarvik: +6 sources",
        ),
        (digest(coverage=Coverage(feeds=42, failing=("x",))), "newsmon: 1 of 42 feeds failing"),
    ],
    ids=["new", "label-names-it", "label-does-not", "several", "grown", "heartbeat"],
)
def test_the_subject_carries_the_fact(told: Digest, subject: str) -> None:
    assert shown(told, Form.MAIL).subject == subject


def test_several_changes_of_one_event_are_one_message_led_by_the_moved_figure() -> None:
    told = shown(
        digest(ferry(DISPUTED, replace(CHANGED, series=SeriesId("ev-1/aboard")))), Form.MAIL
    )
    assert told.subject == (
        "People killed: at least 12 -> 15 (coast guard), and 1 more"
        " - Ferry runs aground off Skarvik"
    )
    assert told.text.startswith("FIGURE CHANGED")
    assert told.text.index("12  ->  15") < told.text.index("sources differ")
    assert f"MUTE  newsmon mute {EVENT} --for 7d" in told.text
    assert "15 against at least 12" in told.text
    assert "more than 25 % apart" in told.text


def test_a_figure_with_a_long_name_keeps_the_columns() -> None:
    name = "Passengers of the ferry Nordlys still missing"
    line = FigureLine(series=KILLED, label=name, values=(FIFTEEN, THIRTY), disputed=True)
    words = shown(digest(ferry(opened=True, figures=(line,))), Form.MAIL).text
    assert (
        f"""
  {name}
                                15            coast guard [4]
  ! sources differ              more than 30  seamen’s union [3]
"""
        in words
    )


def test_a_stable_subject_is_always_the_events_title() -> None:
    for told in (digest(ferry(opened=True)), digest(ferry(CHANGED))):
        subject = shown(told, Form.MAIL, subject="stable").subject
        assert subject == "Ferry runs aground off Skarvik"


def test_a_sample_says_that_it_is_one() -> None:
    told = digest(ferry(opened=True), sample=True)
    assert shown(told, Form.MAIL).subject.startswith("[sample] New: ")
    for form in (Form.MAIL, Form.HTML, Form.MARKDOWN, Form.SHORT):
        assert "sample" in shown(told, form).text.lower().split("ferry")[0]


# -- values ---------------------------------------------------------------------------------------


def stated(
    surface: str, value: str | tuple[str, str], qualifier: Qualifier, unit: str = "", **keys: Kind
) -> Reading:
    return reading(surface, surface, value, qualifier=qualifier, unit=unit, **keys)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (stated("11,000", "11000", Qualifier.ABOUT), "about 11,000"),
        (stated("11 000", "11000", Qualifier.ABOUT), "about 11,000"),
        (stated("two", "2", Qualifier.EXACT), "2"),
        (stated("1,000", "1000", Qualifier.MORE_THAN), "more than 1,000"),
        (stated("100", "100", Qualifier.AT_LEAST), "at least 100"),
        (stated("300", "300", Qualifier.AT_MOST), "up to 300"),
        (stated("50", "50", Qualifier.LESS_THAN), "less than 50"),
        (stated("1,000", "1000", Qualifier.NEARLY, "km2"), "nearly 1,000 km²"),
        (stated("10,000 to 12,000", ("10000", "12000"), Qualifier.RANGE), "10,000 to 12,000"),
        (stated("1.2-1.5m", ("1200000", "1500000"), Qualifier.RANGE), "1.2 to 1.5 million"),
        (stated("A few hundred", ("200", "500"), Qualifier.VAGUE), "a few hundred"),
        (stated("кілька сотень", ("200", "900"), Qualifier.VAGUE), "кілька сотень"),
        (stated("40", "40.0", Qualifier.MORE_THAN, "%"), "more than 40%"),
        (stated("$1.2 billion", "1200000000.00", Qualifier.EXACT, "USD"), "$1.2 billion"),
        (stated("5 million", "5000000", Qualifier.EXACT, "UAH"), "5 million UAH"),
        (stated("20,000", "20000", Qualifier.EXACT, "bbl/d"), "20,000 bbl/d"),
        (stated("38", "38", Qualifier.ABOUT, "EUR/month"), "about €38/month"),
        (stated("7,1", "7.10", Qualifier.EXACT, kind=Kind.MAGNITUDE), "7.1"),
        (stated("1,234,567", "1234567", Qualifier.EXACT), "1,234,567"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_value_is_written_as_stated(given: Reading, words: str) -> None:
    assert value_text(given) == words


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("11000", "12000", "+1,000 (+9 %)"),
        ("15", "12", "-3 (-20 %)"),
        ("1000", "1004", "+4 (+0.4 %)"),
        ("212", "230", "+18 (+8 %)"),  # 8.49
        ("0", "7", "+7"),
        ("1200000", "3400000", "+2.2 million (+183 %)"),
        ("7.1", "7.3", "+0.2 (+3 %)"),
        ("40", "439", "+399 (+998 %)"),
        ("40", "2437", "+2,397 (×61)"),  # 60.9 times
    ],
)
def test_a_difference_is_told_in_numbers_and_per_cent(before: str, after: str, words: str) -> None:
    told = difference(
        stated(before, before, Qualifier.EXACT), stated(after, after, Qualifier.ABOUT)
    )
    assert told is not None
    assert told.text == words


def test_no_difference_is_made_up_for_ranges_and_vague_amounts() -> None:
    exact = stated("12", "12", Qualifier.EXACT)
    assert difference(stated("10-12", ("10", "12"), Qualifier.RANGE), exact) is None
    assert difference(exact, stated("dozens", ("24", "99"), Qualifier.VAGUE)) is None
    assert difference(stated("12", "12", Qualifier.EXACT, "km2"), exact) is None


def test_shares_differ_by_points() -> None:
    old, new = (reading(each, each, each, unit="%", kind=Kind.PERCENT) for each in ("40", "52.5"))
    told = difference(old, new)
    assert told is not None
    assert (told.text, told.percent) == ("+12.5 points", None)


@given(st.decimals(min_value=0, max_value=10**15, places=2))
def test_an_amount_loses_nothing(value: Decimal) -> None:
    words = amount(value)
    number, _, scale = words.replace(",", "").partition(" ")
    factor = {"": 1, "million": 10**6, "billion": 10**9, "trillion": 10**12}[scale]
    assert Decimal(number) * factor == value


def test_days_are_told_as_a_span() -> None:
    zone = CASES["new"].timezone
    from zoneinfo import ZoneInfo

    where = ZoneInfo(zone)
    assert days(NOON, NOON, where) == "14 Mar"
    assert days(NOON, NOON + 26 * HOUR, where) == "14–15 Mar"
    assert days(NOON, NOON + 24 * 20 * HOUR, where) == "14 Mar – 3 Apr"


def test_a_long_quote_is_cut_around_its_number() -> None:
    quote = "word " * 100 + "and 12 people were killed " + "word " * 100
    told = digest(
        ferry(figure_changed(TWELVE, observation(reading(quote, "12", 12), document="d4")))
    )
    body = json.loads(shown(told, Form.JSON).text)["message"]
    now = re.search("now “(.*?)”", " ".join(body.split()))
    assert now is not None
    assert "12 people" in now[1]
    assert len(now[1]) <= 330
    assert now[1].startswith("…")
    assert now[1].endswith("…")


# -- hostile text ---------------------------------------------------------------------------------

HOSTILE = (
    "@everyone <!channel> <b>x</b> [bank](http://evil.example) *s* _u_ `c` <http://evil|bank>"
    " <script>alert(1)</script> \x1b[31mred\r\nBcc: x@evil.example \u202ereversed\u2066 {{ 7*7 }}"
    " {% raw %} javascript:alert(1) <users/all> &lt;i&gt;"
)


def hostile(number: int = 0) -> Item:
    url = "javascript:alert(1)" if number else "https://a.example/@x)(<b>\"'_*?q=1&r=2"
    where = Source(
        document=SOURCES[0].document,
        outlet=HOSTILE,
        url=url,
        title=HOSTILE,
        published=NOON,
        agency=HOSTILE,
    )
    bad = replace(TWELVE, outlet=HOSTILE, url=url)
    spoken = replace(bad.reading, quote=HOSTILE, claimant=HOSTILE, quote_start=0, start=3)
    before = replace(bad, reading=spoken)
    line = FigureLine(series=KILLED, label=HOSTILE, values=(before,), disputed=True)
    changes: tuple[FigureChange, ...] = (
        replace(figure_changed(before, before), label=HOSTILE, reason=HOSTILE),
        replace(DISPUTED, sides=(before, before), label=HOSTILE),
    )
    return ferry(
        *(changes if number % 2 == 0 else ()),
        title=HOSTILE,
        lead=((HOSTILE, 1),),
        figures=(line,),
        sources=(where,),
        opened=number > 1,
        watches=(HOSTILE,),
        terms=(HOSTILE,),
        joined_by=(HOSTILE,),
        follows=(EventId("ev-old"), HOSTILE),
    )


BAD = digest(*(hostile(number) for number in range(4)), notes=(HOSTILE,))


class Page(HTMLParser):
    """Collects tags and addresses; the standard parser is strict about neither, so we are."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]
        assert {name for name, _ in attrs} <= {
            "href", "style", "class", "lang", "charset", "name", "content", "role", "aria-label"
        }  # fmt: skip
        if tag not in ("br", "meta"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(page: str) -> Page:
    reader = Page()
    reader.feed(page)
    reader.close()
    assert not reader.open
    return reader


@pytest.mark.parametrize("form", [Form.MAIL, Form.HTML, Form.MARKDOWN, Form.SHORT])
@pytest.mark.parametrize("count", [1, 4])
def test_no_control_or_direction_sign_gets_through(form: Form, count: int) -> None:
    rendered = shown(replace(BAD, items=BAD.items[:count]), form, 100_000)
    for words in (rendered.subject, rendered.text, rendered.html):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", words)
    assert "\n" not in rendered.subject
    assert not re.search("(?m)^Bcc:", rendered.text)
    assert "{{ 7*7 }}" in html.unescape(rendered.text).replace("\\", "")


@pytest.mark.parametrize("count", [1, 4])
def test_a_mail_page_has_our_tags_and_web_links_only(count: int) -> None:
    page = parsed(shown(replace(BAD, items=BAD.items[:count]), Form.MAIL).html)
    assert not page.tags & {"script", 'b"', "i", "http:", "users"}
    assert page.links
    assert all(link.startswith("https://a.example/") for link in page.links)


@pytest.mark.parametrize("count", [1, 4])
def test_chat_html_pings_nobody(count: int) -> None:
    words = shown(replace(BAD, items=BAD.items[:count]), Form.HTML, 100_000).text
    page = parsed(words)
    assert page.tags == {"b", "a", "br"}
    assert all(link.startswith("https://a.example/%40x%29%28%3Cb%3E") for link in page.links)
    assert not re.search("@(?!\u200b)", words)


@pytest.mark.parametrize("count", [1, 4])
def test_chat_markdown_pings_nobody_and_links_only_articles(count: int) -> None:
    words = shown(replace(BAD, items=BAD.items[:count]), Form.MARKDOWN, 100_000).text
    assert not re.search("@(?!\u200b)", words)
    ours = re.sub(r"\\.", "", words)  # what is left of escaped text cannot be markup
    links = re.findall(r"\[[^\]]*\]\(([^)]*)\)", ours)
    assert links
    assert all(link.startswith("https://a.example/%40x") for link in links)
    assert "`" not in ours
    assert "<" not in ours.replace("<->", "")


@pytest.mark.parametrize("count", [1, 4])
def test_short_text_has_no_angle_brackets_and_pings_nobody(count: int) -> None:
    words = shown(replace(BAD, items=BAD.items[:count]), Form.SHORT, 100_000).text
    assert "<" not in words
    assert not re.search("@(?!\u200b)", words)


def test_json_keeps_hostile_text_as_text() -> None:
    whole = json.loads(shown(BAD, Form.JSON).text)
    assert whole["items"][0]["title"] == HOSTILE
    assert "\x1b" not in whole["message"]


# -- lengths --------------------------------------------------------------------------------------


def size(form: Form, rendered: Rendered) -> int:
    match form:
        case Form.MAIL:
            return len(rendered.html.encode())
        case Form.SHORT:
            return len(rendered.text.encode())
        case _:
            return len(rendered.text.encode("utf-16-le")) // 2


@settings(max_examples=60)
@given(
    form=st.sampled_from([Form.HTML, Form.MARKDOWN, Form.SHORT]),
    limit=st.integers(160, 40_000),
    count=st.integers(0, 60),
    bad=st.booleans(),
)
def test_whatever_the_limit_whole_items_fit_and_the_rest_is_counted(
    form: Form, limit: int, count: int, bad: bool
) -> None:
    items = tuple(
        hostile(number) if bad and number % 3 == 0 else small(number, f"Item{number}x burns")
        for number in range(count)
    )
    rendered = shown(digest(*items, more=2), form, limit)
    assert size(form, rendered) <= limit
    told = re.search(r"… and (\d+) more: newsmon events", rendered.text)
    assert told is not None
    plain = [number for number in range(count) if not (bad and number % 3 == 0)]
    missing = [number for number in plain if f"Item{number}x burns" not in rendered.text]
    left = int(told[1]) - 2
    assert set(missing) == {number for number in plain if number >= count - left}
    if form is Form.HTML:
        parsed(rendered.text)


def test_a_mail_of_two_hundred_events_stays_below_the_clip_of_mail_services() -> None:
    items = [ferry(CHANGED, event=EventId(f"ev-{number:08d}")) for number in range(200)]
    rendered = shown(digest(*items), Form.MAIL)
    assert size(Form.MAIL, rendered) <= MAIL_LIMIT
    page = parsed(rendered.html)
    assert "script" not in page.tags


def test_a_text_message_holds_at_least_one_event() -> None:
    words = shown(DAILY, Form.SHORT, 160).text
    assert words.startswith("People killed 12+ -> 15 (+25 %)")
    assert "… and 14 more" in words
    assert len(words.encode()) <= 160


def test_the_lines_of_a_text_part_are_short_but_for_addresses() -> None:
    for told in CASES.values():
        for line in shown(told, Form.MAIL).text.splitlines():
            assert len(line) <= 78 or "https://" in line


def test_density_falls_from_the_end_before_anything_is_left_out() -> None:
    sizes = {Density.FULL: 10, Density.SHORT: 4, Density.LINE: 1}

    def plan(room: int) -> tuple[list[int], int]:
        found = fit([Density.FULL] * 3, lambda _, density: sizes[density], lambda _: room)
        return [int(each) for each in found.densities], found.left

    assert plan(30) == ([0, 0, 0], 0)
    assert plan(29) == ([0, 0, 1], 0)
    assert plan(12) == ([1, 1, 1], 0)
    assert plan(11) == ([1, 1, 2], 0)
    assert plan(3) == ([2, 2, 2], 0)
    assert plan(2) == ([2, 2], 1)
    assert plan(0) == ([], 3)


# -- templates of the user ------------------------------------------------------------------------


def test_a_folder_overrides_single_files(tmp_path: Path) -> None:
    ours = (Path(__file__).parents[2] / "monitor/render/templates/short.txt").read_text()
    (tmp_path / "short.txt").write_text(ours.replace("New: ", "Nieuw: "))
    templates = load_templates(tmp_path)
    told = CASES["new"]
    assert shown(told, Form.SHORT, templates=templates).text.startswith("Nieuw: Ferry")
    assert shown(told, Form.HTML, templates=templates) == shown(told, Form.HTML)


@pytest.mark.parametrize(
    ("name", "source", "words"),
    [
        ("short.txt", "{% macro head(digest) %}", "short.txt: "),
        ("short.txt", "hello", "lacks the macro head, full"),
        ("other.txt", "hello", "holds none of"),
    ],
    ids=["syntax", "macros", "nothing"],
)
def test_a_template_that_cannot_work_is_told_at_once(
    tmp_path: Path, name: str, source: str, words: str
) -> None:
    (tmp_path / name).write_text(source)
    with pytest.raises(ConfigError, match=re.escape(words)):
        load_templates(tmp_path)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is no folder"):
        load_templates(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "trick", ["{{ item.no_such_word }}", "{{ item.__class__.__mro__ }}", "{{ 1 // 0 }}"]
)
def test_a_template_that_fails_costs_nobody_the_message(tmp_path: Path, trick: str) -> None:
    ours = (Path(__file__).parents[2] / "monitor/render/templates/short.txt").read_text()
    broken = ours.replace("{% macro full(item) -%}", "{% macro full(item) -%}" + trick)
    (tmp_path / "short.txt").write_text(broken)
    words = shown(CASES["new"], Form.SHORT, 2_000, templates=load_templates(tmp_path)).text
    assert words.startswith("New: Ferry runs aground off Skarvik")
    assert "failed, ours was used" in words
