"""What no family codes: submitted codes with their counts, and the encounters behind each."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coding.intake.records import ServiceLineRecord
from coding.models import RuleSetVersion, ServiceState
from coding.views.pages import ROWS
from reviews.actions import services
from tests import factories

TODAY = date.today()
VISIT, ARTHROGRAM = ServiceLineRecord("99213"), ServiceLineRecord("27093", ("LT",))
HIP = ServiceLineRecord("27256", ("LT",))


@pytest.fixture
def coder(people, client):
    factories.published_hip(people)
    client.force_login(people["coder"])
    return client


def visit(people, *lines, **values):
    return factories.visit(
        people, *lines, **{"date_of_service": TODAY - timedelta(days=3), **values}
    )


def page(coder, **query):
    response = coder.get(reverse("no-family"), query)
    assert response.status_code == 200
    return response


def counts(coder, **query):
    return {
        row["code"]: (row["encounters"], row["to_code"])
        for row in page(coder, **query).context["codes"]
    }


@pytest.fixture
def author(people, coder, client):
    client.force_login(people["rule author"])
    return client


def listed(coder, **query):
    return {encounter.external_id for encounter in page(coder, **query).context["encounters"]}


def test_codes_that_no_family_claims_are_counted_by_encounter(coder, people):
    visit(people, HIP, VISIT)
    visit(people, VISIT, ARTHROGRAM)
    assert counts(coder) == {"99213": (2, 2), "27093": (1, 1)}


def test_a_code_leads_to_its_encounters(coder, people):
    wanted = visit(people, HIP, VISIT)
    visit(people, ARTHROGRAM)
    assert listed(coder, code="99213") == {wanted.external_id}
    assert listed(coder, code="27256") == set()


def test_days_and_state_narrow_it(coder, people):
    visit(people, VISIT, date_of_service=TODAY - timedelta(days=500))
    assert counts(coder) == {}
    assert counts(coder, served_from="2020-01-01") == {"99213": (1, 1)}
    assert counts(coder, served_from="2020-01-01", state="final") == {}


def test_an_encounter_whose_family_was_left_is_listed(coder, people):
    service = factories.service_for(visit(people, HIP), "27256")
    response = coder.post(reverse("leave-family", args=[service.public_id]))
    assert response.url == service.encounter.get_absolute_url()
    service.refresh_from_db()
    assert service.state == ServiceState.WITHDRAWN
    assert counts(coder) == {"27256": (1, 1)}


def test_a_family_that_was_opened_by_hand_is_left_by_one_button(coder, people):
    encounter = visit(people)
    version = RuleSetVersion.objects.get()
    service = services.add(people["coder"], encounter, version.rule_set)
    coder.post(reverse("leave-family", args=[service.public_id]))
    service.refresh_from_db()
    assert service.state == ServiceState.WITHDRAWN
    assert page(coder).context["without_service"] == "1"
    assert listed(coder, code="none") == {encounter.external_id}


def test_the_queries_do_not_grow_with_the_rows(coder, people):
    numbers = []
    for _ in range(2):
        visit(people, VISIT)
        with CaptureQueriesContext(connection) as queries:
            page(coder)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]


def test_codes_that_begin_so_are_listed_alone_each_with_its_latest_day(coder, people):
    visit(people, HIP, VISIT, ARTHROGRAM)
    assert counts(coder, begins="99") == {"99213": (1, 1)}
    assert page(coder).context["codes"][0]["latest"] == TODAY - timedelta(days=3)


def test_who_writes_rules_sees_codes_and_counts_and_no_encounter(author, people):
    wanted = visit(people, HIP, VISIT)
    assert counts(author) == counts(author, code="99213") == {"99213": (1, 1)}
    for query in ({}, {"code": "99213"}, {"code": "none"}):
        text = page(author, **query).content.decode()
        assert wanted.external_id not in text
        assert str(wanted.public_id) not in text


def test_lines_that_are_gone_are_not_counted(coder, people):
    sent = visit(people, VISIT, ARTHROGRAM)
    factories.send_again(people, sent, service_lines=(VISIT,))
    assert counts(coder) == {"99213": (1, 1)}


def test_more_codes_than_a_page_holds_stand_on_the_next_one(coder, people):
    visit(people, *(ServiceLineRecord(f"{number:05}") for number in range(10_000, 10_001 + ROWS)))
    assert len(counts(coder)) == ROWS
    assert counts(coder, page=2) == {"10025": (1, 1)}


def test_where_every_code_has_a_family_the_page_says_so(coder):
    assert "Every submitted code of these days belongs to a family" in page(coder).content.decode()
