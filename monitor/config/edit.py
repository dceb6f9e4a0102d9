"""Changes to the text of a config that leave everything else as it was written, byte for byte.

A library that keeps comments (tomlkit) ties the comments above a table to the table before it, and
puts a new feed under the heading of the watches; so the lines are cut here, and what came of it is
read again and compared.
"""

import json
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import tomli

from monitor.errors import ConfigError

_HEADER = re.compile(r"\s*\[")
_FEED = re.compile(r"\s*\[\[\s*feed\s*\]\]")


def add_feeds(text: str, feeds: Sequence[Mapping[str, str | Sequence[str]]]) -> str:
    """Put feeds behind those that stand in a config."""
    lines = text.splitlines(keepends=True)
    sections = _sections(lines)
    place = sections[-1][1] if sections else len(lines)
    block = "".join(f"\n[[feed]]\n{_keys(feed)}" for feed in feeds)
    wanted = _read(text)
    wanted["feed"] = [*wanted.get("feed", []), *map(_plain, feeds)]
    for at in (place, len(lines)):  # the second where a value of many lines looks like a table
        before = "".join(lines[:at])
        before += "\n" if before and not before.endswith("\n") else ""
        changed = before + (block if before else block.removeprefix("\n")) + "".join(lines[at:])
        if _reads_as(changed, wanted):
            return changed
    raise ConfigError("config", ["the feeds cannot be added here - write them by hand"])


def remove_feed(text: str, url: str) -> str:
    """Take a feed out of a config; raises ConfigError when its lines cannot be told apart."""
    lines = text.splitlines(keepends=True)
    wanted = _read(text)
    wanted["feed"] = [each for each in wanted["feed"] if each.get("url") != url]
    if not wanted["feed"]:
        del wanted["feed"]
    for start, end in _sections(lines):  # the one whose absence makes the difference
        if end < len(lines) and not lines[end].strip():
            end += 1  # noqa: PLW2901 - one of the blank lines around it goes too
        elif start and not lines[start - 1].strip():
            start -= 1  # noqa: PLW2901
        changed = "".join(lines[:start] + lines[end:])
        if _reads_as(changed, wanted):
            return changed
    raise ConfigError("config", [f'[[feed]] "{url}" cannot be cut out - remove it by hand'])


def _sections(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Find the lines of each `[[feed]]`: to the blank line behind its last key."""
    headers = [number for number, line in enumerate(lines) if _HEADER.match(line)]
    found = []
    for start, stop in pairwise([*headers, len(lines)]):
        if not _FEED.match(lines[start]):
            continue
        filled = [n for n in range(start, stop) if lines[n].split("#")[0].strip()]
        end = filled[-1] + 1
        while end < stop and lines[end].strip():  # options that are commented out
            end += 1
        found.append((start, end))
    return found


def _keys(feed: Mapping[str, str | Sequence[str]]) -> str:
    # a JSON string is a TOML string too
    return "".join(
        f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in feed.items() if value
    )


def _plain(feed: Mapping[str, str | Sequence[str]]) -> dict[str, Any]:
    return {
        key: value if isinstance(value, str) else list(value)
        for key, value in feed.items()
        if value
    }


def _read(text: str) -> dict[str, Any]:
    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        raise ConfigError("config", [f"not TOML: {error}"]) from None


def _reads_as(text: str, wanted: Mapping[str, Any]) -> bool:
    try:
        return tomli.loads(text) == wanted
    except tomli.TOMLDecodeError:
        return False
