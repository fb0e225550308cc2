"""The documents of a FHIR encounter: which of them make its note, who signed, what was replaced or cannot be read."""

import base64

import pytest

from coding.intake.fhir.file import FHIR_JSON
from tests.intake.samples import (
    attachment,
    bundle,
    changed,
    claim_resource,
    code,
    drafts,
    reasons,
    visit_resources,
)

RESOURCES = visit_resources()
DOCUMENT = RESOURCES["document"] | {"date": "2026-01-12T20:00:00Z"}
HERE = {"encounter": {"reference": "Encounter/e1"}}


def only(*more, **resources):
    """The item of the usual visit without its procedure, with more documents or others."""
    named = {f"more{at}": document for at, document in enumerate(more)}
    [draft] = drafts(
        FHIR_JSON, changed(**{"procedure": None, "document": DOCUMENT} | resources | named)
    )
    return draft


def written(text, number="d2", **changes):
    return DOCUMENT | {"id": number, "content": [{"attachment": attachment(text)}]} | changes


def told(draft):
    return [remark.text for remark in draft.remarks]


def texts(draft):
    return [document.text for document in draft.texts.documents]


# One document.


def test_a_document_has_kind_day_number_and_text():
    [document] = only(document=written("Reduced.", "d1")).texts.documents
    assert (document.kind, document.day, document.number, document.text) == (
        "Progress note",
        "2026-01-12",
        "DocumentReference/d1",
        "Reduced.",
    )
    assert (document.state, document.author) == ("", "")


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"type": {"coding": [{"code": "1", "display": "Operative note"}]}}, "Operative note"),
        ({"type": {}}, "DocumentReference"),
    ],
)
def test_a_kind_is_told_by_its_words(changes, kind):
    assert only(document=DOCUMENT | changes).texts.documents[0].kind == kind


def test_who_wrote_a_document_counts_only_where_nobody_signed_it():
    draft = only(
        document=DOCUMENT | {"docStatus": "preliminary", "author": [{"display": "Bo Roe"}]}
    )
    [document] = draft.texts.documents
    assert (document.unsigned, document.author) == ("preliminary", "Bo Roe")
    assert "Progress note, 2026-01-12 is not signed: preliminary." in told(draft)
    assert draft.texts.note.startswith("Progress note, 2026-01-12 (not signed: preliminary)\n")
    by_reference = [{}, {"reference": "Practitioner/dr"}]
    draft = only(document=DOCUMENT | {"docStatus": "preliminary", "author": by_reference})
    assert draft.texts.documents[0].author == "Alex Tester"


def test_a_document_without_a_text_is_told():
    draft = only(written("Reduced."), document=DOCUMENT | {"content": []})
    assert texts(draft) == ["Reduced."]
    assert "Left out: Progress note, 2026-01-12: it holds no text." in told(draft)


# Its forms.


def test_of_several_forms_the_first_that_can_be_read_counts():
    image = {"contentType": "image/png", "data": base64.b64encode(b"\x89PNG").decode()}
    forms = [
        {"attachment": image},
        {"attachment": attachment("Reduced.")},
        {"attachment": {"contentType": "text/rtf"}},
    ]
    draft = only(document=DOCUMENT | {"content": forms})
    assert (texts(draft), draft.problems) == (["Reduced."], ())
    assert told(draft)[0].startswith("Left out of the note: The attachment is a PNG image.")
    assert told(draft)[1] == "Left out: another form of the document, text/rtf."
    assert [remark.place for remark in draft.remarks[:2]] == [
        "entry[4].resource.content[0].attachment",
        "entry[4].resource.content[2].attachment",
    ]


def test_a_form_that_is_elsewhere_is_a_problem_with_its_address():
    form = {"contentType": "text/plain", "url": "https://example.org/note.txt"}
    draft = only(document=DOCUMENT | {"content": [{"attachment": form}]})
    [problem] = draft.problems
    assert (problem.field, problem.value) == ("note", "https://example.org/note.txt")
    assert (
        problem.text == "The note is stored elsewhere. Export it with its text in attachment.data."
    )


def test_beside_a_service_a_document_that_cannot_be_read_is_a_remark():
    unread = DOCUMENT | {"content": [{"attachment": {"url": "https://example.org/x"}}]}
    for services in ({"procedure": RESOURCES["procedure"]}, {"claim": claim_resource()}):
        draft = only(document=unread, **services)
        assert (draft.problems, len(draft.texts.service_lines)) == ((), 1)
        assert told(draft)[-1].startswith("Left out of the note: The note is stored elsewhere.")


def test_a_binary_that_names_no_kind_has_that_of_its_form():
    binary = {"resourceType": "Binary", "id": "b1", "data": attachment("A &amp; B")["data"]}
    for kind, text in (("text/html", "A & B"), ("text/plain", "A &amp; B")):
        form = {"url": "Binary/b1", "contentType": kind}
        draft = only(document=DOCUMENT | {"content": [{"attachment": form}]}, binary=binary)
        assert texts(draft) == [text]


def test_a_form_may_be_a_binary_of_the_file_under_a_kind_of_its_own():
    binary = {"resourceType": "Binary", "id": "b1", "contentType": "text/html"}
    binary["data"] = base64.b64encode(b"<p>Reduced.</p><script>x</script>").decode()
    form = {"url": "Binary/b1", "contentType": "text/plain"}
    draft = only(document=DOCUMENT | {"content": [{"attachment": form}]}, binary=binary)
    assert texts(draft) == ["Reduced."]


def test_a_report_is_its_forms_and_its_conclusion():
    report = {
        "resourceType": "DiagnosticReport",
        "id": "r1",
        "status": "final",
        "code": {"text": "Hip film"},
        "effectiveDateTime": "2026-01-13",
        "presentedForm": [attachment("Left hip out.")],
        "conclusion": "Dislocated.",
        "subject": DOCUMENT["subject"],
        **HERE,
    }
    [document] = only(document=report).texts.documents
    assert (document.kind, document.day, document.text) == (
        "Hip film",
        "2026-01-13",
        "Left hip out.\n\nDislocated.",
    )


def test_a_composition_is_its_sections_with_their_titles():
    def section(title, words, *within):
        return {"title": title, "text": {"div": f"<div>{words}</div>"}, "section": list(within)}

    composition = {
        "resourceType": "Composition",
        "id": "m1",
        "status": "final",
        "type": {"text": "Operative note"},
        "date": "2026-01-12",
        "subject": DOCUMENT["subject"],
        "section": [section("History", "Fell.", section("Exam", "Out.")), {"title": "Plan"}],
        **HERE,
    }
    draft = only(document=composition)
    assert texts(draft) == ["History\nFell.\n\nExam\nOut.\n\nPlan"]


# Several.


def test_the_same_text_is_one_document_the_one_of_which_most_is_stated():
    silent = {key: value for key, value in written("Reduced.", "d1").items() if key != "docStatus"}
    draft = only(written("Reduced.", "d2"), document=silent)
    assert [document.number for document in draft.texts.documents] == ["DocumentReference/d2"]
    draft = only(silent | {"id": "d3"}, document=written("Reduced.", "d1", docStatus="preliminary"))
    assert [document.number for document in draft.texts.documents] == ["DocumentReference/d1"]


@pytest.mark.parametrize(
    ("status", "member"), [("entered-in-error", "status"), ("cancelled", "docStatus")]
)
def test_a_withdrawn_document_is_left_out_and_replaces_nothing(status, member):
    later = written("Reduced twice.", relatesTo=[relation("replaces")], **{member: status})
    draft = only(later, document=written("Reduced.", "d1"))
    assert (texts(draft), draft.texts.superseded) == (["Reduced."], ())
    assert f"Left out: Progress note, 2026-01-12: {status}." in told(draft)


def relation(kind, target="DocumentReference/d1"):
    return {"code": kind, "target": {"reference": target}}


def test_a_document_that_another_one_replaces_is_kept_beside_the_note():
    draft = only(
        written("Reduced twice.", relatesTo=[relation("replaces")]),
        document=written("Reduced.", "d1"),
    )
    assert texts(draft) == ["Reduced twice."]
    [old] = draft.texts.superseded
    assert (old.text, old.superseded_by, old.superseded_on) == (
        "Reduced.",
        "Progress note",
        "2026-01-12",
    )
    assert "Left out: Progress note, 2026-01-12: another document replaces it." in told(draft)
    appended = only(
        written("More.", relatesTo=[relation("appends")]), document=written("Reduced.", "d1")
    )
    assert texts(appended) == ["Reduced.", "More."]


def test_a_relation_may_be_coded_and_point_by_another_member():
    coded = {
        "code": code("urn:r", "replaces"),
        "targetReference": {"reference": "DocumentReference/d1"},
    }
    draft = only(written("Reduced twice.", relatesTo=[coded]), document=written("Reduced.", "d1"))
    assert texts(draft) == ["Reduced twice."]


def test_a_document_that_its_source_calls_superseded_is_kept_without_what_superseded_it():
    draft = only(written("Reduced twice."), document=written("Reduced.", "d1", status="superseded"))
    [old] = draft.texts.superseded
    assert (old.text, old.superseded_by) == ("Reduced.", "")


# Without their encounter.


def lone(*documents):
    return bundle(RESOURCES["patient"], *documents)


def test_documents_of_one_encounter_that_is_elsewhere_are_one_note():
    content = lone(DOCUMENT, written("Reduced."))
    [draft] = drafts(FHIR_JSON, content)
    assert (draft.texts.external_id, draft.texts.patient_reference) == ("e1", "MRN-1")
    assert draft.texts.date_of_service == "2026-01-12"
    assert (draft.texts.covers, len(draft.texts.documents)) == ("note", 2)
    replacing = written("Reduced.", relatesTo=[relation("replaces", "DocumentReference/d9")])
    [draft] = drafts(FHIR_JSON, lone(replacing))
    assert draft.texts.covers == "edited note"
    # One that replaces another of the same file is no edit of what came before.
    within = written("Reduced.", relatesTo=[relation("replaces")])
    [draft] = drafts(FHIR_JSON, lone(DOCUMENT, within))
    assert draft.texts.covers == "note"


def test_a_report_alone_is_of_the_day_on_which_it_was_made():
    report = {
        "resourceType": "DiagnosticReport",
        "id": "r1",
        "status": "final",
        "conclusion": "Out.",
    }
    report |= {"effectiveDateTime": "2026-01-13T08:00:00Z", "subject": DOCUMENT["subject"], **HERE}
    [draft] = drafts(FHIR_JSON, lone(report))
    assert (draft.texts.date_of_service, draft.texts.note) == ("2026-01-13", "Out.")


def test_a_document_that_names_no_encounter_is_skipped_by_name():
    stray = DOCUMENT | {"context": {}}
    assert reasons(FHIR_JSON, lone(stray)) == [
        "The DocumentReference names no encounter that it belongs to."
    ]


def test_documents_of_two_patients_under_one_encounter_are_a_problem():
    other = RESOURCES["patient"] | {"id": "p2", "identifier": [{"value": "MRN-2"}]}
    [draft] = drafts(
        FHIR_JSON, lone(other, DOCUMENT, written("x", subject={"reference": "Patient/p2"}))
    )
    assert "Correct the patient or the encounter." in draft.problems[0].text


def test_a_document_alone_whose_text_is_elsewhere_is_rejected():
    unread = DOCUMENT | {"content": [{"attachment": {"url": "https://example.org/x"}}]}
    [draft] = drafts(FHIR_JSON, lone(unread))
    assert draft.problems[0].field == "note"
