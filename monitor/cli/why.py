"""`newsmon why`: the reasons behind an article, an event, a figure or a change, in a screenful."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, groupby
from operator import itemgetter

import click

from monitor.cli.context import Context, as_json, common, say, say_json, short, utc
from monitor.cli.phrases import (
    TOLD,
    Row,
    by_hand_text,
    change_text,
    figure_text,
    kind_text,
    sources,
    unknown,
    value_text,
)

HEADING = 10  # columns
HANG = HEADING + 2  # of what goes on in a second line
WORDS = 6  # shared words named in the list of an event


@click.command()
@click.argument("what")
@as_json
@common
def why(context: Context, *, what: str, json_: bool) -> int:
    """Explain a document, an address, an event, a figure or a change."""
    found = context.views_about(what).why(what)
    if found is None:
        return unknown(what)
    if json_:
        say_json(found)
    else:
        _SAY[found["kind"]](found)
    return 0


def _head(title: str, *lines: str) -> None:
    click.secho(title, bold=True)
    for line in lines:
        say(line)


def _point(heading: str, *lines: str) -> None:
    """Print lines behind a heading; nothing when there are none."""
    for number, line in enumerate(lines):
        say(line, indent=(heading if number == 0 else "").ljust(HEADING), hang=HANG)


def _numbers(weights: Row, most: int | None = None) -> str:
    return ", ".join(f"{name} {weight:.2f}" for name, weight in [*weights.items()][:most])


# -- an article -----------------------------------------------------------------------------------


def _document(found: Row) -> None:
    _head(
        found["title"] or "(no headline)",
        f"{found['document']}  {found['outlet']}, {utc(found['published'])}",
        found["url"],
    )
    reasons = found["why"]
    _point("TEXT", *_verdict(found["verdict"], reasons["verdict"]))
    _point("", *(f"left out, stands under many: {each}" for each in reasons.get("furniture", ())))
    _point("", *(f"until {utc(v['until'])}: {v['title']}" for v in found["revisions"]))
    if found["voice"] != found["outlet"]:
        _point("", f"counted as one source: {found['voice']}")
    _point("EVENT", f"{found['event']}: {_placed(reasons['placement'])}")
    features = reasons["placement"].get("features")
    _point("", *([f"seen in it: {_numbers(features)}"] if features else []))
    _point("", *map(by_hand_text, found["by_hand"]))
    _point("WATCHES", *_watches(found["watches"]))
    _point("FIGURES", *_figures(found["figures"]))
    _notices(found["notices"])


def _verdict(verdict: str, reason: Row) -> Iterator[str]:
    shares = f"{reason['of_new']:.0%} of its words, {reason['of_old']:.0%} of the other's"
    note = f" ({reason['note']})" if reason.get("note") else ""
    if verdict == "original":
        nearest = f"the nearest, {reason['nearest']}, has {shares}" if reason.get("nearest") else ""
        yield f"an original{note}{': ' * bool(nearest)}{nearest}"
        return
    kind = {"same": "a copy", "update": "an update", "extends": "a longer version"}[verdict]
    yield f"{kind} of {reason['of']}: {shares}{note}"
    if reason.get("passage"):
        yield f"shared: “{reason['passage']}”"
    for each in reason.get("figures", ()):
        yield f"changed: {', '.join(each['gone'])} -> {', '.join(each['fresh'])}"
        yield f"now: “{each['sentence']}”"
        yield f"before: “{each['was']}”"


def _placed(placement: Row, most: int | None = None) -> str:
    if placement["placed"] == "inherited":
        return str(placement["because"])
    other = placement["runner_up"]
    if placement["placed"] == "opened":
        follows = f", a follow-up of {placement['follows']}" if placement["follows"] else ""
        nearest = f"; the nearest, {other}, scored {placement['score']:.2f}" if other else ""
        return f"opened it{follows}{nearest}"
    next_ = f"; next {other}, {placement['runner_up_score']:.2f}" if other else ""
    merged = f"; brought {', '.join(placement['merged'])} into it" if placement["merged"] else ""
    shared = _numbers(placement["shared"], most)
    return f"joined with score {placement['score']:.2f} by {shared}{next_}{merged}"


def _watches(watches: Row) -> Iterator[str]:
    if not watches:
        yield "no watch's words stand in it"
    for name, terms in watches.items():
        yield f"{name}: {', '.join(terms)}"


def _figures(figures: Iterable[Row]) -> Iterator[str]:
    """Tell of each that is followed, with its sentence; of the others in one line."""
    others = []
    for quote, those in groupby(figures, itemgetter("quote")):
        told = []
        for each in those:
            if each["series"] is None:
                others.append(f"{value_text(each)} ({each['reason']})")
            else:
                told.append(_decided(each["series"].partition("/")[2], each))
        yield from [*told, f"  “{quote}”"] if told else ()
    if others:
        yield f"not followed: {', '.join(others)}"


def _decided(name: str, reading: Row) -> str:
    who = f", {reading['claimant']}" if reading["claimant"] else ""
    decision = TOLD.get(reading["outcome"], reading["outcome"])
    return f"{name}  {value_text(reading)}{who}: {decision} - {reading['reason']}"


def _notices(notices: Sequence[Row]) -> None:
    """Tell who was told of what; notices of one change and state in one line."""
    fate = itemgetter("kind", "change", "state", "reason")
    lines = []
    for (kind, change, state, reason), those in groupby(sorted(notices, key=fate), fate):
        because = f" - {reason}" if reason else ""
        targets = ", ".join(sorted({each["target"] for each in those}))
        link = " to" if state == "posted" else " for"
        name = f" {change}" if change.startswith("ch-") else ""
        lines.append(f"{kind_text(kind)}{name}: {state}{link} {targets}{because}")
    _point("TOLD", *(lines or ["nobody"]))


# -- the others -----------------------------------------------------------------------------------


def _entry(found: Row) -> None:
    _head(found["title"] or "(no headline)", found["url"])
    document = f", {found['document']}" if found["document"] else ""
    reason = f": {found['reason']}" if found["reason"] else ""
    _point("ENTRY", f"{found['state']}{document}, {found['attempts']} attempts{reason}")
    _point("", f"first seen {utc(found['first_seen'])} in {found['feed']}")


def _event(found: Row) -> None:
    times = f"{short(found['first_seen'])} to {utc(found['last_seen'])}"
    _head(found["title"], f"{found['event']}  {times}, {sources(found)}")
    if found["aliases"]:
        say(f"also known as {', '.join(found['aliases'])}")
    _point("BY HAND", *map(by_hand_text, found["by_hand"]))
    _point("ARTICLES", *(_member(each) for each in found["placements"]))
    _point("FIGURES", *(f"{each['series']}  {figure_text(each)}" for each in found["figures"]))
    _notices(found["notices"])


def _member(placement: Row) -> str:
    return f"{placement['document']}  {placement['outlet']}: {_placed(placement, WORDS)}"


def _series(found: Row) -> None:
    _head(figure_text(found), found["series"])
    _point("BY HAND", *map(by_hand_text, found["by_hand"]))
    _point("READ", *(_decided(f"{r['document']}  {r['outlet']}:", r) for r in found["readings"]))


def _change(found: Row) -> None:
    _head(
        change_text({**found, "kind": found["type"]}),
        f"{found['change']}  {found['event']}, {utc(found['at'])}",
    )
    _point("BECAUSE", *([found["reason"]] if "reason" in found else []))
    for heading, side in (("NOW", "after"), ("BEFORE", "before")):
        _point(heading, *(_stated(found[side]) if side in found else ()))
    _point("SAID", *chain.from_iterable(map(_stated, found.get("sides", ()))))
    _notices([{**each, "kind": found["type"], "change": ""} for each in found["notices"]])


def _stated(side: Row) -> Iterator[str]:
    yield f"{value_text(side)}: “{side['quote']}”"
    who = ", ".join(filter(None, (side["claimant"], side["outlet"])))
    yield f"  {who}, {utc(side['published'])}  {side['url']}"


_SAY: dict[str, Callable[[Row], None]] = {
    "document": _document,
    "entry": _entry,
    "event": _event,
    "series": _series,
    "change": _change,
}
