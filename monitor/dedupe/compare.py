"""How two texts that are largely one differ: sentence by sentence, number by number."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import chain, pairwise
from math import fsum

from monitor.dedupe.numerals import DATE, FIGURE, MONEY, ONE, SCALES, scaled
from monitor.dedupe.prepare import KNOWN_WORDS, RECENT, Prepared, Sentence
from monitor.model import FigureDifference
from monitor.text import remembered

REWRITTEN = 0.2  # of the smaller frame's word pairs: look at the words themselves
ALIKE = 0.4  # of its pairs, or by weight of its words: the sentence may have been changed
RESTATED = 0.6  # it is the same sentence, with other numbers or in other words
PIECE = 0.8  # of the longer one's words: two splitters cut the text differently
FRAME = 6  # words: shorter frames are shared by strangers, unless their neighbours agree too
ROUNDED = 2  # digits fewer that state the same number, …
ROUNDED_OFF = Decimal("0.05")  # … if it comes so near
SENTENCES = 8  # of each recent text whose frames are remembered: most are never compared
PAIRS = 64  # whose slots are remembered, from telling what was put in place of what
COMMON = 100  # sentences: word pairs that more of them have tell nothing, and cost most
FRACTION = frozenset("/\N{FRACTION SLASH}")
PIECES = FRACTION | {"\N{REPLACEMENT CHARACTER}"}

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
_PEOPLE = dict.fromkeys(("person", "persons", "people"), "person")
_UNIT_NAMES = _PEOPLE | {word: f"unit {kind}" for word, kind in _UNITS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A sentence with its numbers masked, its words stemmed."""

    text: Prepared
    place: int  # among the kept sentences
    sentence: Sentence
    tokens: tuple[str, ...]
    masked: tuple[str, ...]
    pairs: frozenset[tuple[str, str]]  # of masked words

    @property
    def numbers(self) -> Counter[str]:
        """Its values."""
        return Counter([t[1:] for t in self.tokens if t[0] in _NUMBERS])

    def capital(self, at: int) -> bool:
        """Whether the word is written with a capital letter."""
        return self.text.document.text[self.text.spans[self.sentence.first + at][0]].isupper()

    def surface(self, at: int) -> str:
        """The word as written."""
        start, end = self.text.spans[self.sentence.first + at]
        return self.text.document.text[start:end]

    def __str__(self) -> str:
        return self.text.document.text[self.sentence.start : self.sentence.end]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pair:
    """An old sentence beside the new one that took its place, equal to itself alone."""

    old: Frame
    new: Frame
    likeness: float


def frame(text: Prepared, place: int) -> Frame:
    """The kept sentence at `place` as a frame."""
    sentence = text.kept[place]
    tokens = text.tokens[sentence.first : sentence.last]
    masked, pairs = _frame_of(tokens)
    return Frame(
        text=text, place=place, sentence=sentence, tokens=tokens, masked=masked, pairs=pairs
    )


@remembered(SENTENCES * RECENT)
def _frame_of(tokens: tuple[str, ...]) -> tuple[tuple[str, ...], frozenset[tuple[str, str]]]:
    masked = tuple(map(_masked, tokens))
    return masked, frozenset(pairwise(masked))


@remembered(KNOWN_WORDS)
def _masked(token: str) -> str:
    """One form for "1 soldier" and "2 soldiers", "1 person" and "2 people", "metres" and "m"."""
    if token[0] in _NUMBERS:
        return FIGURE
    return _UNIT_NAMES.get(token) or token.removesuffix("s")


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
        key=lambda p: (
            -p.likeness,
            -_size(p),
            abs(p.new.place - p.old.place),
            p.new.place,
            p.old.place,
        ),
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
    restated = [p for p in chosen if p.likeness >= RESTATED]
    old_taken, new_taken = {p.old.place for p in restated}, {p.new.place for p in restated}
    return sorted(
        (
            p
            for p in chosen
            if p.likeness >= RESTATED or not (p.old.place in old_taken or p.new.place in new_taken)
        ),
        key=lambda p: (p.new.place, p.old.place),
    )


def _likely(gone: list[Frame], fresh: list[Frame]) -> Iterator[Pair]:
    sentences: Mapping[str, int] = {}
    places: dict[tuple[str, str], list[int]] = {}
    sought = frozenset[tuple[str, str]]().union(*(new.pairs for new in fresh))
    for i, old in enumerate(gone):
        for words in old.pairs & sought:
            places.setdefault(words, []).append(i)
    for new in fresh:
        known = [places[words] for words in new.pairs & places.keys()]
        shared = Counter(chain.from_iterable(found for found in known if len(found) <= COMMON))
        for i, count in shared.items():
            likeness = _likeness(gone[i], new, count)
            if REWRITTEN <= likeness < 1:
                sentences = sentences or _sentences_with(gone) | _sentences_with(fresh)
                likeness = max(likeness, _shared_words(gone[i], new, sentences))
            if likeness >= ALIKE:
                yield Pair(old=gone[i], new=new, likeness=likeness)


def _sentences_with(frames: Iterable[Frame]) -> Counter[str]:
    """How many of the sentences have a word."""
    return Counter(chain.from_iterable(set(f.masked) for f in frames))


def _shared_words(old: Frame, new: Frame, sentences: Mapping[str, int]) -> float:
    """How much of the smaller sentence the other has, in whatever order.

    A word tells the less about a sentence, the more others have it.
    """
    before, after = set(old.masked), set(new.masked)
    shared, *whole = (  # exact sums: the words of a set come in another order in every process
        fsum(1 / sentences[w] for w in words) for words in (before & after, before, after)
    )
    return shared / min(whole)


def _likeness(old: Frame, new: Frame, shared: int) -> float:
    """The share of the smaller frame's word pairs that both have; short ones are equal or not."""
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


def _size(pair: Pair) -> int:
    return min(len(pair.old.tokens), len(pair.new.tokens))


def _is_piece(pair: Pair) -> bool:
    return _size(pair) <= PIECE * max(len(pair.old.tokens), len(pair.new.tokens))


def changed_figures(pairs: Sequence[Pair]) -> list[tuple[Frame, FigureDifference]]:
    """The new sentences that state other figures than the old ones, with the difference.

    A figure is compared once, in the pair that is most alike.
    """
    restated = sorted((p for p in pairs if p.likeness >= RESTATED), key=lambda p: -p.likeness)
    known: dict[int, Counter[str]] = {}
    kept: dict[int, Counter[str]] = {}
    for pair in restated:
        known.setdefault(pair.new.place, Counter()).update(pair.old.numbers)
        kept.setdefault(pair.old.place, Counter()).update(pair.new.numbers)
    settled: set[tuple[str, int]] = set()
    found = []
    for pair in restated:
        lost = pair.old.numbers - kept[pair.old.place]
        won = pair.new.numbers - known[pair.new.place]
        difference = _differing(pair, lost, won, settled)
        if difference is not None:
            found.append((pair.new, difference))
    return sorted(found, key=lambda f: f[0].place)


def _differing(
    pair: Pair, lost: Counter[str], won: Counter[str], settled: set[tuple[str, int]]
) -> FigureDifference | None:
    """The figures that stand in the same slot of both sentences with another value."""
    gone: list[str] = []
    fresh: list[str] = []
    for i, j in slots(pair):
        here = {("old", pair.old.sentence.first + i), ("new", pair.new.sentence.first + j)}
        if here & settled:
            continue
        settled |= here
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


@remembered(PAIRS)
def slots(pair: Pair) -> Sequence[tuple[int, int]]:
    """Places (old, new) of the figures that stand in the same slot of the two sentences.

    An alignment finds them; in a clause that moved, the two words behind a figure do.
    """
    old, new = pair.old, pair.new
    left = {i for i, t in enumerate(old.tokens) if t[0] == FIGURE}
    right = {j for j, t in enumerate(new.tokens) if t[0] == FIGURE}
    found: list[tuple[int, int]] = []
    if not (left or right):
        return found
    matcher = SequenceMatcher(None, old.masked, new.masked, autojunk=False)
    for block in matcher.get_matching_blocks():
        for k in range(block.size if block.size > 1 else 0):
            i, j = block.a + k, block.b + k
            if old.tokens[i][0] in _NUMBERS and FIGURE in (old.tokens[i][0], new.tokens[j][0]):
                left.discard(i)
                right.discard(j)
                found.append((i, j))
    before, after = _followers(old, left), _followers(new, right)
    for words, places in before.items():
        if len(places) == len(after.get(words, ())) == 1:
            found.append((places[0], after[words][0]))
    return found


def _followers(frame: Frame, figures: Iterable[int]) -> dict[tuple[str, ...], list[int]]:
    """The figures by the two words that follow them."""
    found: dict[tuple[str, ...], list[int]] = {}
    for i in figures:
        words = frame.masked[i + 1 : i + 3]
        if len(words) == 2:  # noqa: PLR2004 - two
            found.setdefault(words, []).append(i)
    return found


def _comparable(pair: Pair, i: int, j: int) -> bool:
    """Whether the two numbers count the same thing.

    "5 plants" and "12 workers" do not, nor do "600 m" and "2,000 ft", nor numbers that both texts
    state and only arrange in another way.
    """
    old, new = pair.old, pair.new
    return (
        not (_scale_lost(old, i, new, j) or _rounded(old, i, new, j))
        and not (_broken(old, i) or _broken(new, j) or _fraction_lost(old, i, new, j))
        and _surroundings_agree(old, i, new, j)
        and _bare_scale(old, i) == _bare_scale(new, j)
        and not (_pronoun(old, i) or _pronoun(new, j))
        and _unit(old, i) == _unit(new, j)
        and _sign(old, i) == _sign(new, j)
        and (_more_often(old, i, new.text) or _more_often(new, j, old.text))
    )


def _scale_lost(old: Frame, i: int, new: Frame, j: int) -> bool:
    """Whether one text only lost the scale of the same number: "48 million" and "48"."""
    before, after = (f.tokens[k][1:].replace(".", "").strip("0") for f, k in ((old, i), (new, j)))
    return before == after and scaled(old.surface(i)) != scaled(new.surface(j))


def _broken(frame: Frame, at: int) -> bool:
    """Whether the number is part of a fraction in pieces: "4\ufffd months", "41 / 2 months"."""
    start, end = frame.text.spans[frame.sentence.first + at]
    body = frame.text.document.text
    beside = (body[max(0, start - 2) : start].rstrip(" ")[-1:], body[end : end + 2].lstrip(" ")[:1])
    return not PIECES.isdisjoint(beside)


def _fraction_lost(old: Frame, i: int, new: Frame, j: int) -> bool:
    """Whether one text only lost the signs of the same fraction: "4 1/2" and "412"."""
    before, after = (unicodedata.normalize("NFKC", f.surface(k)) for f, k in ((old, i), (new, j)))
    fraction = not FRACTION.isdisjoint(before + after)
    return fraction and _digits(before) == _digits(after)


def _digits(surface: str) -> str:
    return "".join(filter(str.isdigit, surface))


def _rounded(old: Frame, i: int, new: Frame, j: int) -> bool:
    """Whether the new text only tells less: "2,314", then "2,300"; "438", then "more than 430"."""
    if not (old.tokens[i][0] == new.tokens[j][0] == FIGURE):
        return False
    before, after = Decimal(old.tokens[i][1:]), Decimal(new.tokens[j][1:])
    coarser = _precision(before) - _precision(after)
    hedged = after < before and old.tokens[i - 1 : i] != new.tokens[j - 1 : j]
    return coarser >= ROUNDED - hedged and abs(before - after) <= ROUNDED_OFF * before


def _precision(value: Decimal) -> int:
    return len(value.normalize().as_tuple().digits)


def _bare_scale(frame: Frame, at: int) -> bool:
    """Whether the number is only a scale: "thousands" of people."""
    return frame.surface(at).lower() in SCALES


def _pronoun(frame: Frame, at: int) -> bool:
    """Whether the number counts nothing: "one of the largest"."""
    return frame.tokens[at : at + 2] == (ONE, "of")


def _surroundings_agree(old: Frame, i: int, new: Frame, j: int) -> bool:
    """Whether the word after a number is kept, at most behind one that was put in.

    Where a sentence ends with the number, one of the words before it is.
    """
    behind, ahead = (
        [word for word in f.masked[k + 1 : k + 3] if word != FIGURE]
        for f, k in ((old, i), (new, j))
    )
    if behind and ahead:
        return behind[0] in ahead or ahead[0] in behind
    before, after = (set(f.tokens[max(0, k - 3) : k]) for f, k in ((old, i), (new, j)))
    return not (behind or ahead) or not before.isdisjoint(after)


def _more_often(frame: Frame, at: int, other: Prepared) -> bool:
    """Whether the frame's own text says this number before the same word more often.

    The sentences that both texts have tell nothing about that.
    """
    phrase = frame.tokens[at : at + 2]
    return len(phrase) == 1 or _count(phrase, frame.text, other) > _count(phrase, other, frame.text)


def _count(phrase: tuple[str, ...], text: Prepared, other: Prepared) -> int:
    shared = other.hashes
    return sum(
        words == phrase
        for s in text.kept
        if s.hash not in shared
        for words in pairwise(text.tokens[s.first : s.last])
    )


def _unit(frame: Frame, at: int) -> int | None:
    following = frame.tokens[at + 1 : at + 4]
    return next((_UNITS[word] for word in following if word in _UNITS), None)


def _sign(frame: Frame, at: int) -> str:
    start = frame.text.spans[frame.sentence.first + at][0]
    sign = frame.text.document.text[start - 1] if start else ""
    return sign if sign in MONEY else ""


def restates(old: Prepared, sentence: Frame) -> bool:
    """Whether `old`, a whole text, has the sentence with these figures already."""
    numbers = sentence.numbers
    stating = _stating(old)
    if not numbers.keys() <= stating.keys():
        return False
    if sentence.sentence.hash in old.hashes:
        return True
    for place in set(range(len(old.kept))).intersection(*(stating[n] for n in numbers)):
        other = frame(old, place)
        shared = len(other.pairs & sentence.pairs)
        if _likeness(other, sentence, shared) >= RESTATED and not numbers - other.numbers:
            return True
    return False


@remembered(RECENT)
def _stating(text: Prepared) -> dict[str, set[int]]:
    """The values of its numbers, each with the places of the kept sentences that state it."""
    found: dict[str, set[int]] = {}
    for place, sentence in enumerate(text.kept):
        for token in text.tokens[sentence.first : sentence.last]:
            if token[0] in _NUMBERS:
                found.setdefault(token[1:], set()).add(place)
    return found
