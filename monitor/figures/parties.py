"""Who says a figure: which names mean the same party, and which of them disagree."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from monitor import text
from monitor.figures.convert import claimed
from monitor.model import Observation, Track

DISPUTE = Decimal("1.25")  # so many times apart, two claims exclude each other
STALE = timedelta(hours=24)  # an older claim has no say against a new one
MEMORY = timedelta(days=7)  # a side of a dispute that is silent so long has left it
TRACKS_LIMIT = 12

# Nobody in particular: such words carry a figure, but no side of a disagreement.
_NOBODY = frozenset(
    """
    official officials authority authorities source sources resident residents witness witnesses
    report reports reporter reporters media news agency agencies spokesman spokeswoman spokesperson
    statement statements local state national expert experts analyst analysts
    they he she it we people medics rescuers emergency services the a an of for and its their his
    her that to in on at by from data figures estimates early preliminary latest initial
    number numbers toll count figure tally estimate total
    """.split()
)
# But before another such word they tell a side: "the official toll", "state media".
_SIDES = frozenset({"official", "state"})
# Who takes part in a quarrel counts for himself: his number is no other's that grew.
_PARTISANS = frozenset(
    """
    union unions organiser organisers organizer organizers opposition activist activists
    campaigner campaigners rebel rebels insurgent insurgents militant militants hacker hackers
    parent parents parents' family families relatives rights protesters strikers employees
    """.split()
)


def party(claimant: str) -> frozenset[str]:
    """What a claimant's name comes down to; empty when it names nobody in particular."""
    words = text.words(text.fold(claimant))
    named = frozenset(w[:5] for w in words if w not in _NOBODY and len(w) > 1)
    side = not named and len(words) > 1 and words[0] in _SIDES
    return frozenset(words[:1]) if side else named


def is_partisan(claimant: str) -> bool:
    """Whether a claimant is one side of a quarrel: a union, organisers, a rights group."""
    return any(word in _PARTISANS for word in text.words(text.fold(claimant)))


def same_party(first: str, second: str) -> bool:
    """Whether two names may mean one party: "Blinken" and "Secretary of State Antony Blinken"."""
    one, other = party(first), party(second)
    if not one or not other:
        return False
    return (
        one <= other or other <= one or _abbreviates(first, second) or _abbreviates(second, first)
    )


def _abbreviates(short: str, long: str) -> bool:
    """Whether one name is made of the other's initials: NIS, National Intelligence Service."""
    initials = "".join(word[0] for word in text.words(long) if word[:1].isupper())
    return any(len(w) > 1 and w.isupper() and initials.endswith(w) for w in text.words(short))


def track_of(tracks: Sequence[Track], claimant: str) -> Track | None:
    exact = next((t for t in tracks if t.claimant == claimant), None)
    return exact or next((t for t in tracks if same_party(t.claimant, claimant)), None)


def rivals(
    tracks: Sequence[Track], told: Observation, *, decided: Observation | None
) -> tuple[Observation, ...]:
    """The latest claims of other parties that exclude what is `told`, newest first.

    A claim from before the figure was last `decided` is overtaken.
    """
    reading = told.reading
    if not party(reading.claimant):
        return ()
    sides = [
        track.latest
        for track in tracks
        if not same_party(track.claimant, reading.claimant)
        and abs(told.published - track.latest.published) < STALE
        and (
            decided is None or track.latest == decided or track.latest.published > decided.published
        )
        and excludes(track.latest, told)
    ]
    return tuple(sorted(sides, key=lambda o: o.published, reverse=True))


def excludes(one: Observation, other: Observation) -> bool:
    return claimed(one.reading).gap(claimed(other.reading)) > DISPUTE


def settled(tracks: Sequence[Track], told: Observation) -> bool:
    """Whether all claims that are still in memory can be true together."""
    claims = [claimed(t.latest.reading) for t in tracks if _remembered(t, told)]
    return all(a.gap(b) == 1 for i, a in enumerate(claims) for b in claims[i + 1 :])


def _remembered(track: Track, told: Observation) -> bool:
    return told.published - track.latest.published <= MEMORY


def remember(tracks: Sequence[Track], told: Observation, *, decided: bool) -> tuple[Track, ...]:
    """The tracks after one claim; `decided`: later claims are compared with this one."""
    claimant = told.reading.claimant
    if not party(claimant):
        return tuple(tracks)
    known = track_of(tracks, claimant)
    if known is None:
        added = Track(claimant=claimant, decided=told, latest=told)
        kept = [t for t in tracks if _remembered(t, told)]
        return (*kept[-TRACKS_LIMIT + 1 :], added)
    if told.published < known.latest.published:
        return tuple(tracks)
    moved = replace(known, latest=told, decided=told if decided else known.decided)
    return tuple(moved if t is known else t for t in tracks)
