"""Which agency an article credits."""

import pytest

from monitor.agencies import agency

BODY = "The bridge at Merrow was closed for the night. Nobody was hurt, the town said."


@pytest.mark.parametrize(
    ("text", "credited"),
    [
        (f"MERROW, Jan 11 (Reuters) - {BODY}", "Reuters"),
        (f"MERROW (AP) — {BODY}", "AP"),
        (f"MERROW: (AFP) {BODY}", "AFP"),
        (f"Reuters - {BODY}", "Reuters"),
        (f"Berlin (dpa/AFP) - {BODY}", "dpa, AFP"),
        (f"Praha, ČTK - {BODY}", "ČTK"),
        (f"КИЇВ (Укрінформ) – {BODY}", "Ukrinform"),
        (f"{BODY}\nSource: AP, PAP", "AP, PAP"),
        (f"{BODY}\nŹródło: PAP", "PAP"),
        (f"{BODY}\nQuelle: dpa", "dpa"),
        (f"{BODY} (PAP)", "PAP"),
        (f"{BODY}\nAFP", "AFP"),
        (f"{BODY} © 2026 The Associated Press", "AP"),
        (f"MERROW, Jan 11 (Reuters) - {BODY}\nSource: Reuters", "Reuters"),
    ],
)
def test_a_dateline_or_a_credit_line_names_the_agency(text, credited):
    assert agency(text) == credited


@pytest.mark.parametrize(
    "text",
    [
        "",
        BODY,
        f"{BODY} The mayor told Reuters that it would open again on Sunday.",
        f"The town sued AP - and lost. {BODY} He spoke to the AP.",
        f"{BODY} Source: a note on the map by a walker.",
        f"An app named PAP helps - they say. {BODY}",
    ],
)
def test_who_only_speaks_to_an_agency_credits_none(text):
    assert agency(text) == ""
