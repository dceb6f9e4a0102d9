"""Commands for beginning: init, check, schema, version."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.context import Context, as_json, common, no_config, say, say_json
from monitor.cli.feeds import allow_private
from monitor.plural import counted

if TYPE_CHECKING:
    from monitor.config import Config

DEFAULT_FILE = "config/newsmon.toml"
DEFAULT_TARGET = "feed:state/events.atom"
BEGINNING = """\
#:schema ./newsmon.schema.json
# Every key: `newsmon init --sample sample.toml` writes a config with all of them, explained.

[monitor]
timezone = "UTC"                    # digest times and quiet hours are local to it
state = "state"

# Each line must stand in an article; * finds every ending. Try it: newsmon watch try "…"
[[watch]]
name = {name}
all = {terms}
send_to = ["desk"]

# ${{NAME}} is taken from the environment: a place for passwords.
[[target]]
name = "desk"
url = {target}
when = "now"                        # or digest times, ["07:30", "18:00"]
"""


@click.command()
@click.argument("file", default=DEFAULT_FILE)
@click.option("--target", default="", metavar="URL", help="Where digests go: mail, chat, a file.")
@click.option("--feed", "feeds", multiple=True, metavar="URL", help="A feed; may be repeated.")
@click.option(
    "--watch", default="", metavar="TERMS", help='Words, "Vistula, flood*": each must stand.'
)
@allow_private
@click.option("--sample", is_flag=True, help="Ask nothing; write the annotated sample.")
@no_config
def init(
    file: str,
    target: str,
    feeds: Sequence[str],
    watch: str,
    allow_private: Sequence[str],
    sample: bool,
) -> None:
    """Write a config to begin with (default: config/newsmon.toml), and its schema beside it.

    On a terminal three questions are asked; flags answer them. Without either the annotated sample
    is written. No existing config is ever replaced.
    """
    import sys

    from monitor.config import environment
    from monitor.errors import StateError

    path = Path(file)
    if path.exists():
        raise StateError(f"{path}: exists already - edit it, or name another file")
    if not sample and sys.stdin.isatty() and not (target and feeds and watch):
        target, feeds, watch = _asked(target, feeds, watch)
    if target or feeds or watch:
        text = _config(path, target, feeds, watch, allow_private)
    else:
        text = _sample()
    _begin(path, placed(text, path.absolute(), environment()))
    click.echo(f"{path}: written, with its schema beside it")
    named = "" if file == DEFAULT_FILE else f" --config {path}"
    click.echo(f"next: newsmon check --online{named}, then newsmon run{named}")


def _asked(target: str, feeds: Sequence[str], watch: str) -> tuple[str, Sequence[str], str]:
    """Ask what no flag said."""
    if not target:
        click.echo("Where do digests go? mailtos://user:password@host?to=you@example.org, any")
        target = click.prompt(
            "other Apprise address, or a file", default=DEFAULT_TARGET, value_proc=_usable
        )
    if not feeds:
        click.echo("Which feeds? Two addresses or more, with blanks between them;")
        feeds = click.prompt("`newsmon feeds add` finds more later", value_proc=_addresses)
    if not watch:
        click.echo("Which words? Each must stand in an article, * finds every ending:")
        watch = click.prompt("for example Vistula, flood*")
    return target, feeds, watch


def _usable(target: str) -> str:
    from monitor.notify import check_url

    if "${" not in target and (problem := check_url(target)):
        raise click.BadParameter(problem)
    return target


def _addresses(feeds: str) -> list[str]:
    from monitor.config.values import web_address

    try:
        return [web_address(each) for each in feeds.split()]
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def _config(
    path: Path, target: str, feeds: Sequence[str], watch: str, allow_private: Sequence[str]
) -> str:
    """Write answers as a config; raises ConfigError when it would not be valid."""
    from monitor.app import judged
    from monitor.config import environment, parse
    from monitor.config.edit import add_feeds
    from monitor.errors import ConfigError

    terms = [each.strip() for each in watch.split(",") if each.strip()] or ["example"]
    text = BEGINNING.format(
        name=_quoted(" ".join(terms)),
        terms=_quoted(terms),
        target=_quoted(target or DEFAULT_TARGET),
    )
    tables = [{"url": each, "allow_private": list(allow_private)} for each in feeds]
    if tables:
        text = add_feeds(text, tables)
    if problems := [str(each) for each in judged(parse(text, str(path), environment()))]:
        raise ConfigError(str(path), problems)
    return text


def _quoted(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)  # a JSON string is a TOML string too


def _sample() -> str:
    import importlib.resources

    return importlib.resources.files("monitor.cli").joinpath("newsmon.toml").read_text("utf-8")


def placed(text: str, path: Path, environ: Mapping[str, str]) -> str:
    """Have the state found from every folder from which the config at `path` is found."""
    import re

    from monitor.config import user_file

    if path.is_relative_to("/etc"):
        state = 'state = "/var/lib/newsmon"'
    elif path == user_file(environ):
        state = '#state = "state"'  # else a folder of the user's
    else:
        return text
    old = re.compile(r'^state = "state" *', re.MULTILINE)
    return old.sub(lambda found: f"{state:<{len(found[0]) - 1}} ", text)


def _begin(path: Path, text: str) -> None:
    from monitor.cli.context import write_file
    from monitor.config import json_schema

    # it may hold a password; under /etc it is read by a user that systemd makes up
    mode = 0o644 if path.resolve().is_relative_to("/etc") else 0o600
    write_file(path, text.encode(), mode=mode)
    schema = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    write_file(path.with_name("newsmon.schema.json"), schema.encode())


@click.command()
@click.option("--online", is_flag=True, help="Ask every feed and look at every target.")
@as_json
@common
def check(context: Context, *, online: bool, json_: bool) -> int:
    """Validate the config: every problem at once, with line and remedy."""
    from monitor.app import judged
    from monitor.cli.attempt import online as asked
    from monitor.config import Config
    from monitor.errors import ConfigError

    config, problems = Config(), list[str]()
    try:
        config = context.draft.config
        problems = context.draft.told(judged(config))
        _ = context.folder if not problems else None
    except ConfigError as error:
        problems = list(error.problems)
    warnings = [*_warnings(config), *(() if problems else _absent(config))]
    unreached = list(asked(config)) if online and not problems else []
    if json_:
        ok = not problems and not unreached
        say_json({"ok": ok, "problems": problems + unreached, "warnings": warnings})
    for warning in () if json_ else warnings:
        say(f"warning: {warning}")
    if problems:
        raise ConfigError(str(context.path), problems)
    for each in () if json_ else unreached:
        say(each)
    if unreached:
        return 69
    if not json_:
        click.echo(
            f"{context.path}: fine: {counted(len(config.feeds), 'feed')},"
            f" {counted(len(config.watches), 'watch')}, {counted(len(config.targets), 'target')}"
        )
    return 0


def _absent(config: "Config") -> Iterator[str]:
    for table, found, without in (
        ("feed", config.feeds, "nothing is read"),
        ("watch", config.watches, "nothing is told"),
        ("target", config.targets, "nobody is told"),
    ):
        if not found:
            yield f"no [[{table}]]: {without}"


def _warnings(config: "Config") -> Iterator[str]:
    from monitor.app import missing_secrets
    from monitor.watch import warnings

    yield from missing_secrets(config)
    yield from warnings(config.watches, config.words)
    for feed in config.feeds:
        for network in feed.allow_private:
            yield f"[[feed]] {feed.url}: may contact the internal network {network}"
    if config.monitor.proxy:
        yield "[monitor] proxy: addresses are checked by the proxy, no longer by newsmon"


@click.command()
@no_config
def schema() -> None:
    """Print the JSON Schema of the config."""
    from monitor.config import json_schema

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@click.command()
@as_json
@no_config
def version(json_: bool) -> None:
    """Print the version."""
    from monitor.version import program_version

    if json_:
        say_json({"version": program_version()})
    else:
        click.echo(f"newsmon {program_version()}")
