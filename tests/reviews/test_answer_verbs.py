"""Giving an answer, taking it back, going over to a newer version: who may, what is kept, and what is refused."""

from datetime import date

import pytest

from coding.actions import encounters, rule_sets
from coding.actions.errors import Conflict, NotAllowed
from coding.decision import CONFLICTING, NOT_DOCUMENTED, Known
from coding.intake.records import ServiceLineRecord
from coding.models import Answer, AuditEvent
from reviews.actions import answers
from reviews.models import CodingRound, RoundReason
from tests import factories

LEFT, RIGHT = Known("left"), Known("right")


@pytest.fixture
def service(people, hip):
    return factories.service(people, hip)


def give(people, service, value, fact="laterality", who="coder"):
    return answers.answer(people[who], factories.service_of(service), fact, value)


def events(name):
    return AuditEvent.objects.filter(event=name)


@pytest.mark.parametrize(
    "role", ["supervisor", "auditor", "rule author", "rule approver", "administrator"]
)
def test_only_a_coder_answers_and_chooses_the_version(people, service, role):
    with pytest.raises(NotAllowed, match="may not answer questions"):
        give(people, service, LEFT, who=role)
    with pytest.raises(NotAllowed, match="may not choose the version"):
        answers.renew_version(people[role], service)
    assert not Answer.objects.exists()


def test_a_coder_who_is_no_longer_active_answers_nothing(people, service):
    people["coder"].is_active = False
    with pytest.raises(NotAllowed, match="may not answer questions about encounters"):
        give(people, service, LEFT)


def test_the_first_answer_opens_the_first_round_keeps_its_version_and_takes_the_service(
    people, hip, service
):
    give(people, service, LEFT)
    begun = CodingRound.objects.get(service=service)
    now = factories.service_of(service)
    assert (begun.number, begun.reason, begun.revision) == (1, RoundReason.INITIAL, 1)
    assert (now.round, now.version, now.assigned_to) == (1, hip, people["coder"])


def test_an_answer_is_noted_with_what_it_was_before_in_the_words_of_the_question(people, service):
    give(people, service, LEFT)
    give(people, service, RIGHT)
    first, second = events("answer.given").order_by("sequence")
    assert (first.before, first.after) == ({"Side": None}, {"Side": "Left"})
    assert (second.before, second.after) == ({"Side": "Left"}, {"Side": "Right"})
    assert (second.encounter, second.actor) == (service.encounter.public_id, people["coder"])


def test_the_same_answer_once_more_changes_and_notes_nothing(people, service):
    give(people, service, LEFT)
    give(people, service, LEFT)
    assert Answer.objects.count() == 1
    assert events("answer.given").count() == 1


def test_an_answer_taken_back_is_open_again_and_both_stay_on_record(people, service):
    give(people, service, LEFT)
    guided = give(people, service, None)
    assert "laterality" not in guided.facts
    given, taken_back = Answer.objects.order_by("pk")
    assert (given.value is None, taken_back.value is None) == (False, True)
    assert events("answer.taken_back").get().before == {"Side": "Left"}


def test_what_was_never_answered_is_taken_back_without_a_trace(people, service):
    give(people, service, None)
    assert not Answer.objects.exists()
    assert not CodingRound.objects.exists()
    assert not events("answer.taken_back").exists()


@pytest.mark.parametrize("silence", [NOT_DOCUMENTED, CONFLICTING])
def test_that_the_note_is_silent_or_says_two_things_is_an_answer(people, service, silence):
    guided = give(people, service, silence)
    assert guided.facts["laterality"] == silence


def test_a_fact_that_the_rules_do_not_know_is_refused(people, service):
    with pytest.raises(Conflict, match="do not ask this any more"):
        give(people, service, LEFT, fact="weather")
    with pytest.raises(Conflict, match="do not ask this any more"):
        answers.definition_of(factories.service_of(service), "weather")
    assert not Answer.objects.exists()


def test_what_another_coder_answers_is_refused_with_their_name_and_changes_nothing(people, service):
    give(people, service, LEFT)
    with pytest.raises(Conflict, match=people["coder"].name):
        answers.answer(people["coder", 2], factories.service_of(service), "laterality", RIGHT)
    assert Answer.objects.count() == 1


def test_what_is_decided_takes_no_answer(people, service):
    factories.decide(people["coder"], service, factories.PAVLIK)
    with pytest.raises(Conflict, match="This service is final by now"):
        give(people, service, RIGHT)


def test_an_answer_to_a_text_that_its_source_corrected_meanwhile_is_refused(people, service):
    read = factories.service_of(service)
    factories.send_again(people, service.encounter, note="The right hip.")
    with pytest.raises(Conflict, match="source corrected this encounter"):
        answers.answer(people["coder"], read, "laterality", LEFT)
    assert not Answer.objects.exists()


def test_a_line_that_no_rule_set_codes_is_asked_nothing(people, hip):
    visit = factories.visit(people, ServiceLineRecord("99203"))
    with pytest.raises(Conflict, match="No rule set codes this line"):
        give(people, factories.service_for(visit, "99203"), LEFT)


def test_the_suggestion_comes_with_the_last_answer_and_goes_with_one_taken_back(people, service):
    guided = factories.answer(people["coder"], service, factories.PAVLIK)
    assert guided.suggestion.reported == "27256-LT"
    assert factories.service_of(service).suggestion == guided.suggestion
    give(people, service, None)
    assert factories.service_of(service).suggestion is None


def test_an_answer_leaves_services_that_somebody_else_decided_with_them(people, hip):
    factories.fees()
    visit = factories.visit(people, ServiceLineRecord("27256", ("LT",)), ServiceLineRecord("99203"))
    factories.decide(people["coder", 2], factories.service_for(visit, "27256"), factories.PAVLIK)
    encounters.assign(people["coder", 2], visit, None)
    added = factories.service_for(visit, "99203")
    encounters.assign(people["coder"], visit, people["coder"])
    assert factories.service_of(added).assigned_to == people["coder"]
    assert factories.service_for(visit, "27256").assigned_to == people["coder", 2]


# --- The newer version.


@pytest.fixture
def newer(people, hip, service):
    """A version that was published after the round began."""
    factories.answer(people["coder"], service, factories.PAVLIK)
    return factories.publish(people, factories.draft_without_harness(people, hip), date(2026, 2, 1))


def test_a_round_goes_on_with_the_newer_version_and_its_answers_are_judged_anew(
    people, hip, service, newer
):
    answers.renew_version(people["coder"], factories.service_of(service))
    now = factories.service_of(service)
    assert (now.version, now.suggestion.outcome) == (newer, "supervisor_review")
    event = events("service.version_renewed").get()
    assert (event.before, event.after) == (
        {"version": hip.number},
        {"version": newer.number, "service": 1},
    )


def test_there_is_nothing_to_go_over_to_before_the_first_answer_and_after_the_change(
    people, service, newer
):
    untouched = factories.service(people, newer)
    for found in (untouched, service):
        if found == service:
            answers.renew_version(people["coder"], factories.service_of(service))
        with pytest.raises(Conflict, match="no newer version in force"):
            answers.renew_version(people["coder"], factories.service_of(found))
    assert events("service.version_renewed").count() == 1


def test_a_version_that_was_retired_is_kept_where_no_other_is_in_force(people, hip, service):
    factories.answer(people["coder"], service, factories.PAVLIK)
    rule_sets.retire(people["rule approver"], hip)
    with pytest.raises(Conflict, match="no newer version in force"):
        answers.renew_version(people["coder"], factories.service_of(service))
    assert factories.form_of(service).suggestion.reported == "27256-LT"


def test_another_coders_round_does_not_change_its_version(people, service, newer):
    with pytest.raises(Conflict, match=people["coder"].name):
        answers.renew_version(people["coder", 2], factories.service_of(service))
    assert factories.service_of(service).version != newer
