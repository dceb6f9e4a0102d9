"""What the core rooms share about text: cleaning, folding, words, sentences."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

from anyascii import anyascii

TEXT_LIMIT = 200_000  # characters; the longest real article measured is far below
TITLE_LIMIT = 300
LEAD_SENTENCES = 3
LEAD_END = 2_000  # characters: a text without full stops is no lead
RECENT = 256  # texts whose sentences are known: copies, watches and figures ask in turn

# C0 and C1 controls but tab and newline, soft hyphen, zero-width and bidi controls, BOM, surrogates
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_ODD_BLANK = re.compile(r"[^\S\n ]")
_BLANKS = re.compile(" {2,}")
_APOSTROPHES = re.compile("['’ʼ‘`´]")
_POSSESSIVE = re.compile(r"['’ʼ‘`´](?<=\w.)[sS]\b")  # found by its mark: ten times faster
_WORD = re.compile(r"\w+")

# Scripts written without spaces between words: they are left unfolded and cut by other means.
UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003134f]"
)
# as short as words are, so that what is remembered of them is bounded
_FOREIGN = re.compile(rf"[^\x00-\x7f{UNSPACED.pattern[1:-1]}]{{1,64}}")

# a line break, or what ends a sentence with the white space behind it, where the next one begins
_BREAK = re.compile(
    r"[\n.!?…](?:(?<=\n)\n*|(?<!\n)[\"'”’»)\]]*\s+(?=[\"'“‘«„(\[¿¡]*[^\W_a-zß-ÿа-яёєіїґ]))"
)
_STOPS_BEFORE = re.compile(r"([\w.]+)\.[\"'”’»)\]]*$")
_ABBREVIATIONS = frozenset(
    """
    mr mrs ms dr gen lt col sgt capt maj cpl cmdr adm gov sen rep rev hon prof st mt ft
    no nos vs inc co corp ltd llc approx ca est jan feb mar apr jun jul aug sep sept oct
    nov dec a.m p.m e.g i.e u.s u.k u.n d.c ph.d jr sr fig vol pp hr hrs min sec sq km
    abs bzw usw nr str mio mrd m mm mme sig dott ud uds ing lic godz ok tys mln mld r ul
    пр ул г гг тыс млн млрд им см т.е т.д art ust ст кв
    """.split()
)
_ORDINAL = re.compile(  # German: "am 3. Oktober", "die 47. Brigade"
    r"\b(?:am|vom|zum|beim|im|bis|der|die|das|dem|den) \d{1,3}\.$", re.IGNORECASE
)
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")

P = ParamSpec("P")
T = TypeVar("T")
_MEMORIES: list[Callable[[], None]] = []  # what empties each


def remembered(most: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Let a function remember its last `most` answers, until `forget`."""

    def remembering(function: Callable[P, T]) -> Callable[P, T]:
        made = lru_cache(most)(function)
        _MEMORIES.append(made.cache_clear)
        return cast("Callable[P, T]", made)

    return remembering


def forget() -> None:
    """Drop what was remembered of recent texts: the next ones will be others."""
    for empty in _MEMORIES:
        empty()


def clean(text: str) -> str:
    """Plain text for keeping: NFC, no controls, single blanks, at most `TEXT_LIMIT` characters."""
    text = text[: 2 * TEXT_LIMIT]
    if not text.replace("\n", "").isprintable():  # what is unseen, and every blank but " ", is not
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
        text = _ODD_BLANK.sub(" ", _UNSEEN.sub("", text))
    lines = unicodedata.normalize("NFC", text).split("\n")
    kept = filter(None, (_BLANKS.sub(" ", line).strip(" ") for line in lines))
    return "\n".join(kept)[:TEXT_LIMIT].rstrip()


def one_line(text: str, limit: int = TITLE_LIMIT) -> str:
    """Cleaned, on one line, cut with an ellipsis when longer than `limit`.

    The cut is at a word, but within one that would cost half of the line, as in Chinese.
    """
    return shortened(clean(text), limit)


def shortened(text: str, limit: int) -> str:
    """A cleaned text on one line, as `one_line` cuts it."""
    line = text.replace("\n", " ")
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    words = cut.rsplit(" ", 1)[0]
    return (words if 2 * len(words) >= limit else cut).rstrip(",;:-–— ") + "…"


_in_ascii = remembered(4_096)(anyascii)  # the same letters and quotation marks come again


def fold(text: str) -> str:
    """The form in which words are compared: case, accents and scripts folded, apostrophes gone.

    Scripts without spaces stay as they are. Length is not kept: never cut quotes by it.
    """
    text = unicodedata.normalize("NFKC", text).lower()
    if text.isascii():
        return _APOSTROPHES.sub("", text)
    folded = _FOREIGN.sub(lambda run: _in_ascii(run.group()), text)
    return _APOSTROPHES.sub("", folded).lower()


@remembered(RECENT)  # for the archive, and again for the watches
def searchable(text: str) -> str:
    """The form in which full text is indexed and asked for: folded, an English possessive gone.

    Scripts without spaces get one between any two characters, so that a plain tokenizer finds
    their words as phrases.
    """
    folded = fold(_POSSESSIVE.sub("", text))
    return UNSPACED.sub(r" \g<0> ", folded) if UNSPACED.search(folded) else folded


def words(text: str) -> list[str]:
    """Runs of letters and digits, in order."""
    return _WORD.findall(text)


@remembered(RECENT)
def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Spans of the sentences, in order; a line break always ends one.

    Abbreviations, initials and decimal points do not. `text[start:end]` has no outer white space.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _BREAK.finditer(text):
        stop = match.start() + (match[0][0] != "\n")
        gap = text[stop : match.end()]
        if "\n" not in gap and _goes_on(text, start, stop):
            continue
        _add_span(spans, text, start, stop + _closing(gap))
        start = match.end()
    _add_span(spans, text, start, len(text))
    return tuple(spans)


def lead(title: str, body: str) -> str:
    """Headline and first sentences: the places named there are the event's own."""
    spans = sentences(body)[:LEAD_SENTENCES]
    return "\n".join([title, *(body[start : min(end, LEAD_END)] for start, end in spans)])


def _closing(found: str) -> int:
    return len(found) - len(found.lstrip("\"'”’»)]"))


def _goes_on(text: str, start: int, stop: int) -> bool:
    """Whether the full stop before `stop` belongs to an abbreviation, initial or ordinal."""
    if text[stop - 1] != ".":
        return False
    if text[stop - 2 : stop - 1].isdecimal():
        return _ORDINAL.search(text, max(start, stop - 24), stop) is not None
    before = _STOPS_BEFORE.search(text, max(start, stop - 24), stop)
    if before is None:
        return False
    word = before.group(1).lower()
    return word in _ABBREVIATIONS or _INITIALS.fullmatch(word) is not None


def _add_span(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append((start, end))
