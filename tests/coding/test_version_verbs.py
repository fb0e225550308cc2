"""The life of a rule set version: each verb acts where, and for whom, its table says, and is noted."""

import pytest

from coding.actions import rule_sets
from coding.actions.errors import Conflict, NotAllowed
from coding.actions.rule_sets import Refused
from coding.actions.transitions import VERSION
from coding.models import AuditEvent, RuleSetVersion, VersionState
from tests import factories
from tests.transitions import begins, names, outsiders, refused

VERBS = {
    "discard": rule_sets.discard,
    "submit": rule_sets.submit,
    "return": rule_sets.send_back,
    "publish": rule_sets.publish,
    "retire": rule_sets.retire,
    "put in force again": rule_sets.restore,
}
MAY = {
    "discard": "rule author",
    "submit": "rule author",
    "return": "rule approver",
    "publish": "rule approver",
    "retire": "rule approver",
    "put in force again": "rule approver",
}


@pytest.fixture
def version(people):
    """A version that its author could submit, and somebody else publish."""
    draft = factories.draft_hip(people)
    return put(draft, VersionState.DRAFT)


def put(version, state):
    """Bring a version to a state as if its people had."""
    published = state in (VersionState.PUBLISHED, VersionState.RETIRED)
    RuleSetVersion.objects.filter(pk=version.pk).update(
        state=state,
        effective_from="2026-01-01",
        approver=factories.person("rule approver") if published else None,
        published_at="2026-01-01T00:00:00Z" if published else None,
        retired_at="2026-02-01T00:00:00Z" if state == VersionState.RETIRED else None,
    )
    return RuleSetVersion.objects.get(pk=version.pk)


def noted(version):
    return list(
        AuditEvent.objects.filter(subject_type="coding.rulesetversion").values_list(
            "event", flat=True
        )
    )


def test_every_verb_of_the_table_is_here():
    assert {transition.verb for transition in VERSION} == set(VERBS) == set(MAY)


@pytest.mark.parametrize(("transition", "state"), begins(VERSION), ids=names)
def test_a_verb_leads_where_its_table_says_and_is_noted(people, version, transition, state):
    VERBS[transition.verb](people[MAY[transition.verb]], put(version, state))
    version.refresh_from_db()
    assert (version.state,) == transition.end
    assert noted(version)[-1] == transition.event


@pytest.mark.parametrize(("transition", "state"), refused(VERSION, VersionState), ids=names)
def test_elsewhere_it_is_refused_and_changes_nothing(people, version, transition, state):
    before = noted(version)
    with pytest.raises((Conflict, Refused)):
        VERBS[transition.verb](people[MAY[transition.verb]], put(version, state))
    version.refresh_from_db()
    assert version.state == state
    assert noted(version) == before


@pytest.mark.parametrize(("transition", "role"), outsiders(VERSION), ids=names)
def test_whoever_lacks_the_permission_of_the_table_is_refused(people, version, transition, role):
    before = noted(version)
    with pytest.raises(NotAllowed, match="You may not"):
        VERBS[transition.verb](people[role], put(version, transition.start[0]))
    version.refresh_from_db()
    assert version.state == transition.start[0]
    assert noted(version) == before


def test_a_draft_without_a_first_day_is_not_submitted_and_says_what_it_needs(people, version):
    RuleSetVersion.objects.filter(pk=version.pk).update(effective_from=None)
    with pytest.raises(Refused, match="needs a date"):
        rule_sets.submit(people["rule author"], version)


@pytest.mark.parametrize(
    "state", [VersionState.IN_REVIEW, VersionState.PUBLISHED, VersionState.RETIRED], ids=names
)
def test_what_is_no_draft_is_not_saved_and_says_to_copy_it(people, version, state):
    before = noted(version)
    with pytest.raises(Conflict, match="Copy it as a draft"):
        rule_sets.save(people["rule author"], put(version, state))
    assert noted(version) == before


def test_a_saved_draft_has_its_next_edition_and_its_last_editor(people, version):
    other = people["rule author", 2]
    assert rule_sets.save(other, version) == ""
    now = RuleSetVersion.objects.get(pk=version.pk)
    assert (now.edition, now.last_editor) == (version.edition + 1, other)
