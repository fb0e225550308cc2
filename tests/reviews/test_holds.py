"""Holds: a service that waits says why and since when, is left out of what comes next, and ends by itself."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from coding.actions.errors import Conflict
from coding.models import AuditEvent
from reviews.actions import holds
from reviews.models import FavouriteReason, ReasonUse, ServiceHold
from tests import factories


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


@pytest.fixture
def missing(people):
    return holds.save_reason(
        people["administrator"], FavouriteReason(use=ReasonUse.HOLD, text="Document missing")
    )


def test_a_service_on_hold_says_why_in_the_worklist_and_on_its_page_and_is_released_there(
    people, hip, coder, missing
):
    service = factories.service(people, hip, external_id="V-1")
    other = factories.service(people, hip, external_id="V-2")
    form = coder.get(reverse("hold-service", args=[service.public_id])).context["form"]
    assert list(form.fields["favourite"].queryset) == [missing]
    sent = {
        "favourite": missing.pk,
        "reason": "the operative note",
        "idempotency_key": form["idempotency_key"].value(),
    }
    for _ in range(2):
        coder.post(reverse("hold-service", args=[service.public_id]), sent)
    assert ServiceHold.objects.get().reason == "Document missing: the operative note"
    for asked, shown in (("on", ["V-1"]), ("off", ["V-2"])):
        page = coder.get(reverse("worklist"), {"hold": asked})
        assert [encounter.external_id for encounter in page.context["page"]] == shown
        assert ("Document missing: the operative note" in page.content.decode()) is (asked == "on")
        # The key of the list goes on to what can be coded now.
        assert ('data-key="c"' in page.content.decode()) is (asked == "off")
    assert "On hold for" in coder.get(service.encounter.get_absolute_url()).content.decode()
    page = coder.get(service.get_absolute_url()).content.decode()
    assert "On hold for" in page
    assert reverse("release-service", args=[service.public_id]) in page
    coder.post(reverse("release-service", args=[service.public_id]))
    assert "On hold for" not in coder.get(other.get_absolute_url()).content.decode()
    assert ServiceHold.objects.get().released_by == people["coder"]
    assert (
        AuditEvent.objects.filter(event="service.held").get().reason
        == "Document missing: the operative note"
    )


def test_a_hold_says_why_in_some_words_and_there_is_one_at_a_time(people, hip, missing):
    service = factories.service(people, hip)
    with pytest.raises(ValidationError, match="own words"):
        holds.hold(people["coder"], service, "  ")
    holds.hold(people["coder"], service, "Unsigned.")
    with pytest.raises(Conflict, match="on hold already"):
        holds.hold(people["coder"], service, "", missing)
    holds.release(people["coder"], service)
    with pytest.raises(Conflict, match="no longer"):
        holds.release(people["coder"], service)


def test_a_hold_ends_by_itself_when_the_service_is_coded(people, hip):
    service = factories.service(people, hip)
    holds.hold(people["coder"], service, "Query out.")
    factories.decide(people["coder"], service, factories.PAVLIK)
    row = ServiceHold.objects.get()
    assert row.released_at is not None
    assert row.released_by is None


def test_only_reasons_in_use_today_are_offered_and_merged_ones_lead_to_one(people, missing):
    administrator, today = people["administrator"], timezone.localdate()
    for text, days in (
        (
            "Ended",
            {"valid_until": today - timedelta(days=1), "valid_from": today - timedelta(days=9)},
        ),
        ("To come", {"valid_from": today + timedelta(days=1)}),
    ):
        holds.save_reason(administrator, FavouriteReason(use=ReasonUse.HOLD, text=text, **days))
    same = holds.save_reason(
        administrator, FavouriteReason(use=ReasonUse.HOLD, text="Missing document")
    )
    assert list(FavouriteReason.objects.offered(ReasonUse.HOLD)) == [missing, same]
    holds.merge_reasons(administrator, [same], missing)
    assert list(FavouriteReason.objects.offered(ReasonUse.HOLD)) == [missing]
    with pytest.raises(Conflict, match="merged already"):
        holds.merge_reasons(administrator, [missing], same)
    with pytest.raises(Conflict, match="stands among"):
        holds.save_reason(
            administrator, FavouriteReason(use=ReasonUse.HOLD, text="Document missing")
        )
    with pytest.raises(PermissionDenied):
        holds.merge_reasons(people["coder"], [same], missing)


def test_the_administration_merges_reasons(people, client, missing):
    same = holds.save_reason(
        people["administrator"], FavouriteReason(use=ReasonUse.HOLD, text="Missing document")
    )
    client.force_login(people["administrator"])
    asked = {"action": "merge_reasons", "_selected_action": [missing.pk, same.pk]}
    address = reverse("admin:reviews_favouritereason_changelist")
    assert "The reason that stays" in client.post(address, asked).content.decode()
    client.post(address, {**asked, "confirm": "Merge", "survivor": missing.pk})
    same.refresh_from_db()
    assert same.survivor == missing


def test_a_returned_case_says_a_favourite_reason(people, hip, client):
    reason = holds.save_reason(
        people["administrator"], FavouriteReason(use=ReasonUse.RETURN, text="Read it again")
    )
    case = factories.case_of(
        factories.decide(
            people["coder"], factories.service(people, hip), factories.PAVLIK, factories.insists()
        )
    )
    client.force_login(people["supervisor"])
    client.post(reverse("claim", args=[case.public_id]))
    form = client.get(reverse("return-case", args=[case.public_id])).context["form"]
    sent = {
        "favourite": reason.pk,
        "reason": "",
        "idempotency_key": form["idempotency_key"].value(),
    }
    client.post(reverse("return-case", args=[case.public_id]), sent)
    assert AuditEvent.objects.get(event="case.returned").reason == "Read it again"


def test_a_reason_is_merged_into_another_one_of_the_same_use_alone(people, missing):
    administrator = people["administrator"]
    of_returns = holds.save_reason(
        administrator, FavouriteReason(use=ReasonUse.RETURN, text="Document missing")
    )
    for survivor in (of_returns, missing):
        with pytest.raises(Conflict, match="another one of the same use"):
            holds.merge_reasons(administrator, [missing], survivor)
