"""Commands for watches: try one on the archive, suggest the words for one."""

import json
from dataclasses import asdict

import click

from monitor.cli.context import (
    Commands,
    Context,
    as_json,
    common,
    limit_option,
    say,
    say_lines,
    since_moment,
    utc,
)
from monitor.cli.phrases import unknown
from monitor.cli.table import Column, say_table
from monitor.plural import counted


@click.group(cls=Commands)
def watch() -> None:
    """Try watches on the archive; find words for one."""


@watch.command("try")
@click.argument("what", metavar="NAME-or-TERMS")
@click.option("--since", default="30d", metavar="30d", show_default=True)
@as_json
@common
def watch_try(context: Context, *, what: str, since: str, json_: bool) -> int:
    """Say which kept articles a watch would have found, by which words."""
    from monitor.cli.attempt import try_watch
    from monitor.errors import UsageError

    after = since_moment(since)
    assert after is not None  # noqa: S101 - it has a default
    if not what.strip():
        raise UsageError("no words to try - write some, or the name of a [[watch]]")
    named = {each.name for each in context.config.watches}
    config = context.judged if what in named else context.config
    found = list(try_watch(config, context.reading(), what, after=after))
    if json_:
        say_lines(found)
        return 0 if found else 1
    for row in found:
        click.echo(f"{utc(row['published'])}  {row['outlet']}  {row['event']}")
        say(row["title"], indent="  ")
        matched = f"matched: {', '.join(row['terms'])}"
        say("removed by `none`" if row["removed"] else matched, indent="    ")
    kept = sum(not row["removed"] for row in found)
    click.echo(f"{counted(kept, 'article')} since {after:%Y-%m-%d %H:%M} UTC")
    return 0 if kept else 1


@watch.command("suggest")
@click.argument("event")
@limit_option(default=8)
@as_json
@common
def watch_suggest(context: Context, *, event: str, limit: int, json_: bool) -> int:
    """Suggest words that would have caught an event and nothing else in the archive, counted."""
    from monitor.cli.attempt import suggest_watch

    store = context.reading()
    standing = store.ledger.resolve(event)
    if standing is None:
        return unknown(event)
    found = suggest_watch(store, standing, most=limit)
    if json_:
        say_lines(asdict(each) for each in found)
        return 0 if found else 1
    if not found:
        click.echo("newsmon: no words tell this event from the others", err=True)
        return 1
    articles = found[0].found + found[0].missed
    columns = (
        Column("ALL OF", wide=True),
        Column(f"FINDS (OF {articles})", right=True),
        Column("OTHER ARTICLES", right=True),
    )
    rows = [(" + ".join(each.terms), str(each.found), str(each.others)) for each in found]
    say_table(columns, rows)
    record = store.ledger.event(standing)
    title = json.dumps(record.title[:60] if record else event, ensure_ascii=False)
    click.echo("\nas a watch:\n")
    click.echo(f"[[watch]]\nname = {title}")
    click.echo(f"all = {json.dumps(found[0].terms, ensure_ascii=False)}")
    return 0
