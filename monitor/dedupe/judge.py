"""The verdict on a new text beside the earlier ones that may share it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

import numpy as np
import numpy.typing as npt

from monitor import text
from monitor.dedupe.compare import Pair, align, changed_figures, restates
from monitor.dedupe.numerals import FIGURE, ONE
from monitor.dedupe.prepare import Prepared, Sentence, prepare
from monitor.dedupe.sketch import Hashes, in_order, shingle_hashes, shingles_of
from monitor.dedupe.substitutions import substitutions
from monitor.model import (
    Candidate,
    Document,
    Extends,
    FigureDifference,
    Original,
    Same,
    Signature,
    Update,
    Verdict,
)

CONTAINED = 0.5  # share of a text's shingles that makes it a copy
REWORDED_CONTAINED = 0.25  # is enough when whole sentences are shared all over the text …
RUN = 8  # shingles
SCATTERED = 0.1  # share of known shingles in each half of both texts
UNION_CONTAINED = 0.6  # of a text stitched from several articles of one event
UNION_PART = 0.15  # least share that one of these contributes
SHINGLES_SHARED = 20  # fewer prove nothing …
TINY_SHARED = 0.9  # … but for nearly all of a tiny text
SHORTEST = 8  # words: below, not even equality says anything
SHORT = 40  # words: below, all sentences must be known …
BRIEF = 15  # words: … and below that only equality counts
BRIEF_CONTAINED = 0.6
BRIEF_LIKENESS = 0.8
BRIEF_OWN = 0.2  # of its words: a sentence cut short
SHORT_UNSPACED = 80  # characters
FAMILY = 8  # members of a family whose figures are compared

WHOLE = 0.9  # of the old text that a longer version keeps
FRESH_WORDS = 30  # and adds, with a figure among them
FRESH_SENTENCE = 0.5  # of its shingles known: below, a sentence is fresh

NEXT_ISSUE = timedelta(hours=20)  # a daily report; a story is re-sent sooner
LATER_ISSUE = timedelta(days=3)  # nobody corrects a story that late and rewords it
CHANGED = 0.4  # share of the figures that a new issue of a series changes
FILLED = 3  # figures put into a form together with a name
STRONG = 0.6  # containment above which it does not matter where the shared words stand
UNKNOWN = 0.1  # share of known shingles in the first quarter that is as good as none
CUT = 0.85  # share of shingles that one cut sorts into own and shared
VERBATIM = 0.95  # containment above which it is no other text of the same mould
REWORDED = 0.8  # containment below which it is not the same text with a figure corrected

PASSAGE = 200  # characters

_QUOTATION = re.compile(r"[“„][^“”„]{1,900}[”“]|\"[^\"]{1,900}\"|«[^«»]{1,900}»|「[^「」]{1,900}」")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    candidate: Candidate
    shingles: Hashes
    shared: int
    of_new: float
    of_old: float


def judge(new: Prepared, signature: Signature, candidates: Sequence[Candidate]) -> Verdict:
    """Tell a copy, an update, a longer version and a new text apart.

    `new` without its outlet's furniture, `signature` made of it. The candidates' order does not
    matter; signatures of another version are passed over. For a text stitched from several
    articles of one event `of_new` is the share that all of them have together.
    """
    candidates = [
        c
        for c in candidates
        if c.signature.version == signature.version and c.document.id != new.document.id
    ]
    if _too_short(new):
        return _judge_short(new, signature, candidates)
    matches = _matches(signature, candidates)
    if not matches:
        return Original()
    note = ""
    # one at a time: the first decides as a rule, and the others are compared when figures differ
    linked = islice((m for m in matches[: 4 * FAMILY] if _linked(new, m)), 2 * FAMILY)
    for match in linked:
        old = prepare(match.candidate.document)
        pairs = align(old, new)
        guard = _guard(old, new, match, pairs)
        if not guard:
            return _verdict(new, match, pairs, islice(linked, FAMILY - 1))
        note = note or guard
    if not note:
        stitched = _stitched(new, signature, matches)
        if stitched is not None:
            return stitched
    nearest = matches[0]
    return Original(
        nearest=nearest.candidate.document.id,
        of_new=nearest.of_new,
        of_old=nearest.of_old,
        note=note,
    )


# -- short texts ----------------------------------------------------------------------------------


def _too_short(new: Prepared) -> bool:
    return len(new.words) < (SHORT_UNSPACED if new.unspaced else SHORT)


def _judge_short(new: Prepared, signature: Signature, candidates: Sequence[Candidate]) -> Verdict:
    """Equal, or sentence by sentence from one earlier text: a few words prove no more."""
    candidates = [c for c in candidates if not _stopgap(c.document, new.document)]
    equal = sorted((c for c in candidates if c.signature.exact == signature.exact), key=_seniority)
    if equal and len(new.tokens) >= SHORTEST:
        return Same(
            of=equal[0].document.id,
            of_new=1.0,
            of_old=1.0,
            passage=text.one_line(new.document.text, PASSAGE),
        )
    if not new.unspaced and len(new.tokens) >= BRIEF:
        matches = _matches(signature, candidates, tiny=BRIEF_CONTAINED)
        for i, match in enumerate(matches):
            old = prepare(match.candidate.document)
            pairs = align(old, new)
            if _is_brief_of(old, new, match, pairs):
                return _verdict(new, match, pairs, matches[i + 1 : i + FAMILY])
    return Original(note="too short to compare")


def _is_brief_of(old: Prepared, new: Prepared, match: _Match, pairs: list[Pair]) -> bool:
    """Whether it is taken from the beginning of the old text, at most with a figure changed."""
    known = {s.hash for s in old.sentences}
    restated = {p.new.place for p in pairs if p.likeness >= BRIEF_LIKENESS}
    own = [
        token
        for i, s in enumerate(new.kept)
        if s.hash not in known and i not in restated
        for token in new.tokens[s.first : s.last]
    ]
    upper, lower = np.array_split(_known(old, shingle_hashes(new)), 2)
    seen = substitutions(old, new, pairs)
    return (
        match.of_new >= BRIEF_CONTAINED
        and (match.of_new >= TINY_SHARED or len(own) <= BRIEF_OWN * len(new.words))
        and all(t in old.tokens for t in own if t[0] == FIGURE)
        and upper.sum() > lower.sum()
        and not (seen.periods or seen.names)
        and 2 * seen.changed <= max(2, seen.figures)
        and not _guard(old, new, match, pairs)
    )


def _stopgap(old: Document, new: Document) -> bool:
    """An outlet's own few words under another title: "Read the full story with a subscription"."""
    return old.outlet == new.outlet and text.fold(old.title) != text.fold(new.title)


# -- how much is shared ---------------------------------------------------------------------------


def _matches(
    signature: Signature, candidates: Iterable[Candidate], *, tiny: float = TINY_SHARED
) -> list[_Match]:
    """What shares enough shingles with the new text, the best first."""
    mine = shingles_of(signature)
    found = []
    for candidate in candidates:
        theirs = shingles_of(candidate.signature)
        shared = _shared(mine, theirs)
        if shared and shared >= min(SHINGLES_SHARED, tiny * min(mine.size, theirs.size)):
            found.append(
                _Match(
                    candidate=candidate,
                    shingles=theirs,
                    shared=shared,
                    of_new=shared / mine.size,
                    of_old=shared / theirs.size,
                )
            )
    found.sort(key=lambda m: (m.of_new < CONTAINED, -m.of_new, *_seniority(m.candidate)))
    return found


def _shared(mine: Hashes, theirs: Hashes) -> int:
    """How many shingles both have: numpy's own intersection takes as long again to prepare."""
    both = np.concatenate((mine, theirs))
    both.sort()
    return int(np.count_nonzero(both[1:] == both[:-1]))


def _linked(new: Prepared, match: _Match) -> bool:
    """Whether enough is shared: half of either text, or whole sentences all over a reworded one."""
    if match.of_new >= CONTAINED or match.of_old >= CONTAINED:
        return True
    if match.of_new < REWORDED_CONTAINED:
        return False
    known = _known(new, match.shingles)
    if not _is_scattered(known):
        return False
    own = _in_runs(known) & ~_quoted(new)[: known.size]
    return _share(own) >= REWORDED_CONTAINED and _is_scattered(
        _known(prepare(match.candidate.document), shingle_hashes(new))
    )


def _is_scattered(known: npt.NDArray[np.bool_]) -> bool:
    middle = (known.size + 1) // 2
    return _share(known[:middle]) >= SCATTERED and _share(known[middle:]) >= SCATTERED


def _share(known: npt.NDArray[np.bool_]) -> float:
    return int(np.count_nonzero(known)) / max(1, known.size)


def _in_runs(known: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The known shingles that stand in runs long enough to be a sentence."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], known, [False])).astype(np.int8)))
    lengths = np.diff(edges, prepend=0, append=known.size)
    return np.repeat(np.arange(lengths.size) % 2 * lengths >= RUN, lengths)


@text.remembered(1)
def _quoted(new: Prepared) -> npt.NDArray[np.bool_]:
    """For each kept word, whether it is somebody's words: two reporters may cite them."""
    quotes = [m.span() for m in _QUOTATION.finditer(new.document.text)]
    every = np.asarray(new.spans.starts)
    starts = np.concatenate([every[:0], *(every[s.first : s.last] for s in new.kept)])
    edges = np.array(quotes, dtype=np.intp).reshape(-1)
    inside: npt.NDArray[np.bool_] = np.searchsorted(edges, starts, side="right") % 2 == 1
    return inside


def _seniority(candidate: Candidate) -> tuple[bool, float, str]:
    """Originals before copies, then the older first."""
    published = candidate.document.published.timestamp()
    return candidate.original is not None, published, candidate.document.id


# -- the verdict on one match ---------------------------------------------------------------------


def _guard(old: Prepared, new: Prepared, match: _Match, pairs: list[Pair]) -> str:
    """Why a likely match is another text of the same mould, or ""."""
    share = max(match.of_new, match.of_old)
    if share < STRONG and _only_tails(old, new, match):
        return "only the ends are shared"
    gap = abs(new.document.published - old.document.published)
    if not pairs or (share >= VERBATIM and gap < NEXT_ISSUE):
        return ""
    seen = substitutions(old, new, pairs)
    reworded = share < REWORDED
    many = seen.changed and seen.changed >= CHANGED * seen.figures
    if (
        seen.lead_names
        and (
            (reworded and seen.changed + seen.names + seen.periods > 1)
            or (share < VERBATIM and seen.changed and seen.names > 1)
        )
    ) or (many and seen.changed >= FILLED and seen.lead_names + seen.openings):
        return "same mould, another subject"
    if (
        (seen.periods and many and gap >= NEXT_ISSUE)
        or (seen.periods > 1 and many and reworded)
        or (seen.periods > 1 and seen.changed and gap >= NEXT_ISSUE and reworded)
        or (gap >= LATER_ISSUE and seen.changed and (many or reworded))
    ):
        return "another report of a series"
    return ""


def _only_tails(old: Prepared, new: Prepared, match: _Match) -> bool:
    """Whether one cut parts what each text has of its own from what both have below it."""
    return _is_tail(_known(new, match.shingles)) and _is_tail(_known(old, shingle_hashes(new)))


def _is_tail(known: npt.NDArray[np.bool_]) -> bool:
    quarter = max(1, known.size // 4)
    if known[:quarter].mean() >= UNKNOWN:
        return False
    cut = np.concatenate(([known.sum()], known.sum() + np.cumsum(1 - 2 * known.astype(np.int64))))
    return bool(cut[quarter:].max() >= CUT * known.size)


def _verdict(
    new: Prepared, match: _Match, pairs: Sequence[Pair], family: Iterable[_Match]
) -> Verdict:
    passage = _passage(new, match.shingles)
    figures, same_as = _changed_figures(pairs, match, family)
    if figures:
        return Update(
            of=match.candidate.document.id,
            of_new=match.of_new,
            of_old=match.of_old,
            passage=passage,
            figures=figures,
        )
    fresh = _fresh(new, same_as.shingles)
    if match.of_new < CONTAINED or _adds(new, same_as, fresh) or _opens(new, same_as, fresh):
        return Extends(
            of=same_as.candidate.document.id,
            of_new=same_as.of_new,
            of_old=same_as.of_old,
            passage=passage,
            fresh=tuple((s.start, s.end) for s in fresh),
        )
    return Same(
        of=same_as.candidate.document.id,
        of_new=same_as.of_new,
        of_old=same_as.of_old,
        passage=passage,
    )


def _changed_figures(
    pairs: Sequence[Pair], match: _Match, family: Iterable[_Match]
) -> tuple[tuple[FigureDifference, ...], _Match]:
    """Figures that no earlier text of the family states, or the match that states them all.

    A second outlet that carries a changed figure brings no change: that text is a copy.
    """
    open_ = changed_figures(pairs)
    if not open_:
        return (), match
    for other in family:
        known = prepare(other.candidate.document)
        open_ = [(sentence, d) for sentence, d in open_ if not restates(known, sentence)]
        if not open_:
            return (), other if other.of_new >= CONTAINED else match
    return tuple(d for _, d in open_), match


def _adds(new: Prepared, match: _Match, fresh: Sequence[Sentence]) -> bool:
    """Whether a longer version of a story brings figures in sentences of its own."""
    if match.of_old < WHOLE:
        return False
    words = sum(s.last - s.first for s in fresh)
    return words >= FRESH_WORDS and any(
        t[0] == FIGURE and t != ONE for s in fresh for t in new.tokens[s.first : s.last]
    )


def _opens(new: Prepared, match: _Match, fresh: Sequence[Sentence]) -> bool:
    """Whether it begins with a figure that is new, above what an outlet tells each time."""
    if match.of_new >= STRONG or not fresh or fresh[0] != new.kept[0]:
        return False
    known = prepare(match.candidate.document).tokens
    lead = new.tokens[fresh[0].first : fresh[0].last]
    return any(t[0] == FIGURE and t != ONE and t not in known for t in lead)


def _stitched(new: Prepared, signature: Signature, matches: Sequence[_Match]) -> Verdict | None:
    """A text made of several articles of one event, none of which holds enough of it."""
    event = next((m.candidate.event for m in matches if m.candidate.event is not None), None)
    parts = [m for m in matches if m.candidate.event == event and m.of_new >= UNION_PART]
    if event is None or len(parts) < 2:  # noqa: PLR2004 - several
        return None
    union = np.unique(np.concatenate([m.shingles for m in parts]))
    mine = shingles_of(signature)
    of_new = _shared(mine, union) / mine.size
    if of_new < UNION_CONTAINED:
        return None
    first = parts[0]
    passage = _passage(new, first.shingles)
    known = [prepare(m.candidate.document) for m in parts[:FAMILY]]
    figures = tuple(
        d
        for old in known
        for sentence, d in changed_figures(align(old, new))
        if not any(restates(k, sentence) for k in known)
    )
    if figures:
        return Update(
            of=first.candidate.document.id,
            of_new=of_new,
            of_old=first.of_old,
            passage=passage,
            figures=figures,
        )
    return Same(of=first.candidate.document.id, of_new=of_new, of_old=first.of_old, passage=passage)


# -- what `why` shows -----------------------------------------------------------------------------


def _known(new: Prepared, old: Hashes) -> npt.NDArray[np.bool_]:
    """For each shingle of the new text, in order, whether the old one has it."""
    line = in_order(new)
    found: npt.NDArray[np.bool_] = old.take(old.searchsorted(line), mode="clip") == line
    return found


def _fresh(new: Prepared, old: Hashes) -> list[Sentence]:
    """The sentences of which the old text has less than half; too short ones follow the last."""
    known = _known(new, old)
    size = len(new.words) - known.size + 1
    fresh = []
    at, is_fresh = 0, False
    for sentence in new.kept:
        length = sentence.last - sentence.first
        if length >= size:
            is_fresh = bool(known[at : at + length - size + 1].mean() < FRESH_SENTENCE)
        if is_fresh:
            fresh.append(sentence)
        at += length
    return fresh


def _passage(new: Prepared, old: Hashes) -> str:
    """The longest run of words that both texts have, cut from the new one."""
    known = np.concatenate(([False], _known(new, old), [False])).astype(np.int8)
    size = len(new.words) - known.size + 3
    edges = np.flatnonzero(np.diff(known))
    if not edges.size:
        return ""
    starts, ends = edges[::2], edges[1::2]
    longest = int(np.argmax(ends - starts))
    first, last = int(starts[longest]), int(ends[longest]) + size - 2
    start, end = (new.spans[new.place_of(word)] for word in (first, last))
    return text.one_line(new.document.text[start[0] : end[1]], PASSAGE)
