"""Encounters of several services: a careful coder's answers lead each service to its right line."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from coding import rulesets
from coding.decision import decide
from coding.rules.worked_cases import with_given

KEYS = rulesets.keys()
TABLES = {key: rulesets.shipped(key) for key in KEYS}
CODED = {code for table in TABLES.values() for code in table.family}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


ENCOUNTERS = rows(rulesets.mixed_encounters())
SERVICES = rows(rulesets.mixed_services())


def right_lines(encounter: dict[str, str]) -> list[str]:
    """The lines as ``25605-54-RT``, without units and diagnoses."""
    return [line.split()[0] for line in encounter["right_lines"].split(";")]


def line_of(service: dict[str, str]) -> str:
    """The code and modifiers that the answers of a service lead to."""
    table = TABLES[service["rule_set"]]
    answers = dict(answer.split("=") for answer in service["answers"].split("; "))
    facts = {key: table.fact_by_key[key].answer_from_text(text) for key, text in answers.items()}
    outcome = decide(table, with_given(table, facts)).outcome
    assert outcome is not None, "an answer is missing"
    return "-".join((outcome.code, *sorted(outcome.modifiers)))


@pytest.mark.parametrize(
    "service", SERVICES, ids=lambda service: f"{service['encounter']} {service['line']}"
)
def test_the_answers_lead_to_the_line_but_for_what_follows_from_other_lines(
    service: dict[str, str],
) -> None:
    code, *modifiers = service["line"].split("-")
    own = set(modifiers) - set(service["from_other_lines"].split())
    assert line_of(service) == "-".join((code, *sorted(own)))


@pytest.mark.parametrize("encounter", ENCOUNTERS, ids=lambda encounter: encounter["id"])
def test_each_line_that_a_rule_set_codes_is_answered_for(encounter: dict[str, str]) -> None:
    coded = [line for line in right_lines(encounter) if line.split("-")[0] in CODED]
    answered = [service["line"] for service in SERVICES if service["encounter"] == encounter["id"]]
    assert Counter(answered) == Counter(coded)


def test_every_answer_that_the_note_leaves_open_is_of_its_rule_set() -> None:
    for service in filter(lambda service: service["left_open_by_the_note"], SERVICES):
        facts = TABLES[service["rule_set"]].fact_by_key
        for reason in service["left_open_by_the_note"].split("; "):
            for fact in reason.split(":")[0].replace(" and ", ", ").split(", "):
                assert fact in facts, service["line"]
