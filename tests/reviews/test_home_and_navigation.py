"""Where each role begins, which places its navigation names, and who hears of a failed replay."""

from datetime import date

import pytest
from django.urls import reverse

from coding.models import Job, User
from reviews.models import ReplayDifference, ReplayProof
from reviews.roles import ROLES
from tests import factories

BEGINS = {
    "coder": "worklist",
    "supervisor": "queue",
    "auditor": "trail",
    "rule author": "rule-sets",
    "rule approver": "rule-sets",
    "administrator": "admin:index",
}
PLACES = {
    "coder": ["Worklist", "My cases", "Claims", "Codes", "Ask", "Uploads", "Rules", "No family"],
    "supervisor": [
        *("Worklist", "Queue", "Queries", "My cases", "Claims", "Codes", "Ask"),
        *("Re-evaluation", "Shadows", "Rules", "No family"),
    ],
    "rule author": ["Codes", "Ask", "Re-evaluation", "Shadows", "Rules", "No family"],
    "rule approver": ["Codes", "Ask", "Re-evaluation", "Shadows", "Rules", "No family"],
    "auditor": [
        "Worklist",
        "Queue",
        "Queries",
        "Claims",
        "Codes",
        "Ask",
        "Uploads",
        "Re-evaluation",
        "Shadows",
        "Rules",
        "Duties",
        "Audit trail",
        "Replay",
        "Operation",
        "No family",
    ],
    "administrator": ["Duties", "Operation", "No family", "Administration"],
}


@pytest.mark.parametrize("role", sorted(ROLES))
def test_everybody_begins_where_their_next_action_is(people, client, role):
    client.force_login(people[role])
    asked_for = "?state=to_code" if role == "coder" else ""
    assert client.get(reverse("home")).url == reverse(BEGINS[role]) + asked_for


def test_a_person_with_two_roles_begins_with_the_work_of_the_first(people, client):
    both = factories.person("supervisor")
    both.groups.add(people["coder"].groups.get())
    client.force_login(User.objects.get(pk=both.pk))
    assert client.get(reverse("home")).url.startswith(reverse("worklist"))


def test_a_person_without_a_role_is_told_whom_to_ask(db, client):
    client.force_login(User.objects.create_user("nobody", password=factories.PASSWORD))
    response = client.get(reverse("home"))
    assert "You have no role yet" in response.content.decode()
    assert response.context["nav_items"] == []


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"administrator"}))
def test_the_navigation_names_the_places_of_a_role_in_the_order_of_its_day(people, client, role):
    client.force_login(people[role])
    page = client.get(reverse("home"), follow=True)
    assert [item.label for item in page.context["nav_items"]] == PLACES[role]


def test_an_administrator_is_led_to_the_administration(people, client):
    client.force_login(people["administrator"])
    page = client.get(reverse("encounter", args=["00000000-0000-0000-0000-000000000000"]))
    assert page.status_code == 403
    assert [item.label for item in page.context["nav_items"]] == PLACES["administrator"]


def test_the_place_where_one_is_stands_out_and_no_other(people, client, hip):
    client.force_login(people["supervisor"])
    for address in (reverse("runs"), reverse("new-run")):
        items = client.get(address).context["nav_items"]
        assert [item.label for item in items if item.active] == ["Re-evaluation"], address


def test_whoever_is_not_signed_in_has_no_navigation_and_no_session_to_keep(db, client):
    page = client.get(reverse("account_login"))
    assert page.context["nav_items"] == []
    assert "session_seconds" not in page.context


def test_whoever_is_signed_in_learns_how_long_a_session_idles(people, client, settings, hip):
    client.force_login(people["coder"])
    assert client.get(reverse("worklist")).context["session_seconds"] == settings.SESSION_COOKIE_AGE


# --- The replays.


@pytest.fixture
def suggestion(people, hip):
    return factories.decide(
        people["coder"], factories.encounter(people, hip), factories.PAVLIK
    ).suggestion


def proof(day, *wrong):
    """A night's proof with the suggestions that came out otherwise."""
    made = ReplayProof.objects.create(day=day, job=Job.objects.create(kind="replay"), suggestions=1)
    for suggestion in wrong:
        ReplayDifference.objects.create(
            proof=made, suggestion=suggestion, problem="Another outcome."
        )
    return made


def test_before_the_first_night_there_is_no_proof_and_no_alarm(people, client):
    client.force_login(people["auditor"])
    page = client.get(reverse("replays"))
    assert "No proof yet" in page.content.decode()
    assert page.context["replay_alarm"] is None


def test_a_difference_is_listed_with_what_is_stored_and_alarms_until_a_night_without_one(
    people, client, suggestion
):
    failed = proof(date(2026, 5, 4), suggestion)
    client.force_login(people["auditor"])
    page = client.get(reverse("replays"))
    text = page.content.decode()
    assert page.context["replay_alarm"] == failed
    for words in ("The replay of 2026-05-04 found", "27256-LT · R32", "Another outcome."):
        assert words in text
    proof(date(2026, 5, 5))
    page = client.get(reverse("replays"))
    assert page.context["replay_alarm"] is None
    assert "Another outcome." in page.content.decode()


def test_an_alarm_of_an_earlier_night_says_nothing_of_the_last_one(people, client, suggestion):
    last = proof(date(2026, 5, 5), suggestion)
    proof(date(2026, 5, 4))
    client.force_login(people["auditor"])
    assert client.get(reverse("replays")).context["replay_alarm"] == last


@pytest.mark.parametrize("role", ["supervisor", "rule author", "coder"])
def test_whoever_does_not_watch_the_proofs_is_not_alarmed(people, client, suggestion, role):
    proof(date(2026, 5, 4), suggestion)
    client.force_login(people[role])
    assert client.get(reverse("rule-sets")).context["replay_alarm"] is None
