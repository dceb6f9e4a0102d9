"""Who says a figure: "according to Kyiv", "the ministry said"; else it is the outlet."""

from monitor.figures.packs import Pack
from monitor.figures.tokens import DASHES, MARK, NUMBER, RECENT, WORD, Line, Lines, plain
from monitor.text import remembered

_NAME_LIMIT = 8  # words
_OFFICE_REACH = 8
_OFFICE_WORDS = 5
_COUNT_REACH = 3  # tokens; "the official count of" tells nothing of other numbers
_ELIDED = 4  # "put it at 9, police at 8"
_APPOSITION_LIMIT = 14  # tokens between commas


class Claimants:
    """The claimants of one document, sentence by sentence; a pronoun looks two sentences back."""

    def __init__(self, lines: Lines, pack: Pack) -> None:
        self._lines = lines
        self._pack = pack

    def of(self, sentence: int, at: int) -> str:
        """The claimant nearest to token `at` of a sentence, or ""."""
        said = self._said(sentence)
        if not said:
            return ""
        line, words = self._lines[sentence], self._pack.claimants
        narrow = words.get("counts", frozenset()) | words.get("puts_at", frozenset())
        found = [
            (place, name)
            for place, name in said
            if line.words[place] not in narrow or place < at <= place + _COUNT_REACH
        ]
        named = [(_apart(line, at, place, self._pack), name) for place, name in found if name]
        if named:
            return min(named)[1]
        if not found:
            return ""
        for earlier in (sentence - 1, sentence - 2):
            names = [name for _, name in self._said(earlier) if name] if earlier >= 0 else []
            if names:
                return names[-1]
        return ""

    def _said(self, sentence: int) -> list[tuple[int, str]]:
        """Places and names of the claimants in a sentence; a pronoun's name is ""."""
        return _claims(self._lines[sentence], self._pack)


def _apart(line: Line, at: int, place: int, pack: Pack) -> tuple[bool, int]:
    """How far a claim stands from a number; one of another clause is farther than any."""
    between = line.words[min(at, place) : max(at, place)]
    turns = pack.connectors.get("turns", frozenset())
    return any(word == ";" or word in turns for word in between), abs(at - place)


@remembered(RECENT)
def _claims(line: Line, pack: Pack) -> list[tuple[int, str]]:
    words, elided = pack.claimants, pack.claimants.get("puts_at", frozenset())
    found: list[tuple[int, str]] = []
    for at, word in enumerate(line.words):
        according = pack.according.at(line.words, at)
        if according is not None:
            name = _after_according(line, at + according[0], pack)
            if name:
                found.append((at, name))
        elif word in words.get("counts", ()):
            owner = _of_count(line, at, pack)
            if owner:
                found.append((at, owner))
        elif (found and word in elided and (party := _elided(line, at, pack))) or (
            word in words.get("holds", ()) and (party := _holder(line, at, pack))
        ):
            found.append((at, party))
        elif _is_said(line, at, pack):
            said = _before_verb(line, at, pack)
            if said is None:
                said = _behind_verb(line, at, pack)
            if said is not None:
                day, _, rest = said.partition(" ")
                found.append((at, rest if plain(day) in pack.weekdays else said))
    return found


def _is_said(line: Line, at: int, pack: Pack) -> bool:
    """Whether a verb of speech stands there; "stands" is one in "stands by its figure"."""
    if line.kinds[at] != WORD:
        return False
    word = line.words[at]
    insists = word in pack.claimants.get("insists", ()) and line.word(at + 1) in (
        "by",
        "to",
        *pack.numbers.of,
    )
    return insists or word in pack.claimants.get("verbs", ())


def _holder(line: Line, at: int, pack: Pack) -> str:
    """The office that has a count of its own: "the ambulance service has 2,300 dead"."""
    if line.kinds[at + 1 : at + 2] != [NUMBER]:
        return ""
    office = _before_verb(line, at, pack) or ""
    return office if plain(office).rpartition(" ")[2] in pack.claimants.get("people", ()) else ""


def _elided(line: Line, at: int, pack: Pack) -> str:
    """Who puts it, the verb left out: "police put the crowd at 3,500, the organisers at 8,000"."""
    named = line.words[at - 1] in pack.claimants.get("people", ())
    if at < _ELIDED or not named or line.kinds[at + 1 : at + 2] != [NUMBER]:
        return ""
    joining = pack.connectors.get("joining", frozenset())
    first = at - 1
    while at - first < _ELIDED and line.kinds[first - 1] == WORD:
        if line.words[first - 1] in joining or line.words[first] in _determiners(pack):
            break
        first -= 1
    parted = line.kinds[first - 1] == MARK or line.words[first - 1] in joining
    return _text(line, first + (line.words[first] in _determiners(pack)), at) if parted else ""


def _determiners(pack: Pack) -> frozenset[str]:
    return pack.connectors.get("determiners", frozenset())


def _of_count(line: Line, at: int, pack: Pack) -> str:
    """Whose count it is: "the official toll of 12", "the government's figure of 12"."""
    counted = line.kinds[at + 2 : at + 3] == [NUMBER] or line.word(at + 2) in pack.numbers.small
    if line.word(at + 1) not in pack.numbers.of or not counted:
        return ""
    first = at
    while first > 0 and line.words[first - 1] in pack.tolls.first:
        first -= 1  # "death toll"
    if line.word(first - 1) in pack.claimants.get("official", ()):
        return _text(line, first - 1, at + 1)
    owner = line.word(first - 1).removesuffix("'s")
    office = owner in pack.claimants.get("people", ())
    if not office and owner == line.word(first - 1):
        return ""
    name = _name_ending(line, first, pack) or (office and _text(line, first - 1, first)) or ""
    return name.removesuffix("'s").removesuffix("’s")


def _after_according(line: Line, first: int, pack: Pack) -> str:
    """The words behind "according to", up to a comma, a verb or a number."""
    determiners = pack.connectors.get("determiners", frozenset())
    office = pack.claimants.get("of_office", frozenset())
    first += line.word(first) in determiners or line.word(first) in pack.numbers.articles
    last = first
    while last < min(len(line), first + _NAME_LIMIT):
        inner = line.word(last - 1) in office and line.word(last) in determiners
        if not inner and _ends_name(line, last, pack):
            break
        last += 1
    while last > first and (line.words[last - 1] in office or line.kinds[last - 1] != WORD):
        last -= 1
    return _text(line, first, last)


def _ends_name(line: Line, at: int, pack: Pack) -> bool:
    if line.kinds[at] != WORD:
        return not _inside_name(line, at)
    word = line.words[at]
    if pack.before.at(line.words, at) or word in pack.claimants.get("ends", ()):
        return True
    if pack.subject_first or line.capital(at):
        return False
    verb = word in pack.grammar.get("auxiliaries", ()) or word in pack.grammar.get("verbs", ())
    return verb or word in pack.triggers or word in pack.numbers.small


def _before_verb(line: Line, at: int, pack: Pack) -> str | None:
    """The subject of a said-verb; "" for a pronoun, None when there is none."""
    last = at
    while last > 0 and _is_adverb(line, last - 1, pack):
        last -= 1
    if last > 1 and line.words[last - 1] in pack.weekdays:
        last -= 1 + (line.words[last - 2] in pack.claimants.get("preceding", ()))
    if last > 0 and line.words[last - 1] == ",":
        opening = _apposition(line, last - 1)
        if opening is None:
            return None
        last = opening
    if last == 0 or line.words[last - 1] in pack.numbers.of:
        return None
    if line.words[last - 1] in pack.claimants.get("pronouns", ()):
        return ""
    return (
        _subject(line, last, pack)
        or _office_before(line, last, pack)
        or _name_ending(line, last, pack)
    )


def _subject(line: Line, last: int, pack: Pack) -> str | None:
    """The subject from its determiner on: "the coast guard said", "a spokesman for the army"."""
    first = last
    joining = pack.connectors.get("joining", frozenset())
    while first > 0 and last - first < _NAME_LIMIT:
        word = line.words[first - 1]
        if line.kinds[first - 1] != WORD:
            if not _inside_name(line, first - 1):
                return None
        elif word in pack.connectors.get("determiners", ()):
            if first == last or line.word(first - 2) in joining:
                return None
            first = _office(line, first - 1, pack)
            if _opens_name(line, first, pack):
                return _text(line, first - 1, last)
            first += line.words[first] in pack.connectors.get("determiners", frozenset())
            nobody = pack.claimants.get("not_claimants", ())
            return None if line.words[last - 1] in nobody else _text(line, first, last)
        elif _is_no_part(word, pack):
            return None
        first -= 1
    return None


def _office_before(line: Line, last: int, pack: Pack) -> str | None:
    """The subject from its office on, where articles are unknown: "Министерство обороны"."""
    if pack.numbers.articles:
        return None
    for first in range(last - 1, max(-1, last - _OFFICE_WORDS), -1):
        word = line.words[first]
        if line.kinds[first] != WORD or _is_no_part(word, pack):
            return None
        if word in pack.claimants.get("people", ()):
            return _text(line, first, last)
    return None


def _opens_name(line: Line, at: int, pack: Pack) -> bool:
    """Whether a name goes on with the article at `at`: "Save the Children"."""
    if not (line.capital(at - 1) and line.capital(at + 1)) or line.words[at - 1] in pack.weekdays:
        return False
    opens = (
        at == 1
        or line.kinds[at - 2] == MARK
        or line.words[at - 2] in pack.connectors.get("relative", ())
    )
    return opens and _is_name(line, at - 1, pack)


def _is_no_part(word: str, pack: Pack) -> bool:
    """Whether the word cannot stand in a subject."""
    grammar = pack.grammar
    if word in grammar.get("stops", ()):
        return word not in pack.numbers.of
    if pack.ends(word, "past") and word not in grammar.get("modifiers", ()):
        return True
    return word in grammar.get("verbs", ()) or word in pack.claimants.get("pronouns", ())


def _is_adverb(line: Line, at: int, pack: Pack) -> bool:
    if line.word(at - 1) in pack.connectors.get("determiners", ()):
        return False  # "the daily said"
    word = line.words[at]
    return word in pack.claimants.get("adverbs", ()) or pack.ends(word, "adverb")


def _apposition(line: Line, closing: int) -> int | None:
    """Index of the comma that opens ", spokesperson for the presidency,"."""
    for at in range(closing - 1, max(-1, closing - _APPOSITION_LIMIT), -1):
        if line.words[at] == ",":
            return at
        if line.kinds[at] == MARK and line.raw[at] not in DASHES and line.raw[at] not in ".()":
            return None
    return None


def _name_ending(line: Line, last: int, pack: Pack) -> str | None:
    """The name or the authority whose last word stands before `last`."""
    if line.words[last - 1] == ")":
        last = next((k for k in range(last - 2, max(-1, last - 6), -1) if line.raw[k] == "("), last)
    first = last
    people = pack.claimants.get("people", frozenset())
    named = False
    while first > 0 and last - first < _NAME_LIMIT:
        word = line.words[first - 1]
        if line.kinds[first - 1] != WORD and not _inside_name(line, first - 1):
            break
        capital = line.capital(first - 1) and word not in pack.claimants.get("not_names", ())
        small = word in people or (named and word in pack.claimants.get("inner", ()))
        if not capital and not small and line.kinds[first - 1] == WORD:
            break
        named = named or capital or word in people
        first -= 1
    while first < last and not (_is_name(line, first, pack) or line.words[first] in people):
        first += 1
    if 0 < first < last and not line.capital(first) and _describes(line, first - 1, pack):
        first -= 1
    first = _office(line, _owner(line, first, pack), pack)
    return _text(line, first, last) if named and first < last else None


def _owner(line: Line, first: int, pack: Pack) -> int:
    """The start of the name that owns the office: "Kenya's" before "defence ministry"."""
    owned = first > 0 and line.words[first - 1].endswith("'s")
    while owned and first > 0 and _is_name(line, first - 1, pack):
        first -= 1
    return first


def _describes(line: Line, at: int, pack: Pack) -> bool:
    """Whether the word belongs to the office behind it: "health" in "health ministry"."""
    word = line.words[at]
    if line.tight(at) and line.raw[at - 1] in DASHES:
        return False  # "state-controlled utility"
    known = word in pack.grammar.get("stops", ()) or word in pack.claimants.get("not_names", ())
    return line.kinds[at] == WORD and not known and word not in pack.grammar.get("verbs", ())


def _is_name(line: Line, at: int, pack: Pack) -> bool:
    word = line.words[at]
    return line.capital(at) and word not in pack.claimants.get("not_names", ())


def _office(line: Line, first: int, pack: Pack) -> int:
    """The start of "officials in", "police in the city of" before a name."""
    if line.word(first - 1) not in pack.claimants.get("of_office", ()):
        return first
    for at in range(first - 2, max(-1, first - _OFFICE_REACH), -1):
        if line.words[at] in pack.claimants.get("people", frozenset()):
            return at
        if line.kinds[at] != WORD or line.words[at] in pack.grammar.get("verbs", ()):
            break
    return first


def _inside_name(line: Line, at: int) -> bool:
    """Whether the mark belongs to a name: "St. Olaf", "A&B", "farmers' union", "north-east"."""
    return line.raw[at] in ".&" or (
        line.tight(at) and (line.raw[at] in DASHES or line.raw[at] in "'’")
    )


def _behind_verb(line: Line, at: int, pack: Pack) -> str | None:
    """The subject in "…, said Governor Lena Marsk"."""
    first = at + 1
    first += line.word(first) in pack.claimants.get("by", ())
    first += line.word(first) in pack.connectors.get("determiners", ())
    if first < len(line) and line.words[first] in pack.claimants.get("pronouns", ()):
        return "" if line.word(first - 1) in pack.claimants.get("verbs", ()) else None
    people = pack.claimants.get("people", frozenset())
    last = first
    while last < min(len(line), first + _NAME_LIMIT):
        word = line.words[last]
        inner = last > first and (
            word in pack.claimants.get("inner", ()) or _inside_name(line, last)
        )
        capital = line.capital(last) and word not in pack.claimants.get("not_names", ())
        if not capital and word not in people and not inner:
            break
        if word in pack.weekdays or word in pack.months:
            break
        last += 1
    while last > first and not (line.capital(last - 1) or line.words[last - 1] in people):
        last -= 1
    return _text(line, first, last) or None


def _text(line: Line, first: int, last: int) -> str:
    return line.text[line.starts[first] : line.ends[last - 1]] if last > first else ""
