"""Sections of a note: which heading a sentence stands under, and where that ends."""

import pytest

from coding.evidence import Span, sentences
from coding.evidence.sections import in_sections


def sections_of(note):
    """Each sentence with what its heading says: its section, its time, and whether it is about others."""
    read = []
    for sentence, section in in_sections(sentences(note)):
        heading = section.heading
        read.append(
            (
                sentence.text.strip(),
                heading.section or heading.time or ("other" if heading.other else ""),
            )
        )
    return read


def headings_of(note):
    return [said for _, said in sections_of(note)]


def test_a_note_without_headings_has_no_sections():
    assert headings_of("The hip is out. It was reduced.\nHome.") == ["", "", ""]


@pytest.mark.parametrize(
    "heading", ["Plan:", "PLAN:", "Plan", "Treatment plan:", "Recommendations"]
)
def test_a_heading_holds_for_the_sentences_under_it(heading):
    assert headings_of(f"It was reduced.\n{heading}\nBrace for six weeks. Then see again.") == [
        "",
        *["plan"] * 3,
    ]


def test_a_heading_that_begins_a_sentence_holds_for_it_and_for_those_behind_it():
    assert headings_of("Plan: brace for six weeks. Then see again.") == ["plan", "plan"]


def test_the_next_heading_ends_a_section():
    note = "Past history:\nTreated in a brace.\nOperation:\nThe hip was reduced."
    assert headings_of(note) == ["history", "history", "procedure", "procedure"]


def test_so_does_a_heading_that_nobody_knows():
    assert headings_of("Plan:\nHarness for six weeks.\nWeather: fine.\nIt was reduced.") == [
        "plan",
        "plan",
        "",
        "",
    ]


def test_so_does_a_blank_line_once_something_stands_under_the_heading():
    assert headings_of("Plan:\n\nBrace for six weeks.\n\nIt was reduced.") == ["plan", "plan", ""]


@pytest.mark.parametrize(
    "story", ["70F in her kitchen.", "She fell at home.", "Presents by ambulance.", "I was called."]
)
def test_history_in_the_line_of_its_heading_ends_before_a_story(story):
    assert headings_of(f"PMH: gout. Asthma.\n{story}\nOut.") == ["history", "history", "", ""]
    assert headings_of(f"PMH:\n{story}") == ["history", "history"]
    assert headings_of(f"Plan: brace.\n{story}") == ["plan", "plan"]
    # Of another record stories are told as well.
    assert headings_of(f"Outside records: seen.\n{story}") == ["history", "history"]


def test_further_items_of_a_history_stand_under_its_heading():
    assert headings_of("PMH: gout.\nHip replaced.\nCataract surgery.") == ["history"] * 3


def test_a_brief_heading_holds_for_its_own_sentence_alone():
    assert headings_of("Anesthesia: general. It was reduced.") == ["anesthesia", ""]


def test_a_brief_heading_alone_in_its_line_holds_for_what_comes_under_it():
    assert headings_of("Anesthesia:\nGeneral.") == ["anesthesia", "anesthesia"]


def test_background_within_a_line_holds_for_its_own_sentence_alone():
    within = "It was reduced. Background: treated in a brace. Home today."
    assert headings_of(within) == ["", "diagnosis", ""]
    own_line = "Background: treated in a brace. Seen again."
    assert headings_of(own_line) == ["diagnosis", "diagnosis"]


def test_a_field_that_is_answered_ends_the_indication_above_it():
    note = "Indication: left hip out.\nClosed reduction: [x] Yes [ ] No"
    assert [section.heading.time for _, section in in_sections(sentences(note))] == [
        "background",
        "",
    ]


def test_a_family_history_is_past_and_about_others():
    [(_, section)] = in_sections(sentences("Family history: hip dysplasia."))
    assert (section.heading.time, section.heading.other) == ("history", True)


def test_words_in_brackets_may_explain_a_heading_before_its_colon():
    assert headings_of("Anesthesia (see record): general.") == ["anesthesia"]


def test_other_words_before_the_colon_make_it_another_heading():
    assert headings_of("Anesthesia record complete: general.") == [""]


def test_behind_a_loose_heading_more_words_may_stand_before_the_colon():
    assert headings_of("Options that we talked about: brace or cast.") == ["plan"]


def test_a_sentence_that_merely_begins_like_a_heading_is_none():
    assert headings_of(
        "Plan is to go home with a brace and to come again in six weeks for a check."
    ) == [""]


def test_a_heading_knows_the_words_that_make_it():
    note = "It was reduced.\nTreatment plan: brace."
    *_, (_, section) = in_sections(sentences(note))
    assert section.span == Span(note.index("Treatment"), note.index(":"))


def test_what_stands_before_the_first_heading_has_none():
    [(_, first), (_, second)] = in_sections(sentences("Seen today.\nPlan: brace."))
    assert (first.span, first.heading.time) == (None, "")
    assert second.heading.time == "plan"


@pytest.mark.parametrize("field", ["Left hip: mild OA.", "PMH: gout.", "PMH gout."])
def test_a_field_within_a_line_ends_no_section_whose_heading_stands_in_a_line_of_its_own(field):
    note = f"Background\nHip replaced. {field} Had a spinal for that.\nProcedure\nOut."
    times = [section.heading.time for _, section in in_sections(sentences(note))]
    *_, under_background, _, under_procedure = times
    assert (under_background, under_procedure) == ("background", "")


def test_an_unknown_field_within_a_line_ends_a_section_whose_heading_stands_in_that_line():
    assert headings_of("PMH: gout. Left hip: out. Reduced.") == ["history", "", ""]


@pytest.mark.parametrize(
    ("label", "ends"), [("One two three four", True), ("One two three four five", False)]
)
def test_within_a_line_a_label_of_at_most_four_words_ends_a_section(label, ends):
    note = f"Plan: brace. {label}: spica. Home."
    assert headings_of(note)[1:] == (["", ""] if ends else ["plan", "plan"])


def test_a_heading_that_needs_no_colon_is_told_where_it_stands():
    [(sentence, section), *_] = in_sections(sentences("PMH hip replacement.\n\nFell."))
    assert section.heading.time == "history"
    assert section.span == sentence.span(0, 1)
