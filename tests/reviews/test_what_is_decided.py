"""What a decision is reported with, and why it goes to a supervisor: each combination, without a database."""

from types import SimpleNamespace

import pytest

from coding.decision import OutcomeKind
from coding.models import Answer, Diagnosis, Encounter, Service, ServiceLine, Suggestion
from reviews.actions.codes import pointed_diagnoses, submitted_units
from reviews.actions.decisions import Basis, routes
from reviews.models import Choice, CodingDecision, RouteReason

ASKS_PROVIDER, ASKS_SUPERVISOR = RouteReason.CODER_ASKS_PROVIDER, RouteReason.CODER_ASKS_SUPERVISOR
OF_RULES = [
    (OutcomeKind.CODE, []),
    (OutcomeKind.PROVIDER_QUERY, [RouteReason.RULES_ASK_PROVIDER]),
    (OutcomeKind.SUPERVISOR_REVIEW, [RouteReason.RULES_ASK_SUPERVISOR]),
    (OutcomeKind.NO_FAMILY_CODE, [RouteReason.NO_FAMILY_CODE]),
]
OF_CODER = [
    (Choice.OTHER_CODE, [RouteReason.OTHER_CODE]),
    (Choice.NOTHING, [RouteReason.NOTHING_REPORTED]),
    (Choice.PROVIDER_QUERY, [ASKS_PROVIDER]),
    (Choice.SUPERVISOR_REVIEW, [ASKS_SUPERVISOR]),
]


def reasons(outcome, choice, *, agrees, against=""):
    answers = {"held": Answer(fact="held", reason=against), "drug": Answer(fact="drug")}
    basis = Basis(answers, suggestion=Suggestion(outcome=outcome.value))
    return routes(basis, CodingDecision(choice=choice, agrees=agrees))


# --- Why it goes to a supervisor.


@pytest.mark.parametrize(("outcome", "of_rules"), OF_RULES)
def test_whoever_agrees_adds_no_reason_to_those_of_the_rules(outcome, of_rules):
    assert reasons(outcome, Choice.ACCEPT, agrees=True) == of_rules


@pytest.mark.parametrize(("outcome", "of_rules"), OF_RULES)
@pytest.mark.parametrize(("choice", "of_coder"), OF_CODER)
def test_whoever_differs_says_so_before_what_the_rules_ask(choice, of_coder, outcome, of_rules):
    assert reasons(outcome, choice, agrees=False) == [*of_coder, *of_rules]


@pytest.mark.parametrize(("choice", "of_coder"), OF_CODER)
def test_a_choice_that_comes_to_what_the_rules_say_agrees_whatever_it_is_called(choice, of_coder):
    assert reasons(OutcomeKind.CODE, choice, agrees=True) == []


def test_an_answer_kept_against_the_note_is_a_reason_even_where_coder_and_rules_agree():
    against = "The report names the other side."
    assert reasons(OutcomeKind.CODE, Choice.ACCEPT, agrees=True, against=against) == [
        RouteReason.AGAINST_NOTE
    ]
    assert reasons(OutcomeKind.CODE, Choice.OTHER_CODE, agrees=False, against=against) == [
        RouteReason.OTHER_CODE,
        RouteReason.AGAINST_NOTE,
    ]


# --- For which diagnoses it is reported.


def service(*diagnoses):
    visit = Encounter(pk=1)
    visit._prefetched_objects_cache = {"diagnoses": [Diagnosis(code=code) for code in diagnoses]}
    return Service(pk=1, encounter=visit)


def pointed(*lines):
    """By the pointers of each line, of a visit with three diagnoses."""
    rows = [ServiceLine(diagnosis_pointers=list(pointers)) for pointers in lines]
    return pointed_diagnoses(service("M00.1", "M00.2", "M00.3"), rows)


@pytest.mark.parametrize(
    ("pointers", "codes"),
    [
        ((2,), ["M00.2"]),
        ((3, 1), ["M00.3", "M00.1"]),
        ((2, 2, 1), ["M00.2", "M00.1"]),
        ((9, 0, 2), ["M00.2"]),
        ((9,), ["M00.1", "M00.2", "M00.3"]),
        ((), ["M00.1", "M00.2", "M00.3"]),
    ],
    ids=[
        "one",
        "in the line's order",
        "each once",
        "those that are there",
        "none is there",
        "none",
    ],
)
def test_a_code_is_reported_for_the_diagnoses_that_its_line_points_to(pointers, codes):
    assert pointed(pointers) == codes


def test_a_service_of_two_lines_is_reported_for_the_diagnoses_of_both():
    assert pointed((2,), (1, 2)) == ["M00.2", "M00.1"]


def test_a_service_without_a_line_is_reported_for_all_of_them():
    assert pointed() == ["M00.1", "M00.2", "M00.3"]


# --- With how many units.


def units(code, *lines, modifiers=()):
    rows = [SimpleNamespace(code=own, units=count) for own, count in lines]
    return submitted_units(code, rows, modifiers)


def test_a_code_has_the_units_of_the_one_line_that_was_submitted_under_it():
    assert units("12345", ("12345", 3), ("54321", 9)) == 3


def test_another_code_and_one_that_stands_on_several_lines_has_one_unit():
    assert units("11111", ("12345", 3)) == 1
    assert units("12345", ("12345", 3), ("12345", 2)) == 1
    assert units("12345") == 1


def test_both_sides_in_one_line_are_one_unit_though_two_were_submitted():
    assert units("12345", ("12345", 2), modifiers=["58", "50"]) == 1
    assert units("12345", ("12345", 2), modifiers=["58", "LT"]) == 2
