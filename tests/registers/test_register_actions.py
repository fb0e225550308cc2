"""What is done with chosen rows of a register: how many may be chosen, what is asked, and what is said of it."""

import pytest

from coding.admin.registers import MOST_AT_ONCE, MOST_FOUND, UNDER_SEVERAL_NAMES
from coding.models import Patient, Payer, Provider, RegisterState
from tests.registers import rows
from tests.straight import admin_of, asked, sent, told

PROVIDERS, PATIENTS = admin_of(Provider), admin_of(Patient)


def standing(people):
    """Two providers and two patients."""
    for name in ("Dr. Falk", "Dr. Weiss"):
        rows.provider(people, name)
    for reference in ("P-1", "P-2"):
        rows.patient(people, reference)


@pytest.fixture
def administrator(people, standing):
    return people["administrator"]


def many(model, number):
    """So many rows, which no file needs to have named."""
    last = "name" if model is Provider else "identifier"
    new = [model(**{last: f"N{n}"}, **_key(model, n)) for n in range(number)]
    model.objects.bulk_create(new)
    return model.objects.filter(**{f"{last}__startswith": "N"})


def _key(model, number):
    return {"key": f"n{number}"} if model is Provider else {"source": "his"}


# Merging.


def test_rows_to_merge_are_two_at_least_and_no_more_than_are_looked_at_on_a_page(administrator):
    refusal = ["Choose the rows that are the same: from 2 to 20."]
    for chosen in (Provider.objects.all()[:1], many(Provider, MOST_AT_ONCE + 1)):
        request = sent(administrator)
        keys = [row.pk for row in chosen]
        assert PROVIDERS.merge_rows(request, Provider.objects.filter(pk__in=keys)) is None
        assert told(request) == refusal


def test_as_many_as_may_be_are_merged_after_the_page_that_asks(administrator):
    chosen = many(Provider, MOST_AT_ONCE)
    page = PROVIDERS.merge_rows(sent(administrator), chosen).context_data
    assert page["title"] == "One row counts for the others"
    assert (page["action"], page["verb"], page["lead"]) == ("merge_rows", "Merge", "")
    assert len(page["rows"]) == MOST_AT_ONCE
    first = chosen.order_by("pk")[0]
    assert page["rows"][0] == (first.pk, "N0 (new)")
    assert not page["form"].is_bound

    request = sent(administrator, confirm="1", survivor=first.pk, reason="One group.")
    assert PROVIDERS.merge_rows(request, chosen) is None
    assert told(request) == ["19 merged into N0."]


def test_a_page_that_lacks_something_comes_again(administrator):
    request = sent(administrator, confirm="1", reason="One person.")
    page = PROVIDERS.merge_rows(request, Provider.objects.all()).context_data
    assert list(page["form"].errors) == ["survivor"]
    assert told(request) == []


def test_what_the_verb_refuses_is_said_and_nothing_is_said_to_be_done(people, administrator):
    survivor = Provider.objects.first()
    request = sent(people["coder"], confirm="1", survivor=survivor.pk, reason="One person.")
    PROVIDERS.merge_rows(request, Provider.objects.all())
    [refusal] = told(request)
    assert "merged into" not in refusal
    assert not Provider.objects.filter(state=RegisterState.MERGED).exists()


def test_only_names_that_differ_raise_a_doubt(administrator):
    patients = Patient.objects.filter(identifier__startswith="P-")
    assert PATIENTS.doubt(patients) == ""
    first, second = patients
    Patient.objects.filter(pk=first.pk).update(name_sum="AAAA")
    assert PATIENTS.doubt(patients.all()) == ""
    Patient.objects.filter(pk=second.pk).update(name_sum="BBBB")
    assert PATIENTS.doubt(patients.all()) == UNDER_SEVERAL_NAMES
    assert PROVIDERS.doubt(Provider.objects.all()) == ""


def test_a_patient_is_told_apart_by_number_authority_birth_and_sex():
    patient = Patient(identifier="P-1", source="his", sex="F")
    assert PATIENTS.in_words(patient) == ("P-1, his (sending system), birth date not known, female")
    of_a_payer = Patient(identifier="7", authority="NORTH", birth_date="2026-01-15", member="x")
    assert PATIENTS.in_words(of_a_payer) == "7, NORTH, 2026-01-15, unknown, as sent x"


# Taking apart.


def test_only_merged_rows_are_taken_apart_and_no_more_than_a_page_shows(administrator):
    refusal = ["Choose merged rows only, at most 20; the filter finds them."]
    request = sent(administrator)
    assert PROVIDERS.take_apart_rows(request, Provider.objects.all()) is None
    assert told(request) == refusal

    survivor = Provider.objects.first()
    chosen = many(Provider, MOST_AT_ONCE + 1)
    chosen.update(state=RegisterState.MERGED, survivor=survivor)
    request = sent(administrator)
    assert PROVIDERS.take_apart_rows(request, chosen.all()) is None
    assert told(request) == refusal


def test_whoever_takes_rows_apart_says_why(administrator):
    survivor, other = Provider.objects.order_by("pk")
    Provider.objects.filter(pk=other.pk).update(state=RegisterState.MERGED, survivor=survivor)
    chosen = Provider.objects.filter(pk=other.pk)

    page = PROVIDERS.take_apart_rows(sent(administrator), chosen).context_data
    assert page["title"] == "Each row counts for itself again"
    assert (page["action"], page["verb"]) == ("take_apart_rows", "Take apart")

    request = sent(administrator, confirm="1", reason="Two persons.")
    assert PROVIDERS.take_apart_rows(request, chosen.all()) is None
    assert told(request) == ["1 taken apart."]
    assert not Provider.objects.filter(state=RegisterState.MERGED).exists()


# Patients that are complete as they are.


def test_each_patient_that_is_accepted_is_looked_at(administrator):
    request = sent(administrator)
    PATIENTS.accept_rows(request, many(Patient, MOST_FOUND + 1))
    assert told(request) == ["Choose at most 50: each is to be looked at."]

    request = sent(administrator)
    PATIENTS.accept_rows(request, Patient.objects.filter(identifier__startswith="N")[:MOST_FOUND])
    assert told(request) == ["50 complete."]
    assert Patient.objects.filter(state=RegisterState.COMPLETE).count() == MOST_FOUND


# What the page of a row shows.


def test_a_merged_row_shows_what_files_sent_and_asks_nothing(administrator):
    request = asked(administrator)
    row = Provider.objects.first()
    as_sent = PROVIDERS.get_readonly_fields(request, row)
    assert as_sent == ["name", "state", "survivor", "merged_here", "first_seen_at"]
    asked_for = set(PROVIDERS.get_fields(request, row)) - set(as_sent)
    assert asked_for == {"email", "seen_edition", "valid_from", "group", "specialty"}
    assert PROVIDERS.has_change_permission(request, row)

    row.state = RegisterState.MERGED
    assert PROVIDERS.get_fields(request, row) == as_sent
    assert not PROVIDERS.has_change_permission(request, row)
    assert PROVIDERS.has_change_permission(request)


def test_a_row_says_for_how_many_it_counts_and_leads_to_them(administrator):
    survivor, other = Provider.objects.order_by("pk")
    assert PROVIDERS.merged_here(survivor) == "none"
    Provider.objects.filter(pk=other.pk).update(state=RegisterState.MERGED, survivor=survivor)
    assert PROVIDERS.merged_here(survivor) == (
        f'<a href="/admin/coding/provider/?survivor__exact={survivor.pk}">1</a>'
    )


def test_dated_rows_are_read_below_and_written_above(administrator):
    request = asked(administrator)
    for model in (Provider, Payer):
        [below] = admin_of(model).get_inline_instances(request)
        assert below.has_view_permission(request)
        assert not below.has_add_permission(request)
        assert not below.has_change_permission(request)
        assert not below.can_delete
