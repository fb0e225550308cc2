"""A note, or a sentence of one: what it says, where it ends, what still decides, and what would change the end."""

from dataclasses import replace

import pytest

from coding.ask import Question
from coding.ask.notes import answer
from coding.evidence import Lexicon
from tests.ask import made_up
from tests.ask.made_up import changed, joints, reading_notes
from tests.decision import tables as make

DECIDED = "The left joint was moved, asleep."
OPEN = "The joint was moved."


def of(note, known=None):
    found = answer(Question(note), known or reading_notes())
    return {
        section.heading.removeprefix("Joints: "): [line.text for line in section.lines]
        for section in found.sections
    }


def title(note, known=None):
    return answer(Question(note), known or reading_notes()).title


def rests_on(note, heading):
    found = answer(Question(note), reading_notes())
    [section] = [own for own in found.sections if own.heading == f"Joints: {heading}"]
    return [[cite.text for cite in line.cites] for line in section.lines]


# What it says and where it ends ------------------------------------------------------------------------


def test_a_note_that_decides_ends_in_its_outcome():
    assert title(DECIDED) == "Joints: 12346-22-LT"
    assert of(DECIDED) == {
        "what the note says": ["Side: Left", "Moved: yes", "Asleep: yes"],
        "the outcome": ["12346-22-LT: by BOTH", "Because of Moved: yes; Asleep: yes."],
        "why not a neighbour, and what would flip it": [
            "12345 would need Asleep: no (it is: yes).",
            "12347 would need Moved: no (it is: yes) and Asleep: no (it is: yes).",
            "With Moved: no (it is: yes): supervisor review.",
            "With Moved: not documented or documented two ways (it is: yes): provider query.",
            "With Asleep: no (it is: yes): 12345.",
            "With Asleep: not documented or documented two ways (it is: yes): provider query.",
        ],
    }


def test_each_line_names_the_passage_the_rule_or_the_source():
    assert rests_on(DECIDED, "what the note says") == [["“left”"], ["“moved”"], ["“asleep”"]]
    assert rests_on(DECIDED, "the outcome") == [["BOTH, Joints version 1"], ["test"]]
    assert rests_on(DECIDED, "why not a neighbour, and what would flip it")[:3] == [
        ["MOVED, Joints version 1"],
        ["NEITHER, Joints version 1"],
        ["ASLEEP, Joints version 1"],
    ]


def test_a_denial_is_quoted_with_its_word():
    assert rests_on("The joint was moved while not asleep.", "what the note says") == [
        ["“moved”"],
        ["“not asleep”"],
    ]


def test_passages_that_disagree_are_both_quoted_and_decide_as_such():
    note = "The joint was moved. The joint was not moved. Asleep."
    assert title(note) == "Joints: provider query"
    assert of(note)["what the note says"][0] == "Moved: documented two ways"
    assert rests_on(note, "what the note says")[0] == ["“moved”", "“not moved”"]


def test_what_no_phrase_explains_is_quoted_before_all_that_was_read():
    note = f"{DECIDED} Wrong patient."
    doubt = "No code is safe from this note alone: these passages may tell more than was read."
    assert of(note)["what the note says"] == [doubt, *of(DECIDED)["what the note says"]]
    assert rests_on(note, "what the note says")[0] == ["“Wrong patient”"]


# What still decides ------------------------------------------------------------------------------------


def test_a_note_that_leaves_something_open_is_told_the_questions_and_what_its_silence_comes_to():
    assert title(OPEN) == "Joints: still open, provider query if the note stays silent"
    assert of(OPEN) == {
        "what the note says": ["Moved: yes"],
        "what still decides": [
            "Asleep: Was the patient asleep?",
            "Side: Which side?",
            "Still possible: 12346, 12345, provider query.",
        ],
        "if the note stays silent on all that": [
            "provider query: Ask whether it was moved. 23456 goes beside it."
        ],
        "why not a neighbour, and what would flip it": [
            "12347 would need Moved: no (it is: yes) and Asleep: no (it is: not documented)."
        ],
    }


def test_a_code_that_is_still_possible_is_no_neighbour():
    neighbours = of(OPEN)["why not a neighbour, and what would flip it"]
    assert not any(line.startswith(("12345", "12346", "With")) for line in neighbours)


def test_the_next_question_stands_first_and_the_others_in_the_order_of_the_table():
    asked_first = [{**fact, "asked_first": fact["key"] == "side"} for fact in made_up.FACTS]
    document = {**joints().table.to_document(), "facts": asked_first}
    table = type(joints().table).from_document(document)
    family = replace(joints(), table=table, lexicon=Lexicon.from_document(made_up.LEXICON))
    open_lines = of(OPEN, reading_notes(families=(family,)))["what still decides"]
    assert open_lines[:2] == ["Side: Which side?", "Asleep: Was the patient asleep?"]


def test_what_the_record_gives_is_waited_for_and_not_asked():
    given = [
        {**fact, "source": "record"} if fact["key"] == "asleep" else fact for fact in made_up.FACTS
    ]
    document = {**joints().table.to_document(), "facts": given}
    table = type(joints().table).from_document(document)
    family = replace(joints(), table=table, lexicon=Lexicon.from_document(made_up.LEXICON))
    open_lines = of(OPEN, reading_notes(families=(family,)))["what still decides"]
    assert open_lines == [
        "Side: Which side?",
        "Asleep: given by record",
        "Still possible: 12346, 12345, provider query.",
    ]


def test_at_most_six_questions_three_neighbours_and_eight_flips_are_told():
    facts = [make.fact(f"f{number}", label=f"F{number}") for number in range(8)]
    rules = [
        make.rule(f"R{number}", {f"f{number}": {"in": ["green"]}}, code=f"1236{number}")
        for number in range(8)
    ]
    document = make.document(facts, [*rules, make.rule("REST", {})], name="Joints", key="joints")
    lexicon = {
        **made_up.LEXICON,
        "terms": [
            {"phrase": f"{colour} {number}", "fact": f"f{number}", "value": colour}
            for colour in make.COLOURS
            for number in range(8)
        ],
        "findings": [],
    }
    table = type(joints().table).from_document(document)
    family = replace(joints(), table=table, lexicon=Lexicon.from_document(lexicon))
    known = reading_notes(families=(family,))

    open_lines = of("The joint is red 7.", known)["what still decides"]
    assert len(open_lines) == 7

    note = "The joint is " + ", ".join(f"red {number}" for number in range(8)) + "."
    lines = of(note, known)["why not a neighbour, and what would flip it"]
    assert [line.split()[0] for line in lines] == ["12360", "12361", "12362", *["With"] * 8]


# Which rule sets read it -------------------------------------------------------------------------------


def test_a_note_that_says_nothing_of_a_family_is_no_note():
    assert answer(Question("Nothing happened at all."), reading_notes()) is None
    assert answer(Question(DECIDED), reading_notes(families=(joints(),))) is None


def test_each_rule_set_that_reads_it_says_where_it_ends():
    other = replace(changed(joints(), made_up.RULES), address="/other/")
    document = {**other.table.to_document(), "name": "Limbs"}
    table = type(other.table).from_document(document)
    limbs = replace(other, table=table, lexicon=Lexicon.from_document(made_up.LEXICON))
    known = reading_notes(families=(*reading_notes().families, limbs))
    assert title(DECIDED, known) == "Joints: 12346-22-LT; Limbs: 12346-22-LT"


@pytest.mark.parametrize("rules", [made_up.RULES[1:], made_up.RULES[:-1]])
def test_a_defect_of_the_rules_is_told_where_the_note_meets_it(rules):
    family = replace(changed(joints(), rules), lexicon=Lexicon.from_document(made_up.LEXICON))
    known = reading_notes(families=(family,))
    note = DECIDED if rules[0] is not made_up.RULES[0] else OPEN
    assert title(note, known) == "Joints: undecided"
    assert of(note, known)["undecided"] == ["Joints: no rule covers these answers."]
    assert of(note, known)["what the note says"][-1].startswith(("Moved", "Asleep"))
