"""Rulings: a final code, or a question to the provider; never a query that is final."""

import pytest
from django.core.exceptions import ValidationError

from coding.actions.errors import Conflict, NotAllowed
from coding.decision import OutcomeKind
from coding.models import EncounterState, ServiceState
from reviews.actions import cases, rulings
from reviews.actions.adjudications import Adjudication, kinds_for
from reviews.actions.decisions import Judgement
from reviews.models import CaseState, Choice, FinalCode, ProviderQuery, QueryState, RulingKind
from tests import factories

ACCEPT = Judgement(Choice.ACCEPT)
SILENT = {**factories.PAVLIK, "anesthesia": ""}


@pytest.fixture
def service(people, hip):
    return factories.service(people, hip)


@pytest.fixture
def case(people, service):
    return factories.case_of(
        factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    )


@pytest.fixture
def asking(people, service):
    """The rules ask the provider, and the coder agrees."""
    return factories.case_of(factories.decide(people["coder"], service, SILENT, ACCEPT))


@pytest.mark.parametrize(
    ("kind", "values", "final"),
    [
        (RulingKind.CODER_UPHELD, {}, "27257-LT"),
        (RulingKind.RULES_UPHELD, {}, "27256-LT"),
        (RulingKind.OTHER_CODE, {"code": "27258", "modifiers": ("LT",)}, "27258-LT"),
        (RulingKind.RULE_DEFECT, {"outcome": OutcomeKind.NO_FAMILY_CODE}, "no_family_code"),
    ],
)
def test_a_ruling_sets_the_final_code(people, case, kind, values, final):
    factories.rule(people["supervisor"], case, kind, **values)
    assert FinalCode.objects.current().get().reported == final
    now = factories.fresh_case(case)
    assert (now.state, now.service.state) == (CaseState.RESOLVED, ServiceState.FINAL)
    assert now.service.encounter.state == EncounterState.FINAL


def test_the_coder_does_not_rule_on_the_own_case_even_as_a_superuser(people, case):
    coder = people["coder"]
    coder.is_superuser = True
    coder.save()
    with pytest.raises(NotAllowed, match="You coded this case"):
        rulings.rule(coder, case, Adjudication(RulingKind.CODER_UPHELD, "I am right."))


def test_a_case_is_ruled_on_once(people, case):
    factories.rule(people["supervisor"], case, RulingKind.RULES_UPHELD)
    with pytest.raises(
        Conflict, match=r"You do not hold this case: it is resolved\. Reload it to see where it is"
    ):
        rulings.rule(
            people["supervisor"], case, Adjudication(RulingKind.CODER_UPHELD, "Changed my mind.")
        )


def test_a_made_up_code_is_no_ruling(people, case):
    factories.fees()
    with pytest.raises(ValidationError, match="99999"):
        factories.rule(people["supervisor"], case, RulingKind.OTHER_CODE, code="99999")
    assert not FinalCode.objects.exists()


@pytest.mark.parametrize(
    "kind", [RulingKind.PROVIDER_QUERY, RulingKind.RULES_UPHELD, RulingKind.CODER_UPHELD]
)
def test_a_ruling_that_asks_the_provider_makes_nothing_final(people, asking, kind):
    factories.rule(people["supervisor"], asking, kind, question="Which anesthesia was given?")
    assert not FinalCode.objects.exists()
    query = ProviderQuery.objects.get()
    assert (query.state, query.text) == (QueryState.OPEN, "Which anesthesia was given?")
    assert query.facts == ["anesthesia"]
    now = factories.fresh_case(asking)
    assert now.service.state == ServiceState.AWAITING_PROVIDER
    assert now.service.encounter.state == EncounterState.AWAITING_PROVIDER


def test_nobody_upholds_that_somebody_shall_look_at_it(people, service):
    decision = factories.decide(people["coder"], service, factories.GAP_A, ACCEPT)
    case = factories.case_of(decision)
    assert RulingKind.RULES_UPHELD not in kinds_for(case)
    assert RulingKind.CODER_UPHELD not in kinds_for(case)
    cases.claim(people["supervisor"], case)
    with pytest.raises(Conflict, match="not offered"):
        rulings.rule(
            people["supervisor"], case, Adjudication(RulingKind.RULES_UPHELD, "As the rules say.")
        )


def test_a_ruling_on_another_suggestion_than_the_one_read_is_refused(people, case):
    cases.claim(people["supervisor"], case)
    read = factories.fresh_case(case)
    read.suggestion_id = None
    with pytest.raises(Conflict, match="newer version"):
        rulings.rule(people["supervisor"], read, Adjudication(RulingKind.CODER_UPHELD, "As coded."))
