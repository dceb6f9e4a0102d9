"""What a text puts in place of another's words: figures, periods, names."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from monitor.dedupe.compare import Frame, Pair, slots
from monitor.dedupe.numerals import DATE, FIGURE, PERIODS
from monitor.dedupe.prepare import Prepared

REWORDED = 6  # words: a longer replacement is another sentence, no substitution


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitutions:
    """What was put in place of what, over all paired sentences."""

    figures: int = 0  # slots in all
    changed: int = 0
    periods: int = 0  # another month, weekday, date
    names: int = 0  # different names that the other text has nowhere
    lead_names: int = 0  # of these, in the first sentences
    openings: int = 0  # and words that may be names, or only begin one of these sentences


def substitutions(old: Prepared, new: Prepared, pairs: list[Pair]) -> Substitutions:
    """Count the substitutions, beside all figures of the sentences that both texts have."""
    before = {s.hash for s in old.sentences}
    figures = sum(
        t[0] == FIGURE for s in new.kept if s.hash in before for t in new.tokens[s.first : s.last]
    )
    changed = periods = lead_names = openings = 0
    names: set[tuple[str, ...]] = set()
    there, here = set(old.tokens), set(new.tokens)
    for pair in pairs:
        for i, j in slots(pair):
            figures += 1
            changed += pair.old.tokens[i][1:] != pair.new.tokens[j][1:]
        for op, i1, i2, j1, j2 in _opcodes(pair):
            if op != "replace" or max(i2 - i1, j2 - j1) > REWORDED:
                continue
            if _has_period(pair.old.tokens[i1:i2]) and _has_period(pair.new.tokens[j1:j2]):
                periods += 1
            elif _renamed(_names(pair.old, i1, i2, here), _names(pair.new, j1, j2, there)):
                lead = pair.new.place < 2  # noqa: PLR2004 - the first two
                if _names(pair.old, max(1, i1), i2, here) or _names(
                    pair.new, max(1, j1), j2, there
                ):
                    names.add(pair.new.tokens[j1:j2])
                    lead_names += lead
                else:
                    openings += lead
    return Substitutions(
        figures=figures,
        changed=changed,
        periods=periods,
        names=len(names),
        lead_names=lead_names,
        openings=openings,
    )


def _opcodes(pair: Pair) -> Sequence[tuple[str, int, int, int, int]]:
    """Edits on the words, figures masked but dates as they are."""
    old = [FIGURE if t[0] == FIGURE else t for t in pair.old.tokens]
    new = [FIGURE if t[0] == FIGURE else t for t in pair.new.tokens]
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def _has_period(tokens: tuple[str, ...]) -> bool:
    return any(t in PERIODS or t[0] == DATE for t in tokens)


def _names(frame: Frame, start: int, end: int, elsewhere: set[str]) -> list[str]:
    """The capitalised words of a stretch that the other text has nowhere."""
    return [
        frame.tokens[i]
        for i in range(start, end)
        if frame.capital(i) and frame.tokens[i] not in elsewhere
    ]


def _renamed(old: Sequence[str], new: Sequence[str]) -> bool:
    """Another name, not another spelling of it: "Kiev" and "Kyiv" begin alike."""
    return bool(old and new) and {t[0] for t in old}.isdisjoint(t[0] for t in new)
