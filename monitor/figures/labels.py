"""What a figure is called: in words for people, as a short name for ids."""

import itertools
import re
from collections.abc import Container, Mapping

from monitor import text
from monitor.figures.kinds import KINDS, RoleKind, kind_of
from monitor.model import Kind, Reading

NAME_LIMIT = 40  # characters of an id's second part
LABEL_LIMIT = 80

# Words that count people at large: whoever is meant, it is the same figure.
PEOPLE = frozenset(
    """
    people person persons human humans individual individuals victim victims resident residents
    inhabitant inhabitants villager villagers citizen citizens passenger passengers man men
    other others more life lives soul souls body bodies dead death deaths fatality fatalities
    missing casualty casualties injured injury injuries wounded survivor survivors case cases
    patient patients local locals resident evacuee evacuees adult adults one ones member members
    """.split()
)
PARTS = frozenset({"more", "daily", "critical"})  # of any group: additions, those in danger
_SPOKEN_GROUPS: Mapping[str, str] = {"military": "troops"}
_UNSPOKEN = "staff"  # its plural noun says more: "miners", "health workers"
_MONEY: Mapping[str, str] = {
    "USD": "dollars",
    "EUR": "euros",
    "GBP": "pounds",
    "JPY": "yen",
    "CNY": "yuan",
    "INR": "rupees",
    "UAH": "hryvnias",
    "RUB": "roubles",
    "CHF": "francs",
    "PLN": "zlotys",
}
_TIMES: Mapping[str, str] = {
    "s": "second",
    "min": "minute",
    "h": "hour",
    "d": "day",
    "bbl": "barrel",
    "gal": "gallon",
    "t": "tonne",
    "l": "litre",
    "lb": "pound",
    "oz": "ounce",
}
_SPEEDS = frozenset({"km/h", "m/s"})  # no rates
_NAMES_BEFORE = re.compile(r"(?:[A-Z][\w.’'-]*\s+)+(?=\w)")
_SMALL_WORDS = re.compile(r"^(?:(?:the|a|an|other|more|additional|another|all|these|those)\s+)+")
_POSSESSIVE = re.compile(r"['’]s?$")
_NOT_NAME = re.compile(r"[^a-z0-9]+")


def head(noun: str) -> str:
    """The last word of a noun phrase, folded and singular."""
    words = text.words(text.fold(noun))
    if len(words) > 1 and words[-1][:1].isdigit():
        return singular("-".join(words[-2:]))  # "seven AK-47s"
    return singular(words[-1]) if words else ""


def part(reading: Reading) -> str:
    """The part of a whole that a reading counts, folded, as far as its group does not say it."""
    said = reading.group and not kind_of(reading.role).whole and reading.subset not in PARTS
    return "" if said else text.fold(reading.subset)


def candidate(noun: str) -> str:
    """The last name of who is voted for, folded; "" for a common noun ("votes")."""
    last = noun.split()[-1:]
    return text.fold(last[0]) if last and last[0][:1].isupper() else ""


def singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "ches", "shes", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def label(reading: Reading, scope: str) -> str:
    """Words for the figure that `reading` opens; `scope` is its place, "" for the event's own.

    Built from the reading's own words: "North Korean troops in Kursk", "Damage in dollars".
    """
    kind = kind_of(reading.role)
    role = reading.role.replace("_", " ")
    if reading.kind is Kind.COUNT:
        counted = who(reading)
        known = kind.label if "{who}" in kind.label or _is_plain(kind, reading) else ""
        known = known or ("{who} {role}" if role not in counted.lower() else "{who}")
        words = known.format(who=counted, role=role)
        if kind.placed and scope and reading.group:
            words = counted  # troops in Kursk: being there is all there is to say
    else:
        words = _measured(reading, role if _is_no_area(kind, reading) else kind.label or role)
    place = place_name(scope)
    words = " ".join(words.split()) + (f" in {place}" if place else "")
    if part(reading):
        words += f", {part(reading)}"
    return text.one_line(words[:1].upper() + words[1:], LABEL_LIMIT)


def _is_no_area(kind: RoleKind, reading: Reading) -> bool:
    """Whether money is what an army loses ground in otherwise: "lost $410 million"."""
    return kind.placed and reading.kind is Kind.MONEY


def _is_plain(kind: RoleKind, reading: Reading) -> bool:
    """Whether the role's usual words need nobody's name: "Confirmed cases", "Votes"."""
    return kind.whole or (kind.people and not reading.group)


def who(reading: Reading) -> str:
    """Who or what is counted, in words: names as written, the group's usual word."""
    noun = _SMALL_WORDS.sub("", reading.noun.strip())
    if head(noun) == singular(reading.role):
        return noun
    names = _NAMES_BEFORE.match(noun)
    counted = _SPOKEN_GROUPS.get(reading.group, reading.group)
    if counted == _UNSPOKEN and noun.endswith("s"):
        return noun
    if counted:
        return f"{names.group() if names else ''}{counted}"
    kind = kind_of(reading.role)
    if kind.people:
        return f"{names.group() if names else ''}people"
    return noun if not kind.named or candidate(noun) else ""


def _measured(reading: Reading, words: str) -> str:
    words = words.replace("{who}", who(reading))
    upper, slash, lower = reading.unit.partition("/")
    if reading.kind is Kind.MONEY:
        words += f" in {_MONEY.get(upper, upper)}"
    if slash and reading.unit not in _SPEEDS:
        words += f" a {_TIMES.get(lower, lower)}"
    if reading.kind is Kind.PERCENT and reading.role in KINDS and not kind_of(reading.role).falls:
        words += " in percent"
    return words


def place_name(scope: str) -> str:
    """A place as a label says it: without possessive and common nouns around the name."""
    words = [_POSSESSIVE.sub("", w) for w in scope.split()]
    named = [w for w in words if w[:1].isupper() or not w[:1].isalpha()]
    return " ".join(named or words)


def name(reading: Reading, scope: str, taken: Container[str]) -> str:
    """A short name for an id, unlike those `taken`: "killed", "troops-kursk"."""
    kind = kind_of(reading.role)
    plain_role = reading.kind is Kind.COUNT or _is_no_area(kind, reading)
    parts = [reading.role if plain_role else kind.name or reading.role]
    if reading.kind is Kind.COUNT and reading.group and not kind.whole:
        counted = _SPOKEN_GROUPS.get(reading.group, reading.group)
        parts = [counted] if kind.placed else [*parts, counted]
    elif kind.named:
        parts.append(candidate(reading.noun) or reading.group)
    elif reading.kind is Kind.COUNT and not kind.people:
        parts.append("" if head(reading.noun) == singular(reading.role) else head(reading.noun))
    elif reading.kind is Kind.PERCENT and reading.role in KINDS and not kind.falls:
        parts.append("share")
    if "/" in reading.unit and reading.unit not in _SPEEDS and "flow" not in reading.role:
        parts.append("a " + _TIMES.get(reading.unit.rpartition("/")[2], ""))
    parts.append(part(reading))
    if scope:
        parts.append(place_name(scope))
    plain = _slug(" ".join(dict.fromkeys(parts)))
    longer = [plain, _slug(f"{plain} {' '.join(reading.nations)} {reading.unit}")]
    numbered = (f"{plain}-{number}" for number in itertools.count(2))
    return next(free for free in itertools.chain(longer, numbered) if free not in taken)


def _slug(words: str) -> str:
    slug = _NOT_NAME.sub("-", text.fold(words).replace("/", "-")).strip("-")
    return slug[:NAME_LIMIT].rstrip("-") or "figure"
