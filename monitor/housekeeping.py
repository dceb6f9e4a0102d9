"""What is done once a day: retention, expiry of the index, a verified backup."""

from datetime import datetime
from pathlib import Path

from monitor.app import Store
from monitor.config import Config
from monitor.dedupe import WINDOW
from monitor.store.retention import Retention

BACKUPS = 7


def tidy(store: Store, config: Config, *, now: datetime) -> dict[str, int]:
    """Forget what is out of date; count what went."""
    retention = Retention(store.database)
    done = {"signatures": retention.expire_signatures(before=now - WINDOW)}
    if config.monitor.keep is not None:
        done["documents"] = retention.forget_before(now - config.monitor.keep)
    if config.monitor.max_size is not None:
        done["oversize"] = retention.forget_down_to(config.monitor.max_size)
    store.database.compact()
    return done


def back_up(folder: Path, *, now: datetime) -> Path:
    """Write today's verified copy beside the running daemon and keep the newest seven."""
    target = folder / "backup" / f"newsmon-{now:%Y-%m-%d}.db"
    target.unlink(missing_ok=True)
    store = Store.open_reading(folder)
    try:
        store.database.back_up(target)
    finally:
        store.database.close()
    for old in sorted(target.parent.glob("newsmon-*.db"))[:-BACKUPS]:
        old.unlink()
    return target
