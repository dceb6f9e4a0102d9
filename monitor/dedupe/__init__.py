"""Near-duplicates: the same text again, the same text with another figure, a longer version.

The way of a document, with a store that keeps signatures for `CANDIDATES_KEPT`::

    text = prepare(document)
    text = text.without(furniture)      # of text.hashes: see `FURNITURE_ORIGINALS`
    signature = sign(text)
    verdict = judge(text, signature, candidates)

Candidates are the documents of that time that share a band key, one of which stands for the whole
text, or `anchors_needed` anchors (those with more than `ANCHOR_POSTINGS_MAX` documents are passed
over).
"""

from monitor.dedupe.judge import judge
from monitor.dedupe.prepare import Prepared, prepare
from monitor.dedupe.sketch import LONGEST_FURNITURE, VERSION, sign
from monitor.model import Signature

__all__ = [
    "ANCHORS_SHARED_MIN",
    "ANCHOR_POSTINGS_MAX",
    "FURNITURE_ORIGINALS",
    "LONGEST_FURNITURE",
    "VERSION",
    "Prepared",
    "anchors_needed",
    "judge",
    "prepare",
    "sign",
]

ANCHOR_POSTINGS_MAX = 200  # documents: an anchor that more of them have is furniture or a phrase
ANCHORS_SHARED_MIN = 3
# Furniture is a sentence seen in so many families of the archive, whatever the outlet: a document
# counts with its signature's `sentences` under its original's id, a copy under that of the first
# text, so that one syndicated story never makes its own sentences furniture. Consent and
# subscription texts are shared within groups of papers: counting each outlet by itself finds less.
FURNITURE_ORIGINALS = 3


def anchors_needed(signature: Signature) -> int:
    """How many anchors a candidate shares with this signature; half of them for a tiny text."""
    return max(1, min(ANCHORS_SHARED_MIN, -(-len(signature.anchors) // 2)))
