"""Commands `completion` and `man`: both are made from the tree of commands itself."""

from collections.abc import Iterator

import click

from monitor.cli.context import no_config

SHELLS = ("bash", "zsh", "fish")
EXIT_CODES = (
    (0, "done"),
    (1, 'the answer is "no", or unhealthy'),
    (64, "called wrongly"),
    (65, "the database was written by a newer newsmon; nothing was touched"),
    (69, "something outside did not answer"),
    (70, "a bug"),
    (73, "the state cannot be read or written, or there is no database yet"),
    (75, "another newsmon holds the state"),
    (78, "the config is wrong"),
)
FILES = (
    "./config/newsmon.toml",
    "$XDG_CONFIG_HOME/newsmon/newsmon.toml",
    "/etc/newsmon/newsmon.toml",
)


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@no_config
def completion(shell: str) -> None:
    """Print what makes a shell complete newsmon's commands and options.

    bash: newsmon completion bash > ~/.local/share/bash-completion/completions/newsmon
    """
    click.echo(completion_of(shell))


def completion_of(shell: str) -> str:
    """Give the script that asks newsmon itself when Tab is pressed."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - one of click's own
    made = kind(click.Group("newsmon"), {}, "newsmon", "_NEWSMON_COMPLETE")
    return str(kind.source_template % made.source_vars())


@click.command()
@no_config
def man() -> None:
    """Print the manual page; `newsmon man | man -l -` shows it."""
    root = click.get_current_context().find_root().command
    assert isinstance(root, click.Group)  # noqa: S101 - we are in it
    click.echo(manual(root), nl=False)


def manual(root: click.Group) -> str:
    """Write the tree of commands as a page for man(1), in man(7)."""
    return "\n".join(_page(root)) + "\n"


def _page(root: click.Group) -> Iterator[str]:
    yield '.TH NEWSMON 1 "" newsmon "User Commands"'
    yield ".SH NAME"
    yield r"newsmon \- watch the news: events, figures, digests"
    yield ".SH SYNOPSIS"
    yield r".B newsmon"
    yield r"[\fB\-\-config\fR \fIFILE\fR] \fICOMMAND\fR [\fIOPTION\fR]..."
    yield ".SH DESCRIPTION"
    yield from _paragraphs(root.help or "")
    yield ".SH COMMANDS"
    for path, command in _commands(root, "newsmon"):
        yield from _command(path, command)
    yield ".SH EXIT STATUS"
    for code, meaning in EXIT_CODES:
        yield from (".TP", f".B {code}", _escaped(meaning))
    yield ".SH FILES"
    yield "The config is the first of these that exists, unless \\fB\\-\\-config\\fR or"
    yield "$NEWSMON_CONFIG name one:"
    for name in FILES:
        yield from (".PP", rf".I {_escaped(name)}")


def _commands(group: click.Group, before: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        path, command = f"{before} {name}", group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from _commands(command, path)
        elif command is not None:
            yield path, command


def _command(path: str, command: click.Command) -> Iterator[str]:
    context = click.Context(command)
    arguments = [
        each.make_metavar(context) for each in command.params if isinstance(each, click.Argument)
    ]
    yield ".SS"
    yield _escaped(" ".join([path, *arguments]))
    yield from _paragraphs(command.help or "")
    for each in command.params:
        if isinstance(each, click.Argument):
            continue
        record = each.get_help_record(context)
        if record is not None:
            yield from (".TP", rf".B {_escaped(record[0])}", _escaped(record[1]))


def _paragraphs(text: str) -> Iterator[str]:
    for number, paragraph in enumerate(text.replace("\b", "").split("\n\n")):
        if number:
            yield ".PP"
        yield _escaped(" ".join(paragraph.split()))


def _escaped(text: str) -> str:
    """Plain words in roff: no escape, no request, hyphens that can be copied."""
    text = text.replace("\\", r"\e").replace("-", r"\-").replace("…", "...")
    return rf"\&{text}" if text.startswith((".", "'")) else text
