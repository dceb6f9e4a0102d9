"""What a sentence takes from those before it: the past they opened, what was counted last."""

from dataclasses import replace
from datetime import date

from monitor.figures import flags
from monitor.figures.kinds import ANSWER, kind_of
from monitor.figures.mention import Mention
from monitor.figures.neighbours import own_or
from monitor.figures.packs import Pack
from monitor.figures.tokens import MARK, NEXT, Line, Lines
from monitor.figures.triggers import SAME
from monitor.model import Kind


class Memory:
    """The past that "In 2003 …" opened, and the people of "bringing the total to 127"."""

    def __init__(self, lines: Lines, pack: Pack) -> None:
        self._lines = lines
        self._pack = pack
        self._last: Mention | None = None
        self._told: set[str] = set()  # roles
        self._here: list[Mention] = []  # counts of the sentence read last
        self._before: list[Mention] = []  # and of the one before it
        self._index = -1  # of the sentence read last
        self._past_until = -100  # end of the last sentence that opened in the past
        self._told_until = -100  # end of the last sentence whose years are all long gone
        self._past_alone = False  # and whether that is all of its paragraph

    def in_the_past(self, line: Line, start: int, month: date) -> bool:
        """Whether the sentence goes on with a past that was opened, or opens one."""
        text, pack = self._lines.text, self._pack
        if flags.opens_in_the_past(line, month, pack):
            self._past_until = start + len(line.text)
            alone = {text[max(0, start - 1)], text[self._past_until : self._past_until + 1]}
            self._past_alone = alone <= {"\n", ""}
            return True
        if flags.tells_of_the_past(line, month, pack):
            self._told_until = start + len(line.text)
        elif 0 <= start - self._told_until <= NEXT and flags.goes_on(line, pack):
            return not flags.is_of_today(line, pack)
        near = 0 <= start - self._past_until <= NEXT
        if near and "\n" in text[self._past_until : start]:
            near = self._past_alone
        return near and not flags.is_of_today(line, pack)

    def resolve(self, index: int, mention: Mention) -> tuple[Mention, bool]:
        """The mention of sentence `index`, with what it leaves to those before it.

        And whether its role begins with it: "another 30 were injured" adds to others, since nobody
        hurt was told of before.
        """
        if index != self._index:
            self._before = self._here if index == self._index + 1 else []
            self._here, self._index = [], index
        if mention.measured.kind is not Kind.COUNT:
            return mention if mention.role != SAME else replace(mention, role=""), False
        begins = False
        if mention.role == SAME:
            last = self._last
            mention = self._of(last, mention) if last else replace(mention, role="")
        elif not mention.role and _is_said(self._lines[index], mention, self._pack):
            told = self._answered(mention)
            asked = "" if told else self._asked(index)
            if told or asked:
                mention = self._of(told, mention) if told else replace(mention, role=asked)
        else:
            begins = self._last is not None and mention.role not in self._told
        if mention.role:
            self._last = mention
            self._told.add(mention.role)
            self._here.append(mention)
        return mention, begins

    def _of(self, told: Mention, mention: Mention) -> Mention:
        """The mention, of the same as what was told; without a role where it cannot be."""
        if not _may_share(told, mention):
            return replace(mention, role="")
        return replace(
            mention,
            role=own_or(told, mention),
            group=mention.group or told.group,
            nations=mention.nations or told.nations,
        )

    def _answered(self, mention: Mention) -> Mention | None:
        """The first count of people, told just before, that is of its size."""
        told = (m for m in (*self._before, *self._here) if kind_of(m.role).people and not m.subset)
        return next((m for m in told if _is_alike(m, mention)), None)

    def _asked(self, index: int) -> str:
        """What the sentence before asks: "How many have died?"; or ""."""
        if not index:
            return ""
        line, pack = self._lines[index - 1], self._pack
        many = pack.connectors.get("many", frozenset())
        asked = next((at for at, word in enumerate(line.words) if word in many), len(line))
        if line.word(asked - 1) not in pack.connectors.get("asking", ()):
            return ""
        told = (t for word in line.words[asked:] for t in pack.triggers.get(word) or ())
        return next((t.role for t in told if t.right and "person" in t.takes), "")


def _is_alike(told: Mention, mention: Mention) -> bool:
    low, high = sorted((told.number.high, mention.number.high))
    return not told.number.vague and high <= ANSWER * low


def _may_share(told: Mention, mention: Mention) -> bool:
    """Whether it may tell of the same: "a total of eight of these attacks" wounded nobody."""
    people = kind_of(told.role).people and "person" in told.classes
    named = mention.noun.first < mention.noun.last
    return not (people and named) or "person" in mention.classes


def _is_said(line: Line, mention: Mention, pack: Pack) -> bool:
    """Whether somebody says the number and no more: "the army said 40", "put it at six"."""
    at, end = mention.first - 1, mention.last
    bare = mention.noun.first == mention.noun.last and not mention.label
    ended = end >= len(line) or (line.kinds[end] == MARK and line.words[end] in ",.;")
    whole = mention.number.low % 1 == 0  # a quake of 6.1
    if mention.noise or mention.step or not (bare and ended and whole) or at < 1:
        return False
    word, before = line.words[at], line.word(at - 1)
    if word in pack.connectors.get("copula", ()):
        return before in pack.claimants.get("pronouns", ())  # "replied that it was six"
    counting = pack.connectors.get("counts_own", frozenset())
    return word in pack.claimants.get("verbs", ()) or word in counting
