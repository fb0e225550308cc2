"""What nobody claims, by code with counts: which lines count, in which order, filtered and page by page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from coding.intake.records import ServiceLineRecord
from coding.models import Service, ServiceState
from coding.views.pages import ROWS
from tests import factories, small_rules

LINES = tuple(map(ServiceLineRecord, ("99213", "12001", "99213", "27256")))


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def author(people, client):
    small_rules.published(people)
    client.force_login(people["rule author"])
    return client


def listed(client, **asked):
    page = client.get(reverse("unclaimed"), asked).context["page"]
    return [(row["code"], row["lines"]) for row in page]


def test_codes_that_no_family_claims_are_listed_the_most_frequent_first(people, author, today):
    factories.visit(people, *LINES, date_of_service=today)
    assert listed(author) == [("99213", 2), ("12001", 1)]
    assert listed(author, code="12") == [("12001", 1)]


def test_the_last_quarter_counts_unless_days_are_chosen(people, author, today):
    long_ago = today - timedelta(days=200)
    factories.visit(people, ServiceLineRecord("12001"), date_of_service=long_ago)
    assert listed(author) == []
    assert listed(author, served_from=long_ago.isoformat()) == [("12001", 1)]
    assert listed(author, served_from=long_ago.isoformat(), served_until="2020-01-01") == []
    assert "None" in author.get(reverse("unclaimed")).content.decode()


def test_lines_that_are_gone_or_void_are_not_counted(people, author, today):
    visit = factories.visit(people, *LINES, date_of_service=today)
    factories.send_again(people, visit, service_lines=LINES[:1])
    assert listed(author) == [("99213", 1)]
    Service.objects.filter(encounter=visit).update(state=ServiceState.WITHDRAWN)
    assert listed(author) == []


def test_more_codes_than_a_page_holds_stand_on_the_next_one(people, author, today, django_assert_max_num_queries):
    lines = [ServiceLineRecord(f"{number:05}") for number in range(10_000, 10_001 + ROWS)]
    factories.visit(people, *lines, date_of_service=today)
    assert len(listed(author)) == ROWS
    with django_assert_max_num_queries(12):
        assert listed(author, page=2) == [("10025", 1)]


def test_the_list_tells_of_codes_and_of_no_encounter(people, author, today):
    visit = factories.visit(people, *LINES, date_of_service=today)
    page = author.get(reverse("unclaimed")).content.decode()
    assert visit.external_id not in page
    assert str(visit.public_id) not in page
