"""A rule set is begun in the browser: empty, or from a file whose content is shown before anything is kept."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from coding.actions import rule_sets
from coding.actions.errors import NotAllowed
from coding.exchange import FORMATS
from coding.models import AuditEvent, RuleSet, RuleSetVersion
from coding.rules import rulebook
from tests import small_rules

ADD = "admin:coding_ruleset_add"
FINGER = {
    "key": "finger",
    "name": "Finger",
    "description": "Closed treatment.",
    "family": "26770 26775",
}
RULES = (
    "rule,title,joint,drug,outcome,code,message,basis\n"
    "R1,Awake,finger,none,code,26770,m,b\n"
    "R2,Else,,,supervisor_review,,m,b\n"
)


@pytest.fixture
def author(people, client):
    client.force_login(people["rule author"])
    return client


def begin(client, content=None, file="rules.json", **fields):
    form = {"idempotency_key": uuid.uuid4(), **fields}
    if content is not None:
        form["file"] = SimpleUploadedFile(file, content)
    return client.post(reverse(ADD), form)


def confirm(client, response):
    return client.post(
        reverse(ADD), response.context["confirm"].initial | {"idempotency_key": uuid.uuid4()}
    )


def errors(response):
    return dict(response.context["form"].errors)


def test_by_its_name_and_codes_it_begins_as_an_empty_draft(people, author):
    response = begin(author, **FINGER)
    version = RuleSetVersion.objects.get()
    assert response.url == reverse("admin:coding_rulesetversion_change", args=[version.pk])
    assert (version.rule_set.key, version.rule_set.name) == ("finger", "Finger")
    assert (version.state, version.family, version.author) == (
        "draft",
        "26770 26775",
        people["rule author"],
    )
    assert not version.rules.exists()
    assert list(AuditEvent.objects.order_by("pk").values_list("event", flat=True))[-2:] == [
        "rule_set.begun",
        "version.drafted",
    ]


def test_sent_twice_it_is_begun_once(author):
    key = uuid.uuid4()
    first = begin(author, **FINGER, idempotency_key=key)
    assert begin(author, **FINGER, idempotency_key=key).status_code in (200, 302)
    assert first.status_code == 302
    assert RuleSet.objects.count() == 1


def test_coders_are_offered_it_when_a_version_is_published(people, author):
    begin(author, **FINGER)
    assert not RuleSet.objects.coding().exists()
    small_rules.published(people)
    assert [rule_set.key for rule_set in RuleSet.objects.coding()] == ["small"]


@pytest.mark.parametrize("missing", ["key", "name", "family"])
def test_without_a_file_each_field_that_is_missing_is_named(author, missing):
    response = begin(author, **{**FINGER, missing: ""})
    assert errors(response) == {missing: ["Write it, or choose a file that holds it."]}
    assert not RuleSet.objects.exists()


def test_a_key_that_is_taken_is_refused_at_its_field(author):
    small_rules.rule_set()
    assert (
        "There is a rule set “small” already"
        in errors(begin(author, **{**FINGER, "key": "small"}))["key"][0]
    )


@pytest.mark.parametrize("kind", ["json", "xlsx"])
def test_a_file_that_holds_everything_is_shown_first_and_kept_when_confirmed(author, kind):
    shown = begin(author, FORMATS[kind].write(small_rules.table()), f"small.{kind}")
    assert "Nothing is kept yet" in shown.text
    assert "Was the joint held?" in shown.text
    assert not RuleSet.objects.exists()
    assert confirm(author, shown).status_code == 302
    assert RuleSetVersion.objects.get().document.content_hash == small_rules.table().content_hash


def test_a_csv_file_makes_plain_questions_of_its_columns(author):
    shown = begin(author, RULES.encode(), "finger.csv", key="finger", name="Finger", family="26770")
    confirm(author, shown)
    table = rulebook.table_of(RuleSetVersion.objects.get().document)
    assert [(fact.key, fact.values()) for fact in table.facts] == [
        ("joint", ("finger",)),
        ("drug", ("none",)),
    ]
    assert table.rule_by_id["R1"].code == "26770"


def test_a_dmn_file_takes_its_name_and_key_from_the_form(author):
    content = FORMATS["dmn"].write(small_rules.table())
    confirm(author, begin(author, content, "small.dmn", key="joint", name="A joint"))
    version = RuleSetVersion.objects.get()
    assert (version.rule_set.key, version.rule_set.name) == ("joint", "A joint")
    assert [rule.rule_id for rule in version.rules.all()] == ["R1", "R2", "R3"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("rules.txt", b"x", "does not end in .json, .xlsx, .csv, .dmn"),
        ("rules.json", b"{,}", "Line 1, column 2"),
        (
            "rules.csv",
            RULES.replace("26770,m", "99999,m").encode(),
            "R1: “99999” is not a code of the family",
        ),
        (
            "rules.csv",
            RULES.replace("R2,", "R1,").encode(),
            "are alternatives of rule R1, but differ in title",
        ),
    ],
)
def test_what_a_file_cannot_become_is_told_by_rule_and_field(author, name, content, said):
    response = begin(author, content, name, **{**FINGER, "family": "26770"})
    assert said in errors(response)["file"][0]
    assert not RuleSet.objects.exists()


def test_what_is_missing_of_a_rule_set_is_shown_and_may_be_kept(author):
    shown = begin(author, FORMATS["json"].write(small_rules.with_gap()), "small.json")
    assert "not be published before this is mended" in shown.text
    assert confirm(author, shown).status_code == 302


def test_a_changed_document_is_read_as_strictly_as_a_file(author):
    response = author.post(
        reverse(ADD), {"idempotency_key": uuid.uuid4(), "document": '{"key": "x"}'}
    )
    assert "facts is missing" in response.text
    assert not RuleSet.objects.exists()


@pytest.mark.parametrize("role", ["rule approver", "administrator"])
def test_nobody_else_begins_one(people, client, role):
    client.force_login(people[role])
    assert client.get(reverse(ADD)).status_code == 403
    assert begin(client, **FINGER).status_code == 403
    with pytest.raises(NotAllowed):
        rule_sets.begin(people[role], small_rules.table())
    assert not RuleSet.objects.exists()
