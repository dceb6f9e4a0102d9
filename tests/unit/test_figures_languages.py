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
        ("de", "Behörden zufolge starben 12 Menschen.", "Behörden"),
        ("de", "Nach Angaben des Innenministeriums starben 12 Menschen.", "Innenministeriums"),
        ("fr", "Kiev affirme que 400 soldats ont été tués.", "Kiev"),
        ("es", "Kiev afirma que 400 soldados murieron.", "Kiev"),
        ("es", "De acuerdo con la fiscalía, murieron 12 personas.", "fiscalía"),
        (
            "it",
            "Sono morte 12 persone, ha riferito il ministro Carlo Renzi.",
            "ministro Carlo Renzi",
        ),
        ("pt", "O Ministério da Saúde informou que 12 pessoas morreram.", "Ministério da Saúde"),
        ("nl", "Kiev zegt dat 400 soldaten zijn gedood.", "Kiev"),
        ("pl", "Zdaniem policji rannych zostało 12 osób.", "policji"),
        (
            "uk",
            "Міністерство оборони повідомило, що загинули 12 військових.",
            "Міністерство оборони",
        ),
        ("uk", "Згідно з даними поліції, загинули 12 людей.", "поліції"),
        ("ru", "Министерство обороны сообщило, что погибли 12 военных.", "Министерство обороны"),
        ("ru", "По словам губернатора, погибли 12 человек.", "губернатора"),
    ],
)
def test_a_claimant_is_found_in_each_language(language: str, text: str, claimant: str) -> None:
    (figure,) = read(text, language=language, published=PUBLISHED, packs=PACKS)
    assert (figure.claimant, figure.role in ("killed", "wounded")) == (claimant, True)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Rund 11.000 nordkoreanische Soldaten sind an der Grenze stationiert."),
        ("fr", "Environ 11 000 soldats nord-coréens sont déployés à la frontière."),
        ("es", "Unos 11.000 soldados norcoreanos están desplegados en la frontera."),
        ("it", "Circa 11.000 soldati nordcoreani sono schierati al confine."),
        ("pt", "Cerca de 11 mil soldados norte-coreanos foram enviados à fronteira."),
        ("nl", "Zo'n 11.000 Noord-Koreaanse soldaten zijn aan de grens gelegerd."),
        ("pl", "Przy granicy stacjonuje około 11 tys. północnokoreańskich żołnierzy."),
        ("uk", "На кордоні перебувають близько 11 тисяч північнокорейських солдатів."),
        ("ru", "У границы находятся около 11 тысяч северокорейских солдат."),
    ],
)
def test_whose_soldiers_they_are_is_known_in_each_language(language: str, text: str) -> None:
    (figure,) = read(text, language=language, published=PUBLISHED, packs=PACKS)
    assert (figure.low, figure.role, figure.group) == (11_000, "deployed", "military")
    assert figure.nations == ("North Korea",)


def test_every_slavic_language_has_sixty_rows_and_noise() -> None:
    for language in ("pl", "uk", "ru"):
        assert len(TABLES[language]) >= 60
        assert sum(len(row) == 1 for row in TABLES[language]) >= 5
