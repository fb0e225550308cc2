"""The worklist as its tests ask for it, and three visits to be found in it."""

from datetime import date

from django.urls import reverse

from coding.actions import encounters
from tests import factories


def visit(people, external_id, **values):
    return encounters.enter(people["coder"], factories.record(external_id=external_id, **values))


def three_visits(people):
    """Three visits of three days; the last day came in first."""
    visit(people, "C-3", date_of_service=date(2026, 5, 3), provider="Dr. Weiss")
    visit(people, "A-1", date_of_service=date(2026, 5, 1), provider="Dr. Falk")
    visit(people, "B-2", date_of_service=date(2026, 5, 2), provider="Dr. Falkner")


def response_to(client, **parameters):
    return client.get(reverse("worklist"), parameters)


def listed(client, **parameters):
    return [
        encounter.external_id for encounter in response_to(client, **parameters).context["page"]
    ]


def text_of(client, **parameters):
    return " ".join(response_to(client, **parameters).content.decode().split())
