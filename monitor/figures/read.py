"""Numbers in a text, understood: `read` turns a text into readings.

One pass over the sentences that hold a number; no model, no clock, linear in the text. Words come
from the language packs, the grammar is code. A number that is no figure keeps its reason in
`noise`; a number that is understood has a role.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial

from monitor.figures import flags, places, topics
from monitor.figures.claimant import Claimants
from monitor.figures.memory import Memory
from monitor.figures.mention import Mention, mentions
from monitor.figures.packs import Pack, Packs, load_packs
from monitor.figures.roles import assign
from monitor.figures.tokens import RECENT, Line, Lines, plain
from monitor.model import Counting, Reading, Series
from monitor.text import remembered, sentences

__all__ = ["GRAMMAR", "Packs", "load_packs", "read"]

GRAMMAR = "10"  # changes with the rules, so that old articles can be read again
NUMBERS_LIMIT = 2_000  # in one document; beyond it is a table
LEAD = 2  # sentences that count as the head of an article
_HEAD = 400  # characters that tell what it is about
_JOINED_LEFT = re.compile(r"\w[.,]?$")
_JOINED_RIGHT = re.compile(r"[.,]?\w")


@dataclass(frozen=True, slots=True)
class _Context:
    """What every number of a document shares."""

    lines: Lines
    title: str
    month: date  # of publication, its first day
    about: frozenset[str]  # what its head tells it is about: "fire", "ballot"
    pack: Pack
    claimants: Claimants
    memory: Memory


def read(
    text: str,
    *,
    language: str,
    published: datetime,
    packs: Packs,
    title: str = "",
    series: Iterable[Series] = (),
) -> tuple[Reading, ...]:
    """All numbers of `text` in order of position; noise carries its reason and no role.

    Offsets are into `text`; the quote is the sentence. `title` tells which numbers the headline
    repeats, and what the article is about; so do the `series` that its event has told so far.
    """
    pack = packs.of(language)
    lines = Lines(text, sentences(text), spaced=pack.numbers.spaced, elides=pack.elides)
    month = published.date().replace(day=1)
    about = topics.named(f"{title}\n{text[:_HEAD]}", pack) | topics.followed(series)
    claimants, memory = Claimants(lines, pack), Memory(lines, pack)
    context = _Context(lines, title, month, about, pack, claimants, memory)
    found: list[Reading] = []
    for index, (start, end) in enumerate(lines.spans):
        if len(found) >= NUMBERS_LIMIT:
            break
        if _may_hold_a_number(text[start:end], pack):
            found += _sentence(context, index, start)
    return tuple(found)


@remembered(4 * RECENT)  # most hold none
def _may_hold_a_number(sentence: str, pack: Pack) -> bool:
    return pack.numbers.wanted.search(plain(sentence)) is not None


def _sentence(context: _Context, index: int, start: int) -> list[Reading]:
    line, memory = context.lines[index], context.memory
    held = [
        memory.resolve(index, topics.completed(line, mention, context.about, context.pack))
        for mention in _understood(line, context.pack)
    ]
    if not held:
        return []
    past = memory.in_the_past(line, start, context.month)
    return [
        _reading(context, index, start, mention, past=past, begins=begins)
        for mention, begins in held
    ]


@remembered(RECENT)
def _understood(line: Line, pack: Pack) -> tuple[Mention, ...]:
    """The numbers of a sentence, with what it says of them by itself."""
    held = mentions(line, pack)
    assign(line, held, pack)
    return tuple(held)


def _reading(
    context: _Context, index: int, offset: int, mention: Mention, *, past: bool, begins: bool
) -> Reading:
    """What the sentence states, at its place in the text."""
    line, number = context.lines[index], mention.number
    start, end = line.starts[number.first], line.ends[number.last - 1]
    stated = _stated(line, mention, context.month, context.pack, past=past, begins=begins)
    return stated(
        start=offset + start,
        end=offset + end,
        quote_start=offset,
        quote_end=offset + len(line.text),
        headline=index < LEAD
        or _is_listed(line, mention)
        or _is_in(context.title, line.text[start:end]),
        claimant="" if mention.noise else context.claimants.of(index, number.first),
    )


@remembered(2 * RECENT)
def _stated(
    line: Line, mention: Mention, month: date, pack: Pack, *, past: bool, begins: bool
) -> Callable[..., Reading]:
    """The reading of a number, as far as its sentence tells: all but its place, and who says it."""
    number = mention.number
    low, high = number.low, number.high
    if number.fraction and mention.measured.unit == "%":
        low, high = _percent(low), _percent(high)
    reading = partial(
        Reading,
        surface=line.text[line.starts[number.first] : line.ends[number.last - 1]],
        low=low,
        high=high,
        qualifier=mention.qualifier,
        kind=mention.measured.kind,
        unit=mention.measured.unit,
        quote=line.text,
        noun=mention.noun.text,
        noise=mention.noise,
    )
    if mention.noise:
        return reading
    counting = flags.counting(line, mention, pack, begins=begins)
    if counting is Counting.UNKNOWN and _is_listed(line, mention):
        counting = Counting.TOTAL
    return partial(
        reading,
        role=mention.role,
        group=mention.group,
        nations=mention.nations,
        subset=flags.subset(line, mention, pack, begins=begins),
        scope=places.scope(line, mention, pack),
        modality=flags.modality(line, mention, pack),
        time_frame=flags.time_frame(line, mention, month, pack, carried=past),
        counting=counting,
        revised=flags.is_revised(line, mention, pack),
        rising=flags.is_rising(line, mention, pack),
        conversion=mention.conversion,
        anaphoric=mention.anaphoric and not mention.subset,
    )


def _is_listed(line: Line, mention: Mention) -> bool:
    """As in "Missing: 7", "Claims: 9,200 have been received"."""
    labelled = bool(mention.label) and line.words[mention.label.stop] == ":"
    return labelled or line.word(1) == ":"


def _is_in(title: str, surface: str) -> bool:
    """Whether the number stands in the title by itself: "4", not in "40" or "4.5"."""
    at = title.find(surface)
    while at >= 0:
        before, behind = title[:at], title[at + len(surface) :]
        if not (_JOINED_LEFT.search(before) or _JOINED_RIGHT.match(behind)):
            return True
        at = title.find(surface, at + 1)
    return False


def _percent(part: Decimal) -> Decimal:
    """A share of one as per cent, two decimals at most: 66.67."""
    value = (part * 100).quantize(Decimal("0.01"))
    whole = value.to_integral_value()
    return whole if whole == value else value
