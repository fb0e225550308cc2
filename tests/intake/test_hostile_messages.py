"""Damaged and hostile files: nothing but FileError is raised, whatever stands in them."""

import io
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.intake.drafts import Draft, Format, Item, Layout
from coding.intake.fhir.file import FHIR_JSON, FHIR_NDJSON
from coding.intake.hl7.file import HL7_V2
from coding.intake.x12.file import X12_837P
from coding.tables.errors import FileError
from tests.intake.samples import (
    bundle,
    claim,
    claim_resource,
    claims_file,
    dft,
    hl7,
    mdm,
    ndjson,
    visit_resources,
)

RESOURCES = [
    *visit_resources("1").values(),
    claim_resource("1"),
    claim_resource("2", encounter=False),
]
FILES: dict[str, tuple[Format, bytes]] = {
    "fhir": (FHIR_JSON, bundle(*RESOURCES)),
    "ndjson": (FHIR_NDJSON, ndjson(*RESOURCES)),
    "x12": (X12_837P, claims_file(claim("C1"), claim("C2", diagnoses="BK:7543"))),
    "hl7": (
        HL7_V2,
        dft("V1")
        + mdm("V1", "A note.", r"\X41\ and \F\ more")
        + b"BHS|^~\\&\r"
        + dft("V2")
        + b"BTS|1\r",
    ),
}
each_format = pytest.mark.parametrize("name", FILES)


def read_or_refused(form: Format, content: bytes) -> list[Item]:
    """The items up to where the file cannot be read; they are numbered, and so are their cursors."""
    items: list[Item] = []
    with suppress(FileError):
        items.extend(form.read(io.BytesIO(content), Layout()))
    assert (
        [item.number for item in items]
        == [item.after.number for item in items]
        == list(range(1, len(items) + 1))
    )
    for item in items:
        str(item).encode()
        assert all(
            len(problem.value) <= 60
            for problem in (item.problems if isinstance(item, Draft) else ())
        )
    return items


def excerpt_or_refused(form: Format, content: bytes, items: list[Item]) -> None:
    wanted = {item.number: item.problems if isinstance(item, Draft) else () for item in items}
    with suppress(FileError):
        b"".join(form.excerpt(io.BytesIO(content), Layout(), wanted))


@each_format
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_a_file_cut_anywhere_is_read_up_to_there(name, data):
    form, content = FILES[name]
    cut = content[: data.draw(st.integers(0, len(content)))]
    excerpt_or_refused(form, cut, read_or_refused(form, cut))


@each_format
@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(name, data):
    form, original = FILES[name]
    content = bytearray(original)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, max(len(content) - 1, 0)))
        match data.draw(st.sampled_from(["change", "cut", "double", "insert"])):
            case "change":
                content[place : place + 1] = data.draw(st.binary(min_size=1, max_size=1))
            case "cut":
                del content[place : place + data.draw(st.integers(1, 200))]
            case "double":
                content[place:place] = content[place : place + 50]
            case "insert":
                content[place:place] = data.draw(
                    st.sampled_from([b"\\", b'"', b"{", b"]", b"~", b"\r", b"|", b"null"])
                )
    excerpt_or_refused(form, bytes(content), read_or_refused(form, bytes(content)))


@pytest.mark.parametrize("ending", [b"MSH", b"BTS", b"FTS"])
def test_a_message_file_that_ends_after_a_name_is_read_or_refused(ending):
    content = dft("V1") + b"BHS|^~\\&\r" + dft("V2") + ending
    excerpt_or_refused(HL7_V2, content, read_or_refused(HL7_V2, content))


@each_format
@settings(deadline=None, max_examples=60)
@given(content=st.binary(max_size=300), begins=st.booleans())
def test_any_bytes_are_read_or_refused(name, content, begins):
    form, original = FILES[name]
    read_or_refused(form, original[:110] * begins + content)
    form.sniff(content)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["reference", "coding", "start"]), inner)
    ),
    max_leaves=5,
)


@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_a_value_of_any_type_in_any_field_of_a_resource_is_told_not_raised(data):
    resources = [dict(resource) for resource in RESOURCES]
    for _ in range(data.draw(st.integers(1, 3))):
        resource = data.draw(st.sampled_from(resources))
        resource[data.draw(st.sampled_from(sorted(resource)))] = data.draw(values)
    content = ndjson(*resources)
    excerpt_or_refused(FHIR_NDJSON, content, read_or_refused(FHIR_NDJSON, content))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("fhir", b"[" * 200_000),
        ("fhir", b'{"a":' * 200_000),
        ("fhir", b'{"resourceType": "Bundle", "entry": [{"resource": ' * 20_000),
        ("fhir", b'{"a": "' + b'\\"' * 500_000),
        ("fhir", b'{"resourceType": "Bundle", "entry": [' + b"{}," * 100_000 + b"{}]}"),
        ("ndjson", b"[" * 200_000 + b"\n"),
        ("x12", claims_file(claim()).replace(b"27256", b"2" * 300_000)),
        ("x12", claims_file(claim()).replace(b"LX*1~", b"LX*1~" * 50_000)),
        ("x12", claims_file(claim()).replace(b"HL*2*", b"HL*2*" + b":" * 90_000)),
        ("hl7", hl7(r"MSH|^~\&|EHR") + b"\\" * 500_000),
        ("hl7", mdm("V1", "\\" * 200_000 + "X41\\")),
        ("hl7", mdm("V1", "~" * 500_000)),
        ("hl7", b"MSH|^~\\&|\r" * 20_000),
    ],
)
def test_files_made_to_cost_time_or_memory_are_read_or_refused(name, content):
    read_or_refused(FILES[name][0], content)


def test_html_that_is_nested_or_broken_gives_text_or_is_told():
    blanks = "a" + " " * 200_000 + "b"
    for markup in (
        blanks,
        "<div>" * 20_000 + "deep",
        "<" * 20_000,
        "<!--" * 20_000,
        "&amp" * 20_000,
        "\0<p>x",
        "",
    ):
        resources = visit_resources()
        resources["document"]["content"][0]["attachment"]["contentType"] = "text/html"
        section = {"resourceType": "Composition", "encounter": {"reference": "Encounter/e1"}}
        section["section"] = [{"text": {"div": markup}}]
        read_or_refused(FHIR_NDJSON, ndjson(*resources.values(), section))
