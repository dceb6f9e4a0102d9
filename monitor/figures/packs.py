"""Language packs: the words of the grammar, read from the TOML files in `languages/`."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Generic, TypeVar

import tomli

from monitor.figures.tokens import apart, plain

NEUTRAL = "neutral"
RANGES = ("between", "and", "to", "or", "from", "in", "by")  # a pack may leave some out

Table = Mapping[str, Any]
Sides = tuple[tuple[str, bool, bool], ...]  # key of a role; left and right of the number


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Words(Generic[T]):
    """Words with a meaning; a stem ("destroy*") stands for all its endings."""

    exact: Mapping[str, T]
    stems: Mapping[str, T]
    lengths: tuple[int, ...]  # of the stems, longest first

    @classmethod
    def of(cls, meanings: Mapping[str, T]) -> "Words[T]":
        stems = {word[:-1]: value for word, value in meanings.items() if word.endswith("*")}
        exact = {word: value for word, value in meanings.items() if not word.endswith("*")}
        return cls(exact, stems, tuple(sorted({len(stem) for stem in stems}, reverse=True)))

    def get(self, word: str) -> T | None:
        found = self.exact.get(word)
        if found is None and self.lengths:
            for length in self.lengths:
                found = self.stems.get(word[:length])
                if found is not None:
                    return found
        return found

    def __contains__(self, word: str) -> bool:
        return self.get(word) is not None


@dataclass(frozen=True, slots=True)
class Phrases:
    """Sequences of plain words with a meaning, found by their first word, longest first."""

    first: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]
    last: frozenset[str]  # of the words, those that end one
    longest: int

    def at(self, words: list[str], index: int) -> tuple[int, str] | None:
        """Length and meaning of the longest phrase that starts at `index`."""
        for phrase, meaning in self.first.get(words[index], ()):
            if len(phrase) == 1 or tuple(words[index : index + len(phrase)]) == phrase:
                return len(phrase), meaning
        return None

    def before(self, words: list[str], index: int) -> tuple[int, str] | None:
        """Length and meaning of the longest phrase that ends just before `index`."""
        if index < 1 or words[index - 1] not in self.last:
            return None
        for length in range(min(self.longest, index), 0, -1):
            for phrase, meaning in self.first.get(words[index - length], ()):
                if len(phrase) == length and tuple(words[index - length : index]) == phrase:
                    return length, meaning
        return None


@dataclass(frozen=True, slots=True)
class Trigger:
    """A word that gives a number its role, and the sides of the number where it may stand."""

    role: str
    takes: frozenset[str]  # classes of what is counted; empty: everything
    left: bool  # "killed 12 people"
    right: bool  # "12 people were killed"
    known: bool = False  # of a noun that the pack does not know it says nothing


@dataclass(frozen=True, slots=True)
class NumberWords:
    """How a language writes numbers."""

    group: str  # the separator of thousands
    decimal: str
    spaced: bool  # a plain space groups digits
    glued: bool  # number words are written together
    units_first: bool  # "einundzwanzig"
    join_floor: int  # the smallest number that a joiner may follow
    long_tens: frozenset[int]  # "soixante-dix"
    rounded: frozenset[str]  # of the dozens, those that are never meant exactly: "vingtaine"
    small: Mapping[str, int]
    scales: Mapping[str, int]
    suffixes: Mapping[str, int]  # written at the digits: "12k"
    dozens: Mapping[str, int]
    vague: Mapping[str, int]
    amounts: Mapping[str, str]  # vague by themselves, lowest and highest: "kilkanaście" = "11 19"
    few: Phrases
    fractions: Mapping[str, int]
    ordinals: Mapping[str, int]  # "twenty-firsts", "cuarta parte", "jeder fünfte"
    parts: frozenset[str]  # "parte": an ordinal before it is a share
    shares: frozenset[str]  # fractions that need no article: "треть"
    each: frozenset[str]  # "jeder": an ordinal behind it is a share
    genitive: frozenset[str]  # one behind a qualifier, many elsewhere: "тысячи"
    mixed: Mapping[str, str]  # "anderthalb" = "1.5"
    articles: frozenset[str]
    joiners: frozenset[str]
    plus: frozenset[str]  # joins a fraction only: "cinco con un cuarto"
    points: frozenset[str]
    minus: frozenset[str]
    of: frozenset[str]
    ranges: Mapping[str, frozenset[str]]  # by the names of RANGES
    glue: tuple[str, ...]  # all number words, longest first
    opening: frozenset[str]  # one of these begins every number in words
    wanted: re.Pattern[str]  # finds sentences that may hold a number

    def may_open(self, word: str) -> bool:
        """Whether a number in words may begin with this one."""
        return word in self.opening or (self.glued and word.startswith(self.glue))


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """All words of one language, plain (see `tokens.plain`); equal to itself alone."""

    language: str
    subject_first: bool  # a verb rarely precedes its subject
    capital_nouns: bool  # a capital letter tells nothing about names
    elides: bool  # "l'eau", "dell'acqua"
    numbers: NumberWords
    before: Phrases  # qualifiers
    after: Phrases
    units: Phrases
    currencies: Phrases
    noise: Mapping[str, frozenset[str]]
    classes: Words[frozenset[str]]  # of counted nouns: person, object, place, …
    groups: Words[str]
    nations: Phrases
    grammar: Mapping[str, frozenset[str]]
    endings: Mapping[str, tuple[str, ...]]  # of verb forms, participles, plurals, adverbs
    connectors: Mapping[str, frozenset[str]]
    triggers: Words[tuple[Trigger, ...]]
    phrases: Phrases  # triggers of several words: the meaning is the phrase
    told: Mapping[str, tuple[Trigger, ...]]  # by phrase, the choosiest first
    takes: Mapping[str, frozenset[str]]  # by role
    nouns: Words[str]  # head nouns that are a role: "deaths"
    acts: Words[tuple[Trigger, ...]]  # nouns of what is done to the counted: "closure of"
    whom: Words[str]  # head nouns with a role where no verb gives one: "protesters"
    late: Phrases  # roles where nothing else gives one
    split: Mapping[str, tuple[tuple[str, str], ...]]  # verb: particle and role: "nahm … fest"
    tolls: Phrases
    according: Phrases  # "according to": a claimant follows
    earlier: Phrases  # "compared with": an old value follows
    amounts: tuple[tuple[str, re.Pattern[str]], ...]  # roles of money, in order
    payments: tuple[tuple[str, re.Pattern[str]], ...]  # where those give none
    shares: tuple[tuple[str, re.Pattern[str]], ...]
    volumes: tuple[tuple[str, re.Pattern[str]], ...]
    cues: Mapping[str, re.Pattern[str]]
    written: Mapping[str, re.Pattern[str]]  # cues that an accent tells from other words
    months: Mapping[str, int]
    weekdays: frozenset[str]
    claimants: Mapping[str, frozenset[str]]

    def classes_of(self, word: str) -> frozenset[str]:
        """The classes of a counted noun; empty when the pack does not know it."""
        return self.classes.get(word) or frozenset()

    def ends(self, word: str, kind: str) -> bool:
        """Whether the word has an ending of that kind: "verb", "past", "plural", "adverb"."""
        endings = self.endings.get(kind)
        return endings is not None and len(word) > len(endings[0]) + 2 and word.endswith(endings)


@dataclass(frozen=True, slots=True)
class Packs:
    """The packs by language."""

    by_language: Mapping[str, Pack]

    def of(self, language: str) -> Pack:
        """The pack for a code such as "en" or "pt-BR", else the neutral one."""
        return self.by_language.get(language.lower()[:2], self.by_language[NEUTRAL])


def load_packs() -> Packs:
    """All packs that ship; the application calls this once."""
    folder = resources.files("monitor.figures").joinpath("languages")
    tables = {
        path.name.removesuffix(".toml"): tomli.loads(path.read_text(encoding="utf-8"))
        for path in folder.iterdir()
        if path.name.endswith(".toml")
    }
    neutral = tables[NEUTRAL]
    return Packs({name: _pack(name, table, neutral) for name, table in tables.items()})


def _apart(table: Table) -> Table:
    """The texts of a pack cut as its language's tokens are."""

    def cut(value: Any) -> Any:
        if isinstance(value, str):
            return apart(value)
        return _apart(value) if isinstance(value, dict) else value

    return {key: cut(value) for key, value in table.items()}


def _pack(language: str, table: Table, neutral: Table) -> Pack:
    elides = table.get("elides", False)
    table = _apart(table) if elides else table
    roles: Mapping[str, Table] = table.get("roles", {})
    dates = table.get("dates", {})
    told = _told(roles)
    names = [*dates.get("months", "").split(), *dates.get("month_short", "").split()]
    return Pack(
        language=language,
        subject_first=table.get("subject_first", False),
        capital_nouns=table.get("capital_nouns", False),
        elides=elides,
        numbers=_numbers(table),
        before=_meanings(table.get("qualifiers", {}).get("before", {})),
        after=_meanings(table.get("qualifiers", {}).get("after", {})),
        units=_meanings(neutral["units"], table.get("units", {})),
        currencies=_meanings(neutral["currencies"], table.get("currencies", {})),
        noise=_sets(table.get("noise", {})),
        classes=_classes(table.get("nouns", {})),
        groups=_words(table.get("groups", {})),
        nations=_meanings({n: f"{n} | {text}" for n, text in table.get("nations", {}).items()}),
        grammar=_sets(table.get("grammar", {})),
        endings={k: tuple(text.split()) for k, text in table.get("endings", {}).items()},
        connectors=_sets(table.get("connectors", {})),
        triggers=_triggers(roles, _sides(verb_first=not table.get("subject_first", False))),
        phrases=_meanings({phrase: phrase for phrase in told}),
        told=told,
        takes={name: frozenset(role["takes"].split()) for name, role in roles.items()},
        nouns=_role_nouns(roles, "nouns"),
        acts=_triggers(roles, (("acts", True, False),)),
        whom=_role_nouns(roles, "whom"),
        late=_meanings({name: role.get("late", "") for name, role in roles.items()}),
        split=_split(roles),
        tolls=_meanings({name: role.get("tolls", "") for name, role in roles.items()}),
        earlier=_meanings({"old": table.get("grammar_phrases", {}).get("earlier", "")}),
        according=_meanings({"by": table.get("grammar_phrases", {}).get("according", "")}),
        amounts=_ordered_cues(table.get("money", {})),
        payments=_ordered_cues(table.get("payments", {})),
        shares=_ordered_cues(table.get("shares", {})),
        volumes=_ordered_cues(table.get("volumes", {})),
        cues={name: _cue(text) for name, text in table.get("cues", {}).items()},
        written={name: _cue(text, str.lower) for name, text in table.get("written", {}).items()},
        months={plain(name): number % 12 + 1 for number, name in enumerate(names)},
        weekdays=frozenset(map(plain, dates.get("weekdays", "").split())),
        claimants=_sets(table.get("claimants", {})),
    )


def _numbers(table: Table) -> NumberWords:
    digits = table["digits"]
    numbers: Table = table.get("numbers", {})

    def values(name: str) -> dict[str, int]:
        return {plain(word): value for word, value in numbers.get(name, {}).items()}

    def words(name: str) -> frozenset[str]:
        return frozenset(map(plain, numbers.get(name, "").split()))

    small, scales, dozens = values("small"), values("scales"), values("dozens")
    vague = values("vague")
    mixed = {plain(word): str(value) for word, value in numbers.get("mixed", {}).items()}
    for half in words("half"):  # "zweieinhalb"
        mixed |= {f"{word}{half}": f"{value}.5" for word, value in small.items()}
    fractions, ordinals = values("fractions"), values("ordinals")
    amounts = {plain(word): str(value) for word, value in numbers.get("amounts", {}).items()}
    few, articles = _meanings(numbers.get("few", {})), words("articles")
    known = [*small, *scales, *dozens, *vague, *amounts, *mixed, *fractions]
    known += [*(ordinals if words("parts") else ()), *words("each")]
    glued = numbers.get("glued", False)
    return NumberWords(
        group=digits["group"],
        decimal=digits["decimal"],
        spaced=digits["spaced"],
        glued=glued,
        units_first=numbers.get("units_first", False),
        join_floor=numbers.get("join_floor", 20),
        long_tens=frozenset(numbers.get("long_tens", [])),
        rounded=words("rounded"),
        small=small,
        scales=scales,
        suffixes=values("suffixes"),
        dozens=dozens,
        vague=vague,
        amounts=amounts,
        few=few,
        fractions=fractions,
        ordinals=ordinals,
        parts=words("parts"),
        shares=words("shares"),
        each=words("each"),
        genitive=words("genitive"),
        mixed=mixed,
        articles=articles,
        joiners=words("joiners"),
        plus=words("plus"),
        points=words("points"),
        minus=words("minus"),
        of=words("of"),
        ranges=dict.fromkeys(RANGES, frozenset[str]()) | _sets(table.get("ranges", {})),
        glue=tuple(sorted([*small, *scales, *words("joiners")], key=len, reverse=True)),
        opening=frozenset((*known, *few.first, *articles)),
        wanted=_wanted(known, glued=glued),
    )


def _wanted(words: Iterable[str], *, glued: bool) -> re.Pattern[str]:
    """A cheap filter over plain lower-case text."""
    listed = sorted({word.split()[0] for word in words}, key=len, reverse=True)
    if not listed:
        return re.compile(r"\d")
    return re.compile(rf"[\d½¼¾⅓⅔⅙]|\b(?:{_any_of(listed)})" + ("" if glued else r"\b"))


def _sets(table: Mapping[str, str]) -> dict[str, frozenset[str]]:
    return {name: frozenset(map(plain, text.split())) for name, text in table.items()}


def _meanings(*tables: Mapping[str, str]) -> Phrases:
    """Phrases separated by "|", each meaning its key."""
    first: dict[str, dict[tuple[str, ...], str]] = {}
    for table in tables:
        for meaning, text in table.items():
            for part in filter(None, map(str.strip, text.split("|"))):
                phrase = tuple(map(plain, part.split()))
                first.setdefault(phrase[0], {})[phrase] = meaning
    longest = max((len(p) for found in first.values() for p in found), default=0)
    return Phrases(
        {
            word: tuple(sorted(found.items(), key=lambda item: -len(item[0])))
            for word, found in first.items()
        },
        frozenset(phrase[-1] for found in first.values() for phrase in found),
        longest,
    )


def _words(table: Mapping[str, str]) -> Words[str]:
    return Words.of({plain(word): name for name, text in table.items() for word in text.split()})


def _role_nouns(roles: Mapping[str, Table], key: str) -> Words[str]:
    return _words({name: role.get(key, "") for name, role in roles.items()})


def _classes(table: Mapping[str, str]) -> Words[frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, text in table.items():
        for word in map(plain, text.split()):
            found.setdefault(word, set()).add(name)
    return Words.of({word: frozenset(names) for word, names in found.items()})


def _sides(*, verb_first: bool) -> Sides:
    """Where verbs stand; `verb_first`: one may precede its subject ("Murieron 12")."""
    return (("done", True, True), ("does", True, False), ("are", verb_first, True))


def _triggers(roles: Mapping[str, Table], sides: Sides) -> Words[tuple[Trigger, ...]]:
    """The triggers of those keys by word."""
    found: dict[str, list[Trigger]] = {}
    for name, role in roles.items():
        takes = frozenset(role["takes"].split())
        only = {plain(word): text for word, text in role.get("only", {}).items()}
        for key, left, right in sides:
            for word in map(plain, role.get(key, "").split()):
                known = word in only
                accepted = frozenset(only[word].split()) if known else takes
                found.setdefault(word, []).append(Trigger(name, accepted, left, right, known))
    stems = Words.of({word: triggers for word, triggers in found.items() if word.endswith("*")})
    return Words.of(
        {  # a word in full keeps what its stem means: "verlegt" beside "verlegt*"
            word: tuple(dict.fromkeys((*triggers, *(stems.get(word) or ()))))
            for word, triggers in found.items()
        }
    )


def _told(roles: Mapping[str, Table]) -> dict[str, tuple[Trigger, ...]]:
    """Triggers of several words: "let go" of prisoners is another thing than of employees."""
    found: dict[str, list[Trigger]] = {}
    for name, role in roles.items():
        only = role.get("only", {})
        for phrase in filter(None, map(str.strip, role.get("phrases", "").split("|"))):
            known = phrase in only
            takes = frozenset(only.get(phrase, role["takes"]).split())
            told = found.setdefault(phrase, [])
            told.insert(0 if known else len(told), Trigger(name, takes, True, True, known))
    return {phrase: tuple(triggers) for phrase, triggers in found.items()}


def _split(roles: Mapping[str, Table]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Separable verbs: "nahm fest | nahm in gewahrsam", the verb first."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, role in roles.items():
        for phrase in filter(None, map(str.strip, role.get("split", "").split("|"))):
            verb, particle = map(plain, phrase.split(maxsplit=1))
            found.setdefault(verb, []).append((particle, name))
    return {  # "pulled from shops" before "pulled from"
        verb: tuple(sorted(particles, key=lambda each: -len(each[0])))
        for verb, particles in found.items()
    }


def _cue(text: str, spell: Callable[[str], str] = plain) -> re.Pattern[str]:
    """Phrases as one pattern over plain text."""
    parts = sorted((spell(p.strip()) for p in text.split("|")), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{_any_of(parts)})(?!\w)")


def _any_of(phrases: Iterable[str]) -> str:
    """A pattern for any of them, "*" for the rest of a word; told apart by their first letter.

    Most words begin with another one, so that a search is over with them twice as soon.
    """
    behind: dict[str, list[str]] = {}
    for phrase in phrases:
        behind.setdefault(phrase[:1], []).append(_pattern(phrase[1:]))
    return "|".join(f"{_pattern(first)}(?:{'|'.join(rest)})" for first, rest in behind.items())


def _pattern(phrase: str) -> str:
    return re.escape(phrase).replace(r"\*", r"\w*")


def _ordered_cues(table: Mapping[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, _cue(text)) for name, text in table.items())
