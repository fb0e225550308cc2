"""The shipped data against the shared one."""

import csv

import pytest
from django.core.management import call_command

from coding.models import Code
from tests import factories
from tests.conftest import SHARED_DATA

# Told anew: traction before a reduction is no treatment of its own.
REWORDED = {("V05", "note_text")}


def shared_cases():
    for name in ("vignettes.csv", "vignettes_extra.csv"):
        with (SHARED_DATA.parent / "cases" / name).open(newline="", encoding="utf-8") as file:
            yield from csv.DictReader(file)


def test_the_shipped_cases_are_the_shared_ones_in_what_both_tell():
    shipped = {row["id"]: row for row in factories.case_rows()}
    for shared in shared_cases():
        row = shipped[shared["id"]]
        common = shared.keys() & row.keys()
        assert "expected_code" in common
        differing = {(shared["id"], column) for column in common if shared[column] != row[column]}
        assert differing <= REWORDED


def test_the_shared_cases_have_one_provider_for_treatment_and_follow_up():
    shared = {row["id"] for row in shared_cases()}
    assert {row["split"] for row in factories.case_rows() if row["id"] in shared} == {"full"}


def test_the_rules_have_the_order_and_outcomes_of_the_shared_decision_table():
    with (SHARED_DATA.parent / "cases" / "decision_table.csv").open(
        newline="", encoding="utf-8"
    ) as file:
        expected = [(row["rule"], row["outcome"], row["code"]) for row in csv.DictReader(file)]
    words = {
        "code": "CODE",
        "provider_query": "QUERY",
        "supervisor_review": "SUPERVISOR",
        "no_family_code": "NO_FAMILY_CODE",
    }
    assert [
        (rule.id, words[rule.outcome], rule.code) for rule in factories.hip_table().rules
    ] == expected


@pytest.mark.django_db(transaction=True)
def test_the_loaded_release_knows_the_shared_hip_diagnoses():
    call_command("load_icd10cm", verbosity=0)
    with (SHARED_DATA / "icd10cm_hip_subset_2026-04.csv").open(
        newline="", encoding="utf-8"
    ) as file:
        shared = {row["code"] for row in csv.DictReader(file)}
    loaded = set(Code.objects.filter(code__in=shared).values_list("code", flat=True))
    assert {code for code in shared if "-" not in code} - loaded == set()
