"""Notes: labels and values without a verb, as agencies and posts write them.

"Dead: 12 | Injured: 40", "Containment 35% (+5)", "Seats: Greens 23, Liberals 19".
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from monitor.figures.mention import Mention
from monitor.figures.noise import is_barred
from monitor.figures.nouns import noun
from monitor.figures.packs import Pack
from monitor.figures.tokens import MARK, Line
from monitor.figures.triggers import Found, accepts, by_trigger, takes_count, told
from monitor.model import Kind

_TOPIC = 12  # tokens
_GAP = 2  # tokens between a whole and its first part
_PARTS = frozenset("|:;,•·–—")


def by_label(line: Line, mention: Mention, pack: Pack) -> Found | None:
    """The role of what the label says: "Households without water: 71,000", "houses damaged 230".

    One that ends in a colon names an open role where it says no more: "Shelters: 6".
    """
    label, said = mention.label, _said(line, mention, pack)
    if mention.noun.last > mention.number.last and not mention.classes:
        return None  # "Airport strike: 820 departures axed"
    for at in label:
        phrase = pack.phrases.at(line.words, at)
        inside = phrase is not None and at + phrase[0] <= label.stop
        role = told(pack, phrase[1], said) if phrase is not None and inside else ""
        if role:
            return Found(role, at, 0)
    limits = pack.connectors.get("until", frozenset())
    until = next((at for at in label if line.words[at] in limits), label.stop)
    for at in reversed(range(label.start, until)):  # "Complaints received until closing: 131"
        role = by_trigger(line, at, said, pack)
        if role:
            return Found(role, at, 0)
    led = pack.connectors.get("places", frozenset()) | pack.numbers.of
    tolls = (  # "death toll in Ahr", unlike "Crowd Control"
        pack.tolls.before(line.words, at + 1)
        for at in reversed(label)
        if at + 1 == label.stop or line.words[at + 1] in led
    )
    role = next((toll[1] for toll in tolls if toll is not None), "")
    head = line.words[label.stop - 1]
    role = role or pack.nouns.get(head) or pack.whom.get(head) or ""
    if role and takes_count(pack, role, said):
        return Found(role, label.stop - 1, 0)
    found = by_topic(line, said, pack)
    if found is not None:
        mention.noun, mention.group = said.noun, said.noun.group  # "Losses: tanks 1,284 (+4)"
    if found is None and head in pack.connectors.get("crews", ()):
        return Found("deployed", label.stop - 1, 0)
    named = mention.labelled and Found(mention.noun.head, mention.noun.last - 1, 0)
    return found or named or None


def _said(line: Line, mention: Mention, pack: Pack) -> Mention:
    """The mention with the noun of its label."""
    label = mention.label
    named = noun(line, label.start, pack, counted=True)
    if named.last > label.stop or mention.noun.first < mention.noun.last:
        return mention  # "Evacuated: 350 people"
    classes = named.classes or mention.noun.classes
    return replace(mention, noun=replace(named, classes=classes))


def by_segment(line: Line, mention: Mention, pack: Pack) -> Found | None:
    """Who is at work, by a part of a list: "3,470 ac | 640 personnel", "42 engines"."""
    at, end = mention.first - 1, mention.last
    alone = (at < 0 or line.words[at] in _PARTS) and line.kinds[end : end + 1] in ([], [MARK])
    crews = mention.noun.head in pack.connectors.get("crews", ())
    return Found("deployed", mention.last - 1, 0) if alone and crews else None


def topic(line: Line, mention: Mention) -> range:
    """The tokens before the colon that opens the list of the mention: "Search", "Seats"."""
    for at in range(1, min(_TOPIC, mention.first, len(line) - 1)):
        if line.words[at] == ":" and not line.tight(at + 1):
            return range(at)
        if line.kinds[at] == MARK and line.words[at] != ".":  # of an abbreviation
            break
    return range(0)


def by_topic(line: Line, mention: Mention, pack: Pack) -> Found | None:
    """The role that the opening of its list gives: "Search: 42 ships", "Seats: Greens 23"."""
    opening = topic(line, mention)
    bare = mention.noun.first == mention.noun.last
    if not opening or (bare and mention.label.stop == opening.stop):
        return None
    for at in reversed(opening):
        word = line.words[at]
        acts = pack.acts.get(word) or ()
        role = next((t.role for t in acts if accepts(t.takes, mention)), "")
        role = role or (pack.nouns.get(word) if bare else "") or ""
        if role:
            return Found(role, at, 0)
    return None


def parts_by_place(line: Line, mentions: Sequence[Mention]) -> None:
    """Give the parts of a list the role of the whole: "90 cases | Ward 64 | Pike 17"."""
    for before, mention in pairwise(mentions):
        listed = mention.label and not mention.role and is_barred(line, mention.number)
        counts = before.measured.kind is mention.measured.kind is Kind.COUNT
        next_to = before.at_place or (
            before.noun.head and mention.label.start - before.last <= _GAP
        )
        if listed and counts and before.role and next_to:
            mention.role, mention.trigger, mention.noun = before.role, before.trigger, before.noun
            mention.at_place = True
