"""A digest in the words and form of one service; only what articles state, never a sentence more.

`limit` counts in the unit of the form: UTF-16 units for HTML and MARKDOWN (as chat services count),
bytes of UTF-8 for SHORT (as IRC and SMS do) and for the HTML part of a MAIL. JSON has none.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from jinja2 import Template

from monitor import text
from monitor.config import Target
from monitor.model import Digest, Form, Rendered
from monitor.render import payload
from monitor.render.fit import Density, Plan, fit
from monitor.render.frame import DigestView, digest_view
from monitor.render.templates import Templates, load_templates
from monitor.render.view import ItemView, item_view

__all__ = ["MAIL_LIMIT", "Rendered", "Templates", "load_templates", "render"]

MAIL_LIMIT = 100_000  # bytes of HTML: Gmail clips near 102 kB
FULL_ITEMS = 3  # more events than these are told shorter from the start
MOST_NOTES = 3  # where the room is small
NOTE_LIMITS = (240, 120, 60, 30, 15)  # characters, tried in this order
_RULE = "\n" + "-" * 78 + "\n\n"
_MACROS = {Density.FULL: "full", Density.SHORT: "short", Density.LINE: "line"}
_TRAILING = re.compile(r"(?:\s|<br>)+\Z")


def render(
    digest: Digest,
    form: Form,
    limit: int,
    *,
    target: Target,
    templates: Templates,
) -> Rendered:
    """Write a digest for one service.

    A user's template that fails on this digest is replaced by ours for it, and the message says so.
    """
    try:
        return _render(digest, form, limit, target, templates.files)
    except Exception as error:  # a user's template may do anything
        if not templates.folder:
            raise
        note = f"a template in {templates.folder} failed, ours was used: {error}"
        told = replace(digest, notes=(*digest.notes, note))
        return _render(told, form, limit, target, templates.ours)


def _render(
    digest: Digest,
    form: Form,
    limit: int,
    target: Target,
    files: Mapping[str, Template],
) -> Rendered:
    items = [item_view(item, digest) for item in digest.items]
    view = digest_view(digest, items, stable=target.subject == "stable")
    sheet = partial(_Sheet, view=view, items=items, more=digest.more)
    match form:
        case Form.MAIL:
            page = sheet(files["mail.html"], between="")
            plan = page.fitted(limit, _bytes)
            words = sheet(files["mail.txt"], between=_RULE).write(plan)
            return Rendered(subject=view.subject, text=_tidy(words), html=page.write(plan))
        case Form.JSON:
            words = _tidy(sheet(files["mail.txt"], between=_RULE).write(_all(items)))
            body = payload.body(digest, title=view.subject, message=words)
            return Rendered(subject=view.subject, text=body)
        case Form.HTML:
            return _fitted(sheet(files["chat.html"], between="<br>"), limit, _utf16)
        case Form.MARKDOWN:
            return _fitted(sheet(files["chat.md"], between="\n"), limit, _utf16)
        case Form.SHORT:
            return _fitted(sheet(files["short.txt"], between=""), limit, _bytes)


def _all(items: Sequence[ItemView]) -> Plan:
    """Everything that is to be told, where nothing limits it."""
    return Plan(densities=tuple(_wanted(items)), left=0)


def _fitted(sheet: "_Sheet", limit: int, size: Callable[[str], int]) -> Rendered:
    """Fit the items; notes leave them half the room, and all that the first one needs."""
    most = limit // 2 if sheet.items else limit
    plan = sheet.fitted(limit, size)
    for length in NOTE_LIMITS:
        if sheet.around(size) <= most and (plan.densities or not sheet.items):
            break
        sheet = replace(sheet, view=_shortened(sheet.view, length))
        plan = sheet.fitted(limit, size)
    return Rendered(subject=sheet.view.subject, text=_TRAILING.sub("", sheet.write(plan)))


def _shortened(view: DigestView, length: int) -> DigestView:
    notes = tuple(text.one_line(note, length) for note in view.notes[:MOST_NOTES])
    return replace(view, notes=notes, feeds_note=text.one_line(view.feeds_note, length))


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A template with what it is to lay out."""

    template: Template
    between: str
    view: DigestView
    items: Sequence[ItemView]
    more: int

    def around(self, size: Callable[[str], int]) -> int:
        return size(self._part("head", self.view)) + size(self._part("foot", self.view))

    def fitted(self, limit: int, size: Callable[[str], int]) -> Plan:
        around = self.around(size)

        def room(left: int) -> int:
            return limit - around - size(self._closing(left))

        def of(index: int, density: Density) -> int:
            return size(self._item(index, density))

        return fit(_wanted(self.items), of, room)

    def write(self, plan: Plan) -> str:
        told = (self._item(index, density) for index, density in enumerate(plan.densities))
        head, foot = self._part("head", self.view), self._part("foot", self.view)
        return "".join((head, *told, self._closing(plan.left), foot))

    def _item(self, index: int, density: Density) -> str:
        words = self._part(_MACROS[density], self.items[index])
        last = index == len(self.items) - 1
        return words if density is Density.LINE or last else words + self.between

    def _closing(self, left: int) -> str:
        count = left + self.more
        return self._part("closing", count, self.view) if count else ""

    def _part(self, macro: str, *values: object) -> str:
        return str(getattr(self.template.module, macro)(*values))


def _wanted(items: Sequence[ItemView]) -> list[Density]:
    usual = Density.FULL if len(items) <= FULL_ITEMS else Density.SHORT
    return [
        Density.LINE if len(items) > 1 and not (item.opened or item.alterations) else usual
        for item in items
    ]


def _utf16(words: str) -> int:
    return len(words) + sum(each > "\uffff" for each in words)


def _bytes(words: str) -> int:
    return len(words.encode())


def _tidy(words: str) -> str:
    lines = "\n".join(line.rstrip() for line in words.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"
