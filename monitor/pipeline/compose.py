"""Job 3, second half: what each target is told now, as messages in the outbox."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

from monitor import digest as rules
from monitor.beds import EventRecord, FeedState, Mute, Notice, Recorded, Told
from monitor.config import Config, Target
from monitor.errors import NewsmonError, StateError
from monitor.model import (
    ChangeId,
    Coverage,
    Digest,
    EventId,
    EventOpened,
    FigureChange,
    FigureChanged,
    FigureDisputed,
    FigureState,
    Form,
    Item,
    Rendered,
    SeriesId,
)
from monitor.pipeline.item import build_item, combined
from monitor.pipeline.ports import Inbox, Ledger, Matcher, Notifier, Outbox
from monitor.pipeline.select import opening_id, select
from monitor.watch import CompiledWatch

ENOUGH_VOICES = 3  # independent outlets that cut the group wait short
FAILING = timedelta(hours=1)  # a feed is named in the coverage after so long
HEARTBEAT = (1, 9)  # ISO weekday and local hour of the weekly sign of life

Render = Callable[[Digest, Form, int, Target], Rendered]


@dataclass(slots=True, kw_only=True)
class Composer:
    """Composes digests from the ledger; holds the wiring, and what it found to be wrong."""

    config: Config
    compiled: Sequence[CompiledWatch]
    inbox: Inbox
    ledger: Ledger
    outbox: Outbox
    matcher: Matcher
    notifier: Notifier
    render: Render
    instance: str
    problems: dict[str, str] = field(default_factory=dict)  # targets that cannot be used, and why

    def compose(self, *, now: datetime, flush: bool = False) -> int:
        """Select, then post what is due; count the digests. `flush` ends every group wait."""
        while select(
            self.config,
            self.compiled,
            ledger=self.ledger,
            outbox=self.outbox,
            matcher=self.matcher,
            now=now,
        ):
            pass
        posted = sum(
            self._unharmed(each.name, partial(self._for_target, each, now, flush=flush))
            for each in self.config.targets
        )
        return posted + self._unharmed("dead letters", partial(self._dead_letters, now))

    def _unharmed(self, name: str, work: Callable[[], int]) -> int:
        """Do work for one target; what is wrong with it (an address, a secret) harms no other."""
        try:
            done = work()
        except StateError:
            raise
        except NewsmonError as error:
            self.problems[name] = str(error)
            return 0
        self.problems.pop(name, None)
        return done

    def pending(self, target: Target, *, now: datetime) -> Digest:
        """Give what would be said to a target if it were told everything now."""
        return self._digest(target, self._events(self.outbox.held(target.name)), now, key="preview")

    # -- when -------------------------------------------------------------------------------------

    def _for_target(self, target: Target, now: datetime, *, flush: bool) -> int:
        with self.outbox.transaction():
            beat = self._heartbeat(target, now)
            muted = self._mute(target, now)
            if target.when:
                return beat + self._at_slot(target, now, muted)
            return beat + self._at_once(target, now, muted, flush=flush)

    def _at_slot(self, target: Target, now: datetime, muted: int) -> int:
        zone = self.config.monitor.zone
        after = self.outbox.served(target.name)
        if after is None:
            self.outbox.serve(target.name, now)
            return 0
        slot = rules.slot_due(target, zone, now=now, after=after)
        if slot is None or rules.quiet_until(target.quiet, zone, now):
            return 0
        self.outbox.serve(target.name, slot.at)
        groups = self._ready(target)
        note = rules.missed_note(slot, zone)
        digest = self._digest(
            target,
            groups,
            now,
            key=slot.key,
            slot=slot.at,
            since=after,
            muted=muted,
            notes=(note,) if note else (),
        )
        return self._post(target, digest, groups, now)

    def _at_once(self, target: Target, now: datetime, muted: int, *, flush: bool) -> int:
        zone = self.config.monitor.zone
        sent = self.outbox.posted_since(target.name, now - timedelta(hours=1))
        due: dict[EventId, list[Notice]] = {}
        overslept = 0
        for event, notices in self._ready(target).items():
            first = min(each.created for each in notices)
            told = self.outbox.told(target.name, event)
            at = rules.release_at(
                target, zone, first=first, told=told.at if told else None, sent=sent
            )
            if flush or self._agreed(event, notices):
                at = rules.release_at(_hasty(target), zone, first=first, sent=sent)
            if at <= now and not rules.quiet_until(target.quiet, zone, now):
                due[event] = notices
                overslept += bool(rules.quiet_until(target.quiet, zone, first + target.group_wait))
        if not due:
            return 0
        left = target.max_per_hour - len(sent)
        if len(due) > max(left, 1) or overslept:
            return self._send(target, due, now, muted, released=len(due))
        return sum(
            self._send(target, {event: notices}, now, muted) for event, notices in due.items()
        )

    def _send(
        self,
        target: Target,
        groups: dict[EventId, list[Notice]],
        now: datetime,
        muted: int,
        released: int = 0,
    ) -> int:
        ids = [each.change for notices in groups.values() for each in notices]
        digest = self._digest(
            target, groups, now, key=rules.digest_key(ids), muted=muted, released=released
        )
        return self._post(target, digest, groups, now)

    def _agreed(self, event: EventId, notices: Sequence[Notice]) -> bool:
        """Whether enough independent outlets report a new event that waiting adds nothing."""
        new = any(each.kind == "event_opened" for each in notices)
        return new and self.ledger.voices(event) >= ENOUGH_VOICES

    def _ready(self, target: Target) -> dict[EventId, list[Notice]]:
        """Give the held notices by event, without those that still wait for more sources."""
        groups = self._events(self.outbox.held(target.name))
        for event, notices in list(groups.items()):
            openings = [each for each in notices if each.kind == "event_opened"]
            if openings and self.outbox.told(target.name, event):
                self.outbox.close(openings, "skipped", "an event it was merged with was told")
                groups[event] = [each for each in notices if each not in openings]
            elif len(openings) > 1:
                self.outbox.close(openings[1:], "skipped", "one event by a merge")
                groups[event] = [each for each in notices if each not in openings[1:]]
            few = self.ledger.voices(event) < target.min_sources
            if not groups[event] or (openings and few):
                del groups[event]
        return groups

    @staticmethod
    def _events(notices: Sequence[Notice]) -> dict[EventId, list[Notice]]:
        groups: dict[EventId, list[Notice]] = {}
        for each in notices:
            groups.setdefault(each.event, []).append(each)
        return groups

    def _mute(self, target: Target, now: datetime) -> int:
        """Close what a person silenced, with the reason; count it for the digest."""
        mutes = {each.what: each for each in self.outbox.mutes(now=now)}
        if not mutes:
            return 0
        count = 0
        for each in self.outbox.held(target.name):
            if (mute := self._muted(each, mutes)) is not None:
                until = mute.until.astimezone(self.config.monitor.zone)
                self.outbox.close(
                    [each], "skipped", f"{mute.what} is muted until {until:%d %b %H:%M}"
                )
                count += 1
        return count

    def _muted(self, notice: Notice, mutes: dict[str, Mute]) -> Mute | None:
        if notice.watches and all(f"watch:{name}" in mutes for name in notice.watches):
            return mutes[f"watch:{notice.watches[0]}"]
        muted = any(what.startswith("outlet:") for what in mutes)
        articles = self.ledger.articles_of(notice.event) if muted else ()
        outlets = {each.document.outlet for each in articles}
        if outlets and all(f"outlet:{name}" in mutes for name in outlets):
            return mutes[f"outlet:{min(outlets)}"]
        names = [notice.event, *self.ledger.aliases(notice.event)]
        found = [mutes[name] for name in (*names, notice.series) if name in mutes]
        return found[0] if found else None

    # -- what -------------------------------------------------------------------------------------

    def _digest(
        self,
        target: Target,
        groups: dict[EventId, list[Notice]],
        now: datetime,
        *,
        key: str,
        slot: datetime | None = None,
        since: datetime | None = None,
        muted: int = 0,
        released: int = 0,
        notes: tuple[str, ...] = (),
    ) -> Digest:
        items = [self._item(target, event, notices) for event, notices in groups.items()]
        kept, more = rules.select([each for each in items if each is not None], target.at_most)
        zone = self.config.monitor.zone
        return Digest(
            target=target.name,
            key=key,
            at=now,
            timezone=self.config.monitor.timezone,
            slot=slot,
            items=kept,
            more=more,
            released=released,
            muted=muted,
            coverage=self._coverage(now),
            notes=notes,
            since=since,
            next_slot=rules.next_slot(target, zone, now=now) if target.when else None,
        )

    def _item(self, target: Target, event: EventId, notices: Sequence[Notice]) -> Item | None:
        """Give what is new about an event, or None when no change is large enough to be told."""
        record = self.ledger.event(event)
        assert record is not None  # noqa: S101 - notices point at events
        opening = next((each for each in notices if each.kind == "event_opened"), None)
        ids = [each.change for each in notices if each.kind != "event_opened"]
        changes = self._large_enough(target, event, notices, self.ledger.changes(ids))
        if not changes and opening is None:
            return None
        hits = self.outbox.hits_of(event)
        watches = tuple(dict.fromkeys(name for each in notices for name in each.watches))
        return build_item(
            record,
            self.ledger.articles_of(event),
            self.ledger.figure_state(event),
            changes=changes,
            history=_figure_changes(self.ledger.changes_of(event)),
            opening=opening.change if opening else None,
            told=self.outbox.told(target.name, event),
            watches=watches,
            terms=tuple(dict.fromkeys(term for name in watches for term in hits.get(name, ()))),
            threshold=_percent(self._threshold(watches)),
            follows=self._followed(record),
            aliases=self.ledger.aliases(event),
        )

    def _followed(self, record: EventRecord) -> tuple[EventId, str] | None:
        earlier = self.ledger.event(record.follows) if record.follows else None
        return (earlier.id, earlier.title) if earlier else None

    def _threshold(self, watches: Sequence[str]) -> Decimal:
        found = [each.change for each in self.config.watches if each.name in watches]
        return min(found, default=Decimal(0))

    def _large_enough(
        self,
        target: Target,
        event: EventId,
        notices: Sequence[Notice],
        recorded: Sequence[Recorded],
    ) -> list[tuple[ChangeId, FigureChange]]:
        """One change a figure, measured against what the target was last told."""
        told = self.outbox.told_figures(target.name, event)
        by_series: dict[tuple[SeriesId, str], list[Recorded]] = {}
        for each in recorded:
            if not isinstance(each.change, EventOpened):
                by_series.setdefault((each.change.series, each.kind), []).append(each)
        watches = {each.change: each.watches for each in notices}
        kept: list[tuple[ChangeId, FigureChange]] = []
        for (series, _), several in by_series.items():
            first, last = several[0].change, several[-1].change
            assert not isinstance(first, EventOpened)  # noqa: S101 - left out above
            assert not isinstance(last, EventOpened)  # noqa: S101 - left out above
            change = combined(first, last)
            least = self._threshold(watches.get(several[-1].id, ()))
            if _moved(change, told.get(series), least):
                kept.append((several[-1].id, change))
        return kept

    def _coverage(self, now: datetime) -> Coverage:
        states = {each.url: each for each in self.inbox.feed_states()}
        known = [states[feed.url] for feed in self.config.feeds if feed.url in states]
        zone = self.config.monitor.zone
        return Coverage(
            feeds=len(self.config.feeds),
            failing=tuple(failing(each, zone) for each in known if is_failing(each, now)),
            summaries_used=self.inbox.summaries_used(since=now - timedelta(days=1)),
        )

    # -- into the outbox --------------------------------------------------------------------------

    def _post(
        self,
        target: Target,
        digest: Digest,
        groups: dict[EventId, list[Notice]],
        now: datetime,
    ) -> int:
        """Post one message a recipient and mark what it tells: both or neither."""
        told = {item.event for item in digest.items}
        for event, notices in groups.items():
            if event in told or digest.more:
                self.outbox.close(notices, "posted", "", digest.key)
            else:
                self.outbox.close(notices, "skipped", "smaller than the watch's `change`")
        if not digest.items:  # nothing to say sends nothing
            return 0
        self._enqueue(target, digest, now)
        for item in digest.items:
            state = self.ledger.figure_state(item.event)
            self.outbox.tell(
                target.name,
                item.event,
                Told(at=now, sources=item.independent),
                _figures_told(item, state),
            )
        return 1

    def _enqueue(self, target: Target, digest: Digest, now: datetime) -> None:
        for recipient in self.notifier.recipients(target):
            rendered = self.render(digest, recipient.form, recipient.limit, target)
            ident = rules.message_id(
                self.instance, rules.kind_of(digest), digest.key, target.name, recipient.key
            )
            message = rules.compose(digest, recipient, rendered, ident)
            self.outbox.post(message, digest=digest.key, at=now)

    def _note(self, target: Target, key: str, notes: tuple[str, ...], now: datetime) -> None:
        digest = Digest(
            target=target.name,
            key=key,
            at=now,
            timezone=self.config.monitor.timezone,
            slot=None,
            items=(),
            coverage=self._coverage(now),
            notes=notes,
        )
        self._enqueue(target, digest, now)

    def _heartbeat(self, target: Target, now: datetime) -> int:
        """Post the weekly sign of life, once a week; the first week only starts the count."""
        if target.heartbeat is None:
            return 0
        local = now.astimezone(self.config.monitor.zone)
        week = f"{local.isocalendar().year}-W{local.isocalendar().week:02d}"
        last = self.outbox.last_heartbeat(target.name)
        if last == week or (local.isoweekday(), local.hour) < HEARTBEAT:
            return 0
        self.outbox.set_heartbeat(target.name, week)
        if not last:
            return 0
        wrong = [*self._coverage(now).failing, *self.problems.values()]
        if dead := self.outbox.dead():
            wrong.append(f"{dead} messages were given up")
        note = "Still watching: nothing is wrong." if not wrong else f"Still watching. {wrong[0]}"
        self._note(target, f"heartbeat:{week}", (note, *wrong[1:]), now)
        return 1

    def _dead_letters(self, now: datetime) -> int:
        """Tell of each message given up, once, through the fallback or another target."""
        count = 0
        for dead in self.outbox.unreported():
            failed = dead.message.target
            named = self.config.target(failed)
            others = [each for each in self.config.targets if each.name != failed]
            fallback = self.config.target(named.fallback) if named and named.fallback else None
            with self.outbox.transaction():
                self.outbox.mark_reported(dead.message.id)
                if dead.message.kind != "health" and (fallback or others):
                    note = (
                        f'"{dead.message.subject}" could not be delivered to {failed}:'
                        f" {dead.problem} - newsmon outbox retry {dead.message.id}"
                    )
                    self._note(fallback or others[0], f"dead:{dead.message.id}", (note,), now)
                    count += 1
        return count


def _hasty(target: Target) -> Target:
    return target.model_copy(update={"group_wait": timedelta(0)})


def _figure_changes(recorded: Sequence[Recorded]) -> list[FigureChange]:
    return [each.change for each in recorded if not isinstance(each.change, EventOpened)]


def _percent(share: Decimal) -> str:
    return f"{(share * 100).normalize():f}%" if share else ""


def _moved(change: FigureChange, told: tuple[str, str] | None, least: Decimal) -> bool:
    """Whether a change reaches the watch's `change`, from what the target was last told."""
    if not isinstance(change, FigureChanged):
        return True
    reading = change.before.reading
    before = (Decimal(told[0]), Decimal(told[1])) if told else (reading.low, reading.high)
    after = change.after.reading
    old, new = (before[0] + before[1]) / 2, (after.low + after.high) / 2
    return old == 0 or abs(new - old) >= least * abs(old)


def _figures_told(item: Item, state: FigureState) -> dict[SeriesId, tuple[str, str]]:
    figures: dict[SeriesId, tuple[str, str]] = {}
    if item.opened:
        for series in state.series:
            reading = series.decided.reading
            figures[series.id] = (str(reading.low), str(reading.high))
    for change in item.changes:
        if not isinstance(change, FigureDisputed):
            reading = change.after.reading
            figures[change.series] = (str(reading.low), str(reading.high))
    return figures


def is_failing(state: FeedState, now: datetime) -> bool:
    return state.failing_since is not None and now - state.failing_since >= FAILING


def failing(state: FeedState, zone: ZoneInfo) -> str:
    """Say in one line how long a feed has failed and why."""
    assert state.failing_since is not None  # noqa: S101 - see is_failing
    since = state.failing_since.astimezone(zone)
    tries = "1 try" if state.failures == 1 else f"{state.failures} tries"
    name = state.title or state.url
    return f"{name} since {since.day} {since:%b} ({state.problem}, {tries})"


__all__ = ["Composer", "opening_id"]
