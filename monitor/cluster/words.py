"""A document as weighted stems: what stands in the headline, in the lead, and which are names.

A stem is known by a key of 29 bits of its CRC-32, so that vectors are small and need no table of
words; two stems of a vocabulary of 100,000 share a key about ten times.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import cast
from zlib import crc32

from monitor.model import Document
from monitor.text import UNSPACED

BODY_WORDS = 250  # read that many content words of the body
BODY_CHARACTERS = 5_000  # where they are found, stop words included
LEAD_WORDS = 60
TAIL_WEIGHT = 0.3  # of a word after the lead
TITLE_WEIGHT = 3.0  # of a word of the headline
NUMBER_WEIGHT = 0.7  # of a number beside a word: the numbers of a running story change
SHOUTING = 0.7  # of the words of a headline with a capital: it is in Title Case
TITLE_ONLY_WORDS = 5  # a body of no more words says nothing

UPPER, LOWER = 1, 2  # the two lowest bits beside a key tell how running text wrote the word
CASE_BITS = UPPER | LOWER
KEY_BITS = 0xFFFFFFFC
_NUMBER = 0x80000000  # the highest bit of the key of a number
_WORD_BITS = KEY_BITS & ~_NUMBER

# A word keeps its inner apostrophes; a number its points and commas; U.S. is one word.
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|(?:[^\W\d_]\.){2,}|[^\W_]+(?:['’ʼ][^\W_]+)*")
# Its words are told apart by their capitals: "#PineFire", "#KCFire", "#Storm2025".
_HASHTAG = re.compile(r"(?<![\w/&])#([^\W\d]\w*)")
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
_ELIDING = frozenset({"ca", "fr", "it"})  # "l'eau" is read as "eau"
# Of a stem only so many letters, where compounds agree in their first part ("Geiselnahme" and
# "Geiselnehmer"); compare McNamee, Nicholas, Mayfield 2009, "Addressing morphological variation".
_STEM_LETTERS = {"de": 6, "nl": 6}

_REMEMBERED = 65_536  # surfaces whose code is known; news repeats its words


@dataclass(frozen=True, slots=True)
class Tokens:
    """The content words of a document in order, as coded by `Reader`, and as they were written.

    A code is a key and, in its two lowest bits, whether the word was written with a capital
    (`UPPER`), without (`LOWER`), is of a script without cases (neither), or never a name: a number,
    a day, a month (both).
    """

    title: tuple[int, ...]
    body: tuple[int, ...]
    spelt: Sequence[tuple[int, str]]  # codes of both, each with its word

    @property
    def title_only(self) -> bool:
        return len(self.body) <= TITLE_ONLY_WORDS

    def written(self) -> dict[int, str]:
        """Key -> what it stands for, as first written."""
        return {code & KEY_BITS: surface for code, surface in reversed(self.spelt)}

    def weights(self) -> dict[int, float]:
        """Key -> count, the headline counting more and what follows the lead less."""
        found: dict[int, float] = {}
        for codes, weight in (
            (self.title, TITLE_WEIGHT),
            (self.body[:LEAD_WORDS], 1.0),
            (self.body[LEAD_WORDS:], TAIL_WEIGHT),
        ):
            for code in codes:
                key = code & KEY_BITS
                counts = NUMBER_WEIGHT * weight if code & _NUMBER else weight
                found[key] = found.get(key, 0.0) + counts
        return found

    def names(self, is_name: Callable[[int], bool | None]) -> dict[int, float]:
        """Key -> count of capitalised words, and of all words of a script without cases.

        `is_name` answers how running text writes a word, None when it was never seen. Headlines
        in Title Case tell nothing by themselves.
        """
        shouting = sum(code & UPPER for code in self.title) > SHOUTING * len(self.title)
        found: dict[int, float] = {}
        for codes, weight, unsure in ((self.title, 2.0, shouting), (self.body, 1.0, False)):
            for code in codes:
                if code & LOWER:
                    continue
                key = code & KEY_BITS
                usual = is_name(key) if code & UPPER else True
                if usual or (usual is None and not unsure):
                    found[key] = found.get(key, 0.0) + weight
        return found

    def cased(self) -> list[int]:
        """The distinct keys in order, with the cases in which running text wrote each."""
        found = {code & KEY_BITS: 0 for code in self.title}
        for code in self.body:
            key = code & KEY_BITS
            found[key] = found.get(key, 0) | (code & CASE_BITS)
        return [key | bits for key, bits in found.items()]


class Reader:
    """Reads the documents of one language."""

    def __init__(
        self,
        language: str,
        stop_words: frozenset[str],
        nameless: frozenset[str] = frozenset(),
        determiners: frozenset[str] = frozenset(),
    ) -> None:
        self._stop_words = stop_words
        self._nameless = nameless
        self._determiners = determiners
        self._stem = _stemmer(language)
        self._elides = language in _ELIDING
        self._coded = lru_cache(_REMEMBERED)(self._code)

    def read(self, document: Document) -> Tokens:
        text = document.text[:BODY_CHARACTERS]
        title = self._coded_words(document.title)
        body = self._coded_words(text)
        if "#" in text:  # a hashtag says what a post is about, as a headline does
            tags = dict.fromkeys(tag[0] for tag in _HASHTAG.finditer(text))
            title += self._coded_words(" ".join(tags))
        return Tokens(
            title=tuple([code for code, _ in title]),
            body=tuple([code for code, _ in body]),
            spelt=title + body,
        )

    def stem(self, surface: str) -> str:
        """Give the stem that a key stands for."""
        return self._stem(_plain(surface))

    def _coded_words(self, text: str) -> list[tuple[int, str]]:
        """The first content words, coded and as written."""
        if "#" in text:
            text = _HASHTAG.sub(_words_of_hashtag, text)
        surfaces: list[str] = _TOKEN.findall(text)
        if self._determiners:
            surfaces = self._with_small_nouns(surfaces)
        if not text.isascii() and UNSPACED.search(text):
            surfaces = [part for surface in surfaces for part in _pairs(surface)]
        coded = zip(map(self._coded, surfaces), surfaces, strict=True)
        return [each for each in coded if each[0]][:BODY_WORDS]

    def _with_small_nouns(self, surfaces: list[str]) -> list[str]:
        """Where each noun has a capital: without it behind a determiner or number, as no name."""
        before = chain((" ",), surfaces)
        return [
            surface.lower() if b.lower() in self._determiners or b[0].isdigit() else surface
            for b, surface in zip(before, surfaces, strict=False)
        ]

    def _code(self, surface: str) -> int:
        """Key and case of a word; 0 for one that says nothing."""
        plain = _plain(surface)
        if plain in self._stop_words or (len(plain) == 1 and "a" <= plain <= "z"):
            return 0
        key = key_of(self._stem(plain))
        if key & _NUMBER or plain in self._nameless:
            return key | CASE_BITS
        first = surface[0]
        if self._elides:
            first = surface.replace("’", "'").rpartition("'")[2][0]
        return key | UPPER * first.isupper() | LOWER * first.islower()


def key_of(stem: str) -> int:
    code = crc32(stem.encode("utf-8", "surrogatepass"))
    return code & KEY_BITS | _NUMBER if stem[:1].isdigit() else code & _WORD_BITS


def key_of_outlet(outlet: str) -> int:
    """The key of an outlet, counted beside the words; no word has a mark."""
    return key_of(f"@{outlet}")


def _words_of_hashtag(tag: re.Match[str]) -> str:
    """Its words with spaces between: one begins at a capital or a number."""
    word = tag[1]
    return word[0] + "".join(
        f" {c}" if _begins(before, c, after) else c
        for before, c, after in zip(word, word[1:], word[2:] + " ", strict=False)
    )


def _begins(before: str, c: str, after: str) -> bool:
    if c.isdigit():
        return not before.isdigit()
    return c.isupper() and (not before.isupper() or after.islower())


def _pairs(surface: str) -> Iterable[str]:
    """A run of a script without spaces as pairs of characters; another word as it is."""
    if not UNSPACED.search(surface):
        return (surface,)
    return (surface[i : i + 2] for i in range(max(1, len(surface) - 1)))


def _plain(surface: str) -> str:
    """In small letters, without a possessive and the points of initials."""
    surface = surface.lower()
    if surface.isalnum() or surface[0].isdigit():
        return surface
    return _POSSESSIVE.sub("", surface).replace(".", "")


def _stemmer(language: str) -> Callable[[str], str]:
    name = _STEMMERS.get(language)
    if name is None:
        return str
    import Stemmer

    stem = cast("Callable[[str], str]", Stemmer.Stemmer(name).stemWord)
    if language in _ELIDING:  # the stemmer takes off "l'", not "l’"
        return lambda word: stem(word.replace("’", "'"))
    if letters := _STEM_LETTERS.get(language):
        return lambda word: word if word[0].isdigit() else stem(word)[:letters]
    return stem
