"""Short forms around encounters and cases: what is looked for, kept, named, commented on and closed."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone

from coding.models import User
from reviews.forms.absences import AbsenceForm, PersonChoice
from reviews.forms.comments import CommentForm
from reviews.forms.defects import CloseDefectForm
from reviews.forms.find import FindForm
from reviews.forms.holds import FavouriteReasonForm
from reviews.forms.own_cases import ReadForm
from reviews.forms.precedents import PrecedentForm
from reviews.forms.second_codings import AskSecondForm
from reviews.lists.own_cases import SHOWN
from reviews.models import FavouriteReason, ReasonUse, RuleDefect
from tests import small_rules


def sent(**written):
    return {"idempotency_key": uuid.uuid4(), **written}


# What an encounter is looked for by.


def test_an_encounter_is_looked_for_by_either_of_two_numbers():
    assert FindForm({"external_id": "V-1"}).is_valid()
    assert FindForm({"patient_reference": "P-1"}).is_valid()
    assert FindForm({"external_id": " ", "patient_reference": ""}).non_field_errors() == [
        "Fill in an external id or a patient reference."
    ]


def test_a_number_that_is_too_long_is_told_alone():
    form = FindForm({"external_id": "x" * 500})
    assert list(form.errors) == ["external_id"]


# Rulings that were read.


def read(*ids):
    data = QueryDict(mutable=True)
    data.setlist("case", ids)
    form = ReadForm(data)
    assert form.is_valid()
    return form.cleaned_data["case"]


def test_the_ticked_cases_are_taken_by_their_ids_and_what_is_none_is_left_out():
    first, second = uuid.uuid4(), uuid.uuid4()
    assert read(str(first), "none of ours", str(second), "") == [first, second]
    assert read() == []


def test_no_more_cases_are_taken_than_a_page_shows():
    ids = [uuid.uuid4() for _ in range(SHOWN + 1)]
    assert read(*map(str, ids)) == ids[:SHOWN]


# A ruling kept as a precedent.


def test_a_precedent_names_the_answers_that_decided_a_title_and_a_basis():
    answers = [("drug", "Drug: asleep"), ("held", "Held: yes")]
    written = sent(deciding=["drug"], title="Asleep.", basis="Policy of 2026.")
    assert PrecedentForm(written, answers=answers).is_valid()

    empty = PrecedentForm(sent(), answers=answers)
    assert empty.errors["deciding"] == ["Tick the answers that decided."]
    assert sorted(empty.errors) == ["basis", "deciding", "title"]
    assert list(PrecedentForm({**written, "deciding": ["age"]}, answers=answers).errors) == [
        "deciding"
    ]


def test_what_a_verb_refuses_stands_at_its_field_on_every_such_form():
    forms = [
        PrecedentForm(sent(title="Asleep.", basis="Policy.", deciding=[]), answers=[]),
        CommentForm(sent(text="Look."), people=User.objects.none(), name_of=str),
        AbsenceForm(sent()),
    ]
    for form, field in zip(forms, ("title", "text", "first_day"), strict=True):
        form.is_valid()
        form.add_error(None, ValidationError({field: "Not so."}))
        assert "Not so." in form.errors[field]


# People by name.


def test_people_are_chosen_by_name_and_not_by_account():
    person = User(username="falk7", first_name="Ada", last_name="Falk")
    assert PersonChoice(User.objects.none()).label_from_instance(person) == "Ada Falk"


def test_a_comment_names_people_as_the_page_may_and_stands_beside_another_form(people):
    supervisor = people["supervisor"]
    form = CommentForm(
        people=User.objects.filter(pk=supervisor.pk), name_of=lambda person: "a supervisor"
    )
    assert list(form.fields["acts"].choices) == [
        ("", "Nobody"),
        (supervisor.pk, "a supervisor"),
    ]
    assert form["text"].id_for_label == "comment-text"


def test_only_supervisors_are_away_or_stand_in_and_nobody_has_to(people):
    supervisor, _ = people["supervisor"], people["coder"]
    form = AbsenceForm()
    assert [value for value, _ in form.fields["person"].choices] == [supervisor.pk]
    assert list(form.fields["substitute"].choices) == [
        ("", "Nobody: the cases wait in the queue"),
        (supervisor.pk, supervisor.name),
    ]
    assert "substitute" not in AbsenceForm(sent()).errors


def test_a_second_coder_is_one_of_those_who_may(people):
    coder, other = people["coder"], people["coder", 2]
    offered = User.objects.filter(pk=other.pk)
    assert AskSecondForm(sent(coder=other.pk), coders=offered).is_valid()
    assert list(AskSecondForm(sent(coder=coder.pk), coders=offered).errors) == ["coder"]
    assert list(AskSecondForm(sent(), coders=offered).errors) == ["coder"]


# Favourite reasons.


@pytest.fixture
def favourite(db):
    return FavouriteReason.objects.create(
        use=ReasonUse.HOLD, text="Waiting for the operative report", valid_from=date(2026, 1, 1)
    )


def held(**written):
    return FavouriteReasonForm(sent(**written), use=ReasonUse.HOLD)


def test_a_reason_is_chosen_or_written_or_both(favourite):
    form = held(favourite=favourite.pk)
    assert form.is_valid()
    assert form.words == "Waiting for the operative report"

    form = held(reason="Asked by telephone.")
    assert form.is_valid()
    assert form.words == "Asked by telephone."

    form = held(favourite=favourite.pk, reason="Asked by telephone.")
    assert form.is_valid()
    assert form.words.startswith(favourite.text)
    assert form.words.endswith("Asked by telephone.")

    assert held(reason="  ").errors == {"reason": ["Choose a reason, or write why."]}


def test_a_reason_of_another_use_or_of_another_time_is_not_offered(favourite):
    today = timezone.localdate()
    ended = FavouriteReason.objects.create(
        use=ReasonUse.HOLD,
        text="Strike",
        valid_from=date(2026, 1, 1),
        valid_until=today - timedelta(days=1),
    )
    last_day = FavouriteReason.objects.create(
        use=ReasonUse.HOLD, text="Audit", valid_from=date(2026, 1, 1), valid_until=today
    )
    offered = FavouriteReasonForm(use=ReasonUse.HOLD).fields["favourite"].queryset
    assert set(offered) == {favourite, last_day}
    assert list(held(favourite=ended.pk).errors) == ["favourite"]

    of_returns = FavouriteReasonForm(use=ReasonUse.RETURN).fields["favourite"].queryset
    assert not of_returns.exists()


# A rule defect that is closed.


def test_a_defect_is_closed_by_a_published_version_or_with_a_reason(people):
    published = small_rules.published(people)
    draft = small_rules.draft(people)
    defect = RuleDefect(rule_set=published.rule_set)

    assert CloseDefectForm(sent(version=published.pk), defect=defect).is_valid()
    assert CloseDefectForm(sent(reason="It is right."), defect=defect).is_valid()
    assert "version" in CloseDefectForm(sent(version=draft.pk), defect=defect).errors
    assert CloseDefectForm(sent(reason="  "), defect=defect).errors == {
        "reason": ["Name the version that mends the rule, or write why nothing is to mend."]
    }


def test_a_version_of_another_rule_set_mends_nothing_here(people):
    small = small_rules.published(people)
    other = small_rules.published(people, rules=small_rules.another())
    form = CloseDefectForm(sent(version=other.pk), defect=RuleDefect(rule_set=small.rule_set))
    assert "version" in form.errors
