"""The addresses of Concord with objects behind them."""

import pytest
from django.urls import reverse

from coding.actions import accounts
from coding.models import SourceLayout
from reviews.actions import shadows
from reviews.models import CaseCluster, ProviderQuery, ReviewCase, Ruling
from tests import factories
from tests.reviews.addresses import OF_VERSIONS, VERBS


@pytest.fixture
def address(people, hip, settings):
    """The address of a name, with an object of each kind behind it. Coders see their own work and what is nobody's."""
    settings.CODERS_SEE = "own"
    settings.BREAK_GLASS_HOURS = 1
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
    ruling = Ruling(case=case, supervisor=people["supervisor"], coder=case.coder, kind="provider_query", reason="?")
    query = ProviderQuery.objects.create(
        service=service, round=1, text="?", asked_by=ruling.supervisor, asked_at=case.opened_at
    )
    by_encounter = (
        "encounter",
        "correct-encounter",
        "void-encounter",
        "assign",
        "settle-proposal",
        "add-service",
        "report-nothing",
        "report",
        "export-report",
        "old-code",
        "old-answer",
        "old-decide",
    )
    by_service = ("service", "code", "take-back", "renew-version", "move-service", "split-service", "join-service")
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
        "proposal": proposal,
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
