"""A small lexicon for tests, and short ways to read with it."""

from collections.abc import Iterable
from typing import Any

from coding.evidence import Lexicon, Proposal, Statement, extract, propose

TERMS = [
    {"phrase": "anesthesia", "fact": "anesthesia", "negated": "none"},
    {"phrase": "general anesthesia", "fact": "anesthesia", "value": "general"},
    {"phrase": "epidural", "fact": "anesthesia", "value": "regional"},
    {"phrase": ": general", "fact": "anesthesia", "value": "general", "section": "anesthesia"},
    {"phrase": "anesthesia service", "fact": "anesthesia"},
    {
        "phrase": "closed reduction",
        "fact": "manipulation",
        "value": "performed",
        "negated": "not_performed",
    },
    {
        "phrase": "hip <3> reduced",
        "fact": "manipulation",
        "value": "performed",
        "negated": "not_performed",
    },
    {"phrase": "dislocat*", "fact": "state", "value": "dislocated"},
    {"phrase": "located", "fact": "state", "value": "located", "unless": "manipulation=performed"},
    {"phrase": "ddh", "fact": "cause", "value": "developmental", "lasting": True},
    {"phrase": "fell", "fact": "cause", "value": "injury", "strength": "hint"},
    {"phrase": "left", "fact": "side", "value": "left", "strength": "hint"},
    {"phrase": "right", "fact": "side", "value": "right", "strength": "hint"},
    {"phrase": "left {hip} <3> reduced", "fact": "side", "value": "left"},
    {"phrase": "pavlik [harness]", "fact": "device", "value": "pavlik"},
]


def lexicon(*terms: dict[str, Any], **more: Any) -> Lexicon:
    """A lexicon of these terms, or of the usual ones."""
    document = {
        "rule_set": "test",
        "terms": list(terms) or TERMS,
        "groups": {"hip": ["hip", "hip joint"]},
        "sites": {"left": ["left"], "right": ["right"], "all": ["both"]},
        "site_fact": "side",
        "findings": ["state", "cause", "side"],
        "consequences": [{"when": "device=pavlik", "fact": "treated", "value": "yes"}],
        "prevails": {"cause": {"developmental": ["congenital"]}},
    }
    return Lexicon.from_document(document | more)


USUAL = lexicon()


def statements_in(note: str, of: Lexicon = USUAL) -> list[Statement]:
    """All statements of a note."""
    return list(extract(of, note))


def of_fact(statements: Iterable[Statement], fact: str) -> Statement:
    """The one statement of a fact."""
    [statement] = [statement for statement in statements if statement.fact == fact]
    return statement


def proposed(note: str, of: Lexicon = USUAL) -> dict[str, str]:
    """The proposals of a note as case files write them."""
    return {fact: proposal.text() for fact, proposal in proposals(note, of).items()}


def proposals(note: str, of: Lexicon = USUAL) -> dict[str, Proposal]:
    """The proposals of a note."""
    return propose(of, extract(of, note))
