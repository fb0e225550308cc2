"""Worked cases in the browser: one by a form, many from a CSV file after a dry run, and how all of them fare."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from coding.models import WorkedCase
from coding.rules import case_rows
from tests import factories, small_rules

ADD, FILE = "admin:coding_workedcase_add", "admin:coding_workedcase_file"
HEADER = "id,note_text,held,drug,expected_outcome,expected_code,expected_modifiers,origin"
GOOD = "V1,A secret note.,yes,none,CODE,27256,LT,Page 1"
WRONG = "V2,,yes,sleep,CODE,27256,LT,"
BAD = "V3,,perhaps,none,CODE,27256,LT,"


def standing(people):
    return small_rules.draft(people)


@pytest.fixture
def draft(standing):
    return standing


@pytest.fixture
def author(people, client):
    client.force_login(people["rule author"])
    return client


def send(client, version, *lines, header=HEADER):
    content = "\n".join([header, *lines]).encode()
    form = {
        "idempotency_key": uuid.uuid4(),
        "version": version.pk,
        "file": SimpleUploadedFile("cases.csv", content),
    }
    return client.post(reverse(FILE), form)


def confirm(client, shown):
    return client.post(
        reverse(FILE), shown.context["confirm"].initial | {"idempotency_key": uuid.uuid4()}
    )


def add(client, version, **changes):
    form = {
        "version": version.pk,
        "case_id": "V1",
        "answers": "held: yes\ndrug: none",
        "outcome": "code",
    }
    return client.post(
        reverse(ADD), {**form, "code": "27256", "modifiers": "LT", **changes}, follow=True
    )


def said(response):
    return " ".join(str(message) for message in response.context["messages"])


def test_a_case_that_is_added_is_run_at_once(author, draft):
    assert "Case V1 passes." in said(add(author, draft))
    assert "Case V2 fails: it expects 27257. It comes out as 27256-LT." in said(
        add(author, draft, case_id="V2", code="27257", modifiers="")
    )
    assert list(draft.worked_cases.values_list("case_id", "position")) == [("V1", 1), ("V2", 2)]
    assert small_rules.now(draft).edition == draft.edition + 2


def test_an_answer_that_the_rule_set_does_not_know_is_refused_at_its_field(author, draft):
    response = add(author, draft, answers="colour: red")
    assert "There is no fact “colour”." in response.context["adminform"].form.errors["answers"][0]
    assert not WorkedCase.objects.exists()


def test_a_file_is_shown_first_with_how_each_case_fares_and_what_is_left_out(author, draft):
    shown = send(author, draft, GOOD, WRONG, BAD)
    assert "Passes." in shown.text
    assert "It comes out as 27257-LT." in shown.text
    assert "V3: held: “perhaps” is not an answer to it" in shown.text
    assert not WorkedCase.objects.exists()


def test_what_was_shown_is_taken_and_no_text_of_a_note(author, draft):
    shown = send(author, draft, GOOD, WRONG, BAD)
    assert "secret" not in shown.text
    response = confirm(author, shown)
    assert response.url == reverse("worked-cases", args=[small_rules.KEY, draft.number])
    assert list(draft.worked_cases.values_list("case_id", "origin")) == [
        ("V1", "Page 1"),
        ("V2", ""),
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [("a,b", "The first line lacks the column id."), ("id", "lacks the column expected_outcome")],
)
def test_a_file_that_holds_no_cases_is_refused(author, draft, content, problem):
    assert problem in send(author, draft, header=content).text


def test_what_was_not_shown_is_not_taken(author, draft):
    form = {"idempotency_key": uuid.uuid4(), "version": draft.pk, "rows": '[["V1"]]'}
    assert "This is not what the dry run showed" in author.post(reverse(FILE), form).text
    assert not WorkedCase.objects.exists()


def test_the_page_shows_failing_cases_first_and_how_they_were_decided(author, draft):
    confirm(author, send(author, draft, GOOD, WRONG))
    page = author.get(reverse("worked-cases", args=[small_rules.KEY, draft.number]))
    assert [result.row.case_id for result in page.context["page"]] == ["V2", "V1"]
    assert "1 of 2 fails" in page.text
    assert "R2 decides" in page.text


def test_a_published_version_keeps_its_cases_and_its_list_offers_no_change(people, author, draft):
    add(author, draft)
    published = factories.publish(people, draft, small_rules.NEW_YEAR)
    case = published.worked_cases.get()
    page = author.get(reverse("admin:coding_workedcase_change", args=[case.pk]))
    assert not page.context["has_change_permission"]
    assert add(author, published, case_id="V9").context["adminform"].form.errors["version"]


def test_who_edits_no_rules_opens_no_page_of_files(people, client, draft):
    client.force_login(people["rule approver"])
    assert client.get(reverse(FILE)).status_code == 403
    assert (
        client.get(reverse("worked-cases", args=[small_rules.KEY, draft.number])).status_code == 200
    )


def test_cases_that_are_exported_come_back_as_they_are(people, author, draft):
    send_and_take(author, draft, GOOD, 'V2,,,unknown,SUPERVISOR,,,"=Page 2"')
    draft.worked_cases.filter(case_id="V1").update(further_lines="none")
    exported = author.get(reverse("export-version", args=["small", draft.number, "cases"]))
    assert (
        exported.headers["Content-Disposition"]
        == f'attachment; filename="small-version-{draft.number}-cases.csv"'
    )
    other = small_rules.draft(people)
    header, *lines = exported.content.decode("utf-8-sig").splitlines()
    assert confirm(author, send(author, other, *lines, header=header)).status_code == 302
    assert case_rows.digest(other) == case_rows.digest(draft)


def send_and_take(client, version, *lines):
    assert confirm(client, send(client, version, *lines)).status_code == 302
