"""Numbers in a text, understood: `read` turns a text into readings.

One pass over the sentences that hold a number; no model, no clock, linear in the text. Words come
from the language packs, the grammar is code. A number that is no figure keeps its reason in
`noise`; a number that is understood has a role.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from monitor.figures import flags
from monitor.figures.claimant import Claimants
from monitor.figures.mention import Mention, mentions
from monitor.figures.packs import Pack, Packs, load_packs
from monitor.figures.roles import assign
from monitor.figures.tokens import Line, Lines, plain
from monitor.figures.triggers import SAME
from monitor.model import Kind, Reading
from monitor.text import sentences

__all__ = ["GRAMMAR", "Packs", "load_packs", "read"]

GRAMMAR = "4"  # changes with the rules, so that old articles can be read again
NUMBERS_LIMIT = 2_000  # in one document; beyond it is a table
_NEXT = 2  # characters between two sentences of one paragraph
LEAD = 2  # sentences that count as the head of an article
_JOINED_LEFT = re.compile(r"\w[.,]?$")
_JOINED_RIGHT = re.compile(r"[.,]?\w")


class _Memory:
    """What a sentence takes from the ones before it.

    Role and people, for "bringing the total to 127"; the past that "In 2003 …" opened, once more.
    """

    def __init__(self) -> None:
        self._last: Mention | None = None
        self._past_until = -100  # end of the last sentence that opened in the past

    def in_the_past(self, line: Line, context: "_Context") -> bool:
        if flags.opens_in_the_past(line, context.published, context.pack):
            self._past_until = line.end
            return True
        near = 0 <= line.start - self._past_until <= _NEXT
        return near and not flags.is_of_today(line, context.pack)

    def resolve(self, held: list[Mention]) -> None:
        for mention in held:
            if mention.role == SAME:
                mention.role = ""
                if self._last is not None and mention.measured.kind is Kind.COUNT:
                    mention.role = self._last.role
                    mention.group = mention.group or self._last.group
                    mention.nations = mention.nations or self._last.nations
            elif mention.role and mention.measured.kind is Kind.COUNT:
                self._last = mention


@dataclass(frozen=True, slots=True)
class _Context:
    """What every number of a document shares."""

    lines: Lines
    title: str
    published: datetime
    pack: Pack
    claimants: Claimants
    memory: _Memory


def read(
    text: str, *, language: str, published: datetime, packs: Packs, title: str = ""
) -> tuple[Reading, ...]:
    """All numbers of `text` in order of position; noise carries its reason and no role.

    Offsets are into `text`; the quote is the sentence. `title` only tells which numbers the
    headline repeats.
    """
    pack = packs.of(language)
    lines = Lines(text, sentences(text), spaced=pack.numbers.spaced, elides=pack.elides)
    context = _Context(lines, title, published, pack, Claimants(lines, pack), _Memory())
    found: list[Reading] = []
    for index, (start, end) in enumerate(lines.spans):
        if len(found) >= NUMBERS_LIMIT:
            break
        if pack.numbers.wanted.search(plain(text[start:end])):
            found += _sentence(context, index)
    return tuple(found)


def _sentence(context: _Context, index: int) -> list[Reading]:
    line = context.lines[index]
    held = mentions(line, context.pack)
    if not held:
        return []
    assign(line, held, context.pack)
    context.memory.resolve(held)
    past = context.memory.in_the_past(line, context)
    return [_reading(context, index, line, mention, past=past) for mention in held]


def _reading(context: _Context, index: int, line: Line, mention: Mention, *, past: bool) -> Reading:
    number, pack = mention.number, context.pack
    start, end = line.starts[number.first], line.ends[number.last - 1]
    surface = line.text[start:end]
    low, high = number.low, number.high
    if number.fraction and mention.measured.unit == "%":
        low, high = _percent(low), _percent(high)
    plain_reading = Reading(
        start=start,
        end=end,
        surface=surface,
        low=low,
        high=high,
        qualifier=mention.qualifier,
        kind=mention.measured.kind,
        unit=mention.measured.unit,
        quote_start=line.start,
        quote_end=line.end,
        quote=line.text[line.start : line.end],
        noun=mention.noun.text,
        noise=mention.noise,
        headline=index < LEAD or _is_in(context.title, surface),
    )
    if mention.noise:
        return plain_reading
    frame = flags.time_frame(line, mention, context.published, pack, carried=past)
    return replace(
        plain_reading,
        role=mention.role,
        group=mention.group,
        nations=mention.nations,
        subset=flags.subset(line, mention, pack),
        scope=flags.scope(line, mention, pack),
        modality=flags.modality(line, mention, pack),
        time_frame=frame,
        counting=flags.counting(line, mention, pack),
        revised=flags.is_revised(line, mention, pack),
        rising=flags.is_rising(line, mention, pack),
        conversion=mention.conversion,
        anaphoric=mention.anaphoric and not mention.subset,
        claimant=context.claimants.of(index, number.first),
    )


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
