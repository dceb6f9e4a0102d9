"""How figures of each role behave; roles are the vocabulary of readings, open ones included."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleKind:
    """What may happen to a figure of this role, and how it is called.

    `label`: words with `{who}`; "" is "{who} {role}". `name`: stands for role and who in the id.
    """

    label: str = ""
    name: str = ""
    falls: bool = False  # a state, not a running total: it may fall by itself
    fixed: bool = False  # a property that does not develop: no series
    rivals: bool = False  # an estimate: claimants differ without one of them being newer
    loose: bool = False  # many things are told so: only a headline or a word of change speaks
    incidents: bool = False  # in a long event told attack by attack beside the total
    tolls: bool = False  # and each of those has a toll of its own, which climbs
    daily: bool = False  # told attack by attack, never as the toll of one
    people: bool = False  # what the noun calls them does not matter ("villagers", "bodies")
    local: bool = False  # each place has its own
    aboard: bool = False  # in a vessel, of which there may be many
    crowds: bool = False  # of a size that is only guessed
    whole: bool = False  # nor of what group they are: jobs and employees, guests and tourists
    premises: bool = False  # homes count as the people in them
    named: bool = False  # by whom: the candidates or parties of a vote
    placed: bool = False  # belongs to a place, which is part of its name
    ebbs: bool = False  # a running total that may shrink, when the article says that it does
    makes: frozenset[str] = frozenset()  # groups that go without saying: captured prisoners


ANSWER = Decimal(5)  # two parties' tolls of one incident are hardly farther apart

OPEN = RoleKind(loose=True, ebbs=True)

KINDS: Mapping[str, RoleKind] = {
    # people, running totals
    "killed": RoleKind(people=True, incidents=True, tolls=True),
    "wounded": RoleKind(people=True, incidents=True, tolls=True),
    "killed_or_wounded": RoleKind(
        people=True,
        incidents=True,
        rivals=True,
        label="{who} killed or wounded",
    ),
    "killed_or_missing": RoleKind(people=True, ebbs=True, label="{who} dead or missing"),
    "captured": RoleKind(
        people=True,
        incidents=True,
        ebbs=True,
        makes=frozenset({"prisoners", "hostages", "military"}),
    ),
    "arrested": RoleKind(people=True, incidents=True, local=True, makes=frozenset({"prisoners"})),
    "kidnapped": RoleKind(people=True, incidents=True),
    "released": RoleKind(people=True, whole=True),
    "recovered": RoleKind(people=True, whole=True),
    "returned": RoleKind(people=True, whole=True),
    "survived": RoleKind(people=True, whole=True),
    "escaped": RoleKind(people=True),
    "at_large": RoleKind(people=True, whole=True, falls=True),
    "questioned": RoleKind(people=True),
    "signed": RoleKind(people=True, whole=True, label="Signatures"),
    "identified": RoleKind(people=True, whole=True),
    "buried": RoleKind(people=True, whole=True),
    "convicted": RoleKind(people=True),
    "acquitted": RoleKind(people=True),
    "resigned": RoleKind(people=True, whole=True),
    "pleaded": RoleKind(people=True, label="{who} pleading guilty"),
    "arrived": RoleKind(people=True, whole=True, loose=True),
    "aboard": RoleKind(
        people=True,
        aboard=True,
        rivals=True,
        loose=True,
        makes=frozenset({"aircraft", "ships"}),
    ),
    "reconnected": RoleKind(people=True, whole=True),
    "hired": RoleKind(people=True, whole=True, label="Jobs created"),
    "charged": RoleKind(people=True, loose=True),
    "rescued": RoleKind(people=True, whole=True),
    "affected": RoleKind(),
    "infected": RoleKind(people=True, label="Confirmed cases"),
    "suspected_cases": RoleKind(people=True, falls=True, label="Suspected cases"),
    "tested": RoleKind(people=True),
    "vaccinated": RoleKind(),
    "laid_off": RoleKind(people=True, whole=True, rivals=True, label="Jobs cut"),
    "attended": RoleKind(
        people=True,
        whole=True,
        local=True,
        crowds=True,
        rivals=True,
        loose=True,
        label="{who} attending",
    ),
    # people, as it is now
    "missing": RoleKind(people=True, whole=True, falls=True),
    "displaced": RoleKind(people=True, whole=True, falls=True),
    "housed": RoleKind(people=True, whole=True, falls=True),
    "trapped": RoleKind(people=True, whole=True, falls=True),
    "striking": RoleKind(people=True, whole=True, falls=True, label="{who} on strike"),
    "hospitalised": RoleKind(people=True, whole=True, falls=True, label="{who} in hospital"),
    "deployed": RoleKind(people=True, falls=True, rivals=True, placed=True),
    "quarantined": RoleKind(people=True, whole=True, falls=True, label="{who} in quarantine"),
    "without_water": RoleKind(
        people=True, whole=True, premises=True, falls=True, label="{who} without water"
    ),
    "without_heating": RoleKind(
        people=True, whole=True, premises=True, falls=True, label="{who} without heating"
    ),
    "without_service": RoleKind(
        people=True, whole=True, premises=True, falls=True, label="{who} without service"
    ),
    "warned": RoleKind(people=True, whole=True, falls=True, label="{who} under a warning"),
    "waiting": RoleKind(falls=True),
    "furloughed": RoleKind(people=True, whole=True, falls=True),
    "stranded": RoleKind(falls=True),
    "searching": RoleKind(falls=True, label="{who} searching"),
    # things
    "destroyed": RoleKind(incidents=True),
    "shot_down": RoleKind(incidents=True, daily=True, label="{who} shot down"),
    "launched": RoleKind(incidents=True, daily=True),
    "damaged": RoleKind(incidents=True),
    "seized": RoleKind(incidents=True),
    "stolen": RoleKind(),
    "culled": RoleKind(),
    "flooded": RoleKind(),
    "closed": RoleKind(ebbs=True),
    "reopened": RoleKind(),
    "grounded": RoleKind(ebbs=True),
    "cancelled": RoleKind(),
    "delayed": RoleKind(),
    "diverted": RoleKind(),
    "lifted": RoleKind(),
    "delivered": RoleKind(),
    "threatened": RoleKind(ebbs=True),
    "burning": RoleKind(ebbs=True),
    "extinguished": RoleKind(),
    "drilled": RoleKind(label="Distance dug"),
    "extent": RoleKind(falls=True, label="Extent"),
    "left": RoleKind(falls=True, label="Distance left"),
    "burned": RoleKind(label="Area burned"),
    "contained": RoleKind(falls=True, label="Fire contained"),
    "controlled": RoleKind(
        falls=True, rivals=True, placed=True, label="Area under control", name="area"
    ),
    "lost": RoleKind(incidents=True, placed=True, label="Area lost", name="area-lost"),
    "without_power": RoleKind(
        people=True, whole=True, premises=True, falls=True, label="{who} without power"
    ),
    "searched": RoleKind(falls=True, label="Area searched"),
    "flow_rate": RoleKind(falls=True, rivals=True, label="Flow"),
    "collected": RoleKind(falls=True, label="Amount collected"),
    "volume": RoleKind(rivals=True, label="Volume"),
    "recalled": RoleKind(),
    # money and shares
    "cost": RoleKind(rivals=True, loose=True, label="Cost"),
    "damage": RoleKind(rivals=True, label="Damage"),
    "aid": RoleKind(loose=True, label="Aid"),
    "compensation": RoleKind(label="Compensation"),
    "fined": RoleKind(loose=True, label="Fine"),
    "level": RoleKind(falls=True, label="Level"),
    "interest": RoleKind(falls=True, label="Interest rate"),
    "offered": RoleKind(falls=True, loose=True, label="Offer"),
    "demanded": RoleKind(falls=True, loose=True, label="Demand"),
    "withdrawn": RoleKind(loose=True, label="Money withdrawn"),
    "turnout": RoleKind(falls=True, label="Turnout"),
    "price": RoleKind(falls=True, loose=True, label="Price"),
    "share": RoleKind(falls=True, named=True, loose=True, label="Share {who}"),
    "counted": RoleKind(whole=True, label="Counted"),
    "votes": RoleKind(named=True, loose=True, label="Votes {who}"),
    "seats": RoleKind(falls=True, named=True, loose=True, label="Seats {who}"),
    "winds": RoleKind(falls=True, loose=True, label="Winds"),
    # a property of the event: told, never announced
    "magnitude": RoleKind(fixed=True),
}

# Words for one figure, unless an event tells them apart: whoever survived was rescued.
_KIN = (
    frozenset({"rescued", "survived", "released"}),
    frozenset({"missing", "trapped"}),
    frozenset({"displaced", "housed"}),
    frozenset({"arrested", "captured", "caught"}),
    frozenset({"delayed", "postponed"}),
    frozenset({"searching", "deployed"}),
    frozenset({"compensation", "paid", "handed out"}),
    frozenset({"culled", "killed", "lost"}),  # animals: of people nobody is culled
    frozenset({"affected", "infected"}),
    frozenset({"waiting", "delayed", "stranded"}),
    frozenset({"waiting", "without_power"}),
    frozenset({"sought", "demanded"}),
    frozenset({"searching", "searched", "deployed"}),  # ships: an area is another dimension
)


_KIN_OF: Mapping[str, frozenset[str]] = {
    role: frozenset().union(*(roles for roles in _KIN if role in roles)) - {role}
    for role in frozenset().union(*_KIN)
}


def kin_of(role: str) -> frozenset[str]:
    """The other roles that may tell the same figure."""
    return _KIN_OF.get(role, frozenset())


def kind_of(role: str) -> RoleKind:
    return KINDS.get(role, OPEN)
