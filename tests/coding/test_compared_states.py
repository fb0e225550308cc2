"""The history of a draft, two states of a rule set side by side, and the page that takes worked cases from a file."""

import uuid

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict

from coding.actions import rule_sets
from coding.admin.worked_cases import WorkedCaseForm
from coding.forms.compared import ComparedForm
from coding.models import Rule, RuleSetVersion, WorkedCase
from tests import small_rules
from tests.straight import admin_of, asked, sent

HEADER = "id,held,drug,expected_outcome,expected_code,expected_modifiers,origin"


def standing(people):
    """A draft with two editions, beside the version in force and another rule set."""
    published = small_rules.published(people)
    small_rules.draft(people, small_rules.another())
    draft = small_rules.draft(people)
    Rule.objects.filter(version=draft, rule_id="R1").update(title="Held, and awake")
    rule_sets.save(people["rule author"], draft, "Title of rule R1")
    return draft, published


@pytest.fixture
def draft(standing):
    return small_rules.now(standing[0])


@pytest.fixture
def published(standing):
    return standing[1]


@pytest.fixture
def author(people, standing):
    return people["rule author"]


def versions():
    return admin_of(RuleSetVersion)


# The history.


def test_what_was_saved_stands_newest_first_with_its_author(people, author, draft):
    page = versions().editions(asked(author), draft.pk).context_data
    assert page["title"] == f"Editions of {draft}"
    newest, first = list(page["editions"])
    assert (newest.number, newest.author, newest.what) == (2, author, "Title of rule R1")
    assert first.number == 1
    assert page["may_edit"] is True

    read = versions().editions(asked(people["rule approver"]), draft.pk).context_data
    assert read["may_edit"] is False


# What is compared.


def names(form):
    return {group: [label for _, label in rows] for group, rows in form.fields["before"].choices}


def test_versions_of_the_rule_set_and_editions_of_the_draft_are_offered(draft, published):
    form = ComparedForm(version=draft)
    offered = names(form)
    assert offered["Versions"] == [f"{draft} (draft)", f"{published} (published)"]
    who = draft.author.name
    assert offered["Editions of this draft"][0] == f"edition 2, {who}: Title of rule R1"
    assert form["before"].value() == f"version-{published.pk}"
    assert form["after"].value() == f"version-{draft.pk}"


def test_a_version_alone_is_offered_against_itself(people):
    alone = small_rules.draft(people)
    form = ComparedForm(version=alone)
    assert form["before"].value() == form["after"].value() == f"version-{alone.pk}"


def compared(author, draft, before, after):
    request = asked(author, before=before, after=after)
    return versions().compare(request, draft.pk).context_data


def test_two_versions_differ_by_rows_and_by_meaning(author, draft, published):
    page = compared(author, draft, f"version-{published.pk}", f"version-{draft.pk}")
    assert (page["before"], page["after"]) == (published, draft)
    assert page["title"] == f"Compare {draft}"
    assert page["revisions"]
    assert page["left_out"] is False
    assert "change" in page
    assert "undecided" not in page


def test_two_editions_of_a_draft_are_compared_too(author, draft):
    first = draft.editions.get(number=1)
    page = compared(author, draft, f"edition-{first.pk}", f"version-{draft.pk}")
    assert page["before"] == first
    assert page["revisions"]
    same = compared(author, draft, f"version-{draft.pk}", f"version-{draft.pk}")
    assert not same["revisions"]


def test_a_state_that_cannot_be_read_is_compared_by_rows_as_far_as_it_can(author, draft, published):
    Rule.objects.filter(version=draft, rule_id="R1").update(conditions="nobody: yes")
    rule_sets.save(author, draft, "conditions")
    page = compared(author, draft, f"version-{published.pk}", f"version-{draft.pk}")
    assert page["left_out"] is True
    assert page["revisions"]


def test_a_state_of_another_rule_set_is_not_offered_and_not_compared(author, draft):
    other = RuleSetVersion.objects.get(rule_set__key="other")
    page = compared(author, draft, f"version-{other.pk}", f"version-{draft.pk}")
    assert list(page["form"].errors) == ["before"]
    assert "revisions" not in page


def test_a_page_that_was_asked_nothing_compares_nothing(author, draft):
    page = versions().compare(asked(author), draft.pk).context_data
    assert not page["form"].is_bound
    assert "revisions" not in page


# Worked cases.


def case_form(version, **values):
    usual = {"case_id": "C1", "answers": "held: yes", "outcome": "code", "code": "27256"}
    data = QueryDict(mutable=True)
    data.update({"version": version.pk, **usual, **values})
    return WorkedCaseForm(data)


def test_each_answer_of_a_case_is_one_of_its_questions(draft):
    assert case_form(draft, answers="held: yes\ndrug: none").is_valid()
    assert list(case_form(draft, answers="held: perhaps").errors) == ["answers"]
    assert list(case_form(draft, answers="colour: red").errors) == ["answers"]
    RuleSetVersion.objects.filter(pk=draft.pk).update(document=None)
    assert case_form(draft, answers="colour: red").is_valid()


def test_each_expected_line_of_a_case_is_a_line(draft):
    assert case_form(draft, further_lines="12345 x 2").is_valid()
    assert list(case_form(draft, further_lines="123").errors) == ["further_lines"]


def file_page(author, draft, *lines):
    file = SimpleUploadedFile("cases.csv", "\n".join([HEADER, *lines]).encode())
    request = sent(author, idempotency_key=uuid.uuid4(), version=draft.pk, file=file)
    return admin_of(WorkedCase).from_file(request).context_data


def test_a_file_is_shown_first_with_how_its_cases_fare_and_which_are_there_already(author, draft):
    WorkedCase.objects.create(
        version=draft, case_id="C1", answers="held: yes", outcome="supervisor_review"
    )
    page = file_page(
        author, draft, "C1,yes,none,CODE,27256,LT,", "C2,yes,sleep,CODE,27256,LT,", "C3,x,,CODE,,,"
    )
    assert page["title"] == "Worked cases from a file"
    assert page["version"] == draft
    assert [result.passes for result in page["results"]] == [True, False]
    assert len(page["problems"]) == 1
    assert page["there"] == {"C1"}

    shown = page["confirm"].initial
    assert shown["version"] == draft.pk
    assert '"C2"' in shown["rows"]
    assert WorkedCase.objects.filter(version=draft).count() == 1


def test_a_file_that_cannot_be_read_and_a_page_without_one_show_no_cases(people, author, draft):
    assert "results" not in file_page(author, draft, "C1", '"')
    opened = admin_of(WorkedCase).from_file(asked(author, version=draft.pk)).context_data
    assert "results" not in opened
    assert opened["form"]["version"].value() == str(draft.pk)
    with pytest.raises(PermissionDenied):
        admin_of(WorkedCase).from_file(asked(people["rule approver"]))
