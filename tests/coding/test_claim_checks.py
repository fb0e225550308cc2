"""Checks of claims are settled in dated rows: by the verb, in the administration, and read at once."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coding.actions import claim_checks
from coding.actions.claim_checks import CheckSetting
from coding.actions.errors import Conflict, NotAllowed
from coding.models import AuditEvent, ClaimCheckRow
from coding.reference.claim_checks import checks_in_force
from tests.claim.claims import claim, fee, tables

OFF = CheckSetting(
    "N10",
    "visit_beside_minor",
    date(2024, 1, 1),
    is_on=False,
    reason="Our payers do not ask for it.",
)
LOADED = tables(fees={"20610": fee("000", bilateral="1")})


def said():
    findings = checks_in_force().findings(claim("99213", "20610-RT"), LOADED)
    return {finding.check: finding.message for finding in findings}


def test_a_settled_check_counts_at_once_and_the_trail_says_who_settled_it(people):
    assert "N10" in said()
    row = claim_checks.settle(people["rule author"], OFF)
    assert "N10" not in said()
    [event] = AuditEvent.objects.filter(event="claim_check.settled")
    assert (event.actor, event.reason, event.after["check_id"]) == (row.set_by, OFF.reason, "N10")


def test_rows_are_read_once_and_then_by_one_query_a_claim(people):
    claim_checks.settle(people["rule author"], OFF)
    checks_in_force()
    with CaptureQueriesContext(connection) as queries:
        checks_in_force()
    assert len(queries) == 1


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"check_id": "N99"}, "no such check"),
        ({"reason": " "}, "Say why"),
        ({"message": "Look at {colour}."}, "names {colour}, which this check does not know"),
        ({"message": "Look at {code."}, "no partner"),
        ({"valid_from": date(1700, 1, 1)}, "1900"),
    ],
)
def test_what_cannot_be_is_refused_in_words(people, change, fault):
    with pytest.raises(Conflict, match=fault):
        claim_checks.settle(people["administrator"], replace(OFF, **change))
    assert not ClaimCheckRow.objects.exists()


@pytest.mark.parametrize("role", ["coder", "supervisor", "rule approver", "auditor"])
def test_other_roles_settle_nothing(people, role):
    with pytest.raises(NotAllowed):
        claim_checks.settle(people[role], OFF)


def test_a_rule_author_settles_a_check_in_the_administration(people, client):
    client.force_login(people["rule author"])
    address = reverse("admin:coding_claimcheckrow_add")
    form = {
        "check": "N10 visit_beside_minor",
        "payer": "commercial",
        "valid_from": "2024-01-01",
        "is_on": "on",
        "severity": "info",
        "message": "Look at {colour}.",
        "reason": "House rule 4.",
    }
    assert "which this check does not know" in client.post(address, form).content.decode()
    assert client.post(address, {**form, "message": "Look at {visit}."}).status_code == 302
    assert said()["N10"] == "Look at 99213."
    row = ClaimCheckRow.objects.get()
    page = client.get(reverse("admin:coding_claimcheckrow_change", args=[row.pk])).content.decode()
    assert "House rule 4." in page
    assert 'name="_save"' not in page
