"""The trace: for every rule how it fared, and the facts that a row failed by or still waits for."""

from hypothesis import given, settings

from coding.decision import (
    CONFLICTING,
    Facts,
    Known,
    RuleTable,
    RuleTrace,
    Verdict,
    applies,
    decide,
    trace,
)
from coding.decision.applying import row_applies, rows_behind
from tests.decision import tables as make
from tests.decision.reading import document_of, passes

RED = {"in": ["red"]}


def verdict_of(cell, answer):
    """What a cell says of an answer; None of one that is missing."""
    return None if answer is None else passes(cell, answer)


def plain_lines(table: RuleTable, facts: Facts, deciding):
    """The trace as a person would write it with the table on paper, going through the facts in their order."""
    keys = [fact.key for fact in table.facts]
    lines = []
    for rule in document_of(table)["rules"]:
        failed_by, waiting_for, states = set(), set(), set()
        for row in rule["rows"]:
            verdicts = {key: verdict_of(row[key], facts.get(key)) for key in keys if key in row}
            failing = [key for key, verdict in verdicts.items() if verdict is False]
            missing = [key for key, verdict in verdicts.items() if verdict is None]
            failed_by.update(failing[:1])
            if failing:
                states.add(False)
            elif missing:
                states.add(None)
                waiting_for.add(missing[0])
            else:
                states.add(True)
        if rule["id"] == deciding:
            lines.append((rule["id"], Verdict.DECIDES, ()))
        elif True in states:
            lines.append((rule["id"], Verdict.MASKED, ()))
        elif None in states:
            lines.append(
                (rule["id"], Verdict.MISSING, tuple(key for key in keys if key in waiting_for))
            )
        else:
            lines.append(
                (rule["id"], Verdict.FAILS, tuple(key for key in keys if key in failed_by))
            )
    return lines


def lines_of(table, facts):
    decision = decide(table, facts)
    return decision, [tuple(line) for line in trace(table, facts, decision).lines()]


@settings(max_examples=30)
@given(make.tables(), make.answers(complete=True))
def test_of_complete_answers_every_rule_is_traced_as_on_paper(table, facts):
    decision, lines = lines_of(table, facts)
    assert lines == plain_lines(table, facts, decision.rule_id)


@settings(max_examples=30)
@given(make.tables(), make.answers(complete=False))
def test_so_it_is_where_answers_are_missing(table, facts):
    decision, lines = lines_of(table, facts)
    assert lines == plain_lines(table, facts, decision.rule_id)


def shapes(*rows):
    facts = [make.fact("colour"), make.fact("shape"), make.fact("ready", "yes_no")]
    return make.table(facts, [make.rule("R", *rows), make.rule("REST", {})])


def test_each_alternative_names_the_first_fact_by_which_it_failed():
    table = shapes({"colour": RED, "shape": RED}, {"shape": RED}, {"ready": {"in": [True]}})
    facts = {"colour": Known("blue"), "shape": Known("blue"), "ready": Known(False)}
    _, [line, _] = lines_of(table, facts)
    assert line == ("R", Verdict.FAILS, ("colour", "shape", "ready"))


def test_of_a_rule_that_waits_no_fact_is_named_that_only_a_failed_alternative_asks_for():
    table = shapes({"colour": RED, "shape": RED}, {"ready": {"in": [True]}})
    for facts in ({"colour": Known("blue")}, {"shape": Known("blue")}):
        _, [line, rest] = lines_of(table, facts)
        assert line == ("R", Verdict.MISSING, ("ready",))
        assert rest == ("REST", Verdict.MASKED, ())


def test_a_rule_below_the_deciding_one_says_how_it_fared_by_itself():
    table = make.table(
        [make.fact("colour"), make.fact("shape")],
        [
            make.rule("ALL", {}),
            make.rule("RED", {"colour": RED}),
            make.rule("BLUE", {"colour": {"in": ["blue"]}}),
        ],
    )
    _, lines = lines_of(table, {"colour": Known("red")})
    assert lines == [
        ("ALL", Verdict.DECIDES, ()),
        ("RED", Verdict.MASKED, ()),
        ("BLUE", Verdict.FAILS, ("colour",)),
    ]


def test_a_line_is_stored_in_plain_words():
    line = RuleTrace("R1", Verdict.MISSING, ("colour", "shape"))
    assert line.to_data() == {"rule": "R1", "verdict": "missing", "facts": ["colour", "shape"]}


def rows_of(table):
    return table.rules[0].rows


def test_a_row_applies_fails_or_hangs_on_a_missing_answer():
    [row] = rows_of(shapes({"colour": RED, "shape": RED}))
    assert row_applies(row, {"colour": Known("red"), "shape": Known("red")}) is True
    assert row_applies(row, {"colour": Known("red")}) is None
    assert row_applies(row, {"shape": CONFLICTING}) is False
    assert row_applies((), {}) is True


def test_one_alternative_that_applies_is_enough_and_one_that_hangs_leaves_it_open():
    rows = rows_of(shapes({"colour": RED}, {"shape": RED}))
    assert applies(rows, {"shape": Known("red")}) is True
    assert applies(rows, {"colour": Known("blue")}) is None
    assert applies(rows, {"colour": Known("blue"), "shape": Known("blue")}) is False


def test_a_rule_rests_on_the_first_alternative_that_applies_or_on_all_that_hang():
    rule = shapes({"colour": RED}, {"shape": RED}, {"ready": {"in": [True]}}).rules[0]
    colour, shape, ready = rule.rows
    assert rows_behind(rule, {"shape": Known("red"), "ready": Known(True)}) == (shape,)
    assert rows_behind(rule, {"colour": Known("red"), "shape": Known("red")}) == (colour,)
    assert rows_behind(rule, {"shape": Known("blue")}) == (colour, ready)
