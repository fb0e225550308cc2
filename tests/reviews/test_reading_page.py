"""What the note says: proposals confirmed together by reading, corrected in line, and only the rest is asked."""

import pytest
from django.http import QueryDict
from django.urls import reverse

from coding.decision import CONFLICTING, FactDefinition, Kind
from coding.models import Answer, AnswerSource, AuditEvent, Service
from reviews.coding_form.guided import ProposedAnswer
from reviews.forms.reading import ProposalRow
from tests import factories

NOTE = (
    "Three-week-old girl with developmental dislocation of the left hip.\r\n"
    "Her mother had an epidural. A Pavlik harness was fitted. No anesthesia was given & the hip was not manipulated."
)


standing = factories.reading_hip


@pytest.fixture
def reading_hip(standing):
    return standing


@pytest.fixture
def service(people, reading_hip):
    return factories.service(people, reading_hip, note=NOTE)


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


def page_of(service):
    return reverse("reading", args=[service.public_id])


def sent(form, **changes):
    """The form as a browser sends it."""
    data = {"revision": form["revision"].value()}
    for row in form.rows:
        if row["take"].value():
            data[row["take"].html_name] = "on"
        data[row["value"].html_name] = row["value"].value()
    return {**data, **changes}


def confirm(client, service, **changes):
    form = client.get(page_of(service)).context["form"]
    return client.post(page_of(service), sent(form, **changes))


def answered(service):
    return {answer.fact: answer for answer in Answer.objects.filter(service=service)}


def test_one_button_confirms_all_that_is_undisputed_each_with_its_passages(
    coder, people, service, reading_hip
):
    rows = coder.get(page_of(service)).context["form"].undisputed
    assert len(rows) > 1
    response = confirm(coder, service)
    assert response.url == service.get_absolute_url()
    given = answered(service)
    assert given.keys() == {row.definition.key for row in rows}
    for answer in given.values():
        assert (answer.source, answer.answered_by) == (AnswerSource.EVIDENCE, people["coder"])
        assert answer.passages
        assert all(
            NOTE[passage["start"] : passage["end"]] == passage["text"]
            for passage in answer.passages
        )


def test_it_is_one_event_that_tells_every_answer(coder, service):
    confirm(coder, service)
    event = AuditEvent.objects.get(event="answers.confirmed")
    assert event.after["Side"] == "Left"
    assert len(event.after) == len(answered(service))
    assert not AuditEvent.objects.filter(event="answer.given").exists()


def test_the_first_confirmation_begins_the_round_and_takes_the_service(coder, people, service):
    confirm(coder, service)
    begun = Service.objects.get(pk=service.pk)
    assert (begun.round, begun.assigned_to) == (1, people["coder"])


def test_what_is_unticked_stays_open_and_is_asked(coder, service):
    form = coder.get(page_of(service)).context["form"]
    data = sent(form)
    del data["laterality-take"]
    coder.post(page_of(service), data)
    assert "laterality" not in answered(service)
    assert len(answered(service)) == len(form.undisputed) - 1


def test_a_number_that_the_note_gives_two_ways_stays_open_or_is_confirmed_as_that():
    length = FactDefinition("length", Kind.WHOLE_NUMBER, "Length", "How long is it?", unit="mm")
    proposal = ProposedAnswer(length, "documented two ways", "conflicting", [], True, True)
    left_open = ProposalRow(proposal, QueryDict("length-value="))
    assert left_open.is_valid()
    assert not left_open.is_taken
    ticked = ProposalRow(proposal, QueryDict("length-value=&length-take=on"))
    assert ticked.is_valid()
    assert ticked.is_taken
    assert ticked.cleaned_data["value"] == CONFLICTING


def test_afterwards_only_what_is_open_is_asked(coder, service):
    confirm(coder, service)
    question = coder.get(service.get_absolute_url()).context["question"]
    assert question is None or question.definition.key not in answered(service)


def test_each_quote_leads_to_its_passage_in_the_note(coder, service):
    page = coder.get(page_of(service))
    text = page.content.decode()
    for row in page.context["form"].rows:
        for passage in row.proposal.passages:
            assert f'href="#at-{passage.start}"' in text
            assert f'id="at-{passage.start}"' in text


def test_an_answer_against_the_note_needs_a_reason_in_its_row_and_nothing_is_given_before(
    coder, service
):
    refused = confirm(coder, service, **{"laterality-value": "right"})
    assert refused.status_code == 422
    [row] = [row for row in refused.context["form"].rows if row.against]
    assert row.definition.key == "laterality"
    assert not answered(service)


def test_an_answer_kept_against_the_note_is_signed_and_told_by_itself(coder, service):
    reason = {
        "laterality-reason": "The cast is on the right.",
        "signing_password": factories.PASSWORD,
    }
    confirm(coder, service, **{"laterality-value": "right", **reason})
    kept = answered(service)["laterality"]
    assert (kept.value, kept.reason) == ("right", "The cast is on the right.")
    event = AuditEvent.objects.get(event="answer.given")
    assert event.after["Side"] == "Right"
    assert event.after["signature"]
    assert "Side" not in AuditEvent.objects.get(event="answers.confirmed").after


def test_sent_twice_it_is_answered_once(coder, service):
    data = sent(coder.get(page_of(service)).context["form"])
    for _ in range(2):
        coder.post(page_of(service), data)
    assert AuditEvent.objects.filter(event="answers.confirmed").count() == 1


def test_what_was_read_before_a_correction_is_refused(coder, service, people):
    data = sent(coder.get(page_of(service)).context["form"])
    factories.send_again(people, service.encounter, note=NOTE + " The right hip is sound.")
    assert coder.post(page_of(service), data).status_code == 409
    assert not answered(service)


def test_where_nothing_is_to_be_confirmed_the_questions_follow(coder, people, reading_hip):
    silent = factories.service(people, reading_hip, note="Seen today.")
    assert coder.get(page_of(silent)).url == silent.get_absolute_url()


def test_another_coders_service_is_read_on_its_coding_page(client, people, coder, service):
    confirm(coder, service)
    client.force_login(people["coder", 2])
    assert client.get(page_of(service)).url == service.get_absolute_url()


def test_coding_begins_on_this_page(coder, service):
    assert coder.get(reverse("old-code", args=[service.encounter.public_id])).url == page_of(
        service
    )


def test_an_answer_that_is_none_is_refused_at_its_row(coder, service):
    refused = confirm(coder, service, **{"laterality-value": "upwards"})
    assert refused.status_code == 422
    assert not answered(service)


@pytest.mark.parametrize(("password", "field"), [("", ""), ("wrong horse", "signing_password")])
def test_what_is_kept_against_the_note_and_not_signed_is_not_given(
    coder, service, settings, password, field
):
    settings.SIGN_AGAIN = True
    against = {"laterality-value": "right", "laterality-reason": "The cast is on the right."}
    refused = confirm(coder, service, **against, signing_password=password)
    assert refused.status_code == 422
    assert refused.context["signature"].errors
    assert not answered(service)
