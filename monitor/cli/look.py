"""Commands that read: status, events, show, figures, why, search."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.context import Context, as_json, common, now, say, say_json, say_lines, short

if TYPE_CHECKING:
    from monitor.app import Store
    from monitor.beds import FeedState
    from monitor.config import Config

Row = Mapping[str, Any]
SILENT = timedelta(days=2)  # without a new entry from any feed
UNASKED = timedelta(hours=6)  # without a poll, or twice the longest `every`


@click.command()
@as_json
@common
def status(context: Context, *, json_: bool) -> int:
    """Feeds, lag, errors, outbox; exit 1 when unhealthy."""
    from monitor import control
    from monitor.app import program_version
    from monitor.store.rescue import rescued
    from monitor.store.views import Views

    store = context.reading()
    views = Views(store.database)
    states = {each.url: each for each in store.inbox.feed_states()}
    outbox = views.outbox()
    daemon = control.ask(context.folder, {"action": "health"}) or {}
    problems = [str(each) for each in _listed(daemon.get("problems", []))]
    problems += [each for each in rescued(context.folder) if each not in problems]
    problems += _problems(context.config, states, outbox, now())
    counts = _feed_counts(context.config, states)
    answer = {
        "version": program_version(),
        "healthy": not problems,
        "problems": problems,
        "feeds": counts,
        "coverage": _coverage(context.config, store, states),
        "totals": views.totals(),
        "outbox": outbox,
        **views.last(),
        "database": views.size(),
    }
    if json_:
        say_json(answer)
    else:
        _say_status(answer)
    return 0 if not problems else 1


def _feed_counts(config: "Config", states: "Mapping[str, FeedState]") -> dict[str, int]:
    from monitor.pipeline.health import is_failing

    known = [states[feed.url] for feed in config.feeds if feed.url in states]
    failing = sum(is_failing(each, now()) for each in known)
    slow = sum(each.failures > 0 for each in known) - failing
    pending = sum(
        feed.url not in states or not states[feed.url].baseline_done for feed in config.feeds
    )
    ok = len(config.feeds) - failing - slow - pending
    return {"ok": max(ok, 0), "slow": slow, "failing": failing, "baseline_pending": pending}


def _coverage(
    config: "Config", store: "Store", states: "Mapping[str, FeedState]"
) -> dict[str, int]:
    """What of the last day's entries is not whole; `cut` waits for the next poll."""
    gaps = store.inbox.gaps(since=now() - timedelta(days=1))
    cut = sum(states[feed.url].left_out for feed in config.feeds if feed.url in states)
    return {**asdict(gaps), "cut": cut}


def _problems(
    config: "Config", states: "Mapping[str, FeedState]", outbox: Mapping[str, int], at: datetime
) -> Iterator[str]:
    from monitor.pipeline.health import failing

    for feed in config.feeds:
        state = states.get(feed.url)
        if state and state.failing_since and at - state.failing_since >= timedelta(days=1):
            yield f"feed {failing(state, config.monitor.zone)}"
    newest = max((s.last_new for s in states.values() if s.last_new), default=None)
    if newest is not None and at - newest > SILENT:
        yield f"no feed brought anything since {newest:%Y-%m-%d %H:%M} UTC"
    longest = max((feed.every for feed in config.feeds), default=timedelta(0))
    polled = max((s.last_poll for s in states.values() if s.last_poll), default=None)
    if polled is not None and at - polled > max(UNASKED, 2 * longest):
        yield f"no feed was asked since {polled:%Y-%m-%d %H:%M} UTC - is newsmon running?"
    if outbox["dead"]:
        yield f"{outbox['dead']} messages were given up - newsmon outbox"
    if outbox["unknown"]:
        yield f"{outbox['unknown']} messages may or may not have arrived - newsmon outbox"


def _say_status(answer: Row) -> None:
    click.echo(f"newsmon {answer['version']}: {'healthy' if answer['healthy'] else 'UNHEALTHY'}")
    for problem in answer["problems"]:
        say(f"! {problem}")
    for part in ("feeds", "coverage", "totals", "outbox"):
        say(f"{part:9}" + ", ".join(f"{n} {k}" for k, n in answer[part].items()))
    size = answer["database"]["bytes"] / 1e6
    click.echo(f"database {size:.1f} MB, schema {answer['database']['schema']}")
    poll, change = short(answer["last_poll"]), short(answer["last_change"])
    click.echo(f"last poll {poll or 'never'}, last change {change or 'never'} (UTC)")


@click.command()
@click.option("--since", metavar="30d|DATE", help="Only events heard of since then.")
@as_json
@common
def events(context: Context, *, since: str | None, json_: bool) -> None:
    """List events, the last heard of first."""
    views, begin = context.views(), since_moment(since)
    context.read_figures(views.unread(since=begin))
    found = views.events(since=begin)
    if json_:
        say_lines(found)
        return
    for event in found:
        click.echo(f"{event['event']}  {short(event['last_seen'])}  {_sources(event)}")
        say(event["title"], indent="  ")
        for figure in event["figures"][:3]:
            say(_figure_text(figure), indent="    ")


def since_moment(text: str | None) -> datetime | None:
    """Read "30d" or a date such as 2025-01-31 (UTC); raises UsageError."""
    from monitor.config.values import duration
    from monitor.errors import UsageError

    if text is None:
        return None
    try:
        if "-" in text:
            given = datetime.fromisoformat(text)
            return given if given.tzinfo else given.replace(tzinfo=UTC)
        return now() - duration(text)
    except ValueError:
        raise UsageError(f'--since "{text}": write 30d, or a date such as 2025-01-31') from None


def _sources(event: Row) -> str:
    count = event["independent_sources"]
    articles = len(event["documents"])
    told = f", told {', '.join(event['announced'])}" if event["announced"] else ""
    plural = "" if count == 1 else "s"
    return f"{count} source{plural}, {articles} article{'' if articles == 1 else 's'}{told}"


def _value_text(value: Row) -> str:
    words = {
        "about": "about ",
        "nearly": "nearly ",
        "at_least": "at least ",
        "more_than": "more than ",
        "at_most": "at most ",
        "less_than": "less than ",
    }
    unit = f" {value['unit']}" if value["unit"] and value["unit"] not in value["surface"] else ""
    return f"{words.get(value['qualifier'], '')}{value['surface']}{unit}"


def _figure_text(figure: Row) -> str:
    sides = [f"{_value_text(v)} ({v['claimant'] or v['outlet']})" for v in figure["values"]]
    mark = "! sources differ: " if figure["disputed"] else ""
    return f"{figure['label']}: {mark}{' / '.join(sides)}"


@click.command()
@click.argument("event")
@as_json
@common
def show(context: Context, *, event: str, json_: bool) -> int:
    """Show one event with its articles, figures, changes and messages."""
    views = context.views()
    context.read_figures(views.unread_about(event))
    found = views.show(event)
    if found is None:
        return _unknown(event)
    if json_:
        say_json(found)
        return 0
    say(found["title"])
    click.echo(f"{found['event']}  {short(found['first_seen'])} to {short(found['last_seen'])} UTC")
    if found["follows"]:
        click.echo(f"follow-up of {found['follows']}")
    _section("Articles", _article_lines(found["articles"]))
    _section("Figures", [_figure_text(each) for each in found["figures"]])
    _section("Changes", [_change_text(each) for each in found["changes"]])
    messages = [
        f"{short(m['created'])}  {m['target']}  {m['kind']}  {m['state']} {m['problem']}"
        for m in found["messages"]
    ]
    _section("Messages", messages)
    return 0


def _section(title: str, lines: Sequence[str]) -> None:
    if lines:
        click.echo(f"\n{title}")
        for line in lines:
            say(line, indent="  ")


def _article_lines(articles: Sequence[Row]) -> list[str]:
    lines = []
    for each in articles:
        copy = f"  [{each['verdict']} of {each['of']}]" if each["of"] else ""
        lines += [f"{short(each['published'])}  {each['outlet']}{copy}", f"  {each['url']}"]
    return lines


def _change_text(change: Row) -> str:
    at = short(change["at"])
    if "sides" in change:
        sides = " / ".join(
            f"{_value_text(s)} ({s['claimant'] or s['outlet']})" for s in change["sides"]
        )
        return f"{at}  {change['label']}: sources differ: {sides}"
    if "after" in change:
        word = "corrected " if change["kind"] == "figure_corrected" else ""
        before, after = _value_text(change["before"]), _value_text(change["after"])
        return f"{at}  {change['label']}: {word}{before} -> {after} ({change['reason']})"
    return f"{at}  opened: {change['label']}"


@click.command()
@click.argument("event")
@as_json
@common
def figures(context: Context, *, event: str, json_: bool) -> int:
    """Print each figure of an event: who said what, in order of time."""
    views = context.views()
    context.read_figures(views.unread_about(event))
    found = views.figures(event)
    if found is None:
        return _unknown(event)
    if json_:
        say_json(found)
        return 0
    for figure in found["figures"]:
        click.echo(f"{figure['series']}  {figure['label']}")
        highest = max((each["high"] for each in figure["readings"]), default=0) or 1
        for each in figure["readings"]:
            bar = "#" * max(1, round(20 * each["high"] / highest))
            who = each["claimant"] or each["outlet"]
            click.echo(f"  {short(each['published'])}  {_value_text(each):>20}  {bar:20}  {who}")
        click.echo()
    return 0


@click.command()
@click.argument("what")
@as_json
@common
def why(context: Context, *, what: str, json_: bool) -> int:
    """Explain a document, an address, an event, a figure or a change."""
    views = context.views()
    context.read_figures(views.unread_about(what))
    found = views.why(what)
    if found is None:
        return _unknown(what)
    if json_:
        say_json(found)
    else:
        _say_tree(found)
    return 0


def _unknown(what: str) -> int:
    click.echo(f"newsmon: nothing is known of {what}", err=True)
    return 1


def _say_tree(value: object, indent: str = "") -> None:
    """Print nested values as indented lines; empty ones are left out."""
    pairs = value.items() if isinstance(value, Mapping) else [("-", x) for x in _listed(value)]
    for key, each in pairs:
        if each in (None, "", [], {}, ()):
            continue
        if isinstance(each, Mapping) or (isinstance(each, list) and _nested(each)):
            click.echo(f"{indent}{key}")
            _say_tree(each, indent + "  ")
        else:
            text = ", ".join(map(str, each)) if isinstance(each, list) else str(each)
            say(f"{key}  {text}", indent=indent)


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else [value]


def _nested(values: Sequence[object]) -> bool:
    return any(isinstance(each, Mapping) for each in values)


@click.command()
@click.argument("words", nargs=-1, required=True)
@as_json
@common
def search(context: Context, *, words: Sequence[str], json_: bool) -> int:
    """Search the kept articles; plain words, the newest first."""
    found = list(context.views().search(" ".join(words)))
    if json_:
        say_lines(found)
    for row in () if json_ else found:
        click.echo(f"{short(row['published'])}  {row['outlet']}  {row['event']}")
        say(row["title"], indent="  ")
        say(row["snippet"], indent="    ")
        click.echo(f"    {row['url']}")
    return 0 if found else 1
