"""What a person may do is asked of their role and of whether they are active; a refusal says what to do."""

import pytest
from django.core.exceptions import PermissionDenied

from coding.actions.errors import NotAllowed
from coding.actions.require import require
from coding.models import User
from tests import factories


def test_whoever_has_the_permission_goes_on(people):
    require(people["coder"], "coding.add_encounter", "enter encounters")


def test_a_refusal_names_what_was_asked_for_and_whom_to_ask(people):
    with pytest.raises(NotAllowed) as refusal:
        require(people["auditor"], "coding.add_encounter", "enter encounters")
    assert (
        str(refusal.value)
        == "You may not enter encounters. Ask an administrator for the role that may."
    )


def test_a_refusal_is_one_that_django_answers_with_its_page_of_what_is_forbidden(people):
    with pytest.raises(PermissionDenied):
        require(people["auditor"], "coding.add_encounter", "enter encounters")


@pytest.mark.parametrize("superuser", [False, True])
def test_whoever_is_no_longer_active_may_nothing(people, superuser):
    person = people["coder"]
    person.is_superuser, person.is_active = superuser, False
    with pytest.raises(NotAllowed):
        require(person, "coding.add_encounter", "enter encounters")


def test_a_permission_that_does_not_exist_is_had_by_nobody(people):
    for role in ("coder", "supervisor", "administrator"):
        with pytest.raises(NotAllowed):
            require(people[role], "coding.do_everything", "do everything")


def test_a_person_without_a_role_may_nothing(db):
    nobody = User.objects.create_user("nobody", password=factories.PASSWORD)
    with pytest.raises(NotAllowed):
        require(nobody, "coding.view_encounter", "read encounters")
