"""The tree of commands; each is loaded when it is asked for."""

from importlib import import_module

import click

from monitor.cli.context import Commands

_PLACES = {  # file: the commands in it
    "demo": ("demo",),
    "setup": ("init", "check", "schema", "version"),
    "work": ("run", "poll", "digest", "target"),
    "status": ("status",),
    "events": ("events", "show", "figures"),
    "why": ("why",),
    "archive": ("search", "extract", "export", "replay", "forget"),
    "feeds": ("feeds",),
    "watches": ("watch",),
    "steer": ("outbox", "mute", "unmute", "mutes", "db"),
    "manual": ("completion", "man"),
}
_PLACE_OF = {name: place for place, names in _PLACES.items() for name in names}


class _Tree(Commands):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's
        return list(_PLACE_OF)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _PLACE_OF:
            return None
        place = import_module(f"monitor.cli.{_PLACE_OF[cmd_name]}")
        command: click.Command = getattr(place, cmd_name)
        return command


@click.group(cls=_Tree, context_settings={"help_option_names": ["-h", "--help"]})
def newsmon() -> None:
    """Watch the news: feeds become events, events become digests, figures are followed.

    Start with `newsmon demo`, which needs no network and no config; then `newsmon init`.
    """
