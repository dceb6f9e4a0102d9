"""What is done once a day: retention, expiry of the index, a verified backup."""

from datetime import datetime, timedelta
from pathlib import Path

from monitor.config import Config
from monitor.model import CANDIDATES_KEPT
from monitor.store.database import BACKUPS
from monitor.store.retention import Retention
from monitor.store.store import Store

KEPT = 7  # backups
DAILY = timedelta(hours=23)


def tidy(store: Store, config: Config, *, now: datetime) -> dict[str, int]:
    """Forget what is out of date; count what went."""
    retention = Retention(store.database)
    done = {"signatures": retention.expire_signatures(before=now - CANDIDATES_KEPT)}
    if config.monitor.keep is not None:
        done["documents"] = retention.forget_before(now - config.monitor.keep)
    if config.monitor.max_size is not None:
        done["oversize"] = retention.forget_down_to(
            config.monitor.max_size, but=now - CANDIDATES_KEPT
        )
    store.database.compact()
    with store.database.transaction():
        store.database.run(
            "INSERT OR REPLACE INTO meta (key, value) VALUES ('tidied', :at)", at=now.isoformat()
        )
    return done


def is_overdue(store: Store, *, now: datetime) -> bool:
    """Whether a day has passed: also for who runs newsmon by cron, or at night not at all."""
    last = store.database.value("SELECT value FROM meta WHERE key = 'tidied'")
    return last is None or now - datetime.fromisoformat(last) >= DAILY


def back_up(folder: Path, *, now: datetime) -> Path:
    """Write today's verified copy beside the running daemon and keep the newest seven."""
    target = folder / BACKUPS / f"newsmon-{now:%Y-%m-%d}.db"
    store = Store.open_reading(folder)
    try:
        store.database.back_up(target)
    finally:
        store.database.close()
    for old in sorted(target.parent.glob("newsmon-*.db"))[:-KEPT]:
        old.unlink()
    return target
