"""A form whose action is signed: which fields it asks for, and when the password is looked at."""

import uuid
from dataclasses import dataclass, field

import pytest
from django import forms
from django.core.exceptions import ValidationError

from coding.forms.parts import IdempotentForm
from coding.forms.signing import SignedForm
from coding.models import Means, ReceivedForm, User
from coding.signing.asking import CODE, PASSWORD
from coding.signing.confirmation import Confirmation

CONFIRMED = Confirmation(1, Means.PASSWORD)


@dataclass
class Asking:
    """Stands for ``Signing``: takes one password, and notes what it was asked."""

    fields: tuple[str, ...] = (PASSWORD,)
    person: User | None = None
    asked: list[tuple[str, str]] = field(default_factory=list)

    def confirm(self, password, code):
        self.asked.append((password, code))
        if password != "right":
            raise ValidationError({PASSWORD: "This is not your password."})
        return CONFIRMED


class Reasoned(SignedForm):
    reason = forms.CharField()


class ReasonedOnce(Reasoned, IdempotentForm):
    """With a key, as most signed forms are."""


def signed(asking, **written):
    return Reasoned({"reason": "It is right.", **written}, signing=asking)


def test_only_what_has_to_be_confirmed_is_asked_for():
    assert list(Reasoned(signing=Asking(())).fields) == ["reason"]
    assert PASSWORD in Reasoned(signing=Asking()).fields
    assert CODE not in Reasoned(signing=Asking()).fields
    assert {PASSWORD, CODE} <= set(Reasoned(signing=Asking((PASSWORD, CODE))).fields)


def test_what_is_missing_is_asked_for_in_words():
    form = signed(Asking((PASSWORD, CODE)))
    assert form.errors == {
        PASSWORD: ["Write your password: it signs this."],
        CODE: ["Write the code of your second factor."],
    }


def test_a_password_is_never_sent_back_to_the_page_and_keeps_its_blanks():
    form = signed(Asking(), **{PASSWORD: " wrong "})
    assert not form.is_signed()
    assert form.signing.asked == [(" wrong ", "")]
    assert " wrong " not in str(form[PASSWORD])
    assert 'autocomplete="current-password"' in str(form[PASSWORD])


def test_what_is_confirmed_is_kept_for_the_verb():
    form = signed(Asking(), **{PASSWORD: "right"})
    assert form.confirmation is None
    assert form.is_signed()
    assert form.confirmation == CONFIRMED


def test_a_wrong_password_is_told_at_its_field_and_signs_nothing():
    form = signed(Asking(), **{PASSWORD: "wrong"})
    assert not form.is_signed()
    assert form.confirmation is None
    assert form.errors == {PASSWORD: ["This is not your password."]}


def test_a_form_that_is_refused_for_something_else_uses_up_no_code():
    form = signed(Asking((PASSWORD, CODE)), reason="", **{PASSWORD: "right", CODE: "123456"})
    assert not form.is_signed()
    assert form.signing.asked == []


def test_the_code_goes_with_the_password():
    form = signed(Asking((PASSWORD, CODE)), **{PASSWORD: "right", CODE: " 123456 "})
    assert form.is_signed()
    assert form.signing.asked == [("right", "123456")]


@pytest.fixture
def taken(people):
    """The key of a form that was taken already, and who sent it."""
    person = people["supervisor"]
    received = ReceivedForm.objects.create(key=uuid.uuid4(), sent_by=person)
    return received.key, person


def sent_again(key, person):
    form = ReasonedOnce(
        {"reason": "It is right.", "idempotency_key": key, PASSWORD: "wrong"},
        signing=Asking(person=person),
    )
    return form, form.is_signed()


def test_a_form_that_was_taken_already_needs_no_password_again(taken):
    form, is_signed = sent_again(*taken)
    assert is_signed
    assert form.signing.asked == []
    assert form.confirmation is None


def test_the_key_of_somebody_else_s_form_spares_nobody_the_password(people, taken):
    key, _ = taken
    assert not sent_again(key, people["supervisor", 2])[1]


def test_a_key_that_nobody_sent_spares_nobody_the_password(people):
    assert not sent_again(uuid.uuid4(), people["supervisor"])[1]
