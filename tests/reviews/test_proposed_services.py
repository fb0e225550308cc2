"""Services that may be there: what speaks for one, who confirms or dismisses it, and what is noted of that."""

import pytest

from coding.actions.errors import Conflict, NotAllowed
from coding.intake.records import ServiceLineRecord
from coding.models import AuditEvent, Encounter, Service, ServiceOrigin, ServiceState
from coding.rules.proposed_services import Reason, proposed_services
from reviews.actions import proposals, services
from reviews.models import DismissedService
from tests import factories, small_rules
from tests.reviews.proposals import gated, rules, rules_of

HELD = "The left knee was held."
OTHER = "Seen for a cough."


def standing(people):
    """A family that lines, diagnoses and notes speak for."""
    return small_rules.published(people, rules=rules(), lexicon=gated())


@pytest.fixture
def knee(standing):
    return standing


def reasons_of(encounter):
    """What speaks for services that are not there, by the keys of their rule sets."""
    now = Encounter.objects.get(pk=encounter.pk)
    found = proposed_services(now, list(now.services.all()))
    return {proposal.rule_set.key: list(proposal.reasons) for proposal in found}


def services_of(encounter):
    return Service.objects.standing().filter(encounter=encounter)


@pytest.mark.parametrize(
    ("visit", "reasons"),
    [
        ({"diagnoses": ("Z00.00", "M17.11"), "note": OTHER}, [Reason("diagnosis", "M17.11")]),
        ({"note": HELD}, [Reason("note", "held")]),
        (
            {"diagnoses": ("M17.0",), "note": HELD},
            [Reason("diagnosis", "M17.0"), Reason("note", "held")],
        ),
    ],
)
def test_diagnoses_and_the_note_propose_and_open_nothing(people, knee, visit, reasons):
    encounter = factories.visit(people, **visit)
    assert reasons_of(encounter) == {"knee": reasons}
    assert not services_of(encounter).exists()


def test_nothing_speaks_for_a_family_that_is_there(people, knee):
    encounter = factories.visit(people, ServiceLineRecord("20610"), diagnoses=("M17.0",), note=HELD)
    assert services_of(encounter).get().rule_set == knee.rule_set
    assert reasons_of(encounter) == {}


@pytest.mark.parametrize("note", [OTHER, "The left knee was not held.", "The elbow was held."])
def test_a_note_of_something_else_proposes_nothing(people, knee, note):
    assert reasons_of(factories.visit(people, note=note)) == {}


def test_a_family_without_a_gate_is_never_proposed_by_a_note(people):
    small_rules.published(people, lexicon=small_rules.lexicon())
    assert reasons_of(factories.visit(people, note=HELD)) == {}


def test_a_version_that_is_not_in_force_on_the_day_proposes_nothing(people, knee):
    assert (
        reasons_of(
            factories.visit(
                people, note=HELD, date_of_service=small_rules.NEW_YEAR.replace(year=2025)
            )
        )
        == {}
    )


def test_a_line_that_was_nobodys_when_it_came_is_told_once_a_family_claims_it(people):
    encounter = factories.visit(people, ServiceLineRecord("20610", ("LT",)), note=OTHER)
    family = small_rules.published(people, rules=rules())
    assert reasons_of(encounter) == {"knee": [Reason("line", "20610-LT")]}
    service = proposals.confirm(people["coder"], encounter, family.rule_set)
    assert [str(line) for line in service.lines.standing()] == ["20610-LT"]
    assert services_of(encounter).get() == service


def test_what_a_coder_moved_out_of_all_families_is_not_proposed_again(people, knee):
    encounter = factories.visit(people, ServiceLineRecord("20610"), note=OTHER)
    services.move(people["coder"], services_of(encounter).get(), None, "Not of it.")
    assert reasons_of(encounter) == {}


def test_a_coder_confirms_a_proposed_service_and_it_is_noted_why(people, knee):
    encounter = factories.visit(people, diagnoses=("M17.0",), note=HELD)
    service = proposals.confirm(people["coder"], encounter, knee.rule_set)
    assert (service.origin, service.rule_set, service.state) == (
        ServiceOrigin.PROPOSED,
        knee.rule_set,
        ServiceState.TO_CODE,
    )
    [event] = AuditEvent.objects.filter(event="service.added")
    assert event.after["because of"] == ["M17.0", "the note"]
    with pytest.raises(Conflict, match="Nothing speaks for a service of Knee any more"):
        proposals.confirm(people["coder"], encounter, knee.rule_set)


def test_a_dismissal_is_kept_with_its_reasons_and_says_so_in_the_trail(people, knee):
    encounter = factories.visit(people, note=HELD)
    dismissed = proposals.dismiss(people["coder"], encounter, knee.rule_set, " An exam only. ")
    assert (dismissed.reasons, dismissed.reason) == (
        [{"kind": "note", "text": "held"}],
        "An exam only.",
    )
    [event] = AuditEvent.objects.filter(event="service.dismissed")
    assert (event.before["because of"], event.reason) == (["the note"], "An exam only.")
    with pytest.raises(Conflict, match="dismissed already"):
        proposals.dismiss(people["coder"], encounter, knee.rule_set)
    assert DismissedService.objects.count() == 1


def test_what_was_dismissed_may_be_opened_after_all(people, knee):
    encounter = factories.visit(people, note=HELD)
    proposals.dismiss(people["coder"], encounter, knee.rule_set)
    assert proposals.confirm(people["coder"], encounter, knee.rule_set).rule_set == knee.rule_set


def test_what_nothing_speaks_for_is_neither_opened_nor_dismissed(people, knee):
    encounter = factories.visit(people, note=OTHER)
    for verb in (proposals.confirm, proposals.dismiss):
        with pytest.raises(Conflict, match="Nothing speaks"):
            verb(people["coder"], encounter, knee.rule_set)


@pytest.mark.parametrize(
    "role", ["supervisor", "auditor", "rule author", "rule approver", "administrator"]
)
def test_only_a_coder_says_which_services_there_are(people, knee, role):
    encounter = factories.visit(people, note=HELD)
    with pytest.raises(NotAllowed, match="may not add services"):
        proposals.confirm(people[role], encounter, knee.rule_set)
    with pytest.raises(NotAllowed, match="may not dismiss proposed services"):
        proposals.dismiss(people[role], encounter, knee.rule_set)


def test_what_another_coder_codes_is_theirs_to_say(people, knee):
    encounter = factories.visit(people, ServiceLineRecord("73525"), note=HELD)
    services_of(encounter).update(assigned_to=people["coder", 2])
    with pytest.raises(Conflict, match="is coding this encounter"):
        proposals.confirm(people["coder"], encounter, knee.rule_set)


def test_reading_what_is_proposed_takes_as_many_queries_for_many_families(
    people, knee, django_assert_max_num_queries
):
    for number in range(4):
        table = rules_of(f"knee-{number}", f"1000{number}", claims=[])
        small_rules.published(people, rules=table, lexicon=None)
    encounter = factories.visit(
        people, *map(ServiceLineRecord, ("73525", "73526")), diagnoses=("M17.0",)
    )
    reasons_of(encounter)
    with django_assert_max_num_queries(5):
        assert len(reasons_of(encounter)) == 5
