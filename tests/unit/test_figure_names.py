"""How figures are called, who their claimants are, and how their values compare."""

from decimal import Decimal

import pytest

from monitor.figures import convert, labels, parties
from monitor.model import Kind, Qualifier, Reading


def reading(role="killed", value=10, qualifier=Qualifier.EXACT, **more) -> Reading:
    unit = more.get("unit", "")
    kind = Kind.COUNT
    if unit == "%":
        kind = Kind.PERCENT
    elif unit[:3].isupper() and len(unit[:3]) == 3:
        kind = Kind.MONEY
    elif unit:
        kind = Kind.MEASURE
    fields = {
        "start": 0,
        "end": 1,
        "surface": "1",
        "low": Decimal(str(value)),
        "high": Decimal(str(value)),
        "qualifier": qualifier,
        "kind": kind,
        "unit": unit,
        "quote_start": 0,
        "quote_end": 1,
        "quote": "1",
        "role": role,
    }
    return Reading(**(fields | more))


@pytest.mark.parametrize(
    ("figure", "scope", "label", "name"),
    [
        (reading(noun="people"), "", "People killed", "killed"),
        (reading(noun="villagers"), "", "People killed", "killed"),
        (
            reading("wounded", noun="children", group="children"),
            "",
            "Children wounded",
            "wounded-children",
        ),
        (
            reading("deployed", noun="North Korean personnel", group="military"),
            "the Kursk region",
            "North Korean troops in Kursk",
            "troops-kursk",
        ),
        (
            reading("killed_or_wounded", noun="North Korean soldiers", group="military"),
            "",
            "North Korean troops killed or wounded",
            "killed-or-wounded-troops",
        ),
        (reading("controlled", unit="km2"), "Kursk", "Area under control in Kursk", "area-kursk"),
        (reading("damage", unit="USD"), "", "Damage in dollars", "damage"),
        (reading("damage", unit="SEK"), "", "Damage in SEK", "damage"),
        (reading("price", unit="USD/bbl"), "", "Price in dollars a barrel", "price-a-barrel"),
        (reading("contained", unit="%"), "", "Fire contained", "contained"),
        (reading("inspected", noun="ships"), "", "Ships inspected", "inspected-ship"),
        (reading("infected", noun="cases"), "", "Confirmed cases", "infected"),
        (
            reading("infected", noun="health workers", group="staff"),
            "",
            "Health workers infected",
            "infected-staff",
        ),
        (
            reading("killed", noun="miners", group="staff"),
            "",
            "Miners killed",
            "killed-staff",
        ),
        (
            reading(noun="people"),
            "Marl County",
            "People killed in Marl County",
            "killed-marl-county",
        ),
        (reading("laid_off", noun="jobs"), "", "Jobs cut", "laid-off"),
        (
            reading("wounded", noun="people", subset="critical"),
            "",
            "People wounded, critical",
            "wounded-critical",
        ),
        (reading("killed", unit="%"), "", "Killed in percent", "killed-share"),
    ],
    ids=lambda value: value if isinstance(value, str) and "-" in value else "",
)
def test_a_figure_is_called_by_its_own_words(figure, scope, label, name):
    assert labels.label(figure, scope) == label
    assert labels.name(figure, scope, set()) == name


def test_a_name_that_is_taken_gets_its_nation_and_then_a_number():
    troops = reading(noun="Russian troops", group="military", nations=("Russia",))
    taken = {"killed-troops"}
    assert labels.name(troops, "", taken) == "killed-troops-russia"
    taken.add("killed-troops-russia")
    assert labels.name(troops, "", taken) == "killed-troops-2"


def test_a_name_in_another_script_is_spelt_in_latin_letters():
    assert labels.name(reading("загинули", noun="людей"), "", set()).isascii()


def test_a_long_name_is_cut():
    assert len(labels.name(reading("x" * 90), "", set())) <= labels.NAME_LIMIT


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Antony Blinken", "U.S. Secretary of State Antony Blinken", True),
        ("NIS", "South Korea's National Intelligence Service", True),
        ("Ukraine", "the Ukrainian military", True),
        ("the interior ministry", "the health ministry", False),
        ("officials", "officials", False),
        ("Moscow", "Kyiv", False),
        ("", "Kyiv", False),
    ],
)
def test_names_of_one_party_are_known(one, other, same):
    assert parties.same_party(one, other) is same
    assert parties.same_party(other, one) is same


@pytest.mark.parametrize(
    ("unit", "dimension", "factor"),
    [
        ("", "count", "1"),
        ("km2", "area", "1000000"),
        ("%", "%", "1"),
        ("USD", "USD", "1"),
        ("USD/bbl", "USD/volume", "0.006289810771"),
        ("bbl/d", "volume/time", "0.001840130728"),
    ],
)
def test_a_unit_has_a_dimension_and_a_factor(unit, dimension, factor):
    found, value = convert.measure(reading(unit=unit))
    assert found == dimension
    assert abs(value - Decimal(factor)) < Decimal("1e-9")


@pytest.mark.parametrize(
    ("value", "qualifier", "low", "high"),
    [
        (11_000, Qualifier.EXACT, 11_000, 11_000),
        (11_000, Qualifier.ABOUT, 10_670, 11_330),  # 3 % is less than 0.4 of a thousand
        (12, Qualifier.ABOUT, "11.64", "12.36"),
        (20_000, Qualifier.ABOUT, 19_400, 20_600),
        (1_000, Qualifier.NEARLY, 970, 1_000),
        (44, Qualifier.AT_LEAST, 44, 44),
        (200, Qualifier.AT_MOST, 0, 200),
    ],
)
def test_words_around_a_number_widen_it(value, qualifier, low, high):
    interval = convert.stated(reading(value=value, qualifier=qualifier))
    assert (interval.low, interval.high) == (Decimal(str(low)), Decimal(str(high)))


@pytest.mark.parametrize(
    ("value", "grain"), [(12_000, 1000), (2_681, 1), (2_700_000, 100_000), ("18.5", "0.1"), (0, 1)]
)
def test_the_grain_is_the_step_of_the_last_digit(value, grain):
    assert convert.grain(Decimal(str(value))) == Decimal(str(grain))


def test_at_least_leaves_everything_above_open_in_a_disagreement():
    fifty = convert.claimed(reading(value=50, qualifier=Qualifier.AT_LEAST))
    assert fifty.gap(convert.claimed(reading(value=59))) == 1
    assert fifty.gap(convert.claimed(reading(value=20))) == Decimal("2.5")
    assert convert.claimed(reading(value=5)).gap(convert.claimed(reading(value=0))) == (
        convert.INFINITY
    )
