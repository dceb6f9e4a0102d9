"""What an army loses: its dead, wounded and captured, and whose they are."""

from monitor.figures.mention import Mention
from monitor.figures.packs import Pack
from monitor.figures.tokens import MARK, Line

_OF_SOLDIERS = {"arrested": "captured", "lost": "killed_or_wounded"}
_LOST = frozenset({"lost", "killed_or_wounded"})
_LOSSES = _LOST | {"killed", "wounded"}
_REACH = 7  # tokens
_NEAR = 4  # tokens
_OWNER = 40  # tokens between "its" and whom it means


def as_soldiers(mention: Mention) -> None:
    """Soldiers are captured, not arrested; an army's lost ones are its dead and wounded."""
    if mention.group == "military" or (mention.role, mention.group) == ("lost", "men"):
        mention.role = _OF_SOLDIERS.get(mention.role, mention.role)


def as_told(mention: Mention, earlier: list[Mention]) -> None:
    """Losses are of the kind told before: "three soldiers were killed, raising losses to 159"."""
    told = [m.role for m in earlier if m.role in _LOSSES]
    if mention.role == "killed_or_wounded" and told[-1:] == ["killed"]:
        mention.role = "killed"


def name_the_loser(line: Line, mention: Mention, pack: Pack) -> None:
    """Whose losses they are: "Russia has lost 900 men", "Ukraine put its losses at 400 dead"."""
    if mention.nations or mention.role not in _LOSSES:
        return
    if mention.group == "military" and _is_own(line, mention, pack):
        mention.nations = _nation_left(line, mention.first, pack)
        return
    for at in range(mention.first - 1, max(0, mention.first - 1 - _REACH), -1):
        if line.kinds[at] == MARK:
            return
        if _is_loss(line, at, pack):
            mention.nations = _loser(line, at, pack)
            if mention.nations and not mention.noun.classes - {"person"}:
                mention.group = mention.group or "military"
            return


def _is_own(line: Line, mention: Mention, pack: Pack) -> bool:
    """As in "90 of its soldiers died", "put its count of dead soldiers at 90"."""
    before = range(max(0, mention.trigger - _NEAR), min(mention.trigger, mention.first))
    own = pack.connectors.get("own", frozenset())
    return any(line.word(at) in own for at in (mention.noun.first - 1, *before))


def _is_loss(line: Line, at: int, pack: Pack) -> bool:
    roles = {trigger.role for trigger in pack.triggers.get(line.words[at]) or ()}
    toll = pack.tolls.before(line.words, at + 1)
    return bool(roles & _LOST) or (toll is not None and toll[1] in _LOST)


def _loser(line: Line, at: int, pack: Pack) -> tuple[str, ...]:
    """The nation before a word of loss, as subject or owner."""
    while at > 0 and line.words[at - 1] in pack.grammar.get("auxiliaries", ()):
        at -= 1
    if line.word(at - 1) in pack.connectors.get("own", ()):
        return _nation_left(line, at, pack)
    return _nation_before(line, _owners(line, at), at, pack)


def _nation_left(line: Line, at: int, pack: Pack) -> tuple[str, ...]:
    """The last nation named before `at`: whom "its" means."""
    words = _owners(line, at)
    ends = (_nation_before(line, words, end, pack) for end in range(at, max(0, at - _OWNER), -1))
    return next((nation for nation in ends if nation), ())


def _nation_before(line: Line, words: list[str], at: int, pack: Pack) -> tuple[str, ...]:
    side = pack.nations.before(words, at)
    return (side[1],) if side is not None and line.capital(at - side[0]) else ()


def _owners(line: Line, at: int) -> list[str]:
    """The words before `at` without the mark of an owner."""
    return [word.removesuffix("'s") for word in line.words[:at]]
