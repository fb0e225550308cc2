"""Files of FHIR: what is no sound part of one is told, and reading goes on from anywhere."""

import io
import json

import pytest
from fhir.resources.R4B import get_fhir_model_class
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.intake.drafts import Draft, Layout
from coding.intake.fhir import pieces as fhir_pieces
from coding.intake.fhir.file import FHIR_JSON, FHIR_NDJSON
from coding.tables.errors import FileError
from tests.intake.samples import (
    CPT,
    brief,
    bundle,
    changed,
    claim_resource,
    drafts,
    excerpt,
    ndjson,
    read,
    texts,
    visit_resources,
)


@pytest.mark.parametrize(
    ("parts", "path"),
    [
        ({"period": {"start": 5}}, None),
        ({"period": {"start": ["2026"]}}, "entry[2].resource.period.start"),
        ({"period": "2026-01-12"}, "entry[2].resource.period"),
        ({"participant": [{"individual": {}}, 7]}, "entry[2].resource.participant[1]"),
        ({"identifier": {"value": "x"}}, "entry[2].resource.identifier"),
        (
            {"diagnosis": [{"condition": [{"reference": {}}]}]},
            "entry[2].resource.diagnosis[0].condition",
        ),
    ],
)
def test_a_wrong_shape_is_told_by_its_path_and_other_entries_are_read(parts, path):
    other = list(visit_resources("2").values())
    first, second = drafts(
        FHIR_JSON,
        bundle(
            *(visit_resources() | {"encounter": visit_resources()["encounter"] | parts}).values(),
            *other,
        ),
    )
    assert second.problems == ()
    assert path is None or path in [problem.place for problem in first.problems]


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (
            '{"resourceType": "Encounter", "status": "finished", "status": "entered-in-error"}',
            "“status” stands twice",
        ),
        ('{"resourceType": "Encounter", "length": NaN}', "NaN is no value of JSON"),
        (
            '{"resourceType": "Encounter", "a": ' + "[" * 100_000 + "]" * 100_000 + "}",
            "nested too deeply",
        ),
        ('{"resourceType": "Encounter", "id": "\\ud800"}', "half a character"),
        ('{"resourceType": "Encounter", "id": nonsense}', "is no JSON"),
        ('{"id": "1"}', "names no resourceType"),
        ("[]", "names no resourceType"),
        ('{"resourceType": "Encounter", "id": "\xff"}', "not UTF-8"),
    ],
)
def test_an_entry_that_is_no_sound_json_is_told_and_the_others_are_read(bad, words):
    good = changed().decode()
    content = good.replace('"entry": [', '"entry": [{"resource": ' + bad + "},", 1).encode(
        "latin-1"
    )
    first, second = drafts(FHIR_JSON, content)
    assert first.place == "entry[0]"
    assert words in first.problems[0].text
    assert second.texts.external_id == "e1"


def test_a_number_of_5000_digits_is_read_as_it_stands():
    claim = claim_resource()
    claim["item"][0]["quantity"]["value"] = "9" * 5000
    content = changed(claim=claim).replace(b'"' + b"9" * 5000 + b'"', b"9" * 5000)
    assert texts(FHIR_JSON, content).service_lines[0].units == "9" * 5000


def test_a_file_that_is_cut_off_brings_its_whole_entries_and_says_where_it_ends():
    content = bundle(*visit_resources().values(), *visit_resources("2").values())
    read_so_far: list[Draft] = []
    with pytest.raises(FileError, match=r"entry\[11\].*: the file is cut off here"):
        read_so_far.extend(FHIR_JSON.read(io.BytesIO(content[:-200]), Layout()))
    assert [draft.texts.external_id for draft in read_so_far] == ["e1", "e2"]


def test_a_bundle_that_is_too_large_says_what_to_do(monkeypatch):
    monkeypatch.setattr(fhir_pieces, "LARGEST_DOCUMENT", 1000)
    with pytest.raises(FileError, match=r"larger than 64 MB\. Export it as NDJSON"):
        read(FHIR_JSON, changed())


@pytest.mark.parametrize("content", [b"", b"hello", b"<Bundle/>", b"[1]]", b'{"a": 1} {"b": 2}'])
def test_what_is_no_fhir_is_refused(content):
    assert not FHIR_JSON.sniff(content)
    with pytest.raises(FileError):
        read(FHIR_JSON, content)


def test_json_and_ndjson_are_told_apart():
    lines = ndjson(*visit_resources().values())
    assert FHIR_JSON.sniff(changed())
    assert not FHIR_NDJSON.sniff(changed())
    assert FHIR_NDJSON.sniff(lines)
    assert not FHIR_JSON.sniff(lines)


PLANNED = visit_resources("3")


PLANNED["encounter"]["status"] = "planned"


LONE = claim_resource("4", encounter=False)
STRAY = visit_resources("9")["document"]
BROKEN = {
    "resourceType": "Encounter",
    "id": "e5",
    "period": [1],
    "subject": {"reference": "Patient/p1"},
}
MANY = [
    *visit_resources("1").values(),
    *visit_resources("2").values(),
    *PLANNED.values(),
    LONE,
    STRAY,
    BROKEN,
]
EITHER = pytest.mark.parametrize(
    ("form", "content"),
    [(FHIR_JSON, bundle(*MANY)), (FHIR_NDJSON, ndjson(*MANY))],
    ids=["json", "ndjson"],
)


@EITHER
def test_reading_goes_on_from_every_cursor(form, content):
    items = read(form, content)
    assert len(items) == 6
    for number, item in enumerate(items, start=1):
        assert read(form, content, item.after) == items[number:]


@EITHER
@settings(deadline=None, max_examples=40)
@given(wanted=st.sets(st.integers(1, 6), min_size=1))
def test_an_excerpt_holds_the_wanted_items(form, content, wanted):
    items = read(form, content)
    again = read(form, excerpt(form, content, wanted))
    assert brief(again) == brief(items[number - 1] for number in sorted(wanted))


@EITHER
def test_an_excerpt_carries_the_problems_as_operation_outcome(form, content):
    [draft] = [
        item
        for item in read(form, content)
        if isinstance(item, Draft) and item.texts.external_id == "e5"
    ]
    written = b"".join(form.excerpt(io.BytesIO(content), Layout(), {draft.number: draft.problems}))
    assert b"OperationOutcome" in written
    assert b"has to be an object" in written
    assert len(read(form, written)) == 1


def test_the_shapes_that_are_read_are_those_of_fhir_r4():
    """Whatever the standard's own model writes of a claim is read the same."""
    claim = get_fhir_model_class("Claim").model_validate(claim_resource(encounter=False))
    patient = visit_resources()["patient"]
    again = bundle(patient, visit_resources()["practitioner"], json.loads(claim.model_dump_json()))
    assert (
        texts(FHIR_JSON, again).service_lines[0].code
        == claim.item[0].productOrService.coding[0].code
    )
    assert claim.item[0].productOrService.coding[0].system == CPT


def test_brackets_that_are_only_opened_are_refused_before_the_end_of_the_file_is_come_to():
    endless = changed().replace(b'"entry": [', b'"entry": [' + b"[" * 150_000, 1)
    with pytest.raises(FileError, match="100,000 brackets are open"):
        list(FHIR_JSON.read(io.BytesIO(endless), Layout()))
