"""Which rulings a case allows, which of them ask the provider, and what each lets be reported; without a database."""

import pytest
from django.core.exceptions import ValidationError

from coding.decision import OutcomeKind
from coding.models import Encounter, Service, ServiceLine, Suggestion, User
from reviews.actions import adjudications
from reviews.actions.adjudications import Adjudication, asks_provider, kinds_for, ruling_on
from reviews.models import Cause, CodingDecision, ReviewCase, RuleDefect, RulingKind, Severity

CODE, QUERY, REVIEW, NOTHING = (
    OutcomeKind.CODE,
    OutcomeKind.PROVIDER_QUERY,
    OutcomeKind.SUPERVISOR_REVIEW,
    OutcomeKind.NO_FAMILY_CODE,
)
CODER, RULES, OTHER, NEITHER, ASK, DEFECT = (
    RulingKind.CODER_UPHELD,
    RulingKind.RULES_UPHELD,
    RulingKind.OTHER_CODE,
    RulingKind.NEITHER,
    RulingKind.PROVIDER_QUERY,
    RulingKind.RULE_DEFECT,
)
SUPERVISOR, CARLA = User(pk=1), User(pk=2)


def decided(outcome=CODE, **values):
    usual = {"code": "12345", "modifiers": ["LT"], "units": 3, "diagnosis_codes": ["M00.1"]}
    if outcome is not CODE:
        usual |= {"code": "", "modifiers": []}
    return CodingDecision(pk=1, outcome=outcome.value, **{**usual, **values})


def suggested(outcome=CODE, code="54321", **values):
    own = code if outcome is CODE else ""
    return Suggestion(pk=1, outcome=outcome.value, code=own, **values)


def case(decision=None, suggestion=None):
    service = Service(pk=1, number=1, encounter=Encounter(pk=1, revision=4))
    return ReviewCase(
        pk=1,
        service=service,
        decision=decision or decided(),
        suggestion=suggestion,
        coder=CARLA,
    )


# --- Which are offered.


def test_where_rules_and_coder_both_give_a_code_every_ruling_is_offered_in_one_order():
    assert kinds_for(case(suggestion=suggested())) == [CODER, RULES, OTHER, NEITHER, ASK, DEFECT]


def test_where_no_rule_set_judges_there_are_no_rules_to_uphold_and_none_to_be_wrong():
    assert kinds_for(case()) == [CODER, OTHER, NEITHER, ASK]


@pytest.mark.parametrize("outcome", [QUERY, NOTHING])
def test_a_question_and_nothing_to_report_can_be_upheld_on_either_side(outcome):
    both = kinds_for(case(decided(outcome), suggested(outcome)))
    assert {CODER, RULES} <= set(both)


def test_nobody_upholds_that_somebody_shall_look_at_it():
    assert CODER not in kinds_for(case(decided(REVIEW), suggested()))
    assert RULES not in kinds_for(case(decided(), suggested(REVIEW)))


@pytest.mark.parametrize(
    ("decision", "suggestion", "asking"),
    [
        (CODE, CODE, {ASK}),
        (QUERY, CODE, {ASK, CODER}),
        (CODE, QUERY, {ASK, RULES}),
        (QUERY, QUERY, {ASK, CODER, RULES}),
        (NOTHING, NOTHING, {ASK}),
    ],
)
def test_upholding_who_wants_to_ask_the_provider_asks(decision, suggestion, asking):
    judged = case(decided(decision), suggested(suggestion))
    assert {kind for kind in RulingKind if asks_provider(judged, kind)} == asking


def test_without_rules_upholding_them_asks_nobody():
    assert not asks_provider(case(), RULES)


# --- What is reported.


@pytest.fixture
def known_codes(monkeypatch):
    """All codes are on the lists."""
    monkeypatch.setattr(adjudications, "check_code", lambda *args, **kwargs: True)
    monkeypatch.setattr(adjudications, "check_further_lines", lambda *args, **kwargs: True)


def found(kind, judged, lines=(), defect=None, **values):
    adjudication = Adjudication(kind, " As the report says. ", **values)
    return ruling_on(SUPERVISOR, judged, adjudication, list(lines), defect)


def test_the_coder_upheld_is_reported_as_they_decided(known_codes):
    decision = decided(modifiers=["LT", "53"], further_lines=[["11111", 2]])
    ruling = found(CODER, case(decision, suggested()))
    assert (ruling.words, ruling.units) == ("12345-53-LT × 3 + 11111 × 2", 3)
    assert ruling.diagnosis_codes == ["M00.1"]


def test_the_rules_upheld_are_reported_with_the_units_that_were_submitted_under_their_code():
    lines = [ServiceLine(code="54321", units=5), ServiceLine(code="12345", units=3)]
    ruling = found(RULES, case(suggestion=suggested()), lines)
    assert (ruling.words, ruling.units, ruling.diagnosis_codes) == ("54321 × 5", 5, ["M00.1"])


@pytest.mark.parametrize(("kind", "outcome"), [(NEITHER, NOTHING), (ASK, QUERY)])
def test_neither_and_a_question_name_no_code(kind, outcome):
    ruling = found(kind, case(suggestion=suggested()), code="99999", modifiers=("LT",))
    assert (ruling.outcome, ruling.code, ruling.modifiers) == (outcome.value, "", [])


def test_another_outcome_than_a_code_names_none_though_one_was_typed():
    ruling = found(OTHER, case(suggestion=suggested()), outcome=NOTHING, code="99999", units=2)
    assert (ruling.outcome, ruling.code, ruling.units) == (NOTHING.value, "", 2)


def test_another_code_is_the_supervisor_s_own_with_its_units_and_lines(known_codes):
    ruling = found(
        OTHER,
        case(suggestion=suggested()),
        code="99999",
        modifiers=("LT", "53"),
        units=2,
        further_lines=(("11111", 4),),
    )
    assert (ruling.words, ruling.units) == ("99999-53-LT × 2 + 11111 × 4", 2)


def test_further_lines_that_coder_or_rules_named_are_known_for_another_code(monkeypatch):
    asked = {}
    monkeypatch.setattr(adjudications, "check_code", lambda *args, **kwargs: True)
    monkeypatch.setattr(
        adjudications,
        "check_further_lines",
        lambda code, lines, named, day, **kwargs: asked.update(named=named),
    )
    decision = decided(further_lines=[["11111", 1]])
    found(OTHER, case(decision, suggested(further_lines=[["22222", 1]])), code="99999")
    assert asked["named"] == [["11111", 1], ["22222", 1]]


def test_a_ruling_keeps_whose_case_it_was_its_reason_and_the_text_it_was_made_on(known_codes):
    ruling = found(CODER, case(), note=" Well read. ")
    assert (ruling.coder, ruling.supervisor, ruling.revision) == (CARLA, SUPERVISOR, 4)
    assert (ruling.reason, ruling.note) == ("As the report says.", "Well read.")
    assert (ruling.severity, ruling.cause, ruling.defect) == ("", "", None)


def test_an_error_is_kept_with_its_weight_its_cause_and_the_rule_that_is_wrong():
    defect = RuleDefect(pk=1)
    ruling = found(
        DEFECT,
        case(suggestion=suggested()),
        defect=defect,
        outcome=NOTHING,
        severity=Severity.MATERIAL,
        cause=Cause.RULE,
    )
    assert (ruling.severity, ruling.cause, ruling.defect) == ("material", "rule", defect)


# --- What a provider is asked.


def asked(judged, monkeypatch, question=""):
    monkeypatch.setattr(adjudications, "facts_to_ask", lambda own: ["drug"])
    adjudication = Adjudication(ASK, "Which drug was given?", question=question)
    ruling = ruling_on(SUPERVISOR, judged, adjudication, [], None)
    return adjudications.query_of(SUPERVISOR, judged, ruling, adjudication)


def test_the_provider_reads_the_question_and_without_one_the_reason(monkeypatch):
    assert asked(case(), monkeypatch, " Was it held? ").text == "Was it held?"
    query = asked(case(), monkeypatch)
    assert (query.text, query.facts, query.asked_by) == (
        "Which drug was given?",
        ["drug"],
        SUPERVISOR,
    )


def test_a_question_that_names_a_code_or_money_is_refused_with_the_words(monkeypatch):
    with pytest.raises(ValidationError) as refusal:
        asked(case(), monkeypatch, "Was it 12345, which is paid?")
    named = "no code number (“12345”), no money (“paid”)"
    assert refusal.value.message_dict == {
        "question": [f"A question to a provider names {named}. Ask without it."]
    }
