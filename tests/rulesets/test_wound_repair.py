"""Repair of wounds: the grid of lengths, what leads out of the family, and what is read in notes."""

from collections import Counter

import pytest
from hypothesis import given

from coding import rulesets
from coding.decision import Facts, Known, OutcomeKind, decide
from coding.rules.from_note import Standing, end_of_note
from tests.rulesets.cases import (
    EVIDENCE,
    decided,
    foreign_notes,
    proposed,
    standings,
    standings_of_cases,
    whole_space,
)

KEY = "wound-repair"
TABLE = rulesets.shipped(KEY)
LEXICON = rulesets.shipped_lexicon(KEY)
SUTURED = {
    "origin": "injury",
    "closure": "sutures",
    "site": "limb",
    "one_group": "yes",
    "layers": "one",
    "contamination": "ordinary",
    "undermining": "none",
    "complex_element": "no",
    "deep_repair": "no",
    "length_mm": "30",
    "line": "only",
}
SHORTEST = ["1", "26", "51", "76", "126", "201", "301"]
GRID = {
    ("one", "limb"): ["12001", "12002", "12002", "12004", "12005", "12006", "12007"],
    ("one", "hand_foot"): ["12001", "12002", "12002", "12004", "12005", "12006", "12007"],
    ("one", "face"): ["12011", "12013", "12014", "12015", "12016", "12017", "12018"],
    ("layered", "limb"): ["12031", "12032", "12032", "12034", "12035", "12036", "12037"],
    ("layered", "hand_foot"): ["12041", "12042", "12042", "12044", "12045", "12046", "12047"],
    ("layered", "face"): ["12051", "12052", "12053", "12054", "12055", "12056", "12057"],
}


def end(**answers: str) -> str:
    return decided(TABLE, {**SUTURED, **answers})


@pytest.mark.parametrize(("layers", "site"), GRID)
def test_the_code_follows_from_layers_site_and_the_step_that_the_length_is_in(
    layers: str, site: str
) -> None:
    at_least = [end(layers=layers, site=site, length_mm=length) for length in SHORTEST]
    at_most = [
        end(layers=layers, site=site, length_mm=str(int(length) - 1)) for length in SHORTEST[1:]
    ]
    assert at_least == GRID[layers, site]
    assert at_most == GRID[layers, site][:6]


def test_a_very_dirty_wound_that_needed_long_cleaning_counts_as_layered_with_one_layer() -> None:
    assert end(contamination="heavy") == "12032"


def test_adhesive_alone_is_for_medicare_a_code_of_its_own_and_without_a_payer_a_supervisor_s() -> (
    None
):
    assert end(closure="adhesive", medicare="yes") == "G0168"
    assert end(closure="adhesive", medicare="no") == "12002"
    assert end(closure="adhesive", medicare="unknown") == "supervisor_review"


@pytest.mark.parametrize("closure", ["strips", "cautery", "none"])
def test_strips_cautery_or_nothing_are_no_repair(closure: str) -> None:
    assert end(closure=closure) == "no_family_code"


@pytest.mark.parametrize("element", [{"undermining": "extensive"}, {"complex_element": "yes"}])
def test_a_layered_repair_with_a_complex_element_is_complex_from_eleven_millimetres_on(
    element: dict[str, str],
) -> None:
    assert end(layers="layered", length_mm="11", **element) == "no_family_code"
    assert end(layers="layered", length_mm="10", **element) == "12031"
    assert end(layers="one", **element) == "12002"


@pytest.mark.parametrize("fact", ["origin", "closure", "layers", "site", "length_mm"])
def test_what_is_not_documented_is_asked_and_never_taken_for_the_nearest(fact: str) -> None:
    assert end(**{fact: "unknown"}) == "provider_query"
    assert end(**{fact: "conflicting"}) == "provider_query"


def test_a_further_line_takes_the_modifier_of_its_pair() -> None:
    assert end(line="pair") == "12002 59"
    assert end(line="no_pair") == "12002 51"


@given(whole_space(TABLE))
def test_a_code_follows_only_for_one_group_of_wounds_closed_by_sutures_or_adhesive(
    facts: Facts,
) -> None:
    outcome = decide(TABLE, facts).outcome
    assert outcome is not None
    assert (outcome.kind is OutcomeKind.CODE) == (outcome.code in TABLE.family)
    if outcome.code:
        assert facts["closure"] in {Known("sutures"), Known("adhesive")}
        assert facts["one_group"] == Known(True)
        assert facts["deep_repair"] == Known(False)
    if outcome.code == "G0168":
        assert (facts["closure"], facts["medicare"]) == (Known("adhesive"), Known(True))


# What is read in notes

# A tear at a birth is told in the words of a wound; the note opens, and no code follows.
OPENED_ALL_THE_SAME = {"vaginal"}


@pytest.mark.parametrize(
    ("name", "share"),
    [
        ("wound_notes", 0.9),
        ("wound_notes_held_back", 0.8),
        ("wound_notes_second", 0.6),
        ("wound_notes_fourth", 0.9),
    ],
)
def test_no_note_is_decided_wrongly_and_most_are_right(name: str, share: float) -> None:
    by_name = standings(TABLE, LEXICON, EVIDENCE / f"{name}.csv")
    wrong = {note for note, standing in by_name.items() if standing is Standing.WRONG}
    assert wrong <= OPENED_ALL_THE_SAME
    assert Counter(by_name.values())[Standing.RIGHT] >= share * len(by_name)


def test_no_worked_case_is_decided_wrongly_from_its_note_and_two_thirds_are_right() -> None:
    counts = Counter(standings_of_cases(TABLE, LEXICON).values())
    assert counts[Standing.WRONG] == 0
    assert counts[Standing.RIGHT] >= 0.65 * counts.total()


def test_of_a_hundred_notes_of_other_matters_at_most_one_has_a_proposal() -> None:
    notes = foreign_notes(KEY)
    opened = [note for note in notes if end_of_note(TABLE, LEXICON, note).reading.proposals]
    assert len(opened) <= 0.01 * len(notes)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("", "code 12002"),
        ("The edges were debrided.", "code 12002"),
        ("Heavily contaminated with gravel.", "provider_query"),
        ("An extensor tendon was cut.", "provider_query"),
        ("A second cut was closed likewise.", "provider_query"),
        ("Deep dermal stitches were placed.", "provider_query"),
        ("The subcutaneous tissue was closed too.", "provider_query"),
        ("Measured 4 cm at triage.", "provider_query"),
        ("No tendon injury, no contamination, no bone exposed.", "code 12002"),
        ("Sutures out in ten days.", "code 12002"),
    ],
)
def test_a_word_that_may_change_the_code_withholds_it(said: str, expected: str) -> None:
    note = (
        f"Fell. 3.5 cm laceration of the left shin, closed with 4-0 nylon in a single layer. {said}"
    )
    assert end_of_note(TABLE, LEXICON, note).text() == expected


def test_a_length_without_its_zero_is_read_as_written() -> None:
    note = "Knife. Left forearm laceration .5 cm, single layer, nylon."
    assert proposed(TABLE, LEXICON, note)["length_mm"] == "5"


@pytest.mark.parametrize(
    "note",
    [
        "Open reduction of the hip. A transverse incision was made. Adductor longus cut. Wound closed in layers.",
        "L4-5 laminectomy. Incision. Closed in layers.",
        "Thyroidectomy. Platysma closed with Vicryl, cut edges dry.",
        "Right knee laceration sutured 10 days ago. 8 nylon sutures removed.",
    ],
)
def test_the_wound_of_an_operation_and_stitches_taken_out_open_nothing(note: str) -> None:
    assert end_of_note(TABLE, LEXICON, note).text() == "none"


def test_fields_of_a_form_are_read() -> None:
    form = "Laceration repair. Location: left forearm. Length (cm): 4.5. Tendon involvement: none. One layer, nylon."
    assert end_of_note(TABLE, LEXICON, form).text() == "code 12002"
