"""Of which version of FHIR a resource is, as far as it shows: what only another version than R4 calls so."""

from collections.abc import Callable, Mapping
from typing import Any

from coding.intake.fhir.json import text_at

DSTU2, STU3, R5 = "DSTU2", "STU3", "R5"
STATES_OF_R5 = ("completed", "discharged", "discontinued", "on-hold")
USES_OF_STU3 = ("complete", "proposed", "exploratory")
Sign = Callable[[Mapping[str, Any]], bool]


def version_of(resource: Any) -> str:
    """DSTU2, STU3 or R5; empty where nothing shows that it is another than R4."""
    if not isinstance(resource, dict):
        return ""
    signs = SIGNS.get(text_at(resource, "resourceType"), {})
    return next((version for version, sign in signs.items() if sign(resource)), "")


def advice(resource: Any) -> str:
    """What to do about a resource of another version; empty for one of R4."""
    version = version_of(resource)
    kind = text_at(resource, "resourceType")
    return f"The {kind} is of FHIR {version}. Export it as R4 (4.0.1)." if version else ""


def _has(*names: str) -> Sign:
    return lambda resource: any(name in resource for name in names)


def _is_list(name: str) -> Sign:
    return lambda resource: isinstance(resource.get(name), list)


def _any(*signs: Sign) -> Sign:
    return lambda resource: any(sign(resource) for sign in signs)


def _parts_have(name: str, member: str) -> Sign:
    def sign(resource: Mapping[str, Any]) -> bool:
        parts = resource.get(name)
        return isinstance(parts, list) and any(
            isinstance(part, dict) and member in part for part in parts
        )

    return sign


def _is_of_r5(resource: Mapping[str, Any]) -> bool:
    # Some systems write such a state in R4.
    return text_at(resource, "status") in STATES_OF_R5 and "period" not in resource


def _claims_as_stu3(resource: Mapping[str, Any]) -> bool:
    return text_at(resource, "use") in USES_OF_STU3


def _names_one_encounter(resource: Mapping[str, Any]) -> bool:
    context = resource.get("context")
    return isinstance(context, dict) and isinstance(context.get("encounter"), dict)


def _has_state_as_code(resource: Mapping[str, Any]) -> bool:
    return any(
        isinstance(resource.get(name), str) for name in ("clinicalStatus", "verificationStatus")
    )


def _is_coded_plainly(resource: Mapping[str, Any]) -> bool:
    return isinstance(resource.get("type"), str)


SIGNS: Mapping[str, Mapping[str, Sign]] = {
    "Encounter": {
        DSTU2: _has("patient"),
        STU3: _any(_has("reason", "incomingReferral"), _parts_have("diagnosis", "role")),
        R5: _any(
            _has("actualPeriod"), _is_of_r5, _is_list("class"), _parts_have("participant", "actor")
        ),
    },
    "Condition": {
        DSTU2: _has("patient"),
        STU3: _any(_has("context", "assertedDate"), _has_state_as_code),
    },
    "Procedure": {
        DSTU2: _has("notPerformed", "request"),
        STU3: _has("context", "notDone", "notDoneReason"),
        R5: _has(
            "occurrenceDateTime",
            "occurrencePeriod",
            "occurrenceString",
            "occurrenceAge",
            "occurrenceRange",
        ),
    },
    "DocumentReference": {
        STU3: _any(_names_one_encounter, _has("indexed")),
        R5: _any(_is_list("context"), _has("modality", "bodySite")),
    },
    "DiagnosticReport": {
        STU3: _any(_has("context", "codedDiagnosis"), _parts_have("performer", "actor"))
    },
    "Claim": {
        DSTU2: _is_coded_plainly,
        STU3: _any(_claims_as_stu3, _parts_have("item", "service")),
        R5: _any(_has("encounter", "diagnosisRelatedGroup"), _parts_have("item", "reasonCode")),
    },
}
