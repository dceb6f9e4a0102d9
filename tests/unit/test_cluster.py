"""Articles find their event: what joins, what stays apart, and that a restart changes nothing."""

import itertools
import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitor.cluster import Clusterer, Model, event_id, load
from monitor.cluster.clusterer import FEW
from monitor.cluster.scorer import Article, Match, Scorer, are_strangers, features, matches
from monitor.cluster.state import EventState, Vector, unpack
from monitor.cluster.words import Reader, key_of
from monitor.errors import StateError
from monitor.model import (
    ClusterDelta,
    ClusterMemory,
    Document,
    DocumentId,
    EventId,
    Joined,
    Opened,
    Placement,
)

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

# One event each: (title, text); written for these tests.
FERRY = (
    (
        "Ferry capsizes off Tarvik, 14 missing",
        "A passenger ferry capsized off the island of Tarvik in a storm early on Monday. The coast "
        "guard pulled 60 passengers from the water and said 14 were missing. The ferry Alma Rosa "
        "had left the port of Lindby an hour before.",
    ),
    (
        "Rescuers search for missing passengers of capsized ferry",
        "Helicopters searched the sea off Tarvik for the missing passengers of the ferry Alma "
        "Rosa, which capsized in a storm after leaving Lindby. The coast guard saved 60 people.",
    ),
    (
        "Storm sinks ferry Alma Rosa near Tarvik",
        "The coast guard of Lindby said the ferry Alma Rosa took in water and capsized in the "
        "storm near Tarvik. Sixty passengers were rescued, 14 were still missing on Monday.",
    ),
)
BANK = (
    (
        "Central bank of Norvania raises rates to 7 percent",
        "The central bank of Norvania raised its key rate by half a point to 7 percent. Governor "
        "Ilse Brandt said inflation had not slowed and that a further rise was likely in June.",
    ),
    (
        "Norvania lifts key rate again as inflation stays high",
        "Governor Ilse Brandt defended a rise of the key rate to 7 percent, saying inflation in "
        "Norvania had not slowed. Economists had expected the central bank to wait until June.",
    ),
)
TRIAL = (
    (
        "Mayor of Ostrel goes on trial over stadium bribes",
        "The trial of Mayor Pavel Dorn opened in Ostrel on Monday. Prosecutors say Dorn took "
        "bribes from the builders of a new stadium. His lawyers called the charges political.",
    ),
    (
        "Stadium bribery trial of Pavel Dorn opens",
        "Prosecutors accused Pavel Dorn, mayor of Ostrel, of taking bribes from the builders of "
        "the stadium as his trial opened. Lawyers for Dorn asked the court to drop the charges.",
    ),
)
STORIES = (FERRY, BANK, TRIAL)


@pytest.fixture(scope="module")
def model() -> Model:
    return load()


def article(
    name: str, title: str, text: str, at: datetime = MORNING, language: str = "en"
) -> Document:
    return Document(
        id=DocumentId(name),
        url=f"https://outlet.example/{name}",
        outlet="Outlet",
        title=title,
        text=text,
        language=language,
        published=at,
        seen=at,
    )


def story(
    name: str, texts: Iterable[tuple[str, str]], start: datetime = MORNING, language: str = "en"
) -> list[Document]:
    return [
        article(f"{name}-{n}", title, text, start + n * HOUR, language)
        for n, (title, text) in enumerate(texts)
    ]


def filler(number: int, at: datetime) -> Document:
    """An article that shares no rare word with another."""
    chance = random.Random(number)  # noqa: S311
    words = ["".join(chance.choices("bcdfglmnprstvaeiou", k=7)) for _ in range(40)]
    return article(f"filler-{number}", " ".join(words[:6]).capitalize(), " ".join(words), at)


def place_all(clusterer: Clusterer, documents: Iterable[Document]) -> list[Placement]:
    return [clusterer.place(d, now=d.published)[0] for d in documents]


def events_of(placements: Iterable[Placement]) -> list[EventId]:
    return [placement.event for placement in placements]


class Rows:
    """What a store keeps: it obeys deltas and gives memories."""

    def __init__(self, language: str = "en") -> None:
        self.language = language
        self.events: dict[EventId, bytes] = {}
        self.words: list[bytes] = []

    def write(self, delta: ClusterDelta) -> None:
        for event in delta.gone:
            self.events.pop(event, None)
        for event, packed in delta.events:
            self.events.pop(event, None)
            self.events[event] = packed
        if delta.words:
            self.words.append(delta.words)
        del self.words[: delta.dropped]

    def memory(self) -> ClusterMemory:
        return ClusterMemory(
            language=self.language, events=tuple(self.events.items()), words=tuple(self.words)
        )


def mixed_stream(seed: int, length: int = 60) -> list[Document]:
    """Three events, fillers, leaps in time and a clock that goes back, in random order."""
    chance = random.Random(seed)  # noqa: S311
    documents = []
    at = MORNING
    for n in range(length):
        at += chance.choice((HOUR, 5 * HOUR, -2 * HOUR, 2 * DAY, timedelta(0)))
        if chance.random() < 0.02:
            at += 20 * DAY
        texts = chance.choice(STORIES)
        title, text = chance.choice(texts)
        documents.append(
            filler(n, at) if chance.random() < 0.4 else article(f"m{seed}-{n}", title, text, at)
        )
    return documents


def test_articles_on_one_happening_are_one_event_in_every_order(model: Model) -> None:
    for order in itertools.permutations(FERRY):
        events = events_of(place_all(Clusterer(model, "en"), story("ferry", order)))
        assert len(set(events)) == 1


def test_different_happenings_of_one_day_are_different_events(model: Model) -> None:
    documents = [
        *story("ferry", FERRY),
        *story("bank", BANK, MORNING + HOUR),
        *story("trial", TRIAL, MORNING + 2 * HOUR),
    ]
    documents.sort(key=lambda d: d.published)
    clusterer = Clusterer(model, "en")
    found = dict(zip((d.id for d in documents), place_all(clusterer, documents), strict=True))
    kinds = {
        kind: {p.event for d, p in found.items() if d.startswith(kind)}
        for kind in ("ferry", "bank", "trial")
    }
    assert [len(events) for events in kinds.values()] == [1, 1, 1]
    assert len(set.union(*kinds.values())) == 3


def test_a_similar_disaster_elsewhere_on_the_same_day_is_another_event(model: Model) -> None:
    other = article(
        "quarry",
        "Bus plunges into quarry near Belmora, 9 dead",
        "Nine people died when a school bus left the road and fell into a quarry near Belmora on "
        "Monday. The driver survived. Police in Belmora said the brakes had failed.",
        MORNING + 5 * HOUR,
    )
    clusterer = Clusterer(model, "en")
    place_all(clusterer, story("ferry", FERRY))
    assert isinstance(clusterer.place(other, now=other.published)[0], Opened)


def test_the_name_of_an_event_comes_from_its_first_document(model: Model) -> None:
    clusterer = Clusterer(model, "en")
    first = story("ferry", FERRY)[0]
    placement, _ = clusterer.place(first, now=MORNING)
    # sha256("ferry-0") by coreutils, its first 50 bits in base 32
    assert placement.event == event_id(first.id)
    # sha256("abc") begins ba7816bf 8f01cf: RFC 4648 letters by hand for the first two: 10111 01001
    assert event_id(DocumentId("abc")).startswith("ev-xj")
    assert len(placement.event) == len("ev-") + 10


def test_joining_tells_the_words_that_were_shared_and_the_features(model: Model) -> None:
    placements = place_all(Clusterer(model, "en"), story("ferry", FERRY))
    joined = placements[1]
    assert isinstance(joined, Joined)
    words = [shared.word for shared in joined.shared]
    weights = [shared.weight for shared in joined.shared]
    assert {"ferry", "tarvik", "alma"} & set(words)
    assert 5 <= len(words) <= 8
    assert weights == sorted(weights, reverse=True)
    assert 0 < joined.features["likeness"] <= 1
    assert joined.score >= model.text.join


def test_in_a_young_archive_like_words_about_other_places_are_other_events(model: Model) -> None:
    places = ("Tarnau", "Ostrel", "Karsk", "Brenno", "Mirrin", "Joltava", "Penrik", "Quandor")
    clusterer = Clusterer(model, "en")
    opened = 0
    for number, place in enumerate(places):
        dead = 11 + 3 * number
        document = article(
            place,
            f"Landslide in {place} kills {dead}",
            f"A landslide in {place} killed {dead} people on Monday, the governor of {place} said. "
            f"Rescue teams searched the slopes above {place} with dogs. Schools in {place} stayed "
            f"closed and the main road was cut. Families from {place} slept in a sports hall.",
            MORNING + number * timedelta(minutes=5),
        )
        placement, _ = clusterer.place(document, now=document.published)
        opened += isinstance(placement, Opened)
    assert opened == len(places)


def test_in_a_young_archive_the_town_of_an_outlet_joins_nothing_by_itself(model: Model) -> None:
    lanes = article(
        "lanes",
        "Marwick bus lanes open",
        "New bus lanes open in Marwick on Monday. The council says journeys through Marwick will be"
        " faster. Drivers in Marwick fear queues at the station, a shop owner said.",
    )
    fire = article(
        "fire",
        "Fire in Marwick tower block kills at least 6",
        "A fire in a tower block in Marwick killed at least 6 people at night, the fire brigade"
        " said. Thirty people from Marwick were taken to a clinic with burns.",
        MORNING + HOUR,
    )
    placements = place_all(Clusterer(model, "en"), [lanes, fire])
    assert [type(placement) for placement in placements] == [Opened, Opened]


def test_names_alone_make_no_event(model: Model) -> None:
    bench = article(
        "bench",
        "Lena Voss opens library in Marwick",
        "Mayor Lena Voss of Marwick cut a ribbon at the new library on Friday. Shelves hold forty"
        " thousand books, and readers queued outside before noon.",
    )
    marathon = article(
        "marathon",
        "Lena Voss wins marathon in Marwick",
        "Lena Voss of Marwick ran faster than all rivals in heavy rain. Her coach praised a steady"
        " pace uphill and a brave finish.",
        MORNING + HOUR,
    )
    placements = place_all(Clusterer(model, "en"), [bench, marathon])
    assert [type(placement) for placement in placements] == [Opened, Opened]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            (
                "Walkout at Velmora airport",
                "Ground staff at Velmora airport walked out on Monday over pay. Some 120 flights"
                " were cancelled, the operator said.",
            ),
            (
                "Hangar burns at Velmora airport",
                "Flames broke out in a hangar of Velmora airport on Tuesday night. Nobody was"
                " hurt, firefighters said, but two planes were destroyed.",
            ),
        ),
        (
            (
                "Quiet weekend on the river",
                "The river in Karsk was calm on Sunday, and anglers sold their catch on the quay."
                " A footbridge was opened in the afternoon.",
            ),
            (
                "Flood in Karsk kills 4",
                "At least four people were killed in Karsk on Monday when the river burst its"
                " banks. Some 300 houses stood under water.",
            ),
        ),
    ],
    ids=["an-airport", "a-river"],
)
def test_a_place_told_by_its_name_and_one_word_makes_no_event(
    model: Model, before: tuple[str, str], after: tuple[str, str]
) -> None:
    placements = place_all(
        Clusterer(model, "en"),
        [article("before", *before), article("after", *after, MORNING + DAY)],
    )
    assert [type(placement) for placement in placements] == [Opened, Opened]


def test_a_headline_names_too_few_to_tell_strangers_by_them(model: Model) -> None:
    text = Match(
        cosine=0.4, own=0.4, rest=0.4, third=0.3, deeds=0.4, names=0.0, acquainted=0.0,
        alone=True, telling=True, room=1000, filling=0.0,
    )  # fmt: skip
    assert are_strangers(text, model.text.rest)
    assert not are_strangers(text, model.title_only.rest)


def test_beside_a_nearer_event_the_same_likeness_counts_for_less(model: Model) -> None:
    text = Match(
        cosine=0.3,
        own=0.2,
        rest=0.2,
        third=0.1,
        deeds=0.1,
        names=0.3,
        acquainted=0.3,
        alone=True,
        telling=True,
        room=1000,
        filling=0.0,
    )
    day = DAY.total_seconds()
    nearest, behind = (
        model.text.score(features(text, day, day, nearest=nearest)) for nearest in (True, False)
    )
    assert nearest > behind


def test_in_a_young_archive_the_story_that_fills_it_stays_one_event(model: Model) -> None:
    placements = place_all(Clusterer(model, "en"), story("ferry", FERRY))
    assert {placement.event for placement in placements} == {placements[0].event}


RUNNING = {
    "cholera": (
        (0, "Cholera breaks out in Bassana; 14 dead", "Cholera has killed 14 people in Bassana, "
         "the health ministry said. 230 are in hospital. The river from which most families drink "
         "is thought to be the source."),
        (22, "Bassana cholera toll at 31", "Cholera has now killed 31 people in Bassana and "
         "sickened 800, doctors said on Tuesday. Two clinics have run out of beds."),
        (70, "Aid group sends salts against cholera", "Doctors Abroad flew in 12 tonnes of "
         "rehydration salts. 1,900 people are ill with cholera, the group said; 77 have died."),
        (180, "Cholera slows in Bassana", "New cases of cholera in Bassana have dropped to 40 a "
         "day from 210 a week ago, the ministry said. 164 have died since the outbreak began."),
    ),
    "mine": (
        (0, "Miners trapped after collapse at Tolva", "At least 33 miners were trapped on Monday "
         "when a tunnel collapsed at the Tolva copper mine, its owner said. Eleven men had been "
         "able to climb out."),
        (50, "Trapped miners are alive", "All 33 miners are alive, a note tied to a drill said on "
         "Wednesday. Families outside the mine wept and sang. It may take three months to bring "
         "the men up, the minister said."),
        (80, "Rescue shaft begun at mine", "Engineers have started to drill a rescue shaft 66 "
         "centimetres wide. It must go down 700 metres to reach the miners, who get water and food "
         "through a pipe."),
        (170, "Tolva rescue: shaft at 320 metres", "The rescue shaft is 320 metres deep and could "
         "reach the miners by the end of the month, mining minister Goro Lant said."),
        (250, "First miner freed from Tolva", "Florin Avas was the first of the 33 miners to be "
         "pulled up on Thursday, after eleven days below. Crowds cheered as the capsule came up."),
    ),
    "heaters": (
        (0, "Nimbus recalls heaters after fires", "Nimbus is recalling 40,000 electric heaters "
         "after nine fires. Nobody was hurt, the firm said. Owners should unplug them at once."),
        (28, "Nimbus heater recall grows to 110,000", "The recall of Nimbus heaters now covers "
         "110,000 devices, the consumer agency said. It knows of 23 fires."),
        (75, "Death linked to recalled heater", "A man of 71 died in a fire that began in a Nimbus "
         "heater, the fire brigade of Stell said. The recall has reached one owner in five."),
        (150, "Nimbus chief resigns over heaters", "Ada Brook, head of Nimbus, resigned on Friday "
         "over the recall of heaters. The shares have lost 40 percent."),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RUNNING)
def test_a_running_story_told_in_briefs_stays_one_event_in_an_empty_archive(
    model: Model, name: str
) -> None:
    documents = [
        article(f"{name}-{hours}", title, text, MORNING + hours * HOUR)
        for hours, title, text in RUNNING[name]
    ]
    assert len(set(events_of(place_all(Clusterer(model, "en"), documents)))) == 1


def test_the_same_running_stories_side_by_side_stay_apart(model: Model) -> None:
    told = sorted(
        (hours, name, title, text)
        for name, briefs in RUNNING.items()
        for hours, title, text in briefs
    )
    clusterer = Clusterer(model, "en")
    found: dict[EventId, set[str]] = {}
    for hours, name, title, text in told:
        document = article(f"{name}-{hours}", title, text, MORNING + hours * HOUR)
        placement, _ = clusterer.place(document, now=document.published)
        found.setdefault(placement.event, set()).add(name)
    assert all(len(names) == 1 for names in found.values())


# One happening each, in posts without a headline: (hours, text).
POSTS = {
    "storm": (
        (0, "Tropical Storm Nerine is 180 km off the coast of Belmaro with winds of 95 km/h. Red "
         "warning in force."),
        (2, "#StormNerine: 14,000 people moved to shelters in Belmaro. Ports and schools are "
         "closed."),
        (8, "Storm Nerine makes landfall in Belmaro; one fisherman missing, 60,000 homes without "
         "power."),
        (20, "Four dead in Belmaro after #StormNerine, two of them in a landslide."),
        (27, "Death toll from Nerine rises to 7 in Belmaro, emergency in four provinces."),
        (49, "Roads to the south of Belmaro are open again. 900 people still sleep in schools."),
    ),
    "gale": (
        (5, "#StormOskar brings gusts above 120 km/h to the north of Valmonte tomorrow. Orange "
         "warning for six provinces, red on the coast of Arneda."),
        (14, "Storm Oskar kills a woman in Arneda when a wall falls on her car; 23 flights are "
         "cancelled in Valmonte."),
        (23, "No trains between Arneda and Valmonte until noon because of trees on the line after "
         "#StormOskar."),
        (30, "Power is back for 35,000 of the 52,000 customers in Arneda who lost it in Storm "
         "Oskar."),
    ),
    "fever": (
        (1, "Ministry of Health confirms 3 cases of Marburg virus disease in Kisoro district. Two "
         "of the patients have died."),
        (4, "A team is on its way to Kisoro, where three cases of #Marburg are confirmed."),
        (10, "Marburg kills two in Ugaria, first outbreak in the country since 2017."),
        (28, "We are setting up a treatment centre with 20 beds in Kisoro. Four health workers are "
         "among the sick."),
        (51, "700 doses of vaccine against Marburg arrived in Ugaria today."),
    ),
}  # fmt: skip
# Of a town that fills its feed: five happenings.
TOWN = (
    (0, "lanes", "New bus lanes on Mill Street in Marwick open today, the council says."),
    (3, "fire", "We are called to a fire in a tower block in Marwick, 40 firefighters on site."),
    (4, "fire", "At least 2 dead in Marwick tower fire, 30 residents taken to hospital."),
    (6, "match", "Marwick Rovers beat Stell 3-1 and go top of the league."),
    (22, "library", "Marwick library closed on Thursday because of a strike of 85 staff."),
    (30, "robbery", "Man, 34, arrested in Marwick after a robbery at a jeweller in Hill Road."),
)


def posts(told: Iterable[tuple[int, str, str]]) -> list[tuple[str, Document]]:
    """What each post tells of, and the post, in order of time."""
    return [
        (name, article(f"{name}-{hours}", "", text, MORNING + hours * HOUR))
        for hours, name, text in sorted(told)
    ]


def kinds_of_events(model: Model, told: list[tuple[str, Document]]) -> dict[EventId, list[str]]:
    placements = place_all(Clusterer(model, "en"), [document for _, document in told])
    found: dict[EventId, list[str]] = {}
    for (name, _), event in zip(told, events_of(placements), strict=True):
        found.setdefault(event, []).append(name)
    return found


@pytest.mark.parametrize("name", POSTS)
def test_posts_that_name_what_fills_the_archive_are_one_event(model: Model, name: str) -> None:
    told = posts((hours, name, text) for hours, text in POSTS[name])
    assert len(kinds_of_events(model, told)) == 1


def test_posts_on_two_storms_told_in_turn_stay_apart(model: Model) -> None:
    told = posts((hours, name, text) for name in ("storm", "gale") for hours, text in POSTS[name])
    found = kinds_of_events(model, told).values()
    assert all(len(set(names)) == 1 for names in found)
    assert max(map(len, found)) >= 4


def test_posts_that_share_only_their_town_are_different_events(model: Model) -> None:
    found = kinds_of_events(model, posts(TOWN))
    assert sorted(found.values()) == [
        ["fire", "fire"],
        ["lanes"],
        ["library"],
        ["match"],
        ["robbery"],
    ]


# Two stories, each told by several in their own words, most of which name nobody who is known.
ERUPTION = (
    (0, "Mount Seru erupts on Ketu island, 3,000 leave", "Mount Seru on the island of Ketu threw "
     "ash six kilometres high on Monday. Some 3,000 islanders left their villages on the western "
     "slope in trucks and fishing boats, the governor said. The airport of Port Aldo is shut."),
    (7, "Night under the ash", "Glowing rock rolled down to the coast road after dark, and the "
     "church bells rang in every village on the western slope. Fishing boats carried families "
     "across the strait. Old men refused to leave their goats. Ash lay on the roofs like wet "
     "cement."),
    (20, "FLASH - second eruption on Ketu", "A second, larger eruption of Mount Seru began at 4.10 "
     "a.m., the observatory said."),
    (31, "Observatory bulletin 7", "The level of alarm stays at four. Tremors per hour: 42. Height "
     "of the ash column: nine kilometres. Nobody may enter the villages of the western slope. The "
     "next bulletin comes at noon."),
    (52, "Two bodies found in ash-covered village", "Soldiers who searched the western slope on "
     "Wednesday found the bodies of two herdsmen under a roof that ash had broken. The number of "
     "islanders in shelters has grown to 7,400, said governor Ilan Moro."),
    (75, "What the boats brought", "Shelters in the school halls of Port Aldo are full. A nurse "
     "counted ninety children with sore lungs from the ash. The fishing fleet has made two hundred "
     "journeys over the strait since the mountain woke."),
    (121, "Islanders may go home as Seru grows quiet", "Ketu: the observatory lowered the alarm to "
     "two on Saturday. Families may go back to the western slope by day, to clear ash from their "
     "roofs and to feed what animals are left, Moro said."),
)  # fmt: skip
BLACKOUT = (
    (3, "Power cut leaves Dorvik in the dark", "A fire in a transformer station cut the power of "
     "the city of Dorvik on Monday. Trams stood still, lifts stuck between floors and 210,000 "
     "households had no current, the grid company Norlys said."),
    (9, "Candles, soup and unlit stairs", "Shops sold out of candles before dusk. Where the lifts "
     "stood still, nurses carried trays down unlit stairs, and neighbours shared gas stoves on the "
     "pavement. The trams slept in the middle of the street. Nobody could say what had fed the "
     "fire, or when there would be power."),
    (24, "FLASH - current back in half of Dorvik", "Norlys says 104,000 households in Dorvik have "
     "power again."),
    (33, "Grid company update, 5 p.m.", "Households without current: 61,000. The spare transformer "
     "arrives by rail tonight. Please keep refrigerators closed and do not call the hospitals "
     "about the power cut."),
    (56, "Man held over transformer fire", "Police arrested a former technician of Norlys on "
     "Wednesday over the fire that cut the current of a whole city. He had keys of the station, "
     "prosecutor Runa Feld said."),
    (80, "Trams run again, anger stays", "The last 4,000 households had their current back at "
     "noon. A tram driver applauded herself. Bakers who threw away two days of dough want money "
     "from the grid company."),
)  # fmt: skip
TOLD_BY_MANY = {"eruption": ERUPTION, "blackout": BLACKOUT}


def told_by_many(*names: str) -> list[tuple[str, Document]]:
    told = sorted((hours, name, *texts) for name in names for hours, *texts in TOLD_BY_MANY[name])
    return [
        (name, article(f"{name}-{hours}", title, text, MORNING + hours * HOUR))
        for hours, name, title, text in told
    ]


@pytest.mark.parametrize("name", TOLD_BY_MANY)
def test_who_tells_not_whom_it_is_about_means_the_story_that_fills_the_archive(
    model: Model, name: str
) -> None:
    assert len(kinds_of_events(model, told_by_many(name))) == 1


def test_of_two_stories_told_in_turn_each_gets_its_own(model: Model) -> None:
    found = kinds_of_events(model, told_by_many(*TOLD_BY_MANY)).values()
    assert all(len(set(names)) == 1 for names in found)
    assert sorted(map(len, found))[-2:] == [4, 7]


def test_who_names_nobody_and_tells_of_something_else_is_another_event(model: Model) -> None:
    told = told_by_many("eruption")[:4]
    other = article(
        "bread",
        "The price of a loaf",
        "Wheat is dearer than ever, and so is bread. Bakers say that flour costs them a third more "
        "than last spring. A loaf may soon be a luxury, and pensioners have begun to bake at home.",
        MORNING + 40 * HOUR,
    )
    assert ["bread"] in kinds_of_events(model, [*told, ("bread", other)]).values()


def test_more_is_awaited_of_what_was_told_much_and_of_late() -> None:
    def awaited(key: int, *, telling: bool, days: float = 0.0, articles: int = 9) -> float:
        words = Vector().plus({8: 0.6, 16: 0.6, 24: 0.5291502622}, 1.0, 80)
        event = EventState(0, 0, 4, 0.0, 0.0, 0.0, words, Vector().plus({8: 1.0}, 1.0, 40))
        asked = Article(
            everything={key: 0.6 if telling else 0.3, 16: 0.1, 24: 0.1, 32: 0.7},
            names={key: 1.0},
            proper={key},
            naming=3.0,
            time=days * DAY.total_seconds(),
        )
        [text] = matches(asked, [event], articles)
        return text.awaited

    assert awaited(8, telling=True) == pytest.approx(4 / 9 / 0.5)  # names the same
    assert awaited(8, telling=True, days=5) < awaited(8, telling=True)
    assert awaited(40, telling=True) == 0.0  # names others
    assert awaited(40, telling=False) == pytest.approx(4 / 9 / 0.5)  # presumes that one knows
    assert awaited(8, telling=True, articles=900) < 0.01


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("#PineFire", "Pine Fire"),
        ("#KCFire", "KC Fire"),
        ("#Storm2025", "Storm 2025"),
        ("#МоскваПожар", "Москва Пожар"),
        ("#earthquake", "earthquake"),
    ],
)
def test_a_hashtag_is_read_as_its_words(tag: str, words: str) -> None:
    reader = Reader("en", frozenset())
    in_tag, apart = (reader.read(article("a", "", text)).body for text in (tag, words))
    assert in_tag == apart


def test_briefs_of_one_day_that_differ_in_place_and_numbers_are_different_events(
    model: Model,
) -> None:
    places = ("Arvida", "Polgrad", "Sendeh", "Tamuz", "Oreb")
    clusterer = Clusterer(model, "en")
    opened, followed = [], []
    for n, place in enumerate(places):
        first = article(
            place,
            f"Quake of {5.1 + n / 10:.1f} shakes {place}",
            f"An earthquake shook {place} on Monday, killing {3 + 2 * n} people and damaging "
            f"{200 + 30 * n} houses, civil defence said. People ran into the streets.",
            MORNING + n * HOUR,
        )
        opened.append(clusterer.place(first, now=first.published)[0])
    for n, place in enumerate(places):
        later = article(
            f"{place}-toll",
            f"{place} quake toll rises to {9 + 3 * n}",
            f"The death toll of the earthquake in {place} rose to {9 + 3 * n}, civil defence said "
            f"on Tuesday. {400 + 50 * n} houses are damaged.",
            MORNING + DAY + n * HOUR,
        )
        followed.append(clusterer.place(later, now=later.published)[0])
    assert len(set(events_of(opened))) == len(places)
    assert events_of(followed) == events_of(opened)


def test_the_steps_of_a_law_within_ten_days_are_events_that_follow_each_other(
    model: Model,
) -> None:
    clusterer = Clusterer(model, "en")
    for n in range(60):
        place_all(clusterer, [filler(n, MORNING)])
    passed = article(
        "passed",
        "Parliament of Norvania caps rents",
        "The parliament of Norvania passed a law that caps rents in large cities. Landlords were "
        "against the law. Housing minister Edda Roth called it a relief for tenants.",
    )
    blocked = article(
        "blocked",
        "Court blocks rent law in Norvania",
        "The highest court of Norvania blocked the law that caps rents in large cities. Landlords "
        "had gone to court. Housing minister Edda Roth said tenants would pay for it.",
        MORNING + 9 * DAY,
    )
    elsewhere = article(
        "elsewhere",
        "Norvania law puts cap on rents",
        "Rents in large cities of Norvania may not rise any more under a law that parliament "
        "passed. Minister Edda Roth spoke of a relief for tenants, landlords of a mistake.",
        MORNING + HOUR,
    )
    first, same, second = place_all(clusterer, [passed, elsewhere, blocked])
    assert same.event == first.event
    assert isinstance(second, Opened)
    assert second.follows == first.event


def test_words_that_several_events_share_count_in_parts() -> None:
    def held(*keys: int) -> EventState:
        weights = dict.fromkeys(keys, 1 / len(keys) ** 0.5)
        vector = Vector().plus(weights, 1.0, 10)
        return EventState(0, 0, 1, 0.0, 0.0, 0.0, vector, Vector())

    asked = Article(everything={8: 0.6, 16: 0.8}, names={}, proper=set(), naming=0.0, time=0.0)
    both, one = matches(asked, [held(8, 16), held(8)], articles=1_000_000)
    # (0.6 + 0.8) / sqrt 2, of which the first word belongs to both
    assert both.cosine == pytest.approx(0.98995, abs=1e-4)
    assert both.own == pytest.approx((0.3 + 0.8) / 2**0.5, abs=1e-4)
    assert one.cosine == pytest.approx(0.6)
    assert one.own == pytest.approx(0.3, abs=1e-4)


def test_events_that_fill_the_archive_together_are_parts_of_one_story() -> None:
    def held(*keys: int) -> EventState:
        weights = dict.fromkeys(keys, 1 / len(keys) ** 0.5)
        return EventState(0, 0, 1, 0.0, 0.0, 0.0, Vector().plus(weights, 1.0, 10), Vector())

    asked = Article(everything={8: 0.6, 16: 0.8}, names={}, proper=set(), naming=0.0, time=0.0)
    parts = [held(8, 24), held(16, 32)]
    alone = matches(asked, parts[:1], articles=3)[0]
    assert (alone.filling, alone.fills) == (0.5, False)
    together = matches(asked, parts, articles=3)
    assert [(each.filling, each.fills) for each in together] == [(1.0, True), (1.0, True)]
    among_many = matches(asked, parts, articles=5)
    assert [(each.filling, each.fills) for each in among_many] == [(0.5, False), (0.5, False)]


def test_of_much_that_is_told_less_must_agree_for_the_same_to_be_done() -> None:
    def filling(words: int) -> float:
        each = 1 / words**0.5
        told = {8 * key: each for key in range(words)}
        event = Vector().plus({8 * key: each for key in range(words * 9 // 10, 2 * words)}, 1.0, 80)
        state = EventState(0, 0, 1, 0.0, 0.0, 0.0, event, Vector())
        asked = Article(everything=told, names={}, proper=set(), naming=0.0, time=0.0)
        [text] = matches(asked, [state], articles=2)
        assert 0.09 < text.deeds < 0.11  # a tenth of the words
        return text.filling

    assert filling(words=20) == pytest.approx(filling(words=40))
    assert filling(words=40) < 0.8
    assert filling(words=70) == 1.0


SHOOTINGS = (  # one count; each names only who speaks of it, and in passing
    (
        "Weekend shootings leave dozens dead across the country",
        "At least sixty people were shot dead in street shootings over the long weekend, a count "
        "of police reports shows, and two hundred were wounded. Most of the gunfire came after "
        "midnight, at cookouts, block parties and outside bars. The victims include four children. "
        "Judge Odile Brandt of Lindby blames cheap handguns and the heat of the summer nights.",
    ),
    (
        "Gunfire kills sixty people on long holiday weekend",
        "Shootings over the long weekend left at least sixty people dead and some two hundred "
        "wounded, according to a count of police reports. Gunfire broke out at block parties, in "
        "parks and outside bars, most of it after midnight; four children are among the victims. "
        "Hospitals ran short of blood, surgeon Kato Ilves told the Mirror.",
    ),
)


def test_who_speaks_of_it_in_passing_makes_no_other_event(model: Model) -> None:
    told = [
        article(f"count {n}", title, text, MORNING + timedelta(hours=3 * n))
        for n, (title, text) in enumerate(SHOOTINGS)
    ]
    assert len(set(events_of(place_all(Clusterer(model, "en"), told)))) == 1


GRID = (
    "Storm damage: 48,000 customers in Lindby and Tarvik have no power.",
    "3pm: 21,600 still off, mostly along the coast road. Stay clear of fallen lines.",
    "Good evening. Now down to 9,300, crews work through the night.",
)


def posts_of(outlet: str, texts: Iterable[str], hours: int = 3) -> list[Document]:
    return [
        replace(article(text, "", text, MORNING + n * hours * HOUR), outlet=outlet)
        for n, text in enumerate(texts)
    ]


def events_told(model: Model, documents: Iterable[Document]) -> int:
    told = sorted(documents, key=lambda document: document.published)
    return len(set(events_of(place_all(Clusterer(model, "en"), told))))


def test_a_post_that_says_it_goes_on_goes_on_with_what_its_outlet_told(model: Model) -> None:
    assert events_told(model, posts_of("gridco", GRID)) == 1
    assert events_told(model, posts_of("gridco", [GRID[0], *(n for n, _ in BANK)])) == 2


def test_a_post_goes_on_with_no_other_outlet_and_not_after_days(model: Model) -> None:
    elsewhere = [replace(each, outlet=f"outlet {n}") for n, each in enumerate(posts_of("", GRID))]
    assert events_told(model, elsewhere) == 3
    assert events_told(model, posts_of("gridco", GRID, hours=96)) == 3


def test_of_an_outlet_that_tells_of_many_things_no_post_goes_on_by_itself(model: Model) -> None:
    police = (
        "Two men held after a burglary in Elm Street. Call 101 if you saw anything.",
        "A12 closed at Junction 4 after a crash, one driver in hospital.",
        "Missing: Tom Whitlow, 15, last seen near the station on Friday.",
        "Officers still look for witnesses and ask for dashcam film.",
    )
    assert events_told(model, posts_of("police", police)) == 4


def test_an_article_with_a_headline_of_its_own_is_no_post_that_goes_on(model: Model) -> None:
    heads = ("Homes in the dark", "Coast road blocked", "Crews at work")
    told = zip(posts_of("gridco", GRID), heads, strict=True)
    titled = [replace(each, title=head) for each, head in told]
    assert events_told(model, titled) == 3


def test_numbers_days_and_months_are_no_names(model: Model) -> None:
    reader = Reader("en", model.stop_words["en"], model.nameless["en"])
    text = "Seventeen miners of Tolva dug 1,200 tonnes in March 2024. Eighty were away."
    found = reader.read(article("dated", "", text))
    written = found.written()
    named = {written[key] for key in found.names(lambda _: None)}
    assert named == {"Tolva"}


@pytest.mark.parametrize("elided", ["l'éboulement", "l’éboulement", "L’éboulement"])
def test_an_elided_article_is_no_part_of_a_word(model: Model, elided: str) -> None:
    reader = Reader("fr", model.stop_words["fr"])
    bare, behind = (
        reader.read(article("slide", "", f"Après {word}, la route reste fermée.")).body
        for word in ("éboulement", elided)
    )
    assert behind == bare


def test_a_name_behind_an_elided_article_is_a_name(model: Model) -> None:
    reader = Reader("fr", model.stop_words["fr"])
    found = reader.read(article("ferry", "", "Le ferry a quitté l’Islande vers midi."))
    written = found.written()
    assert {written[key] for key in found.names(lambda _: None)} == {"l’Islande"}


def test_opening_tells_the_best_event_that_was_turned_down(model: Model) -> None:
    clusterer = Clusterer(model, "en")
    [first] = place_all(clusterer, story("ferry", FERRY[:1]))
    near = article(
        "other",
        "Judge calls shipowners to a hearing",
        "A judge of Lindby called the owners of the Alma Rosa to a hearing. Lawyers spoke of papers"
        " that were missing, of a storm nobody had foreseen and of an insurance that had run out "
        "years earlier.",
        MORNING + 13 * DAY,
    )
    opened, _ = clusterer.place(near, now=near.published)
    assert isinstance(opened, Opened)
    assert opened.runner_up == first.event
    assert 0 < opened.score < model.text.join


@pytest.mark.parametrize("seed", range(8))
def test_a_restart_after_any_article_changes_nothing(model: Model, seed: int) -> None:
    documents = mixed_stream(seed)
    whole, rows = Clusterer(model, "en"), Rows()
    now = MORNING
    restarted = Clusterer(model, "en")
    for number, document in enumerate(documents):
        now = max(now, document.published) if number % 7 else document.published
        if number % 5 == 4 and rows.events:  # a copy
            event = next(iter(rows.events))
            delta = whole.inherit(document, event, now=now)
            assert delta == restarted.inherit(document, event, now=now)
        else:
            placement, delta = whole.place(document, now=now)
            assert (placement, delta) == restarted.place(document, now=now)
        rows.write(delta)
        restarted = Clusterer.restore(rows.memory(), model)


def test_two_runs_give_the_same_bytes(model: Model) -> None:
    def run() -> list[tuple[Placement, ClusterDelta]]:
        clusterer = Clusterer(model, "en")
        return [clusterer.place(d, now=d.published) for d in mixed_stream(99)]

    assert run() == run()


def test_a_copy_keeps_its_event_alive_and_adds_no_words(model: Model) -> None:
    clusterer = Clusterer(model, "en")
    [first] = place_all(clusterer, story("ferry", FERRY[:1]))
    copy = article("copy", *FERRY[0], MORNING + 10 * DAY)
    delta = clusterer.inherit(copy, first.event, now=copy.published)
    assert [event for event, _ in delta.events] == [first.event]
    assert delta.words == b""
    for number in range(FEW):
        early = filler(number, MORNING + 11 * DAY)
        clusterer.place(early, now=early.published)
    late = filler(FEW, MORNING + 30 * DAY)
    assert clusterer.place(late, now=late.published)[1].gone == ()
    late = filler(FEW + 1, MORNING + 38 * DAY + HOUR)
    assert clusterer.place(late, now=late.published)[1].gone == (first.event,)


def test_a_copy_of_an_article_whose_event_is_unknown_changes_nothing(model: Model) -> None:
    delta = Clusterer(model, "en").inherit(
        article("copy", *FERRY[0]), EventId("ev-unknown"), now=MORNING
    )
    assert delta == ClusterDelta(language="en")


def test_after_idle_weeks_a_new_event_follows_the_old_one(model: Model) -> None:
    clusterer = Clusterer(model, "en")
    first, _, _ = place_all(clusterer, story("ferry", FERRY))
    place_all(clusterer, [filler(number, MORNING + DAY) for number in range(5)])
    late = article("late", *FERRY[2], MORNING + 20 * DAY)
    placement, _ = clusterer.place(late, now=late.published)
    assert isinstance(placement, Opened)
    assert placement.follows == first.event


def test_a_story_that_is_most_of_what_is_told_goes_on_after_idle_weeks(model: Model) -> None:
    clusterer = Clusterer(model, "en")
    first, _, _ = place_all(clusterer, story("ferry", FERRY))
    late = article("late", *FERRY[2], MORNING + 35 * DAY)
    placement, _ = clusterer.place(late, now=late.published)
    assert isinstance(placement, Joined)
    assert placement.event == first.event


def test_one_article_is_no_story_to_go_on_after_idle_weeks(model: Model) -> None:
    clusterer = Clusterer(model, "en")
    place_all(clusterer, story("ferry", FERRY[:1]))
    late = article("late", *FERRY[2], MORNING + 20 * DAY)
    assert isinstance(clusterer.place(late, now=late.published)[0], Opened)


def test_what_shares_only_its_town_with_an_event_follows_it_not(model: Model) -> None:
    bakery = article(
        "bakery",
        "Bakery opens in Tarvik",
        "A bakery opened its doors in Tarvik on Sunday and sold out within an hour.",
    )
    ferry = article("ferry", *FERRY[0], MORNING + HOUR)
    _, placement = place_all(Clusterer(model, "en"), [bakery, ferry])
    assert isinstance(placement, Opened)
    assert placement.follows is None


def test_an_unlike_event_follows_nothing(model: Model) -> None:
    clusterer = Clusterer(model, "en")
    place_all(clusterer, story("ferry", FERRY))
    late = article("late", *TRIAL[0], MORNING + 20 * DAY)
    placement, _ = clusterer.place(late, now=late.published)
    assert placement == Opened(event=event_id(late.id), runner_up=None, score=0.0)


def bold(model: Model) -> Model:
    """Joins and merges at a touch of likeness, so that merging can be looked at by itself."""
    first = (1.0,) + (0.0,) * (len(model.text.weights) - 1)
    scorer = Scorer(
        bias=-2.0, weights=tuple(20 * w for w in first), join=0.5, merge=0.5, follow=0.99, rest=0.0
    )
    return replace(model, text=scorer, title_only=scorer)


# Two articles without a common word, and one that holds both.
LEFT = "Alpha bravo charlie delta foxtrot golf hotel india juliet kilo"
RIGHT = "Nectar orange papaya quince rhubarb strawberry tangerine vanilla walnut yam"


def merging(model: Model, headline: str) -> tuple[list[Placement], ClusterDelta]:
    """Two events that grow alike through bridges."""
    clusterer = Clusterer(bold(model), "en")
    documents = [
        article("left", "", LEFT, MORNING),
        article("right", "", RIGHT, MORNING + HOUR),
        article("bridge", headline, f"{LEFT} {RIGHT}", MORNING + 2 * HOUR),
    ]
    placed = [clusterer.place(d, now=d.published) for d in documents]
    return [placement for placement, _ in placed], placed[-1][1]


def test_events_found_to_be_one_keep_the_older_name(model: Model) -> None:
    (left, right, bridge), delta = merging(model, "")
    assert left.event != right.event
    assert isinstance(bridge, Joined)
    assert bridge.event == left.event
    assert bridge.merged == (right.event,)
    assert delta.gone == (right.event,)
    assert [event for event, _ in delta.events] == [left.event]


def test_events_that_a_person_took_apart_are_not_merged(model: Model) -> None:
    clusterer = Clusterer(bold(model), "en")
    left, right = (
        clusterer.place(article(name, "", text, MORNING + at), now=MORNING + at)[0].event
        for name, text, at in (("left", LEFT, 0 * HOUR), ("right", RIGHT, HOUR))
    )
    bridge = article("bridge", "", f"{LEFT} {RIGHT}", MORNING + 2 * HOUR)
    placement, delta = clusterer.place(
        bridge, now=bridge.published, parted=frozenset({frozenset({left, right})})
    )
    assert isinstance(placement, Joined)
    assert placement.merged == ()
    assert delta.gone == ()


def test_events_are_united_and_parted_by_hand_as_after_a_restart(model: Model) -> None:
    clusterer = Clusterer(model, "en")
    documents = story("ferry", FERRY)
    placed = place_all(clusterer, documents)
    event = events_of(placed)[0]
    new = event_id(DocumentId("apart"))
    deltas = clusterer.part(event, documents[:1], new, documents[1:])
    states = {name: unpack(packed) for delta in deltas for name, packed in delta.events}
    assert (states[event].size, states[new].size) == (1, len(documents) - 1)
    assert states[event].touched != states[new].touched
    united = clusterer.unite(event, new)
    assert united.gone == (new,)
    assert unpack(united.events[0][1]).size == len(documents)
    assert clusterer.unite(EventId("ev-over"), EventId("ev-gone")).events == ()
    assert clusterer.part(EventId("ev-over"), documents[:1], new, documents[1:]) == ()


def test_a_live_blog_joins_but_never_merges(model: Model) -> None:
    (_, _, bridge), delta = merging(model, "Live updates: the day as it happened")
    assert isinstance(bridge, Joined)
    assert bridge.merged == ()
    assert delta.gone == ()


MORNING_NEWS = (
    "The central bank of Norvania raised its key rate to 7 percent as inflation stayed high. The"
    " ferry Alma Rosa capsized in a storm off Tarvik; 14 passengers are missing. In Ostrel the"
    " trial of Mayor Pavel Dorn over bribes for a stadium has opened."
)


@pytest.mark.parametrize(
    "title",
    ["Morning briefing: what you need to know today", "News in brief", "The week in review"],
)
def test_what_a_round_up_touches_is_not_drawn_into_it(model: Model, title: str) -> None:
    news = [article("news", title, MORNING_NEWS)]
    later = [article(f"l{n}", *texts[1], MORNING + n * HOUR) for n, texts in enumerate(STORIES, 1)]
    events = events_of(place_all(Clusterer(model, "en"), news + later))
    assert len(set(events)) == 4


def test_what_a_live_blog_names_in_its_headline_is_its_event(model: Model) -> None:
    blog = article("blog", "Live updates: ferry capsizes off Tarvik", MORNING_NEWS)
    later = [article(f"l{n}", *texts[1], MORNING + n * HOUR) for n, texts in enumerate(STORIES, 1)]
    first, ferry, bank, trial = events_of(place_all(Clusterer(model, "en"), [blog, *later]))
    assert ferry == first
    assert len({first, bank, trial}) == 3


def test_a_round_up_that_joins_does_not_widen_its_event(model: Model) -> None:
    ferry = article("ferry", *FERRY[0])
    clusterer = Clusterer(model, "en")
    _, before = clusterer.place(ferry, now=MORNING)
    blog = article("blog", "Ferry off Tarvik: the day as it happened", MORNING_NEWS, MORNING + HOUR)
    placement, after = clusterer.place(blog, now=MORNING + HOUR)
    assert isinstance(placement, Joined)
    [(_, old)], [(_, new)] = before.events, after.events
    told, widened = (set(unpack(each).everything.keys) for each in (old, new))
    words = {key_of(stem) for stem in ("ferri", "tarvik", "day")}
    assert widened <= told | words


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("", ""),
        ("Ferry capsizes off Tarvik", ""),
        ("", "Three short words"),
        ("A", "I a 1 x"),
        ("", "word " * 40_000),
        ("\ud83d", "\ud800 lone surrogates"),
        ("…", "— – …"),
    ],
    ids=["empty", "title-only", "three-words", "one-letter", "long", "surrogate", "no-words"],
)
def test_odd_articles_are_placed(model: Model, title: str, text: str) -> None:
    clusterer = Clusterer(model, "en")
    place_all(clusterer, story("ferry", FERRY))
    placement, delta = clusterer.place(article("odd", title, text), now=MORNING)
    assert placement.event
    assert len(delta.words) < 4_000


def test_articles_without_any_word_do_not_come_together(model: Model) -> None:
    clusterer = Clusterer(model, "en")
    events = events_of(place_all(clusterer, [article(f"empty-{n}", "", "") for n in range(5)]))
    assert len(set(events)) == 5


def test_headlines_alone_find_each_other(model: Model) -> None:
    clusterer = Clusterer(model, "en")
    titles = ("Ferry Alma Rosa capsizes off Tarvik", "14 missing as ferry Alma Rosa capsizes")
    for n in range(60):
        place_all(clusterer, [filler(n, MORNING)])
    events = events_of(place_all(clusterer, story("title", [(t, "") for t in titles])))
    assert events[0] == events[1]


def test_an_old_or_future_stamp_poisons_nothing(model: Model) -> None:
    clusterer = Clusterer(model, "en")
    now = MORNING
    for at in (MORNING, MORNING + 400 * DAY, MORNING - 400 * DAY):
        clusterer.place(article(f"at-{at:%Y%m%d}", *FERRY[0], at), now=now)
    placement, _ = clusterer.place(article("next", *FERRY[1], MORNING), now=now)
    assert placement.event == event_id(DocumentId(f"at-{MORNING:%Y%m%d}"))


def test_another_language_has_its_own_stems_and_stop_words(model: Model) -> None:
    german = (
        ("Fähre kentert vor Tarvik", "Die Fähre Alma Rosa ist vor der Insel Tarvik gekentert."),
        (
            "Vor Tarvik gekenterte Fähre",
            "Vor Tarvik kenterte eine Fähre, die Alma Rosa aus Lindby.",
        ),
    )
    events = events_of(place_all(Clusterer(model, "de"), story("de", german, language="de")))
    assert events[0] == events[1]


def test_a_script_without_spaces_is_compared_by_pairs(model: Model) -> None:
    texts = (
        (
            "渡船在海上翻覆十四人失踪",
            "一艘载有七十四名乘客的渡船周一清晨在风暴中于塔尔维克岛附近海面翻覆。",
        ),
        (
            "塔尔维克岛渡船翻覆",
            "海岸警卫队说渡船在塔尔维克岛附近海面的风暴中翻覆，十四名乘客失踪。",
        ),
        ("中央银行提高利率", "行长说通货膨胀没有放缓，因此中央银行把主要利率提高到百分之七。"),
    )
    events = events_of(place_all(Clusterer(model, "zh"), story("zh", texts, language="zh")))
    assert events[0] == events[1] != events[2]


def test_a_word_that_is_suddenly_everywhere_does_not_make_one_event(model: Model) -> None:
    clusterer = Clusterer(model, "en")
    documents = []
    for n in range(300):
        plain = filler(n, MORNING + n * timedelta(minutes=1))
        documents.append(
            article(plain.id, f"Election: {plain.title}", f"Election day. {plain.text}", MORNING)
        )
    # The first few articles of a fresh stream cannot know yet that the word is common.
    assert len(set(events_of(place_all(clusterer, documents)))) >= 290


def test_a_state_of_another_version_is_refused(model: Model) -> None:
    rows = Rows()
    _, delta = Clusterer(model, "en").place(story("ferry", FERRY)[0], now=MORNING)
    rows.write(delta)
    event, packed = delta.events[0]
    rows.events[event] = b"\xff" + packed[1:]
    with pytest.raises(StateError, match="form 255"):
        Clusterer.restore(rows.memory(), model)


def test_an_event_stays_small_however_many_articles_join(model: Model) -> None:
    clusterer = Clusterer(model, "en")
    largest = 0
    for n in range(60):
        title, text = FERRY[n % 3]
        document = article(f"f{n}", title, f"{text} {filler(n, MORNING).text}", MORNING + n * HOUR)
        _, delta = clusterer.place(document, now=document.published)
        largest = max(largest, *(len(packed) for _, packed in delta.events))
    assert largest < 2_000
