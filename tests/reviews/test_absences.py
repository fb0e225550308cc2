"""Who is away: who may say so, on which days it counts, and who stands in."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from coding.actions.errors import NotAllowed
from coding.models import AuditEvent
from reviews.actions import claims, routing
from reviews.models import Absence
from tests import factories

TODAY = timezone.localdate()
DAY = timedelta(days=1)


def away(people, first=TODAY, last=TODAY, substitute=None):
    """The second supervisor is away on these days."""
    return routing.enter_absence(
        people["supervisor"], people["supervisor", 2], first, last, substitute
    )


def noted(name):
    return AuditEvent.objects.filter(event=name)


@pytest.mark.parametrize("role", ["coder", "auditor", "rule author", "rule approver"])
def test_only_supervisors_and_administrators_enter_and_end_absences(people, role):
    absence = away(people)
    with pytest.raises(NotAllowed, match="may not enter absences"):
        routing.enter_absence(people[role], people["supervisor", 2], TODAY, TODAY)
    with pytest.raises(NotAllowed, match="may not enter absences"):
        routing.end_absence(people[role], absence)
    assert Absence.objects.get().last_day == TODAY


@pytest.mark.parametrize(
    ("first", "last", "is_away"),
    [
        (TODAY, TODAY, True),
        (TODAY - DAY, TODAY, True),
        (TODAY, TODAY + DAY, True),
        (TODAY + DAY, TODAY + DAY, False),
    ],
)
def test_a_person_is_away_from_the_first_day_to_the_last(people, first, last, is_away):
    away(people, first, last)
    present = claims.present(claims.supervisors())
    assert (people["supervisor", 2] not in present) is is_away
    assert people["supervisor"] in present


def test_days_that_are_over_or_stand_the_wrong_way_round_are_refused_in_words(people):
    for first, last, words in (
        (TODAY, TODAY - DAY, "The last day lies before the first."),
        (TODAY - 2 * DAY, TODAY - DAY, "These days are over. Enter what is to come."),
    ):
        with pytest.raises(ValidationError) as refusal:
            away(people, first, last)
        assert refusal.value.message_dict == {"last_day": [words]}
    assert not noted("absence.entered").exists()


def test_nobody_stands_in_for_themselves(people):
    with pytest.raises(ValidationError) as refusal:
        away(people, substitute=people["supervisor", 2])
    assert refusal.value.message_dict == {
        "substitute": ["Nobody stands in for themselves. Choose somebody else, or nobody."]
    }


def test_the_trail_tells_who_is_away_when_and_who_stands_in(people):
    away(people, TODAY, TODAY + DAY)
    days = {
        "who": people["supervisor", 2].name,
        "from": str(TODAY),
        "until": str(TODAY + DAY),
    }
    assert noted("absence.entered").get().after == days
    away(people, TODAY, TODAY + DAY, people["supervisor", 3])
    latest = noted("absence.entered").latest("sequence")
    assert latest.after == {**days, "stands in": people["supervisor", 3].name}
    assert latest.actor == people["supervisor"]


def test_who_is_back_is_away_until_yesterday_and_the_trail_tells_both_days(people):
    absence = away(people, TODAY - DAY, TODAY + 7 * DAY)
    routing.end_absence(people["supervisor"], absence)
    ended = noted("absence.ended").get()
    assert (ended.before["until"], ended.after["until"]) == (str(TODAY + 7 * DAY), str(TODAY - DAY))
    assert people["supervisor", 2] in claims.present(claims.supervisors())


def test_an_absence_that_has_not_begun_is_called_off(people):
    to_come = away(people, TODAY + DAY, TODAY + 7 * DAY)
    routing.end_absence(people["supervisor"], to_come)
    assert Absence.objects.get().last_day < TODAY
    assert noted("absence.ended").count() == 1


def test_what_is_over_is_not_ended_once_more(people):
    over = Absence.objects.create(
        person=people["supervisor", 2],
        first_day=TODAY - 3 * DAY,
        last_day=TODAY - DAY,
        entered_by=people["supervisor"],
    )
    routing.end_absence(people["supervisor"], over)
    assert Absence.objects.get().last_day == TODAY - DAY
    assert not noted("absence.ended").exists()


def test_whoever_is_away_stands_last_among_those_who_can_be_given_a_case(people, hip):
    away(people)
    case = factories.disputed(people, hip)
    judges = {judge: judge.is_away for judge in claims.judges_of(case)}
    assert list(judges)[-1] == people["supervisor", 2]
    assert judges == {people["supervisor"]: False, people["supervisor", 2]: True}
