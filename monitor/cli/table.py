"""What a terminal shows: tables that fit it, colour, foreign text made harmless."""

import shutil
import sys
import time
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

import click

PLAIN = (80, 24)  # where there is no terminal
LEAST = 12  # columns of a cell that gives way
GAP = "  "
PATIENCE = 2.0  # seconds without a bar

T = TypeVar("T")


class Column(NamedTuple):
    """`wide`: gives way where the terminal is narrow."""

    title: str
    wide: bool = False
    right: bool = False


class Painted(NamedTuple):
    """A cell with a colour; terminals alone show it."""

    text: str
    colour: str


def width() -> int:
    """Give the columns of the terminal."""
    return max(40, shutil.get_terminal_size(PLAIN).columns)


def safe(text: str) -> str:
    """One line without anything that steers a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def say_table(columns: Sequence[Column], rows: Sequence[Sequence[str | Painted]]) -> None:
    """Print rows under their titles; wide columns share what is left and are cut with an ellipsis.

    Nothing is printed for no rows.
    """
    if not rows:
        return
    cells = [[each if isinstance(each, Painted) else Painted(each, "") for each in r] for r in rows]
    cells = [[each._replace(text=safe(each.text)) for each in row] for row in cells]
    sizes = _sizes(columns, cells)
    head = [Painted(column.title, "bright_black") for column in columns]
    for row in (head, *cells):
        fitted = [
            _fitted(cell.text, size, right=column.right)
            for cell, size, column in zip(row, sizes, columns, strict=True)
        ]
        fitted[-1] = fitted[-1].rstrip()
        painted = (
            click.style(text, fg=cell.colour) if cell.colour else text
            for text, cell in zip(fitted, row, strict=True)
        )
        click.echo(GAP.join(painted))


def _sizes(columns: Sequence[Column], cells: Sequence[Sequence[Painted]]) -> list[int]:
    sizes = [
        max(len(column.title), *(_columns(row[number].text) for row in cells))
        for number, column in enumerate(columns)
    ]
    over = sum(sizes) + len(GAP) * (len(columns) - 1) - width()
    for number in sorted(range(len(columns)), key=lambda n: -sizes[n]):
        if over > 0 and columns[number].wide:
            taken = min(over, max(0, sizes[number] - LEAST))
            sizes[number] -= taken
            over -= taken
    return sizes


def _columns(text: str) -> int:
    """Count the columns of a text: East Asian characters take two, marks none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
    )


def _fitted(text: str, size: int, *, right: bool) -> str:
    if _columns(text) > size:
        while _columns(text) > size - 1:
            text = text[:-1]
        text += "…"
    space = " " * (size - _columns(text))
    return space + text if right else text + space


def progress(items: Iterable[T], total: int, label: str, *, shown: bool) -> Iterator[T]:
    """Give the items; on a terminal a bar says how far, once they take longer than a moment."""
    if not shown or not sys.stderr.isatty():
        yield from items
        return
    began = time.monotonic()
    waiting = iter(items)
    for done, item in enumerate(waiting, 1):
        yield item
        if time.monotonic() - began > PATIENCE:
            with click.progressbar(waiting, total, label, file=sys.stderr) as bar:
                bar.update(done)
                yield from bar
