"""Terms as phrases of the words that the full-text engine sees."""

import re
import unicodedata
from dataclasses import dataclass

from monitor import text

_TOKEN = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words in a row; `prefix`: the last one may go on."""

    words: tuple[str, ...]
    prefix: bool

    def __str__(self) -> str:
        return f'"{" ".join(self.words)}"{"*" if self.prefix else ""}'


def tokens(line: str) -> tuple[str, ...]:
    """Cut a text into the words that the full-text engine sees."""
    return cut(text.searchable(line))


def cut(searchable: str) -> tuple[str, ...]:
    """Cut what went through `text.searchable`."""
    if searchable.isascii():
        return tuple(_TOKEN.findall(searchable))
    found: list[str] = []
    for part in searchable.split():
        if text.UNSPACED.match(part):
            found += [part] if unicodedata.category(part[0])[0] in "LNM" else []
        else:
            found += _TOKEN.findall(part)
    return tuple(found)


def phrases(term: str) -> tuple[Phrase, ...]:
    """Read a listed term; empty when nothing in it can be searched for.

    A word within the term that may go on ends a phrase: the engine knows prefixes only there.
    """
    found: list[Phrase] = []
    row: list[str] = []
    for word in term.split():
        row += tokens(word.rstrip("*"))
        if word.endswith("*") and row:
            found.append(Phrase(words=tuple(row), prefix=True))
            row = []
    if row:
        found.append(Phrase(words=tuple(row), prefix=False))
    return tuple(found)
