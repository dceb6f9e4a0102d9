"""A document as weighted stems: what stands in the headline, in the lead, and which are names.

A stem is known by a key of 30 bits (CRC-32, its two lowest bits cut), so that vectors are small
and need no table of words; two stems of a vocabulary of 100,000 share a key about five times.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast
from zlib import crc32

from monitor.model import Document
from monitor.text import UNSPACED

BODY_WORDS = 250  # read that many content words of the body
BODY_CHARACTERS = 5_000  # where they are found, stop words included
LEAD_WORDS = 60
TAIL_WEIGHT = 0.3  # of a word after the lead
TITLE_WEIGHT = 3.0  # of a word of the headline
TITLE_ONLY_WORDS = 5  # a body of no more words says nothing

UPPER, LOWER = 1, 2  # the cut bits of a key tell how running text wrote the word
KEY_BITS = 0xFFFFFFFC

# A word keeps its inner apostrophes; a number its points and commas; U.S. is one word.
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’ʼ][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’ʼ]s?$")
_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "en": "english", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian",
    "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian",
    "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali",
    "nl": "dutch", "nb": "norwegian", "no": "norwegian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish", "ta": "tamil",
    "tr": "turkish", "yi": "yiddish",
}  # fmt: skip

Stem = Callable[[Sequence[str]], list[str]]


@dataclass(frozen=True, slots=True)
class Token:
    """A content word: its key, and whether it was written with a capital, in small, in digits."""

    key: int
    upper: bool
    lower: bool


@dataclass(frozen=True, slots=True)
class Tokens:
    """The content words of a document in order, and what the keys stand for."""

    title: tuple[Token, ...]
    body: tuple[Token, ...]
    written: Mapping[int, str]  # key -> as first written, in small letters

    @property
    def title_only(self) -> bool:
        return len(self.body) <= TITLE_ONLY_WORDS

    def weights(self) -> dict[int, float]:
        """Key -> count, the headline counting more and what follows the lead less."""
        found: dict[int, float] = {}
        for token in self.title:
            found[token.key] = found.get(token.key, 0.0) + TITLE_WEIGHT
        for token in self.body[:LEAD_WORDS]:
            found[token.key] = found.get(token.key, 0.0) + 1.0
        for token in self.body[LEAD_WORDS:]:
            found[token.key] = found.get(token.key, 0.0) + TAIL_WEIGHT
        return found

    def names(self, is_name: Callable[[int], bool | None]) -> dict[int, float]:
        """Key -> count of capitalised words and numbers.

        `is_name` answers how running text writes a word, None when it was never seen. Headlines
        in Title Case tell nothing by themselves.
        """
        shouting = sum(token.upper for token in self.title) > 0.7 * len(self.title)
        found: dict[int, float] = {}
        for tokens, weight, unsure in ((self.title, 2.0, shouting), (self.body, 1.0, False)):
            for token in tokens:
                if token.lower:
                    continue
                usual = is_name(token.key) if token.upper else True
                if usual or (usual is None and not unsure):
                    found[token.key] = found.get(token.key, 0.0) + weight
        return found

    def cased(self) -> list[int]:
        """The distinct keys in order, with the bits `UPPER` and `LOWER` from the running text."""
        found = {token.key: 0 for token in self.title}
        for token in self.body:
            found[token.key] = (
                found.get(token.key, 0) | (UPPER * token.upper) | (LOWER * token.lower)
            )
        return [key | bits for key, bits in found.items()]


def tokens(document: Document, stop_words: Mapping[str, frozenset[str]]) -> Tokens:
    """The content words of a document in its language."""
    stops = stop_words.get(document.language, frozenset())
    stem = _stemmer(document.language)
    written: dict[int, str] = {}
    title = _tokens(document.title, stops, stem, written)
    body = _tokens(document.text[:BODY_CHARACTERS], stops, stem, written)
    return Tokens(title=title[:BODY_WORDS], body=body[:BODY_WORDS], written=written)


def _tokens(
    text: str, stops: frozenset[str], stem: Stem, written: dict[int, str]
) -> tuple[Token, ...]:
    surfaces: list[str] = []
    for surface in _TOKEN.findall(text):
        if not surface.isascii() and UNSPACED.search(surface):
            surfaces += (surface[i : i + 2] for i in range(max(1, len(surface) - 1)))
        else:
            surfaces.append(surface)
    pairs = [(surface, _plain(surface)) for surface in surfaces]
    pairs = [
        (surface, plain)
        for surface, plain in pairs
        if plain not in stops and (len(plain) > 1 or not plain.isascii() or plain.isdigit())
    ][:BODY_WORDS]
    found: list[Token] = []
    for (surface, plain), root in zip(pairs, stem([plain for _, plain in pairs]), strict=True):
        key = crc32(root.encode("utf-8", "surrogatepass")) & KEY_BITS
        written.setdefault(key, plain)
        found.append(Token(key, surface[0].isupper(), surface[0].islower()))
    return tuple(found)


def _plain(surface: str) -> str:
    """In small letters, without a possessive and the points of initials."""
    surface = surface.lower()
    if surface.isalnum() or surface[0].isdigit():
        return surface
    return _POSSESSIVE.sub("", surface).replace(".", "")


@cache
def _stemmer(language: str) -> Stem:
    name = _STEMMERS.get(language)
    if name is None:
        return list
    import Stemmer

    return cast("Stem", Stemmer.Stemmer(name).stemWords)
