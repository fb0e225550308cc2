"""What the administration says of drafts and their rows: counts and ways on, what a save breaks, what is taken back."""

import uuid

import pytest
from django.http import Http404

from coding.actions import rule_sets
from coding.admin.draft_parts import FEW, OF_VERSION, tell_of_cases
from coding.models import (
    DraftEdition,
    LexiconTerm,
    Rule,
    RuleSet,
    RuleSetVersion,
    VersionState,
    WorkedCase,
)
from tests import small_rules
from tests.straight import admin_of, asked, sent, told

RIGHT = "held: yes\ndrug: none"


def standing(people):
    """A draft with its rows, and the version in force that it stands beside."""
    published = small_rules.published(people)
    return small_rules.draft(people, lexicon=small_rules.lexicon()), published


@pytest.fixture
def draft(standing):
    return standing[0]


@pytest.fixture
def published(standing):
    return standing[1]


@pytest.fixture
def author(people, standing):
    return people["rule author"]


def case(version, case_id, **values):
    usual = {"answers": RIGHT, "outcome": "code", "code": "27256", "modifiers": "LT"}
    return WorkedCase(version=version, case_id=case_id, **{**usual, **values})


def with_cases(version, *cases):
    for position, row in enumerate(cases, start=1):
        row.position = position
        row.save()


# The page of a version.


def test_a_draft_counts_its_rows_and_leads_to_them_and_to_a_new_one(draft):
    versions = admin_of(RuleSetVersion)
    of_it = f"version__id__exact={draft.pk}"
    see = f'<a href="/admin/coding/rule/?{of_it}">see them</a>'
    new = f"/admin/coding/rule/add/?_changelist_filters={OF_VERSION}%3D{draft.pk}"
    assert versions.rules(draft) == f'3 · {see} · <a href="{new}">add one</a>'
    assert versions.questions(draft).startswith("2 · ")
    assert versions.modifiers(draft).startswith("1 · ")
    assert versions.diagnoses(draft).startswith("1 · ")
    assert versions.lexicon_terms(draft).startswith("2 · ")


def test_without_rows_it_says_none_and_only_a_draft_takes_a_new_one(draft, published):
    versions = admin_of(RuleSetVersion)
    assert versions.lexicon_terms(published) == "none"
    assert "add one" not in versions.rules(published)
    assert versions.worked_cases(draft).startswith("none · ")
    fare = f'<a href="/rules/small/{draft.number}/cases/">see how they fare</a>'
    assert versions.worked_cases(published).startswith("none")
    assert versions.worked_cases(draft).endswith(fare)


def test_the_list_leads_to_the_rules_in_words_and_says_for_whom_they_are(published):
    versions = admin_of(RuleSetVersion)
    assert versions.read(published) == '<a href="/rules/small/1/">read</a>'
    assert versions.decides_for(published) == published.layer.words
    assert "rule_set__id__exact=" in admin_of(RuleSet).versions(published.rule_set)


def test_only_drafts_are_edited_and_no_version_is_added_or_deleted(author, draft, published):
    versions, request = admin_of(RuleSetVersion), asked(author)
    assert versions.has_change_permission(request, draft)
    assert not versions.has_change_permission(request, published)
    assert versions.has_change_permission(request)
    assert not versions.has_add_permission(request)
    assert not versions.has_delete_permission(request, draft)


def test_a_version_that_is_only_read_says_for_whom_it_is_and_asks_nothing(author, draft, published):
    versions, request = admin_of(RuleSetVersion), asked(author)

    def when(version):
        return dict(versions.get_fieldsets(request, version))["When and for whom"]["fields"]

    assert when(draft) == ["effective_from", "payer_kind", "payer_name", "place"]
    assert when(published) == ["effective_from", "decides_for"]


# Rows of drafts.


def test_rows_are_edited_and_deleted_in_drafts_and_read_elsewhere(people, author, draft, published):
    rules, request = admin_of(Rule), asked(author)
    own, other = draft.rules.first(), published.rules.first()
    assert rules.has_change_permission(request, own)
    assert rules.has_delete_permission(request, own)
    assert not rules.has_change_permission(request, other)
    assert not rules.has_delete_permission(request, other)
    assert rules.has_change_permission(request)
    assert rules.has_delete_permission(request)
    assert not rules.has_delete_permission(asked(people["rule approver"]))


def test_a_row_stays_in_its_version_and_a_new_one_goes_to_a_draft(author, draft):
    rules, request = admin_of(Rule), asked(author)
    assert rules.get_readonly_fields(request, draft.rules.first()) == ["version"]
    assert rules.get_readonly_fields(request) == []
    field = Rule._meta.get_field("version")
    assert list(rules.formfield_for_foreignkey(field, request).queryset) == [draft]


def test_the_list_of_a_version_leaves_its_column_out_and_adds_to_it(author, draft):
    rules = admin_of(Rule)
    of_it = asked(author, **{OF_VERSION: draft.pk})
    assert "version" not in rules.get_list_display(of_it)
    assert "version" in rules.get_list_display(asked(author))

    adding = asked(author, _changelist_filters=f"{OF_VERSION}={draft.pk}")
    assert rules.get_changeform_initial_data(adding)["version"] == str(draft.pk)
    assert "version" not in rules.get_changeform_initial_data(asked(author))


def test_the_index_leaves_the_rows_of_tables_out(author):
    assert admin_of(Rule).get_model_perms(asked(author)) == {}
    assert admin_of(LexiconTerm).get_model_perms(asked(author)) != {}


# Phrases.


def test_a_phrase_says_what_is_wrong_with_it_and_where_to_try_it(draft):
    terms = admin_of(LexiconTerm)
    stored = draft.lexicon_terms.first()
    assert terms.problem(LexiconTerm()) == "not stored yet"
    assert terms.trial(LexiconTerm()) == "once it is stored"
    assert terms.problem(stored) == "nothing"
    assert terms.trial(stored) == (
        f'<a href="/rules/small/{draft.number}/note/">Try the lexicon on a note</a>'
    )
    stored.phrase = "(held"
    assert terms.problem(stored) not in ("nothing", "")


# Worked cases.


def test_failing_cases_are_counted_and_the_first_few_named(author, draft):
    wrong = [case(draft, f"C{number}", code="27257") for number in range(1, FEW + 2)]
    with_cases(draft, *wrong[:1], case(draft, "GOOD"))
    request = sent(author)
    tell_of_cases(request, draft)
    [said] = told(request)
    assert said.startswith("1 of 2 worked cases fails: C1. <a href=")
    assert said.endswith(">See what became of each rule</a>")

    with_cases(draft, *wrong[1:])
    request = sent(author)
    tell_of_cases(request, draft)
    [said] = told(request)
    assert said.startswith("6 of 7 worked cases fail: C")
    # Five are named, and that there are more.
    assert said.partition(": ")[2].partition(" …. <a")[0].count(",") == FEW - 1


def test_of_cases_that_pass_and_of_a_draft_without_a_table_nothing_is_said(author, draft):
    with_cases(draft, case(draft, "GOOD"))
    request = sent(author)
    tell_of_cases(request, draft)
    RuleSetVersion.objects.filter(pk=draft.pk).update(document=None)
    tell_of_cases(request, draft)
    assert told(request) == []


def saved(author, row, *, change=False):
    cases, request = admin_of(WorkedCase), sent(author)
    form = cases.get_form(request)()
    form._changed_data = []
    form.__dict__["changed_data"] = ["code"] if change else []
    cases.save_model(request, row, form, change)
    return told(request)


def test_a_new_case_goes_behind_the_others_and_says_how_it_fares(author, draft):
    with_cases(draft, case(draft, "C1"))
    row = case(draft, "C2")
    assert saved(author, row) == ["Case C2 passes."]
    assert row.position == 2

    wrong = case(draft, "C3", code="27257")
    [said] = saved(author, wrong)
    assert said.startswith("Case C3 fails: it expects 27257-LT. ")

    wrong.code = "27256"
    assert saved(author, wrong, change=True) == ["Case C3 passes."]
    assert wrong.position == 3


def test_cases_of_a_file_are_taken_and_counted(author, draft):
    def taken(*rows):
        texts = [[row, RIGHT, "code", "27256", "LT", "Audit", ""] for row in rows]
        request = sent(
            author,
            idempotency_key=uuid.uuid4(),
            version=draft.pk,
            rows=str(texts).replace("'", '"').replace("\n", "\\n"),
        )
        response = admin_of(WorkedCase).from_file(request)
        return told(request), response.url

    address = f"/rules/small/{draft.number}/cases/"
    assert taken("C1") == (["1 worked case taken."], address)
    assert taken("C2", "C3") == (["2 worked cases taken."], address)


# Editions.


def edition(author, draft, number):
    request = sent(author)
    response = admin_of(RuleSetVersion).take_back(request, draft.pk, number)
    return told(request), response.url


def test_an_edition_is_taken_back_as_one_more_edition(author, draft):
    Rule.objects.filter(version=draft, rule_id="R1").update(title="Other")
    rule_sets.save(author, draft, "title of rule")
    now = small_rules.now(draft)
    assert edition(author, draft, now.edition - 1) == (
        [f"The draft says again what edition {now.edition - 1} said. That is an edition too."],
        f"/admin/coding/rulesetversion/{draft.pk}/editions/",
    )
    assert draft.rules.get(rule_id="R1").title == "Held awake"
    assert DraftEdition.objects.filter(version=draft).count() == now.edition + 1


def test_an_edition_that_had_errors_says_that_it_has_them_again(author, draft):
    first = small_rules.now(draft).edition
    Rule.objects.filter(version=draft, rule_id="R1").update(conditions="nobody: yes")
    rule_sets.save(author, draft, "conditions")
    Rule.objects.filter(version=draft, rule_id="R1").update(conditions="held: yes\ndrug: none")
    rule_sets.save(author, draft, "conditions")
    said, _ = edition(author, draft, first + 1)
    assert len(said) == 2
    assert said[1].startswith("It had errors then, and has them again: ")


def test_an_edition_that_is_not_there_and_a_draft_that_was_submitted(author, draft):
    with pytest.raises(Http404):
        edition(author, draft, 99)
    number = small_rules.now(draft).edition
    RuleSetVersion.objects.filter(pk=draft.pk).update(state=VersionState.IN_REVIEW)
    [refusal] = edition(author, draft, number)[0]
    assert "says again" not in refusal
