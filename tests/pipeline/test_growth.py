"""What judging costs as the window fills, in steps: counts that hold on every machine."""

import cProfile
import pstats
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.app import Store, build_judge
from monitor.model import Document
from tests.bench.growth import Press

FEW, MANY = 200, 2_000  # documents
ASKED = 100  # articles measured
STEPS = 100  # of SQLite's machine, counted together


class Desk:
    def __init__(self, folder: Path) -> None:
        self.store = Store.open(folder, durable=False)
        self._judge = build_judge(self.store)
        self._press = Press()
        self._taken = 0
        self._steps = 0
        self.store.database.connection.set_progress_handler(self._stepped, STEPS)

    def _stepped(self) -> bool:
        self._steps += STEPS
        return False

    def fill(self, documents: int) -> None:
        self._take(self._next(documents - self._taken))

    def cost(self) -> tuple[float, float]:
        """Give calls of functions and steps of the database, an article."""
        self._steps, profile = 0, cProfile.Profile()
        asked = self._next(ASKED)
        profile.enable()
        self._take(asked)
        profile.disable()
        calls = pstats.Stats(profile).total_calls  # type: ignore[attr-defined]
        return calls / ASKED, self._steps / ASKED

    def _next(self, articles: int) -> list[Document]:
        first, self._taken = self._taken, self._taken + articles
        return self._press.articles(first, self._taken)

    def _take(self, articles: list[Document]) -> None:
        with self.store.ledger.transaction():
            for document in articles:
                self._judge.judge(document, now=document.published)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.store.database.close()


def test_an_article_takes_no_more_steps_beside_ten_times_as_many(desk: Desk) -> None:
    desk.fill(FEW)
    calls, steps = desk.cost()
    desk.fill(MANY)
    calls_later, steps_later = desk.cost()
    assert calls_later < 1.3 * calls
    assert steps_later < 1.3 * steps
