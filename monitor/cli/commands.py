"""The tree of commands."""

import click

from monitor.cli import look, setup, steer, tools, work
from monitor.cli.demo import demo


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def newsmon() -> None:
    """Watch the news: feeds become events, events become digests, figures are followed.

    Start with `newsmon demo`, which needs no network and no config; then `newsmon init`.
    """


for command in (
    demo,
    setup.init,
    setup.check,
    setup.schema,
    setup.version,
    work.run,
    work.poll,
    work.digest,
    work.target,
    look.status,
    look.events,
    look.show,
    look.figures,
    look.why,
    look.search,
    tools.feeds,
    tools.extract,
    tools.replay,
    tools.watch,
    steer.outbox,
    steer.mute,
    steer.unmute,
    steer.mutes,
    steer.db,
):
    newsmon.add_command(command)
