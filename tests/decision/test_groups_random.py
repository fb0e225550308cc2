"""Random tables with a group of rows: rows to services, their numbers and outcomes, against a plain reading."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coding.decision import (
    CONFLICTING,
    NOT_DOCUMENTED,
    Facts,
    FactValue,
    Known,
    RuleTable,
    asked_in_rows,
    decide,
    decide_batch,
    errors,
    grouped_services,
    in_bands,
    possible_outcomes,
)
from tests.decision import derived_tables as made
from tests.decision.reading import plain_outcome

Numbered = list[tuple[list[int], FactValue | int]]
PARTS: dict[str, Any] = {"key": "part", "kind": "choice", "label": "Part"}
PARTS["choices"] = [{"value": own, "label": own.title()} for own in made.GRADES]

whole_answers = st.fixed_dictionaries(
    {key: st.sampled_from([*own, *made.SILENT]) for key, own in made.BASE.items()}
)


@st.composite
def documents_with_rows(draw: st.DrawFn) -> dict[str, Any]:
    """A document that says all, and a group whose rows are alike in asked facts and in what is derived from them."""
    document = draw(made.whole_documents())
    part = {**PARTS, "derived": draw(made.derived_lines(made.GRADES, "colour", "ready"))}
    part["derived"].append({"value": draw(st.sampled_from(made.GRADES)), "rows": [{}]})
    document["facts"].append(part)
    alike = draw(st.lists(st.sampled_from(["colour", "part"]), max_size=2, unique=True))
    aggregate = draw(st.sampled_from(["sum", "count", "largest"]))
    group = {"key": "rows", "label": "Rows", "alike": alike, "aggregate": aggregate, "fact": "age"}
    return {**document, "groups": [group]}


def plain_services(group: dict[str, Any], rows: list[Facts]) -> Numbered:
    """The rows of each service, by their places, and its number: by the words of the manual, one after the other."""
    of_kind: dict[tuple[FactValue, ...], list[int]] = {}
    for place, row in enumerate(rows):
        of_kind.setdefault(tuple(row[key] for key in group["alike"]), []).append(place)
    return [
        (places, plain_number(group["aggregate"], [rows[place]["age"] for place in places]))
        for places in of_kind.values()
    ]


def plain_number(aggregate: str, answers: list[FactValue]) -> FactValue | int:
    if aggregate == "count":
        return len(answers)
    if CONFLICTING in answers:
        return CONFLICTING
    if NOT_DOCUMENTED in answers:
        return NOT_DOCUMENTED
    numbers = [
        answer.value
        for answer in answers
        if isinstance(answer, Known) and isinstance(answer.value, int)
    ]
    return sum(numbers) if aggregate == "sum" else max(numbers)


@settings(max_examples=25)
@given(documents_with_rows(), st.lists(whole_answers, min_size=1, max_size=4))
def test_each_service_of_rows_is_decided_by_its_first_row_and_the_number_of_all(
    document: dict[str, Any], drawn: list[Facts]
) -> None:
    table = RuleTable.from_document(document)
    [group] = table.groups
    # What the record gives, and what no row answers, is the same for all rows of a visit.
    asked = {fact.key for fact in asked_in_rows(table, group)}
    visit = {key: answer for key, answer in drawn[0].items() if key not in asked}
    rows = [{key: row[key] for key in asked} for row in drawn]
    known = [made.with_values(table, {**drawn[0], **visit, **row}) for row in rows]
    expected = plain_services(document["groups"][0], known)
    if any(isinstance(number, int) and not 0 <= number <= 3 for _, number in expected):
        with pytest.raises(errors.UnknownValue, match="is out of its range"):
            grouped_services(table, group, rows, visit)
        return
    services = grouped_services(table, group, rows, visit)
    assert [[number - 1 for number in service.rows] for service in services] == [
        places for places, _ in expected
    ]
    facts = [{**visit, **service.facts} for service in services]
    for case, (places, number) in zip(facts, expected, strict=True):
        whole = {
            **visit,
            **rows[places[0]],
            "age": Known(number) if isinstance(number, int) else number,
        }
        assert case == whole
        end = plain_outcome(table, made.with_values(table, whole))
        assert end is not None
        assert decide(table, case).outcome == end[1]
        assert possible_outcomes(table, case) == (end[1],)
        assert decide(table, in_bands([table], case)).outcome == end[1]
    columns = {key: [case[key] for case in facts] for key in made.BASE}
    assert decide_batch(table, columns) == [decide(table, case) for case in facts]
