"""Several questions in one text, and what is said where it is none: nothing is made up, nothing lost in silence."""

import pytest

from coding.ask import Answer, Cite, Line
from coding.ask.answer import Section, joined, section
from tests.ask.made_up import asked, cites, knowledge, told

# Several questions -------------------------------------------------------------------------------------


def test_questions_between_question_marks_are_each_answered():
    found = asked("units of 12345? global days of 12346?")
    assert found.intent == "a detail of a code"
    assert found.title == "12345: units; 12346: global days"
    assert [section.heading for section in found.sections] == ["Units", "Global days"]


def test_questions_of_several_kinds_are_each_answered():
    found = asked("units of 12345 and what changed this year")
    assert found.intent == "a detail of a code and what changes"
    assert found.title.startswith("12345: units; What changes from 2026-01-01")


def test_a_part_that_names_no_code_is_about_the_one_spoken_of_last():
    assert asked("units of 12345? its global days?").title == "12345: units; 12345: global days"
    assert (
        asked("units of 12345? global days of 12346? its values?").title
        == "12345: units; 12346: global days; 12346: values"
    )


def test_before_any_was_spoken_of_it_is_the_code_of_the_page():
    found = asked("its units? global days of 12346?", "12345")
    assert found.title == "12345: units; 12346: global days"


def test_or_the_only_one_of_the_text():
    assert asked("its units? and global days of 12346?").title == "12346: units; 12346: global days"
    # Of two it could be either.
    assert told("its units? 12345 or 12346?")["I do not answer"] == ["“its units”"]


def test_a_part_that_is_no_question_is_named_and_the_others_are_answered():
    found = told("units of 12345? who eats it?")
    assert found["Units"] == ["2 a day (indicator 3)"]
    assert found["I do not answer"] == ["“who eats it”"]
    assert cites("units of 12345? who eats it?")["I do not answer"] == [
        "the 2 rule sets in force on 2026-05-04"
    ]


def test_where_no_part_is_a_question_nothing_is_answered():
    assert asked("who eats 12345? why?").intent == ""


def test_at_most_four_questions_are_answered_at_once():
    four = "units of 12345? units of 12346? units of 12347? units of 34567?"
    assert len(asked(four).title.split("; ")) == 4
    assert asked(f"{four} units of 23456?").intent == ""


def test_two_codes_that_belong_to_one_question_are_not_divided():
    assert asked("are 12345 and 12346 bundled").intent == "reported together"
    assert asked("modifier LT and RT with 12345").title == "Modifier LT or RT with 12345"


def test_a_code_alone_behind_a_question_about_another_is_not_asked_about():
    assert told("units of 12345? 12346")["I do not answer"] == ["“12346”"]
    # By itself it is.
    assert asked("12345? 12346?").title == "12345: MOVED; 12346: BOTH"


# No question -------------------------------------------------------------------------------------------

EXAMPLES = [
    "what if: 12345 x2; 12346",
    "modifier 25 with 12345",
    "what changes on 1 January",
    "global days of 12345",
    "is 12346 reported separately with 12345",
    "12345 or 12346?",
    "both sides with 12345",
    "when does 12345 apply",
    "paste a note, or a sentence of one",
]


def test_what_is_no_question_gets_all_that_can_be_asked():
    found = asked("lovely weather today")
    assert (found.intent, found.title) == ("", "I do not answer that")
    assert told("lovely weather today") == {"What I can answer": EXAMPLES}


def test_every_example_is_a_question_of_its_kind_but_the_note():
    kinds = [asked(example).intent for example in EXAMPLES[:-1]]
    assert len(set(kinds)) == len(kinds)
    assert "" not in kinds


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("bundled apples", "is 12346 reported separately with 12345"),
        ("which modifier is green", "modifier 25 with 12345"),
        ("bilateral weather", "both sides with 12345"),
        ("difference between apples", "12345 or 12346?"),
        ("patient treated by nobody", "paste a note, or a sentence of one"),
    ],
)
def test_what_is_nearest_by_its_words_stands_first(text, nearest):
    examples = told(text)["What I can answer"]
    assert examples[0] == nearest
    assert sorted(examples) == sorted(EXAMPLES)


def test_examples_begin_with_the_code_that_was_named():
    assert told("who eats 12347")["What I can answer"][0] == "what if: 12347 x2; 12345"
    assert told("who eats 23457")["What I can answer"][0] == "what if: 23457 x2; 23456"
    assert told("who eats it", "12346")["What I can answer"][0] == "what if: 12346 x2; 12345"


def test_without_rule_sets_there_is_no_example():
    nothing = knowledge(families=())
    assert asked("lovely weather", known=nothing).sections == ()
    assert told("99999", known=nothing) == {
        "Of what was asked": ["No rule set of 2026-05-04 has 99999."]
    }


@pytest.mark.parametrize(
    ("text", "remarks"),
    [
        ("who eats 99999", ["No rule set of 2026-05-04 has 99999."]),
        (
            "who eats 12345-LT",
            [
                (
                    "What stands behind a code is checked as lines only: “what if:”, then codes,"
                    " modifiers and units alone."
                )
            ],
        ),
        (
            "who eats 12345 on 1 July",
            ["Answers are of 2026-05-04: another day goes into the field “On”."],
        ),
    ],
)
def test_why_it_was_not_answered_is_told_where_that_is_known(text, remarks):
    assert told(text)["Of what was asked"] == remarks


def test_a_long_text_that_is_no_note_is_not_answered():
    assert asked("units of 12345 " + "please " * 30).intent == ""


@pytest.mark.parametrize("text", ["", "   ", "???", "and", "; ;", "\x00", "–"])
def test_of_nothing_nothing_is_answered(text):
    assert asked(text).intent == ""


# An answer ---------------------------------------------------------------------------------------------

LINE = Line("It is so.", (Cite("the rule", "/rules/1/"), Cite("a row")))


def test_an_answer_as_data_holds_every_line_with_its_sources():
    assert Answer("a kind", "A title", section("A heading", [LINE])).to_data() == {
        "intent": "a kind",
        "title": "A title",
        "sections": [
            {
                "heading": "A heading",
                "lines": [
                    {
                        "text": "It is so.",
                        "sources": [
                            {"text": "the rule", "address": "/rules/1/"},
                            {"text": "a row", "address": ""},
                        ],
                    }
                ],
            }
        ],
    }


def test_a_section_without_lines_is_none():
    assert section("A heading", []) == ()
    assert section("A heading", [LINE]) == (Section("A heading", (LINE,)),)


def test_sections_follow_one_another_and_leave_the_first_answer_as_it_was():
    one, two = section("One", [LINE]), section("Two", [LINE])
    first = Answer("", "", one)
    assert joined([one, (), two]) == (*one, *two)
    assert first.followed_by(two).sections == (*one, *two)
    assert first.sections == one
