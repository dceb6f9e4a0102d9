"""A verdict and a placement in plain values: what the log, `why` and a replay show."""

from collections.abc import Mapping, Sequence

from monitor.model import (
    Extends,
    Inherited,
    Joined,
    Opened,
    Original,
    Placement,
    Same,
    Update,
    Verdict,
)
from monitor.text import one_line

FURNITURE_SHOWN = 120  # characters of a sentence


def why(verdict: Verdict, placement: Placement, furniture: Sequence[str] = ()) -> dict[str, object]:
    """Give the reasons for what a document is and where it stands, as JSON takes them.

    `furniture`: what was left out of the comparison, since it stands under many articles.
    """
    reasons: dict[str, object] = {
        "verdict": verdict_reason(verdict),
        "placement": placement_reason(placement),
    }
    if furniture:
        reasons["furniture"] = [one_line(each, FURNITURE_SHOWN) for each in furniture]
    return reasons


def verdict_reason(verdict: Verdict) -> Mapping[str, object]:
    """Say in plain values why a document is what it is."""
    match verdict:
        case Original():
            return {
                "nearest": verdict.nearest,
                "of_new": round(verdict.of_new, 3),
                "of_old": round(verdict.of_old, 3),
                "note": verdict.note,
            }
        case Same() | Update() | Extends():
            reason: dict[str, object] = {
                "of": verdict.of,
                "of_new": round(verdict.of_new, 3),
                "of_old": round(verdict.of_old, 3),
                "passage": verdict.passage,
            }
            if isinstance(verdict, Update):
                reason["figures"] = [
                    {
                        "gone": list(f.gone),
                        "fresh": list(f.fresh),
                        "sentence": f.new_sentence,
                        "was": f.old_sentence,
                    }
                    for f in verdict.figures
                ]
            return reason


def placement_reason(placement: Placement) -> Mapping[str, object]:
    """Say in plain values why a document stands in its event."""
    match placement:
        case Opened():
            return {
                "placed": "opened",
                "runner_up": placement.runner_up,
                "score": round(placement.score, 3),
                "follows": placement.follows,
            }
        case Joined():
            return {
                "placed": "joined",
                "score": round(placement.score, 3),
                "shared": {each.word: round(each.weight, 3) for each in placement.shared},
                "features": {name: round(x, 3) for name, x in placement.features.items()},
                "runner_up": placement.runner_up,
                "runner_up_score": round(placement.runner_up_score, 3),
                "merged": list(placement.merged),
            }
        case Inherited():
            return {"placed": "inherited", "because": placement.reason}
