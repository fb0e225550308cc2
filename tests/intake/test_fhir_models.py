"""What the standard's own models allow in a resource of R4 is read; what we read of it is what they read."""

import json
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from coding.intake.fhir import resources as fhir_resources
from coding.intake.fhir.json import parsed
from coding.intake.fhir.resources import Element
from tests.intake.samples import claim_resource, visit_resources

text = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=5)
moment = st.sampled_from(
    ["2026", "2026-01", "2026-01-12", "2026-01-12T09:00:00Z", "2026-01-12T09:00:00.123-05:00"]
)
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
period = some(start=moment)
attachment = some(contentType=text, url=text, data=st.just("QQ=="))
common = {"id": text, "identifier": several(identifier), "extension": several(extension)}
PARTS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "Patient": common
    | {"gender": st.sampled_from(["male", "female"]), "birthDate": st.just("2025-12-20")},
    "Practitioner": common | {"name": several(some(family=text, given=several(text), text=text))},
    "Organization": common | {"name": text, "type": several(concept)},
    "Encounter": common
    | {
        "subject": reference,
        "period": period,
        "participant": several(some(type=several(concept), individual=reference)),
        "diagnosis": several(
            st.fixed_dictionaries({"condition": reference}, optional={"rank": st.integers(1, 9)})
        ),
        "location": several(st.fixed_dictionaries({"location": reference})),
    },
    "Condition": common | {"code": concept, "verificationStatus": concept},
    "Procedure": common | {"code": concept, "performedPeriod": period},
    "DocumentReference": common
    | {
        "type": concept,
        "date": st.just("2026-01-12T09:00:00Z"),
        "content": several(st.fixed_dictionaries({"attachment": attachment})),
        "context": some(encounter=several(reference)),
    },
    "Claim": common | {"billablePeriod": period, "insurer": reference, "facility": reference},
}
SAMPLES = {
    resource["resourceType"]: resource
    for resource in [*visit_resources().values(), claim_resource()]
}
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
    drawn = data.draw(some(**PARTS[kind]))
    resource = SAMPLES[kind] | drawn
    try:
        get_fhir_model_class(kind).model_validate(resource)
    except ValidationError:
        assume(False)
    model = MODELS.get(kind) or getattr(fhir_resources, kind)
    read = model.model_validate(parsed(json.dumps(resource).encode())).model_dump(
        mode="json", by_alias=True
    )
    assert agrees(read, parsed(json.dumps(drawn).encode()))


def agrees(read: Any, drawn: Any) -> bool:
    """Whether all that was drawn was read, as it stands."""
    if isinstance(drawn, dict):
        return all(
            key == "extension" or (key in read and agrees(read[key], part))
            for key, part in drawn.items()
        )
    if isinstance(drawn, list):
        return len(read) == len(drawn) and all(map(agrees, read, drawn))
    return read == drawn
