"""What the database itself holds of services, whoever writes to it."""

import pytest
from django.db import DatabaseError, connection, transaction

from coding.intake.records import ServiceLineRecord
from coding.models import Service
from coding.models.services import SERVICE_MOVES
from reviews.actions import voiding
from tests import factories

# Each database has constraints and triggers of its own.
pytestmark = pytest.mark.both

LINES = (ServiceLineRecord("27256", ("LT",)), ServiceLineRecord("99203"))


def standing(people, hip):
    return factories.visit(people, *LINES), factories.visit(people, *LINES)


@pytest.fixture
def visit(standing):
    return standing[0]


@pytest.fixture
def another(standing):
    return standing[1]


def refused(act, words="kept as it is"):
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        act()


def change(rows, **values):
    return lambda: rows.update(**values)


def delete_row(row):
    """As somebody with a database shell does it."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {row._meta.db_table} WHERE id = %s", [row.pk])


def own(service):
    return Service.objects.filter(pk=service.pk)


def test_a_service_keeps_its_family_its_number_and_its_encounter(visit, another):
    service, other = factories.service_of(visit), factories.service_for(visit, "99203")
    for values in (
        {"rule_set": None},
        {"number": 9},
        {"encounter": another},
        {"origin": "coder"},
        {"from_service": other},
    ):
        refused(change(own(service), **values))


def test_a_service_goes_back_to_no_earlier_round(people, visit):
    factories.decide(people["coder"], visit, factories.PAVLIK)
    service = factories.service_of(visit)
    refused(change(own(service), round=0))


def test_a_service_moves_only_where_some_verb_leads(visit):
    service = factories.service_for(visit, "99203")
    assert ("to_code", "awaiting_provider") not in SERVICE_MOVES
    refused(change(own(service), state="awaiting_provider"))


def test_what_was_withdrawn_comes_back_by_no_way(people, visit):
    voiding.void(people["supervisor"], visit, "Entered twice.")
    refused(change(own(factories.service_of(visit)), state="to_code"))


def test_an_encounter_has_each_number_once(visit):
    numbered = Service(encounter=visit, number=1, day=visit.date_of_service)
    refused(numbered.save, "one_service_per_number|coding_service.encounter_id")


def test_what_no_rule_set_judges_has_no_version_and_no_suggestion(people, visit):
    factories.decide(people["coder"], visit, factories.PAVLIK)
    judged, line = factories.service_of(visit), factories.service_for(visit, "99203")
    for values in (
        {"version": judged.version},
        {"profile": judged.profile},
        {"suggestion": judged.suggestion},
    ):
        refused(change(own(line), **values), "only_a_rule_set_suggests")


def test_a_service_is_not_deleted(visit):
    refused(lambda: delete_row(factories.service_for(visit, "99203")))
    assert visit.services.count() == 2
