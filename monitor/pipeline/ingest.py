"""Job 2, first half: an entry of the inbox becomes a document."""

import hashlib
from base64 import b32encode
from datetime import datetime, timedelta

from monitor import extract
from monitor.agencies import agency
from monitor.beds import FeedState, Later, Read, Rejected, Waiting
from monitor.config import Feed
from monitor.model import (
    Document,
    DocumentId,
    Entry,
    Extracted,
    Fetched,
    NotModified,
    Unreachable,
    WorkerProblem,
)
from monitor.pipeline.poll import Reveal, credentials, outlet_of, private_headers
from monitor.pipeline.ports import Fetcher, Reader
from monitor.text import fold, one_line, words

TRIES = 3  # of a page, before the feed's own text must do
SILENT_TRIES = 5  # where no machine answers: it may be our own network
RETRY = tuple(timedelta(minutes=m) for m in (1, 5, 30, 60))
LONGEST_RETRY = timedelta(hours=1)
TRUSTED_DATE = timedelta(days=7)  # a feed's date further from now gives way to the page's


def document_id(entry: Entry, feed: Feed) -> DocumentId:
    """Name an article by its own address, so that two feeds agree on it; else by its entry."""
    own = entry.url if entry.own_page else ""
    digest = hashlib.sha256((own or f"{feed.url} {entry.id}").encode()).digest()
    return DocumentId("d-" + b32encode(digest).decode().lower()[:12])


async def read(
    waiting: Waiting,
    feed: Feed,
    state: FeedState,
    *,
    fetcher: Fetcher,
    reader: Reader,
    reveal: Reveal,
    now: datetime,
) -> Read | Later | Rejected:
    """Give the entry's article: from the feed where its text is whole, else from its page."""
    entry = waiting.entry
    if not entry.own_page or feed.full_text == "feed" or _is_whole(entry, feed):
        return _from_feed(waiting, feed, state, now, "")
    fetched = await fetcher.get(
        entry.url,
        kind="page",
        home=feed.url,
        allow=feed.allow_private,
        headers=private_headers(feed, reveal),
        auth=credentials(feed, reveal),
    )
    why = ""
    match fetched:
        case Fetched():
            prior = feed.language or state.language
            page = await reader.extract(
                fetched.body,
                url=fetched.final_url,
                now=now,
                language=prior,
                dated=_is_dated(entry.published, waiting.first_seen),
            )
            if isinstance(page, Extracted) and page.usable:
                return Read(document=_from_page(waiting, feed, state, page, now))
            if isinstance(page, WorkerProblem):
                why = page.reason
            elif not _is_brief(page, entry):
                why = page.problem
        case Unreachable():
            if (later := _try_again(waiting, fetched, now)) is not None:
                return later
            why = fetched.reason
        case NotModified():
            why = "the page answered 304 although nothing was asked"
    return _from_feed(waiting, feed, state, now, why)


def is_edited(old: Document, new: Document) -> bool:
    """Whether a document read again says something else; half of it or less is no better reading.

    A teaser where the page was read before, or a wall, is no edit.
    """
    if (new.source == "feed" and old.source == "page") or 2 * len(new.text) < len(old.text):
        return False
    return (words(fold(old.title)), words(fold(old.text))) != (
        words(fold(new.title)),
        words(fold(new.text)),
    )


def _is_brief(page: Extracted, entry: Entry) -> bool:
    """Whether the page has the very words of the feed, few as they are: nothing is missing."""
    text = _fed(entry)
    if text.rstrip().endswith(("…", "...")):
        return False
    said = words(fold(extract.fragment(text)))
    return bool(said) and said == words(fold(page.text))


def _fed(entry: Entry) -> str:
    return entry.content if len(entry.content) > len(entry.summary) else entry.summary


def _is_whole(entry: Entry, feed: Feed) -> bool:
    return feed.full_text == "auto" and extract.whole(entry.content)


def _try_again(waiting: Waiting, failure: Unreachable, now: datetime) -> Later | None:
    """A refusal or a missing page is final; an overloaded server is asked again."""
    final = failure.status is not None and failure.status < 500 and failure.status != 429  # noqa: PLR2004 - HTTP
    if final or failure.problem in ("refused", "too_large", "gone"):
        return None
    if waiting.attempts + 1 >= (SILENT_TRIES if failure.silent else TRIES):
        return None
    pause = failure.retry_after or RETRY[min(waiting.attempts, len(RETRY) - 1)]
    return Later(at=now + min(pause, LONGEST_RETRY), reason=failure.reason)


def _from_feed(
    waiting: Waiting, feed: Feed, state: FeedState, now: datetime, fallback: str
) -> Read | Rejected:
    entry = waiting.entry
    text = _fed(entry)
    if not text and not entry.title:
        page = f"; its page: {fallback}" if fallback else ""
        return Rejected(reason=f"no text and no title{page}")
    prior = feed.language or state.language
    document = Document(
        id=document_id(entry, feed),
        url=entry.url,
        outlet=outlet_of(feed, state),
        title=one_line(entry.title),
        text=extract.fragment(text),
        language=extract.language_of(f"{entry.title}\n{text}", prior=prior),
        published=_published(entry.published, None, waiting.first_seen),
        seen=now,
        agency=agency(f"{text}\n{entry.author}"),
        source="feed",
        baseline=waiting.baseline,
    )
    return Read(document=document, fallback=fallback)


def _from_page(
    waiting: Waiting, feed: Feed, state: FeedState, page: Extracted, now: datetime
) -> Document:
    entry = waiting.entry
    url = page.canonical_url or entry.url
    return Document(
        id=document_id(entry, feed),
        url=url,
        outlet=outlet_of(feed, state),
        title=one_line(entry.title or page.title),
        text=page.text,
        language=page.language or feed.language or state.language,
        published=_published(
            entry.published, page.published if page.dated_by == "page" else None, waiting.first_seen
        ),
        seen=now,
        agency=page.agency or agency(entry.author),
        source="page",
        baseline=waiting.baseline,
    )


def _is_dated(feed: datetime | None, seen: datetime) -> bool:
    return feed is not None and abs(seen - feed) <= TRUSTED_DATE


def _published(feed: datetime | None, page: datetime | None, seen: datetime) -> datetime:
    """Trust the feed's date, then the page's own, then first sight; the future never."""
    if feed is not None and _is_dated(feed, seen):
        return min(feed, seen)
    return min(page or feed or seen, seen)
