"""The rows of a group as the guided form shows them, read from the answers of an encounter's services."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter, itemgetter
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
    by_key = {group.key: group for group in table.groups}
    if key not in by_key:
        raise Conflict("The rules have no such rows any more. Reload the page.")
    return by_key[key]


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
    asked = asked_in_rows(table, group)
    numbers = [own[group.fact] for own in answers.values() if group.fact in own]
    given = [answer for answer in numbers if answer.rows]
    if not given:
        facts = rulebook.facts_of(answers.get(service.pk, {}), table)
        own_row = {fact.key: facts[fact.key] for fact in asked if fact.key in facts}
        return RowsOfGroup(group, [own_row], [])

    entered = list(chain.from_iterable(answer.rows for answer in given))
    entered.sort(key=itemgetter("row"))
    given.sort(key=attrgetter("service.number"))
    rows = [facts_from_data(asked, row["answers"]) for row in entered]
    return RowsOfGroup(group, rows, given)
