"""TOML to a frozen `Config`: every problem at once, each with its line and what to write."""

import difflib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import tomli
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from monitor.config.tables import Config, Feed, Monitor, Near, Target, Watch
from monitor.config.values import PrivateNetwork, Secret, missing_secret, private_network
from monitor.errors import ConfigError

__all__ = [
    "Config",
    "Draft",
    "Fault",
    "Feed",
    "Monitor",
    "Near",
    "PrivateNetwork",
    "Secret",
    "Target",
    "Watch",
    "draft",
    "environment",
    "find",
    "json_schema",
    "load",
    "missing_secret",
    "parse",
    "private_network",
    "read",
    "state_folder",
    "user_file",
]

_WORD_LIST = re.compile(r"\{(\w+)\}")


def find(explicit: str | None, environ: Mapping[str, str]) -> Path:
    """Find the config: `--config`, $NEWSMON_CONFIG, ./config, $XDG_CONFIG_HOME, /etc.

    Raises ConfigError when there is none.
    """
    named = explicit or environ.get("NEWSMON_CONFIG")
    if named:
        return Path(named)
    places = (
        Path("config/newsmon.toml"),
        user_file(environ),
        Path("/etc/newsmon/newsmon.toml"),
    )
    found = next((path for path in places if path.is_file()), None)
    if found is None:
        looked = ", ".join(map(str, places))
        raise ConfigError(
            "no config", [f'looked for {looked} - "newsmon init" writes one, --config names one']
        )
    return found


def user_file(environ: Mapping[str, str]) -> Path:
    """Where the config of one user lies."""
    home = environ.get("XDG_CONFIG_HOME") or str(Path(environ.get("HOME", "/"), ".config"))
    return Path(home, "newsmon/newsmon.toml")


def load(path: Path, environ: Mapping[str, str]) -> Config:
    """Read and validate a config file; raises ConfigError naming every problem."""
    return parse(read(path), str(path), environ)


def read(path: Path) -> str:
    """Read a config file as text; raises ConfigError."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(str(path), [f"cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError as error:
        raise ConfigError(str(path), [f"is not UTF-8 (byte {error.start})"]) from None


def parse(text: str, name: str, environ: Mapping[str, str]) -> Config:
    """Validate the text of a config file; `name` is used in messages. Raises ConfigError."""
    found = draft(text, name, environ)
    if found.problems:
        raise ConfigError(name, _in_order(found.problems))
    return found.config


class Fault(NamedTuple):
    """What an engine finds wrong with a table's key, in the user's words."""

    table: str
    name: str
    key: str
    text: str

    def __str__(self) -> str:
        return f'[[{self.table}]] "{self.name}": {self.text}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A config file as far as it is right: its sound tables, and every problem."""

    config: Config
    problems: tuple["_Problem", ...]
    lines: "_Lines"
    rows: Mapping[str, Sequence[Mapping[str, Any]]]

    def told(self, faults: Iterable[Fault]) -> list[str]:
        """Give every problem with its line, those that the engines found among them."""
        found = {(self._line(fault), str(fault)) for fault in faults}
        known = {line for line, _ in self.problems}
        return _in_order([*self.problems, *(each for each in found if each[0] not in known)])

    def _line(self, fault: Fault) -> int:
        names = [row.get("name") for row in self.rows.get(fault.table, ())]
        if fault.name not in names:
            return 0
        index = names.index(fault.name)
        at = self.lines.get(fault.table, index, fault.key)
        return at or self.lines.get(fault.table, index)


def draft(text: str, name: str, environ: Mapping[str, str]) -> Draft:
    """Read a config file and leave out what is wrong; raises ConfigError where it is no TOML."""
    try:
        raw = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        raise ConfigError(name, [f"not TOML: {error}"]) from None
    if isinstance(raw.get("monitor", {}), dict):
        overrides = _from_environment(environ)
        raw["monitor"] = {**raw.get("monitor", {}), **overrides}
    lines = _Lines(text)
    problems = list(_contradictions(raw, lines))
    try:
        config = Config.model_validate(raw)
    except ValidationError as error:
        problems += [_problem(each, raw, lines) for each in error.errors()]
        config = _sound(raw, error)
    rows = {table: _rows(raw, table) for table in _TABLES}
    return Draft(config=config, problems=tuple(problems), lines=lines, rows=rows)


def _sound(raw: Mapping[str, Any], error: ValidationError) -> Config:
    """Give the tables in which nothing is wrong."""
    wrong = {each["loc"][:2] for each in error.errors()}
    kept: dict[str, Any] = {}
    for table, value in raw.items():
        if isinstance(value, list):
            kept[table] = [row for n, row in enumerate(value) if (table, n) not in wrong]
        elif isinstance(value, dict):
            kept[table] = {key: v for key, v in value.items() if (table, key) not in wrong}
    try:
        return Config.model_validate({k: v for k, v in kept.items() if (k,) not in wrong})
    except ValidationError:
        return Config()


def state_folder(config: Config, path: Path, environ: Mapping[str, str]) -> Path:
    """Where the database lies: the key, else systemd's, else the user's; raises ConfigError."""
    if config.monitor.state:
        folder = Path(config.monitor.state)
        if not folder.is_absolute() and path.resolve().is_relative_to("/etc"):
            problem = f'[monitor] state: "{folder}" is relative - under /etc write an absolute path'
            raise ConfigError(str(path), [problem])
        return folder
    if systemd := environ.get("STATE_DIRECTORY"):
        return Path(systemd.split(":")[0])
    home = environ.get("XDG_STATE_HOME") or str(Path(environ.get("HOME", "/"), ".local/state"))
    return Path(home, "newsmon")


def json_schema() -> dict[str, Any]:
    """Describe the file in JSON Schema, for editors (`#:schema ./newsmon.schema.json`)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "newsmon configuration",
        **Config.model_json_schema(by_alias=True),
    }


def _from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    prefix = "NEWSMON_MONITOR__"
    return {
        key.removeprefix(prefix).lower(): value
        for key, value in environ.items()
        if key.startswith(prefix)
    }


class _Lines:
    """Where each (table, index, key) stands; looked up only when something is wrong."""

    def __init__(self, text: str) -> None:
        self._text = text

    def get(self, table: str, index: int, key: str = "") -> int:
        """Give the line of a key, or of its table's header for key ""; 0 when it is not there."""
        return self._found.get((table, index, key), 0)

    @cached_property
    def _found(self) -> Mapping[tuple[str, int, str], int]:
        found: dict[tuple[str, int, str], int] = {}
        table, index, counts = "", 0, dict[str, int]()
        for number, line in enumerate(self._text.splitlines(), 1):
            if header := re.match(r"\s*\[(\[?)\s*([\w.-]+)\s*\]", line):
                table = header[2]
                index = counts.get(table, -1) + 1 if header[1] else 0
                counts[table] = index
                found[table, index, ""] = number
            elif key := re.match(r"\s*[\"']?([\w-]+)[\"']?\s*(?:\.\w+\s*)?=", line):
                found.setdefault((table, index, key[1]), number)
        return found


_Problem: TypeAlias = tuple[int, str]


def _in_order(problems: Sequence[_Problem]) -> list[str]:
    return [f"line {line}  {text}" if line else text for line, text in sorted(problems)]


def _problem(error: ErrorDetails, raw: Mapping[str, Any], lines: _Lines) -> _Problem:
    """Say one of pydantic's findings in the user's words."""
    location = list(error["loc"])
    table = str(location.pop(0)) if location else ""
    index = int(location.pop(0)) if location and isinstance(location[0], int) else 0
    key = str(location[0]) if location else ""
    line = lines.get(table, index, key) or lines.get(table, index)
    row = raw.get(table)
    if isinstance(row, list) and index < len(row) and isinstance(row[index], dict):
        label = row[index].get("name") or row[index].get("url")
        place = f'[[{table}]] "{label}"' if label else f"[[{table}]] number {index + 1}"
    else:
        place = f"[{table}]" if isinstance(row, dict) else ""
    return line, f"{place} {_finding(error, table, location)}".strip()


_FINDINGS: Mapping[str, str] = {
    "int_parsing": "is no whole number",
    "int_type": "is no whole number",
    "int_from_float": "is no whole number",
    "string_type": "is no text - write it in quotes",
    "string_too_short": "is empty",
    "string_too_long": "is longer than {max_length} characters",
    "too_short": "lists too few - name at least {min_length}",
    "too_long": "lists too many - name at most {max_length}",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
}


def _finding(error: ErrorDetails, table: str, location: Sequence[int | str]) -> str:
    dotted = ".".join(str(part) for part in location)
    match error["type"]:
        case "extra_forbidden":
            return f'"{dotted or table}" is not known{_did_you_mean(table, location)}'
        case "missing":
            return f'"{dotted}" is missing'
        case _ if not location and error["type"].endswith("_type"):
            brackets = f"[{table}]" if table in ("monitor", "words") else f"[[{table}]]"
            return f'"{table}" is no table - write {brackets}'
        case "tuple_type":
            named = error["input"] if isinstance(error["input"], str) else "…"
            message = f'is no list - write ["{named}"]'
        case "value_error":
            message = str(error["ctx"]["error"]) if "ctx" in error else error["msg"]
        case "literal_error":
            expected = error["ctx"]["expected"].replace("'", '"')
            given = json.dumps(error["input"], ensure_ascii=False, default=str)
            message = f"{given} is not possible - write {expected}"
        case kind if kind in _FINDINGS:
            message = _FINDINGS[kind].format(**error.get("ctx", {}))
        case _:
            message = f"{error['msg'][:1].lower()}{error['msg'][1:]}"
    return f"{dotted}: {message}" if dotted else message


_TABLES: Mapping[str, type[BaseModel]] = {
    "monitor": Monitor,
    "feed": Feed,
    "watch": Watch,
    "target": Target,
}


def _did_you_mean(table: str, location: Sequence[int | str]) -> str:
    if not location:
        return guess(table, ["monitor", "words", "feed", "watch", "target"])
    model = Near if location[0] == "near" else _TABLES.get(table)
    return guess(str(location[-1]), list(model.model_fields)) if model else ""


def guess(word: str, known: Sequence[str]) -> str:
    """' - did you mean "x"?', or the choices, or nothing."""
    close = difflib.get_close_matches(word, known, n=1)
    if close:
        return f' - did you mean "{close[0]}"?'
    return f" - known are {', '.join(known)}" if 0 < len(known) <= 8 else ""  # noqa: PLR2004 - a line


def _contradictions(raw: Mapping[str, Any], lines: _Lines) -> Iterator[_Problem]:
    """What only the whole file shows: names that lead nowhere, names given twice.

    Works on what was written, so that these are told beside every other problem.
    """
    feeds, watches, targets = (_rows(raw, table) for table in ("feed", "watch", "target"))
    yield from _twice("feed", "url", feeds, lines)
    yield from _twice("watch", "name", watches, lines)
    yield from _twice("target", "name", targets, lines)
    names = [str(row.get("name")) for row in targets]
    words = raw["words"] if isinstance(raw.get("words"), dict) else {}
    for number, watch in enumerate(watches):
        yield from _watch_contradictions(number, watch, names, list(words), lines)
    for list_name, terms in words.items():
        for text in (text for term in _strings(terms) for text in _bad_term(term, [])):
            yield lines.get("words", 0, list_name), f"[words] {list_name}: {text}"
    for number, target in enumerate(targets):
        fallback = target.get("fallback")
        if fallback is None or (fallback in names and fallback != target.get("name")):
            continue
        line = lines.get("target", number, "fallback")
        place = f'[[target]] "{target.get("name")}"'
        if fallback == target.get("name"):
            yield line, f"{place}: fallback names itself - name another target"
        else:
            yield line, f'{place}: fallback "{fallback}" is no [[target]]{guess(fallback, names)}'


def _watch_contradictions(
    number: int,
    watch: Mapping[str, Any],
    targets: Sequence[str],
    lists: Sequence[str],
    lines: _Lines,
) -> Iterator[_Problem]:
    place = f'[[watch]] "{watch.get("name")}"'
    for name in _strings(watch.get("send_to")):
        if name not in targets:
            line = lines.get("watch", number, "send_to")
            yield line, f'{place}: send_to "{name}" is no [[target]]{guess(name, targets)}'
    near = watch.get("near")
    listed = {key: watch.get(key) for key in ("all", "any", "none", "title")}
    for key, terms in {
        **listed,
        "near": near.get("words") if isinstance(near, dict) else (),
    }.items():
        for text in (text for term in _strings(terms) for text in _bad_term(term, lists)):
            yield lines.get("watch", number, key), f"{place}: {key} {text}"


def _rows(raw: Mapping[str, Any], table: str) -> list[Mapping[str, Any]]:
    rows = raw.get(table)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _strings(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _twice(
    table: str, key: str, rows: Sequence[Mapping[str, Any]], lines: _Lines
) -> Iterator[_Problem]:
    seen: set[str] = set()
    for number, row in enumerate(rows):
        value = row.get(key)
        if isinstance(value, str) and value in seen:
            line = lines.get(table, number, key)
            yield line, f'[[{table}]] {key} "{value}" stands twice - remove one'
        seen.add(str(value))


def _bad_term(term: str, lists: Sequence[str]) -> Iterator[str]:
    if reference := _WORD_LIST.fullmatch(term.strip()):
        if reference[1] not in lists:
            yield f'"{term}" names no list under [words]{guess(reference[1], lists)}'
    elif "{" in term or "}" in term:
        yield f'"{term}": a {{list}} stands alone - write it as a term of its own'
    elif re.search(r"\*(?=[\w*])|(?:^|\s)\*", term):
        yield f'"{term}": * stands only at the end of a word'


def environment() -> Mapping[str, str]:
    """Give the process's environment: the one place that reads it."""
    return os.environ
