"""What a run found: listed, filtered, exported, valued, beside another run, and ruled on in clusters."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from coding.actions import fee_schedules
from coding.actions.errors import Conflict
from coding.decision import OutcomeKind
from coding.models import AuditEvent, Encounter, EncounterState
from coding.tables import workbook
from coding.tables.csv_lines import read_lines
from reviews.actions import cases
from reviews.actions.adjudications import Adjudication
from reviews.actions.rulings import rule_cluster
from reviews.models import CaseCluster, FinalCode, ReviewCase, RulingKind, RunMode
from reviews.reevaluation.comparing import differences
from reviews.reevaluation.report import Report
from tests import factories

FEES = """hcpcs,mod,status_code,work_rvu,non_facility_total,facility_total,glob_days
27256,,A,4.12,9.00,6.50,010
27257,,A,5.22,12.00,11.00,010
"""


def standing(people, hip):
    for number, facts in enumerate((factories.PAVLIK, factories.PAVLIK, factories.REDUCED)):
        encounter = factories.encounter(people, hip, external_id=f"=E-{number}")
        factories.decide(people["coder"], encounter, facts)
    return factories.finished(people, factories.draft_without_harness(people, hip))


@pytest.fixture
def run(standing):
    return standing


@pytest.fixture
def supervisor(people, client):
    client.force_login(people["supervisor"])
    return client


def listed(client, run, **parameters):
    return client.get(reverse("run-changes", args=[run.public_id]), parameters).content.decode()


def test_the_list_tells_what_changes_and_because_of_which_answers(supervisor, run):
    page = listed(supervisor, run)
    assert page.count("27256-LT") >= 2
    assert "R32" in page
    assert "R34" in page
    assert "pavlik" in page.lower()
    assert "=E-2" not in page


@pytest.mark.parametrize(
    ("parameters", "count"),
    [
        ({"new": "supervisor_review"}, 2),
        ({"new_rule": "R34"}, 2),
        ({"ending": "error"}, 0),
        ({"final": "ruled"}, 0),
    ],
)
def test_the_list_is_narrowed(supervisor, run, parameters, count):
    assert listed(supervisor, run, **parameters).count("row-link") == count


def test_a_file_holds_every_change_and_no_formula(supervisor, run):
    response = supervisor.post(reverse("export-run", args=[run.public_id, "csv"]))
    header, *rows = read_lines(b"".join(response.streaming_content))
    assert [row.cells[1] for row in rows] == ["=E-0", "=E-1"]
    assert dict(zip(header.cells, rows[0].cells, strict=True))["contradicts_final_code"] == "yes"
    response = supervisor.post(reverse("export-run", args=[run.public_id, "xlsx"]))
    book = workbook.read_workbook(b"".join(response.streaming_content))
    assert [row[1] for row in book["Changes"]] == ["external_id", "=E-0", "=E-1"]
    assert AuditEvent.objects.filter(event="run.exported").count() == 2


def test_a_file_of_another_format_is_not_there(supervisor, run):
    assert supervisor.get(reverse("export-run", args=[run.public_id, "pdf"])).status_code == 404


def test_the_list_of_a_run_that_is_not_done_is_refused(people, hip, supervisor):
    run = factories.planned(people, hip)
    assert supervisor.get(reverse("run-changes", args=[run.public_id])).status_code == 409


def test_without_a_fee_schedule_no_value_is_shown(run):
    report = Report(run)
    assert not report.is_valued
    assert report.worth["unvalued"] == 2


def test_what_the_flips_are_worth_is_summed_up_and_down_apart(people, hip):
    fee_schedules.load(None, FEES.encode(), date(2026, 1, 1), "test")
    for place in ("11", "22"):
        encounter = factories.encounter(people, hip, place_of_service=place)
        factories.decide(people["coder"], encounter, factories.PAVLIK)
    run = factories.finished(people, factories.draft_without_harness(people, hip))
    worth = Report(run).worth
    assert (worth["work_down"], worth["work_up"]) == (Decimal("8.24"), 0)
    assert (worth["total_down"], worth["unvalued"]) == (Decimal("15.50"), 0)


def test_two_runs_are_set_side_by_side(people, hip, supervisor, run):
    same = factories.finished(people, hip)
    [difference] = differences(run, same)
    assert (difference.old, difference.first, difference.second) == (
        "27256-LT",
        "supervisor_review",
        "27256-LT",
    )
    assert difference.services == 2
    assert [(row.first, row.second) for row in differences(same, run)] == [
        ("27256-LT", "supervisor_review")
    ]
    assert differences(run, run) == []
    address = reverse("compare-runs", args=[run.public_id])
    page = supervisor.get(address, {"other": same.public_id}).content.decode()
    assert "Supervisor review" in page


def test_every_run_can_be_set_beside_another_however_many_there_are(
    people, supervisor, run, monkeypatch
):
    same = factories.finished(people, run.version)
    monkeypatch.setattr("coding.views.pages.ROWS", 1)
    newest = factories.finished(people, run.version)
    address = reverse("compare-runs", args=[run.public_id])
    second = supervisor.get(address, {"page": 2})
    assert [choice.pk for choice in second.context["page"]] == [same.pk]
    beside = supervisor.get(address, {"other": same.public_id})
    assert (beside.context["other"], list(beside.context["page"])) == (same, [newest])
    assert "No difference" in beside.content.decode()


@pytest.mark.parametrize(
    "other", ["", "none-such", "00000000-0000-0000-0000-000000000000", "itself"]
)
def test_a_run_that_cannot_be_compared_with_is_not_compared_with(supervisor, run, other):
    asked = {"other": run.public_id if other == "itself" else other}
    page = supervisor.get(reverse("compare-runs", args=[run.public_id]), asked)
    assert (page.status_code, page.context["other"]) == (200, None)
    assert "No other run" in page.content.decode()


def test_a_page_of_a_run_in_each_state_says_what_can_be_done(people, hip, supervisor):
    run = factories.planned(people, hip)
    address = run.get_absolute_url()
    assert "Nothing has been decided yet" in supervisor.get(address).content.decode()
    for verb, expected in (
        ("launch", "Queued"),
        ("pause", "Resume"),
        ("resume", "Pause"),
        ("cancel", "Cancelled"),
    ):
        page = supervisor.post(reverse(f"{verb}-run", args=[run.public_id]), follow=True)
        assert expected in page.content.decode()
    assert supervisor.post(reverse("launch-run", args=[run.public_id])).status_code == 409


@pytest.fixture
def cluster(people, run):
    version = factories.publish(people, run.version, date(2026, 2, 1))
    factories.finished(people, version, mode=RunMode.APPLY)
    return CaseCluster.objects.get()


def test_one_ruling_adjudicates_a_whole_cluster(people, cluster):
    finding = Adjudication(
        RulingKind.OTHER_CODE, "As the payer asks.", OutcomeKind.CODE, "27257", ("LT",)
    )
    ruled = rule_cluster(people["supervisor"], cluster, finding)
    assert (ruled.cases, ruled.left) == (2, 0)
    final = FinalCode.objects.current().filter(ruling__isnull=False)
    assert list(final.values_list("reported", flat=True)) == ["27257-LT"] * 2
    assert not Encounter.objects.exclude(state=EncounterState.FINAL).exists()
    assert AuditEvent.objects.filter(event="case.ruled").count() == 2
    assert rule_cluster(people["supervisor"], cluster, finding).cases == 0


def test_a_case_that_somebody_holds_is_left_to_them(people, cluster):
    held = ReviewCase.objects.first()
    cases.claim(people["supervisor", 2], held)
    ruled = rule_cluster(
        people["supervisor"], cluster, Adjudication(RulingKind.CODER_UPHELD, "As it was coded.")
    )
    assert (ruled.cases, ruled.left) == (1, 1)
    held.refresh_from_db()
    assert held.holder == people["supervisor", 2]


def test_a_cluster_asks_no_provider_and_upholds_no_review(people, cluster):
    with pytest.raises(Conflict, match="one patient"):
        rule_cluster(people["supervisor"], cluster, Adjudication(RulingKind.PROVIDER_QUERY, "Ask."))
    ruled = rule_cluster(
        people["supervisor"], cluster, Adjudication(RulingKind.RULES_UPHELD, "As the rules say.")
    )
    assert (ruled.cases, ruled.left) == (
        0,
        2,
    )  # the rules ask for a supervisor: upholding that decides nothing


def test_a_cluster_is_ruled_on_from_its_page(supervisor, cluster):
    page = supervisor.get(cluster.get_absolute_url())
    assert "One ruling for 2 open cases" in page.content.decode()
    key = page.context["form"]["idempotency_key"].value()
    data = {"idempotency_key": key, "kind": "coder_upheld", "reason": "As it was coded."}
    for _ in range(2):
        done = supervisor.post(cluster.get_absolute_url(), data, follow=True)
    assert "One ruling for" not in done.content.decode()
    assert AuditEvent.objects.filter(event="case.ruled").count() == 2


def test_a_workbook_is_text_throughout(run):
    content = workbook.write_rows(["a"], [["=1+1"], ["2"]])
    assert io.BytesIO(content).getvalue()[:2] == b"PK"
    assert workbook.read_workbook(content)["Changes"] == [["a"], ["=1+1"], ["2"]]
