"""What came back to a coder stands on top of the worklist."""

import pytest
from django.urls import reverse

from reviews.actions import cases, decisions, second_looks
from tests import factories


@pytest.fixture
def disputed(people, hip):
    """A service whose decision waits for a supervisor."""
    service = factories.service(people, hip)
    factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    return factories.service_of(service)


def worklist(client, person):
    client.force_login(person)
    return client.get(reverse("worklist")).content.decode()


def test_a_decision_that_was_taken_back_is_on_top(client, people, disputed):
    decisions.take_back(people["coder"], disputed)
    page = worklist(client, people["coder"])
    assert "Came back to you" in page
    assert "The coder took the decision back" in page
    assert disputed.get_absolute_url() in page


def test_a_case_that_a_supervisor_returned_is_on_top(client, people, disputed):
    case = factories.case_of(disputed)
    cases.claim(people["supervisor"], case)
    second_looks.return_to_coder(
        people["supervisor"], factories.case_of(disputed), "Look at the side again."
    )
    assert "A supervisor returned it" in worklist(client, people["coder"])


def test_what_is_coded_for_the_first_time_did_not_come_back(client, people, hip):
    factories.answer(people["coder"], factories.service(people, hip), {"treatment": "closed"})
    assert "Came back to you" not in worklist(client, people["coder"])


def test_what_came_back_to_another_coder_is_theirs(client, people, disputed):
    decisions.take_back(people["coder"], disputed)
    assert "Came back to you" not in worklist(client, people["coder", 2])
