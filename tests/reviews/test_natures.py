"""Of what nature a difference in an answer is: one of four, or none where nobody differs; and what a row then says."""

from types import SimpleNamespace

import pytest

from coding.decision import CONFLICTING, NOT_DOCUMENTED, Change, facts_to_data, known
from coding.models import Answer, Precedent
from coding.rules.note_reading import NoteReading
from reviews.coding_form.difference import (
    MEANS,
    NOT_ASKED,
    Comparison,
    Nature,
    Sides,
    nature_of,
    row_of,
)
from tests import small_rules

[HELD, DRUG] = small_rules.table().facts
YES, NO = known(True), known(False)
NEEDED = {"held": Change("held", "Held", "yes", "no")}
LEXICON = small_rules.lexicon()


def noted(text=None):
    """The note as a lexicon reads it: with what it says of the fact, or silent."""
    proposals = {"held": SimpleNamespace(text=lambda: text)} if text else {}
    return NoteReading("", LEXICON, proposals=proposals)


UNREAD = NoteReading("")


def sides(answer=YES, *, second=None, reading=UNREAD, needed=NEEDED, given=None, **more):
    return Sides(
        answers={"held": given} if given else {},
        facts={"held": answer} if answer else {},
        second={"held": second} if second else {},
        reading=reading,
        needed=needed,
        **{"stale": {}, "precedents": [], "deciding": set(), **more},
    )


def nature(*args, **values):
    return nature_of(HELD, sides(*args, **values))


# Nobody differs.


def test_where_all_say_the_same_and_the_code_needs_no_other_answer_there_is_no_difference():
    assert nature(needed={}) is None
    assert nature(second=YES, reading=noted("yes"), needed={}) is None
    assert nature(None, needed={}) is None


def test_what_the_note_says_of_a_question_that_was_not_asked_is_no_difference():
    assert nature(None, reading=noted("no"), needed={}) is None


# Reading.


def test_two_coders_who_answer_otherwise_read_otherwise():
    assert nature(second=NO, needed={}) is Nature.READING
    assert nature(second=NO) is Nature.READING


def test_an_answer_other_than_the_note_s_is_a_matter_of_reading():
    assert nature(reading=noted("no"), needed={}) is Nature.READING


def test_where_no_lexicon_reads_the_note_an_answer_is_the_coder_s_reading_alone():
    assert nature(reading=UNREAD) is Nature.READING


# Documentation.


@pytest.mark.parametrize("silence", [NOT_DOCUMENTED, CONFLICTING])
def test_a_silence_on_either_side_is_a_matter_of_documentation(silence):
    assert nature(silence) is Nature.DOCUMENTATION
    assert nature(second=silence, needed={}) is Nature.DOCUMENTATION


def test_an_answer_for_which_a_read_note_says_nothing_is_one_too():
    assert nature(reading=noted()) is Nature.DOCUMENTATION
    assert nature(None, reading=UNREAD) is Nature.DOCUMENTATION


# Rules.


def test_an_answer_that_the_note_bears_is_disputed_for_what_the_rules_make_of_it():
    assert nature(reading=noted("yes")) is Nature.RULE
    marked = Answer(passages=[{"start": 0, "end": 4}])
    assert nature(reading=noted(), given=marked) is Nature.RULE
    assert nature(reading=UNREAD, given=marked) is Nature.RULE


# Override.


def test_an_answer_that_was_kept_against_the_note_is_that_before_all_else():
    kept = Answer(reason="The record says otherwise.")
    assert nature(second=NO, reading=noted("no"), given=kept) is Nature.OVERRIDE
    assert nature(needed={}, given=kept) is Nature.OVERRIDE


# A row, and the natures of a whole case.


def test_a_row_says_what_each_side_answers_and_what_the_code_would_need():
    row = row_of(HELD, sides(second=NO, reading=noted("yes"), deciding={"held"}), {})
    assert (row.fact, row.label) == ("held", "Held")
    assert (row.coder, row.second, row.note, row.earlier) == ("yes", "no", "yes", "")
    assert row.needed is NEEDED["held"]
    assert row.decides
    assert not row.is_stale
    assert not row_of(DRUG, sides(), {}).decides


def test_what_nobody_says_is_empty_and_a_question_that_was_not_asked_says_so():
    row = row_of(HELD, sides(None, needed={}), {})
    assert (row.coder, row.second, row.note) == (NOT_ASKED, "", "")
    assert row.needed is None
    assert row.given is None
    assert row.signatures == []


def test_earlier_rulings_that_rest_on_the_answer_are_named_with_it():
    on_it = [Precedent(number=number, deciding=facts_to_data({"held": YES})) for number in (2, 5)]
    on_another = Precedent(number=3, deciding=facts_to_data({"drug": known("none")}))
    row = row_of(HELD, sides(precedents=[*on_it, on_another]), {})
    assert row.earlier == "P2: yes, P5: yes"


def test_an_answer_that_a_corrected_note_no_longer_bears_says_so():
    contradicted = SimpleNamespace(contradicted=True)
    unsupported = SimpleNamespace(contradicted=False)
    for stale, is_contradicted in [(contradicted, True), (unsupported, False)]:
        row = row_of(HELD, sides(stale={"held": stale}), {})
        assert row.is_stale
        assert row.is_contradicted is is_contradicted


def test_each_nature_is_told_once_with_what_it_means():
    rows = [
        row_of(HELD, sides(second=NO), {}),
        row_of(HELD, sides(NOT_DOCUMENTED), {}),
        row_of(HELD, sides(second=NO), {}),
    ]
    comparison = Comparison(rows, [], [], False, True, False, False)
    assert comparison.natures == [
        ("reading", "The note can be read in two ways, or was read wrongly."),
        ("documentation", "The note does not say it, or says two things."),
    ]
    assert set(MEANS) == set(Nature)
