"""The page on which an encounter is typed: what is stored, what is refused, and that nothing typed is lost."""

import uuid

import pytest
from django.urls import reverse

from coding.models import AuditEvent, Encounter, ReceivedForm
from tests import factories

TYPED = {
    "external_id": "T-1",
    "patient_reference": "P-9",
    "birth_date": "2026-01-15",
    "sex": "F",
    "date_of_service": "2026-05-31",
    "place_of_service": "11",
    "provider": "Dr. Falk",
    "payer": "Northern",
    "note": "  Left hip out.\n+ Ortolani  ",
    "diagnoses": "",
    "service_lines": "",
}


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


def send(client, **changes):
    data = {"idempotency_key": uuid.uuid4(), **TYPED, **changes}
    return client.post(reverse("new-encounter"), data)


def errors(response):
    assert response.status_code == 422
    return response.context["form"].errors


def test_what_was_typed_is_stored_as_it_was_typed(people, coder):
    response = send(coder)
    encounter = Encounter.objects.get()
    assert response.url == encounter.get_absolute_url()
    stored = {
        name: str(getattr(encounter, name))
        for name in TYPED
        if name not in ("diagnoses", "service_lines", "note")
    }
    assert stored == {name: TYPED[name] for name in stored}
    assert encounter.source == "typed"
    event = AuditEvent.objects.get(event="encounter.entered")
    assert (event.actor, event.encounter, event.after) == (
        people["coder"],
        encounter.public_id,
        {"source": "typed"},
    )


def test_the_blanks_of_a_note_are_part_of_it(coder):
    send(coder, note="  Left hip out.\n+ Ortolani  ")
    assert Encounter.objects.get().note.replace("\r\n", "\n") == "  Left hip out.\n+ Ortolani  "


def test_what_need_not_be_typed_is_left_out(coder):
    send(coder, birth_date="", payer="", sex="U")
    encounter = Encounter.objects.get()
    assert (encounter.birth_date, encounter.payer, encounter.sex) == (None, "", "U")


def test_every_place_of_the_cms_code_set_can_be_chosen_and_none_is_chosen_beforehand(coder):
    field = coder.get(reverse("new-encounter")).context["form"]["place_of_service"]
    offered = [code for code, _ in field.field.choices]
    assert field.value() is None
    assert offered[0] == ""
    assert {"02", "10", "11", "27", "31", "66", "81", "99"} <= set(offered)
    assert len(offered) == 1 + 52
    assert {"00", "30", "59", "98"}.isdisjoint(offered)


@pytest.mark.parametrize("place", ["02", "12", "31", "99"])
def test_an_encounter_is_typed_at_any_place(coder, place):
    send(coder, place_of_service=place)
    assert Encounter.objects.get().place_of_service == place


def test_diagnoses_and_lines_are_stored_in_the_order_in_which_they_were_typed(coder):
    factories.icd10cm("Q65.02", "Q65.01")
    send(coder, diagnoses="Q6502, q65.01", service_lines="99203-25\n27256-LT x2 for 1 2")
    encounter = Encounter.objects.get()
    assert [diagnosis.code for diagnosis in encounter.diagnoses.all()] == ["Q65.02", "Q65.01"]
    lines = encounter.service_lines.values_list("code", "modifiers", "units", "diagnosis_pointers")
    assert list(lines) == [("99203", ["25"], 1, []), ("27256", ["LT"], 2, [1, 2])]


@pytest.mark.parametrize(
    "name",
    [
        "external_id",
        "patient_reference",
        "date_of_service",
        "place_of_service",
        "provider",
        "note",
        "sex",
    ],
)
def test_what_is_needed_and_missing_is_named_at_its_field(coder, name):
    assert list(errors(send(coder, **{name: ""}))) == [name]
    assert not Encounter.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("external_id", "x" * 61, "at most 60 characters"),
        ("patient_reference", "x" * 61, "at most 60 characters"),
        ("provider", "x" * 121, "at most 120 characters"),
        ("payer", "x" * 121, "at most 120 characters"),
        ("note", "x" * 100_001, "at most 100000 characters"),
        ("sex", "X", "Select a valid choice"),
        ("place_of_service", "98", "Select a valid choice"),
        ("date_of_service", "31.05.2026", "Write year-month-day"),
        ("date_of_service", "2026-02-30", "there is no such day"),
        ("birth_date", "yesterday", "cannot be read as a date"),
        ("rule_set", "999999", "Select a valid choice"),
        ("diagnoses", "hip", "has not the shape of an ICD-10-CM code"),
        ("diagnoses", "Q65.02", "no ICD-10-CM release is loaded for 2026-05-31"),
        ("service_lines", "27256LT", "cannot be read. Write it as"),
        ("service_lines", "27256-LT x0", "Write a whole number from 1 to 999"),
        ("idempotency_key", "7", "Enter a valid UUID"),
    ],
)
def test_what_is_wrong_is_named_at_its_field_and_nothing_is_stored(coder, field, value, words):
    response = send(coder, **{field: value})
    assert words in " ".join(errors(response)[field])
    assert "Not saved yet: please mend what is marked." in response.content.decode()
    assert not Encounter.objects.exists()
    assert not ReceivedForm.objects.exists()


def test_all_problems_of_diagnoses_and_lines_are_told_at_once(coder):
    problems = errors(send(coder, diagnoses="hip knee", service_lines="27256LT\n99203 for 3"))
    assert len(problems["diagnoses"]) == 2
    assert len(problems["service_lines"]) == 2


def test_what_was_typed_stands_in_the_form_that_comes_back(coder):
    page = send(
        coder, date_of_service="2999-01-01", note="Left hip & out.", service_lines="27256-LT"
    ).content.decode()
    for text in (
        'value="T-1"',
        'value="P-9"',
        'value="2999-01-01"',
        "Left hip &amp; out.",
        "27256-LT",
    ):
        assert text in page


def test_a_refused_form_is_mended_and_sent_again_under_its_key(coder):
    key = uuid.uuid4()
    assert send(coder, idempotency_key=key, provider="").status_code == 422
    assert send(coder, idempotency_key=key).status_code == 302
    assert Encounter.objects.get().provider == "Dr. Falk"


def test_an_id_that_was_typed_before_is_told_at_its_field_and_nothing_that_was_typed_is_lost(coder):
    send(coder)
    response = send(coder, note="Another note.")
    assert response.status_code == 409
    assert "Look for it in the worklist." in response.context["form"].errors["external_id"][0]
    assert response.context["form"]["note"].value() == "Another note."
    assert Encounter.objects.get().note != "Another note."


def test_the_family_that_was_chosen_opens_without_a_line(hip, coder):
    send(coder, rule_set=hip.rule_set_id)
    assert Encounter.objects.get().services.get().rule_set == hip.rule_set


def test_an_empty_form_has_a_key_of_its_own_each_time_and_no_family_chosen(hip, coder):
    forms = [coder.get(reverse("new-encounter")).context["form"] for _ in range(2)]
    keys = {form["idempotency_key"].value() for form in forms}
    assert len(keys) == 2
    assert not forms[0]["rule_set"].value()
    _, first_choice = next(iter(forms[0].fields["rule_set"].choices))
    assert first_choice == "The families of the submitted codes"


def test_the_form_of_somebody_else_is_told_in_words(people, coder, client):
    key = uuid.uuid4()
    assert send(coder, idempotency_key=key).status_code == 302
    client.force_login(people["coder", 2])
    response = send(client, idempotency_key=key, external_id="T-2")
    assert response.status_code == 409
    assert "This form was sent by somebody else." in response.text
    assert Encounter.objects.count() == 1
