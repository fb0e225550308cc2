"""What opens services of a family and what makes one of them: members of the document, read strictly."""

import pytest

from coding.decision import (
    NOT_DOCUMENTED,
    OneService,
    Opening,
    RuleTable,
    TableError,
    codes_of,
    known,
)
from tests.decision.tables import document, rule

SIDES = {"fact": "side", "values": ["left", "right"], "both": "both"}
SIDE = {
    "key": "side",
    "kind": "choice",
    "label": "Side",
    "question": "Which side?",
    "choices": [{"value": value, "label": value.title()} for value in ("left", "right", "both")],
}
MEMBERS = {
    "claims": ["20600-20611", "G0168"],
    "opens_by": {"diagnoses": ["M17", "S73.0"]},
    "one_service": {
        "apart": [["20600", "20604"], ["20610-20611"]],
        "same": ["side"],
        "sides": SIDES,
    },
    "meanings": {"side": "side"},
}


def table(**members):
    return RuleTable.from_document(document([SIDE], [rule("R1", {}, code="20610")], **members))


def one_service(**members):
    return table(one_service=members).opening.one_service


def answers(side="left", joint="knee", held=True):
    facts = {"side": side, "joint": joint, "held": held}
    return {fact: known(value) for fact, value in facts.items() if value is not None}


def test_a_document_that_says_nothing_of_it_is_what_it_was_before():
    assert set(table().to_document()).isdisjoint(MEMBERS)
    assert table().opening == Opening()


def test_a_document_keeps_what_it_says():
    said = table(**MEMBERS)
    assert {name: said.to_document()[name] for name in MEMBERS} == MEMBERS
    assert RuleTable.from_document(said.to_document()).content_hash == said.content_hash
    assert said.content_hash != table().content_hash


def test_a_range_holds_both_its_ends_and_a_letter_stays():
    assert codes_of(["99202-99204", "G0168-G0169"]) == {"99202", "99203", "99204", "G0168", "G0169"}


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"claims": ["99215-99202"]}, "lower code first"),
        ({"claims": ["G0168-99203"]}, "no range"),
        ({"claims": ["10000-99999"]}, "more than 1,000 codes"),
        ({"claims": ["992"]}, "cannot be read"),
        ({"claims": "99202"}, "list of texts"),
        ({"opens_by": {"notes": []}}, "“notes” is no part of it"),
        ({"opens_by": {"diagnoses": ["hip"]}}, "cannot be read"),
        ({"one_service": []}, "is an object"),
        ({"one_service": {"apart": "20600"}}, "list of groups"),
        ({"one_service": {"same": ["joint"]}}, "no fact “joint”"),
        ({"one_service": {"sides": {"fact": "side"}}}, "its two values"),
        ({"one_service": {"sides": {**SIDES, "both": "either"}}}, "no choice “either”"),
        ({"meanings": {"limb": "side"}}, "no fact “limb”"),
        ({"meanings": {"side": ""}}, "meanings"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place(members, words):
    with pytest.raises(TableError, match=words):
        table(**members)


def test_a_diagnosis_speaks_for_a_family_by_its_beginning_dots_or_not():
    opening = Opening(diagnoses=("S73.0", "M17"))
    assert opening.diagnoses_among(["S73.011A", "S73011A", "S73.111A", "M17.11"]) == [
        "S73.011A",
        "S73011A",
        "M17.11",
    ]
    assert Opening().diagnoses_among(["S73.011A"]) == []


def test_lines_of_one_group_of_codes_belong_together():
    opening = one_service(apart=[["20600", "20604"], ["20610-20611"]])
    assert [opening.group_of(code) for code in ("20600", "20604", "20611", "27250")] == [
        0,
        0,
        1,
        None,
    ]


def test_without_a_word_of_it_two_services_are_never_called_one():
    assert not OneService().are_one(answers(), answers())


def test_services_that_are_alike_in_the_named_facts_are_one():
    wounds = OneService(same=("joint",))
    assert wounds.are_one(answers(), answers(side="right", held=False))
    assert not wounds.are_one(answers(), answers(joint="hip"))
    assert not wounds.are_one(answers(joint=None), answers(joint=None))


def test_silence_on_a_named_fact_makes_nothing_one():
    silent = {**answers(), "joint": NOT_DOCUMENTED}
    assert not OneService(same=("joint",)).are_one(silent, silent)


def test_both_sides_with_equal_answers_are_one_and_with_different_answers_two():
    hips = one_service(sides=SIDES)
    assert hips.are_one(answers("left"), answers("right"))
    assert not hips.are_one(answers("left"), answers("right", held=False))
    assert not hips.are_one(answers("both"), answers("right"))
    assert hips.are_one(answers("left"), answers("left", held=False))
    assert not hips.are_one(answers(None), answers(None))


def test_both_sides_of_two_joints_are_two():
    joints = OneService(("",), ("joint",), one_service(sides=SIDES).sides)
    assert joints.are_one(answers("left"), answers("right"))
    assert not joints.are_one(answers("left"), answers("right", joint="hip"))
