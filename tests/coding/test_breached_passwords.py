"""Passwords that were stolen elsewhere: loaded by an operator, refused wherever a password is chosen."""

import hashlib

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse

from coding.accounts.links import link_for
from coding.models import AuditEvent, BreachedPassword, BreachedPasswordList
from tests import factories

STOLEN, RARE, OWN = "correct horse battery staple", "tr0ub4dor and three", "a sentence of my own"


def sha1(password):
    return hashlib.sha1(password.encode()).hexdigest().upper()


@pytest.fixture
def load(tmp_path, db):
    def from_text(text, **options):
        path = tmp_path / "stolen.txt"
        path.write_bytes(text.encode())
        call_command("load_breached_passwords", path, **options)

    return from_text


def is_refused(password):
    try:
        validate_password(password)
    except ValidationError as error:
        return any("stolen" in message for message in error.messages)
    return False


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
def test_a_stolen_password_is_refused_and_another_one_is_not(load, end):
    load(f"{sha1(STOLEN)}:52579{end}")
    assert is_refused(STOLEN)
    assert not is_refused(OWN)


def test_without_a_list_nothing_is_refused_for_it(db):
    assert not is_refused(STOLEN)


def test_hashes_without_counts_and_in_small_letters_are_taken(load):
    load(f"{sha1(STOLEN).lower()}\n{sha1(RARE)}\n")
    assert is_refused(STOLEN)
    assert is_refused(RARE)


def test_what_was_stolen_seldom_is_left_out_where_the_operator_says_so(load, capsys):
    load(f"{sha1(STOLEN)}:52579\n{sha1(RARE)}:3\n", at_least=100)
    assert (is_refused(STOLEN), is_refused(RARE)) == (True, False)
    assert "Loaded 1 stolen passwords" in capsys.readouterr().out


def test_a_list_is_loaded_again_and_added_to(load):
    load(f"{sha1(STOLEN)}:9\n")
    load(f"{sha1(STOLEN)}:10\n{sha1(RARE)}:1\n")
    assert BreachedPassword.objects.count() == 2
    assert BreachedPasswordList.objects.count() == 2


def test_the_trail_tells_which_list_was_loaded(load):
    load(f"{sha1(STOLEN)}:9\n")
    event = AuditEvent.objects.get(event="breached_passwords.loaded")
    assert event.after == {"name": "stolen.txt", "passwords": 1, "at_least": 1}


@pytest.mark.parametrize(
    "bad", ["password123", "5BAA6:17", "", sha1(STOLEN)[:39], f"{sha1(STOLEN)}:many"]
)
def test_a_file_of_something_else_is_refused_whole_and_by_its_line(load, bad):
    with pytest.raises(CommandError, match="Line 2 is no SHA-1"):
        load(f"{sha1(STOLEN)}:1\n{bad}\n{sha1(RARE)}:1\n")
    assert not BreachedPassword.objects.exists()
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("count", ["0", "-1", "often"])
def test_a_count_that_is_none_is_refused(tmp_path, db, count):
    with pytest.raises(CommandError, match="is no count"):
        call_command("load_breached_passwords", str(tmp_path / "none"), f"--at-least={count}")


def test_a_file_that_is_not_there_is_named(tmp_path, db):
    with pytest.raises(CommandError, match=r"none\.txt"):
        call_command("load_breached_passwords", tmp_path / "none.txt")


def test_a_person_is_told_at_the_field_also_by_a_one_time_link(load, people, client):
    load(f"{sha1(STOLEN)}:9\n")
    client.force_login(people["coder"])
    data = {"oldpassword": factories.PASSWORD, "password1": STOLEN, "password2": STOLEN}
    assert "was stolen somewhere" in client.post(reverse("account_change_password"), data).text
    form = client.get(link_for(people["coder"]).path).url
    data = {"new_password1": STOLEN, "new_password2": STOLEN}
    assert "was stolen somewhere" in client.post(form, data).text
    people["coder"].refresh_from_db()
    assert people["coder"].check_password(factories.PASSWORD)
