"""Watches as full-text queries: which articles matter, and by which of the watch's words.

A listed term is a phrase; case, accents, script and punctuation never matter. A plain word also
finds its English plural and possessive ("soldier": soldiers, soldier's); `*` at its end finds every
ending. What `search` gives is taken word for word. Queries are SQLite FTS5 over the columns `title`
and `body`, both in the form of `text.searchable`.
"""

import itertools
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from monitor.config import Watch
from monitor.errors import SearchError
from monitor.watch.needs import Need, need
from monitor.watch.search import SearchLine, parse
from monitor.watch.words import Phrase, phrases, tokens

MOST_ALTERNATIVES = 1_000  # in one list: 5,000 cost 29 ms an article
MOST_NEAR = 400  # combinations of a `near`, each a query of its own
SHORTEST_PREFIX = 3
SHORTEST_PLURAL = 3  # "us" must not find "uses"

_REFERENCE = re.compile(r"\s*\{(\w+)\}\s*")
_SIBILANT = re.compile(r".*(?:[sxz]|[cs]h)")
_CONSONANT_Y = re.compile(r".*[^aeiou]y")


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchTerm:
    """A word of a watch as the user wrote it, and the query that finds it alone."""

    term: str
    query: str
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledWatch:
    """A watch as FTS5 queries; `query` is `wanted` without what `removed_by` finds."""

    name: str
    query: str
    wanted: str
    removed_by: str  # "" when nothing is excluded
    terms: tuple[WatchTerm, ...]
    needs: tuple[Need, ...] = ()  # a text that does not meet each of them need not be asked


_Phrases: TypeAlias = tuple[Phrase, ...]  # several where a word within the term is a prefix


def compile(watch: Watch, words: Mapping[str, Sequence[str]]) -> CompiledWatch:  # noqa: A001 - it is what it does
    """Turn a watch and the named spellings into queries.

    Raises SearchError when no word is left, a list is unknown or too long, or the `search` line
    does not parse (its `position` then counts from the start of that line).
    """
    groups: list[str] = []
    terms: list[WatchTerm] = []
    needs: list[Need] = []

    def read(key: str, line: Sequence[str]) -> _Alternatives:
        found = _alternatives(line, words, key)
        if found and key != "none":
            needs.append(_need(phrases for _, phrases in found))
        return found

    for key, line in [*(("all", (each,)) for each in watch.all), ("any", watch.any)]:
        _add_group(groups, terms, read(key, line), "")
    _add_group(groups, terms, read("title", watch.title), "title")
    if watch.near is not None:
        choices = [read("near", (each,)) for each in watch.near.words]
        groups.append(_near(choices, watch.near.within))
        terms += [_term(each, "") for choice in choices for each in choice]
    if watch.search.strip():
        search = _search(watch)
        groups.append(search.query)
        terms += [WatchTerm(term=term, query=query) for term, query in search.terms]
    groups = [f"({group})" for group in groups if group]
    if not groups:
        raise SearchError("has no word that can be searched for")
    wanted = " AND ".join(groups)
    removed_by = " OR ".join(_query(phrases) for _, phrases in read("none", watch.none))
    return CompiledWatch(
        name=watch.name,
        query=f"({wanted}) NOT ({removed_by})" if removed_by else wanted,
        wanted=wanted,
        removed_by=removed_by,
        terms=tuple({each.term: each for each in reversed(terms)}.values())[::-1],
        needs=tuple(needs),
    )


def _search(watch: Watch) -> SearchLine:
    try:
        return parse(watch.search)
    except SearchError as error:
        raise SearchError(f"search: {error}", error.position) from None


def plain_query(line: str) -> str:
    """Every word of a line a person typed, in any order; punctuation only separates.

    Returns "" when there is no word.
    """
    return " AND ".join(
        f"({_query((Phrase(words=(token,), prefix=False),))})" for token in tokens(line)
    )


_Alternatives: TypeAlias = Sequence[tuple[str, _Phrases]]


def _alternatives(
    line: Sequence[str], words: Mapping[str, Sequence[str]], place: str
) -> _Alternatives:
    """Give the terms of a line as written and as phrases, named lists put in."""
    found: list[tuple[str, _Phrases]] = []
    for term in line:
        listed: Sequence[str] = (term,)
        if reference := _REFERENCE.fullmatch(term):
            if reference[1] not in words:
                raise SearchError(f'{place} "{term}" names no list under [words]')
            listed = words[reference[1]]
        found += [(each, read) for each in listed if (read := phrases(each))]
    if len(found) > MOST_ALTERNATIVES:
        raise SearchError(f"{place} has {len(found)} terms, at most {MOST_ALTERNATIVES} are taken")
    return found


def _add_group(
    groups: list[str], terms: list[WatchTerm], alternatives: _Alternatives, column: str
) -> None:
    query = " OR ".join(_query(phrases) for _, phrases in alternatives)
    groups.append(f"{column} : ({query})" if column and query else query)
    terms += [_term(each, column) for each in alternatives]


def _term(alternative: tuple[str, _Phrases], column: str) -> WatchTerm:
    term, phrases = alternative
    query = _query(phrases)
    scoped = f"{column} : ({query})" if column else query
    return WatchTerm(term=term, query=scoped, needs=(_need([phrases]),))


def _need(alternatives: Iterable[_Phrases]) -> Need:
    """Of a term in several phrases the first will do."""
    return need(form for phrases in alternatives for form in _forms(phrases[0]))


def _query(phrases: _Phrases) -> str:
    if len(phrases) == 1:
        return " OR ".join(str(form) for form in _forms(phrases[0]))
    between = sum(len(phrase.words) for phrase in phrases[1:-1])
    return _close(phrases, between + 1)  # one word more than the term itself has


def _close(phrases: Sequence[Phrase], within: int) -> str:
    return f"NEAR({' '.join(map(str, phrases))}, {within})"


def _forms(phrase: Phrase) -> tuple[Phrase, ...]:
    """Give the phrase and its English plurals; the possessive is gone from the text itself."""
    *before, last = phrase.words
    if phrase.prefix or len(last) < SHORTEST_PLURAL or not (last.isascii() and last.isalpha()):
        return (phrase,)
    if _SIBILANT.fullmatch(last):
        plurals = [f"{last}es"]
    elif _CONSONANT_Y.fullmatch(last):
        plurals = [f"{last[:-1]}ies", f"{last}s"]
    else:
        plurals = [f"{last}s", *([f"{last}es"] if last.endswith("o") else [])]
    return (phrase, *(Phrase(words=(*before, each), prefix=False) for each in plurals))


def _near(choices: Sequence[_Alternatives], within: int) -> str:
    """Give every way in which one term of each choice stands close to the others."""
    choices = [choice for choice in choices if choice]
    if not choices:
        return ""
    plain = [[phrases for _, phrases in choice] for choice in choices]
    rich = [[form for phrases in choice for form in _all_forms(phrases)] for choice in plain]
    taken = rich if math.prod(map(len, rich)) <= MOST_NEAR else plain
    if (count := math.prod(map(len, taken))) > MOST_NEAR:
        raise SearchError(
            f"near makes {count} combinations, at most {MOST_NEAR} are taken - write shorter lists"
        )
    rows = (tuple(itertools.chain.from_iterable(row)) for row in itertools.product(*taken))
    return " OR ".join(_close(row, within) for row in rows)


def _all_forms(phrases: _Phrases) -> Iterator[_Phrases]:
    if len(phrases) == 1:
        yield from ((form,) for form in _forms(phrases[0]))
    else:
        yield phrases


# -- advice for `check` ---------------------------------------------------------------------------


def warnings(watches: Sequence[Watch], words: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Say what is legal and probably not meant; watches that do not compile are left out."""
    seen: dict[tuple[object, ...], str] = {}
    for watch in watches:
        try:
            compiled = compile(watch, words)
        except SearchError:
            continue
        place = f'[[watch]] "{watch.name}"'
        if not watch.send_to:
            yield f"{place}: has no send_to, so nobody is told - name a [[target]]"
        for key, term in _listed(watch, words):
            yield from (f"{place}: {key} {problem}" for problem in _weak(term))
        yield from (f"{place}: {problem}" for problem in _killed(watch, words))
        meaning = (compiled.query, watch.figures, watch.change, watch.send_to)
        if (other := seen.setdefault(meaning, watch.name)) != watch.name:
            yield f'{place}: says the same as "{other}" - remove one'


def _listed(watch: Watch, words: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    for key, term in watch.terms():
        reference = _REFERENCE.fullmatch(term)
        yield from ((key, each) for each in (words[reference[1]] if reference else (term,)))


def _weak(term: str) -> Iterator[str]:
    read = phrases(term)
    if not read:
        yield f'"{term}" has no letter or digit and is left out'
    for phrase in read:
        last = phrase.words[-1]
        if phrase.prefix and len(last) < SHORTEST_PREFIX and last.isascii():
            yield f'"{term}": "{last}*" fits very many words - write at least three letters'


def _killed(watch: Watch, words: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Find a `none` that holds whenever a line of `all` does."""
    none = _alternatives(watch.none, words, "none")
    for line in watch.all:
        wanted = _alternatives((line,), words, "all")
        killers = {_killer(phrases, none) for _, phrases in wanted}
        if killers and "" not in killers:
            yield f'none "{min(killers)}" removes all that all "{line}" finds'


def _killer(wanted: _Phrases, none: _Alternatives) -> str:
    return next(
        (
            term
            for term, phrases in none
            if len(phrases) == 1 and any(_inside(phrases[0], each) for each in wanted)
        ),
        "",
    )


def _inside(none: Phrase, wanted: Phrase) -> bool:
    """Whether every text with `wanted` has `none`."""
    size = len(none.words)
    for start in range(len(wanted.words) - size + 1):
        part = wanted.words[start : start + size]
        open_end = wanted.prefix and start + size == len(wanted.words)
        if part == none.words and (none.prefix or not open_end):
            return True
        if none.prefix and part[:-1] == none.words[:-1] and part[-1].startswith(none.words[-1]):
            return True
    return False
