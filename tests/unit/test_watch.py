"""Watches as queries: what they find is asked of the engine itself."""

from collections.abc import Mapping, Sequence

import apsw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from monitor import watch
from monitor.config import Near, Watch
from monitor.errors import SearchError
from monitor.store import matching
from monitor.store.matching import DOCUMENT_TEXT, Matcher, check_search, excerpt, index
from monitor.watch.search import parse


def rule(name: str = "w", **keys: object) -> Watch:
    return Watch.model_validate({"name": name, **keys})


def found(
    rules: Watch, title: str, body: str = "", words: Mapping[str, Sequence[str]] | None = None
) -> tuple[str, ...] | None:
    """The words that hit in one article, or None."""
    compiled = watch.compile(rules, words or {})
    return Matcher().matches([compiled], [("a", title, body)]).get(("a", rules.name))


def finds(term: str, article: str) -> bool:
    return found(rule(all=(term,)), "", article) is not None


@pytest.mark.parametrize(
    ("term", "article"),
    [
        ("harbour", "The HARBOUR was closed."),
        ("ferry", "Two ferries collided."),
        ("ferry", "The ferry's captain."),
        ("bus", "Buses stood still."),
        ("soldier", "soldiers’ quarters"),
        ("city", "several cities"),
        ("UK", "the UK’s ports"),
        ("zelensk*", "Зеленського вітали"),
        ("zelensk*", "Zełenski przyjechał"),
        ("Selenskyj", "Herr SELENSKYJ sagte"),
        ("Курськ*", "in Kursk"),
        ("Lodz", "w Łodzi i Łódź"),
        ("strasse", "die Straße"),
        ("north korean", "North-Korean troops"),
        ("North Korea*", "the north koreans"),
        ("Північн* Коре*", "Північної Кореї"),
        ("朝鲜", "乌克兰俘虏两名朝鲜士兵"),
        ("北朝鮮", "ウクライナ軍、北朝鮮兵を拘束"),
        ("กรุงเทพ", "ข่าวกรุงเทพวันนี้"),
        ("朝*", "北朝鮮"),
        ("C++", "a C compiler"),
        ("don't", "they dont"),
    ],
)
def test_a_term_finds(term: str, article: str) -> None:
    assert finds(term, article)


@pytest.mark.parametrize(
    ("term", "article"),
    [
        ("ai", "training on rails"),
        ("us", "the USS Port uses it"),
        ("kursk", "Koursk"),
        ("soldier", "soldiering on"),
        ("north korean", "korean north"),
        ("north korea", "north of Korea"),
        ("Північн* Коре*", "Північна пів сторона Кореї"),
        ("朝鲜", "朝士兵鲜"),
        ("ferries", "one ferry"),
    ],
)
def test_a_term_does_not_find(term: str, article: str) -> None:
    assert not finds(term, article)


def test_every_line_of_all_must_stand_and_one_of_any() -> None:
    rules = rule(all=("{port}", "fog"), any=("ferry", "ship*"))
    words = {"port": ["Skarvik", "Harbour of Dorn"]}
    assert found(rules, "Fog over Skarvik", "A shipwreck.", words) == ("Skarvik", "fog", "ship*")
    assert found(rules, "Fog in the harbour of Dorn", "The ferries wait.", words) == (
        "Harbour of Dorn",
        "fog",
        "ferry",
    )
    assert found(rules, "Fog over Skarvik", "Trains wait.", words) is None
    assert found(rules, "Skarvik", "A ferry.", words) is None


def test_none_removes_and_says_by_what() -> None:
    rules = rule(any=("ferry",), none=("football", "ferry tale*"))
    assert found(rules, "The ferry sank") == ("ferry",)
    assert found(rules, "The ferry sank", "Football: results") is None
    compiled = watch.compile(rules, {})
    assert compiled.query == (
        '(("ferry" OR "ferries" OR "ferrys")) NOT ("football" OR "footballs" OR "ferry tale"*)'
    )


def test_title_looks_at_the_headline_only() -> None:
    rules = rule(title=("Skarvik",))
    assert found(rules, "Fire in Skarvik") == ("Skarvik",)
    assert found(rules, "Fire", "In Skarvik.") is None


def test_near_counts_the_words_between_in_any_order() -> None:
    rules = rule(near=Near(words=("captain", "arrest*"), within=3))
    assert found(rules, "", "Police arrested the ship's old captain.") == ("captain", "arrest*")
    assert found(rules, "", "The captains were arrested.") == ("captain", "arrest*")
    far = "The captain slept while in another town two men were arrested."
    assert found(rules, "", far) is None


def test_near_takes_lists_up_to_its_cap() -> None:
    words = {"many": [f"name{number}x" for number in range(30)]}
    rules = rule(near=Near(words=("{many}", "{many}"), within=5))
    with pytest.raises(SearchError, match="900 combinations"):
        watch.compile(rules, words)
    words = {"some": [f"name{number}x" for number in range(20)]}
    rules = rule(near=Near(words=("{some}", "{some}"), within=5))
    assert found(rules, "name3x met name7x", words=words)


def test_a_thousand_spellings_are_taken_and_no_more() -> None:
    words = {"all": [f"name{number}x" for number in range(1_000)]}
    assert found(rule(all=("{all}",)), "name999x", words=words) == ("name999x",)
    with pytest.raises(SearchError, match="1001 terms"):
        watch.compile(rule(any=("{all}", "other")), words)


def test_a_watch_without_a_word_is_refused() -> None:
    with pytest.raises(SearchError, match="no word"):
        watch.compile(rule(any=("&&", "!")), {})


def test_an_unknown_list_is_refused() -> None:
    with pytest.raises(SearchError, match="names no list"):
        watch.compile(rule(all=("{nobody}",)), {})


def test_a_term_cannot_reach_the_engine_as_syntax() -> None:
    for term in ('a" OR "b', "a OR b", "title: a", "a) OR (b", "NEAR(a b)", "a AND"):
        check_search(watch.compile(rule(all=(term,)), {}).query)
        assert not finds(term, "only b here")


@pytest.mark.parametrize(
    ("line", "title", "body"),
    [
        ('(title:(kursk OR korea*) OR "north korean" NEAR/12 captur*) NOT football',
         "Koreans", ""),
        ('(title:(kursk OR korea*) OR "north korean" NEAR/12 captur*) NOT football',
         "", "captured a North Korean"),
        ("ferry OR fire AND dorn", "ferry", ""),
        ("ferry AND fire OR dorn", "dorn", ""),
        ("ferry fire", "fire", "ferry"),
        ("NEAR(ferry fire, 2)", "ferry on fire", ""),
        ("body:ferry", "", "ferry"),
        ("Пожеж*", "", "pozhezha"),
        ('"ferry on"*', "", "ferry onward"),
    ],
)  # fmt: skip
def test_a_search_line_finds(line: str, title: str, body: str) -> None:
    assert found(rule(search=line), title, body) is not None


@pytest.mark.parametrize(
    ("line", "title", "body"),
    [
        ('(title:(kursk OR korea*) OR "north korean" NEAR/12 captur*) NOT football',
         "Koreans", "football"),
        ("ferry AND fire OR dorn", "ferry", ""),
        ("title:ferry", "", "ferry"),
        ("NEAR(ferry fire, 1)", "ferry was on fire", ""),
        ("ferry", "ferries", ""),
    ],
)  # fmt: skip
def test_a_search_line_is_taken_word_for_word(line: str, title: str, body: str) -> None:
    assert found(rule(search=line), title, body) is None


@pytest.mark.parametrize(
    ("line", "position", "message"),
    [
        ("kursk AND (", 11, "expected a search term"),
        ('a "b', 2, "not closed"),
        ("a NEAR/3", 8, "expected a search term"),
        ("a url:b", 2, "no column"),
        ("a -b", 2, "write NOT"),
        ("NOT a", 0, "expected a search term"),
        ("a b) c", 3, "not expected"),
        ("NEAR(a b, x)", 10, "number of words"),
        ("a*b", 0, "end of a word"),
        ("a {list}", 2, "stands only in"),
        ("(" * 60 + "a", 51, "too many brackets"),
    ],
)
def test_a_fault_in_a_search_line_is_told_with_its_place(
    line: str, position: int, message: str
) -> None:
    with pytest.raises(SearchError, match=message) as caught:
        parse(line)
    assert caught.value.position == position


def test_words_under_not_are_not_told_as_hits() -> None:
    assert found(rule(search="ferry NOT (fire OR smoke)"), "ferry") == ("ferry",)


def test_the_engine_tells_where_it_stopped() -> None:
    with pytest.raises(SearchError, match="Expected a search term") as caught:
        check_search("kursk AND (")
    assert caught.value.position == 11


def test_a_typed_line_asks_for_every_word_and_punctuation_separates() -> None:
    assert watch.plain_query("ferry-fire, 朝!") == (
        '("ferry" OR "ferries" OR "ferrys") AND ("fire" OR "fires") AND ("朝")'
    )
    assert watch.plain_query(' "-* ') == ""


def test_advice_names_what_is_probably_not_meant() -> None:
    rules = [
        rule("one", all=("kursk",), none=("kurs*",), send_to=("desk",)),
        rule("two", any=("a*", "&&", "troop"), send_to=("desk",)),
        rule("three", any=("a*", "&&", "troop"), send_to=("desk",)),
        rule("four", any=("ferry",)),
    ]
    assert list(watch.warnings(rules, {})) == [
        '[[watch]] "one": none "kurs*" removes all that all "kursk" finds',
        '[[watch]] "two": any "a*": "a*" fits very many words - write at least three letters',
        '[[watch]] "two": any "&&" has no letter or digit and is left out',
        '[[watch]] "three": any "a*": "a*" fits very many words - write at least three letters',
        '[[watch]] "three": any "&&" has no letter or digit and is left out',
        '[[watch]] "three": says the same as "two" - remove one',
        '[[watch]] "four": has no send_to, so nobody is told - name a [[target]]',
    ]


@pytest.mark.parametrize(
    ("wanted", "none"),
    [("korea*", "korean"), ("north korea", "north korean"), ("kursk region", "region of")],
)
def test_a_none_that_leaves_something_is_not_warned_of(wanted: str, none: str) -> None:
    rules = [rule(all=(wanted,), none=(none,), send_to=("desk",))]
    assert list(watch.warnings(rules, {})) == []


def test_several_articles_and_watches_are_asked_at_once() -> None:
    rules = [watch.compile(rule(name, all=(name,)), {}) for name in ("ferry", "fire")]
    articles = [("a", "Ferry", ""), ("b", "Fire on a ferry", ""), ("c", "Fog", "")]
    assert Matcher().matches(rules, articles) == {
        ("a", "ferry"): ("ferry",),
        ("b", "ferry"): ("ferry",),
        ("b", "fire"): ("fire",),
    }


def test_an_excerpt_is_a_sentence_of_the_text() -> None:
    body = "Fog lay over the port. The ferry sank off Skarvik. Divers came."
    assert excerpt(body, "skarvik") == "The ferry sank off Skarvik."
    assert excerpt(body, "castle") == "Fog lay over the port."
    assert excerpt("", "castle") == ""


WORDS_OF_TEXTS = [
    "soldier",
    "soldiers",
    "kursk",
    "north",
    "korean",
    "captured",
    "паром",
    "船",
    "難",
]
TERMS_OF_WATCHES = [
    *("soldier", "soldier*", "north korean", "north korean*", "capt* soldier", "Koursk", "паром"),
    *("ferry", "船難", "north* soldier*", "bus", "korea"),
]


@given(
    texts=st.lists(
        st.lists(st.sampled_from(WORDS_OF_TEXTS), max_size=6).map(" ".join), min_size=1, max_size=4
    ),
    lists=st.fixed_dictionaries(
        {
            key: st.lists(st.sampled_from(TERMS_OF_WATCHES), max_size=3)
            for key in ("all", "any", "none", "title")
        }
    ),
    search=st.sampled_from(["", "soldier OR ferry", "north NEAR/3 soldier", "NOT"]),
)
@settings(deadline=None)
def test_terms_asked_one_by_one_answer_as_the_whole_query_does(
    texts: list[str], lists: dict[str, list[str]], search: str
) -> None:
    try:
        compiled = watch.compile(rule(search=search, **lists), {})
    except (SearchError, ValidationError):
        return
    rows = [(str(number), text, text[::-1]) for number, text in enumerate(texts)]
    connection = apsw.Connection(":memory:")
    connection.execute(DOCUMENT_TEXT)
    for number, title, body in rows:
        index(connection, int(number), title, body)
    hits = Matcher().matches([compiled], rows)
    whole = {str(row) for row in matching.found(connection, compiled.query)}
    assert {document for document, _ in hits} == whole
    alone = {
        row: tuple(
            each.term
            for each in compiled.terms.all
            if int(row) in set(matching.found(connection, each.query))
        )
        for row in whole
    }
    assert {document: terms for (document, _), terms in hits.items()} == alone
