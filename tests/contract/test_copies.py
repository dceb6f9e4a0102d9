"""What the window of copies promises: order of strangers, expiry, and reasons."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from monitor import dedupe
from monitor.app import build_judge
from monitor.beds import Judged
from monitor.model import COMMON_ANCHOR, VERDICT_NAMES, Document, DocumentId
from monitor.store import keyfilter, lookups
from monitor.store.database import Database
from monitor.store.ledger import SLICES
from monitor.store.retention import Retention
from monitor.store.store import Store
from monitor.store.views import Views

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)

MINE = (
    "A shaft of the Halvern copper mine flooded on Monday and trapped 31 workers underground, the"
    " mining office said. Pumps from three neighbouring pits were running by noon. Families waited"
    " in the canteen, where a priest read out the names of those who had been brought up. The owner"
    " said the water had come from an old gallery that was missing on every map."
)
CHEESE = (
    "Dairies in the Upper Tessel began to ripen their summer cheese two weeks early this year,"
    " after a spring without a single night of frost. Cellars are full, and a guild of makers asked"
    " the canton for leave to use an army bunker. Buyers abroad had ordered less than before."
)
TRAM = (
    "The council of Orsk Haven voted to run its trams through the night at weekends. Drivers will"
    " be paid a third more for those hours, and bars along the quay promised to share the cost."
    " Residents of the old town want quieter wheels first, their spokeswoman told the council."
)
ADDED = (
    " Divers reached the lower gallery in the evening and heard knocking behind a wall of timber."
    " They passed 4 lamps and a telephone through a gap, and a doctor spoke with the foreman for"
    " almost an hour before the batteries gave out."
)


def document(name: str, text: str, at: datetime) -> Document:
    return Document(
        id=DocumentId(name),
        url=f"https://{name}.example/1",
        outlet=name,
        title="",
        text=text,
        language="en",
        published=at,
        seen=at,
    )


def judged(store: Store, name: str, text: str, at: datetime) -> Judged:
    return build_judge(store).judge(document(name, text, at), now=at)


def move_all(store: Store) -> None:
    """Move all keys into the large index."""
    for part in range(SLICES):
        store.ledger.move_keys(part)


def index_of(store: Store) -> dict[str, list[dict[str, object]]]:
    """Give the rows by which copies are found, under the documents' ids."""
    found = {}
    both = "SELECT document, key FROM {0} UNION ALL SELECT document, key FROM fresh_{0}"
    for name, keys in (
        ("band", both.format("band")),
        ("anchor", both.format("anchor")),
        ("signature", "SELECT document, exact AS key FROM signature"),
    ):
        found[name] = store.database.rows(
            f"""
            SELECT document.id, keys.key
              FROM ({keys}) AS keys
              JOIN document ON document.seq = keys.document
             ORDER BY 1, 2
            """  # noqa: S608 - our tables
        )
    found["posting"] = store.database.rows("SELECT bands, anchors FROM posting ORDER BY 1, 2")
    return found


def test_a_verdict_does_not_depend_on_the_order_of_strangers() -> None:
    verdicts = []
    for order in permutations({"mine": MINE, "cheese": CHEESE, "tram": TRAM}.items()):
        store = Store(Database.in_memory())
        for name, text in order:
            judged(store, name, text, NOON)
        verdicts.append(judged(store, "new", MINE.replace("31", "34"), NOON + HOUR).verdict)
    assert verdicts[0].of == "mine"
    assert all(each == verdicts[0] for each in verdicts)


@pytest.mark.parametrize("moved", [False, True], ids=["keys-gathered", "keys-moved"])
def test_expiry_leaves_the_index_as_if_the_old_had_never_come(store: Store, moved: bool) -> None:
    fresh = Store(Database.in_memory())
    for number, text in enumerate((MINE, CHEESE, MINE.replace("31", "34"))):
        judged(store, f"old{number}", text, NOON + number * HOUR)
    if moved:
        move_all(store)
    for each in (store, fresh):  # one stands exactly at the edge of the window
        judged(each, "edge", TRAM, NOON + 3 * HOUR)
        judged(each, "new", CHEESE[:200], NOON + 4 * HOUR)
    assert Retention(store.database).expire_signatures(before=NOON + 3 * HOUR) == 3
    assert index_of(store) == index_of(fresh)
    assert {row["id"] for row in index_of(store)["band"]} == {"edge", "new"}


def test_a_key_that_everybody_has_proposes_nobody(store: Store) -> None:
    signature = judged(store, "mine", MINE, NOON).signature
    for table, seqs in (("anchor", range(1_000, 1_150)), ("fresh_anchor", range(1_150, 1_200))):
        store.database.run_many(
            f"INSERT INTO {table} (key, document) VALUES (?, ?)",  # noqa: S608 - our tables
            [(key, seq) for key in signature.anchors for seq in seqs],
        )
    assert store.ledger._sharing_anchors(signature.anchors, 1) == set()
    store.database.run("DELETE FROM anchor WHERE document = 1000")  # 200 a key: just rare enough
    rare = store.ledger._sharing_anchors(signature.anchors, 1)
    assert len(rare) == COMMON_ANCHOR


def test_a_copy_is_found_wherever_the_keys_of_its_original_stand(store: Store) -> None:
    judged(store, "mine", MINE, NOON)
    gathered = index_of(store)
    assert VERDICT_NAMES[type(judged(store, "again", MINE, NOON + HOUR).verdict)] == "same"
    move_all(store)
    for table in ("fresh_band", "fresh_anchor", "fresh_sentence"):
        sql = f"SELECT count(*) FROM {table}"  # noqa: S608 - our tables
        assert store.database.value(sql) == 0, table
    found = index_of(store)
    assert [row for row in found["band"] if row["id"] == "mine"] == gathered["band"]
    assert VERDICT_NAMES[type(judged(store, "third", MINE, NOON + 2 * HOUR).verdict)] == "same"


def test_a_reprint_teaches_no_sentence_also_when_the_keys_of_its_original_were_moved(
    store: Store,
) -> None:
    judged(store, "mine", MINE, NOON)
    move_all(store)
    judged(store, "again", MINE, NOON + HOUR)
    assert store.database.value("SELECT count(*) FROM fresh_sentence") == 0
    store.database.run("INSERT INTO fresh_sentence SELECT key, 7 FROM sentence")
    hashes = [row["key"] for row in store.database.rows("SELECT key FROM sentence")]
    assert store.ledger.furniture(hashes) == frozenset()
    store.database.run("INSERT INTO fresh_sentence SELECT key, 8 FROM sentence")
    assert store.ledger.furniture(hashes) == frozenset(hashes)


def test_the_filter_of_keys_is_read_in_parts_and_read_again_when_its_room_is_used(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyfilter, "LEAST", 8)
    monkeypatch.setattr(lookups, "TEXTS_AT_ONCE", 4)
    monkeypatch.setattr(lookups, "KEYS_OF_A_TEXT", 1)
    judged(store, "mine", MINE, NOON)
    first = store.ledger._keys
    mine = dedupe.sign(dedupe.prepare(document("later", MINE, NOON + HOUR)))
    assert first is not None
    for number in range(20):
        judged(store, f"other{number}", f"{CHEESE} {number} {TRAM}"[number:], NOON + HOUR)
        found = store.ledger.candidates(mine, since=NOON - HOUR)
        assert found[0].document.id == "mine"
    assert store.ledger._keys is not first
    assert VERDICT_NAMES[type(judged(store, "again", MINE, NOON + 2 * HOUR).verdict)] == "same"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (f"HALVERN (Wire) - {MINE}", "same"),
        (MINE.replace("31 workers", "34 workers"), "update"),
        (MINE + ADDED, "extends"),
    ],
)
def test_why_names_verdict_partner_shares_and_what_is_common(
    store: Store, text: str, verdict: str
) -> None:
    judged(store, "first", MINE, NOON)
    judged(store, "later", text, NOON + HOUR)
    found = Views(store.database).why("later")
    assert found is not None
    assert (found["verdict"], found["of"]) == (verdict, "first")
    reason = found["why"]["verdict"]
    assert reason["of"] == "first"
    assert 0.5 < reason["of_new"] <= 1
    assert 0.5 < reason["of_old"] <= 1
    assert reason["passage"].removesuffix("…") in MINE
    assert len(reason["passage"]) > 100
    if verdict == "update":
        (figure,) = reason["figures"]
        assert (figure["gone"], figure["fresh"]) == (["31"], ["34"])
        assert "trapped 34 workers" in figure["sentence"]
