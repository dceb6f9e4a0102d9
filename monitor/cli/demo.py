"""The command `demo`."""

import click

from monitor.cli.context import no_config


@click.command()
@no_config
def demo() -> None:
    """Run the whole job on a bundled story; needs no network and no config."""
    from monitor.demo import run

    run()
