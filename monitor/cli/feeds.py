"""Commands for feeds: list, add, remove, try, import, export."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.context import (
    Commands,
    Context,
    as_json,
    common,
    no_config,
    say,
    say_json,
    say_lines,
    short,
    utc,
)
from monitor.cli.table import Column, Painted, say_table
from monitor.plural import counted

if TYPE_CHECKING:
    from monitor.config import PrivateNetwork

Row = dict[str, Any]
SHOWN = 5  # entries of a preview
RELOAD = "a running newsmon reads it at: systemctl reload newsmon"
allow_private = click.option(
    "--allow-private", multiple=True, metavar="NETWORK:PORT", help="An internal network to ask."
)
dry_run = click.option("--dry-run", is_flag=True, help="Show what would be done, change nothing.")


@click.group(cls=Commands)
def feeds() -> None:
    """Look at feeds, add and remove them."""


@feeds.command("list")
@as_json
@common
def feeds_list(context: Context, *, json_: bool) -> None:
    """List the configured feeds: health, last entry, pause between polls, share of copies."""
    rows = sorted(_health(context), key=lambda row: row["folder"])
    if json_:
        say_lines(rows)
        return
    columns = (
        Column("FEED", wide=True),
        Column("HEALTH", wide=True),
        Column("LAST NEW (UTC)"),
        Column("EVERY", right=True),
        Column("ENTRIES", right=True),
        Column("COPIES", right=True),
    )
    folders: dict[str, list[Row]] = {}
    for row in rows:
        folders.setdefault(row["folder"], []).append(row)
    for folder, those in folders.items():
        if folder:
            click.echo(click.style(folder, bold=True))
        say_table(columns, [_health_cells(row) for row in those])


def _health(context: Context) -> list[Row]:
    from monitor.beds import FeedState
    from monitor.errors import StateError
    from monitor.statements import iso
    from monitor.store.counts import Counts

    states, counts = {}, {}
    try:
        store = context.reading()
        states = {each.url: each for each in store.inbox.feed_states()}
        counts = Counts(store.database).feed_counts()
    except StateError:  # nothing was polled yet
        pass
    rows = []
    for feed in context.config.feeds:
        state = states.get(feed.url, FeedState(url=feed.url))
        entries, copies = counts.get(feed.url, (0, 0))
        rows.append(
            {
                "url": feed.url,
                "outlet": feed.outlet or state.title,
                "folder": feed.folder,
                "healthy": not state.problem and state.baseline_done,
                "last_poll": iso(state.last_poll),
                "last_new": iso(state.last_new),
                "next_due": iso(state.next_due),
                "pause": int((state.pause or feed.every).total_seconds()),
                "entries": entries,
                "copies": round(copies / entries, 3) if entries else 0,
                "failures": state.failures,
                "problem": state.problem,
            }
        )
    return rows


def _health_cells(row: Row) -> tuple[str | Painted, ...]:
    health = row["problem"] or ("fine" if row["healthy"] else "not polled yet")
    return (
        row["outlet"] or row["url"],
        Painted(health, "red" if row["problem"] else "green" if row["healthy"] else "yellow"),
        short(row["last_new"]) or "-",
        _span(row["pause"]),
        str(row["entries"]),
        f"{row['copies']:.0%}",
    )


def _span(seconds: int) -> str:
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds / size:.3g}{unit}"
    return f"{seconds}s"


# -- try ------------------------------------------------------------------------------------------


@feeds.command("try")
@click.argument("sources", nargs=-1, required=True, metavar="URL-or-FILE…")
@allow_private
@as_json
@no_config
def feeds_try(sources: Sequence[str], allow_private: Sequence[str], json_: bool) -> int:
    """Fetch (or read) and parse feeds, and show their entries."""
    from monitor.cli.attempt import try_feeds

    allowed = _networks(allow_private)
    bad = 0
    for row in try_feeds(sources, allowed):
        bad += row["status"] != "ok"
        if json_:
            say_json(row)
        else:
            say(f"{row['source']}: {row['status']}{': ' * bool(row['problem'])}{row['problem']}")
            _say_entries(row["entries"])
    return 69 if bad else 0


def _networks(texts: Sequence[str]) -> "tuple[PrivateNetwork, ...]":
    from monitor.config import private_network
    from monitor.errors import UsageError

    try:
        return tuple(private_network(each) for each in texts)
    except ValueError as error:
        raise UsageError(f"--allow-private {error}") from None


def _say_entries(entries: Iterable[Row]) -> None:
    for entry in entries:
        say(f"{utc(entry['published']):20}  {entry['title']}", indent="  ")
        say(f"{entry['url']}  ({counted(entry['content_words'], 'word')})", indent="    ")


# -- add and remove -------------------------------------------------------------------------------


@feeds.command("add")
@click.argument("url")
@click.option("--outlet", default="", help="Who publishes; default: the feed's own title.")
@click.option("--folder", default="", help='Groups feeds, "Europe/Poland".')
@click.option("--every", default="", metavar="15m", help="The longest pause between two polls.")
@allow_private
@dry_run
@as_json
@common
def feeds_add(
    context: Context,
    *,
    url: str,
    outlet: str,
    folder: str,
    every: str,
    allow_private: Sequence[str],
    dry_run: bool,
    json_: bool,
) -> int:
    """Find the feed of a site, show what it would bring, and write it into the config.

    URL is a feed or any page of a site. The first feed found is taken; the others are named.
    """
    from monitor.cli.discover import discover

    url = url if "://" in url else f"https://{url}"
    allowed = _networks(allow_private)
    config = context.config
    row, *others = discover(url, allowed, config.monitor)
    answer = _preview(context, row) | {"others": [each["source"] for each in others]}
    known = row["source"] in {feed.url for feed in config.feeds}
    if row["status"] == "ok" and not known and not dry_run:
        new = {"url": row["source"], "outlet": outlet, "folder": folder, "every": every}
        _write(context, [new | {"allow_private": list(allow_private)}])
    answer |= {"added": row["status"] == "ok" and not known and not dry_run, "known": known}
    if json_:
        say_json(answer)
    else:
        _say_preview(answer, str(context.path), dry=dry_run)
    return 0 if row["status"] == "ok" else 69


def _preview(context: Context, row: Row) -> Row:
    """What a feed would bring: its newest entries, how many a day, which watches they touch."""
    from monitor.app import compile_watches
    from monitor.store.matching import Matcher

    entries = row["entries"]
    days = sorted(each["published"][:10] for each in entries if each["published"])
    documents = [(str(n), each["title"], each["summary"]) for n, each in enumerate(entries)]
    hits = Matcher().matches(compile_watches(context.judged), documents)
    watches: dict[str, int] = {}
    for _, name in hits:
        watches[name] = watches.get(name, 0) + 1
    return {
        "url": row["source"],
        "status": row["status"],
        "problem": row["problem"],
        "title": row["title"],
        "entries": len(entries),
        "from": days[0] if days else None,
        "until": days[-1] if days else None,
        "watches": watches,
        "newest": entries[:SHOWN],
    }


def _say_preview(answer: Row, path: str, *, dry: bool) -> None:
    if answer["status"] != "ok":
        say(f"{answer['url']}: {answer['status']}: {answer['problem']}")
        return
    click.echo(click.style(answer["url"], bold=True))
    since = f", {answer['from']} to {answer['until']}" if answer["from"] else ""
    entries = counted(answer["entries"], "entry")
    say(f"{answer['title'] or '(no title)'}: {entries}{since}", indent="  ")
    _say_entries(answer["newest"])
    for name, count in answer["watches"].items():
        say(f'watch "{name}" finds {count} of them by title and summary', indent="  ")
    for other in answer["others"]:
        say(f"also here: {other}", indent="  ")
    if answer["known"]:
        click.echo(f"{path} has it already")
    elif answer["added"]:
        click.echo(f"added to {path} - {RELOAD}")
    elif dry:
        click.echo("nothing was changed")


@feeds.command("remove")
@click.argument("url")
@dry_run
@common
def feeds_remove(context: Context, *, url: str, dry_run: bool) -> int:
    """Take a feed out of the config, by its address or its outlet; what it brought stays."""
    from monitor.config.edit import remove_feed
    from monitor.errors import UsageError

    found = [feed.url for feed in context.config.feeds if url in (feed.url, feed.outlet)]
    if not found:
        remedy = "newsmon feeds list names them"
        click.echo(f"newsmon: {context.path} has no feed {url} - {remedy}", err=True)
        return 1
    if len(found) > 1:
        raise UsageError(f'"{url}" has several feeds - name one: {" ".join(found)}')
    changed = remove_feed(context.path.read_text("utf-8"), found[0])
    if not dry_run:
        context.rewrite(changed)
    click.echo(f"{found[0]} {'would go' if dry_run else 'removed'} from {context.path} - {RELOAD}")
    return 0


def _write(context: Context, new: Sequence[Mapping[str, str | Sequence[str]]]) -> None:
    from monitor.config.edit import add_feeds

    context.rewrite(add_feeds(context.path.read_text("utf-8"), new))


# -- OPML -----------------------------------------------------------------------------------------


@feeds.command("import")
@click.argument("file")
@dry_run
@as_json
@common
def feeds_import(context: Context, *, file: str, dry_run: bool, json_: bool) -> int:
    """Add the feeds of an OPML file with their folders; importing twice adds nothing."""
    from monitor import opml
    from monitor.cli.attempt import read_file
    from monitor.errors import NewsmonError, UsageError

    try:
        found = opml.read(read_file(file, opml.MOST_BYTES))
    except NewsmonError as error:
        raise UsageError(f"{file}: {error}") from None
    known = {feed.url for feed in context.config.feeds}
    new = [each for each in found.feeds if each.url not in known]
    if new and not dry_run:
        _write(context, [_as_table(each) for each in new])
    answer = {
        "added": [] if dry_run else [each.url for each in new],
        "new": len(new),
        "known": len(found.feeds) - len(new),
        "left_out": list(found.left_out),
    }
    if json_:
        say_json(answer)
        return 0
    for each in found.left_out:
        click.echo(f"newsmon: left out: {each}", err=True)
    verb = "would be added" if dry_run else "added"
    there = "was" if answer["known"] == 1 else "were"
    say(
        f"{counted(len(new), 'feed')} {verb} to {context.path},"
        f" {answer['known']} {there} there already"
    )
    if new and not dry_run:
        click.echo(RELOAD)
    return 0


def _as_table(each: Any) -> dict[str, str]:
    outlet = "" if each.title == each.url else each.title
    return {"url": each.url, "outlet": outlet, "folder": each.folder}


@feeds.command("export")
@click.argument("file", required=False)
@common
def feeds_export(context: Context, *, file: str | None) -> None:
    """Write the feeds as OPML with folders, to FILE or to stdout; no password goes along."""
    from monitor import opml
    from monitor.cli.context import write_file

    found = [
        opml.Outline(url=row["url"], title=row["outlet"], folder=row["folder"])
        for row in _health(context)
    ]
    content = opml.write(found, title="newsmon")
    if file is None:
        sys.stdout.buffer.write(content)
    else:
        write_file(Path(file), content)
        click.echo(f"{file}: {counted(len(found), 'feed')}")
