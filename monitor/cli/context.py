"""What commands share: the config, the state folder, the clock, printing."""

import json
import logging
import os
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from monitor.cli.table import progress, safe, width

if TYPE_CHECKING:
    from monitor.config import Config, Draft
    from monitor.model import EventId
    from monitor.store.store import Store
    from monitor.store.views import Views

READABLE = 100  # columns of a paragraph
ENDLESS = 10_000  # characters
EVENTS_AT_ONCE = 100  # read in one go; the daemon does something else between

Command = TypeVar("Command", bound=Callable[..., Any])


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Context:
    """The config named on the command line, read when first asked for."""

    named: str | None
    level: int = logging.INFO

    @cached_property
    def path(self) -> Path:
        from monitor.config import environment, find

        return find(self.named, environment())

    @cached_property
    def config(self) -> "Config":
        from monitor.config import environment, load

        return load(self.path, environment())

    @cached_property
    def judged(self) -> "Config":
        """The config, its `search` lines too known to be right; raises ConfigError."""
        from monitor.app import watch_faults
        from monitor.errors import ConfigError

        if faults := watch_faults(self.config):
            raise ConfigError(str(self.path), self.draft.told(faults))
        return self.config

    @cached_property
    def draft(self) -> "Draft":
        """The config as far as it is right; raises ConfigError where it is no TOML."""
        from monitor.config import draft, environment, read

        return draft(read(self.path), str(self.path), environment())

    @cached_property
    def folder(self) -> Path:
        from monitor.config import environment, state_folder

        return state_folder(self.config, self.path, environment())

    def reload(self) -> "Config":
        """Read the file anew and judge all of it; what it hides, the log hides from now on.

        Raises ConfigError with the words of `newsmon check`.
        """
        from monitor.app import judged, missing_secrets
        from monitor.errors import ConfigError

        anew = Context(str(self.path), self.level)
        config = anew.draft.config
        problems = anew.draft.told(judged(config)) or list(missing_secrets(config))
        if problems:
            raise ConfigError(str(self.path), problems)
        anew.log()
        return config

    def rewrite(self, text: str) -> None:
        """Put a changed text in the place of the config, once it is known to be valid."""
        from monitor.config import environment, parse

        parse(text, str(self.path), environment())
        write_file(self.path, text.encode())

    def reading(self) -> "Store":
        """Open the database beside a daemon; raises StateError when there is none."""
        from monitor.store.store import Store

        return Store.open_reading(self.folder)

    def views(self) -> "Views":
        from monitor.store.views import Views

        return Views(self.reading().database)

    def views_about(self, what: str) -> "Views":
        """The archive, the figures of what is asked about read."""
        views = self.views()
        self.read_figures(views.unread_about(what))
        return views

    def read_figures(self, events: "Sequence[EventId]") -> None:
        """Have the figures of events read that nobody wanted so far."""
        from monitor import actions
        from monitor.errors import NewsmonError

        try:
            starts = range(0, len(events), EVENTS_AT_ONCE)
            for start in progress(starts, len(starts), "reading figures", shown=True):
                asked: dict[str, object] = {
                    "action": "read",
                    "events": list(events[start : start + EVENTS_AT_ONCE]),
                }
                actions.request(self.folder, asked, now=now())
        except NewsmonError as error:
            click.echo(f"newsmon: some figures could not be read: {error}", err=True)

    def log(self) -> None:
        """Set up logging with every secret of the config hidden."""
        from monitor import log
        from monitor.config import environment

        found = [
            value for _, secret in self.config.secrets() for value in secret.secrets(environment())
        ]
        log.configure(form=self.config.monitor.log, level=self.level, secrets=found)


class Commands(click.Group):
    """A group that tells each command in a whole sentence, and guesses what was meant."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        rows = [(name, each.get_short_help_str(limit=ENDLESS)) for name, each in found if each]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args[:1] == ["--config"]:  # given before the command: it belongs to it
            args = [*args[2:], *args[:2]]
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        known = self.list_commands(ctx)
        if args[0] not in known and not args[0].startswith("-") and not ctx.resilient_parsing:
            from monitor.config import guess

            ctx.fail(f'"{args[0]}" is no command{guess(args[0], known)}')
        return super().resolve_command(ctx, args)


def common(command: Command) -> Command:
    """Give a command `--config FILE` and the context."""

    def wrapped(config: str | None, **options: Any) -> Any:
        return command(Context(config), **options)

    wrapped.__name__, wrapped.__doc__ = command.__name__, command.__doc__
    wrapped.__click_params__ = getattr(command, "__click_params__", [])  # type: ignore[attr-defined]
    option = click.option("--config", metavar="FILE", help="The config file.")
    return option(wrapped)  # type: ignore[return-value]


# `--config` is taken everywhere, also by commands that read none
no_config = click.option("--config", expose_value=False, hidden=True)
as_json = click.option("--json", "json_", is_flag=True, help="JSON, for programs.")


limit_option = partial(
    click.option, "--limit", type=click.IntRange(1), help="At most so many.", show_default=True
)
since_option = click.option(
    "--since", metavar="30d|DATE", help="Only since then: 12h, 30d, or a date such as 2025-01-31."
)


def since_moment(text: str | None) -> datetime | None:
    """Read "30d" or a date such as 2025-01-31 (UTC); raises UsageError."""
    from monitor.config.values import duration
    from monitor.errors import UsageError

    if text is None:
        return None
    try:
        if "-" in text:
            given = datetime.fromisoformat(text)
            return given if given.tzinfo else given.replace(tzinfo=UTC)
        return now() - duration(text)
    except ValueError:
        raise UsageError(f'--since "{text}": write 30d, or a date such as 2025-01-31') from None


def ask_daemon(context: Context, request: dict[str, object]) -> int:
    """Let the daemon, or us under its lock, change something; say what was done."""
    from monitor import actions

    answer = actions.request(context.folder, request, now=now())
    click.echo(str(answer["said"]), err=not answer["ok"])
    return 0 if answer["ok"] else 1


def say_json(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False))


def say_lines(rows: Iterable[Mapping[str, object]]) -> None:
    for row in rows:
        say_json(row)


def say(text: str = "", *, indent: str = "", hang: int | None = None) -> None:
    """Print a paragraph wrapped to the width of a terminal; words from outside are made safe.

    `hang`: columns before its second line and those after.
    """
    lines = textwrap.wrap(
        safe(text),
        min(width(), READABLE),
        initial_indent=indent,
        subsequent_indent=indent if hang is None else " " * hang,
        break_long_words=False,
        break_on_hyphens=False,
    )
    for line in lines or [""]:
        click.echo(line)


def write_file(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Write a file whole or not at all, with the rights it had, else `mode`; raises StateError."""
    from monitor.errors import StateError

    path = path.resolve()  # a link stays one
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = path.stat().st_mode & 0o777 if path.exists() else mode & ~_umask()
        with part.open("wb") as stream:
            stream.write(content)
            os.fchmod(stream.fileno(), mode)
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise StateError(f"{path}: cannot be written: {error.strerror}") from None


def _umask() -> int:
    os.umask(mask := os.umask(0o077))
    return mask


def short(stamp: object) -> str:
    """Show an RFC 3339 time of the JSON in the terminal."""
    return str(stamp or "").replace("T", " ").removesuffix("Z")[:16]


def utc(stamp: object) -> str:
    """The same with its zone, where no heading names it."""
    return f"{short(stamp)} UTC" if stamp else ""
