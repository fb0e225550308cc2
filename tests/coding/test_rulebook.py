"""Rows, tables and profiles: what is edited as rows decides as a table, and equal facts are stored once."""

import pytest

from coding.actions import rule_sets
from coding.decision import Known, RuleTable, TableError
from coding.models import FactProfile, RuleSet, Suggestion
from coding.rules import profiles, rulebook, suggesting
from tests import factories
from tests.decision import saying_more
from tests.decision import tables as make


def test_rows_of_a_version_make_the_table_that_they_were_written_from(people):
    draft = factories.draft_hip(people)
    assert rulebook.table_from_rows(draft).content_hash == factories.hip_table().content_hash


def test_services_with_the_same_answers_share_a_profile_and_a_suggestion(people, hip):
    for _ in range(3):
        factories.decide(people["coder"], factories.encounter(people, hip), factories.PAVLIK)
    assert Suggestion.objects.count() == 1
    [profile] = FactProfile.objects.filter(suggestions__isnull=False)
    assert profile.services.count() == 3


def test_numbers_enter_a_profile_as_bands(people):
    age = make.fact("age", "whole_number", minimum=0, maximum=99)
    rules = [make.rule("R1", {"age": {"between": [0, 17]}}), make.rule("LAST", {})]
    table: RuleTable = make.table([age], rules)
    rule_set = RuleSet.objects.create(key="ages", name="Ages")
    rule_sets.draft(people["rule author"], rule_set, table)
    interned = {
        profiles.intern_profile(rule_set, {"age": Known(number)}).pk for number in range(18)
    }
    assert len(interned) == 1
    assert FactProfile.objects.get().facts == {"age": {"band": [0, 17]}}


def test_a_suggestion_is_replayed_from_its_facts_and_its_document(people, hip):
    decision = factories.decide(people["coder"], factories.encounter(people, hip), factories.PAVLIK)
    assert suggesting.replays(decision.suggestion)
    decision.suggestion.decision["rule"] = "R31"
    assert not suggesting.replays(decision.suggestion)


def test_a_draft_holds_whatever_a_rule_table_says(people):
    rule_set = RuleSet.objects.create(key="test", name="Test")
    table = saying_more.table()
    draft = rule_sets.draft(people["rule author"], rule_set, table)
    draft.refresh_from_db()
    assert rulebook.table_from_rows(draft).to_document() == table.to_document()


def test_a_derived_table_is_edited_as_text(people):
    rule_set = RuleSet.objects.create(key="test", name="Test")
    draft = rule_sets.draft(people["rule author"], rule_set, saying_more.table())
    level = draft.facts.get(key="level")
    assert level.derived == "= high\nlength: 2.6..\n= not documented\nready: not documented\n= low"
    level.derived = "length: 2.6..\n= high"
    level.save()
    with pytest.raises(TableError, match="fact level: begin with a value, such as “= high”"):
        rulebook.table_from_rows(draft)
