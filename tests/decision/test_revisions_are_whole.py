"""Nothing that stands differently is left out: whatever of the document is another, some revision tells it."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings

from coding.decision import RuleTable, revisions
from tests.decision import saying_more
from tests.decision import tables as make
from tests.decision.derived_tables import whole_documents

Document = dict[str, Any]
RED, BLUE = {"colour": {"in": ["red"]}}, {"colour": {"in": ["blue"]}}
READY = {"ready": {"in": [True]}}


def document() -> Document:
    """One that says something of everything."""
    side = make.fact(
        "side", choices=[{"value": value, "label": value} for value in ("l", "r", "b")]
    )
    own = make.document(
        [*saying_more.FACTS, make.fact("colour"), side],
        [saying_more.OTHER, saying_more.HIGH, make.rule("REST", {})],
        **saying_more.MORE,
        description="What it is for.",
        notes=["One.", "Two."],
        family=["00001", "00002"],
        modifiers=[{"modifier": "LT", "rows": [RED]}, {"modifier": "LT", "rows": [READY]}],
        diagnoses=[{"codes": ["A1"], "rows": [RED]}, {"codes": ["A1"], "rows": [READY]}],
        claims=["12345-12349"],
        opens_by={"diagnoses": ["S73.0"]},
        one_service={
            "apart": [["12345"], ["12346"]],
            "same": ["colour"],
            "sides": {"fact": "side", "values": ["l", "r"], "both": "b"},
        },
        meanings={"colour": "colour"},
    )
    return RuleTable.from_document(own).to_document()


def revised(
    change: Callable[[Document], object],
) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    before, after = document(), document()
    change(after)
    found = revisions(RuleTable.from_document(before), RuleTable.from_document(after))
    return [
        (own.subject, own.what.value, [(edit.place, edit.before, edit.after) for edit in own.edits])
        for own in found
    ]


def put(*path: str | int, value: Any) -> Callable[[Document], None]:
    """A change that puts a value at a place of the document."""

    def change(own: Document) -> None:
        place: Any = own
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

    return change


# The rule set as a whole -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "edit"),
    [
        (put("name", value="Other"), ("name", "Test", "Other")),
        (put("description", value=""), ("description", "What it is for.", "")),
        (put("notes", 1, value="Three."), ("notes", "One., Two.", "One., Three.")),
        (put("family", value=["00001"]), ("family", "00001, 00002", "00001")),
        (put("hit_policy", value="unique"), ("hit policy", "first", "unique")),
        (put("claims", value=["12345"]), ("claims", "12345-12349", "12345")),
        (put("opens_by", value={}), ("opens by", "diagnoses: S73.0", "")),
        (
            put("one_service", value={"same": ["colour"]}),
            (
                "one service",
                "apart: 12345, 12346; same: colour; sides: fact: side; values: l, r; both: b",
                "same: colour",
            ),
        ),
        (put("meanings", "colour", value="hue"), ("meanings", "colour: colour", "colour: hue")),
    ],
)  # fmt: skip
def test_what_the_rule_set_says_as_a_whole_is_told(
    change: Callable[[Document], None], edit: tuple[str, str, str]
) -> None:
    assert revised(change) == [("the rule set", "changed", [edit])]


# Parts of one name -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "name"), [(0, "modifier LT"), (1, "modifier LT, 2")])
def test_each_of_two_lines_of_one_modifier_is_told(number: int, name: str) -> None:
    [(subject, what, edits)] = revised(put("modifiers", number, "rows", value=[BLUE]))
    assert (subject, what) == (name, "changed")
    assert edits[-1] == ("Colour", "Red" if number == 0 else "any", "Blue")


@pytest.mark.parametrize(("number", "name"), [(0, "diagnoses A1"), (1, "diagnoses A1, 2")])
def test_each_of_two_lines_of_the_same_diagnoses_is_told(number: int, name: str) -> None:
    [(subject, what, edits)] = revised(put("diagnoses", number, "rows", value=[BLUE]))
    assert (subject, what) == (name, "changed")
    assert edits[-1] == ("Colour", "Red" if number == 0 else "any", "Blue")


def test_a_line_of_the_same_modifier_that_came_or_went_is_told() -> None:
    assert revised(lambda own: own["modifiers"].pop()) == [("modifier LT, 2", "removed", [])]
    more = {"modifier": "LT", "rows": [BLUE]}
    assert revised(lambda own: own["modifiers"].append(more)) == [("modifier LT, 3", "added", [])]


def test_two_questions_that_are_called_alike_are_each_told() -> None:
    facts = [make.fact("colour", label="Same"), make.fact("shape", label="Same")]

    def table(colour: str, shape: str) -> RuleTable:
        row = {"colour": {"in": [colour]}, "shape": {"in": [shape]}}
        return make.table(facts, [make.rule("R", row, code="00001")])

    def edits(after: RuleTable) -> list[tuple[str, str, str]]:
        [own] = revisions(table("red", "red"), after)
        return [(edit.place, edit.before, edit.after) for edit in own.edits]

    assert edits(table("blue", "red")) == [("Same", "Red", "Blue")]
    assert edits(table("red", "blue")) == [("Same", "Red", "Blue")]
    assert edits(table("blue", "green")) == [("Same", "Red", "Blue"), ("Same", "Red", "Green")]


def test_a_question_that_is_called_otherwise_is_told_of_itself_and_not_of_its_cells() -> None:
    [(subject, _, edits)] = revised(put("facts", 4, "label", value="Hue"))
    assert (subject, edits) == ("fact colour", [("label", "Colour", "Hue")])


# Everything else ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        put("facts", 0, "decimals", value=2),
        put("facts", 0, "unit", value="mm"),
        put("facts", 0, "help", value="Measure it."),
        put("facts", 2, "source", value="record"),
        put("facts", 3, "derived", 0, "value", value="low"),
        put("facts", 3, "derived", 0, "rows", value=[{}]),
        put("rules", 0, "see", value=["wound-repair"]),
        put("rules", 1, "guards", value=[]),
        put("rules", 1, "code", value="00002"),
        put("lines", 0, "code", value="00011"),
        put("lines", 0, "units", "each", value=20),
        put("groups", 0, "aggregate", value="largest"),
        put("groups", 0, "alike", value=[]),
        put("claim", "payer", "codes", value=[]),
        put("claim", value={}),
        lambda own: own["rules"].reverse(),
        lambda own: own["facts"].append(own["facts"].pop(4)),
        lambda own: own["modifiers"].reverse(),
        lambda own: own.update(groups=[], lines=[]),
    ],
)  # fmt: skip
def test_every_member_of_the_document_is_told(change: Callable[[Document], object]) -> None:
    assert revised(change)


def test_the_order_of_a_rule_s_alternatives_alone_is_told_of_nobody() -> None:
    own = make.document([make.fact("colour")], [make.rule("R", RED, BLUE, code="00001")])
    turned = copy.deepcopy(own)
    turned["rules"][0]["rows"].reverse()
    assert revisions(RuleTable.from_document(own), RuleTable.from_document(turned)) == ()


def in_one_order(own: RuleTable) -> Document:
    """The document with the alternatives of each part in one order, each once."""
    data = own.to_document()
    for part in ("rules", "modifiers", "lines", "diagnoses"):
        for line in data.get(part, ()):
            line["rows"] = sorted({str(row) for row in line["rows"]})
    return data


@settings(max_examples=20)
@given(whole_documents(), whole_documents())
def test_there_is_a_revision_exactly_where_something_stands_differently(
    one: Document, other: Document
) -> None:
    before, after = RuleTable.from_document(one), RuleTable.from_document(other)
    assert revisions(before, before) == ()
    differs = in_one_order(before) != in_one_order(after)
    assert bool(revisions(before, after)) is differs
    assert bool(revisions(after, before)) is differs
