"""A form acts once, however often it is sent; a refused one can be mended and sent again."""

import uuid

import pytest
from django.db import IntegrityError

from coding.actions.errors import Conflict
from coding.actions.once import once
from coding.models import ReceivedForm, RuleSet


@pytest.fixture
def acts():
    """How often the verb behind the form has acted."""
    return []


def form(acts, address="/queue/"):
    def act():
        acts.append(address)
        return address

    return act


def test_a_form_that_is_sent_twice_acts_once_and_leads_to_the_same_page(people, acts):
    key = uuid.uuid4()
    addresses = [once(people["coder"], key, form(acts)) for _ in range(2)]
    assert addresses == ["/queue/", "/queue/"]
    assert len(acts) == 1


def test_two_forms_act_both(people, acts):
    for _ in range(2):
        once(people["coder"], uuid.uuid4(), form(acts))
    assert len(acts) == 2


def test_a_form_that_was_refused_can_be_mended_and_sent_again(people, acts):
    key = uuid.uuid4()

    def refuse():
        raise Conflict("Somebody was faster.")

    with pytest.raises(Conflict, match="faster"):
        once(people["coder"], key, refuse)
    assert once(people["coder"], key, form(acts)) == "/queue/"
    assert len(acts) == 1


def test_what_the_verb_wrote_before_it_refused_is_gone(people):
    def write_and_refuse():
        RuleSet.objects.create(key="half", name="Half")
        raise Conflict("Somebody was faster.")

    with pytest.raises(Conflict):
        once(people["coder"], uuid.uuid4(), write_and_refuse)
    assert not RuleSet.objects.filter(key="half").exists()
    assert not ReceivedForm.objects.exists()


def test_the_form_of_somebody_else_is_not_taken_and_leads_nowhere(people, acts):
    key = uuid.uuid4()
    once(people["coder"], key, form(acts))
    with pytest.raises(Conflict, match="Open its page again"):
        once(people["coder", 2], key, form(acts))
    assert len(acts) == 1


def test_a_rule_of_the_database_that_the_verb_breaks_is_not_taken_for_a_second_sending(people):
    RuleSet.objects.create(key="twice", name="Twice")

    def write_it_again():
        RuleSet.objects.create(key="twice", name="Twice")
        return "/"

    with pytest.raises(IntegrityError):
        once(people["coder"], uuid.uuid4(), write_it_again)
