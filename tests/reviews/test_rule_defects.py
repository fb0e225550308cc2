"""Rule defects: a ruling opens one for the rule that spoke, further rulings point to it, a version closes it."""

from datetime import date

import pytest
from django.db import connection
from django.urls import reverse

from coding.actions.errors import Conflict, NotAllowed
from coding.models import AuditEvent
from coding.trail import guards
from reviews.actions import defects
from reviews.models import DefectState, RuleDefect, Ruling, RulingKind
from tests import factories
from tests.races import at_once


def found_wrong(people, hip):
    decision = factories.decide(
        people["coder"], factories.service(people, hip), factories.PAVLIK, factories.insists()
    )
    case = factories.case_of(decision)
    return factories.rule(
        people["supervisor"], case, RulingKind.RULE_DEFECT, code="27257", modifiers=("LT",)
    )


def test_a_ruling_opens_the_defect_of_the_rule_that_spoke_and_the_next_one_points_to_it(
    people, hip
):
    first, second = found_wrong(people, hip), found_wrong(people, hip)
    defect = RuleDefect.objects.get()
    assert (defect.version, defect.rule_id, defect.case) == (
        hip,
        first.case.suggestion.rule_id,
        first.case,
    )
    assert (defect.opened_by, defect.reason) == (people["supervisor"], "The note says so.")
    assert [ruling.defect for ruling in (first, second)] == [defect, defect]
    assert AuditEvent.objects.filter(event="defect.opened").count() == 1


def test_no_other_ruling_opens_a_defect(people, hip):
    decision = factories.decide(
        people["coder"], factories.service(people, hip), factories.PAVLIK, factories.insists()
    )
    ruling = factories.rule(people["supervisor"], factories.case_of(decision), RulingKind.NEITHER)
    assert (ruling.defect, ruling.outcome) == (None, "no_family_code")
    assert not RuleDefect.objects.exists()


def test_the_version_that_mends_the_rule_closes_the_defect(people, hip):
    defect = found_wrong(people, hip).defect
    mended = factories.publish(
        people, factories.draft_without_harness(people, hip), date(2026, 2, 1)
    )
    defects.close(people["rule author"], defect, mended)
    defect.refresh_from_db()
    assert (defect.state, defect.closed_by_version, defect.closed_by) == (
        DefectState.CLOSED,
        mended,
        people["rule author"],
    )
    assert found_wrong(people, hip).defect != defect


def test_a_defect_is_not_closed_by_a_draft_nor_without_a_word(people, hip):
    defect = found_wrong(people, hip).defect
    draft = factories.draft_without_harness(people, hip)
    with pytest.raises(Conflict, match="no published version"):
        defects.close(people["rule author"], defect, draft)
    with pytest.raises(Conflict, match="write why nothing is to mend"):
        defects.close(people["rule author"], defect, None, " ")
    with pytest.raises(NotAllowed, match="may not close rule defects"):
        defects.close(people["supervisor"], defect, None, "It is right.")
    defect.refresh_from_db()
    assert defect.state == DefectState.OPEN


@pytest.mark.django_db(transaction=True)
def test_of_two_who_close_a_defect_at_once_one_is_told(people, hip):
    defect = found_wrong(people, hip).defect
    authors = [people["rule author"], people["rule approver"]]
    results = at_once(
        2, lambda number: defects.close(authors[number], defect, None, "It is right.")
    )
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "NoneType"]


def test_what_rulings_found_before_the_register_was_kept_is_taken_into_it_once(people, hip, client):
    ruling = found_wrong(people, hip)
    guards.lift(connection)
    Ruling.objects.update(defect=None)
    RuleDefect.objects.all()._raw_delete(RuleDefect.objects.db)
    client.force_login(people["rule author"])
    address = reverse("admin:reviews_ruledefect_changelist")
    assert "1 ruling found a rule wrong" in client.get(address).content.decode()
    with pytest.raises(NotAllowed, match="may not keep the register"):
        defects.take_in_older(people["supervisor"])
    for _ in range(2):
        client.post(reverse("admin:reviews_ruledefect_older"))
    defect = RuleDefect.objects.get()
    assert (defect.case, defect.reason, defect.opened_by) == (
        ruling.case,
        ruling.reason,
        people["rule author"],
    )
    page = client.get(address)
    assert "found a rule wrong" not in page.content.decode()
    assert [row.services for row in page.context["cl"].result_list] == [1]
