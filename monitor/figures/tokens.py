"""A sentence as tokens: numbers, words, currency signs, marks."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from sys import intern
from typing import Final

from monitor.text import remembered

NUMBER: Final = "number"
WORD: Final = "word"
MONEY: Final = "money"
MARK: Final = "mark"

SENTENCE_LIMIT = 1_200  # characters; the longest real sentences have 600
NEXT = 2  # characters between two sentences of one paragraph
RECENT = 2_048  # sentences with numbers remembered as understood: of some 200 articles
_WORDS = 8_192  # whose plain form is remembered: all but the rare ones
DASHES = frozenset("-–—‑−")
ENDS = frozenset(".;:!?|•·")  # of a clause
_BULLETS = "\u2190"  # arrows, shapes and pictures, which part as a bullet does
_SIGNS = frozenset("−≈≤≥∼")
APART = "\u00a0\u202f\u2009"  # no-break and thin spaces: inside a number they always group

_COMMAS = r"\d{1,3}(?: , \d{3})+(?!\d)"  # "1 , 000", as some pages space it
_TAIL = r"(?!\d)(?:[.,]\d+)?"
_APART_GROUPS = rf"\d{{1,3}}(?:[{APART}]\d{{3}})+{_TAIL}"
_SPACE_GROUPS = rf"\d{{1,3}}(?:[{APART} ]\d{{3}})+{_TAIL}"
# where a plain space is unusual, only two groups or one group of zeros are believed
_FEW_SPACES = rf"{_APART_GROUPS}|\d{{1,3}}(?: \d{{3}}){{2,}}{_TAIL}|\d{{1,3}} 000(?!\d)"
_ELIDED = r"(?i:[ld]|un|all|dall|dell|nell|sull|quell)['’](?=[^\W\d_])"  # "l'", "dell'"
_OTHERS = (
    r"|\d+(?:[.,'’]\d+)*|(?<![\w.,])[.,]\d+))"
    r"|(?P<money>\b(?:US|AU|CA|NZ|HK|A|C|S|R|NT)\$|\$(?:(?:US|AU|NZ|A|C)(?=\s?\d))?|[€£¥₹₽₩₴₺₪₦฿₫])"
    r"|(?P<word>(?:[^\W\d_]\.){2,}(?=\W|$)|\b[Ww]/(?:o|out|in)?(?![\w/])|%s[^\W\d_]+(?:['’][^\W\d_]+)*)"
    r"|(?P<mark>[^\w\s]|_))"
)
_TOKENS = {
    (spaced, elides): re.compile(
        # blanks and words, of which there are most, are seen at once to be no number
        rf"(?=\S)(?:(?P<number>(?=[\d.,])(?:{_COMMAS}|{_SPACE_GROUPS if spaced else _FEW_SPACES}"
        + _OTHERS % (f"{_ELIDED}|" if elides else "")
    )
    for spaced in (True, False)
    for elides in (True, False)
}
_ACCENTS = re.compile("[\u0300-\u036f]+")
_SHORT = {"w/": "with", "w/o": "without", "w/out": "without", "w/in": "within"}
_ELISIONS = re.compile(rf"(?<![\w'’]){_ELIDED}")


def plain(word: str) -> str:
    """Lower case without accents, with a straight apostrophe: how packs spell their words.

    What posts shorten with a stroke is spelt out.
    """
    word = word.lower().replace("’", "'")
    if word.isascii():
        return _SHORT.get(word, word)
    return _ACCENTS.sub("", unicodedata.normalize("NFD", word))


def apart(text: str) -> str:
    """With a blank behind an elided article: "d' euros", as tokens of such a language are."""
    return _ELISIONS.sub(r"\g<0> ", text)


@dataclass(slots=True, frozen=True, eq=False)
class Line:
    """The tokens of one sentence in parallel lists, with offsets into it; equal to itself alone."""

    text: str
    kinds: list[str]
    raw: list[str]
    words: list[str]  # plain
    starts: list[int]
    ends: list[int]

    def __len__(self) -> int:
        return len(self.kinds)

    def word(self, index: int) -> str:
        """The plain word there, or "" outside the sentence."""
        return self.words[index] if 0 <= index < len(self.words) else ""

    def tight(self, index: int) -> bool:
        """Whether token `index` touches the one before it."""
        return 0 < index < len(self.starts) and self.starts[index] == self.ends[index - 1]

    def capital(self, index: int) -> bool:
        """Whether the word has a capital letter somewhere: "Boeing", "iPhone"."""
        return 0 <= index < len(self.raw) and self.raw[index] != self.raw[index].lower()


@remembered(RECENT)
def tokenize(text: str, *, spaced: bool, elides: bool) -> Line:
    """Tokens of a sentence; of one that was seen lately the very same `Line`.

    `spaced`: a plain space may group digits; `elides`: "l'eau" are two words.
    """
    found = list(_TOKENS[spaced, elides].finditer(text))
    kinds = [match.lastgroup or MARK for match in found]
    raw = [intern(match.group()) for match in found]  # sentences are kept, news repeats its words
    words = list(map(_plain, raw, kinds))
    return Line(text, kinds, raw, words, [m.start() for m in found], [m.end() for m in found])


@remembered(_WORDS)
def _plain(raw: str, kind: str) -> str:
    if kind == MARK and raw >= _BULLETS and raw not in _SIGNS:
        return "|"
    return intern(plain(raw) if kind == WORD else raw.lower())


class Lines:
    """The sentences of a text, tokenized when they are looked at.

    What runs on for longer than `SENTENCE_LIMIT` is cut at a blank, so that windows and quotes
    stay small on any input.
    """

    def __init__(
        self, text: str, spans: Sequence[tuple[int, int]], *, spaced: bool, elides: bool
    ) -> None:
        self.text = text
        self.spans = [piece for span in spans for piece in _pieces(text, *span)]
        self._spaced, self._elides = spaced, elides
        self._lines: dict[int, Line] = {}

    def __getitem__(self, index: int) -> Line:
        if index not in self._lines:
            piece = self.text[slice(*self.spans[index])]
            self._lines[index] = tokenize(piece, spaced=self._spaced, elides=self._elides)
        return self._lines[index]


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    pieces = []
    while end - start > SENTENCE_LIMIT:
        cut = text.rfind(" ", start + SENTENCE_LIMIT // 2, start + SENTENCE_LIMIT)
        cut = cut if cut > 0 else start + SENTENCE_LIMIT
        pieces.append((start, cut))
        start = cut + (text[cut] == " ")
    return [*pieces, (start, end)]
