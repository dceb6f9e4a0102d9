"""What a person changes by hand, beside a running daemon or without one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import cast, get_args

from monitor import control
from monitor.app import build_figures, build_judge
from monitor.beds import Mute, Override, OverrideKind
from monitor.errors import UsageError
from monitor.model import EventId
from monitor.store.database import only_instance
from monitor.store.forgetting import Forgetting
from monitor.store.store import Store

Request = dict[str, object]


def perform(store: Store, request: Mapping[str, object], *, now: datetime) -> Request:
    """Carry out a request; answers {"ok": bool, "said": one line}."""
    action, what = str(request.get("action")), str(request.get("what"))
    known: dict[str, Callable[[], Request]] = {
        "retry": lambda: _outbox(store, what, store.outbox.retry(what, now=now), "is due now"),
        "drop": lambda: _outbox(store, what, store.outbox.drop(what, now=now), "was dropped"),
        "mute": lambda: _mute(store, request),
        "unmute": lambda: _unmute(store, what, now),
        "read": lambda: _read(store, request),
        "override": lambda: _override(store, request, now),
        "forget": lambda: _forget(store, request, now),
    }
    if action not in known:
        return {"ok": False, "said": f"{action} is no action"}
    try:
        return known[action]()
    except UsageError as error:
        return {"ok": False, "said": str(error)}


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
    if "@" in what:
        said = f"{what} is no message yet - newsmon mute silences what is held"
        return {"ok": False, "said": said}
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
    what = store.ledger.name_now(str(asked["what"]))
    store.outbox.mute(Mute(what=what, until=until, note=str(asked.get("note", ""))))
    return {"ok": True, "said": f"{what} is muted until {until:%Y-%m-%d %H:%M} UTC"}


def _unmute(store: Store, what: str, now: datetime) -> Request:
    name_now = store.ledger.name_now
    mutes = [each.what for each in store.outbox.mutes(now=now)]
    meant = [each for each in mutes if name_now(each) == name_now(what)]
    for each in meant:
        store.outbox.unmute(each)
    if not meant:
        return {"ok": False, "said": f"{what} is not muted - newsmon mutes lists what is"}
    return {"ok": True, "said": f"{what} is no longer muted"}


# -- corrections ----------------------------------------------------------------------------------


def _override(store: Store, asked: Mapping[str, object], now: datetime) -> Request:
    given = asked["names"]
    names = [str(each) for each in given] if isinstance(given, list) else []
    kind = cast("OverrideKind", asked["kind"])
    if kind not in get_args(OverrideKind):
        raise UsageError(f"{kind} is no correction")
    if kind in ("split", "separate"):
        going = [_article(store, each) for each in names[1:]]
        place = _staying(store, names[0], going) if kind == "split" else _anchored(store, names[0])
        what = [place, *going]
    else:
        what = [_anchored(store, each) for each in names]
    made = Override(
        kind=kind,
        what=tuple(what),
        note=str(asked.get("note", "")),
        at=now,
    )
    return {"ok": True, "said": build_judge(store).override(made)}


def _article(store: Store, name: str) -> str:
    """Give the id of an article named by id or address; raises UsageError."""
    found = store.ledger.article(name) or store.ledger.article_at(name)
    if found is None:
        raise UsageError(f"{name} is no kept article - newsmon show EVENT lists them")
    return found.document.id


def _anchored(store: Store, name: str) -> str:
    """Name an event or a figure by its first article, which a replay knows."""
    place, slash, slug = name.partition("/")
    event = store.overrides.event_named(place)
    first = store.overrides.first_article(event) if event else None
    if first is None:
        raise UsageError(f"nothing is known of {name} - newsmon events lists what there is")
    return f"{first}{slash}{slug}"


def _staying(store: Store, name: str, going: Sequence[str]) -> str:
    """Name an event by an article that stays in it."""
    event = store.overrides.event_named(name)
    if event is None:
        raise UsageError(f"nothing is known of {name} - newsmon events lists what there is")
    taken = store.overrides.with_copies(going)
    documents = [each.document.id for each in store.ledger.articles_of(event)]
    return next((each for each in documents if each not in taken), documents[0])


def _forget(store: Store, asked: Mapping[str, object], now: datetime) -> Request:
    what = str(asked["what"])
    gone = Forgetting(store.database).forget(what, note=str(asked.get("note", "")), at=now)
    if not gone.documents and not gone.entries:
        said = f"nothing is kept of {what} - write an address, an article's id or an outlet's name"
        return {"ok": False, "said": said}
    return {"ok": True, "said": f"{what} is forgotten", **asdict(gone)}
