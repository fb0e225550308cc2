"""The document of a rule set: what it may leave out, what it keeps, and that every part has its say in the hash."""

import copy

import pytest

from coding.decision import HitPolicy, RuleTable, errors
from tests.decision import tables as make


def valid():
    rules = [make.rule("R2", {"colour": {"in": ["red"]}}, code="00001"), make.rule("R1", {})]
    modifiers = [{"modifier": "LT", "rows": [{"ready": {"in": [True]}}]}]
    diagnoses = [{"codes": ["Q65.01"], "rows": [{}]}]
    more = {
        "modifiers": modifiers,
        "diagnoses": diagnoses,
        "notes": ["A note."],
        "description": "Made up.",
    }
    return RuleTable.from_document(make.document(make.FACTS, rules, **more)).to_document()


def changed(*path, value):
    """The valid document with another value at one place."""
    document = copy.deepcopy(valid())
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return document


def test_what_may_be_left_out_is_empty_and_the_first_rule_counts():
    table = make.table([make.fact("colour")], [make.rule("R", {})])
    assert (table.description, table.notes, table.modifiers, table.diagnoses) == ("", (), (), ())
    assert table.hit_policy is HitPolicy.FIRST
    fact = table.facts[0]
    assert (fact.help, fact.unit, fact.minimum, fact.maximum, fact.asked_first) == (
        "",
        "",
        None,
        None,
        False,
    )


def test_facts_and_rules_keep_the_order_in_which_they_were_written():
    table = RuleTable.from_document(valid())
    assert list(table.fact_by_key) == ["colour", "shape", "ready", "age", "codes"]
    assert list(table.rule_by_id) == ["R2", "R1"]


OTHERWISE = {
    "key": (("key",), "other"),
    "name": (("name",), "Other"),
    "description": (("description",), ""),
    "note": (("notes",), []),
    "family": (("family",), ["00001", "00002"]),
    "hit policy": (("hit_policy",), "unique"),
    "order of facts": (("facts",), valid()["facts"][::-1]),
    "question": (("facts", 0, "question"), "Which one?"),
    "help": (("facts", 0, "help"), "Look."),
    "order of choices": (("facts", 0, "choices"), valid()["facts"][0]["choices"][::-1]),
    "label of a choice": (("facts", 0, "choices", 0, "label"), "Crimson"),
    "limit": (("facts", 3, "maximum"), 99),
    "unit": (("facts", 3, "unit"), "years"),
    "asked first": (("facts", 0, "asked_first"), True),
    "order of rules": (("rules",), valid()["rules"][::-1]),
    "condition": (("rules", 0, "rows"), [{"colour": {"in": ["blue"]}}]),
    "message": (("rules", 0, "message"), "Other."),
    "source": (("rules", 0, "basis"), "Other."),
    "modifier": (("modifiers", 0, "modifier"), "RT"),
    "diagnosis": (("diagnoses", 0, "codes"), ["Q65.02"]),
}


@pytest.mark.parametrize("part", OTHERWISE)
def test_every_part_has_its_say_in_the_hash(part):
    path, value = OTHERWISE[part]
    other = RuleTable.from_document(changed(*path, value=value))
    assert other.content_hash != RuleTable.from_document(valid()).content_hash


def test_a_number_without_limits_keeps_none_and_zero_is_a_limit():
    open_fact, from_zero = (
        make.fact("age", "whole_number"),
        make.fact("age", "whole_number", minimum=0),
    )
    stored = [
        make.table([fact], [make.rule("R", {})]).to_document()["facts"][0]
        for fact in (open_fact, from_zero)
    ]
    assert "minimum" not in stored[0]
    assert stored[1]["minimum"] == 0


@pytest.mark.parametrize(
    ("path", "value", "error", "words"),
    [
        (
            ("facts", 0, "asked_first"),
            "yes",
            errors.WrongType,
            "fact colour: asked_first is true or false, not “yes”",
        ),
        (
            ("facts", 3, "minimum"),
            True,
            errors.WrongType,
            "fact age: minimum is a whole number, not “True”",
        ),
        (("facts", 0, "choices", 0), "red", errors.WrongType, "fact colour, a choice is an object"),
        (
            ("facts", 0, "choices", 0),
            {"value": "red"},
            errors.MissingKey,
            "fact colour, red: label is missing",
        ),
        (
            ("facts", 0, "choices", 0, "value"),
            "NA",
            errors.DuplicateId,
            "“NA” is an answer that every fact has",
        ),
        (
            ("facts", 2, "choices"),
            [{"value": "a", "label": "A"}],
            errors.UnsuitableTest,
            "fact ready: a choice has",
        ),
        (("modifiers", 0, "rows"), [], errors.MissingKey, "modifier LT: rows is empty"),
        (("modifiers", 0, "modifier"), " ", errors.MissingKey, "a modifier: modifier is missing"),
        (
            ("modifiers", 0, "code"),
            "00001",
            errors.UnknownKey,
            "a modifier: “code” is no part of it",
        ),
        (
            ("diagnoses", 0, "rows"),
            [{"size": {"in": ["big"]}}],
            errors.DanglingFact,
            "diagnoses Q65.01: there is no",
        ),
        (
            ("diagnoses", 0, "modifier"),
            "LT",
            errors.UnknownKey,
            "supporting diagnoses: “modifier” is no part of it",
        ),
        (("rules", 0, "rows"), {"colour": "red"}, errors.WrongType, "rule R2: rows is a list"),
        (
            ("rules", 0, "outcome"),
            None,
            errors.WrongType,
            "rule R2, outcome: “None” is none of code",
        ),
    ],
)
def test_a_part_that_is_wrong_is_named_with_its_place_and_cause(path, value, error, words):
    with pytest.raises(error) as raised:
        RuleTable.from_document(changed(*path, value=value))
    assert words in str(raised.value)


@pytest.mark.parametrize("document", [[], "rules", None, 5])
def test_what_is_no_document_is_refused(document):
    with pytest.raises(errors.WrongType, match="the rule set is an object"):
        RuleTable.from_document(document)
