"""Commands for feeds, pages, watches and archives."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.context import (
    Context,
    as_json,
    common,
    no_config,
    now,
    say,
    say_json,
    say_lines,
    short,
)

if TYPE_CHECKING:
    from monitor.config import PrivateNetwork


@click.group()
def feeds() -> None:
    """Look at feeds."""


@feeds.command("list")
@as_json
@common
def feeds_list(context: Context, *, json_: bool) -> None:
    """List the configured feeds with their health."""
    from monitor.beds import FeedState
    from monitor.errors import StateError
    from monitor.store.views import iso

    try:
        states = {each.url: each for each in context.reading().inbox.feed_states()}
    except StateError:  # nothing was polled yet
        states = {}
    for feed in context.config.feeds:
        state = states.get(feed.url, FeedState(url=feed.url))
        row = {
            "url": feed.url,
            "outlet": feed.outlet or state.title,
            "last_poll": iso(state.last_poll),
            "last_new": iso(state.last_new),
            "next_due": iso(state.next_due),
            "failures": state.failures,
            "problem": state.problem,
        }
        if json_:
            say_json(row)
        else:
            health = row["problem"] or ("fine" if state.baseline_done else "not polled yet")
            click.echo(f"{row['outlet'] or feed.url}: {health}")
            click.echo(f"  {feed.url}  last new {short(row['last_new']) or '-'}")


@feeds.command("try")
@click.argument("sources", nargs=-1, required=True, metavar="URL-or-FILE…")
@click.option("--allow-private", multiple=True, metavar="NETWORK:PORT")
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
            _say_feed(row)
    return 69 if bad else 0


def _networks(texts: Sequence[str]) -> "tuple[PrivateNetwork, ...]":
    from monitor.config import private_network
    from monitor.errors import UsageError

    try:
        return tuple(private_network(each) for each in texts)
    except ValueError as error:
        raise UsageError(f"--allow-private {error}") from None


def _say_feed(row: dict[str, Any]) -> None:
    say(f"{row['source']}: {row['status']} {row['problem']}")
    for entry in row["entries"]:
        say(f"{short(entry['published']):16}  {entry['title']}", indent="  ")
        click.echo(f"    {entry['url']}  ({entry['content_words']} words)")


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--url", default="", help="The page's address.")
@as_json
@no_config
def extract(files: Sequence[str], url: str, json_: bool) -> int:
    """Show the article text and metadata of saved pages."""
    from monitor.cli.attempt import extract_files

    bad = 0
    for row in extract_files(files, url, now=now()):
        bad += not row["usable"]
        if json_:
            say_json(row)
        else:
            say(f"{row['file']}: {row['problem'] or row['title']}")
            click.echo(row["text"])
    return 1 if bad else 0


@click.command()
@click.argument("archive")
@click.option("--out", metavar="FILE", help="Write there instead of stdout.")
@click.option("--given-events", is_flag=True, help="Obey the events named in the archive.")
@common
def replay(context: Context, *, archive: str, out: str | None, given_events: bool) -> None:
    """Pass an archive (JSON Lines, - for stdin) through the daemon's own judging."""
    import tempfile

    from monitor.app import Store
    from monitor.replay import dump_lines, read_archive
    from monitor.replay import replay as replayed

    config = context.config if context.named else None
    with tempfile.TemporaryDirectory(prefix="newsmon-replay-") as folder:
        store = Store.open(Path(folder), durable=False)
        articles = read_archive(_lines(archive), complain=_complain)
        lines = dump_lines(replayed(articles, store, config=config, given_events=given_events))
        if out:
            with _writing(out) as stream:
                stream.writelines(lines)
        else:
            for line in lines:
                click.echo(line, nl=False)
        store.database.close()


def _complain(text: str) -> None:
    click.echo(f"newsmon: {text}", err=True)


def _writing(path: str) -> Any:
    from monitor.errors import StateError

    try:
        return Path(path).open("w", encoding="utf-8")
    except OSError as error:
        raise StateError(f"{path}: cannot be written: {error.strerror}") from None


def _lines(archive: str) -> Iterator[str]:
    from monitor.errors import UsageError

    if archive == "-":
        yield from sys.stdin
        return
    try:
        with Path(archive).open(encoding="utf-8", errors="replace") as stream:
            yield from stream
    except OSError as error:
        raise UsageError(f"{archive}: cannot be read: {error.strerror}") from None


@click.group()
def watch() -> None:
    """Try watches on the archive."""


@watch.command("try")
@click.argument("what", metavar="NAME-or-TERMS")
@click.option("--since", default="30d", metavar="30d", show_default=True)
@as_json
@common
def watch_try(context: Context, *, what: str, since: str, json_: bool) -> int:
    """Say which kept articles a watch would have found, by which words."""
    from monitor.cli.attempt import try_watch
    from monitor.cli.look import since_moment

    after = since_moment(since)
    assert after is not None  # noqa: S101 - it has a default
    found = list(try_watch(context.config, context.reading(), what, after=after))
    if json_:
        say_lines(found)
        return 0 if found else 1
    for row in found:
        click.echo(f"{short(row['published'])}  {row['outlet']}  {row['event']}")
        say(row["title"], indent="  ")
        matched = f"matched: {', '.join(row['terms'])}"
        say("removed by `none`" if row["removed"] else matched, indent="    ")
    kept = sum(not row["removed"] for row in found)
    click.echo(f"{kept} articles since {after:%Y-%m-%d %H:%M} UTC")
    return 0 if kept else 1
