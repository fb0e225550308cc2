"""The form of a coder's decision: which choices it offers, what each needs beside it, and what the verb is given."""

import uuid

from django.core.exceptions import ValidationError

from coding.decision import Line
from coding.models import ServiceLine, Suggestion
from reviews.actions.decisions import Judgement
from reviews.forms.decisions import DecisionForm
from reviews.models import Choice

LINE = ServiceLine(code="12345", modifiers=["LT"], units=2)
OTHER_LINE = ServiceLine(code="54321", modifiers=[], units=1)
SUGGESTION = Suggestion(code="12345", reported="12345-58-LT")


def decision_form(choice, suggestion=SUGGESTION, lines=(LINE,), **written):
    data = {"idempotency_key": uuid.uuid4(), "revision": 1, "choice": choice, **written}
    return DecisionForm(data, suggestion=suggestion, lines=list(lines))


def offered(suggestion, *lines):
    form = DecisionForm(suggestion=suggestion, lines=list(lines))
    return dict(form.fields["choice"].choices)


# What may be chosen.


def test_what_the_rules_suggest_is_accepted_or_departed_from():
    assert list(offered(SUGGESTION, LINE)) == [
        "accept",
        "other_code",
        "nothing",
        "provider_query",
        "supervisor_review",
    ]


def test_a_line_without_rules_is_kept_as_it_was_submitted_with_its_units():
    choices = offered(None, LINE)
    assert next(iter(choices)) == "keep"
    assert choices["keep"] == "Keep 12345-LT × 2 as it was submitted"
    assert "accept" not in choices


def test_of_several_lines_none_is_kept_for_the_others_and_without_a_line_there_is_none_to_keep():
    assert "keep" not in offered(None, LINE, OTHER_LINE)
    assert "keep" not in offered(None)


def test_reporting_nothing_names_the_lines_that_go():
    assert offered(SUGGESTION, LINE, OTHER_LINE)["nothing"] == "Report nothing for 12345-LT, 54321"
    assert offered(SUGGESTION)["nothing"] == "Report nothing"


def test_a_choice_that_was_not_offered_is_not_taken():
    assert list(decision_form("keep").errors) == ["choice"]
    assert list(decision_form("accept", suggestion=None).errors) == ["choice"]


def test_a_form_without_a_choice_asks_for_one():
    assert decision_form("").errors == {"choice": ["Choose what to do."]}


# What a choice needs.


def test_to_accept_or_to_keep_needs_no_reason():
    assert decision_form("accept").is_valid()
    assert decision_form("keep", suggestion=None).is_valid()


def test_every_departure_says_why():
    for choice in ("nothing", "provider_query", "supervisor_review"):
        refused = decision_form(choice, reason="  ")
        assert refused.errors == {"reason": ["Say why, for whoever reads it later."]}
        assert decision_form(choice, reason="The note says so.").is_valid()


def test_another_code_is_written():
    form = decision_form("other_code", reason="The note says so.")
    assert form.errors == {"code": ["Write the code that you report instead."]}


def test_a_code_of_no_shape_is_refused_for_its_shape_alone():
    form = decision_form("other_code", code="123", reason="The note says so.")
    assert form.errors == {"code": ["A procedure code has five characters, such as 12345."]}


def test_the_suggested_code_is_accepted_and_not_written_whatever_the_order_of_its_modifiers():
    form = decision_form("other_code", code="12345", modifiers="LT 58", reason="The note.")
    assert form.errors == {"code": ["This is the suggested code. Accept the suggestion instead."]}


def test_the_suggested_code_with_other_modifiers_units_or_further_lines_is_another_report():
    instead = {"code": "12345", "reason": "The note."}
    as_submitted = decision_form("other_code", modifiers="58 LT", units="2", **instead)
    assert "Accept the suggestion instead" in str(as_submitted.errors)
    assert decision_form("other_code", modifiers="58 LT", units="1", **instead).is_valid()
    assert decision_form("other_code", modifiers="LT", **instead).is_valid()
    with_lines = decision_form(
        "other_code", modifiers="58 LT", further_lines="54321 x 2", **instead
    )
    assert with_lines.is_valid()


def test_without_a_suggestion_every_code_is_another_one():
    written = {"code": "12345", "modifiers": "58 LT", "reason": "The note."}
    assert decision_form("other_code", suggestion=None, **written).is_valid()


def test_the_submitted_line_is_kept_and_not_written_as_another_one():
    same = {"code": "12345", "modifiers": "LT", "units": "2", "reason": "The note."}

    def refused(**other):
        return decision_form("other_code", suggestion=None, **(same | other)).errors

    assert refused() == {"code": ["This is the submitted line. Keep it instead."]}
    for other in ({"units": "1"}, {"modifiers": "RT"}, {"further_lines": "54321"}):
        assert refused(**other) == {}
    beside = decision_form("other_code", suggestion=None, lines=(LINE, OTHER_LINE), **same)
    assert beside.is_valid()


# What becomes of it.


def test_the_verb_is_given_what_was_chosen_and_written():
    form = decision_form(
        "other_code",
        code="54321",
        modifiers="rt",
        units="3",
        further_lines="12346 x 2",
        reason="The note.",
        confirmed="on",
    )
    assert form.is_valid(), form.errors
    assert form.judgement() == Judgement(
        choice=Choice.OTHER_CODE,
        code="54321",
        modifiers=("RT",),
        reason="The note.",
        units=3,
        further_lines=(Line("12346", 2),),
        confirmed=True,
    )


def test_who_writes_no_units_means_one():
    form = decision_form("accept", units="")
    assert form.is_valid()
    assert form.judgement().units == 1


def test_what_the_verb_refuses_stands_at_the_field_that_it_is_about():
    form = decision_form("other_code", code="54321", reason="The note.")
    form.is_valid()
    form.add_error(None, ValidationError({"code": "No such code on that day."}))
    assert form.errors == {"code": ["No such code on that day."]}
