"""How the rows of the archive are worded on a terminal."""

from collections.abc import Mapping
from typing import Any

import click

from monitor.amounts import Value, difference
from monitor.amounts import value_text as worded
from monitor.cli.context import utc
from monitor.plural import counted

Row = Mapping[str, Any]
TOLD = {"opens": "first", "changes": "changed", "corrects": "corrected", "disputes": "differs"}


def unknown(what: str) -> int:
    """Say so, and give the exit code."""
    click.echo(f"newsmon: nothing is known of {what} - newsmon events lists what is", err=True)
    return 1


def sources(event: Row) -> str:
    articles = counted(len(event["documents"]), "article")
    told = f", told {', '.join(event['announced'])}" if event["announced"] else ""
    return f"{counted(event['independent_sources'], 'source')}, {articles}{told}"


def kind_text(kind: str) -> str:
    """Say a kind of change or message: "new event", "figure changed"."""
    return "new event" if kind == "event_opened" else kind.replace("_", " ")


def by_hand_text(row: Row) -> str:
    note = f" ({row['note']})" if row["note"] else ""
    return f"by hand, {utc(row['at'])}: {row['kind']} {' '.join(row['what'])}{note}"


def change_text(change: Row) -> str:
    if "sides" in change:
        sides = " / ".join(
            f"{value_text(s)} ({s['claimant'] or s['outlet']})" for s in change["sides"]
        )
        return f"{change['label']}: sources differ: {sides}"
    if "after" in change:
        word = "corrected " if change["kind"] == "figure_corrected" else ""
        before, after = value_text(change["before"]), value_text(change["after"])
        who = change["after"]["claimant"] or change["after"]["outlet"]
        moved = difference(Value.of(change["before"]), Value.of(change["after"]))
        step = f"{moved.text}, " if moved else ""
        return f"{change['label']}: {word}{before} -> {after}, {step}{who}"
    return f"opened: {change['label']}"


def value_text(value: Row) -> str:
    return worded(Value.of(value))


def figure_text(figure: Row) -> str:
    sides = [f"{value_text(v)} ({v['claimant'] or v['outlet']})" for v in figure["values"]]
    mark = "! sources differ: " if figure["disputed"] else ""
    return f"{figure['label']}: {mark}{' / '.join(dict.fromkeys(sides))}"
