"""Invented news for campaigns: each story unlike every other, disasters with a rising toll."""

from dataclasses import dataclass
from itertools import pairwise
from random import Random

_SYLLABLES = (
    "bar kel mon tor vis lan dro fen gul hask ist jor lem nar ost pel rud sim tav ulm wen yor"
)
_NOUNS = (
    "harbour orchard museum bridge tunnel library glacier reservoir market theatre stadium cable"
    " lighthouse quarry vineyard monastery airport ferry sawmill observatory brewery canal dam"
    " cathedral railway greenhouse archive laboratory fountain windmill barracks cemetery aquarium"
    " pipeline warehouse printing bakery orchestra choir herd swarm forest marsh beach dune cliff"
    " satellite telescope turbine tractor bicycle violin painting statue manuscript coin tapestry"
    " recipe dialect festival election strike merger patent tax tariff census curriculum vaccine"
    " insulin algae beetle heron salmon wolf lynx orchid maize barley potato honey cheese salt"
).split()
_VERBS = (
    "reopened moved doubled vanished collapsed recovered rejected praised auctioned repaired"
    " inspected measured counted painted copied hid borrowed traded banned taxed rescued planted"
    " harvested polluted cleaned renamed delayed cancelled celebrated rehearsed translated"
    " photographed mapped drained flooded heated cooled insured sold rented divided merged"
).split()
_LINKS = (
    "after a dispute about"
    "|because engineers had warned of|although neighbours complained about"
    "|while pensioners waited for|before the council could vote on|without any word about"
    "|in spite of a lawsuit over|thanks to a donation for|during repairs of"
    "|following months of quarrels around|despite doubts concerning|with new rules for"
).split("|")
_TOLLS = (
    (
        "Ferry {a} capsizes near {b}",
        "ferry {a}",
        "The ferry {a} capsized near {b} during a storm on Tuesday night, killing at least {n}"
        " people, the coast guard in {c} said. Fishing boats pulled passengers out of the water,"
        " and divers from the naval base went down to the wreck in the morning.",
    ),
    (
        "Coal mine {a} explodes in {b}",
        "coal mine {a}",
        "A gas explosion tore through the coal mine {a} in the {b} district before the night"
        " shift ended, killing at least {n} people, the mining office in {c} said. Ventilation"
        " failed at once and rescuers with oxygen masks dug through the main gallery.",
    ),
    (
        "Avalanche buries ski village {a}",
        "avalanche at {a}",
        "An avalanche came down on the ski village {a} below the peak of {b} at dawn, killing at"
        " least {n} people, the mountain rescue service in {c} said. Helicopters with search dogs"
        " flew in as soon as the fog lifted over the slope.",
    ),
    (
        "Fire destroys hotel {a}",
        "fire in the hotel {a}",
        "A fire that began in the kitchen destroyed the hotel {a} on the promenade of {b},"
        " killing at least {n} people, the fire brigade in {c} said. Guests jumped from balconies"
        " because the smoke had filled both staircases within minutes.",
    ),
    (
        "Earthquake shakes {a}",
        "earthquake at {a}",
        "An earthquake of magnitude six shook the town of {a} and the valley of {b} shortly after"
        " noon, killing at least {n} people, the seismological institute in {c} said. Brick"
        " houses fell, tents were put up in the park, and aftershocks went on.",
    ),
    (
        "Bus plunges into {a} gorge",
        "bus accident in the {a} gorge",
        "A coach with pilgrims broke through a barrier and plunged into the {a} gorge on the"
        " pass road to {b}, killing at least {n} people, the traffic police in {c} said. The"
        " brakes had failed in the third bend, a survivor told a nurse.",
    ),
)
_RISE = (
    "Death toll of {what} rises to {n}",
    "The death toll of the {what} has risen to {n}, the authorities in {c} said. Rescuers found"
    " more bodies near {b} at {a}, and the search at {a} goes on. The government of {c} has sent"
    " doctors and blankets to {b}, where relatives of the missing wait for news.",
)


@dataclass(frozen=True, slots=True)
class Report:
    """An article to come; `figure` is what must be told of it, "12 -> 19" where a toll rose."""

    name: str
    title: str
    text: str
    figure: str = ""


class Desk:
    """Invents reports from a seed; no two stories share a name."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(seed)  # noqa: S311 - news, not keys
        self._names: set[str] = set()
        self._count = 0

    def name(self) -> str:
        while True:
            found = "".join(self._chance.choices(_SYLLABLES.split(), k=3)).capitalize()
            if found not in self._names:
                self._names.add(found)
                return found

    def story(self) -> Report:
        """One event that nothing else is about."""
        self._count += 1
        a, b, c = self.name(), self.name(), self.name()
        nouns = self._chance.sample(_NOUNS, 14)
        verbs = self._chance.sample(_VERBS, 7)
        links = self._chance.sample(_LINKS, 7)
        sentences = [
            f"The {nouns[2 * n]} of {who} was {verbs[n]} {links[n]} the {nouns[2 * n + 1]}."
            for n, who in enumerate((a, b, c, a, b, c, a))
        ]
        title = f"{a} {nouns[0]} {verbs[0]}, {b} talks of {nouns[1]}"
        text = f"{' '.join(sentences)} So said {b} on behalf of {c}, for Lindar radio."
        return Report(f"s{self._count}", title, text)

    def disaster(self, kind: int) -> tuple[Report, Report, Report]:
        """One event whose toll rises twice."""
        self._count += 1
        names = dict(zip("abc", (self.name(), self.name(), self.name()), strict=True))
        title, what, text = _TOLLS[kind % len(_TOLLS)]
        tolls = [12 + kind, 19 + kind, 27 + kind]
        event = what.format(**names)
        first = Report(
            f"d{self._count}",
            title.format(**names),
            f"{text.format(n=tolls[0], **names)} Lindar radio was first to report it.",
        )
        rises = [
            Report(
                f"d{self._count}-{after}",
                _RISE[0].format(what=event, n=after),
                f"{_RISE[1].format(what=event, n=after, **names)} Lindar radio said so.",
                figure=f"{before} -> {after}",
            )
            for before, after in pairwise(tolls)
        ]
        return first, rises[0], rises[1]


KINDS = len(_TOLLS)
