"""Values of the beds as plain rows, for commands and JSON (shapes: docs/interfaces.md §6)."""

from collections.abc import Mapping
from typing import Any

from monitor.beds import Article, Recorded
from monitor.model import (
    EventOpened,
    FigureDisputed,
    FigureState,
    Reading,
    Series,
)
from monitor.statements import Row, iso, observed, value_row
from monitor.store.codec import load


def article_row(article: Article) -> Row:
    document = article.document
    return {
        "document": document.id,
        "url": document.url,
        "outlet": document.outlet,
        "title": document.title,
        "published": iso(document.published),
        "agency": document.agency,
        "source": document.source,
        "verdict": article.verdict,
        "of": article.of,
    }


def figure_rows(state: FigureState) -> list[Row]:
    return [figure_row(each) for each in state.shown]


def figure_row(series: Series) -> Row:
    sides = [
        track.decided
        for track in series.tracks
        if series.disputed or track.latest.published > series.decided.published
    ]
    values = sides if series.decided in sides else [series.decided, *sides]
    return {
        "series": series.id,
        "label": series.label,
        "role": series.role,
        "unit": series.decided.reading.unit,
        "value": observed(series.decided),
        "values": [observed(each) for each in values],
        "disputed": series.disputed,
        "readings": series.values,
    }


def document_row(article: Article) -> Row:
    """Give an article as lists of what was found name it."""
    document = article.document
    return {
        "document": document.id,
        "url": document.url,
        "title": document.title,
        "outlet": document.outlet,
        "published": iso(document.published),
        "event": article.event,
    }


def reading_row(reading: Reading, article: Article) -> Row:
    document = article.document
    return {
        "document": document.id,
        "outlet": document.outlet,
        "url": document.url,
        "published": iso(document.published),
        **value_row(reading),
    }


def decided_row(row: Mapping[str, Any]) -> Row:
    reading = load(Reading, row["body"])
    return {
        **value_row(reading),
        "role": reading.role,
        "noise": reading.noise,
        "series": row["series"],
        "outcome": row["outcome"],
        "reason": row["reason"],
    }


def change_row(recorded: Recorded) -> Row:
    change = recorded.change
    line: Row = {
        "change": recorded.id,
        "kind": recorded.kind,
        "event": recorded.event,
        "document": recorded.document,
        "at": iso(recorded.at),
    }
    match change:
        case EventOpened():
            return line | {"label": change.title}
        case FigureDisputed():
            ends: Row = {"sides": [observed(each) for each in change.sides]}
        case _:
            ends = {"before": observed(change.before), "after": observed(change.after)}
    return line | {"series": change.series, "label": change.label, "reason": change.reason, **ends}
