"""How values from outside become harmless in each form (see docs/design.md, delivery)."""

import html
import re
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from monitor import text

LONGEST_LINK = 1_000  # of a chat: a longer address would leave no room for words
_UNSPOKEN = "\u200b"  # after "@": nobody is pinged, nothing is seen
_MARKDOWN = re.compile(r"[\\`*_{}\[\]()#+\-.!|<>~&]")
_MARKS = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_PILE = re.compile(f"({_MARKS}{{3}}){_MARKS}+")  # more of them cover the lines above
_ANGLES = str.maketrans("<>", "‹›")  # SHORT reaches services whose markup we do not know
_LINK_SAFE = "/:?#=&;%+,.-_~!$"


def plain(value: object) -> Markup:
    """One line without controls, terminal codes or bidi tricks; for parts that have no markup."""
    return Markup(_line(value))  # noqa: S704 - this form has no markup


def page(value: object) -> Markup:
    """For the HTML part of a mail."""
    return Markup(html.escape(_line(value)))  # noqa: S704 - escaped here


def chat(value: object) -> Markup:
    """For services that take a little HTML: also no pings."""
    return Markup(_silent(html.escape(_line(value))))  # noqa: S704 - escaped here


def markdown(value: object) -> Markup:
    return Markup(_silent(_MARKDOWN.sub(r"\\\g<0>", _line(value))))  # noqa: S704 - escaped here


def short(value: object) -> Markup:
    """For services we do not know: no pings, no angle brackets."""
    return Markup(_silent(_line(value).translate(_ANGLES)))  # noqa: S704 - no markup is left


def _line(value: object) -> str:
    if value is None:
        return ""
    return _PILE.sub(r"\1", " ".join(text.clean(str(value)).split()))


def _silent(value: str) -> str:
    return value.replace("@", f"@{_UNSPOKEN}")


def web_url(url: str) -> str:
    """Give an address that may stand in a link, or "": only http and https are clickable."""
    url = _line(url)
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    return quote(url, safe=_LINK_SAFE)


def page_link(url: str, words: object = "") -> Markup:
    if not (href := web_url(url)):
        return page(words)
    return Markup(f'<a href="{html.escape(href)}">{page(words or href)}</a>')  # noqa: S704 - escaped


def chat_link(url: str, words: object) -> Markup:
    href = web_url(url)
    if not href or len(href) > LONGEST_LINK:
        return chat(words)
    return Markup(f'<a href="{html.escape(href)}">{chat(words)}</a>')  # noqa: S704 - escaped


def markdown_link(url: str, words: object) -> Markup:
    href = web_url(url)
    if not href or len(href) > LONGEST_LINK:
        return markdown(words)
    inner = "".join(f"%{ord(each):02X}" if each in "_~!" else each for each in href)
    return Markup(f"[{markdown(words)}]({inner})")  # noqa: S704 - escaped


def plain_link(url: str, words: object = "") -> Markup:
    """Text shows the address itself."""
    return Markup(" ").join(filter(None, (plain(words), Markup(web_url(url)))))  # noqa: S704 - quoted


def short_link(url: str, words: object = "") -> Markup:
    return Markup(" ").join(filter(None, (short(words), Markup(web_url(url)))))  # noqa: S704 - quoted
