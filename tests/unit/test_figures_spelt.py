"""Numbers in words, in each language beside English: by rule and by a speller not of ours."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from monitor.figures.read import load_packs, read
from monitor.model import Reading

PACKS = load_packs()
PUBLISHED = datetime(2025, 3, 10, 12, tzinfo=UTC)
SPELT = tomllib.loads(Path(__file__).with_name("data").joinpath("spelt.toml").read_text("utf-8"))
SENTENCES = {
    "de": "Bei der Flut wurden {} Menschen vertrieben.",
    "fr": "Les autorités ont compté {} personnes déplacées.",
    "es": "Las autoridades contaron {} personas desplazadas.",
    "it": "Le autorità hanno contato {} persone sfollate.",
    "pt": "As autoridades contaram {} pessoas deslocadas.",
    "nl": "De autoriteiten telden {} mensen die moesten vluchten.",
    "pl": "Władze naliczyły {} osób bez dachu nad głową.",
    "uk": "Влада нарахувала {} людей без даху над головою.",
    "ru": "Власти насчитали {} человек без крыши над головой.",
}
_ITALIAN_EIGHTEEN = ("centodicotto", "centodiciotto")  # the speller's slip, and the word


def figures(language: str, spelt: str) -> list[Reading]:
    text = SENTENCES[language].format(spelt)
    found = read(text, language=language, published=PUBLISHED, packs=PACKS)
    return [reading for reading in found if not reading.noise]


@pytest.mark.parametrize(
    ("language", "spelt", "value"),
    [(language, *row) for language, rows in SPELT.items() for row in rows.items()],
)
def test_a_number_is_read_as_its_language_spells_it(language: str, spelt: str, value: str) -> None:
    (figure,) = figures(language, spelt)
    low, _, high = value.removesuffix("%").partition("-")
    assert (f"{figure.low:f}", f"{figure.high:f}") == (low, high or low)
    assert figure.unit == ("%" if value.endswith("%") else "")


@pytest.mark.parametrize("language", SENTENCES)
@given(st.integers(1, 9).flatmap(lambda digits: st.integers(2, 10**digits)))
def test_what_a_speller_writes_is_read_as_its_value(language: str, value: int) -> None:
    spelt = num2words(value, lang=language).replace(*_ITALIAN_EIGHTEEN)
    (figure,) = figures(language, spelt)
    assert (figure.low, figure.high, figure.surface) == (value, value, spelt)
