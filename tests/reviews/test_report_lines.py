"""How final codes become the lines of a report, and which kind of report they make; without a database."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from coding.models import Service, User
from reviews.actions import reports
from reviews.actions.reports import Content, ReportLine
from reviews.models import CodingDecision, FinalCode, Report, ReportKind, Ruling

CARLA = User(pk=1, first_name="Carla", last_name="Bishop")
SUE = User(pk=2, first_name="Sue", last_name="Warden")
DIAGNOSES = ["M00.1", "M00.2", "M00.3"]
# Two in the morning of the fifth in London.
AT_NIGHT = datetime(2026, 5, 5, 2, tzinfo=UTC)


def final(code="12345", **values):
    usual = {
        "service": Service(pk=1, number=4),
        "decision": CodingDecision(pk=1, coder=CARLA),
        "outcome": "code",
        "modifiers": [],
        "units": 1,
        "diagnosis_codes": [],
        "further_lines": [],
        "finalised_at": AT_NIGHT,
    }
    return FinalCode(code=code, **{**usual, **values})


def lines_of(row):
    return reports._lines(row, DIAGNOSES)


def test_a_line_says_what_is_final_with_its_modifiers_in_the_order_of_the_claim():
    [line] = lines_of(final(modifiers=["LT", "53"], units=3))
    assert (line.code, line.modifiers, line.units, line.service) == ("12345", ["53", "LT"], 3, 4)


def test_it_points_to_its_diagnoses_by_their_places_and_leaves_out_those_that_are_gone():
    [line] = lines_of(final(diagnosis_codes=["M00.3", "M99.9", "M00.1"]))
    assert line.diagnosis_pointers == [3, 1]


def test_who_decided_is_the_coder_and_after_a_ruling_the_supervisor():
    ruling = Ruling(pk=1, supervisor=SUE)
    assert lines_of(final())[0].decided_by == "Carla Bishop"
    assert lines_of(final(decision=None, ruling=ruling))[0].decided_by == "Sue Warden"


@pytest.mark.parametrize(
    ("zone", "day"), [("UTC", "2026-05-05"), ("America/Chicago", "2026-05-04")]
)
def test_it_is_final_since_a_day_of_the_department(zone, day):
    with timezone.override(zone):
        assert lines_of(final())[0].since == day


def test_further_lines_follow_with_their_own_units_and_no_modifiers():
    row = final(modifiers=["LT"], diagnosis_codes=["M00.2"], further_lines=[["54321", 2]])
    first, further = lines_of(row)
    assert (further.code, further.modifiers, further.units) == ("54321", [], 2)
    for name in ("diagnosis_pointers", "service", "decided_by", "since"):
        assert getattr(further, name) == getattr(first, name)


# --- Which kind of report.


def content(*lines):
    return Content("his", "V-1", "P-1", "2026-05-04", "11", "Dr. Falk", "", DIAGNOSES, list(lines))


LINE = ReportLine(1, "12345", ["LT"], 1, [2], 4, "Carla Bishop", "2026-05-05")


def made(said, before=None):
    report = reports._report(1, said, before)
    return report.kind, report.number, report.replaces


def test_the_first_report_is_the_original_even_where_nothing_is_reported():
    assert made(content(LINE)) == (ReportKind.ORIGINAL, 1, None)
    assert made(content()) == (ReportKind.ORIGINAL, 1, None)


def test_a_later_one_replaces_the_one_before_and_without_a_line_voids_it():
    before = Report(pk=1, number=7)
    assert made(content(LINE), before) == (ReportKind.REPLACEMENT, 8, before)
    assert made(content(), before) == (ReportKind.VOID, 8, before)


def test_what_a_report_says_is_kept_so_that_it_reads_as_it_was():
    said = content(LINE)
    report = reports._report(1, said, None)
    assert Content.from_data(report.content) == said
    assert report.content_hash == reports._report(1, content(LINE), None).content_hash


@pytest.mark.parametrize(
    "other",
    [
        content(),
        content(ReportLine(1, "12345", ["RT"], 1, [2], 4, "Carla Bishop", "2026-05-05")),
        content(ReportLine(1, "12345", ["LT"], 2, [2], 4, "Carla Bishop", "2026-05-05")),
        content(ReportLine(1, "12345", ["LT"], 1, [1], 4, "Carla Bishop", "2026-05-05")),
    ],
    ids=["no line", "side", "units", "diagnosis"],
)
def test_what_says_anything_else_has_another_hash(other):
    hashes = {reports._report(1, said, None).content_hash for said in (content(LINE), other)}
    assert len(hashes) == 2
