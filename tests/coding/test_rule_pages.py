"""A version's pages: is it sound, what does it change, how do two codes differ; and files out and in."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from coding.actions import rule_sets
from coding.exchange import FORMATS
from coding.models import RuleSetVersion
from coding.rules import rulebook
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(people, client):
    client.force_login(people["rule author"])
    return client


@pytest.fixture
def changed(people, hip):
    """A draft in which skin traction no longer makes 27256."""
    draft = rule_sets.draft_from(people["rule author"], hip)
    rule = draft.rules.get(rule_id="R32")
    rule.conditions = rule.conditions.replace("skin_traction, ", "")
    rule.save()
    other = draft.rules.get(rule_id="R34")
    other.conditions = other.conditions.replace(
        "skeletal_traction", "skeletal_traction, skin_traction"
    )
    other.save()
    assert rule_sets.save(people["rule author"], draft) == ""
    return draft


def page(client, name: str, version: RuleSetVersion, *more: str, **query: str) -> str:
    response = client.get(reverse(name, args=[version.rule_set.key, version.number, *more]), query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_check_says_that_the_hip_rules_have_no_defect_and_lists_what_is_idle(author, hip):
    text = page(author, "check-version", hip)
    assert "No defects: every case has exactly one outcome" in text
    assert "Tenotomy: no rule asks for it." in text


def test_the_check_of_a_draft_with_a_gap_shows_a_case_that_no_rule_covers(author, people, hip):
    draft = rule_sets.draft_from(people["rule author"], hip)
    draft.rules.filter(rule_id="R36").delete()
    rule_sets.save(people["rule author"], draft)
    text = page(author, "check-version", RuleSetVersion.objects.get(pk=draft.pk))
    assert "1 defect: the version cannot be published." in text
    assert "No rule covers this case." in text


def test_the_comparison_names_the_edits_and_the_cases_that_they_code_otherwise(
    author, hip, changed
):
    text = page(
        author, "compare-versions", RuleSetVersion.objects.get(pk=changed.pk), other=str(hip.number)
    )
    assert "Outcomes that change from version 1 to 2: 1" in text
    assert "Holding method: Skin traction" in text
    assert "R32: changed" in text


def test_a_copy_is_proven_to_mean_the_same(author, people, hip):
    copy = rule_sets.draft_from(people["rule author"], hip)
    text = page(author, "compare-versions", copy, other=str(hip.number))
    assert "It is proven that both versions code every case alike." in text


def test_the_contrast_of_two_codes_says_what_one_difference_alone_gives(author, hip):
    text = page(author, "contrast-codes", hip, first="27256", second="27257")
    assert "27256 and 27257 differ in Manipulation and Anesthesia" in text
    assert "supervisor review (R35): Manipulation without anesthesia fits neither" in text


def test_a_code_is_not_contrasted_with_itself(author, hip):
    assert "Choose two different codes." in page(
        author, "contrast-codes", hip, first="27256", second="27256"
    )


def look(author, version, name, content):
    """What the page shows of a file before anything is kept."""
    address = reverse("import-rules", args=[version.rule_set.key, version.number])
    return author.post(address, {"file": SimpleUploadedFile(name, content)})


@pytest.mark.parametrize("name", FORMATS)
def test_an_exported_version_comes_back_as_a_draft_with_the_same_content(author, hip, name):
    exported = author.get(reverse("export-version", args=[hip.rule_set.key, hip.number, name]))
    assert (
        exported.headers["Content-Disposition"]
        == f'attachment; filename="hip-dislocation-version-1.{name}"'
    )
    shown = look(author, hip, f"rules.{name.upper()}", exported.content)
    assert RuleSetVersion.objects.count() == 1
    for _ in range(2):
        response = author.post(shown.request["PATH_INFO"], shown.context["confirm"].initial)
    draft = RuleSetVersion.objects.get(number=2)
    assert response.headers["Location"] == draft.get_absolute_url()
    assert draft.document == hip.document
    assert rulebook.table_from_rows(draft).content_hash == factories.hip_table().content_hash
    assert RuleSetVersion.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("rules.txt", b"x", "does not end in .json, .xlsx, .csv, .dmn."),
        ("rules.json", b"{", "this is no JSON"),
        ("rules.csv", b"a,b\n1,2\n", "the header must begin with rule, title"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_and_nothing_is_drafted(
    author, hip, name, content, problem
):
    response = look(author, hip, name, content)
    assert response.status_code == 422
    assert problem in response.content.decode()
    assert RuleSetVersion.objects.count() == 1


def test_a_text_that_is_too_long_to_be_kept_is_refused_by_its_place(author, hip):
    document = factories.hip_table().to_document()
    document["rules"][0]["id"] = "R" * 30
    content = FORMATS["json"].write(type(factories.hip_table()).from_document(document))
    shown = look(author, hip, "rules.json", content)
    response = author.post(shown.request["PATH_INFO"], shown.context["confirm"].initial)
    assert "at most 20 characters" in response.content.decode()
    assert RuleSetVersion.objects.count() == 1


def test_a_question_that_is_to_be_asked_first_keeps_that_in_its_draft(people, hip):
    draft = rule_sets.draft_from(people["rule author"], hip)
    draft.facts.filter(key="etiology").update(asked_first=True)
    assert rule_sets.save(people["rule author"], draft) == ""
    table = rulebook.table_of(RuleSetVersion.objects.get(pk=draft.pk).document)
    assert [fact.key for fact in table.facts if fact.asked_first] == ["etiology"]
