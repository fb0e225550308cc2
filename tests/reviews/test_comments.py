"""Comments on a case: who has to act finds them among their cases, and in the numbers of the navigation."""

import pytest
from django.core.exceptions import ValidationError

from coding.actions.errors import Conflict, NotAllowed
from coding.models import AuditEvent
from reviews.actions import comments
from reviews.models import CaseComment
from tests import factories
from tests.races import at_once


@pytest.fixture
def case(people, hip):
    decision = factories.decide(
        people["coder"], factories.service(people, hip), factories.PAVLIK, factories.insists()
    )
    return factories.case_of(decision)


def test_who_has_to_act_finds_it_and_answers_and_it_is_done_once(client, people, case):
    client.force_login(people["supervisor"])
    page = client.get(f"{case.get_absolute_url()}comments/")
    key = page.context["form"]["idempotency_key"].value()
    data = {"idempotency_key": key, "text": "Which hip was it?", "acts": people["coder"].pk}
    for _ in range(2):
        assert client.post(page.request["PATH_INFO"], data).status_code == 302
    asked = CaseComment.objects.get()

    client.force_login(people["coder"])
    mine = client.get("/cases/")
    assert list(mine.context["to_act_on"]) == [asked]
    assert [item.count for item in mine.context["nav_items"] if item.label == "My cases"] == ["1"]
    for _ in range(2):
        assert (
            client.post(
                f"{case.get_absolute_url()}comments/done/", {"comment": asked.pk}
            ).status_code
            == 302
        )
    assert list(client.get("/cases/").context["to_act_on"]) == []
    assert AuditEvent.objects.filter(event="comment.done").count() == 1


def test_a_supervisor_who_has_to_act_finds_it_beside_the_cases_that_they_hold(client, people, case):
    comments.comment(people["coder"], case, "Please reopen it.", people["supervisor"])
    client.force_login(people["supervisor"])
    page = client.get("/cases/").content.decode()
    assert "Please reopen it." in page


def test_only_the_coder_of_a_case_and_supervisors_comment_and_act(people, case):
    with pytest.raises(NotAllowed, match="Only the coder of a case and supervisors comment on it"):
        comments.comment(people["coder", 2], case, "Me too.")
    with pytest.raises(ValidationError, match="neither the coder"):
        comments.comment(people["supervisor"], case, "Look.", people["coder", 2])
    with pytest.raises(ValidationError, match="Write what is to be said"):
        comments.comment(people["supervisor"], case, "  ")
    asked = comments.comment(people["supervisor"], case, "Look.", people["coder"])
    with pytest.raises(
        NotAllowed, match="Whoever has to act, or asked for it, marks a comment as done"
    ):
        comments.done(people["supervisor", 2], asked)
    asked.refresh_from_db()
    assert asked.done_at is None


@pytest.mark.django_db(transaction=True)
def test_of_two_who_mark_it_as_done_at_once_one_is_kept(people, case):
    asked = comments.comment(people["supervisor"], case, "Look.", people["coder"])
    both = [people["supervisor"], people["coder"]]
    assert at_once(2, lambda number: comments.done(both[number], asked)) == [None, None]
    assert AuditEvent.objects.filter(event="comment.done").count() == 1


def test_a_comment_that_asks_nobody_to_act_is_never_done(people, case):
    told = comments.comment(people["coder"], case, "For your information.")
    with pytest.raises(Conflict, match="asks nobody to act"):
        comments.done(people["coder"], told)


@pytest.mark.parametrize("named", ["", "x", "0", "9" * 40])
def test_what_names_no_comment_of_the_case_marks_none(client, people, case, named):
    client.force_login(people["coder"])
    address = f"{case.get_absolute_url()}comments/done/"
    assert client.post(address, {"comment": named}).status_code == 404


def test_a_comment_is_noted_with_its_words_and_who_has_to_act(people, case):
    comments.comment(people["supervisor"], case, " Which hip? ", people["coder"])
    comments.comment(people["coder"], case, "The left one.")
    asked, told = AuditEvent.objects.filter(event="comment.made").order_by("sequence")
    assert (asked.reason, asked.after) == (
        "Which hip?",
        {"service": 1, "who acts": people["coder"].name},
    )
    assert told.after == {"service": 1, "who acts": None}
    assert (asked.encounter, asked.actor) == (
        case.service.encounter.public_id,
        people["supervisor"],
    )


def test_whoever_asked_may_say_that_it_is_done_and_the_trail_tells_who_did(people, case):
    asked = comments.comment(people["supervisor"], case, "Look.", people["coder"])
    comments.done(people["supervisor"], asked)
    asked.refresh_from_db()
    assert asked.done_by == people["supervisor"]
    event = AuditEvent.objects.get(event="comment.done")
    assert (event.actor, event.after) == (people["supervisor"], {"service": 1})


def test_whoever_left_is_asked_nothing_and_marks_nothing_as_done(people, case):
    asked = comments.comment(people["supervisor"], case, "Look.", people["coder"])
    gone = people["coder"]
    gone.is_active = False
    gone.save()
    with pytest.raises(NotAllowed, match="Whoever has to act, or asked for it"):
        comments.done(gone, asked)
    with pytest.raises(ValidationError) as refusal:
        comments.comment(people["supervisor"], case, "Look again.", gone)
    assert list(refusal.value.message_dict) == ["acts"]
    assert list(comments.who_may_act(case)) == [people["supervisor"]]


def test_what_one_has_to_act_on_stands_there_the_oldest_first_and_is_one_s_own(people, case):
    coder = people["coder"]
    first, second = (
        comments.comment(people["supervisor"], case, words, coder) for words in ("One.", "Two.")
    )
    comments.comment(coder, case, "Three.", people["supervisor"])
    assert list(comments.to_act_on(coder)) == [first, second]
    comments.done(coder, first)
    assert list(comments.to_act_on(coder)) == [second]
