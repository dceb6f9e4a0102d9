"""Lists of feeds as OPML 2.0 (http://opml.org/spec2.opml): read as readers write it, and written.

Half of the lists found in the wild are not well-formed (bare ampersands, names of HTML), so they
are mended and read as far as they go. No entity is ever expanded and nothing is fetched.
"""

import html
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET  # written with, never read

from lxml import etree

from monitor import text
from monitor.config.values import web_address
from monitor.errors import NewsmonError

MOST_BYTES = 16 * 1024 * 1024
MOST_FEEDS = 20_000
MOST_OUTLINES = 100_000
XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})

_REFERENCE = re.compile(r"&(#\d{1,7};|#[xX][0-9a-fA-F]{1,6};|\w{1,32};)?")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ENCODING = re.compile(rb"^\s*<\?xml[^>]*encoding\s*=\s*[\"']([\w.-]{1,40})")
_PAGE = re.compile(r"<(?:!doctype\s+)?html\b", re.IGNORECASE)


class NotOpmlError(NewsmonError):
    """The file is no list of feeds, or one that is not taken; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A feed of a list; `folder` is a path such as "Europe/Poland"."""

    url: str
    title: str = ""
    folder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedList:
    """What a file holds: the feeds, each once, and what was left out, with the reason."""

    feeds: tuple[Outline, ...]
    left_out: tuple[str, ...]


def read(body: bytes) -> FeedList:
    """Read a list of feeds; raises NotOpmlError."""
    if len(body) > MOST_BYTES:
        raise NotOpmlError(f"is larger than {MOST_BYTES // 1024**2} MiB - split it")
    whole = _decoded(body)
    if "<!entity" in whole.lower():
        raise NotOpmlError("declares entities, which may hide anything - remove its DOCTYPE")
    feeds: dict[str, Outline] = {}
    left_out: list[str] = []
    outlines = 0
    for outline in _outlines(_mended(whole)):
        outlines += 1
        if outline.url:
            try:
                feeds.setdefault(web_address(outline.url), outline)
            except ValueError as error:
                left_out.append(text.one_line(f"{outline.title or 'a feed'}: {error}"))
        if max(len(feeds), len(left_out)) > MOST_FEEDS or outlines > MOST_OUTLINES:
            raise NotOpmlError(
                f"holds more than {MOST_FEEDS} feeds or {MOST_OUTLINES} outlines - split it"
            )
    if not feeds and not left_out:
        if _PAGE.search(whole[:4096]):
            raise NotOpmlError("is an HTML page - save the OPML file itself, not the page about it")
        what = "names no feed: no outline has an xmlUrl" if outlines else "is no OPML: no outline"
        raise NotOpmlError(what)
    return FeedList(feeds=tuple(feeds.values()), left_out=tuple(left_out))


def _decoded(body: bytes) -> str:
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return body.decode("utf-16", "replace")
    named = _ENCODING.match(body.removeprefix(b"\xef\xbb\xbf"))
    try:
        return body.decode(named[1].decode() if named else "utf-8-sig", "replace")
    except LookupError:
        return body.decode("utf-8-sig", "replace")


def _mended(whole: str) -> bytes:
    """Write names of HTML as characters and bare ampersands as such; UTF-8 without declaration."""

    def reference(found: re.Match[str]) -> str:
        named = found[1]
        if named is None:
            return "&amp;"
        if named.startswith("#") or named.rstrip(";") in XML_NAMES:
            return found[0]
        character = html.unescape(found[0])
        return html.escape(character) if character != found[0] else f"&amp;{named}"

    mended = _REFERENCE.sub(reference, _DECLARATION.sub("", whole.lstrip("\ufeff"), count=1))
    return mended.encode("utf-8", "replace")


def _outlines(body: bytes) -> Iterator[Outline]:
    folders: list[str] = []
    events = etree.iterparse(
        io.BytesIO(body),
        events=("start", "end"),
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        encoding="utf-8",
    )
    try:
        for event, element in events:
            if str(element.tag).lower() != "outline":
                continue
            if event == "end":
                folders.pop()
                element.clear()
                continue
            attributes = {str(key).lower(): str(value) for key, value in element.attrib.items()}
            title = text.one_line(attributes.get("text") or attributes.get("title") or "", 80)
            url = attributes.get("xmlurl", "").strip()
            yield Outline(url=url, title=title, folder="/".join(filter(None, folders)))
            folders.append("" if url else title.replace("/", "-"))
    except etree.XMLSyntaxError as error:  # beyond mending, or nested without end
        raise NotOpmlError(f"is no OPML: {text.one_line(str(error.msg), 120)}") from None


def write(feeds: Iterable[Outline], *, title: str) -> bytes:
    """Write a list of feeds, folders as nested outlines."""
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = title
    folders: dict[str, ET.Element] = {"": ET.SubElement(root, "body")}

    def folder(path: str) -> ET.Element:
        if path not in folders:
            parent, _, name = path.rpartition("/")
            folders[path] = ET.SubElement(folder(parent), "outline", text=name)
        return folders[path]

    for each in feeds:
        name = each.title or each.url
        ET.SubElement(
            folder(each.folder), "outline", type="rss", text=name, title=name, xmlUrl=each.url
        )
    ET.indent(root)
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"
