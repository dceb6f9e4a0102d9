"""The toll that leads to a number: "the death toll rose to 12", "the number of injured, now 24"."""

from monitor.figures.asides import before_insertion
from monitor.figures.mention import Mention
from monitor.figures.nouns import numbers
from monitor.figures.packs import Pack
from monitor.figures.tokens import DASHES, ENDS, MARK, WORD, Line
from monitor.figures.triggers import SAME, Found, describes, new_clause, takes_count, told
from monitor.model import Kind

REACH = 22  # tokens
_COUNTED_REACH = 4  # tokens from a number to its noun
_BE = frozenset({"be", "been"})


def toll_before(line: Line, mention: Mention, held: dict[int, Mention], pack: Pack) -> Found | None:
    """As in "the death toll rose from 44 to 59", "the number of injured, now 2,421"."""
    links = pack.connectors.get("links", frozenset())
    hedge = line.words[mention.first : mention.number.first]  # "have passed 8,000"
    linked = mention.first == 0 or any(word in links for word in hedge)
    bare = mention.noun.first == mention.noun.last
    at = mention.first - 1
    steps = 0
    while at >= 0 and steps < REACH:
        opened = before_insertion(line, at + 1, pack)
        if opened <= at and _goes_on(line, at + 1, pack):
            at = opened - 1
        word = line.words[at]
        other = held.get(at)
        if other is not None and not _steps_over(other):
            return None
        ended = line.kinds[at] == MARK and word in ENDS and not (word == ":" and steps == 0)
        meanwhile = steps == 0 and word in pack.connectors.get("meanwhile", ())
        if ended or meanwhile or _tells_more(line, at, pack):
            return None  # "106 were injured when nearly 9,000 blocked roads"
        if line.word(at - 1) == "," and new_clause(line, at, pack):
            # "11 of the deaths were there, where 40 people …"; "cases, which stood at 24"
            return _toll_of(line, at, mention, pack) if linked else None
        linked = linked or word in links or (steps == 0 and (word == ":" or word in DASHES))
        linked = linked or (steps == 0 and word == "," and _is_put_in(line, mention, pack))
        if numbers(line, at, pack):
            linked = True
        elif word in pack.connectors.get("counted", ()):
            return _number_of(line, at, mention, pack) if linked else None
        hung = line.tight(at + 1) and line.words[at + 1] in DASHES  # "toll-free"
        phrase = None if hung else pack.tolls.before(line.words, at + 1)
        role = phrase[1] if phrase else (pack.nouns.get(word) or "")
        if not role and line.word(at + 1) in links:
            role = pack.whom.get(word) or ""  # "protesters numbered 700"
        if role and (
            describes(line, at, pack)
            or _is_counted(line, at, held, pack)
            or _is_feature(line, at, pack)
        ):
            role = ""  # "the missing jet", "58 bodies", "farms with cases"
        if (
            role
            and (linked or (phrase and steps == 0 and (bare or mention.group == "military")))
            and takes_count(pack, role, mention)
        ):
            return Found(role, at, steps)
        at -= 1
        steps += 1
    return None


def toll_behind(line: Line, mention: Mention, pack: Pack) -> Found | None:
    """As in "brings to 117 the number rescued", "raised to 12 the count of dead"."""
    at = mention.last
    led = line.word(mention.first - 1) in pack.numbers.ranges["to"]
    if not led or mention.noun.first < mention.noun.last:
        return None
    at += line.word(at) in pack.connectors.get("definite", ())
    at += line.word(at) in pack.connectors.get("whole", ())
    if line.word(at) not in pack.connectors.get("counted", ()) or at == mention.last:
        return None
    ends = (k for k in range(at, len(line)) if line.kinds[k] == MARK and line.words[k] in ENDS)
    return _number_of(line, at, mention, pack, end=next(ends, len(line)))


def _tells_more(line: Line, at: int, pack: Pack) -> bool:
    """As in "10 of the deaths were there and that 900 had been examined"."""
    joined = line.word(at - 1) in pack.connectors.get("joining", ())
    return joined and line.words[at] in pack.connectors.get("which", ())


def _is_put_in(line: Line, mention: Mention, pack: Pack) -> bool:
    """Whether commas hold the number behind its plural: "has the most cases, 13,217, and"."""
    closed = line.words[mention.last : mention.last + 1] in ([], [","], ["."])
    bare = mention.noun.first == mention.noun.last
    named = pack.ends(line.word(mention.first - 2), "plural")
    told = line.word(mention.first - 2) in pack.triggers  # "the number who died, 13,217, is"
    return bare and closed and (named or told)


def _toll_of(line: Line, at: int, mention: Mention, pack: Pack) -> Found | None:
    """The toll that a clause opened by "which" at `at` tells of."""
    toll = pack.tolls.before(line.words, at - 1)
    relative = line.word(at) in pack.connectors.get("which", ()) and toll is not None
    if not relative or toll is None or not takes_count(pack, toll[1], mention):
        return None
    return Found(toll[1], at - 2, mention.first - at)


def _goes_on(line: Line, at: int, pack: Pack) -> bool:
    """Whether the verb of the clause before an insertion stands at `at`."""
    word = line.word(at)
    moves = any(word in pack.connectors.get(name, ()) for name in ("moves", "links", "went"))
    return moves or word in pack.grammar.get("auxiliaries", ())


def _is_feature(line: Line, at: int, pack: Pack) -> bool:
    """Whether the noun tells what the counted have: "the number of farms with confirmed cases"."""
    having = pack.connectors.get("having", frozenset())
    return any(line.word(k) in having for k in (at - 1, at - 2))


def _is_counted(line: Line, at: int, held: dict[int, Mention], pack: Pack) -> bool:
    """Whether the noun belongs to another number: "58 charred bodies"."""
    stops = pack.grammar.get("stops", frozenset())
    for before in range(at - 1, max(-1, at - _COUNTED_REACH), -1):
        if before in held:
            return not _steps_over(held[before])
        if line.kinds[before] != WORD or line.words[before] in stops:
            return False
    return False


def _steps_over(other: Mention) -> bool:
    """Whether a number says nothing of the toll: "rose from 44", "by 12", "in three countries"."""
    aside = other.old or other.step or other.noise != "" or "place" in other.noun.classes
    return aside or other.measured.kind is Kind.MAGNITUDE


def _number_of(line: Line, at: int, mention: Mention, pack: Pack, *, end: int = 0) -> Found | None:
    """The role in "the number of people killed rose to 12", told before `end` or the number."""
    end = end or mention.first
    first = at + 1 + (line.word(at + 1) in pack.numbers.of)
    relative = pack.connectors.get("relative", frozenset())
    named = first > at + 1 or line.word(first) in pack.triggers  # "the number freed"
    named = named or line.word(first) in relative  # "the number who took part"
    if not named or first >= end:
        return Found(_theirs(line, at, pack) or SAME, at, abs(mention.first - at))
    last, ended, told_who = "", False, False
    for k in range(first, min(end, at + 9)):
        word = line.words[k]
        if _is_link(line, k, pack):
            break
        phrase = pack.phrases.at(line.words, k)
        role = _told(pack, phrase[1], mention) if phrase else pack.nouns.get(word) or ""
        counted = pack.classes_of(last) or pack.classes_of(line.word(k + 1))
        role = role or _role_of(line, k, counted, pack)
        counted = pack.classes_of(last)
        takes = pack.takes[role] if role else frozenset()
        if role and (not counted or counted & takes or "any" in takes):
            return Found(role, k, abs(mention.first - k))
        told_who = told_who or word in relative  # "who have had to leave"
        ended = ended or role != "" or told_who
        if last and not told_who and _ends_subject(line, k, pack):
            break
        led = any(word in pack.connectors.get(name, ()) for name in ("places", "govern"))
        acts = led or pack.ends(word, "progressive")
        ended = ended or (last != "" and acts)  # "the number of Americans filing claims"
        ended = ended or (last != "" and word in pack.grammar.get("auxiliaries", ()))
        if not ended and line.kinds[k] == WORD and word not in pack.grammar.get("stops", ()):
            last = word
    if mention.measured.kind is not Kind.COUNT or (told_who and not last):
        return None  # "those who have caught it" are nobody told before
    return Found(pack.whom.get(last) or last or SAME, at, abs(mention.first - at))


def _is_link(line: Line, at: int, pack: Pack) -> bool:
    """Whether the verb or the "to" of the number stands at `at`, unlike "feared to have died"."""
    word, after = line.words[at], line.word(at + 1)
    infinitive = after in pack.connectors.get("perfect", ()) or after in _BE
    infinitive &= word in pack.grammar.get("infinitive", ())
    return word in pack.connectors.get("links", ()) and not (word in pack.numbers.of or infinitive)


def _ends_subject(line: Line, at: int, pack: Pack) -> bool:
    """Whether the verb of "the number of people has" stands at `at`, not "believed to have"."""
    word = line.words[at]
    passed = pack.ends(word, "past") or word in pack.grammar.get("participles", ())
    infinitive = pack.grammar.get("infinitive", frozenset())
    opened = passed or word in infinitive or line.word(at - 1) in infinitive
    return word in pack.grammar.get("auxiliaries", ()) and not opened


def _told(pack: Pack, phrase: str, mention: Mention) -> str:
    """The role of a phrase, one that takes what is counted before others."""
    found = pack.told[phrase]
    bare = mention.noun.first == mention.noun.last
    whom = next((t.role for t in found if bare and "person" in t.takes), "")
    return whom or told(pack, phrase, mention) or found[0].role


def _role_of(line: Line, at: int, counted: frozenset[str], pack: Pack) -> str:
    """The role of a trigger, the one that takes what is counted before others."""
    noun = line.word(at - 1) in pack.numbers.of  # "the number of claims", "of wounded"
    found = [t for t in pack.triggers.get(line.words[at]) or () if t.right or not noun]
    fitting = (t.role for t in found if not counted or counted & t.takes or "any" in t.takes)
    return next(fitting, "")


def _theirs(line: Line, at: int, pack: Pack) -> str:
    """Whose number it is: "Protesters came to the gates; police put their number at 3,500"."""
    if line.word(at - 1) not in pack.connectors.get("own", ()):
        return ""
    return next(filter(None, (pack.whom.get(line.words[k]) for k in range(at - 1, -1, -1))), "")
