"""What a coder does with a visit's services: which lines may go, what a service is joined to, and where it moves."""

import uuid

import pytest

from coding.models import Service, ServiceLine
from reviews.forms.services import (
    AddServiceForm,
    JoinServiceForm,
    MoveServiceForm,
    ProposalForm,
    SplitServiceForm,
)
from tests import small_rules

TWO_LINES = [
    ServiceLine(pk=1, code="12345", modifiers=["LT"], units=2),
    ServiceLine(pk=2, code="54321", modifiers=[], units=1),
]


def sent(**written):
    return {"idempotency_key": uuid.uuid4(), "reason": "The note tells of two.", **written}


# Split.


def test_each_line_is_offered_with_its_units_where_there_are_several():
    form = SplitServiceForm(lines=TWO_LINES)
    assert form.fields["lines"].choices == [("1", "12345-LT × 2"), ("2", "54321")]


def test_the_chosen_lines_go_to_the_second_service_and_none_may():
    form = SplitServiceForm(sent(lines=["2"]), lines=TWO_LINES)
    assert form.is_valid()
    assert form.going == [2]

    none = SplitServiceForm(sent(), lines=TWO_LINES)
    assert none.is_valid()
    assert none.going == []


def test_a_single_line_stays_where_it_is():
    for lines in (TWO_LINES[:1], []):
        form = SplitServiceForm(sent(lines=["1"]), lines=lines)
        assert "lines" not in form.fields
        assert form.is_valid()
        assert form.going == []


def test_a_line_of_another_service_is_not_taken_and_a_reason_is_needed():
    form = SplitServiceForm(sent(lines=["3"], reason=" "), lines=TWO_LINES)
    assert sorted(form.errors) == ["lines", "reason"]


# Move.


def standing(people):
    """Two families in force, and one of which there is only a draft."""
    first = small_rules.published(people).rule_set
    second = small_rules.published(people, rules=small_rules.another()).rule_set
    small_rules.draft(people, small_rules.another("draft"))
    return [first, second]


@pytest.fixture
def families(standing):
    return standing


def moves(present, *, withdrawable=False):
    form = MoveServiceForm(present=present, withdrawable=withdrawable)
    return dict(form.fields["to"].choices)


def test_a_service_moves_to_another_family_or_out_of_all_and_never_to_its_own(families):
    first, second = families
    assert moves(first) == {
        str(second.pk): "Move it to Other",
        "none": "Move it out: no rule set codes this",
    }


def test_a_service_of_no_family_moves_to_one_and_not_to_none(families):
    first, second = families
    assert moves(None) == {
        str(first.pk): "Move it to Small",
        str(second.pk): "Move it to Other",
    }


def test_only_what_answers_for_no_line_is_withdrawn(families):
    assert moves(families[0], withdrawable=True)["withdraw"] == (
        "Withdraw it: it answers for no submitted line"
    )
    form = MoveServiceForm(sent(to="withdraw"), present=families[0], withdrawable=False)
    assert list(form.errors) == ["to"]


def moved(to, present):
    form = MoveServiceForm(sent(to=str(to)), present=present, withdrawable=True)
    assert form.is_valid(), form.errors
    return form


def test_what_was_chosen_goes_to_the_verb(families):
    first, second = families
    assert moved(second.pk, first).rule_set == second
    assert moved("none", first).rule_set is None
    assert not moved("none", first).withdraws
    assert moved("withdraw", first).withdraws


def test_where_to_is_asked_for(families):
    form = MoveServiceForm(sent(), present=families[0], withdrawable=True)
    assert form.errors == {"to": ["Choose what becomes of it."]}


# Add, and settle what is proposed.


def test_a_family_is_chosen_and_none_beforehand(families):
    form = AddServiceForm()
    assert form.fields["rule_set"].empty_label == "Choose a family"
    assert form["rule_set"].value() is None
    assert AddServiceForm(sent()).errors == {"rule_set": ["Choose the family that codes it."]}


def test_a_proposal_is_opened_or_dismissed_and_nothing_else(families):
    first, _ = families
    for verb in ("confirm", "dismiss"):
        assert ProposalForm(sent(rule_set=first.pk, verb=verb)).is_valid()
    assert list(ProposalForm(sent(rule_set=first.pk, verb="forget")).errors) == ["verb"]
    assert list(ProposalForm(sent(rule_set=0, verb="confirm")).errors) == ["rule_set"]


# Join.


@pytest.fixture
def others():
    """Two services, of which one answers for a line and for one that a correction took out."""
    first, second = Service(pk=1, number=1), Service(pk=2, number=2)
    lines = [*TWO_LINES, ServiceLine(pk=3, code="99999", modifiers=[], gone_in=2)]
    first._prefetched_objects_cache = {"lines": lines}
    second._prefetched_objects_cache = {"lines": []}
    return [first, second]


def test_each_other_service_is_offered_with_the_lines_that_stand(others):
    form = JoinServiceForm(others=others)
    assert form.fields["into"].choices == [
        ("1", "Service 1: 12345-LT, 54321"),
        ("2", "Service 2: nothing submitted"),
    ]


def test_the_chosen_service_answers_from_now_on(others):
    form = JoinServiceForm(sent(into="2"), others=others)
    assert form.is_valid()
    assert form.owner is others[1]


def test_which_service_is_asked_for(others):
    assert JoinServiceForm(sent(), others=others).errors == {
        "into": ["Choose the service that it is joined to."]
    }
    assert list(JoinServiceForm(sent(into="3"), others=others).errors) == ["into"]
