"""Events of every kind, as a wire would tell them: value, role, noun and claimant."""

# ruff: noqa: E501 - a sentence and what it says stand on one line

import tomllib
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.figures.read import load_packs, read
from monitor.model import Reading

PACKS = load_packs()
PUBLISHED = datetime(2025, 3, 10, 12, tzinfo=UTC)
ROWS = tomllib.loads(
    Path(__file__).with_name("data").joinpath("kinds_en.toml").read_text(encoding="utf-8")
)["rows"]


def figures(text: str, language: str = "en") -> list[Reading]:
    found = read(text, language=language, published=PUBLISHED, packs=PACKS)
    return [reading for reading in found if not reading.noise]


def summary(reading: Reading) -> str:
    """ "44 at_least killed | villagers | by mayor"."""
    low, high = f"{reading.low:f}", f"{reading.high:f}"
    value = low if low == high else f"{low}..{high}"
    parts = [value, reading.unit, reading.qualifier.value, reading.role]
    stated = " ".join(part for part in parts if part and part != "exact")
    said = reading.claimant and f"by {reading.claimant}"
    return " | ".join(part for part in (stated, reading.noun, said) if part)


@pytest.mark.parametrize(("text", "expected"), [(text, expected) for text, *expected in ROWS])
def test_a_wire_sentence_says_what_is_counted(text: str, expected: list[str]) -> None:
    assert [summary(reading) for reading in figures(text)] == expected


@pytest.mark.parametrize(
    ("role", "tellings"),
    [
        ("volume", ["Some 1,200 barrels spilled.", "A spill of 1,200 barrels fouled the river."]),
        ("closed", ["The chain is closing 85 stores.", "Some 85 stores were closed."]),
        ("closed", ["It closed 85 stores.", "The chain will close 85 stores."]),
        ("recalled", ["It announced a recall of 412,000 cars.", "It recalled 412,000 cars."]),
        (
            "displaced",
            ["The evacuation of 12,000 people began.", "Police evacuated 12,000 people."],
        ),
        ("deployed", ["The deployment of 900 troops began.", "It deployed 900 troops."]),
        ("cancelled", ["It is cancelling 340 flights.", "Some 340 flights have been cancelled."]),
        ("killed", ["The deaths of 40 miners shook it.", "The blast killed 40 miners."]),
        ("searching", ["Forty ships joined the search.", "Forty ships are in the search."]),
        ("laid_off", ["It is cutting 900 jobs.", "It announced 900 job cuts."]),
    ],
)
def test_one_figure_told_in_two_ways_has_one_role(role: str, tellings: list[str]) -> None:
    assert [figures(text)[0].role for text in tellings] == [role] * len(tellings)


@pytest.mark.parametrize(
    ("text", "claimant"),
    [
        ("The toll rose to 31, the regional rescue service said.", "regional rescue service"),
        ("At least 90 are missing, the Valley Farmers' Union said.", "Valley Farmers' Union"),
        ("The civil defence agency said 14 people died.", "civil defence agency"),
        ("According to the farm workers' union, 300 lost their jobs.", "farm workers' union"),
        ("The interior ministry repeated that 35 people were missing.", "interior ministry"),
        ("Twelve people died, said Maria Holm, the head of the clinic.", "Maria Holm"),
        ("Twelve people died, according to Maria Holm, the mayor.", "Maria Holm"),
        ('"We have 12 dead," said Ilsa Brandt, interior minister.', "Ilsa Brandt"),
        ("Ukraine's General Staff said 1,200 died.", "Ukraine's General Staff"),
        ("The UN refugee agency said 48,000 people fled.", "UN refugee agency"),
        ("State television reported that 40 people died.", "State television"),
        ("The news agency Tarn reported 40 dead.", "news agency Tarn"),
        ("Police in the northern city of Ahr said 40 were hurt.", "Police in the northern city of Ahr"),
        ("A spokesman for the coast guard said 19 died.", "spokesman for the coast guard"),
        ("The ministry of health has confirmed 19 deaths.", "ministry of health"),
        ("The company, which runs the mine, said 19 workers died.", "company"),
        ("Some 19 died, the Red Cross and the government said.", "Red Cross and the government"),
        ("The hospital's director, Omar Said, said that 19 died.", "hospital's director"),
        ("According to preliminary data from the ministry, 19 died.", "preliminary data from the ministry"),
        ("The N.C. Forestry Service said the fire burned 300 acres.", "N.C. Forestry Service"),
        ("The Center for Fire Research said 300 acres burned.", "Center for Fire Research"),
        ("Aid groups put the number of dead at 300.", "Aid groups"),
        ("The prosecutor's office said 12 were arrested.", "prosecutor's office"),
        ("Twelve were arrested, the daily said.", "daily"),
        ("The country recorded 19 deaths.", ""),
        ("Nineteen people died in the crash.", ""),
    ],
)  # fmt: skip
def test_a_claimant_has_its_whole_name(text: str, claimant: str) -> None:
    assert figures(text)[0].claimant == claimant


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("A third of the voters stayed home.", ["33.33 %"]),
        ("A third were women.", ["33.33 %"]),
        ("Two people died and a third was hurt.", ["2 "]),
        ("One in a hundred patients dies.", ["1 %"]),
        ("Profit rose from 4 to 6 million euros.", ["4000000 EUR", "6000000 EUR"]),
        ("The toll rose from 5 to 12 percent.", ["5 %", "12 %"]),
        ("Fuel economy rose from 21 mpg to 23.", ["21 mpg", "23 mpg"]),
        ("Sales fell to 3 million euros from 4 million.", ["3000000 EUR", "4000000 EUR"]),
        ("He raised 280 million of the 1.5 billion shekels.", ["280000000 ILS", "1500000000 ILS"]),
        ("Police seized 900 pounds of cocaine and 20,000 pounds.", ["900 lb", "20000 GBP"]),
        ("The shares rose to 118.5p.", ["118.5 penny"]),
        ("It sold 4.3M copies.", ["4300000 "]),
        ("The balance came to $-50.8bn.", ["-50800000000 USD"]),
        ("He was issued four $7,000 fines.", ["4 ", "7000 USD"]),
        ("Sales rose 5% this half.", ["5 %"]),
        ("A 5-10W laser was used.", ["5..10 W"]),
        ("They score often.", []),
        ("Six AK 47 rifles were seized.", ["6 "]),
        ("He was arrested 12 times.", ["12 time"]),
        ("The stock trades on 6.5 times earnings.", ["6.5 time"]),
    ],
)
def test_a_number_has_its_value_and_unit(text: str, values: list[str]) -> None:
    found = [
        f"{r.low:f} {r.unit}" if r.low == r.high else f"{r.low:f}..{r.high:f} {r.unit}"
        for r in figures(text)
    ]
    assert found == values


def test_a_day_and_a_comma_end_a_clause() -> None:
    (share,) = figures("In a survey released Tuesday, 21 percent of voters were undecided.")
    assert share.role != "released"


def test_two_adjectives_belong_to_one_noun() -> None:
    (figure,) = figures("Some 40 Russian and Ukrainian soldiers were exchanged.")
    assert (figure.noun, figure.nations) == (
        "Russian and Ukrainian soldiers",
        ("Russia", "Ukraine"),
    )
    men, women = figures("Some 40 men and three women were hurt.")
    assert (men.noun, women.noun) == ("men", "women")


WORDS = {
    name: sorted(
        {
            *pack.numbers.small,
            *pack.numbers.scales,
            *pack.numbers.fractions,
            *pack.numbers.vague,
            *pack.triggers.exact,
            *pack.units.first,
            *pack.currencies.first,
            *pack.split,
            *pack.before.first,
            *(word for words in pack.connectors.values() for word in words),
            *(word for words in pack.claimants.values() for word in words),
        }
    )
    for name, pack in PACKS.by_language.items()
}
MARKS = [
    "12",
    "1,200",
    "3.5",
    "$",
    "€",
    "-",
    "–",
    ".",
    ",",
    ":",
    "(",
    ")",
    "%",
    "'",
    "’",
    "/",
    "2019",
    "W",
    "PS",
]


@given(st.data())
def test_words_of_a_language_in_any_order_are_read(data: st.DataObject) -> None:
    language = data.draw(st.sampled_from(sorted(WORDS)))
    word = st.sampled_from([*MARKS, "", "Xy"]) | st.sampled_from(WORDS[language])
    parts = data.draw(st.lists(st.tuples(word, st.sampled_from([" ", "", "-"])), max_size=14))
    text = "".join(f"{part}{gap}" for part, gap in parts)
    for reading in read(text, language=language, published=PUBLISHED, packs=PACKS):
        assert text[reading.start : reading.end] == reading.surface
        assert reading.low <= reading.high


@given(st.integers(2, 999), st.integers(1, 9), st.data())
def test_magnitudes_are_read_back_in_every_language(
    whole: int, tenth: int, data: st.DataObject
) -> None:
    language = data.draw(st.sampled_from([name for name in sorted(WORDS) if name != "neutral"]))
    numbers = PACKS.of(language).numbers
    word, scale = data.draw(
        st.sampled_from([(w, s) for w, s in sorted(numbers.scales.items()) if s >= 10**6])
    )
    text = f"{whole}{numbers.decimal}{tenth} {word} €"
    (found,) = read(text, language=language, published=PUBLISHED, packs=PACKS)
    assert (found.low, found.unit) == (Decimal(f"{whole}.{tenth}") * scale, "EUR")


@given(
    st.decimals("0.01", "99999999", places=2),
    st.sampled_from([("$", "USD"), ("€", "EUR"), ("£", "GBP"), ("¥", "JPY"), ("US$", "USD")]),
    st.sampled_from(["", "-"]),
)
def test_amounts_are_read_back(value: Decimal, sign: tuple[str, str], minus: str) -> None:
    (found,) = read(
        f"The balance was {minus}{sign[0]}{value:,f}.",
        language="en",
        published=PUBLISHED,
        packs=PACKS,
    )
    assert (found.low, found.unit) == (-value if minus else value, sign[1])
