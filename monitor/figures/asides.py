"""Clauses put in between commas or dashes, over which a sentence goes on.

"39 people, including a doctor, were killed", "cases, which stood at 24, have risen to 58".
"""

from monitor.figures.packs import Pack
from monitor.figures.tokens import DASHES, ENDS, Line

_REACH = 14  # tokens
_CLAUSE = 30


def past_aside(line: Line, at: int, pack: Pack) -> int:
    """Behind what is put in between commas or dashes from `at` on; or 0."""
    if line.words[at] == ",":
        return _past_insertion(line, at, pack) or 0
    return _past_dashes(line, at, pack) if line.words[at] in DASHES else 0


def _past_dashes(line: Line, at: int, pack: Pack) -> int:
    """Behind "people - mostly young, many of them masked - had gathered"; or 0."""
    finite = pack.connectors.get("finite", frozenset())
    for k in range(at + 2, min(len(line) - 1, at + _CLAUSE)):
        if line.words[k] in ENDS:
            return 0
        if line.words[k] == line.words[at] and line.words[k + 1] in finite:
            return k + 1
    return 0


def _past_insertion(line: Line, at: int, pack: Pack) -> int | None:
    """Behind ", including 3 children," or ", a man and a boy," when a verb then goes on.

    The second comma may be left out: "39 people, including 27 foreigners were dead".
    """
    finite = pack.connectors.get("finite", frozenset())
    parts = line.word(at + 1) in pack.connectors.get("skip_after_comma", ())
    relative = False
    for k in range(at + 2, min(len(line), at + _REACH)):
        word = line.words[k]
        if word == ",":
            onward = line.word(k + 1)
            told = parts and (
                onward in pack.triggers or onward in pack.grammar.get("auxiliaries", ())
            )
            return k + 1 if told or onward in finite else None
        if word in ENDS or (relative and not parts):
            return None
        if word in finite and not relative:
            return k if parts else None
        relative = relative or word in pack.connectors.get("relative", ())
    return None


def before_insertion(line: Line, at: int, pack: Pack) -> int:
    """Where a clause that ends before `at` opened: "cases, which stood at 24, have risen to 58".

    The token of its first comma or dash; `at` itself where none ends there.
    """
    mark = line.word(at - 1)
    if mark != "," and mark not in DASHES:
        return at
    relative = pack.connectors.get("relative", frozenset())
    for k in range(at - 2, max(0, at - _CLAUSE), -1):
        if line.words[k] in ENDS:
            return at
        if line.words[k] == mark and line.words[k + 1] in relative:
            return k
    return at
