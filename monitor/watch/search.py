"""The `search` line of a watch: AND, OR, NOT, NEAR/n, brackets, "phrases", endings*, title:.

A small parser of our own, so that a fault is told with its place in what the user wrote, and every
word reaches the engine quoted and folded. NOT binds closest, then AND (or nothing), then OR.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from monitor.errors import SearchError
from monitor.watch.words import Phrase, tokens

DEEPEST = 50  # brackets within brackets
COLUMNS = ("title", "body")

_TOKEN = re.compile(
    r"""(?P<space>\s+) | "(?P<quoted>[^"]*)"(?P<going_on>\s?\*)? | (?P<open>"[^"]*) |
        (?P<near>NEAR/\d+)(?!\w) | (?P<sign>[(),:]) | (?P<word>[^\s"(),:]+)""",
    re.VERBOSE,
)
_OPERATORS = frozenset({"AND", "OR", "NOT"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchLine:
    """The line as an FTS5 query, and its words outside any NOT with a query for each."""

    query: str
    terms: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    kind: str  # word, quoted, near, sign, operator, end
    value: str
    at: int
    prefix: bool = False


def parse(line: str) -> SearchLine:
    """Read a search line; raises SearchError with the position in it."""
    parser = _Parser(line)
    query = parser.either("", 0)
    if parser.now.kind != "end":
        raise SearchError(f'"{parser.now.value}" is not expected here', parser.now.at)
    return SearchLine(query=query, terms=tuple(parser.terms))


class _Parser:
    """Recursive descent; every method returns the query of what it read."""

    def __init__(self, line: str) -> None:
        self._tokens = list(_read(line))
        self._next = 0
        self._silent = 0  # within a NOT: words that hit are not told
        self.terms: list[tuple[str, str]] = []

    @property
    def now(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
        token = self.now
        self._next += 1
        return token

    def _is(self, kind: str, value: str) -> bool:
        return self.now.kind == kind and self.now.value == value

    def either(self, column: str, depth: int) -> str:
        parts = [self._both(column, depth)]
        while self._is("operator", "OR"):
            self._take()
            parts.append(self._both(column, depth))
        return _joined(parts, " OR ")

    def _both(self, column: str, depth: int) -> str:
        parts = [self._without(column, depth)]
        while not (self.now.kind == "end" or self._is("operator", "OR") or self._is("sign", ")")):
            if self._is("operator", "AND"):
                self._take()
            parts.append(self._without(column, depth))
        return _joined(parts, " AND ")

    def _without(self, column: str, depth: int) -> str:
        query = self._one(column, depth)
        while self._is("operator", "NOT"):
            self._take()
            self._silent += 1
            query = f"({query} NOT {self._one(column, depth)})"
            self._silent -= 1
        return query

    def _one(self, column: str, depth: int) -> str:
        if depth > DEEPEST:
            raise SearchError("too many brackets within brackets", self.now.at)
        if self._is("sign", "("):
            self._take()
            query = self.either(column, depth + 1)
            self._closing()
            return query
        following = self._tokens[min(self._next + 1, len(self._tokens) - 1)]
        if self.now.kind == "word" and (following.kind, following.value) == ("sign", ":"):
            name = self._take()
            if name.value.lower() not in COLUMNS:
                raise SearchError(f'"{name.value}" is no column - write title: or body:', name.at)
            self._take()
            return self._one(name.value.lower(), depth + 1)
        if self._is("word", "NEAR") and (following.kind, following.value) == ("sign", "("):
            return self._near_list(column)
        return self._near_chain(column)

    def _near_chain(self, column: str) -> str:
        """Read `A NEAR/12 B`: the widest distance of a chain holds."""
        near = [self._phrase(column)]
        distances = []
        while self.now.kind == "near":
            distances.append(int(self._take().value.removeprefix("NEAR/")))
            near.append(self._phrase(column))
        return _scoped(column, _near(near, max(distances)) if distances else str(near[0]))

    def _near_list(self, column: str) -> str:
        """Read `NEAR(A B, 12)`."""
        self._next += 2
        near = [self._phrase(column)]
        distance = 10
        while not (self._is("sign", ")") or self.now.kind == "end"):
            if self._is("sign", ","):
                self._take()
                number = self._take()
                if not number.value.isdecimal():
                    raise SearchError("expected a number of words", number.at)
                distance = int(number.value)
                break
            near.append(self._phrase(column))
        self._closing()
        return _scoped(column, _near(near, distance))

    def _phrase(self, column: str) -> Phrase:
        token = self.now
        if token.kind not in ("word", "quoted"):
            raise SearchError("expected a search term", token.at)
        phrase = Phrase(words=tokens(token.value), prefix=token.prefix)
        if not phrase.words:
            raise SearchError(f'"{token.value}" has no letter or digit', token.at)
        self._take()
        if not self._silent:
            term = f'"{token.value}"' if token.kind == "quoted" else token.value
            self.terms.append((term + "*" * token.prefix, _scoped(column, str(phrase))))
        return phrase

    def _closing(self) -> None:
        if not self._is("sign", ")"):
            raise SearchError('expected ")"', self.now.at)
        self._take()


def _read(line: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(line):
        at = found.start()
        match found.lastgroup:
            case "space":
                continue
            case "open":
                raise SearchError("a quotation mark is not closed", at)
            case "quoted" | "going_on":
                yield _Token(
                    kind="quoted", value=found["quoted"], at=at, prefix=bool(found["going_on"])
                )
            case "word":
                yield _word(found["word"], at)
            case kind:
                yield _Token(kind=str(kind), value=found.group(), at=at)
    yield _Token(kind="end", value="the end", at=len(line.rstrip()))


def _word(word: str, at: int) -> _Token:
    if word in _OPERATORS:
        return _Token(kind="operator", value=word, at=at)
    bare = word.removesuffix("*")
    wrong: list[tuple[Callable[[str], bool], str]] = [
        (lambda w: "*" in w, "* stands only at the end of a word"),
        (lambda w: w.startswith("-"), "to leave a word out write NOT before it"),
        (lambda w: "{" in w or "}" in w, "a {list} stands only in all, any, none, title and near"),
        (lambda w: w[:1] in ("+", "^"), f'"{word[0]}" has no meaning here'),
    ]
    for is_wrong, message in wrong:
        if is_wrong(bare):
            raise SearchError(message, at)
    return _Token(kind="word", value=bare, at=at, prefix=bare != word)


def _joined(parts: list[str], operator: str) -> str:
    return parts[0] if len(parts) == 1 else f"({operator.join(parts)})"


def _near(phrases: list[Phrase], within: int) -> str:
    return f"NEAR({' '.join(map(str, phrases))}, {within})"


def _scoped(column: str, query: str) -> str:
    return f"{column} : {query}" if column else query
