"""Full-text queries on SQLite's FTS5: the watches on new articles, and any query on the archive.

One table definition serves both, so a watch finds in the archive what it finds as news arrives.
Texts go in through `text.searchable`, which also separates the characters of scripts without
spaces: the plain tokenizer then finds Chinese or Thai words as phrases. Marks count as letters,
since such scripts write vowels with them.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TypeAlias

import apsw
import apsw.fts5query

from monitor import text
from monitor.errors import SearchError
from monitor.watch import CompiledWatch, Terms, WatchTerm
from monitor.watch.needs import Vocabulary
from monitor.watch.words import cut, tokens

# The archive's table keeps no texts of its own: rowid is the document's `seq`.
DOCUMENT_TEXT = """
CREATE VIRTUAL TABLE document_text USING fts5 (
  title, body, content = '', contentless_delete = 1,
  tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co M*'"
)
"""
INSERT_TEXT = "INSERT INTO document_text (rowid, title, body) VALUES (:seq, :title, :body)"
DELETE_TEXT = "DELETE FROM document_text WHERE rowid = :seq"
FIND_TEXT = "SELECT rowid FROM document_text WHERE document_text MATCH :query"

EXCERPT = 220  # characters

Row: TypeAlias = tuple[str, str, str]  # key, title, body


def index(connection: apsw.Connection, seq: int, title: str, body: str) -> None:
    """Put one document into the full-text table."""
    connection.execute(INSERT_TEXT, _searchable(seq, title, body))


def _searchable(seq: int, title: str, body: str) -> dict[str, int | str]:
    return {"seq": seq, "title": text.searchable(title), "body": text.searchable(body)}


def reindex(connection: apsw.Connection, seq: int, title: str, body: str) -> None:
    """Put a document's new version in the place of the old."""
    connection.execute(DELETE_TEXT, {"seq": seq})
    index(connection, seq, title, body)


def found(connection: apsw.Connection, query: str) -> Iterator[int]:
    """Give the rows that a query finds; raises SearchError when the engine does not take it."""
    try:
        for (rowid,) in connection.execute(FIND_TEXT, {"query": query}):
            yield int(rowid)
    except apsw.SQLError as error:
        raise SearchError(f"this cannot be searched for: {error}") from None


class Matcher:
    """Asks the watches about a batch of articles: those that its words can meet.

    The table is made anew for every batch: one that lives on answers twenty times slower after
    many deletes.
    """

    def matches(
        self, compiled: Sequence[CompiledWatch], documents: Sequence[Row]
    ) -> dict[tuple[str, str], tuple[str, ...]]:
        """Map (key of the document, name of the watch) to the watch's words that hit."""
        rows = [_searchable(seq, title, body) for seq, (_, title, body) in enumerate(documents)]
        texts = (str(row[key]) for row in rows for key in ("title", "body"))
        words = Vocabulary(chain.from_iterable(map(cut, texts)))
        asked = [watch for watch in compiled if watch.can_match(words)]
        if not asked or not rows:
            return {}
        connection = apsw.Connection(":memory:")
        try:
            connection.execute(DOCUMENT_TEXT)
            with connection:
                connection.executemany(INSERT_TEXT, rows)
            answers = Answers(connection, words)
            return {
                (documents[seq][0], watch.name): terms
                for watch in asked
                for seq, terms in answers.hits(watch).items()
            }
        finally:
            connection.close()


class Answers:
    """What the terms of watches find in one table: each is asked once, and put together here.

    `words`: of all the texts, where they are known: a term that they cannot meet is not asked.
    """

    def __init__(self, connection: apsw.Connection, words: Vocabulary | None = None) -> None:
        self._connection = connection
        self._words = words
        self._found: dict[str, frozenset[int]] = {}

    def wanted(self, watch: CompiledWatch) -> frozenset[int]:
        """Give the rows that a watch finds before `none` takes some away."""
        rows: frozenset[int] | None = None
        for group in watch.groups:
            met = self._any_of(group)
            rows = met if rows is None else rows & met
            if not rows:
                break
        return rows or frozenset()

    def hits(self, watch: CompiledWatch) -> dict[int, tuple[str, ...]]:
        """Give the rows that a watch finds, each with the watch's words that stand in it."""
        rows = self.wanted(watch)
        if rows:
            rows -= self._any_of(watch.none)
        if not rows:
            return {}
        by_term = [(each.term, self._rows(each)) for each in self._asked(watch.terms)]
        return {row: tuple(term for term, those in by_term if row in those) for row in sorted(rows)}

    def _any_of(self, terms: Terms) -> frozenset[int]:
        return frozenset().union(*map(self._rows, self._asked(terms)))

    def _asked(self, terms: Terms) -> Sequence[WatchTerm]:
        return terms.all if self._words is None else terms.met_by(self._words)

    def _rows(self, term: WatchTerm) -> frozenset[int]:
        if term.query not in self._found:
            self._found[term.query] = frozenset(found(self._connection, term.query))
        return self._found[term.query]


def check_search(query: str) -> None:
    """Let the engine's own parser look at a query; raises SearchError with the position."""
    try:
        apsw.fts5query.parse_query_string(query)
    except apsw.fts5query.ParseError as error:
        raise SearchError(error.message, error.position) from None


def excerpt(body: str, words: str) -> str:
    """Give the first sentence of a text that holds one of the words, else its first sentence."""
    wanted = set(tokens(words))
    spans = text.sentences(body)
    best = next((span for span in spans if wanted & set(tokens(body[slice(*span)]))), None)
    start, end = best or next(iter(spans), (0, 0))
    return text.one_line(body[start:end], EXCERPT)
