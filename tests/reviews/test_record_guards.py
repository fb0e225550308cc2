"""What the database itself holds of final codes, cases and rulings, whoever writes to it."""

import pytest
from django.db import DatabaseError, connection, transaction

from coding.intake.records import ServiceLineRecord
from coding.models import Encounter, ServiceLine
from reviews.actions import cases, second_codings, second_looks
from reviews.models import FinalCode, ReviewCase, Ruling, RulingKind
from tests import factories

# Each database has constraints and triggers of its own.
pytestmark = pytest.mark.both


def refused(act, words="kept as it is"):
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        act()


def delete_row(row):
    """As somebody with a database shell does it."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {row._meta.db_table} WHERE id = %s", [row.pk])


@pytest.fixture
def disputed(people, hip):
    """A case that waits for its ruling."""
    decision = factories.decide(
        people["coder"], factories.service(people, hip), factories.PAVLIK, factories.insists()
    )
    return factories.case_of(decision)


@pytest.fixture
def final(people, hip):
    factories.decide(people["coder"], factories.service(people, hip), factories.PAVLIK)
    return FinalCode.objects.get()


@pytest.mark.parametrize(
    "change",
    [
        {"code": "27253"},
        {"modifiers": []},
        {"units": 9},
        {"outcome": "no_family_code", "code": ""},
        {"finalised_at": "2020-01-01T00:00:00Z"},
    ],
)
def test_no_word_of_a_final_code_changes(final, change):
    refused(lambda: FinalCode.objects.filter(pk=final.pk).update(**change))


@pytest.mark.parametrize(
    "change", [{"code": "27253"}, {"modifiers": ["50"]}, {"units": 9}, {"number": 7}]
)
def test_no_word_of_a_submitted_line_changes(people, hip, change):
    line = factories.visit(people, ServiceLineRecord("27256")).service_lines.get()
    refused(lambda: ServiceLine.objects.filter(pk=line.pk).update(**change))


def test_a_submitted_line_is_never_deleted_and_may_be_ended(people, hip):
    line = factories.visit(people, ServiceLineRecord("27256")).service_lines.get()
    refused(lambda: delete_row(line))
    rows = ServiceLine.objects.filter(pk=line.pk)
    rows.update(gone_in=2)
    for other in (None, 3):
        refused(lambda other=other: rows.update(gone_in=other))


def test_a_submitted_line_goes_to_services_of_its_own_encounter(people, hip):
    visit = factories.visit(people, ServiceLineRecord("27256"), ServiceLineRecord("99203"))
    elsewhere = factories.service_of(factories.visit(people, ServiceLineRecord("27256")))
    rows = ServiceLine.objects.filter(encounter=visit, code="99203")
    refused(lambda: rows.update(service=elsewhere))
    rows.update(service=factories.service_of(visit))


def test_an_encounter_stands_where_its_services_stand(final):
    encounters = Encounter.objects.filter(services=final.service_id)
    for state in ("to_code", "in_review", "awaiting_provider"):
        refused(lambda state=state: encounters.update(state=state))
    assert encounters.get().state == "final"


def test_an_encounter_is_not_final_before_its_services(people, hip):
    encounter = factories.service(people, hip).encounter
    for state in ("blocked", "final", "in_review"):
        refused(lambda state=state: Encounter.objects.filter(pk=encounter.pk).update(state=state))


def test_a_final_code_is_not_deleted(final):
    refused(lambda: delete_row(final))
    assert FinalCode.objects.get() == final


def test_a_final_code_that_another_took_the_place_of_does_not_count_again(final):
    FinalCode.objects.update(superseded=True)
    refused(lambda: FinalCode.objects.update(superseded=False))


def test_a_case_keeps_its_coder_its_decision_and_its_level(people, disputed):
    for change in (
        {"coder": people["coder", 2]},
        {"level": 2},
        {"opened_at": "2020-01-01T00:00:00Z"},
    ):
        refused(lambda change=change: ReviewCase.objects.update(**change))
    refused(lambda: delete_row(disputed))


def ruling(case, coder, supervisor):
    values = {
        "kind": RulingKind.CODER_UPHELD,
        "reason": "So.",
        "outcome": "code",
        "code": "27257",
        "modifiers": ["LT"],
    }
    return Ruling(case=case, coder=coder, supervisor=supervisor, **values)


def test_the_coder_of_a_case_rules_on_it_under_no_name(people, disputed):
    """A ruling copies the coder; a copy that names somebody else is refused."""
    coder, supervisor = people["coder"], people["supervisor"]
    for copied, rules in ((people["coder", 2], coder), (people["coder", 2], supervisor)):
        refused(
            lambda copied=copied, rules=rules: ruling(disputed, copied, rules).save(),
            "may not be written",
        )
    ruling(disputed, coder, supervisor).save()
    assert Ruling.objects.get().supervisor == supervisor


def test_who_coded_the_service_in_an_earlier_round_does_not_rule_on_it(people, disputed):
    """The case is returned, and somebody else codes it then."""
    supervisor, second = people["supervisor"], people["coder", 2]
    cases.claim(supervisor, disputed)
    second_looks.return_to_coder(supervisor, factories.fresh_case(disputed), "Read it once more.")
    service = factories.service_of(disputed.service)
    service.assigned_to = None
    service.save()
    again = factories.case_of(
        factories.decide(second, service, factories.PAVLIK, factories.insists())
    )
    refused(lambda: ruling(again, second, people["coder"]).save(), "may not be written")


def test_who_coded_the_service_blind_does_not_rule_on_it(people, disputed):
    second = people["coder", 2]
    second_codings.ask(people["supervisor"], disputed.decision, second)
    refused(lambda: ruling(disputed, people["coder"], second).save(), "may not be written")


@pytest.mark.servers
@pytest.mark.parametrize(
    "table", ["reviews_finalcode", "reviews_reviewcase", "reviews_ruling", "coding_rule"]
)
def test_no_table_of_these_is_emptied(db, table):
    def empty():
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table} CASCADE")

    refused(empty)
