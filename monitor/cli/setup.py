"""Commands for beginning: init, check, schema, version."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.context import Context, as_json, common, counted, no_config, say, say_json

if TYPE_CHECKING:
    from monitor.config import Config


@click.command()
@click.argument("file", default="config/newsmon.toml")
@no_config
def init(file: str) -> None:
    """Write a commented config to begin with (default: config/newsmon.toml)."""
    import importlib.resources

    from monitor.errors import StateError

    path = Path(file)
    if path.exists():
        raise StateError(f"{path}: exists already - edit it, or name another file")
    sample = importlib.resources.files("monitor.cli").joinpath("newsmon.toml").read_text("utf-8")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(sample, encoding="utf-8")
    except OSError as error:
        raise StateError(f"{path}: cannot be written: {error.strerror}") from None
    click.echo(f"{path}: written - edit it, then: newsmon check --config {path}")


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
    warnings = list(_warnings(config))
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
            f"{context.path}: fine: {counted(config.feeds, 'feed')},"
            f" {counted(config.watches, 'watch')}, {counted(config.targets, 'target')}"
        )
    return 0


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
    import json

    from monitor.config import json_schema

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@click.command()
@as_json
@no_config
def version(json_: bool) -> None:
    """Print the version."""
    from monitor.app import program_version

    if json_:
        say_json({"version": program_version()})
    else:
        click.echo(f"newsmon {program_version()}")
