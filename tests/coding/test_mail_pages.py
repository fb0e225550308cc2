"""The pages that send mail, on a copy that has mail: a forgotten password, and another address."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from coding.models import AuditEvent
from tests import factories, with_mail

pytestmark = pytest.mark.urls(with_mail.__name__)
NEW = "staple battery correct"


@pytest.fixture(autouse=True)
def _mail(settings):
    settings.EMAIL_IS_SET_UP = settings.ACCOUNT_EMAIL_NOTIFICATIONS = True


@pytest.fixture
def coder(people):
    person = people["coder"]
    person.email = "coder@example.org"
    person.save()
    return person


def ask(client, address="coder@example.org"):
    return client.post(reverse("account_reset_password"), {"email": address}, follow=True)


def link(message):
    return re.search(r"http://testserver(\S+)", message.body).group(1)


def may_sign_in(person, password):
    client = Client()
    client.post(reverse("account_login"), {"login": person.username, "password": password})
    return client.get(reverse("worklist")).status_code == 200


def test_the_sign_in_leads_to_the_page_for_a_forgotten_password_which_has_a_form(client, db):
    assert reverse("account_reset_password") in client.get(reverse("account_login")).text
    page = client.get(reverse("account_reset_password"))
    assert 'name="email"' in page.text
    assert "administrator sets" not in page.text


def test_who_forgot_their_password_chooses_another_by_mail(coder, client):
    other = Client()
    other.force_login(coder)
    assert "Look into your mail" in ask(client).text
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["coder@example.org"], "Concord: A new password")
    form = client.get(link(message), follow=True)
    done = client.post(
        form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW}, follow=True
    )
    assert "Your password is changed" in done.text
    assert other.get(reverse("worklist")).status_code == 302
    assert may_sign_in(coder, NEW)
    event = AuditEvent.objects.get(event="user.password_changed")
    assert (event.actor, event.after["by"]) == (coder, "mail")
    assert "Password Reset" in mail.outbox[-1].subject


def test_a_link_counts_once(coder, client):
    ask(client)
    address = link(mail.outbox[0])
    form = client.get(address, follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    assert "This link counts no more" in Client().get(address, follow=True).text


@pytest.mark.parametrize("weak", ["short", "password123", "1234567890"])
def test_a_password_that_is_too_weak_is_not_taken_by_mail_either(coder, client, weak):
    ask(client)
    form = client.get(link(mail.outbox[0]), follow=True)
    client.post(form.redirect_chain[-1][0], {"password1": weak, "password2": weak})
    assert may_sign_in(coder, factories.PASSWORD)


def test_the_page_answers_alike_whether_an_account_has_the_address_or_not(coder, client):
    known, unknown = ask(client), ask(client, "nobody@example.org")
    assert (known.status_code, known.redirect_chain) == (
        unknown.status_code,
        unknown.redirect_chain,
    )
    assert "No account has it" in mail.outbox[-1].body


def test_an_inactive_person_gets_no_link(coder, client):
    coder.is_active = False
    coder.save()
    ask(client)
    assert "No account has it" in mail.outbox[-1].body
    assert "http" not in mail.outbox[-1].body.replace("testserver", "")


def test_a_person_changes_their_address_after_their_password_and_a_mail(coder, client):
    client.force_login(coder)
    asked = client.post(reverse("account_email"), {"email": "new@example.org", "action_add": ""})
    assert asked.url.startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})
    page = client.post(
        reverse("account_email"), {"email": "new@example.org", "action_add": ""}, follow=True
    )
    assert "new@example.org" in page.text
    coder.refresh_from_db()
    assert coder.email == "coder@example.org"
    (message,) = mail.outbox
    assert message.to == ["new@example.org"]
    assert "Confirm the address" in client.get(link(message)).text
    client.post(link(message))
    coder.refresh_from_db()
    assert coder.email == "new@example.org"
    assert mail.outbox[-1].to == ["coder@example.org"]
    event = AuditEvent.objects.get(event="user.email_changed")
    assert event.actor == coder
    assert "example.org" not in str(event.after)


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ("Coder@example.org", "Another account has this address."),
        ("own@example.org", "This is your address already."),
        ("none", "Enter a valid email address."),
    ],
)
def test_an_address_that_cannot_be_taken_is_refused_at_its_field(
    people, coder, client, asked, problem
):
    person = people["coder", 2]
    person.email = "own@example.org"
    person.save()
    client.force_login(person)
    client.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})
    page = client.post(reverse("account_email"), {"email": asked, "action_add": ""})
    assert problem in page.text
    assert mail.outbox == []


@pytest.mark.parametrize("verb", ["action_primary", "action_remove", "action_send"])
def test_no_address_is_taken_without_the_answer_to_its_mail(coder, client, verb):
    client.force_login(coder)
    client.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})
    client.post(reverse("account_email"), {"email": "new@example.org", "action_add": ""})
    for address in ("new@example.org", "coder@example.org"):
        client.post(reverse("account_email"), {"email": address, verb: ""})
    coder.refresh_from_db()
    assert coder.email == "coder@example.org"
    assert len(mail.outbox) == 1


def test_who_asks_for_another_address_twice_has_the_last_one_waiting(coder, client):
    client.force_login(coder)
    client.post(reverse("account_reauthenticate"), {"password": factories.PASSWORD})
    for address in ("one@example.org", "two@example.org", "two@example.org"):
        client.post(reverse("account_email"), {"email": address, "action_add": ""})
    page = client.get(reverse("account_email")).text
    assert "two@example.org" in page
    assert "one@example.org" not in page
