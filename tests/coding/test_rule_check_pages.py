"""Check, compare and contrast: what can be asked of a version, answered in words, and refused where it cannot be."""

import pytest
from django.urls import reverse

from coding.actions import rule_sets
from coding.decision import Flaw, drawing
from coding.models import AuditEvent
from coding.views.rule_checks import HEADINGS
from tests import small_rules


@pytest.fixture
def author(people, client):
    client.force_login(people["rule author"])
    return client


def page(client, name, version, **query):
    response = client.get(reverse(name, args=[version.rule_set.key, version.number]), query)
    assert response.status_code == 200
    return " ".join(response.text.split())


def changed_draft(people, **changes):
    """A second version of the small rule set."""
    return small_rules.draft(people, small_rules.table(**changes))


# Is it sound --------------------------------------------------------------------------------------


def test_rules_with_which_nothing_is_wrong_are_said_to_have_no_defect(people, author):
    assert "No defects: every case has exactly one outcome" in page(
        author, "check-version", small_rules.draft(people)
    )


def test_a_rule_that_never_decides_is_a_defect_under_its_heading(people, author):
    rules = small_rules.document()["rules"]
    version = small_rules.draft(people, small_rules.table(rules=[rules[2], *rules[:2]]))
    text = page(author, "check-version", version)
    assert "2 defects: the version cannot be published." in text
    assert "Rules that never decide: 2" in text


def test_two_rules_that_apply_at_once_are_a_defect_where_one_only_may(people, author):
    version = small_rules.draft(people, small_rules.table(hit_policy="unique"))
    text = page(author, "check-version", version)
    assert "Cases with two rules" in text
    assert "The case: held: yes; drug: None" in text


def test_every_kind_of_finding_has_its_heading_such_as_a_guard_that_tests_something(people, author):
    assert set(HEADINGS) == set(Flaw)
    rules = small_rules.document()["rules"]
    guarded = {**rules[0], "guards": ["drug"]}
    text = page(
        author,
        "check-version",
        small_rules.draft(people, small_rules.table(rules=[guarded, *rules[1:]])),
    )
    assert "Guards that test something: 1" in text
    assert "is marked as a guard, but it tests something" in text


def test_rules_that_combine_in_too_many_ways_say_what_to_do(people, author, monkeypatch):
    monkeypatch.setattr(drawing, "LIMIT", 0)
    version = small_rules.draft(people, small_rules.table(name="Combines in many ways"))
    assert "Put the questions that decide most first" in page(author, "check-version", version)


def test_a_question_that_no_rule_asks_is_named_and_no_defect(people, author):
    colour = {"key": "colour", "kind": "yes_no", "label": "Colour", "question": "Red?"}
    rules = small_rules.table(facts=[small_rules.HELD, small_rules.DRUG, colour], modifiers=[])
    text = page(author, "check-version", small_rules.draft(people, rules))
    assert "No defects" in text
    assert "Questions that never matter: 1" in text
    assert "Colour: no rule asks for it." in text


def test_checking_and_comparing_writes_nothing(people, author):
    first, second = small_rules.draft(people), changed_draft(people, name="Second")
    told = AuditEvent.objects.count()
    page(author, "check-version", first)
    page(author, "compare-versions", second, other=1)
    page(author, "contrast-codes", second, first="27256", second="27257")
    assert AuditEvent.objects.count() == told


# What does it change ------------------------------------------------------------------------------


def test_before_a_version_is_chosen_the_other_ones_of_the_rule_set_are_offered(people, author):
    small_rules.published(people)
    second = small_rules.draft(people)
    third = small_rules.draft(people)
    small_rules.draft(people, small_rules.table(key="other", name="Other"))
    broken = small_rules.draft(people)
    broken.rules.update(conditions="colour: red")
    rule_sets.save(people["rule author"], broken)
    text = page(author, "compare-versions", second)
    assert f'<option value="{third.number}"' in text
    assert '<option value="1"' in text
    assert f'<option value="{second.number}"' not in text
    assert f'<option value="{broken.number}"' not in text
    assert "Other version" not in text
    assert "Outcomes that change" not in text


def test_another_outcome_is_shown_with_where_it_was_and_what_it_becomes(people, author):
    small_rules.draft(people)
    rules = small_rules.document()["rules"]
    rules[1]["code"] = "27256"
    second = changed_draft(people, rules=rules)
    text = page(author, "compare-versions", second, other=1)
    assert "Outcomes that change from version 1 to 2: 1" in text
    assert "Held: yes; Drug: Put to sleep" in text
    assert "What stands differently: 1" in text
    assert "<del>27257</del> → <ins>27256</ins>" in text


def test_other_words_change_no_outcome_and_are_told_as_an_edit(people, author):
    small_rules.draft(people)
    rules = small_rules.document()["rules"]
    rules[2]["message"] = "Ask somebody."
    second = changed_draft(people, rules=rules)
    text = page(author, "compare-versions", second, other=1)
    assert "It is proven that both versions code every case alike." in text
    assert "<del>A person decides.</del> → <ins>Ask somebody.</ins>" in text


def test_the_same_content_differs_in_nothing(people, author):
    small_rules.draft(people)
    text = page(author, "compare-versions", small_rules.draft(people), other=1)
    assert "What stands differently: 0" in text
    assert "<p>Nothing.</p>" in text


def test_a_rule_that_is_missing_leaves_cases_without_one(people, author):
    small_rules.draft(people)
    second = small_rules.draft(people, small_rules.with_gap())
    text = page(author, "compare-versions", second, other=1)
    assert "no rule" in text
    assert "R3" in text


def test_a_fact_of_another_kind_cannot_be_compared_and_the_page_says_so(people, author):
    small_rules.draft(people)
    number = {"key": "held", "kind": "whole_number", "label": "Held", "question": "How long?"}
    rules = [small_rules.document()["rules"][2]]
    second = changed_draft(people, facts=[number], rules=rules, modifiers=[])
    text = page(author, "compare-versions", second, other=1)
    assert "Undecided: " in text
    assert "It is proven" not in text


@pytest.mark.parametrize("other", ["1", "9", "x", ""])
def test_a_version_is_not_compared_with_itself_nor_with_one_that_is_not_there(
    people, author, other
):
    version = small_rules.draft(people)
    small_rules.draft(people, small_rules.table(key="other"))
    text = page(author, "compare-versions", version, other=other)
    assert "Outcomes that change" not in text
    assert ("Select a valid choice" in text) is bool(other)


# How do two codes differ --------------------------------------------------------------------------


def test_two_codes_are_told_apart_by_the_one_fact_in_which_they_differ(people, author):
    text = page(author, "contrast-codes", small_rules.draft(people), first="27256", second="27257")
    assert "27256 and 27257 differ in Drug" in text
    assert "None" in text
    assert "Put to sleep" in text
    assert "With only this changed" not in text


def test_a_code_that_no_rule_reaches_is_said_to_be_never_reached(people, author):
    version = small_rules.draft(people, small_rules.table(family=["27256", "27257", "27250"]))
    text = page(author, "contrast-codes", version, first="27256", second="27250")
    assert "One of these codes is never reached." in text


def test_a_code_of_another_family_is_refused(people, author):
    text = page(author, "contrast-codes", small_rules.draft(people), first="27256", second="99213")
    assert "Select a valid choice. 99213 is not one of the available choices." in text
    assert "differ in" not in text


def test_one_code_alone_is_not_contrasted(people, author):
    text = page(author, "contrast-codes", small_rules.draft(people), first="27256")
    assert "This field is required." in text
    assert "differ in" not in text
