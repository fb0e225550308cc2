"""``load_icd10cm``: the installed package's release is loaded once and whole, and valid from its day on."""

import io
import sys
from datetime import date
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from coding.management.commands import load_icd10cm
from coding.models import Code, CodeExclusion, CodeSet, CodeSetRelease
from coding.trail import guards

APRIL = date(2026, 4, 1)
# What the package calls codes: chapters and blocks, categories, and codes that may be reported.
CODES = {
    "17": ("chapter", "Congenital conditions"),
    "Q65": ("category", "Congenital deformities of hip"),
    "Q65.0": ("category", "Dislocation, one side"),
    "Q65.01": ("leaf", "Dislocation, right"),
    "Q65.02": ("leaf", "x" * 400),
}
# What is not coded beside it: a code, the beginning of several, and a range, which is too wide to tell.
NOTES = {"Q65": ["clicking hip (R29.4)", "injury of hip (S73.0-)", "other deformities (Q70-Q79)"]}


@pytest.fixture
def package(monkeypatch):
    """The package with a handful of codes in place of its many."""
    stand_in = SimpleNamespace(
        get_all_codes=lambda with_dots: [*CODES, "Q65"],
        is_category_or_subcategory=lambda code: CODES[code][0] != "chapter",
        get_description=lambda code: CODES[code][1],
        is_leaf=lambda code: CODES[code][0] == "leaf",
        get_excludes1=lambda code: NOTES.get(code, []),
    )
    monkeypatch.setitem(sys.modules, "simple_icd_10_cm", stand_in)
    return stand_in


def load():
    out = io.StringIO()
    call_command("load_icd10cm", stdout=out)
    return out.getvalue()


def test_categories_and_codes_are_loaded_each_once_and_chapters_are_not(db, package):
    assert load() == "ICD-10-CM April 2026 is loaded: 4 codes.\n"
    reportable = dict(Code.objects.values_list("code", "reportable"))
    assert reportable == {"Q65": False, "Q65.0": False, "Q65.01": True, "Q65.02": True}
    assert Code.objects.get(code="Q65.01").description == "Dislocation, right"
    assert len(Code.objects.get(code="Q65.02").description) == 300


def test_the_release_says_where_it_comes_from(db, package):
    load()
    release = CodeSetRelease.objects.get()
    assert (str(release), release.valid_from) == ("ICD-10-CM April 2026", APRIL)
    assert release.source == "simple-icd-10-cm 1.5.0"


def test_a_second_run_changes_nothing_and_says_so(db, package):
    load()
    before = list(Code.objects.order_by("pk").values())
    assert load() == "ICD-10-CM April 2026 is loaded already.\n"
    assert list(Code.objects.order_by("pk").values()) == before
    assert CodeSetRelease.objects.count() == 1


def excluded():
    return set(CodeExclusion.objects.values_list("code", "excluded"))


def test_what_the_notes_of_a_code_exclude_is_kept(db, package):
    load()
    assert excluded() == {("Q65", "R29.4"), ("Q65", "S73.0")}


def test_a_release_that_was_loaded_without_is_completed(db, package):
    load()
    guards.lift(connection)
    CodeExclusion.objects.all().delete()
    assert load() == "ICD-10-CM April 2026 is completed by what its notes exclude.\n"
    assert excluded() == {("Q65", "R29.4"), ("Q65", "S73.0")}
    assert Code.objects.count() == 4


def test_a_package_that_breaks_in_the_middle_leaves_nothing_behind(db, package):
    package.get_description = {"Q65": "Congenital deformities of hip"}.__getitem__
    with pytest.raises(KeyError):
        load()
    assert not CodeSetRelease.objects.exists()
    assert not Code.objects.exists()


def test_the_installed_package_is_one_whose_release_is_known():
    assert load_icd10cm.version(load_icd10cm.PACKAGE) in load_icd10cm.RELEASES


def test_another_version_of_the_package_is_refused_by_its_number(db, package, monkeypatch):
    monkeypatch.setattr(load_icd10cm, "version", lambda _: "9.9.9")
    words = r"simple-icd-10-cm 9\.9\.9 holds a release that is not known here\. Install 1\.5\.0\."
    with pytest.raises(CommandError, match=words):
        load()
    assert not CodeSetRelease.objects.exists()


def test_the_release_is_in_force_from_its_day_on_and_gives_way_to_the_next(db, package):
    load()
    autumn = CodeSetRelease.objects.create(
        code_set=CodeSet.ICD10CM,
        release="October 2026",
        valid_from=date(2026, 10, 1),
        source="test",
    )
    in_force = CodeSetRelease.objects.in_force
    assert list(in_force(CodeSet.ICD10CM, date(2026, 3, 31))) == []
    assert [release.valid_from for release in in_force(CodeSet.ICD10CM, date(2026, 9, 30))] == [
        APRIL
    ]
    assert in_force(CodeSet.ICD10CM, date(2026, 10, 1)).first() == autumn


def test_a_code_set_has_one_release_of_a_day_and_a_release_each_code_once(db, package):
    load()
    release = CodeSetRelease.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        CodeSetRelease.objects.create(
            code_set=CodeSet.ICD10CM, release="Again", valid_from=APRIL, source="test"
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Code.objects.create(release=release, code="Q65", description="Again", reportable=False)
