"""The words around a number that give it a role, each with its place and distance.

Found on either side: the counted noun itself ("deaths") · a verb before ("killed 12") · a verb
behind the noun ("12 people were killed"). Of tolls see `tolls`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from monitor.figures.asides import past_aside
from monitor.figures.mention import Mention
from monitor.figures.nouns import numbers
from monitor.figures.packs import Pack, Words
from monitor.figures.tokens import DASHES, ENDS, MARK, NUMBER, WORD, Line
from monitor.model import Kind

SAME = "="  # the role of the number before: "bringing the total to 127"
_RIGHT_REACH = 16
_LEFT_REACH = 9
_ADJACENT = 4
_SKIP_REACH = 14
_WHOLE = 3  # tokens between a part and its whole
_PARTICLE_REACH = 6
_PAIRS = {
    frozenset({"killed", "wounded"}): "killed_or_wounded",
    frozenset({"killed", "missing"}): "killed_or_missing",
    frozenset({"destroyed", "damaged"}): "destroyed",
}
_NARROW = frozenset(
    """
    area place volume mass share money job vote seat case life animal fire weapon responder
    prisoner craft dose house poll m km ft mi
    """.split()
)
_BEINGS = _NARROW | {"person", "animal", "account", "team", "force"}


@dataclass(frozen=True, slots=True)
class Found:
    role: str
    at: int  # token of the trigger
    steps: int
    firm: bool = True  # an auxiliary or the noun stands right before it
    crossed: bool = False  # "and", "or" or a comma between
    led: bool = False  # a noun of action governs it: "a strike by", "the trial of"


def by_noun(line: Line, mention: Mention, pack: Pack) -> Found | None:
    """As in "12 deaths", "40 confirmed cases", "300 arrests"."""
    if mention.measured.kind is not Kind.COUNT:
        return None
    phrase = mention.noun
    for at in range(phrase.first, phrase.last):
        found = pack.phrases.at(line.words, at)
        role = told(pack, found[1], mention) if found is not None else ""
        if role:
            return Found(role, at, 0)
    return _named(mention, pack.nouns, line, pack)


def whom(line: Line, mention: Mention, pack: Pack) -> Found | None:
    """As in "300 protesters" where no verb says more."""
    return _named(mention, pack.whom, line, pack)


def _named(mention: Mention, roles: Words[str], line: Line, pack: Pack) -> Found | None:
    """The role of the head, or of the word that leads it: "46 blessés légers"."""
    phrase = mention.noun
    role, at = roles.get(phrase.head), phrase.last - 1
    led = not (pack.subject_first or pack.classes_of(phrase.head))
    if role is None and led and phrase.first < at:
        role, at = roles.get(line.words[phrase.first]), phrase.first
    return None if role is None else Found(role, at, 0)


def modifier(line: Line, mention: Mention, pack: Pack) -> Found | None:
    """As in "11 missing workers" where no verb says more."""
    for at in range(mention.noun.first, mention.noun.last - 1):
        role = _trigger(line, at, mention, pack, left=False)
        if role and mention.measured.kind is Kind.COUNT:
            return Found(role, at, 0)
    return None


def told(pack: Pack, phrase: str, mention: Mention) -> str:
    """The role that a phrase gives to the mention, or ""."""
    accepted = (t.role for t in pack.told[phrase] if accepts(t.takes, mention, known=t.known))
    return next(accepted, "")


def takes_count(pack: Pack, role: str, mention: Mention) -> bool:
    return accepts(pack.takes[role], mention)


def accepts(takes: frozenset[str], mention: Mention, *, known: bool = False) -> bool:
    """Whether what is counted is of those classes; `known`: a noun nobody knows is not."""
    classes = mention.classes
    if mention.measured.kind is Kind.COUNT and not classes:
        if mention.noun.head and (known or (mention.noun.abstract and takes <= _BEINGS)):
            return False
        return bool(takes - _NARROW)
    thing = mention.measured.kind is Kind.COUNT and "person" not in classes
    return bool(classes & takes) or ("any" in takes and thing)


def _trigger(line: Line, at: int, mention: Mention, pack: Pack, *, left: bool) -> str:
    """The role that the word at `at` gives to the mention, or ""."""
    if line.words[at] in pack.months and line.capital(at):
        return ""  # "since March"
    if pack.capital_nouns and at and line.capital(at):
        return ""  # "vor den Kämpfen"
    found = [
        trigger
        for trigger in pack.triggers.get(line.words[at]) or ()
        if (trigger.left if left else trigger.right)
        and accepts(trigger.takes, mention, known=trigger.known)
    ]
    # The choosiest, save for a bare number: "found 12 tonnes and seized 300" means no crew.
    choosy = mention.noun.head != ""
    fitting = (trigger.role for trigger in found if trigger.known == choosy)
    return next(fitting, found[0].role if found else "")


def by_trigger(line: Line, at: int, mention: Mention, pack: Pack) -> str:
    """The role that the word at `at` gives to the mention on either side of it, or ""."""
    return _trigger(line, at, mention, pack, left=False) or _trigger(
        line, at, mention, pack, left=True
    )


def verb_behind(line: Line, mention: Mention, held: dict[int, Mention], pack: Pack) -> Found | None:
    """`N NP aux* TRIGGER`: "12 people, including 3 children, were killed".

    A participle at the noun yields to the verb of the clause: "12 people injured there have died".
    """
    weak: Found | None = None
    bare: Found | None = None
    if _is_predicate(line, mention, pack) or _acts_on(line, mention, pack):
        return None
    begun = {other.first for other in held.values()}
    auxiliaries = pack.grammar.get("auxiliaries", frozenset())
    for steps, at in enumerate(_onward(line, mention, held, pack)):
        if bare is not None and _ends_participle(line, at, pack):
            break
        word = line.words[at]
        phrase = pack.phrases.at(line.words, at)
        role = told(pack, phrase[1], mention) if phrase is not None else ""
        role = role or _left_land(line, at, mention, pack)
        apart = steps and (_is_nominal(line, at, mention, pack) or describes(line, at, pack))
        if not role and word in pack.triggers and not apart:
            role = _trigger(line, at, mention, pack, left=False)
            governs = at + 1 in begun if role else _governs(line, at, pack)
            governs = governs or _has_object(line, at, pack)
            apart = line.word(at - 1) == ","
            if (steps > 0 or apart) and governs and line.word(at - 1) not in auxiliaries:
                break
        if role:
            firm = steps == 0 or line.word(at - 1) in auxiliaries
            still = line.word(at - 1) in pack.connectors.get("inside", ())  # "nine still missing"
            firm = firm and (still or not word.endswith("ing"))
            where = word in pack.connectors.get("places", ())  # "patients in hospital died"
            found = Found(role, at, steps, firm=firm and not where)
            finite = line.word(at - 1) in pack.connectors.get("passive", ())
            if found.firm and not (steps == 0 and pack.subject_first and not finite):
                return found if bare is None or finite else bare
            if found.firm:
                bare = bare or found
            elif weak is None or line.word(weak.at) in pack.connectors.get("places", ()):
                weak = found
    return bare or weak


def _left_land(line: Line, at: int, mention: Mention, pack: Pack) -> str:
    """The role of those who "have left Keshra": they fled; envoys are called off."""
    anybody = pack.connectors.get("anybody", frozenset()) | {""}
    if line.words[at] not in pack.connectors.get("leaving", ()) or mention.noun.head not in anybody:
        return ""
    left = pack.nations.at(line.words, at + 1) if line.capital(at + 1) else None
    return "displaced" if left is not None and takes_count(pack, "displaced", mention) else ""


def _is_predicate(line: Line, mention: Mention, pack: Pack) -> bool:
    """Whether a bare number is what somebody is: "the owner is 71 and was pulled out"."""
    alone = mention.noun.first == mention.noun.last and mention.measured.kind is Kind.COUNT
    return alone and line.word(mention.first - 1) in pack.connectors.get("is", ())


def _ends_participle(line: Line, at: int, pack: Pack) -> bool:
    """Whether the verb at the noun must have been that of its clause: nothing joins it here."""
    word = line.words[at]
    other = any(word in pack.connectors.get(name, ()) for name in ("relative", "joining"))
    other |= word in pack.connectors.get("clause", ()) and _opens(line, at, pack)
    return other or line.word(at - 1) == ","


def describes(line: Line, at: int, pack: Pack) -> bool:
    """Whether the word is an adjective in another phrase: "the missing jet"."""
    before, after = line.word(at - 1), line.word(at + 1)
    if before not in pack.connectors.get("determining", ()) or not after:
        return False
    grammar = pack.grammar
    ends = after in grammar.get("stops", ()) or after in grammar.get("verbs", ())
    ends = ends or after in pack.connectors.get("moves", ())  # "the crowd swelled to 900"
    ends = ends or numbers(line, at + 1, pack)  # "the dead number 19"
    return line.kinds[at + 1] == WORD and not ends and after not in pack.connectors.get("links", ())


def _is_nominal(line: Line, at: int, mention: Mention, pack: Pack) -> bool:
    """Whether an article makes a noun of the participle: "exchanged the dead".

    Not behind "among", nor of the number itself: "14 of those infected".
    """
    if line.word(at - 1) in pack.numbers.of:
        return True  # "and the number of injured to 12"
    if line.word(at - 1) in pack.connectors.get("anaphor", ()) and at - 2 == mention.number.last:
        return False
    among = line.word(at - 2) in pack.connectors.get("include", ())
    return line.word(at - 1) in pack.connectors.get("definite", ()) and not among


def _has_object(line: Line, at: int, pack: Pack) -> bool:
    """Whether the verb is in the active: "… and fired it", unlike "40 killed a day"."""
    if line.word(at + 1) not in pack.connectors.get("objects", ()):
        return False
    return pack.units.at(line.words, at + 2) is None if at + 2 < len(line) else True


def _governs(line: Line, at: int, pack: Pack) -> bool:
    """Whether the verb at `at` takes something behind it: "… killing 5"."""
    return any(
        trigger.left and not trigger.right for trigger in pack.triggers.get(line.words[at]) or ()
    )


def _onward(line: Line, mention: Mention, held: dict[int, Mention], pack: Pack) -> Iterator[int]:
    """Tokens behind the noun phrase up to where another clause or number begins."""
    at = start = mention.last
    crossed = 0
    another = False  # "900 nurses out, 60 clinics affected": what follows is of the last alone
    clause = pack.connectors.get("clause", frozenset())
    while at < min(len(line), start + _RIGHT_REACH):
        word = line.words[at]
        if word in ("(", "["):
            at = _closing(line, at)
            continue
        if at in held:
            after = _past_number(line, at, mention, held[at], pack)
            if after is None:
                return
            another = _is_alone(line, held[at], pack)
            at = after
            continue
        if line.kinds[at] == MARK:
            if word in ENDS and not (word == "." and line.tight(at + 1)):
                return
            skipped = past_aside(line, at, pack)
            if skipped:
                at = skipped
                continue
            if word == ",":
                crossed += 1
                if crossed > 1 or _opens_clause(line, at + 1, pack):
                    return
            at += 1
            continue
        if word in clause and _opens(line, at, pack):
            return
        if word in pack.connectors.get("by_when", ()) and _tells_when(line, at, pack):
            return
        yield from () if another else (at,)
        at += 1


def _acts_on(line: Line, mention: Mention, pack: Pack) -> bool:
    """Whether who did something to them did more: "have seen 400 mills and have closed 32"."""
    at = mention.last
    joined = pack.subject_first and line.word(at) in pack.connectors.get("joining", ())
    if not joined or line.word(at + 1) not in pack.connectors.get("perfect", ()):
        return False
    verb, grammar = line.word(mention.first - 1), pack.grammar
    return pack.ends(verb, "past") or any(
        verb in grammar.get(n, ()) for n in ("verbs", "participles")
    )


def _opens(line: Line, at: int, pack: Pack) -> bool:
    """Whether it opens a clause there, unlike "are recorded as having been infected"."""
    listed = line.words[at - 1] in pack.connectors.get("listed", ())
    as_what = listed and line.words[at] in pack.connectors.get("reasons", ())
    dated = line.words[at] in pack.noise.get("since", ()) and _is_dated(line, at + 1, pack)
    return not (as_what or dated) and pack.phrases.at(line.words, at) is None


def _is_dated(line: Line, at: int, pack: Pack) -> bool:
    """Whether a day, a month or a year stands there: "detained since Saturday"."""
    named = line.word(at) in pack.weekdays or line.word(at) in pack.months
    return line.kinds[at : at + 1] == [NUMBER] or (named and line.capital(at))


def _tells_when(line: Line, at: int, pack: Pack) -> bool:
    """As in "had 112 complaints by the time polls closed"."""
    determined = line.word(at - 1) in pack.connectors.get("definite", ())
    return determined and line.word(at + 1) not in pack.numbers.of and line.word(at + 1).isalpha()


def _opens_clause(line: Line, at: int, pack: Pack) -> bool:
    """Whether a clause begins at `at` that is not of the counted: ", taking the toll to 12"."""
    word = line.word(at)
    acts = pack.ends(word, "progressive") and word not in pack.triggers
    return acts or word in pack.connectors.get("new_clause", ())


def _closing(line: Line, at: int) -> int:
    for k in range(at + 1, min(len(line), at + _SKIP_REACH)):
        if line.words[k] in (")", "]"):
            return k + 1
    return len(line)


def _past_number(line: Line, at: int, mention: Mention, other: Mention, pack: Pack) -> int | None:
    """Where to go on behind a number that has no say: where, of how many, or another of a list."""
    aside = line.word(other.first - 1) in pack.connectors.get("places", ()) or other.noise
    if aside:
        return max(other.last, at + 1)  # "in 20 villages"
    through = _is_whole(line, mention, other, pack) or _is_listed(line, other, pack)
    return other.last if through else None


def _is_alone(line: Line, other: Mention, pack: Pack) -> bool:
    """Whether a comma alone lists it, so that what follows is told of no other."""
    return _is_listed(line, other, pack) and line.words[other.first - 1] == ","


def _is_listed(line: Line, other: Mention, pack: Pack) -> bool:
    """Whether a list goes on there: "69 boats, 1,100 people and 174 trucks were sent"."""
    joined = pack.connectors.get("joining", frozenset()) | {","}
    return pack.subject_first and line.word(other.first - 1) in joined and other.noun.head != ""


def _is_whole(line: Line, mention: Mention, other: Mention, pack: Pack) -> bool:
    """As in "30 of the 80 wounded remained": what is said behind is said of the part."""
    part = line.word(mention.number.last) in pack.numbers.of
    return part and 0 < other.first - mention.number.last <= _WHOLE


def verb_before(line: Line, mention: Mention, held: dict[int, Mention], pack: Pack) -> Found | None:  # noqa: PLR0911 - a case a line
    """`TRIGGER N`: "killed at least 12 people", "the arrest of 40 men"."""
    crossed = False
    fillers = pack.connectors.get("fillers", frozenset())
    at = mention.first - 1
    ranges_by = pack.numbers.ranges["by"]
    governed = line.word(at) in pack.connectors.get("govern", ())
    steps = 0
    while at >= 0 and steps < _LEFT_REACH:
        word = line.words[at]
        inner = word in DASHES and line.tight(at) and line.tight(at + 1)  # "из-под"
        if at in held or (
            line.kinds[at] == MARK and (word in ENDS or word in DASHES) and not inner
        ):
            return None
        if word in pack.connectors.get("include", ()):
            role = pack.nouns.get(line.word(at - 1))  # "the dead include nine women"
            return Found(role, at - 1, steps) if role else None
        if new_clause(line, at, pack) or (word == "," and line.word(at - 1) in pack.weekdays):
            return None
        phrase = _phrase_before(line, at + 1, pack) if steps <= 1 else None
        role = told(pack, phrase[1], mention) if phrase is not None else ""
        if role and phrase:
            led = word in ranges_by or word in pack.numbers.of
            aside = crossed and _is_passive(line, at + 1 - phrase[0], pack)
            return None if aside else Found(role, at, steps, crossed=crossed, led=led)
        if word == "," or word in pack.connectors.get("joining", ()):
            crossed = True
        elif word in pack.connectors.get("places", ()) and (pack.subject_first or steps == 0):
            return None
        says = pack.subject_first and line.word(at + 1) in pack.connectors.get("which", ())
        known = word in pack.triggers and not says  # "adding that 200 were treated"
        role = _trigger(line, at, mention, pack, left=True) if known else ""
        acts = not role and line.word(at + 1) in pack.numbers.of
        if acts:
            role = _action(line, at, mention, pack)
        if role and governed and steps > 1:
            return None  # "sent letters to 122 addresses"
        complement = pack.subject_first and line.word(at + 1) in pack.numbers.of
        passive = _is_passive(line, at, pack)
        passive = passive or line.word(at - 1) in pack.numbers.of  # "31 out of control, 46 ha"
        # "acquitted of ordering three murders", "nine were arrested and 38 carts set on fire"
        if role and ((complement and at + 2 < mention.first) or (crossed and passive)):
            return None
        if role:
            return Found(role, at, steps, crossed=crossed, led=acts)
        at -= 1
        steps += word not in fillers and word not in pack.numbers.of
    return None


def _phrase_before(line: Line, end: int, pack: Pack) -> tuple[int, str] | None:
    """The phrase that ends just before `end`, also around "still": "power was still out to"."""
    found = pack.phrases.before(line.words, end)
    inside = pack.connectors.get("inside", frozenset())
    at = next((k for k in range(end - 2, max(0, end - 5), -1) if line.words[k] in inside), -1)
    if found is not None or at < 0:
        return found
    words = line.words[max(0, end - pack.phrases.longest - 1) : at] + line.words[at + 1 : end]
    found = pack.phrases.before(words, len(words))
    return None if found is None else (found[0] + 1, found[1])


def _is_passive(line: Line, at: int, pack: Pack) -> bool:
    return pack.subject_first and line.word(at - 1) in pack.connectors.get("copula", ())


def verb_around(line: Line, mention: Mention, held: dict[int, Mention], pack: Pack) -> Found | None:
    """A verb in two parts: "nahm 112 Demonstranten fest"."""
    reach = _ADJACENT if pack.subject_first else _LEFT_REACH  # "took another 1,100 people out of"
    for at in range(mention.first - 1, max(-1, mention.first - reach), -1):
        mark = line.kinds[at] == MARK and (pack.subject_first or line.words[at] in ENDS)
        if at in held or mark:
            return None
        for particle, role in pack.split.get(line.words[at], ()):
            behind = line.words[mention.number.last : mention.last + _PARTICLE_REACH]
            if f" {particle} " in f" {' '.join(behind)} " and takes_count(pack, role, mention):
                return Found(role, at, mention.first - 1 - at)
    return None


def new_clause(line: Line, at: int, pack: Pack) -> bool:
    word = line.words[at]
    if word not in pack.connectors.get("relative", ()):
        return word in pack.connectors.get("clause", ())
    article = word == "that" or word in pack.connectors.get("determiners", ())  # "der", "die"
    return line.word(at - 1) == "," or not article


def _action(line: Line, at: int, mention: Mention, pack: Pack) -> str:
    """The role of a noun of action: "evacuation of", "destruction of", "deaths of"."""
    word = line.words[at]
    named = pack.nouns.get(word)
    if named is not None and takes_count(pack, named, mention):
        return named
    doing = [t for t in pack.triggers.get(word) or () if t.left and not t.right]
    accepted = (t for t in (*(pack.acts.get(word) or ()), *doing) if accepts(t.takes, mention))
    role = next((t.role for t in accepted), "")
    return role or ("" if named else _by_participle(word, mention, pack))


def _by_participle(word: str, mention: Mention, pack: Pack) -> str:
    """The role of "evacuated" for "evacuation", of "deployed" for "deployment"."""
    for ending in pack.endings.get("action", ()):
        if word.endswith(ending):
            for trigger in pack.triggers.get(f"{word.removesuffix(ending)}ed") or ():
                if trigger.left and accepts(trigger.takes, mention):
                    return trigger.role
    return ""


def both(line: Line, found: Found, held: dict[int, Mention], pack: Pack) -> Found:
    """As in "killed or wounded" of one number is a role of its own."""
    pairs = [pair for pair in _PAIRS if found.role in pair]
    if not pairs:
        return found
    joining = pack.connectors.get("joining", frozenset()) | {"/"}
    auxiliaries = pack.grammar.get("auxiliaries", frozenset())
    fresh = ("other", "determiners")  # "two died and others are missing"
    for step in (1, -1):
        at = found.at + step
        at += step * (step < 0 and line.word(at) in auxiliaries)  # "killed or were wounded"
        if line.word(at) not in joining:
            continue
        for k in (at + step, at + 2 * step, at + 3 * step):
            if k in held or (step > 0 and k + 1 in held and found.at > 0):
                break
            roles = _roles_of(line.word(k), pack) - {found.role}
            pair = next((p for p in pairs if roles & p), None)
            if pair is not None:
                return Found(_PAIRS[pair], found.at, found.steps)
            if any(line.word(k) in pack.connectors.get(name, ()) for name in fresh):
                break
    return found


def _roles_of(word: str, pack: Pack) -> set[str]:
    roles = {trigger.role for trigger in pack.triggers.get(word) or ()}
    return roles | {pack.nouns.get(word) or ""}
