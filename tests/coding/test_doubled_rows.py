"""An id that stands in a file twice with different content: a person chooses, and the file is not sent again."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coding.actions import doubled_rows, encounters, uploads
from coding.actions.errors import Conflict, NotAllowed
from coding.importing import dry_run
from coding.importing.counts import keep_counts
from coding.importing.doubled_rows import shown_ids
from coding.models import AuditEvent, Encounter, UploadRow
from tests import factories, incoming
from tests.incoming import checked, imported, row, states, work

FIRST, SECOND = row(payer="Northern"), row(payer="Southern")
STRANGER = row(patient_reference="P-7")


@pytest.fixture
def coder(people):
    return people["coder"]


def take_in(coder, upload):
    uploads.start_import(coder, upload)
    work()


def payers():
    return set(Encounter.objects.values_list("payer", flat=True))


@pytest.mark.parametrize("most", [1, 1000])
def test_neither_item_is_imported_until_somebody_chooses(people, coder, monkeypatch, most):
    monkeypatch.setattr(dry_run, "CHUNK_ITEMS", most)
    upload = checked(people, FIRST, row("V-2"), SECOND)
    assert states(upload) == ["doubled", "new", "doubled"]
    take_in(coder, upload)
    assert states(upload) == ["rejected", "imported", "rejected"]
    assert "nobody chose before the import" in incoming.problems(upload)[0]
    assert set(upload.rows.values_list("record", flat=True)) == {None}


@pytest.mark.parametrize(("keep", "payer"), [(1, "Northern"), (2, "Southern")])
def test_the_item_that_was_chosen_is_imported_and_the_other_rejected(people, coder, keep, payer):
    upload = checked(people, FIRST, SECOND)
    doubled_rows.choose(coder, upload, "V-1", keep)
    take_in(coder, upload)
    assert payers() == {payer}
    assert upload.rows.get(number=keep).state == "imported"
    other = upload.rows.exclude(number=keep).get()
    assert other.state == "rejected"
    assert (
        f"Another item with the same id was chosen, at line {keep + 1}"
        in other.errors[0]["problem"]
    )


@pytest.mark.parametrize("items", [(FIRST, SECOND, FIRST), (FIRST, FIRST, SECOND)])
def test_an_item_that_comes_again_is_chosen_and_rejected_with_the_one_that_it_repeats(
    people, coder, items
):
    upload = checked(people, *items)
    again = upload.rows.get(doubled=False)
    second = items.index(SECOND) + 1
    for keep, state in ((second, "rejected"), (1, "unchanged"), (None, "rejected")):
        doubled_rows.choose(coder, upload, "V-1", keep)
        again.refresh_from_db()
        assert again.state == state
    assert "None of the items" in again.errors[0]["problem"]


def test_without_a_choice_an_item_that_comes_again_is_rejected_too(people, coder):
    upload = checked(people, FIRST, SECOND, FIRST, row("V-2"), row("V-2"))
    take_in(coder, upload)
    assert states(upload) == ["rejected", "rejected", "rejected", "imported", "unchanged"]


def test_both_can_be_rejected(people, coder):
    upload = checked(people, FIRST, SECOND)
    doubled_rows.choose(coder, upload, "V-1", None)
    assert states(upload) == ["rejected", "rejected"]
    take_in(coder, upload)
    assert not Encounter.objects.exists()


def test_it_may_be_chosen_again_until_the_import_begins(people, coder):
    upload = checked(people, FIRST, SECOND)
    for keep in (1, None, 2):
        doubled_rows.choose(coder, upload, "V-1", keep)
    assert states(upload) == ["rejected", "new"]
    take_in(coder, upload)
    assert payers() == {"Southern"}
    with pytest.raises(Conflict, match="was started"):
        doubled_rows.choose(coder, upload, "V-1", 1)


def test_the_chosen_item_does_to_what_is_stored_what_it_would_do_alone(people, coder):
    imported(people, FIRST)
    upload = checked(people, FIRST, SECOND)
    doubled_rows.choose(coder, upload, "V-1", 1)
    assert states(upload) == ["unchanged", "rejected"]
    doubled_rows.choose(coder, upload, "V-1", 2)
    changed = upload.rows.get(number=2)
    assert (changed.state, changed.changes) == ("changed", ["payer"])
    take_in(coder, upload)
    assert payers() == {"Southern"}
    assert Encounter.objects.get().revision == 2


def test_the_chosen_item_keeps_the_note_that_came_after_the_check(people, coder):
    upload = checked(people, FIRST, SECOND)
    claim = upload.rows.get(number=2)
    claim.record["note"] = ""
    claim.save()
    imported(people, FIRST)
    doubled_rows.choose(coder, upload, "V-1", 2)
    assert upload.rows.get(number=2).changes == ["payer"]
    take_in(coder, upload)
    assert Encounter.objects.get().note == FIRST["note"]


def test_an_item_of_another_patient_than_came_after_the_check_is_not_chosen(people, coder):
    upload = checked(people, FIRST, SECOND)
    imported(people, STRANGER)
    with pytest.raises(Conflict, match="another patient's"):
        doubled_rows.choose(coder, upload, "V-1", 1)
    assert states(upload) == ["doubled", "doubled"]


def test_an_item_that_changed_nothing_is_not_chosen_once_the_encounter_was_changed(people, coder):
    imported(people, FIRST)
    upload = checked(people, FIRST, SECOND)
    imported(people, row(payer="Eastern"))
    with pytest.raises(Conflict, match="Upload the file again"):
        doubled_rows.choose(coder, upload, "V-1", 1)


def test_what_the_chosen_item_says_otherwise_than_the_register_is_told(people, coder):
    encounters.enter(
        coder, factories.record(external_id="V-0", patient_reference="P-1", sex="F"), source="his"
    )
    header, *rows = incoming.table(FIRST, SECOND).splitlines()
    upload = factories.upload(
        people, b"\n".join([header + b",sex", *(line + b",M" for line in rows)])
    )
    work()
    doubled_rows.choose(coder, upload, "V-1", 1)
    assert "Sex M differs" in upload.rows.get(number=1).remarks[0]["text"]


def test_the_trail_tells_who_chose_what_and_why(people, coder):
    upload = checked(people, FIRST, SECOND)
    doubled_rows.choose(coder, upload, "V-1", 2, "  The later one. ")
    event = AuditEvent.objects.get(event="upload.double_settled")
    assert (event.actor, event.after, event.reason) == (
        coder,
        {"chosen": "line 3", "rejected": 1},
        "The later one.",
    )


def test_one_of_two_patients_is_chosen_with_a_reason_only(people, coder):
    upload = checked(people, FIRST, STRANGER)
    assert states(upload) == ["rejected", "rejected"]
    with pytest.raises(ValidationError) as refused:
        doubled_rows.choose(coder, upload, "V-1", 1, " ")
    assert list(refused.value.message_dict) == ["reason"]
    doubled_rows.choose(coder, upload, "V-1", 1, "The registration desk says so.")
    assert states(upload) == ["new", "rejected"]


@pytest.mark.parametrize("most", [1, 1000])
def test_a_third_item_is_compared_with_those_that_were_rejected_for_their_patients(
    people, monkeypatch, most
):
    monkeypatch.setattr(dry_run, "CHUNK_ITEMS", most)
    upload = checked(people, FIRST, STRANGER, SECOND)
    assert states(upload) == ["rejected", "rejected", "doubled"]
    assert upload.rows.filter(doubled=True).count() == 3


def test_an_item_of_another_id_is_not_chosen(people, coder):
    upload = checked(people, FIRST, SECOND, row("V-2"))
    with pytest.raises(Conflict, match="not there to be chosen"):
        doubled_rows.choose(coder, upload, "V-1", 3)


def test_nothing_is_chosen_while_the_file_is_being_checked(people, coder):
    upload = checked(people, FIRST, SECOND)
    upload.check_job.state = "running"
    upload.check_job.save()
    with pytest.raises(Conflict, match="not checked to its end"):
        doubled_rows.choose(coder, upload, "V-1", 1)


@pytest.mark.parametrize("role", ["supervisor", "auditor"])
def test_only_who_uploads_chooses(people, role):
    upload = checked(people, FIRST, SECOND)
    with pytest.raises(NotAllowed):
        doubled_rows.choose(people[role], upload, "V-1", 1)


# The page.


@pytest.fixture
def page(coder, client):
    client.force_login(coder)
    return client


def address(upload):
    return reverse("doubled-rows", args=[upload.public_id])


def send(client, upload, keep, reason="", first=1):
    data = {"idempotency_key": uuid.uuid4(), "first": first, "keep": keep, "reason": reason}
    return client.post(address(upload), data)


def text_of(client, where):
    return " ".join(client.get(where).content.decode().split())


def test_the_items_stand_side_by_side_with_their_places_and_what_differs(people, page):
    upload = checked(people, FIRST, SECOND)
    assert address(upload) in text_of(page, upload.get_absolute_url())
    text = text_of(page, address(upload))
    for words in ("line 2", "line 3", "Northern", "Southern", "To be chosen"):
        assert words in text
    assert "Dr. Falk" not in text


def test_a_choice_is_sent_and_shown_and_can_be_changed(people, page):
    upload = checked(people, FIRST, SECOND)
    assert send(page, upload, "2").url == address(upload)
    text = text_of(page, address(upload))
    assert "V-1: the item at line 3 counts." in text
    assert ">Chosen<" in text
    send(page, upload, "none")
    assert states(upload) == ["rejected", "rejected"]


def test_without_the_reason_that_is_needed_the_form_comes_back_as_it_was_sent(people, page):
    upload = checked(people, FIRST, STRANGER)
    response = send(page, upload, "1")
    assert response.status_code == 422
    assert "Say how you know which one is right" in response.content.decode()
    assert states(upload) == ["rejected", "rejected"]


@pytest.mark.parametrize("first", ["", "x", "99", "9" * 400, "9" * 5000])
def test_a_form_about_no_item_leads_back(people, page, first):
    upload = checked(people, FIRST, SECOND)
    assert send(page, upload, "1", first=first).status_code == 302
    assert states(upload) == ["doubled", "doubled"]


def test_an_id_that_stands_there_very_often_is_shown_by_its_first_items(people, page):
    upload = checked(people, *(row(payer=f"Payer {number}") for number in range(9)))
    text = text_of(page, address(upload))
    assert "It stands there 5 more times." in text
    assert "Payer 8" not in text


def test_long_lists_have_a_second_page(people, page):
    rows = [
        row(f"V-{number:02}", payer=payer)
        for number in range(26)
        for payer in ("Northern", "Southern")
    ]
    upload = checked(people, *rows)
    listed = page.get(address(upload), {"page": "2"}).context["ids"]
    assert [doubled.external_id for doubled, _ in listed] == ["V-25"]
    assert UploadRow.objects.filter(state="doubled").count() == 52


def test_many_ids_take_as_many_queries_as_one(people, django_assert_num_queries):
    for number in (1, 9):
        ids = [f"{number}-{place}" for place in range(number)]
        upload = checked(
            people, *(row(key, payer=payer) for key in ids for payer in ("Northern", "Southern"))
        )
        with django_assert_num_queries(3):
            assert len(shown_ids(upload, ids)) == number


def test_without_doubles_the_page_says_so(people, page):
    assert "No id stands there twice" in text_of(page, address(checked(people, FIRST)))


@pytest.mark.parametrize("keep", [None, 1, 3])
def test_the_counts_of_the_list_are_right_after_each_choice_and_count_its_items_alone(
    people, coder, keep
):
    upload = checked(people, FIRST, FIRST, SECOND, row("V-2"), incoming.bad_row("V-3"))
    for choice in (1, keep):
        with CaptureQueriesContext(connection) as queries:
            doubled_rows.choose(coder, upload, "V-1", choice)
        counting = [
            query["sql"]
            for query in queries
            if "COUNT(" in query["sql"] and "uploadrow" in query["sql"]
        ]
        assert counting
        assert all("V-1" in sql for sql in counting)
        kept = incoming.now(upload).counts
        keep_counts(incoming.now(upload))
        assert kept == incoming.now(upload).counts
