"""The last resort: what is counted is the role, where a verb that says little stands at it.

"Nine hundred tents stand in rows" is a figure of tents, "have joined 450 villagers" of villagers.
"""

from monitor.figures.mention import Mention
from monitor.figures.nouns import noun
from monitor.figures.open_roles import is_past, is_plural, past_complement
from monitor.figures.packs import Pack
from monitor.figures.tokens import NUMBER, WORD, Line
from monitor.figures.triggers import Found
from monitor.model import Kind

_DOZEN = 12
_OPENING = 3  # tokens
_SEVERAL = 3  # fewer are the persons of a story, not a figure
_PLACES = 5  # fewer are where somebody has been, not how far it has spread
_ASIDE = frozenset({"time", "play", "matter"})


def counted(line: Line, mention: Mention, held: dict[int, Mention], pack: Pack) -> Found | None:
    """The noun as role, where a verb stands at the number on the side of its subject or object.

    Not of who speaks ("three officials said"), nor of what somebody merely has.
    """
    if not pack.subject_first:
        return None
    head, phrase, kind = mention.noun.head, mention.noun, mention.measured.kind
    plural = kind is not Kind.COUNT or is_plural(mention, pack)
    part = line.word(mention.measured.last) in pack.numbers.of
    if kind is not Kind.COUNT and not (kind is Kind.MEASURE and part):
        return None
    told = mention.anaphoric or mention.noun.other or mention.subset or mention.number.vague
    vaguely = phrase.abstract and not phrase.classes  # "investigations", unlike "stations"
    few = mention.number.high < (_DOZEN if vaguely else _SEVERAL)
    if told or few or mention.classes & _ASIDE or not plural or phrase.first == phrase.last:
        return None
    lacked = _lacked(line, phrase.last, pack)
    if lacked or head in pack.connectors.get("anybody", ()):  # "500 people work there"
        return Found(lacked, phrase.last, 0) if lacked else None
    at = mention.first - 1
    placed = "place" in mention.classes  # "a journey that spanned 24 countries"
    governed = _is_object(line, at, pack) or _is_doer(line, mention, pack)
    if not placed and at not in held and governed:
        return Found(head, at, 0)
    told = _is_subject(line, mention, pack) or _is_where(line, mention, pack)
    return Found(head, mention.last, 0) if told else None


def _is_where(line: Line, mention: Mention, pack: Pack) -> bool:
    """Whether it tells how far something reaches: "in nine states", "at 18 hospitals"."""
    at = mention.first - 1
    spread = (
        {"place"} if line.word(at) in pack.numbers.ranges["in"] else {"place", "object", "fire"}
    )
    if line.word(at) not in pack.connectors.get("spread", ()) or mention.number.low < _PLACES:
        return False
    share = line.kinds[at - 1] == NUMBER or line.word(at - 1) in pack.numbers.small  # "4 in 10"
    return bool(mention.classes & spread) and not share


def _is_object(line: Line, at: int, pack: Pack) -> bool:
    """Whether a verb in the active stands at `at`: "took 27 rifles", not "had 27", "said 27"."""
    word, before = line.word(at), line.word(at - 1)
    grammar = pack.grammar
    if word in pack.connectors.get("tallies", ()):
        return True  # "reported 27 fires"
    spoken = word in pack.claimants.get("verbs", ())
    finite = pack.connectors.get("passive", frozenset())
    if before in finite and word in finite - pack.connectors.get("copula", frozenset()):
        return True  # "has had 230 complaints"
    if not word or spoken or word in grammar.get("auxiliaries", ()):
        return False
    copula = before in pack.connectors.get("copula", ())
    if pack.ends(word, "progressive"):
        return copula and word not in grammar.get("stops", ())  # "was carrying 18 satellites"
    if pack.ends(word, "past") and copula:
        return False
    plain = word in grammar.get("verbs", ()) or word in grammar.get("plain_verbs", ())
    return plain or is_past(word, pack)


def _is_doer(line: Line, mention: Mention, pack: Pack) -> bool:
    """Whether many do it, in the passive: "was signed by 400 doctors"."""
    at = mention.first - 1
    passive = line.word(at) in pack.numbers.ranges["by"] and pack.ends(line.word(at - 1), "past")
    return passive and mention.number.low >= _DOZEN


def _lacked(line: Line, at: int, pack: Pack) -> str:
    """What the counted are without: "left 160 people without a bed"."""
    word = line.word(at)
    if word not in pack.connectors.get("lacking", ()):
        return ""
    lacked = noun(line, at + 1 + (line.word(at + 1) in pack.numbers.articles), pack, counted=False)
    return f"{word} {lacked.head}" if lacked.head else ""


def _is_subject(line: Line, mention: Mention, pack: Pack) -> bool:
    """Whether the phrase opens its clause, or goes on what does, and a verb follows it."""
    at = mention.first - 1
    if line.word(at) in pack.numbers.of and line.word(at - 1) in pack.connectors.get("bodies", ()):
        at -= 2 + (line.word(at - 2) in pack.numbers.articles)  # "a convoy of 60 trucks"
    before = line.word(at)
    opens = _is_when(line, at, pack) or line.kinds[at] != WORD
    opens |= before in pack.claimants.get("verbs", ())
    opens |= any(before in pack.connectors.get(n, ()) for n in ("clause", "relative", "joining"))
    shown = before in pack.connectors.get("having", ()) and mention.number.low >= _DOZEN
    if not opens and not shown:
        return False
    end = past_complement(line, mention.last, pack)
    word, between = line.word(end), _between(pack)
    while word in between or pack.ends(word, "adverb"):
        end += 1
        word = line.word(end)
    if not word or line.kinds[end] != WORD or word in pack.claimants.get("verbs", ()):
        return False
    grammar = pack.grammar
    if shown:  # "with 2,000 trucks backed up", "with 140 men in its path"
        bare = word in pack.connectors.get("places", ()) or word in grammar.get("verbs", ())
        return bare or pack.ends(word, "verb")
    return (
        word in pack.connectors.get("passive", ())
        or (word in grammar.get("infinitive", ()) and not _is_determined(line, end + 1, pack))
        or word in grammar.get("verbs", ())
        or word in grammar.get("plain_verbs", ())
        or is_past(word, pack)
    )


def _is_determined(line: Line, at: int, pack: Pack) -> bool:
    """Whether a noun begins there, so that "to" leads to it: "and 40 ships to the strait"."""
    return line.word(at) in pack.connectors.get("determining", ()) or line.capital(at)


def _is_when(line: Line, at: int, pack: Pack) -> bool:
    """Whether nothing, or only when or where, stands at and before `at`: "By evening 230 …"."""
    led = any(line.word(0) in pack.connectors.get(name, ()) for name in ("places", "when"))
    plain = pack.grammar.get("verbs", frozenset()) | pack.grammar.get("auxiliaries", frozenset())
    return at < 0 or (led and at < _OPENING and not any(w in plain for w in line.words[1 : at + 1]))


def _between(pack: Pack) -> frozenset[str]:
    """What may stand between subject and verb: "also", "still"."""
    grammar = pack.grammar
    finite = pack.connectors.get("passive", frozenset()) | grammar.get("infinitive", frozenset())
    return grammar.get("auxiliaries", frozenset()) - finite - grammar.get("verbs", frozenset())
