"""The supervisor queue: cases are claimed by one, and held by nobody who coded the service."""

import pytest
from django.db import IntegrityError, transaction

from coding.actions.errors import Conflict, NotAllowed
from coding.models import AuditEvent
from reviews.actions import cases, decisions
from reviews.lists import queues
from reviews.models import CaseState, ReviewCase, Ruling, RulingKind
from tests import factories
from tests.races import at_once


@pytest.fixture
def case(people, hip):
    service = factories.service(people, hip)
    return factories.case_of(
        factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    )


@pytest.fixture
def claimed(people, case):
    cases.claim(people["supervisor"], case)
    return factories.fresh_case(case)


def test_the_coder_of_a_case_does_not_claim_it_even_as_a_superuser(people, case):
    coder = people["coder"]
    coder.is_superuser = True
    coder.save()
    with pytest.raises(NotAllowed, match="You coded this case"):
        cases.claim(coder, case)


def test_whoever_coded_the_service_in_an_earlier_round_does_not_hold_its_case(people, hip):
    service = factories.service(people, hip)
    both = people["coder", 2]
    both.is_superuser = True  # a person with both roles
    both.save()
    factories.decide(both, service, factories.PAVLIK, factories.insists())
    decisions.take_back(both, factories.service_of(service))
    factories.service_of(service).encounter.services.update(assigned_to=None)
    case = factories.case_of(
        factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    )
    with pytest.raises(NotAllowed, match="You coded this case"):
        cases.claim(both, case)


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


def test_the_database_refuses_two_open_cases_for_one_service(case):
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewCase.objects.create(service=case.service, decision=case.decision, coder=case.coder)


def test_a_supervisor_who_does_not_hold_the_case_is_told_who_does(people, claimed):
    with pytest.raises(Conflict, match=people["supervisor"].name):
        cases.claim(people["supervisor", 2], claimed)
    with pytest.raises(Conflict, match=people["supervisor"].name):
        cases.release(people["supervisor", 2], claimed)


def test_a_double_click_on_claim_changes_nothing(people, claimed):
    cases.claim(people["supervisor"], claimed)
    assert AuditEvent.objects.get(event="case.claimed").after == {"service": 1}


def test_a_released_case_can_be_claimed_by_another(people, claimed):
    cases.release(people["supervisor"], claimed)
    cases.claim(people["supervisor", 2], claimed)
    assert factories.fresh_case(claimed).holder == people["supervisor", 2]


def test_only_its_coder_acknowledges_a_ruling(people, case):
    factories.rule(people["supervisor"], case, RulingKind.RULES_UPHELD)
    with pytest.raises(NotAllowed, match="Only the coder of a case acknowledges its ruling"):
        cases.acknowledge(people["coder", 2], case)
    cases.acknowledge(people["coder"], case)
    assert factories.fresh_case(case).state == CaseState.ACKNOWLEDGED


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
    assert factories.fresh_case(case).holder == supervisors[results.index(None)]
