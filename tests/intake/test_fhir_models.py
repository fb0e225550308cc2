"""What the standard's own models allow in a resource of R4 is read; what we read of it is what they read."""

import json
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from coding.intake import fhir_resources
from coding.intake.fhir_json import parsed
from coding.intake.fhir_resources import Element
from tests.intake.samples import claim_resource, visit_resources

text = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=5)
moment = st.sampled_from(["2026", "2026-01", "2026-01-12", "2026-01-12T09:00:00Z", "2026-01-12T09:00:00.123-05:00"])
number = st.integers(1, 10**12) | st.sampled_from([1.5, 0.001])


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


def several(value: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(value, min_size=1, max_size=2)


extension = st.fixed_dictionaries({"url": text, "valueString": text})
coding = some(system=text, code=text, display=text, extension=several(extension))
concept = some(coding=several(coding), text=text)
identifier = some(type=concept, system=text, value=text)
reference = some(reference=text.map("Patient/{}".format), display=text, identifier=identifier)
period = some(start=moment, end=moment)
attachment = some(contentType=text, url=text, title=text, data=st.just("QQ=="))
common = {"id": text, "identifier": several(identifier), "extension": several(extension)}
PARTS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "Patient": common | {"gender": st.sampled_from(["male", "female"]), "birthDate": st.just("2025-12-20")},
    "Practitioner": common | {"name": several(some(family=text, given=several(text), text=text))},
    "Organization": common | {"name": text, "type": several(concept)},
    "Encounter": common
    | {
        "subject": reference,
        "period": period,
        "participant": several(some(type=several(concept), individual=reference, period=period)),
        "diagnosis": several(st.fixed_dictionaries({"condition": reference}, optional={"rank": st.integers(1, 9)})),
        "location": several(st.fixed_dictionaries({"location": reference})),
    },
    "Condition": common | {"code": concept, "verificationStatus": concept},
    "Procedure": common | {"code": concept, "performedPeriod": period},
    "DocumentReference": common
    | {
        "type": concept,
        "date": st.just("2026-01-12T09:00:00Z"),
        "content": several(st.fixed_dictionaries({"attachment": attachment})),
        "context": some(encounter=several(reference), period=period),
    },
    "Claim": common | {"billablePeriod": period, "insurer": reference, "facility": reference},
}
SAMPLES = {found["resourceType"]: found for found in [*visit_resources().values(), claim_resource()]}
SAMPLES["Organization"] = {"resourceType": "Organization", "name": "Example"}
MODELS: dict[str, type[Element]] = {
    "Practitioner": fhir_resources.Person,
    "Organization": fhir_resources.Person,
    "DocumentReference": fhir_resources.Document,
}


@pytest.mark.parametrize("kind", PARTS)
@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_whatever_the_standard_allows_is_read_as_it_stands(kind, data):
    resource = SAMPLES[kind] | data.draw(some(**PARTS[kind]))
    try:
        get_fhir_model_class(kind).model_validate(resource)
    except ValidationError:
        assume(False)
    model = MODELS.get(kind) or getattr(fhir_resources, kind)
    read = json.loads(model.model_validate(parsed(json.dumps(resource).encode())).model_dump_json(by_alias=True))
    written = parsed(json.dumps(resource).encode())
    assert [name for name, part in read.items() if not agrees(part, written.get(name))] == []


def agrees(read: Any, written: Any) -> bool:
    """Whether the parts that are read are as they are written; what is not written is empty."""
    if isinstance(read, dict):
        return all(agrees(part, (written or {}).get(key)) for key, part in read.items())
    if isinstance(read, list):
        return len(read) == len(written or []) and all(map(agrees, read, written or []))
    return (read or "") == (written or "")
