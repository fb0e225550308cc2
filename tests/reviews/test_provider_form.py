"""What a provider fills in by a link: the options of each fact, their own words, and their name."""

from reviews.forms.provider import ByLinkForm, SendLinkForm
from reviews.queries.drafting import OTHER, UNDETERMINED, AskedFact

DRUG = AskedFact("drug", "Which drug was given?", ("None", "Sleep", OTHER, UNDETERMINED))
HELD = AskedFact("held", "Was the joint held?", ("Yes", "No", OTHER, UNDETERMINED))
LENGTH = AskedFact("length", "How long is it?", ())


def by_link(*facts, **written):
    return ByLinkForm({"provider": "Dr. Falk", **written}, facts=facts)


# What is asked.


def test_each_fact_is_asked_with_its_options_and_words_and_name_stand_below():
    form = ByLinkForm(facts=[DRUG, HELD])
    assert list(form.fields) == ["fact-drug", "fact-held", "words", "provider"]
    assert form["fact-drug"].label == "Which drug was given?"
    assert [value for value, _ in form.fields["fact-drug"].choices] == list(DRUG.options)


def test_what_has_no_options_is_answered_in_words():
    form = ByLinkForm(facts=[LENGTH])
    assert list(form.fields) == ["words", "provider"]
    assert form["words"].label == "Your answer"
    assert form["words"].help_text == ""
    assert form.fields["words"].required


def test_beside_facts_with_options_words_are_needed_only_for_what_is_none_of_them():
    form = ByLinkForm(facts=[DRUG, LENGTH])
    assert form["words"].label == "In your own words"
    assert form["words"].help_text == "Needed for “Other”."
    assert by_link(DRUG, LENGTH, **{"fact-drug": "Sleep"}).is_valid()


def test_a_fact_is_never_mistaken_for_a_field_of_the_form():
    named_alike = AskedFact("provider", "Who did it?", ("A surgeon", OTHER))
    form = by_link(named_alike, **{"fact-provider": "A surgeon"})
    assert form.is_valid()
    assert form.answer() == "Who did it? A surgeon"
    assert form.cleaned_data["provider"] == "Dr. Falk"


# What is missing.


def test_an_unanswered_fact_and_a_missing_name_are_each_told():
    form = by_link(DRUG, HELD, **{"fact-held": "Yes", "provider": " "})
    assert form.errors["fact-drug"] == ["Choose an answer."]
    assert list(form.errors) == ["fact-drug", "provider"]


def test_an_option_that_is_not_offered_is_not_taken():
    assert list(by_link(DRUG, **{"fact-drug": "Ether"}).errors) == ["fact-drug"]


def test_other_is_written():
    form = by_link(DRUG, **{"fact-drug": OTHER, "words": "  "})
    assert form.errors == {"words": ["Write the answer."]}
    assert by_link(DRUG, **{"fact-drug": OTHER, "words": "Ether."}).is_valid()


def test_one_other_among_several_answers_is_enough_to_ask_for_words():
    chosen = {"fact-drug": "Sleep", "fact-held": OTHER}
    assert by_link(DRUG, HELD, **chosen).errors == {"words": ["Write the answer."]}


def test_that_it_cannot_be_determined_is_an_answer_without_words():
    assert by_link(DRUG, **{"fact-drug": UNDETERMINED}).is_valid()


def test_without_options_the_words_are_the_answer_and_are_asked_for():
    assert by_link(LENGTH).errors == {"words": ["Write the answer."]}


# What is kept.


def test_the_answer_holds_each_question_with_its_choice_and_then_the_words():
    form = by_link(
        DRUG, HELD, **{"fact-drug": "Sleep", "fact-held": OTHER, "words": " By a splint. "}
    )
    assert form.is_valid(), form.errors
    assert form.answer() == ("Which drug was given? Sleep\nWas the joint held? Other\nBy a splint.")


def test_without_words_the_answer_ends_with_what_was_chosen():
    form = by_link(DRUG, **{"fact-drug": "Sleep"})
    assert form.is_valid()
    assert form.answer() == "Which drug was given? Sleep"


# Where the link goes.


def test_a_link_needs_no_address_but_no_half_of_one():
    assert SendLinkForm({"email": ""}).is_valid()
    assert SendLinkForm({"email": "falk@example.org"}).is_valid()
    assert list(SendLinkForm({"email": "falk@"}).errors) == ["email"]
