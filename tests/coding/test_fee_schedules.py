"""Fee schedules: releases that people load from files, and what a code was worth on a date of service."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from coding import trail
from coding.actions import fee_schedules
from coding.actions.errors import Conflict, NotAllowed
from coding.models import AuditEvent, FeeScheduleRelease, FeeScheduleValue
from coding.reference.fee_file import LARGEST_FILE, read_fee_file
from coding.reference.fee_schedules import FeeSchedules, Value, is_facility
from coding.tables.errors import FileError
from tests import factories
from tests.coding.fee_files import JULY, OCTOBER, dated, file_of, load


def refusal(data, valid_from=JULY, name=""):
    with pytest.raises(FileError) as error:
        read_fee_file(data, valid_from, name)
    return str(error.value).splitlines()


# Loading ------------------------------------------------------------------------------------------


def test_a_rule_author_loads_a_release_and_the_trail_tells_it(people):
    [release] = load(file_of(source_file="rvu24c"), actor=people["rule author"])
    assert (release.name, release.valid_from, release.loaded_by) == (
        "rvu24c",
        JULY,
        people["rule author"],
    )
    assert release.source == "CMS Physician Fee Schedule, file rvu24c"
    value = FeeScheduleValue.objects.get()
    assert (value.code, value.modifier, value.status, value.global_days) == (
        "27256",
        "",
        "A",
        "010",
    )
    assert (value.work_rvu, value.facility_total) == (Decimal("4.28"), Decimal("7.27"))
    event = AuditEvent.objects.get(event="fee_schedule.loaded")
    assert event.actor == people["rule author"]
    assert (event.after["name"], event.after["valid_from"], event.after["values"]) == (
        "rvu24c",
        "2024-07-01",
        1,
    )
    assert trail.verify() is None


@pytest.mark.parametrize("role", ["coder", "supervisor", "rule approver", "auditor"])
def test_who_is_neither_rule_author_nor_administrator_loads_nothing(people, role):
    with pytest.raises(NotAllowed, match="You may not load fee schedules"):
        load(file_of(), actor=people[role])
    assert not FeeScheduleRelease.objects.exists()


def test_a_file_with_dates_holds_several_releases_each_under_its_own(db):
    loaded = load(
        file_of(dated("2024-10-01", "rvu24d", work_rvu="5"), dated("2024-07-01", "rvu24c")), None
    )
    assert [(row.name, row.valid_from) for row in loaded] == [("rvu24c", JULY), ("rvu24d", OCTOBER)]


def test_a_release_without_a_name_is_called_by_its_date_and_a_given_name_counts(db):
    assert load(file_of())[0].name == "RVU 2024-07-01"
    assert load(file_of(), OCTOBER, "October")[0].name == "October"


def test_the_same_values_again_change_nothing_even_in_another_order_and_notation(db):
    load(file_of({"facility_total": "7.20"}, {"mod": "26"}))
    assert load(file_of({"mod": "26"}, {"facility_total": "7.2"})) == []
    assert FeeScheduleRelease.objects.count() == 1
    assert AuditEvent.objects.filter(event="fee_schedule.loaded").count() == 1


def test_other_values_for_a_date_that_is_loaded_are_refused_and_nothing_of_the_file_is_loaded(db):
    load(file_of())
    with pytest.raises(
        Conflict, match=r"loaded already for 2024-07-01. Releases are never overwritten"
    ):
        load(file_of(dated("2024-07-01", "a", work_rvu="5"), dated("2024-10-01", "b")), None)
    assert [row.valid_from for row in FeeScheduleRelease.objects.all()] == [JULY]
    assert FeeScheduleValue.objects.get().work_rvu == Decimal("4.28")


def test_somebody_who_loads_the_same_date_at_the_same_moment_is_told_so(db, monkeypatch):
    load(file_of())
    # As if the other release had not been there when this one looked.
    monkeypatch.setattr(fee_schedules, "_new", lambda releases: releases)
    with pytest.raises(Conflict, match="Somebody else loaded a release of the same date"):
        load(file_of())
    assert FeeScheduleValue.objects.count() == 1


def test_descriptions_are_not_stored(db):
    load(file_of(description=factories.CANARY))
    stored = [
        *FeeScheduleValue.objects.values(),
        *FeeScheduleRelease.objects.values(),
        *AuditEvent.objects.values(),
    ]
    assert factories.CANARY not in str(stored)


# Refusing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"hcpcs": "1200"}, "Line 2, column hcpcs: “1200” is no code of 5 characters"),
        ({"hcpcs": "27-56"}, "Line 2, column hcpcs: “27-56” is no code"),
        ({"mod": "L"}, "Line 2, column mod: “L” is no modifier"),
        ({"status_code": ""}, "Line 2, column status_code: the empty cell is no status"),
        ({"glob_days": "10"}, "Line 2, column glob_days: “10” is neither 3 digits, such as 010"),
        ({"work_rvu": "NA"}, "Line 2, column work_rvu: “NA” is no number"),
        ({"work_rvu": "1e3"}, "Line 2, column work_rvu: “1e3” is no number"),
        ({"work_rvu": "NaN"}, "Line 2, column work_rvu: “NaN” is no number"),
        ({"facility_total": ""}, "Line 2, column facility_total: the empty cell is no number"),
        ({"facility_total": "-7.27"}, "Line 2, column facility_total: “-7.27” is negative"),
        (
            {"non_facility_total": "9.625"},
            "Line 2, column non_facility_total: “9.625” is no number",
        ),
        (
            {"source_file": "x" * 41},
            "Line 2, column source_file: “" + "x" * 40 + "…” is longer than 40 characters",
        ),
    ],
)
def test_a_wrong_value_is_named_with_its_line_and_column_and_what_to_do(change, message):
    [problem] = refusal(file_of(change))
    assert problem.startswith(message)
    assert problem.endswith(".")
    assert problem.count(". ") >= 1


@pytest.mark.parametrize("day", ["", "2024-02-30", "07/01/2024", "20240701"])
def test_a_date_that_is_none_is_named(day):
    [problem] = refusal(file_of(dated(day, "rvu24c")), None)
    assert "Line 2, column date_start: " in problem
    assert "is no date. Write it as 2024-07-01." in problem


def test_all_problems_of_a_file_are_told_together_up_to_twenty():
    assert [
        line.split(",")[0]
        for line in refusal(file_of({"mod": "L"}, {}, {"work_rvu": "x", "hcpcs": "y"}))
    ] == [
        "Line 2",
        "Line 4",
        "Line 4",
    ]
    many = refusal(file_of(*[{"work_rvu": "x"}] * 50))
    assert len(many) == 21
    assert many[-1] == "There are more; mend these first."


def test_a_code_stands_once_in_a_release_with_each_modifier():
    [problem] = refusal(file_of({}, {"mod": "26"}, {"work_rvu": "5"}))
    assert problem == (
        "Line 4, column hcpcs: 27256 without modifier stands on line 2 already, in the release of 2024-07-01."
        " Keep one of them."
    )
    assert (
        "27256 with modifier 26 stands on line 2 already"
        in refusal(file_of({"mod": "26"}, {"mod": "26"}))[0]
    )


def test_two_files_of_cms_under_one_date_are_refused():
    [problem] = refusal(file_of({"source_file": "a"}, {"source_file": "b", "hcpcs": "27257"}))
    assert problem.startswith(
        "Line 3, column source_file: “b” is another file than “a”, with the same date."
    )


def test_a_date_is_given_for_a_file_without_dates_and_for_no_other():
    assert refusal(file_of(), None) == [
        "Neither the file nor its name tells a date. Give the date from which the release is valid."
    ]
    assert refusal(file_of(dated("2024-07-01", "a"))) == [
        "The file has dates of its own in the column date_start. Give no date."
    ]


def test_several_releases_are_not_given_one_name():
    data = file_of(dated("2024-07-01", "a"), dated("2024-10-01", "b"))
    assert refusal(data, None, "both") == [
        "The file holds 2 releases with names of their own. Give no name."
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "The file is empty."),
        (file_of().splitlines(keepends=True)[0], "The file holds a header and no rows."),
        (file_of().replace(b"work_rvu", b"work"), "Line 1 lacks the column work_rvu."),
        (file_of().replace(b"glob_days", b"mod"), "Line 1 names the column “mod” twice."),
        (file_of() + b"27257,,A\r\n", "Line 3 has 3 cells, the header has 7."),
        (
            file_of({"description": "Behandlung"}).replace(b"h", b"\xe4"),
            "is not UTF-8. Save the file as CSV in UTF-8 and send it again.",
        ),
        (b"x" * (LARGEST_FILE + 1), "The file is larger than 20 MB. Split it by release."),
    ],
    ids=[
        "empty",
        "no rows",
        "column missing",
        "column twice",
        "row too short",
        "encoding",
        "too large",
    ],
)
def test_a_file_that_is_none_is_refused_whole(data, message):
    assert message in refusal(data)[0]


# What a code was worth ----------------------------------------------------------------------------


@pytest.fixture
def two_releases(db):
    rows = [
        dated("2024-07-01", "rvu24c"),
        dated("2024-07-01", "rvu24c", hcpcs="27257", work_rvu="5.38"),
        dated("2024-07-01", "rvu24c", mod="26", work_rvu="1"),
        dated("2024-10-01", "rvu24d", work_rvu="4.5", facility_total="8", non_facility_total="10"),
    ]
    load(file_of(*rows), None)


def test_the_newest_release_in_force_on_the_date_of_service_gives_the_value(two_releases):
    schedules = FeeSchedules.of(["27256", "27257"])
    assert schedules.value_of("27256", date(2024, 6, 30), facility=True) is None
    july = Value(work=Decimal("4.28"), total=Decimal("7.27"), release="rvu24c")
    assert schedules.value_of("27256", JULY, facility=True) == july
    assert schedules.value_of("27256", date(2024, 9, 30), facility=True) == july
    october = Value(work=Decimal("4.50"), total=Decimal("8.00"), release="rvu24d")
    assert schedules.value_of("27256", OCTOBER, facility=True) == october
    assert [row.name for row in FeeScheduleRelease.objects.in_force(OCTOBER)] == [
        "rvu24d",
        "rvu24c",
    ]


def test_outside_a_facility_the_other_total_counts(two_releases):
    value = FeeSchedules.of(["27256"]).value_of("27256", JULY, facility=False)
    assert value == Value(Decimal("4.28"), Decimal("9.62"), "rvu24c")


def test_a_code_that_the_release_in_force_does_not_list_has_no_value_even_if_an_older_one_lists_it(
    two_releases,
):
    schedules = FeeSchedules.of(["27257"])
    assert schedules.value_of("27257", JULY, facility=True).work == Decimal("5.38")
    assert schedules.value_of("27257", OCTOBER, facility=True) is None
    assert schedules.value_of("99999", JULY, facility=True) is None


def test_without_a_release_there_is_no_value(db):
    assert FeeSchedules.of(["27256"]).value_of("27256", JULY, facility=True) is None


def test_many_values_take_two_queries(two_releases, django_assert_num_queries):
    with django_assert_num_queries(2):
        schedules = FeeSchedules.of(["27256", "27257"])
        for code in ("27256", "27257"):
            schedules.value_of(code, OCTOBER, facility=False)


def test_a_hospital_is_a_facility_and_an_office_is_none():
    assert [is_facility(place) for place in ("21", "22", "24", "11", "12", "")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


# The command --------------------------------------------------------------------------------------


def run(path, *options):
    out = io.StringIO()
    call_command("load_fee_schedule", path, *options, stdout=out)
    return out.getvalue()


def test_the_command_loads_a_file_once(db, tmp_path):
    path = tmp_path / "rvu.csv"
    path.write_bytes(file_of())
    assert (
        run(path, "--valid-from", "2024-07-01", "--name", "July")
        == "Loaded 1 values: July, from 2024-07-01.\n"
    )
    assert run(path, "--valid-from", "2024-07-01") == "Everything in the file is loaded already.\n"
    assert AuditEvent.objects.get(event="fee_schedule.loaded").actor is None


def test_the_command_says_what_is_wrong(db, tmp_path):
    path = tmp_path / "rvu.csv"
    path.write_bytes(file_of({"work_rvu": "x"}))
    with pytest.raises(CommandError, match=r"nothing\.csv"):
        run(tmp_path / "nothing.csv")
    with pytest.raises(CommandError, match=r"“July” is no date\. Write it as 2024-07-01\."):
        run(path, "--valid-from", "July")
    with pytest.raises(CommandError, match="Give the date from which the release is valid"):
        run(path)
    with pytest.raises(CommandError, match="Line 2, column work_rvu: “x” is no number"):
        run(path, "--valid-from", "2024-07-01")
    with pytest.raises(CommandError, match="longer than 40 characters"):
        run(path, "--valid-from", "2024-07-01", "--name", "x" * 41)
    assert not FeeScheduleRelease.objects.exists()


# The administration -------------------------------------------------------------------------------
