"""The rows of a group as the guided form shows them, read from the answers of an encounter's services."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from coding.actions.errors import Conflict
from coding.decision import Facts, Group, RuleTable, asked_in_rows, facts_from_data, facts_to_data
from coding.models import Answer, Service, ServiceState
from coding.rules import rulebook
from coding.rules.shared_answers import answers_by_service


@dataclass(frozen=True, slots=True)
class RowsOfGroup:
    """The rows that stand, in the order in which they were entered, and the answers that they gave."""

    group: Group
    rows: list[Facts]
    given: list[Answer]


def group_of(table: RuleTable, key: str) -> Group:
    """A group of a table. Raises Conflict for one that its version does not have."""
    group = next((group for group in table.groups if group.key == key), None)
    if group is None:
        raise Conflict("The rules have no such rows any more. Reload the page.")
    return group


def groups_of(table: RuleTable, fact: str) -> list[Group]:
    """The groups whose rows answer a fact, or give it."""
    groups = []
    for group in table.groups:
        asked = {own.key for own in asked_in_rows(table, group)}
        if fact in {group.fact, *asked}:
            groups.append(group)
    return groups


def rows_to_data(rows: Sequence[Facts], numbers: Sequence[int]) -> list[dict[str, Any]]:
    """Rows by their numbers, from 1 on, as an answer keeps them."""
    return [{"row": number, "answers": facts_to_data(rows[number - 1])} for number in numbers]


def rows_of(service: Service, table: RuleTable, group: Group) -> RowsOfGroup:
    """The rows of all services to code of the encounter under the rule set; without any what the service answers."""
    to_code = Service.objects.filter(encounter=service.encounter_id, state=ServiceState.TO_CODE)
    answers = answers_by_service(to_code.filter(rule_set=service.rule_set_id))
    numbers = [own[group.fact] for own in answers.values() if group.fact in own]
    given = [answer for answer in numbers if answer.rows]
    asked = asked_in_rows(table, group)
    if given:
        entered = sorted((row for answer in given for row in answer.rows), key=itemgetter("row"))
        rows = [facts_from_data(asked, row["answers"]) for row in entered]
        return RowsOfGroup(group, rows, sorted(given, key=lambda answer: answer.service.number))
    facts = rulebook.facts_of(answers.get(service.pk, {}), table)
    own_row = {fact.key: facts[fact.key] for fact in asked if fact.key in facts}
    return RowsOfGroup(group, [own_row], [])
