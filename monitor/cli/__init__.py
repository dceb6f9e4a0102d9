"""The command line: thin bodies that import what they need when they run."""

import os
import sys
import traceback
from collections.abc import Sequence


def run(arguments: Sequence[str]) -> int:
    """Run one command; the exit code says how it ended (docs/interfaces.md §2)."""
    import click

    from monitor.cli.commands import newsmon
    from monitor.errors import NewsmonError

    try:
        code = newsmon.main(
            list(arguments),
            prog_name="newsmon",
            standalone_mode=False,
            color=False if os.environ.get("NO_COLOR") else None,  # https://no-color.org
        )
        code = int(code or 0)
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        code = end.exit_code
    except click.exceptions.Abort:
        code = 130
    except click.ClickException as error:
        error.show()
        code = 64
    except NewsmonError as error:
        print(f"newsmon: {error}", file=sys.stderr)  # noqa: T201 - this is where errors are said
        code = error.exit_code
    except BrokenPipeError:  # the reader had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception:  # noqa: BLE001 - a bug has an exit code of its own
        traceback.print_exc()
        code = 70
    return code
