"""The phrase of what a number counts: "North Korean soldiers" in "12,000 North Korean soldiers"."""

from dataclasses import dataclass

from monitor.figures.packs import Pack
from monitor.figures.tokens import DASHES, NUMBER, WORD, Line

_LIMIT = 7  # words
APOSTROPHES = frozenset("'’")


@dataclass(frozen=True, slots=True)
class Noun:
    """Tokens `first` to `last` (exclusive) of the phrase; empty when it is left out."""

    first: int
    last: int
    text: str = ""
    head: str = ""  # plain
    group: str = ""
    nations: tuple[str, ...] = ()
    anaphoric: bool = False
    more: bool = False  # "more", "additional": it comes on top
    other: bool = False  # "others"
    classes: frozenset[str] = frozenset()
    abstract: bool = False  # by its ending: "demonstrations"


def noun(line: Line, at: int, pack: Pack, *, counted: bool) -> Noun:
    """The noun phrase at `at`, behind a number and its unit; `counted`: it is no measure."""
    first, anaphoric = _behind_of(line, at, pack)
    last = first
    words = 0
    other = more = False
    while last < len(line) and words < _LIMIT:
        step = _step(line, first, last, pack)
        if step == 0:
            break
        other = other or line.words[last] in pack.connectors.get("other", ())
        more = more or line.words[last] in pack.connectors.get("more", ())
        last += step
        words += 1
    if last == first or _owns_number(line, last, pack):
        return Noun(at, at, anaphoric=anaphoric)
    head = last - 1
    plain_head = line.words[head].removesuffix("'s")
    text = line.text[line.starts[first] : line.ends[head]]
    classes = pack.classes_of(plain_head)
    if not (classes or pack.subject_first):  # "soldats ennemis": the noun leads
        classes = next(filter(None, map(pack.classes_of, line.words[first:head])), classes)
    group = _both(line, last, _group(line, first, head, pack), pack) if counted else ""
    nations = _nations(line, first, last, pack)
    return Noun(
        first,
        last,
        text,
        plain_head,
        group,
        nations,
        anaphoric,
        more,
        other,
        classes,
        abstract=pack.ends(plain_head, "abstract"),
    )


def _group(line: Line, first: int, head: int, pack: Pack) -> str:
    """Who is counted: by the head, or in "civilian deaths", "soldats ennemis" by another word."""
    found = pack.groups.get(line.words[head].removesuffix("'s"))
    led = not (pack.subject_first or pack.classes_of(line.words[head]))
    if found is None and (led or line.words[head] in pack.nouns):
        earlier = (pack.groups.get(line.words[at]) for at in range(first, head))
        found = next((group for group in earlier if group), None)
    return found or ""


def _owns_number(line: Line, at: int, pack: Pack) -> bool:
    """Whether what stands before `at` only owns the next number: "61 of Nordair's 68 jets"."""
    several = line.word(at) in APOSTROPHES and line.words[at - 1].endswith("s")  # "islands' 7"
    at += several
    counted = line.word(at) in pack.numbers.small or line.kinds[at : at + 1] == [NUMBER]
    return counted and (several or line.words[at - 1].endswith("'s"))


def _both(line: Line, at: int, group: str, pack: Pack) -> str:
    """The group with the one that is joined to it: "19 children and women"."""
    joined = line.word(at) in pack.connectors.get("joining", ())
    other = pack.groups.get(line.word(at + 1)) if group and joined else None
    return " and ".join(sorted({group, other})) if other else group


def _behind_of(line: Line, at: int, pack: Pack) -> tuple[int, bool]:
    """Where the phrase begins after "of", "of the", "of these"; and whether it points back."""
    first = at + (line.word(at) in pack.connectors.get("counters", ()))  # "head of cattle"
    if line.word(first) not in pack.numbers.of:
        return at + _is_determined(line, at, pack), False
    first += 1
    anaphoric = line.word(first) in pack.connectors.get("anaphor", ())
    if line.word(first) in pack.connectors.get("determiners", ()):
        first += 1
    if first < len(line) and line.kinds[first] == NUMBER:
        return at, anaphoric
    return first, anaphoric


def _is_determined(line: Line, at: int, pack: Pack) -> bool:
    """As in "suben a 30 los muertos", where the verb comes first."""
    determined = line.word(at) in pack.connectors.get("determiners", ())
    return determined and not pack.subject_first and bool(pack.classes_of(line.word(at + 1)))


def _step(line: Line, first: int, at: int, pack: Pack) -> int:
    """How many tokens at `at` continue the phrase; 0 ends it."""
    if line.kinds[at] != WORD:
        joined = line.raw[at] in DASHES and line.tight(at) and line.tight(at + 1)
        joined = joined or _is_type(line, at)
        if not joined or at == first:
            return 0
        return 1 if line.kinds[at + 1] == WORD else 2  # "AK-47"
    if at > first and _is_hung(line, at, pack):
        return 1  # "tax-cut plan"
    if line.words[at] in pack.weekdays and line.capital(at):
        return 0  # "a $5 billion plan Thursday"
    return _continues(line, first, at, pack)


def _is_hung(line: Line, at: int, pack: Pack) -> bool:
    return line.raw[at - 1] in DASHES and line.tight(at) and pack.subject_first


def _continues(line: Line, first: int, at: int, pack: Pack) -> int:  # noqa: PLR0911 - a case a line
    """How many tokens the word at `at` adds to the phrase."""
    word = line.words[at]
    grammar, opening = pack.grammar, at == first
    if word in pack.connectors.get("other", ()):
        return 1 if opening or line.words[at - 1] in pack.connectors.get("other", ()) else 0
    if word in grammar.get("stops", ()) and not _is_nation(line, at, pack):
        return int(not opening and _coordinates(line, at, pack))
    if not opening and _is_past_noun(line, at, pack):
        return 0
    if opening and pack.subject_first and word in pack.triggers and pack.ends(word, "plural"):
        return 1  # "26 fires": no verb in the singular follows a number
    if word in grammar.get("modifiers", ()) or _role_word(word, pack):
        return 1 if _modifies(line, at, pack) else int(opening and word in pack.nouns)
    if word in grammar.get("participles", ()) and not (opening or _modifies(line, at, pack)):
        return 0
    if word in grammar.get("verbs", ()):
        return int(opening and "life" in pack.classes_of(word))
    if pack.ends(word, "verb") and not pack.classes_of(word):
        return int(
            _modifies(line, at, pack) and (opening or (line.capital(at) is False and opening))
        )
    if pack.ends(word, "adverb") and not pack.classes_of(word) and word not in pack.groups:
        described = opening and pack.subject_first and _modifies(line, at + 1, pack)
        return int(described or word in grammar.get("lies", ()))  # "13 fully loaded trucks"
    return 1


def _is_type(line: Line, at: int) -> bool:
    """Whether a spaced dash stands in the name of a type: "14 AK - 47 rifles"."""
    dash = line.raw[at] in DASHES and line.kinds[at + 1 : at + 3] == [NUMBER, WORD]
    return dash and line.raw[at - 1].isupper() and line.words[at + 2] == line.raw[at + 2]


def _is_nation(line: Line, at: int, pack: Pack) -> bool:
    """Whether it is "US", not "us"."""
    return line.raw[at].isupper() and pack.nations.at(line.words, at) is not None


def _coordinates(line: Line, at: int, pack: Pack) -> bool:
    """Whether "and" joins two adjectives of one noun: "40 regular and reserve soldiers"."""
    if line.words[at] not in pack.connectors.get("joining", ()) or not pack.subject_first:
        return False
    if pack.ends(line.words[at - 1], "plural") or pack.classes_of(line.words[at - 1]):
        return False
    adjective, counted = line.word(at + 1), line.word(at + 2)
    bare = adjective.isalpha() and adjective not in pack.grammar.get("stops", ())
    plain = bare and adjective not in pack.triggers and not pack.classes_of(adjective)
    return plain and bool(pack.classes_of(counted)) and adjective not in pack.numbers.small


def _follows_people(line: Line, at: int, pack: Pack) -> bool:
    """Whether a verb or place must follow persons: "soldiers shovel sludge", "pilgrims home"."""
    people, word = line.words[at - 1], line.words[at]
    named = "person" in pack.classes_of(people) and pack.ends(people, "plural")
    return named and pack.subject_first and not (pack.ends(word, "plural") or line.capital(at))


def _is_past_noun(line: Line, at: int, pack: Pack) -> bool:
    """Whether the noun is over: at a phrase of a role, or by what must follow it."""
    told = pack.phrases.at(line.words, at) is not None
    return told or _past_noun(line, at, pack) or _follows_people(line, at, pack)


def _past_noun(line: Line, at: int, pack: Pack) -> bool:
    """Whether the noun is over, where nouns have capitals: "Menschen erlitten"."""
    return pack.capital_nouns and line.capital(at - 1) and not line.capital(at)


def _role_word(word: str, pack: Pack) -> bool:
    return word in pack.triggers and not pack.classes_of(word)


def _modifies(line: Line, at: int, pack: Pack) -> bool:
    """Whether the participle at `at` stands before a noun that it describes."""
    after = at + 1
    if after < len(line) and line.raw[after] in DASHES and line.tight(after):
        return True
    if not pack.subject_first and pack.ends(line.words[at], "verb"):
        return False  # "trece presos murieron asfixiados"
    word = line.word(after)
    if not word or line.kinds[after] != WORD or word.endswith("'s"):
        return False
    if pack.classes_of(word) or word in pack.nouns:
        return word not in pack.connectors.get("other", ())
    if pack.nations.at(line.words, after) is not None or _leads_to_noun(line, after, pack):
        return True
    stops = pack.grammar.get("stops", frozenset())
    plural = pack.ends(word, "plural") and word not in stops
    return plural and word not in pack.triggers and word not in pack.grammar.get("verbs", ())


def _leads_to_noun(line: Line, at: int, pack: Pack) -> bool:
    """Whether an adjective and a noun follow: "590 confirmed human cases"."""
    word, counted = line.words[at], line.word(at + 1)
    known = pack.subject_first and (pack.classes_of(counted) or counted in pack.nouns)
    verb = word in pack.triggers or word in pack.grammar.get("verbs", ())
    plain_word = word not in pack.grammar.get("stops", ()) and not pack.ends(word, "adverb")
    return bool(known) and plain_word and not verb


def _nations(line: Line, first: int, last: int, pack: Pack) -> tuple[str, ...]:
    found = set()
    for at in range(first, last):
        written = line.capital(at) or not pack.subject_first  # "400 soldats russes"
        phrase = pack.nations.at(line.words, at) if written else None
        if phrase is not None and at + phrase[0] <= last:
            found.add(phrase[1])
    if line.word(last) in pack.numbers.ranges.get("from", ()) and last + 1 < len(line):
        phrase = pack.nations.at(line.words, last + 1)  # "soldiers from North Korea"
        if phrase is not None:
            found.add(phrase[1])
    return tuple(sorted(found))


def numbers(line: Line, at: int, pack: Pack) -> bool:
    """Whether "number" is a verb: "the dead now number 33", unlike "route number 33"."""
    if line.word(at) not in pack.connectors.get("reaches", ()):
        return False
    determined = line.word(at - 1) in pack.connectors.get("determining", ())
    at -= 1 + (line.word(at - 1) in pack.connectors.get("fillers", ()) and not determined)
    return pack.ends(line.word(at), "plural") or line.word(at) in pack.nouns


def can_be_counted(line: Line, at: int, pack: Pack) -> bool:
    """Whether a word that can be counted, or a role, stands at `at`."""
    word = line.word(at)
    if not word or line.kinds[at] != WORD:
        return False
    if word in pack.triggers or word in pack.nouns or pack.classes_of(word):
        return True
    stops = pack.grammar.get("stops", frozenset())
    return not line.capital(at) and word not in stops and pack.ends(word, "plural")
