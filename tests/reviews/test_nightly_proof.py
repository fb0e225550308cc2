"""The nightly proof of the records: it is noted, and a difference raises an alarm where auditors see it."""

from django.db import connection
from django.urls import reverse

from coding.models import AuditEvent
from coding.trail import guards
from coding.work.nightly import prove_records
from reviews.models import FinalCode
from tests import factories


def test_the_nightly_proof_is_noted_and_a_difference_raises_the_alarm_where_auditors_see_it(
    people, hip, client, caplog
):
    factories.decide(people["coder"], factories.encounter(people, hip), factories.PAVLIK)
    final = FinalCode.objects.get()
    prove_records()
    assert AuditEvent.objects.get(event="records.proved").after.keys() == {"proven", "older"}
    guards.lift(connection)
    FinalCode.objects.update(units=9)
    prove_records()
    assert "records_alarm" in caplog.text
    client.force_login(people["auditor"])
    page = client.get(reverse("trail")).content.decode()
    assert f"final code {final.pk} has another units than event" in page
    client.force_login(people["coder"])
    assert "not what the audit trail tells" not in client.get(reverse("worklist")).content.decode()
