from pathlib import Path

import pytest

from monitor.config.edit import add_feeds, remove_feed
from monitor.errors import ConfigError

SAMPLE = (Path(__file__).parents[2] / "config/newsmon.toml").read_text("utf-8")
NEW = {"url": "https://new.example/feed", "outlet": 'The "New"', "folder": "", "every": "30m"}


def test_a_new_feed_stands_behind_the_others_and_above_the_comments_of_what_follows() -> None:
    added = add_feeds(SAMPLE, [NEW])
    place = added.index("https://new.example/feed")
    assert added.index("https://example.net/news.atom") < place < added.index("# What matters")
    assert 'outlet = "The \\"New\\""\n' in added
    assert "folder" not in added[place : added.index("# What matters")]


@pytest.mark.parametrize(
    "config",
    [
        SAMPLE,
        "",
        "# only a comment",
        '[[feed]]\nurl = "https://a.example/"\n[[watch]]\nname = "w"\nany = ["x"]\n',
        '[monitor]\ncontact = """\n[[feed]]\n"""\n',
        '[[feed]]\nurl = "https://a.example/"\nallow_private = [\n"10.0.0.0/8:80",\n]\n\n\n# end\n',
    ],
    ids=["sample", "empty", "comment", "close-together", "a-text-like-a-table", "long-value"],
)
def test_what_was_added_and_removed_leaves_the_file_as_it_was(config: str) -> None:
    added = add_feeds(config, [NEW])
    assert "https://new.example/feed" in added
    assert remove_feed(added, "https://new.example/feed").strip() == config.strip()


def test_a_feed_goes_with_its_keys_and_no_other_line() -> None:
    removed = remove_feed(SAMPLE, "https://example.org/feed/")
    gone = [line for line in SAMPLE.splitlines() if line not in removed.splitlines()]
    assert [line.split()[0] for line in gone] == ["url", "outlet"]


def test_a_feed_whose_lines_cannot_be_told_apart_is_left_to_the_user() -> None:
    config = 'feed = [{ url = "https://a.example/" }]\n'
    with pytest.raises(ConfigError, match="by hand"):
        remove_feed(config, "https://a.example/")
    with pytest.raises(ConfigError, match="by hand"):
        add_feeds(config, [NEW])
