"""The command `status`: feeds, lag, errors, outbox."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.context import Context, as_json, common, now, say, say_json, short
from monitor.plural import counted

if TYPE_CHECKING:
    from monitor.beds import FeedState
    from monitor.config import Config
    from monitor.store.store import Store

Row = Mapping[str, Any]
SILENT = timedelta(days=2)  # without a new entry from any feed
UNASKED = timedelta(hours=6)  # without a poll, or twice the longest `every`
WORDS = {
    "feeds": {
        "ok": "fine",
        "slow": "failed last time",
        "failing": "failing",
        "baseline_pending": "not polled yet",
    },
    "coverage": {
        "dropped": "without text and title",
        "undated": "without a date",
        "blocked": "refused by the site",
        "unreadable": "unreadable, the feed's words used",
        "cut": "left for the next poll",
    },
    "outbox": {
        "held": "held back",
        "waiting": "waiting",
        "unknown": "in doubt",
        "dead": "given up",
    },
}
_NOTHING = {"feeds": "none", "coverage": "the last day's entries are whole", "outbox": "empty"}


@click.command()
@as_json
@common
def status(context: Context, *, json_: bool) -> int:
    """Feeds, lag, errors, outbox; exit 1 when unhealthy."""
    from monitor import control
    from monitor.store.counts import Counts
    from monitor.store.rescue import rescued
    from monitor.version import program_version

    store = context.reading()
    counts = Counts(store.database)
    states = {each.url: each for each in store.inbox.feed_states()}
    outbox = counts.outbox()
    daemon = control.ask(context.folder, {"action": "health"}) or {}
    problems = [str(each) for each in _listed(daemon.get("problems", []))]
    problems += [each for each in rescued(context.folder) if each not in problems]
    problems += _problems(context.config, states, outbox, now())
    problems += _target_problems(context.config, store, problems)
    answer = {
        "version": program_version(),
        "healthy": not problems,
        "problems": problems,
        "feeds": _feed_counts(context.config, states),
        "coverage": _coverage(context.config, store, states),
        "totals": counts.totals(),
        "outbox": outbox,
        **counts.last(),
        "database": counts.size(),
    }
    if json_:
        say_json(answer)
    else:
        _say_status(answer)
    return 0 if not problems else 1


def _feed_counts(config: "Config", states: "Mapping[str, FeedState]") -> dict[str, int]:
    from monitor.pipeline.health import is_failing

    counts = dict.fromkeys(WORDS["feeds"], 0)
    for feed in config.feeds:
        state = states.get(feed.url)
        if state is not None and state.failures:
            counts["failing" if is_failing(state, now()) else "slow"] += 1
        else:
            counts["ok" if state is not None and state.baseline_done else "baseline_pending"] += 1
    return counts


def _coverage(
    config: "Config", store: "Store", states: "Mapping[str, FeedState]"
) -> dict[str, int]:
    """What of the last day's entries is not whole; `cut` waits for the next poll."""
    gaps = store.inbox.gaps(since=now() - timedelta(days=1))
    cut = sum(states[feed.url].left_out for feed in config.feeds if feed.url in states)
    return {**asdict(gaps), "cut": cut}


def _target_problems(config: "Config", store: "Store", told: Sequence[str]) -> Iterator[str]:
    """Name the targets that could not be used, but for those that the daemon told of."""
    for target in config.targets:
        place = f'[[target]] "{target.name}"'
        problem = " ".join(store.outbox.problem(target.name).split())
        if problem and not any(each.startswith(place) for each in told):
            yield f"{place}: {problem}"


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
        yield f"given up: {counted(outbox['dead'], 'message')} - newsmon outbox"
    if outbox["unknown"]:
        yield f"in doubt: {counted(outbox['unknown'], 'message')} - newsmon outbox"


def _say_status(answer: Row) -> None:
    well = answer["healthy"]
    word = click.style("healthy" if well else "UNHEALTHY", fg="green" if well else "red")
    click.echo(f"newsmon {answer['version']}: {word}")
    for problem in answer["problems"]:
        say(f"! {problem}")
    for part, words in WORDS.items():
        told = ", ".join(f"{n:,} {words[key]}" for key, n in answer[part].items() if n)
        say(f"{part:9}{told or _NOTHING[part]}", hang=9)
    totals = answer["totals"]
    say(
        f"totals   {counted(totals['entries'], 'entry')}, {counted(totals['documents'], 'article')}"
        f" ({counted(totals['copies'], 'copy')}), {counted(totals['events'], 'event')},"
        f" {counted(totals['changes'], 'change')}, {counted(totals['messages'], 'message')} sent",
        hang=9,
    )
    size = answer["database"]["bytes"] / 1e6
    click.echo(f"database {size:.1f} MB, schema {answer['database']['schema']}")
    poll, change = short(answer["last_poll"]), short(answer["last_change"])
    click.echo(f"last poll {poll or 'never'}, last change {change or 'never'} (UTC)")


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else [value]
