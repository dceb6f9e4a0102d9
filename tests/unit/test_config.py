"""The config file: everything in it becomes a value, every mistake a line that says what to do."""

import json
import re
from datetime import time, timedelta
from decimal import Decimal
from ipaddress import ip_network
from pathlib import Path

import pytest

from monitor.app import compile_watches
from monitor.config import Secret, find, json_schema, parse, private_network, state_folder
from monitor.config.values import duration, percent, quiet, size, when
from monitor.errors import ConfigError
from monitor.watch import warnings

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "config" / "newsmon.toml"
OPTION = re.compile(r"^#(?=\w+ = )", re.MULTILINE)  # an option left out, in the sample

TARGET = '[[target]]\nname = "desk"\nurl = "json://sink.example"\n'
WATCH = '[[watch]]\nname = "Floods"\nall = ["flood*"]\n'


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as told:
        parse(text, "newsmon.toml", {})
    return told.value.problems


# -- the sample -----------------------------------------------------------------------------------


def test_the_sample_loads_as_it_is_and_warns_of_nothing() -> None:
    config = parse(SAMPLE.read_text("utf-8"), str(SAMPLE), {})
    assert compile_watches(config)
    assert list(warnings(config.watches, config.words)) == []


def test_the_sample_loads_with_every_option_it_names() -> None:
    whole = OPTION.sub("", SAMPLE.read_text("utf-8"))
    config = parse(whole, "whole", {})
    assert compile_watches(config)
    assert config.feeds[1].allow_private == (private_network("10.1.2.0/24:8080"),)
    assert config.targets[1].heartbeat == "weekly"


def test_an_option_the_sample_calls_a_default_is_the_default() -> None:
    text = SAMPLE.read_text("utf-8")
    bare, whole = parse(text, "bare", {}), parse(OPTION.sub("", text), "whole", {})
    for key in ("backup", "log"):
        assert getattr(bare.monitor, key) == getattr(whole.monitor, key), key
    for key in ("every", "full_text"):
        assert getattr(bare.feeds[1], key) == getattr(whole.feeds[1], key), key
    for key in (
        *("when", "group_wait", "least_gap", "max_per_hour", "repeat_unknown_after"),
        *("min_sources", "at_most", "subject", "language"),
    ):
        assert getattr(bare.targets[1], key) == getattr(whole.targets[1], key), key


def test_the_sample_and_the_reference_name_every_key() -> None:
    definitions = json_schema()["$defs"]
    sample, reference = SAMPLE.read_text("utf-8"), (ROOT / "docs/interfaces.md").read_text("utf-8")
    for table in ("Monitor", "Feed", "Watch", "Target"):
        for key in definitions[table]["properties"]:
            assert re.search(rf"^#?{key} = ", sample, re.MULTILINE), f"{table}.{key}"
            assert f"`{key}`" in reference, f"{table}.{key}"


def test_the_schema_for_editors_is_current() -> None:
    written = json.loads((ROOT / "config/newsmon.schema.json").read_text("utf-8"))
    assert written == json_schema(), "newsmon schema > config/newsmon.schema.json"


# -- mistakes -------------------------------------------------------------------------------------


def test_every_mistake_is_told_at_once_with_line_and_remedy() -> None:
    text = """\
[monitor]
timezone = "Warsaw"

[[feed]]
url = "https://example.org/feed/"
evry = "15m"

[[watch]]
name = "Floods"
all = ["flood*"]
send_to = ["dsk"]

[[target]]
name = "desk"
url = "json://sink.example"
quiet = "23:00-23:00"
"""
    assert problems(text) == (
        'line 2  [monitor] timezone: "Warsaw" is no time zone - write an IANA name such as'
        ' "Europe/Warsaw"',
        'line 6  [[feed]] "https://example.org/feed/" "evry" is not known - did you mean "every"?',
        'line 11  [[watch]] "Floods": send_to "dsk" is no [[target]] - did you mean "desk"?',
        'line 16  [[target]] "desk" quiet: starts and ends at the same time, which would silence'
        " everything",
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[monitr]\n", '"monitr" is not known - did you mean "monitor"?'),
        ('[monitor]\nmetrics = "0.0.0.0:9464"\n', "is no place to listen"),
        ("monitor = 3\n", '"monitor" is no table - write [monitor]'),
        ('feed = "https://example.org"\n', '"feed" is no table - write [[feed]]'),
        ('[feed]\nurl = "https://example.org"\n', '"feed" is no table - write [[feed]]'),
        ("[[feed]]\n", '"url" is missing'),
        ('[[feed]]\nurl = "ftp://example.org"\n', "is no web address"),
        ('[[feed]]\nurl = "https://me:pw@example.org"\n', "user and password as keys"),
        ('[[feed]]\nurl = "https://example.org"\nevery = "soon"\n', "is no duration"),
        ('[[feed]]\nurl = "https://example.org"\nevery = "5s"\n', "at least 60s"),
        ('[[feed]]\nurl = "https://example.org"\nfull_text = "yes"\n', '"auto", "page" or "feed"'),
        (
            '[[feed]]\nurl = "https://example.org"\nfull_text = false\n',
            "full_text: false is not possible",
        ),
        ('[[feed]]\nurl = "https://example.org"\nallow_private = ["10.0.0.0/8"]\n', "and port"),
        ('[[feed]]\nurl = "https://a.example"\n' * 2, "stands twice - remove one"),
        ('[[watch]]\nname = "Empty"\n', "has no words"),
        (WATCH + WATCH, "stands twice - remove one"),
        (WATCH + 'any = ["fl*d"]\n', "* stands only at the end of a word"),
        (WATCH + 'any = ["{rivers}"]\n', "names no list under [words]"),
        (WATCH + 'any = ["the {rivers}"]\n', "a {list} stands alone"),
        (WATCH + 'change = "5"\n', "is no percentage"),
        (WATCH + 'near = { words = ["one"], within = 5 }\n', "near.words: lists too few"),
        (TARGET + 'max_per_hour = "few"\n', "max_per_hour: is no whole number"),
        ('[words]\nrivers = ["{others}"]\n', "names no list under [words]"),
        (TARGET + 'when = ["7:60"]\n', "is no time of day"),
        (TARGET + "when = []\n", "is no digest time"),
        (TARGET + "at_most = 0\n", "at_most"),
        (TARGET + 'fallback = "desk"\n', "fallback names itself"),
        (TARGET + 'fallback = "ops"\n', 'fallback "ops" is no [[target]]'),
        (TARGET + 'url = "json://b.example"\n', "not TOML"),
        ("[monitor\n", "not TOML"),
    ],
)
def test_a_mistake_is_named_in_the_words_of_the_file(text: str, said: str) -> None:
    assert any(said in each for each in problems(text)), problems(text)


def test_an_internal_feed_may_be_asked_every_few_seconds() -> None:
    text = '[[feed]]\nurl = "http://127.0.0.1:8080/"\nevery = "2s"\n'
    assert problems(text)
    config = parse(text + 'allow_private = ["127.0.0.1/32:8080"]\n', "internal", {})
    assert config.feeds[0].every == timedelta(seconds=2)


def test_the_environment_overrides_a_scalar_of_monitor() -> None:
    config = parse('[monitor]\nlog = "plain"\n', "x", {"NEWSMON_MONITOR__LOG": "json"})
    assert config.monitor.log == "json"


# -- values ---------------------------------------------------------------------------------------


def test_values_are_read_as_people_write_them() -> None:
    assert duration("1h30m") == timedelta(minutes=90)
    assert duration("2w") == timedelta(days=14)
    assert size("1.5 GB") == 1_500_000_000
    assert percent("2.5 %") == Decimal("0.025")
    assert when(["18:00", "07:30", "7:30"]) == (time(7, 30), time(18))
    assert when("now") == ()
    assert quiet("23:00 - 06:30") == (time(23), time(6, 30))
    assert private_network("[fd00::]/64:8080").network == ip_network("fd00::/64")


@pytest.mark.parametrize("text", ["", "15", "m", "15 m", "-1h", "1.5h", "15M"])
def test_a_length_of_time_without_sense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no duration"):
        duration(text)


def test_a_secret_is_never_shown() -> None:
    text = TARGET.replace("json://sink.example", "mailtos://a:${PW}@mail.example")
    config = parse(text, "x", {"PW": "correct horse"})
    assert "PW" not in repr(config)
    assert repr(config.targets[0].url) == "***"
    assert str(config.targets[0].url) == "***"


def test_a_secret_is_put_into_an_address_percent_encoded() -> None:
    url = Secret("mailtos://a:${PW}@mail.example")
    assert url.reveal({"PW": "a/b@c d"}, encoded=True) == "mailtos://a:a%2Fb%40c%20d@mail.example"
    assert url.reveal({"PW": "a/b@c d"}) == "mailtos://a:a/b@c d@mail.example"


def test_a_secret_that_is_a_whole_address_is_taken_as_it_is() -> None:
    assert Secret("${URL}").reveal({"URL": "json://a/b"}, encoded=True) == "json://a/b"


def test_a_secret_comes_from_a_file_or_a_credential_without_its_line_end(tmp_path: Path) -> None:
    (tmp_path / "smtp").write_text("horse\n", encoding="utf-8")
    environ = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert Secret("${cred:smtp}").reveal(environ) == "horse"
    assert Secret(f"${{file:{tmp_path}/smtp}}").reveal({}) == "horse"


def test_a_missing_secret_is_named_with_its_remedy() -> None:
    secret = Secret("${cred:smtp}${NONE}")
    assert secret.missing({}) == ("cred:smtp", "NONE")
    with pytest.raises(ConfigError, match="LoadCredential=smtp:PATH"):
        secret.reveal({})


# -- places ---------------------------------------------------------------------------------------


def test_the_config_is_looked_for_where_people_put_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    environ = {"HOME": str(tmp_path / "home")}
    with pytest.raises(ConfigError, match="newsmon init"):
        find(None, environ)
    own = tmp_path / "home/.config/newsmon/newsmon.toml"
    here = Path("config/newsmon.toml")
    for path in (own, here):
        path.parent.mkdir(parents=True)
        path.touch()
        assert find(None, environ) == path
    assert find(None, {**environ, "NEWSMON_CONFIG": "other.toml"}) == Path("other.toml")
    assert find("named.toml", {"NEWSMON_CONFIG": "other.toml"}) == Path("named.toml")


def test_the_state_is_where_the_config_says_else_systemd_else_the_user() -> None:
    said = parse('[monitor]\nstate = "state"\n', "x", {})
    silent = parse("", "x", {})
    here = Path("newsmon.toml")
    assert state_folder(said, here, {"STATE_DIRECTORY": "/var/lib/newsmon"}) == Path("state")
    systemd = {"STATE_DIRECTORY": "/var/lib/newsmon", "HOME": "/home/desk"}
    assert state_folder(silent, here, systemd) == Path("/var/lib/newsmon")
    assert state_folder(silent, here, {"HOME": "/home/desk"}) == Path(
        "/home/desk/.local/state/newsmon"
    )


def test_a_relative_state_in_a_config_under_etc_is_refused() -> None:
    config = parse('[monitor]\nstate = "state"\n', "x", {})
    with pytest.raises(ConfigError, match="write an absolute path"):
        state_folder(config, Path("/etc/newsmon/newsmon.toml"), {})
