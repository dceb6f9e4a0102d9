"""Whether the network that fails is our own: then it counts against no feed."""

from datetime import datetime

HOSTS = 3  # silent, with no answer from anywhere in between


class Reach:
    """Listens to the polls of public feeds, one answer after the other."""

    def __init__(self) -> None:
        self._silent: dict[str, datetime] = {}  # hosts that were fine before, since the last answer

    @property
    def lost_since(self) -> datetime | None:
        """When the silence began that is ours, not theirs; None while somebody answers."""
        return min(self._silent.values()) if len(self._silent) >= HOSTS else None

    def answered(self) -> None:
        """Some machine outside answered, whatever it said."""
        self._silent.clear()

    def silent(self, host: str, *, at: datetime) -> None:
        """No machine answered for a host that was fine when it was last asked."""
        self._silent.setdefault(host, at)
