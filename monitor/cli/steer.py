"""Commands that change something by hand: outbox, mutes, database."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from monitor.cli.context import (
    Commands,
    Context,
    as_json,
    ask_daemon,
    common,
    now,
    say,
    say_lines,
    utc,
)
from monitor.cli.phrases import kind_text
from monitor.plural import counted


@click.group(cls=Commands, invoke_without_command=True)
@as_json
@common
def outbox(context: Context, *, json_: bool) -> None:
    """Show what waits, is in doubt or was given up; retry or drop it."""
    if click.get_current_context().invoked_subcommand is None:
        _list(context, everything=False, json_=json_)


@outbox.command("list")
@click.option("--all", "everything", is_flag=True, help="Sent and dropped ones as well.")
@as_json
@common
def outbox_list(context: Context, *, everything: bool, json_: bool) -> None:
    """List messages and what is held back for later."""
    _list(context, everything=everything, json_=json_)


def _list(context: Context, *, everything: bool, json_: bool) -> None:
    from monitor.pipeline.release import waiting
    from monitor.statements import iso

    store = context.reading()
    zone = context.config.monitor.zone
    rows: list[dict[str, Any]] = [
        {
            "id": each.message.id,
            "target": each.message.target,
            "event": each.message.event,
            "kind": each.message.kind,
            "state": each.state,
            "attempts": each.attempts,
            "next_try": iso(each.next_try) if each.state in ("waiting", "unknown") else None,
            "problem": each.problem,
        }
        for each in store.outbox.deliveries(everything=everything)
    ]
    rows += [
        {
            "id": f"{each.change}@{each.target}",
            "target": each.target,
            "event": each.event,
            "kind": each.kind,
            "state": "held",
            "attempts": 0,
            "next_try": iso(until.at) if until.at else None,
            "problem": store.outbox.problem(target.name) or until.reason,
        }
        for target in context.config.targets
        for each, until in waiting(
            target, zone=zone, outbox=store.outbox, ledger=store.ledger, now=now()
        )
    ]
    if json_:
        say_lines(rows)
        return
    for row in rows:
        kind = kind_text(row["kind"])
        click.echo(f"{row['id']}  {row['state']}  {row['target']}  {kind}  {row['event']}")
        if row["problem"]:
            tried = f" (tried {counted(row['attempts'], 'time')})" if row["attempts"] else ""
            until = f", until {utc(row['next_try'])}" if row["next_try"] else ""
            say(f"{row['problem']}{tried}{until}", indent="  ")
    if not rows:
        click.echo("nothing was sent yet" if everything else "nothing waits")


@outbox.command("retry")
@click.argument("ident", metavar="ID")
@common
def outbox_retry(context: Context, *, ident: str) -> int:
    """Send a message that failed or is in doubt once more, now."""
    return ask_daemon(context, {"action": "retry", "what": ident})


@outbox.command("drop")
@click.argument("ident", metavar="ID")
@common
def outbox_drop(context: Context, *, ident: str) -> int:
    """Give a message up."""
    return ask_daemon(context, {"action": "drop", "what": ident})


@click.command()
@click.argument("what")
@click.option("--for", "length", required=True, metavar="7d", help="How long.")
@click.option("--note", default="", help="Why.")
@common
def mute(context: Context, *, what: str, length: str, note: str) -> int:
    """Silence an event, EVENT/FIGURE, outlet:NAME or watch:NAME for a while."""
    from monitor.config.values import duration
    from monitor.errors import UsageError

    if not (what.startswith(("ev-", "outlet:", "watch:"))):
        raise UsageError(f'"{what}" cannot be muted - write ev-…, ev-…/FIGURE, outlet:… or watch:…')
    if unknown := _unknown(context, what):
        click.echo(f"newsmon: {unknown}", err=True)
        return 1
    try:
        until = now() + duration(length)
    except ValueError as error:
        raise UsageError(f'--for "{length}" {error}') from None
    request: dict[str, object] = {"action": "mute", "what": what, "note": note}
    return ask_daemon(context, request | {"until": until.isoformat()})


def _unknown(context: Context, what: str) -> str:
    """Say that there is nothing of this name to mute, and what comes near; "" when there is."""
    from monitor.config import guess

    kind, _, name = what.partition(":")
    store = context.reading()
    if kind == "watch":
        known = [each.name for each in context.config.watches]
        return "" if name in known else f'no [[watch]] is called "{name}"{guess(name, known)}'
    if kind == "outlet":
        known = [*context.views().outlets(), *(each.outlet for each in context.config.feeds)]
        return "" if name in known else f'no article is of "{name}"{guess(name, known)}'
    event = store.ledger.resolve(what.partition("/")[0])
    if event is None:
        return f"nothing is known of {what} - newsmon events lists what is"
    known = [each.id for each in store.ledger.figure_state(event).series]
    found = "/" not in what or store.ledger.name_now(what) in known
    return "" if found else f"the event has no figure {what}{guess(what, known)}"


@click.command()
@click.argument("what")
@common
def unmute(context: Context, *, what: str) -> int:
    """End a silence."""
    return ask_daemon(context, {"action": "unmute", "what": what})


@click.command()
@as_json
@common
def mutes(context: Context, *, json_: bool) -> None:
    """List what is silenced and until when."""
    from monitor.statements import iso

    found = context.reading().outbox.mutes(now=now())
    rows: Sequence[dict[str, object]] = [
        {"what": each.what, "until": iso(each.until), "note": each.note} for each in found
    ]
    if json_:
        say_lines(rows)
        return
    for row in rows:
        say(f"{row['what']}  until {utc(row['until'])}  {row['note']}")
    if not rows:
        click.echo("nothing is muted")


@click.group(cls=Commands)
def db() -> None:
    """Look after the database."""


@db.command("check")
@common
def db_check(context: Context) -> int:
    """Check the integrity of the database; exit 1 when it is damaged."""
    from monitor.store.database import integrity

    problems = integrity(context.reading().database.connection)
    for problem in problems:
        click.echo(problem, err=True)
    click.echo("damaged" if problems else "ok")
    return 1 if problems else 0


@db.command("backup")
@click.argument("file")
@common
def db_backup(context: Context, *, file: str) -> None:
    """Write a verified copy, also while the daemon runs."""
    from monitor.errors import StateError

    target = Path(file)
    if target.exists():
        raise StateError(f"{target}: exists already - name a new file")
    context.reading().database.back_up(target)
    click.echo(f"{target}: {target.stat().st_size:,} bytes, verified")
