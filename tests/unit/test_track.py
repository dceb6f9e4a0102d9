"""Readings of one event, told by several articles, become series and changes.

Stories are built of readings by hand: what is tested is the judgement, not the reading.
"""

import dataclasses
import functools
import itertools
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from monitor.figures.track import advance, merge
from monitor.model import (
    Advance,
    Counting,
    DocumentId,
    EventId,
    FigureChanged,
    FigureCorrected,
    FigureDisputed,
    FigureState,
    Kind,
    Modality,
    Qualifier,
    Reading,
    Sighting,
    TimeFrame,
)

EVENT = EventId("ev-7f3ak2qd")
MORNING = datetime(2025, 3, 1, 8, tzinfo=UTC)
ABOUT, NEARLY, AT_LEAST = Qualifier.ABOUT, Qualifier.NEARLY, Qualifier.AT_LEAST
MORE_THAN, AT_MOST, RANGE, VAGUE = (
    Qualifier.MORE_THAN,
    Qualifier.AT_MOST,
    Qualifier.RANGE,
    Qualifier.VAGUE,
)


def figure(role, low, qualifier=Qualifier.EXACT, *, high=None, unit="", **more) -> Reading:
    """One reading; its surface is the value as Python writes it."""
    if unit == "%":
        kind = Kind.PERCENT
    elif len(unit) == 3 and unit.isupper():
        kind = Kind.MONEY
    else:
        kind = Kind.MEASURE if unit else Kind.COUNT
    top = low if high is None else high
    surface = f"{low}" if high is None else f"{low}-{high}"
    fields = {
        "start": 0,
        "end": len(surface),
        "surface": surface,
        "low": Decimal(str(low)),
        "high": Decimal(str(top)),
        "qualifier": qualifier,
        "kind": kind,
        "unit": unit,
        "quote_start": 0,
        "quote_end": len(surface),
        "quote": surface,
        "role": role,
        "noun": "people" if kind is Kind.COUNT else "",
    }
    return Reading(**(fields | more))


def killed(low, qualifier=Qualifier.EXACT, **more) -> Reading:
    return figure("killed", low, qualifier, **more)


class Story:
    """One event; an article comes every hour unless it says otherwise."""

    def __init__(self, event=EVENT) -> None:
        self.state = FigureState(event=event)
        self.articles = 0
        self.last: Advance | None = None

    def tells(self, *readings, hour=None, outlet=None, document=None, **more) -> list[str]:
        """Let an article tell the readings; what changed, in words."""
        hour = self.articles if hour is None else hour
        name = outlet or f"outlet-{self.articles}"
        placed = [
            dataclasses.replace(r, start=100 * i + r.start, end=100 * i + r.end)
            for i, r in enumerate(readings)
        ]
        sighting = Sighting(
            document=DocumentId(document or f"d{self.articles}"),
            outlet=name,
            url=f"https://{name}.example/{self.articles}",
            published=MORNING + timedelta(hours=hour),
            voice=name,
            **({"lead": "Flood in Orvane"} | more),
        )
        self.articles += 1
        self.last = advance(self.state, placed, sighting)
        self.state = self.last.state
        return [told(change) for change in self.last.changes]

    @property
    def names(self) -> list[str]:
        return [series.id.partition("/")[2] for series in self.state.series]

    def value(self, name) -> int:
        series = next(s for s in self.state.series if s.id.endswith(f"/{name}"))
        return int(series.decided.reading.low)


def told(change) -> str:
    name = change.series.partition("/")[2]
    if isinstance(change, FigureDisputed):
        sides = " / ".join(o.reading.surface for o in change.sides)
        return f"{name} disputed {sides}"
    arrow = "=>" if isinstance(change, FigureCorrected) else "->"
    return f"{name} {change.before.reading.surface} {arrow} {change.after.reading.surface}"


def after(*articles, **more) -> list[str]:
    """What the last of several articles changes; an article is a reading or a list of them."""
    story = Story()
    changes: list[str] = []
    for article in articles:
        readings = article if isinstance(article, list) else [article]
        changes = story.tells(*readings, **more)
    return changes


def test_of_one_value_told_twice_what_says_whom_it_counts_is_quoted():
    story = Story()
    story.tells(figure("killed", 77, noun="people", headline=True))
    bare = figure("killed", 85, noun="", counting=Counting.TOTAL)
    assert story.tells(bare, figure("killed", 85, noun="lives")) == ["killed 77 -> 85"]
    assert story.last.changes[0].after.reading.noun == "lives"


# -- two articles ---------------------------------------------------------------------------------

RISES = [
    pytest.param(killed(10), killed(12), "killed 10 -> 12", id="below-100-every-step-counts"),
    pytest.param(killed(99), killed(100), "killed 99 -> 100", id="across-100"),
    pytest.param(killed(44, AT_LEAST), killed(59), "killed 44 -> 59", id="at-least-then-more"),
    pytest.param(
        killed(100, AT_LEAST), killed(300, AT_LEAST), "killed 100 -> 300", id="at-least-twice"
    ),
    pytest.param(
        figure("deployed", 11000, ABOUT),
        figure("deployed", 12000, ABOUT),
        "deployed 11000 -> 12000",
        id="about-then-about-one-step-more",
    ),
    pytest.param(
        figure("deployed", 10000, RANGE, high=12000),
        figure("deployed", 15000),
        "deployed 10000-12000 -> 15000",
        id="above-a-range",
    ),
    pytest.param(
        killed(24, VAGUE, high=99),
        killed(200, VAGUE, high=999),
        "killed 24-99 -> 200-999",
        id="dozens-then-hundreds",
    ),
    pytest.param(
        killed(200, VAGUE, high=500),
        killed(1000, MORE_THAN),
        "killed 200-500 -> 1000",
        id="a-few-hundred-then-a-thousand",
    ),
    pytest.param(
        killed(40),
        killed(200, VAGUE, high=999, headline=True),
        "killed 40 -> 200-999",
        id="hundreds-after-forty",
    ),
    pytest.param(
        figure("burned", 1200, unit="acre"),
        figure("burned", 3400, unit="acre"),
        "burned 1200 -> 3400",
        id="acres",
    ),
    pytest.param(
        figure("burned", 1000, unit="acre"),
        figure("burned", 10, unit="km2"),
        "burned 1000 -> 10",
        id="more-in-another-unit",
    ),
    pytest.param(
        figure("contained", 40, unit="%"),
        figure("contained", 60, unit="%"),
        "contained 40 -> 60",
        id="percent",
    ),
    pytest.param(
        figure("damage", 2_000_000_000, unit="USD"),
        figure("damage", 5_000_000_000, unit="USD"),
        "damage 2000000000 -> 5000000000",
        id="money",
    ),
    pytest.param(
        figure("inspected", 12, noun="ships"),
        figure("inspected", 47, noun="ships", headline=True),
        "inspected-ship 12 -> 47",
        id="an-open-role",
    ),
    pytest.param(
        figure("infected", 120), figure("infected", 151), "infected 120 -> 151", id="cases"
    ),
    pytest.param(
        figure("laid_off", 1200, group="staff", noun="workers"),
        figure("laid_off", 1500, group="staff", noun="employees"),
        "laid-off 1200 -> 1500",
        id="jobs",
    ),
]


@pytest.mark.parametrize(("old", "new", "expected"), RISES)
def test_a_higher_value_is_a_change(old, new, expected):
    assert after(old, new) == [expected]


SILENT = [
    pytest.param(killed(59), killed(59), id="the-same"),
    pytest.param(killed(7842), killed(7850), id="a-thousandth-more"),
    pytest.param(killed(1000, NEARLY), killed(1000), id="nearly-then-exactly"),
    pytest.param(killed(1000, MORE_THAN), killed(1000, AT_LEAST), id="other-words"),
    pytest.param(killed(59), killed(50, AT_LEAST), id="a-stale-at-least"),
    pytest.param(killed(59), killed(50), id="a-stale-number"),
    pytest.param(killed(59), killed(200, AT_MOST), id="as-many-as"),
    pytest.param(killed(24, VAGUE, high=99), killed(37), id="dozens-then-37"),
    pytest.param(killed(1000), killed(2000, VAGUE, high=9999), id="thousands-after-a-number"),
    pytest.param(killed(1000, MORE_THAN), killed(200, VAGUE, high=500), id="a-lower-size"),
    pytest.param(
        figure("deployed", 10000, MORE_THAN),
        figure("deployed", 10000, RANGE, high=12000),
        id="a-range-above-more-than",
    ),
    pytest.param(
        figure("deployed", 10000, RANGE, high=12000), figure("deployed", 11000), id="in-the-range"
    ),
    pytest.param(
        figure("deployed", 10000, MORE_THAN), figure("deployed", 11000), id="more-than-refined"
    ),
    pytest.param(
        figure("controlled", 800, ABOUT, unit="km2"),
        figure("controlled", 309, ABOUT, unit="mi2"),
        id="the-same-area-in-miles",
    ),
    pytest.param(
        figure("contained", 40, unit="%"), figure("contained", 40, unit="%"), id="the-same-percent"
    ),
    pytest.param(
        figure("magnitude", 6.3, kind=Kind.MAGNITUDE),
        figure("magnitude", 6.4, kind=Kind.MAGNITUDE),
        id="a-magnitude-is-measured-again",
    ),
    pytest.param(
        figure("price", 71.2, unit="USD/bbl", kind=Kind.MONEY),
        figure("price", 71.6, unit="USD/bbl", kind=Kind.MONEY),
        id="a-price-that-trembles",
    ),
    pytest.param(killed(59), figure("wounded", 120), id="another-role"),
    pytest.param(killed(5), killed(20, unit="%", noun=""), id="a-share-is-no-count"),
    pytest.param(
        figure("volume", 200, unit="bbl"),
        figure("volume", 5000, unit="bbl/d"),
        id="a-rate-is-no-total",
    ),
    pytest.param(
        figure("damage", 200, unit="USD"), figure("damage", 900, unit="EUR"), id="another-currency"
    ),
    pytest.param(
        killed(12, nations=("Russia",), group="military"),
        killed(40, nations=("Ukraine",), group="military"),
        id="the-other-side",
    ),
    pytest.param(killed(12), killed(40, group="children", noun="children"), id="another-group"),
    pytest.param(
        figure("inspected", 12, noun="ships"),
        figure("inspected", 300, noun="homes"),
        id="another-thing",
    ),
    pytest.param(killed(59), killed(200, modality=Modality.POSSIBLE), id="feared"),
    pytest.param(killed(59), killed(200, modality=Modality.DENIED), id="denied"),
    pytest.param(killed(59), killed(72, time_frame=TimeFrame.BACKGROUND), id="an-earlier-fire"),
    pytest.param(killed(59), killed(72, noise="age"), id="noise"),
    pytest.param(
        figure("wounded", 2059),
        figure("wounded", 1404, subset="in critical condition"),
        id="a-part",
    ),
    pytest.param(figure("infected", 40), figure("suspected_cases", 300), id="suspected"),
    pytest.param(
        figure("cost", 100, unit="USD"), figure("aid", 900, unit="USD"), id="cost-and-aid"
    ),
]


@pytest.mark.parametrize(("old", "new"), SILENT)
def test_what_is_no_news_is_silent(old, new):
    assert after(old, new) == []


FALLS = [
    pytest.param(
        killed(59), killed(51, revised=True), "killed 59 => 51", id="a-toll-is-revised-down"
    ),
    pytest.param(
        killed(59, claimant="Mayor Lena Marsk"),
        killed(51, claimant="Marsk", headline=True),
        "killed 59 => 51",
        id="who-said-it-takes-it-back",
    ),
    pytest.param(
        figure("missing", 40), figure("missing", 25), "missing 40 -> 25", id="missing-are-found"
    ),
    pytest.param(
        figure("controlled", 800, unit="km2"),
        figure("controlled", 400, unit="km2"),
        "area 800 -> 400",
        id="ground-is-lost",
    ),
    pytest.param(
        figure("without_power", 120000, noun="homes", group="homes"),
        figure("without_power", 45000, noun="homes", group="homes"),
        "without-power 120000 -> 45000",
        id="power-returns",
    ),
    pytest.param(
        figure("contained", 60, unit="%"),
        figure("contained", 45, unit="%"),
        "contained 60 -> 45",
        id="a-fire-breaks-out-again",
    ),
    pytest.param(
        figure("price", 90, unit="USD/bbl", kind=Kind.MONEY),
        figure("price", 70, unit="USD/bbl", kind=Kind.MONEY, headline=True),
        "price-a-barrel 90 -> 70",
        id="a-price",
    ),
    pytest.param(
        figure("deployed", 16, noun="rescuers", group="rescuers"),
        figure("deployed", 5, noun="rescuers", group="rescuers", rising=True),
        "rescuers 16 -> 5",
        id="rescuers-are-said-to-leave",
    ),
    pytest.param(
        figure("trapped", 60),
        figure("missing", 9, rising=True),
        "trapped 60 -> 9",
        id="the-last-ones-go-by-another-word",
    ),
    pytest.param(
        figure("without_power", 900, noun="homes", group="homes"),
        figure("waiting", 400, noun="homes", group="homes", headline=True),
        "without-power 900 -> 400",
        id="the-last-homes-wait",
    ),
]


@pytest.mark.parametrize(("old", "new", "expected"), FALLS)
def test_a_lower_value_is_told_where_figures_may_fall(old, new, expected):
    assert after(old, new) == [expected]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (figure("missing", 40), figure("missing", 38)),
        (figure("missing", 40), figure("missing", 10, AT_LEAST)),
        (figure("displaced", 9000), figure("displaced", 2000, VAGUE, high=5000)),
        (figure("displaced", 9000), figure("displaced", 300)),
        (killed(59, claimant="Marsk"), killed(20, claimant="Marsk")),
        (
            figure("deployed", 16, noun="rescuers", group="rescuers"),
            figure("deployed", 5, noun="rescuers", group="rescuers"),
        ),
        (
            figure("deployed", 42, noun="engines", group="vehicles"),
            figure("deployed", 11, noun="engines", group="vehicles", headline=True),
        ),
    ],
    ids=[
        "a-little",
        "at-least",
        "a-size-in-words",
        "a-village",
        "far-too-low-for-a-correction",
        "rescuers-who-are-below",
        "engines-of-one-street",
    ],
)
def test_a_lower_value_that_need_not_be_a_fall_is_silent(old, new):
    assert after(old, new) == []


@pytest.mark.parametrize(
    ("again", "same"),
    [
        (killed(2000, noun="feared", modality=Modality.POSSIBLE), True),
        (killed(2000, noun="names", time_frame=TimeFrame.BACKGROUND), True),
        (figure("", 2000, noun=""), True),
        (figure("", 2000, noun="houses"), False),
        (figure("", 2000, noun="people"), False),
        (killed(2000, noun="feared", nations=("Peru",), modality=Modality.POSSIBLE), False),
        (killed(2100, noun="feared", modality=Modality.POSSIBLE), False),
        (killed(2000, time_frame=TimeFrame.OLD), False),
    ],
    ids=[
        "feared",
        "told-as-past",
        "bare",
        "of-houses",
        "of-people",
        "of-others",
        "another-value",
        "before",
    ],
)
def test_an_articles_value_told_twice_is_one_figure(again, same):
    story = Story()
    story.tells(killed(2000, nations=("Chile",)), again)
    first, second = story.last.assigned
    assert (second == first) is same


def test_many_told_in_the_words_of_before_are_a_tally_even_in_passing():
    received = functools.partial(figure, "received", noun="claims", quote="The fund received some.")
    assert after(received(26_000), received(51_000)) == ["received-claim 26000 -> 51000"]
    assert after(received(26), received(51)) == []
    assert after(received(26_000), received(51_000, noun="letters")) == []
    assert after(received(26_000), received(51_000, quote="It settled some.")) == []


def test_a_named_side_of_a_vote_is_followed_wherever_it_is_told():
    seats = functools.partial(figure, "seats", noun="Homeland")
    assert after(seats(25), seats(31)) == ["seats-homeland 25 -> 31"]


def test_the_few_who_are_left_go_by_another_word_only_where_it_is_told_of_them():
    fled = figure("displaced", 2_000_000)
    assert after(fled, figure("housed", 150_000)) == []
    assert after(fled, figure("housed", 150_000, rising=True)) == ["displaced 2000000 -> 150000"]


def test_a_total_and_its_part_in_one_place_are_two_figures():
    story = Story()
    story.tells(figure("infected", 24), figure("infected", 22, scope="Melin"))
    later = [figure("infected", 48), figure("infected", 42, scope="Melin")]
    assert story.tells(*later) == ["infected 24 -> 48", "infected-melin 22 -> 42"]


def test_a_part_told_before_the_total_of_its_place_stays_with_it():
    story = Story()
    story.tells(killed(26), killed(50, scope="Orvane"))
    part, total = story.last.assigned
    assert part == total


def test_doctors_are_medical_staff_where_their_number_is_near():
    staff = figure("infected", 375, noun="health workers", group="staff")
    doctors = figure("infected", 427, noun="doctors", group="medics")
    assert after(staff, doctors) == ["infected-staff 375 -> 427"]
    far = figure("infected", 30, noun="doctors", group="medics")
    assert after(staff, far) == []


# -- stories --------------------------------------------------------------------------------------


def test_the_first_article_opens_its_figures_without_a_change():
    story = Story()
    assert story.tells(killed(12), figure("wounded", 30)) == []
    assert story.names == ["killed", "wounded"]
    assert [d.outcome for d in story.last.decisions] == ["opens", "opens"]


def test_the_mission_example_gives_exactly_one_change():
    north = {"nations": ("North Korea",), "group": "military", "noun": "North Korean troops"}
    kursk = north | {"scope": "Kursk"}
    lead = {"lead": "Ukraine holds two North Korean soldiers captured in Kursk"}
    story = Story()
    first = story.tells(
        figure("deployed", 10000, MORE_THAN, **north, claimant="Western allies"),
        figure("deployed", 11000, ABOUT, **kursk, claimant="Kyiv"),
        figure("controlled", 200, VAGUE, high=900, unit="km2"),
        figure("killed_or_wounded", 1000, MORE_THAN, **north, claimant="Antony Blinken"),
        **lead,
    )
    second = story.tells(
        figure("captured", 2, **north),
        figure("killed_or_wounded", 200, VAGUE, high=500, **north, claimant="Ukrainian military"),
        figure("deployed", 10000, RANGE, high=12000, **north, claimant="Ukraine"),
        **lead,
    )
    third = story.tells(
        figure("deployed", 12000, ABOUT, **kursk, claimant="Kyiv"),
        figure("deployed", 500, group="officers", noun="officers", subset="including"),
        figure("killed_or_wounded", 1000, AT_LEAST, **north, claimant="John Kirby"),
        **lead,
    )
    fourth = story.tells(
        killed(100, AT_LEAST, **north, claimant="NIS"),
        figure("wounded", 1000, ABOUT, **north, claimant="NIS"),
        figure("deployed", 10000, MORE_THAN, **north, claimant="Kyiv and Western intelligence"),
        figure("controlled", 800, ABOUT, unit="km2"),
        hour=24,
        **lead,
    )
    assert first == []
    assert second == ["killed-or-wounded-troops disputed 200-500 / 1000"]
    assert third == ["troops-kursk 11000 -> 12000"]
    assert fourth == []
    labels = {s.id.partition("/")[2]: s.label for s in story.state.series}
    assert labels["troops-kursk"] == "North Korean troops in Kursk"
    assert labels["area"] == "Area under control"


def test_small_steps_add_up_and_are_told_once():
    story = Story()
    story.tells(killed(2000))
    assert story.tells(killed(2030)) == []
    assert story.tells(killed(2055)) == []
    assert story.tells(killed(2080)) == ["killed 2000 -> 2080"]
    assert story.tells(killed(2080)) == []


def test_an_article_stands_for_its_latest_total():
    assert after(killed(44), [killed(44, time_frame=TimeFrame.OLD), killed(59, rising=True)]) == [
        "killed 44 -> 59"
    ]


def test_a_rounded_headline_yields_to_the_exact_number_below_it():
    story = Story()
    story.tells(killed(2122))
    changes = story.tells(
        killed(3000, NEARLY, headline=True), killed(2680, MORE_THAN), killed(2681, AT_LEAST)
    )
    assert changes == ["killed 2122 -> 2681"]
    assert story.tells(killed(2862)) == ["killed 2681 -> 2862"]


def test_a_late_older_article_fills_history_only():
    story = Story()
    story.tells(killed(10), hour=0)
    assert story.tells(killed(12), hour=5) == ["killed 10 -> 12"]
    assert story.tells(killed(30), hour=3) == []
    assert story.value("killed") == 12
    assert story.tells(killed(12), hour=6) == []


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_an_article_older_than_the_state_never_fires_in_any_order(order):
    values = (10, 14, 21, 33)
    story = Story()
    newest = -1
    for number in order:
        changes = story.tells(killed(values[number]), hour=number)
        assert changes == [] or number > newest
        newest = max(newest, number)
    assert story.value("killed") == 33 or order[0] == 3


def test_a_copy_adds_neither_voice_nor_change():
    story = Story()
    story.tells(killed(10))
    assert story.tells(killed(12), copy=True) == []
    assert story.last.assigned == ("ev-7f3ak2qd/killed",)
    assert story.state.series[0].voices == ("outlet-0",)
    assert story.tells(killed(12)) == ["killed 10 -> 12"]


def test_a_copy_that_comes_first_opens_its_figures_in_silence():
    story = Story()
    rivals = (
        figure("attended", 20000, claimant="Interior Ministry"),
        figure("attended", 50000, claimant="Union leaders"),
    )
    assert story.tells(*rivals, copy=True) == []
    assert story.names == ["attended"]


def test_only_the_fresh_part_of_an_extended_article_may_change():
    story = Story()
    story.tells(killed(10), figure("wounded", 20))
    changes = story.tells(killed(12), figure("wounded", 30), fresh=((90, 200),))
    assert changes == ["wounded 20 -> 30"]
    assert story.last.assigned == ("ev-7f3ak2qd/killed", "ev-7f3ak2qd/wounded")


def test_children_among_the_dead_are_a_figure_of_their_own():
    children = {"group": "children", "noun": "children", "subset": "including"}
    story = Story()
    story.tells(killed(10), killed(3, **children))
    assert story.tells(killed(12), killed(4, **children)) == [
        "killed 10 -> 12",
        "killed-children 3 -> 4",
    ]


def test_an_addition_is_not_the_whole():
    story = Story()
    workers = {"group": "staff", "noun": "workers"}
    story.tells(figure("striking", 18600, **workers))
    assert story.tells(figure("striking", 7000, subset="more", headline=True, **workers)) == []
    assert story.tells(figure("striking", 25000, **workers)) == ["striking 18600 -> 25000"]


def test_those_in_critical_condition_are_kept_and_never_announced():
    critical = {"subset": "critical"}
    story = Story()
    story.tells(figure("wounded", 2059), figure("wounded", 1404, **critical))
    assert story.tells(figure("wounded", 2059), figure("wounded", 1600, **critical)) == []
    assert story.names == ["wounded", "wounded-critical"]


def test_an_unsupported_peak_is_taken_back():
    story = Story()
    story.tells(killed(40))
    assert story.tells(killed(130)) == ["killed 40 -> 130"]
    assert story.tells(killed(52)) == ["killed 130 => 52"]
    assert story.tells(killed(60)) == ["killed 52 -> 60"]


def test_a_peak_that_another_outlet_repeats_stays():
    story = Story()
    story.tells(killed(40))
    story.tells(killed(130))
    story.tells(killed(130))
    assert story.tells(killed(52)) == []


def test_two_voices_unfreeze_a_figure_that_began_with_another_ones_value():
    story = Story()
    story.tells(killed(2000))
    assert story.tells(killed(12)) == []
    assert story.tells(killed(15)) == ["killed 12 -> 15"]
    assert story.tells(killed(16)) == ["killed 15 -> 16"]


def test_a_leap_without_support_waits_for_a_second_voice():
    story = Story()
    story.tells(killed(5))
    assert story.tells(killed(600), outlet="one") == []
    assert story.tells(killed(600), outlet="one") == []
    assert story.tells(killed(610), outlet="two") == ["killed 5 -> 610"]


def test_what_had_days_to_grow_may_leap_where_somebody_says_so():
    story = Story()
    story.tells(killed(5), hour=0)
    assert story.tells(killed(600), hour=100) == []
    assert story.tells(killed(640, claimant="Interior Ministry"), hour=101, outlet="outlet-1") == [
        "killed 5 -> 640"
    ]


def test_fewer_than_400_is_near_to_412():
    story = Story()
    story.tells(figure("claims", 412, noun="claims"))
    story.tells(figure("claims", 400, Qualifier.LESS_THAN, noun="claims", scope="Orvane"))
    assert placed(story) == ["claims"]


def test_two_amounts_far_apart_are_of_two_things_unless_a_total_is_told():
    story = Story()
    story.tells(figure("cost", 45_000_000, unit="USD"))
    assert story.tells(figure("cost", 900_000_000, unit="USD", headline=True)) == []
    assert story.tells(figure("cost", 60_000_000, unit="USD", headline=True)) == [
        "cost 45000000 -> 60000000"
    ]
    assert story.tells(figure("cost", 250_000_000, unit="USD", counting=Counting.TOTAL)) == [
        "cost 60000000 -> 250000000"
    ]


def test_a_leap_in_a_headline_is_told_at_once():
    story = Story()
    story.tells(killed(5))
    assert story.tells(killed(600, headline=True)) == ["killed 5 -> 600"]


def test_an_outlet_that_lowers_its_own_number_corrects_itself():
    story = Story()
    story.tells(killed(59), outlet="morning")
    assert story.tells(killed(57), outlet="evening") == []
    assert story.tells(killed(57), outlet="morning") == ["killed 59 => 57"]


def test_an_article_of_numbers_only_is_bounded():
    story = Story()
    story.tells(*(figure("inspected", n + 1, noun=f"thing{n}q") for n in range(300)))
    assert len(story.state.series) == 200
    assert story.last.decisions[-1].reason == "too many figures in one event"


def test_a_value_above_a_running_total_is_the_next_total():
    story = Story()
    damaged = functools.partial(figure, "destroyed", noun="buildings", group="buildings")
    story.tells(damaged(45, counting=Counting.INCIDENT, headline=True), hour=0)
    story.tells(damaged(1000, counting=Counting.TOTAL), hour=30)
    assert story.tells(damaged(2262), hour=90) == ["destroyed-buildings-2 1000 -> 2262"]


def test_the_first_dead_of_a_disaster_are_soon_leapt_over():
    story = Story()
    story.tells(killed(1))
    assert story.tells(killed(11, counting=Counting.TOTAL)) == ["killed 1 -> 11"]


def test_a_second_voice_above_a_leap_supports_it():
    story = Story()
    story.tells(killed(30))
    assert story.tells(killed(400)) == []
    assert story.tells(killed(520)) == ["killed 30 -> 520"]


# -- disagreement ---------------------------------------------------------------------------------


def test_organisers_and_police_are_shown_side_by_side():
    story = Story()
    story.tells(
        figure("attended", 20000, ABOUT, claimant="Interior Ministry"),
        figure("attended", 50000, ABOUT, claimant="Union leaders"),
    )
    assert [told(c) for c in story.last.changes] == ["attended disputed 50000 / 20000"]
    assert story.tells(figure("attended", 22000, ABOUT, claimant="Interior Ministry")) == [
        "attended 20000 -> 22000"
    ]
    assert story.tells(figure("attended", 50000, claimant="Union leaders")) == []


def test_a_higher_estimate_of_another_party_is_a_disagreement_not_a_rise():
    story = Story()
    story.tells(figure("deployed", 10000, claimant="Kremlin"))
    assert story.tells(figure("deployed", 25000, claimant="Pentagon")) == [
        "deployed disputed 25000 / 10000"
    ]
    assert story.state.series[0].disputed


def test_a_disagreement_opens_once_and_ends_when_the_claims_meet():
    story = Story()
    story.tells(killed(100, claimant="Hamdan"))
    assert story.tells(killed(60, claimant="Oduya")) == ["killed disputed 60 / 100"]
    assert story.tells(killed(60, claimant="Oduya")) == []
    assert story.tells(killed(100, claimant="Oduya")) == ["killed 60 -> 100"]
    assert not story.state.series[0].disputed


def test_in_a_disagreement_each_claimant_changes_against_himself():
    story = Story()
    story.tells(killed(100, claimant="Hamdan"))
    story.tells(killed(60, claimant="Oduya"))
    assert story.tells(killed(64, claimant="Oduya")) == ["killed 60 -> 64"]
    assert story.tells(killed(110, claimant="Hamdan")) == ["killed 100 -> 110"]
    assert story.tells(killed(90)) == []
    assert story.tells(killed(150)) == ["killed 110 -> 150"]


def test_a_union_disputes_the_jobs_that_a_company_is_said_to_cut():
    story = Story()
    story.tells(figure("laid_off", 3000, noun="jobs"))
    union = figure("laid_off", 5500, noun="jobs", claimant="metal workers' union")
    assert story.tells(union) == ["laid-off disputed 5500 / 3000"]
    assert story.tells(union) == []  # its own number again
    assert story.tells(figure("laid_off", 4200, noun="jobs", rising=True)) == [
        "laid-off 3000 -> 4200"
    ]


def test_a_campaigners_count_is_no_rise_of_the_ministrys():
    story = Story()
    story.tells(figure("infected", 128, claimant="health ministry"))
    parents = figure("infected", 300, claimant="parents' association")
    assert story.tells(parents) == ["infected disputed 300 / 128"]
    risen = figure("infected", 181, rising=True)
    assert story.tells(risen) == ["infected 128 -> 181"]  # nobody says so: the ministry's goes on


def test_a_hospitals_higher_toll_is_a_rise():
    story = Story()
    story.tells(killed(14, claimant="police"))
    assert story.tells(killed(22, claimant="city hospital")) == ["killed 14 -> 22"]


def test_arrests_of_two_towns_are_two_figures():
    story = Story()
    story.tells(figure("arrested", 45, scope="Tarn"), lead="Riot in Tarn")
    melk = figure("arrested", 60, scope="Melk", headline=True)
    assert story.tells(melk, lead="Protests spread to Melk") == []
    assert story.tells(figure("arrested", 70, scope="Tarn"), lead="More arrests in Tarn") == [
        "arrested 45 -> 70"
    ]


def test_two_fires_of_one_article_are_followed_apart():
    story = Story()
    acres = functools.partial(figure, "burned", unit="acre")
    cedar, rook = acres(4000, scope="Cedar"), acres(600, scope="Rook", quote_start=90)
    story.tells(cedar, rook, lead="Cedar and Rook fires")
    grown = acres(9500, scope="Cedar"), acres(1100, scope="Rook", quote_start=90)
    assert story.tells(*grown, lead="Cedar and Rook fires") == [
        "burned-cedar 4000 -> 9500",
        "burned-rook 600 -> 1100",
    ]


def test_a_bare_count_of_the_same_crews_goes_on_with_those_deployed():
    story = Story()
    crews = {"group": "rescuers", "noun": "firefighters"}
    story.tells(figure("deployed", 700, **crews))
    assert story.tells(figure("firefighters", 1150, headline=True, **crews)) == [
        "rescuers 700 -> 1150"
    ]


def test_two_bare_counts_under_other_names_are_two_figures():
    story = Story()
    story.tells(figure("inmates", 1300, group="prisoners", noun="inmates"))
    held = figure("prisoners", 1900, group="prisoners", noun="prisoners", headline=True)
    assert story.tells(held) == []


def test_a_stale_claim_is_no_side_of_a_disagreement():
    story = Story()
    story.tells(killed(100, claimant="Hamdan"), hour=0)
    assert story.tells(killed(60, claimant="Oduya"), hour=30) == []


def test_repeating_what_a_toll_was_before_it_rose_is_no_disagreement():
    story = Story()
    story.tells(killed(60, claimant="Oduya"))
    story.tells(killed(100, claimant="Hamdan"))
    assert story.tells(killed(60, claimant="Reuben")) == []


def test_nobody_in_particular_disagrees_with_nobody():
    assert after(killed(100, claimant="officials"), killed(60, claimant="police")) == []


def test_one_party_under_two_names_does_not_disagree_with_itself():
    story = Story()
    story.tells(killed(100, claimant="South Korea's National Intelligence Service"))
    assert story.tells(killed(80, claimant="NIS")) == []
    assert story.tells(killed(80, claimant="NIS", headline=True)) == ["killed 100 => 80"]


def test_dead_and_wounded_together_are_held_against_both():
    story = Story()
    story.tells(figure("killed_or_wounded", 200, VAGUE, high=500, claimant="Ministry of Defence"))
    changes = story.tells(
        killed(100, AT_LEAST, claimant="NIS"), figure("wounded", 1000, ABOUT, claimant="NIS")
    )
    assert changes == ["killed-or-wounded disputed 1000 / 100 / 200-500"]
    assert [d.outcome for d in story.last.decisions] == ["disputes", "disputes"]
    again = story.tells(
        killed(100, AT_LEAST, claimant="NIS"), figure("wounded", 1000, ABOUT, claimant="NIS")
    )
    assert again == []


# -- places, sides, totals ------------------------------------------------------------------------


def test_the_events_own_place_does_not_split_a_figure():
    story = Story()
    story.tells(killed(10, scope="Orvane"))
    assert story.tells(killed(12)) == ["killed 10 -> 12"]
    assert story.tells(killed(14, scope="the Orvane valley")) == ["killed 12 -> 14"]


def test_half_a_name_is_not_the_events_own_place():
    story = Story()
    lead = {"lead": "Storm hits North Carolina"}
    story.tells(killed(40, scope="North Carolina"), **lead)
    assert story.tells(killed(3, scope="South Carolina"), **lead) == []
    assert story.names == ["killed", "killed-south-carolina"]


def test_a_village_of_far_fewer_is_a_figure_of_its_own():
    story = Story()
    story.tells(killed(2012))
    assert story.tells(killed(40, scope="Brahim")) == []
    assert story.names == ["killed", "killed-brahim"]
    assert story.tells(killed(55, scope="Brahim")) == ["killed-brahim 40 -> 55"]


def test_another_place_of_like_size_is_the_same_figure():
    story = Story()
    story.tells(killed(20))
    assert story.tells(killed(24, scope="Marl County")) == ["killed 20 -> 24"]


def test_an_incident_in_another_place_says_nothing_of_this_one():
    story = Story()
    story.tells(killed(10))
    elsewhere = killed(12, scope="Marland", counting=Counting.INCIDENT, headline=False)
    assert story.tells(elsewhere) == []


def test_what_an_article_corrects_stands_before_what_it_repeats():
    story = Story()
    story.tells(killed(50))
    changes = story.tells(killed(49, revised=True), killed(50, headline=False))
    assert changes == ["killed 50 => 49"]


def test_ships_and_animals_are_no_people():
    story = Story()
    story.tells(figure("rescued", 2, noun="vessels", group="ships"))
    assert story.tells(figure("rescued", 26, noun="crewmen")) == []
    story.tells(killed(4, noun="cats", group="animals"))
    assert story.tells(killed(6, noun="people")) == []


def test_sums_of_different_things_are_no_change():
    story = Story()
    story.tells(figure("cost", 2_300_000, unit="USD", noun="the harbour plan"))
    assert story.tells(figure("cost", 6_000_000, unit="USD", noun="budget")) == []
    assert len(story.names) == 2


def test_an_articles_own_place_stands_before_the_places_it_lists():
    story = Story()
    places = [
        figure("attended", 2000, VAGUE, high=9999),
        figure("attended", 4000, ABOUT, scope="Denby"),
    ]
    story.tells(*places)
    assert story.value("attended") == 2000


def test_a_share_of_nobody_is_not_followed():
    story = Story()
    story.tells(figure("share", 36, unit="%"))
    assert story.names == []


def test_a_noun_that_is_left_out_joins_the_same_things():
    story = Story()
    story.tells(figure("destroyed", 40, noun="barns"))
    assert story.tells(figure("destroyed", 52, noun="")) == ["destroyed-barn 40 -> 52"]


def test_an_incident_beside_the_total_does_not_stand_for_the_article():
    story = Story()
    story.tells(killed(17, counting=Counting.TOTAL))
    changes = story.tells(
        killed(30, counting=Counting.INCIDENT), killed(27, counting=Counting.TOTAL)
    )
    assert changes == ["killed 17 -> 27"]


def test_in_a_war_diary_only_words_of_a_total_speak():
    story = Story()
    story.tells(killed(5, counting=Counting.INCIDENT), hour=0)
    story.tells(killed(120, counting=Counting.TOTAL, headline=True), hour=30)
    assert story.tells(killed(9, counting=Counting.INCIDENT), hour=80) == []
    assert story.tells(killed(140), hour=90) == []
    assert story.tells(killed(150, counting=Counting.INCIDENT, headline=True), hour=91) == []
    assert story.tells(killed(133, counting=Counting.TOTAL), hour=100) == ["killed 120 -> 133"]


def test_a_toll_that_is_known_goes_on_after_three_days():
    story = Story()
    story.tells(killed(2122, counting=Counting.TOTAL), hour=0)
    assert story.tells(killed(2901, claimant="Interior Ministry"), hour=100) == [
        "killed 2122 -> 2901"
    ]


def test_a_wildfire_of_a_week_is_no_war_diary():
    story = Story()
    story.tells(figure("burned", 3000, unit="acre"), hour=0)
    assert story.tells(figure("burned", 9000, unit="acre"), hour=150) == ["burned 3000 -> 9000"]


def test_what_follows_these_neither_opens_a_figure():
    story = Story()
    story.tells(figure("wounded", 2, anaphoric=True))
    assert story.names == []
    assert story.last.decisions[0].outcome == "untracked"


def test_an_article_that_tells_the_rise_itself_is_believed_in_a_known_event():
    story = Story()
    story.tells(figure("wounded", 7))
    changes = story.tells(
        killed(44, time_frame=TimeFrame.OLD), killed(59, rising=True, counting=Counting.TOTAL)
    )
    assert changes == ["killed 44 -> 59"]


def test_a_part_is_announced_when_its_article_tells_the_change():
    story = Story()
    story.tells(figure("hospitalised", 60), figure("hospitalised", 4, subset="critical"))
    assert story.tells(figure("hospitalised", 7, subset="critical")) == []
    changes = story.tells(
        figure("hospitalised", 9, subset="critical"),
        figure("hospitalised", 4, subset="critical", time_frame=TimeFrame.OLD),
    )
    assert changes == ["hospitalised-critical 4 -> 9"]


def test_a_toll_that_was_put_right_is_still_above_the_one_known():
    story = Story()
    story.tells(killed(9))
    assert story.tells(killed(21), killed(27, time_frame=TimeFrame.OLD)) == ["killed 9 -> 21"]


# -- kinds of event -------------------------------------------------------------------------------


def test_an_epidemic_keeps_confirmed_suspected_and_dead_apart():
    story = Story()
    story.tells(figure("infected", 40), figure("suspected_cases", 200), killed(12))
    assert story.tells(figure("infected", 52), figure("suspected_cases", 160), killed(12)) == [
        "infected 40 -> 52",
        "suspected-cases 200 -> 160",
    ]


def test_a_spill_keeps_what_flows_what_is_caught_and_what_was_lost_apart():
    story = Story()
    story.tells(
        figure("flow_rate", 5000, unit="bbl/d"),
        figure("collected", 1000, unit="bbl/d"),
        figure("volume", 60000, unit="bbl"),
    )
    assert story.tells(
        figure("flow_rate", 210000, unit="gal/d"),
        figure("collected", 2000, unit="bbl/d"),
        figure("volume", 90000, unit="bbl"),
    ) == ["collected-a-day 1000 -> 2000", "volume 60000 -> 90000"]


def test_a_search_widens_and_its_ships_are_counted():
    story = Story()
    ships = {"group": "ships", "noun": "ships"}
    story.tells(figure("searched", 27000, unit="mi2"), figure("searching", 40, **ships))
    assert story.tells(
        figure("searched", 100000, unit="mi2"), figure("searching", 58, **ships)
    ) == ["searched 27000 -> 100000", "searching-ships 40 -> 58"]


def test_a_vote_count_moves_by_whole_points_only():
    story = Story()
    story.tells(figure("turnout", 41.2, unit="%"))
    assert story.tells(figure("turnout", 41.9, unit="%")) == []
    assert story.tells(figure("turnout", 44.0, unit="%")) == ["turnout 41.2 -> 44.0"]


def test_a_small_share_told_in_tenths_moves_by_a_thirtieth():
    story = Story()
    story.tells(figure("unemployment", 6.1, unit="%", headline=True))
    assert story.tells(figure("unemployment", 6.0, unit="%", headline=True, rising=True)) == []
    assert story.tells(figure("unemployment", 5.8, unit="%", headline=True, rising=True)) == [
        "unemployment 6.1 -> 5.8"
    ]


def test_a_count_for_a_name_is_of_the_vote_even_in_passing():
    story = Story()
    story.tells(figure("votes", 9_120, noun="Maria Holm"))
    assert story.tells(figure("votes", 14_450, noun="Holm")) == ["votes-holm 9120 -> 14450"]
    story.tells(figure("votes", 60, noun="votes"))
    assert story.tells(figure("votes", 94, noun="votes")) == []


def test_the_dead_of_an_illness_are_one_figure_for_months():
    story = Story()
    story.tells(killed(152, counting=Counting.TOTAL), figure("infected", 1600), hour=0)
    story.tells(figure("killed", 4000, counting=Counting.TOTAL, group="children"), hour=80)
    assert story.tells(killed(816, counting=Counting.TOTAL), hour=900) == ["killed 152 -> 816"]


def test_layoffs_grow_while_the_staff_stays():
    story = Story()
    story.tells(figure("laid_off", 900, noun="jobs"), figure("employed", 12000, noun="people"))
    assert story.tells(
        figure("laid_off", 1400, noun="jobs"), figure("employed", 12000, noun="people")
    ) == ["laid-off 900 -> 1400"]


def test_a_wildfire_tells_acres_homes_containment_and_evacuees():
    story = Story()
    homes = {"group": "homes", "noun": "homes"}
    story.tells(
        figure("burned", 1200, unit="acre"),
        figure("destroyed", 12, **homes),
        figure("contained", 5, unit="%"),
        figure("displaced", 3000, group="", noun="residents"),
    )
    assert story.tells(
        figure("burned", 1200, unit="acre"),
        figure("destroyed", 40, **homes),
        figure("contained", 25, unit="%"),
        figure("displaced", 1000, group="", noun="people"),
    ) == ["destroyed-homes 12 -> 40", "contained 5 -> 25", "displaced 3000 -> 1000"]


def test_an_unknown_role_falls_only_with_a_word_of_revision():
    story = Story()
    story.tells(figure("inspected", 400, noun="bridges"))
    assert story.tells(figure("inspected", 200, noun="bridges")) == []
    assert story.tells(figure("inspected", 250, noun="bridges", revised=True)) == [
        "inspected-bridge 400 => 250"
    ]


def test_things_counted_without_a_verb_belong_to_the_one_figure_of_them():
    story = Story()
    schools = {"noun": "schools", "group": "schools"}
    story.tells(figure("closed", 19, **schools))
    assert story.tells(figure("", 27, **schools)) == []  # in passing
    assert story.tells(figure("", 27, headline=True, **schools)) == ["closed-schools 19 -> 27"]
    assert story.tells(figure("schools", 34, rising=True, **schools)) == ["closed-schools 27 -> 34"]
    assert story.tells(figure("inspected", 45, headline=True, **schools)) == []  # another verb
    assert story.tells(figure("", 60, headline=True, **schools)) == []  # of which of the two?


def test_ships_that_take_part_are_one_figure_whatever_they_do():
    story = Story()
    ships = {"noun": "ships", "group": "ships"}
    story.tells(figure("searching", 24, **ships))
    assert story.tells(figure("", 40, **ships)) == ["searching-ships 24 -> 40"]


def test_people_aboard_another_vessel_named_in_passing_are_no_rise():
    story = Story()
    story.tells(figure("aboard", 141, claimant="airline"))
    assert story.tells(figure("aboard", 188)) == []
    assert story.tells(figure("aboard", 152, headline=True)) == ["aboard 141 -> 152"]


HOMES = {"noun": "homes", "group": "homes"}
BUILDINGS = {"noun": "structures", "group": "buildings"}


def test_houses_that_burn_are_counted_with_all_buildings_later():
    story = Story()
    story.tells(figure("destroyed", 5, **HOMES))
    of_them = figure("destroyed", 11, subset="homes", **HOMES)
    assert story.tells(figure("destroyed", 18, **BUILDINGS), of_them) == ["destroyed-homes 5 -> 18"]
    assert story.state.series[0].label == "Buildings destroyed"


def test_more_homes_than_buildings_are_buildings_and_fewer_are_a_figure_of_their_own():
    story = Story()
    story.tells(figure("destroyed", 2000, **BUILDINGS))
    assert story.tells(figure("destroyed", 6700, **HOMES)) == ["destroyed-buildings 2000 -> 6700"]
    assert story.tells(figure("destroyed", 5100, **HOMES)) == []
    assert story.names == ["destroyed-buildings", "destroyed-homes"]


def test_a_search_soon_has_many_more_ships_beside_its_aircraft():
    story = Story()
    ships, planes = ({"noun": name, "group": name} for name in ("ships", "aircraft"))
    story.tells(figure("searching", 7, **ships), figure("searching", 3, **planes))
    joined = figure("deployed", 30, **ships), figure("deployed", 15, **planes)
    assert story.tells(*joined) == ["searching-ships 7 -> 30", "searching-aircraft 3 -> 15"]


def test_firefighters_are_news_even_in_passing():
    story = Story()
    crews = {"group": "rescuers", "noun": "firefighters"}
    story.tells(figure("battling", 400, **crews))
    assert story.tells(figure("trying", 1100, **crews)) == ["battling-rescuers 400 -> 1100"]
    story.tells(figure("parked", 40, noun="buses"))
    assert story.tells(figure("parked", 60, noun="buses")) == []


def test_another_unknown_verb_of_the_same_things_tells_only_of_more_of_them():
    story = Story()
    beaches = {"noun": "beaches", "headline": True}
    story.tells(figure("fouled", 15, **beaches))
    assert story.tells(figure("polluted", 30, **beaches)) == ["fouled-beach 15 -> 30"]
    assert story.tells(figure("cleaned", 20, **beaches)) == []
    assert story.names == ["fouled-beach", "cleaned-beach"]


# -- a value told again ---------------------------------------------------------------------------


def placed(story: Story) -> list[str]:
    """The series of each reading of the last article; "" for none."""
    return [(series or "").partition("/")[2] for series in story.last.assigned]


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (figure("names", 70_430, noun="names"), figure("signed", 70_430)),
        (figure("stolen", 2.6, unit="USD"), figure("worth", 2.6, unit="USD")),
        (figure("cost", 765, unit="USD"), figure("fined", 765, unit="USD")),
        (figure("turnout", 41, unit="%"), figure("", 41, unit="%")),
        (figure("killed", 49), figure("gunned down", 49, noun="people")),
        (figure("wounded", 53, noun="others"), figure("wounded", 53, noun="more", subset="more")),
        (figure("booths", 27, noun="booths"), figure("", 27, noun="booths")),
        (
            figure("captured", 23),
            figure("captured", 23, modality=Modality.POSSIBLE),
        ),
        (
            figure("seized", 11, nations=("Sarand",), noun="sailors"),
            figure("nabbed", 11, nations=("Sarand",), noun="traders"),
        ),
    ],
)
def test_the_same_value_in_other_words_is_of_the_same_figure(first, again):
    story = Story()
    story.tells(first)
    (name,) = placed(story)
    assert story.tells(again) == []
    assert placed(story) == [name]


@pytest.mark.parametrize(
    ("first", "other"),
    [
        (figure("killed", 120), figure("wounded", 120)),
        (figure("cancelled", 120, noun="flights"), figure("delayed", 120, noun="trains")),
        (figure("closed", 2, noun="counties"), figure("", 2, noun="schools")),
        (figure("closed", 12, noun="schools"), figure("", 12)),
        (figure("fined", 5, unit="USD"), figure("aid", 5, unit="USD")),
        (figure("turnout", 41, unit="%"), figure("", 43, unit="%")),
        (
            figure("captured", 23, nations=("Sarand",)),
            figure("nabbed", 23, nations=("Keshra",)),
        ),
    ],
)
def test_a_value_that_is_met_by_chance_says_nothing(first, other):
    story = Story()
    story.tells(first)
    (name,) = placed(story)
    story.tells(other)
    assert placed(story) != [name]


def test_a_value_of_two_figures_belongs_to_neither():
    story = Story()
    story.tells(figure("turnout", 41, unit="%"), figure("contained", 41, unit="%"))
    story.tells(figure("", 41, unit="%"))
    assert placed(story) == [""]


def test_a_known_word_names_the_figure_though_the_headline_has_another():
    story = Story()
    story.tells(figure("toppled", 156, headline=True), killed_of_article(156))
    assert placed(story) == ["killed", "killed"]
    assert story.tells(killed_of_article(161)) == ["killed 156 -> 161"]


def killed_of_article(low):
    return figure("killed", low, quote_start=50)


def test_two_shares_that_an_article_gives_side_by_side_are_two_figures():
    story = Story()
    story.tells(figure("inflation", 5.0, unit="%"), figure("inflation", 0.6, unit="%"))
    assert placed(story) == ["inflation", "inflation-2"]
    story.tells(figure("inflation", 0.9, unit="%"), figure("inflation", 5.4, unit="%"))
    assert placed(story) == ["inflation-2", "inflation"]


def test_a_finer_amount_beside_a_rounded_one_is_the_same_figure():
    story = Story()
    story.tells(figure("cost", 930, unit="USD"))
    story.tells(figure("cost", 1000, unit="USD", headline=True), figure("cost", 1250, unit="USD"))
    assert placed(story) == ["cost", "cost"]


def test_those_of_one_nation_are_a_part_of_all_that_an_article_counts():
    story = Story()
    story.tells(figure("arrested", 23), figure("arrested", 12, nations=("Sarand",)))
    everybody, of_sarand = placed(story)
    assert everybody != of_sarand
    assert story.tells(figure("arrested", 27)) == [f"{everybody} 23 -> 27"]


# -- decisions, ids, merging ----------------------------------------------------------------------


def test_the_sum_of_two_groups_is_no_change_of_one_of_them():
    story = Story()
    passengers, crew = ({"noun": group, "group": group} for group in ("passengers", "crew"))
    story.tells(figure("aboard", 212, **passengers), figure("aboard", 18, **crew))
    assert story.tells(figure("aboard", 230, headline=True)) == []
    assert story.tells(figure("aboard", 221, headline=True, **passengers)) == [
        "aboard-passengers 212 -> 221"
    ]


def test_a_value_told_beside_the_one_known_is_another_count():
    story = Story()
    rifles = {"noun": "rifles", "headline": False}
    story.tells(figure("seized", 12, noun="rifles"))
    assert story.tells(figure("seized", 12, **rifles), figure("seized", 31, **rifles)) == []
    assert story.tells(figure("seized", 14, noun="rifles", headline=True)) == [
        "seized-rifle 12 -> 14"
    ]


def test_the_toll_of_a_named_place_is_not_that_of_an_incident_without_one():
    story = Story()
    story.tells(killed(12, counting=Counting.INCIDENT))
    assert story.tells(killed(24, scope="Melin", counting=Counting.TOTAL, headline=True)) == []
    assert story.tells(killed(14, counting=Counting.TOTAL, headline=True)) == ["killed 12 -> 14"]


def test_other_things_in_no_known_state_are_not_those_of_the_event():
    story = Story()
    boats = {"group": "ships"}
    story.tells(figure("detected", 5, noun="suspicious boats", **boats))
    assert story.tells(figure("vessels", 14, noun="foreign vessels", rising=True, **boats)) == []
    assert story.tells(figure("detected", 7, noun="boats", headline=True, **boats)) != []


def test_a_running_total_and_the_incidents_beside_it_are_two_figures():
    story = Story()
    incident, total = Counting.INCIDENT, Counting.TOTAL
    story.tells(killed(34, counting=incident), killed(5400, MORE_THAN, counting=total), hour=0)
    assert story.names == ["killed", "killed-2"]
    labels = [series.label for series in story.state.series]
    assert labels == ["People killed, latest incident", "People killed in all"]
    assert story.tells(killed(52, AT_LEAST, headline=True), hour=24) == []  # another attack
    assert story.tells(killed(60, counting=total, rising=True), hour=30) == ["killed 52 -> 60"]
    assert story.tells(killed(75, headline=True), hour=200) == []
    later = story.tells(killed(6000, counting=total), killed(20), hour=240)
    assert later == ["killed-2 5400 -> 6000"]


def test_the_wounded_go_with_the_dead_of_the_same_incident():
    story = Story()
    wounded = functools.partial(figure, "wounded")
    total = Counting.TOTAL
    story.tells(killed(12), wounded(30), killed(900, counting=total), hour=0)
    assert story.tells(killed(14), wounded(41), hour=20) == []  # elsewhere, the next day
    changes = story.tells(killed(15, counting=total, rising=True), wounded(44), hour=24)
    assert changes == ["killed 14 -> 15", "wounded 41 -> 44"]


def test_what_one_day_brought_is_no_total():
    story = Story()
    lost = functools.partial(figure, "killed_or_wounded", group="military")
    total = lost(412_300, counting=Counting.TOTAL)
    story.tells(lost(780, subset="daily"), total, hour=0)
    assert story.tells(lost(1_200, subset="daily", headline=True), hour=24) == []
    risen = lost(441_000, counting=Counting.TOTAL)
    name = "killed-or-wounded-troops"
    assert story.tells(risen, hour=500) == [f"{name} 412300 -> 441000"]


def test_two_parties_side_by_side_in_one_article_disagree_whatever_their_order():
    for sides in itertools.permutations(
        [figure("missing", 90, claimant="Union"), figure("missing", 35, claimant="Army")]
    ):
        story = Story()
        story.tells(figure("missing", 40, ABOUT, claimant="Army"), hour=0)
        assert story.tells(*sides, hour=5) == ["missing disputed 90 / 35"]
        assert story.tells(*sides, hour=6) == []


def test_a_headline_takes_the_place_that_the_text_gives_its_number():
    story = Story()
    story.tells(killed(90, headline=True), killed(90, scope="Hulan"), hour=0)
    assert story.names == ["killed-hulan"]


def test_an_estimate_just_above_a_state_is_no_rise():
    story = Story()
    story.tells(figure("missing", 189), hour=0)
    assert story.tells(figure("missing", 198, ABOUT), hour=5) == []
    assert story.tells(figure("missing", 230, ABOUT), hour=6) == ["missing 189 -> 230"]


def test_every_reading_gets_a_reason():
    story = Story()
    story.tells(killed(10))
    story.tells(killed(12), killed(11), killed(200, modality=Modality.POSSIBLE), figure("", 4))
    reasons = [(d.outcome, d.reason) for d in story.last.decisions]
    assert reasons == [
        ("changes", "above the 10 known so far"),
        ("silent", "12 stands for the article"),
        ("untracked", "possible, not stated as a fact"),
        ("untracked", "no role"),
    ]
    assert story.last.assigned == ("ev-7f3ak2qd/killed", "ev-7f3ak2qd/killed", None, None)


def test_a_reason_says_the_value_in_digits_in_any_language():
    story = Story()
    story.tells(killed(12000, surface="zwölftausend"))
    story.tells(killed(2500000, surface="2,5 Millionen", headline=True))
    assert story.last.changes[0].reason == "above the 12,000 known so far"
    story.tells(killed(3, surface="drei"), killed(2500000, surface="zweieinhalb"))
    assert story.last.decisions[0].reason == "2.5 million stands for the article"


def test_an_id_is_given_once_and_never_twice():
    story = Story()
    russians = {"nations": ("Russia",), "group": "military", "noun": "Russian troops"}
    ukrainians = {"nations": ("Ukraine",), "group": "military", "noun": "Ukrainian troops"}
    story.tells(killed(10, **russians), killed(20, **ukrainians))
    assert story.names == ["killed-troops", "killed-troops-ukraine"]
    story.tells(killed(12, **russians))
    assert story.names == ["killed-troops", "killed-troops-ukraine"]


def test_merging_unites_the_figures_of_two_events_and_remembers_the_old_ids():
    older, younger = Story(), Story(EventId("ev-younger1"))
    older.tells(killed(10, claimant="Marsk"), hour=0)
    younger.tells(killed(14), figure("missing", 8), hour=2)
    older.state = merge(older.state, younger.state)
    assert older.names == ["killed", "missing"]
    assert older.state.aliases == {
        "ev-younger1/killed": "ev-7f3ak2qd/killed",
        "ev-younger1/missing": "ev-7f3ak2qd/missing",
    }
    assert older.state.event == EVENT
    assert older.tells(killed(14), hour=3) == []
    assert older.tells(killed(15), figure("missing", 5), hour=4) == [
        "killed 14 -> 15",
        "missing 8 -> 5",
    ]


def test_merging_keeps_the_newer_value_whichever_event_is_older():
    older, younger = Story(), Story(EventId("ev-younger1"))
    older.tells(killed(20), hour=5)
    younger.tells(killed(14), hour=2)
    assert merge(older.state, younger.state).series[0].decided.reading.low == 20


# -- properties -----------------------------------------------------------------------------------

ROLES = st.sampled_from(["killed", "wounded", "missing", "deployed", "inspected"])
READINGS = st.builds(
    figure,
    ROLES,
    st.integers(1, 400),
    st.sampled_from([Qualifier.EXACT, ABOUT, AT_LEAST, MORE_THAN, NEARLY, AT_MOST]),
    claimant=st.sampled_from(["", "Kyiv", "Blinken", "officials"]),
    scope=st.sampled_from(["", "Orvane", "Brahim"]),
    headline=st.booleans(),
    revised=st.booleans(),
    rising=st.booleans(),
)
ARTICLES = st.lists(st.lists(READINGS, max_size=4), max_size=6)
STATE = TypeAdapter(FigureState)


@given(ARTICLES)
@settings(max_examples=60)
def test_the_same_articles_again_announce_nothing(articles):
    articles = [[dataclasses.replace(r, scope="") for r in article] for article in articles]
    story = Story()
    for hour, readings in enumerate(articles):
        story.tells(*readings, hour=hour)
    for hour, readings in enumerate(articles):
        again = {"outlet": f"outlet-{hour}", "document": f"d{hour}"}
        assert story.tells(*readings, hour=hour, **again) == []


@given(ARTICLES, st.integers(0, 6))
@settings(max_examples=60)
def test_a_state_that_was_written_down_decides_the_same(articles, cut):
    through, stored = Story(), Story()
    for hour, readings in enumerate(articles):
        if hour == cut:
            stored.state = STATE.validate_json(STATE.dump_json(stored.state))
            assert stored.state == through.state
        assert through.tells(*readings, hour=hour) == stored.tells(*readings, hour=hour)


@given(ARTICLES)
@settings(max_examples=60)
def test_the_order_of_unrelated_figures_in_an_article_does_not_matter(articles):
    forward, backward = Story(), Story()
    for hour, readings in enumerate(articles):
        one_each = list({r.role: r for r in readings}.values())
        assert sorted(forward.tells(*one_each, hour=hour)) == sorted(
            backward.tells(*reversed(one_each), hour=hour)
        )


@given(ARTICLES)
@settings(max_examples=60)
def test_every_change_points_to_a_reading_of_the_article_that_fired_it(articles):
    story = Story()
    for hour, readings in enumerate(articles):
        story.tells(*readings, hour=hour)
        for change in story.last.changes:
            new = change.sides[0] if isinstance(change, FigureDisputed) else change.after
            assert new.document == f"d{story.articles - 1}"
            if isinstance(change, FigureChanged):
                assert change.before.reading != change.after.reading
