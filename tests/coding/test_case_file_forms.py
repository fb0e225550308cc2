"""Forms that begin a rule set or take worked cases from a file: keys, files, and what a dry run sends back."""

import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from coding.exchange import FORMATS
from coding.exchange.json_file import CASES
from coding.forms.new_rule_set import (
    CasesFileForm,
    NewRuleSetForm,
    ShownCasesForm,
    ShownRuleSetForm,
    as_text,
)
from coding.forms.rule_file import LARGEST_FILE
from coding.models import RuleSetVersion, WorkedCase
from tests import small_rules

HEADER = "id,held,drug,expected_outcome,expected_code,expected_modifiers,origin"
NAMED = {"key": "finger", "name": "Finger", "family": "26770 26775"}


def sent(**written):
    return {"idempotency_key": uuid.uuid4(), **written}


def begun(content=None, **written):
    files = {"file": SimpleUploadedFile("small.json", content)} if content else {}
    form = NewRuleSetForm(sent(**written), files)
    form.is_valid()
    return form


def small_file():
    return FORMATS["json"].write(small_rules.table())


# A new rule set.


def test_without_a_file_it_begins_empty_under_its_name_and_codes(db):
    assert begun().errors["key"] == ["Write it, or choose a file that holds it."]
    form = begun(**NAMED)
    assert form.errors == {}
    table = form.content.table
    assert (table.key, table.name, table.family) == ("finger", "Finger", ("26770", "26775"))
    assert (table.facts, table.rules) == ((), ())


def test_what_is_written_goes_before_what_the_file_says(db):
    form = begun(small_file(), key="joint", name="A joint")
    assert form.errors == {}
    assert (form.content.table.key, form.content.table.name) == ("joint", "A joint")
    assert form.content.table.family == ("27256", "27257")


def test_a_key_of_other_characters_is_refused_wherever_it_stands(db):
    assert "key" in begun(**{**NAMED, "key": "a joint"}).errors
    content = FORMATS["json"].write(small_rules.table(key="a joint"))
    assert begun(content).errors == {
        "file": [
            "key: “a joint” holds more than letters, digits, - and _. Write another key above."
        ]
    }


def test_a_key_that_is_taken_is_refused_wherever_it_stands(db):
    small_rules.rule_set()
    assert begun(**{**NAMED, "key": "small"}).errors == {
        "key": ["There is a rule set “small” already. Choose another key."]
    }
    assert begun(small_file()).errors == {
        "file": ["key: there is a rule set “small” already. Write another key above."]
    }
    assert begun(small_file(), key="other").errors == {}


def test_cases_in_a_file_are_cases_of_its_rules(db):
    case = {
        "id": "C1",
        "answers": ["held: perhaps"],
        "outcome": "code",
        "code": "27256",
        "modifiers": [],
        "origin": "Audit",
    }
    document = {**json.loads(small_file()), CASES: [case]}
    content = json.dumps(document)

    [refusal] = begun(content.encode()).errors["file"]
    shown = ShownRuleSetForm(sent(document=content))
    assert "held" in refusal
    assert shown.errors == {"document": [refusal]}


def test_the_file_is_said_to_be_needless():
    assert NewRuleSetForm().fields["file"].help_text == (
        "JSON, XLSX, CSV or DMN, at most 5 MB. Without one the draft begins empty."
    )


def test_what_comes_back_from_a_dry_run_is_read_as_strictly_as_a_file():
    shown = ShownRuleSetForm(sent(document=small_file().decode()))
    assert shown.is_valid(), shown.errors
    assert shown.content.table.content_hash == small_rules.table().content_hash
    assert list(ShownRuleSetForm(sent(document="{}")).errors) == ["document"]


# Worked cases from a file.


def standing(people):
    """A draft, one that makes no table, and a published version."""
    published = small_rules.published(people)
    draft, broken = small_rules.draft(people), small_rules.draft(people)
    RuleSetVersion.objects.filter(pk=broken.pk).update(document=None)
    return draft, broken, published


@pytest.fixture
def draft(standing):
    return standing[0]


def cases_of(version, *lines):
    content = "\n".join([HEADER, *lines]).encode()
    return CasesFileForm(
        sent(version=version.pk), {"file": SimpleUploadedFile("cases.csv", content)}
    )


def test_cases_are_taken_for_drafts_that_make_a_table(standing, draft):
    assert list(CasesFileForm().fields["version"].queryset) == [draft]
    for version in standing[1:]:
        assert "version" in cases_of(version, "C1,yes,none,CODE,27256,LT,Audit").errors


def test_good_cases_are_read_and_of_the_others_it_is_told_what_is_wrong(draft):
    form = cases_of(draft, "C1,yes,none,CODE,27256,LT,Audit", "C2,maybe,none,CODE,27256,LT,Audit")
    assert form.is_valid(), form.errors
    assert [row.case_id for row in form.rows] == ["C1"]
    [problem] = form.problems
    assert "maybe" in problem


def test_a_file_as_spreadsheets_save_it_is_read_without_the_mark_at_its_beginning(draft):
    content = f"{HEADER}\nC1,yes,none,CODE,27256,LT,Audit".encode("utf-8-sig")
    file = SimpleUploadedFile("cases.csv", content)
    form = CasesFileForm(sent(version=draft.pk), {"file": file})
    assert form.is_valid(), form.errors
    assert [row.case_id for row in form.rows] == ["C1"]


def test_a_file_that_is_larger_than_any_rule_set_is_refused(draft):
    large = SimpleUploadedFile("cases.csv", b"x" * (LARGEST_FILE + 1))
    form = CasesFileForm(sent(version=draft.pk), {"file": large})
    assert form.non_field_errors() == ["The file is larger than 5 MB, which no rule set needs."]


def test_a_file_without_the_columns_is_refused_as_a_whole(draft):
    file = SimpleUploadedFile("cases.csv", b"a,b\n1,2\n")
    form = CasesFileForm(sent(version=draft.pk), {"file": file})
    assert list(form.errors) == ["__all__"]


def test_what_the_dry_run_showed_comes_back_as_it_was_read(draft):
    form = cases_of(draft, "C1,yes,none,CODE,27256,LT,Audit")
    assert form.is_valid()
    back = ShownCasesForm(sent(version=draft.pk, rows=as_text(form.rows)))
    assert back.is_valid(), back.errors
    [row] = back.cleaned_data["rows"]
    assert (row.case_id, row.code, row.origin) == ("C1", "27256", "Audit")
    assert isinstance(row, WorkedCase)


@pytest.mark.parametrize(
    "rows",
    ["", "{", "7", "[7]", '[["C1"]]', json.dumps([["", "", "code", "27256", "", "", ""]])],
)
def test_what_the_dry_run_did_not_show_is_not_taken(draft, rows):
    form = ShownCasesForm(sent(version=draft.pk, rows=rows))
    assert list(form.errors) == ["rows"]
    if rows:
        refusal = "This is not what the dry run showed. Choose the file again."
        assert form.errors["rows"] == [refusal]
