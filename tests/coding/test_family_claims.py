"""What a version claims beside its own codes, and which of its lines are services of their own: data, kept by it."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from coding.actions import rule_sets
from coding.actions.version_gate import Refused
from coding.importing.write_encounters import record_of
from coding.intake.records import ServiceLineRecord
from coding.models import Encounter, RuleSetVersion, Service
from coding.rules import rulebook
from coding.rules.families import Families
from tests import factories, small_rules

DAY = date(2026, 5, 4)
OPENING = {
    "claims": ["20600-20611"],
    "opens_by": {"diagnoses": ["M17"]},
    "one_service": {"apart": [["20600"], ["20610-20611"]]},
    "meanings": {"drug": "anesthesia"},
}


def standing(people):
    """A family that claims a range, and tells two groups of codes apart."""
    return small_rules.published(people, rules=small_rules.table(**OPENING))


@pytest.fixture
def joints(standing):
    return standing


def lines(*codes):
    return tuple(ServiceLineRecord(code) for code in codes)


def with_modifiers(text):
    written = [line.split("-") for line in text.split()]
    return tuple(ServiceLineRecord(code, tuple(modifiers)) for code, *modifiers in written)


def codes_by_service(encounter):
    """The standing lines of each standing service, in order."""
    services = Service.objects.standing().filter(encounter=encounter).order_by("number")
    return [[line.code for line in service.lines.standing()] for service in services]


def test_a_version_keeps_what_opens_its_services_through_its_rows(people, joints):
    draft = rule_sets.draft_from(people["rule author"], joints)
    assert rulebook.table_from_rows(draft).content_hash == joints.document.content_hash
    assert draft.opening == OPENING


def test_a_draft_that_names_a_fact_which_is_not_there_says_so(people, joints):
    draft = rule_sets.draft_from(people["rule author"], joints)
    RuleSetVersion.objects.filter(pk=draft.pk).update(opening={"meanings": {"limb": "side"}})
    assert "no fact “limb”" in rule_sets.save(people["rule author"], draft)


def test_a_code_of_one_family_in_a_range_of_another_is_refused_whichever_is_published_first(
    people, joints
):
    rules = small_rules.document()["rules"]
    inside = small_rules.table(
        key="inside", family=["20610"], rules=[{**rules[0], "code": "20610"}, rules[2]]
    )
    with pytest.raises(Refused, match="20610: the rule set Small claims it"):
        small_rules.published(people, rules=inside)
    around = small_rules.table(
        key="around",
        family=["12345"],
        claims=["27250-27257"],
        rules=[{**rules[0], "code": "12345"}, rules[2]],
    )
    with pytest.raises(Refused, match="27256, 27257: the rule set Small claims it"):
        small_rules.published(people, rules=around)


def test_what_a_published_version_claims_is_not_changed(joints):
    with pytest.raises(DatabaseError), transaction.atomic():
        RuleSetVersion.objects.filter(pk=joints.pk).update(opening={})


def test_a_range_opens_the_family_and_makes_no_code_known(joints):
    published = Families.published()
    assert published.claiming("20606", DAY) == joints.rule_set_id
    assert not published.has("20606")
    assert published.has("27256")


def test_lines_of_two_groups_are_two_services_and_those_of_one_group_are_one(people, joints):
    visit = factories.visit(people, *lines("20610", "20600", "20611", "27256", "20605"))
    assert codes_by_service(visit) == [["20610", "20611"], ["20600"], ["27256", "20605"]]


@pytest.mark.parametrize(
    ("after", "services"),
    [
        (("20610", "20611"), [["20610", "20611"]]),
        (("20610", "20600"), [["20610"], ["20600"]]),
        (("20611",), [["20611"]]),
    ],
)
def test_a_corrected_line_comes_to_the_service_of_its_group(people, joints, after, services):
    visit = factories.visit(people, *lines("20610"))
    factories.send_again(people, visit, service_lines=lines(*after))
    assert codes_by_service(visit) == services


@pytest.mark.parametrize(
    ("before", "after", "services"),
    [
        ("20610-F6", "20610-F6 20610-F7", [["20610"], ["20610"]]),
        ("20610-RT", "20610-RT 20610-59-RT", [["20610"], ["20610"]]),
        (
            "20610-F6",
            "20610-F7 20611-F7 20610-F6 20611-F6",
            [["20610", "20611"], ["20610", "20611"]],
        ),
        ("20610-RT", "20610-RT 20610-LT", [["20610", "20610"]]),
    ],
)
def test_a_line_of_another_site_that_comes_later_is_a_service_of_its_own(
    people, before, after, services
):
    side = {"fact": "drug", "values": ["none", "sleep"], "both": "none"}
    small_rules.published(
        people, rules=small_rules.table(**{**OPENING, "one_service": {"sides": side}})
    )
    visit = factories.visit(people, *with_modifiers(before))
    factories.send_again(people, visit, service_lines=with_modifiers(after))
    assert codes_by_service(visit) == services


def test_a_line_that_is_replaced_by_one_of_another_group_is_another_service(people, joints):
    visit = factories.visit(people, *lines("20610"))
    factories.send_again(people, visit, service_lines=lines("20600"))
    assert codes_by_service(visit) == [["20600"]]
    assert record_of(Encounter.objects.get(pk=visit.pk)).service_lines == lines("20600")
