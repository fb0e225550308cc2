"""Ruling on one case: who may, on what was read, what is kept of it, and what the provider is asked."""

import pytest
from django.core.exceptions import ValidationError

from coding.actions.errors import Conflict, NotAllowed
from coding.decision import OutcomeKind
from coding.intake.records import ServiceLineRecord
from coding.models import AuditEvent, ServiceState
from reviews.actions import cases, rulings
from reviews.actions.adjudications import Adjudication
from reviews.actions.decisions import Judgement
from reviews.models import CaseState, Choice, FinalCode, ProviderQuery, Ruling, RulingKind
from tests import factories
from tests.races import at_once
from tests.signing import but_for_the_signature

UPHELD = Adjudication(RulingKind.CODER_UPHELD, " As it was coded. ")
SILENT = {**factories.PAVLIK, "anesthesia": ""}


def disputed(people, hip, facts=factories.PAVLIK, judgement=None, **values):
    service = factories.service(people, hip, **values)
    decision = factories.decide(people["coder"], service, facts, judgement or factories.insists())
    return factories.case_of(decision)


standing = factories.disputed


@pytest.fixture
def case(standing):
    return standing


@pytest.fixture
def held(people, case):
    cases.claim(people["supervisor"], case)
    return factories.fresh_case(case)


def is_unruled(case):
    now = factories.fresh_case(case)
    return (
        now.is_open and now.service.state == ServiceState.IN_REVIEW and not Ruling.objects.exists()
    )


@pytest.mark.parametrize(
    "role", ["coder", "auditor", "rule author", "rule approver", "administrator"]
)
def test_only_a_supervisor_rules(people, held, role):
    with pytest.raises(NotAllowed, match="may not rule on review cases"):
        rulings.rule(people[role, 2], held, UPHELD)
    assert is_unruled(held)


def test_a_case_that_another_supervisor_holds_is_theirs_and_they_are_named(people, held):
    with pytest.raises(Conflict, match=f"{people['supervisor'].name} has it"):
        rulings.rule(people["supervisor", 2], held, UPHELD)
    assert is_unruled(held)


def test_a_case_is_claimed_before_it_is_ruled_on(people, case):
    with pytest.raises(Conflict, match="it is queued"):
        rulings.rule(people["supervisor"], case, UPHELD)
    assert is_unruled(case)


def test_a_ruling_keeps_its_reason_and_whose_case_it_was(people, held):
    ruling = rulings.rule(people["supervisor"], held, UPHELD)
    assert (ruling.reason, ruling.coder) == ("As it was coded.", people["coder"])
    event = AuditEvent.objects.get(event="case.ruled")
    assert but_for_the_signature(event.after) == {
        "service": 1,
        "ruling": "Coder upheld",
        "finds": "27257-LT",
    }
    assert (event.reason, event.encounter) == ("As it was coded.", held.service.encounter.public_id)


def test_a_resolved_case_keeps_who_ruled_on_it(people, held):
    rulings.rule(people["supervisor"], held, UPHELD)
    now = factories.fresh_case(held)
    assert (now.state, now.holder) == (CaseState.RESOLVED, people["supervisor"])


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(RulingKind.CODER_UPHELD, ("27257-LT", 2)), (RulingKind.RULES_UPHELD, ("27256-LT", 3))],
)
def test_the_coder_is_upheld_with_their_units_and_the_rules_with_those_submitted(
    people, hip, kind, expected
):
    line = ServiceLineRecord("27256", ("LT",), 3, (2,))
    insists = Judgement(Choice.OTHER_CODE, "27257", ("LT",), "A reduction.", units=2)
    case = disputed(
        people, hip, judgement=insists, service_lines=(line,), diagnoses=("Q65.89", "Q65.02")
    )
    factories.rule(people["supervisor"], case, kind)
    final = FinalCode.objects.current().get()
    assert (final.reported, final.units) == expected
    assert final.diagnosis_codes == ["Q65.02"]


def test_another_code_has_units_of_its_own_and_its_modifiers_in_the_order_of_the_claim(
    people, case
):
    values = {"code": "27258", "modifiers": ("LT", "22"), "units": 3}
    ruling = factories.rule(people["supervisor"], case, RulingKind.OTHER_CODE, **values)
    assert ruling.words == "27258-22-LT × 3"


@pytest.mark.parametrize("kind", [RulingKind.OTHER_CODE, RulingKind.RULE_DEFECT])
def test_a_modifier_that_is_none_is_refused_at_its_field_and_the_case_stays_with_its_holder(
    people, held, kind
):
    finding = Adjudication(kind, "Wrong.", code="27258", modifiers=("XX",))
    with pytest.raises(ValidationError, match="XX is no modifier"):
        rulings.rule(people["supervisor"], held, finding)
    assert is_unruled(held)
    assert factories.fresh_case(held).holder == people["supervisor"]


def test_a_code_that_no_list_knows_is_confirmed_by_the_supervisor_too(people, held):
    finding = Adjudication(RulingKind.OTHER_CODE, "An arthrogram.", code="27093")
    with pytest.raises(ValidationError, match="No code list is loaded"):
        rulings.rule(people["supervisor"], held, finding)
    confirmed = Adjudication(RulingKind.OTHER_CODE, "An arthrogram.", code="27093", confirmed=True)
    assert rulings.rule(people["supervisor"], held, confirmed).words == "27093"


def test_the_coder_is_not_upheld_on_a_code_that_a_list_lacks_which_was_loaded_since(people, hip):
    looked_up = Judgement(Choice.OTHER_CODE, "55555", (), "As I read it.", confirmed=True)
    case = disputed(people, hip, judgement=looked_up)
    factories.fees()
    with pytest.raises(ValidationError, match="55555 is not in the code list"):
        factories.rule(people["supervisor"], case)
    assert is_unruled(case)


@pytest.mark.parametrize("kind", [RulingKind.OTHER_CODE, RulingKind.RULE_DEFECT])
def test_a_ruling_for_a_code_names_it(people, held, kind):
    with pytest.raises(ValidationError, match="Write the code that is reported"):
        rulings.rule(people["supervisor"], held, Adjudication(kind, "Not that one."))
    assert is_unruled(held)


@pytest.mark.parametrize("code", ["", "27258"], ids=["no code beside it", "a code beside it"])
def test_nothing_to_report_is_final_without_a_code(people, case, code):
    none = {"outcome": OutcomeKind.NO_FAMILY_CODE, "code": code}
    ruling = factories.rule(people["supervisor"], case, RulingKind.OTHER_CODE, **none)
    assert ruling.words == "Nothing to report"
    final = FinalCode.objects.current().get()
    assert (final.outcome, final.code, final.ruling) == ("no_family_code", "", ruling)


# --- What the provider is asked.


def test_a_query_is_noted_with_the_service_and_never_with_the_question(people, case):
    factories.rule(
        people["supervisor"], case, RulingKind.PROVIDER_QUERY, question="Which anesthesia?"
    )
    event = AuditEvent.objects.get(event="query.asked")
    assert (event.after, event.actor) == ({"service": 1}, people["supervisor"])
    query = ProviderQuery.objects.get()
    assert (query.ruling.case, query.round, query.asked_by) == (case, 1, people["supervisor"])


def test_a_question_beside_a_ruling_that_asks_nobody_goes_nowhere(people, case):
    factories.rule(
        people["supervisor"], case, RulingKind.CODER_UPHELD, question="Which anesthesia?"
    )
    assert not ProviderQuery.objects.exists()
    assert not AuditEvent.objects.filter(event="query.asked").exists()


@pytest.mark.django_db(transaction=True)
def test_of_ruling_and_releasing_at_once_one_wins(people, held):
    supervisor = people["supervisor"]
    acts = [lambda: rulings.rule(supervisor, held, UPHELD), lambda: cases.release(supervisor, held)]
    results = at_once(2, lambda place: acts[place]())
    assert sum(isinstance(result, Conflict) for result in results) == 1
    is_ruled = isinstance(results[0], Ruling)
    assert factories.fresh_case(held).state == (
        CaseState.RESOLVED if is_ruled else CaseState.QUEUED
    )
    assert FinalCode.objects.count() == int(is_ruled)
