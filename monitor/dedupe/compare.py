"""How two texts that are largely one differ: sentence by sentence, number by number."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

from monitor.dedupe.numerals import DATE, FIGURE, MONEY, PERIODS
from monitor.dedupe.prepare import Prepared, Sentence
from monitor.model import FigureDifference

ALIKE = 0.4  # of the smaller frame's word pairs: worth a look
RESTATED = 0.6  # the same sentence, with other numbers or in slightly other words
PIECE = 0.8  # of the longer one's words: two splitters cut the text differently
FRAME = 6  # words: shorter frames are shared by strangers, unless their neighbours agree too
COMMON = 100  # sentences: word pairs that more of them have tell nothing, and cost most
REWORDED = 6  # words: a longer replacement is another sentence, no substitution

_NUMBERS = (FIGURE, DATE)
_UNITS = {
    word: kind
    for kind, words in enumerate(
        """
        metre metres meter meters m
        kilometre kilometres kilometer kilometers km
        foot feet ft
        mile miles
        acre acres
        hectare hectares ha
        kilogram kilograms kilo kilos kg
        pound pounds lb lbs stg sterling
        tonne tonnes
        ton tons
        dollar dollars dlr dlrs usd
        euro euros eur
        yen
        mark marks
        franc francs
        celsius centigrade c
        fahrenheit f
        mph
        kph kmh
        litre litres liter liters
        gallon gallons
        percent
        """.strip().split("\n")
    )
    for word in words.split()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A sentence with its numbers masked."""

    text: Prepared
    place: int  # among the kept sentences
    sentence: Sentence
    tokens: tuple[str, ...]
    masked: tuple[str, ...]
    pairs: frozenset[tuple[str, str]]
    numbers: Counter[str]  # values

    def capital(self, at: int) -> bool:
        """Whether the word is written with a capital letter that is not the sentence's own."""
        place = self.sentence.first + at
        start = self.text.spans[place][0]
        return start != self.sentence.start and self.text.document.text[start].isupper()

    def __str__(self) -> str:
        return self.text.document.text[self.sentence.start : self.sentence.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """An old sentence beside the new one that took its place."""

    old: Frame
    new: Frame
    likeness: float


def frame(text: Prepared, place: int) -> Frame:
    """The kept sentence at `place` as a frame."""
    sentence = text.kept[place]
    tokens = text.tokens[sentence.first : sentence.last]
    masked = tuple(FIGURE if t[0] in _NUMBERS else t for t in tokens)
    return Frame(
        text=text,
        place=place,
        sentence=sentence,
        tokens=tokens,
        masked=masked,
        pairs=frozenset(pairwise(masked)),
        numbers=Counter(t[1:] for t in tokens if t[0] in _NUMBERS),
    )


def align(old: Prepared, new: Prepared) -> list[Pair]:
    """Sentences of `new` beside those of `old` that they resemble, in order.

    Only a sentence that vanished from the old text can have been changed into a fresh one. A pair
    is each other's best match, or one is a piece of the other.
    """
    before = {s.hash for s in old.sentences}
    after = {s.hash for s in new.sentences}
    gone = [frame(old, i) for i, s in enumerate(old.kept) if s.hash not in after]
    fresh = [frame(new, i) for i, s in enumerate(new.kept) if s.hash not in before]
    likely = sorted(
        _likely(gone, fresh),
        key=lambda p: (-p.likeness, abs(p.new.place - p.old.place), p.new.place),
    )
    best_of_new: dict[int, int] = {}
    best_of_old: dict[int, int] = {}
    for pair in likely:
        best_of_new.setdefault(pair.new.place, pair.old.place)
        best_of_old.setdefault(pair.old.place, pair.new.place)
    chosen = [
        p
        for p in likely
        if (best_of_new[p.new.place] == p.old.place) + (best_of_old[p.old.place] == p.new.place)
        >= (1 if _is_piece(p) else 2)
    ]
    return sorted(chosen, key=lambda p: (p.new.place, p.old.place))


def _likely(gone: list[Frame], fresh: list[Frame]) -> Iterator[Pair]:
    places: dict[tuple[str, str], list[int]] = {}
    for i, old in enumerate(gone):
        for words in old.pairs:
            places.setdefault(words, []).append(i)
    for new in fresh:
        shared = Counter(
            i for words in new.pairs for i in places.get(words, ()) if len(places[words]) <= COMMON
        )
        for i, count in shared.items():
            likeness = _likeness(gone[i], new, count)
            if likeness >= ALIKE:
                yield Pair(old=gone[i], new=new, likeness=likeness)


def _likeness(old: Frame, new: Frame, shared: int) -> float:
    if min(len(old.masked), len(new.masked)) >= FRAME:
        return shared / min(len(old.pairs), len(new.pairs))
    return 1.0 if old.masked == new.masked and _neighbours_agree(old, new) else 0.0


def _neighbours_agree(old: Frame, new: Frame) -> bool:
    there, here = old.text.kept, new.text.kept
    return any(
        0 <= old.place + step < len(there)
        and 0 <= new.place + step < len(here)
        and there[old.place + step].hash == here[new.place + step].hash
        for step in (-1, 1)
    )


def _is_piece(pair: Pair) -> bool:
    short, long = sorted((len(pair.old.tokens), len(pair.new.tokens)))
    return short <= PIECE * long


def changed_figures(pairs: Sequence[Pair]) -> list[tuple[Frame, FigureDifference]]:
    """The new sentences that state other figures than the old ones, with the difference."""
    restated = [p for p in pairs if p.likeness >= RESTATED]
    known: dict[int, Counter[str]] = {}
    kept: dict[int, Counter[str]] = {}
    for pair in restated:
        known.setdefault(pair.new.place, Counter()).update(pair.old.numbers)
        kept.setdefault(pair.old.place, Counter()).update(pair.new.numbers)
    found = []
    for pair in restated:
        gone = pair.old.numbers - kept[pair.old.place]
        fresh = pair.new.numbers - known[pair.new.place]
        if gone and fresh:
            difference = _differing(pair, gone, fresh)
            if difference is not None:
                found.append((pair.new, difference))
    return found


def _differing(pair: Pair, lost: Counter[str], won: Counter[str]) -> FigureDifference | None:
    """The figures that stand in the same slot of both sentences with another value."""
    gone: list[str] = []
    fresh: list[str] = []
    for i, j in slots(pair):
        before, after = pair.old.tokens[i][1:], pair.new.tokens[j][1:]
        if lost[before] > 0 and won[after] > 0 and _comparable(pair, i, j):
            lost[before] -= 1
            won[after] -= 1
            gone.append(before)
            fresh.append(after)
    if not gone:
        return None
    return FigureDifference(
        old_sentence=str(pair.old),
        new_sentence=str(pair.new),
        gone=tuple(gone),
        fresh=tuple(fresh),
    )


def slots(pair: Pair) -> Iterator[tuple[int, int]]:
    """Places (old, new) of the figures that an alignment of the two sentences pairs."""
    old, new = pair.old, pair.new
    for block in _matcher(pair).get_matching_blocks():
        for k in range(block.size if block.size > 1 else 0):
            before, after = old.tokens[block.a + k], new.tokens[block.b + k]
            if before[0] in _NUMBERS and FIGURE in (before[0], after[0]):
                yield block.a + k, block.b + k


def _matcher(pair: Pair) -> SequenceMatcher[str]:
    return SequenceMatcher(None, pair.old.masked, pair.new.masked, autojunk=False)


def _comparable(pair: Pair, i: int, j: int) -> bool:
    """Whether the two numbers count the same thing.

    "5 plants" and "12 workers" do not, nor do "600 m" and "2,000 ft", nor numbers that both texts
    state and only arrange in another way.
    """
    old, new = pair.old, pair.new
    return (
        _follow_alike(old.masked[i + 1 : i + 3], new.masked[j + 1 : j + 3])
        and _unit(old, i) == _unit(new, j)
        and _sign(old, i) == _sign(new, j)
        and (_more_often(old, i, new.text) or _more_often(new, j, old.text))
    )


def _follow_alike(old: tuple[str, ...], new: tuple[str, ...]) -> bool:
    """Whether the word after a number is kept, at most behind one that was put in."""
    return not (old and new) or old[0] in new[:2] or new[0] in old[:2]


def _more_often(frame: Frame, at: int, other: Prepared) -> bool:
    """Whether the frame's own text says this number before the same word more often."""
    phrase = frame.tokens[at : at + 2]
    if len(phrase) == 1:
        return True
    own = sum(words == phrase for words in pairwise(frame.text.tokens))
    return own > sum(words == phrase for words in pairwise(other.tokens))


def _unit(frame: Frame, at: int) -> int | None:
    following = frame.tokens[at + 1 : at + 4]
    return next((_UNITS[word] for word in following if word in _UNITS), None)


def _sign(frame: Frame, at: int) -> str:
    start = frame.text.spans[frame.sentence.first + at][0]
    sign = frame.text.document.text[start - 1] if start else ""
    return sign if sign in MONEY else ""


def restates(old: Prepared, sentence: Frame) -> bool:
    """Whether `old` has the sentence with these figures already."""
    for place, known in enumerate(old.sentences):
        if known.hash == sentence.sentence.hash:
            return True
        if place < len(old.kept):
            other = frame(old, place)
            shared = len(other.pairs & sentence.pairs)
            if (
                not sentence.numbers - other.numbers
                and _likeness(other, sentence, shared) >= RESTATED
            ):
                return True
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitutions:
    """What was put in place of what, over all paired sentences."""

    figures: int = 0  # slots in all
    changed: int = 0
    periods: int = 0  # another month, weekday, date
    names: int = 0  # different names that the other text has nowhere
    lead_names: int = 0  # of these, in the first sentences


def substitutions(old: Prepared, new: Prepared, pairs: list[Pair]) -> Substitutions:
    """Count the substitutions, beside all figures of the sentences that both texts have."""
    before = {s.hash for s in old.sentences}
    figures = sum(
        t[0] == FIGURE for s in new.kept if s.hash in before for t in new.tokens[s.first : s.last]
    )
    changed = periods = lead_names = 0
    names: set[tuple[str, ...]] = set()
    there, here = set(old.tokens), set(new.tokens)
    for pair in pairs:
        for i, j in slots(pair):
            figures += 1
            changed += pair.old.tokens[i][1:] != pair.new.tokens[j][1:]
        for op, i1, i2, j1, j2 in _opcodes(pair):
            if op != "replace" or max(i2 - i1, j2 - j1) > REWORDED:
                continue
            if _has_period(pair.old.tokens[i1:i2]) and _has_period(pair.new.tokens[j1:j2]):
                periods += 1
            elif _renamed(_names(pair.old, i1, i2, here), _names(pair.new, j1, j2, there)):
                names.add(pair.new.tokens[j1:j2])
                lead_names += pair.new.place < 2  # noqa: PLR2004 - the first two
    return Substitutions(
        figures=figures,
        changed=changed,
        periods=periods,
        names=len(names),
        lead_names=lead_names,
    )


def _opcodes(pair: Pair) -> Sequence[tuple[str, int, int, int, int]]:
    """Edits on the words, figures masked but dates as they are."""
    old = [FIGURE if t[0] == FIGURE else t for t in pair.old.tokens]
    new = [FIGURE if t[0] == FIGURE else t for t in pair.new.tokens]
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _has_period(tokens: tuple[str, ...]) -> bool:
    return any(t in PERIODS or t[0] == DATE for t in tokens)


def _names(frame: Frame, start: int, end: int, elsewhere: set[str]) -> list[str]:
    """The capitalised words of a stretch that the other text has nowhere."""
    return [
        frame.tokens[i]
        for i in range(start, end)
        if frame.capital(i) and frame.tokens[i] not in elsewhere
    ]


def _renamed(old: Sequence[str], new: Sequence[str]) -> bool:
    """Another name, not another spelling of it: "Kiev" and "Kyiv" begin alike."""
    return bool(old and new) and {t[0] for t in old}.isdisjoint(t[0] for t in new)
