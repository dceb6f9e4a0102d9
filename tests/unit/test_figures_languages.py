"""Sentences in each language beside English, from the tables in `data/`."""

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.figures.read import load_packs, read
from monitor.model import Reading

PACKS = load_packs()
PUBLISHED = datetime(2025, 3, 10, 12, tzinfo=UTC)
DATA = Path(__file__).with_name("data")
TABLES = {
    path.stem.removeprefix("figures_"): tomllib.loads(path.read_text(encoding="utf-8"))["rows"]
    for path in sorted(DATA.glob("figures_??.toml"))
}


def summary(reading: Reading) -> str:
    """ "44 at_least killed", "3..5 km2 range burned"."""
    low, high = f"{reading.low:f}", f"{reading.high:f}"
    value = low if low == high else f"{low}..{high}"
    parts = [value, reading.unit, reading.qualifier.value, reading.role]
    return " ".join(part for part in parts if part and part != "exact")


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [(language, text, expected) for language, rows in TABLES.items() for text, *expected in rows],
)
def test_a_sentence_is_read_in_its_own_language(
    language: str, text: str, expected: list[str]
) -> None:
    found = read(text, language=language, published=PUBLISHED, packs=PACKS)
    assert [summary(reading) for reading in found if not reading.noise] == expected
    for reading in found:
        assert text[reading.start : reading.end] == reading.surface


def test_every_slavic_language_has_sixty_rows_and_noise() -> None:
    for language in ("pl", "uk", "ru"):
        assert len(TABLES[language]) >= 60
        assert sum(len(row) == 1 for row in TABLES[language]) >= 5
