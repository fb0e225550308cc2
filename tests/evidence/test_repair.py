"""Text as it was sent: cut words, lost line ends and lost stops are mended, and every passage keeps its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding.evidence import sentences
from coding.evidence.repair import repaired


def texts(note):
    return [sentence.text.strip() for sentence in sentences(note)]


@pytest.mark.parametrize(
    "cut",
    [
        "un\u00adsuccessful",
        "un-\nsuccessful",
        "un- \r\n  successful",
        "un\u00ad\nsuccessful",
        "un\u200bsuccessful",
    ],
)
def test_a_word_that_was_cut_is_read_as_one(cut):
    [sentence] = sentences(f"It was {cut} today.")
    assert sentence.text == "it was unsuccessful today "
    assert sentence.places[2] == (len("It was "), len(f"It was {cut}"))


def test_a_compound_keeps_its_hyphen_at_the_end_of_a_line():
    assert texts("Seen in follow-\nup.") == ["seen in follow up"]


def test_marks_that_were_spoken_are_marks_where_a_note_has_no_others():
    assert texts("HIP OUT PERIOD NO FRACTURE COMMA NO WOUND PERIOD") == [
        "hip out",
        "no fracture , no wound",
    ]
    assert texts("Within the global period today. Home.") == [
        "within the global period today",
        "home",
    ]


@pytest.mark.parametrize("line_end", [r"\.br\\"[:-1], "<br>", "<br/>", r"\r\n"])
def test_a_line_end_that_was_written_out_ends_a_line(line_end):
    assert texts(f"Hip is out{line_end}Anesthesia: none") == ["hip is out", "anesthesia : none"]


@pytest.mark.parametrize("struck", ["under general anesthesia", "twice [see 1]", "in two\nlines"])
def test_what_was_struck_out_is_not_read(struck):
    note = f"Hip reduced [deleted: {struck}] without sedation."
    [sentence] = sentences(note)
    assert sentence.text == "hip reduced without sedation "
    assert note[slice(*sentence.places[-1])] == "sedation"


@pytest.mark.parametrize("heading", ["PROCEDURE", "PREOP DIAGNOSIS", "Anesthesia", "Findings"])
def test_a_heading_in_the_middle_of_a_line_begins_a_new_one(heading):
    assert texts(f"takes aspirin {heading}: none") == ["takes aspirin", f"{heading.lower()} : none"]


@pytest.mark.parametrize(
    "heading",
    [
        "MEDICAL HISTORY",
        "SOCIAL HISTORY",
        "Past Medical History",
        "Preoperative Diagnosis",
        "Type of Anesthesia",
    ],
)
def test_a_heading_of_several_words_is_kept_whole(heading):
    assert texts(f"Done. {heading}: none") == ["done", f"{heading.lower()} : none"]


def test_a_lost_stop_before_the_next_sentence_is_put_in():
    assert texts("neither is fractured Report does not list implants") == [
        "neither is fractured",
        "report does not list implants",
    ]


def test_names_in_capitals_and_titles_are_left_alone():
    assert texts("Closed Reduction Of The Hip by Captain Morgan technique") == [
        "closed reduction of the hip by captain morgan technique"
    ]


@given(st.text(alphabet="abAB -\n\r\u00ad\u200b.:;’é", max_size=60))
def test_the_repaired_text_is_as_long_as_the_note(note):
    assert len(repaired(note)) == len(note)


def test_a_note_of_one_endless_word_is_repaired_to_its_end():
    note = f"{'a' * 200_000} hos\u00adpital"
    assert " hospital" in repaired(note)


LONG_SPEECH = "the patient came in and was seen by us " * 11


def test_speech_without_a_mark_ends_a_clause_where_somebody_begins_to_do_something():
    assert repaired(f"{LONG_SPEECH}quickly i reduced the hip").endswith("quickly;i reduced the hip")


def test_a_clause_that_a_word_holds_goes_on():
    assert repaired(f"{LONG_SPEECH}which i reduced").endswith("which i reduced")


def test_a_text_with_marks_is_left_as_it_is_written():
    written = LONG_SPEECH.replace("seen", "seen,")
    assert repaired(f"{written}quickly i reduced the hip").endswith("quickly i reduced the hip")


def test_an_apostrophe_of_printers_is_an_apostrophe():
    assert texts("the patient’s hip") == ["the patient's hip"]


def test_a_hyphen_at_the_end_of_a_line_joins_a_word_and_not_a_compound():
    assert texts("dislo-\ncated") == ["dislocated"]
    assert texts("follow-\nup") == ["follow up"]


def test_a_label_in_braces_begins_a_line_of_its_own():
    assert texts("It was reduced {Device}: spica") == ["it was reduced", "device : spica"]


def test_what_a_source_struck_out_is_not_said():
    assert texts("left [deleted: right] hip") == ["left hip"]
