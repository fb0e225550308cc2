"""What a report says, when a new one is made, and that one is exported only of what is final."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from coding.actions.errors import Conflict, NotAllowed
from coding.decision import OutcomeKind
from coding.intake.records import ServiceLineRecord
from coding.models import AuditEvent
from coding.trail import guards
from reviews.actions import decisions, reports, second_looks, services
from reviews.actions.decisions import Judgement
from reviews.actions.reports import Content
from reviews.models import Choice, FinalCode, Report, ReportExport, ReportKind, RulingKind
from tests import factories

KEEP = Judgement(Choice.KEEP)
LINES = (
    ServiceLineRecord("27256", ("LT",), 1, (2, 1)),
    ServiceLineRecord("73525", ("26",), 2, (2, 9)),
    ServiceLineRecord("99203", ("57",)),
)


def visit_of(people):
    factories.fees()
    return factories.visit(
        people, *LINES, diagnoses=("Q65.89", "Q65.02"), payer="Northern", place_of_service="22"
    )


@pytest.fixture
def visit(people, hip):
    return visit_of(people)


def standing(people, hip):
    """The visit with all its lines settled."""
    visit = visit_of(people)
    factories.decide(people["coder"], visit, factories.PAVLIK)
    for code in ("73525", "99203"):
        decisions.decide(people["coder"], factories.service_for(visit, code), KEEP)
    visit.refresh_from_db()
    return visit


@pytest.fixture
def final(standing):
    return standing


@pytest.fixture
def ruled(people, hip):
    """An encounter that a supervisor's ruling made final."""
    found = factories.encounter(people, hip)
    case = factories.case_of(
        factories.decide(people["coder"], found, factories.PAVLIK, factories.insists())
    )
    factories.rule(people["supervisor"], case, RulingKind.RULES_UPHELD)
    found.refresh_from_db()
    return found


def content_of(report):
    return Content.from_data(report.content)


def test_there_is_no_report_before_every_line_is_settled(people, visit):
    factories.decide(people["coder"], visit, factories.PAVLIK)
    assert not Report.objects.exists()


def test_a_report_says_where_the_visit_is_from_and_what_was_served(final):
    content = content_of(Report.objects.get())
    assert (content.source, content.encounter, content.patient) == (
        "typed",
        final.external_id,
        factories.CANARY,
    )
    assert (content.served, content.place, content.payer) == ("2026-05-04", "22", "Northern")
    assert (content.provider, content.diagnoses) == ("Dr. Falk", ["Q65.89", "Q65.02"])


def test_each_line_points_to_its_diagnoses_as_the_report_numbers_them(final):
    lines = content_of(Report.objects.get()).lines
    # A place beyond the last diagnosis points to none; a line that points to none is for all of them.
    assert [(line.number, line.code, line.units, line.diagnosis_pointers) for line in lines] == [
        (1, "27256", 1, [2, 1]),
        (2, "73525", 2, [2]),
        (3, "99203", 1, [1, 2]),
    ]


def test_a_code_that_was_accepted_as_it_was_submitted_keeps_its_units(people, hip):
    visit = factories.visit(people, ServiceLineRecord("27256", ("LT",), units=2))
    factories.decide(people["coder"], visit, factories.PAVLIK)
    [line] = content_of(Report.objects.get()).lines
    assert (line.code, line.units) == ("27256", 2)


def test_another_code_than_the_submitted_one_does_not_take_its_units(people, hip):
    visit = factories.visit(people, ServiceLineRecord("27257", ("LT",), units=2))
    factories.decide(people["coder"], visit, factories.PAVLIK)
    [line] = content_of(Report.objects.get()).lines
    assert (line.code, line.units) == ("27256", 1)


@pytest.mark.parametrize(
    ("zone", "day"), [("Pacific/Auckland", "2026-05-05"), ("America/New_York", "2026-05-04")]
)
def test_a_line_is_final_since_a_day_of_the_practice(people, final, settings, zone, day):
    guards.lift(connection)
    FinalCode.objects.update(finalised_at=datetime(2026, 5, 4, 20, 0, tzinfo=UTC))
    settings.TIME_ZONE = zone
    [content] = reports.contents([final]).values()
    assert {line.since for line in content.lines} == {day}


def test_a_line_names_the_coder_who_decided_it_and_after_a_ruling_the_supervisor(
    people, final, ruled
):
    by_coder = content_of(final.reports.get()).lines
    by_ruling = content_of(ruled.reports.get()).lines
    assert {line.decided_by for line in by_coder} == {people["coder"].name}
    assert [line.decided_by for line in by_ruling] == [people["supervisor"].name]


def test_what_is_not_to_be_reported_has_no_line_and_the_others_are_numbered_without_it(
    people, visit
):
    removed = decisions.decide(
        people["coder"],
        factories.service_for(visit, "73525"),
        Judgement(Choice.NOTHING, reason="Bundled."),
    )
    factories.rule(people["supervisor"], factories.case_of(removed))
    factories.decide(people["coder"], visit, factories.PAVLIK)
    decisions.decide(people["coder"], factories.service_for(visit, "99203"), KEEP)
    lines = content_of(Report.objects.get()).lines
    assert [(line.number, line.service, line.code) for line in lines] == [
        (1, 1, "27256"),
        (2, 3, "99203"),
    ]


def test_a_visit_of_which_nothing_is_reported_has_an_original_report_without_lines(people, hip):
    found = factories.visit(people)
    services.report_nothing(people["coder"], found, "A phone call.")
    report = Report.objects.get()
    assert (report.kind, content_of(report).lines) == (ReportKind.ORIGINAL, [])


def test_a_report_is_noted_by_its_number_and_never_with_the_patient(final):
    event = AuditEvent.objects.get(event="report.made")
    report = Report.objects.get()
    assert event.after == {"report": 1, "kind": "Original", "content": report.content_hash}
    assert event.encounter == final.public_id


# --- A new report.


def test_what_becomes_final_again_as_it_was_makes_no_new_report(people, hip, final):
    added = services.add(people["coder"], final, hip.rule_set)
    services.withdraw(people["coder"], factories.service_of(added), "Opened by mistake.")
    final.refresh_from_db()
    assert final.state == "final"
    assert Report.objects.count() == 1


def test_another_line_makes_a_replacement_of_the_last_report(people, hip, final):
    added = services.add(people["coder"], final, hip.rule_set)
    factories.decide(people["coder"], added, factories.REDUCED)
    first, second = Report.objects.order_by("number")
    assert (second.kind, second.replaces, second.number) == (ReportKind.REPLACEMENT, first, 2)
    assert [line.code for line in content_of(second).lines] == ["27256", "73525", "99203", "27257"]
    assert [line.code for line in content_of(first).lines] == ["27256", "73525", "99203"]


def test_after_a_void_what_is_reported_replaces_the_void(people, ruled):
    supervisor = people["supervisor"]
    none = {"outcome": OutcomeKind.NO_FAMILY_CODE}
    for kind, values in ((RulingKind.OTHER_CODE, none), (RulingKind.RULES_UPHELD, {})):
        ruling = factories.case_of(ruled).ruling
        factories.rule(
            supervisor, second_looks.reopen(supervisor, ruling, "Wrong."), kind, **values
        )
    reports_made = list(Report.objects.order_by("number"))
    kinds = [report.kind for report in reports_made]
    assert kinds == [ReportKind.ORIGINAL, ReportKind.VOID, ReportKind.REPLACEMENT]
    assert [report.replaces for report in reports_made] == [None, *reports_made[:2]]


# --- Export.


@pytest.mark.parametrize(
    "role", ["coder", "auditor", "rule author", "rule approver", "administrator"]
)
def test_only_a_supervisor_exports(people, final, role):
    with pytest.raises(NotAllowed, match="may not export reports"):
        reports.export(people[role], final)
    assert not ReportExport.objects.exists()


def test_an_export_is_noted_each_time_with_who_took_it(people, final):
    for supervisor in (people["supervisor"], people["supervisor", 2]):
        assert reports.export(supervisor, final).report == Report.objects.get()
    events = AuditEvent.objects.filter(event="report.exported").order_by("sequence")
    assert [event.actor for event in events] == [people["supervisor"], people["supervisor", 2]]
    assert {event.after["report"] for event in events} == {1}


def test_the_latest_report_is_the_one_that_is_exported(people, hip, final):
    reports.export(people["supervisor"], final)
    added = services.add(people["coder"], final, hip.rule_set)
    factories.decide(people["coder"], added, factories.REDUCED)
    assert reports.export(people["supervisor"], final).report.number == 2


def test_what_was_never_final_has_nothing_to_export(people, visit):
    with pytest.raises(Conflict, match="not final"):
        reports.export(people["supervisor"], visit)
    assert not ReportExport.objects.exists()


def test_a_report_that_came_into_question_after_its_page_was_opened_is_not_exported(
    people, hip, final
):
    services.add(people["coder"], final, hip.rule_set)
    # ``final`` is as the supervisor's page read it.
    with pytest.raises(Conflict, match="what it reports is in question"):
        reports.export(people["supervisor"], final)
    assert not ReportExport.objects.exists()
    assert not AuditEvent.objects.filter(event="report.exported").exists()
