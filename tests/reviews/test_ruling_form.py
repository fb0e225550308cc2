"""The form of a supervisor's ruling: what each kind needs beside it, which question is asked twice, who is meant."""

import uuid
from types import SimpleNamespace

from django.core.exceptions import ValidationError
from django.http import QueryDict

from coding.decision import Line, OutcomeKind
from coding.models import User
from reviews.actions.adjudications import Adjudication
from reviews.forms.rulings import (
    MOST_TICKED,
    AlikeRulingForm,
    CaseRulingForm,
    ProviderAnswerForm,
    RulingForm,
    SupervisorField,
)
from reviews.models import Cause, RulingKind, Severity

# Whoever has signed in to a local copy is asked for no password.
SIGNED_IN = SimpleNamespace(fields=())
ASKING = (RulingKind.PROVIDER_QUERY, RulingKind.CODER_UPHELD)
LEADS = "Please document the drug."


def sent(kind, **written):
    return {"idempotency_key": uuid.uuid4(), "kind": kind, "reason": "The note.", **written}


def ruling_form(kind, **written):
    return RulingForm(sent(kind, **written), signing=SIGNED_IN)


def case_form(kind, asking=ASKING, **written):
    return CaseRulingForm(sent(kind, revision=1, **written), signing=SIGNED_IN, asking=asking)


# What a kind needs.


def test_a_ruling_is_chosen_from_those_that_the_case_allows():
    form = RulingForm(
        sent("neither"), signing=SIGNED_IN, kinds=[RulingKind.CODER_UPHELD, RulingKind.OTHER_CODE]
    )
    assert list(form.fields["kind"].choices) == [
        ("coder_upheld", "Coder upheld"),
        ("other_code", "Other code"),
    ]
    assert list(form.errors) == ["kind"]
    assert ruling_form("").errors == {"kind": ["Choose a ruling."]}


def test_every_ruling_has_a_reason():
    assert list(ruling_form("coder_upheld", reason=" ").errors) == ["reason"]


def test_to_uphold_one_of_the_two_needs_no_code():
    for kind in ("coder_upheld", "rules_upheld", "neither", "provider_query"):
        assert ruling_form(kind).is_valid(), kind


def test_another_code_is_written():
    asked = {"code": ["Write the code. Where nothing is reported, choose “Neither”."]}
    assert ruling_form("other_code").errors == asked
    assert ruling_form("other_code", no_code="on").errors == asked
    assert ruling_form("other_code", code="12345").is_valid()


def test_where_the_rules_are_wrong_a_code_is_right_or_nothing_is():
    assert ruling_form("rule_defect", code="12345").is_valid()
    assert ruling_form("rule_defect", no_code="on").is_valid()
    assert ruling_form("rule_defect").errors == {
        "code": ["Write the final code, or tick that nothing is reported."]
    }


def test_a_code_and_the_tick_that_there_is_none_contradict_each_other():
    refusal = {"no_code": ["A code is written above. Take the code out, or this tick."]}
    assert ruling_form("rule_defect", code="12345", no_code="on").errors == refusal
    assert ruling_form("other_code", code="12345", no_code="on").errors == refusal


def test_a_code_of_no_shape_is_refused_for_its_shape_alone():
    form = ruling_form("rule_defect", code="123")
    assert form.errors == {"code": ["A procedure code has five characters, such as 12345."]}


# An error.


def test_an_error_has_a_severity_and_a_cause_or_there_is_none():
    refusal = ["An error has a severity and a cause. Choose both, or “No error” for both."]
    severity, cause = Severity.values[0], Cause.values[0]
    assert ruling_form("rules_upheld", severity=severity).errors == {"cause": refusal}
    assert ruling_form("rules_upheld", cause=cause).errors == {"cause": refusal}
    assert ruling_form("rules_upheld", severity=severity, cause=cause).is_valid()


def test_no_error_is_what_a_ruling_begins_with():
    form = ruling_form("rules_upheld")
    assert form.is_valid()
    assert form.adjudication().severity is None
    assert form.adjudication().cause is None


# What becomes of it.


def test_the_verb_is_given_what_was_found():
    form = ruling_form(
        "other_code",
        reason=" The note. ",
        code="12345",
        modifiers="LT",
        units="2",
        further_lines="54321",
        severity=Severity.values[0],
        cause=Cause.values[0],
        note="Look at the laterality.",
        confirmed="on",
    )
    assert form.is_valid(), form.errors
    assert form.adjudication() == Adjudication(
        kind=RulingKind.OTHER_CODE,
        reason="The note.",
        outcome=OutcomeKind.CODE,
        code="12345",
        modifiers=("LT",),
        units=2,
        further_lines=(Line("54321", 1),),
        confirmed=True,
        severity=Severity(Severity.values[0]),
        cause=Cause(Cause.values[0]),
        note="Look at the laterality.",
    )


def test_without_a_code_nothing_is_reported_and_without_units_one_is():
    form = ruling_form("rule_defect", no_code="on", units="")
    assert form.is_valid()
    assert form.adjudication().outcome is OutcomeKind.NO_FAMILY_CODE
    assert form.adjudication().units == 1


def test_what_the_verb_refuses_stands_at_the_field_that_it_is_about():
    form = ruling_form("other_code", code="54321")
    form.is_valid()
    form.add_error(None, ValidationError({"code": "No such code on that day."}))
    assert form.errors == {"code": ["No such code on that day."]}


def test_the_page_says_when_a_code_is_needed():
    fields = RulingForm(signing=SIGNED_IN).fields
    assert fields["code"].label == "Code"
    assert fields["code"].help_text == (
        "For another code, or the right code where the rules are wrong."
    )
    assert fields["no_code"].help_text == "Where the rules are wrong to give a code."


# The question to a provider.


def test_the_question_goes_to_the_verb_and_is_empty_where_no_page_asks_one():
    form = case_form("provider_query", question="Which drug was given?")
    assert form.is_valid()
    assert form.adjudication().question == "Which drug was given?"

    without = ruling_form("provider_query")
    assert without.is_valid()
    assert without.adjudication().question == ""


def test_a_question_that_leads_to_an_answer_is_asked_only_by_who_read_why():
    form = case_form("provider_query", question=LEADS)
    assert form.is_flagged
    why = "It tells what to document (“Please document”)."
    instead = "Word it neutrally, or tick below that it is to be asked so."
    assert form.errors == {"question": [f"{why} {instead}"]}
    assert case_form("provider_query", question=LEADS, ask_so="on").is_valid()


def test_each_reason_why_a_question_leads_is_told():
    form = case_form("provider_query", question=f"{LEADS} It was sleep, wasn't it?")
    [refusal] = form.errors["question"]
    assert refusal.startswith("It tells what to document (“Please document”). It tells the answer")


def test_a_neutral_question_and_none_are_not_flagged():
    for question in ("Which drug was given?", ""):
        form = case_form("provider_query", question=question)
        assert not form.is_flagged
        assert form.is_valid()


def test_a_question_left_behind_by_another_choice_is_not_looked_at():
    form = case_form("rules_upheld", question=LEADS)
    assert not form.is_flagged
    assert form.is_valid()


def test_a_page_that_was_not_sent_flags_nothing():
    form = CaseRulingForm(initial={"question": LEADS}, signing=SIGNED_IN, asking=ASKING)
    assert not form.is_flagged


def test_where_other_rulings_ask_too_the_page_says_so():
    assert case_form("neither", asking=[RulingKind.PROVIDER_QUERY]).asks_by_one_kind
    assert not case_form("neither", asking=ASKING).asks_by_one_kind
    assert not case_form("neither", asking=[]).asks_by_one_kind


# Those that are alike.


def ticked(*ids):
    data = QueryDict(mutable=True)
    data.update({**sent("coder_upheld"), "revision": 1})
    data.setlist("others", ids)
    form = AlikeRulingForm(data, signing=SIGNED_IN)
    assert form.is_valid(), form.errors
    return form.cleaned_data["others"]


def test_the_ticked_cases_are_ruled_on_too():
    assert ticked("7", "12") == [7, 12]
    assert ticked() == []


def test_more_cases_than_a_page_lists_are_refused():
    data = QueryDict(mutable=True)
    data.update({**sent("coder_upheld"), "revision": 1})
    data.setlist("others", [str(number) for number in range(MOST_TICKED + 1)])
    assert list(AlikeRulingForm(data, signing=SIGNED_IN).errors) == ["others"]

    data.setlist("others", [str(number) for number in range(MOST_TICKED)])
    assert AlikeRulingForm(data, signing=SIGNED_IN).is_valid()


def test_what_is_no_id_of_a_case_is_refused_and_asks_the_database_nothing():
    data = QueryDict(mutable=True)
    for hostile in ("x", "-1", "1" * 19, "٧x"):
        data.update({**sent("coder_upheld"), "revision": 1})
        data.setlist("others", [hostile])
        assert list(AlikeRulingForm(data, signing=SIGNED_IN).errors) == ["others"]


# To whom a case is given.


def test_a_supervisor_is_named_with_what_they_hold_and_whether_they_are_away():
    field = SupervisorField(User.objects.none())
    here = SimpleNamespace(name="Ada Falk", held=3, is_away=False)
    away = SimpleNamespace(name="Bo Weiss", held=0, is_away=True)
    assert field.label_from_instance(here) == "Ada Falk, holds 3"
    assert field.label_from_instance(away) == "Bo Weiss, holds 0, is away"


# An answer that came by telephone.


def test_a_providers_answer_has_its_words_its_author_and_its_day():
    answer = {"idempotency_key": uuid.uuid4(), "answer": "Sleep.", "provider": "Dr. Falk"}
    assert ProviderAnswerForm({**answer, "answered_on": "2026-05-04"}).is_valid()
    assert list(ProviderAnswerForm({**answer, "answered_on": ""}).errors) == ["answered_on"]
    assert ProviderAnswerForm({**answer, "answered_on": "1899-12-31"}).errors == {
        "answered_on": ["This day lies before 1900. Correct the year."]
    }
