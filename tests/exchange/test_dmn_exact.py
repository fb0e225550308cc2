"""Nothing of a DMN file is read as something else: every answer that an input can have decides as in FEEL."""

import pytest

from coding.decision import NOT_DOCUMENTED, Known, RuleTable, TableError, decide
from coding.exchange.dmn_read import read_dmn
from tests.exchange.test_dmn_files import CODE, column, foreign, row


def read(inputs: str, *rules: str) -> RuleTable:
    return read_dmn(foreign(inputs, CODE, "".join(rules)))


def refusal(inputs: str, *rules: str) -> str:
    with pytest.raises(TableError) as caught:
        read(inputs, *rules)
    return str(caught.value)


def code(table: RuleTable, value: object) -> str:
    [fact] = table.facts
    answer = NOT_DOCUMENTED if value is None else Known(value)
    outcome = decide(table, {fact.key: answer}).outcome
    return outcome.code if outcome else ""


def test_everything_else_stays_reachable_by_a_choice_of_its_own() -> None:
    table = read(column("colour"), row('"a"', "1"), row('"b"', "2"), row("-", "3"))
    assert [choice.value for choice in table.facts[0].choices] == ["a", "b", "other"]
    assert [code(table, value) for value in ("a", "b", "other", None)] == ["1", "2", "3", "3"]


def test_what_a_denial_allows_is_every_other_text_and_a_missing_one() -> None:
    table = read(column("colour"), row('not("a")', "1"), row("-", "2"))
    assert [code(table, value) for value in ("a", "other", None)] == ["2", "1", "1"]


def test_a_text_that_is_called_other_is_not_everything_else() -> None:
    table = read(column("colour"), row('"other"', "1"), row("-", "2"))
    assert [choice.label for choice in table.facts[0].choices] == ["other", "Any other text"]
    assert [code(table, value) for value in ("other", "other_2")] == ["1", "2"]


def test_a_listed_domain_is_closed() -> None:
    table = read(column("colour", values='"a","b"'), row('"a"', "1"), row("-", "2"))
    assert [choice.value for choice in table.facts[0].choices] == ["a", "b"]


def test_texts_that_would_become_one_value_stay_apart() -> None:
    table = read(
        column("colour"),
        row('"a b"', "1"),
        row('"a_b"', "2"),
        row('"unknown","NA",""', "3"),
        row("-", "4"),
    )
    by_label = {choice.label: choice.value for choice in table.facts[0].choices}
    labels = ["a b", "a_b", "unknown", "NA", "(empty)", "Other"]
    assert [code(table, by_label[label]) for label in labels] == ["1", "2", "3", "3", "3", "4"]


@pytest.mark.parametrize(
    ("kind", "tests", "problem"),
    [
        ("string", ["true", '"yes"'], "“true” is a test of a truth, but the column is declared as text"),
        ("boolean", ['"true"'], "“\"true\"” is a test of a text, but the column is declared as truth"),
        ("string", ["&gt; 5", '"a"'], "“> 5” is a test of a number, but the column is declared as text"),
        ("", ['"a", true'], "“\"a\", true” is not read: the column is of no type that its tests tell"),
        ("", ['"a", true', '"b"'], "“\"a\", true” is a test of a text and a truth, but the column is by its other"),
        ("", ['"a"', "5"], "rule 2 (no id), x: “5” is a test of a number, but the column is by its other tests"),
        ("date", ["date(limit)"], "A date, time or duration is read where it is written out."),
        ("number", ["? &gt; 5"], "“? > 5” is not among the tests that are read"),
        ("string", ['starts with(?, "a")'], "A condition on “?” is not read."),
        ("string", ['upper case("a")'], "It calls “case”."),
        ("number", ["&gt; limit"], "“> limit” is not among the tests that are read"),
        ("number", ["not([5..2])"], "“not([5..2])” allows no number."),
        ("string", ["red"], "“red” is not among the tests that are read"),
    ],
)  # fmt: skip
def test_a_test_that_is_not_understood_is_refused_with_its_cell(
    kind: str, tests: list[str], problem: str
) -> None:
    assert problem in refusal(column("x", kind), *(row(test, "1") for test in tests))


@pytest.mark.parametrize(
    "text", ["5", "true", "income-debt", "a*", "f(x)", '"a"', "a in b", "null", "a.b > 3"]
)
def test_a_constant_or_a_calculation_is_no_name_of_an_input(text: str) -> None:
    assert "is no plain name" in refusal(column(text.replace(">", "&gt;")), row("-", "1"))


def test_a_name_that_the_file_declares_is_one_whatever_signs_it_holds() -> None:
    content = foreign(
        column("income-debt", "number"), CODE, row("5", "1"), more='<inputData name="income-debt"/>'
    )
    assert read_dmn(content).facts[0].key == "income_debt"


@pytest.mark.parametrize(
    ("kind", "test"), [("", "&gt; 5"), ("tAge", "&gt; 5"), ("number", "&gt; 5.0")]
)
def test_a_type_that_is_missing_or_unknown_is_told_by_the_tests(kind: str, test: str) -> None:
    table = read(column("age", kind), row(test, "1"), row("-", "2"))
    assert [code(table, number) for number in (5, 6)] == ["2", "1"]


def test_a_column_of_numbers_that_is_declared_as_text_by_habit_is_one_of_numbers() -> None:
    table = read(column("age"), row("&lt; 18", "1"), row("[18..65]", "2"), row("-", "3"))
    assert [code(table, number) for number in (17, 18, 66, None)] == ["1", "2", "3", "3"]
    assert (
        "“age” is declared as text, but all its tests are of a number: read as one." in table.notes
    )


def test_so_is_one_of_truths() -> None:
    table = read(column("ready"), row("true", "1"), row("-", "2"))
    assert [code(table, truth) for truth in (True, False, None)] == ["1", "2", "2"]


def test_decimals_are_exact() -> None:
    table = read(
        column("length", "number"), row("(2.5..7.25]", "1"), row("not(1.1)", "2"), row("-", "3")
    )
    assert table.facts[0].decimals == 2
    assert [code(table, number) for number in (250, 251, 725, 726, 110, None)] == [
        "2",
        "1",
        "1",
        "2",
        "3",
        "2",
    ]


def test_dates_are_cut_where_the_tests_of_the_table_cut_them() -> None:
    table = read(
        column("seen", "date"),
        row('&lt; date("2026-01-01")', "1"),
        row('[date("2026-01-01")..date("2026-06-30")]', "2"),
        row('not(@"2026-07-01")', "3"),
        row("-", "4"),
    )
    choices = table.facts[0].choices
    assert [choice.label for choice in choices] == [
        "Before 2026-01-01",
        "From 2026-01-01, until 2026-06-30",
        "2026-07-01",
        "After 2026-07-01",
    ]
    assert [code(table, choice.value) for choice in choices] == ["1", "2", "4", "3"]
    assert code(table, None) == "3"


def test_a_file_of_dates_goes_into_the_rule_set_that_was_made_of_it() -> None:
    inputs = column("seen", "date")
    base = read(inputs, row('&lt; date("2026-01-01")', "1"), row("-", "2"))
    rules = row('&gt;= date("2026-01-01")', "1") + row("-", "2")
    table = read_dmn(foreign(inputs, '<output name="code"/>', rules), base)
    values = [choice.value for choice in base.facts[0].choices]
    assert [code(table, value) for value in values] == ["2", "1"]

    others = row('&lt; date("2027-01-01")', "1")
    with pytest.raises(TableError, match="has no choice “Before 2027-01-01”"):
        read_dmn(foreign(inputs, '<output name="code"/>', others), base)


@pytest.mark.parametrize(
    ("kind", "point", "labels"),
    [
        ("dateTime", '@"2026-01-01T08:30:00Z"', ["Before 2026-01-01 08:30:00Z", "From 2026-01-01 08:30:00Z"]),
        ("date", '@"2026-01-01T08:30:00"', ["Before 2026-01-01 08:30:00", "From 2026-01-01 08:30:00"]),
        ("time", 'time("08:30:00")', ["Before 08:30:00", "From 08:30:00"]),
        ("dayTimeDuration", 'duration("P1DT4H")', ["Less than 1 day 4 hours", "At least 1 day 4 hours"]),
        ("Any", 'duration("P1Y2M")', ["Less than 1 year 2 months", "At least 1 year 2 months"]),
        ("date", "fn_date('2026-01-01')", ["Before 2026-01-01", "From 2026-01-01"]),
    ],
)  # fmt: skip
def test_times_and_durations_are_cut_so_too(kind: str, point: str, labels: list[str]) -> None:
    table = read(column("x", kind), row(f"&lt; {point}", "1"), row(f"&gt;= {point}", "2"))
    choices = table.facts[0].choices
    assert [choice.label for choice in choices] == labels
    assert [code(table, choice.value) for choice in choices] == ["1", "2"]


@pytest.mark.parametrize(
    ("kind", "tests", "problem"),
    [
        ("date", ['date("2026-01-01")', "5"], "“5” is a test of a number, but the column is declared as date"),
        ("string", ['date("2026-01-01")'], "is a test of a date, but the column is declared as text"),
        ("time", ['time("08:00:00")', 'time("08:00:00Z")'], "some of its times name a zone"),
        ("", ['duration("P1M")', 'duration("P1D")'], "is a test of a days and time duration, but the column is by its"),
        ("date", ['date("2026-02-30")'], "is a test of a text, but the column is declared as date"),
        ("", ['time("2026-01-01T08:00:00")'], "is not among the tests that are read"),
        ("", ['@"0001-01-01T00:00:00+14:00"', "5"], "is a test of a number, but the column is by its other tests"),
        ("date", ['"2026-01-01"'], "is a test of a text, but the column is declared as date"),
    ],
)  # fmt: skip
def test_a_moment_is_compared_with_its_like_only(kind: str, tests: list[str], problem: str) -> None:
    assert problem in refusal(column("x", kind), *(row(test, "1") for test in tests))


def test_nobody_picks_from_hundreds_of_stretches() -> None:
    days = ", ".join(f"date(2026, 1, 1), @&quot;{year}-01-01&quot;" for year in range(1800, 2025))
    assert "more than 200 points in time" in refusal(column("x", "date"), row(days, "1"))


def test_a_text_that_reads_like_a_date_stays_a_text() -> None:
    table = read(column("x"), row('"@", "2026-01-01"', "1"), row("-", "2"))
    assert [choice.label for choice in table.facts[0].choices] == ["@", "2026-01-01", "Other"]


@pytest.mark.parametrize("test", ["[4, 5]", "4, 5 // few", "4, /* and */ 5", "[4..5]", "]3..6["])
def test_lists_brackets_and_comments_say_nothing_more(test: str) -> None:
    table = read(column("x", "number"), row(test, "1"), row("-", "2"))
    assert [code(table, number) for number in (3, 4, 5, 6, None)] == ["2", "1", "1", "2", "2"]


def test_slashes_within_a_text_begin_no_comment() -> None:
    table = read(column("x"), row('"http://a", "/* b */"', "1"))
    assert [choice.label for choice in table.facts[0].choices] == ["http://a", "/* b */", "Other"]


def test_brackets_around_a_literal_say_nothing() -> None:
    table = read(column("x", "number"), row("(4)", "1"), row("-", "2"))
    assert [code(table, number) for number in (4, 5)] == ["1", "2"]


def test_a_table_without_rules_is_refused() -> None:
    assert refusal(column("x")) == "The table of “Colours” has no rule. Choose another file."


def test_an_output_that_is_calculated_is_not_the_code_where_another_is_written_out() -> None:
    outputs = '<output name="sum"/><output name="result"/>'
    table = read_dmn(foreign(column("x", "number"), outputs, row("5", "a + b", '"1"', ends=2)))
    assert [(rule.code, rule.message) for rule in table.rules] == [("1", "By rule R1. sum: a + b")]


def test_listed_numbers_are_limits_and_what_they_do_not_say_is_told() -> None:
    table = read(column("grade", "number", "1,2,3"), row("1", "1"))
    assert (table.facts[0].minimum, table.facts[0].maximum) == (1, 3)
    assert any("“grade” allows 1,2,3 only" in note for note in table.notes)


def test_a_missing_answer_is_null() -> None:
    table = read(column("age", "number"), row("null", "1"), row("not(null)", "2"))
    assert [code(table, number) for number in (None, 7)] == ["1", "2"]


def test_a_rule_without_a_result_has_no_code() -> None:
    results = ("-", "", "null", '""')
    rules = [row(str(number), result) for number, result in enumerate(results)]
    table = read(column("age", "number"), *rules, row("-", "1"))
    assert [rule.outcome for rule in table.rules] == [*["no_family_code"] * 4, "code"]


def test_two_results_that_differ_are_not_one_code() -> None:
    content = foreign(
        column("age", "number"), '<output name="result"/>', row("5", '"1"') + row("6", "1")
    )
    with pytest.raises(TableError, match="are one code here, but two results there"):
        read_dmn(content)


def test_rules_keep_short_ids_and_each_is_there_once() -> None:
    long = "_0f0e0d0c-0000-4000-8000-000000000001"
    rules = row("5", "1", rule_id="R2") + row("6", "2", rule_id=long)
    content = foreign(column("age", "number"), '<output name="result"/>', rules)
    assert [rule.id for rule in read_dmn(content).rules] == ["R2", "R2-2"]
