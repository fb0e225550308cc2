"""The list of provider queries: those that wait, the oldest first, and the others by their state."""

import pytest
from django.urls import reverse

from reviews.actions import queries
from reviews.models import ProviderQuery
from tests import factories


@pytest.fixture
def asked(people, hip):
    """Two queries about two encounters, in the order in which they were asked."""
    cases = [factories.disputed(people, hip) for _ in range(2)]
    return [query_about(people, case) for case in cases]


def query_about(people, case):
    factories.rule(people["supervisor"], case, "provider_query", question="Which side was treated?")
    return ProviderQuery.objects.select_related("service__encounter").get(service=case.service)


def listed(client, **asked):
    page = client.get(reverse("queries"), asked)
    return [query.pk for query in page.context["page"]]


def test_what_waits_is_listed_the_oldest_first_and_what_ended_by_its_state(people, client, asked):
    first, second = asked
    client.force_login(people["supervisor"])
    assert listed(client) == [first.pk, second.pk]
    queries.close(people["supervisor"], first, "The provider has left.")
    assert listed(client) == [second.pk]
    assert listed(client, state="closed") == [first.pk]


def test_what_no_filter_knows_lists_nothing(people, client, asked):
    client.force_login(people["supervisor"])
    assert listed(client, state="lost") == []
