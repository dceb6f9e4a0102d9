"""The tree of commands."""

import click

from monitor.cli import archive, events, feeds, manual, setup, status, steer, watches, why, work
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
    status.status,
    events.events,
    events.show,
    events.figures,
    why.why,
    archive.search,
    archive.extract,
    archive.export,
    archive.replay,
    archive.forget,
    feeds.feeds,
    watches.watch,
    steer.outbox,
    steer.mute,
    steer.unmute,
    steer.mutes,
    steer.db,
    manual.completion,
    manual.man,
):
    newsmon.add_command(command)
