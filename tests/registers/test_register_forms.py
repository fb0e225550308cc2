"""What administrators write of rows of the registers, without a request: dated values, options, and stale pages."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from coding.actions.registers import CHANGED, Affiliation, Terms
from coding.forms.registers import (
    LONGEST_REASON,
    MergeForm,
    PatientForm,
    PayerForm,
    ProviderForm,
    TakeApartForm,
    option_lines,
)
from coding.models import Patient, Payer, PayerTerms, Provider, ProviderAffiliation
from tests.registers import rows

MAY = date(2026, 5, 1)


def standing(people):
    """One row of each kind; provider and payer have dated values since May."""
    provider, payer = rows.provider(people, "Dr. Falk"), rows.payer(people, "Northern")
    ProviderAffiliation.objects.create(
        provider=provider, valid_from=MAY, group="Hill Group", specialty="Orthopaedics"
    )
    PayerTerms.objects.create(
        payer=payer,
        valid_from=MAY,
        kind="commercial",
        options={"packages": "all", "bilateral": "50"},
    )
    return {
        Provider: provider,
        Payer: payer,
        Patient: rows.patient(people, "P-1"),
    }


@pytest.fixture
def row(standing):
    return lambda model: standing[model]


def written(form, instance, **data):
    return form({"seen_edition": instance.edition, **data}, instance=instance)


# Patients.


def test_a_patient_was_born_between_1900_and_today(row):
    patient = row(Patient)
    tomorrow = timezone.localdate() + timedelta(days=1)
    refusals = {
        "1899-12-31": "This day lies before 1900. Correct the year.",
        tomorrow.isoformat(): "This day has not come yet. Correct the date.",
    }
    for day, words in refusals.items():
        form = written(PatientForm, patient, birth_date=day, sex="F")
        assert form.errors == {"birth_date": [words]}
    for day in ("1900-01-01", timezone.localdate().isoformat(), ""):
        assert written(PatientForm, patient, birth_date=day, sex="F").is_valid()


def test_what_somebody_else_saved_since_is_not_overwritten(row):
    patient = row(Patient)
    form = PatientForm({"seen_edition": patient.edition - 1, "sex": "F"}, instance=patient)
    assert form.non_field_errors() == [CHANGED.format(patient)]
    assert PatientForm({"sex": "F"}, instance=patient).non_field_errors()
    assert PatientForm(instance=patient)["seen_edition"].value() == patient.edition


# Providers.


def test_the_newest_group_and_specialty_stand_in_the_form(row):
    form = ProviderForm(instance=row(Provider))
    assert (form["group"].value(), form["specialty"].value()) == ("Hill Group", "Orthopaedics")
    assert form["valid_from"].value() is None


def test_an_address_is_saved_without_a_day(row):
    unchanged = {"group": "Hill Group", "specialty": "Orthopaedics"}
    form = written(ProviderForm, row(Provider), email="falk@example.org", **unchanged)
    assert form.is_valid(), form.errors
    assert form.affiliation is None


def test_another_group_says_from_which_day_on(row):
    moved = {"group": "Lake Group", "specialty": "Orthopaedics"}
    assert written(ProviderForm, row(Provider), **moved).errors == {
        "valid_from": ["Say from which day on it holds."]
    }
    form = written(ProviderForm, row(Provider), valid_from="2026-06-01", **moved)
    assert form.is_valid(), form.errors
    assert form.affiliation == Affiliation(date(2026, 6, 1), "Lake Group", "Orthopaedics")


def test_group_and_specialty_come_together(row):
    refusal = ["Fill it in: group and specialty are asked for together."]
    dated = {"valid_from": "2026-06-01"}
    assert written(ProviderForm, row(Provider), specialty="Surgery", **dated).errors == {
        "group": refusal
    }
    assert written(ProviderForm, row(Provider), group="Lake Group", **dated).errors == {
        "specialty": refusal
    }


def test_a_day_that_cannot_be_meant_is_told_once(row):
    form = written(ProviderForm, row(Provider), group="Lake Group", valid_from="1026-06-01")
    assert form.errors["valid_from"] == ["1026-06-01 lies before 1900. Correct the year."]


# Payers.


def test_options_stand_one_a_line_by_name_whatever_the_database_makes_of_their_order(row):
    assert option_lines({"packages": "all", "bilateral": "50"}) == "bilateral: 50\npackages: all"
    form = PayerForm(instance=row(Payer))
    assert form["options"].value() == "bilateral: 50\npackages: all"
    assert form["kind"].value() == "commercial"


def test_what_is_sent_back_as_it_stood_changes_nothing(row):
    stood = {"kind": "commercial", "options": "bilateral: 50\npackages: all"}
    form = written(PayerForm, row(Payer), **stood)
    assert form.is_valid(), form.errors
    assert form.terms is None


def test_options_are_read_without_blanks_and_empty_lines(row):
    text = "\n  packages :  all of them \r\n\nfracture_care: itemised"
    form = written(PayerForm, row(Payer), kind="medicare", options=text, valid_from="2026-06-01")
    assert form.is_valid(), form.errors
    options = {"packages": "all of them", "fracture_care": "itemised"}
    assert form.terms == Terms(date(2026, 6, 1), "medicare", options)


@pytest.mark.parametrize("line", ["packages", "packages:", ": all", "Packages: all", "1st: all"])
def test_a_line_that_is_no_option_is_told_by_its_number(row, line):
    form = written(PayerForm, row(Payer), kind="other", options=f"a: b\n\n{line}")
    assert form.errors["options"] == ["Line 3: write name: value, the name in small letters."]


def test_an_option_stands_there_once(row):
    form = written(PayerForm, row(Payer), kind="other", options="a: b\na: c")
    assert form.errors["options"] == ["Line 2: a stands there twice. Keep one of them."]


# Merging and taking apart.


def test_one_of_the_rows_counts_and_a_reason_says_why(row):
    provider = row(Provider)
    chosen = Provider.objects.filter(pk=provider.pk)
    form = MergeForm({"survivor": provider.pk, "reason": "One person."}, rows=chosen)
    assert list(form.fields) == ["survivor", "reason"]
    assert form.is_valid(), form.errors
    assert form.cleaned_data["survivor"] == provider

    assert sorted(MergeForm({}, rows=chosen).errors) == ["reason", "survivor"]
    other = MergeForm({"survivor": provider.pk, "reason": "x"}, rows=Provider.objects.none())
    assert list(other.errors) == ["survivor"]


def test_a_reason_has_its_length():
    assert TakeApartForm({"reason": "x" * LONGEST_REASON}).is_valid()
    assert not TakeApartForm({"reason": "x" * (LONGEST_REASON + 1)}).is_valid()
    assert not TakeApartForm({"reason": "  "}).is_valid()
