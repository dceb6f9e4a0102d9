"""Commands on events: events, show, figures; and what a person corrects in them."""

from collections.abc import Iterator, Sequence

import click

from monitor.cli.context import (
    Commands,
    Context,
    as_json,
    ask_daemon,
    common,
    limit_option,
    say,
    say_json,
    short,
    since_moment,
    since_option,
    utc,
)
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
from monitor.cli.table import Column, Painted, say_table
from monitor.plural import counted

LISTED, MOST = 100, 10_000  # events in a list for a person, for a program
BAR = 10  # characters of the longest
FIGURES_SHOWN = 2  # of an event in the list
note_option = click.option("--note", default="", help="Why: shown by `newsmon why`.")


class DefaultGroup(Commands):
    """A group whose first word, when it is no command, belongs to the first command."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        known = {*self.commands, "-h", "--help"}
        completing = context.resilient_parsing and not args
        if not completing and not known.intersection(args[:1]):
            args = [next(iter(self.commands)), *args]
        return super().parse_args(context, args)

    def list_commands(self, context: click.Context) -> list[str]:  # noqa: ARG002 - click's shape
        return list(self.commands)


# -- events ---------------------------------------------------------------------------------------


@click.group(cls=DefaultGroup)
def events() -> None:
    """List events, the last heard of first; merge and split them by hand."""


@events.command("list")
@since_option
@click.option("--watch", help="Only events in which this watch's words stood.")
@click.option("--outlet", help="Only events that this outlet reports.")
@limit_option(help="At most so many (default: 100, with --json 10000).")
@as_json
@common
def events_list(
    context: Context,
    *,
    since: str | None,
    watch: str | None,
    outlet: str | None,
    limit: int | None,
    json_: bool,
) -> None:
    """List events, the last heard of first (`newsmon events` alone does the same)."""
    views = context.views()
    most = limit or (MOST if json_ else LISTED)
    names = views.event_ids(since=since_moment(since), watch=watch, outlet=outlet, limit=most)
    context.read_figures(views.unread(names))
    for event in views.events(names):
        if json_:
            say_json(event)
        else:
            _say_event(event)
    if len(names) == most:
        all_ = views.count_events()
        click.echo(f"newsmon: {most} of {all_} events - --since, --limit for others", err=True)


def _say_event(event: Row) -> None:
    name = click.style(event["event"], fg="cyan")
    click.echo(f"{name}  {utc(event['last_seen'])}  {sources(event)}")
    say(event["title"], indent="  ")
    for figure in event["figures"][:FIGURES_SHOWN]:
        say(figure_text(figure), indent="    ")


@events.command("merge")
@click.argument("one", metavar="EVENT")
@click.argument("other", metavar="EVENT")
@note_option
@common
def events_merge(context: Context, *, one: str, other: str, note: str) -> int:
    """Make one event of two; the older keeps its name, nobody is told."""
    return _correct(context, "merge", [one, other], note)


@events.command("split")
@click.argument("event", metavar="EVENT")
@click.argument("articles", nargs=-1, required=True, metavar="ARTICLE…")
@note_option
@common
def events_split(context: Context, *, event: str, articles: Sequence[str], note: str) -> int:
    """Make an event of its own of some articles (ids or addresses), with their copies."""
    return _correct(context, "split", [event, *articles], note)


def _correct(context: Context, kind: str, names: Sequence[str], note: str) -> int:
    asked: dict[str, object] = {
        "action": "override",
        "kind": kind,
        "names": list(names),
        "note": note,
    }
    return ask_daemon(context, asked)


# -- show -----------------------------------------------------------------------------------------


@click.command()
@click.argument("event")
@as_json
@common
def show(context: Context, *, event: str, json_: bool) -> int:
    """Show one event: its figures, and its articles, changes and messages in order of time."""
    found = context.views_about(event).show(event)
    if found is None:
        return unknown(event)
    if json_:
        say_json(found)
        return 0
    click.secho(found["title"], bold=True)
    click.echo(f"{found['event']}  {short(found['first_seen'])} to {utc(found['last_seen'])}")
    say(sources(found))
    if found["follows"]:
        click.echo(f"follow-up of {found['follows']}")
    for each in found["by_hand"]:
        say(by_hand_text(each))
    if found["figures"]:
        click.echo("\nFIGURES")
    for figure in found["figures"]:
        say(figure_text(figure), indent="  ")
    click.echo("\nTIMELINE (UTC)")
    for at, mark, what, more in sorted(_timeline(found), key=lambda row: row[0]):
        say(f"{short(at)} {mark} {what}", indent="  ", hang=21)
        if more:
            say(more, indent=" " * 21)
    click.echo("\n+ article  = copy  # change  > message")
    return 0


def _timeline(found: Row) -> Iterator[tuple[str, str, str, str]]:
    """Time, mark, what happened, and where."""
    outlets = {each["document"]: each["outlet"] for each in found["articles"]}
    for each in found["articles"]:
        what = f"{each['outlet']}: {each['title'] or '(no headline)'}  {each['document']}"
        if each["verdict"] == "same":
            of = outlets.get(each["of"], each["of"])
            yield each["published"], "=", f"{each['outlet']}, copy of {of}", each["url"]
        else:
            yield each["published"], "+", what, each["url"]
    for each in found["changes"]:
        yield each["at"], "#", change_text(each), ""
    for each in found["messages"]:
        what = f"{each['target']}: {kind_text(each['kind'])}, {each['state']} {each['problem']}"
        yield each["created"], ">", what.strip(), ""


# -- figures --------------------------------------------------------------------------------------


@click.group(cls=DefaultGroup)
def figures() -> None:
    """Print the figures of an event: `newsmon figures EVENT`; correct them by hand."""


@figures.command("of")
@click.argument("event")
@as_json
@common
def figures_of(context: Context, *, event: str, json_: bool) -> int:
    """Print each figure of an event: who said what, in order of time."""
    found = context.views_about(event).figures(event)
    if found is None:
        return unknown(event)
    if json_:
        say_json(found)
        return 0
    columns = (
        Column("TIME (UTC)"),
        Column("VALUE", right=True),
        Column(""),
        Column("WHO", wide=True),
        Column("TOLD"),
    )
    for figure in found["figures"]:
        ignored = "  (ignored by hand)" if figure["ignored"] else ""
        told = counted(figure["sources"], "source")
        name = click.style(figure["series"], fg="cyan")
        click.echo(f"{name}  {figure['label']}  {told}{ignored}")
        highest = max((each["high"] for each in figure["readings"]), default=0) or 1
        say_table(columns, [_reading_cells(each, highest) for each in figure["readings"]])
        click.echo()
    return 0


def _reading_cells(reading: Row, highest: float) -> tuple[str | Painted, ...]:
    bar = "#" * max(1, round(BAR * reading["high"] / highest))
    who = f"{reading['claimant']}, {reading['outlet']}".removeprefix(", ")
    told = TOLD.get(reading["outcome"], "")
    return short(reading["published"]), value_text(reading), Painted(bar, "blue"), who, told


@figures.command("join")
@click.argument("kept", metavar="EVENT/FIGURE")
@click.argument("gone", metavar="EVENT/FIGURE")
@note_option
@common
def figures_join(context: Context, *, kept: str, gone: str, note: str) -> int:
    """Make one figure of two; the first keeps its name."""
    return _correct(context, "join", [kept, gone], note)


@figures.command("separate")
@click.argument("figure", metavar="EVENT/FIGURE")
@click.argument("articles", nargs=-1, required=True, metavar="ARTICLE…")
@note_option
@common
def figures_separate(context: Context, *, figure: str, articles: Sequence[str], note: str) -> int:
    """Say that these articles speak of another figure; it gets a name of its own."""
    return _correct(context, "separate", [figure, *articles], note)


@figures.command("ignore")
@click.argument("figure", metavar="EVENT/FIGURE")
@click.option("--undo", is_flag=True, help="Tell it again.")
@note_option
@common
def figures_ignore(context: Context, *, figure: str, undo: bool, note: str) -> int:
    """Never tell of a figure again; it is followed all the same."""
    return _correct(context, "follow" if undo else "ignore", [figure], note)
