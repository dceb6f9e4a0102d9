"""A verb that no role knows, taken as the role itself, in one form.

"300 bridges were inspected", "inspecting 300 bridges" and "closed off 300 bridges" are of one kind
each; so are "140 inmates escaped" and "five reactors are offline".
"""

import re
from dataclasses import replace

from monitor.figures.asides import before_insertion, past_aside
from monitor.figures.kinds import kind_of
from monitor.figures.mention import Mention
from monitor.figures.nouns import Noun, noun
from monitor.figures.packs import Pack
from monitor.figures.tokens import MARK, NUMBER, WORD, Line
from monitor.figures.triggers import Found, accepts
from monitor.figures.units import AREA, MASS, POWER, VOLUME
from monitor.model import Kind

_CONSONANT_Y = re.compile(r"[^aeiou]y$")
_SHORT = re.compile(r"[^aeiou]+[aeiou][bdgmnpt]")  # a stem that doubles its last letter
_AMOUNTS = AREA | VOLUME | MASS | POWER
_REACH = 5  # tokens behind the noun
_SEVERAL = 3  # of what no role knows, fewer are a story's
_QUOTES = frozenset("\"“„«'‘")
_MOVED = 6  # tokens from the number to what moved it
_LED = 9  # tokens, with a step and a while between
_NAME = 2  # words that lead a noun
_COMPLEMENT = 6  # tokens of what belongs to the noun


def open_role(line: Line, mention: Mention, held: dict[int, Mention], pack: Pack) -> Found | None:
    """The verb before the number, with its particle, else the one behind its noun.

    Never a role of people: that was for the words around it to give ("released ten albums").
    """
    found = _found(line, mention, held, pack)
    return None if found is not None and kind_of(found.role).people else found


def _found(line: Line, mention: Mention, held: dict[int, Mention], pack: Pack) -> Found | None:
    if mention.noun.anaphoric or "play" in mention.classes:
        return None  # "lost eight of ten games"
    if mention.measured.kind is Kind.COUNT and mention.number.high < _SEVERAL:
        return None
    bare = mention.noun.first == mention.noun.last
    before = mention.first - 1
    before -= line.word(before) in _QUOTES  # lost "3,000 men, at least"
    paid = mention.measured.kind is Kind.MONEY  # what it was paid for stands behind "in" or "for"
    measured = mention.measured.unit in _AMOUNTS
    if not bare or paid or measured or _ends_clause(line, mention.last):
        role = "" if before in held else _verb(line, before, pack) or _phrasal(line, before, pack)
        role = role or _gerund(line, before, pack)
        if role:
            return Found(role, before, 0)
    return None if _is_governed(line, mention, pack) else _predicate(line, mention, pack, bare=bare)


def moved(line: Line, mention: Mention, pack: Pack) -> Found | None:
    """What rose, fell or stands at the number: "Complaints rise to 1,400", "the river at 7 m".

    A bare count is one of what moved, which becomes its noun.
    """
    if mention.step:
        return None
    verb = _move(line, mention, pack) or _state_of(line, mention, pack)
    return subject(line, verb, mention, pack) if verb else _from_old(line, mention, pack)


def subject(line: Line, verb: int, mention: Mention, pack: Pack) -> Found | None:
    """What the verb at `verb` is said of, as the role: "the slick covers 400 square miles"."""
    first = _clause(line, before_insertion(line, verb, pack), pack)
    first += line.word(first) in pack.grammar.get("lies", ())  # "weekly claims"
    definite = line.word(first) in pack.connectors.get("determiners", ())
    role = _of_action(line, first + definite, mention, pack)
    if role:
        return Found(role, verb, 0)
    phrase = noun(line, first + definite, pack, counted=False)
    if definite and phrase.first == phrase.last:
        phrase = _named_like_a_verb(line, phrase, pack)
    gauges = pack.connectors.get("gauges", frozenset())
    head = min(phrase.last, verb) - 1  # "rate climbs" is no noun
    ended = pack.grammar.get("stops", frozenset()) | {line.word(verb)}  # "the average tariff is"
    gauged = (k for k in range(first, verb) if line.words[k] in gauges)
    head = next((k for k in gauged if line.words[k + 1] in ended), head)
    if phrase.first > head or _reaches_it(line, verb, phrase, pack):
        return None
    named = line.capital(head) and line.word(head + 1) not in pack.numbers.of
    if named and not (definite or pack.ends(line.words[head], "plural")):
        return None
    bare = mention.noun.first == mention.noun.last
    bare = bare or (not mention.noun.classes and not is_plural(mention, pack))  # "in a day"
    if mention.measured.kind is Kind.COUNT and bare and phrase.last <= verb:
        mention.noun = phrase
    return Found(_name_of(line, head, pack), verb, 0)


def _name_of(line: Line, head: int, pack: Pack) -> str:
    """The noun at `head`, with what leads it where it says little: "income tax rate"."""
    first = head
    if line.words[head] in pack.connectors.get("general", ()):
        while first > max(0, head - _NAME) and _is_bare_word(line, first - 1, pack):
            first -= 1
    return " ".join(line.words[first : head + 1])


def _state_of(line: Line, mention: Mention, pack: Pack) -> int:
    """The token that leads from a gauge to its number: "the average is 394", "claims at 412"."""
    at = mention.first - 1
    if line.word(at) in pack.claimants.get("puts_at", ()):
        first = _clause(line, at, pack)
        subject = noun(line, first, pack, counted=False)
        headed = first == 0 and subject.first < subject.last == at and is_headed(subject, pack)
        return at if headed and _ends_clause(line, mention.last) else 0
    at -= line.word(at) in pack.connectors.get("inside", ())
    if line.word(at) not in pack.connectors.get("copula", ()):
        return 0
    end = before_insertion(line, at, pack)
    gauges = pack.connectors.get("gauges", frozenset())
    return at if any(word in gauges for word in line.words[_clause(line, end, pack) : end]) else 0


def is_headed(subject: Noun, pack: Pack) -> bool:
    """Whether a headline gives the number of such things: "New jobless claims at 412,000"."""
    return pack.ends(subject.head, "plural") and "person" not in subject.classes


def _from_old(line: Line, mention: Mention, pack: Pack) -> Found | None:
    """What is brought from one value to another: "cuts the tax rate from 35 to 21 percent"."""
    ranges = pack.numbers.ranges
    at = mention.first - 1
    if line.word(at) not in ranges["to"] or mention.noun.first != mention.noun.last:
        return None
    opened = next(
        (k for k in range(at, max(0, at - _MOVED), -1) if line.words[k] in ranges["from"]), 0
    )
    named = opened > 1 and _is_bare_word(line, opened - 1, pack)
    verb = line.words[opened - 1] if named else ""
    known = (
        verb in pack.triggers or verb in pack.grammar.get("verbs", ()) or pack.ends(verb, "verb")
    )
    changing = pack.connectors.get("grow", frozenset()) | pack.connectors.get("moves", frozenset())
    changed = any(word in changing for word in line.words[max(0, opened - _MOVED) : opened])
    numbered = changed and line.kinds[opened + 1 : opened + 2] == [NUMBER]
    role = _name_of(line, opened - 1, pack) if named and numbered and not known else ""
    return Found(role, opened - 1, 0) if role else None


def _named_like_a_verb(line: Line, empty: Noun, pack: Pack) -> Noun:
    """The subject behind an article whose first word is a verb elsewhere: "the protest camp"."""
    last = empty.first
    while last < len(line) and _is_bare_word(line, last, pack):
        last += 1
    text = line.text[line.starts[empty.first] : line.ends[last - 1]] if last > empty.first else ""
    return replace(empty, last=last, text=text, head=line.word(last - 1))


def _of_action(line: Line, at: int, mention: Mention, pack: Pack) -> str:
    """The role of a noun of action: "the recall was widened to 5 million eggs"."""
    acts = pack.acts.get(line.word(at)) or ()
    return next((t.role for t in acts if accepts(t.takes, mention)), "")


def _reaches_it(line: Line, verb: int, subject: Noun, pack: Pack) -> bool:
    """Whether people reach what is counted: "troops reached 12 towns", not "guards number 12"."""
    numbering = line.word(verb) in pack.connectors.get("numbering", ())
    return "person" in subject.classes and not numbering


def _move(line: Line, mention: Mention, pack: Pack) -> int:
    """The token of a verb that leads to the number: "has risen to", "passed", "stands at"; or 0.

    "Rose 5 percent" tells only by how much.
    """
    reaches, toward = (pack.connectors.get(name, frozenset()) for name in ("reaches", "toward"))
    levels = pack.connectors.get("levels", frozenset())
    led = any(word in levels for word in line.words[mention.first : mention.number.first])
    moves = reaches | (pack.connectors.get("moves", frozenset()) if led else frozenset())
    for at in range(mention.number.first - 1, max(0, mention.number.first - _MOVED), -1):
        word = line.words[at]
        if word in moves:
            return at
        if word in toward:
            moves = reaches | pack.connectors.get("moves", frozenset())
        elif at < mention.first and not (
            word in pack.connectors.get("fillers", ()) or pack.ends(word, "adverb")
        ):
            return _far_move(line, at, mention, moves - reaches, pack)
    return 0


def _far_move(line: Line, at: int, mention: Mention, moves: frozenset[str], pack: Pack) -> int:
    """The verb behind a step, a while or an old value: "rose 37,000 last week to 412,000"."""
    if line.word(mention.first - 1) not in pack.numbers.ranges["to"]:
        return 0
    for k in range(at, max(0, at - _LED), -1):
        if line.words[k] in moves and line.word(k - 1) not in pack.numbers.articles:
            return k
        if line.kinds[k] == MARK or line.words[k] in pack.connectors.get("clause", ()):
            return 0
    return 0


def _clause(line: Line, at: int, pack: Pack) -> int:
    """Where the clause of the verb at `at` begins."""
    names = ("clause", "joining", "which")  # "showed that claims fell to 444,000"
    opening = frozenset().union(*(pack.connectors.get(name, frozenset()) for name in names))
    while at > 0 and line.kinds[at - 1] == WORD and line.words[at - 1] not in opening:
        at -= 1
    return at


def _is_governed(line: Line, mention: Mention, pack: Pack) -> bool:
    """Whether a preposition stands before it, so that the verb tells of something else."""
    at = mention.first - 1
    for _ in range(2):
        at -= line.word(at) in pack.connectors.get("fillers", ())  # "for the other 24"
    word = line.word(at)
    return word in pack.connectors.get("places", ()) or word in pack.connectors.get("govern", ())


def _phrasal(line: Line, at: int, pack: Pack) -> str:
    """Verb and particle, where `at` is the particle: "turned back 1,200", "dried up 65 ponds"."""
    verb, particle = line.word(at - 1), line.word(at)
    past = pack.ends(verb, "past") or any(
        verb in pack.grammar.get(name, ()) for name in ("participles", "particled")
    )
    known = particle in pack.connectors.get("particles", ())
    if particle in pack.connectors.get("places", ()):  # "tried in 16 towns", "brought in 16"
        known = known and line.word(at - 2) not in pack.connectors.get("passive", ())
    return f"{verb} {particle}" if past and known and line.kinds[at - 1] == WORD else ""


def _phrasal_behind(line: Line, at: int, pack: Pack) -> str:
    """Verb and particle, unless that leads to where or when: "were created in May"."""
    place = line.word(at) in pack.connectors.get("places", ())
    leads = place and at + 1 < len(line) and line.kinds[at + 1] != MARK
    return "" if leads else _phrasal(line, at, pack)


def _gerund(line: Line, at: int, pack: Pack) -> str:
    """The verb of "the felling of 300 trees", where `at` is "of"."""
    word, first = line.word(at - 1), line.word(at - 2)
    begun = pack.ends(word, "progressive") and first in pack.connectors.get("determining", ())
    said = begun and line.word(at) in pack.numbers.of and word not in pack.triggers
    return _regular(word[:-3], pack, doubles=False) if said else ""


def _ends_clause(line: Line, at: int) -> bool:
    return at >= len(line) or line.words[at] in ",.;"


def _predicate(line: Line, mention: Mention, pack: Pack, *, bare: bool) -> Found | None:
    """What is said of the counted: "were fouled", "escaped through a hole", "are offline"."""
    at = past_complement(line, mention.last, pack)
    at = (at < len(line) and past_aside(line, at, pack)) or at
    acts = _joins(line, mention, pack) if bare else _acts(mention, pack)
    passive = copula = False
    acts = acts and at == mention.last
    end = min(len(line), at + _REACH)
    while at < end:
        word = line.words[at]
        if word in pack.connectors.get("passive", ()) or _opens_relative(line, at, mention, pack):
            passive = True
            copula = copula or word in pack.connectors.get("copula", ())
        elif (passive or acts) and (role := _phrasal_behind(line, at + 1, pack)):
            return Found(role, at, at - mention.last)
        elif copula and (state := _led_state(line, at, pack)):
            return Found(state, at, at - mention.last)
        elif (is_past(word, pack) and (passive or acts)) or (copula and _is_state(line, at, pack)):
            return Found(word, at, at - mention.last)
        elif not _is_filler(word, pack, copula=copula):
            return None
        at += 1
    return None


def past_complement(line: Line, at: int, pack: Pack) -> int:
    """Behind "of sludge", "along the coast" where an auxiliary follows; else `at` itself."""
    if line.word(at) not in pack.numbers.of | pack.connectors.get("places", frozenset()):
        return at
    clause = pack.connectors.get("clause", frozenset()) | pack.connectors.get("relative", set())
    for k in range(at + 1, min(len(line), at + _COMPLEMENT)):
        word = line.words[k]
        if word in pack.connectors.get("passive", ()):
            return k
        if line.kinds[k] != WORD or word in clause or word in pack.triggers:
            return at
    return at


def _is_filler(word: str, pack: Pack, *, copula: bool) -> bool:
    """What may stand before the verb or the state: "have now been", "are back online"."""
    if word in pack.grammar.get("auxiliaries", ()) or pack.ends(word, "adverb"):
        return True
    return copula and word in pack.connectors.get("particles", ())


def _joins(line: Line, mention: Mention, pack: Pack) -> bool:
    """Whether verb and number alone end the clause: "230 flights were delayed and 40 diverted"."""
    joined = line.word(mention.first - 1) in pack.connectors.get("joining", ())
    return joined and _ends_clause(line, mention.last + 1)


def _opens_relative(line: Line, at: int, mention: Mention, pack: Pack) -> bool:
    return at == mention.last and line.words[at] in pack.connectors.get("relative", ())


def _acts(mention: Mention, pack: Pack) -> bool:
    """Whether a plural noun stands right before the verb, so that it may be its subject."""
    return pack.subject_first and is_plural(mention, pack) and mention.number.high > 1


def is_plural(mention: Mention, pack: Pack) -> bool:
    head = mention.noun.head
    return pack.ends(head, "plural") or head in pack.grammar.get("plurals", ())


def _is_state(line: Line, at: int, pack: Pack) -> bool:
    """Whether a state ends the clause or leads to where: "offline", "waiting off the coast"."""
    word, after = line.word(at), line.word(at + 1)
    if pack.ends(word, "plural") and not word.endswith("ss"):
        return False  # "off limits"
    if not word.isalpha() or _is_no_verb(word, pack) or pack.classes_of(word):
        return False
    if line.capital(at) or word in pack.groups:
        return False
    if word in pack.grammar.get("plain_verbs", ()):
        return False
    leads = any(after in pack.connectors.get(n, ()) for n in ("places", "joining", "particles"))
    leads |= pack.ends(word, "progressive") and after in pack.grammar.get("infinitive", ())
    return leads or at + 1 >= len(line) or line.kinds[at + 1] == MARK


def _led_state(line: Line, at: int, pack: Pack) -> str:
    """The noun of a state behind a preposition: "on red alert", "in operation"; else ""."""
    leads = line.word(at) in pack.connectors.get("states_led", ())
    if not leads or pack.late.at(line.words, at) is not None:
        return ""
    end = next((k for k in range(at + 1, at + 4) if not _is_bare_word(line, k, pack)), at + 4)
    closed = end >= len(line) or line.kinds[end] == MARK
    return line.words[end - 1] if at + 1 < end < at + 4 and closed else ""


def _is_bare_word(line: Line, at: int, pack: Pack) -> bool:
    stops = pack.grammar.get("stops", frozenset())
    return line.word(at).isalpha() and not line.capital(at) and line.words[at] not in stops


def _verb(line: Line, at: int, pack: Pack) -> str:
    """The past form of the verb at `at`, whatever its tense; "" where it is none."""
    word, before = line.word(at), line.word(at - 1)
    if any(word in pack.connectors.get(name, ()) for name in ("moves", "tallies")):
        return ""  # "dipped below 400,000", "registered 12 complaints": see `moved`, `counted`
    if is_past(word, pack):
        return word
    if not word.isalpha() or word in pack.grammar.get("plain_verbs", ()):
        return ""
    if pack.ends(word, "progressive"):
        begun = before in pack.grammar.get("auxiliaries", ()) or before in ("and", ",")
        return _regular(word[:-3], pack, doubles=False) if begun else ""
    if before not in pack.grammar.get("infinitive", ()) or _is_no_verb(word, pack):
        return ""
    return _regular(word, pack, doubles=True)


def _regular(stem: str, pack: Pack, *, doubles: bool) -> str:
    """The past of a verb that is none of the plain ones: those say little or are irregular."""
    plain, past = pack.grammar.get("plain_verbs", frozenset()), _past_of(stem, doubles=doubles)
    again = stem.removeprefix("re")  # "rewrite"
    return "" if {stem, f"{stem}e", past, again, f"{again}e"} & plain else past


def _is_no_verb(word: str, pack: Pack) -> bool:
    known = word in pack.grammar.get("stops", ()) or word in pack.grammar.get("verbs", ())
    return known or pack.ends(word, "adverb") or word in pack.classes or word in pack.months


def _past_of(stem: str, *, doubles: bool) -> str:
    """Past of a verb or its stem: "close" or "clos-" is "closed", "carry" "carried"."""
    if stem.endswith("e"):
        return f"{stem}d"
    if _CONSONANT_Y.search(stem):
        return f"{stem[:-1]}ied"
    return f"{stem}{stem[-1]}ed" if doubles and _SHORT.fullmatch(stem) else f"{stem}ed"


def is_past(word: str, pack: Pack) -> bool:
    if word in pack.grammar.get("plain_verbs", ()) or word in pack.grammar.get("stops", ()):
        return False
    return pack.ends(word, "past") or word in pack.grammar.get("participles", ())
