from monitor.watch.suggest import best, candidates

STOP = frozenset({"the", "a", "of", "in", "and", "was", "near"})


def test_candidates_are_words_and_names_of_most_articles_without_the_common_ones() -> None:
    told = [
        ("Ferry sinks near Port Lenna", "A ferry sank near Port Lenna in the night."),
        ("Port Lenna ferry: dozens missing", "Dozens were missing. The ferry was of 1987."),
    ]
    found = candidates(told, STOP)
    assert {"ferry", "port lenna", "lenna"} <= set(found)
    assert not {"the", "near", "1987"} & set(found)


def test_a_word_that_finds_all_and_nothing_else_beats_pairs_and_common_words() -> None:
    wanted = frozenset({1, 2, 3})
    found = {
        "ferry": frozenset({1, 2, 3, 7, 8, 9}),
        "lenna": frozenset({1, 2, 3, 7}),
        "captain holm": frozenset({1, 2, 3}),
    }
    first, *_ = best(wanted, found, most=5)
    assert (first.terms, first.found, first.missed, first.others) == (("captain holm",), 3, 0, 0)


def test_two_words_together_may_tell_what_neither_tells_alone() -> None:
    wanted = frozenset({1, 2, 3})
    found = {"ferry": frozenset({1, 2, 3, 7, 8}), "lenna": frozenset({1, 2, 3, 5, 6})}
    first, *_ = best(wanted, found, most=5)
    assert set(first.terms) == {"ferry", "lenna"}
    assert (first.missed, first.others) == (0, 0)


def test_a_longer_phrase_that_finds_no_more_is_left_out() -> None:
    same = frozenset({1, 2})
    found = {"lenna": same, "port lenna": same, "port lenna ferry": same}
    assert [each.terms for each in best(same, found, most=5)] == [("lenna",)]
