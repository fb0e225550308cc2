"""The figures for Prometheus: few, right, and for those who have the token."""

import re

import pytest

from coding.models import JobChunk
from coding.work import leases, scheduled, signs
from reviews.actions import replays
from reviews.operation.figures import Figure
from tests import factories

LINE = re.compile(r'concord_[a-z_]+(\{[a-z]+="[a-z_]+"\})? -?[\d.e+]+')


@pytest.fixture
def figures(client, settings, db):
    """The page's figures by name, as somebody with the token reads them."""
    settings.METRICS_TOKEN = "a token"

    def read():
        page = client.get("/metrics", headers={"Authorization": "Bearer a token"}).content.decode()
        lines = [line for line in page.splitlines() if not line.startswith("#")]
        assert all(LINE.fullmatch(line) for line in lines)
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}

    return read


def test_a_new_copy_has_figures_of_nothing(figures):
    read = figures()
    assert (
        read["concord_workers"]
        == read["concord_trail_events"]
        == read['concord_cases_open{state="queued"}']
        == 0
    )
    assert read['concord_scheduled_work_failing{work="anchor"}'] == 1


def test_work_people_and_the_trail_are_counted(figures, people, hip):
    factories.decide(
        people["coder"], factories.encounter(people, hip), factories.PAVLIK, factories.insists()
    )
    signs.give()
    scheduled.run_due()
    read = figures()
    assert read["concord_workers"] == 1
    assert read['concord_cases_open{state="queued"}'] == 1
    assert read["concord_trail_events"] > 0
    assert read['concord_scheduled_work_failing{work="anchor"}'] == 0
    assert read['concord_scheduled_work_done_seconds{work="anchor"}'] > 0
    # The nightly proof was begun, and no worker took it yet.
    assert read["concord_parts_waiting"] == 1
    leases.pump()
    read = figures()
    assert read["concord_parts_waiting"] == read["concord_replay_differences"] == 0
    assert read["concord_replay_proved_seconds"] > 0


def test_what_failed_is_counted(figures, people, hip):
    factories.decide(people["coder"], factories.encounter(people, hip), factories.PAVLIK)
    replays.prove(factories.record().date_of_service)
    JobChunk.objects.update(state="failed")
    leases.close_finished()
    read = figures()
    assert (read["concord_jobs_failed"], read["concord_parts_failed"]) == (1, 1)


def test_no_query_more_is_asked_for_more_rows(figures, people, hip, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        figures()


@pytest.mark.parametrize("token", ["", "Bearer ", "Bearer other", "a token"])
def test_to_whoever_has_no_token_there_is_no_such_page(client, settings, db, token):
    settings.METRICS_TOKEN = "a token"
    assert client.get("/metrics", headers={"Authorization": token}).status_code == 404


@pytest.mark.parametrize("token", ["Bearer ", "Bearer a token"])
def test_without_the_setting_there_is_no_such_page_for_anybody(client, settings, db, token):
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": token}).status_code == 404


def test_a_figure_is_written_with_what_it_tells_and_by_its_label():
    cases = Figure("cases_open", "Open cases.", {"queued": 3.0, "claimed": 0.0}, "state")
    assert list(cases.lines()) == [
        "# HELP concord_cases_open Open cases.",
        "# TYPE concord_cases_open gauge",
        'concord_cases_open{state="queued"} 3',
        'concord_cases_open{state="claimed"} 0',
    ]
    [*_, plain] = Figure("workers", "Workers.", {"": 2.0}).lines()
    assert plain == "concord_workers 2"
