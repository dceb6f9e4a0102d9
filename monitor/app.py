"""The composition root: a config becomes wired objects; only here every class is named."""

import secrets
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.config import Config, Target
from monitor.errors import ConfigError
from monitor.model import Digest, Form, Rendered
from monitor.store.database import Database
from monitor.store.inbox import Inbox
from monitor.store.ledger import Ledger
from monitor.store.outbox import Outbox
from monitor.watch import CompiledWatch
from monitor.watch import compile as compile_watch

if TYPE_CHECKING:
    from monitor.notify import Notifier
    from monitor.pipeline.compose import Composer
    from monitor.pipeline.judge import Judge


def program_version() -> str:
    """Give the installed version; "0" in a bare checkout."""
    try:
        return version("newsmon")
    except PackageNotFoundError:
        return "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """The three beds over one database."""

    database: Database
    inbox: Inbox
    ledger: Ledger
    outbox: Outbox

    @classmethod
    def over(cls, database: Database) -> "Store":
        return cls(
            database=database,
            inbox=Inbox(database),
            ledger=Ledger(database),
            outbox=Outbox(database),
        )

    @classmethod
    def open(cls, folder: Path, *, durable: bool = True) -> "Store":
        """Open for writing; raises StateError, NewerDatabaseError."""
        return cls.over(Database.open(folder, durable=durable))

    @classmethod
    def open_reading(cls, folder: Path) -> "Store":
        """Open beside a running daemon; raises StateError when there is no database."""
        return cls.over(Database.open_reading(folder))


def build_judge(ledger: Ledger) -> "Judge":
    """Load what judging needs: language packs and learnt weights."""
    from monitor import cluster
    from monitor.figures.packs import load_packs
    from monitor.pipeline.judge import Judge

    return Judge(ledger, packs=load_packs(), model=cluster.load())


def compile_watches(config: Config) -> tuple[CompiledWatch, ...]:
    """Compile every watch; raises ConfigError naming the watch and the position."""
    from monitor.errors import SearchError
    from monitor.store.matching import check_search

    compiled, problems = [], []
    for watch in config.watches:
        try:
            made = compile_watch(watch, config.words)
            check_search(made.query)
            compiled.append(made)
        except SearchError as error:
            at = f" at position {error.position}" if error.position is not None else ""
            problems.append(f'[[watch]] "{watch.name}": {error}{at}')
    if problems:
        raise ConfigError("config", problems)
    return tuple(compiled)


def build_composer(
    config: Config, store: Store, notifier: "Notifier", *, instance: str
) -> "Composer":
    """Wire composing: watches, templates, the forms that targets want."""
    from monitor.pipeline.compose import Composer
    from monitor.render import load_templates, render
    from monitor.store.matching import Matcher

    templates = {
        each.name: load_templates(Path(each.templates) if each.templates else None)
        for each in config.targets
    }

    def rendered(digest: Digest, form: Form, limit: int, target: Target) -> Rendered:
        return render(digest, form, limit, target=target, templates=templates[target.name])

    return Composer(
        config=config,
        compiled=compile_watches(config),
        inbox=store.inbox,
        ledger=store.ledger,
        outbox=store.outbox,
        matcher=Matcher(),
        notifier=notifier,
        render=rendered,
        instance=instance,
    )


def new_instance() -> str:
    """Name an installation: part of every delivery id."""
    return secrets.token_hex(5)
