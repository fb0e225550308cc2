"""Made-up files of encounters in the formats of messages, and how the tests read them."""

import base64
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from coding.intake.drafts import (
    BEGINNING,
    Cursor,
    Draft,
    EncounterTexts,
    Format,
    Item,
    Layout,
    Skipped,
)

NOTE = (
    "Three-week-old girl. The left hip is dislocated.\nA Pavlik harness was fitted; no anesthesia."
)


def read(form: Format, content: bytes, start: Cursor = BEGINNING) -> list[Item]:
    return list(form.read(io.BytesIO(content), Layout(), start))


def excerpt(form: Format, content: bytes, numbers: Iterable[int]) -> bytes:
    return b"".join(form.excerpt(io.BytesIO(content), Layout(), dict.fromkeys(numbers, ())))


def drafts(form: Format, content: bytes) -> list[Draft]:
    return [item for item in read(form, content) if isinstance(item, Draft)]


def texts(form: Format, content: bytes) -> EncounterTexts:
    [draft] = drafts(form, content)
    assert draft.problems == ()
    return draft.texts


def reasons(form: Format, content: bytes) -> list[str]:
    return [item.reason for item in read(form, content) if isinstance(item, Skipped)]


def problems(form: Format, content: bytes) -> list[tuple[str, str, str]]:
    """Place, field and text of everything that is wrong."""
    return [
        (problem.place or draft.place, problem.field, problem.text)
        for draft in drafts(form, content)
        for problem in draft.problems
    ]


def brief(items: Iterable[Item]) -> list[Any]:
    """What an item says, whatever its place and number in the file."""
    return [
        (
            item.texts.external_id,
            item.texts.note,
            item.texts.diagnoses,
            item.texts.service_lines,
            len(item.problems),
        )
        if isinstance(item, Draft)
        else item.reason
        for item in items
    ]


# X12


def claim(
    number: str = "C1",
    *,
    lines: Sequence[str] = (),
    diagnoses: str = "ABK:Q6502",
    facility: str = "11:B:1",
):
    """A claim with its subscriber, who is the patient."""
    services = lines or ("SV1*HC:27256:LT*620*UN*1***1~DTP*472*D8*20260112",)
    return [
        "HL*2*1*22*0",
        "SBR*P*18*******CI",
        f"NM1*IL*1*SAMPLE*INFANT****MI*M-{number}",
        "DMG*D8*20251220*F",
        "NM1*PR*2*EXAMPLE HEALTH PLAN*****PI*PLAN01",
        f"CLM*{number}*780***{facility}*Y*A*Y*Y",
        f"HI*{diagnoses}",
        "NM1*82*1*TESTER*ALEX****XX*1999999976",
        *(
            segment
            for at, line in enumerate(services, 1)
            for segment in (f"LX*{at}", *line.split("~"))
        ),
    ]


def transaction(
    *claims: Sequence[str], number: str = "0001", version: str = "005010X222A1"
) -> list[str]:
    head = [
        f"ST*837*{number}*{version}",
        "BHT*0019*00*1*20260115*0930*CH",
        "NM1*41*2*SUBMITTER*****46*S1",
        "HL*1**20*1",
        "NM1*85*2*EXAMPLE ORTHOPEDICS*****XX*1999999984",
    ]
    body = [*head, *(segment for part in claims for segment in part)]
    return [*body, f"SE*{len(body) + 1}*{number}"]


def interchange(
    *transactions: Sequence[str], number: str = "000000101", version: str = "005010X222A1"
) -> list[str]:
    return [
        f"ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260115*0930*^*00501*{number}*0*T*:",
        f"GS*HC*SENDER*RECEIVER*20260115*0930*7*X*{version}",
        *(segment for part in transactions for segment in part),
        f"GE*{len(transactions)}*7",
        f"IEA*1*{number}",
    ]


def x12(*segments: str, signs: str = "*:~", after: str = "\n") -> bytes:
    table = str.maketrans("*:", signs[:2])
    return "".join(segment.translate(table) + signs[2] + after for segment in segments).encode()


def claims_file(*claims: Sequence[str], **layout: str) -> bytes:
    return x12(*interchange(transaction(*claims)), **layout)


# HL7 v2


def hl7(*segments: str, end: str = "\r") -> bytes:
    return "".join(segment + end for segment in segments).encode()


def head(kind: str, visit: str = "V1", *, control: str = "1", characters: str = "") -> list[str]:
    return [
        rf"MSH|^~\&|EHR|CLINIC|CONCORD|LAB|20260112150500||{kind}|{control}|P|2.5.1||||||{characters}",
        f"PID|1||P-{visit}^^^EXAMPLE^MR||SAMPLE^INFANT||20251220|F",
        f"PV1|1|O|||||1999999976^TESTER^ALEX{'|' * 12}{visit}",
    ]


def charge(
    code: str = "27256", modifiers: str = "LT", *, kind: str = "CG", day: str = "20260112"
) -> str:
    return f"FT1|1|||{day}||{kind}|{code}^^C4|||1|||||||||Q65.02^^I10|1999999976^TESTER^ALEX|||||{code}^^C4|{modifiers}"


def dft(visit: str = "V1", *charges: str, control: str = "1") -> bytes:
    diagnosis = "DG1|1||Q65.02^^I10||20260112|F"
    return hl7(
        *head("DFT^P03^DFT_P03", visit, control=control), *(charges or (charge(),)), diagnosis
    )


def document(
    number: str, *, parent: str = "", completion: str = "AU", availability: str = "AV"
) -> str:
    return f"TXA|1|PN^Progress note|TX|20260112150000||||||||{number}|{parent}||||{completion}||{availability}"


def mdm(
    visit: str = "V1", *lines: str, trigger: str = "T02", header: str = "", control: str = "2"
) -> bytes:
    observed = (f"OBX|{at}|TX|11506-3^Note^LN||{line}||||||F" for at, line in enumerate(lines, 1))
    return hl7(
        *head(f"MDM^{trigger}", visit, control=control), header or document(f"D-{visit}"), *observed
    )


# FHIR


def code(system: str, value: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": value}]}


CPT, ICD = "http://www.ama-assn.org/go/cpt", "http://hl7.org/fhir/sid/icd-10-cm"


def attachment(text: str = NOTE, kind: str = "text/plain") -> dict[str, str]:
    return {"contentType": kind, "data": base64.b64encode(text.encode()).decode()}


def visit_resources(number: str = "1", note: str = NOTE) -> dict[str, dict[str, Any]]:
    """An encounter and what belongs to it, by a short name."""
    subject, encounter = {"reference": f"Patient/p{number}"}, {"reference": f"Encounter/e{number}"}
    return {
        "patient": {
            "resourceType": "Patient",
            "id": f"p{number}",
            "identifier": [{"system": "urn:example:mrn", "value": f"MRN-{number}"}],
            "gender": "female",
            "birthDate": "2025-12-20",
        },
        "practitioner": {
            "resourceType": "Practitioner",
            "id": "dr",
            "name": [{"family": "Tester", "given": ["Alex"]}],
        },
        "encounter": {
            "resourceType": "Encounter",
            "id": f"e{number}",
            "status": "finished",
            "class": {"code": "AMB"},
            "subject": subject,
            "participant": [{"individual": {"reference": "Practitioner/dr"}}],
            "period": {"start": "2026-01-12T23:30:00-05:00"},
        },
        "condition": {
            "resourceType": "Condition",
            "id": f"c{number}",
            "code": code(ICD, "Q65.02"),
            "subject": subject,
            "encounter": encounter,
        },
        "procedure": {
            "resourceType": "Procedure",
            "id": f"o{number}",
            "status": "completed",
            "code": code(CPT, "27256"),
            "subject": subject,
            "encounter": encounter,
        },
        "document": {
            "resourceType": "DocumentReference",
            "id": f"d{number}",
            "status": "current",
            "docStatus": "final",
            "type": {"text": "Progress note"},
            "subject": subject,
            "content": [{"attachment": attachment(note)}],
            "context": {"encounter": [encounter]},
        },
    }


def claim_resource(number: str = "1", *, encounter: bool = True) -> dict[str, Any]:
    item: dict[str, Any] = {
        "sequence": 1,
        "productOrService": code(CPT, "27256"),
        "modifier": [code("urn:modifiers", "LT")],
        "quantity": {"value": 1},
        "diagnosisSequence": [2],
        "servicedDate": "2026-01-12",
        "locationCodeableConcept": code("https://www.cms.gov/place-of-service-codes", "11"),
    }
    if encounter:
        item["encounter"] = [{"reference": f"Encounter/e{number}"}]
    return {
        "resourceType": "Claim",
        "id": f"k{number}",
        "status": "active",
        "type": code("http://terminology.hl7.org/CodeSystem/claim-type", "professional"),
        "use": "claim",
        "created": "2026-01-13",
        "priority": code("http://terminology.hl7.org/CodeSystem/processpriority", "normal"),
        "patient": {"reference": f"Patient/p{number}"},
        "provider": {"reference": "Practitioner/dr"},
        "insurance": [
            {"sequence": 1, "focal": True, "coverage": {"display": "Example Health Plan"}}
        ],
        "insurer": {"display": "Example Health Plan"},
        "diagnosis": [
            {"sequence": 1, "diagnosisCodeableConcept": code("http://snomed.info/sct", "48334007")},
            {"sequence": 2, "diagnosisCodeableConcept": code(ICD, "Q65.02")},
        ],
        "item": [item],
    }


def bundle(*resources: dict[str, Any], kind: str = "collection") -> bytes:
    entries = [
        {
            "fullUrl": f"https://example.org/fhir/{resource['resourceType']}/{resource.get('id', '')}",
            "resource": resource,
        }
        for resource in resources
    ]
    return json.dumps({"resourceType": "Bundle", "type": kind, "entry": entries}, indent=1).encode()


def ndjson(*resources: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(resource).encode() + b"\n" for resource in resources)


def changed(**resources):
    """A Bundle of one visit in which some resources are replaced, added, or left out if None."""
    resources_of_visit = visit_resources() | resources
    return bundle(*(resource for resource in resources_of_visit.values() if resource))
