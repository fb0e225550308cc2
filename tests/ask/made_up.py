"""A day with two made-up rule sets, tables of a few rows and a handful of checks: enough for every kind of question."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

from coding.ask import Answer, Cite, Family, Knowledge, Line, Question, ask
from coding.claim import Checks, Fee, Pair, Table, Tables, UnitLimit
from coding.decision import RuleTable
from coding.evidence import Lexicon
from tests.decision import tables as make

DAY = date(2026, 5, 4)
SIDES = [{"value": value, "label": value.title()} for value in ("left", "right", "both")]
FACTS = [
    make.fact("moved", "yes_no", label="Moved", question="Was it moved?"),
    make.fact("asleep", "yes_no", label="Asleep", question="Was the patient asleep?"),
    make.fact("side", choices=SIDES, label="Side", question="Which side?"),
]
SILENT = ["not_documented", "conflicting"]
RULES = [
    {**make.rule("BOTH", {"moved": {"in": [True]}, "asleep": {"in": [True]}}, code="12346")},
    {**make.rule("MOVED", {"moved": {"in": [True]}, "asleep": {"in": [False]}}, code="12345")},
    {**make.rule("NEITHER", {"moved": {"in": [False]}, "asleep": {"in": [False]}}, code="12347")},
    make.rule("ASLEEP", {"moved": {"in": [False]}, "asleep": {"in": [True]}}),
    {
        **make.rule("ASK", {"moved": {"in": SILENT}}, {"asleep": {"in": SILENT}}),
        "outcome": "provider_query",
        "message": "Ask whether it was moved. 23456 goes beside it.",
    },
]
MODIFIERS = [
    {"modifier": "LT", "rows": [{"side": {"in": ["left"]}}]},
    {"modifier": "RT", "rows": [{"side": {"in": ["right"]}}]},
    {"modifier": "50", "rows": [{"side": {"in": ["both"]}, "asleep": {"in": [False]}}]},
    {"modifier": "22", "rows": [{"asleep": {"in": [True]}}]},
]
DIAGNOSES = [
    {"codes": ["A10", "A11*"], "rows": [{"moved": {"in": [True]}}]},
    {"codes": ["B20"], "rows": [{"moved": {"in": [False]}}, {"asleep": {"in": [False]}}]},
]
LEVELS = [
    make.rule("HIGH", {"long": {"in": [True]}}, code="23457"),
    make.rule("LOW", {}, code="23456"),
]
CHECKS = {
    "codes": {
        "visits": ["23450-23459"],
        "supplies": ["B1000-B1999"],
        "causes": ["V00-Y99"],
    },
    "modifiers": {
        "separate work": ["25"],
        "decision": ["57"],
        "both sides": ["50"],
        "opening": ["59"],
        "places": ["LT", "RT"],
    },
    "checks": [
        {
            "id": "M1",
            "kind": "visit_beside_minor",
            "severity": "warning",
            "message": "{visit} beside {code} needs 25.",
            "options": {"visits": "visits", "separate": "separate work", "decision": "decision"},
        },
        {
            "id": "M2",
            "kind": "visit_modifier_elsewhere",
            "severity": "warning",
            "message": "{modifier} is not for {code}.",
            "options": {"visits": "visits", "own": "separate work"},
        },
        {
            "id": "M3",
            "kind": "pair_not_told_apart",
            "severity": "error",
            "message": "{column2} is part of {column1}.",
            "options": {"opening": "opening", "places": "places", "visits": "visits"},
        },
        {
            "id": "M4",
            "kind": "supply_in_facility",
            "severity": "info",
            "message": "The facility reports {code}.",
            "options": {"supplies": "supplies"},
        },
        {
            "id": "M5",
            "kind": "uncovered",
            "severity": "info",
            "message": "{code} is judged by no rule set.",
        },
        {
            "id": "M6",
            "kind": "pointers",
            "severity": "error",
            "message": "{code} {fault}.",
            "options": {"causes": "causes"},
        },
    ],
}


def fee(global_days="010", bilateral="1", work=4, **more):
    """A row of the fee schedule: 8 in a facility, 9 in an office."""
    return Fee("A", global_days, Decimal(work), Decimal(8), Decimal(9), bilateral=bilateral, **more)


TABLES = Tables(
    fees=Table(
        "Values",
        {
            "12345": fee(pre=Decimal("0.1"), post=Decimal("0.2"), assistant="2", team="0"),
            "12346": fee("090", "2", facility_na=True),
            "12347": fee("", "7", non_facility_na=True),
            "23456": fee("XXX", "0"),
            "34567": fee("ZZZ", ""),
        },
    ),
    pairs=Table(
        "Pairs",
        {
            ("12346", "12345"): Pair("12346", "12345", True, "More extensive."),
            ("12347", "12345"): Pair("12347", "12345", False),
        },
    ),
    unit_limits=Table("Limits", {"12345": UnitLimit(2, 3), "34567": UnitLimit(1, 1)}),
    facility_places=frozenset({"22", "21"}),
)


@cache
def joints() -> Family:
    """The first version of three codes told apart by two answers, with sides."""
    more = {"modifiers": MODIFIERS, "diagnoses": DIAGNOSES, "name": "Joints", "key": "joints"}
    table = make.table(FACTS, RULES, **more)
    return Family("Joints version 1", "/joints/1/", date(2026, 1, 1), table)


@cache
def visits() -> Family:
    """Two codes of visits."""
    long = make.fact("long", "yes_no", label="Long", question="Was it long?")
    table = make.table([long], LEVELS, name="Visits", key="visits")
    return Family("Visits version 1", "/visits/1/", date(2026, 3, 1), table)


def changed(family: Family, rules, **values) -> Family:
    """A family with other rules."""
    document = {**family.table.to_document(), "rules": rules}
    return replace(family, table=RuleTable.from_document(document), **values)


def knowledge(**values) -> Knowledge:
    """What is known on the day."""
    usual = {
        "day": DAY,
        "families": (joints(), visits()),
        "coming": (),
        "releases": (),
        "checks": Checks.from_document(CHECKS),
        "look_up": lambda codes: TABLES,
        "cases_of": lambda code: (Line(f"A case of {code}.", (Cite("case 1"),)),),
    }
    return Knowledge(**{**usual, **values})


UNLOADED = knowledge(look_up=lambda codes: Tables())


def asked(text: str, code: str = "", known: Knowledge | None = None) -> Answer:
    return ask(Question(text, code), known or knowledge())


def told(text: str, code: str = "", known: Knowledge | None = None) -> dict[str, list[str]]:
    """The lines of an answer under their headings."""
    sections = asked(text, code, known).sections
    return {section.heading: [line.text for line in section.lines] for section in sections}


def cites(text: str, code: str = "", known: Knowledge | None = None) -> dict[str, list[str]]:
    """What the lines of an answer rest on, under their headings."""
    sections = asked(text, code, known).sections
    return {
        section.heading: [", ".join(cite.text for cite in line.cites) for line in section.lines]
        for section in sections
    }


LEXICON = {
    "rule_set": "joints",
    "terms": [
        {"phrase": "moved", "fact": "moved", "value": "yes", "negated": "no"},
        {"phrase": "asleep", "fact": "asleep", "value": "yes", "negated": "no"},
        {"phrase": "left", "fact": "side", "value": "left"},
        {"phrase": "right", "fact": "side", "value": "right"},
    ],
    "groups": {"joint": ["joint"]},
    "findings": ["side"],
}


def reading_notes(**values) -> Knowledge:
    """What is known where the rule set of joints reads notes."""
    family = replace(joints(), lexicon=Lexicon.from_document(LEXICON))
    return knowledge(**{"families": (family, visits()), **values})
