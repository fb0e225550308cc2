"""Lines of several boxes: which words belong to which box, and what a line leaves open is silent."""

import pytest

from coding.evidence.boxes import Kind, forms


def answers(line: str) -> list[tuple[str, str, Kind]]:
    """The label, the option and the kind of each answer."""
    return [
        (
            line[slice(*answer.label)] if answer.label else "",
            line[slice(*answer.option)],
            answer.kind,
        )
        for form in forms(line)
        for answer in form.answers
    ]


def test_a_label_ends_with_a_colon_or_a_question_mark() -> None:
    assert answers("Side: [x] left") == [("Side", "left", Kind.OPTION)]
    assert answers("Which side? [x] left") == [("Which side", "left", Kind.OPTION)]


def test_of_a_colon_and_a_question_mark_the_last_ends_the_label() -> None:
    assert answers("Sedation: was it given? [x] yes") == [
        ("Sedation: was it given", "yes", Kind.YES)
    ]


@pytest.mark.parametrize("word", ["yes", "Yes", "Y", "y"])
def test_yes_in_any_letters_affirms(word: str) -> None:
    assert answers(f"Sedation: [x] {word} [ ] no") == [("Sedation", word, Kind.YES)]


@pytest.mark.parametrize("word", ["no", "No", "N", "n"])
def test_no_in_any_letters_denies(word: str) -> None:
    assert answers(f"Sedation: [ ] yes [x] {word}") == [("Sedation", word, Kind.NO)]


@pytest.mark.parametrize("word", ["none", "yesterday", "northern", "not known"])
def test_a_longer_word_that_begins_so_is_an_option(word: str) -> None:
    assert answers(f"Sedation: [x] {word}") == [("Sedation", word, Kind.OPTION)]


def test_yes_and_no_of_no_label_answer_nothing() -> None:
    assert answers("[x] yes [ ] no") == []
    assert answers("[x] sedation [ ] block") == [("", "sedation", Kind.OPTION)]


def test_words_before_the_first_box_that_no_mark_ends_may_be_an_option_of_their_own() -> None:
    assert answers("Spica [ ] brace [x] harness") == []
    assert answers("Sedation given [x] midazolam") == [("Sedation given", "midazolam", Kind.OPTION)]


def test_a_wide_gap_parts_a_label_from_its_first_option() -> None:
    assert answers("Cause  trauma [ ]  birth [x]") == [("Cause", "birth", Kind.OPTION)]
    assert answers("Cause\ttrauma [x]") == [("Cause", "trauma", Kind.OPTION)]


def test_a_box_alone_behind_its_label_says_yes() -> None:
    assert answers("Harness applied: [x]") == [("Harness applied", "[x]", Kind.YES)]
    assert answers("Harness applied: [ ]") == []


def test_the_part_of_a_line_behind_a_stop_is_asked_by_itself() -> None:
    assert answers("Side: [x] left. Sedation? No.") == [
        ("Side", "left", Kind.OPTION),
        ("Sedation", "No", Kind.NO),
    ]


def test_a_line_without_boxes_is_no_form_whatever_its_neighbour_is() -> None:
    text = "Seen (today).\nSide: [x] left\nIs it out? It is."
    [form] = forms(text)

    assert text[slice(*form.place)] == "Side: [x] left"


@pytest.mark.parametrize("choice", ["(circle one)", "(select all that apply)", "(check below)"])
def test_a_choice_that_nobody_made_is_a_form_that_says_nothing(choice: str) -> None:
    [form] = forms(f"Sedation {choice}: yes, no")

    assert form.answers == ()


def test_what_is_in_brackets_as_prose_is_no_choice() -> None:
    assert list(forms("Reduced (checked on film).")) == []
