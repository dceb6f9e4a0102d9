"""Named points at which a test ends the process as a power cut would; in use they do nothing.

`NEWSMON_CHAOS=send.accepted:2` kills at the second passage of that point.
"""

import os
import signal


class _Armed:
    def __init__(self, point: str) -> None:
        self.name, _, passage = point.partition(":")
        self.left = int(passage or 1)


_armed = _Armed(os.environ.get("NEWSMON_CHAOS", ""))


def arm(point: str) -> None:
    """Choose "name" or "name:passage" for this process; "" for none."""
    global _armed  # noqa: PLW0603 - one process has one death
    _armed = _Armed(point)


def point(name: str) -> None:
    """Die here if this is the armed passage."""
    if name == _armed.name:
        _armed.left -= 1
        if not _armed.left:
            os.kill(os.getpid(), signal.SIGKILL)
