"""The composition root: a config becomes wired objects; only here every class is named."""

import secrets
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from monitor.beds import FiguresRead
from monitor.config import Config, Fault, Secret, Target, environment, missing_secret
from monitor.errors import ConfigError, NewsmonError
from monitor.model import (
    Digest,
    Form,
    Outcome,
    Rendered,
)
from monitor.store import rescue
from monitor.store.store import Store
from monitor.version import program_version

if TYPE_CHECKING:
    from monitor.pipeline.compose import Composer
    from monitor.pipeline.figures import FigureReader
    from monitor.pipeline.judge import Judge
    from monitor.pipeline.ports import Notifier
    from monitor.store.ledger import Ledger
    from monitor.watch import CompiledWatch

Clock: TypeAlias = Callable[[], datetime]


def build_figures(
    ledger: "Ledger", heard: "Callable[[FiguresRead], object]" = lambda _: None
) -> "FigureReader":
    """Load what reading figures needs: the language packs."""
    from monitor.figures.packs import load_packs
    from monitor.pipeline.figures import FigureReader

    return FigureReader(ledger, packs=load_packs(), heard=heard)


def build_judge(store: Store, figures: "FigureReader | None" = None) -> "Judge":
    """Load what judging needs: learnt weights, and who reads figures."""
    from monitor import cluster
    from monitor.pipeline.judge import Judge

    return Judge(
        store.ledger,
        store.overrides,
        figures=figures or build_figures(store.ledger),
        model=cluster.load(),
    )


def compile_watches(config: Config) -> "tuple[CompiledWatch, ...]":
    """Compile every watch; raises ConfigError naming the watch and the position."""
    compiled, faults = _compiled(config)
    if faults:
        raise ConfigError("config", [str(fault) for fault in faults])
    return compiled


def watch_faults(config: Config) -> list[Fault]:
    """Name each watch whose `search` line the engine does not take."""
    return _compiled(config)[1]


def _compiled(config: Config) -> "tuple[tuple[CompiledWatch, ...], list[Fault]]":
    from monitor.errors import SearchError
    from monitor.store.matching import check_search
    from monitor.watch import compile as compile_watch

    compiled, faults = [], []
    for watch in config.watches:
        try:
            made = compile_watch(watch, config.words)
            check_search(made.query)
            compiled.append(made)
        except SearchError as error:
            at = f" at position {error.position}" if error.position is not None else ""
            key = str(error).split(maxsplit=1)[0].rstrip(":")
            faults.append(Fault("watch", watch.name, key, f"{error}{at}"))
    return tuple(compiled), faults


def judged(config: Config) -> Iterator[Fault]:
    """Name what only the engines can judge: watch queries, target addresses, templates.

    Loads Apprise, which takes a second or two.
    """
    from monitor.notify import check_url
    from monitor.render import load_templates

    yield from watch_faults(config)
    for target in config.targets:
        if not target.url.missing(environment()):
            problem = check_url(target.url.reveal(environment(), encoded=True))
            if problem:
                yield Fault("target", target.name, "url", f"url: {problem}")
        try:
            if target.templates:
                load_templates(Path(target.templates))
        except NewsmonError as error:
            words = " ".join(str(error).split())
            yield Fault("target", target.name, "templates", f"templates: {words}")


def missing_secrets(config: Config) -> Iterator[str]:
    """Name every secret without a value: missed now rather than at 07:30."""
    for place, secret in config.secrets():
        for name in secret.missing(environment()):
            yield f"{place}: {missing_secret(name)}"


def build_notifier(
    config: Config, folder: Path | None, *, instance: str, clock: "Clock"
) -> "Notifier":
    """Wire the way out; `folder` is where services keep what they want remembered."""
    from monitor import notify

    return notify.Notifier(
        environ=environment(),
        instance=instance,
        contact=config.monitor.contact,
        storage=folder / "apprise" if folder else None,
        agent=f"newsmon/{program_version()}",
        clock=clock,
    )


def build_composer(
    config: Config,
    store: Store,
    notifier: "Notifier",
    figures: "FigureReader",
    *,
    instance: str,
) -> "Composer":
    """Wire composing: watches, templates, the forms that targets want."""
    from monitor.pipeline.compose import Composer
    from monitor.render import Templates, load_templates, render
    from monitor.store.matching import Matcher

    own, faults = dict[str, Templates](), dict[str, str]()
    for each in config.targets:
        try:
            if each.templates:
                own[each.name] = load_templates(Path(each.templates))
        except NewsmonError as error:  # it costs nobody a message
            faults[each.name] = f"templates: {' '.join(str(error).split())}: ours stand in"

    def rendered(digest: Digest, form: Form, limit: int, target: Target) -> Rendered:
        templates = own.get(target.name) or load_templates()  # ours: compiled when first needed
        return render(digest, form, limit, target=target, templates=templates)

    return Composer(
        config=config,
        compiled=compile_watches(config),
        inbox=store.inbox,
        ledger=store.ledger,
        outbox=store.outbox,
        matcher=Matcher(),
        figures=figures,
        notifier=notifier,
        render=rendered,
        instance=instance,
        alarms=partial(rescue.rescued, Path(store.database.path).parent),
        faults=faults,
    )


def new_instance() -> str:
    """Name an installation: part of every delivery id."""
    return secrets.token_hex(5)


def reveal(secret: Secret) -> str:
    """Resolve a secret for what sends or fetches; raises ConfigError."""
    return secret.reveal(environment())


def send_sample(
    config: Config, target: Target, notifier: "Notifier", *, now: datetime
) -> Iterator[tuple[str, Outcome]]:
    """Send a sample digest to each recipient of a target; it never rests in the outbox."""
    from monitor import digest as rules
    from monitor.render import load_templates, render
    from monitor.sample import sample

    digest = sample(target=target.name, timezone=config.monitor.timezone, now=now)
    templates = load_templates(Path(target.templates) if target.templates else None)
    for recipient in notifier.recipients(target):
        rendered = render(
            digest, recipient.form, recipient.limit, target=target, templates=templates
        )
        ident = rules.message_id(new_instance(), "sample", digest.key, target.name, recipient.key)
        message = rules.compose(digest, recipient, rendered, ident)
        yield recipient.key, notifier.send(message, target)
