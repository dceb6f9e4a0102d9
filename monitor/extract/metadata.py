"""What a page says of itself: JSON-LD, Open Graph and meta tags, then the visible rest."""

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any, Literal, TypeAlias
from urllib.parse import urljoin, urlsplit

import htmldate
from lxml.html import HtmlElement

from monitor.text import fold, one_line

OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
JSON_LIMIT = 1_000_000  # characters of one script
DEPTH_LIMIT = 6  # of lists and graphs in JSON-LD
_ARTICLE = re.compile(r"(?:Article|BlogPosting|Report)$")
_SITE_AFTER_TITLE = re.compile(r"\s+(?:[|·•»–—-]|::)\s+")
# "By Ada Reed @adareed Nov 18, 2026" without what is no name
_BYLINE = re.compile(
    r"(?:(?:by|von|par|por|di)\s)?\s*(\S.*?)(?=\s*(?:@|\||\d{1,4}\b|(?:jan|feb|mar|apr|may|jun|jul"
    r"|aug|sep|oct|nov|dec)[a-z]*\.?\s\d|$))",
    re.IGNORECASE,
)
_DATES = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "article.published",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "pubdate",
    "publishdate",
    "publish-date",
    "cxenseparse:recs:publishtime",
    "dc.date",
    "date",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """Cleaned one-line values; "" where the page says nothing."""

    title: str
    headlines: tuple[str, ...]  # `title`, and all others that the page gives itself
    description: str
    published: datetime | None
    dated_by: Literal["page", "guess", ""]
    language: str
    author: str
    outlet: str
    canonical_url: str
    body: str  # JSON-LD articleBody, as it stands


def read(tree: HtmlElement, *, url: str, now: datetime, dated: bool = False) -> Metadata:
    """All that is said in the head; dates before 1990 or in the future count as none."""
    meta = _meta(tree)
    article = next(_articles(tree), {})
    outlet = _outlet(meta, article)
    headlines = tuple(_headlines(tree, meta, article, outlet))
    published, dated_by = _stated(meta, article, now)
    if published is None and not dated:
        published, dated_by = _searched(tree, url, now)
    return Metadata(
        title=next(iter(headlines), ""),
        headlines=headlines,
        description=one_line(meta.get("og:description", "") or meta.get("description", ""), 1000),
        published=published,
        dated_by=dated_by,
        language=_language(tree, article),
        author=_author(tree, meta, article),
        outlet=outlet,
        canonical_url=_canonical(tree, meta, url),
        body=_string(article.get("articleBody")),
    )


def _meta(tree: HtmlElement) -> dict[str, str]:
    """First value of each name."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = element.get("content")
        if name and content and content.strip():
            found.setdefault(name.strip().lower(), content)
    return found


def _articles(tree: HtmlElement) -> Iterator[Mapping[str, Any]]:
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "") or not script.text:
            continue
        try:
            found = json.loads(script.text[:JSON_LIMIT].strip().rstrip(";"), strict=False)
        except (ValueError, RecursionError):
            continue
        yield from _articles_in(found, DEPTH_LIMIT)


def _articles_in(found: object, depth: int) -> Iterator[Mapping[str, Any]]:
    if depth == 0:
        return
    if isinstance(found, list):
        for one in found:
            yield from _articles_in(one, depth - 1)
    elif isinstance(found, dict):
        kinds = found.get("@type")
        if any(_ARTICLE.search(str(k)) for k in (kinds if isinstance(kinds, list) else [kinds])):
            yield found
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _articles_in(found.get(name), depth - 1)


def _string(value: object) -> str:
    """JSON-LD is often escaped as if it were HTML."""
    return html.unescape(value) if isinstance(value, str) else ""


def _name(value: object) -> str:
    """A name, or the names of several, as JSON-LD spells people and publishers."""
    if isinstance(value, list):
        return ", ".join(filter(None, dict.fromkeys(map(_name, value[:10]))))
    if isinstance(value, dict):
        return _name(value.get("name"))
    return _string(value).strip()


def _headlines(
    tree: HtmlElement, meta: Mapping[str, str], article: Mapping[str, Any], outlet: str
) -> Iterator[str]:
    """Best first."""
    candidates = (
        _string(article.get("headline")),
        meta.get("og:title", ""),
        meta.get("twitter:title", ""),
        _first(tree, "h1"),
        _first(tree, "title"),
    )
    for candidate in candidates:
        if title := _without_site(one_line(candidate), outlet):
            yield title


def _first(tree: HtmlElement, tag: str) -> str:
    for element in tree.iter(tag):
        if found := " ".join(str(element.text_content()).split()):
            return found
    return ""


def _without_site(title: str, outlet: str) -> str:
    """Cut the outlet off "Headline | The Outlet"."""
    if not outlet:
        return title
    *head, tail = _SITE_AFTER_TITLE.split(title)
    return title[: -len(tail)].rstrip(" |·•»–—-:") if head and fold(tail) == fold(outlet) else title


def _author(tree: HtmlElement, meta: Mapping[str, str], article: Mapping[str, Any]) -> str:
    said = (_name(article.get("author")), meta.get("author", ""), meta.get("article:author", ""))
    for name in chain(said, _bylines(tree)):
        if (cut := _BYLINE.match(one_line(name, 200))) and "://" not in name:
            return one_line(cut[1].rstrip(" ,|-–—"), 120)
    return ""


def _bylines(tree: HtmlElement) -> Iterator[str]:
    for one in tree.xpath('//*[@rel="author" or @itemprop="author"][1]'):
        yield " ".join(str(one.text_content())[:1000].split())


def _outlet(meta: Mapping[str, str], article: Mapping[str, Any]) -> str:
    for name in (meta.get("og:site_name", ""), _name(article.get("publisher"))):
        if name.strip() and "://" not in name:
            return one_line(name.strip().lstrip("@"), 120)
    return ""


def _language(tree: HtmlElement, article: Mapping[str, Any]) -> str:
    said = tree.get("lang") or _string(article.get("inLanguage"))
    code = re.split(r"[-_]", said.strip().lower())[0]
    return code if re.fullmatch("[a-z]{2}", code) else ""


def _canonical(tree: HtmlElement, meta: Mapping[str, str], url: str) -> str:
    """The page's own address for itself: same site, not the front page; else ""."""
    links = (
        e.get("href") for e in tree.iter("link") if (e.get("rel") or "").lower() == "canonical"
    )
    said = next(filter(None, links), "") or meta.get("og:url", "")
    try:
        found = urljoin(url, said.strip())
        there, here = urlsplit(found), urlsplit(url)
    except ValueError:
        return ""
    if there.scheme not in ("http", "https") or not there.hostname or there.username:
        return ""
    front = there.path.strip("/") == "" and not there.query
    other = bool(here.hostname) and _site(there.hostname) != _site(here.hostname or "")
    return "" if front or other or len(found) > 2048 else found.partition("#")[0]  # noqa: PLR2004


def _site(host: str) -> str:
    return re.sub(r"^(?:www|m|mobile|amp)\.", "", host.lower())


_Dated: TypeAlias = tuple[datetime | None, Literal["page", "guess", ""]]


def _stated(meta: Mapping[str, str], article: Mapping[str, Any], now: datetime) -> _Dated:
    said = [_string(article.get("datePublished")), *(meta.get(name, "") for name in _DATES)]
    for written in said:
        if (when := _moment(written, now)) is not None:
            return when, "page"
    return None, ""


def _searched(tree: HtmlElement, url: str, now: datetime) -> _Dated:
    for extensive in (False, True):
        found = htmldate.find_date(
            tree,
            url=url or None,
            extensive_search=extensive,
            original_date=True,
            min_date=OLDEST.date().isoformat(),
            max_date=(now + timedelta(days=1)).date().isoformat(),
        )
        if found and (when := _moment(found, now)) is not None:
            return when, "guess" if extensive else "page"
    return None, ""


def _moment(written: str, now: datetime) -> datetime | None:
    try:
        when = datetime.fromisoformat(written.strip())
        when = when.replace(tzinfo=when.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return when if OLDEST <= when <= now + timedelta(days=1) else None
