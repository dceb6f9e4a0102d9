"""What is around the code agrees with the code: licences, start-up, unit file, make, docs."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata, resources
from pathlib import Path

import pytest
from click import Command, Context, Group

from monitor.cli.commands import newsmon
from monitor.cli.events import DefaultGroup
from monitor.cli.manual import SHELLS, completion_of, manual
from monitor.config import parse

ROOT = Path(__file__).parents[2]
PAGES = ["README.md", "docs/interfaces.md", "docs/operating.md", "docs/tools.md"]
UNIT = (ROOT / "systemd/newsmon.service").read_text("utf-8")
OPERATING = (ROOT / "docs/operating.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
HEAVY = {"aiohttp", "apprise", "apscheduler", "datasketch", "numpy", "trafilatura"}


# -- licences -------------------------------------------------------------------------------------


def copyleft(licence: str) -> bool:
    """Whether an SPDX expression leaves no choice but the GPL; `OR` is a choice."""
    sides = re.split(r"\bOR\b", licence.replace("(", " ").replace(")", " "))
    return all(re.search(r"(?<!L)GPL(?!.*\bWITH\b)", side) for side in sides)


def licence_of(found: metadata.Distribution) -> str:
    """Give the SPDX expression, else what the classifiers say, else the licence's first line."""
    about = found.metadata
    if about.get("License-Expression"):
        return str(about["License-Expression"])
    named = [each for each in about.get_all("Classifier") or [] if each.startswith("License")]
    return " OR ".join(named) or str(about.get("License") or "").partition("\n")[0]


def required(names: list[str], seen: set[str]) -> Iterator[metadata.Distribution]:
    """Walk what is installed with newsmon, without its extras."""
    for line in names:
        name, _, marker = line.partition(";")
        key = re.split(r"[\s\[<>=!~(]", name.strip(), maxsplit=1)[0].lower()
        if "extra" in marker or key in seen:
            continue
        seen.add(key)
        try:
            found = metadata.distribution(key)
        except metadata.PackageNotFoundError:  # for another platform
            continue
        yield found
        yield from required(found.requires or [], seen)


@pytest.mark.parametrize(
    ("licence", "bound"),
    [
        ("MIT", False),
        ("GPL-3.0-or-later", True),
        ("AGPL-3.0-only", True),
        ("LGPL-2.1-or-later", False),
        ("MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later", False),
        ("GPL-2.0-only OR AGPL-3.0-only", True),
        ("License :: OSI Approved :: GNU General Public License v3 (GPLv3)", True),
    ],
)
def test_a_choice_of_licences_is_taken_as_a_choice(licence: str, *, bound: bool) -> None:
    assert copyleft(licence) == bound


def test_no_library_brings_the_gpl() -> None:
    found = list(required(PROJECT["dependencies"], set()))
    assert len(found) > len(PROJECT["dependencies"])
    assert [each.name for each in found if copyleft(licence_of(each))] == []


# -- what is installed and what is imported -------------------------------------------------------


def test_help_imports_nothing_heavy() -> None:
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "monitor", "--help"],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert "newsmon" in told.stdout
    imported = {
        line.rpartition("|")[2].strip().partition(".")[0] for line in told.stderr.splitlines()
    }
    assert "click" in imported
    assert imported & HEAVY == set()


def test_signing_a_text_loads_no_more_of_its_library_than_it_needs() -> None:
    code = """
import sys
from monitor.dedupe import sketch
blank = sketch._blank()
print("scipy" in sys.modules)
import datasketch
print(type(blank) is datasketch.MinHash)
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False", "True"]


def imported_by(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            yield from (each.name for each in names)
        case ast.ImportFrom(module=str(name)):
            yield name


def test_every_library_that_is_imported_is_named_and_the_other_way_round() -> None:
    roots = {
        name.partition(".")[0]
        for path in ROOT.glob("monitor/**/*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in imported_by(node)
    }
    ours = {"monitor", "pydantic_core"}  # pydantic pins the latter to itself
    modules = metadata.packages_distributions()
    imported = {
        name.lower().replace("_", "-")
        for root in roots - ours - sys.stdlib_module_names
        for name in modules.get(root, [root])
    }
    named = {
        re.split(r"[<>=]", line, maxsplit=1)[0].lower().replace("_", "-")
        for line in PROJECT["dependencies"]
    }
    for_others = {"lxml-html-clean", "tzdata"}  # see their comments in pyproject.toml
    assert imported == named - for_others


def test_the_sample_config_is_what_init_writes() -> None:
    packaged = resources.files("monitor.cli").joinpath("newsmon.toml").read_text("utf-8")
    assert packaged == (ROOT / "config/newsmon.toml").read_text("utf-8")


def test_what_is_written_from_the_code_is_current() -> None:
    written = {"newsmon.1": manual(newsmon)}
    written |= {f"newsmon.{shell}": completion_of(shell) + "\n" for shell in SHELLS}
    for name, content in written.items():
        assert (ROOT / "share" / name).read_text("utf-8") == content, "make generated"


# -- unit file, make, docs ------------------------------------------------------------------------


def test_the_unit_starts_a_command_that_exists_with_the_documented_paths() -> None:
    started = re.search(r"^ExecStart=(\S+)/newsmon (\w+) --config (\S+)$", UNIT, re.MULTILINE)
    assert started is not None
    venv, command, config = started.groups()
    assert command in newsmon.list_commands(Context(newsmon))
    state = re.search(r"^WorkingDirectory=(\S+)$", UNIT, re.MULTILINE)
    assert state is not None
    for path in (venv, config, state[1]):
        assert path in OPERATING
    for drop_in in (ROOT / "systemd/drop-ins").iterdir():
        assert drop_in.name in OPERATING


def test_the_unit_never_restarts_what_a_restart_cannot_mend() -> None:
    from monitor import errors

    hopeless = (errors.UsageError, errors.NewerDatabaseError, errors.ConfigError)
    codes = " ".join(str(each.exit_code) for each in hopeless)
    assert f"RestartPreventExitStatus={codes}\n" in UNIT


def commands(group: Group, before: str = "newsmon") -> Iterator[tuple[str, Command]]:
    context = Context(group)
    for name in group.list_commands(context):
        path, command = f"{before} {name}", group.get_command(context, name)
        assert command is not None
        yield path, command
        if isinstance(command, Group):
            yield from commands(command, path)


def test_every_command_is_in_the_reference() -> None:
    reference = (ROOT / "docs/interfaces.md").read_text("utf-8")
    for path, command in commands(newsmon):
        assert path in reference, path
        for option in command.params:
            named = [name for name in option.opts if name.startswith("-")]
            assert not named or any(name in reference for name in named), f"{path} {named}"


@pytest.mark.parametrize("page", PAGES)
def test_the_docs_name_only_commands_and_options_that_exist(page: str) -> None:
    known = dict(commands(newsmon))
    for line in re.findall(r"\bnewsmon( [a-z][^`\n]*)", (ROOT / page).read_text("utf-8")):
        words = line.split()
        path = "newsmon"
        while words and f"{path} {words[0]}" in known:
            path = f"{path} {words.pop(0)}"
        if path == "newsmon":  # prose
            continue
        if isinstance(known[path], DefaultGroup):  # `newsmon events` is `newsmon events list`
            path = next(each for each in known if each.startswith(f"{path} "))
        options = {name for each in known[path].params for name in each.opts} | {"--help"}
        for name in re.findall(r"(?<!\S)--[a-z-]+", line):
            assert name in options, f"{page}: {line}"


def test_the_twelve_lines_of_the_readme_are_a_config() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    blocks = re.findall(r"^```toml\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    for block in (
        *blocks,
        *re.findall(r"^```toml\n(.*?)^```", OPERATING, re.MULTILINE | re.DOTALL),
    ):
        parse(block, "README.md", {})
    assert blocks


def test_links_between_our_pages_lead_somewhere() -> None:
    for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")):
        for link in re.findall(r"\]\((?!https?:)([^)#]+)[^)]*\)", page.read_text("utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
