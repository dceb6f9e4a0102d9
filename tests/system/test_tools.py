"""The everyday commands against a store of two thousand documents, whose answers are known."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from monitor import cli, config
from monitor.cli.setup import placed
from monitor.store.store import Store
from tests.system import library
from tests.system.newsroom import Daemon, PostOffice, Press

DOCUMENTS = 2_000
EVENTS = DOCUMENTS // library.PER_EVENT


class Answer(NamedTuple):
    code: int
    out: str
    err: str

    def json(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Ask = Callable[..., Answer]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("library")
    library.fill(folder / "state", DOCUMENTS)
    return folder


@pytest.fixture
def ask(filled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Ask a copy of the filled store, so that no test sees what another changed."""
    shutil.copytree(filled / "state", tmp_path / "state")
    config = tmp_path / "newsmon.toml"
    config.write_text(library.config(tmp_path / "state"), encoding="utf-8")

    def asked(*words: str) -> Answer:
        capsys.readouterr()
        code = cli.run([*words, "--config", str(config)])
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return asked


def told(number: int) -> list[dict[str, Any]]:
    """What the library tells of an event."""
    first = number * library.PER_EVENT
    return [each for each in library.articles(DOCUMENTS) if first <= each["number"] < first + 5]


def event(number: int) -> str:
    return str(library.event_name(number))


def document(number: int) -> str:
    return str(library.document_name(number))


# -- looking --------------------------------------------------------------------------------------


def test_status_counts_what_the_store_holds(ask: Ask) -> None:
    (status,) = ask("status", "--json").json()
    assert status["totals"]["documents"] == DOCUMENTS
    assert status["totals"]["copies"] == EVENTS  # one of five
    assert status["totals"]["events"] == EVENTS
    assert status["totals"]["changes"] == 2 * EVENTS
    assert status["outbox"] == {"held": 0, "waiting": 0, "unknown": 0, "dead": 0}


def test_events_are_listed_the_newest_first_and_narrowed_down(ask: Ask) -> None:
    every = ask("events", "--json").json()
    assert [each["event"] for each in every] == [event(n) for n in reversed(range(EVENTS))]
    assert every[0]["independent_sources"] == 4  # five articles, one of them a copy
    assert every[0]["announced"] == ["desk"]
    assert every[0]["figures"][0]["value"]["low"] == told(EVENTS - 1)[-1]["toll"]
    since = ask("events", "--since", "2026-03-01T11:00", "--json").json()
    assert {each["last_seen"] >= "2026-03-01T11:00:00Z" for each in since} == {True}
    assert 0 < len(since) < EVENTS
    assert len(ask("events", "--watch", "Disasters", "--json").json()) == EVENTS
    assert ask("events", "--watch", "Nothing", "--json").out == ""
    assert len(ask("events", "--outlet", "Herald", "--limit", "3", "--json").json()) == 3


def test_a_list_that_was_cut_says_so_where_programs_do_not_read(ask: Ask) -> None:
    answer = ask("events", "--limit", "2")
    assert answer.out.count("ev-") == 2
    assert f"2 of {EVENTS} events" in answer.err


def test_show_tells_an_event_in_order_of_time(ask: Ask) -> None:
    lines = ask("show", event(3)).out.splitlines()
    marks = [line[19] for line in lines if line.startswith("  2026-")]
    # an opening; two that raise the figure, each told; the copy; the last
    assert "".join(marks) == "++#>+#>=+"
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(
    "words",
    [
        ("status",),
        ("feeds", "list"),
        ("events", "--limit", "5"),
        ("show", event(9)),
        ("figures", event(9)),
        ("why", event(9)),
        ("why", document(45)),
        ("search", "queues", "--limit", "5"),
        ("watch", "suggest", event(9)),
    ],
    ids=" ".join,
)
def test_nothing_is_wider_than_a_terminal_and_no_colour_goes_into_a_pipe(
    ask: Ask, words: tuple[str, ...]
) -> None:
    answer = ask(*words)
    assert answer.out
    assert "\x1b" not in answer.out
    assert max(map(len, answer.out.splitlines())) <= 80


def test_why_gives_the_reasons_of_an_article(ask: Ask) -> None:
    article = told(9)[1]
    toll, name = article["toll"], document(article["number"])
    lines = ask("why", name).out.splitlines()
    assert lines[0] == article["title"]
    assert lines[1] == f"{name}  Gazette, {article['published']:%Y-%m-%d %H:%M} UTC"
    assert lines[3:8] == [
        "TEXT      an original",
        f"EVENT     {event(9)}: joined with score 0.90 by killed 0.50",
        "          seen in it: likeness 0.40",
        "WATCHES   Disasters: killed",
        f"FIGURES   killed  at least {toll}: silent - told",
    ]
    assert lines[-1].startswith("          figure changed ch-")
    assert lines[-1].endswith(": posted to desk")
    assert ask("why", f"https://gazette.example/{article['number']}").out.splitlines() == lines


def test_why_gives_the_reasons_of_a_copy_an_event_a_figure_and_a_change(ask: Ask) -> None:
    opening, copy = told(9)[0], told(9)[3]
    of = document(opening["number"])
    said = ask("why", document(copy["number"])).out
    assert f"TEXT      a copy of {of}: 100% of its words, 100% of the other's\n" in said
    assert f"EVENT     {event(9)}: repeats {of}\n" in said
    said = ask("why", event(9)).out
    assert f"ARTICLES  {of}  Courier: opened it\n" in said
    assert f"FIGURES   {event(9)}/killed  People killed: at least " in said
    change = said.split("ch-")[1].split(":")[0]
    said = ask("why", f"{event(9)}/killed").out
    assert f"READ      {of}  Courier:  at least {opening['toll']}: silent - told\n" in said
    said = ask("why", f"ch-{change}").out
    assert "\nBECAUSE   it rose\nNOW       at least " in said
    assert said.endswith("\nTOLD      figure changed: posted to desk\n")


def test_figures_list_each_reading_in_time(ask: Ask) -> None:
    (found,) = ask("figures", event(4), "--json").json()
    (figure,) = found["figures"]
    assert [each["low"] for each in figure["readings"]] == [each["toll"] for each in told(4)]
    assert not figure["ignored"]


def test_search_shows_the_sentence_and_narrows_down(ask: Ask) -> None:
    name = told(7)[0]["title"].split()[2].rstrip(":")
    found = ask("search", name, "--json").json()
    assert [each["document"] for each in found] == [document(n) for n in range(39, 34, -1)]
    assert name in found[0]["snippet"]
    only = ask("search", name, "--outlet", "Herald", "--json").json()
    assert [each["outlet"] for each in only] == ["Herald"]
    assert ask("search", "zzzz").code == 1


def test_feeds_are_listed_with_their_health_and_share_of_copies(ask: Ask) -> None:
    rows = {each["url"]: each for each in ask("feeds", "list", "--json").json()}
    # twenty feeds take turns, so that every fourth article of five falls to the same ones
    assert rows["https://feeds.example/3"]["copies"] == 1.0
    assert rows["https://feeds.example/2"]["copies"] == 0.0
    assert {each["entries"] for each in rows.values()} == {DOCUMENTS // 20}


def test_suggested_words_find_the_event_and_nothing_else(ask: Ask) -> None:
    best = ask("watch", "suggest", event(7), "--json").json()[0]
    assert (best["found"], best["missed"], best["others"]) == (5, 0, 0)
    tried = ask("watch", "try", " AND ".join(best["terms"]), "--since", "2026-01-01", "--json")
    assert {each["event"] for each in tried.json()} == {event(7)}


# -- correcting -----------------------------------------------------------------------------------


def test_merged_events_are_one_under_both_names_and_why_says_who_did_it(ask: Ask) -> None:
    assert ask("events", "merge", event(3), event(4), "--note", "one crash").code == 0
    (found,) = ask("show", event(4), "--json").json()
    assert found["event"] == event(3)
    assert len(found["articles"]) == 10
    (why,) = ask("why", event(3), "--json").json()
    assert [(each["kind"], each["note"]) for each in why["by_hand"]] == [("merge", "one crash")]
    again = ask("events", "merge", event(3), event(4))
    assert again.code == 1
    assert "already" in again.err


@pytest.mark.parametrize("figure", ["", "/killed"], ids=["event", "figure"])
def test_a_mute_holds_and_ends_under_either_name_of_a_merged_event(ask: Ask, figure: str) -> None:
    kept, gone = f"{event(3)}{figure}", f"{event(4)}{figure}"
    assert ask("mute", gone, "--for", "1d").code == 0
    ask("events", "merge", event(3), event(4))
    assert ask("unmute", kept).out == f"{kept} is no longer muted\n"
    assert ask("mute", gone, "--for", "1d").out.startswith(f"{kept} is muted until")
    assert ask("unmute", gone).code == 0
    assert ask("mutes").out == "nothing is muted\n"


def test_split_articles_take_their_copies_along_and_the_figures_part(ask: Ask) -> None:
    first = document(15)  # its copy is 18
    said = ask("events", "split", event(3), first).out
    new = next(word for word in said.split() if word.startswith("ev-"))
    (gone,) = ask("show", new, "--json").json()
    (left,) = ask("show", event(3), "--json").json()
    assert [each["document"] for each in gone["articles"]] == [first, document(18)]
    assert len(left["articles"]) == 3
    (figures,) = ask("figures", event(3), "--json").json()
    lows = [each["low"] for figure in figures["figures"] for each in figure["readings"]]
    tolls = [each["toll"] for each in told(3)]
    assert sorted(lows) == sorted([tolls[1], tolls[2], tolls[4]])


def test_what_was_split_can_be_merged_again(ask: Ask) -> None:
    said = ask("events", "split", event(3), document(16)).out
    new = next(word for word in said.split() if word.startswith("ev-"))
    assert ask("events", "merge", event(3), new).code == 0
    (found,) = ask("show", new, "--json").json()
    assert len(found["articles"]) == 5
    assert [each["kind"] for each in found["by_hand"]] == ["split", "merge"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("events", "merge", event(1), "ev-unknown"), "nothing is known of ev-unknown"),
        (("events", "merge", event(1), event(1)), "already"),
        (("events", "split", event(1), document(99)), "not of"),
        (("events", "split", event(1), *(document(n) for n in range(5, 10))), "all of"),
        (("events", "split", event(1), "https://nowhere.example/"), "no kept article"),
        (("figures", "join", f"{event(1)}/killed", f"{event(2)}/killed"), "two events"),
        (("figures", "ignore", f"{event(1)}/wounded"), "no figure"),
        (("figures", "separate", f"{event(1)}/killed", document(99)), "not none and not all"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_correction_that_cannot_be_is_refused_and_changes_nothing(
    ask: Ask, words: tuple[str, ...], said: str
) -> None:
    before = ask("export").out
    answer = ask(*words)
    assert answer.code == 1
    assert said in answer.err
    assert ask("export").out == before


def test_figures_are_separated_joined_and_ignored(ask: Ask) -> None:
    figure = f"{event(5)}/killed"
    assert ask("figures", "separate", figure, document(26)).code == 0
    (parted,) = ask("figures", event(5), "--json").json()
    held = {each["series"]: [r["document"] for r in each["readings"]] for each in parted["figures"]}
    assert held[f"{figure}-2"] == [document(26)]
    assert ask("figures", "join", figure, f"{figure}-2").code == 0
    assert ask("figures", "ignore", figure, "--note", "a count of cars").code == 0
    (whole,) = ask("figures", event(5), "--json").json()
    assert [(each["series"], each["ignored"]) for each in whole["figures"]] == [(figure, True)]
    (shown,) = ask("show", event(5), "--json").json()
    assert shown["figures"] == []
    assert ask("figures", "ignore", figure).code == 1
    assert ask("figures", "ignore", figure, "--undo").code == 0


# -- forgetting -----------------------------------------------------------------------------------


def test_forgotten_words_are_nowhere_in_the_files(ask: Ask, tmp_path: Path) -> None:
    name = told(11)[0]["title"].split()[2].rstrip(":")
    for article in told(11):
        url = f"https://{article['outlet'].lower()}.example/{article['number']}"
        answer = ask("forget", url, "--yes", "--note", "asked for", "--json")
        assert answer.json()[0]["documents"] == 1
    assert ask("search", name).code == 1
    for file in (tmp_path / "state").iterdir():
        content = file.read_bytes().lower()
        assert name.lower().encode() not in content, file.name
    assert ask("why", document(55)).code == 1


def test_a_forgotten_article_is_not_taken_in_again(ask: Ask, tmp_path: Path) -> None:
    url = "https://courier.example/60"
    assert ask("forget", url, "--yes").code == 0
    store = Store.open(tmp_path / "state")
    assert store.inbox.is_forgotten(url)
    assert not store.inbox.is_forgotten("https://courier.example/65")


def test_an_outlet_is_forgotten_up_to_now(ask: Ask) -> None:
    (answer,) = ask("forget", "Herald", "--yes", "--json").json()
    assert answer["documents"] == EVENTS
    assert ask("events", "--outlet", "Herald", "--json").out == ""
    assert ask("forget", "Herald", "--yes").code == 1


# -- archives -------------------------------------------------------------------------------------


def test_an_archive_replays_with_the_corrections_in_it(ask: Ask, tmp_path: Path) -> None:
    ask("forget", "Herald", "--yes")  # a smaller archive is replayed sooner
    ask("events", "merge", event(397), event(398), "--note", "one storm")
    archive = tmp_path / "archive.jsonl"
    exported = ask("export", "--since", "2026-03-01T11:10", "--out", str(archive))
    assert "publishers" in exported.err
    rows = [json.loads(line) for line in archive.read_text("utf-8").splitlines()]
    assert [each["override"] for each in rows if "override" in each] == ["merge"]
    lines = ask("replay", str(archive)).json()
    assert ask("replay", str(archive)).json() == lines
    groups = [set(each["documents"]) for each in lines if each["type"] == "event"]
    assert any({document(1985), document(1990)} <= group for group in groups)


def test_two_configs_are_compared_by_what_they_would_announce(ask: Ask, tmp_path: Path) -> None:
    archive = tmp_path / "archive.jsonl"
    ask("export", "--since", "2026-03-01T11:40", "--out", str(archive))
    other = tmp_path / "other.toml"
    config = (tmp_path / "newsmon.toml").read_text("utf-8")
    other.write_text(config.replace('any = ["killed"]', 'any = ["landslide"]'), "utf-8")
    answer = ask("replay", str(archive), "--against", str(other), "--json")
    assert answer.code == 1
    assert {each["only"] for each in answer.json()} == {"config"}
    assert ask("replay", str(archive), "--against", str(tmp_path / "newsmon.toml")).code == 0


def test_broken_lines_of_an_archive_are_named_and_the_rest_is_taken(
    ask: Ask, tmp_path: Path
) -> None:
    archive = tmp_path / "archive.jsonl"
    ask("export", "--since", "2026-03-01T11:45", "--out", str(archive))
    good = archive.read_text("utf-8").splitlines()
    broken = ["{", "[1]", '{"override": "undo", "what": ["a"]}', '{"override": "merge"}', good[0]]
    archive.write_text("\n".join([*good, *broken]), "utf-8")
    answer = ask("replay", str(archive))
    for number in range(len(good) + 1, len(good) + len(broken) + 1):
        assert f"line {number}:" in answer.err
    documents = [each for each in answer.json() if each["type"] == "document"]
    assert len(documents) == len(good)


# -- feeds ----------------------------------------------------------------------------------------


def page(content: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(len(content.encode())))
        request.end_headers()
        request.wfile.write(content.encode())

    return answer


def nothing(request: BaseHTTPRequestHandler) -> None:
    request.send_error(404)


def test_a_feed_is_found_from_any_page_previewed_and_added_once(
    press: Press, daemon: Daemon
) -> None:
    press.publish(7, "one", "Lindar bridge closed", "The bridge of Lindar is closed. " * 9)
    press.publish(8, "page", "Home", "Welcome to our paper, which has many pages. " * 9)
    allow = f"127.0.0.1/32:{press.port}"
    link = f'<link rel="alternate" type="application/rss+xml" href="{press.url(7)}">'
    press.answers["/home"] = page(f"<!doctype html><html><head>{link}</head><body>hi</body></html>")
    before = daemon.config.read_text("utf-8")
    url = f"http://127.0.0.1:{press.port}/home"
    preview = daemon.command("feeds", "add", url, "--allow-private", allow, "--dry-run")
    assert "Lindar bridge closed" in preview.stdout
    assert 'watch "everything from Lindar" finds 1' in preview.stdout
    assert daemon.config.read_text("utf-8") == before
    (added,) = daemon.json("feeds", "add", url, "--allow-private", allow, "--outlet", "Paper")
    assert (added["url"], added["added"]) == (press.url(7), True)
    (again,) = daemon.json("feeds", "add", url, "--allow-private", allow)
    assert (again["known"], again["added"]) == (True, False)
    assert daemon.command("feeds", "remove", "Paper").returncode == 0
    assert daemon.config.read_text("utf-8") == before


def test_a_site_without_feeds_is_followed_by_its_news_sitemap(press: Press, daemon: Daemon) -> None:
    url = press.publish(8, "page", "Home", "Welcome to our paper, which has many pages. " * 9)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    news = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">'
        f"<url><loc>{press.url(8, 'dam')}</loc><news:news><news:publication><news:name>Paper"
        "</news:name><news:language>en</news:language></news:publication>"
        f"<news:publication_date>{at}</news:publication_date>"
        "<news:title>Dam of Lindar bursts</news:title></news:news></url></urlset>"
    )
    sitemap = f"http://127.0.0.1:{press.port}/news-sitemap.xml"
    for place in ("feed", "rss", "feed.xml", "rss.xml", "atom.xml", "index.xml", "feed.json"):
        press.answers[f"/{place}"] = nothing
    press.answers["/robots.txt"] = page(f"Sitemap: {sitemap}\n")
    press.answers["/news-sitemap.xml"] = page(news)
    allow = f"127.0.0.1/32:{press.port}"
    (found,) = daemon.json("feeds", "add", url, "--allow-private", allow, "--dry-run")
    assert (found["url"], found["status"]) == (sitemap, "ok")
    assert found["newest"][0]["title"] == "Dam of Lindar bursts"


def test_a_page_without_a_feed_is_said_to_be_one(press: Press, daemon: Daemon) -> None:
    url = press.publish(8, "page", "Home", "Welcome to our paper, which has many pages. " * 9)

    for place in ("feed", "rss", "feed.xml", "rss.xml", "atom.xml", "index.xml", "feed.json"):
        press.answers[f"/{place}"] = nothing
    press.answers["/robots.txt"] = press.answers["/sitemap.xml"] = nothing
    done = daemon.command("feeds", "add", url, "--allow-private", f"127.0.0.1/32:{press.port}")
    assert done.returncode == 69
    assert "names no feed" in " ".join(done.stdout.split())


# -- beginning ------------------------------------------------------------------------------------


def newsmon(folder: Path, *words: str, given: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "monitor", *words],
        cwd=folder,
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_from_nothing_to_the_first_digest_by_flags_alone(press: Press, tmp_path: Path) -> None:
    allow = f"127.0.0.1/32:{press.port}"
    begun = newsmon(
        tmp_path, "init", "--target", "feed:state/events.atom", "--feed", press.url(1),
        "--feed", press.url(2), "--watch", "Lindar, dam*", "--allow-private", allow,
    )  # fmt: skip
    assert begun.returncode == 0, begun.stderr
    config = tmp_path / "config/newsmon.toml"
    assert config.stat().st_mode & 0o777 == 0o600
    assert config.with_name("newsmon.schema.json").is_file()
    assert newsmon(tmp_path, "init").returncode == 73  # never over an existing one
    proven = newsmon(tmp_path, "check", "--online")
    assert proven.returncode == 0, proven.stdout
    newsmon(tmp_path, "run", "--once")
    press.publish(1, "dam", "Dam of Lindar bursts", "The dam of Lindar burst at dawn. " * 12)
    done = newsmon(tmp_path, "run", "--once")
    assert done.returncode == 0, done.stderr
    assert "Dam of Lindar bursts" in (tmp_path / "state/events.atom").read_text("utf-8")


def test_without_a_terminal_and_without_flags_init_writes_the_sample(tmp_path: Path) -> None:
    assert newsmon(tmp_path, "init", "deep/er/n.toml").returncode == 0
    assert "[[target]]" in (tmp_path / "deep/er/n.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("place", "state"),
    [
        ("/etc/newsmon/newsmon.toml", "/var/lib/newsmon"),
        ("/home/joe/.config/newsmon/newsmon.toml", "/home/joe/.local/state/newsmon"),
        ("/home/joe/news/newsmon.toml", "state"),
    ],
)
def test_the_sample_keeps_its_state_where_every_command_finds_it(place: str, state: str) -> None:
    joe = {"HOME": "/home/joe"}
    sample = Path(__file__).parents[2].joinpath("config/newsmon.toml").read_text("utf-8")
    begun = config.parse(placed(sample, Path(place), joe), place, joe)
    assert config.state_folder(begun, Path(place), joe) == Path(state)


def test_feeds_add_asks_through_the_proxy_of_the_config(press: Press, tmp_path: Path) -> None:
    feed = "<rss version='2.0'><channel><title>Gazette</title></channel></rss>"
    press.answers["http://gazette.example/feed"] = page(feed)
    (tmp_path / "c.toml").write_text(f'[monitor]\nproxy = "http://127.0.0.1:{press.port}"\n')
    words = ("feeds", "add", "http://gazette.example/feed", "--dry-run", "--config", "c.toml")
    done = newsmon(tmp_path, *words)
    assert done.returncode == 0, done.stdout
    assert "Gazette: 0 entries" in done.stdout


@pytest.mark.parametrize(
    ("flag", "answer", "said"),
    [
        ("--feed", "ftp://a.example/", "is no web address"),
        ("--target", "desk@a.example", "a mail address alone - write mailtos://"),
        ("--target", "nonsense", "no service address"),
    ],
)
def test_answers_that_make_no_config_are_refused_before_anything_is_written(
    tmp_path: Path, flag: str, answer: str, said: str
) -> None:
    done = newsmon(tmp_path, "init", flag, answer, "--watch", "x")
    assert done.returncode == 78
    assert said in done.stderr
    assert not (tmp_path / "config").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("evnts",), '"evnts" is no command - did you mean "events"?'),
        (("feeds", "ad"), '"ad" is no command - did you mean "add"?'),
        (("watch", "try", ""), "no words to try"),
        (("search", "dam", "--limit", "0"), "'--limit'"),
        (("figures", "ignore", f"{event(3)}/trees"), f"newsmon figures {event(3)} names them"),
        (("outbox", "drop", "ch-abc@desk"), "newsmon mute silences what is held"),
    ],
)
def test_a_slip_of_the_hand_is_told_with_what_to_write_instead(
    ask: Ask, words: tuple[str, ...], said: str
) -> None:
    answer = ask(*words)
    assert answer.code in (1, 64)
    assert said in answer.err


def test_the_config_may_be_named_before_the_command(tmp_path: Path) -> None:
    empty = tmp_path / "empty.toml"
    empty.touch()
    done = newsmon(tmp_path, "--config", "empty.toml", "check")
    assert done.returncode == 0, done.stderr
    for warning in ("no [[feed]]: nothing is read", "no [[target]]: nobody is told"):
        assert warning in done.stdout


def test_a_file_that_is_no_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Monday\n\nTuesday\n")
    done = newsmon(tmp_path, "replay", "notes.txt")
    assert done.returncode == 64
    assert done.stderr.splitlines() == [
        "newsmon: line 1: is no JSON - left out",
        "newsmon: line 3: is no JSON - left out",
        "newsmon: notes.txt: holds no article - newsmon export writes such an archive",
    ]


def test_check_online_names_each_feed_and_target_that_does_not_answer(
    press: Press, daemon: Daemon
) -> None:
    config = daemon.config.read_text("utf-8")
    url = press.url(2)
    daemon.config.write_text(
        re.sub(r"(mailto://127.0.0.1:)\d+", r"\g<1>1", config).replace(
            f'"{url}"', f'"{url}/no-such"'
        ),
        "utf-8",
    )
    (answer,) = daemon.json("check", "--online")
    assert not answer["ok"]
    feed, target = answer["problems"]
    assert "/no-such" in feed
    assert '"desk"' in target


def test_a_mail_server_that_refuses_the_recipient_is_named_without_a_letter_sent(
    post: PostOffice, daemon: Daemon
) -> None:
    assert daemon.command("check", "--online").returncode == 0
    assert post.mails == []
    post.refused.add("desk@example.org")
    (answer,) = daemon.json("check", "--online")
    assert "refused the recipient" in answer["problems"][0]
