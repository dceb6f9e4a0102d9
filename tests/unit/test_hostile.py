"""Five hundred strings that mean harm, through every form: none alive, none lost, none too long."""

import json
import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pytest

from monitor import text
from monitor.config import Target
from monitor.model import Digest, FigureLine, Form, SeriesId
from monitor.render import MAIL_LIMIT, load_templates, render
from monitor.testing import EVENT, digest, figure_changed, item, observation, reading, source

DESK = Target.model_validate({"name": "desk", "url": "json://h"})
OURS = load_templates()
LIMITS = {
    Form.MAIL: MAIL_LIMIT,
    Form.HTML: 4_079,
    Form.MARKDOWN: 1_983,
    Form.SHORT: 483,
    Form.JSON: 1 << 31,
}

SEEDS = Path(__file__).with_name("hostile.txt")  # one a line; "## " begins a chapter


def unescaped(seed: str) -> str:
    r"""Read `\x1b`, `\u202e`, `\r`, `\n`, `\t` and `\\`."""
    meant = {"r": "\r", "n": "\n", "t": "\t", "\\": "\\"}

    def one(found: re.Match[str]) -> str:
        return chr(int(found[1] or found[2], 16)) if found[1] or found[2] else meant[found[3]]

    return re.sub(r"\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|([rnt\\]))", one, seed)


def strings() -> list[str]:
    """Every seed, then seeds joined, repeated, covered with marks: 500 in all, always the same."""
    lines = SEEDS.read_text("utf-8").splitlines()
    seeds = [unescaped(line) for line in lines if not line.startswith("## ")]
    chance = random.Random(6)  # noqa: S311 - the same strings every time
    found = dict.fromkeys(seeds)
    while len(found) < 500:
        one, two, three = chance.choices(seeds, k=3)
        marks = "".join(chr(chance.randrange(0x300, 0x36F)) for _ in range(40))
        made = chance.choice(
            [
                f"{one}{two}",
                f"{one} {two} {three}",
                one * 30,
                f"a{marks}b{one}",
                f"{one}{'x' * 400}",
            ]
        )
        found[made] = None
    return list(found)


HOSTILE = strings()


def everywhere(words: str) -> Digest:
    """Put a string wherever words from outside stand."""
    stated = reading(f"{words} 12 dead", "12", 12, claimant=words)
    told = observation(stated, document="a1", outlet=words)
    figure = SeriesId(f"{EVENT}/killed")
    change = replace(figure_changed(told, told, label=words, reason=words), series=figure)
    where = replace(
        source("a1", words, title=words, agency=words), url=f"https://a.example/{words}"
    )
    line = FigureLine(series=figure, label=words, values=(told,), disputed=True)
    around = {"watches": (words,), "terms": (words,), "joined_by": (words,), "sources": (where,)}
    new = item(words, lead=((words, 1),), figures=(line,), **around)  # type: ignore[arg-type]
    changed = item(words, opened=False, changes=(change,), **around)  # type: ignore[arg-type]
    return digest(new, replace(changed, also=(line,)), notes=(words,))


class Seen(HTMLParser):
    """What a browser would show, and what it would do."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        names = dict(attrs)
        assert not any(name.startswith("on") or name in ("src", "action") for name in names)
        if "href" in names:
            self.links.append(str(names["href"]))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


MAIL_TAGS = set(
    "html head meta title style body p h1 h2 b br span a table tr td div ul li code".split()
)
ALIVE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


def bare(words: str) -> str:
    """Letters and digits only: what must not get lost on the way."""
    return "".join(c for c in text.clean(words) if c.isalnum())


def ours(link: str) -> bool:
    return link.startswith(("https://a.example/", "https://a1.example/"))


def seen(form: Form, body: str) -> Iterator[str]:
    """Give the words that a reader of a form sees, after looking at what else it holds."""
    match form:
        case Form.MAIL | Form.SHORT:
            assert form is Form.MAIL or "<" not in body
            assert form is Form.MAIL or not re.search("@(?!\u200b)", body)
            yield body
        case Form.HTML:
            page = Seen(body)
            assert page.tags <= {"b", "a", "br"}
            assert all(map(ours, page.links))
            assert not re.search("@(?!\u200b)", body)
            yield "".join(page.words)
        case Form.MARKDOWN:
            assert not re.search("@(?!\u200b)", body)
            rest = re.sub(r"\\.", "", body)
            assert all(map(ours, re.findall(r"\]\(([^)]*)\)", rest)))
            assert not re.search("[`<~]", rest)
            yield re.sub(r"\\(.)", r"\1", body)
        case Form.JSON:
            whole = json.loads(body)
            yield whole["message"]


def size(form: Form, body: str) -> int:
    return len(body.encode()) if form is Form.SHORT else len(body.encode("utf-16-le")) // 2


@pytest.mark.parametrize("form", Form)
def test_five_hundred_hostile_strings_are_words_and_nothing_else(form: Form) -> None:
    assert len(HOSTILE) == 500
    for words in HOSTILE:
        told = render(everywhere(words), form, LIMITS[form], target=DESK, templates=OURS)
        assert size(form, told.text) <= LIMITS[form]
        (shown,) = seen(form, told.text)
        assert not ALIVE.search(told.subject + shown.replace("\n", "") + told.html), words
        assert "\n" not in told.subject
        start = bare(words[:60])  # a short text holds little more of it
        assert start in bare(shown), (words, shown)
        assert start in bare(told.subject), (words, told.subject)
        if form is Form.MAIL:
            page = Seen(told.html)
            assert page.tags <= MAIL_TAGS, words
            assert all(map(ours, page.links)), words
            assert start in bare("".join(page.words)), words
            assert len(told.html.encode()) <= MAIL_LIMIT


def test_a_webhook_gets_hostile_words_as_they_were() -> None:
    for words in HOSTILE:
        told = render(everywhere(words), Form.JSON, LIMITS[Form.JSON], target=DESK, templates=OURS)
        whole = json.loads(told.text.encode())
        assert whole["items"][0]["title"] == words
        assert whole["watches"] == [words]


def test_marks_that_cover_the_lines_above_are_thinned() -> None:
    covered = "Fe" + "\u0301\u0302\u0303\u0304\u0305" * 20 + "rry"
    told = render(everywhere(covered), Form.SHORT, 500, target=DESK, templates=OURS).text
    marks = max(
        len(run) for run in re.findall("[\u0300-\u036f]+", unicodedata.normalize("NFD", told))
    )
    assert marks <= 4
    assert "Vie\u0323\u0302t" in unicodedata.normalize("NFD", _short("Việt Nam"))


def _short(words: str) -> str:
    return render(everywhere(words), Form.SHORT, 500, target=DESK, templates=OURS).text


@pytest.mark.parametrize("word", ["кораблетроща", "船難", "x"])
def test_a_subject_without_blanks_is_cut_and_not_lost(word: str) -> None:
    title = word * 300
    subject = render(
        digest(item(title)), Form.MAIL, MAIL_LIMIT, target=DESK, templates=OURS
    ).subject
    assert 200 < len(subject) <= 250
    assert subject.startswith(f"New: {word}")


def test_an_address_with_hostile_parts_stays_one_link() -> None:
    words = 'x"><b>)'
    told = render(everywhere(words), Form.HTML, 4_000, target=DESK, templates=OURS).text
    assert f'<a href="https://a.example/{quote(words, safe="")}">' in told
