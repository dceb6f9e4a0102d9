"""Near-duplicates: the same text again, the same text with another figure, a longer version.

The way of a document, with a store that keeps signatures for `CANDIDATES_KEPT`::

    text = prepare(document)
    text = text.without(furniture)      # of text.hashes: see `FURNITURE_ORIGINALS`
    signature = sign(text)
    verdict = judge(text, signature, candidates)

Candidates are the documents of that time that share a band key, one of which stands for the whole
text, or as many anchors as it needs (those in more than `COMMON_ANCHOR` documents are passed over).
"""

from monitor.dedupe.judge import judge
from monitor.dedupe.prepare import Prepared, prepare
from monitor.dedupe.sketch import LONGEST_FURNITURE, VERSION, sign

__all__ = [
    "LONGEST_FURNITURE",
    "VERSION",
    "Prepared",
    "judge",
    "prepare",
    "sign",
]
