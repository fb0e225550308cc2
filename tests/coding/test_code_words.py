"""What a rule table says of one of its codes: when it applies, what takes it away, and what goes with it."""

import pytest

from coding.decision import RuleTable
from coding.rules.code_words import code_words, contrasts, phrases_of, spoken_of
from coding.rules.in_words import conditions_in_words, in_full
from tests import small_rules

TABLE = small_rules.table(
    modifiers=[
        {"modifier": "LT", "rows": [{"held": {"in": [True]}}]},
        {"modifier": "52", "rows": [{"held": {"in": [False]}}]},
    ],
    lines=[
        {"code": "54321", "units": 2, "rows": [{"drug": {"in": ["sleep"]}}]},
        {"code": "12345", "rows": [{"drug": {"in": ["none"]}}, {"held": {"in": [True]}}]},
    ],
)
LEXICON = small_rules.lexicon(
    {"phrase": "asleep", "fact": "drug", "value": "sleep"},
    {"phrase": "anesthetized", "fact": "drug", "value": "sleep"},
    {"phrase": "put to sleep", "fact": "drug", "value": "sleep", "strength": "hint"},
    {"phrase": "under a general drug", "fact": "drug", "value": "sleep"},
    {"phrase": "without any drug", "fact": "drug", "value": "none"},
)


def asked_of(code, key):
    documented = code_words(TABLE, code).documented
    return next(asked for asked in documented if asked.fact.key == key)


# When it applies ----------------------------------------------------------------------------------


def test_a_code_has_the_words_of_its_rules_each_once():
    words = code_words(TABLE, "27257")
    assert words.label == "Held asleep"
    assert words.plain == ("Held under a drug.",)
    assert words.sources == ("Page 2",)
    assert [rule.id for rule in words.rules] == ["R2"]


def test_what_every_case_of_it_has_documented_is_told_by_question():
    documented = [(own.fact.key, own.words) for own in code_words(TABLE, "27257").documented]
    assert documented == [("held", "yes"), ("drug", "Put to sleep")]


def test_what_takes_it_away_from_an_ordinary_case_is_told_with_what_comes_instead():
    spoilt = code_words(TABLE, "27257").spoilt
    assert [(own.label, own.given, own.instead, own.rules) for own in spoilt] == [
        ("Held", "yes", "no or not documented or documented two ways", ("R3",)),
        ("Drug", "Put to sleep", "None", ("R1",)),
        ("Drug", "Put to sleep", "not documented or documented two ways", ("R3",)),
    ]
    person, awake, _ = spoilt
    assert (awake.outcomes, awake.message) == (("27256",), "Held without a drug.")
    assert (person.outcomes, person.message) == (("supervisor review",), "A person decides.")


def test_the_other_codes_stand_beside_it_the_nearest_first():
    [other] = contrasts(TABLE, "27257")
    assert other.codes == ("27257", "27256")
    assert [own.fact for own in other.differences] == ["drug"]
    assert code_words(TABLE, "27257").neighbours == (other,)


# What goes with it --------------------------------------------------------------------------------


def test_only_modifiers_and_lines_that_a_case_of_it_can_have_go_with_it():
    words = code_words(TABLE, "27257")
    assert [line.name for line in words.modifiers] == ["LT"]
    assert [line.name for line in words.further_codes] == ["54321", "12345"]
    assert [line.name for line in words.diagnoses] == ["Q65.01 Q65.02"]


def test_of_a_line_only_the_ways_that_the_code_leaves_open_are_told():
    asleep, either = code_words(TABLE, "27257").further_codes
    assert asleep.ways == ((("Drug", "Put to sleep"),),)
    assert either.ways == ((("Held", "yes"),),)
    [awake] = code_words(TABLE, "27256").further_codes
    assert awake.ways == ((("Drug", "None"),), (("Held", "yes"),))


# A code that nothing reaches ----------------------------------------------------------------------


def test_a_code_that_no_answers_reach_says_so_and_keeps_what_every_case_may_have():
    unreached = RuleTable.from_document(small_rules.document(family=["27256", "27257", "12345"]))
    words = code_words(unreached, "12345")
    assert (words.region, words.rules, words.undecided) == (None, (), "")
    assert (words.documented, words.spoilt, words.neighbours) == ((), (), ())
    assert [line.name for line in words.modifiers] == ["LT"]
    assert [own.codes for own in contrasts(unreached, "27256")] == [("27256", "27257")]


# How notes say it ---------------------------------------------------------------------------------


def test_the_phrases_of_a_code_are_those_of_the_answers_that_it_must_have():
    assert phrases_of(TABLE, "27256", LEXICON) == ("without any drug",)
    assert phrases_of(TABLE, "27257", LEXICON) == (
        "asleep",
        "anesthetized",
        "put to sleep",
        "under a general drug",
    )


def test_without_a_lexicon_or_for_a_code_of_another_family_there_is_none():
    assert phrases_of(TABLE, "27257", None) == ()
    assert phrases_of(TABLE, "99999", LEXICON) == ()
    assert spoken_of(asked_of("27257", "drug"), None) == ""


def test_the_example_is_the_first_phrase_that_reads_as_one_and_more_than_hints():
    assert spoken_of(asked_of("27257", "drug"), LEXICON) == "under a general drug"
    assert spoken_of(asked_of("27256", "drug"), LEXICON) == "without any drug"
    assert spoken_of(asked_of("27257", "held"), LEXICON) == ""


@pytest.mark.parametrize(("phrase", "shown"), [("put under", ""), ("put to bed", "put to bed")])
def test_an_abbreviation_or_a_phrase_of_nine_letters_is_no_example(phrase, shown):
    short = small_rules.lexicon({"phrase": phrase, "fact": "drug", "value": "sleep"})
    assert spoken_of(asked_of("27257", "drug"), short) == shown


# The whole table ----------------------------------------------------------------------------------


def test_each_rule_is_told_with_its_alternatives_by_label():
    rules = in_full(small_rules.table())
    assert [own["rule"].id for own in rules] == ["R1", "R2", "R3"]
    assert rules[0]["rows"] == [(("Held", "yes"), ("Drug", "None"))]
    assert rules[2]["rows"] == [()]
    [row] = small_rules.table().rules[1].rows
    assert conditions_in_words(TABLE, row) == (("Held", "yes"), ("Drug", "Put to sleep"))
