"""Which entry is which: the keys by which an entry is known again."""

from hashlib import blake2b
from urllib.parse import urlsplit

from monitor import text
from monitor.feeds.raw import Raw
from monitor.model import Entry, EntryId

SHARED = 3  # entries of one body at one link: then it is no article's own


def identified(raws: list[Raw]) -> list[Entry]:
    """Give each entry its keys; what the body itself proves to be worthless makes none.

    A guid at two links is worth nothing, in the whole feed. A link that many entries share, or a
    front page, names no article.
    """
    links: dict[str, set[str]] = {}
    entries: dict[str, set[str]] = {}
    for raw in raws:
        if raw.url:
            entries.setdefault(raw.url, set()).add(raw.guid or raw.title)
            links.setdefault(raw.guid, set()).add(raw.url)
    links.pop("", None)
    trusted = all(len(found) == 1 for found in links.values())
    shared = {
        link
        for link, found in entries.items()
        if len(found) >= SHARED or len(found) > len(raws) / 2 > 1 or _is_front_page(link)
    }
    return [_entry(raw, trust_guid=trusted, own_page=raw.url not in shared) for raw in raws]


def _is_front_page(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query and not parts.fragment


def _entry(raw: Raw, *, trust_guid: bool, own_page: bool) -> Entry:
    """The first key is the id: the link, which outlives a relaunch and a new headline, else guid.

    A guid under another headline is no proof: some outlets use it again for another article.
    """
    own_page = own_page and bool(raw.url)
    keys = [_key("link", _address(raw.url))] if own_page else []
    if raw.guid and trust_guid:
        if not own_page:
            keys.append(_key("guid", raw.guid))
        keys.append(_key("guid", raw.guid, text.fold(raw.title)))
    if not keys:
        day = raw.published.date().isoformat() if raw.published else ""
        keys.append(_key("title", raw.title or raw.summary, day))
    return Entry(
        id=EntryId(keys[0]),
        url=raw.url,
        own_page=own_page,
        title=raw.title,
        summary=raw.summary,
        content=raw.content,
        published=raw.published,
        author=raw.author,
        keys=tuple(keys),
        content_hash=_key("content", raw.title, raw.summary, raw.content),
    )


def _address(url: str) -> str:
    """A link as its identity: neither scheme nor `www.` nor the last slash make another article."""
    rest = url.partition("://")[2].removeprefix("www.")
    path, mark, query = rest.partition("?")
    return path.rstrip("/") + mark + "&".join(sorted(query.split("&")))


def _key(*parts: str) -> str:
    """16 characters of base 16, stable over versions: changing them repeats every alert."""
    digest = blake2b(digest_size=8)
    for part in parts:
        digest.update(part.encode("utf-8", "replace") + b"\0")
    return digest.hexdigest()
