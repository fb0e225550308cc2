"""A typed encounter is corrected in its form, exactly as a corrected file does it."""

import uuid
from dataclasses import replace

import pytest
from django.urls import reverse

from coding.actions import encounters
from coding.actions.errors import Conflict
from coding.importing.write_encounters import record_of
from coding.intake.note_documents import NoteDocument
from coding.intake.records import ServiceLineRecord
from coding.models import AuditEvent, Encounter, EncounterState, Service, ServiceState
from reviews.actions import corrections, voiding
from reviews.models import ReviewCase, RouteReason
from tests import factories
from tests.incoming import imported, row

NOTE = "Left hip dislocated.\n\nPavlik harness fitted."
LINES = (ServiceLineRecord("27256", ("LT",), 1, (1,)), ServiceLineRecord("99203", (), 2))


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


@pytest.fixture
def typed(people, hip):
    factories.icd10cm("Q65.02", "Q65.01")
    return factories.visit(people, *LINES, note=NOTE, diagnoses=("Q65.02",), payer="Northern")


def address(encounter):
    return reverse("correct-encounter", args=[encounter.public_id])


def shown(client, encounter):
    form = client.get(address(encounter)).context["form"]
    return {
        name: form[name].value() if form[name].value() is not None else "" for name in form.fields
    }


def send(client, encounter, **changes):
    """The form as it was shown, with line ends as browsers write them, and with changes."""
    fields = shown(client, encounter) | changes
    fields["note"] = fields["note"].replace("\r\n", "\n").replace("\n", "\r\n")
    return client.post(address(encounter), {**fields, "idempotency_key": uuid.uuid4()})


def now(encounter):
    return Encounter.objects.get(pk=encounter.pk)


def test_the_form_shows_what_the_encounter_says_now(coder, typed):
    fields = shown(coder, typed)
    assert fields["note"] == NOTE
    assert (fields["diagnoses"], fields["service_lines"]) == (
        "Q65.02",
        "27256-LT x1 for 1\n99203 x2",
    )
    assert (fields["payer"], fields["as_read"]) == ("Northern", 1)
    assert {"external_id", "patient_reference", "rule_set"}.isdisjoint(fields)


def test_what_is_sent_back_as_it_was_shown_changes_nothing(coder, typed):
    response = send(coder, typed)
    assert response.url == typed.get_absolute_url()
    assert "Nothing was changed." in coder.get(response.url).content.decode()
    assert now(typed).revision == 1
    assert now(typed).content_hash == typed.content_hash


def test_a_correction_is_a_revision_that_says_who_and_what(people, coder, typed):
    send(coder, typed, provider="Dr. Weiss", diagnoses="Q65.01")
    encounter = now(typed)
    assert (encounter.provider, encounter.revision) == ("Dr. Weiss", 2)
    assert [diagnosis.code for diagnosis in encounter.diagnoses.all()] == ["Q65.01"]
    before = encounter.revisions.get()
    assert (before.record["provider"], before.changes, before.corrected_by) == (
        "Dr. Falk",
        ["provider", "diagnoses"],
        people["coder"],
    )
    assert AuditEvent.objects.get(event="encounter.corrected").after["changed"] == [
        "provider",
        "diagnoses",
    ]


def test_a_line_that_is_taken_out_takes_its_untouched_service_with_it(coder, typed):
    send(coder, typed, service_lines="27256-LT x1 for 1")
    assert Service.objects.get(encounter=typed, rule_set=None).state == ServiceState.WITHDRAWN


def test_what_was_final_is_looked_at_again_where_the_correction_touches_it(people, coder, hip):
    encounter = factories.encounter(people, hip)
    factories.decide(people["coder"], encounter, factories.PAVLIK)
    send(coder, encounter, note="The reduction was done under general anesthesia.")
    assert now(encounter).state == EncounterState.IN_REVIEW
    assert ReviewCase.objects.get().routes.get().reason == RouteReason.CORRECTED


def test_what_is_wrong_is_named_at_its_field_and_what_was_typed_stays(coder, typed):
    response = send(coder, typed, date_of_service="2026-02-30", provider="Dr. Weiss")
    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["date_of_service"]
    assert 'value="Dr. Weiss"' in response.content.decode()
    assert now(typed).revision == 1


def test_of_two_who_correct_the_same_the_second_is_told_to_read_it_again(coder, typed):
    read = shown(coder, typed)
    send(coder, typed, provider="Dr. Weiss")
    response = coder.post(
        address(typed), {**read, "payer": "Union", "idempotency_key": uuid.uuid4()}
    )
    assert response.status_code == 409
    assert "Somebody corrected this encounter meanwhile" in response.content.decode()
    assert now(typed).payer == "Northern"


def test_the_same_form_sent_twice_is_one_revision(coder, typed):
    sent = {**shown(coder, typed), "provider": "Dr. Weiss", "idempotency_key": uuid.uuid4()}
    assert len({coder.post(address(typed), sent).url for _ in range(2)}) == 1
    assert now(typed).revision == 2


def test_neither_the_external_id_nor_the_patient_is_changed_whatever_is_sent(coder, typed):
    send(coder, typed, external_id="ANOTHER", patient_reference="ANOTHER", payer="Union")
    encounter = now(typed)
    assert (encounter.external_id, encounter.patient_reference) == (
        typed.external_id,
        typed.patient_reference,
    )
    assert encounter.payer == "Union"


def test_what_a_file_brought_or_what_is_void_is_not_offered_and_not_taken(people, coder, typed):
    sent = {**shown(coder, typed), "provider": "Dr. Weiss"}
    imported = encounters.enter(people["coder"], factories.record(), source="his")
    voiding.void(people["supervisor"], typed, "Typed twice.")
    for encounter in (imported, typed):
        page = coder.get(encounter.get_absolute_url()).content.decode()
        assert address(encounter) not in page
        assert coder.get(address(encounter)).url == encounter.get_absolute_url()
        assert (
            coder.post(address(encounter), {**sent, "idempotency_key": uuid.uuid4()}).status_code
            == 302
        )
        assert now(encounter).revision == 1


def test_a_place_outside_the_code_set_can_stay(people, coder, hip):
    encounter = factories.encounter(people, hip, place_of_service="98")
    send(coder, encounter, provider="Dr. Weiss")
    assert (now(encounter).place_of_service, now(encounter).provider) == ("98", "Dr. Weiss")


def test_opening_the_form_is_noted_as_a_view_of_the_patient(coder, typed):
    coder.get(address(typed))
    assert (
        AuditEvent.objects.filter(event="encounter.viewed", encounter=typed.public_id).count() == 1
    )


def test_what_is_known_of_the_documents_of_a_note_stays_while_the_note_does(people, coder, hip):
    dictated = NoteDocument.written("Progress note", NOTE, unsigned="dictated")
    encounter = factories.visit(people, *LINES, note=NOTE, documents=(dictated,))
    send(coder, encounter)
    assert now(encounter).revision == 1
    send(coder, encounter, payer="Southern")
    assert [document["unsigned"] for document in now(encounter).documents] == ["dictated"]


def test_what_was_typed_is_not_lost_when_somebody_else_was_faster(coder, typed):
    opened = shown(coder, typed)
    send(coder, typed, payer="Southern")
    late = {**opened, "note": "Right hip dislocated.", "idempotency_key": uuid.uuid4()}
    response = coder.post(address(typed), late)
    assert response.status_code == 409
    page = response.content.decode()
    assert "Somebody corrected this encounter meanwhile" in page
    assert "Right hip dislocated." in page
    assert now(typed).note == NOTE
    assert coder.post(address(typed), late).status_code == 409


@pytest.mark.parametrize("changes", [{"external_id": "E-other"}, {"patient_reference": "P-other"}])
def test_an_encounter_never_becomes_another_one(people, typed, changes):
    record = replace(record_of(now(typed)), **changes)
    with pytest.raises(Conflict, match="never becomes another one"):
        corrections.correct_typed(people["coder"], typed, record, typed.revision)
    assert now(typed).revision == 1


def test_what_a_system_sent_is_corrected_by_a_file_of_that_system(people, hip):
    imported(people, row("V-1"))
    sent = Encounter.objects.get(external_id="V-1")
    with pytest.raises(Conflict, match="a file of that system corrects it"):
        corrections.correct_typed(people["coder"], sent, record_of(sent), sent.revision)
