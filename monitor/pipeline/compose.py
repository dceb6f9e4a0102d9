"""Job 3, second half: what each target is told now, as messages in the outbox."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from monitor import digest as rules
from monitor.beds import Delivery, Mute, Notice, TakenBack, Told
from monitor.config import Config, Target
from monitor.errors import NewsmonError, StateError
from monitor.model import Digest, EventId, Form, Item, Rendered
from monitor.pipeline import health
from monitor.pipeline.figures import FigureReader
from monitor.pipeline.news import News, figures_told
from monitor.pipeline.ports import Inbox, Ledger, Matcher, Notifier, Outbox
from monitor.pipeline.release import Groups, by_event, release, sent_lately, wait_for_sources
from monitor.pipeline.select import select
from monitor.plural import counted
from monitor.watch import CompiledWatch

NOTHING_BACK = TakenBack()
BURST = 4  # more than this part of `max_per_hour` at once is one message

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
    figures: FigureReader
    notifier: Notifier
    render: Render
    instance: str
    alarms: Callable[[], Sequence[str]]  # what a person should look at, beside what the beds say
    faults: Mapping[str, str]  # targets with a fault that costs no message, and which
    problems: dict[str, str] = field(default_factory=dict)  # targets that cannot be used, and why
    _told_lost: str = ""  # the outage that was told

    def select(self, *, now: datetime) -> int:
        """Look at some of what the ledger gained; count its documents, none when all is seen."""
        return select(
            self.config,
            self.compiled,
            ledger=self.ledger,
            outbox=self.outbox,
            matcher=self.matcher,
            figures=self.figures,
            now=now,
        )

    def compose(self, *, now: datetime, flush: bool = False, lost: datetime | None = None) -> int:
        """Post what is due of what was selected; count the digests.

        `flush` ends every group wait; `lost`: since when our own network has been down.
        """
        posted = sum(
            self._unharmed(each.name, partial(self._for_target, each, now, flush=flush))
            for each in self.config.targets
        )
        if lost is not None and now - lost >= health.LOST:
            posted += self._unharmed("network", partial(self._lost, lost, now))
        return posted + self._unharmed("dead letters", partial(self._dead_letters, now))

    def _unharmed(self, name: str, work: Callable[[], int]) -> int:
        """Do work for one target; what is wrong with it (an address, a secret) harms no other."""
        problem = self.faults.get(name, "")
        try:
            done = work()
        except StateError:
            raise
        except NewsmonError as error:
            done, problem = 0, str(error)
        if problem:
            self.problems[name] = problem
        else:
            self.problems.pop(name, None)
        if self.outbox.problem(name) != problem:
            self.outbox.set_problem(name, problem)
        return done

    def pending(self, target: Target, *, now: datetime) -> Digest:
        """Give what would be said to a target if it were told everything now."""
        items = self._items(target, by_event(self.outbox.held(target.name)))
        return self._digest(target, items, now, key="preview")

    # -- when -------------------------------------------------------------------------------------

    def _for_target(self, target: Target, now: datetime, *, flush: bool) -> int:
        with self.outbox.transaction():
            beat = self._heartbeat(target, now)
            self._mute(target, now)
            if target.when:
                return beat + self._at_slot(target, now)
            return beat + self._at_once(target, now, flush=flush)

    def _at_slot(self, target: Target, now: datetime) -> int:
        zone = self.config.monitor.zone
        after = self.outbox.served(target.name)
        if after is None:
            self.outbox.serve(target.name, now)
            return 0
        slot = rules.slot_due(target, zone, now=now, after=after)
        if slot is None or rules.quiet_until(target.quiet, zone, now):
            return 0
        self.outbox.serve(target.name, slot.at)
        back = self.outbox.take_back(target.name, now=now)
        groups = self._ready(target)
        items = self._items(target, groups)
        feeds = self._feed_news(target, now)
        notes = (rules.missed_note(slot, zone), self._backlog(back), *feeds)
        digest = self._digest(
            target,
            items,
            now,
            key=slot.key,
            slot=slot.at,
            since=after,
            notes=tuple(filter(None, notes)),
        )
        if feeds and not digest.items:
            self._note(target, slot.key, feeds, now)
        return self._post(target, digest, groups, items, now, back)

    def _at_once(self, target: Target, now: datetime, *, flush: bool) -> int:
        zone = self.config.monitor.zone
        if rules.quiet_until(target.quiet, zone, now):
            return 0
        if feeds := self._feed_news(target, now):
            self._note(target, f"feeds:{now.isoformat()}", feeds, now)
        sent = sent_lately(target, self.outbox, now=now)
        groups = self._ready(target)
        due = set()
        overslept = False
        for event, notices in groups.items():
            at = release(
                target,
                notices,
                sent=sent,
                zone=zone,
                outbox=self.outbox,
                ledger=self.ledger,
                flush=flush,
            ).at
            if at is not None and at <= now:
                due.add(event)
                first = min(each.created for each in notices)
                waited = rules.quiet_until(target.quiet, zone, first + target.group_wait)
                overslept = overslept or waited is not None
        if not due:
            return bool(feeds)
        back = self.outbox.take_back(target.name, now=now)
        if back.events:
            groups = self._ready(target)
        told = {event: groups[event] for event in groups if event in due | back.events}
        left = min(target.max_per_hour - len(sent), target.max_per_hour // BURST)
        if len(told) > max(left, 1) or overslept or back.events:
            return self._send(target, told, now, back, released=len(told))
        return sum(self._send(target, {event: told[event]}, now) for event in told)

    def _send(
        self,
        target: Target,
        groups: Groups,
        now: datetime,
        back: TakenBack = NOTHING_BACK,
        released: int = 0,
    ) -> int:
        ids = [each.change for notices in groups.values() for each in notices]
        items = self._items(target, groups)
        digest = self._digest(
            target,
            items,
            now,
            key=rules.digest_key(ids),
            released=released,
            notes=tuple(filter(None, (self._backlog(back),))),
        )
        return self._post(target, digest, groups, items, now, back)

    def _backlog(self, back: TakenBack) -> str:
        """Say that a message stands for others that nobody got."""
        if back.since is None:
            return ""
        since = back.since.astimezone(self.config.monitor.zone)
        return f"not delivered since {since:%a} {since.day} {since:%b %H:%M}: told here"

    def _ready(self, target: Target) -> Groups:
        """Give the held notices by event, without those that still wait for more sources."""
        groups = by_event(self.outbox.held(target.name))
        for event, notices in list(groups.items()):
            openings = [each for each in notices if each.kind == "event_opened"]
            if openings and self.outbox.told(target.name, event):
                self.outbox.close(openings, "skipped", "an event it was merged with was told")
                groups[event] = [each for each in notices if each not in openings]
            elif len(openings) > 1:
                self.outbox.close(openings[1:], "skipped", "one event by a merge")
                groups[event] = [each for each in notices if each not in openings[1:]]
            if not groups[event] or wait_for_sources(target, groups[event], self.ledger):
                del groups[event]
        return groups

    def _mute(self, target: Target, now: datetime) -> None:
        """Close what a person silenced, with the reason; the next digest counts it."""
        mutes = {self.ledger.name_now(each.what): each for each in self.outbox.mutes(now=now)}
        silenced = [
            (each, mute)
            for each in (self.outbox.held(target.name) if mutes else ())
            if (mute := self._muted(each, mutes)) is not None
        ]
        for each, mute in silenced:
            until = mute.until.astimezone(self.config.monitor.zone)
            self.outbox.close([each], "skipped", f"{mute.what} is muted until {until:%d %b %H:%M}")
        if silenced:
            self.outbox.set_muted(target.name, self.outbox.muted(target.name) + len(silenced))

    def _muted(self, notice: Notice, mutes: dict[str, Mute]) -> Mute | None:
        if notice.watches and all(f"watch:{name}" in mutes for name in notice.watches):
            return mutes[f"watch:{notice.watches[0]}"]
        muted = any(what.startswith("outlet:") for what in mutes)
        articles = self.ledger.articles_of(notice.event) if muted else ()
        outlets = {each.document.outlet for each in articles}
        if outlets and all(f"outlet:{name}" in mutes for name in outlets):
            return mutes[f"outlet:{min(outlets)}"]
        names = [self.ledger.name_now(name) for name in (notice.event, notice.series) if name]
        return next((mutes[name] for name in names if name in mutes), None)

    # -- what -------------------------------------------------------------------------------------

    def _items(self, target: Target, groups: Groups) -> dict[EventId, Item]:
        """Give what is new, event by event; where nothing is large enough, none."""
        news = News(config=self.config, ledger=self.ledger, outbox=self.outbox)
        found = {event: news.of(target, event, notices) for event, notices in groups.items()}
        return {event: item for event, item in found.items() if item is not None}

    def _digest(
        self,
        target: Target,
        items: Mapping[EventId, Item],
        now: datetime,
        *,
        key: str,
        slot: datetime | None = None,
        since: datetime | None = None,
        released: int = 0,
        notes: tuple[str, ...] = (),
    ) -> Digest:
        kept, more = rules.select(tuple(items.values()), target.at_most)
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
            muted=self.outbox.muted(target.name),
            coverage=health.coverage(self.config, self.inbox, now=now),
            notes=notes,
            since=since,
            next_slot=rules.next_slot(target, zone, now=now) if target.when else None,
        )

    # -- what the operator is told of the feeds ---------------------------------------------------

    def _operator(self) -> Target:
        """The target that wants a sign of life, else the first."""
        beating = (each for each in self.config.targets if each.heartbeat)
        return next(beating, self.config.targets[0])

    def _feed_news(self, target: Target, now: datetime) -> tuple[str, ...]:
        """Give what is told of feeds, marked as told in the transaction that posts it."""
        if target.name != self._operator().name:
            return ()
        urls = {feed.url for feed in self.config.feeds}
        troubled = [each for each in self.inbox.troubled() if each.url in urls]
        found = list(health.feed_news(troubled, now=now, zone=self.config.monitor.zone))
        for each in found:
            self.inbox.tell(each.url, each.condition)
        return tuple(each.note for each in found)

    def _lost(self, since: datetime, now: datetime) -> int:
        key = f"lost:{since.isoformat()}"
        if key == self._told_lost or not self.config.targets:
            return 0
        self._told_lost = key
        note = health.lost(since, self.config.monitor.zone)
        with self.outbox.transaction():
            self._note(self._operator(), key, (note,), now)
        return 1

    # -- into the outbox --------------------------------------------------------------------------

    def _post(
        self,
        target: Target,
        digest: Digest,
        groups: Groups,
        items: Mapping[EventId, Item],
        now: datetime,
        back: TakenBack,
    ) -> int:
        """Post one message a recipient and mark what it tells: both or neither."""
        for event, notices in groups.items():
            self._close(notices, items.get(event), digest)
        if not digest.items:  # nothing to say sends nothing
            return 0
        self._enqueue(target, digest, now, since=back.since)
        self.outbox.set_muted(target.name, 0)
        for item in digest.items:
            self.outbox.tell(
                target.name,
                item.event,
                Told(at=now, sources=item.independent),
                figures_told(item, self.ledger.figure_state(item.event)),
                digest=digest.key,
            )
        return 1

    def _close(self, notices: Sequence[Notice], item: Item | None, digest: Digest) -> None:
        """Write down what became of an event's notices: told, counted, or too small to tell."""
        altered = {change.series for change in item.changes} if item else set()
        whole = item is not None and item.opened
        told = [each for each in notices if whole or each.series is None or each.series in altered]
        small = [each for each in notices if each not in told]
        shown = item is not None and item.event in {each.event for each in digest.items}
        why = "" if shown else f"one of the {digest.more} more that were counted (at_most)"
        self.outbox.close(told, "posted", why, digest.key)
        self.outbox.close(small, "skipped", "smaller than the watch's `change`")

    def _enqueue(
        self, target: Target, digest: Digest, now: datetime, *, since: datetime | None = None
    ) -> None:
        for recipient in self.notifier.recipients(target):
            rendered = self.render(digest, recipient.form, recipient.limit, target)
            ident = rules.message_id(
                self.instance, rules.kind_of(digest), digest.key, target.name, recipient.key
            )
            message = rules.compose(digest, recipient, rendered, ident)
            self.outbox.post(message, digest=digest.key, at=now, since=since)

    def _note(self, target: Target, key: str, notes: tuple[str, ...], now: datetime) -> None:
        digest = self._digest(target, {}, now, key=key, notes=notes)
        self._enqueue(target, digest, now)

    def _heartbeat(self, target: Target, now: datetime) -> int:
        """Post the weekly sign of life, once a week; the first week only starts the count."""
        week = health.heartbeat_week(now, self.config.monitor.zone)
        last = self.outbox.last_heartbeat(target.name)
        if target.heartbeat is None or week in ("", last):
            return 0
        self.outbox.set_heartbeat(target.name, week)
        if not last:
            return 0
        failing = health.coverage(self.config, self.inbox, now=now).failing
        dead = self.outbox.dead()
        given_up = [f"given up: {counted(dead, 'message')}"] if dead else []
        wrong = [*self.alarms(), *failing, *self.problems.values(), *given_up]
        notes = health.sign_of_life(wrong)
        self.outbox.withdraw(target.name, "heartbeat:", now=now)
        self._note(target, f"heartbeat:{week}", notes, now)
        return 1

    def _dead_letters(self, now: datetime) -> int:
        """Tell of the messages a target did not get, once, through its fallback or another."""
        failed: dict[str, list[Delivery]] = {}
        for each in self.outbox.unreported():
            failed.setdefault(each.message.target, []).append(each)
        return sum(self._dead_letter(name, dead, now) for name, dead in failed.items())

    def _dead_letter(self, name: str, dead: Sequence[Delivery], now: datetime) -> int:
        named = self.config.target(name)
        others = [each for each in self.config.targets if each.name != name]
        fallback = self.config.target(named.fallback) if named and named.fallback else None
        news = [each for each in dead if each.message.kind != "health"]
        told = fallback or next(iter(others), None)
        with self.outbox.transaction():
            for each in dead:
                self.outbox.mark_reported(each.message.id)
            if not news or told is None:
                return 0
            key = f"dead:{news[-1].message.id}"
            self._note(told, key, health.given_up(name, news), now)
        return 1


__all__ = ["Composer"]
