"""Job 3, first half: which change matters to which target."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from monitor.beds import Article, Hit, Notice, Recorded
from monitor.config import Config, Watch
from monitor.model import ChangeId, EventId, EventOpened
from monitor.pipeline.figures import FigureReader
from monitor.pipeline.ports import Ledger, Matcher, Outbox
from monitor.text import fold, words
from monitor.watch import CompiledWatch

BATCH = 32  # documents matched in one transaction: judging waits for it


def select(
    config: Config,
    compiled: Sequence[CompiledWatch],
    *,
    ledger: Ledger,
    outbox: Outbox,
    matcher: Matcher,
    figures: FigureReader,
    now: datetime,
) -> int:
    """Look at what the ledger gained and enqueue, once each, what a target is to hear of.

    Figures are read of the events that somebody hears of, and of no others.
    Returns the number of documents looked at; call again while it is not zero.
    """
    with outbox.transaction():
        articles = ledger.articles_after(outbox.cursor(), BATCH)
        if not articles:
            return 0
        last = articles[-1].arrived
        outbox.add_hits(_hits(articles, compiled, matcher))
        heard = {
            event: those
            for event in dict.fromkeys(each.event for each in articles)
            if (those := interested(config, outbox.hits_of(event)))
        }
        for event in heard:
            figures.read(event, until=last)
        news = [each for each in articles if not each.document.baseline]
        for event in dict.fromkeys(each.event for each in news if each.event in heard):
            outbox.add_notices(_openings(event, heard[event], ledger, outbox, now))
        for change in ledger.changes_by([each.document.id for each in news]):
            if not change.baseline:  # of the version that a first poll found
                outbox.add_notices(_figure_notices(change, config, outbox, now))
        outbox.move_cursor(last)
    return len(articles)


def opening_id(event: EventId) -> ChangeId:
    """Name the opening of an event, for whoever hears of it: one a target, ever."""
    return ChangeId(f"open-{event}")


def _hits(
    articles: Sequence[Article], compiled: Sequence[CompiledWatch], matcher: Matcher
) -> list[Hit]:
    if not compiled:
        return []
    found = matcher.matches(
        compiled, [(each.document.id, each.document.title, each.document.text) for each in articles]
    )
    by_id = {str(each.document.id): each for each in articles}
    return [
        Hit(article=by_id[key], watch=watch, terms=terms) for (key, watch), terms in found.items()
    ]


def interested(config: Config, hits: Mapping[str, object]) -> dict[str, tuple[Watch, ...]]:
    """Map each target to those of its watches that an event hit."""
    found: dict[str, tuple[Watch, ...]] = {}
    for watch in config.watches:
        if watch.name in hits:
            for target in watch.send_to:
                found[target] = (*found.get(target, ()), watch)
    return found


def _openings(
    event: EventId,
    heard: Mapping[str, tuple[Watch, ...]],
    ledger: Ledger,
    outbox: Outbox,
    now: datetime,
) -> list[Notice]:
    """Tell an event as new to each target that never heard of it, unless a baseline held it."""
    record = ledger.event(event)
    assert record is not None  # noqa: S101 - its article was just read
    return [
        Notice(
            target=target,
            change=opening_id(event),
            kind="event_opened",
            event=event,
            series=None,
            watches=tuple(watch.name for watch in watches),
            created=now,
            state="skipped" if record.baseline else "held",
            reason="began in a feed's first poll" if record.baseline else "",
        )
        for target, watches in heard.items()
        if not outbox.announced(target, event)
    ]


def _figure_notices(
    recorded: Recorded, config: Config, outbox: Outbox, now: datetime
) -> list[Notice]:
    change = recorded.change
    if isinstance(change, EventOpened):
        return []
    notices = []
    for target, watches in interested(config, outbox.hits_of(recorded.event)).items():
        wanting = tuple(w.name for w in watches if wants(w, change.label, str(change.series)))
        if wanting:
            notices.append(
                Notice(
                    target=target,
                    change=recorded.id,
                    kind=recorded.kind,
                    event=recorded.event,
                    series=change.series,
                    watches=wanting,
                    created=now,
                )
            )
    return notices


def wants(watch: Watch, label: str, series: str) -> bool:
    """Whether a watch's `figures` name this one; none named means every one."""
    if not watch.figures:
        return True
    have = words(fold(label)) + words(fold(series.partition("/")[2]).replace("-", " "))
    return any(
        all(any(word.startswith(_stem(w)) for word in have) for w in words(fold(figure)))
        for figure in watch.figures
    )


def _stem(word: str) -> str:
    return word.removesuffix("s") if len(word) > 3 else word  # noqa: PLR2004 - "gas" stays
