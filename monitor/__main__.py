"""The command `newsmon`; also `python -m monitor`."""

import gc
import os
import sys


def main() -> None:
    """Run the command line; every expected failure is one line and an exit code."""
    gc.set_threshold(400_000, 20, 20)  # what a command loads is no garbage: no look for it
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"  # to look for some is dear; we have none
    from monitor.cli import run

    code = run(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # what was loaded goes with the process: to take it apart is dear, and to wait for a send that
    # hangs is wrong: it is in doubt
    os._exit(code)


if __name__ == "__main__":
    main()
