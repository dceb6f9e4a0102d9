"""The command line: thin bodies that import what they need when they run."""

import os
import sys
from collections.abc import Sequence


def run(arguments: Sequence[str]) -> int:
    """Run one command; the exit code says how it ended (docs/interfaces.md §2)."""
    import click

    from monitor.cli.commands import newsmon
    from monitor.errors import NewsmonError

    try:
        result = newsmon.main(args=list(arguments), prog_name="newsmon", standalone_mode=False)
        return int(result or 0)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        error.show()
        return 64
    except click.exceptions.Abort:
        return 130
    except NewsmonError as error:
        print(f"newsmon: {error}", file=sys.stderr)  # noqa: T201 - this is where errors are said
        return error.exit_code
    except BrokenPipeError:  # the reader had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
