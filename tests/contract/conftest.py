"""Every contract runs over a database in memory and one in a file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.store.database import Database
from monitor.store.store import Store


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    opened = Database.in_memory() if request.param == "memory" else Database.open(tmp_path)
    yield Store(opened)
    opened.close()
