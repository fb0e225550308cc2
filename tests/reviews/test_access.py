"""Every address as every role: who gets in, who is refused, and who is not even told that something is there."""

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from coding.models import Encounter, SourceLayout
from reviews.actions import shadows
from reviews.models import CaseCluster, ProviderQuery, ReviewCase, Ruling
from reviews.roles import ROLES
from tests import factories

READERS = {"coder", "supervisor", "auditor"}
RUN_READERS = {"supervisor", "rule author", "rule approver", "auditor"}
# address: who gets in. Everybody else is refused with 403, or with 404 where the object is not theirs to know of.
PAGES = {
    "home": set(ROLES),
    "worklist": READERS,
    "new-encounter": {"coder"},
    "find-encounters": READERS,
    "encounter": READERS,
    "correct-encounter": {"coder"},
    "void-encounter": {"coder", "supervisor"},
    "code": {"coder"},
    "service": READERS,
    "old-code": READERS,
    "old-answer": READERS,
    "old-decide": READERS,
    "add-service": {"coder"},
    "move-service": {"coder"},
    "report-nothing": {"coder"},
    "report": READERS,
    "query": READERS,
    "close-query": {"supervisor"},
    "return-case": {"supervisor"},
    "reopen-case": {"supervisor"},
    "rebut": {"coder"},
    "uploads": {"coder", "auditor"},
    "upload-template": {"coder", "auditor"},
    "upload": {"coder", "auditor"},
    "doubled-rows": {"coder", "auditor"},
    "mappings": {"coder", "auditor"},
    "mapping": {"coder", "auditor"},
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
    "operation": {"auditor", "administrator"},
    "retention": {"auditor", "administrator"},
}
# Addresses that take forms only: opened, they lead to the page on which their button stands.
VERBS = {
    "assign": {"coder"},
    "take-back": {"coder"},
    "renew-version": {"coder"},
    "start-import": {"coder"},
    "forget-columns": {"coder"},
    "forget-mapping": {"coder"},
    "steer-upload": {"coder"},
    "claim": {"supervisor"},
    "acknowledge": {"coder"},
    "export-report": {"supervisor"},
    "launch-run": {"supervisor", "rule author"},
    "pause-run": {"supervisor", "rule author"},
    "resume-run": {"supervisor", "rule author"},
    "cancel-run": {"supervisor", "rule author"},
    "end-shadow": {"rule author", "rule approver"},
    "apply-run": {"supervisor"},
}
# Pages that take their own forms: what is posted there is a verb with roles of its own.
FORMS = {
    "code": {"coder"},
    "case": {"supervisor"},
    "cluster": {"supervisor"},
    "query": {"supervisor"},
    "upload": {"coder"},
    "doubled-rows": {"coder"},
    "mapping": {"coder"},
    "uploads": {"coder"},
    "new-encounter": {"coder"},
    "find-encounters": READERS,
    "correct-encounter": {"coder"},
    "void-encounter": {"coder", "supervisor"},
    "add-service": {"coder"},
    "move-service": {"coder"},
    "report-nothing": {"coder"},
    "close-query": {"supervisor"},
    "return-case": {"supervisor"},
    "reopen-case": {"supervisor"},
    "rebut": {"coder"},
    "new-run": {"supervisor", "rule author"},
    "shadows": {"rule author", "rule approver"},
    "import-rules": {"rule author"},
}
# Forms that moved to their pages.
MOVED = {"old-rule", "old-columns"}
# Whoever is signed in.
OWN = {"keep-text", "stay"}
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
    SourceLayout.objects.create(source="his", layout={"columns": {}}, matched_by=people["coder"])
    watch = shadows.start(people["rule author"], hip)
    case = ReviewCase.objects.get(decision=decision)
    service = factories.service_of(open_encounter)
    ruling = Ruling(case=case, supervisor=people["supervisor"], coder=case.coder, kind="provider_query", reason="?")
    query = ProviderQuery.objects.create(
        service=service, round=1, text="?", asked_by=ruling.supervisor, asked_at=case.opened_at
    )
    by_encounter = (
        "encounter",
        "correct-encounter",
        "void-encounter",
        "assign",
        "add-service",
        "report-nothing",
        "report",
        "export-report",
        "old-code",
        "old-answer",
        "old-decide",
    )
    by_service = ("service", "code", "take-back", "renew-version", "move-service")
    by_upload = (
        "upload",
        "start-import",
        "old-columns",
        "forget-columns",
        "steer-upload",
        "rejected-rows",
        "doubled-rows",
    )
    by_case = ("case", "old-rule", "claim", "acknowledge", "return-case", "reopen-case", "rebut")
    objects = {
        **dict.fromkeys(by_encounter, open_encounter),
        **dict.fromkeys(by_service, service),
        **dict.fromkeys(by_upload, upload),
        **dict.fromkeys(by_case, case),
        **dict.fromkeys(("query", "close-query"), query),
        "run": run,
        "shadow": watch,
        "end-shadow": watch,
        "cluster": cluster,
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
        if name in ("mapping", "forget-mapping"):
            return reverse(name, args=["his"])
        if name in OF_VERSIONS:
            return reverse(name, args=[hip.rule_set.key, hip.number])
        return reverse(name, args=[objects[name].public_id] if name in objects else [])

    return of


def own_names() -> set[str]:
    """The names of our own addresses, from the resolver."""
    names = set()
    for resolver in get_resolver().url_patterns:
        for pattern in getattr(resolver, "url_patterns", [resolver]):
            if getattr(pattern.callback, "__module__", "").startswith(OUR_APPS) and pattern.name:
                names.add(pattern.name)
    return names


def test_every_address_stands_in_the_table():
    assert own_names() == set(PAGES) | set(VERBS) | MOVED | OWN


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


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_sends_the_forms_of_its_pages_and_no_others(people, address, client, role):
    client.force_login(people[role])
    for name, roles in FORMS.items():
        status = client.post(address(name)).status_code
        assert (status != 403) is (role in roles), (name, status)
        assert status < 500, (name, status)


def test_an_address_that_takes_forms_only_leads_to_its_page_and_never_shows_an_empty_one(people, address, client):
    for role in ("coder", "supervisor"):
        client.force_login(people[role])
        for name in sorted(set(VERBS) | MOVED | OWN):
            response = client.get(address(name))
            assert response.status_code == 302, (name, response.status_code)


def test_whoever_is_signed_in_keeps_texts_and_stays(people, client, address):
    for role in ROLES:
        client.force_login(people[role])
        assert client.post(reverse("stay")).status_code == 204
        assert client.post(reverse("keep-text"), {"form": "nonsense"}).status_code == 400


def test_nobody_gets_in_without_a_login(address, client):
    for name in sorted(set(PAGES) | set(VERBS) | MOVED | OWN):
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
    service = factories.service(people, hip)
    factories.decide(people["coder"], service, factories.PAVLIK)
    client.force_login(people["coder"])
    assert client.get(reverse("code", args=[service.public_id])).url == service.encounter.get_absolute_url()
    assert Encounter.objects.count() == 1
