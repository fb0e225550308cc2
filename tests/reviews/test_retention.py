"""Retention: rules are data, what is due by them is told, and nothing is deleted."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import reverse

from coding.actions.errors import Conflict
from coding.models import AuditEvent, Encounter
from reviews.actions.retention import set_rule
from reviews.models import RecordKind, RetentionRule
from reviews.operation import retention
from tests import factories


@pytest.fixture
def seven_years(people):
    return set_rule(people["administrator"], RecordKind.ENCOUNTER, "service", 7, "State law.")


def due_of_encounters(today):
    return next(due for due in retention.report(today) if due.kind.startswith("Encounters"))


def test_without_a_rule_nothing_is_ever_due(db):
    assert [due.count for due in retention.report(date(2999, 1, 1))] == [0] * len(RecordKind)


def test_what_is_older_than_its_rule_is_due_with_the_oldest_day_and_nothing_is_deleted(
    people, hip, seven_years
):
    for day in (date(2026, 3, 1), date(2026, 5, 4)):
        factories.encounter(people, hip, date_of_service=day)
    due = due_of_encounters(date(2033, 5, 4))
    assert (due.count, due.oldest, due.before) == (1, date(2026, 3, 1), date(2026, 5, 4))
    assert due_of_encounters(date(2033, 5, 5)).count == 2
    assert Encounter.objects.count() == 2


def test_on_a_leap_day_the_years_are_counted_from_the_day_before(db, seven_years):
    assert due_of_encounters(date(2032, 2, 29)).before == date(2025, 2, 28)


@pytest.mark.parametrize(("kind", "event"), [(kind, event) for kind, event in retention.DAYS])
def test_each_kind_is_counted_from_each_of_its_events(people, hip, kind, event):
    factories.encounter(people, hip)
    set_rule(people["administrator"], RecordKind(kind), event, 1, "Policy.")
    assert len(retention.report(date(2999, 1, 1))) == len(RecordKind)


def test_a_rule_is_changed_not_doubled_and_the_trail_tells_both(people, seven_years):
    set_rule(people["administrator"], RecordKind.ENCOUNTER, "receipt", 10, "New law.")
    assert RetentionRule.objects.get().years == 10
    event = AuditEvent.objects.filter(event="retention.set").last()
    assert event.before == {"years": 7, "from": "service"}
    assert event.after == {"kind": "encounter", "years": 10, "from": "receipt"}


def test_others_say_nothing_of_retention(people):
    with pytest.raises(PermissionDenied):
        set_rule(people["auditor"], RecordKind.ENCOUNTER, "service", 7, "")


def test_an_event_that_a_kind_has_not_is_refused(people):
    with pytest.raises(Conflict, match="not counted from that event"):
        set_rule(people["administrator"], RecordKind.UPLOAD, "service", 7, "")


def test_an_administrator_sets_a_rule_in_the_administration_and_reads_what_is_due(people, client):
    client.force_login(people["administrator"])
    address = reverse("admin:reviews_retentionrule_add")
    form = {"kind": "upload", "counted_from": "service", "years": 3, "reason": "Policy 7."}
    assert "count from the day it was received." in client.post(address, form).content.decode()
    assert client.post(address, {**form, "counted_from": "receipt"}).status_code == 302
    assert AuditEvent.objects.get(event="retention.set").actor == people["administrator"]
    page = client.get(reverse("retention")).content.decode()
    assert "3 years from the day it was received" in page
    assert "no rule: kept" in page


def test_the_command_tells_the_same(people, hip, capsys, seven_years):
    factories.encounter(people, hip, date_of_service=date(2011, 3, 1))
    call_command("due_records")
    told = capsys.readouterr().out
    assert "Encounters with what was decided on them: 1 from before" in told
    assert "the oldest of 2011-03-01" in told
    assert "Uploaded files with their items: no rule" in told
