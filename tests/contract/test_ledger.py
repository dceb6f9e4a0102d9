from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import apsw
import pytest

from monitor.app import build_figures, build_judge
from monitor.beds import FiguresRead, Judged
from monitor.cluster import event_id
from monitor.model import Document, DocumentId, EventId
from monitor.store.retention import Retention
from monitor.store.store import Store
from monitor.store.views import Views

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)

SINKS = (
    "The ferry Meridel capsized off the island of Torvan on Tuesday night, killing at least 12"
    " people, the coast guard said. Fishing boats pulled 40 passengers out of the water. Divers"
    " from the naval base at Karsk went to the wreck in the morning, and relatives waited for news"
    " in the harbour office of Lindar, where the owner of the Meridel had set up a centre."
)
BUDGET = (
    "The parliament in Karsk passed the budget for next year after a debate that lasted until the"
    " early morning. The finance committee had asked for cuts in the building of motorways, and"
    " the opposition left the hall before the vote. The speaker said the schools would get new"
    " money and that the tax on small firms stays as it is."
)

Judging = Callable[..., Judged]


def document(name: str, text: str, *, hours: float = 0, outlet: str = "") -> Document:
    at = NOON + timedelta(hours=hours)
    return Document(
        id=DocumentId(name),
        url=f"https://{name}.example/1",
        outlet=outlet or name,
        title=name.capitalize(),
        text=text,
        language="en",
        published=at,
        seen=at,
    )


@pytest.fixture
def judging(store: Store) -> Judging:
    judge = build_judge(store)

    def judged(each: Document, given: EventId | None = None) -> Judged:
        return judge.judge(each, now=each.published, given=given)

    return judged


def test_a_document_comes_back_as_it_was_judged(store: Store, judging: Judging) -> None:
    sinks = document("a", SINKS)
    judging(sinks)
    article = store.ledger.article("a")
    assert article is not None
    assert article.document == sinks
    assert article.event == event_id(DocumentId("a"))
    assert (article.verdict, article.of, article.voice) == ("original", None, "a")


def test_a_copy_is_found_also_by_another_process_and_speaks_with_the_originals_voice(
    store: Store, judging: Judging
) -> None:
    judging(document("a", SINKS))
    again = build_judge(store)
    judged = again.judge(document("b", SINKS, hours=1), now=NOON + timedelta(hours=1))
    assert judged.event == event_id(DocumentId("a"))
    assert judged.voice == "a"
    article = store.ledger.article("b")
    assert article is not None
    assert (article.verdict, article.of) == ("same", "a")


def test_a_text_that_left_the_window_is_an_original_again(store: Store, judging: Judging) -> None:
    judging(document("a", SINKS))
    assert Retention(store.database).expire_signatures(before=NOON + timedelta(seconds=1)) == 1
    judging(document("b", SINKS, hours=1))
    article = store.ledger.article("b")
    assert article is not None
    assert article.verdict == "original"
    for table in ("fresh_band", "fresh_anchor", "signature"):
        sql = f"SELECT count(DISTINCT document) FROM {table}"  # noqa: S608 - our tables
        assert store.database.value(sql) == 1, table


def test_expiry_takes_only_what_is_outside_the_window(store: Store, judging: Judging) -> None:
    judging(document("a", SINKS))
    judging(document("b", BUDGET, hours=5))
    assert Retention(store.database).expire_signatures(before=NOON + timedelta(hours=1)) == 1
    assert store.database.value("SELECT document FROM signature") == 2


def test_a_sentence_under_three_originals_is_furniture_and_reprints_teach_nothing(
    store: Store, judging: Judging
) -> None:
    shout = "Sign up for our daily letter and never miss what the Torvan islands talk about."
    texts = [SINKS, BUDGET, SINKS]  # the third is a reprint of the first
    for number, text in enumerate(texts):
        judging(document(f"d{number}", f"{text}\n{shout}", hours=number))
    hashes = [row["key"] for row in store.database.rows("SELECT DISTINCT key FROM fresh_sentence")]
    assert store.ledger.furniture(hashes) == frozenset()
    other = (
        "Farmers in the Ostrel valley expect a poor apple harvest after hail in the middle of June,"
        " the growers' union said. Insurance will pay for a third of the loss. Cider makers may"
        " have to buy fruit abroad for the first time in twenty years, a press in Ostrel said."
    )
    judging(document("d3", f"{other}\n{shout}", hours=4))
    assert len(store.ledger.furniture(hashes)) == 1
    tram = (
        "A new tram line between the university and the hospital of Brenno opens two years late,"
        " the transport office said. The drivers have been trained since spring. Bus lines that run"
        " beside the rails will end in autumn, and tickets cost what they cost now."
    )
    judging(document("d4", f"{tram}\n{shout}", hours=5))
    found = Views(store.database).why("d4")
    assert found is not None
    assert found["why"]["furniture"] == [shout]


def test_a_failed_commit_writes_nothing_at_all(store: Store, judging: Judging) -> None:
    judging(document("a", SINKS))
    before = dump(store)
    with pytest.raises(apsw.ConstraintError):
        judging(document("a", BUDGET, hours=1))  # the id is taken: the transaction fails
    assert dump(store) == before
    judging(document("b", BUDGET, hours=1))  # and the judge goes on
    assert store.ledger.article("b") is not None


def dump(store: Store) -> dict[str, int]:
    tables = ("document", "event", "signature", "fresh_band", "fresh_anchor", "fresh_sentence")
    more = ("live_event", "recent_words", "reading", "change", "figure_state", "document_text")
    return {
        table: store.database.value(f"SELECT count(*) FROM {table}")  # noqa: S608 - our tables
        for table in (*tables, *more)
    }


def test_figures_and_changes_come_back_with_who_said_them(store: Store, judging: Judging) -> None:
    given = EventId("ev-ferry")
    judging(document("a", SINKS), given)
    rises = SINKS.replace("at least 12", "19").replace("Tuesday night", "Tuesday")
    judging(document("b", f"{BUDGET[:90]} {rises}", hours=3), given)
    assert [each.kind for each in store.ledger.changes_of(given)] == ["event_opened"]
    read: list[FiguresRead] = []
    build_figures(store.ledger, read.append).read(given)
    assert [each.article.document.id for each in read] == ["a", "b"]
    (opened, changed) = store.ledger.changes_of(given)
    assert (opened.kind, changed.kind) == ("event_opened", "figure_changed")
    assert (changed.change,) == read[1].advance.changes
    assert (changed.document, changed.at) == ("b", NOON + timedelta(hours=3))
    assert store.ledger.changes([changed.id]) == (changed,)
    assert store.ledger.figure_state(given) == read[1].advance.state
    assert store.ledger.unread(given) == ()
    stated = store.ledger.readings_of(given)
    assert {reading.surface for _, _, reading in stated} >= {"12", "19", "40"}


def _story() -> Iterator[tuple[Document, EventId]]:
    """Two events told in turns; the fourth article repeats the first and adds to it."""
    sea, land = EventId("ev-sea"), EventId("ev-land")
    dead = ("at least 12", "14", "15", "15", "at least 20", "19")
    for number, count in enumerate(dead):
        text = SINKS.replace("at least 12", count)
        more = "" if number != 3 else " Divers found 30 life jackets on the shore, 4 miles away."
        yield document(f"sea{number}", f"{text}{more}", hours=number, outlet=f"o{number % 3}"), sea
        cuts = BUDGET + f" The motorways lose {number + 2} million euros, the minister said."
        yield document(f"land{number}", cuts, hours=number, outlet=f"o{number % 2}"), land


@pytest.mark.parametrize("moments", [(), (1,), (2, 7), (5, 6, 11), tuple(range(12))], ids=str)
def test_what_figures_say_does_not_depend_on_when_they_are_read(
    store: Store, judging: Judging, moments: tuple[int, ...], tmp_path: Path
) -> None:
    at_once = Store.open(tmp_path / "at-once")
    judge, figures = build_judge(at_once), build_figures(at_once.ledger)
    late = build_figures(store.ledger)
    for number, (each, given) in enumerate(_story()):
        judge.judge(each, now=each.published, given=given)
        figures.read(given)
        judging(each, given)
        if number in moments:
            late.read(given)
    assert len(at_once.ledger.changes_of(EventId("ev-sea"))) > 1
    for event in (EventId("ev-sea"), EventId("ev-land")):
        late.read(event)
        wanted = [(c.id, c.change, c.at) for c in at_once.ledger.changes_of(event)]
        assert [(c.id, c.change, c.at) for c in store.ledger.changes_of(event)] == wanted
        assert store.ledger.figure_state(event) == at_once.ledger.figure_state(event)
        assert store.ledger.readings_of(event) == at_once.ledger.readings_of(event)
    at_once.database.close()


def test_a_merged_event_answers_under_both_ids_with_all_its_articles(
    store: Store, judging: Judging
) -> None:
    one, other = EventId("ev-one"), EventId("ev-other")
    judging(document("a", SINKS), one)
    judging(document("b", BUDGET, hours=1), other)
    with store.ledger.transaction():
        store.ledger.merge_events(one, other)
    assert store.ledger.resolve("ev-other") == one
    assert [each.document.id for each in store.ledger.articles_of(one)] == ["a", "b"]
    assert store.ledger.aliases(one) == (other,)
    record = store.ledger.event(other)
    assert record is not None
    assert (record.id, record.first_seen) == (one, NOON)
    shown = Views(store.database).show("ev-other")
    assert shown is not None
    assert shown["event"] == "ev-one"
    assert [each[0] for each in store.ledger.events_with_documents()] == [one]


def test_every_name_in_a_chain_of_merges_answers(store: Store, judging: Judging) -> None:
    oldest, middle, newest = (EventId(f"ev-{name}") for name in ("oldest", "middle", "newest"))
    for hours, (event, text) in enumerate(
        ((oldest, SINKS), (middle, BUDGET), (newest, f"{BUDGET} {SINKS}"))
    ):
        judging(document(event, text, hours=hours), event)
    with store.ledger.transaction():
        store.ledger.merge_events(middle, newest)
        store.ledger.merge_events(oldest, middle)
    assert {store.ledger.resolve(name) for name in (oldest, middle, newest)} == {oldest}
    assert set(store.ledger.aliases(oldest)) == {middle, newest}
    assert len(store.ledger.articles_of(oldest)) == 3


def test_retention_removes_old_articles_and_keeps_what_was_told(
    store: Store, judging: Judging
) -> None:
    judging(document("old", SINKS))
    judging(document("new", BUDGET, hours=48))
    assert Retention(store.database).forget_before(NOON + timedelta(hours=24)) == 1
    assert store.ledger.article("old") is None
    assert store.ledger.article("new") is not None
    assert list(Views(store.database).search("Meridel")) == []
    assert len(list(Views(store.database).search("parliament"))) == 1
    assert store.database.value("SELECT count(*) FROM event") == 2
    assert Retention(store.database).forget_down_to(1, but=NOON + timedelta(days=9)) == 1
    assert store.ledger.article("new") is None


def test_an_article_that_comes_again_after_retention_is_judged_again(
    store: Store, judging: Judging
) -> None:
    judging(document("a", SINKS))
    Retention(store.database).forget_before(NOON + timedelta(hours=1))
    store.database.run("DELETE FROM live_event")  # as after the idle weeks that go before
    build_judge(store).judge(document("a", SINKS), now=NOON + timedelta(days=400))
    assert store.ledger.article("a") is not None
    assert store.database.value("SELECT count(*) FROM event") == 1


def test_why_knows_documents_addresses_events_figures_and_changes(
    store: Store, judging: Judging
) -> None:
    judging(document("a", SINKS))
    views = Views(store.database)
    event = event_id(DocumentId("a"))
    build_figures(store.ledger).read(event)
    (opened,) = store.ledger.changes_of(event)
    series = store.ledger.figure_state(event).series[0].id
    asked = {
        "a": "document",
        "https://a.example/1": "document",
        event: "event",
        series: "series",
        opened.id: "change",
    }
    kinds = {}
    for name in asked:
        found = views.why(name)
        assert found is not None, name
        kinds[name] = found["kind"]
    assert kinds == asked
    assert views.why("ev-unheard-of") is None
