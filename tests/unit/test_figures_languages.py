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


@pytest.mark.parametrize(
    ("language", "text", "claimant"),
    [
        ("de", "Bei dem Unglück starben nach Angaben der Feuerwehr zwölf Menschen.", "Feuerwehr"),
        ("de", "Zwölf Menschen starben, teilte die Polizei mit.", "Polizei"),
        ("de", "Laut dem Roten Kreuz wurden 40 Menschen verletzt.", "Roten Kreuz"),
        ("fr", "Douze personnes sont mortes, selon la préfecture.", "préfecture"),
        ("fr", "D'après la police, 40 personnes ont été blessées.", "police"),
        ("fr", "Douze personnes sont mortes, a annoncé la gendarmerie.", "gendarmerie"),
        ("es", "Según la policía, murieron doce personas.", "policía"),
        ("es", "Murieron doce personas, informó el Ministerio de Salud.", "Ministerio de Salud"),
        ("it", "Secondo la protezione civile, sono morte dodici persone.", "protezione civile"),
        ("it", "Sono morte 12 persone, ha detto il sindaco.", "sindaco"),
        ("pt", "Segundo a polícia, morreram doze pessoas.", "polícia"),
        ("nl", "Volgens de politie kwamen twaalf mensen om het leven.", "politie"),
        ("pl", "Według straży pożarnej zginęło 12 osób.", "straży pożarnej"),
        ("pl", "Zginęło 12 osób, poinformowała policja.", "policja"),
        ("uk", "За даними ДСНС, загинули 12 людей.", "ДСНС"),
        ("uk", "Загинули 12 людей, повідомила поліція.", "поліція"),
        ("ru", "По данным МЧС, погибли 12 человек.", "МЧС"),
        ("ru", "Погибли 12 человек, сообщила полиция.", "полиция"),
    ],
)
def test_a_claimant_is_found_in_each_language(language: str, text: str, claimant: str) -> None:
    (figure,) = read(text, language=language, published=PUBLISHED, packs=PACKS)
    assert (figure.claimant, figure.role in ("killed", "wounded")) == (claimant, True)


def test_every_slavic_language_has_sixty_rows_and_noise() -> None:
    for language in ("pl", "uk", "ru"):
        assert len(TABLES[language]) >= 60
        assert sum(len(row) == 1 for row in TABLES[language]) >= 5
