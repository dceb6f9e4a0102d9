"""Commands on the archive of articles: search, export, replay, forget, extract."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.context import (
    Context,
    as_json,
    common,
    limit_option,
    no_config,
    now,
    say,
    say_json,
    say_lines,
    since_moment,
    since_option,
    utc,
)
from monitor.cli.phrases import kind_text, value_text
from monitor.cli.table import progress
from monitor.plural import counted

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.replay import Line

PRIVACY = (
    "the archive holds whole articles: their texts belong to their publishers and may name people"
    " - keep it to yourself, and share it only where you may"
)


@click.command()
@click.argument("words", nargs=-1, required=True)
@since_option
@click.option("--outlet", help="Only articles of this outlet.")
@click.option("--watch", help="Only articles in which this watch's words stood.")
@limit_option(default=50)
@as_json
@common
def search(
    context: Context,
    *,
    words: Sequence[str],
    since: str | None,
    outlet: str | None,
    watch: str | None,
    limit: int,
    json_: bool,
) -> int:
    """Search the kept articles; plain words, the newest first."""
    found = list(
        context.views().search(
            " ".join(words), since=since_moment(since), outlet=outlet, watch=watch, limit=limit
        )
    )
    if json_:
        say_lines(found)
    for row in () if json_ else found:
        click.echo(
            f"{utc(row['published'])}  {click.style(row['outlet'], bold=True)}  {row['event']}"
        )
        say(row["title"], indent="  ")
        say(row["snippet"], indent="    ")
        say(row["url"], indent="    ")
    if not found:
        click.echo("newsmon: nothing found", err=True)
    return 0 if found else 1


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
            if row["text"]:
                click.echo(row["text"])
    return 1 if bad else 0


# -- export and replay ----------------------------------------------------------------------------


@click.command()
@since_option
@click.option("--out", metavar="FILE", help="Write there instead of stdout.")
@common
def export(context: Context, *, since: str | None, out: str | None) -> None:
    """Write the kept articles and the corrections by hand as an archive for `newsmon replay`."""
    from monitor.replay import dump_lines, write_archive

    store = context.reading()
    total = store.database.value("SELECT count(*) FROM document")
    lines = write_archive(store, since=since_moment(since))
    with ExitStack() as stack:
        stream = stack.enter_context(_writing(out)) if out else sys.stdout
        for line in dump_lines(progress(lines, total, "articles", shown=out is not None)):
            stream.write(line)
    click.echo(f"newsmon: {PRIVACY}", err=True)


@click.command()
@click.argument("archive")
@click.option("--against", metavar="FILE", help="A second config: print what it would change.")
@click.option("--out", metavar="FILE", help="Write there instead of stdout.")
@click.option("--given-events", is_flag=True, help="Obey the events named in the archive.")
@as_json
@common
def replay(
    context: Context,
    *,
    archive: str,
    against: str | None,
    out: str | None,
    given_events: bool,
    json_: bool,
) -> int:
    """Pass an archive (JSON Lines, - for stdin) through the daemon's own judging.

    With --config A --against B: what would be announced by one and not by the other.
    """
    from monitor.errors import UsageError
    from monitor.replay import dump_lines

    config = context.judged if context.named or against else None
    lines = list(_lines(archive))
    if against:
        other = Context(against).judged
        assert config is not None  # noqa: S101 - read above
        return _compare(lines, (config, other), given_events=given_events, json_=json_)
    with ExitStack() as stack:
        stream = stack.enter_context(_writing(out)) if out else sys.stdout
        told = _replayed(lines, config, given_events=given_events, shown=out is not None)
        count = 0
        for count, line in enumerate(dump_lines(told), 1):  # noqa: B007 - of the last
            stream.write(line)
    if lines and not count:
        raise UsageError(f"{archive}: holds no article - newsmon export writes such an archive")
    return 0


def _replayed(
    lines: Sequence[str], config: "Config | None", *, given_events: bool, shown: bool
) -> "Iterator[Line]":
    """Replay in a temporary state."""
    import tempfile

    from monitor.replay import read_archive
    from monitor.replay import replay as replayed
    from monitor.store.store import Store

    with tempfile.TemporaryDirectory(prefix="newsmon-replay-") as folder:
        store = Store.open(Path(folder), durable=False)
        try:
            rows = read_archive(
                progress(lines, len(lines), "articles", shown=shown), complain=_complain
            )
            yield from replayed(
                rows, store, config=config, given_events=given_events, complain=_complain
            )
        finally:
            store.database.close()


def _compare(
    lines: Sequence[str],
    configs: "tuple[Config, Config]",
    *,
    given_events: bool,
    json_: bool,
) -> int:
    """Print what one config would announce and the other not; exit 1 when they differ."""
    from monitor.replay import told

    one, other = (
        told(_replayed(lines, config, given_events=given_events, shown=not json_))
        for config in configs
    )
    differing = [key for key in (*one, *other) if (key in one) != (key in other)]
    for key in differing:
        side, line = ("config", one[key]) if key in one else ("against", other[key])
        if json_:
            say_json({"only": side, **line})
        else:
            _say_difference(side, line)
    if not json_:
        both = len(one.keys() & other.keys())
        click.echo(f"{counted(len(differing), 'announcement')} of one config alone, {both} of both")
    return 1 if differing else 0


def _say_difference(side: str, line: Any) -> None:
    mark = click.style("-", fg="red") if side == "config" else click.style("+", fg="green")
    click.echo(f"{mark} {line['targets'][0]}  {kind_text(line['kind'])}  {line['event']}")
    moved = f": {value_text(line['before'])} -> {value_text(line['after'])}"
    say(f"{line['label']}{moved if line['before'] else ''}", indent="    ")


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


# -- forget ---------------------------------------------------------------------------------------


@click.command()
@click.argument("what", metavar="URL-or-OUTLET")
@click.option("--note", default="", help="Why: kept with the tombstone.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
@common
def forget(context: Context, *, what: str, note: str, yes: bool, json_: bool) -> int:
    """Remove an article, or all articles of an outlet so far, and their words for good.

    Full text, quotes and letters go too; a hash of the address stays, so that the article is not
    read again. To stop an outlet, remove its feed as well.
    """
    from monitor import actions

    if not yes and sys.stdin.isatty():
        click.confirm(f"Remove what is kept of {what} for good?", abort=True)
    asked: dict[str, object] = {"action": "forget", "what": what, "note": note}
    answer = actions.request(context.folder, asked, now=now())
    if json_:
        say_json(answer)
    elif answer["ok"]:
        went = f"{counted(int(str(answer['documents'])), 'article')} gone"
        letters = f"{counted(int(str(answer['messages'])), 'letter')} emptied"
        say(f"{answer['said']}: {went}, {letters}, {answer['dropped']} of them not sent any more")
        backups = len(list((context.folder / "backup").glob("*.db")))
        if backups:
            held = f"{counted(backups, 'backup')} in {context.folder / 'backup'}"
            say(f"{held} made before may still hold it - remove what you need not")
    else:
        click.echo(f"newsmon: {answer['said']}", err=True)
    return 0 if answer["ok"] else 1
