"""Every address as every role: who gets in, who is refused, and who is not even told that something is there."""

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from coding.models import Encounter
from reviews.actions import shadows
from reviews.models import CaseCluster, ReviewCase
from reviews.roles import ROLES
from tests import factories

READERS = {"coder", "supervisor", "auditor"}
RUN_READERS = {"supervisor", "rule author", "rule approver", "auditor"}
# address: who gets in. Everybody else is refused with 403, or with 404 where the object is not theirs to know of.
PAGES = {
    "home": set(ROLES),
    "worklist": READERS,
    "new-encounter": {"coder"},
    "encounter": READERS,
    "code": {"coder"},
    "uploads": {"coder", "auditor"},
    "upload-template": {"coder", "auditor"},
    "upload": {"coder", "auditor"},
    "rejected-rows": {"coder"},
    "rule-sets": set(ROLES) - {"administrator"},
    "rule-set-version": set(ROLES) - {"administrator"},
    "check-version": set(ROLES) - {"administrator"},
    "compare-versions": set(ROLES) - {"administrator"},
    "contrast-codes": set(ROLES) - {"administrator"},
    "export-version": set(ROLES) - {"administrator"},
    "import-rules": {"rule author"},
    "trail": {"auditor"},
    "queue": {"supervisor", "auditor"},
    "my-cases": {"coder"},
    "case": READERS,
    "runs": RUN_READERS,
    "new-run": {"supervisor", "rule author"},
    "run": RUN_READERS,
    "run-changes": {"supervisor", "auditor"},
    "export-run": {"supervisor", "auditor"},
    "compare-runs": RUN_READERS,
    "cluster": {"supervisor", "auditor"},
    "shadows": {"supervisor", "auditor", "rule author", "rule approver"},
    "shadow": {"supervisor", "auditor", "rule author", "rule approver"},
    "replays": {"auditor"},
}
VERBS = {
    "assign": {"coder"},
    "answer": {"coder"},
    "decide": {"coder"},
    "start-import": {"coder"},
    "match-columns": {"coder"},
    "forget-columns": {"coder"},
    "steer-upload": {"coder"},
    "claim": {"supervisor"},
    "rule": {"supervisor"},
    "acknowledge": {"coder"},
    "launch-run": {"supervisor", "rule author"},
    "pause-run": {"supervisor", "rule author"},
    "resume-run": {"supervisor", "rule author"},
    "cancel-run": {"supervisor", "rule author"},
    "rule-cluster": {"supervisor"},
    "end-shadow": {"rule author", "rule approver"},
    "apply-run": {"supervisor"},
}
OF_VERSIONS = {"rule-set-version", "check-version", "compare-versions", "contrast-codes", "import-rules"}
OUR_APPS = ("coding.views", "reviews.views")


@pytest.fixture
def address(people, hip):
    """The address of a name, with an object of each kind behind it."""
    open_encounter = factories.encounter(people, hip)
    disputed = factories.encounter(people, hip)
    decision = factories.decide(people["coder"], disputed, factories.PAVLIK, factories.insists())
    header = b"external_id,patient_reference,date_of_service,place_of_service,provider,note\n"
    upload = factories.upload(people, header + b"1,2,2026-05-05,11,Dr. X,bad\n", hip.rule_set)
    run = factories.finished(people, hip)
    cluster = CaseCluster.objects.create(run=run, old="27256-LT", new="27257-LT", final="27256-LT")
    watch = shadows.start(people["rule author"], hip)
    case = ReviewCase.objects.get(decision=decision)
    objects = {
        "encounter": open_encounter,
        "code": open_encounter,
        "assign": open_encounter,
        "answer": open_encounter,
        "decide": open_encounter,
        "upload": upload,
        "start-import": upload,
        "match-columns": upload,
        "forget-columns": upload,
        "steer-upload": upload,
        "rejected-rows": upload,
        "case": case,
        "claim": case,
        "rule": case,
        "acknowledge": case,
        "run": run,
        "shadow": watch,
        "end-shadow": watch,
        "cluster": cluster,
        "rule-cluster": cluster,
        **dict.fromkeys((name for name in VERBS if name.endswith("-run")), run),
        **dict.fromkeys(("run-changes", "compare-runs"), run),
    }

    def of(name: str) -> str:
        if name == "export-run":
            return reverse(name, args=[run.public_id, "csv"])
        if name == "upload-template":
            return reverse(name, args=["csv"])
        if name == "export-version":
            return reverse(name, args=[hip.rule_set.key, hip.number, "json"])
        if name in OF_VERSIONS:
            return reverse(name, args=[hip.rule_set.key, hip.number])
        return reverse(name, args=[objects[name].public_id] if name in objects else [])

    return of


def own_names() -> set[str]:
    """The names of our own addresses, from the resolver."""
    found = set()
    for resolver in get_resolver().url_patterns:
        for pattern in getattr(resolver, "url_patterns", [resolver]):
            if getattr(pattern.callback, "__module__", "").startswith(OUR_APPS) and pattern.name:
                found.add(pattern.name)
    return found


def test_every_address_stands_in_the_table():
    assert own_names() == set(PAGES) | set(VERBS)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_gets_into_its_own_pages_and_no_others(people, address, client, role):
    client.force_login(people[role])
    for name, roles in PAGES.items():
        status = client.get(address(name)).status_code
        assert (status in (200, 302)) is (role in roles), (name, status)
        assert status in (200, 302, 403), (name, status)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_carries_out_its_own_verbs_and_no_others(people, address, client, role):
    client.force_login(people[role])
    for name, roles in VERBS.items():
        status = client.post(address(name)).status_code
        assert (status != 403) is (role in roles), (name, status)
        assert status < 500, (name, status)
        assert client.get(address(name)).status_code == 405, name


def test_nobody_gets_in_without_a_login(address, client):
    for name in sorted(set(PAGES) | set(VERBS)):
        for response in (client.get(address(name)), client.post(address(name))):
            assert response.status_code == 302, name
            assert response.url.startswith(reverse("account_login")), name


def test_another_coders_case_is_not_there(people, address, client):
    client.force_login(people["coder", 2])
    assert client.get(address("case")).status_code == 404
    assert client.post(address("acknowledge")).status_code == 404


def test_a_form_without_its_token_is_refused(people, address):
    client = Client(enforce_csrf_checks=True)
    client.force_login(people["coder"])
    for name in VERBS:
        assert client.post(address(name)).status_code == 403, name


def test_the_administration_is_for_its_roles(people, client, db):
    for role in ROLES:
        client.force_login(people[role])
        expected = 200 if role in ("rule author", "rule approver", "administrator") else 302
        assert client.get(reverse("admin:index")).status_code == expected, role
    client.force_login(people["administrator"])
    assert client.get(reverse("admin:coding_rulesetversion_changelist")).status_code == 403


def test_a_decided_encounter_leads_to_its_page_instead_of_the_form(people, hip, client):
    encounter = factories.encounter(people, hip)
    factories.decide(people["coder"], encounter, factories.PAVLIK)
    client.force_login(people["coder"])
    assert client.get(reverse("code", args=[encounter.public_id])).url == encounter.get_absolute_url()
    assert Encounter.objects.count() == 1
