"""What functions of recent texts remember."""

from monitor.text import fold, forget, remembered


def test_a_memory_answers_without_asking_again_until_it_is_emptied() -> None:
    asked: list[int] = []

    @remembered(2)
    def doubled(number: int) -> int:
        asked.append(number)
        return 2 * number

    assert [doubled(2), doubled(2), doubled(3)] == [4, 4, 6]
    assert asked == [2, 3]
    forget()
    assert doubled(2) == 4
    assert asked == [2, 3, 2]


def test_a_word_too_long_to_be_remembered_whole_is_folded_all_the_same() -> None:
    assert fold("щ" * 200) == "shch" * 200
    assert fold("Straße, ÜBER " + "ß" * 65) == "strasse, uber " + "ss" * 65
