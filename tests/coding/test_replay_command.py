"""``replay``: every stored suggestion is decided again; one that does not follow is named, and the command fails."""

import io

import pytest
from django.core.management import call_command
from django.db import connection

from coding.actions import rule_sets
from coding.decision import Known
from coding.models import FactProfile, Suggestion
from coding.rules import profiles, suggesting
from coding.trail import guards
from tests import factories, small_rules


def replay():
    """What the command prints, and its exit status."""
    out = io.StringIO()
    try:
        call_command("replay", stdout=out)
    except SystemExit as end:
        return out.getvalue(), end.code
    return out.getvalue(), 0


def suggestion(version, *, held=True, drug="none"):
    profile = profiles.intern_profile(version.rule_set, {"held": Known(held), "drug": Known(drug)})
    return suggesting.suggest(profile, version.document)


def test_where_nothing_was_suggested_there_is_nothing_to_replay(db):
    assert replay() == ("replayed: 0 the same, 0 different\n", 0)


def test_suggestions_of_drafts_and_of_retired_versions_follow_again(people):
    version = small_rules.published(people)
    suggestion(version)
    suggestion(version, drug="sleep")
    rule_sets.retire(people["rule approver"], version)
    draft = small_rules.draft(people, small_rules.table(name="Draft"))
    suggestion(draft)
    rule_sets.save(people["rule author"], draft)
    assert replay() == ("replayed: 3 the same, 0 different\n", 0)


@pytest.mark.django_db(transaction=True)
def test_a_suggestion_that_somebody_changed_is_named_and_the_command_fails(people):
    version = small_rules.published(people)
    untouched, changed = suggestion(version), suggestion(version, held=False)
    guards.lift(connection)
    decision = {**untouched.decision, "rule": "R3"}
    Suggestion.objects.filter(pk=changed.pk).update(decision=decision)
    out, status = replay()
    assert status == 1
    assert out.splitlines() == [
        f"Suggestion {changed.pk} ({changed}) does not follow from its facts any more.",
        "replayed: 1 the same, 1 different",
    ]


@pytest.mark.django_db(transaction=True)
def test_facts_that_the_rules_do_not_know_are_a_difference_and_the_others_are_still_replayed(
    people,
):
    version = small_rules.published(people)
    changed, untouched = suggestion(version, held=False), suggestion(version)
    guards.lift(connection)
    FactProfile.objects.filter(pk=changed.profile_id).update(facts={"held": "perhaps"})
    out, status = replay()
    assert status == 1
    assert f"Suggestion {changed.pk} " in out
    assert f"Suggestion {untouched.pk} " not in out
    assert out.endswith("replayed: 1 the same, 1 different\n")


def lines_with_facts(record):
    return [line for line in record["trace"] if line.get("facts")]


def test_the_order_in_which_a_trace_lists_facts_proves_nothing(people, hip):
    """Earlier editions listed them in another one."""
    stored = factories.decide(
        people["coder"], factories.service(people, hip), factories.PAVLIK
    ).suggestion
    several = [line for line in lines_with_facts(stored.decision) if len(line["facts"]) > 1]
    assert several
    for line in several:
        line["facts"].reverse()
    assert suggesting.replays(stored)


def test_another_fact_in_a_trace_is_a_difference(people):
    stored = suggestion(small_rules.published(people))
    lines_with_facts(stored.decision)[0]["facts"] = []
    assert not suggesting.replays(stored)
