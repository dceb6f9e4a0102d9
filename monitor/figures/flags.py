"""Whether a stated figure is a fact, of which time it speaks, and whether it is a total."""

import re
from datetime import date

from monitor.figures import notes
from monitor.figures.asides import before_insertion
from monitor.figures.kinds import kind_of
from monitor.figures.mention import Mention
from monitor.figures.packs import Pack
from monitor.figures.tokens import MARK, NUMBER, RECENT, WORD, Line
from monitor.model import Counting, Kind, Modality, TimeFrame
from monitor.text import remembered

_BEFORE = 10  # tokens
_BEHIND = 12
_CLAUSE = 14  # "had forecast payrolls rising 164,000 in May and the rate falling to 4.9"
_NEAR = 4
_YEAR = re.compile(r"1[89]\d\d|20[0-4]\d")
_DATE = 5  # tokens of "since February 24, 2022"
_DAY = 2  # digits
_SETTLED = 2  # years after which a year tells of another happening
_MONTHS_BACK = 2
_OPENING = 4  # tokens
_VICTIMS = frozenset(
    """
    killed wounded killed_or_wounded killed_or_missing displaced destroyed missing infected burned
    """.split()
)


@remembered(RECENT)  # each is asked for by several
def _left(line: Line, mention: Mention, reach: int, pack: Pack) -> str:
    """The words before a mention, back to where its clause begins."""
    first, aside = mention.first, ""
    while first > 0 and mention.first - first < reach:
        word = line.words[first - 1]
        opened = before_insertion(line, first, pack) if word == "," else first
        if opened < first:
            aside, first = _spoken(line, opened, first, pack), opened
            continue
        if word in (";", ":") or word in pack.connectors.get("breaks", ()):
            break
        if _opens_clause(line, first - 1, pack):
            break
        first -= 1
    words = _spoken(line, first, mention.first, pack)
    return words.replace(aside, ",") if aside else words


def _opens_clause(line: Line, at: int, pack: Pack) -> bool:
    """Whether another clause begins there: "the toll could rise, as seven more were hurt"."""
    word = line.words[at]
    if word in pack.connectors.get("reasons", ()):
        compared = word in line.words[max(0, at - _NEAR) : at] + line.words[at + 1 : at + _NEAR]
        return not compared and line.word(at + 1) not in pack.numbers.of  # "as of", "as high as"
    if word in pack.connectors.get("which", ()) and _tells_of_done(line, at, pack):
        return True
    apart = pack.subject_first and line.word(at - 1) == ","
    return apart and word in pack.connectors.get("clause", ())


def _tells_of_done(line: Line, at: int, pack: Pack) -> bool:
    """Whether the clause behind a noun tells what is: "to end an epidemic that has killed 62"."""
    perfect = line.word(at + 1) in pack.connectors.get("perfect", ())
    return perfect and line.word(at - 1) not in pack.claimants.get("verbs", ())


@remembered(RECENT)
def _right(line: Line, mention: Mention, reach: int, pack: Pack) -> str:
    """The words behind a number up to its role's verb, and on to the end of that clause."""
    first = last = mention.number.last
    if mention.trigger >= last:
        last = min(mention.trigger + 1, last + 16)
    while last < min(len(line), first + reach):
        word = line.words[last]
        if line.kinds[last] == MARK and word in ",;:.":
            break
        if word in pack.connectors.get("breaks", ()) or word in pack.connectors.get("joining", ()):
            break
        if word in pack.numbers.of and line.word(last - 1) in pack.numbers.ranges["in"]:
            break  # "have been put up out of 125,000 planned"
        if word in pack.connectors.get("reasons", ()) and _opens_clause(line, last, pack):
            break  # "cut power to 6,300 so that crews would be safe"
        last += 1
    return _spoken(line, first, last, pack)


def _spoken(line: Line, first: int, last: int, pack: Pack) -> str:
    """The words of a stretch; a month is no verb: "in May"."""
    words = line.words[first:last]
    if not pack.months.keys().isdisjoint(words):
        words = [
            word if word not in pack.months or not line.capital(at) else line.raw[at]
            for at, word in enumerate(words, first)
        ]
    return " ".join(words)


def _around(line: Line, mention: Mention, before: int, behind: int) -> str:
    """All words around a mention."""
    low = max(0, mention.first - before)
    return " ".join(line.words[low : mention.number.last + behind])


def _cue(pack: Pack, name: str, text: str) -> bool:
    pattern = pack.cues.get(name)
    return pattern is not None and pattern.search(text) is not None


def modality(line: Line, mention: Mention, pack: Pack) -> Modality:
    """Feared, forecast, planned; or denied."""
    left, right = _left(line, mention, _CLAUSE, pack), _right(line, mention, _BEHIND, pack)
    text = f"{left} # {right}"
    if mention.role == "suspected_cases":  # "28 possible cases" are counted as such
        text = text.replace(" ".join(line.words[mention.noun.first : mention.noun.last]), "")
    if fact := pack.cues.get("fact"):  # "could not be reached"
        text = fact.sub("", text)
    if _cue(pack, "denied", text):
        return Modality.DENIED
    attempted = _cue(pack, "attempted", left)  # not "1,400 were hurt in the attempt to"
    if attempted or _cue(pack, "possible", text) or _written_so(line, mention, pack):
        return Modality.POSSIBLE
    announced = mention.role in pack.connectors.get("announced", ())
    priced = mention.measured.kind is Kind.MONEY and mention.role == mention.noun.head
    announced |= priced  # "a $568 billion plan to rebuild roads"
    planned = not announced and (_cue(pack, "planned", text) or _is_purpose(line, mention, pack))
    return Modality.POSSIBLE if planned else Modality.ASSERTED


def _is_purpose(line: Line, mention: Mention, pack: Pack) -> bool:
    """Whether the verb only says what for: "a drill to free 41 men", unlike "managed to free"."""
    at = mention.trigger - 1
    if not 0 < at < mention.first - 1 or line.words[at] not in pack.numbers.ranges.get("to", ()):
        return False
    done = pack.connectors.get("done_to", frozenset())
    return pack.subject_first and not any(
        word in done for word in line.words[max(0, at - _NEAR) : at]
    )


def _written_so(line: Line, mention: Mention, pack: Pack) -> bool:
    """Whether "könnte" stands near, which without its accent is "konnte"."""
    pattern = pack.written.get("possible")
    if pattern is None:
        return False
    near = line.raw[max(0, mention.first - _BEFORE) : mention.number.last + _BEHIND]
    return pattern.search(" ".join(near).lower()) is not None


def time_frame(
    line: Line, mention: Mention, published: date, pack: Pack, *, carried: bool
) -> TimeFrame:
    """Old values, and numbers of an earlier happening by year, month or words."""
    said_before = _cue(pack, "said_before", _left(line, mention, 9, pack))
    if mention.old or said_before or _was_so(line, mention, pack):
        long_ago = _cue(pack, "year_before", _right(line, mention, _BEHIND, pack))
        return TimeFrame.BACKGROUND if long_ago else TimeFrame.OLD
    passed_over = carried or mention.base or _is_recap(line, mention, pack)
    if passed_over or _years_back(line, mention, published, pack):
        return TimeFrame.BACKGROUND
    opening = " ".join(line.words[:_OPENING])  # "Each year …"
    text = f"{opening} # {_around(line, mention, _BEHIND, _BEHIND)}"
    seasons = mention.role == "burned" and _cue(pack, "yearly", text)  # no fire's own
    if seasons or _cue(pack, "background", text) or _is_record(line, mention, pack):
        return TimeFrame.BACKGROUND
    if _ends_then(line, mention, pack) or _was_done_before(line, mention, published, pack):
        return TimeFrame.BACKGROUND
    months_back = mention.role in _VICTIMS and _months_back(line, mention, published, pack)
    if months_back or _is_of_a_month_before(line, mention, pack):
        return TimeFrame.BACKGROUND
    return TimeFrame.CURRENT


def _was_so(line: Line, mention: Mention, pack: Pack) -> bool:
    """Whether a bare number is said to have been so: "it had been 140", "it was 12 at first"."""
    if mention.noun.first < mention.noun.last or mention.step or mention.label:
        return False
    left, right = _left(line, mention, _BEFORE, pack), _right(line, mention, _BEHIND, pack)
    text = f"{left} # {right}"
    return _cue(pack, "had_been", text) or (_cue(pack, "was", text) and _cue(pack, "then", text))


def _is_recap(line: Line, mention: Mention, pack: Pack) -> bool:
    """Whether a state is told as what an event once did: "the storm that cut power to 900"."""
    if not kind_of(mention.role).falls:
        return False
    relative = pack.connectors.get("which", frozenset())
    for at in range(mention.first - 1, max(0, mention.first - _BEFORE), -1):
        if line.kinds[at] == MARK:
            return False
        if line.words[at] in relative:
            done = pack.ends(line.word(at + 1), "past") or line.word(at + 1) in pack.triggers
            return done and line.word(at - 1) not in pack.claimants.get("verbs", ())
    return False


def _is_record(line: Line, mention: Mention, pack: Pack) -> bool:
    """As in "the deadliest attack since 17 people were killed there"."""
    before = " ".join(line.words[max(0, mention.first - 16) : mention.first])
    if _cue(
        pack, "past_record", " ".join(line.words[max(0, mention.first - _BEHIND) : mention.first])
    ):
        return True  # "the worst storm on record killed 40"; "84%, the highest on record" is news
    compared = _cue(pack, "record", before)
    since = pack.noise.get("since", frozenset())
    return compared and any(word in since for word in before.split())


def _ends_then(line: Line, mention: Mention, pack: Pack) -> bool:
    """As in "only two lines were cut then": of a time told before, unlike "then cut two lines"."""
    words = _right(line, mention, _BEHIND, pack).split()
    return bool(words) and words[-1] in pack.connectors.get("at_that_time", ())


def _was_done_before(line: Line, mention: Mention, published: date, pack: Pack) -> bool:
    """Whether it "had" happened in a month that is over: "early in May, it had freed 12"."""
    had = pack.connectors.get("had", frozenset())
    if not any(line.word(at) in had for at in range(mention.trigger - 2, mention.trigger)):
        return False
    since = pack.noise.get("since", frozenset())
    until = pack.connectors.get("ahead", frozenset())  # "before the end of May"
    named = [
        at
        for at, word in enumerate(line.words)
        if word in pack.months
        and line.capital(at)
        and not any(line.word(k) in until for k in range(at - _NEAR, at))
    ]
    if any(word in since for word in line.words):
        return False
    return bool(named) and all(pack.months[line.words[at]] != published.month for at in named)


def _years_back(line: Line, mention: Mention, published: date, pack: Pack) -> bool:
    """Whether every year around the number is long gone; "since 2019" and births do not count."""
    low, high = max(0, mention.first - 14), mention.number.last + 16
    since = pack.noise.get("since", frozenset())
    years = []
    for at, year in _years(line):
        if low <= at < high and not _own(mention, at):
            include = pack.connectors.get("include", frozenset())
            if any(word in include for word in line.words[mention.last : at]):
                continue  # "six buildings burned, including a hall of 1911"
            if _is_of_old(line, mention.last, at, pack):
                continue
            dated = range(max(0, at - _DATE), at)
            of_old = at < mention.first and _opens_when(line, at + 1, pack)
            lasting = not of_old and any(line.word(k) in since for k in dated)
            if line.word(at - 1) in ("and", "born") or lasting:
                continue
            years.append(year)
    return bool(years) and all(year <= published.year - _SETTLED for year in years)


@remembered(RECENT)
def _years(line: Line) -> tuple[tuple[int, int], ...]:
    """Place and value of each year that a sentence names."""
    named = enumerate(zip(line.kinds, line.raw, strict=True))
    return tuple(
        (k, int(raw)) for k, (kind, raw) in named if kind == NUMBER and _YEAR.fullmatch(raw)
    )


def _opens_when(line: Line, at: int, pack: Pack) -> bool:
    """Whether the clause at `at` tells what was then: "since 1993, when 600,000 fled"."""
    at += line.word(at) == ","
    return line.word(at) in pack.connectors.get("then_when", ())


def _is_of_old(line: Line, first: int, at: int, pack: Pack) -> bool:
    """Whether the year is of the value compared with: "67.4%, up from 61% in 2019"."""
    opening, moved = pack.numbers.ranges["from"], pack.connectors.get("moved", frozenset())
    return any(
        line.words[k] in opening and line.words[k - 1] in moved for k in range(first + 1, at)
    )


def _own(mention: Mention, at: int) -> bool:
    return mention.number.first <= at < mention.number.last


def _months_back(line: Line, mention: Mention, published: date, pack: Pack) -> bool:
    """Whether "in February", "on May 3" near the number names a month at least two months gone."""
    preposition = pack.connectors.get("in_month", frozenset())
    since = pack.noise.get("since", frozenset())
    near = range(max(1, mention.first - 8), min(len(line), mention.last + 6))
    for at in (*range(1, min(4, near.start)), *near):
        month = pack.months.get(line.words[at])
        if month and line.kinds[at] == WORD and line.word(at - 1) in preposition:
            following = line.word(at + 1)
            year = following.isdecimal() and len(following) > _DAY
            if year or not line.capital(at):
                continue
            if any(line.word(k) in since for k in range(max(0, at - _NEAR), at)):
                continue  # "since the middle of October"
            if (published.month - month) % 12 >= _MONTHS_BACK:
                return True
    return False


def _is_of_a_month_before(line: Line, mention: Mention, pack: Pack) -> bool:
    """Whether "last October" stands near the number; of the month just over one says otherwise."""
    before = pack.connectors.get("month_before", frozenset())
    if before.isdisjoint(line.words):
        return False
    near = range(max(1, mention.first - _BEHIND), min(len(line), mention.last + _BEHIND))
    return any(
        line.words[at] in pack.months
        and line.capital(at)
        and line.word(at - 1) in before
        and not line.word(at + 1).isdecimal()
        for at in (1, *near)
        if at < len(line)
    )


def opens_in_the_past(line: Line, published: date, pack: Pack) -> bool:
    """Whether the sentence begins "In 2019, …", "In December 2003 …" of a year long gone."""
    opened = line.word(0) in pack.connectors.get("in_month", ())
    for at, year in _years(line):
        if at < _OPENING and (opened or line.word(at + 1) == ","):
            return year <= published.year - _SETTLED
    return False


def tells_of_the_past(line: Line, published: date, pack: Pack) -> bool:
    """Whether the last year that a sentence names is long gone; "since 2019" is not."""
    since = pack.noise.get("since", frozenset())
    years = [year for at, year in _years(line) if line.word(at - 1) not in since]
    return bool(years) and years[-1] <= published.year - _SETTLED


def goes_on(line: Line, pack: Pack) -> bool:
    """Whether a sentence begins with a pronoun: "It has since killed …"."""
    pronouns = pack.claimants.get("pronouns", frozenset()) | pack.connectors.get("own", frozenset())
    return line.word(0) in pronouns


def is_of_today(line: Line, pack: Pack) -> bool:
    """Whether a weekday or "so far" ties the sentence to the news."""
    if any(word in pack.weekdays for word in line.words):
        return True
    return _cue(pack, "today", " ".join(line.words[:40]))


def counting(line: Line, mention: Mention, pack: Pack, *, begins: bool) -> Counting:
    """A running total, one incident's part, or not told; `begins`: see Memory.resolve."""
    text = f"{_left(line, mention, 14, pack)} # {_right(line, mention, _BEHIND, pack)}"
    if is_additional(line, mention, pack, begins=begins):
        return Counting.INCIDENT
    opening = notes.topic(line, mention)  # "Since the start of the war: 1,180 arrests"
    text = f"{' '.join(line.words[opening.start : opening.stop])} # {text}"
    every = line.word(mention.first - 1) in pack.connectors.get("every", ())  # "all 38 miners"
    if every or _cue(pack, "total", text):
        return Counting.TOTAL
    one = not begins and _cue(pack, "incident", text)
    return Counting.INCIDENT if one else Counting.UNKNOWN


def is_additional(line: Line, mention: Mention, pack: Pack, *, begins: bool) -> bool:
    """Whether the number comes on top, or aside: "another 12", "600 more", "41 new deaths"."""
    before = " ".join(line.words[max(0, mention.first - 3) : mention.first])
    if line.word(0) in pack.connectors.get("elsewhere", ()):
        return True  # "Separately, three people drowned …"
    fresh = pack.connectors.get("fresh", frozenset())
    words = line.words[mention.noun.first : mention.noun.last]
    new = mention.noun.head in pack.nouns and any(word in fresh for word in words)
    on_top = mention.noun.more or _cue(pack, "additional", before)
    return mention.step or new or (on_top and not begins)


def is_of_a_day(line: Line, mention: Mention, pack: Pack) -> bool:
    """Whether it counts what each day, or the last one, brought: "in the past 24 hours"."""
    if "/" in mention.measured.unit or mention.measured.kind is Kind.PERCENT:
        return False
    behind = _right(line, mention, _BEHIND, pack)
    if _cue(pack, "daily", behind) and not _cue(pack, "another_day", behind):
        return True
    if _cue(pack, "last_day", behind):
        return True
    pattern, left = pack.cues.get("last_day"), _left(line, mention, 14, pack)
    said = pattern.search(left) if pattern is not None else None
    return said is not None and not _cue(pack, "total", f"{left[said.end() :]} # {behind}")


def is_revised(line: Line, mention: Mention, pack: Pack) -> bool:
    return _cue(pack, "revised", _around(line, mention, _BEFORE, 4))


def is_rising(line: Line, mention: Mention, pack: Pack) -> bool:
    """Whether words say that it moved, or what is left: "climbed to 12", "10 still missing"."""
    if _cue(pack, "rising", _around(line, mention, _BEFORE, 0)):
        return True
    if 0 <= mention.trigger < mention.first and (
        line.words[mention.trigger] in pack.connectors.get("moves", ())
    ):
        return True  # "claims fell 34,000 to 444,000"
    near = f"{_left(line, mention, _NEAR, pack)} # {_right(line, mention, _NEAR, pack)}"
    return _cue(pack, "ebbing", near) or _is_compared(line, mention, pack)


def _is_compared(line: Line, mention: Mention, pack: Pack) -> bool:
    """Whether words behind it say by how much it moved: "286 in hospital, 26 fewer than"."""
    than = pack.connectors.get("than", frozenset())
    steps = pack.connectors.get("lesser", frozenset()) | pack.connectors.get("more", frozenset())
    for at in range(mention.last + 2, min(len(line), mention.last + _BEHIND)):
        if line.words[at] in than and line.words[at - 1] in steps:
            counted = line.kinds[at - 2] == NUMBER or line.words[at - 2] in pack.numbers.small
            return counted and line.word(at - 3) == ","
    return False


def subset(line: Line, mention: Mention, pack: Pack, *, begins: bool) -> str:
    """What part of a larger figure it is: "critical", the noun, "part", "daily", "more"; or "".

    Or "poll": what voters tell who asks them is none of their votes.
    """
    last = mention.number.last
    while last < min(len(line), mention.number.last + 9) and line.kinds[last] == WORD:
        last += 1
    if _cue(pack, "critical", " ".join(line.words[mention.number.last : last])):
        return "critical"
    if line.word(0) in pack.connectors.get("except", ()):
        return "part"  # "Excluding energy, prices rose 3 percent"
    if mention.role == "share" and _cue(pack, "poll", " ".join(line.words)):
        return "poll"
    if not mention.subset:
        if is_of_a_day(line, mention, pack):
            return "daily"
        return "more" if is_additional(line, mention, pack, begins=begins) else ""
    return mention.noun.group or mention.noun.head or "part"
