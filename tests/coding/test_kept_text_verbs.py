"""Texts that are kept for their author: what stands in the form now, as far as its fields would take it."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from coding.actions.kept_texts import (
    CHOICES,
    KEPT_FOR,
    LONGEST,
    MOST_FIELDS,
    forget,
    forget_old,
    keep,
    kept,
)
from coding.actions.once import once
from coding.models import KeptText

RULING = f"ruling:{uuid.UUID(int=1)}"
DECISION = f"decision:{uuid.UUID(int=2)}"


@pytest.fixture
def person(people):
    return people["supervisor"]


def age(form, by):
    KeptText.objects.filter(form=form).update(kept_at=timezone.now() - by)


def test_where_nothing_was_typed_nothing_is_kept(person):
    assert kept(person, RULING) == {}


def test_what_stands_in_the_form_now_takes_the_place_of_what_stood_there(person):
    keep(person, RULING, {"reason": "The cast.", "code": "27256"})
    keep(person, RULING, {"reason": "The cast position."})
    assert kept(person, RULING) == {"reason": "The cast position."}
    assert KeptText.objects.count() == 1


def test_each_form_and_each_person_has_texts_of_its_own(people, person):
    keep(person, RULING, {"reason": "Mine."})
    keep(person, DECISION, {"reason": "Another form."})
    keep(people["supervisor", 2], RULING, {"reason": "Somebody else's."})
    assert kept(person, RULING) == {"reason": "Mine."}
    assert kept(person, DECISION) == {"reason": "Another form."}
    assert kept(people["supervisor", 2], RULING) == {"reason": "Somebody else's."}


@pytest.mark.parametrize("length", [LONGEST - 1, LONGEST])
def test_a_text_of_the_longest_length_is_kept_whole(person, length):
    keep(person, RULING, {"reason": "x" * length})
    assert kept(person, RULING) == {"reason": "x" * length}


def test_a_text_that_is_too_long_is_kept_up_to_where_its_field_would_take_it(person):
    keep(person, RULING, {"reason": "a" * LONGEST + "b"})
    assert kept(person, RULING) == {"reason": "a" * LONGEST}


def test_of_more_fields_than_a_form_has_the_first_ones_are_kept(person):
    keep(person, RULING, {f"field{number:02}": "x" for number in range(MOST_FIELDS + 5)})
    assert sorted(kept(person, RULING)) == [f"field{number:02}" for number in range(MOST_FIELDS)]


def test_a_character_that_no_database_takes_is_left_out(person):
    keep(person, RULING, {"rea\0son": "The\0 cast."})
    assert kept(person, RULING) == {"reason": "The cast."}


@pytest.mark.parametrize("choice", sorted(CHOICES))
def test_a_choice_is_made_again_on_what_the_page_shows_then(person, choice):
    keep(person, RULING, {choice: "accept", "reason": "The cast."})
    assert kept(person, RULING) == {"reason": "The cast."}


def test_a_form_that_was_taken_is_forgotten_and_no_other(people, person):
    for owner, form in ((person, RULING), (person, DECISION), (people["supervisor", 2], RULING)):
        keep(owner, form, {"reason": "x"})
    forget(person, RULING)
    left = KeptText.objects.order_by("pk").values_list("person", "form")
    assert list(left) == [(person.pk, DECISION), (people["supervisor", 2].pk, RULING)]


def test_a_form_of_which_nothing_is_kept_is_forgotten_without_complaint(person):
    forget(person, RULING)
    assert kept(person, RULING) == {}


def test_what_is_typed_into_the_next_form_of_that_page_is_kept_again(person):
    first, second = uuid.uuid4(), uuid.uuid4()
    keep(person, RULING, {"reason": "First."}, first)
    once(person, first, lambda: "/")
    assert kept(person, RULING) == {}
    keep(person, RULING, {"reason": "Second."}, second)
    assert kept(person, RULING) == {"reason": "Second."}


def test_a_text_without_a_forms_key_is_shown_whatever_was_taken(person):
    keep(person, RULING, {"reason": "Mine."})
    once(person, uuid.uuid4(), lambda: "/")
    assert kept(person, RULING) == {"reason": "Mine."}
    assert forget_old() == 0


def test_texts_are_forgotten_by_their_age_and_counted(person):
    keep(person, RULING, {"reason": "Old."})
    keep(person, DECISION, {"reason": "Not so old."})
    age(RULING, KEPT_FOR + timedelta(minutes=1))
    age(DECISION, KEPT_FOR - timedelta(minutes=1))
    assert forget_old() == 1
    assert kept(person, RULING) == {}
    assert kept(person, DECISION) == {"reason": "Not so old."}


def test_whoever_goes_on_typing_makes_an_old_text_young_again(person):
    keep(person, RULING, {"reason": "Old."})
    age(RULING, KEPT_FOR + timedelta(minutes=1))
    keep(person, RULING, {"reason": "Old and new."})
    assert forget_old() == 0
    assert kept(person, RULING) == {"reason": "Old and new."}
