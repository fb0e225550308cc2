"""Drafting a version: who may, from what, what it keeps of it, and what the trail tells."""

from datetime import date

import pytest
from django.utils import timezone

from coding.actions import rule_sets
from coding.actions.errors import NotAllowed
from coding.models import AuditEvent, LexiconTerm, Rule, RuleDocument, RuleSetVersion, VersionState
from coding.rules import rulebook
from reviews.roles import ROLES
from tests import small_rules

OTHERS = sorted(set(ROLES) - {"rule author"})
MAY_NOT = "You may not draft rule set versions. Ask an administrator for the role that may."


def test_a_draft_says_what_its_table_says_and_is_in_force_on_no_day(people):
    author, rule_set = people["rule author"], small_rules.rule_set()
    version = rule_sets.draft(author, rule_set, small_rules.table(), "First try.")
    assert (version.number, version.state, version.edition) == (1, VersionState.DRAFT, 1)
    assert (version.author, version.last_editor, version.approver) == (author, author, None)
    assert (version.description, version.notes) == ("Two codes.", "Nobody reviewed this.")
    assert (version.family, version.hit_policy) == ("27256 27257", "first")
    assert version.change_note == "First try."
    assert version.effective_from is None
    assert RuleSetVersion.objects.in_force(rule_set, date(2030, 1, 1)) is None


def test_a_draft_s_rows_stand_in_the_order_of_its_table(people):
    version = small_rules.draft(people)
    assert [fact.key for fact in version.facts.all()] == ["held", "drug"]
    assert [rule.rule_id for rule in version.rules.all()] == ["R1", "R2", "R3"]
    first_rule = version.rules.get(rule_id="R1")
    assert first_rule.conditions == "held: yes\ndrug: none"
    assert first_rule.code == "27256"
    assert version.facts.get(key="drug").choices == "none | None\nsleep | Put to sleep"
    assert version.modifier_rules.get().conditions == "held: yes"
    assert version.supporting_diagnoses.get().codes == "Q65.01 Q65.02"


def test_the_trail_tells_who_drafted_which_content(people):
    version = small_rules.draft(people)
    event = AuditEvent.objects.get(event="version.drafted")
    assert event.actor == people["rule author"]
    assert (event.subject_type, event.subject_id) == ("coding.rulesetversion", str(version.pk))
    assert event.after == {"number": 1, "content": small_rules.table().content_hash}


@pytest.mark.parametrize("role", OTHERS)
def test_only_a_rule_author_drafts_and_copies(people, role):
    version = small_rules.draft(people)
    with pytest.raises(NotAllowed, match=MAY_NOT):
        rule_sets.draft(people[role], version.rule_set, small_rules.table())
    with pytest.raises(NotAllowed, match=MAY_NOT):
        rule_sets.draft_from(people[role], version)
    assert RuleSetVersion.objects.count() == 1
    assert AuditEvent.objects.filter(event="version.drafted").count() == 1


def test_a_rule_author_who_is_no_longer_active_drafts_nothing(people):
    author = people["rule author"]
    author.is_active = False
    with pytest.raises(NotAllowed):
        rule_sets.draft(author, small_rules.rule_set(), small_rules.table())
    assert not RuleSetVersion.objects.exists()


def test_each_rule_set_numbers_its_own_versions(people):
    small_rules.draft(people)
    second_version = small_rules.draft(people)
    first_of_another = small_rules.draft(people, small_rules.table(key="other"))
    assert second_version.number == 2
    assert first_of_another.number == 1


def test_drafts_of_the_same_content_share_one_document(people):
    first_draft, second_draft = small_rules.draft(people), small_rules.draft(people)
    assert first_draft.document == second_draft.document
    assert RuleDocument.objects.count() == 1
    assert Rule.objects.count() == 6


@pytest.mark.parametrize(
    "state", [VersionState.IN_REVIEW, VersionState.PUBLISHED, VersionState.RETIRED]
)
def test_a_version_in_any_state_is_copied_as_a_draft(people, state):
    version = small_rules.in_review(people)
    approver = people["rule approver"]
    if state != VersionState.IN_REVIEW:
        rule_sets.publish(approver, version)
    if state == VersionState.RETIRED:
        rule_sets.retire(approver, version)
    copy = rule_sets.draft_from(people["rule author", 2], small_rules.now(version))
    assert (copy.number, copy.state) == (2, VersionState.DRAFT)
    assert copy.author == people["rule author", 2]
    assert copy.change_note == "Copy of version 1."
    assert (copy.effective_from, copy.approver, copy.published_at) == (None, None, None)
    assert small_rules.now(version).state == state


def test_a_draft_with_errors_is_not_copied_and_says_to_mend_it(people):
    version = small_rules.draft(people)
    version.rules.filter(rule_id="R1").update(conditions="colour: red")
    rule_sets.save(people["rule author"], version)
    with pytest.raises(
        rule_sets.Refused, match=r"Small version 1 has errors; mend it before you copy it\."
    ):
        rule_sets.draft_from(people["rule author"], small_rules.now(version))
    assert RuleSetVersion.objects.count() == 1


def test_a_text_that_no_column_holds_is_named_and_nothing_is_drafted(people):
    rules = small_rules.document()["rules"]
    rules[1]["title"] = "x" * 121
    with pytest.raises(rule_sets.Refused) as refusal:
        small_rules.draft(people, small_rules.table(rules=rules))
    message = str(refusal.value)
    assert message.startswith("The rules cannot be kept: R2 x")
    assert "title: Ensure this value has at most 120 characters (it has 121)." in message
    assert not RuleSetVersion.objects.exists()
    assert not Rule.objects.exists()
    assert not AuditEvent.objects.filter(event="version.drafted").exists()


def labelled(label):
    choices = [{"value": "none", "label": label}, {"value": "sleep", "label": "Put to sleep"}]
    return {"facts": [small_rules.HELD, {**small_rules.DRUG, "choices": choices}]}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (labelled("None,\nnot even air"), "“not even air” is no name"),
        (labelled(" None "), "facts: a line break or a space stands where rows"),
        ({"notes": ["First.\n\nSecond."]}, "notes: a line break or a space"),
        ({"notes": [" "]}, "notes: a line break or a space"),
        ({"family": ["27256", "27257", "27 25"]}, "family: a line break or a space"),
        (
            {"diagnoses": [{"codes": ["Q65 .01"], "rows": [{}]}]},
            "diagnoses: a line break or a space",
        ),
    ],
)
def test_a_text_that_rows_would_give_back_as_another_is_refused_and_nothing_is_drafted(
    people, changes, problem
):
    with pytest.raises(rule_sets.Refused) as refusal:
        small_rules.draft(people, small_rules.table(**changes))
    assert problem in str(refusal.value)
    assert str(refusal.value).endswith("Take it out.")
    assert not RuleSetVersion.objects.exists()


def test_every_kind_of_fact_comes_back_from_its_row(people):
    age = {
        "key": "age",
        "kind": "whole_number",
        "label": "Age",
        "question": "How old?",
        "help": "In full years.",
    }
    age |= {"minimum": -1, "maximum": 0, "unit": "years", "asked_first": True}
    given = {"key": "given", "kind": "code_set", "label": "Given", "question": "Which codes?"}
    rules = small_rules.table(facts=[small_rules.HELD, small_rules.DRUG, age, given])
    version = small_rules.draft(people, rules)
    assert rulebook.table_from_rows(version).content_hash == rules.content_hash
    row = version.facts.get(key="age")
    assert (row.minimum, row.maximum, row.unit, row.asked_first) == (-1, 0, "years", True)


def test_a_draft_keeps_the_terms_of_a_lexicon_that_fits_it(people):
    version = small_rules.draft(people, lexicon=small_rules.lexicon())
    assert [term.phrase for term in version.lexicon_terms.all()] == ["held", "put to sleep"]
    assert version.lexicon.content_hash == small_rules.lexicon().content_hash()


def test_of_a_lexicon_that_does_not_fit_the_terms_are_kept_and_no_note_is_read(people):
    stray = small_rules.lexicon({"phrase": "pavlik", "fact": "harness", "value": "yes"})
    version = small_rules.draft(people, lexicon=stray)
    assert version.lexicon is None
    assert LexiconTerm.objects.get().phrase == "pavlik"


def test_what_is_published_later_leaves_the_draft_that_was_copied_before_as_it_is(people):
    version = small_rules.in_review(people)
    copy = rule_sets.draft_from(people["rule author"], version)
    before = timezone.now()
    rule_sets.publish(people["rule approver"], version)
    assert small_rules.now(copy).state == VersionState.DRAFT
    assert small_rules.now(version).published_at >= before
