"""What the guided form makes of a note and of answers, without a database: proposals, marks, neighbours, its ends."""

import pytest

from coding.actions.errors import Conflict
from coding.decision import guide, known
from coding.evidence import read
from coding.models import Encounter, RuleSetVersion, Service, Suggestion
from coding.rules.note_reading import NoteReading
from reviews.coding_form.guided import GuidedForm, in_force, seen, table_of
from tests import small_rules

TABLE = small_rules.table()
LEXICON = small_rules.lexicon()
NOTE = "The joint was held. The patient was put to sleep."
AWAKE = {"held": known(True), "drug": known("none")}


def reading_of(note):
    result = read(LEXICON, note)
    return NoteReading(note, LEXICON, result.statements, result.proposals)


def form(facts=None, note=NOTE, suggestion=None, table=TABLE):
    facts = facts or {}
    service = Service(encounter=Encounter(note=note, revision=1))
    return GuidedForm(
        service=service,
        version=RuleSetVersion(),
        table=table,
        facts=facts,
        answers=[],
        given=[],
        derived=(),
        guidance=guide(table, facts),
        suggestion=suggestion,
        explanation=None,
        reading=reading_of(note),
    )


# What the note proposes.


def test_open_questions_are_proposed_as_the_note_says_them():
    proposals = {proposal.definition.key: proposal for proposal in form().proposals}
    assert set(proposals) == {"held", "drug"}
    drug = proposals["drug"]
    assert (drug.words, drug.text) == ("Put to sleep", "sleep")
    assert (drug.conflicting, drug.firm) == (False, True)
    [passage] = drug.passages
    assert NOTE[passage.start : passage.end] == "put to sleep"


def test_what_is_answered_is_proposed_no_more():
    left = [proposal.definition.key for proposal in form({"held": known(True)}).proposals]
    assert left == ["drug"]


def test_a_silent_note_and_a_question_that_the_rules_do_not_know_propose_nothing():
    assert form(note="Nothing was done.").proposals == []
    assert form().proposed("colour") is None
    assert form(note="The joint was held.").proposed("drug") is None


# What is marked.


def marked(asked=""):
    guided = form()
    return [
        (segment.text, [(mark.words, mark.now) for mark in segment.marks])
        for segment in guided.segments(asked)
        if segment.marks
    ]


def test_passages_that_speak_of_what_is_open_are_marked_and_that_of_the_question_stands_out():
    assert marked("drug") == [
        ("held", [("Held: yes", False)]),
        ("put to sleep", [("Drug: Put to sleep", True)]),
    ]
    assert all(not now for _, marks in marked() for _, now in marks)


def test_the_whole_note_can_be_read_off_its_parts():
    assert "".join(segment.text for segment in form().segments()) == NOTE


# How it can end.


def test_before_the_first_answer_every_code_and_every_other_way_is_possible_once():
    guided = form()
    assert guided.possible_codes == ["27256", "27257"]
    assert guided.possible_without_code == ["Supervisor review"]
    assert [question.key for question in guided.questions] == ["held", "drug"]
    assert guided.outcome is None


def test_at_the_end_one_way_is_left_and_no_question():
    guided = form(AWAKE)
    assert guided.possible_codes == ["27256"]
    assert guided.possible_without_code == []
    assert guided.questions == []
    assert guided.diagnoses == ("Q65.01", "Q65.02")


def test_a_code_that_one_other_answer_would_have_made_it_is_a_neighbour():
    [other] = form(AWAKE).other_codes
    assert other.code == "27257"
    [change] = other.needs
    assert (change.fact, change.needed) == ("drug", "Put to sleep")


def test_codes_that_were_not_suggested_are_excluded_by_name():
    excluded = form(AWAKE, suggestion=Suggestion(code="27256")).excluded_codes
    assert [code for code, _ in excluded] == ["27257"]
    assert [code for code, _ in form(AWAKE).excluded_codes] == ["27256", "27257"]


def test_a_single_answer_that_gives_another_outcome_is_told():
    assert form(AWAKE).flips


# What lies there.


def test_what_was_seen_is_the_same_if_and_only_if_facts_and_rules_are():
    assert form(AWAKE).seen == seen(TABLE, AWAKE)
    assert form(AWAKE).seen != form({"held": known(True)}).seen
    assert seen(small_rules.with_gap(), AWAKE) != seen(TABLE, AWAKE)


def test_a_question_that_no_rows_answer_has_no_group():
    assert form().group_of("held") is None
    assert form().is_asked("held")


# What asks nothing.


def test_a_line_without_rules_and_a_version_without_a_table_ask_nothing():
    words = "^No rule set codes this line: nothing is asked of it. Reload the page.$"
    with pytest.raises(Conflict, match=words):
        in_force(Service())
    with pytest.raises(ValueError, match=r"^Only a version with a document asks questions\.$"):
        table_of(RuleSetVersion())
