import pytest

from monitor.cli.table import Column, Painted, progress, say_table


def said(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


COLUMNS = (Column("NAME", wide=True), Column("N", right=True), Column("NOTE", wide=True))


def test_a_table_gives_way_in_its_wide_columns_alone(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    say_table(COLUMNS, [("a long name " * 5, "1234", "and a long note " * 5), ("b", "7", "")])
    lines = said(capsys)
    assert [len(line) <= 40 for line in lines] == [True] * 3
    assert "1234" in lines[1]
    assert lines[1].count("…") == 2
    assert lines[2].split() == ["b", "7"]


def test_wide_characters_take_two_columns_and_marks_none(
    capsys: pytest.CaptureFixture[str],
) -> None:
    say_table(COLUMNS, [("東京", "1", "x"), ("e\u0301a", "1", "x"), ("abcd", "1", "x")])
    lines = said(capsys)[1:]
    assert lines == ["東京  1  x", "e\u0301a    1  x", "abcd  1  x"]


def test_what_steers_a_terminal_is_made_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    say_table(COLUMNS, [("\x1b[31mred\x07\nnext", "1", Painted("\u202efine", "green"))])
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert len(out.splitlines()) == 2


def test_no_rows_print_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    say_table(COLUMNS, [])
    assert said(capsys) == []


def test_progress_gives_every_item_and_says_nothing_into_a_pipe(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert list(progress(range(5), 5, "items", shown=True)) == [0, 1, 2, 3, 4]
    assert capsys.readouterr() == ("", "")
