"""Values to columns and back: moments as integers, frozen values as JSON."""

from collections.abc import Hashable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Value = TypeVar("Value")


def stamp(moment: datetime) -> int:
    """Give microseconds since 1970 in UTC."""
    return (moment - EPOCH) // _MICROSECOND


def moment(value: int) -> datetime:
    """Give the aware UTC moment of a stamp."""
    return EPOCH + value * _MICROSECOND


@cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def dump(value: object) -> str:
    """Write a frozen value of the model as JSON."""
    return _adapter(cast("Hashable", type(value))).dump_json(value).decode()


def load(kind: type[Value], text: str) -> Value:
    """Read what `dump` wrote; raises pydantic.ValidationError for anything else."""
    found: Value = _adapter(cast("Hashable", kind)).validate_json(text)
    return found
