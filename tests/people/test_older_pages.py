"""Pages that were opened before somebody else changed what they show: saved, they take nothing of theirs back."""

from collections import defaultdict
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from coding.actions import accounts
from coding.models import Team, User
from reviews.models import FavouriteReason, ReasonUse, RoutingRule
from tests.straight import admin_of, asked

WORDS = (
    "{} was changed meanwhile. Nothing of yours is saved: open it again and take over your changes."
)


class Page:
    """The page of a row as an administrator opened it, with all that it would send back."""

    def __init__(self, administrator, row):
        self.client = Client()
        self.client.force_login(administrator)
        own = row._meta
        self.address = reverse(f"admin:{own.app_label}_{own.model_name}_change", args=[row.pk])
        page = html.fromstring(self.client.get(self.address).text)
        [form] = [form for form in page.forms if form.get("id") == f"{own.model_name}_form"]
        self.fields = defaultdict(list)
        for name, value in form.form_values():
            self.fields[name].append(value)

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
    assert WORDS.format(person) in answer.text
    assert accounts.roles_of(person) == ["auditor", "rule author"]
    assert fresh(person).first_name == person.first_name
    again = Page(people["administrator"], person)
    assert again.save(first_name="Ann").status_code == 302
    assert accounts.roles_of(person) == ["auditor", "rule author"]


def test_who_was_shut_out_since_is_not_let_in_again_nor_an_older_address_put_back(people, page):
    person = people["rule author"]
    User.objects.filter(pk=person.pk).update(is_active=False, email="new@example.org")
    answer = page.save(last_name="Other")
    assert WORDS.format(person) in answer.text
    now = fresh(person)
    assert (now.is_active, now.email) == (False, "new@example.org")


def test_of_two_who_have_a_team_open_the_second_takes_no_member_of_the_first_out(people):
    team = Team.objects.create(name="Hips")
    first, second = (Page(people["administrator", number], team) for number in (1, 2))
    coder, other = people["coder"], people["coder", 2]
    assert first.save(members=[coder.pk]).status_code == 302
    assert WORDS.format("Hips") in second.save(members=[other.pk]).text
    assert list(team.members.all()) == [coder]


def test_of_two_who_have_a_routing_rule_open_the_second_is_told(people):
    rule = RoutingRule.objects.create(name="All", due_in_days=10)
    first, second = (Page(people["administrator", number], rule) for number in (1, 2))
    assert first.save(due_in_days="5").status_code == 302
    assert WORDS.format(rule) in second.save(name="Every case").text
    rule.refresh_from_db()
    assert (rule.name, rule.due_in_days) == ("All", 5)


def test_of_two_who_end_a_favourite_reason_the_second_is_told(people):
    reason = FavouriteReason.objects.create(use=ReasonUse.HOLD, text="Unsigned")
    first, second = (Page(people["administrator", number], reason) for number in (1, 2))
    assert first.save(valid_until="2027-01-31").status_code == 302
    assert WORDS.format("Unsigned") in second.save(valid_until="2028-01-31").text
    reason.refresh_from_db()
    assert str(reason.valid_until) == "2027-01-31"


def test_what_the_page_does_not_show_stays_as_it_became_while_it_was_sent(people):
    """Sessions that were ended, or a password that was changed, at the same instant."""
    person = fresh(people["coder"])
    User.objects.filter(pk=person.pk).update(sessions_ended=1, password="changed")
    person.first_name = "Ann"
    form = SimpleNamespace(changed_data=["first_name", "groups", "seen"])
    admin_of(User).save_model(asked(people["administrator"]), person, form, change=True)
    now = fresh(person)
    assert (now.first_name, now.sessions_ended, now.password) == ("Ann", 1, "changed")


def test_whoever_may_only_read_a_row_is_shown_no_more_of_it(people, client):
    rule = RoutingRule.objects.create(name="All", due_in_days=10)
    User.objects.filter(pk=people["auditor"].pk).update(is_staff=True)
    client.force_login(people["auditor"])
    page = client.get(reverse("admin:reviews_routingrule_change", args=[rule.pk]))
    assert page.status_code == 200
    assert "seen" not in page.text.lower()
