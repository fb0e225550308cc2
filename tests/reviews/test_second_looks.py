"""Nothing that a person does is a dead end: a ruling is objected to, reopened; a case goes back to its coder."""

import pytest
from django.db import IntegrityError, transaction

from coding.actions.errors import Conflict, NotAllowed
from coding.models import ServiceState
from reviews.actions import cases, decisions, second_looks
from reviews.models import (
    CaseState,
    CodingRound,
    FinalCode,
    Level,
    ReviewCase,
    RoundReason,
    RouteReason,
    RulingKind,
)
from tests import factories


@pytest.fixture
def case(people, hip):
    service = factories.service(people, hip)
    return factories.case_of(
        factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    )


@pytest.fixture
def ruled(people, case):
    factories.rule(people["supervisor"], case, RulingKind.RULES_UPHELD)
    return factories.fresh_case(case)


def test_an_objection_is_a_case_of_level_2_that_another_supervisor_decides(people, ruled):
    rebuttal = second_looks.rebut(people["coder"], ruled, "The note calls it a manipulation.")
    assert (rebuttal.level, rebuttal.objects_to) == (Level.REBUTTAL, ruled.ruling)
    with pytest.raises(NotAllowed, match="your ruling"):
        cases.claim(people["supervisor"], rebuttal)
    factories.rule(people["supervisor", 2], rebuttal, RulingKind.CODER_UPHELD)
    assert FinalCode.objects.current().get().reported == "27257-LT"


def test_what_was_ruled_stands_while_it_is_objected_to(people, ruled):
    second_looks.rebut(people["coder"], ruled, "No.")
    assert FinalCode.objects.current().get().reported == "27256-LT"
    assert factories.fresh_case(ruled).service.state == ServiceState.IN_REVIEW


def test_the_database_itself_refuses_who_ruled_as_holder_of_the_rebuttal(people, ruled):
    rebuttal = second_looks.rebut(people["coder"], ruled, "No.")
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewCase.objects.filter(pk=rebuttal.pk).update(holder=people["supervisor"])


def test_there_is_one_objection_to_a_ruling_and_none_to_a_second_supervisor(people, ruled):
    rebuttal = second_looks.rebut(people["coder"], ruled, "No.")
    with pytest.raises(Conflict, match="newer case"):
        second_looks.rebut(people["coder"], ruled, "Still no.")
    factories.rule(people["supervisor", 2], rebuttal, RulingKind.RULES_UPHELD)
    with pytest.raises(Conflict, match=r"A second supervisor has decided this\. It stands"):
        second_looks.rebut(people["coder"], factories.fresh_case(rebuttal), "Still no.")


def test_only_the_coder_objects(people, ruled):
    with pytest.raises(NotAllowed, match="Only the coder of a case objects to its ruling"):
        second_looks.rebut(people["coder", 2], ruled, "No.")


def test_a_supervisor_reopens_their_own_ruling_and_rules_again(people, ruled):
    again = second_looks.reopen(people["supervisor"], ruled.ruling, "I clicked the wrong one.")
    assert {route.reason for route in again.routes.all()} == {RouteReason.REOPENED}
    assert FinalCode.objects.current().get().reported == "27256-LT"
    factories.rule(people["supervisor"], again, RulingKind.CODER_UPHELD)
    assert FinalCode.objects.current().get().reported == "27257-LT"
    assert (
        factories.fresh_case(ruled).ruling.kind == RulingKind.RULES_UPHELD
    )  # the old one stands in the time line


def test_a_reopened_rebuttal_keeps_its_level_and_who_may_not_hold_it(people, ruled):
    rebuttal = second_looks.rebut(people["coder"], ruled, "No.")
    factories.rule(people["supervisor", 2], rebuttal, RulingKind.RULES_UPHELD)
    ruling = factories.fresh_case(rebuttal).ruling
    with pytest.raises(
        NotAllowed, match=r"The objection is to your ruling\. Another supervisor decides it"
    ):
        second_looks.reopen(people["supervisor"], ruling, "Mine was right.")
    again = second_looks.reopen(people["supervisor", 2], ruling, "Read it again.")
    assert again.level == Level.REBUTTAL
    with pytest.raises(
        NotAllowed, match=r"The objection is to your ruling\. Another supervisor decides it"
    ):
        cases.claim(people["supervisor"], again)


@pytest.fixture
def returned(people, ruled):
    """A rebuttal that its supervisor gave back to the coder."""
    rebuttal = second_looks.rebut(people["coder"], ruled, "No.")
    cases.claim(people["supervisor", 2], rebuttal)
    second_looks.return_to_coder(
        people["supervisor", 2], factories.fresh_case(rebuttal), "Look at the films."
    )
    return factories.fresh_case(rebuttal)


def insist(people, service):
    decided = factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    return factories.case_of(decided)


def test_a_returned_rebuttal_is_still_none_for_who_ruled_first(people, returned):
    again = insist(people, returned.service)
    assert (again.level, again.objects_to) == (Level.REBUTTAL, returned.objects_to)
    assert again.objection == returned.objection
    with pytest.raises(NotAllowed, match="The objection is to your ruling"):
        cases.claim(people["supervisor"], again)
    factories.rule(people["supervisor", 2], again, RulingKind.CODER_UPHELD)
    with pytest.raises(Conflict, match="A second supervisor has decided this"):
        second_looks.rebut(people["coder"], factories.fresh_case(again), "Still no.")


def test_what_is_taken_back_and_decided_anew_after_a_returned_rebuttal_is_one_too(people, returned):
    again = insist(people, returned.service)
    decisions.take_back(people["coder"], factories.service_of(again.service))
    assert insist(people, returned.service).first_supervisor == people["supervisor"]


def test_after_a_ruling_on_it_a_later_case_is_nobodys_rebuttal(people, returned):
    again = insist(people, returned.service)
    factories.rule(people["supervisor", 2], again, RulingKind.RULES_UPHELD)
    factories.send_again(people, again.service.encounter, note="Reduced under anesthesia.")
    later = ReviewCase.objects.latest("pk")
    assert (later.pk > again.pk, later.level, later.objects_to) == (True, Level.FIRST, None)


def test_only_the_last_word_is_reopened(people, ruled):
    second_looks.reopen(people["supervisor"], ruled.ruling, "Wrong.")
    with pytest.raises(Conflict, match="newer case"):
        second_looks.reopen(people["supervisor", 2], ruled.ruling, "Wrong.")


def test_a_coder_reopens_nothing(people, ruled):
    with pytest.raises(NotAllowed, match="may not reopen rulings"):
        second_looks.reopen(people["coder"], ruled.ruling, "Wrong.")


def test_a_case_is_returned_to_its_coder_with_the_answers_kept(people, case):
    cases.claim(people["supervisor"], case)
    second_looks.return_to_coder(
        people["supervisor"], factories.fresh_case(case), "Look at the addendum."
    )
    now = factories.fresh_case(case)
    assert (now.state, now.service.state) == (CaseState.RETURNED, ServiceState.TO_CODE)
    coding_round = CodingRound.objects.get(service=case.service, closed_at=None)
    assert (coding_round.number, coding_round.reason, coding_round.case) == (
        2,
        RoundReason.RETURNED,
        case,
    )
    again = factories.decide(people["coder"], case.service, factories.PAVLIK)
    assert (again.round, again.agrees) == (2, True)
    assert FinalCode.objects.current().get().reported == "27256-LT"


def test_only_who_holds_a_case_returns_it(people, case):
    with pytest.raises(
        Conflict, match=r"You do not hold this case: it is queued\. Reload it to see where it is"
    ):
        second_looks.return_to_coder(people["supervisor"], case, "No.")
