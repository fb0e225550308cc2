"""Entering, opening and taking an encounter: who may, once per external id, and all services together."""

import pytest

from coding.actions import encounters
from coding.actions.errors import Conflict, NotAllowed
from coding.intake.records import ServiceLineRecord
from coding.models import AuditEvent, Encounter, Service, User
from reviews.actions import decisions
from reviews.actions.decisions import Judgement
from reviews.models import Choice
from tests import factories

LINES = (ServiceLineRecord("27256", ("LT",)), ServiceLineRecord("99203"))


@pytest.fixture
def visit(people, hip):
    factories.fees()
    return encounters.enter(people["coder"], factories.record(service_lines=LINES))


def owners(visit):
    return [
        service.assigned_to
        for service in visit.services.select_related("assigned_to").order_by("number")
    ]


@pytest.mark.parametrize(
    "role", ["supervisor", "auditor", "rule author", "rule approver", "administrator"]
)
def test_only_a_coder_enters_and_takes_encounters(people, visit, role):
    before = Encounter.objects.count()
    with pytest.raises(NotAllowed, match="may not enter encounters"):
        encounters.enter(people[role], factories.record())
    with pytest.raises(NotAllowed, match="may not take or give back"):
        encounters.assign(people[role], visit, people[role])
    assert Encounter.objects.count() == before
    assert owners(visit) == [None, None]


def test_a_coder_who_is_no_longer_active_enters_nothing(people, hip):
    coder = people["coder"]
    coder.is_active = False
    with pytest.raises(NotAllowed):
        encounters.enter(coder, factories.record())


def test_a_source_sends_an_external_id_once_and_another_source_may_have_the_same(people, hip):
    coder, record = people["coder"], factories.record(external_id="V-1", service_lines=LINES)
    encounters.enter(coder, record)
    with pytest.raises(Conflict, match="Look for it in the worklist"):
        encounters.enter(coder, record)
    encounters.enter(coder, record, source="clinic")
    assert Encounter.objects.filter(external_id="V-1").count() == 2
    assert Service.objects.count() == 4
    assert AuditEvent.objects.filter(event="encounter.entered").count() == 2


def test_all_services_of_an_encounter_are_taken_and_given_back_together(people, visit):
    coder = people["coder"]
    encounters.assign(coder, visit, coder)
    assert owners(visit) == [coder, coder]
    encounters.assign(coder, visit, None)
    assert owners(visit) == [None, None]


def test_the_first_answer_takes_the_other_services_too(people, visit):
    factories.answer(people["coder"], visit, {"treatment": "none"})
    assert owners(visit) == [people["coder"], people["coder"]]


def test_what_somebody_else_codes_is_neither_taken_nor_given_back(people, visit):
    first, second = people["coder"], people["coder", 2]
    encounters.assign(first, visit, first)
    for wanted in (second, None):
        with pytest.raises(Conflict, match=first.name):
            encounters.assign(second, visit, wanted)
    assert owners(visit) == [first, first]


@pytest.mark.parametrize("how", ["closed account", "another role"])
def test_what_somebody_was_coding_who_codes_no_more_is_given_back_to_everybody(people, visit, how):
    coder, other = people["coder"], people["coder", 2]
    theirs = encounters.enter(other, factories.record(service_lines=LINES))
    encounters.assign(other, theirs, other)
    factories.answer(coder, factories.service_for(visit, "27256"), factories.PAVLIK)
    if how == "closed account":
        User.objects.filter(pk=coder.pk).update(is_active=False)
    else:
        coder.groups.set(people["auditor"].groups.all())

    assert encounters.give_back_left() == "1 encounters given back"
    assert owners(visit) == [None, None]
    assert owners(theirs) == [other, other]
    event = AuditEvent.objects.filter(event="encounter.assigned").latest("sequence")
    assert (event.actor, event.before, event.after) == (
        None,
        {"coder": coder.name},
        {"coder": None},
    )
    decided = factories.decide(other, factories.service_for(visit, "27256"), factories.PAVLIK)
    assert (decided.coder, decided.code) == (other, "27256")
    assert encounters.give_back_left() == "0 encounters given back"


def test_what_is_decided_stays_with_whoever_decided_it(people, visit):
    first, second = people["coder"], people["coder", 2]
    factories.decide(first, visit, factories.PAVLIK)
    encounters.assign(first, visit, None)
    encounters.assign(second, visit, second)
    assert owners(visit) == [first, second]


def test_nothing_is_taken_of_an_encounter_of_which_nothing_is_to_code(people, visit):
    coder = people["coder"]
    factories.decide(coder, visit, factories.PAVLIK)
    decisions.decide(
        coder, factories.service_of(visit.services.get(rule_set=None)), Judgement(Choice.KEEP)
    )
    with pytest.raises(Conflict, match="Nothing of this encounter is to be coded"):
        encounters.assign(coder, visit, coder)


def test_each_opening_is_an_event_of_its_own_with_who_opened_it(people, visit):
    for role in ("coder", "supervisor", "auditor"):
        encounters.view(people[role], visit)
    opened = AuditEvent.objects.filter(event="encounter.viewed", encounter=visit.public_id)
    assert [event.actor for event in opened] == [
        people[role] for role in ("coder", "supervisor", "auditor")
    ]


def events(name):
    return AuditEvent.objects.filter(event=name).order_by("sequence")


def test_who_took_and_gave_back_an_encounter_is_noted_with_whose_it_was(people, visit):
    first, second = people["coder"], people["coder", 2]
    encounters.assign(first, visit, first)
    encounters.assign(first, visit, second)
    encounters.assign(second, visit, None)
    changes = [
        (event.actor, event.before["coder"], event.after["coder"])
        for event in events("encounter.assigned")
    ]
    assert changes == [
        (first, None, first.name),
        (first, first.name, second.name),
        (second, second.name, None),
    ]


def test_whoever_takes_what_is_theirs_already_keeps_it(people, visit):
    coder = people["coder"]
    for _ in range(2):
        encounters.assign(coder, visit, coder)
    assert owners(visit) == [coder, coder]


def test_an_encounter_that_was_read_before_somebody_took_it_is_refused(people, visit):
    """The page was open while another coder was faster."""
    read = Encounter.objects.get(pk=visit.pk)
    encounters.assign(people["coder", 2], visit, people["coder", 2])
    with pytest.raises(Conflict, match="is coding this encounter"):
        encounters.assign(people["coder"], read, people["coder"])
    assert events("encounter.assigned").count() == 1


def test_taking_one_encounter_leaves_the_others(people, visit):
    other = encounters.enter(people["coder"], factories.record(service_lines=LINES))
    encounters.assign(people["coder"], visit, people["coder"])
    assert owners(other) == [None, None]


def test_what_came_in_is_noted_with_its_source_and_a_refusal_is_not(people, hip):
    coder, record = people["coder"], factories.record(external_id="V-1")
    encounter = encounters.enter(coder, record, source="clinic")
    with pytest.raises(Conflict):
        encounters.enter(coder, record, source="clinic")
    event = events("encounter.entered").get()
    assert (event.actor, event.encounter, event.after) == (
        coder,
        encounter.public_id,
        {"source": "clinic"},
    )


def test_of_one_chosen_family_the_service_opens_although_no_line_names_it(people, hip):
    lines = (ServiceLineRecord("99203"),)
    encounter = encounters.enter(
        people["coder"], factories.record(service_lines=lines), hip.rule_set
    )
    families = encounter.services.order_by("number").values_list("rule_set", flat=True)
    assert list(families) == [hip.rule_set_id, None]


@pytest.mark.parametrize("role", ["auditor", "rule author"])
def test_an_encounter_is_given_to_nobody_who_does_not_code(people, visit, role):
    with pytest.raises(NotAllowed, match="does not code encounters"):
        encounters.assign(people["coder"], visit, people[role])
    assert owners(visit) == [None, None]
