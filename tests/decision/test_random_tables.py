"""On random tables the core agrees with a plain reading of them, also where answers are missing."""

from itertools import product

from hypothesis import given, settings

from coding.decision import Facts, FactValue, RuleTable, decide, guide
from tests.decision import tables as make
from tests.decision.reading import plain_outcome


def completions(facts: Facts) -> list[dict[str, FactValue]]:
    missing = [key for key in make.ANSWERS if key not in facts]
    return [
        {**facts, **dict(zip(missing, values, strict=True))}
        for values in product(*(make.ANSWERS[k] for k in missing))
    ]


@given(make.tables(), make.answers(complete=True))
def test_it_decides_complete_answers_as_a_plain_reading_does(
    table: RuleTable, facts: Facts
) -> None:
    decision = decide(table, facts)
    assert (decision.rule_id, decision.outcome) == plain_outcome(table, facts)


@settings(max_examples=60)
@given(make.tables(), make.answers(complete=False))
def test_it_lists_exactly_the_outcomes_that_some_completion_yields(
    table: RuleTable, facts: Facts
) -> None:
    expected = {plain_outcome(table, complete)[1] for complete in completions(facts)}
    assert set(guide(table, facts).outcomes) == expected


@settings(max_examples=60)
@given(make.tables(), make.answers(complete=False))
def test_it_asks_exactly_the_facts_that_can_still_change_rule_or_modifiers(
    table: RuleTable, facts: Facts
) -> None:
    deciding = set()
    for complete in completions(facts):
        for key in set(make.ANSWERS) - set(facts) - deciding:
            here = plain_outcome(table, complete)
            if any(
                plain_outcome(table, {**complete, key: other}) != here
                for other in make.ANSWERS[key]
            ):
                deciding.add(key)
    assert set(guide(table, facts).open_facts) == deciding


@settings(max_examples=60)
@given(make.tables(), make.answers(complete=False))
def test_it_decides_early_exactly_when_all_completions_agree(
    table: RuleTable, facts: Facts
) -> None:
    ends = {plain_outcome(table, complete) for complete in completions(facts)}
    decision = decide(table, facts)
    assert (decision.outcome is not None) is (len(ends) == 1)


@given(make.tables())
def test_it_keeps_the_canonical_document_and_its_hash_through_a_round_trip(
    table: RuleTable,
) -> None:
    again = RuleTable.from_document(table.to_document())
    assert again.to_document() == table.to_document()
    assert again.content_hash == table.content_hash
