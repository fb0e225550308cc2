"""Holding and releasing a service, and the reasons kept for it: who may, from where, and what the trail says."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from coding.actions import encounters
from coding.actions.errors import Conflict, NotAllowed
from coding.models import AuditEvent
from reviews.actions import holds, voiding
from reviews.models import FavouriteReason, ReasonUse, ServiceHold
from tests import factories

WHY = " The operative note is missing. "
TODAY = timezone.localdate()
DAY = timedelta(days=1)


def standing(people, hip):
    return factories.service(people, hip)


@pytest.fixture
def service(standing):
    return standing


@pytest.fixture
def held(people, service):
    return holds.hold(people["coder"], service, WHY)


def reason(people, text="Document missing", use=ReasonUse.HOLD, **days):
    return holds.save_reason(people["administrator"], FavouriteReason(use=use, text=text, **days))


def noted(name):
    return AuditEvent.objects.filter(event=name)


@pytest.mark.parametrize(
    "role", ["supervisor", "auditor", "rule author", "rule approver", "administrator"]
)
def test_only_a_coder_holds_and_releases(people, service, held, role):
    with pytest.raises(NotAllowed, match="may not put services on hold"):
        holds.hold(people[role], service, WHY)
    with pytest.raises(NotAllowed, match="may not end holds of services"):
        holds.release(people[role], service)
    assert ServiceHold.objects.get().released_at is None


def test_both_ends_of_a_hold_are_noted_with_their_service_and_who_did_it(people, service, held):
    holds.release(people["coder", 2], service)
    begun, ended = noted("service.held").get(), noted("service.released").get()
    assert (begun.actor, begun.after, begun.reason) == (
        people["coder"],
        {"service": 1},
        WHY.strip(),
    )
    assert (ended.actor, ended.after, ended.reason) == (people["coder", 2], {"service": 1}, "")
    assert begun.encounter == ended.encounter == service.encounter.public_id


def test_what_somebody_else_codes_is_theirs_to_hold_and_to_release(people, service, held):
    encounters.assign(people["coder", 2], service.encounter, people["coder", 2])
    for verb in (
        lambda: holds.hold(people["coder"], service, WHY),
        lambda: holds.release(people["coder"], service),
    ):
        with pytest.raises(Conflict, match=f"{people['coder', 2].name} is coding this encounter"):
            verb()
    assert ServiceHold.objects.get().released_at is None
    assert not noted("service.released").exists()


def test_what_is_decided_waits_for_no_coder_and_is_not_held(people, service):
    factories.decide(people["coder"], service, factories.PAVLIK)
    with pytest.raises(Conflict, match="This service is final by now"):
        holds.hold(people["coder"], factories.service_of(service), WHY)
    assert not ServiceHold.objects.exists()


def test_answers_leave_a_hold_as_it_is(people, service, held):
    factories.answer(people["coder"], service, factories.PAVLIK)
    assert ServiceHold.objects.get().released_at is None


def test_a_service_that_was_released_is_held_again_and_both_times_are_kept(people, service, held):
    holds.release(people["coder"], service)
    holds.hold(people["coder"], service, "Pathology is awaited.")
    again, first = ServiceHold.objects.all()
    assert (first.released_by, again.released_at) == (people["coder"], None)
    assert again.reason == "Pathology is awaited."


def test_a_hold_of_a_voided_encounter_ends_by_itself(people, service, held):
    voiding.void(people["supervisor"], service.encounter, "Entered twice.")
    held.refresh_from_db()
    assert held.released_at is not None
    assert held.released_by is None
    with pytest.raises(Conflict, match="This service is withdrawn by now"):
        holds.release(people["coder"], service)


@pytest.mark.parametrize(
    ("favourite", "own", "words"),
    [
        ("", " Unsigned. ", "Unsigned."),
        ("Document missing", "", "Document missing"),
        ("Document missing", " the report ", "Document missing: the report"),
        ("", "  ", ""),
    ],
)
def test_a_hold_says_the_favourite_reason_the_own_words_or_both(favourite, own, words):
    chosen = FavouriteReason(text=favourite) if favourite else None
    assert holds.in_words(chosen, own) == words


# --- Favourite reasons.


def test_a_reason_is_offered_from_its_first_day_to_its_last(people):
    today_only = reason(people, "Today only", valid_from=TODAY, valid_until=TODAY)
    reason(people, "Over", valid_from=TODAY - 2 * DAY, valid_until=TODAY - DAY)
    reason(people, "To come", valid_from=TODAY + DAY)
    reason(people, "Of returns", use=ReasonUse.RETURN)
    assert list(FavouriteReason.objects.offered(ReasonUse.HOLD)) == [today_only]


def test_a_reason_is_noted_with_its_use_and_its_days(people):
    kept = reason(people, valid_from=TODAY)
    assert noted("reason.saved").get().after == {
        "use": "hold",
        "reason": "Document missing",
        "from": TODAY.isoformat(),
        "until": None,
    }
    kept.valid_until = TODAY
    holds.save_reason(people["administrator"], kept)
    assert noted("reason.saved").latest("sequence").after["until"] == TODAY.isoformat()


def test_a_reason_does_not_end_before_it_begins(people):
    with pytest.raises(ValidationError) as refusal:
        reason(people, valid_from=TODAY, valid_until=TODAY - DAY)
    assert refusal.value.message_dict == {
        "valid_until": ["It ends before it begins. Correct one of the days."]
    }
    assert not FavouriteReason.objects.exists()


def test_one_text_may_stand_for_each_use_once(people):
    reason(people)
    reason(people, use=ReasonUse.RETURN)
    with pytest.raises(Conflict, match="“Document missing” stands among these reasons already"):
        reason(people)
    assert FavouriteReason.objects.count() == 2


def test_only_an_administrator_keeps_reasons(people):
    for role in ("coder", "supervisor"):
        with pytest.raises(NotAllowed, match="may not keep favourite reasons"):
            holds.save_reason(people[role], FavouriteReason(use=ReasonUse.HOLD, text="Mine"))
    assert not FavouriteReason.objects.exists()


def test_what_was_merged_into_a_reason_follows_it_so_that_one_step_leads_to_what_counts(people):
    first, second, third = (reason(people, text) for text in ("One", "Two", "Three"))
    holds.merge_reasons(people["administrator"], [first], second)
    holds.merge_reasons(people["administrator"], [second], third)
    survivors = FavouriteReason.objects.order_by("pk").values_list("survivor", flat=True)
    assert list(survivors) == [third.pk, third.pk, None]
    event = noted("reason.merged").latest("sequence")
    assert (event.before, event.after) == ({"reason": "Two"}, {"reason": "Three"})


def test_a_merged_reason_takes_none_and_is_merged_no_more(people):
    merged, survivor, other = (reason(people, text) for text in ("One", "Two", "Three"))
    holds.merge_reasons(people["administrator"], [merged], survivor)
    for pair in ((merged, other), (other, merged)):
        with pytest.raises(Conflict, match="One of them is merged already"):
            holds.merge_reasons(people["administrator"], [pair[0]], pair[1])
    assert noted("reason.merged").count() == 1
    merged.valid_until = TODAY
    with pytest.raises(Conflict, match="One of them is merged already"):
        holds.save_reason(people["administrator"], merged)


def test_a_hold_keeps_the_words_of_a_reason_that_was_merged_since(people, service):
    merged, survivor = reason(people, "Doc missing"), reason(people)
    row = holds.hold(people["coder"], service, "", merged)
    holds.merge_reasons(people["administrator"], [merged], survivor)
    row.refresh_from_db()
    assert (row.reason, row.favourite) == ("Doc missing", merged)
