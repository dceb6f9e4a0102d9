"""A document cut into comparable words and sentences, once."""

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import accumulate, chain, compress, count
from operator import not_
from typing import NamedTuple

from monitor import text
from monitor.dedupe import numerals
from monitor.dedupe.numerals import FIGURE
from monitor.model import Document

LONGEST_SENTENCE = 200  # words: a page without full stops is cut, or comparing never ends
RECENT = 256  # texts kept cut: the reports of one story are compared with the same few
NORMALISER = 2  # counts up with every change of what a token is

# Who passes a post on says so before it; the words are another's.
_REPOST = re.compile(r"^RT (?:by )?@[\w.@-]+:?\s", re.MULTILINE)

KNOWN_WORDS = 32_768  # surfaces whose token is remembered; news repeats its words


def _pattern(unspaced: str) -> re.Pattern[str]:
    """Words and numbers; `unspaced`: ranges of the characters that are words by themselves.

    All begin with one class, so that the engine leaps over what lies between words.
    """
    return re.compile(  # the most frequent first
        rf"([\w%{unspaced}](?:(?<=[^\W\d{unspaced}])[^\W{unspaced}]+"
        rf"|(?<!\w\w)(?<=[^\W\d_{unspaced}])\.(?:[^\W\d_]\.)+"  # U.S., a.m.
        rf"|(?<=\d)(?:{numerals.DIGITS})[^\W\d_{unspaced}]*"
        rf"|(?<=[^\W\d]|[%{unspaced}])))"
    )


_ANY_SCRIPT = _pattern(text.UNSPACED.pattern[1:-1])
_SPACED = _pattern("")


class Sentence(NamedTuple):
    """A sentence: `text[start:end]` of the document, `tokens[first:last]` of the prepared text."""

    start: int
    end: int
    first: int
    last: int
    hash: int  # signed 64-bit, of the tokens


class Spans:
    """Where each token stands, in eight bytes: texts are kept, and tuples would take 120."""

    __slots__ = ("_edges",)

    def __init__(self, edges: "array[int]") -> None:
        self._edges = edges  # first character and the one behind the last, by turns

    def __getitem__(self, at: int) -> tuple[int, int]:
        return self._edges[2 * at], self._edges[2 * at + 1]

    @property
    def starts(self) -> "array[int]":
        return self._edges[::2]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prepared:
    """A document's comparable form, equal to itself alone.

    `tokens` beside `spans` (characters of the document's text); `sentences` cover all tokens in
    order; `kept` are the sentences that are no furniture, `words` their tokens.
    """

    document: Document
    tokens: tuple[str, ...]
    spans: Spans
    sentences: tuple[Sentence, ...]
    kept: tuple[Sentence, ...]
    words: tuple[str, ...]
    unspaced: bool  # written without spaces: a token is a character

    def place_of(self, word: int) -> int:
        """Where in `tokens` the n-th of `words` stands."""
        for sentence in self.kept:
            if word < sentence.last - sentence.first:
                return sentence.first + word
            word -= sentence.last - sentence.first
        raise IndexError(word)

    @property
    def hashes(self) -> frozenset[int]:
        """Of the sentences: what the store is asked about to learn which are furniture."""
        return frozenset(s.hash for s in self.sentences)

    @property
    def left_out(self) -> tuple[str, ...]:
        """The sentences that are furniture, as written."""
        kept = {s.first for s in self.kept}
        body = self.document.text
        return tuple(body[s.start : s.end] for s in self.sentences if s.first not in kept)

    def without(self, furniture: AbstractSet[int]) -> "Prepared":
        """Leave the outlet's furniture out; when all would go, all stays."""
        kept = tuple(s for s in self.sentences if s.hash not in furniture)
        if not kept or len(kept) == len(self.sentences):
            return self
        words = tuple(chain.from_iterable(self.tokens[s.first : s.last] for s in kept))
        return replace(self, kept=kept, words=words)


@text.remembered(RECENT)
def prepare(document: Document) -> Prepared:
    """Cut a document into tokens and sentences."""
    body = document.text
    single = 0 if body.isascii() else len(text.UNSPACED.findall(body))
    tokens, edges = tokenise(body, document.language, spaced=not single)
    for mark in _REPOST.finditer(body) if "RT " in body else ():
        first, last = (bisect_left(edges[::2], at) for at in mark.span())
        del tokens[first:last], edges[2 * first : 2 * last]
    sentences = _sentences(body, tokens, edges)
    words = tuple(tokens)
    return Prepared(
        document=document,
        tokens=words,
        spans=Spans(edges),
        sentences=sentences,
        kept=sentences,
        words=words,
        unspaced=2 * single > len(tokens),
    )


def tokenise(body: str, language: str, *, spaced: bool) -> tuple[list[str], "array[int]"]:
    """Lower-case words, numbers in one spelling; and where each begins and ends, by turns.

    `spaced`: no character of `body` is a word by itself.
    """
    parts: list[str] = (_SPACED if spaced else _ANY_SCRIPT).split(body)
    del parts[2::3]  # the sign within a date: now every second part is a word
    places = array("I", accumulate(map(len, parts)))
    places.pop()  # the end of what follows the last word
    surfaces = parts[1::2]
    known = list(map(_plain, surfaces))
    tokens: list[str] = []
    edges = array("I")
    figures: list[int] = []
    done = 0
    for at in compress(count(), map(not_, known)):
        tokens += known[done:at]
        edges += places[2 * done : 2 * at]
        done = at + 1
        start, end = places[2 * at : 2 * done]
        if surfaces[at][0].isdigit():
            before = body[start - 1] if start else ""
            token, unit = numerals.digits(surfaces[at], language, before)
            if unit:
                figures.append(len(tokens))
                tokens.append(token)
                edges.extend((start, end - len(unit)))
                token, start = unit, end - len(unit)
        else:
            glued = bool(edges) and body[edges[-1] : start] in numerals.GLUE
            last = tokens[-1] if tokens else ""
            token, joins = numerals.spelt(_lower(surfaces[at]), last, glued=glued)
            if joins:
                tokens[-1], edges[-1] = token, end
                continue
        if token[0] == FIGURE:
            figures.append(len(tokens))
        tokens.append(token)
        edges.extend((start, end))
    tokens += known[done:]
    edges += places[2 * done :]
    numerals.mark_dates(body, tokens, edges, figures)
    return tokens, edges


@text.remembered(KNOWN_WORDS)
def _plain(surface: str) -> str:
    """The token of a word; "" for what is or may be a number: that depends on its neighbours."""
    token = "" if surface[0].isdigit() else _lower(surface)
    return "" if token in numerals.WORDS else token


def _lower(surface: str) -> str:
    token = surface.replace(".", "").lower()
    return token if token.isascii() else unicodedata.normalize("NFKC", token)


def _sentences(body: str, tokens: list[str], edges: "array[int]") -> tuple[Sentence, ...]:
    found: list[Sentence] = []
    first = last = 0
    start: int | None = None
    starts = edges[::2]
    borders = text.sentences(body)
    for i, (begin, end) in enumerate(borders):
        start = begin if start is None else start
        last = bisect_left(starts, end, last)
        if i + 1 < len(borders) and (
            (last and edges[2 * last - 1] > end) or _runs_on(body, end, borders[i + 1][0])
        ):
            continue
        for at in range(first, last, LONGEST_SENTENCE):
            to = min(at + LONGEST_SENTENCE, last)
            found.append(
                Sentence(
                    start=start if at == first else edges[2 * at],
                    end=end if to == last else edges[2 * to - 1],
                    first=at,
                    last=to,
                    hash=_hash(tokens[at:to]),
                )
            )
        first, start = last, None
    return tuple(found)


def _runs_on(body: str, end: int, start: int) -> bool:
    """Whether only a line was broken: no full stop before, no capital letter after."""
    return (body[end - 1].isalnum() or body[end - 1] in ",;-") and (
        body[start].islower() or body[start].isdigit()
    )


def _hash(tokens: list[str]) -> int:
    digest = blake2b(" ".join(tokens).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)
