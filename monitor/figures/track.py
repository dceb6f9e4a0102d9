"""The readings of one event's articles as series, and the changes among them.

`advance` is asked once for each article, in order of arrival; which of two articles is older is
decided by `published` alone. Pure: the same readings in the same order give the same answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.figures import adopt, diary, earlier, labels, match, repeats, sums, weigh
from monitor.figures.convert import measure, stated, value_of
from monitor.figures.judge import goes_on, judge, rule_opening
from monitor.figures.kinds import KINDS, kind_of
from monitor.figures.match import Places
from monitor.figures.parties import remember
from monitor.figures.ruling import Case, Ruling
from monitor.model import (
    Advance,
    Decision,
    EventId,
    FigureChange,
    FigureDisputed,
    FigureState,
    Kind,
    Observation,
    Reading,
    Series,
    SeriesId,
    Sighting,
    TimeFrame,
)

LONG = timedelta(days=3)  # an event that runs longer is told incident by incident
INCIDENT = "latest incident"
ANOTHER = "another count"
NAMELESS = "another sum"
SERIES_LIMIT = 200  # of one event: a long-running one has some thirty


@dataclass(slots=True)
class _Board:
    """One article on its way into the series; those it opens stand behind the known ones."""

    state: FigureState
    sighting: Sighting
    places: Places
    series: list[Series]
    told: dict[int, list[Observation]] = field(default_factory=dict)  # that may change a figure
    past: dict[int, Reading] = field(default_factory=dict)  # by start: the "44" of "59, up from 44"
    before: dict[int, Observation] = field(default_factory=dict)  # by slot

    @property
    def long(self) -> bool:
        began = self.state.began
        return began is not None and self.sighting.published - began > LONG

    def opened(self, slot: int) -> bool:
        return slot >= len(self.state.series)

    def observe(self, reading: Reading) -> Observation:
        seen = self.sighting
        return Observation(
            reading=reading,
            document=seen.document,
            outlet=seen.outlet,
            url=seen.url,
            published=seen.published,
            voice="" if seen.copy else seen.voice,
            copy=seen.copy,
        )


def advance(state: FigureState, readings: Sequence[Reading], sighting: Sighting) -> Advance:
    """The state after one article, and what changed by it.

    The readings of a copy join their series and say nothing; of an article that extends another
    only what stands in its fresh spans may change a figure.
    """
    places = Places.of(state)
    readings = adopt.complete(readings, state.series)
    if not sighting.copy and sighting.withdrawn is None:  # each article counts once
        places = places.with_lead(sighting.lead)
    places = places.held_apart(readings, state.series)
    past = {readings[now].start: old for now, old in earlier.pairs(readings).items()}
    board = _Board(state, sighting, places, list(state.series), past=past)
    placed = _placed(board, readings)
    slots = [slot if isinstance(slot, int) else None for slot in placed]
    _look_back(board, readings)
    _name_opened(board)
    _mark_totals(board)
    rulings = _rulings(board)
    for slot, ruling in rulings.items():
        board.series[slot] = ruling.series
    spoken = sorted(rulings.values(), key=lambda ruling: ruling.speaker.reading.start)
    changes: list[FigureChange] = [r.change for r in spoken if r.change is not None]
    changes += _against_sums(board, rulings)
    changes = [each for each in changes if each.series not in state.ignored]
    return Advance(
        state=_after(board),
        assigned=tuple(None if slot is None else board.series[slot].id for slot in slots),
        changes=tuple(changes),
        decisions=tuple(
            _explain(board, rulings, reading, slot)
            for reading, slot in zip(readings, placed, strict=True)
        ),
    )


def _placed(board: _Board, readings: Sequence[Reading]) -> list[int | str]:
    """Of each reading the slot of its series, or why there is none.

    What is said in a word that is known names a figure; other words for the same value follow it.
    Of several amounts or shares the nearest to what is known goes first.
    """
    known = board.state.series
    order = sorted(
        range(len(readings)),
        key=lambda n: (_is_unnamed(readings[n]), repeats.farness(readings[n], known)),
    )
    placed = {index: _place(board, readings[index]) for index in order}
    return [placed[index] for index in range(len(readings))]


def _is_unnamed(reading: Reading) -> int:
    """How little a reading says of what it counts: 0 a known role, 1 an open one, 2 no figure."""
    return 2 if match.untracked(reading) else int(reading.role not in KINDS)


def _place(board: _Board, reading: Reading) -> int | str:
    """The slot of the series that a reading belongs to, or why there is none."""
    before = board.past.get(reading.start)
    holder = earlier.holder(before, reading, board.series) if before else None
    if holder is not None:
        reading = _under_one_role(board, reading, holder)
    reason = match.untracked(reading)
    slot, running = None, False
    if not reason:
        found = _find(board, reading) if holder is None else holder
        slot, running = _level(board, reading, found)
    if slot is None and not running:
        slot = repeats.find(reading, board.series, board.told)
        if slot is not None:
            reading = replace(reading, role=board.series[slot].role)
    if slot is None and reason:
        return reason
    observation = board.observe(replace(reading, claimant="") if reason else reading)
    if slot is None:
        if reading.anaphoric:
            return "speaks of something named before"
        if len(board.series) >= SERIES_LIMIT:
            return "too many figures in one event"
        board.series.append(replace(_draft(observation), running=running))
        slot = len(board.series) - 1
    else:
        known = board.series[slot]
        whole = all(s is known or s.thing or s.role != known.role for s in board.series)
        board.series[slot] = match.joined(known, reading, board.places, whole=whole)
    if before and (holder is not None or not reason):
        board.before[slot] = board.observe(before)
    if board.opened(slot) or (not board.sighting.copy and _is_fresh(board.sighting, reading)):
        board.told.setdefault(slot, []).append(observation)
    return slot


def _under_one_role(board: _Board, reading: Reading, slot: int) -> Reading:
    """The reading in its series' words; a known word replaces what nobody knew before."""
    known = board.series[slot]
    if reading.role in KINDS and known.role not in KINDS:
        board.series[slot] = replace(known, role=reading.role)
        return reading
    return replace(reading, role=known.role)


def _level(board: _Board, reading: Reading, slot: int | None) -> tuple[int | None, bool]:
    """The slot of the series on the reading's own level; whether it opens one of totals."""
    if slot is None:
        return None, False
    found = board.series[slot]
    told_as_diary = diary.is_told(found.role, board.series, long=board.long)
    if diary.is_sum_of(reading, found, diary=told_as_diary):
        return None, True
    if diary.is_incident_of(reading, found) and not match.has_total(found, board.series):
        board.series[slot] = replace(found, running=True)
        return match.find(reading, board.series, board.places), False
    return slot, False


def _mark_totals(board: _Board) -> None:
    """A group's total far above the figure of everybody runs beside incidents."""
    for slot in board.told:
        if any(diary.outgrows(board.series[slot], other) for other in board.series):
            board.series[slot] = replace(board.series[slot], running=True)


def _find(board: _Board, reading: Reading) -> int | None:
    """The slot of the series that fits, or of the one that a person joined it to."""
    beside = frozenset(
        slot for slot, told in board.told.items() if repeats.stands_beside(reading, told)
    )
    series = [*board.series, *board.state.joined]
    slot = match.find(reading, series, board.places, but=beside)
    if slot is not None and match.is_whole_of(reading, series[slot], series):
        return None
    if slot is None or slot < len(board.series):
        return slot
    kept = board.state.aliases.get(board.state.joined[slot - len(board.series)].id)
    return next((n for n, series in enumerate(board.series) if series.id == kept), None)


def _is_fresh(sighting: Sighting, reading: Reading) -> bool:
    if sighting.fresh is None:
        return True
    return any(start <= reading.start and reading.end <= end for start, end in sighting.fresh)


def _draft(told: Observation) -> Series:
    reading = told.reading
    return Series(
        id=SeriesId(""),
        role=reading.role,
        kind=reading.kind,
        dimension=measure(reading)[0],
        thing=match.thing(reading),
        nations=reading.nations,
        subset=labels.part(reading),
        scope=reading.scope,
        label="",
        decided=told,
        latest=told,
        voices=(told.voice,) if told.voice else (),
    )


def _look_back(board: _Board, readings: Sequence[Reading]) -> None:
    """Find the values that the article itself says were there before."""
    for reading in readings:
        if reading.time_frame is TimeFrame.OLD and reading.role:
            slot = match.find(reading, board.series, board.places)
            if slot is not None:
                board.before.setdefault(slot, board.observe(reading))


def _name_opened(board: _Board) -> None:
    """Give the new series the value, the id and the label of what stands for the article."""
    event = board.state.event
    taken = {series.id for series in board.series}
    for slot in range(len(board.state.series), len(board.series)):
        decided = weigh.representative(_at_home(board, board.told[slot]))
        draft = board.series[slot]
        scope = _named_scope(board, draft.role, draft.scope or decided.reading.scope)
        named = replace(
            draft,
            id=_series_id(event, decided.reading, scope, taken),
            label=_free_label(board, labels.label(decided.reading, scope), draft),
            decided=decided,
            latest=decided,
        )
        taken.add(named.id)
        board.series[slot] = named


def _at_home(board: _Board, told: Sequence[Observation]) -> Sequence[Observation]:
    """What is told of the event's own place or of none, if anything is."""
    own = board.places.own
    return [o for o in told if own(o.reading.scope, o.reading.role)] or told


def _free_label(board: _Board, label: str, draft: Series) -> str:
    """Total and incidents of one figure under two names."""
    known = [slot for slot, series in enumerate(board.series) if series.label == label]
    if not known:
        return label
    if draft.kind is Kind.MONEY:
        return f"{label}, {draft.thing or NAMELESS}"
    if not draft.running:
        return f"{label}, {INCIDENT if kind_of(draft.role).incidents else ANOTHER}"
    for slot in known:
        if not board.series[slot].running:
            board.series[slot] = replace(board.series[slot], label=f"{label}, {INCIDENT}")
    return f"{label} in all"


def _named_scope(board: _Board, role: str, scope: str) -> str:
    """The place as a part of the name: the event's own only where the role belongs to a place."""
    return "" if board.places.own(scope, role) and not kind_of(role).placed else scope


def _series_id(event: EventId, reading: Reading, scope: str, taken: set[SeriesId]) -> SeriesId:
    names = {series_id.partition("/")[2] for series_id in taken}
    return SeriesId(f"{event}/{labels.name(reading, scope, names)}")


def _rulings(board: _Board) -> dict[int, Ruling]:
    cases = {slot: _case(board, slot) for slot in sorted(board.told)}
    going_on = {
        case.diary: _told_since(case.series)
        for slot, case in cases.items()
        if not board.opened(slot) and goes_on(case)
    }
    rulings = {}
    for slot, case in cases.items():
        began = going_on.get(case.diary)
        same = began is not None and _told_since(case.series) >= began
        coupled = replace(case, goes_on=same)
        rulings[slot] = rule_opening(coupled) if board.opened(slot) else judge(coupled)
    return rulings


def _told_since(series: Series) -> datetime:
    """When the incident that a series tells was surely going on already."""
    return (series.previous or series.decided).published


def _case(board: _Board, slot: int) -> Case:
    series, told = board.series[slot], board.told[slot]
    spoken = [board.series[each] for each in board.told]
    told_as_diary = diary.is_told(series.role, board.series, long=board.long)
    told_as_diary = told_as_diary or diary.tells_incidents(spoken, board.series)
    return Case(
        event=board.state.event,
        series=series,
        told=tuple(told),
        long=board.long,
        diary=told_as_diary and not series.running,
        part=match.is_of_a_sex(series, board.series),
        withdrawn=board.sighting.withdrawn,
        before=board.before.get(slot) if board.state.documents or not board.opened(slot) else None,
        elsewhere=frozenset(
            o.reading.start
            for o in told
            if not board.opened(slot) and match.is_elsewhere(o.reading, series, board.places)
        ),
    )


def _against_sums(board: _Board, rulings: dict[int, Ruling]) -> list[FigureDisputed]:
    """Disputes of the killed and the wounded, taken together, with figures of both.

    Their reason is put to the rulings on those killed and wounded that said nothing else.
    """
    if board.sighting.copy:
        return []
    changes = []
    for slot, change in sums.disputes(board.state.event, board.series, board.told):
        board.series[slot] = replace(board.series[slot], disputed=True)
        changes.append(change)
        for other, ruling in rulings.items():
            if ruling.change is None and ruling.speaker in change.sides:
                rulings[other] = replace(ruling, outcome="disputes", reason=change.reason)
    return changes


def _after(board: _Board) -> FigureState:
    state, published = board.state, board.sighting.published
    return replace(
        state,
        began=min(state.began or published, published),
        documents=board.places.leads,
        lead_words=board.places.words,
        series=tuple(board.series),
    )


def _explain(
    board: _Board, rulings: dict[int, Ruling], reading: Reading, placed: int | str
) -> Decision:
    if isinstance(placed, str):
        return Decision(series=None, start=reading.start, outcome="untracked", reason=placed)
    series, ruling = board.series[placed].id, rulings.get(placed)
    if series in board.state.ignored:
        return Decision(
            series=series, start=reading.start, outcome="silent", reason="ignored by hand"
        )
    told = {o.reading.start for o in board.told.get(placed, ())}
    if board.sighting.copy and not board.opened(placed):
        reason = "a copy adds no voice"
    elif ruling is None or reading.start not in told:
        reason = "stands in the part that was known"
    elif ruling.speaker.reading.start == reading.start:
        return Decision(
            series=series, start=reading.start, outcome=ruling.outcome, reason=ruling.reason
        )
    else:
        reason = f"{value_of(ruling.speaker.reading)} stands for the article"
    return Decision(series=series, start=reading.start, outcome="silent", reason=reason)


# -- merging --------------------------------------------------------------------------------------


def merge(kept: FigureState, gone: FigureState) -> FigureState:
    """Both events' figures under the id of `kept`; nothing is announced.

    `aliases` of the answer lead from every series id of `gone` to the one that holds it now.
    """
    places = Places.of(kept)
    series, aliases = list(kept.series), dict(kept.aliases)
    for other in gone.series:
        slot = match.find_series(other, series, places)
        if slot is None:
            taken = {s.id for s in series} | set(aliases)
            scope = "" if places.own(other.scope, other.role) else other.scope
            new_id = _series_id(kept.event, other.decided.reading, scope, taken)
            series.append(replace(other, id=new_id))
            slot = len(series) - 1
        else:
            series[slot] = united(series[slot], other)
        aliases[other.id] = series[slot].id
    aliases.update({old: aliases[new] for old, new in gone.aliases.items() if new in aliases})
    words = dict(kept.lead_words)
    for word, count in gone.lead_words.items():
        words[word] = words.get(word, 0) + count
    return FigureState(
        event=kept.event,
        began=min((t for t in (kept.began, gone.began) if t is not None), default=None),
        documents=kept.documents + gone.documents,
        lead_words=words,
        series=tuple(series),
        aliases=aliases,
        joined=kept.joined + gone.joined,
        ignored=(*kept.ignored, *(aliases.get(each, each) for each in gone.ignored)),
    )


def united(one: Series, other: Series) -> Series:
    """One series of two: the newer value holds, and every claimant is kept."""
    newer, older = (other, one) if other.decided.published > one.decided.published else (one, other)
    agree = stated(newer.decided.reading) == stated(older.decided.reading)
    tracks = newer.tracks
    for track in older.tracks:
        tracks = remember(tracks, track.latest, decided=False)
    return replace(
        one,
        nations=one.nations or other.nations,
        decided=newer.decided,
        previous=newer.previous,
        latest=max(one.latest, other.latest, key=lambda o: o.published),
        held=newer.held,
        doubts=newer.doubts,
        voices=tuple(dict.fromkeys(newer.voices + agree * older.voices)),
        tracks=tracks,
        disputed=one.disputed or other.disputed,
        running=one.running or other.running,
        values=one.values + other.values,
        articles=one.articles + other.articles,
        below=one.below + other.below,
    )
