"""Fact profiles: equal facts are one row, numbers are bands, and many are decided as each by itself."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from coding.actions import rule_sets
from coding.decision import NOT_DOCUMENTED, DecisionError, FactError, Known
from coding.models import Answer, DistinctAnswer, FactProfile, Suggestion
from coding.rules import profiles, rulebook, suggesting
from tests import small_rules

AWAKE = {"held": Known(True), "drug": Known("none")}
ASLEEP = {"held": Known(True), "drug": Known("sleep")}
AGE = {
    "key": "age",
    "kind": "whole_number",
    "label": "Age",
    "question": "How old?",
    "minimum": 0,
    "maximum": 99,
}


def standing(people):
    return small_rules.published(people)


@pytest.fixture
def version(standing):
    return standing


def by_age(*, first_code_until):
    """A table that tells ages apart at one place."""
    rules = small_rules.document()["rules"]
    rules[0]["rows"] = [{"age": {"between": [None, first_code_until]}}]
    return small_rules.table(facts=[AGE, small_rules.HELD, small_rules.DRUG], rules=rules)


def profile(version, facts):
    return profiles.intern_profile(version.rule_set, facts)


# Interning ----------------------------------------------------------------------------------------


def test_equal_facts_are_one_profile_in_whatever_order_they_were_answered(version):
    turned = dict(reversed(AWAKE.items()))
    assert profile(version, AWAKE) == profile(version, turned)
    assert profile(version, ASLEEP) != profile(version, AWAKE)
    assert FactProfile.objects.count() == 2
    assert DistinctAnswer.objects.count() == 3


def test_another_rule_set_has_profiles_and_numbers_of_its_own(people, version):
    other = small_rules.published(people, rules=small_rules.another())
    own, foreign = profile(version, AWAKE), profile(other, AWAKE)
    assert own != foreign
    assert own.content_hash == foreign.content_hash
    assert own.answers != foreign.answers


def test_silence_is_an_answer_and_no_answer_is_none(version):
    silent, unanswered = profile(version, {"held": NOT_DOCUMENTED}), profile(version, {})
    assert silent.facts == {"held": {"state": "not_documented"}}
    assert unanswered.facts == {}
    assert bytes(unanswered.answers) == b""


def test_the_database_holds_each_combination_and_each_answer_once(version):
    first = profile(version, AWAKE)
    same = {"rule_set": version.rule_set, "content_hash": first.content_hash}
    with pytest.raises(IntegrityError), transaction.atomic():
        FactProfile.objects.create(**same, facts={}, answers=b"")
    answer = DistinctAnswer.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        DistinctAnswer.objects.create(
            rule_set=answer.rule_set, fact="held", value=True, content_hash=answer.content_hash
        )


def test_a_number_is_kept_as_the_band_that_the_versions_tell_apart(people):
    version = small_rules.published(people, rules=by_age(first_code_until=17))
    young, also_young = profile(version, {"age": Known(3)}), profile(version, {"age": Known(17)})
    assert young == also_young
    assert young.facts == {"age": {"band": [0, 17]}}
    assert profile(version, {"age": Known(18)}).facts == {"age": {"band": [18, 99]}}


def test_a_draft_cuts_bands_too_and_a_retired_version_no_more(people):
    version = small_rules.published(people, rules=by_age(first_code_until=17))
    small_rules.draft(people, by_age(first_code_until=5))
    assert profile(version, {"age": Known(3)}).facts == {"age": {"band": [0, 5]}}
    assert profile(version, {"age": Known(9)}).facts == {"age": {"band": [6, 17]}}
    rule_sets.retire(people["rule approver"], version)
    assert profile(version, {"age": Known(9)}).facts == {"age": {"band": [6, 99]}}


def test_a_fact_is_too_wide_where_a_new_version_cuts_a_band_that_is_stored(people):
    version = small_rules.published(people, rules=by_age(first_code_until=17))
    profile(version, {"age": Known(3), "held": Known(True)})
    same_cut, new_cut = by_age(first_code_until=17), by_age(first_code_until=5)
    assert profiles.too_wide(version.rule_set, same_cut) == set()
    assert profiles.too_wide(version.rule_set, new_cut) == {"age"}


def test_answers_that_a_new_version_does_not_know_are_never_too_wide(people):
    version = small_rules.published(people, rules=by_age(first_code_until=17))
    profiles.number(version.rule_set, [("age", "young"), ("colour", "red")])
    assert profiles.too_wide(version.rule_set, by_age(first_code_until=5)) == set()


# Deciding -----------------------------------------------------------------------------------------


def test_many_profiles_are_decided_as_each_of_them_by_itself(version):
    facts = [AWAKE, ASLEEP, {"held": Known(False)}, {"held": NOT_DOCUMENTED, "drug": Known("none")}]
    stored = [profile(version, own) for own in facts]
    decide = profiles.decider(version.rule_set_id, version.document)
    together = decide([own.answers for own in stored])
    apart = [suggesting.decide_profile(own, version.document) for own in stored]
    assert [decision.to_data() for decision in together] == [
        decision.to_data() for decision in apart
    ]
    assert [decision.outcome.code for decision in together] == ["27256", "27257", "", ""]


def test_an_answer_that_the_rules_do_not_know_spoils_its_own_profile_only(version):
    known = profile(version, AWAKE)
    numbers = profiles.number(version.rule_set, [("held", "perhaps")])
    decide = profiles.decider(version.rule_set_id, version.document)
    spoiled, decided = decide([profiles.pack(sorted(numbers.values())), known.answers])
    assert isinstance(spoiled, (DecisionError, FactError))
    assert decided.outcome.code == "27256"


def test_a_profile_that_came_later_is_decided_too(version):
    first = profile(version, AWAKE)
    assert len(profiles.decider(version.rule_set_id, version.document)([first.answers])) == 1
    later = profile(version, ASLEEP)
    [decision] = profiles.decider(version.rule_set_id, version.document)([later.answers])
    assert decision.outcome.code == "27257"


# Suggestions --------------------------------------------------------------------------------------


def test_what_is_suggested_once_is_the_same_row_ever_after(version):
    first = suggesting.suggest(profile(version, AWAKE), version.document)
    assert suggesting.suggest(profile(version, AWAKE), version.document) == first
    assert (first.code, first.modifiers, first.rule_id) == ("27256", ["LT"], "R1")
    assert (first.reported, first.message) == ("27256-LT", "Held without a drug.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Suggestion.objects.create(
            profile=first.profile, document=first.document, rule_id="R1", decision={}
        )


def test_each_content_has_a_suggestion_of_its_own(people, version):
    other = small_rules.published(people, date(2026, 2, 1), small_rules.table(name="Renamed"))
    own = profile(version, AWAKE)
    assert suggesting.suggest(own, version.document) != suggesting.suggest(own, other.document)


def test_while_answers_are_missing_nothing_is_suggested(version):
    held = {"held": Known(True)}
    assert suggesting.suggest(profile(version, held), version.document) is None
    assert suggesting.passing_suggestion(held, version.document) is None
    decision = suggesting.decide_profile(profile(version, held), version.document)
    with pytest.raises(ValueError, match="lacks answers is no suggestion"):
        suggesting.unsaved_suggestion(profile(version, held), version.document, decision)
    assert not Suggestion.objects.exists()


def test_a_suggestion_in_passing_says_the_same_and_stores_nothing(version):
    passing = suggesting.passing_suggestion(AWAKE, version.document)
    assert not Suggestion.objects.exists()
    assert not FactProfile.objects.exists()
    stored = suggesting.suggest(profile(version, AWAKE), version.document)
    assert (passing.code, passing.modifiers, passing.decision) == (
        stored.code,
        stored.modifiers,
        stored.decision,
    )


def test_of_answers_those_count_that_the_rules_know(version):
    table = rulebook.table_of(version.document)
    given = {"held": True, "drug": "ether", "colour": "red"}
    answers = {fact: Answer(fact=fact, value=value) for fact, value in given.items()}
    assert rulebook.facts_of(answers, table) == {"held": Known(True)}


def test_one_content_is_one_table(people, version):
    twin = small_rules.draft(people)
    assert rulebook.table_of(version.document) is rulebook.table_of(twin.document)
