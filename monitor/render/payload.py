"""A digest as JSON for programs: webhooks and `--json`; one schema, times UTC RFC 3339."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from monitor.amounts import difference, value_text
from monitor.model import (
    CHANGE_KINDS,
    Digest,
    FigureChange,
    FigureDisputed,
    FigureLine,
    Item,
    Observation,
    Source,
)
from monitor.statements import Row, iso, number, observed

SCHEMA = 1


def body(digest: Digest, *, title: str, message: str) -> str:
    """Write the JSON body; `message` is the text form.

    The keys of the envelope (`delivery`, `reason`, `possible_repeat`) are filled as it is sent.
    """
    single = len(digest.items) == 1
    watches = dict.fromkeys(name for item in digest.items for name in item.watches)
    whole: Row = {
        "schema": SCHEMA,
        "delivery": "",
        "digest": digest.key,
        "target": digest.target,
        "at": iso(digest.at),
        "title": title,
        "message": message,
        "event": digest.items[0].event if single else None,
        "reason": "",
        "possible_repeat": False,
        "sample": digest.sample,
        "more": digest.more,
        "muted": digest.muted,
        "watches": list(watches),
        "items": [each for item in digest.items for each in _items(item)],
        "health": {
            "feeds": digest.coverage.feeds,
            "failing": len(digest.coverage.failing),
            "notes": list(digest.notes),
        },
    }
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))


def _items(item: Item) -> Iterator[Row]:
    """One object a change; the opening is one, and so is mere growth."""
    around: Mapping[str, Any] = {
        "event": item.event,
        "title": item.title,
        "first_seen": iso(item.first_seen),
        "told_at": iso(item.told_at) if item.told_at else None,
        "sources": {
            "independent": item.independent,
            "articles": item.articles,
            "copies": item.copies,
            "new": item.new_sources,
        },
        "articles": [_article(source) for source in item.sources],
        "also": [_figure(line) for line in item.also],
        "watches": list(item.watches),
    }
    if item.opened and not item.baseline:
        yield {
            "type": "change",
            "kind": "event_opened",
            **around,
            "before": None,
            "lead": [{"text": words, "article": number} for words, number in item.lead],
            "figures": [_figure(line) for line in item.figures],
            "reason": {"rule": "event_opened", "terms": list(item.terms)},
        }
    for change in item.changes:
        yield {
            "type": "change",
            "kind": CHANGE_KINDS[type(change)],
            **around,
            **_change(change),
            "reason": {
                "rule": "change",
                "text": change.reason,
                "threshold": item.threshold or None,
                "terms": list(item.terms),
            },
        }
    if not item.changes and (not item.opened or item.baseline):
        yield {
            "type": "growth",
            "kind": "event_grown",
            **around,
            "figures": [_figure(line) for line in item.figures],
            "reason": {"rule": "growth", "terms": list(item.terms)},
        }


def _change(change: FigureChange) -> Row:
    if isinstance(change, FigureDisputed):
        sides = [_observation(each) for each in change.sides]
        shared = {"series": change.series, "label": change.label}
        return {**shared, "unit": change.sides[0].reading.unit, "sides": sides}
    moved = difference(change.before.reading, change.after.reading)
    return {
        "series": change.series,
        "label": change.label,
        "unit": change.after.reading.unit,
        "claimant": change.after.reading.claimant,
        "delta": number(moved.delta) if moved else None,
        "delta_percent": number(moved.percent) if moved and moved.percent is not None else None,
        "before": _observation(change.before),
        "after": _observation(change.after),
    }


def _figure(line: FigureLine) -> Row:
    return {
        "series": line.series,
        "label": line.label,
        "disputed": line.disputed,
        "values": [_observation(each) for each in line.values],
    }


def _article(source: Source) -> Row:
    return {
        "document": source.document,
        "outlet": source.outlet,
        "url": source.url,
        "title": source.title,
        "published": iso(source.published),
        "agency": source.agency,
        "copies": source.copies,
        "earlier": source.earlier,
    }


def _observation(seen: Observation) -> Row:
    return {**observed(seen), "text": value_text(seen.reading)}
