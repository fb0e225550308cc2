"""Signing in the administration: publishing, retiring, and what an account may do."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from coding.models import AuditEvent, RuleSetVersion, Signature, VersionState
from coding.signing.content import version_content
from tests import small_rules
from tests.signing import signatures_under, signed
from tests.steps import open_page, send

# It is in force from the New Year, which has passed.
PAST = {"reason": "Read and compared.", "knows_past": "on"}


@pytest.fixture
def version(people):
    return small_rules.in_review(people)


@pytest.fixture
def approver(people, client, version, settings):
    settings.SIGN_AGAIN = True
    client.force_login(people["rule approver"])
    return client


@pytest.fixture
def admin(people, client, settings):
    settings.SIGN_AGAIN = True
    client.force_login(people["administrator"])
    return client


def now(version):
    return RuleSetVersion.objects.get(pk=version.pk)


def test_publishing_asks_for_the_password_and_shows_the_hash_of_what_is_approved(
    people, approver, version
):
    page = open_page(approver, "publish", version).text
    assert (
        f"You sign as {people['rule approver'].name}: approval of the version for publication."
        in page
    )
    assert version_content(now(version)).sha256 in page


def test_with_a_wrong_password_nothing_is_published_and_the_page_stands_again(approver, version):
    page = send(approver, "publish", version, **signed(PAST, "wrong horse")).text
    assert "This is not your password." in page
    assert PAST["reason"] in page
    assert now(version).state == VersionState.IN_REVIEW
    assert AuditEvent.objects.filter(event="signature.refused").count() == 1


def test_with_the_right_one_it_is_published_and_says_who_signed(people, approver, version):
    assert send(approver, "publish", version, **signed(PAST)).status_code == 302
    assert now(version).state == VersionState.PUBLISHED
    [signature] = signatures_under(version)
    event = AuditEvent.objects.get(event="version.published")
    assert (signature.signer, event.after["signature"]) == (
        people["rule approver"],
        str(signature.public_id),
    )
    page = approver.get(version.get_absolute_url()).text
    assert f"Signed by {people['rule approver'].name} as rule approver on" in page
    assert version_content(now(version)).sha256 in page


def test_publishing_does_not_make_retiring_free(approver, version):
    send(approver, "publish", version, **signed(PAST))
    send(approver, "retire", version, reason="No more.")
    assert now(version).state == VersionState.PUBLISHED
    send(approver, "retire", version, **signed({"reason": "No more."}))
    assert now(version).state == VersionState.RETIRED
    assert [signature.meaning for signature in signatures_under(version)] == [
        "approval",
        "retirement",
    ]


def test_returning_a_version_is_signed_by_nobody(approver, version):
    send(approver, "return", version, reason="Mend R2.")
    assert now(version).state == VersionState.DRAFT


# --- Access of an account.


def save(client, person, *roles, **data):
    groups = [group.pk for group in Group.objects.filter(name__in=roles)]
    address = reverse("admin:coding_user_change", args=[person.pk])
    return client.post(
        address, {"username": person.username, "is_active": "on", "groups": groups, **data}
    )


def roles(person):
    return [group.name for group in person.groups.all()]


@pytest.mark.parametrize(
    ("password", "problem"),
    [("", "Write your password"), ("wrong horse", "This is not your password.")],
)
def test_without_the_right_password_no_role_changes_and_what_was_chosen_comes_back(
    people, admin, password, problem
):
    coder = people["coder"]
    response = save(admin, coder, "supervisor", **signed({"first_name": "Renamed"}, password))
    assert problem in response.text
    assert response.context["adminform"].form["first_name"].value() == "Renamed"
    assert roles(coder) == ["coder"]
    assert AuditEvent.objects.filter(event="signature.refused").exists() is bool(password)


def test_a_change_of_roles_is_signed_and_stands_on_the_account(people, admin):
    coder = people["coder"]
    assert save(admin, coder, "rule author", **signed({})).status_code == 302
    assert roles(coder) == ["rule author"]
    [signature] = signatures_under(coder)
    assert AuditEvent.objects.get(event="user.roles_changed").after["signature"] == str(
        signature.public_id
    )
    page = admin.get(reverse("admin:coding_user_change", args=[coder.pk])).text
    assert f"Signed by {people['administrator'].name} as administrator on" in page


def test_a_role_that_takes_two_is_signed_by_whoever_approves_it_and_by_nobody_before(people, admin):
    coder = people["coder"]
    assert save(admin, coder, "coder", "supervisor").status_code == 302
    assert (roles(coder), signatures_under(coder)) == (["coder"], [])
    assert coder.proposals.get().role == "supervisor"


def test_who_may_not_sign_in_any_more_is_signed_too(people, admin):
    coder = people["coder"]
    save(admin, coder, "coder", **signed({"is_active": ""}))
    assert len(signatures_under(coder)) == 1


def test_a_new_name_alone_needs_no_signature(people, admin):
    assert save(admin, people["coder"], "coder", first_name="Renamed").status_code == 302
    assert not Signature.objects.filter(meaning="roles").exists()
