"""The list of rule sets and the page of a version: what each role reads there, and where it can go on."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coding.actions import rule_sets
from coding.exchange import FORMATS
from reviews.roles import ROLES
from tests import small_rules

LIST = "rule-sets"
READERS = sorted(set(ROLES) - {"administrator"})


def words(response):
    assert response.status_code == 200
    return " ".join(response.text.split())


def page_of(client, version):
    return words(client.get(version.get_absolute_url()))


def address(name, version, *more):
    return reverse(name, args=[version.rule_set.key, version.number, *more])


def test_where_there_is_no_rule_set_the_list_says_who_begins_one(people, client):
    client.force_login(people["coder"])
    page = words(client.get(reverse(LIST)))
    assert "There is no rule set" in page
    assert "A rule author begins one in the administration" in page


def test_the_list_shows_each_rule_set_with_its_versions_newest_first(people, client):
    small_rules.published(people)
    second = small_rules.draft(people)
    small_rules.draft(people, small_rules.table(key="another", name="Another"))
    client.force_login(people["coder"])
    page = words(client.get(reverse(LIST)))
    places = [page.index(name) for name in (">Another<", ">Small<", ">Version 2<")]
    assert places == sorted(places)
    assert page.index(">Version 2<") < page.rindex(">Version 1<")
    assert f'href="{second.get_absolute_url()}"' in page
    assert "2026-01-01" in page
    assert people["rule approver"].name in page


@pytest.mark.parametrize("role", READERS)
def test_the_way_to_the_administration_is_shown_to_those_who_maintain_rules(people, client, role):
    client.force_login(people[role])
    page = words(client.get(reverse(LIST)))
    maintains = role in ("rule author", "rule approver")
    assert (reverse("admin:coding_rulesetversion_changelist") in page) is maintains


def test_the_list_takes_the_same_queries_however_many_versions_there_are(people, client):
    client.force_login(people["coder"])
    counts = []
    for number in range(2):
        small_rules.published(people, small_rules.NEW_YEAR.replace(month=number + 1))
        small_rules.draft(people, small_rules.table(key=f"set-{number}"))
        with CaptureQueriesContext(connection) as queries:
            words(client.get(reverse(LIST)))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_version_is_told_with_its_people_its_day_and_its_content(people, client):
    version = small_rules.published(people)
    client.force_login(people["coder"])
    page = page_of(client, version)
    assert "<dt>In force from</dt><dd>2026-01-01</dd>" in page
    assert f"<dt>Author</dt><dd>{people['rule author'].name}</dd>" in page
    assert f"<dt>Approved by</dt><dd>{people['rule approver'].name}</dd>" in page
    assert small_rules.table().content_hash in page
    assert "Nobody reviewed this." in page
    assert "Published" in page


def test_what_a_draft_lacks_is_said_in_words(people, client):
    version = small_rules.draft(people)
    client.force_login(people["rule author"])
    page = page_of(client, version)
    assert "<dd>not decided</dd>" in page
    assert "<dd>nobody yet</dd>" in page
    assert "<dd>nothing noted</dd>" in page
    assert "<dd>none: notes are not read</dd>" in page


def test_each_rule_is_read_in_words_with_its_alternatives_and_its_source(people, client):
    rules = small_rules.document()["rules"]
    rules[0]["rows"].append({"drug": {"not": ["sleep"]}})
    version = small_rules.draft(people, small_rules.table(rules=rules))
    client.force_login(people["coder"])
    page = page_of(client, version)
    assert "R1 · Held awake" in page
    assert "<p>Held: yes; Drug: None</p>" in page
    assert "<strong>or</strong> Drug: " in page
    assert "<p>always</p>" in page
    assert "Supervisor review" in page
    assert "Source: Page 3" in page


@pytest.mark.parametrize(
    ("policy", "heading"),
    [
        ("first", "Rules, the first that applies counts"),
        ("unique", "Rules, of which one at most applies"),
    ],
)
def test_the_heading_says_what_it_means_that_several_rules_apply(people, client, policy, heading):
    version = small_rules.draft(people, small_rules.table(hit_policy=policy))
    client.force_login(people["coder"])
    assert heading in page_of(client, version)


def test_a_draft_with_errors_is_shown_and_checked_as_far_as_it_can_be_read(people, client):
    version = small_rules.draft(people)
    version.rules.filter(rule_id="R1").update(conditions="colour: red")
    version.rules.filter(rule_id="R2").update(conditions="held: yes\ndrug: ether")
    rule_sets.save(people["rule author"], version)
    client.force_login(people["rule author"])
    page = page_of(client, version)
    assert "Errors of the draft: 2" in page
    assert "there is no fact “colour”" in page
    assert "Anything else" in page
    assert "Held awake" not in page
    for name in ("check-version", "compare-versions", "contrast-codes", "worked-cases"):
        assert address(name, version) in page
        assert "Errors of the draft: 2" in client.get(address(name, version)).text
    # What is broken goes into no file.
    assert address("import-rules", version) not in page
    for name in ("import-rules", "export-version"):
        more = ["json"] if name == "export-version" else []
        assert client.get(address(name, version, *more)).status_code == 404


@pytest.mark.parametrize("role", READERS)
def test_a_file_is_imported_from_the_page_by_who_may_draft(people, client, role):
    version = small_rules.published(people)
    client.force_login(people[role])
    page = page_of(client, version)
    assert (address("import-rules", version) in page) is (role == "rule author")
    for name in FORMATS:
        assert address("export-version", version, name) in page


@pytest.mark.parametrize("role", READERS)
def test_the_terms_of_a_lexicon_are_counted_and_open_to_those_who_may_read_them(
    people, client, role
):
    version = small_rules.published(people, lexicon=small_rules.lexicon())
    client.force_login(people[role])
    page = page_of(client, version)
    terms = f"{reverse('admin:coding_lexiconterm_changelist')}?version__id__exact={version.pk}"
    assert "2 terms" in page
    assert (terms in page) is (role in ("rule author", "rule approver"))
    assert client.get(terms).status_code == (
        200 if role in ("rule author", "rule approver") else 302
    )


@pytest.mark.parametrize(("key", "number"), [("small", 2), ("other", 2), ("knee", 1)])
@pytest.mark.parametrize(
    "name",
    ["rule-set-version", "check-version", "compare-versions", "contrast-codes", "import-rules"],
)
def test_a_version_that_is_not_there_or_another_rule_set_s_is_not_found(
    people, client, name, key, number
):
    small_rules.published(people)
    small_rules.draft(people, small_rules.table(key="other"))
    client.force_login(people["rule author"])
    assert client.get(reverse(name, args=[key, number])).status_code == 404


def test_a_label_is_shown_as_text_and_never_as_markup(people, client):
    facts = [small_rules.HELD, {**small_rules.DRUG, "label": "<script>alert(1)</script>"}]
    version = small_rules.draft(people, small_rules.table(facts=facts))
    client.force_login(people["coder"])
    page = page_of(client, version)
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
