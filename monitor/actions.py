"""What a person changes by hand, beside a running daemon or without one."""

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from monitor import control
from monitor.app import Store, build_figures
from monitor.beds import Mute
from monitor.model import EventId
from monitor.store.database import only_instance

Request = dict[str, object]


def perform(store: Store, request: Mapping[str, object], *, now: datetime) -> Request:
    """Carry out a request; answers {"ok": bool, "said": one line}."""
    action, what = str(request.get("action")), str(request.get("what"))
    known: dict[str, Callable[[], Request]] = {
        "retry": lambda: _outbox(store, what, store.outbox.retry(what, now=now), "is due now"),
        "drop": lambda: _outbox(store, what, store.outbox.drop(what, now=now), "was dropped"),
        "mute": lambda: _mute(store, request),
        "unmute": lambda: _unmute(store, what),
        "read": lambda: _read(store, request),
    }
    if action not in known:
        return {"ok": False, "said": f"{action} is no action"}
    return known[action]()


def request(folder: Path, asked: Request, *, now: datetime) -> Request:
    """Let the daemon do it, or do it under the lock; raises StateError, AlreadyRunningError."""
    answer = control.ask(folder, asked)
    if answer is not None:
        return answer
    Store.open_reading(folder).database.close()  # never begins a new database
    with only_instance(folder):
        store = Store.open(folder)
        try:
            return perform(store, asked, now=now)
        finally:
            store.database.close()


_CLOSED = {
    "sending": "is being sent right now - newsmon outbox list shows how it ends",
    "sent": "was sent",
    "dropped": "was dropped already",
}


def _outbox(store: Store, what: str, done: bool, said: str) -> Request:
    if done:
        return {"ok": True, "said": f"{what} {said}"}
    state = store.outbox.state_of(what)
    why = _CLOSED.get(state or "", "is no open message - newsmon outbox list shows them")
    return {"ok": False, "said": f"{what} {why}"}


def _read(store: Store, asked: Mapping[str, object]) -> Request:
    """Read the figures of events that no watch hit, because somebody asks for them."""
    figures = build_figures(store.ledger)
    events = asked.get("events")
    for event in events if isinstance(events, list) else []:
        figures.read(EventId(event))
    return {"ok": True, "said": "read"}


def _mute(store: Store, asked: Mapping[str, object]) -> Request:
    until = datetime.fromisoformat(str(asked["until"]))
    what = str(asked["what"])
    store.outbox.mute(Mute(what=what, until=until, note=str(asked.get("note", ""))))
    return {"ok": True, "said": f"{what} is muted until {until:%Y-%m-%d %H:%M} UTC"}


def _unmute(store: Store, what: str) -> Request:
    if store.outbox.unmute(what):
        return {"ok": True, "said": f"{what} is no longer muted"}
    return {"ok": False, "said": f"{what} is not muted - newsmon mutes lists what is"}
