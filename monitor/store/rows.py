"""Rows of the ledger to values: in one place, for every query that reads them."""

import hashlib
import json
from base64 import b32encode
from collections.abc import Mapping
from typing import Any

from monitor.beds import Article, Recorded, Unread
from monitor.model import (
    CHANGE_KINDS,
    Candidate,
    ChangeId,
    Document,
    DocumentId,
    EventId,
    Signature,
)
from monitor.store.codec import load, moment

_KINDS = {name: kind for kind, name in CHANGE_KINDS.items()}

DOCUMENT = "id, url, outlet, title, text, language, published, seen, agency, source, baseline"
ARTICLE = f"""
SELECT document.seq, {DOCUMENT}, event, verdict, of, voice, why, arrived
  FROM document
"""  # noqa: S608 - our own fragment

# Where the keys of a signature stand, and the column of `posting` that lists them.
KEYS = {"band": "bands", "fresh_band": "bands", "anchor": "anchors", "fresh_anchor": "anchors"}


def change_id(document: DocumentId, number: int, *, version: int = 0) -> ChangeId:
    """Name the n-th change that a version of a document brought: the same in every replay."""
    name = f"{document}/{version}" if version else document
    digest = hashlib.sha256(f"{name} {number}".encode()).digest()
    return ChangeId("ch-" + b32encode(digest).decode().lower()[:12])


def candidate(row: Mapping[str, Any]) -> Candidate:
    signature = Signature(
        version=row["version"],
        exact=row["exact"],
        shingles=row["shingles"],
        bands=(),
        anchors=(),
        sentences=(),
    )
    return Candidate(
        document=document(row),
        signature=signature,
        original=DocumentId(row["of"]) if row["of"] and row["verdict"] == "same" else None,
        event=EventId(row["event"]),
    )


def document(row: Mapping[str, Any]) -> Document:
    return Document(
        id=DocumentId(row["id"]),
        url=row["url"],
        outlet=row["outlet"],
        title=row["title"],
        text=row["text"],
        language=row["language"],
        published=moment(row["published"]),
        seen=moment(row["seen"]),
        agency=row["agency"],
        source=row["source"],
        baseline=bool(row["baseline"]),
    )


def article(row: Mapping[str, Any]) -> Article:
    return Article(
        seq=row["seq"],
        document=document(row),
        event=EventId(row["event"]),
        verdict=row["verdict"],
        of=DocumentId(row["of"]) if row["of"] else None,
        voice=row["voice"],
        arrived=row["arrived"],
        joined_by=tuple(json.loads(row["why"])["placement"].get("shared", ())),
    )


def spans(text: str | None) -> tuple[tuple[int, int], ...] | None:
    return tuple((start, end) for start, end in json.loads(text)) if text else None


def unread(row: Mapping[str, Any]) -> Unread:
    return Unread(
        article=article(row),
        fresh=spans(row["fresh"]),
        at=moment(row["seen"] if row["at"] is None else row["at"]),
        version=row["version"] or 0,
        earlier=row["earlier"],
    )


def recorded(row: Mapping[str, Any]) -> Recorded:
    return Recorded(
        seq=row["seq"],
        id=ChangeId(row["id"]),
        kind=row["kind"],
        change=load(_KINDS[row["kind"]], row["body"]),
        event=EventId(row["event"]),
        document=DocumentId(row["document"]),
        at=moment(row["at"]),
        baseline=bool(row["baseline"]),
    )
