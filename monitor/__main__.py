"""The command `newsmon`; also `python -m monitor`."""

import gc
import sys


def main() -> None:
    """Run the command line; every expected failure is one line and an exit code."""
    gc.set_threshold(400_000, 20, 20)  # what a command loads is no garbage: no look for it
    from monitor.cli import run

    code = run(sys.argv[1:])
    gc.freeze()  # what was loaded goes with the process: no last look for garbage in it
    sys.exit(code)


if __name__ == "__main__":
    main()
