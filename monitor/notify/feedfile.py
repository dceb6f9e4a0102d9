"""A target that is a file: what is announced as a feed, for any reader to follow.

`feed:PATH` ends in .atom or .xml (Atom, RFC 4287), .rss (RSS 2.0) or .json (JSON Feed 1.1). The
file is its own memory: a message is put at its head, the newest hundred stay, and it is replaced
whole. A message that comes again takes its own place.
"""

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from html import unescape
from pathlib import Path
from typing import Any

from lxml import etree
from lxml.builder import E, ElementMaker

from monitor import text
from monitor.model import DeliveryError, Form, Message, Recipient
from monitor.render import MAIL_LIMIT
from monitor.statements import iso

SCHEME = "feed:"
KEPT = 100  # entries in a file
KINDS: Mapping[str, str] = {".atom": "atom", ".xml": "atom", ".rss": "rss", ".json": "json"}
OURS = "newsmon"  # the generator that a file of ours names

_ATOM = "http://www.w3.org/2005/Atom"
_A: Any = ElementMaker(namespace=_ATOM, nsmap={None: _ATOM})
_BODY = re.compile(r"<body[^>]*>(.*)</body>", re.DOTALL | re.IGNORECASE)
_LINK = re.compile(r"href=\"(https?://[^\"]+)\"")


class NotOursError(ValueError):
    """The file that is there is no feed that newsmon wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One message in a feed."""

    id: str
    title: str
    link: str
    at: datetime
    html: str


def path_of(url: str) -> Path | None:
    """Give the file that a target's URL names; None for any other URL."""
    return Path(url.removeprefix(SCHEME)) if url.startswith(SCHEME) else None


def problem(path: Path) -> str | None:
    """Say what is wrong with a path; None when it can be a feed."""
    if path.suffix not in KINDS:
        return f'"{path}" must end in {", ".join(KINDS)} - write "feed:state/events.atom"'
    return None


def recipient(path: Path) -> Recipient:
    return Recipient(key=f"{SCHEME}{path}", form=Form.MAIL, limit=MAIL_LIMIT)


def prove(path: Path) -> DeliveryError | None:
    """Say what keeps the file from being written; None when nothing does."""
    folder = next(each for each in path.absolute().parents if each.exists())
    if not os.access(folder, os.W_OK):
        return DeliveryError(kind="temporary", reason=f"{folder} cannot be written to")
    return None


def deliver(path: Path, message: Message, *, at: datetime) -> DeliveryError | None:
    """Put a message at the head of the file."""
    new = _item(message, at)
    title = f"newsmon: {message.target}"
    kind = KINDS[path.suffix]
    try:
        old = _read(kind, path.read_bytes()) if path.exists() else []
        items = [new, *(each for each in old if each.id != new.id)][:KEPT]
        _replace(path, _WRITE[kind](title, items, path.name))
    except NotOursError:
        reason = f"{path} is no feed that newsmon wrote - name another file, or remove it"
        return DeliveryError(kind="permanent", reason=reason)
    except OSError as error:
        return DeliveryError(kind="temporary", reason=f"{path}: {error.strerror}")
    return None


def _item(message: Message, at: datetime) -> Item:
    body = _BODY.search(message.html)
    html = (body[1] if body else message.html).strip()
    link = _LINK.search(html)
    return Item(
        id=f"urn:newsmon:{message.id}",
        title=text.one_line(message.subject),
        link=unescape(link[1]) if link else "",
        at=at,
        html=text.clean(html),
    )


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as stream:
        stream.write(content)
        os.fchmod(stream.fileno(), 0o644)  # a feed is there to be read
        os.fsync(stream.fileno())
    part.replace(path)


# -- writing --------------------------------------------------------------------------------------


def _atom(title: str, items: Sequence[Item], name: str) -> bytes:
    entries = [
        _A.entry(
            _A.id(each.id),
            _A.title(each.title),
            _A.updated(iso(each.at)),
            *([_A.link(href=each.link)] if each.link else []),
            _A.content(each.html, type="html"),
        )
        for each in items
    ]
    return _xml(
        _A.feed(
            _A.id(f"urn:newsmon:{name}"),
            _A.title(title),
            _A.updated(iso(items[0].at)),
            _A.author(_A.name(OURS)),
            _A.generator(OURS),
            *entries,
        )
    )


def _rss(title: str, items: Sequence[Item], name: str) -> bytes:
    entries = [
        E.item(
            E.title(each.title),
            *([E.link(each.link)] if each.link else []),
            E.guid(each.id, isPermaLink="false"),
            E.pubDate(format_datetime(each.at)),
            E.description(each.html),
        )
        for each in items
    ]
    head = (E.title(title), E.link(f"urn:newsmon:{name}"), E.description(title), E.generator(OURS))
    return _xml(E.rss(E.channel(*head, *entries), version="2.0"))


def _json(title: str, items: Sequence[Item], _name: str) -> bytes:
    whole = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "authors": [{"name": OURS}],
        "items": [
            {
                "id": each.id,
                "url": each.link,
                "title": each.title,
                "content_html": each.html,
                "date_published": iso(each.at),
            }
            for each in items
        ],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


_WRITE = {"atom": _atom, "rss": _rss, "json": _json}


def _xml(root: Any) -> bytes:
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return written


# -- reading what was written ---------------------------------------------------------------------


def _read(kind: str, content: bytes) -> list[Item]:
    """Give the items of a file of ours; raises NotOursError."""
    try:
        if kind == "json":
            return _json_items(json.loads(content))
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        root = etree.fromstring(content, parser)
        return _atom_items(root) if kind == "atom" else _rss_items(root)
    except (etree.XMLSyntaxError, ValueError, KeyError, TypeError, AttributeError):
        raise NotOursError from None


def _atom_items(root: Any) -> list[Item]:
    def inside(element: Any, name: str) -> str:
        return element.findtext(f"{{{_ATOM}}}{name}") or ""

    _expect_ours(inside(root, "generator"))
    items = []
    for entry in root.iterfind(f"{{{_ATOM}}}entry"):
        link = entry.find(f"{{{_ATOM}}}link")
        items.append(
            Item(
                id=inside(entry, "id"),
                title=inside(entry, "title"),
                link="" if link is None else str(link.get("href")),
                at=datetime.fromisoformat(inside(entry, "updated")),
                html=inside(entry, "content"),
            )
        )
    return items


def _rss_items(root: Any) -> list[Item]:
    _expect_ours(root.findtext("channel/generator") or "")
    return [
        Item(
            id=entry.findtext("guid"),
            title=entry.findtext("title") or "",
            link=entry.findtext("link") or "",
            at=parsedate_to_datetime(entry.findtext("pubDate")),
            html=entry.findtext("description") or "",
        )
        for entry in root.iterfind("channel/item")
    ]


def _json_items(whole: Any) -> list[Item]:
    _expect_ours(whole["authors"][0]["name"])
    return [
        Item(
            id=each["id"],
            title=each["title"],
            link=each["url"],
            at=datetime.fromisoformat(each["date_published"]).astimezone(UTC),
            html=each["content_html"],
        )
        for each in whole["items"]
    ]


def _expect_ours(generator: str) -> None:
    if generator != OURS:
        raise NotOursError
