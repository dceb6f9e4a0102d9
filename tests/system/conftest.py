from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.newsroom import Daemon, PostOffice, Press


@pytest.fixture
def press() -> Iterator[Press]:
    made = Press()
    yield made
    made.close()


@pytest.fixture
def post() -> Iterator[PostOffice]:
    made = PostOffice()
    yield made
    made.close()


@pytest.fixture
def daemon(tmp_path: Path, press: Press, post: PostOffice) -> Iterator[Daemon]:
    made = Daemon(tmp_path, press, post, feeds=3)
    yield made
    made.end()
