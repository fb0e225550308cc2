"""The services of a group's rows under a table: rows are alike in asked facts and in what derived ones say of them."""

from collections.abc import Iterator, Mapping, Sequence

from coding.decision.complete import complete
from coding.decision.facts import FactDefinition, Facts, FactValue
from coding.decision.groups import Aggregate, Group, GroupedService, services
from coding.decision.table import RuleTable

NOTHING: Facts = {}


def asked_in_rows(table: RuleTable, group: Group) -> tuple[FactDefinition, ...]:
    """What each row answers, in the table's order: asked facts, those behind derived ones and mostly the number."""
    keys: set[str] = set()
    for key in group.alike:
        keys.update(_asked_behind(table, key))
    if group.aggregate is not Aggregate.COUNT:
        keys.add(group.fact)
    return tuple(fact for fact in table.facts if fact.key in keys)


def _asked_behind(table: RuleTable, key: str) -> Iterator[str]:
    fact = table.fact_by_key[key]
    if fact.derived:
        for own in fact.inputs:
            yield from _asked_behind(table, own)
    elif fact.is_asked:
        yield key


def grouped_services(
    table: RuleTable, group: Group, rows: Sequence[Facts], given: Mapping[str, FactValue] = NOTHING
) -> tuple[GroupedService, ...]:
    """The services of rows, each with what its first row answers and the number of all of them.

    ``given`` are the facts that no row answers but record, set-up and history give: derived facts may lean on them.
    Rows that a derived fact calls alike may differ in what is behind it: the first speaks for them, as no rule that is
    meant so tells them apart. Raises as ``services`` does.
    """
    completed = [complete(table, {**given, **row}) for row in rows]
    asked = [fact.key for fact in asked_in_rows(table, group) if fact.key != group.fact]

    answered = []
    for service in services(group, table.fact_by_key, completed):
        first_row = rows[service.rows[0] - 1]
        answers = {key: first_row[key] for key in asked if key in first_row}
        answers[group.fact] = service.facts[group.fact]
        answered.append(GroupedService(answers, service.rows))
    return tuple(answered)
