"""What a row of the worklist says of an encounter: each column in words, and what is hidden under blind review."""

from datetime import UTC, date, datetime

from coding.models import Diagnosis, Encounter, RuleSet, Service, ServiceLine, ServiceState, User
from reviews.judging.blind import HIDDEN_NAME
from reviews.lists.worklist_columns import worklist_columns
from reviews.models import FinalCode

CARLA = User(pk=1, first_name="Carla", last_name="Bishop")
DAN = User(pk=2, first_name="Dan", last_name="Okafor")
HIP = RuleSet(pk=1, name="Hip")


def service(number=1, *lines, finals=(), **values):
    row = Service(pk=number, number=number, **{"state": ServiceState.TO_CODE, **values})
    row._prefetched_objects_cache = {"lines": list(lines)}
    row.current_codes = list(finals)
    return row


def visit(*services, diagnoses=(), **values):
    row = Encounter(
        pk=1,
        external_id="V-1",
        source="his",
        provider="Dr. Falk",
        date_of_service=date(2026, 5, 4),
        received_at=datetime(2026, 5, 6, 7, tzinfo=UTC),
        **values,
    )
    row._prefetched_objects_cache = {"services": list(services), "diagnoses": list(diagnoses)}
    return row


def words(row, key, *, is_blind=False):
    columns = worklist_columns(is_blind=is_blind)
    [column] = [column for column in columns if column.key == key]
    return list(column.words(row))


def line(code, *modifiers, **values):
    return ServiceLine(code=code, modifiers=list(modifiers), **values)


def final(code="12345", outcome="code", *modifiers):
    return FinalCode(outcome=outcome, code=code, modifiers=list(modifiers))


def test_each_service_is_told_by_its_lines_and_one_without_by_its_rule_set():
    of_lines = service(1, line("12345", "LT"), line("54321"))
    row = visit(of_lines, service(2, rule_set=HIP), service(3))
    assert words(row, "services") == ["12345-LT 54321", "Hip", "nothing"]


def test_a_line_that_its_source_took_back_is_not_among_the_services():
    assert words(visit(service(1, line("12345"), line("54321", gone_in=2))), "services") == [
        "12345"
    ]


def test_an_encounter_without_a_service_says_so():
    assert words(visit(), "services") == ["none yet"]
    assert words(visit(), "families") == words(visit(), "final") == []


def test_coders_and_rule_sets_are_named_once_each():
    services = [service(number, rule_set=HIP, assigned_to=CARLA) for number in (1, 2)]
    row = visit(*services, service(3, assigned_to=DAN))
    assert words(row, "coder") == ["Carla Bishop", "Dan Okafor"]
    assert words(row, "families") == ["Hip"]


def test_what_nobody_took_is_nobody_s_yet():
    assert words(visit(service()), "coder") == ["nobody yet"]


def test_final_codes_are_written_as_claims_have_them_and_nothing_to_report_in_words():
    reported = final("12345", "code", "LT", "53")
    reported.units, reported.further_lines = 3, [["54321", 2]]
    first = service(1, finals=[reported])
    second = service(2, finals=[final("", "no_family_code")])
    assert words(visit(first, second), "final") == [
        "12345-53-LT × 3 + 54321 × 2",
        "Nothing to report",
    ]


def test_days_are_written_year_first():
    assert words(visit(), "served") == ["2026-05-04"]
    assert words(visit(), "received") == ["2026-05-06"]


def test_diagnoses_stand_as_they_are_and_a_payer_that_nobody_told_is_left_empty():
    row = visit(diagnoses=[Diagnosis(code="M00.1"), Diagnosis(code="M00.2")])
    assert words(row, "diagnoses") == ["M00.1", "M00.2"]
    assert words(row, "payer") == []
    assert words(visit(payer="Northern"), "payer") == ["Northern"]


# --- Under blind review.


def test_whose_a_service_in_review_is_and_what_is_final_of_it_is_hidden():
    in_review = service(1, state=ServiceState.IN_REVIEW, assigned_to=CARLA, finals=[final("12345")])
    other = service(2, assigned_to=DAN, finals=[final("54321")])
    row = visit(in_review, other)
    assert words(row, "coder", is_blind=True) == ["Dan Okafor", HIDDEN_NAME]
    assert words(row, "final", is_blind=True) == ["54321"]
    assert words(row, "coder") == ["Carla Bishop", "Dan Okafor"]
    assert words(row, "final") == ["12345", "54321"]


def test_where_nothing_is_in_review_nothing_is_hidden():
    assert words(visit(service(assigned_to=CARLA)), "coder", is_blind=True) == ["Carla Bishop"]
    assert words(visit(service()), "coder", is_blind=True) == ["nobody yet"]


def test_a_reader_who_is_kept_blind_has_the_same_columns():
    keys = [column.key for column in worklist_columns(is_blind=False)]
    assert [column.key for column in worklist_columns(is_blind=True)] == keys
