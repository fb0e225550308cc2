"""Which codes and modifiers a decision or a ruling may name, and at which field the others are refused."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from reviews.actions.codes import MOST_LINES, check_code, check_further_lines
from tests import factories

DAY = date(2026, 5, 4)
BEFORE_ANY_LIST = date(2025, 5, 4)


@pytest.fixture
def listed(db):
    """A code list that is in force from 2026 on."""
    factories.fees(date(2026, 1, 1))


def refused(code, modifiers=(), day=DAY, confirmed=False):
    with pytest.raises(ValidationError) as refusal:
        check_code(code, modifiers, day, confirmed=confirmed)
    [(field, [message])] = refusal.value.message_dict.items()
    return field, message


def test_a_listed_code_with_known_modifiers_is_checked(listed):
    assert check_code("27256", ("58", "LT"), DAY, confirmed=False) is True


@pytest.mark.parametrize("written", ["", "     ", "2725", "27256-LT"])
def test_what_is_no_code_is_refused_on_every_day_even_if_it_is_confirmed(listed, written):
    for day in (DAY, BEFORE_ANY_LIST):
        field, message = refused(written, day=day, confirmed=True)
        assert (field, "five characters" in message) == ("code", True)


def test_four_modifiers_are_room_enough_and_a_fifth_is_refused(listed):
    four = ("22", "58", "59", "LT")
    assert check_code("27256", four, DAY, confirmed=False) is True
    field, message = refused("27256", (*four, "76"))
    assert field == "modifiers"
    assert "room for four" in message


def test_a_modifier_that_nobody_knows_is_named(listed):
    field, message = refused("27256", ("LT", "XX"))
    assert field == "modifiers"
    assert message.startswith("XX is no modifier")


def test_a_modifier_that_stands_twice_is_refused(listed):
    field, message = refused("27256", ("LT", "LT"))
    assert (field, "twice" in message) == ("modifiers", True)


def test_a_code_that_the_list_lacks_is_named_with_the_day_even_if_it_is_confirmed(listed):
    field, message = refused("99999", confirmed=True)
    assert field == "code"
    assert message.startswith("99999 is not in the code list of 2026-05-04")


def test_before_the_first_list_a_code_has_to_be_confirmed(listed):
    field, message = refused("27256", day=BEFORE_ANY_LIST)
    assert field == "confirmed"
    assert "No code list is loaded for 2025-05-04, so 27256 could not be checked" in message


def test_a_confirmed_code_passes_and_is_known_to_be_unchecked(listed):
    assert check_code("27256", (), BEFORE_ANY_LIST, confirmed=True) is False


def test_modifiers_are_checked_where_no_list_is_loaded_too(db):
    field, _ = refused("27256", ("XX",), confirmed=True)
    assert field == "modifiers"


def test_there_is_room_for_so_many_further_lines_and_each_code_stands_once(listed):
    lines = [[f"{number:05}", 1] for number in range(MOST_LINES + 1)]
    named = lines
    assert check_further_lines("27256", lines[1:], named, DAY, confirmed=False) is True
    for too_many in (lines, [["27256", 1]], [["27257", 1], ["27257", 2]]):
        with pytest.raises(ValidationError) as refusal:
            check_further_lines("27256", too_many, named, DAY, confirmed=False)
        assert list(refusal.value.message_dict) == ["further_lines"]
