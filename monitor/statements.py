"""Statements as rows of JSON: one shape in replays, reading commands and webhooks (§3, §6, §7)."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeAlias

from monitor.model import Observation, Reading

Row: TypeAlias = dict[str, Any]


def iso(when: datetime | None) -> str | None:
    """UTC, RFC 3339, whole seconds."""
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if when else None


def number(value: Decimal) -> int | float:
    """Write a number as JSON knows it: 7.1 stays 7.1, 11000 is no float."""
    return int(value) if value == value.to_integral_value() else float(value)


def value_row(reading: Reading) -> Row:
    """Give a number as an article states it."""
    return {
        "low": number(reading.low),
        "high": number(reading.high),
        "qualifier": reading.qualifier.value,
        "unit": reading.unit,
        "surface": reading.surface,
        "start": reading.start,
        "end": reading.end,
        "claimant": reading.claimant,
        "quote": reading.quote,
    }


def observed(seen: Observation) -> Row:
    """Give a stated value with who says so and where."""
    return {
        "id": seen.document,
        "outlet": seen.outlet,
        "url": seen.url,
        "published": iso(seen.published),
        **value_row(seen.reading),
    }
