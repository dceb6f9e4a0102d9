"""The whole daemon on a bundled story: nothing leaves the loopback interface, no config is needed.

The outlets of the story publish on a web server, the daemon's own jobs poll, judge, compose and
deliver by the story's clock, and a mail server takes the letters. What is printed is what the
ledger and the letters say; no verdict is scripted.
"""

import asyncio
import logging
import shutil
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import monotonic

import uvloop

from monitor import log
from monitor.config import Config, environment, parse
from monitor.demo.narrator import Narrator, Pen
from monitor.demo.postbox import Postbox, postbox
from monitor.demo.press import Press, press
from monitor.demo.story import Story, load_story
from monitor.demo.summary import summarise
from monitor.errors import StateError
from monitor.jobs import Newsmon
from monitor.store.database import only_instance
from monitor.store.store import Store
from monitor.store.views import Views
from monitor.work import at_work

FOLDER = Path("state/demo")
BASELINE = datetime(2026, 3, 9, 19, 0, tzinfo=UTC)  # when newsmon is started in the story
SLOT = time(18, 0)
NOTICED = timedelta(minutes=1)  # from publishing to the next poll
GROUP_WAIT = timedelta(minutes=10)
READING_SECONDS = 0.45  # to look at a letter, when a person does
GLANCE_SECONDS = 0.12  # at an article
PATIENCE = 14.0  # seconds after which a slow machine is no longer slowed down


@dataclass(slots=True)
class StoryClock:
    """The time in the story: the clock that every part of the daemon is given."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


def run() -> None:
    """Play the story; letters and database are kept in `state/demo` of the working directory.

    Raises StateError where nothing can be written, AlreadyRunningError beside another demo.
    """
    log.configure(level=logging.WARNING)
    pen = Pen(colour=sys.stdout.isatty() and not environment().get("NO_COLOR"))
    try:
        FOLDER.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StateError(f"{FOLDER}: cannot be made here: {error.strerror}") from None
    with only_instance(FOLDER):
        _clear(FOLDER)
        uvloop.run(_play(load_story(), FOLDER, Narrator(pen), unhurried=sys.stdout.isatty()))


def _clear(folder: Path) -> None:
    """Remove what an earlier demo left, and nothing else."""
    for pattern in ("*.eml", "*.html", "newsmon.db*", "newsmon.toml"):
        for path in folder.glob(pattern):
            path.unlink()
    shutil.rmtree(folder / "apprise", ignore_errors=True)


async def _play(story: Story, folder: Path, narrator: Narrator, *, unhurried: bool) -> None:
    async with AsyncExitStack() as stack:
        site = stack.enter_context(press(story))
        box = await stack.enter_async_context(postbox())
        config = _write_config(folder, site, box)
        store = stack.enter_context(_closing(Store.open(folder)))
        beside = stack.enter_context(_closing(Store.open_reading(folder)))
        clock = StoryClock(BASELINE)
        stage = _Stage(story, site, box, beside, clock, narrator, folder, unhurried)
        narrator.introduce(config)
        await at_work(config, store, folder, stage.play, clock=clock)
        summarise(narrator.pen, beside, box.letters, site, folder)


@contextmanager
def _closing(store: Store) -> Iterator[Store]:
    try:
        yield store
    finally:
        store.database.close()


def _write_config(folder: Path, site: Press, box: Postbox) -> Config:
    """Write the demo's config where a reader can look at it, and read it as the daemon would."""
    path = folder / "newsmon.toml"
    feeds = "".join(
        f"""
[[feed]]
url = "{site.feed_url(outlet)}"
outlet = "{outlet.name}"
every = "1s"
allow_private = ["127.0.0.1/32:{site.port}"]
"""
        for outlet in site.story.outlets
    )
    text = f"""# The config of `newsmon demo`: a whole one. Yours needs fewer lines: newsmon init
[monitor]
timezone = "UTC"
state = "{folder}"
{feeds}
[[watch]]
name = "Dam disasters"
all = ["dam"]
any = ["burst*", "collaps*", "gives way", "gave way"]
send_to = ["desk", "editor"]

[[target]]
name = "desk"                        # hears at once
url = "mailto://{box.address}?from=newsmon@demo.example&to=desk@demo.example"
group_wait = "{GROUP_WAIT.seconds // 60}m"

[[target]]
name = "editor"                      # hears once a day
url = "mailto://{box.address}?from=newsmon@demo.example&to=editor@demo.example"
when = ["{SLOT:%H:%M}"]
"""
    path.write_text(text, encoding="utf-8")
    return parse(text, str(path), {})


@dataclass(slots=True)
class _Stage:
    """Moves the clock from moment to moment and lets the daemon work at each."""

    story: Story
    site: Press
    box: Postbox
    store: Store  # read beside the daemon, as the commands do
    clock: StoryClock
    narrator: Narrator
    folder: Path
    unhurried: bool
    began: float = field(default_factory=monotonic)
    seen: int = 0  # articles told so far, by their row
    kept: int = 0  # letters told so far

    async def play(self, newsmon: Newsmon) -> None:
        """Run through the story; what was published before its start is the baseline."""
        views = Views(self.store.database)
        ahead = list(self.story.articles)
        for moment in moments(self.story):
            self.clock.now = moment
            while ahead and ahead[0].at < moment:
                self.site.publish(ahead.pop(0))
            await newsmon.polls.ask(await newsmon.polls.due())
            await newsmon.ingest()
            await newsmon.compose()
            await newsmon.deliver()
            await self._tell(moment, views)

    async def _tell(self, moment: datetime, views: Views) -> None:
        articles = self.store.ledger.articles_after(self.seen, 100)
        if articles:
            self.seen = articles[-1].seq
        if articles and articles[0].document.baseline:
            self.narrator.tell_baseline(moment, len(articles))
            return
        for article in articles:
            self.narrator.tell_article(moment, article, views)
            await self._pause(GLANCE_SECONDS)
        for letter in self.box.letters[self.kept :]:
            self.kept += 1
            path = letter.keep(self.folder, f"{self.kept:02}-{letter.kind.replace('_', '-')}")
            self.narrator.tell_letter(moment, letter, path)
            await self._pause(READING_SECONDS)

    async def _pause(self, seconds: float) -> None:
        if self.unhurried and monotonic() - self.began < PATIENCE:
            await asyncio.sleep(seconds)


def moments(story: Story) -> list[datetime]:
    """List when the daemon works: after each article, when its group wait ends, at each slot."""
    running = [each.at for each in story.articles if each.at >= BASELINE]
    noticed = {at + NOTICED for at in running}
    released = {at + GROUP_WAIT for at in noticed}
    slots = {datetime.combine(at.date(), SLOT, tzinfo=UTC) for at in running}
    return sorted({BASELINE} | noticed | released | slots)
