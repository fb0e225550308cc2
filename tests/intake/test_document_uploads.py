"""Documents through the upload: signed, edited, replaced; what was superseded is kept, and never proposed from."""

import json
from datetime import date

import pytest
from django.db import DatabaseError, transaction

from coding.importing.dry_run import totals
from coding.models import Encounter, SupersededDocument
from tests import factories, incoming
from tests.intake import samples
from tests.intake.samples import dft, document, mdm


@pytest.fixture
def take_in(people):
    """Receive a file, check it, import it."""
    factories.icd10cm("Q65.02", valid_from=date(2025, 10, 1))

    def act(content):
        return incoming.taken_in(people, content)

    return act


def dictated(text="Left hip reduced.", number="D1"):
    return mdm("V1", text, header=document(number, completion="DI"))


def signed(text="Left hip reduced.", number="D1", trigger="T08"):
    return mdm("V1", text, trigger=trigger, header=document(number, completion="LA"), control="3")


def stored():
    encounter = Encounter.objects.get()
    return encounter.note, [own["unsigned"] for own in encounter.documents]


def test_an_unsigned_document_is_stored_as_such(take_in):
    take_in(dft() + dictated())
    note, states = stored()
    assert note.startswith("Progress note, 2026-01-12 (not signed: dictated)\n")
    assert states == ["dictated"]


@pytest.mark.parametrize("trigger", ["T02", "T04", "T08"])
def test_a_signature_that_comes_alone_signs_the_document(take_in, trigger):
    take_in(dft() + dictated())
    upload = take_in(signed(trigger=trigger))
    assert totals(upload) == {"corrected": 1}
    assert stored() == ("Left hip reduced.", [""])


def test_another_text_under_the_number_of_a_document_that_is_here_is_not_put_behind_it(take_in):
    take_in(dft() + dictated())
    upload = take_in(signed("Left hip reduced. Spica fitted.", trigger="T02"))
    assert totals(upload) == {"rejected": 1}
    assert "was edited at its source" in incoming.problems(upload)[0]
    take_in(dft() + signed("Left hip reduced. Spica fitted.", trigger="T02"))
    assert stored() == ("Left hip reduced. Spica fitted.", [""])


def test_the_dictation_that_comes_again_after_the_signature_changes_nothing(take_in):
    take_in(dft() + dictated())
    take_in(dft() + signed())
    assert totals(take_in(dictated())) == {"unchanged": 1}
    assert totals(take_in(dft() + dictated())) == {"unchanged": 1}
    assert stored() == ("Left hip reduced.", [""])


def test_a_claim_that_comes_again_without_its_note_leaves_the_documents_as_they_are(take_in):
    take_in(dft() + dictated())
    assert totals(take_in(dft())) == {"unchanged": 1}
    assert stored()[1] == ["dictated"]


def test_a_table_that_brings_the_same_note_leaves_the_documents_as_they_are(take_in):
    take_in(dft() + dictated())
    note, states = stored()
    row = incoming.row("V1", patient_reference="P-V1", note=f"{note}\n", payer="Southern")
    upload = take_in(incoming.table(row))
    assert totals(upload) == {"corrected": 1}
    assert stored() == (note, states)


@pytest.mark.parametrize("text", ["Left hip reduced.", "No anesthesia.", "reduced"])
def test_an_edited_note_that_is_but_a_part_of_the_one_that_is_here_is_rejected(take_in, text):
    take_in(dft() + mdm("V1", "Left hip reduced. No anesthesia."))
    edited = take_in(signed(text, number="D-V1"))
    assert "edited at its source" in edited.rows.get().errors[0]["problem"]


def test_an_edited_note_that_says_what_is_here_changes_nothing(take_in):
    take_in(dft() + mdm("V1", "Left hip reduced."))
    assert totals(take_in(signed("Left hip reduced.", number="D-V1"))) == {"unchanged": 1}


def test_a_short_note_whose_words_stand_in_the_note_is_not_lost(take_in):
    take_in(dft() + mdm("V1", "Left hip reduced. No spica."))
    take_in(mdm("V1", "No spica.", header=document("D2")))
    assert stored()[0] == "Left hip reduced. No spica.\n\nNo spica."


REPLACEMENT = mdm("V1", "Right hip reduced.", trigger="T10", header=document("D2", parent="D1"))


def kept():
    listed = SupersededDocument.objects.order_by("pk")
    return [(str(own), own.text, own.superseded_by, own.superseded_on) for own in listed]


def test_a_replaced_document_is_kept_beside_the_encounter_and_no_part_of_its_note(take_in):
    upload = take_in(dft() + mdm("V1", "Left hip reduced.", header=document("D1")) + REPLACEMENT)
    assert stored()[0] == "Right hip reduced."
    assert kept() == [
        ("Progress note, 2026-01-12", "Left hip reduced.", "Progress note", "2026-01-12")
    ]
    assert "its text is kept" in " ".join(remark["text"] for remark in upload.rows.get().remarks)


def test_a_replacement_under_the_number_of_what_it_replaces_is_the_note(take_in):
    same = mdm("V1", "Right hip reduced.", trigger="T10", header=document("D1", parent="D1"))
    take_in(dft() + mdm("V1", "Left hip reduced.", header=document("D1")) + same)
    assert stored()[0] == "Right hip reduced."
    assert [text for _, text, _, _ in kept()] == ["Left hip reduced."]


def test_what_is_left_out_of_a_visit_that_was_taken_back_is_told_whether_it_is_here_or_not(take_in):
    cancelled = mdm("V1", "Left hip reduced.", trigger="T11", header=document("D1"))
    for state in ("skipped", "rejected"):
        row = take_in(cancelled).rows.get()
        assert row.state == state
        assert "it was cancelled" in row.remarks[0]["text"]
        take_in(dft())


def test_a_replacement_that_is_cancelled_leaves_the_text_that_it_replaced(take_in):
    cancelled = mdm("V1", "Right hip reduced.", trigger="T11", header=document("D2"), control="4")
    take_in(dft() + mdm("V1", "Left hip reduced.", header=document("D1")) + REPLACEMENT + cancelled)
    assert stored()[0] == "Left hip reduced."
    assert kept() == []


def test_an_earlier_text_of_an_edited_document_is_kept(take_in):
    take_in(dft() + mdm("V1", "Left hip.", header=document("D1")) + signed("Left hip reduced."))
    assert stored()[0] == "Left hip reduced."
    assert [text for _, text, _, _ in kept()] == ["Left hip."]


def test_an_addendum_stays_with_the_note_and_supersedes_nothing(take_in):
    addendum = mdm("V1", "No spica.", trigger="T06", header=document("D2", parent="D1"))
    take_in(dft() + mdm("V1", "Left hip reduced.", header=document("D1")) + addendum)
    assert "Left hip reduced." in stored()[0]
    assert "No spica." in stored()[0]
    assert kept() == []


def test_what_was_kept_stays_once_however_often_and_whatever_comes_later(take_in):
    both = dft() + mdm("V1", "Left hip reduced.", header=document("D1")) + REPLACEMENT
    take_in(both)
    take_in(dft() + mdm("V1", "Right hip reduced twice.", header=document("D3")))
    take_in(both)
    assert [text for _, text, _, _ in kept()] == ["Left hip reduced."]


def test_the_database_refuses_to_change_what_is_kept(take_in):
    take_in(dft() + mdm("V1", "Left hip reduced.", header=document("D1")) + REPLACEMENT)
    with pytest.raises(DatabaseError, match="kept as it is"), transaction.atomic():
        SupersededDocument.objects.update(text="Something else.")


DOCUMENTS = ("d1", "d2")


def replacing(code="replaces"):
    """A FHIR visit whose second document does something to its first."""
    parts = samples.visit_resources(note="Left hip reduced.")
    relation = {"code": code, "target": {"reference": "DocumentReference/d1"}}
    second = {**json.loads(json.dumps(parts["document"])), "id": "d2", "relatesTo": [relation]}
    second["content"] = [{"attachment": samples.attachment("Right hip reduced.")}]
    return samples.bundle(*parts.values(), second)


def test_a_document_that_fhir_says_is_replaced_is_kept(take_in):
    take_in(replacing())
    assert stored()[0] == "Right hip reduced."
    assert [text for _, text, _, _ in kept()] == ["Left hip reduced."]


def alone(*documents):
    """The notes of the visit without the rest of it."""
    patient = samples.visit_resources()["patient"]
    return samples.bundle(patient, *documents)


@pytest.mark.parametrize("with_both", [True, False])
def test_a_fhir_document_that_replaces_one_that_is_here_is_left_to_a_person(take_in, with_both):
    take_in(samples.bundle(*samples.visit_resources(note="Left hip reduced.").values()))
    documents = [
        entry["resource"]
        for entry in json.loads(replacing())["entry"]
        if entry["resource"]["id"] in DOCUMENTS
    ]
    upload = take_in(alone(*documents[0 if with_both else 1 :]))
    assert "edited at its source" in upload.rows.get().errors[0]["problem"]
    assert stored()[0] == "Left hip reduced."


@pytest.mark.parametrize("trigger", ["T08", "T10"])
def test_a_text_that_is_here_and_is_superseded_in_a_file_of_notes_is_left_to_a_person(
    take_in, trigger
):
    old = mdm("V1", "Left hip reduced.", header=document("D1"))
    take_in(dft() + old)
    later = REPLACEMENT if trigger == "T10" else signed("Right hip reduced.")
    assert "edited at its source" in take_in(old + later).rows.get().errors[0]["problem"]
    assert stored()[0] == "Left hip reduced."


def test_a_text_that_never_was_here_and_is_superseded_hinders_no_note(take_in):
    take_in(dft())
    assert totals(take_in(mdm("V1", "Left hip.", header=document("D1")) + REPLACEMENT)) == {
        "corrected": 1
    }
    assert stored()[0] == "Right hip reduced."


def test_a_document_that_appends_in_fhir_stays_with_the_note(take_in):
    take_in(replacing("appends"))
    assert kept() == []
    assert stored()[0].index("Left hip") < stored()[0].index("Right hip")


def test_a_preliminary_document_of_fhir_names_its_author(take_in):
    parts = samples.visit_resources()
    parts["document"] |= {"docStatus": "preliminary", "author": [{"reference": "Practitioner/dr"}]}
    take_in(samples.bundle(*parts.values()))
    assert [own["author"] for own in Encounter.objects.get().documents] == ["Alex Tester"]


def notice(number="D1", trigger="T03", completion="AU"):
    return mdm("V1", trigger=trigger, header=document(number, completion=completion), control="9")


def test_a_message_without_the_text_signs_the_document_of_its_number(take_in):
    take_in(dft() + dictated() + dictated("Recheck.", "D2"))
    assert totals(take_in(notice("D2"))) == {"corrected": 1}
    note, states = stored()
    assert states == ["dictated", ""]
    assert note.endswith("\n\nProgress note, 2026-01-12\nRecheck.")


@pytest.mark.parametrize("told", [notice("D9"), notice(completion="DI"), notice(trigger="T01")])
def test_a_message_without_the_text_changes_nothing_else(take_in, told):
    take_in(dft() + dictated())
    assert totals(take_in(told)) == {"skipped": 1}
    assert stored()[1] == ["dictated"]
