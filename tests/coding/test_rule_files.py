"""Rule files over the browser: what an export holds and refuses, and what an import drafts and refuses."""

import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from coding.exchange import FORMATS
from coding.forms.rule_file import LARGEST_FILE
from coding.models import AuditEvent, RuleSetVersion, WorkedCase
from coding.rules import case_rows, rulebook
from reviews.roles import ROLES
from tests import small_rules


def standing(people):
    return small_rules.published(people, lexicon=small_rules.lexicon())


@pytest.fixture
def version(standing):
    return standing


@pytest.fixture
def author(people, client):
    client.force_login(people["rule author"])
    return client


def export(client, version, name):
    return client.get(reverse("export-version", args=[version.rule_set.key, version.number, name]))


def address_of(version):
    return reverse("import-rules", args=[version.rule_set.key, version.number])


def show(client, version, name, content, **chosen):
    """Choose a file: the page with what it would change."""
    return client.post(address_of(version), {"file": SimpleUploadedFile(name, content), **chosen})


def send(client, version, name, content, key=None):
    """Choose a file, and where its difference is shown make the draft."""
    shown = show(client, version, name, content)
    if shown.status_code != 200:
        return shown
    return confirm(client, version, shown.context["confirm"]["document"].value(), key)


def confirm(client, version, document, key=None):
    return client.post(
        address_of(version), {"document": document, "idempotency_key": key or uuid.uuid4()}
    )


def json_of(**changes):
    return json.dumps(small_rules.document(**changes)).encode()


def draft():
    return RuleSetVersion.objects.select_related("document").get(number=2)


# Out ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_says_what_it_is_and_is_saved_under_the_version_s_name(author, version, name):
    response = export(author, version, name)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == FORMATS[name].content_type
    assert (
        response.headers["Content-Disposition"] == f'attachment; filename="small-version-1.{name}"'
    )
    written = FORMATS[name].read(response.content, small_rules.table())
    assert written.content_hash == small_rules.table().content_hash


def test_an_old_version_is_exported_as_it_was(people, author, version):
    small_rules.draft(people, small_rules.table(name="Renamed"))
    exported = json.loads(export(author, version, "json").content)
    assert exported["name"] == "Small"


def test_a_format_that_is_none_is_not_found(author, version):
    assert export(author, version, "exe").status_code == 404


def test_what_a_format_cannot_hold_is_named_by_rule_and_fact_and_another_format_holds_it(
    people, author
):
    codes = {"key": "codes", "kind": "code_set", "label": "Codes", "question": "Which codes?"}
    rules = small_rules.document()["rules"]
    rules[0]["rows"] = [{"codes": {"any_of": ["Q65*"]}}]
    table = small_rules.table(facts=[small_rules.HELD, small_rules.DRUG, codes], rules=rules)
    version = small_rules.draft(people, table)
    refused = export(author, version, "dmn")
    assert refused.status_code == 422
    assert "This export is not possible" in refused.text
    assert "rule R1, codes: DMN has no unary test for sets of codes" in refused.text
    assert "Content-Disposition" not in refused.headers
    assert export(author, version, "xlsx").status_code == 200


def test_dmn_is_written_in_the_edition_asked_for(author, version):
    address = reverse("export-version", args=[version.rule_set.key, version.number, "dmn"])
    for edition, namespace in (("1.3", b"DMN/20191111/MODEL/"), ("1.5", b"DMN/20230324/MODEL/")):
        content = author.get(address, {"edition": edition}).content
        assert namespace in content
        assert (
            FORMATS["dmn"].read(content, small_rules.table()).content_hash
            == small_rules.table().content_hash
        )
    assert author.get(address, {"edition": "9"}).status_code == 422


@pytest.mark.parametrize("name", ["json", "xlsx"])
def test_lexicon_and_worked_cases_travel_with_a_file(people, author, name):
    lexicon = small_rules.lexicon(
        {"phrase": "(held|kept)", "fact": "held", "value": "yes", "negated": "no", "lasting": True},
        {
            "phrase": "asleep",
            "fact": "drug",
            "value": "sleep",
            "strength": "hint",
            "needs": "held=yes",
        },
        groups={"joint": ["hip", "knee"]},
    )
    version = small_rules.draft(people, lexicon=lexicon)
    first = {
        "case_id": "V1",
        "answers": "held: yes\ndrug: none",
        "code": "27256",
        "modifiers": "LT",
        "origin": "Page 1",
    }
    second = {
        "case_id": "V2",
        "answers": "drug: unknown",
        "code": "",
        "modifiers": "",
        "origin": "",
    }
    WorkedCase.objects.create(
        version=version, position=1, outcome="code", further_lines="none", **first
    )
    WorkedCase.objects.create(version=version, position=2, outcome="supervisor_review", **second)
    content = export(author, version, name).content
    other = small_rules.published(people, rules=small_rules.table(description="Without both."))
    assert send(author, other, f"rules.{name}", content).status_code == 302
    brought = RuleSetVersion.objects.get(number=3)
    assert brought.lexicon == version.lexicon
    assert list(brought.worked_cases.values(*first)) == [first, second]
    assert case_rows.digest(brought) == case_rows.digest(version)


def test_a_workbook_that_says_nothing_of_lexicon_and_cases_leaves_those_of_the_version(
    author, version
):
    assert (
        send(author, version, "rules.xlsx", FORMATS["xlsx"].write(small_rules.table())).status_code
        == 302
    )
    assert RuleSetVersion.objects.get(number=2).lexicon == version.lexicon


def test_a_case_that_a_workbook_cannot_hold_is_named(people, author):
    version = small_rules.draft(people)
    WorkedCase.objects.create(
        version=version, case_id="V1", answers="colour: red", outcome="code", code="27256"
    )
    assert (
        "Worked case V1: there is no fact “colour”. Mend it, or export as JSON."
        in export(author, version, "xlsx").text
    )


# In -----------------------------------------------------------------------------------------------


def test_what_a_file_changes_is_shown_before_anything_is_kept(author, version):
    rules = small_rules.document()["rules"]
    rules[0]["code"] = "27257"
    shown = show(author, version, "rules.json", json_of(rules=rules))
    assert shown.status_code == 200
    [region] = shown.context["change"].regions
    assert (region.before.code, region.after.code) == ("27256", "27257")
    assert [revision.subject for revision in shown.context["revisions"]] == ["R1"]
    assert RuleSetVersion.objects.count() == 1


def test_a_case_of_a_file_that_is_none_is_named(author, version):
    content = json_of(
        worked_cases=[
            {"id": "V1", "answers": ["held: perhaps"], "outcome": "code", "code": "27256"}
        ]
    )
    shown = show(author, version, "rules.json", content)
    assert shown.status_code == 422
    assert "worked case V1: " in shown.text


def test_cases_that_fail_are_told_and_defects_too(author, version):
    cases = [
        {"id": "V1", "answers": ["held: yes", "drug: none"], "outcome": "code", "code": "27257"}
    ]
    shown = show(
        author,
        version,
        "rules.json",
        json_of(worked_cases=cases, rules=small_rules.document()["rules"][:2]),
    )
    assert "Case V1 expects 27257" in shown.text
    assert "No rule covers this case." in shown.text


def test_what_was_not_shown_is_not_taken(author, version):
    assert confirm(author, version, json.dumps({"key": "small"})).status_code == 422
    assert RuleSetVersion.objects.count() == 1


def test_an_imported_draft_is_the_sender_s_and_says_on_which_version_it_is_based(
    people, author, version
):
    response = send(author, version, "rules.json", json_of(name="Renamed"))
    assert response.headers["Location"] == draft().get_absolute_url()
    assert draft().author == people["rule author"]
    assert draft().change_note == "Imported from a file, on the base of version 1."
    assert rulebook.table_of(draft().document).name == "Renamed"
    assert AuditEvent.objects.filter(event="version.drafted", subject_id=str(draft().pk)).exists()


def test_a_csv_file_changes_the_rules_and_keeps_the_questions_of_its_base(author, version):
    lines = [
        "rule,title,held,outcome,code,message,basis",
        "A1,Held,yes,code,27256,Held.,Page 1",
        "A2,Rest,,provider_query,,Ask.,Page 2",
    ]
    assert send(author, version, "rules.csv", "\n".join(lines).encode()).status_code == 302
    table = rulebook.table_of(draft().document)
    assert list(table.rule_by_id) == ["A1", "A2"]
    assert list(table.fact_by_key) == ["held", "drug"]
    assert [line.modifier for line in table.modifiers] == ["LT"]


def test_the_terms_of_the_base_come_along_and_read_notes_as_long_as_they_fit(author, version):
    send(author, version, "rules.json", json_of())
    assert draft().lexicon == version.lexicon
    assert draft().lexicon_terms.count() == 2


def test_terms_that_no_longer_fit_come_along_as_rows_only(author, version):
    facts = [small_rules.HELD]
    rules = [small_rules.document()["rules"][2]]
    send(author, version, "rules.json", json_of(facts=facts, rules=rules))
    assert draft().lexicon is None
    assert draft().lexicon_terms.count() == 2


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("rules.json", json_of(key="knee"), "The file holds the rule set “knee”, not “small”."),
        ("rules", json_of(), "“rules” does not end in .json, .xlsx, .csv, .dmn."),
        ("rules.xlsx", json_of(), "The file"),
        ("rules.dmn", json_of(), "The file is no well-formed XML"),
        (
            "rules.json",
            json_of(family=["27256"]),
            "rule R2: “27257” is not a code of the family (27256).",
        ),
        ("rules.json", b"", "The submitted file is empty."),
    ],
)
def test_a_file_that_is_refused_is_refused_with_its_reason_and_nothing_is_drafted(
    author, version, name, content, problem
):
    response = send(author, version, name, content)
    assert response.status_code == 422
    assert problem in response.text
    assert RuleSetVersion.objects.count() == 1


def test_a_file_that_is_too_large_is_not_even_read(author, version):
    response = send(author, version, "rules.json", b" " * (LARGEST_FILE + 1))
    assert "The file is larger than 5 MB, which no rule set needs." in response.text
    assert RuleSetVersion.objects.count() == 1


def test_without_a_file_the_form_says_that_it_needs_one(author, version):
    response = author.post(address_of(version), {})
    assert response.status_code == 422
    assert "This field is required." in response.text


def test_a_refused_form_can_be_sent_again_with_a_mended_file(author, version):
    key = uuid.uuid4()
    long_title = small_rules.document()["rules"]
    long_title[0]["title"] = "x" * 200
    refused = send(author, version, "rules.json", json_of(rules=long_title), key)
    assert refused.status_code == 422
    assert "The rules cannot be kept" in refused.text
    assert send(author, version, "rules.json", json_of(), key).status_code == 302
    assert RuleSetVersion.objects.count() == 2


def test_a_form_that_is_sent_twice_makes_one_draft_and_leads_to_it_both_times(author, version):
    key = uuid.uuid4()
    addresses = {
        send(author, version, "rules.json", json_of(), key).headers["Location"] for _ in range(2)
    }
    assert addresses == {draft().get_absolute_url()}
    assert RuleSetVersion.objects.count() == 2


def test_the_form_of_somebody_else_is_not_taken(people, client, author, version):
    key = uuid.uuid4()
    send(author, version, "rules.json", json_of(), key)
    client.force_login(people["rule author", 2])
    response = send(client, version, "rules.json", json_of(), key)
    assert response.status_code == 409
    assert "This form was sent by somebody else. Open its page again." in response.text
    assert RuleSetVersion.objects.count() == 2


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"rule author"}))
def test_who_may_not_draft_imports_nothing(people, client, version, role):
    client.force_login(people[role])
    assert send(client, version, "rules.json", json_of()).status_code == 403
    assert RuleSetVersion.objects.count() == 1
