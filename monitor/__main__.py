"""The command `newsmon`; also `python -m monitor`."""

import sys


def main() -> None:
    """Run the command line; every expected failure is one line and an exit code."""
    from monitor.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
