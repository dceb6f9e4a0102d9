"""A store of many documents, written in bulk: our own texts, the shapes that the daemon writes.

Five articles an event: an opening, two follow-ups with a higher toll, a copy, a late one. Names are
drawn from a seed, so a store of n documents is always the same.
"""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from monitor.model import (
    DocumentId,
    EventId,
    FigureChanged,
    FigureState,
    Form,
    Inherited,
    Joined,
    Kind,
    Message,
    MessageId,
    Observation,
    Opened,
    Original,
    Placement,
    Qualifier,
    Reading,
    Same,
    Series,
    SeriesId,
    SharedWord,
    Verdict,
)
from monitor.store.codec import dump, stamp
from monitor.store.explain import why
from monitor.store.matching import index
from monitor.store.rows import change_id
from monitor.store.store import Store

NEWEST = datetime(2026, 3, 1, 12, tzinfo=UTC)
OUTLETS = ("Courier", "Gazette", "Herald", "Post", "Radio")
PER_EVENT = 5
SENTENCES = (
    "Schools in {a} stayed closed and buses to {b} did not run before noon.",
    "Neighbours from {b} brought blankets, soup and candles to the town hall.",
    "Mayor {c} thanked the volunteers and asked visitors to stay away from {a}.",
    "Traffic was led over the {b} bridge, where long queues formed.",
    "Prosecutor {d} opened an inquiry and asked witnesses to come forward.",
    "Insurers in {b} said that it was too early to speak of the damage.",
    "Shops in {a} opened late, and {d} put off the market.",
    "A similar case in {b} had changed the rules for good, {c} recalled.",
)
KINDS = ("flood", "fire", "storm", "collision", "landslide")


def event_name(number: int) -> EventId:
    return EventId(f"ev-{number:010d}")


def document_name(number: int) -> DocumentId:
    return DocumentId(f"d-{number:012d}")


def _name(chance: random.Random) -> str:
    return "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(4))


def articles(count: int) -> Iterator[dict[str, Any]]:
    """Give what is told, article by article; the same for every call."""
    chance = random.Random(7)  # noqa: S311 - the same store every time
    names: dict[str, str] = {}
    first = ""
    for number in range(count):
        event, told = divmod(number, PER_EVENT)
        if told == 0:
            names = {key: _name(chance).capitalize() for key in "abcd"}
        kind, toll = KINDS[event % len(KINDS)], 10 + event % 30 + 3 * told
        quote = f"At least {toll} people were killed in the {kind} near {names['a']}."
        text = f"{quote} " + " ".join(s.format(**names) for s in chance.sample(SENTENCES, 5))
        first = text if told == 0 else first
        yield {
            "number": number,
            "event": event,
            "told": told,
            "copy": told == 3,
            "outlet": OUTLETS[told],
            "title": f"{kind.capitalize()} near {names['a']}: {toll} dead",
            "text": first if told == 3 else text,
            "quote": quote,
            "toll": toll,
            "published": NEWEST - timedelta(minutes=3 * (count - number)),
        }


def fill(folder: Path, count: int, *, feeds: int = 20) -> None:
    """Write a store of `count` documents with events, figures, hits, notices and messages."""
    store = Store.open(folder, durable=False)
    with store.database.transaction():
        for number in range(feeds):
            store.database.run(
                """
                INSERT INTO feed (url, title, baseline_done, next_due, last_poll, last_new, pause)
                VALUES (:url, :title, 1, :at, :at, :at, 900)
                """,
                url=f"https://feeds.example/{number}",
                title=f"Feed {number}",
                at=stamp(NEWEST),
            )
        for article in articles(count):
            _write(store, article, feeds)
    store.database.close()


def _write(store: Store, article: dict[str, Any], feeds: int) -> None:
    number, event = article["number"], event_name(article["event"])
    if article["told"] == 0:
        _open(store, article, event)
    document, at = document_name(number), stamp(article["published"])
    url = f"https://{article['outlet'].lower()}.example/{number}"
    store.database.run(
        """
        INSERT INTO document (id, url, outlet, title, text, language, published, seen, agency,
                              source, baseline, voice, verdict, of, event, why, figured,
                              arrived)
        VALUES (:id, :url, :outlet, :title, :text, 'en', :at, :at, '', 'page', 0, :voice, :verdict,
                :of, :event, :why, 1, :arrived)
        """,
        id=document,
        url=url,
        outlet=article["outlet"],
        title=article["title"],
        text=article["text"],
        at=at,
        voice=OUTLETS[0] if article["copy"] else article["outlet"],
        verdict="same" if article["copy"] else "original",
        arrived=number + 1,
        of=document_name(number - 3) if article["copy"] else None,
        event=event,
        why=json.dumps(why(*_judged(article, event))),
    )
    seq = store.database.last_row
    index(store.database.connection, seq, article["title"], article["text"])
    store.database.run(
        """
        INSERT INTO entry (feed, id, url, title, summary, content, author, published, own_page,
                           first_seen, baseline, state, document, content_hash)
        VALUES (:feed, :id, :url, '', '', '', '', :at, 1, :at, 0, 'judged', :document, '')
        """,
        feed=f"https://feeds.example/{number % feeds}",
        id=str(number),
        url=url,
        at=at,
        document=document,
    )
    _write_figures(store, article, seq, url)


def _judged(article: dict[str, Any], event: EventId) -> tuple[Verdict, Placement]:
    if article["copy"]:
        of = document_name(article["number"] - 3)
        same = Same(of=of, of_new=1.0, of_old=1.0, passage=article["quote"])
        return same, Inherited(event=event, reason=f"repeats {of}")
    if article["told"] == 0:
        return Original(), Opened(event=event)
    shared = (SharedWord(word="killed", weight=0.5),)
    return Original(), Joined(event=event, score=0.9, shared=shared, features={"likeness": 0.4})


def _open(store: Store, article: dict[str, Any], event: EventId) -> None:
    store.database.run(
        """
        INSERT INTO event (id, title, titled, language, first_seen, last_seen, baseline)
        VALUES (:id, :title, 1, 'en', :at, :at, 0)
        """,
        id=event,
        title=article["title"],
        at=stamp(article["published"]),
    )


def _observation(article: dict[str, Any], url: str) -> Observation:
    return Observation(
        reading=Reading(
            start=9,
            end=9 + len(str(article["toll"])),
            surface=str(article["toll"]),
            low=Decimal(article["toll"]),
            high=Decimal(article["toll"]),
            qualifier=Qualifier.AT_LEAST,
            kind=Kind.COUNT,
            unit="",
            quote_start=0,
            quote_end=len(article["quote"]),
            quote=article["quote"],
            noun="people",
            role="killed",
        ),
        document=document_name(article["number"]),
        outlet=article["outlet"],
        url=url,
        published=article["published"],
        voice=article["outlet"],
    )


def _write_figures(store: Store, article: dict[str, Any], seq: int, url: str) -> None:
    run, event = store.database.run, event_name(article["event"])
    name, document = SeriesId(f"{event}/killed"), document_name(article["number"])
    seen, at = _observation(article, url), stamp(article["published"])
    run(
        """
        INSERT INTO reading (document, event, series, grammar, body, outcome, reason)
        VALUES (:seq, :event, :series, 'bulk', :body, 'silent', 'told')
        """,
        seq=seq,
        event=event,
        series=name,
        body=dump(seen.reading),
    )
    run(
        "INSERT INTO hit VALUES (:seq, 'Disasters', :event, '[\"killed\"]')",
        seq=seq,
        event=event,
    )
    series = Series(
        id=name,
        role="killed",
        kind=Kind.COUNT,
        dimension="count",
        thing="",
        nations=(),
        subset="",
        scope="",
        label="People killed",
        decided=seen,
        latest=seen,
        values=article["told"] + 1,
    )
    run(
        "INSERT OR REPLACE INTO figure_state (event, state) VALUES (:event, :state)",
        event=event,
        state=dump(FigureState(event=event, began=article["published"], series=(series,))),
    )
    run("UPDATE event SET last_seen = :at WHERE id = :event", at=at, event=event)
    if article["told"] in (1, 2):
        _tell(store, article, seen, name, document)


def _tell(
    store: Store, article: dict[str, Any], seen: Observation, name: SeriesId, document: DocumentId
) -> None:
    run, event, at = store.database.run, event_name(article["event"]), stamp(article["published"])
    change = FigureChanged(
        event=event,
        series=name,
        label="People killed",
        before=seen,
        after=seen,
        reason="it rose",
    )
    ident = change_id(document, 0)
    run(
        """
        INSERT INTO change (id, kind, event, series, document, at, baseline, body)
        VALUES (:id, 'figure_changed', :event, :series, :document, :at, 0, :body)
        """,
        id=ident,
        event=event,
        series=name,
        document=document,
        at=at,
        body=dump(change),
    )
    digest = f"desk:{ident}"
    run(
        """
        INSERT INTO notice (target, change, kind, event, series, watches, created, state, reason,
                            digest)
        VALUES ('desk', :change, 'figure_changed', :event, :series, '["Disasters"]', :at, 'posted',
                '', :digest)
        """,
        change=ident,
        event=event,
        series=name,
        at=at,
        digest=digest,
    )
    run(
        """
        INSERT INTO message (id, digest, target, recipient, kind, event, body, state, attempts,
                             created, next_try, settled)
        VALUES (:id, :digest, 'desk', 'desk@example.org', 'figure_changed', :event, :body, 'sent',
                1, :at, :at, :at)
        """,
        id=f"m-{ident}",
        digest=digest,
        event=event,
        body=dump(
            Message(
                id=MessageId(f"m-{ident}"),
                target="desk",
                recipient="desk@example.org",
                form=Form.MAIL,
                kind="figure_changed",
                event=event,
                thread=(event,),
                subject=f"People killed: {article['toll']}",
                text=seen.reading.quote,
                html=f"<body>{seen.reading.quote}</body>",
            )
        ),
        at=at,
    )
    run(
        """
        INSERT INTO told (target, event, digest, at, sources)
        VALUES ('desk', :event, :digest, :at, 2)
        """,
        event=event,
        digest=digest,
        at=at,
    )


CONFIG = """
[monitor]
state = "{folder}"

{feeds}
[[watch]]
name = "Disasters"
any = ["killed"]
send_to = ["desk"]

[[target]]
name = "desk"
url = "mailto://127.0.0.1:2525?from=newsmon@example.org&to=desk@example.org"
"""


def config(folder: Path, *, feeds: int = 20) -> str:
    """Give a config for such a store."""
    tables = "".join(
        f'[[feed]]\nurl = "https://feeds.example/{n}"\nfolder = "Part {n % 3}"\n\n'
        for n in range(feeds)
    )
    return CONFIG.format(folder=folder, feeds=tables)
