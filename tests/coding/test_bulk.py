"""Many new rows in one statement: the rows are what single ones would be, on either database."""

import uuid

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from coding.models import Code, CodeSet, CodeSetRelease, KeptText
from coding.work import bulk

# Each database has constraints and triggers of its own.
pytestmark = pytest.mark.both

COLUMNS = ("release_id", "code", "description", "reportable")
TEXTS = [
    "plain",
    "",
    'it\'s "quoted"',
    "back\\slash",
    "two\nlines\tand a tab",
    "Größe – 🦴",
    "null",
    "%s",
    "{}",
]


@pytest.fixture
def release(db):
    return CodeSetRelease.objects.create(
        code_set=CodeSet.ICD10CM, valid_from="2026-04-01", release="test", source="test"
    )


def codes(release, count):
    return [
        (release.pk, f"A{number:04}", f"code {number}", number % 2 == 0) for number in range(count)
    ]


def test_the_ids_come_back_in_the_order_of_the_rows(release):
    ids = bulk.insert(Code, COLUMNS, codes(release, 1_100))
    stored = Code.objects.in_bulk(ids)
    assert [stored[number].code for number in ids] == [f"A{number:04}" for number in range(1_100)]
    assert Code.objects.count() == 1_100


def test_values_stand_in_the_columns_that_are_named_in_whatever_order(release):
    [first] = bulk.insert(
        Code, ("reportable", "code", "release_id", "description"), [(False, "B1", release.pk, "B")]
    )
    code = Code.objects.get(pk=first)
    assert (code.release, code.code, code.description, code.reportable) == (
        release,
        "B1",
        "B",
        False,
    )


def test_no_rows_are_no_statement(release, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert bulk.insert(Code, COLUMNS, []) == []


def test_rows_may_come_one_after_the_other(release):
    assert len(bulk.insert(Code, COLUMNS, (row for row in codes(release, 3)))) == 3


@pytest.mark.parametrize("text", TEXTS, ids=repr)
def test_a_text_is_stored_letter_by_letter(release, text):
    [number] = bulk.insert(Code, COLUMNS, [(release.pk, "A1", text, True)])
    assert Code.objects.get(pk=number).description == text


def test_a_column_that_is_not_given_gets_its_default_and_its_time(people):
    before = timezone.now()
    fields = {"reason": "The cast", "parts": [1, None, {"deep": True}]}
    [number] = bulk.insert(
        KeptText, ("person_id", "form", "fields"), [(people["coder"].pk, "ruling:1", fields)]
    )
    row = KeptText.objects.get(pk=number)
    assert (row.person, row.key, row.fields) == (people["coder"], None, fields)
    assert row.kept_at >= before


def test_ids_of_other_kinds_and_nothing_at_all_are_stored_as_they_are(people):
    key = uuid.uuid4()
    rows = [(people["coder"].pk, "ruling:1", {}, key), (people["coder"].pk, "ruling:2", {}, None)]
    bulk.insert(KeptText, ("person_id", "form", "fields", "key"), rows)
    assert list(KeptText.objects.order_by("form").values_list("key", flat=True)) == [key, None]


@pytest.mark.parametrize("row", [(1, "A1"), (1, "A1", "A", True, "too many")])
def test_a_row_with_too_few_or_too_many_values_is_refused(release, row):
    with pytest.raises(ValueError, match="zip"), transaction.atomic():
        bulk.insert(Code, COLUMNS, [*codes(release, 2), row])
    assert not Code.objects.exists()


def test_a_rule_of_the_database_that_one_row_breaks_keeps_all_of_them_out(release):
    rows = codes(release, 3)
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert(Code, COLUMNS, [*rows, rows[0]])
    assert not Code.objects.exists()


def test_rows_written_one_by_one_and_in_bulk_have_ids_of_their_own(release):
    first = Code.objects.create(release=release, code="A", description="", reportable=True)
    numbers = bulk.insert(Code, COLUMNS, codes(release, 2))
    later = Code.objects.create(release=release, code="Z", description="", reportable=True)
    assert len({first.pk, *numbers, later.pk}) == 4
