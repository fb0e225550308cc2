"""Nobody types another person's password: who is new, or forgot theirs, chooses one by a link that works once."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from coding.accounts.links import link_for
from coding.actions import accounts
from coding.actions.errors import NotAllowed
from coding.models import AccountProposal, AuditEvent, User
from tests import factories

CHOSEN = "correct horse battery"


@pytest.fixture
def admin(people, client):
    client.force_login(people["administrator"])
    return client


def page_of(person):
    return reverse("admin:auth_user_password_change", args=[person.pk])


def shown(response):
    """The path of the link that a page shows."""
    return re.search(r'value="http://testserver(/password/[^"]+)"', response.text).group(1)


def choose(client, path, password=CHOSEN):
    client.logout()
    form = client.get(path, follow=True)
    return client.post(
        form.request["PATH_INFO"], {"new_password1": password, "new_password2": password}
    )


def signs_in(client, person, password):
    client.logout()
    client.post(reverse("account_login"), {"login": person.username, "password": password})
    return "_auth_user_id" in client.session


def test_a_new_account_has_no_password_until_its_person_chooses_one(admin, client):
    made = admin.post(
        reverse("admin:coding_user_add"), {"username": "new", "first_name": "New"}, follow=True
    )
    person = User.objects.get(username="new")
    assert not person.has_usable_password()
    assert made.request["PATH_INFO"] == page_of(person)
    path = shown(admin.post(page_of(person)))
    assert choose(client, path).url == reverse("account_login")
    assert signs_in(client, person, CHOSEN)


def test_a_link_ends_the_password_and_the_sessions_of_the_person(people, admin, client):
    coder = people["coder"]
    session = client.__class__()
    session.force_login(coder)
    admin.post(page_of(coder))
    assert session.get(reverse("worklist")).status_code == 302
    assert not signs_in(client, coder, factories.PASSWORD)


def test_a_link_works_once(people, admin, client):
    path = shown(admin.post(page_of(people["coder"])))
    choose(client, path)
    again = client.get(path, follow=True)
    assert "This link is not good any more" in again.text


def test_a_newer_link_makes_the_older_one_worthless(people, admin, client):
    older = shown(admin.post(page_of(people["coder"])))
    newer = shown(admin.post(page_of(people["coder"])))
    assert "not good any more" in client.get(older, follow=True).text
    assert "Choose your password" in client.get(newer, follow=True).text


def test_a_link_is_over_after_its_time(people, admin, client, settings):
    path = shown(admin.post(page_of(people["coder"])))
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "not good any more" in client.get(path, follow=True).text


def test_a_weak_password_is_refused_and_the_link_stays_good(people, admin, client):
    path = shown(admin.post(page_of(people["coder"])))
    assert "too common" in choose(client, path, "password").text
    assert choose(client, path).status_code == 302


def test_a_link_of_another_person_or_of_nobody_is_not_good(people, client):
    path = link_for(people["coder"]).path
    other = link_for(people["supervisor"]).path
    mixed = "/".join([*path.split("/")[:3], other.split("/")[3], ""])
    for odd in (mixed, reverse("one-time-link", args=["AAAA", "nonsense"])):
        assert "not good any more" in client.get(odd, follow=True).text


def test_the_link_of_who_may_not_sign_in_any_more_is_not_good(people, client):
    path = link_for(people["coder"]).path
    User.objects.filter(pk=people["coder"].pk).update(is_active=False)
    assert "not good any more" in client.get(path, follow=True).text


def test_the_trail_tells_who_made_the_link_and_that_the_person_used_it(people, admin, client):
    coder = people["coder"]
    choose(client, shown(admin.post(page_of(coder))))
    made, used = (AuditEvent.objects.get(event=f"user.link_{done}") for done in ("made", "used"))
    assert (made.actor, used.actor) == (people["administrator"], coder)
    assert made.subject_id == used.subject_id == str(coder.pk)


def test_no_field_of_the_administration_takes_a_password(people, admin, client):
    coder = people["coder"]
    admin.post(
        page_of(coder), {"password1": CHOSEN, "password2": CHOSEN, "usable_password": "true"}
    )
    assert not User.objects.get(pk=coder.pk).check_password(CHOSEN)
    assert 'type="password"' not in admin.get(page_of(coder)).text
    assert 'type="password"' not in admin.get(reverse("admin:coding_user_add")).text


def test_a_link_for_who_decides_takes_two_administrators(people, admin, client):
    supervisor = people["supervisor"]
    assert "another administrator approves the link" in admin.get(page_of(supervisor)).text
    admin.post(page_of(supervisor))
    assert User.objects.get(pk=supervisor.pk).check_password(factories.PASSWORD)
    proposal = AccountProposal.objects.get()
    assert admin.post(proposal.get_absolute_url(), {"verb": "approve"}).status_code == 403
    client.force_login(people["administrator", 2])
    path = shown(client.post(proposal.get_absolute_url(), {"verb": "approve"}))
    assert choose(client, path).status_code == 302
    assert User.objects.get(pk=supervisor.pk).check_password(CHOSEN)


def test_the_address_to_which_a_link_for_who_decides_is_mailed_is_changed_by_nobody_else(
    people, admin
):
    supervisor = people["supervisor"]
    address = reverse("admin:coding_user_change", args=[supervisor.pk])
    groups = [group.pk for group in supervisor.groups.all()]
    form = {
        "username": supervisor.username,
        "is_active": "on",
        "groups": groups,
        "email": "mine@example.org",
    }
    assert admin.post(address, form).status_code == 302
    assert User.objects.get(pk=supervisor.pk).email == ""


def test_one_administrator_makes_no_link_for_a_superuser(people, client):
    root = User.objects.create_superuser("root", password=factories.PASSWORD)
    with pytest.raises(NotAllowed):
        accounts.make_link(people["administrator"], root)
    other = User.objects.create_superuser("other")
    proposal = accounts.make_link(other, root)
    assert isinstance(proposal, AccountProposal)
    with pytest.raises(NotAllowed):
        accounts.approve(people["administrator"], proposal)


def test_ones_own_password_is_changed_on_the_page_of_the_account(people, admin):
    own = people["administrator"]
    for response in (admin.get(page_of(own)), admin.post(page_of(own))):
        assert response.url == reverse("account_change_password")
    with pytest.raises(NotAllowed):
        accounts.make_link(own, own)


@pytest.mark.parametrize("role", ["rule author", "rule approver", "coder", "supervisor", "auditor"])
def test_nobody_but_an_administrator_makes_links(people, client, role):
    client.force_login(people[role])
    assert client.post(page_of(people["coder", 2])).status_code in (302, 403)
    assert User.objects.get(pk=people["coder", 2].pk).check_password(factories.PASSWORD)


def test_where_mail_is_set_up_the_link_goes_to_its_person_and_is_shown_to_nobody(
    people, admin, settings
):
    settings.EMAIL_IS_SET_UP = True
    User.objects.filter(pk=people["coder"].pk).update(email="coder@example.org")
    response = admin.post(page_of(people["coder"]), follow=True)
    assert "http://testserver/password/" not in response.text
    [message] = mail.outbox
    assert message.to == ["coder@example.org"]
    assert "http://testserver/password/" in message.body
