"""Reasons keep their run; a query that was final waits for its provider."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

RENEWED = "Concord was renewed: an outcome that is not a code is not final any more."
SILENCES = ("not_documented", "conflicting")


def move_routes(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """A run or a revision stands with the reason that it is, no longer with the case."""
    cases: Any = apps.get_model("reviews", "ReviewCase")
    routes: Any = apps.get_model("reviews", "CaseRoute")
    for case in cases.objects.exclude(run=None).iterator():
        routes.objects.filter(case=case, reason="rule_change").update(run=case.run_id, cluster=case.cluster_id)
    for route in routes.objects.filter(reason="corrected").select_related("case__service__encounter").iterator():
        routes.objects.filter(pk=route.pk).update(revision=route.case.service.encounter.revision)


def end_queries(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """A query that was "final" waits for its provider; a review that was goes back to a supervisor."""
    finals: Any = apps.get_model("reviews", "FinalCode")
    related = ("service__encounter", "ruling__case__decision", "ruling__case__suggestion__profile")
    current = finals.objects.filter(superseded=False, outcome__in=["provider_query", "supervisor_review"])
    for final in current.select_related(*related).order_by("pk"):
        finals.objects.filter(pk=final.pk).update(superseded=True)
        # Where a case is open already, its ruling will say what becomes of the service.
        if final.service.state != "final" or final.ruling is None:
            continue
        if final.outcome == "provider_query":
            _ask(apps, final)
        else:
            _review(apps, final)


def _ask(apps: Apps, final: Any) -> None:
    queries: Any = apps.get_model("reviews", "ProviderQuery")
    ruling = final.ruling
    facts = ruling.case.suggestion.profile.facts
    queries.objects.create(
        service=final.service,
        round=1,
        ruling=ruling,
        facts=[fact for fact, value in facts.items() if _is_silent(value)],
        text=ruling.reason,
        asked_by=ruling.supervisor,
        asked_at=ruling.ruled_at,
    )
    _stand(apps, final.service, "awaiting_provider")


def _is_silent(value: object) -> bool:
    """Whether an answer, as it is stored, holds no value."""
    return isinstance(value, dict) and value.get("state") in SILENCES


def _review(apps: Apps, final: Any) -> None:
    cases: Any = apps.get_model("reviews", "ReviewCase")
    routes: Any = apps.get_model("reviews", "CaseRoute")
    ruling, old = final.ruling, final.ruling.case
    case = cases.objects.create(
        service=final.service,
        decision=old.decision,
        suggestion=old.suggestion,
        coder=old.coder,
        reopens=ruling,
        objection=RENEWED,
    )
    routes.objects.create(case=case, reason="reopened")
    _stand(apps, final.service, "in_review")


def _stand(apps: Apps, service: Any, state: str) -> None:
    """The encounter stands where its one service stands."""
    services: Any = apps.get_model("coding", "Service")
    encounters: Any = apps.get_model("coding", "Encounter")
    services.objects.filter(pk=service.pk).update(state=state)
    encounters.objects.filter(pk=service.encounter_id).update(state=state)


def rename_payloads(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What runs that have not ended still have to decide is counted in services."""
    chunks: Any = apps.get_model("coding", "JobChunk")
    for chunk in chunks.objects.filter(job__kind="reevaluation").exclude(state="done").iterator():
        payload = dict(chunk.payload)
        payload["services"] = payload.pop("encounters", payload.get("services"))
        chunks.objects.filter(pk=chunk.pk).update(payload=payload)


class Migration(migrations.Migration):
    """See the models."""

    dependencies = [
        ("reviews", "0011_rounds_of_services"),
    ]

    operations = [
        migrations.RunPython(move_routes, migrations.RunPython.noop),
        migrations.RunPython(end_queries, migrations.RunPython.noop),
        migrations.RunPython(rename_payloads, migrations.RunPython.noop),
    ]
