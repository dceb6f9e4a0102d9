"""Whether what an article tells of one figure is a change, a correction, a disagreement or none.

A value is compared with the last one that was decided, not with the last one seen: small steps add
up and are told once. Nothing that an article leaves unsaid (a lower "at least", a size in words)
takes a figure back.
"""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from monitor import text
from monitor.figures import parties, weigh
from monitor.figures.convert import (
    HUNDRED,
    is_hedged,
    is_open,
    is_step,
    is_upper_bound,
    stated,
    value_of,
)
from monitor.figures.disputes import (
    disagreement,
    disputed,
    is_one_of_many,
    is_quarrel,
    rivals,
    side_by_side,
)
from monitor.figures.kinds import RoleKind, kind_of
from monitor.figures.ruling import Case, Ruling, changed, corrected, is_nameless, is_spoken, silent
from monitor.model import (
    Counting,
    Kind,
    Observation,
    Qualifier,
    Reading,
    Series,
    Track,
)

REFINED = Decimal("1.25")  # "more than 10,000" may well be this many times as much
FALL = Decimal("0.9")  # a state has fallen when below this part of the value before
PART = Decimal("0.8")  # who corrects himself further down speaks of a part
WAVER = Decimal("0.95")  # an estimate of a state that says no more than the value before
COLLAPSE = Decimal("0.1")  # a state falls so deep only with a word for it
PEAK = Decimal("1.5")  # a single voice so far above the next was mistaken
DOUBT = Decimal(2)  # a value so far above two later voices was another figure
STRIDE = Decimal(5)  # the same of casualties that nobody vouches for
LEAP = Decimal(10)  # a rise so high waits for a second voice when nothing supports it
LARGER = Decimal(3)  # hundreds after 40: a size in words says more only when far above
INCIDENT = timedelta(days=3)  # so long its toll goes on being told
DIARY = Decimal("0.4")  # share of articles far below the total that makes it a war diary


def judge(case: Case) -> Ruling:
    """Rule on one article; `case.told` is not empty."""
    here = [o for o in case.told if o.reading.start not in case.elsewhere]
    speaker = weigh.representative(here or case.told)
    if speaker.published < case.series.latest.published:
        return _settle(case, silent(case.series, speaker, "older than what is known"))
    if case.withdrawn is None and speaker.document == case.series.latest.document:
        return silent(case.series, speaker, "judged before")
    counted = _counted(case, speaker)
    if counted.series.disputed:
        ruling = _in_dispute(counted, speaker)
    elif sides := side_by_side(counted, speaker):
        quiet = silent(counted.series, speaker, "one side of a disagreement")
        ruling = disputed(counted, quiet, *sides)
    else:
        ruling = disagreement(counted, _rule(counted, speaker))
    return _settle(counted, ruling)


def rule_opening(case: Case) -> Ruling:
    """Rule on the article that opened the series: its value is news of the event, not a change.

    Unless the article itself says what it was before; an amount or a share that has no name must
    stand at its head for that: deep in the text it is of anything.
    """
    series = case.series
    first = Ruling(series=series, speaker=series.decided, outcome="opens", reason="first value")
    if series.decided.copy:
        return first
    named = series.decided.reading.headline or not is_nameless(series)
    if case.before is not None and series.decided.reading.rising and named:
        risen = _rule(replace(case, series=replace(series, decided=case.before)), series.decided)
        first = risen if risen.change is not None else first
    return _settle(case, disagreement(case, first))


# -- one series without a disagreement ------------------------------------------------------------


def _rule(case: Case, speaker: Observation) -> Ruling:
    series = case.series
    if idle := _says_nothing(case, speaker):
        return silent(series, speaker, idle)
    if _is_next_incident(case, speaker):
        return _next_incident(series, speaker)
    old, new = series.decided.reading, speaker.reading
    before, after = stated(old), stated(new)
    if after.low > before.high and is_step(old, new):
        return _rise(case, speaker)
    if after.high < before.low and is_step(old, new):
        return _fall(case, speaker)
    return _agree(series, speaker)


def _says_nothing(case: Case, speaker: Observation) -> str:
    """Why a value is no word on the figure as a whole, or ""."""
    if _is_mixed(case, speaker):
        return "several values, none of them stands out"
    if (case.series.subset or case.part) and case.before is None:
        return "a part of the whole: shown, never announced"
    if _is_single(case, speaker):
        return "one incident: the total is told beside it"
    return "an upper bound says nothing new" if is_upper_bound(speaker.reading) else ""


def goes_on(case: Case) -> bool:
    """Whether an article of a long event tells the toll of the incident that was told last."""
    if case.series.running or not case.has_tolls or not (case.diary or case.long):
        return False
    speaker, last = weigh.representative(case.told), case.series.decided
    recent = timedelta(0) <= speaker.published - last.published <= INCIDENT
    here, there = speaker.reading.scope, last.reading.scope or case.series.scope
    if here and there and text.fold(here) != text.fold(there):
        return False
    return recent and weigh.is_total(speaker.reading) and weigh.size(speaker) >= weigh.size(last)


def _is_single(case: Case, speaker: Observation) -> bool:
    """Whether a value of one incident stands against a total of a kind that has no other tolls."""
    old, new = case.series.decided.reading, speaker.reading
    told_in_all = case.diary and case.kind.incidents and not (case.has_tolls or case.kind.daily)
    return told_in_all and weigh.is_total(old) and not weigh.is_total(new)


def _is_next_incident(case: Case, speaker: Observation) -> bool:
    """Whether another incident is told; one value twice is one incident for some days."""
    if not case.kind.incidents or not (case.diary or case.kind.daily):
        return False
    if weigh.is_total(speaker.reading) and not (case.has_tolls or case.kind.daily):
        return False
    old, new = case.series.decided, speaker
    if new.published - old.published > INCIDENT:
        return True
    if stated(old.reading).gap(stated(new.reading)) == 1:
        return False
    return not (case.goes_on and weigh.size(new) > weigh.size(old))


def _next_incident(series: Series, speaker: Observation) -> Ruling:
    new = replace(
        series,
        scope=speaker.reading.scope,
        decided=speaker,
        previous=None,
        held=None,
        doubts=(),
        voices=(speaker.voice,),
        tracks=(),
        disputed=False,
    )
    return silent(new, speaker, f"another incident than {value_of(series.decided.reading)}")


def _is_mixed(case: Case, speaker: Observation) -> bool:
    """Whether an article gives several shares or prices that may each be of something else."""
    if case.kind.people or not case.kind.falls or weigh.is_moving(speaker.reading):
        return False
    rest = [o for o in case.told if o.reading.headline == speaker.reading.headline]
    return any(parties.excludes(o, speaker) for o in rest)


def _rise(case: Case, speaker: Observation) -> Ruling:
    series, old, new = case.series, case.series.decided.reading, speaker.reading
    if idle := _no_rise(case, speaker):
        return silent(series, speaker, idle)
    if _refines(case.kind, old, new):
        finer = replace(series, decided=speaker, voices=(speaker.voice,))
        kept = series if old.qualifier is Qualifier.VAGUE else finer
        return silent(kept, speaker, f"{value_of(old)} may well have been {value_of(new)}")
    own_count = case.kind.rivals or parties.is_partisan(new.claimant)
    disputed_count = rivals(series, speaker) or is_quarrel(series, speaker)
    if own_count and disputed_count and not weigh.is_moving(new):
        return silent(series, speaker, "another claimant's estimate")
    if not case.goes_on and _waits(series, speaker):
        return silent(replace(series, held=speaker), speaker, "a leap: waits for a second voice")
    return changed(case, speaker, f"above the {value_of(old)} known so far")


def _is_wavering(old: Reading, new: Reading) -> bool:
    """Whether a state of people is only estimated a little higher."""
    hedged = new.qualifier in {Qualifier.ABOUT, Qualifier.NEARLY}
    return hedged and not weigh.is_moving(new) and old.low >= WAVER * new.low


def _no_rise(case: Case, speaker: Observation) -> str:  # noqa: PLR0911  # a list of rules
    """Why a higher value says nothing of the whole, or ""."""
    old, new = case.series.decided.reading, speaker.reading
    vague = new.qualifier is Qualifier.VAGUE
    if vague and old.qualifier is not Qualifier.VAGUE:
        return (
            ""
            if stated(new).low >= LARGER * stated(old).high
            else "a size in words against a number"
        )
    if case.loose and not is_spoken(case.series, new):
        return "in passing: no headline, no word of a change"
    if not (new.headline or weigh.is_moving(new)) and _is_told_again(case, speaker):
        return f"told beside {value_of(old)}: another count"
    if not new.headline and _is_of_another_place(case, new):
        return f"of another place: {new.scope}"
    if case.kind.falls and case.kind.people and _is_wavering(old, new):
        return f"hardly above the {value_of(old)} known so far"
    if case.kind.incidents and _is_diary(case, new) and not (case.goes_on or _is_whole(old, new)):
        return "one incident of a long event: no word of a total"
    return ""


def _is_told_again(case: Case, speaker: Observation) -> bool:
    """Whether the article goes on telling a value that was decided, beside a higher one."""
    decided = (case.series.decided, case.series.previous)
    known = [stated(each.reading) for each in decided if each is not None]
    return any(stated(o.reading) in known for o in case.told if o is not speaker)


def _is_of_another_place(case: Case, new: Reading) -> bool:
    """Whether a value says nothing of the place whose value was told last."""
    old = case.series.decided.reading
    if new.start in case.elsewhere and Counting.INCIDENT in {old.counting, new.counting}:
        return True
    here, there = (set(text.words(text.fold(each.scope))) for each in (new, old))
    return bool(here and there) and not here & there


def _is_whole(old: Reading, new: Reading) -> bool:
    """Whether the value is a total: by its words, its place, or since it follows a total."""
    if weigh.is_total(new):
        return True
    named = weigh.is_total(old) and bool(parties.party(new.claimant))
    return new.counting is not Counting.INCIDENT and (new.headline or named)


def _is_diary(case: Case, new: Reading) -> bool:
    series = case.series
    if series.running:
        # Above a total of things stands the next one; of people it may be another's.
        return case.kind.tolls or new.counting is Counting.INCIDENT
    if series.below > 1 and series.below >= DIARY * series.articles:
        return True
    return case.long and new.counting is Counting.INCIDENT


def _refines(kind: RoleKind, old: Reading, new: Reading) -> bool:
    """Whether "more than X" and a value just above X, from somebody else, are one estimate."""
    return (
        kind.rivals
        and old.qualifier in {Qualifier.MORE_THAN, Qualifier.AT_LEAST, Qualifier.VAGUE}
        and not weigh.is_moving(new)
        and not parties.same_party(old.claimant, new.claimant)
        and stated(new).low <= REFINED * stated(old).high
    )


def _waits(series: Series, speaker: Observation) -> bool:
    """Whether a leap needs a second voice, all the more when nobody vouches for it.

    The first dead of a disaster are few: a total below a hundred soon leaps over them.
    """
    old, new = series.decided.reading, speaker.reading
    if weigh.is_moving(new) or new.headline or new.kind is Kind.PERCENT:
        return False
    if weigh.is_total(new) and new.high < HUNDRED:
        return False
    if speaker.published - series.decided.published > INCIDENT and not weigh.is_weak(new):
        return False  # it had the time to grow
    leap = stated(new).low / max(stated(old).high, Decimal(1))
    if leap < (STRIDE if kind_of(series.role).incidents and weigh.is_weak(new) else LEAP):
        return False
    held = series.held
    if held is None or held.voice == speaker.voice:
        return True
    return parties.excludes(held, speaker) and weigh.size(speaker) < weigh.size(held)


def _fall(case: Case, speaker: Observation) -> Ruling:  # noqa: PLR0911  # a list of rules
    series, old, new = case.series, case.series.decided.reading, speaker.reading
    if _is_withdrawn(case, speaker):
        return corrected(case, speaker, f"the article no longer says {value_of(old)}")
    if new.revised and not is_open(new):
        return corrected(case, speaker, f"{value_of(new)} is a revision of {value_of(old)}")
    falls = case.kind.falls or (case.kind.ebbs and weigh.is_moving(new))
    if is_open(new) or (new.counting is Counting.INCIDENT and not falls):
        return _lower(series, speaker, f"says nothing against {value_of(old)}")
    if speaker.reading.start in case.elsewhere:
        return _lower(series, speaker, f"a part: {new.scope}")
    if case.before is not None and stated(case.before.reading).high < stated(new).low:
        return _lower(series, speaker, f"rose from {value_of(case.before.reading)}: another figure")
    if _is_outlier(case, speaker):
        return corrected(case, speaker, f"nobody repeated {value_of(old)}")
    if rivals(series, speaker):
        return _lower(series, speaker, "another claimant's lower value")
    ratio = stated(new).high / stated(old).low
    if _is_passing_by(case, new):
        return _lower(series, speaker, "in passing: no headline, no word of a change")
    if falls and case.kind.people and case.before is None and _is_estimated(new):
        return _lower(series, speaker, "an estimate in passing")
    if falls and _has_fallen(old, new, ratio):
        return changed(case, speaker, f"below the {value_of(old)} known so far")
    if PART <= ratio < 1 and not case.kind.falls and _takes_back(series.decided, speaker):
        who = new.claimant or speaker.outlet
        return corrected(case, speaker, f"{who} takes {value_of(old)} back")
    return _doubted(case, speaker)


def _is_passing_by(case: Case, new: Reading) -> bool:
    """Whether fewer are told of than before, with no word for it: "five rescuers are below"."""
    if not (case.kind.placed and case.kind.people):
        return case.loose and not is_spoken(case.series, new)
    return not (weigh.is_moving(new) or (weigh.strength(new) and not case.loose))


def _is_estimated(new: Reading) -> bool:
    return new.qualifier in {Qualifier.ABOUT, Qualifier.NEARLY} and not weigh.strength(new)


def _has_fallen(old: Reading, new: Reading, ratio: Decimal) -> bool:
    """Whether a state is far enough below; people and points counted down are, by each one."""
    if weigh.is_moving(new):
        exact = {old.qualifier, new.qualifier} == {Qualifier.EXACT}
        counted = old.kind is Kind.PERCENT or (old.kind is Kind.COUNT and old.high < HUNDRED)
        return ratio < FALL or (exact and counted)
    return COLLAPSE <= ratio < FALL


def _is_withdrawn(case: Case, speaker: Observation) -> bool:
    """Whether the decided value stood in this article alone, and its new version has it no more."""
    decided = case.series.decided
    return (
        case.withdrawn is not None
        and decided.document == speaker.document
        and (decided.reading.low, decided.reading.high) in case.withdrawn
        and set(case.series.voices) <= {speaker.voice}
    )


def _takes_back(old: Observation, new: Observation) -> bool:
    """Whether one claimant lowers his own number; where none is named that is the outlet itself.

    Elsewhere than in a headline another outlet more likely repeats what he said before.
    """
    if not old.reading.claimant and not new.reading.claimant:
        return old.voice == new.voice
    said = parties.same_party(old.reading.claimant, new.reading.claimant)
    return said and (old.voice == new.voice or weigh.strength(new.reading) > 0)


def _is_outlier(case: Case, speaker: Observation) -> bool:
    """Whether the decided value was one article's, and this one still rises over what was before.

    A wrong peak would silence a running total for good.
    """
    series = case.series
    if case.kind.falls or series.previous is None:
        return False
    if len(series.voices) > 1 or speaker.voice in series.voices:
        return False
    peak, before = series.decided.reading, series.previous.reading
    new = speaker.reading
    return (
        stated(peak).low >= PEAK * stated(new).high
        and stated(new).low > stated(before).high
        and is_step(before, new)
        and weigh.strength(new) >= weigh.strength(peak)
    )


def _doubted(case: Case, speaker: Observation) -> Ruling:
    """A far lower value: the second voice for it shows that the first value was another figure."""
    series, old, new = case.series, case.series.decided.reading, speaker.reading
    reason = f"lower than {value_of(old)} without a word of correction"
    far = stated(old).low >= DOUBT * stated(new).high
    if not far or case.kind.falls or len(series.voices) > 1 or weigh.is_total(old):
        return _lower(series, speaker, reason)
    first = next((d for d in series.doubts if d.voice != speaker.voice), None)
    if first is None or speaker.voice in series.voices:
        return _lower(replace(series, doubts=(speaker,)), speaker, reason)
    rebased = replace(series, decided=first, previous=None, voices=(first.voice,), doubts=())
    return _rule(replace(case, series=rebased), speaker)


def _lower(series: Series, speaker: Observation, reason: str) -> Ruling:
    far = stated(speaker.reading).high * DOUBT <= stated(series.decided.reading).low
    return silent(replace(series, below=series.below + far), speaker, reason)


def _agree(series: Series, speaker: Observation) -> Ruling:
    """The same value in other words: one more voice, and the finer words are kept."""
    old, new = series.decided.reading, speaker.reading
    voices = series.voices if speaker.voice in series.voices else (*series.voices, speaker.voice)
    if is_hedged(old) and not is_open(new) and weigh.reading_grain(new) < weigh.reading_grain(old):
        finer = replace(series, decided=speaker, voices=voices)
        return silent(finer, speaker, f"{value_of(new)} is {value_of(old)} in finer words")
    return silent(replace(series, voices=voices), speaker, f"agrees with {value_of(old)}")


# -- one series of which parties disagree ---------------------------------------------------------


def _in_dispute(case: Case, speaker: Observation) -> Ruling:
    """Each side changes only against itself; who is no side is heard when above all of them.

    Or when it moves: it goes on with the highest count below that is no quarreller's own.
    """
    for told in weigh.by_claimant(case.told):
        track = parties.track_of(case.series.tracks, told.reading.claimant)
        ruling = track and _against_itself(case, track, told)
        if ruling:
            return ruling
    if parties.track_of(case.series.tracks, speaker.reading.claimant) is not None:
        return silent(case.series, speaker, "one side of a disagreement")
    sides = sorted(case.series.tracks, key=lambda track: weigh.size(track.latest))
    if not sides or stated(speaker.reading).low > weigh.size(sides[-1].latest):
        return _overtaken(case, _rule(case, speaker))
    below = [t for t in sides if weigh.size(t.latest) < stated(speaker.reading).low]
    below = [t for t in below if not parties.is_partisan(t.claimant)]
    if below and weigh.is_moving(speaker.reading):
        ruling = _against_itself(case, below[-1], speaker)
        if ruling:
            return ruling
    return silent(case.series, speaker, "within a disagreement")


def _against_itself(case: Case, side: Track, told: Observation) -> Ruling | None:
    """The change of one side's own value; None for none."""
    own = replace(case.series, decided=side.decided, previous=None, voices=(), doubts=(), tracks=())
    ruling = _rule(replace(case, series=own), told)
    if ruling.change is None:
        return None
    decided = case.series.decided
    follows = weigh.size(told) >= weigh.size(decided) or parties.same_party(
        decided.reading.claimant, told.reading.claimant
    )
    return replace(ruling, series=replace(case.series, decided=told if follows else decided))


def _overtaken(case: Case, ruling: Ruling) -> Ruling:
    """A toll told above all sides settles what they disputed; an estimate is one more of them."""
    if ruling.change is None or case.kind.rivals:
        return ruling
    return replace(ruling, series=replace(ruling.series, disputed=False, tracks=()))


# -- keeping --------------------------------------------------------------------------------------


def _counted(case: Case, speaker: Observation) -> Case:
    series = case.series
    return replace(case, series=replace(series, latest=speaker, articles=series.articles + 1))


def _settle(case: Case, ruling: Ruling) -> Ruling:
    """Write the claims down; a disagreement ends when all that are remembered overlap."""
    series = ruling.series
    for told in weigh.by_claimant(case.told):
        if not is_one_of_many(told):
            moves = not case.series.disputed or (
                ruling.change is not None and told is ruling.speaker
            )
            tracks = parties.remember(series.tracks, told, decided=moves)
            series = replace(series, tracks=tracks)
    if series.disputed and parties.settled(series.tracks, ruling.speaker):
        series = replace(series, disputed=False)
    return replace(ruling, series=series)
