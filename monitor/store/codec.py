"""Values to columns and back: moments as integers, frozen values as JSON."""

from array import array
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import apsw
from pydantic import TypeAdapter

if TYPE_CHECKING:
    from apsw import CArrayBinding

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Value = TypeVar("Value")


def stamp(moment: datetime) -> int:
    """Give microseconds since 1970 in UTC."""
    return (moment - EPOCH) // _MICROSECOND


def moment(value: int) -> datetime:
    """Give the aware UTC moment of a stamp."""
    return EPOCH + value * _MICROSECOND


def column(numbers: Iterable[int]) -> "CArrayBinding | None":
    """Give numbers as what SQL reads by `carray`: None has no rows, and an array has some."""
    listed = array("q", numbers)
    return apsw.carray(listed) if listed else None


def dump(value: object) -> str:
    """Write a frozen value of the model as JSON."""
    return _adapter(type(value)).dump_json(value).decode()


def load(kind: type[Value], text: str) -> Value:
    """Read what `dump` wrote; raises pydantic.ValidationError for anything else."""
    found: Value = _adapter(kind).validate_json(text)
    return found


_ADAPTERS: dict[object, TypeAdapter[Any]] = {}  # building one costs milliseconds


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    if kind not in _ADAPTERS:
        _ADAPTERS[kind] = TypeAdapter(kind)
    return _ADAPTERS[kind]
