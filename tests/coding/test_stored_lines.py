"""Submitted lines as rows: none is lost or renumbered by a correction, and each stays with its service."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import transaction

from coding.actions import encounters
from coding.importing.write_encounters import correct, record_of
from coding.intake.records import ServiceLineRecord
from coding.models import Encounter, Service
from reviews.actions import services
from tests import factories

HIP_LINE, VISIT, IMAGE = (
    ServiceLineRecord("27256", ("LT",)),
    ServiceLineRecord("99203"),
    ServiceLineRecord("73525"),
)


@pytest.fixture
def visit(people, hip):
    return encounters.enter(
        people["coder"], factories.record(service_lines=(HIP_LINE, VISIT), payer="Northern")
    )


def send(people, visit, **changes):
    """The source sends the encounter with other content."""
    with transaction.atomic():
        now = Encounter.objects.get(pk=visit.pk)
        record = replace(record_of(now), **changes)
        return correct(people["coder"], now, record, record.content_hash)


def standing(visit):
    lines = visit.service_lines.standing().select_related("service__rule_set")
    return [
        (line.number, str(line), line.service.rule_set and line.service.rule_set.key)
        for line in lines
    ]


def test_what_is_stored_says_what_was_sent(visit):
    record = record_of(Encounter.objects.get(pk=visit.pk))
    assert record.service_lines == (HIP_LINE, VISIT)
    assert record.content_hash == visit.content_hash


def test_a_number_names_one_line_for_ever_and_the_place_is_that_of_today(people, visit):
    send(people, visit, service_lines=(IMAGE, VISIT))
    send(people, visit, service_lines=(VISIT, HIP_LINE))
    # The line that was gone does not come back: what is submitted again is a line of its own.
    assert standing(visit) == [(2, "99203", None), (4, "27256-LT", factories.HIP)]
    assert list(visit.service_lines.order_by("number").values_list("number", "gone_in")) == [
        (1, 2),
        (2, None),
        (3, 3),
        (4, None),
    ]


def test_what_is_sent_is_what_is_stored_however_often_it_is_corrected(people, visit):
    for lines in ((VISIT, HIP_LINE), (), (HIP_LINE, HIP_LINE), (IMAGE,), (HIP_LINE, VISIT)):
        send(people, visit, service_lines=lines)
        assert record_of(Encounter.objects.get(pk=visit.pk)).service_lines == lines


def test_a_correction_names_the_services_whose_lines_changed_and_those_left_without_one(
    people, visit
):
    hip_service, other = visit.services.order_by("number")
    correction = send(people, visit, service_lines=(replace(HIP_LINE, units=2),))
    assert correction.touched == {hip_service.pk, other.pk}
    assert correction.bare == {other.pk}
    assert send(people, visit, note="Another note.").touched == set()


def test_another_line_of_a_family_goes_to_the_service_that_is_open(people, visit):
    send(people, visit, service_lines=(HIP_LINE, VISIT, ServiceLineRecord("27257", ("LT",))))
    assert standing(visit)[-1] == (3, "27257-LT", factories.HIP)
    assert visit.services.count() == 2


def test_a_code_of_another_family_in_a_lines_place_is_a_service_of_its_own(people, visit):
    send(people, visit, service_lines=(IMAGE, VISIT))
    assert [key for _, _, key in standing(visit)] == [None, None]
    assert visit.services.count() == 3


def test_a_line_that_a_coder_moved_stays_where_it_was_moved_to(people, hip, visit):
    moved = services.move(
        people["coder"],
        factories.service_of(visit.services.get(rule_set=None)),
        hip.rule_set,
        "Why.",
    )
    send(people, visit, service_lines=(HIP_LINE, replace(VISIT, units=2)))
    [line] = moved.lines.standing()
    assert (line.code, line.units) == ("99203", 2)
    assert Service.objects.standing().filter(encounter=visit).count() == 2


def test_a_line_of_the_chosen_family_stays_with_it_although_another_one_comes_first(people, hip):
    knee = factories.published_knee(people)
    visit = factories.encounter(people, knee, service_lines=(HIP_LINE,))
    send(people, visit, service_lines=(replace(HIP_LINE, modifiers=("RT",)),))
    assert standing(visit) == [(2, "27256-RT", "knee")]
    assert visit.services.count() == 1


def test_the_copies_of_day_and_payer_follow_the_visit(people, visit):
    send(people, visit, payer="Southern", date_of_service=date(2026, 5, 9))
    assert set(visit.services.values_list("payer", "day")) == {("Southern", date(2026, 5, 9))}


@pytest.mark.parametrize("change", [{"payer": "Southern"}, {"place_of_service": "22"}])
def test_another_day_payer_or_place_ends_that_a_service_to_code_keeps_its_version(
    people, hip, visit, change
):
    factories.answer(people["coder"], visit, factories.PAVLIK)
    send(people, visit, note="Another note.")
    assert factories.service_of(visit).version == hip
    send(people, visit, **change)
    assert factories.service_of(visit).version is None


def test_what_is_decided_keeps_its_version(people, hip, visit):
    factories.decide(people["coder"], visit, factories.PAVLIK)
    send(people, visit, payer="Southern", date_of_service=date(2026, 5, 9))
    service = factories.service_of(visit)
    assert (service.version, service.payer) == (hip, "Southern")


def test_what_was_said_before_is_kept_with_each_correction(people, visit):
    send(people, visit, payer="Southern")
    send(people, visit, service_lines=())
    kept = visit.revisions.order_by("number")
    assert [(revision.number, revision.changes) for revision in kept] == [
        (1, ["payer"]),
        (2, ["service_lines"]),
    ]
    assert [revision.record["payer"] for revision in kept] == ["Northern", "Southern"]
