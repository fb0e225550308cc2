"""The lexicon as data: what it refuses, by name and cause, and that a state of it has one hash."""

import json
from typing import Any

import pytest

from coding import rulesets
from coding.evidence import Lexicon, LexiconError
from coding.rules.from_note import values_of
from tests.evidence.lexicons import USUAL, lexicon, statements_in

HIP = "hip-dislocation"


def term(**more: Any) -> dict[str, Any]:
    return {"phrase": "left hip", "fact": "side", "value": "left"} | more


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"phrase": ""}, "Term 1, “”: phrase must be a text with words"),
        ({"phrase": 5}, "Term 1: phrase must be a text with words"),
        ({"phrase": "left <40> hip"}, "Term 1: “left <40> hip” has a gap of 40 words. Use 1 to 12"),
        ({"phrase": "left <4>"}, "begins or ends with a gap"),
        ({"phrase": "[left] <2> hip"}, "does not begin with a word that must be there"),
        ({"phrase": "[left] [hip]"}, "does not begin with a word that must be there"),
        ({"phrase": "left (hip"}, "cannot be read from “\\(hip” on. Check the brackets"),
        ({"phrase": "left|"}, "has an empty choice"),
        ({"phrase": "le*ft"}, "has “le\\*ft”, which is no word"),
        ({"phrase": "left {hop}"}, "names the group “hop”, which there is not"),
        ({"phrase": "a <1> b <1> c <1> d"}, "at most 2 of them gaps"),
        ({"phrase": "left " * 100}, "more than 300 characters"),
        ({"fact": None}, "Term 1, “left hip”: fact must be a text with words"),
        ({"value": 1}, "Term 1, “left hip”: value must be a text"),
        ({"strength": "strong"}, "strength is “strong”. Use clue, hint, usual, explicit"),
        ({"lasting": "yes"}, "lasting must be true or false"),
        ({"needs": "side"}, "“side” is no condition. Write it as fact=value|value"),
        ({"unless": 3}, "“3” is no condition"),
        ({"colour": "red"}, "it has “colour”. Use phrase, fact"),
    ],
)
def test_a_term_that_cannot_be_meant_is_refused_with_its_cause(
    change: dict[str, Any], message: str
) -> None:
    with pytest.raises(LexiconError, match=message.replace("|", r"\|")):
        lexicon(term(**change))


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "A lexicon is an object with the keys"),
        ({"rule_set": "x", "terms": 5}, "terms must be a list"),
        ({"rule_set": "x", "terms": ["left"]}, "Term 1: a row is an object"),
        ({"rule_set": "x", "words": []}, "A lexicon is an object with the keys"),
        ({"terms": []}, "rule_set must be a text with words"),
        ({"rule_set": "x", "groups": {"a": "b"}}, "groups, a: it must be a list of phrases"),
        ({"rule_set": "x", "sites": []}, "sites must be an object"),
        ({"rule_set": "x", "sites": {"left": ["le*ft"]}}, "Site “left”: “le\\*ft” has"),
        ({"rule_set": "x", "findings": "side"}, "findings must be a list of texts"),
        ({"rule_set": "x", "prevails": {"side": ["left"]}}, "side must be an object"),
        (
            {"rule_set": "x", "consequences": [{"when": "side", "fact": "a", "value": "b"}]},
            "Consequence 1: “side” is no",
        ),
        (
            {"rule_set": "x", "consequences": [5]},
            "Consequence 1: a row is an object with when, fact, and value or against",
        ),
        (
            {"rule_set": "x", "consequences": [{"when": "side=left", "fact": "a"}]},
            "Consequence 1: it says nothing",
        ),
        ({"rule_set": "x", "terms": [term(against="left|")]}, "against has an empty value"),
        (
            {"rule_set": "x", "terms": [term(), term(value="right")]},
            "Term 2, “left hip”: it stands twice for side",
        ),
    ],
)
def test_a_document_that_is_no_lexicon_is_refused(document: Any, message: str) -> None:
    with pytest.raises(LexiconError, match=message):
        Lexicon.from_document(document)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"fact": "colour"}, "there is no fact “colour”"),
        ({"value": "up"}, "side is never “up”. Use left, right"),
        ({"negated": "up"}, "side is never “up”"),
        ({"needs": "side=up"}, "side is never “up”"),
        ({"against": "left|up"}, "side is never “up”"),
    ],
)
def test_a_term_of_a_fact_or_value_that_the_rules_do_not_have_is_named(
    change: dict[str, Any], message: str
) -> None:
    with pytest.raises(LexiconError, match=message):
        lexicon(term(**change), consequences=[]).check_values({"side": ["left", "right"]})


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"opens": ["colour=red"]}, "“opens”: there is no fact “colour”."),
        ({"free": ["side=up"]}, "“free”: side is never “up”. Use left, right."),
        ({"failures": ["colour=red"]}, "“failures”: there is no fact “colour”."),
        ({"alone": ["side=left|up"]}, "“alone”: side is never “up”. Use left, right."),
        ({"findings": ["colour"]}, "“findings”: there is no fact “colour”."),
        ({"operative": ["colour"]}, "“operative”: there is no fact “colour”."),
        (
            {"prevails": {"side": {"up": ["left"]}}},
            "“prevails”: side is never “up”. Use left, right.",
        ),
        (
            {"succeeds": {"side": {"left": ["up"]}}},
            "“succeeds”: side is never “up”. Use left, right.",
        ),
        ({"site_fact": "colour"}, "“site_fact”: there is no fact “colour”."),
    ],
)
def test_what_speaks_of_all_its_terms_names_facts_and_values_of_the_rules_too(
    part: dict[str, Any], message: str
) -> None:
    document = {"rule_set": "x", "terms": [term()], **part}
    with pytest.raises(LexiconError) as refusal:
        Lexicon.from_document(document).check_values({"side": ["left", "right"]})
    assert str(refusal.value) == message


def test_a_lexicon_written_and_read_again_is_the_same() -> None:
    again = Lexicon.from_document(json.loads(USUAL.canonical()))
    assert again == USUAL
    assert again.content_hash() == USUAL.content_hash()
    assert lexicon(term()).content_hash() != USUAL.content_hash()


@pytest.mark.parametrize(
    ("phrase", "recognised", "unrecognised"),
    [
        (
            "left hip",
            ["Left hip", "left-hip", "left\nhip"],
            ["left, hip", "left. Hip", "hip left", "cleft hip"],
        ),
        ("reduc*", ["reduction", "reduced"], ["irreducible"]),
        ("brace|orthosis", ["brace", "orthosis"], ["embrace"]),
        ("(hip spica|cast) on", ["hip spica on", "cast on"], ["hip on"]),
        ("[the|a] cast", ["the cast", "cast"], ["casting"]),
        (
            "closed <2> reduction",
            ["closed reduction", "closed and gentle reduction"],
            ["closed a b c reduction"],
        ),
        (
            "closed <2> reduction",
            ["closed gentle reduction"],
            ["closed, gentle reduction", "closed, reduction"],
        ),
        (
            "closed <2,> reduction",
            ["closed, gentle, reduction"],
            ["closed: reduction", "closed. Reduction"],
        ),
        (
            "closed <2> (reduction|hip reduction)",
            ["closed reduction", "closed left hip reduction"],
            ["closed hip"],
        ),
        ("[the] [left] hip [joint]", ["the left hip joint", "hip", "left hip"], ["the left"]),
        ("(hip|hip joint) pain", ["hip pain", "hip joint pain"], ["hip joint", "joint pain"]),
        ("ortolani +", ["Ortolani +"], ["Ortolani"]),
        (": none", ["Drains: none"], ["none"]),
        (": no .", ["Fracture: no", "Fracture: no. Left."], ["Fracture: no dislocation", "no"]),
    ],
)
def test_a_phrase_finds_what_its_syntax_says(
    phrase: str, recognised: list[str], unrecognised: list[str]
) -> None:
    terms = lexicon(term(phrase=phrase))
    assert all(statements_in(note, terms) for note in recognised)
    assert not any(statements_in(note, terms) for note in unrecognised)


def test_the_shipped_lexicon_speaks_of_facts_and_values_of_its_rule_set() -> None:
    rulesets.shipped_lexicon(HIP).check_values(values_of(rulesets.shipped(HIP)))


def test_a_rule_set_without_lexicon_is_named() -> None:
    with pytest.raises(LookupError, match="no shipped lexicon for the rule set “knee”"):
        rulesets.shipped_lexicon("knee")


def test_a_phrase_that_can_be_read_in_too_many_ways_is_refused() -> None:
    row = {"phrase": "a " + "[a*|b*|c*] " * 9 + "z", "fact": "anesthesia", "value": "none"}
    with pytest.raises(LexiconError, match="too many ways"):
        _ = Lexicon.from_document({"rule_set": "x", "terms": [row]})
