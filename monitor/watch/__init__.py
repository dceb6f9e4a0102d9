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
from monitor.watch.needs import Need, Vocabulary, need
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
    needs: tuple[Need, ...] = ()  # a text that does not meet each of them need not be asked


class Terms:
    """Terms of which any will do, by the words they need."""

    def __init__(self, terms: Iterable[WatchTerm]) -> None:
        self.all = tuple(terms)
        self._by_word: dict[str, list[int]] = {}
        self._others: list[int] = []  # which one word does not tell
        for place, term in enumerate(self.all):
            if len(term.needs) == 1:
                for word in term.needs[0]:
                    self._by_word.setdefault(word, []).append(place)
            else:
                self._others.append(place)
        self._open = any(word.endswith("*") for word in self._by_word)

    @property
    def query(self) -> str:
        return " OR ".join(each.query for each in self.all)

    def met_by(self, words: Vocabulary) -> list[WatchTerm]:
        """Give those that texts of these words can meet, in order."""
        texts = words.with_beginnings if self._open else words.words
        met = texts.intersection(self._by_word)
        places = {at for word in met for at in self._by_word[word]}
        places.update(at for at in self._others if words.can_meet(self.all[at].needs))
        return [self.all[at] for at in sorted(places)]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledWatch:
    """A watch as FTS5 queries: one term of each of `groups` is found, and none of `none`."""

    name: str
    groups: tuple[Terms, ...]
    none: Terms
    terms: Terms  # what the user is told of

    @property
    def query(self) -> str:
        """All of it in one query."""
        wanted = " AND ".join(f"({group.query})" for group in self.groups)
        return f"({wanted}) NOT ({self.none.query})" if self.none.all else wanted

    def can_match(self, words: Vocabulary) -> bool:
        """Whether texts of these words can be what the watch wants."""
        return all(group.met_by(words) for group in self.groups)


_Phrases: TypeAlias = tuple[Phrase, ...]  # several where a word within the term is a prefix


def compile(watch: Watch, words: Mapping[str, Sequence[str]]) -> CompiledWatch:  # noqa: A001 - it is what it does
    """Turn a watch and the named spellings into queries.

    Raises SearchError when no word is left, a list is unknown or too long, or the `search` line
    does not parse (its `position` then counts from the start of that line).
    """
    lines = [*(("all", (each,), "") for each in watch.all), ("any", watch.any, "")]
    groups = [
        _terms(_alternatives(line, words, key), column)
        for key, line, column in [*lines, ("title", watch.title, "title")]
    ]
    named = list(itertools.chain.from_iterable(groups))
    if watch.near is not None:
        choices = [_alternatives((each,), words, "near") for each in watch.near.words]
        choices = [choice for choice in choices if choice]
        groups.append(_near(choices, watch.near.within))
        named += itertools.chain.from_iterable(_terms(choice, "") for choice in choices)
    if watch.search.strip():
        search = _search(watch)
        groups.append((WatchTerm(term=watch.search, query=search.query),))
        named += [WatchTerm(term=term, query=query) for term, query in search.terms]
    found = tuple(Terms(group) for group in groups if group)
    if not found:
        raise SearchError("has no word that can be searched for")
    return CompiledWatch(
        name=watch.name,
        groups=found,
        none=Terms(_terms(_alternatives(watch.none, words, "none"), "")),
        terms=Terms(reversed({each.term: each for each in reversed(named)}.values())),
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


def _terms(alternatives: _Alternatives, column: str) -> tuple[WatchTerm, ...]:
    return tuple(_term(term, phrases, column) for term, phrases in alternatives)


def _term(term: str, phrases: _Phrases, column: str) -> WatchTerm:
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


def _near(choices: Sequence[_Alternatives], within: int) -> tuple[WatchTerm, ...]:
    """Give every way in which one term of each choice stands close to the others."""
    if not choices:
        return ()
    plain = [[phrases for _, phrases in choice] for choice in choices]
    rich = [[form for phrases in choice for form in _all_forms(phrases)] for choice in plain]
    taken = rich if math.prod(map(len, rich)) <= MOST_NEAR else plain
    if (count := math.prod(map(len, taken))) > MOST_NEAR:
        raise SearchError(
            f"near makes {count} combinations, at most {MOST_NEAR} are taken - write shorter lists"
        )
    rows = (tuple(itertools.chain.from_iterable(row)) for row in itertools.product(*taken))
    query = " OR ".join(_close(row, within) for row in rows)
    return (WatchTerm(term="near", query=query, needs=tuple(map(_need, plain))),)


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
