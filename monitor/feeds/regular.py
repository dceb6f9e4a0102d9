"""RSS 2.0 and Atom as most sites write them, read in a tenth of feedparser's time.

What feedparser knows of the feeds of twenty years is what its time goes into. A feed of nothing but
the elements below needs none of it: its values, read off expat's tree, are feedparser's own, which
a test compares. Anything else, down to an attribute, gives None, and feedparser reads the feed.
"""

import io
import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any, Final, TypeAlias
from xml.etree import ElementTree as ET

from feedparser.datetimes import _parse_date

Values: TypeAlias = dict[str, Any]  # by feedparser's names

_ATOM: Final = "{http://www.w3.org/2005/Atom}"
_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_NAMESPACES: Final = {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "media": "http://search.yahoo.com/mrss/",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
}


def _tags(words: str, default: str = "") -> frozenset[str]:
    """Tags as ElementTree spells them: of one namespace, but where a prefix names another."""
    pairs = (word.rpartition(":") for word in words.split())
    return frozenset((f"{{{_NAMESPACES[p]}}}" if p else default) + name for p, _, name in pairs)


_RSS_FEED: Final = {"title": "title", "language": "language", "ttl": "ttl"}
_RSS_ENTRY: Final = {
    "title": "title",
    "link": "link",
    "guid": "id",
    "pubDate": "published",
    "description": "summary",
    "author": "author",
    f"{{{_NAMESPACES['dc']}}}creator": "author",  # the last one counts
    f"{{{_NAMESPACES['content']}}}encoded": "content",
    f"{{{_NAMESPACES['feedburner']}}}origLink": "feedburner_origlink",
}
_ATOM_ENTRY: Final = {
    f"{_ATOM}{name}": name for name in ("title", "id", "published", "updated", "summary", "content")
}
_DATES: Final = ("published", "updated")

# what stands beside and says nothing that we read, with what may stand in it
_NOTHING: Final[frozenset[str]] = frozenset()
_MEDIA: Final = _tags("media:content media:credit media:thumbnail")
_BESIDE_RSS: Final = {
    **dict.fromkeys(
        _tags(
            "link description pubDate lastBuildDate generator copyright docs category"
            " managingEditor webMaster cloud sy:updatePeriod sy:updateFrequency"
        ),
        _NOTHING,
    ),
    f"{_ATOM}link": _NOTHING,
    "image": _tags("url title link description width height"),
    "skipHours": _tags("hour"),
    "skipDays": _tags("day"),
}
_BESIDE_ITEM: Final = {
    **dict.fromkeys(
        _tags("category comments enclosure source dc:subject slash:comments wfw:commentRss"),
        _NOTHING,
    ),
    **dict.fromkeys(_MEDIA, _MEDIA),
}
_BESIDE_ATOM: Final = {
    **dict.fromkeys(
        _tags("id link updated subtitle generator icon logo rights category", _ATOM), _NOTHING
    ),
    f"{_ATOM}author": _tags("name uri email", _ATOM),
}
_BESIDE_ENTRY: Final = {f"{_ATOM}category": _NOTHING, **dict.fromkeys(_MEDIA, _MEDIA)}

_ENCODING = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml[^>]*?\sencoding\s*=\s*[\"']([^\"']*)")
_SLASHES = re.compile(r"([A-Za-z][A-Za-z0-9+-.]*://)/+")
_REFERENCE = re.compile(r"&([A-Za-z0-9_]+);")
_CONTROL = re.compile("[\x80-\x9f]")  # meant as a letter of windows-1252, where that has one


class _UnusualError(Exception):
    """The feed holds something of which feedparser knows more."""


def read(body: bytes) -> tuple[Values, list[Values]] | None:
    """Give the feed's own values and its entries', None for an unusual feed."""
    encoding = _ENCODING.match(body)
    if b"<!DOCTYPE" in body or (encoding and encoding[1].lower() != b"utf-8"):
        return None
    try:
        body.decode()
        tree = ET.iterparse(io.BytesIO(body), ("start-ns",))  # noqa: S314 - no DTD
        if any(_NAMESPACES.get(prefix, uri) != uri for _, (prefix, uri) in tree):
            return None
        return _feed(tree.root)  # type: ignore[attr-defined]  # documented
    except (UnicodeDecodeError, ET.ParseError, _UnusualError):
        return None


def _feed(root: ET.Element) -> tuple[Values, list[Values]]:
    if (
        root.tag == "rss"
        and not root.attrib.keys() - {"version"}
        and [e.tag for e in root] == ["channel"]
    ):
        return _rss(root[0])
    if root.tag == f"{_ATOM}feed" and not root.attrib.keys() - {_LANGUAGE}:
        return _atom(root)
    raise _UnusualError


def _rss(channel: ET.Element) -> tuple[Values, list[Values]]:
    feed: Values = {}
    entries = []
    if channel.attrib:
        raise _UnusualError
    for child in channel:
        if child.tag == "item":
            entries.append(_item(child))
        else:
            _take(feed, child, _RSS_FEED, _BESIDE_RSS)
    return feed, entries


def _item(item: ET.Element) -> Values:
    entry: Values = {}
    if item.attrib:
        raise _UnusualError
    for child in item:
        if child.tag == "guid":
            _take(entry, child, _RSS_ENTRY, {}, {"isPermaLink"})
            if child.get("isPermaLink", "true") == "true":
                entry["permalink"] = entry["id"] = _address(entry["id"])
        else:
            _take(entry, child, _RSS_ENTRY, _BESIDE_ITEM)
    if "link" in entry:
        entry["link"] = _REFERENCE.sub(r"&\1", _address(entry["link"]).replace("&amp;", "&"))
    return _whole(entry)


def _atom(root: ET.Element) -> tuple[Values, list[Values]]:
    feed: Values = {"language": root.get(_LANGUAGE, "").replace("_", "-")}
    entries = []
    for child in root:
        if child.tag == f"{_ATOM}entry":
            entries.append(_entry(child))
        else:
            title = {f"{_ATOM}title": "title"}
            _take(feed, child, title, _BESIDE_ATOM, _plain_type(child))
    return feed, entries


def _entry(element: ET.Element) -> Values:
    entry: Values = {}
    if element.attrib.keys() - {_LANGUAGE}:
        raise _UnusualError
    for child in element:
        if child.tag == f"{_ATOM}link":
            _follow(entry, child)
        elif child.tag == f"{_ATOM}author":
            _sign(entry, child)
        else:
            _take(entry, child, _ATOM_ENTRY, _BESIDE_ENTRY, _plain_type(child))
    if "id" in entry:
        entry["permalink"] = entry["id"] = _address(entry["id"])
    return _whole(entry)


def _whole(entry: Values) -> Values:
    """What feedparser derives: a link from the guid, a summary from the content, dates."""
    if "permalink" in entry:
        entry.setdefault("link", entry["permalink"])
    if "content" in entry:
        entry.setdefault("summary", entry["content"])
        entry["content"] = [{"value": entry["content"]}]
    for name in _DATES:
        if name in entry:
            entry[f"{name}_parsed"] = _parse_date(entry[name])
    return entry


def _take(
    values: Values,
    element: ET.Element,
    names: Mapping[str, str],
    beside: Mapping[str, Collection[str]],
    attributes: Collection[str] = (),
) -> None:
    """Read an element that has a name; pass over one that stands beside."""
    name = names.get(element.tag)
    if name is None:
        _pass_over(element, beside)
    elif name in values and name != "author":
        raise _UnusualError
    else:
        values[name] = _mended(_text(element, attributes))


def _pass_over(element: ET.Element, beside: Mapping[str, Collection[str]]) -> None:
    inside = beside.get(element.tag)
    for each in element.iter():
        known = inside is not None and (each is element or each.tag in inside)
        if not known or any(key.lower().endswith("base") for key in each.attrib):
            raise _UnusualError


def _text(element: ET.Element, attributes: Collection[str] = ()) -> str:
    if len(element) or element.attrib.keys() - set(attributes):
        raise _UnusualError
    return (element.text or "").strip()


def _plain_type(element: ET.Element) -> Collection[str]:
    """The attributes of a text construct, unless it is one of XHTML or of a file."""
    if element.get("type", "text").lower() not in ("text", "html", "text/plain", "text/html"):
        raise _UnusualError
    return ("type", _LANGUAGE)


def _follow(entry: Values, link: ET.Element) -> None:
    """The last alternative that is a page is the link."""
    if link.attrib.keys() - {"rel", "type", "href", "title", "hreflang", "length"} or not link.get(
        "href"
    ):
        raise _UnusualError
    rel, kind = link.get("rel", "alternate").lower(), link.get("type", "text/html").lower()
    if rel == "alternate" and kind in ("html", "xhtml", "text/html", "application/xhtml+xml"):
        entry["link"] = _address(link.get("href", ""))


def _sign(entry: Values, author: ET.Element) -> None:
    """A person is a name, an address of mail, or both."""
    parts = {child.tag: _text(child) for child in author}
    unknown = parts.keys() - {f"{_ATOM}{name}" for name in ("name", "uri", "email")}
    if author.attrib or unknown or len(parts) != len(author) or "author" in entry:
        raise _UnusualError
    name, mail = parts.get(f"{_ATOM}name", ""), parts.get(f"{_ATOM}email", "")
    if not name and not mail:
        raise _UnusualError
    entry["author"] = f"{name} ({mail})" if name and mail else name or mail


def _address(url: str) -> str:
    return _SLASHES.sub(r"\1", url, count=1) if _SLASHES.match(url) else url


def _mended(text: str) -> str:
    """UTF-8 that was read as Latin-1 on its way, or windows-1252 that was."""
    if text.isascii():
        return text
    with suppress(UnicodeError):
        text = text.encode("latin-1").decode()
    return _CONTROL.sub(lambda c: c[0].encode("latin-1").decode("cp1252", "ignore") or c[0], text)
