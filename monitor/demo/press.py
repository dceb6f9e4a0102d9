"""The outlets of the story as web sites on loopback: feeds with ETags, pages with furniture."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import format_datetime
from hashlib import blake2b
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from monitor.demo.story import Outlet, Story, StoryArticle

HOST = "127.0.0.1"
TEASER = 150  # characters


@dataclass(slots=True)
class Press:
    """What the outlets have published so far, and how often they were asked."""

    story: Story
    origin: str = ""
    published: list[StoryArticle] = field(default_factory=list)
    requests: int = 0
    unchanged: int = 0  # answered 304: the asker had it already

    @property
    def port(self) -> int:
        return int(self.origin.rpartition(":")[2])

    def publish(self, article: StoryArticle) -> None:
        self.published.append(article)

    def feed_url(self, outlet: Outlet) -> str:
        return f"{self.origin}/{outlet.key}/feed"

    def page_url(self, article: StoryArticle) -> str:
        return f"{self.origin}/{article.outlet}/{article.key}"

    def answer(self, path: str) -> tuple[str, str] | None:
        """Give content type and body of a path, None where there is nothing."""
        _, key, name = (*path.split("/"), "", "")[:3]
        outlet = next((each for each in self.story.outlets if each.key == key), None)
        if outlet is None:
            return None
        own = [each for each in reversed(self.published) if each.outlet == key]
        if name == "feed":
            write = _rss if outlet.feed == "rss" else _atom
            return f"application/{outlet.feed}+xml", write(self, outlet, own)
        article = next((each for each in own if each.key == name), None)
        return ("text/html", _page(self, outlet, article, own)) if article else None


@contextmanager
def press(story: Story) -> Iterator[Press]:
    """Serve the story's outlets on a free port while the block lasts."""
    served = Press(story)

    class Desk(_Desk):
        press = served

    server = ThreadingHTTPServer((HOST, 0), Desk)
    server.daemon_threads = True
    served.origin = f"http://{HOST}:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()


class _Desk(BaseHTTPRequestHandler):
    press: Press
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        found = self.press.answer(self.path)
        self.press.requests += 1
        if found is None:
            self._send(HTTPStatus.NOT_FOUND, "text/plain", b"")
            return
        kind, words = found
        body = words.encode()
        tag = f'"{blake2b(body, digest_size=8).hexdigest()}"'
        if self.headers.get("If-None-Match") == tag:
            self.press.unchanged += 1
            self._send(HTTPStatus.NOT_MODIFIED, kind, b"", tag)
        else:
            self._send(HTTPStatus.OK, kind, body, tag)

    def _send(self, status: HTTPStatus, kind: str, body: bytes, tag: str = "") -> None:
        self.send_response(status)
        if tag:
            self.send_header("ETag", tag)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        if status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Say nothing: the terminal belongs to the story."""


# -- what they serve ------------------------------------------------------------------------------


def _html(article: StoryArticle) -> str:
    return "\n".join(f"<p>{escape(each)}</p>" for each in article.paragraphs)


def _teaser(article: StoryArticle) -> str:
    first = article.paragraphs[0]
    return first if len(first) <= TEASER else first[:TEASER].rpartition(" ")[0] + " …"


def _rss(press: Press, outlet: Outlet, articles: Sequence[StoryArticle]) -> str:
    items = "".join(
        f"<item><title>{escape(each.title)}</title><link>{press.page_url(each)}</link>"
        f'<guid isPermaLink="false">{each.key}</guid>'
        f"<pubDate>{format_datetime(each.at)}</pubDate>"
        f"<description>{escape(_teaser(each))}</description>"
        + (f"<content:encoded>{escape(_html(each))}</content:encoded>" if outlet.whole else "")
        + "</item>"
        for each in articles
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>{escape(outlet.name)}</title><link>{press.origin}/{outlet.key}</link>"
        f"<description>News</description><language>en</language>{items}</channel></rss>"
    )


def _atom(press: Press, outlet: Outlet, articles: Sequence[StoryArticle]) -> str:
    entries = "".join(
        f'<entry><id>tag:{outlet.key}.example,2026:{each.key}</id><title type="text">'
        f'{escape(each.title)}</title><link rel="alternate" href="{press.page_url(each)}"/>'
        f"<published>{each.at.isoformat()}</published><updated>{each.at.isoformat()}</updated>"
        f'<summary type="text">{escape(_teaser(each))}</summary>'
        + (f'<content type="html">{escape(_html(each))}</content>' if outlet.whole else "")
        + "</entry>"
        for each in articles
    )
    updated = max(each.at for each in articles).isoformat() if articles else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">'
        f"<id>tag:{outlet.key}.example,2026:feed</id><title>{escape(outlet.name)}</title>"
        f"<updated>{updated}</updated>{entries}</feed>"
    )


def _page(
    press: Press, outlet: Outlet, article: StoryArticle, articles: Sequence[StoryArticle]
) -> str:
    teasers = "".join(
        f'<li><a href="{press.page_url(each)}">{escape(each.title)}</a></li>'
        for each in articles
        if each is not article
    )
    name, title, stamp = escape(outlet.name), escape(article.title), article.at.isoformat()
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title} | {name}</title>
<meta property="og:title" content="{title}"><meta property="og:site_name" content="{name}">
<meta property="og:type" content="article">
<meta property="article:published_time" content="{stamp}"></head>
<body>
<header><a href="/{outlet.key}">{name}</a>
<nav><ul><li><a href="#">Home</a></li><li><a href="#">Region</a></li><li><a href="#">Sport</a></li>
<li><a href="#">Weather 7 °C</a></li></ul></nav></header>
<main><article><h1>{title}</h1>
<p class="byline"><time datetime="{stamp}">{article.at.day} {article.at:%B %Y, %H:%M}</time></p>
{_html(article)}
</article></main>
<aside><p class="advert">{escape(outlet.promotion)}</p>
<h2>More news</h2><ul>{teasers}</ul></aside>
<footer><p>© {article.at:%Y} {name}. All rights reserved.</p></footer>
</body></html>"""
