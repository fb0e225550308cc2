"""Bulk exports: one resource a line, any types in any order; lines that are wrong leave the others be."""

import io
import json
import random
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.intake.drafts import Layout
from coding.intake.fhir import archive as fhir_archive
from coding.intake.fhir import index as fhir_index
from coding.intake.fhir import pieces as fhir_pieces
from coding.intake.fhir.archive import FhirArchive
from coding.intake.fhir.file import FHIR_JSON, FHIR_NDJSON
from coding.intake.formats import detect
from coding.tables.errors import FileError
from tests.intake.samples import (
    brief,
    bundle,
    claim_resource,
    drafts,
    excerpt,
    ndjson,
    problems,
    read,
    reasons,
    texts,
    visit_resources,
)

ARCHIVE = FhirArchive()
VISITS = [resource for number in "123" for resource in visit_resources(number).values()]


@settings(deadline=None, max_examples=30)
@given(order=st.randoms(use_true_random=False))
def test_resources_may_stand_in_any_order(order: random.Random):
    shuffled = VISITS.copy()
    order.shuffle(shuffled)
    items_read = brief(read(FHIR_NDJSON, ndjson(*shuffled)))
    assert sorted(items_read) == sorted(brief(read(FHIR_NDJSON, ndjson(*VISITS))))
    assert [item[0] for item in sorted(items_read)] == ["e1", "e2", "e3"]


def test_the_same_resources_give_the_same_encounters_as_a_bundle():
    with_claims = [*VISITS, claim_resource("1"), claim_resource("7", encounter=False)]
    assert brief(read(FHIR_NDJSON, ndjson(*with_claims))) == brief(
        read(FHIR_JSON, bundle(*with_claims))
    )


def test_places_are_lines():
    encounter = visit_resources()["encounter"] | {"period": {"start": [1]}}
    [(place, _, _)] = problems(
        FHIR_NDJSON, ndjson(*(visit_resources() | {"encounter": encounter}).values())
    )
    assert place == "line 3, period.start"


def test_a_line_that_is_no_json_or_too_long_is_told_and_the_others_are_read(monkeypatch):
    for module in (fhir_pieces, fhir_index):
        monkeypatch.setattr(module, "LARGEST_PIECE", 2000, raising=False)
    long = ndjson(visit_resources("8", "x" * 3000)["document"])
    first, second, third = drafts(
        FHIR_NDJSON, b"{nonsense\n\r\n" + long + ndjson(*visit_resources().values())
    )
    assert (first.place, second.place, third.place) == ("line 1", "line 3", "line 6")
    assert "is no JSON" in first.problems[0].text
    assert "larger than" in second.problems[0].text
    assert third.problems == ()


def test_a_last_line_that_is_cut_off_is_told():
    *whole, last = drafts(FHIR_NDJSON, ndjson(*VISITS)[:-50])
    assert [draft.texts.external_id for draft in whole] == ["e1", "e2", "e3"]
    assert (last.place, len(last.problems)) == ("line 18", 1)


def test_bundles_may_stand_on_lines():
    lines = b"".join(
        json.dumps(json.loads(bundle(*visit_resources(number).values()))).encode() + b"\n"
        for number in "12"
    )
    first, second = drafts(FHIR_NDJSON, lines)
    assert (first.place, second.place) == ("line 1, entry[2]", "line 2, entry[2]")
    assert first.problems == second.problems == ()


def test_a_duplicate_key_in_a_resource_that_belongs_to_an_encounter_is_told_at_the_encounter():
    content = ndjson(*VISITS).replace(b'"id": "c2",', b'"id": "c2", "id": "c9",')
    encounter = {draft.texts.external_id: draft.problems for draft in drafts(FHIR_NDJSON, content)}
    assert [problem.place for problem in encounter["e2"]] == ["line 10"]
    assert encounter["e1"] == encounter["e3"] == ()


def test_procedures_without_their_encounters_are_skipped_with_what_to_do():
    [reason] = reasons(FHIR_NDJSON, ndjson(visit_resources()["procedure"]))
    assert reason == "The encounter of this Procedure is not in the file. Export them together."


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_line_ends_and_empty_lines_do_not_count(line_end):
    content = ndjson(*VISITS).replace(b"\n", line_end * 2).removesuffix(line_end * 2)
    assert brief(read(FHIR_NDJSON, content)) == brief(read(FHIR_NDJSON, ndjson(*VISITS)))


def test_only_what_an_item_needs_is_read_for_it():
    class Counted(io.BytesIO):
        taken = 0

        def read(self, size: int | None = -1, /) -> bytes:
            block = super().read(size)
            self.taken += len(block)
            return block

    file = Counted(
        ndjson(
            *(
                resource
                for number in range(200)
                for resource in visit_resources(str(number)).values()
            )
        )
    )
    items = FHIR_NDJSON.read(file, Layout())
    next(items)
    indexing = file.taken
    next(items)
    assert file.taken - indexing < 5000


def test_text_with_a_line_separator_stays_on_its_line():
    note = "One.\u2028Two.\x85Three."
    assert texts(FHIR_NDJSON, ndjson(*visit_resources("1", note).values())).note == note


# A ZIP of the files of one export.


def archive(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as members:
        for name, content in files.items():
            members.writestr(f"export/{name}.ndjson", content)
    return out.getvalue()


def by_kind(count):
    """The resources of some visits as a bulk export parts them: a file for each kind, without a line end behind it."""
    files = {}
    for number in range(count):
        for kind, resource in visit_resources(str(number)).items():
            files.setdefault(kind, []).append(json.dumps(resource))
    return {kind: "\n".join(lines) for kind, lines in files.items()}


def test_the_files_of_an_export_are_read_together():
    content = archive(**by_kind(3))
    assert detect(content) == "fhirzip"
    assert brief(read(ARCHIVE, content)) == brief(
        read(FHIR_NDJSON, "\n".join(by_kind(3).values()).encode())
    )


def test_an_item_stands_in_a_file_of_the_export():
    places = [draft.place for draft in drafts(ARCHIVE, archive(**by_kind(2)))]
    assert places == ["encounter.ndjson, line 1", "encounter.ndjson, line 2"]


def test_what_is_sent_back_of_an_export_is_read_again():
    content = archive(**by_kind(3))
    second = read(FHIR_NDJSON, excerpt(ARCHIVE, content, [2]))
    assert brief(second) == brief(read(ARCHIVE, content)[1:2])


def test_an_archive_that_unpacks_to_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(fhir_archive, "MOST_BYTES", 1_000)
    with pytest.raises(FileError, match="unpacks to more than"):
        read(ARCHIVE, archive(encounter=" " * 10_000))


def test_an_archive_that_is_damaged_is_refused():
    content = archive(**by_kind(2))
    with pytest.raises(FileError, match="damaged"):
        read(ARCHIVE, content[:200])


def test_an_archive_of_other_files_names_what_it_lacks():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as members:
        members.writestr("bundle.json", "{}")
    with pytest.raises(FileError, match="holds no NDJSON file"):
        read(ARCHIVE, out.getvalue())
