"""A note on trial under a lexicon: what is said in words of each sentence, and what is wrong with a phrase."""

import pytest

from coding.models import LexiconTerm
from coding.rules.from_note import values_of
from coding.rules.trial import lexicon_problems, on_trial, problem_of, told_of_lexicon
from tests import small_rules

LEXICON = small_rules.lexicon(
    {"phrase": "held", "fact": "held", "value": "yes", "negated": "no"},
    {"phrase": "put to sleep", "fact": "drug", "value": "sleep", "negated": "none"},
    {"phrase": "felt all of it", "fact": "drug", "against": "sleep"},
)
VALUES = values_of(small_rules.table())


def sentences(note):
    """Each sentence with its part, and of each statement its words, what it says, and what is unusual of it."""
    told = []
    for sentence in on_trial(LEXICON, note).sentences:
        said = [(own.words, own.says, own.context) for own in sentence.statements]
        told.append((sentence.text, sentence.part, said))
    return told


# What a note says ----------------------------------------------------------------------------------


def test_a_sentence_stands_with_its_part_and_what_is_said_in_it():
    assert sentences("The joint was held. Nothing else.") == [
        ("The joint was held", "narrative", [("held", "yes", "")]),
        ("Nothing else", "narrative", []),
    ]


def test_what_is_denied_says_the_other_answer():
    [(_, _, said)] = sentences("The joint was not held.")
    assert said == [("held", "no", "negated")]


def test_what_is_past_to_come_or_somebody_else_s_does_not_count():
    [(_, part, said)] = sentences("HISTORY: The joint was held in 2019.")
    assert (part, said) == (
        "diagnosis, background",
        [("held", "yes", "history, does not count")],
    )
    [(_, part, said)] = sentences("PLAN: held tomorrow.")
    assert (part, said) == ("plan", [("held", "yes", "plan, does not count")])
    [(_, _, said)] = sentences("The mother was put to sleep.")
    assert said == [("put to sleep", "sleep", "somebody else, does not count")]


def test_a_phrase_that_speaks_against_an_answer_says_which_it_makes_doubtful():
    [(_, _, said)] = sentences("He felt all of it.")
    assert said == [("felt all of it", "makes doubtful sleep", "")]


def test_what_is_proposed_stands_with_its_passages_and_how_firm_it_is():
    proposals = on_trial(LEXICON, "The joint was held. It was held again. Put to sleep.").proposals
    assert [(own.fact, own.value, own.firmness, own.passages) for own in proposals] == [
        ("held", "yes", "firm", ("held", "held")),
        ("drug", "sleep", "firm", ("Put to sleep",)),
    ]


def test_what_is_said_both_ways_is_told_so():
    [proposed] = on_trial(LEXICON, "The joint was held. Not held.").proposals
    assert (proposed.value, proposed.firmness) == ("conflicting", "documented two ways")


def test_a_note_that_opens_nothing_is_shown_with_what_it_says_all_the_same():
    closed = small_rules.lexicon(body={"parts": ["hip"], "names": ["hip"]}, opens=["held=yes"])
    trial = on_trial(closed, "He was put to sleep.")
    assert (trial.opens, trial.proposals) == (False, ())
    assert [len(sentence.statements) for sentence in trial.sentences] == [1]


# What is wrong with a phrase -----------------------------------------------------------------------


def term(**values):
    usual = {"phrase": "held", "fact": "held", "value": "yes", "strength": "usual", "position": 7}
    return LexiconTerm(**{**usual, **values})


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({}, ""),
        ({"value": "perhaps"}, "held is never “perhaps”. Use yes, no."),
        ({"negated": "perhaps"}, "held is never “perhaps”. Use yes, no."),
        ({"fact": "colour"}, "there is no fact “colour”."),
        ({"strength": "huge"}, "strength is “huge”. Use clue, hint, usual, explicit."),
        ({"needs": "x"}, "“x” is no condition. Write it as fact=value|value."),
        ({"phrase": ""}, "phrase must be a text with words."),
        (
            {"phrase": "held {"},
            "“held {” has “{”, which is no word. Write letters and digits, and * at an end.",
        ),
    ],
)
def test_it_is_told_without_the_number_and_the_phrase_of_the_row_that_one_looks_at(values, problem):
    assert problem_of(term(**values), {}, VALUES) == problem


def test_while_the_rules_cannot_be_read_facts_and_answers_are_not_looked_at():
    assert problem_of(term(value="perhaps"), {}, None) == ""
    assert problem_of(term(strength="huge"), {}, None) != ""


def standing(people):
    """A draft with a lexicon of seven phrases."""
    terms = [{"phrase": f"held {letter}", "fact": "held", "value": "yes"} for letter in "abcdefg"]
    return small_rules.draft(people, lexicon=small_rules.lexicon(*terms))


def problems(draft, *phrases):
    draft.lexicon_terms.filter(phrase__in=phrases).update(value="perhaps")
    return lexicon_problems(draft, small_rules.table())


def test_each_phrase_that_cannot_be_read_is_named(people, standing):
    assert problems(standing) == []
    assert problems(standing, "held b", "held d") == [
        "“held b”: held is never “perhaps”. Use yes, no.",
        "“held d”: held is never “perhaps”. Use yes, no.",
    ]


def test_five_are_named_and_of_the_rest_the_number(people, standing):
    assert len(problems(standing, *(f"held {letter}" for letter in "abcde"))) == 5
    *named, rest = problems(standing, "held f", "held g")
    assert len(named) == 5
    assert rest == "2 more cannot be read: the page that tries a note lists them all."


def test_where_every_phrase_can_be_read_what_is_wrong_with_all_of_them_is_told(people, standing):
    standing.lexicon_frame = {"opens": ["colour=red"]}
    [problem] = problems(standing)
    assert "colour" in problem


def test_of_a_lexicon_that_was_kept_nothing_is_told(people, standing):
    problems(standing, "held a")
    assert told_of_lexicon(standing, small_rules.table()) == []
    standing.lexicon_id = None
    [told] = told_of_lexicon(standing, small_rules.table())
    assert told == "The lexicon, “held a”: held is never “perhaps”. Use yes, no."
    standing.lexicon_terms.all().delete()
    assert told_of_lexicon(standing, small_rules.table()) == []
