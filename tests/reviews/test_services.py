"""What a visit's lines become: services that families claim, and lines that rest on the coder's word."""

import pytest
from django.db import IntegrityError, transaction

from coding.actions import encounters
from coding.actions.errors import Conflict
from coding.intake.records import ServiceLineRecord
from coding.models import EncounterState, Service, ServiceLine, ServiceOrigin, ServiceState
from reviews.actions import decisions, services
from reviews.actions.adjudications import kinds_for
from reviews.actions.decisions import Judgement
from reviews.coding_form.ledger import ledger
from reviews.models import Choice, CodingDecision, FinalCode, RouteReason, RulingKind
from tests import factories
from tests.races import at_once

KEEP = Judgement(Choice.KEEP)
LINES = (
    ServiceLineRecord("27257", ("LT",), 1, (1,)),
    ServiceLineRecord("27093", ("LT",), 1, (1,)),
    ServiceLineRecord("73525", ("26",), 2, (1,)),
    ServiceLineRecord("99203", ("57",), 1, (1,)),
)


@pytest.fixture
def visit(people, hip):
    """A visit with four documented services."""
    factories.fees()
    return encounters.enter(
        people["coder"], factories.record(service_lines=LINES, diagnoses=("Q65.02",))
    )


def service(visit, code):
    return factories.service_of(Service.objects.get(encounter=visit, lines__code=code))


def keep(people, visit, code):
    return decisions.decide(people["coder"], service(visit, code), KEEP)


def test_every_line_has_a_service_and_one_family_claims_its_own(visit, hip):
    rows = Service.objects.filter(encounter=visit).values_list("lines__code", "rule_set")
    assert sorted(rows) == [
        ("27093", None),
        ("27257", hip.rule_set_id),
        ("73525", None),
        ("99203", None),
    ]


def test_the_database_knows_no_line_without_a_service(visit):
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceLine.objects.filter(encounter=visit, code="99203").update(service=None)


def test_the_visit_is_final_when_each_line_is_settled_and_not_before(people, visit):
    factories.decide(people["coder"], visit, factories.REDUCED)
    for code in ("27093", "73525"):
        keep(people, visit, code)
    visit.refresh_from_db()
    assert visit.state == EncounterState.TO_CODE
    keep(people, visit, "99203")
    visit.refresh_from_db()
    assert visit.state == EncounterState.FINAL
    assert set(FinalCode.objects.current().values_list("reported", flat=True)) == {
        "27257-LT",
        "27093-LT",
        "73525-26",
        "99203-57",
    }


def test_a_kept_line_keeps_its_units_and_its_diagnoses_by_code(people, visit):
    decision = keep(people, visit, "73525")
    assert (decision.units, decision.diagnosis_codes) == (2, ["Q65.02"])
    assert (decision.suggestion, decision.version, decision.agrees) == (None, None, None)


def test_a_changed_or_removed_line_goes_to_a_supervisor(people, visit):
    changed = Judgement(Choice.OTHER_CODE, "99204", ("57",), "High complexity.")
    decision = decisions.decide(people["coder"], service(visit, "99203"), changed)
    assert {route.reason for route in factories.case_of(decision).routes.all()} == {
        RouteReason.LINE_CHANGED
    }
    removed = decisions.decide(
        people["coder"], service(visit, "27093"), Judgement(Choice.NOTHING, reason="Bundled.")
    )
    factories.rule(people["supervisor"], factories.case_of(removed), RulingKind.CODER_UPHELD)
    assert FinalCode.objects.current().get(service=removed.service).reported == "no_family_code"


def test_by_setting_a_changed_line_is_final_at_once(people, visit, settings):
    settings.REVIEW_CHANGED_LINES = False
    changed = Judgement(Choice.OTHER_CODE, "99204", ("57",), "High complexity.")
    decisions.decide(people["coder"], service(visit, "99203"), changed)
    assert FinalCode.objects.current().get().reported == "99204-57"


def test_what_the_list_of_the_day_lacks_is_not_kept_either(people, hip):
    factories.fees()
    odd = encounters.enter(
        people["coder"], factories.record(service_lines=(ServiceLineRecord("11111"),))
    )
    with pytest.raises(Exception, match="not in the code list"):
        decisions.decide(people["coder"], factories.service_of(odd.services.get()), KEEP)


def test_rules_are_not_upheld_where_none_judges(people, visit):
    decision = decisions.decide(
        people["coder"], service(visit, "27093"), Judgement(Choice.NOTHING, reason="Bundled.")
    )
    kinds = kinds_for(factories.case_of(decision))
    assert RulingKind.RULES_UPHELD not in kinds
    assert RulingKind.RULE_DEFECT not in kinds


def test_a_coder_adds_a_service_that_nobody_submitted(people, hip):
    encounter = encounters.enter(people["coder"], factories.record())
    added = services.add(people["coder"], encounter, hip.rule_set)
    assert (added.origin, added.number) == (ServiceOrigin.CODER, 1)
    decision = factories.decide(people["coder"], added, factories.PAVLIK)
    assert decision.reported == "27256-LT"


def test_an_added_service_makes_a_final_visit_to_code_again(people, hip):
    encounter = factories.encounter(people, hip)
    factories.decide(people["coder"], encounter, factories.PAVLIK)
    services.add(people["coder"], encounter, hip.rule_set)
    encounter.refresh_from_db()
    assert encounter.state == EncounterState.TO_CODE


def test_a_service_without_a_line_is_withdrawn_with_a_reason(people, hip):
    encounter = factories.encounter(people, hip)
    added = services.add(people["coder"], encounter, hip.rule_set)
    services.withdraw(people["coder"], factories.service_of(added), "Opened by mistake.")
    assert factories.service_of(added).state == ServiceState.WITHDRAWN


def test_a_service_that_answers_for_a_line_is_never_withdrawn(people, visit):
    with pytest.raises(Conflict, match="Report nothing"):
        services.withdraw(people["coder"], service(visit, "27257"), "Not a hip.")


def test_a_line_is_moved_with_a_reason_and_its_old_service_withdrawn(people, visit, hip):
    old = service(visit, "27093")
    moved = services.move(people["coder"], old, hip.rule_set, "It is part of the hip's treatment.")
    assert service(visit, "27093") == moved
    assert (moved.from_service, moved.rule_set) == (old, hip.rule_set)
    assert factories.service_of(old).state == ServiceState.WITHDRAWN


def test_an_encounter_without_line_or_service_needs_that_nothing_is_reported(people, hip):
    encounter = encounters.enter(people["coder"], factories.record())
    assert encounter.state == EncounterState.TO_CODE
    services.report_nothing(people["coder"], encounter, "A phone call.")
    encounter.refresh_from_db()
    assert encounter.state == EncounterState.FINAL
    assert CodingDecision.objects.get().reported == "no_family_code"


def test_nothing_is_not_said_of_a_visit_with_services(people, visit):
    with pytest.raises(Conflict, match=r"This encounter has services\. Decide on each of them"):
        services.report_nothing(people["coder"], visit, "Nothing.")


def test_the_ledger_has_one_row_a_line_with_its_value(people, visit):
    factories.decide(people["coder"], visit, factories.REDUCED)
    rows = {str(row.line): row for row in ledger(visit)}
    assert list(rows) == ["27257-LT", "27093-LT", "73525-26", "99203-57"]
    assert rows["27257-LT"].final.reported == "27257-LT"
    assert rows["27257-LT"].value.total > 0
    assert rows["99203-57"].decision is None


def test_taking_an_encounter_takes_its_services_together(people, visit):
    encounters.assign(people["coder"], visit, people["coder"])
    assert set(visit.services.values_list("assigned_to", flat=True)) == {people["coder"].pk}
    with pytest.raises(Conflict, match=people["coder"].name):
        encounters.assign(people["coder", 2], visit, people["coder", 2])


@pytest.mark.django_db(transaction=True)
def test_two_services_settled_at_the_same_instant_leave_the_visit_final(people, hip):
    factories.fees()
    lines = (ServiceLineRecord("27093", ("LT",)), ServiceLineRecord("99203"))
    for _ in range(5):
        encounter = encounters.enter(people["coder"], factories.record(service_lines=lines))
        both = [factories.service_of(service) for service in encounter.services.all()]
        results = at_once(
            2, lambda place, both=both: decisions.decide(people["coder"], both[place], KEEP)
        )
        assert all(isinstance(result, CodingDecision) for result in results), results
        encounter.refresh_from_db()
        assert encounter.state == EncounterState.FINAL
