"""The command `demo`."""

import click


@click.command()
def demo() -> None:
    """Run the whole job on a bundled story; needs no network and no config."""
    from monitor.demo import run

    run()
