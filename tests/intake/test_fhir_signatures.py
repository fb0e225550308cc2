"""A FHIR document that signs another one (relatesTo signs) makes it a signed one, in its file or from before."""

from datetime import date

import pytest

from coding.actions import uploads
from coding.intake.drafts import Covers
from coding.intake.fhir.file import FHIR_JSON
from coding.models import Encounter
from tests import factories, incoming
from tests.intake.samples import bundle, drafts, visit_resources


def unsigned_visit():
    resources = visit_resources()
    resources["document"]["docStatus"] = "preliminary"
    return resources


def signature(**changes):
    document = visit_resources()["document"] | {
        "id": "s1",
        "content": [],
        "relatesTo": [{"code": "signs", "target": {"reference": "DocumentReference/d1"}}],
    }
    return document | changes


def only(*resources):
    [draft] = drafts(FHIR_JSON, bundle(*resources))
    assert draft.problems == ()
    return draft


def said(draft):
    return " ".join(remark.text for remark in draft.remarks)


def test_a_document_is_signed_by_one_that_signs_it():
    draft = only(*unsigned_visit().values(), signature())
    assert [document.unsigned for document in draft.texts.documents] == [""]
    assert "not signed" not in said(draft)
    assert "holds no text" not in said(draft)


@pytest.mark.parametrize("told", [{"docStatus": "preliminary"}, {"status": "entered-in-error"}])
def test_what_is_not_signed_itself_or_withdrawn_signs_nothing(told):
    draft = only(*unsigned_visit().values(), signature(**told))
    assert [document.unsigned for document in draft.texts.documents] == ["preliminary"]


def test_the_signature_of_a_document_that_is_not_here_is_told():
    resources = unsigned_visit()
    del resources["document"]
    draft = only(*resources.values(), signature())
    assert "Left out: the signature of DocumentReference/d1, which is not here." in said(draft)


def test_a_signature_alone_is_kept_for_the_document_that_came_before():
    resources = unsigned_visit()
    draft = only(resources["patient"], signature())
    assert (draft.texts.covers, draft.texts.note) == (Covers.NOTE, "")
    assert [document.number for document in draft.texts.documents] == ["DocumentReference/d1"]


def test_a_signature_that_comes_alone_signs_what_is_stored(people):
    factories.icd10cm("Q65.02", valid_from=date(2025, 10, 1))
    for content in (
        bundle(*unsigned_visit().values()),
        bundle(unsigned_visit()["patient"], signature()),
    ):
        upload = uploads.receive(people["coder"], [content], "fhir", "ehr")
        incoming.work()
        uploads.start_import(people["coder"], incoming.now(upload))
        incoming.work()
    assert incoming.states(incoming.now(upload)) == ["corrected"]
    assert [document["unsigned"] for document in Encounter.objects.get().documents] == [""]


NOT_STATED = "Progress note: signing not stated."


def silent_visit(**changes):
    resources = visit_resources()
    del resources["document"]["docStatus"]
    resources["document"] |= changes
    return resources


@pytest.mark.parametrize("changes", [{}, {"docStatus": "unknown"}])
def test_a_document_of_which_nothing_states_that_it_is_signed_says_so_and_is_not_unsigned(changes):
    draft = only(*silent_visit(**changes).values())
    assert [(own.unsigned, own.not_stated) for own in draft.texts.documents] == [("", True)]
    assert NOT_STATED in said(draft)
    assert "signing" not in draft.texts.note


@pytest.mark.parametrize(
    "changes", [{"docStatus": "amended"}, {"authenticator": {"reference": "Practitioner/dr"}}]
)
def test_a_state_or_whoever_vouches_for_a_document_states_it(changes):
    assert NOT_STATED not in said(only(*silent_visit(**changes).values()))


def test_a_copy_that_states_nothing_signs_no_preliminary_document():
    resources = unsigned_visit()
    copy = silent_visit()["document"] | {"id": "copy"}
    for both in ((resources["document"], copy), (copy, resources["document"])):
        draft = only(*(part for name, part in resources.items() if name != "document"), *both)
        assert [own.unsigned for own in draft.texts.documents] == ["preliminary"]


def taken_in(people, resources):
    upload = uploads.receive(people["coder"], [bundle(*resources.values())], "fhir", "ehr")
    incoming.work()
    uploads.start_import(people["coder"], incoming.now(upload))
    incoming.work()
    [state] = incoming.states(incoming.now(upload))
    [document] = Encounter.objects.get().documents
    return state, document["unsigned"], document.get("not_stated", False)


def test_only_what_states_a_signature_settles_it(people):
    factories.icd10cm("Q65.02", valid_from=date(2025, 10, 1))
    assert taken_in(people, unsigned_visit()) == ("imported", "preliminary", False)
    assert taken_in(people, silent_visit()) == ("unchanged", "preliminary", False)
    assert taken_in(people, visit_resources()) == ("corrected", "", False)
    assert taken_in(people, silent_visit()) == ("unchanged", "", False)


def test_a_document_that_stated_nothing_is_settled_when_it_is_stated(people):
    factories.icd10cm("Q65.02", valid_from=date(2025, 10, 1))
    assert taken_in(people, silent_visit()) == ("imported", "", True)
    assert taken_in(people, silent_visit()) == ("unchanged", "", True)
    assert taken_in(people, visit_resources()) == ("corrected", "", False)
