"""Our templates, and those of a folder that override them; each is a file of six macros."""

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from jinja2 import BaseLoader, StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from monitor.errors import ConfigError
from monitor.render import escape

MACROS = ("head", "full", "short", "line", "closing", "foot")
WIDTH = 78  # columns of plain text


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dialect:
    value: Callable[[object], Markup]
    link: Callable[..., Markup]
    line_end: str


_DIALECTS: Mapping[str, _Dialect] = {
    "mail.html": _Dialect(value=escape.page, link=escape.page_link, line_end="<br>"),
    "mail.txt": _Dialect(value=escape.plain, link=escape.plain_link, line_end="\n"),
    "chat.html": _Dialect(value=escape.chat, link=escape.chat_link, line_end="<br>"),
    "chat.md": _Dialect(value=escape.markdown, link=escape.markdown_link, line_end="  \n"),
    "short.txt": _Dialect(value=escape.short, link=escape.short_link, line_end="\n"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Templates:
    """Compiled templates by file name; `folder` is where the user's came from, or ""."""

    files: Mapping[str, Template]
    ours: Mapping[str, Template]
    folder: str = ""


def load_templates(folder: Path | None = None) -> Templates:
    """Read our templates and put those of a folder over them.

    Raises ConfigError naming every file that does not compile or lacks a macro.
    """
    ours = _ours()
    if folder is None:
        return Templates(files=ours, ours=ours)
    files = dict(ours)
    problems: list[str] = []
    for name in _DIALECTS:
        path = folder / name
        try:
            files[name] = _compile(name, path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            continue
        except TemplateError as error:
            problems.append(f"{name}: {error}")
        except (OSError, UnicodeDecodeError):
            problems.append(f"{name} cannot be read as UTF-8 text")
    if not folder.is_dir():
        problems.append("is no folder")
    elif not any((folder / name).is_file() for name in _DIALECTS):
        problems.append(f"holds none of {', '.join(_DIALECTS)}")
    if problems:
        raise ConfigError(f"templates in {folder}", problems)
    return Templates(files=files, ours=ours, folder=str(folder))


@cache
def _ours() -> Mapping[str, Template]:
    """Compile our own templates, once: it takes a tenth of a second."""
    folder = resources.files("monitor.render") / "templates"
    return {name: _compile(name, (folder / name).read_text("utf-8")) for name in _DIALECTS}


def _compile(name: str, source: str) -> Template:
    dialect = _DIALECTS[name]

    def finished(value: object) -> Markup:
        return value if isinstance(value, Markup) else dialect.value(value)

    environment = ImmutableSandboxedEnvironment(
        loader=BaseLoader(),  # a template includes nothing
        autoescape=True,
        finalize=finished,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"fill": fill, "cell": cell}
    # Markup reads as HTML: a line end that is none must not be escaped
    environment.globals |= {"link": dialect.link, "nl": Markup(dialect.line_end)}  # noqa: S704 - ours
    template = environment.from_string(source)
    missing = [macro for macro in MACROS if not hasattr(template.module, macro)]
    if missing:
        raise TemplateError(f"lacks the macro {', '.join(missing)}")
    return template


def fill(value: object, first: str = "", indent: int = 0) -> Markup:
    """Wrap a value at `WIDTH` columns; `first` stands before it, further lines are indented."""
    lines = textwrap.wrap(
        escape.plain(value),
        WIDTH,
        initial_indent=first,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return Markup("\n".join(line.rstrip() for line in lines) or first.rstrip())  # noqa: S704 - plain text


def cell(value: object, width: int) -> str:
    """Pad a value to a column."""
    return str(escape.plain(value)).ljust(width)
