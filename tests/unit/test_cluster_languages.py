"""Events in the languages whose usual words are known from tables alone."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.cluster import Clusterer, Model, load
from monitor.cluster.words import Reader, Tokens, key_of
from monitor.model import Document, DocumentId, EventId

MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
Brief = tuple[float, str, str]  # hours after the first, headline, text

RUNNING: dict[str, tuple[Brief, ...]] = {
    "de": (
        (
            0,
            "Bewaffneter nimmt in Marwitz Geiseln",
            "Ein bewaffneter Mann hat am Donnerstagmorgen in einer Bank in Marwitz mehrere "
            "Geiseln genommen. Die Polizei sperrte die Innenstadt ab.",
        ),
        (
            1.5,
            "Geiselnahme in Bank: Polizei verhandelt",
            "Nach der Geiselnahme in einer Marwitzer Bankfiliale verhandelt die Polizei mit dem "
            "Täter. In dem Gebäude sollen sich noch sechs Menschen befinden.",
        ),
        (
            4,
            "Geiselnehmer lässt zwei Frauen frei",
            "Der Geiselnehmer von Marwitz hat zwei Frauen freigelassen. Sie blieben unverletzt, "
            "wie ein Polizeisprecher sagte. Der Mann fordert ein Fluchtauto.",
        ),
        (
            7,
            "Schüsse bei Geiseldrama in Marwitz",
            "In der Bank in Marwitz sind am Nachmittag Schüsse gefallen. Spezialkräfte drangen in"
            " die Filiale ein. Der Täter wurde festgenommen.",
        ),
        (
            9,
            "Geiselnahme beendet: eine Tote",
            "Bei der Erstürmung der Bank in Marwitz ist eine Kundin ums Leben gekommen. Drei "
            "weitere Geiseln wurden verletzt, teilte das Innenministerium mit.",
        ),
        (
            20,
            "Marwitzer Bankräuber war vorbestraft",
            "Der 41-Jährige, der am Donnerstag in Marwitz vier Bankkunden als Geiseln genommen "
            "hatte, war mehrfach vorbestraft. Gegen ihn erging Haftbefehl.",
        ),
    ),
    "es": (
        (
            0,
            "Derrumbe en mina de Cerro Pardo",
            "Un derrumbe dejó atrapados a varios mineros este martes en la mina de Cerro Pardo, "
            "informó la gobernación. Equipos de rescate se dirigen al lugar.",
        ),
        (
            2,
            "Al menos 15 mineros atrapados",
            "Quince trabajadores permanecen atrapados a 200 metros de profundidad en Cerro Pardo,"
            " dijo la empresa Minal. Otros 40 lograron salir.",
        ),
        (
            4,
            "Rescatan con vida a tres mineros",
            "Los socorristas sacaron con vida a tres de los mineros que habían quedado bajo "
            "tierra tras el derrumbe en Cerro Pardo. Fueron llevados al hospital.",
        ),
        (
            8,
            "Hallan primer muerto en la mina",
            "El cuerpo de un minero fue hallado en la galería principal, confirmó el ministro de "
            "Energía. Otros once siguen atrapados.",
        ),
        (
            13,
            "Lluvia complica rescate en Cerro Pardo",
            "La lluvia inundó parte de la mina y obligó a suspender varias horas el rescate, "
            "según los bomberos. Los familiares exigen respuestas a Minal.",
        ),
        (
            23,
            "Sube a seis la cifra de mineros fallecidos",
            "Seis mineros murieron en el derrumbe de Cerro Pardo, según el último balance "
            "oficial. Las esperanzas de hallar con vida a los otros seis disminuyen.",
        ),
    ),
    "nl": (
        (
            0,
            "Gewapende man gijzelt personeel in bank Marwijk",
            "Een gewapende man houdt sinds donderdagochtend meerdere mensen vast in een bank in "
            "Marwijk. De politie heeft het centrum afgezet.",
        ),
        (
            1.5,
            "Gijzeling in bank: politie onderhandelt",
            "De politie onderhandelt met de man die in een bankfiliaal in Marwijk mensen "
            "gegijzeld houdt. Er zouden nog zes personen binnen zijn.",
        ),
        (
            4,
            "Gijzelnemer laat twee vrouwen vrij",
            "De gijzelnemer in Marwijk heeft twee vrouwen vrijgelaten. Zij zijn ongedeerd, zei "
            "een woordvoerder. De man eist een vluchtauto.",
        ),
        (
            7,
            "Schoten bij gijzelingsactie in Marwijk",
            "In de bank in Marwijk zijn in de middag schoten gevallen. Een arrestatieteam ging "
            "naar binnen. De dader is aangehouden.",
        ),
        (
            9,
            "Klant gedood bij bevrijding gijzelaars",
            "Bij de bestorming van de bank in Marwijk is een klant om het leven gekomen. Drie "
            "andere gijzelaars raakten gewond, meldt het ministerie.",
        ),
        (
            20,
            "Bankovervaller Marwijk was bekende van politie",
            "De man van 41 die donderdag in Marwijk vier bankklanten gijzelde, was een bekende "
            "van de politie. Hij blijft twee weken vast zitten.",
        ),
    ),
    "ru": (
        (
            0,
            "В торговом центре в Зареченске начался пожар",
            "Пожар начался в торговом центре «Радуга» в Зареченске в воскресенье днём, сообщили в"
            " МЧС. Посетителей эвакуируют.",
        ),
        (
            1,
            "Пожар в «Радуге»: четыре человека погибли",
            "Четыре человека погибли при пожаре в торговом центре в Зареченске, сообщили в "
            "региональном управлении. Площадь огня достигла 1500 квадратных метров.",
        ),
        (
            3,
            "В горящем торговом центре остаются люди",
            "На верхних этажах горящего здания остаются посетители, рассказали спасатели. Из окон"
            " выпрыгнули несколько человек.",
        ),
        (
            6,
            "Число жертв пожара в Зареченске выросло до 23",
            "Спасатели обнаружили в кинозале торгового центра тела ещё девяти человек. Число "
            "погибших достигло 23, среди них одиннадцать детей.",
        ),
        (
            12,
            "Директор «Радуги» задержан",
            "Следователи задержали директора торгового центра, где накануне произошёл пожар. По "
            "их данным, пожарные выходы были закрыты.",
        ),
        (
            20,
            "В Зареченске объявлен траур",
            "В Зареченске объявили трёхдневный траур по 31 погибшему при пожаре в торговом "
            "центре. Десять человек считаются пропавшими без вести.",
        ),
    ),
}

# Headline and text about a place, told of five places on one morning and again a day later.
QUAKES = {
    "de": (
        "Erdbeben erschüttert {}",
        "Ein Erdbeben der Stärke {} hat am Montag die Region {} erschüttert. Mindestens {} "
        "Menschen kamen ums Leben, teilte der Zivilschutz mit.",
        "Zahl der Toten nach Erdbeben in {} steigt",
        "Nach dem Erdbeben der Stärke {} in {} ist die Zahl der Todesopfer auf {} gestiegen, "
        "teilte der Zivilschutz am Dienstag mit.",
    ),
    "es": (
        "Sismo sacude {}",
        "Un sismo de magnitud {} sacudió {} el lunes y dejó {} muertos, informó Defensa Civil. La "
        "gente salió a las calles.",
        "Suben los muertos por el sismo en {}",
        "La cifra de muertos por el sismo de magnitud {} en {} subió a {}, informó el martes "
        "Defensa Civil.",
    ),
    "pl": (
        "Trzęsienie ziemi nawiedziło {}",
        "Trzęsienie ziemi o sile {} nawiedziło w poniedziałek {}. Zginęło {} osób, podała obrona "
        "cywilna. Ludzie wybiegli na ulice.",
        "{}: rośnie liczba ofiar trzęsienia ziemi",
        "Liczba ofiar trzęsienia ziemi o sile {} w {} wzrosła do {}, podała we wtorek obrona "
        "cywilna.",
    ),
    "ru": (
        "Землетрясение произошло в {}",
        "Землетрясение магнитудой {} произошло в понедельник в {}, погибли {} человек, сообщила "
        "гражданская оборона. Люди выбежали на улицы.",
        "{}: число жертв землетрясения выросло",
        "Число погибших при землетрясении магнитудой {} в {} выросло до {}, сообщила во вторник "
        "гражданская оборона.",
    ),
}
PLACES = {
    "de": ("Arvida", "Polgrad", "Sendeh", "Tamuz", "Oreb"),
    "es": ("Arvida", "Polgrad", "Sendeh", "Tamuz", "Oreb"),
    "pl": ("Arvida", "Polgrad", "Sendeh", "Tamuz", "Oreb"),
    "ru": ("Арвиде", "Полграде", "Сендехе", "Тамузе", "Оребе"),
}


@pytest.fixture(scope="module")
def model() -> Model:
    return load()


def event_of(clusterer: Clusterer, language: str, brief: Brief) -> EventId:
    hours, title, text = brief
    published = MONDAY + timedelta(hours=hours)
    document = Document(
        id=DocumentId(title + text),
        url="",
        outlet="",
        title=title,
        text=text,
        language=language,
        published=published,
        seen=published,
    )
    placement, _ = clusterer.place(document, now=published)
    return placement.event


@pytest.mark.parametrize("language", RUNNING)
def test_a_story_told_in_briefs_over_a_day_is_one_event(model: Model, language: str) -> None:
    clusterer = Clusterer(model, language)
    assert len({event_of(clusterer, language, brief) for brief in RUNNING[language]}) == 1


@pytest.mark.parametrize("language", QUAKES)
def test_like_disasters_in_other_places_are_other_events_from_the_first_day(
    model: Model, language: str
) -> None:
    title, text, next_title, next_text = QUAKES[language]
    clusterer, places = Clusterer(model, language), PLACES[language]
    events = [
        event_of(
            clusterer, language, (n, title.format(place), text.format(5 + n, place, 3 + 2 * n))
        )
        for n, place in enumerate(places)
    ]
    assert len(set(events)) == len(places)
    for n, place in enumerate(places):
        told = (24 + n, next_title.format(place), next_text.format(5 + n, place, 9 + 3 * n))
        assert event_of(clusterer, language, told) == events[n]


def test_each_language_with_stop_words_has_its_usual_words(model: Model) -> None:
    assert all(len(model.usual(language).shares) > 2000 for language in model.stop_words)
    assert not model.usual("tlh").shares


@pytest.mark.parametrize(
    ("language", "word", "name"),
    [("de", "regierung", "frankreich"), ("pl", "policja", "francja"), ("ru", "полиция", "франция")],
)
def test_usual_words_and_the_names_of_countries_are_known(
    model: Model, language: str, word: str, name: str
) -> None:
    usual, stem = model.usual(language), Reader(language, frozenset()).stem
    assert usual.shares[key_of(stem(word))] > usual.shares[key_of(stem(name))] > 0
    assert key_of(stem(name)) in usual.names
    assert key_of(stem(word)) not in usual.names


def german(model: Model, title: str, text: str) -> Tokens:
    reader = Reader("de", model.stop_words["de"], determiners=model.determiners["de"])
    document = Document(
        id=DocumentId("de"),
        url="",
        outlet="",
        title=title,
        text=text,
        language="de",
        published=MONDAY,
        seen=MONDAY,
    )
    return reader.read(document)


def test_a_german_noun_behind_a_determiner_or_a_number_is_no_name(model: Model) -> None:
    found = german(
        model,
        "",
        "Im Chemiewerk von Harlingen starben nach einer Explosion vier Menschen, "
        "23 Arbeiter kamen in ein Krankenhaus in Velten.",
    )
    written = found.written()
    assert {written[key] for key in found.names(lambda _: None)} == {"Harlingen", "Velten"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Geiselnahme", "Geiselnehmer"),
        ("Hochwasser", "Hochwassergebiet"),
        ("Waldbrand", "Waldbrandgefahr"),
    ],
)
def test_german_compounds_agree_in_their_first_part(model: Model, one: str, other: str) -> None:
    assert german(model, "", one).weights() == german(model, "", other).weights()


def test_a_number_in_a_german_text_keeps_all_its_digits(model: Model) -> None:
    assert german(model, "", "1.234.567").weights() != german(model, "", "1.234.568").weights()
