"""Commands that do the jobs: run, poll, digest, target."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.context import Commands, Context, common, now, say
from monitor.plural import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitor.config import Target
    from monitor.jobs import Newsmon
    from monitor.pipeline.poll import Polled
    from monitor.service import Cycle

verbose = click.option("-v", "--verbose", is_flag=True, help="Say more.")


@click.command()
@click.option("--once", is_flag=True, help="One whole cycle, then end.")
@verbose
@common
def run(context: Context, *, once: bool, verbose: bool) -> None:
    """Run the daemon in the foreground."""
    _leave_quietly()
    from monitor import service

    _prepare(context, verbose=verbose)
    config = context.judged
    _resolve_secrets(context)
    if once:
        _say_cycle(service.run_once(config, context.folder))
    else:
        service.run(config, context.folder, context.reload)


@click.command()
@verbose
@common
def poll(context: Context, *, verbose: bool) -> None:
    """Ask every feed once; entries go into the inbox, nothing is judged."""
    from monitor.work import once

    async def work(newsmon: "Newsmon") -> "list[Polled]":
        return await newsmon.polls.ask(await newsmon.polls.due(everything=True))

    _prepare(context, verbose=verbose)
    _say_totals(once(context.config, context.folder, work))


def _leave_quietly() -> None:
    """Until the daemon minds its signals itself, an early one is an ordinary end."""
    import signal
    import sys

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: sys.exit(0))


def _prepare(context: Context, *, verbose: bool) -> None:
    context.level = logging.DEBUG if verbose else logging.INFO
    context.log()


def _resolve_secrets(context: Context) -> None:
    """Miss a secret now rather than at 07:30; raises ConfigError naming each."""
    from monitor.app import missing_secrets
    from monitor.errors import ConfigError

    if problems := list(missing_secrets(context.config)):
        raise ConfigError(str(context.path), problems)


def _say_cycle(cycle: "Cycle") -> None:
    from monitor.cli.status import WORDS

    _say_totals(cycle.polled)
    if cycle.totals["documents"]:
        judged, copies = (cycle.totals[name] for name in ("documents", "copies"))
        click.echo(
            f"{counted(judged, 'article')} ({counted(copies, 'copy')}),"
            f" {counted(cycle.totals['events'], 'new event')},"
            f" {counted(cycle.totals['changes'], 'change')} of a figure"
        )
    if cycle.first:
        click.echo("the first poll of a feed is its baseline: read, not announced")
    left = [f"{n} {WORDS['outbox'][state]}" for state, n in cycle.outbox.items() if n]
    sent = counted(cycle.totals["messages"], "message")
    click.echo(", ".join([f"{sent} sent", *left]))


def _say_totals(polled: "Sequence[Polled]") -> None:
    count = dict.fromkeys(("new", "unchanged", "failed"), 0)
    for each in polled:
        count[each.outcome] += 1
    entries = sum(each.new for each in polled)
    click.echo(
        f"{counted(len(polled), 'feed')}: {count['new']} with {counted(entries, 'new entry')},"
        f" {count['unchanged']} unchanged, {count['failed']} failed"
    )
    for each in polled:
        if each.problem:
            click.echo(f"  {each.feed}: {each.problem}", err=True)


@click.command()
@click.option("--preview", is_flag=True, required=True, help="Show, send nothing.")
@click.option("--html", metavar="FILE", help="Write the mail's HTML there.")
@click.option("--target", "name", metavar="NAME", help="Only this target.")
@common
def digest(context: Context, *, preview: bool, html: str | None, name: str | None) -> None:  # noqa: ARG001 - a flag that must be there
    """Show what would be sent now."""
    from monitor.app import build_composer, build_figures, build_notifier
    from monitor.model import Form
    from monitor.render import MAIL_LIMIT

    config = context.judged
    chosen = [_target(context, name)] if name is not None else config.targets
    store = context.reading()
    notifier = build_notifier(config, None, instance="preview", clock=now)
    figures = build_figures(store.ledger)
    composer = build_composer(config, store, notifier, figures, instance="preview")
    for target in chosen:
        pending = composer.pending(target, now=now())
        if not pending.items:
            say(f"{target.name}: nothing to say")
            continue
        rendered = composer.render(pending, Form.MAIL, MAIL_LIMIT, target)
        click.echo(f"{target.name}: {rendered.subject}\n\n{rendered.text}")
        if html:
            Path(html).write_text(rendered.html, encoding="utf-8")


def _target(context: Context, name: str) -> "Target":
    from monitor.config import guess
    from monitor.errors import UsageError

    found = context.config.target(name)
    if found is None:
        known = [each.name for each in context.config.targets]
        raise UsageError(f'"{name}" is no [[target]]{guess(name, known)}')
    return found


@click.group(cls=Commands)
def target() -> None:
    """Where digests go."""


@target.command("test")
@click.argument("name")
@common
def target_test(context: Context, *, name: str) -> int:
    """Send a sample digest to one target, now."""
    from monitor.app import build_notifier, send_sample
    from monitor.model import Receipt

    _prepare(context, verbose=False)
    _resolve_secrets(context)
    chosen = _target(context, name)
    failed = 0
    notifier = build_notifier(context.config, None, instance="sample", clock=now)
    for recipient, outcome in send_sample(context.config, chosen, notifier, now=now()):
        if isinstance(outcome, Receipt):
            click.echo(f"{name}: accepted for {recipient} - did it arrive?")
        else:
            failed += 1
            click.echo(f"{name}: {recipient}: {outcome.kind}: {outcome.reason}", err=True)
    return 69 if failed else 0
