"""The addresses of Concord with objects behind them, made once for all tests of a file that roll back."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from django.urls import reverse

from coding.actions import accounts
from coding.models import RuleSetVersion, SourceLayout, User
from reviews.actions import shadows
from reviews.models import CaseCluster, ProviderQuery, ReviewCase, Ruling, SecondCoding
from tests import factories
from tests.reviews.addresses import OF_VERSIONS, VERBS
from tests.shared_rows import quick_and_apart


@dataclass
class Stored:
    """A published version, people by role, and the object behind each address."""

    people: factories.People
    hip: RuleSetVersion
    objects: dict[str, Any]


@pytest.fixture(scope="module")
def stored(django_db_setup, django_db_blocker):
    """What stands behind the addresses. Each test rolls back to it, and the file as a whole to nothing."""
    with django_db_blocker.unblock(), transaction.atomic():
        with quick_and_apart(), override_settings(CODERS_SEE="own", BREAK_GLASS_HOURS=1):
            people = factories.People()
            hip = factories.published_hip(people)
            objects = objects_of_addresses(people, hip)
        yield Stored(people, hip, objects)
        transaction.set_rollback(True)


@pytest.fixture
def stored_people(stored, db):
    """The people behind the addresses as they are before each test; whom a test adds goes with it."""
    people = factories.People()
    rows = User.objects.in_bulk([person.pk for person in stored.people.known.values()])
    people.known = {key: rows[person.pk] for key, person in stored.people.known.items()}
    return people


@pytest.fixture
def address(stored, db, settings):
    """The address of a name, with an object of each kind behind it. Coders see their own work and what is nobody's."""
    settings.CODERS_SEE = "own"
    settings.BREAK_GLASS_HOURS = 1
    return lambda name: address_of(name, stored)


def address_of(name: str, stored: Stored) -> str:
    """The address of a name, to the object behind it."""
    key, number = stored.hip.rule_set.key, stored.hip.number
    if name == "export-run":
        return reverse(name, args=[stored.objects["run"].public_id, "csv"])
    if name in ("upload-template", "export-worklist", "export-queue", "export-my-cases"):
        return reverse(name, args=["csv"])
    if name == "export-version":
        return reverse(name, args=[key, number, "json"])
    if name in ("mapping", "forget-mapping"):
        return reverse(name, args=["his"])
    if name == "group-rows":
        return reverse(name, args=[stored.objects["code"].public_id, "wounds"])
    if name == "code-page":
        return reverse(name, args=["27256"])
    if name == "family-page":
        return reverse(name, args=[key])
    if name in OF_VERSIONS:
        return reverse(name, args=[key, number])
    return reverse(name, args=[stored.objects[name].public_id] if name in stored.objects else [])


def objects_of_addresses(people: factories.People, hip: RuleSetVersion) -> dict[str, Any]:
    """An object of each kind, by the names of the addresses that show or change it."""
    open_encounter = factories.encounter(people, hip)
    disputed = factories.encounter(people, hip)
    decision = factories.decide(people["coder"], disputed, factories.PAVLIK, factories.insists())
    header = b"external_id,patient_reference,date_of_service,place_of_service,provider,note\n"
    upload = factories.upload(people, header + b"1,2,2026-05-05,11,Dr. X,bad\n", hip.rule_set)
    run = factories.finished(people, hip)
    cluster = CaseCluster.objects.create(run=run, old="27256-LT", new="27257-LT", final="27256-LT")
    SourceLayout.objects.create(source="his", layout={"columns": {}}, matched_by=people["coder"])
    proposal = accounts.propose_role(people["administrator", 2], people["rule author"], "auditor")
    watch = shadows.start(people["rule author"], hip)
    case = ReviewCase.objects.get(decision=decision)
    service = factories.service_of(open_encounter)
    ruling = Ruling(
        case=case,
        supervisor=people["supervisor"],
        coder=case.coder,
        kind="provider_query",
        reason="?",
    )
    query = ProviderQuery.objects.create(
        service=service, round=1, text="?", asked_by=ruling.supervisor, asked_at=case.opened_at
    )
    second = SecondCoding.objects.create(
        service=decision.service,
        decision=decision,
        coder=people["coder"],
        asked_by=people["supervisor"],
    )
    by_encounter = (
        "encounter",
        "encounter-checks",
        "encounter-history",
        "correct-encounter",
        "void-encounter",
        "assign",
        "settle-proposal",
        "answer-proposal",
        "override-check",
        "add-service",
        "report-nothing",
        "report",
        "export-report",
        "old-code",
        "old-answer",
        "old-decide",
    )
    by_service = (
        *(
            "service",
            "code",
            "reading",
            "take-back",
            "renew-version",
            "move-service",
            "leave-family",
        ),
        *("split-service", "join-service", "claim-ahead", "hold-service", "release-service"),
    )
    by_upload = (
        "upload",
        "start-import",
        "old-columns",
        "forget-columns",
        "steer-upload",
        "rejected-rows",
        "doubled-rows",
    )
    by_case = (
        *(
            "case",
            "old-rule",
            "claim",
            "acknowledge",
            "return-case",
            "reopen-case",
            "rebut",
            "hand-over",
        ),
        *("alike-cases", "make-precedent", "case-comments", "comment-done", "ask-second"),
    )
    return {
        **dict.fromkeys(by_encounter, open_encounter),
        **dict.fromkeys(by_service, service),
        **dict.fromkeys(by_upload, upload),
        **dict.fromkeys(by_case, case),
        **dict.fromkeys(("query", "close-query", "query-link"), query),
        "second-coding": second,
        "run": run,
        "shadow": watch,
        "end-shadow": watch,
        "cluster": cluster,
        "proposal": proposal,
        **dict.fromkeys((name for name in VERBS if name.endswith("-run")), run),
        **dict.fromkeys(("run-changes", "compare-runs"), run),
    }
