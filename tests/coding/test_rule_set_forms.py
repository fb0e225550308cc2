"""The forms around a version: which versions are offered beside it, which codes, and which files are taken."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from coding.actions import rule_sets
from coding.decision import RuleTable
from coding.exchange import FORMATS
from coding.forms.rule_file import LARGEST_FILE
from coding.forms.rule_sets import CodesForm, OtherVersionForm, RuleFileForm
from coding.models import RuleSetVersion
from tests import factories

ANY_KEY = "7b0e8a34-0d0f-4a5e-9f0e-0d6c9d1a2b3c"


def hip_of_another_name(key):
    return RuleTable.from_document(
        {**factories.hip_table().to_document(), "key": key, "name": key.title()}
    )


def offered(version):
    """The numbers of the versions that may be compared with it, in the order of the list."""
    choices = OtherVersionForm(version=version).fields["other"].queryset
    return [(other.rule_set.key, other.number) for other in choices]


def errors_of(name, content):
    file = SimpleUploadedFile(name, content)
    form = RuleFileForm({"idempotency_key": ANY_KEY}, {"file": file}, base=factories.hip_table())
    form.is_valid()
    return form.errors.get("file", [])


# The version beside it.


def test_the_other_versions_of_the_rule_set_are_offered_newest_first(people, hip):
    draft = rule_sets.draft_from(people["rule author"], hip)
    third = factories.draft_hip(people)
    assert offered(hip) == [(factories.HIP, 3), (factories.HIP, 2)]
    assert offered(draft) == [(factories.HIP, third.number), (factories.HIP, hip.number)]


def test_versions_of_another_rule_set_are_not_offered_and_not_taken(people, hip):
    knee = factories.draft_hip(people, hip_of_another_name("knee"))
    rule_sets.draft_from(people["rule author"], knee)
    assert offered(hip) == []
    assert "other" in OtherVersionForm({"other": "2"}, version=hip).errors


def test_a_version_whose_rules_cannot_be_read_is_not_compared(people, hip):
    draft = rule_sets.draft_from(people["rule author"], hip)
    RuleSetVersion.objects.filter(pk=draft.pk).update(document=None)
    assert offered(hip) == []


def test_a_version_is_chosen_by_its_number(people, hip):
    draft = rule_sets.draft_from(people["rule author"], hip)
    form = OtherVersionForm({"other": str(draft.number)}, version=hip)
    assert form.is_valid()
    assert form.cleaned_data["other"] == draft


# Two codes.


@pytest.mark.parametrize(
    ("second", "is_valid"), [("27257", True), ("27256", False), ("99203", False), ("", False)]
)
def test_two_different_codes_of_the_family_are_set_beside_each_other(second, is_valid):
    form = CodesForm({"first": "27256", "second": second}, codes=["27256", "27257", "27258"])
    assert form.is_valid() is is_valid


# A file.


def test_a_file_of_the_rule_set_is_taken():
    assert errors_of("rules.json", FORMATS["json"].write(factories.hip_table())) == []


def test_a_file_of_another_rule_set_is_refused_with_both_names():
    content = FORMATS["json"].write(hip_of_another_name("knee"))
    assert errors_of("rules.json", content) == [
        f"The file holds the rule set “knee”, not “{factories.HIP}”."
    ]


def test_a_file_that_is_larger_than_any_rule_set_is_refused_before_it_is_read():
    assert errors_of("rules.txt", b"x" * (LARGEST_FILE + 1)) == [
        "The file is larger than 5 MB, which no rule set needs."
    ]


@pytest.mark.parametrize("name", ["rules", "rules.json.txt"])
def test_a_file_whose_name_tells_no_format_is_refused_with_those_that_are_known(name):
    assert errors_of(name, b"{}") == [f"“{name}” does not end in .json, .xlsx, .csv, .dmn."]
