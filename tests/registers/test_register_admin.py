"""The registers in the administration: lists, completing, merging and taking apart, and who gets in."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coding.models import AuditEvent, Patient, Payer, Provider, RegisterState
from reviews.roles import ROLES
from tests import factories
from tests.registers import rows

MODELS = {"patient": rows.patient, "provider": rows.provider, "payer": rows.payer}


@pytest.fixture
def admin(people, client):
    client.force_login(people["administrator"])
    return client


def listing(model):
    return reverse(f"admin:coding_{model}_changelist")


def page(row):
    return reverse(f"admin:coding_{row._meta.model_name}_change", args=[row.pk])


def listed(client, model, **query):
    response = client.get(listing(model), query)
    assert response.status_code == 200
    return [str(row) for row in response.context["cl"].result_list]


def act(client, model, action, chosen, **data):
    keys = [row.pk for row in chosen]
    return client.post(
        listing(model), {"action": action, "_selected_action": keys, **data}, follow=True
    )


def send(client, row, **data):
    """The form of a row's page as a browser sends it, with the empty tables of dated rows below."""
    tables = {"provider": "affiliations", "payer": "terms", "patient": None}
    table = tables[row._meta.model_name]
    below = {f"{table}-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS")} if table else {}
    return client.post(page(row), {"seen_edition": row.edition, **below, **data})


def messages(response):
    return [str(message) for message in response.context["messages"]]


def test_new_names_are_listed_newest_first_and_found_by_a_part(people, admin):
    for name in ("Dr. Falk", "Dr. Weiss"):
        rows.provider(people, name)
    assert listed(admin, "provider") == ["Dr. Weiss", "Dr. Falk"]
    assert listed(admin, "provider", q="falk") == ["Dr. Falk"]
    assert listed(admin, "provider", state__exact="complete") == []


def test_an_empty_register_is_a_page(people, admin):
    for model in MODELS:
        assert listed(admin, model) == []


@pytest.mark.parametrize("model", sorted(MODELS))
def test_a_list_asks_as_many_queries_for_many_rows_as_for_few(people, admin, model):
    counts = []
    for number in range(2):
        for place in range(1 + 11 * number):
            MODELS[model](people, f"N-{number}-{place}")
        with CaptureQueriesContext(connection) as queries:
            admin.get(listing(model))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_provider_is_completed_by_the_form(people, admin):
    falk = rows.provider(people, "Dr. Falk")
    data = {
        "email": "falk@hips.example",
        "valid_from": "2026-01-01",
        "group": "Hips",
        "specialty": "Orthopedics",
    }
    assert send(admin, falk, **data).status_code == 302
    falk.refresh_from_db()
    assert (falk.state, falk.email, falk.affiliations.get().group) == (
        "complete",
        "falk@hips.example",
        "Hips",
    )
    form = admin.get(page(falk)).context["adminform"].form
    assert form["group"].value() == "Hips"
    assert form["valid_from"].value() is None


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"group": "Hips", "specialty": "Orthopedics"}, "valid_from"),
        ({"group": "Hips", "valid_from": "2026-01-01"}, "specialty"),
        ({"valid_from": "May"}, "valid_from"),
        ({"email": "nowhere"}, "email"),
    ],
)
def test_what_is_missing_or_wrong_is_told_at_its_field_and_nothing_is_saved(
    people, admin, data, field
):
    falk = rows.provider(people, "Dr. Falk")
    response = send(admin, falk, **data)
    assert field in response.context["adminform"].form.errors
    falk.refresh_from_db()
    assert falk.state == RegisterState.NEW


def test_a_payer_has_options_one_a_line(people, admin):
    payer = rows.payer(people, "Northern")
    data = {
        "kind": "commercial",
        "valid_from": "2026-01-01",
        "options": "fracture_care: itemised\n\ng0168: no",
    }
    send(admin, payer, **data)
    assert payer.terms.get().options == {"fracture_care": "itemised", "g0168": "no"}
    text = admin.get(page(payer)).content.decode()
    assert "fracture_care: itemised\ng0168: no" in text
    assert "fracture_care: itemised<br>g0168: no" in text


@pytest.mark.parametrize("options", ["itemised", "Fracture: x", "a: 1\na: 2", "a:"])
def test_an_option_that_cannot_be_read_is_told_with_its_line(people, admin, options):
    payer = rows.payer(people, "Northern")
    data = {"kind": "commercial", "valid_from": "2026-01-01", "options": options}
    response = send(admin, payer, **data)
    assert "Line " in str(response.context["adminform"].form.errors["options"])


def test_a_save_of_an_older_page_is_refused_on_the_form(people, admin):
    payer = rows.payer(people, "Northern")
    for _ in range(2):
        response = send(admin, payer, kind="other", valid_from="2026-01-01")
    assert "changed meanwhile" in str(response.context["adminform"].form.errors)
    payer.refresh_from_db()
    assert payer.edition == 2


def test_rows_are_merged_after_asking_which_counts_and_why(people, admin):
    kept, merged = rows.payer(people, "Northern"), rows.payer(people, "Northern Health")
    asked = act(admin, "payer", "merge_rows", [kept, merged])
    assert "One row counts for the others" in asked.content.decode()
    assert not Payer.objects.filter(state=RegisterState.MERGED).exists()
    answer = {"survivor": kept.pk, "reason": "One company.", "confirm": "Merge"}
    done = act(admin, "payer", "merge_rows", [kept, merged], **answer)
    assert messages(done) == ["1 merged into Northern."]
    assert Payer.objects.get(name="Northern Health").survivor == kept
    assert AuditEvent.objects.get(event="register.merged").reason == "One company."
    assert "survivor__exact" in admin.get(page(kept)).content.decode()
    assert listed(admin, "payer", survivor__exact=kept.pk) == ["Northern Health"]


def test_whoever_merges_members_of_two_names_is_told_that_they_may_be_twins(people, admin):
    twins = [
        rows.patient(
            people, "M-1", insured_number=True, birth_date=date(2020, 1, 10), name_sum=name
        )
        for name in ("aaaa", "bbbb")
    ]
    asked = act(admin, "patient", "merge_rows", twins)
    assert "sent under different names" in asked.content.decode()


def test_without_a_reason_or_a_survivor_nothing_is_merged(people, admin):
    chosen = [rows.payer(people, "Northern"), rows.payer(people, "Northern Health")]
    response = act(admin, "payer", "merge_rows", chosen, confirm="Merge", reason=" ")
    assert set(response.context["form"].errors) == {"survivor", "reason"}


def test_one_row_alone_is_not_merged(people, admin):
    chosen = [rows.payer(people, "Northern")]
    assert messages(act(admin, "payer", "merge_rows", chosen)) == [
        "Choose the rows that are the same: from 2 to 20."
    ]


def test_a_merge_that_a_verb_refuses_is_told_on_the_list(people, admin):
    first, second, third = (rows.payer(people, name) for name in ("A", "B", "C"))
    confirmed = {"reason": "One.", "confirm": "Merge"}
    act(admin, "payer", "merge_rows", [first, second], survivor=first.pk, **confirmed)
    refused = act(admin, "payer", "merge_rows", [first, third], survivor=third.pk, **confirmed)
    assert "Merge the other way round" in messages(refused)[0]


def test_a_merged_row_is_read_only_and_taken_apart_with_a_reason(people, admin):
    kept, merged = rows.provider(people, "Dr. Falk"), rows.provider(people, "Dr. Weiss")
    confirmed = {"reason": "Married.", "confirm": "Merge"}
    act(admin, "provider", "merge_rows", [kept, merged], survivor=kept.pk, **confirmed)
    assert "seen_edition" not in admin.get(page(merged)).content.decode()
    assert send(admin, merged, email="x@y.example").status_code == 403
    assert "only" in messages(act(admin, "provider", "take_apart_rows", [kept]))[0]
    asked = act(admin, "provider", "take_apart_rows", [merged])
    assert "counts for itself again" in asked.content.decode()
    done = act(
        admin, "provider", "take_apart_rows", [merged], reason="Two people.", confirm="Take apart"
    )
    assert messages(done) == ["1 taken apart."]
    assert Provider.objects.get(name="Dr. Weiss").state == RegisterState.NEW


def test_patients_are_found_by_a_form_whose_answer_holds_no_identifier_in_its_address(
    people, admin
):
    found, other = rows.patient(people, factories.CANARY), rows.patient(people, "P-2")
    response = admin.post(
        reverse("admin:coding_patient_find"),
        {"identifiers": f"{factories.CANARY} P-9"},
        follow=True,
    )
    assert [str(row) for row in response.context["cl"].result_list] == [str(found)]
    assert factories.CANARY not in str(response.redirect_chain)
    assert factories.CANARY in response.content.decode()
    assert other.pk != found.pk


def test_an_identifier_that_nobody_has_is_told_and_an_empty_one_leads_to_the_list(people, admin):
    address = reverse("admin:coding_patient_find")
    assert messages(admin.post(address, {"identifiers": "P-9"}, follow=True))[0].startswith(
        "No patient has"
    )
    assert admin.post(address, {"identifiers": "\0 "}).url == listing("patient")
    assert admin.get(address).url == listing("patient")


def test_who_opens_a_patients_row_is_noted_and_the_log_of_the_administration_names_no_patient(
    people, admin
):
    patient = rows.patient(people, factories.CANARY)
    assert admin.get(page(patient)).status_code == 200
    event = AuditEvent.objects.get(event="patient.viewed")
    assert (event.actor, event.subject_id) == (people["administrator"], str(patient.pk))
    send(admin, patient, birth_date="2026-01-15", sex="F")
    history = admin.get(reverse("admin:coding_patient_history", args=[patient.pk])).content.decode()
    assert factories.CANARY not in history
    assert Patient.objects.get().state == RegisterState.COMPLETE


def test_who_saw_which_patients_in_a_list_or_by_looking_for_them_is_noted(people, admin):
    first, second = (rows.patient(people, reference) for reference in (factories.CANARY, "P-2"))
    listed(admin, "patient")
    admin.post(reverse("admin:coding_patient_find"), {"identifiers": "P-2"}, follow=True)
    listed(admin, "patient", state__exact="merged")
    listed(admin, "provider")
    noted = AuditEvent.objects.filter(event="patients.listed").order_by("sequence")
    assert [event.after for event in noted] == [
        {"rows": [second.pk, first.pk]},
        {"rows": [second.pk]},
    ]
    assert {event.actor for event in noted} == {people["administrator"]}
    assert factories.CANARY not in str([event.after for event in noted])


@pytest.mark.parametrize("model", sorted(MODELS))
def test_rows_are_counted_by_their_states_for_whoever_asks_and_not_at_each_opening(
    people, admin, model
):
    MODELS[model](people, "X")
    with CaptureQueriesContext(connection) as queries:
        page = admin.get(listing(model)).content.decode()
    counting = [
        query["sql"]
        for query in queries
        if "COUNT(" in query["sql"] and f"coding_{model}" in query["sql"]
    ]
    assert len(counting) == 1
    assert "_facets=True" in page
    assert "New (1)" in admin.get(listing(model), {"_facets": "True"}).content.decode()


def test_several_patients_are_complete_as_they_are(people, admin):
    chosen = [rows.patient(people, reference) for reference in ("P-1", "P-2")]
    assert messages(act(admin, "patient", "accept_rows", chosen)) == ["2 complete."]


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"administrator"}))
def test_nobody_but_an_administrator_looks_in(people, client, role):
    made = [make(people, "X") for make in MODELS.values()]
    client.force_login(people[role])
    for row in made:
        addresses = [listing(row._meta.model_name), page(row), reverse("admin:coding_patient_find")]
        assert all(client.get(address).status_code in (302, 403) for address in addresses)
        assert client.post(page(row), {"seen_edition": 1}).status_code in (302, 403)
    assert client.post(reverse("admin:coding_patient_find"), {"identifiers": "X"}).status_code in (
        302,
        403,
    )
    assert not AuditEvent.objects.filter(
        event__in=("patient.viewed", "register.completed")
    ).exists()


@pytest.mark.parametrize("model", sorted(MODELS))
def test_rows_are_neither_added_nor_deleted_by_hand(people, admin, model):
    row = MODELS[model](people, "X")
    assert admin.get(reverse(f"admin:coding_{model}_add")).status_code == 403
    assert (
        admin.post(
            reverse(f"admin:coding_{model}_delete", args=[row.pk]), {"post": "yes"}
        ).status_code
        == 403
    )
