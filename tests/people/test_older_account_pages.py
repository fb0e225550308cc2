"""The page of an account that was opened before somebody else changed it: saved, it takes nothing of theirs back."""

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from coding.actions import accounts
from coding.models import User
from tests import factories

WORDS = (
    "{} was changed meanwhile. Nothing of yours is saved: open it again and take over your changes."
)


class Page:
    """The page of an account as an administrator opened it."""

    def __init__(self, administrator, person):
        self.client = Client()
        self.client.force_login(administrator)
        self.address = reverse("admin:coding_user_change", args=[person.pk])
        page = html.fromstring(self.client.get(self.address).text)
        [form] = [form for form in page.forms if form.get("id") == "user_form"]
        self.fields = dict(form.form_values())
        self.fields["groups"] = [
            option.get("value")
            for option in form.xpath(".//select[@name='groups']/option[@selected]")
        ]

    def save(self, **changes):
        return self.client.post(self.address, {**self.fields, **changes})


@pytest.fixture
def page(people):
    return Page(people["administrator"], people["rule author"])


def fresh(person):
    return User.objects.get(pk=person.pk)


def test_a_page_that_nobody_was_faster_than_is_saved(people, page):
    assert page.save(first_name="Ann").status_code == 302
    assert fresh(people["rule author"]).first_name == "Ann"
    assert accounts.roles_of(people["rule author"]) == ["rule author"]


def test_a_role_that_was_given_since_stays(people, page):
    person = people["rule author"]
    proposal = accounts.propose_role(people["administrator", 2], person, "auditor")
    accounts.approve(people["administrator", 3], proposal)
    answer = page.save(first_name="Ann")
    assert WORDS.format(person.name) in answer.text
    assert accounts.roles_of(person) == ["auditor", "rule author"]
    assert fresh(person).first_name == person.first_name
    again = Page(people["administrator"], person)
    assert again.save(first_name="Ann").status_code == 302
    assert accounts.roles_of(person) == ["auditor", "rule author"]


def test_who_was_shut_out_since_is_not_let_in_again_nor_an_older_address_put_back(people, page):
    person = people["rule author"]
    User.objects.filter(pk=person.pk).update(is_active=False, email="new@example.org")
    answer = page.save(last_name="Other")
    assert WORDS.format(person.name) in answer.text
    now = fresh(person)
    assert (now.is_active, now.email) == (False, "new@example.org")


def test_an_administrator_sees_the_account_of_a_superuser_and_changes_nothing(people, client):
    root = User.objects.create_superuser("root", password=factories.PASSWORD)
    client.force_login(people["administrator"])
    address = reverse("admin:coding_user_change", args=[root.pk])
    assert client.get(address).status_code in (200, 403)
    assert client.post(address, {"username": "root", "first_name": "Mine"}).status_code == 403
    assert fresh(root).first_name == ""
