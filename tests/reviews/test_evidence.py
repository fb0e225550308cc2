"""The note in the guided form: proposals with their passages, for a person to confirm or to overrule with a reason."""

from dataclasses import replace

import pytest
from django.db import transaction
from django.urls import reverse

from coding.decision import NOT_DOCUMENTED, known
from coding.importing.write_encounters import correct, record_of
from coding.models import Answer, AnswerSource, AuditEvent, Encounter
from reviews.actions import answers
from reviews.actions.answers import Contradicted, Support
from reviews.models import ReviewCase
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
def encounter(people, reading_hip):
    return factories.encounter(people, reading_hip, note=NOTE)


@pytest.fixture
def coder(people, client):
    client.force_login(people["coder"])
    return client


def ask(client, encounter, fact):
    return client.get(
        reverse("code", args=[factories.service_of(encounter).public_id]) + f"?ask={fact}"
    )


def answer(client, encounter, fact, value, **more):
    data = {"fact": fact, "value": value, "revision": 1, **more}
    return client.post(reverse("code", args=[factories.service_of(encounter).public_id]), data)


def test_the_question_opens_with_what_the_note_says_and_shows_where(coder, encounter):
    page = ask(coder, encounter, "laterality")
    assert page.context["proposed"].text == "left"
    assert page.context["question"].initial["value"] == "left"
    text = page.content.decode()
    assert "The note says <strong>Left</strong>" in text
    assert 'class="evidence"' in text


def test_nothing_is_answered_by_the_machine_alone(coder, encounter):
    ask(coder, encounter, "laterality")
    assert not Answer.objects.exists()


def test_the_mothers_epidural_is_not_the_babys(coder, encounter):
    assert ask(coder, encounter, "anesthesia").context["proposed"].text == "none"


def test_a_confirmed_answer_keeps_the_passages_it_rests_on(coder, encounter, reading_hip):
    answer(coder, encounter, "laterality", "left")
    given = Answer.objects.get()
    assert (given.source, given.lexicon, given.revision) == (
        AnswerSource.EVIDENCE,
        reading_hip.lexicon,
        1,
    )
    passages = [
        (NOTE[passage["start"] : passage["end"]], passage["text"]) for passage in given.passages
    ]
    assert passages
    assert all(quoted == kept for quoted, kept in passages)


def test_a_supervisor_is_led_from_each_quote_of_the_coder_to_its_place_in_the_note(
    people, client, encounter
):
    service = factories.service_of(encounter)
    decision = factories.decide(people["coder"], service, factories.PAVLIK, factories.insists())
    quoted = {
        passage["start"]
        for given in Answer.objects.filter(service=service)
        for passage in given.passages
    }
    assert quoted
    client.force_login(people["supervisor"])
    page = client.get(factories.case_of(decision).get_absolute_url()).content.decode()
    for start in quoted:
        assert f'href="#at-{start}"' in page
        assert f'id="at-{start}"' in page


def test_an_answer_against_the_note_is_asked_to_be_kept_with_a_reason(coder, encounter):
    refused = answer(coder, encounter, "laterality", "right")
    assert refused.status_code == 422
    assert "The note says something else" in refused.content.decode()
    assert not Answer.objects.exists()
    kept = answer(coder, encounter, "laterality", "right", reason="The image shows the right hip.")
    assert kept.status_code == 302
    given = Answer.objects.get()
    assert (given.source, given.reason) == (AnswerSource.CODER, "The image shows the right hip.")
    assert AuditEvent.objects.get(event="answer.given").reason == given.reason


def test_the_verb_itself_refuses_an_answer_against_the_note(people, encounter, reading_hip):
    with pytest.raises(Contradicted) as refusal:
        answers.answer(
            people["coder"], factories.service_of(encounter), "anesthesia", known("general")
        )
    assert any("anesthesia" in passage.text.lower() for passage in refusal.value.passages)


def test_a_reason_is_kept_only_where_the_note_speaks_against_the_answer(
    people, encounter, reading_hip
):
    support = Support(reason="Left, as written.")
    answers.answer(
        people["coder"], factories.service_of(encounter), "laterality", known("left"), support
    )
    assert Answer.objects.get().reason == ""


def test_what_the_note_as_a_whole_says_is_confirmed_without_being_asked_back(coder, encounter):
    # “Not manipulated” alone would speak against a closed treatment.
    assert ask(coder, encounter, "treatment").context["proposed"].text == "closed"
    assert answer(coder, encounter, "treatment", "closed").status_code == 302


def test_a_denied_passage_is_quoted_with_its_denial(coder, encounter):
    assert [
        passage.text for passage in ask(coder, encounter, "anesthesia").context["proposed"].passages
    ] == ["No anesthesia"]


def test_silence_stays_silence(people, reading_hip, coder):
    silent = factories.encounter(people, reading_hip, note="Recheck in two weeks.")
    assert ask(coder, silent, "anesthesia").context["proposed"] is None
    answers.answer(people["coder"], factories.service_of(silent), "anesthesia", NOT_DOCUMENTED)
    assert Answer.objects.get().source == AnswerSource.CODER


def test_the_form_never_refuses_what_it_proposes_itself(people, reading_hip, coder):
    note = "Dislocation of the left hip. The right hip was dislocated and was treated in a Pavlik harness."
    divided = factories.encounter(
        people, reading_hip, note=note + " The left hip was treated in a Pavlik harness."
    )
    proposed = ask(coder, divided, "laterality").context["proposed"]
    assert proposed.text == "conflicting"
    assert answer(coder, divided, "laterality", proposed.text).status_code == 302


def test_an_answer_kept_against_the_note_goes_to_the_supervisor(people, encounter, coder):
    answer(coder, encounter, "laterality", "right", reason="The image shows the right hip.")
    factories.decide(people["coder"], encounter, {**factories.PAVLIK, "laterality": "right"})
    assert "against_note" in ReviewCase.objects.get().routes.values_list("reason", flat=True)


def test_passages_that_disagree_are_both_shown(people, reading_hip, coder):
    note = "Dislocation of the left hip. The right hip was dislocated and was treated in a Pavlik harness."
    divided = factories.encounter(
        people, reading_hip, note=note + " The left hip was treated in a Pavlik harness."
    )
    proposed = ask(coder, divided, "laterality").context["proposed"]
    assert proposed.conflicting
    assert len(proposed.passages) > 1


def test_a_coder_marks_a_passage_and_the_record_keeps_it(coder, encounter):
    start = NOTE.index("A Pavlik harness")
    answer(
        coder,
        encounter,
        "definitive",
        "yes",
        passage=[f"{start}-{start + 16}", "5-2", "0-99999", "junk"],
    )
    marked = [
        passage for passage in Answer.objects.get().passages if passage["marked_by"] == "coder"
    ]
    assert [passage["text"] for passage in marked] == ["A Pavlik harness"]


def test_marks_are_kept_when_the_answer_is_asked_back(coder, encounter):
    refused = answer(coder, encounter, "laterality", "right", passage=["0-20"])
    assert '<input type="checkbox" name="passage" value="0-20" checked>' in refused.content.decode()
    long = answer(coder, encounter, "laterality", "right", reason="x" * 2001)
    assert "at most 2000 characters" in long.content.decode()


def corrected(people, encounter, **changes):
    with transaction.atomic():
        now = Encounter.objects.get(pk=encounter.pk)
        record = replace(record_of(now), **changes)
        correct(people["coder"], now, record, record.content_hash)


def test_an_answer_that_the_corrected_note_speaks_against_is_asked_again(
    people, coder, encounter, reading_hip
):
    answer(coder, encounter, "laterality", "left")
    answer(coder, encounter, "anesthesia", "none")
    corrected(people, encounter, note=NOTE.replace("left hip", "right hip"))
    guided = factories.form_of(encounter)
    assert "laterality" in guided.guidance.open_facts
    assert [given.definition.key for given in guided.answers] == ["anesthesia"]


def test_an_answer_to_the_note_before_its_correction_is_refused(people, coder, encounter):
    corrected(people, encounter, note="Another note altogether.")
    assert answer(coder, encounter, "laterality", "left", passage=["0-20"]).status_code == 409
    assert not Answer.objects.exists()


def test_the_note_is_shown_whole_and_escaped_whatever_is_marked(coder, encounter):
    page = ask(coder, encounter, "anesthesia")
    assert "".join(segment.text for segment in page.context["segments"]) == NOTE
    assert "&amp; the hip" in page.content.decode()


def test_the_supervisor_reads_the_passages_and_the_reason(people, encounter, reading_hip, coder):
    answer(coder, encounter, "laterality", "right", reason="The image shows the right hip.")
    facts = {**factories.PAVLIK, "laterality": "right"}
    factories.decide(people["coder"], encounter, facts, factories.insists())
    coder.force_login(people["supervisor"])
    page = coder.get(ReviewCase.objects.get().get_absolute_url()).content.decode()
    assert "Kept against the note" in page
    assert "The image shows the right hip." in page


def test_a_version_without_a_lexicon_reads_no_note(people, hip, coder):
    encounter = factories.encounter(people, hip, note=NOTE)
    page = ask(coder, encounter, "laterality")
    assert page.context["proposed"] is None
    assert answer(coder, encounter, "laterality", "right").status_code == 302
