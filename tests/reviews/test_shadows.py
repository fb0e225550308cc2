"""Shadow versions: what a version would have made of new decisions, without anybody's decision changing."""

import pytest

from coding.actions import rule_sets
from coding.actions.errors import Conflict, NotAllowed
from coding.decision import FactError
from coding.models import Rule
from coding.rules import suggesting
from reviews.actions import shadows
from reviews.models import CodingDecision, FinalCode, ReviewCase, ShadowResult
from tests import factories


def standing(people, hip):
    return shadows.start(people["rule author"], factories.draft_without_harness(people, hip))


@pytest.fixture
def watch(standing):
    return standing


def decide(people, hip, facts):
    return factories.decide(people["coder"], factories.encounter(people, hip), facts)


def test_new_decisions_are_evaluated_and_differences_kept_apart(people, hip, watch):
    differing = decide(people, hip, factories.PAVLIK)
    decide(people, hip, factories.REDUCED)
    assert watch.results.count() == 2
    result = watch.results.get(differs=True)
    assert (result.decision, result.reported, result.rule_id) == (
        differing,
        "supervisor_review",
        "R34",
    )


def test_nothing_else_changes(people, hip, watch):
    decide(people, hip, factories.PAVLIK)
    assert FinalCode.objects.current().get().reported == "27256-LT"
    assert not ReviewCase.objects.exists()


def test_the_shadow_is_the_version_as_it_was_when_it_was_set(people, hip, watch):
    Rule.objects.filter(version=watch.version, rule_id="R34").update(outcome="no_family_code")
    rule_sets.save(people["rule author"], watch.version)
    decide(people, hip, factories.PAVLIK)
    assert watch.results.get().reported == "supervisor_review"


def test_a_shadow_that_has_ended_evaluates_nothing_more(people, hip, watch):
    shadows.end(people["rule author"], watch)
    decide(people, hip, factories.PAVLIK)
    assert not ShadowResult.objects.exists()
    with pytest.raises(Conflict, match="The shadow has ended already"):
        shadows.end(people["rule author"], watch)


def test_a_version_is_a_shadow_once_at_a_time(people, watch):
    with pytest.raises(Conflict, match="shadow already"):
        shadows.start(people["rule author"], watch.version)
    with pytest.raises(NotAllowed, match="may not set shadow versions"):
        shadows.start(people["coder"], watch.version)


def test_a_shadow_that_cannot_decide_does_not_stop_the_coder(people, hip, watch, monkeypatch):
    def fail(*_):
        raise FactError("treatment: the stored answer is none that this version knows.")

    encounter = factories.encounter(people, hip)
    factories.answer(people["coder"], encounter, factories.PAVLIK)
    monkeypatch.setattr(suggesting, "decide_profile", fail)
    factories.decide(people["coder"], encounter, factories.PAVLIK)
    assert CodingDecision.objects.count() == 1
    assert "none that this version knows" in watch.results.get().problem
