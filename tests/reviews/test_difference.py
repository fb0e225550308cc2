"""What explains a difference: the fewest answers, each of its nature, with what every side says."""

import pytest

from reviews.actions import second_codings
from reviews.actions.decisions import Judgement
from reviews.actions.second_codings import BlindCode
from reviews.coding_form.difference import Nature, compare
from reviews.models import Choice, SecondCoding
from tests import factories


def case_of(people, hip, facts=factories.PAVLIK, judgement=None):
    service = factories.service(people, hip)
    return factories.case_of(
        factories.decide(people["coder"], service, facts, judgement or factories.insists())
    )


def compared(case, second=None):
    return compare(case, second, [])


def test_the_fewest_answers_explain_the_difference_and_the_rest_is_agreed(people, hip):
    comparison = compared(case_of(people, hip))
    needed = {row.label: row.needed.needed for row in comparison.explains}
    assert "Manipulation" in needed
    assert not comparison.rules_alone
    assert {row.label for row in comparison.agreed}.isdisjoint(needed)
    assert "Side" in {row.label for row in comparison.agreed}


def test_where_the_note_is_silent_it_is_documentation(people, hip):
    silent = {**factories.PAVLIK, "manipulation": ""}
    [row] = [
        row for row in compared(case_of(people, hip, silent)).explains if row.fact == "manipulation"
    ]
    assert (row.nature, row.coder) == (Nature.DOCUMENTATION, "not documented")


def test_a_code_that_differs_in_its_modifiers_alone_is_a_matter_of_the_rules(people, hip):
    comparison = compared(case_of(people, hip, judgement=factories.insists("27256", "RT")))
    assert (comparison.explains, comparison.rules_alone) == ([], True)


@pytest.fixture
def second(people, hip):
    case = case_of(people, hip)
    asked = second_codings.ask(people["supervisor"], case.decision, people["coder", 2])
    side = case.suggestion.profile.facts
    table_answers = {key: factories.form_of(case.service).facts[key] for key in side}
    other = {
        **table_answers,
        "manipulation": table_answers["treatment"]._replace(value="performed"),
    }
    second_codings.code_blind(people["coder", 2], asked, BlindCode("27257", ("LT",), facts=other))
    return factories.fresh_case(case), SecondCoding.objects.select_related("profile").get()


def test_where_the_second_coder_answers_otherwise_it_is_reading_and_both_stand_there(second):
    comparison = compared(*second)
    [row] = [row for row in comparison.rows if row.fact == "manipulation"]
    assert (row.nature, row.second) == (Nature.READING, "Manipulated")
    assert comparison.has_second


def test_a_decision_without_a_code_has_no_answers_to_explain_it(people, hip):
    comparison = compared(
        case_of(people, hip, judgement=Judgement(Choice.SUPERVISOR_REVIEW, reason="Hm."))
    )
    assert (comparison.explains, comparison.rules_alone) == ([], False)


def test_no_rules_no_comparison(people, hip):
    case = case_of(people, hip)
    case.suggestion = None
    assert compared(case) is None
