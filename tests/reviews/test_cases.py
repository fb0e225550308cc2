"""Review cases: claimed by one, ruled on by somebody who did not code them, read by the coder."""

import pytest
from django.db import IntegrityError, transaction

from coding.actions.errors import Conflict, NotAllowed
from coding.decision import OutcomeKind
from coding.models import AuditEvent, Encounter, EncounterStatus
from reviews import queues
from reviews.actions import cases
from reviews.actions.rulings import Adjudication
from reviews.models import FinalCode, ReviewCase, Ruling, RulingKind
from reviews.transitions import CaseState
from tests import factories
from tests.races import at_once


@pytest.fixture
def case(people, hip):
    encounter = factories.encounter(people, hip)
    decision = factories.decide(people["coder"], encounter, factories.PAVLIK, factories.insists())
    return ReviewCase.objects.get(decision=decision)


@pytest.fixture
def claimed(people, case):
    cases.claim(people["supervisor"], case)
    return case


@pytest.mark.parametrize(
    ("finding", "final"),
    [
        (Adjudication(RulingKind.CODER_UPHELD, "The coder is right."), "27257-LT"),
        (Adjudication(RulingKind.RULES_UPHELD, "The rules are right."), "27256-LT"),
        (Adjudication(RulingKind.OTHER_CODE, "Neither.", OutcomeKind.CODE, "27299", ("LT",)), "27299-LT"),
        (Adjudication(RulingKind.PROVIDER_QUERY, "Ask."), "provider_query"),
        (Adjudication(RulingKind.RULE_DEFECT, "The rule is wrong.", OutcomeKind.NO_FAMILY_CODE), "no_family_code"),
    ],
)
def test_a_ruling_sets_the_final_code(people, claimed, finding, final):
    cases.rule(people["supervisor"], claimed, finding)
    assert FinalCode.objects.current().get().reported == final
    claimed.refresh_from_db()
    assert claimed.state == CaseState.RESOLVED
    assert Encounter.objects.get().status == EncounterStatus.FINAL


def test_the_coder_of_a_case_neither_claims_nor_rules_even_as_a_superuser(people, case):
    coder = people["coder"]
    coder.is_superuser = True
    coder.save()
    with pytest.raises(NotAllowed, match="You coded this case"):
        cases.claim(coder, case)
    with pytest.raises(NotAllowed, match="You coded this case"):
        cases.rule(coder, case, Adjudication(RulingKind.CODER_UPHELD, "I am right."))


def test_the_database_itself_refuses_the_coder_as_holder_and_as_supervisor(people, claimed):
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewCase.objects.filter(pk=claimed.pk).update(holder=people["coder"])
    with pytest.raises(IntegrityError), transaction.atomic():
        Ruling.objects.create(
            case=claimed,
            supervisor=people["coder"],
            coder=people["coder"],
            kind="coder_upheld",
            outcome="code",
            reason="x",
        )


def test_the_database_refuses_two_open_cases_for_one_encounter(case):
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewCase.objects.create(
            encounter=case.encounter, decision=case.decision, coder=case.coder, suggestion=case.suggestion
        )


def test_a_supervisor_who_does_not_hold_the_case_is_told_who_does(people, claimed):
    with pytest.raises(Conflict, match=people["supervisor"].name):
        cases.claim(people["supervisor", 2], claimed)
    with pytest.raises(Conflict, match=people["supervisor"].name):
        cases.rule(people["supervisor", 2], claimed, Adjudication(RulingKind.CODER_UPHELD, "Mine."))


def test_a_double_click_on_claim_changes_nothing(people, claimed):
    cases.claim(people["supervisor"], claimed)
    assert AuditEvent.objects.filter(event="case.claimed").count() == 1


def test_a_released_case_can_be_claimed_by_another(people, claimed):
    cases.release(people["supervisor"], claimed)
    cases.claim(people["supervisor", 2], claimed)
    claimed.refresh_from_db()
    assert claimed.holder == people["supervisor", 2]


def test_a_case_is_ruled_on_once(people, claimed):
    cases.rule(people["supervisor"], claimed, Adjudication(RulingKind.RULES_UPHELD, "Right."))
    with pytest.raises(Conflict):
        cases.rule(people["supervisor"], claimed, Adjudication(RulingKind.CODER_UPHELD, "Changed my mind."))


def test_only_its_coder_acknowledges_a_ruling(people, claimed):
    cases.rule(people["supervisor"], claimed, Adjudication(RulingKind.RULES_UPHELD, "Right."))
    with pytest.raises(NotAllowed):
        cases.acknowledge(people["coder", 2], claimed)
    cases.acknowledge(people["coder"], claimed)
    claimed.refresh_from_db()
    assert claimed.state == CaseState.ACKNOWLEDGED


def test_a_coder_sees_their_own_cases_only_and_a_rule_author_none(people, case):
    assert list(queues.visible_to(people["coder"])) == [case]
    assert list(queues.visible_to(people["supervisor"])) == [case]
    assert list(queues.visible_to(people["auditor"])) == [case]
    assert not queues.visible_to(people["coder", 2]).exists()
    assert not queues.visible_to(people["rule author"]).exists()


@pytest.mark.django_db(transaction=True)
def test_of_eight_supervisors_who_claim_at_once_one_gets_it(people, case):
    supervisors = [people["supervisor", number] for number in range(8)]
    results = at_once(8, lambda number: cases.claim(supervisors[number], case))
    assert results.count(None) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 7
    case.refresh_from_db()
    assert case.holder == supervisors[results.index(None)]
