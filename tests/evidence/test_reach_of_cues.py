"""How far a cue reaches: across commas, colons and brackets, to what was done and to what was found."""

import pytest

from coding.evidence import Context, Polarity, Time, context_of
from tests.evidence.lexicons import of_fact, statements_in


def of_finding(note: str, words: str) -> Context:
    """The context of words that name what a patient has."""
    start = note.index(words)
    return context_of(note, start, start + len(words))


def of_act(note: str) -> Context:
    return of_fact(statements_in(note), "manipulation").context


@pytest.mark.parametrize(
    ("between", "polarity"),
    [
        ("", Polarity.NEGATED),
        ("oxygen, wire or a ", Polarity.NEGATED),
        ("red blue, green brown pink ", Polarity.NEGATED),
        ("red blue, green brown pink grey ", Polarity.POSSIBLE),
        ("red blue black green brown pink grey ", Polarity.NEGATED),
    ],
)
def test_across_a_comma_what_was_done_is_surely_denied_up_to_six_words_and_marks_away(
    between: str, polarity: Polarity
) -> None:
    assert of_act(f"No {between}closed reduction.").polarity is polarity


def test_of_what_was_found_long_lists_are_denied() -> None:
    note = "No fever, chills, cough, rash, pain, redness, swelling, nausea."

    assert of_finding(note, "nausea").polarity is Polarity.NEGATED


def test_what_a_colon_means_behind_a_denial_is_not_known() -> None:
    assert of_act("No complaint: closed reduction.").polarity is Polarity.POSSIBLE


def test_without_a_cue_all_words_of_a_sentence_have_one_context() -> None:
    note = "The hip is dislocated, pain and swelling."

    assert of_finding(note, "dislocated") == of_finding(note, "swelling") == Context()


def test_words_that_stand_nowhere_have_the_usual_context() -> None:
    assert context_of("No pain.", 7, 8) == Context()
    assert context_of("No pain. ", 9, 9) == Context()


def test_a_passage_is_judged_by_the_sentence_that_it_touches() -> None:
    note = "No pain. Fever."

    assert of_finding(note, "Fever") == Context()
    assert context_of(note, 7, 9) == Context()
    assert context_of(note, 6, 8).polarity is Polarity.NEGATED


def test_what_makes_history_of_an_act_leaves_a_finding_in_the_present() -> None:
    note = "Yesterday pain and closed reduction."

    assert of_finding(note, "pain").time is Time.ENCOUNTER
    assert of_act(note).time is Time.HISTORY


def test_a_day_of_the_week_in_a_plan_is_the_coming_one() -> None:
    assert of_act("Plan: on Thursday closed reduction.").time is Time.PLAN
    assert of_act("On Thursday closed reduction.").time is Time.HISTORY


def test_today_says_when_and_not_that_what_is_planned_was_done() -> None:
    assert of_act("He will have closed reduction today.").time is Time.PLAN
    assert of_act("Accepted there for closed reduction today.").time is Time.PLAN
    assert of_act("Today he had closed reduction.").time is Time.ENCOUNTER
    assert of_act("If it fails, call; today closed reduction.").time is Time.ENCOUNTER


def test_what_was_done_under_a_plan_may_be_named_in_a_bracket() -> None:
    assert of_act("Plan: treatment (closed reduction) done.").time is Time.ENCOUNTER
    assert of_act("Plan: treatment (closed reduction).").time is Time.PLAN


def test_the_time_of_a_section_has_its_heading_as_cue_and_today_has_none() -> None:
    planned = "Plan:\nclosed reduction"

    assert planned[slice(*of_act(planned).time_cue or (0, 0))] == "Plan"
    assert of_act("Procedure:\nclosed reduction").time_cue is None


def test_what_a_plan_denies_is_planned_so() -> None:
    assert of_act("Plan: no closed reduction.").time is Time.PLAN
    assert of_act("Plan: closed reduction.").time is Time.PLAN


@pytest.mark.parametrize(
    ("item", "time"),
    [
        ("Essential hypertension.", Time.HISTORY),
        ("Essential hypertension and some more.", Time.ENCOUNTER),
        ("Findings: hypertension.", Time.ENCOUNTER),
    ],
)
def test_an_illness_is_an_item_of_a_history_only_as_all_of_a_short_sentence(
    item: str, time: Time
) -> None:
    assert of_finding(item, "hypertension").time is time


@pytest.mark.parametrize("who", ["orthopedics", "the orthopedic surgeon", "paramedics"])
def test_what_another_department_did_is_not_taken_as_done_here_wherever_it_is_named(
    who: str,
) -> None:
    far = "Closed reduction of the left hip under general anesthesia, hospital day 1, performed by"

    assert of_act(f"{far} {who}.").polarity is Polarity.POSSIBLE
    assert of_act("Closed reduction of the left hip, performed by me.") == Context()
