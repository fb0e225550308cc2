"""Worked cases as rows: how their answers are written, how each fares under the rules, and how files bring them."""

import io
import re

import pytest

from coding.decision import (
    CONFLICTING,
    NOT_DOCUMENTED,
    Band,
    Known,
    Line,
    OutcomeKind,
    facts_to_data,
)
from coding.models import FactProfile, WorkedCase
from coding.rules import case_data, case_files, case_rows, coverage
from coding.rules.cases_from_services import answers_of, case_of_profile
from coding.rules.worked_cases import Case, with_given
from tests import said_rules, small_rules

TABLE = small_rules.table()
WITH_LINES = small_rules.table(lines=[{"code": "54321", "units": 2, "rows": [{}]}])
AWAKE = {"case_id": "V1", "answers": "held: yes\ndrug: none", "outcome": "code", "code": "27256"}


def row(**values):
    return WorkedCase(**{**AWAKE, "modifiers": "LT", **values})


def result(**values):
    return case_rows.result_of(row(**values), TABLE)


# Answers as people write them -----------------------------------------------------------------------


def answers(text):
    return case_rows.answers_from_text(text, TABLE)


def test_answers_stand_one_a_line_and_blank_lines_do_not_count():
    assert answers("held: yes\n\n  drug :  sleep \n") == {
        "held": Known(True),
        "drug": Known("sleep"),
    }
    assert answers("") == {}


def test_an_answer_may_be_silence_and_what_is_left_empty_is_none():
    assert answers("held: unknown\ndrug: conflicting") == {
        "held": NOT_DOCUMENTED,
        "drug": CONFLICTING,
    }
    assert answers("held:\ndrug: na") == {}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("held yes", "“held yes” is no answer: write “fact: answer”."),
        ("colour: red", "There is no fact “colour”. The facts are held, drug."),
        ("held: yes\nheld: no", "held: it is answered twice. Delete one of the lines."),
        ("drug: ether", "drug: “ether” is not an answer to it; use none, sleep, unknown"),
    ],
)
def test_what_is_no_answer_is_refused_with_what_to_write(text, problem):
    with pytest.raises(ValueError, match=re.escape(problem)):
        answers(text)


# What becomes of a case -----------------------------------------------------------------------------


def test_a_case_that_comes_out_as_expected_has_no_problem_and_no_steps():
    fares = result()
    assert (fares.passes, fares.problem, fares.steps) == (True, "", ())
    assert (fares.expected, fares.got) == ("27256-LT", "27256-LT")
    assert fares.facts == "held: yes; drug: None"


def test_a_case_that_comes_out_otherwise_says_how_and_what_became_of_each_rule():
    fares = result(answers="held: yes\ndrug: sleep")
    assert not fares.passes
    assert fares.problem == "It comes out as 27257-LT."
    assert (fares.expected, fares.got) == ("27256-LT", "27257-LT")
    assert fares.steps == ("R1 fails at drug", "R2 decides")


def test_the_steps_end_at_the_rule_that_decides():
    fares = result(answers="held: no\ndrug: none")
    assert fares.steps == ("R1 fails at held", "R2 fails at held", "R3 decides")


def test_a_case_that_leaves_open_what_decides_says_which_answers_it_lacks():
    fares = result(answers="held: yes")
    assert fares.problem == "It comes out as nothing yet: drug not answered."
    assert "nothing yet: held, drug not answered" in result(answers="").problem


def test_a_case_whose_answer_is_none_fails_with_the_cause_and_its_answers_in_a_line():
    fares = result(answers="held: yes\ndrug: ether", further_lines="54321")
    assert fares.facts == "held: yes; drug: ether"
    assert (fares.expected, fares.got) == ("27256-LT", "")
    assert fares.problem.startswith("drug: “ether” is not an answer to it")


def test_an_outcome_that_is_no_code_is_expected_in_words():
    fares = result(outcome="supervisor_review", code="", modifiers="", answers="held: no")
    assert (fares.expected, fares.problem) == ("Supervisor review", "")


# What nobody answers --------------------------------------------------------------------------------

SAID = said_rules.table()


def test_what_nobody_is_asked_for_is_not_documented_in_a_case_unless_it_says_so():
    given = with_given(SAID, {"length": Known(20), "glue": Known(True)})
    assert given == {
        "length": Known(20),
        "age_years": NOT_DOCUMENTED,
        "glue": Known(True),
    }


def test_a_derived_fact_that_a_case_states_stands_for_what_is_behind_it():
    by_age = {**said_rules.SIZE, "derived": [{"value": "small", "rows": [said_rules.CHILD]}]}
    table = said_rules.table(
        facts=[said_rules.WOUND, said_rules.AGE, said_rules.GLUE, by_age], rules=said_rules.RULES
    )
    assert with_given(table, {"size": Known("small")}) == {
        "glue": NOT_DOCUMENTED,
        "size": Known("small"),
    }
    assert "age_years" in with_given(table, {})


# A case as a row ------------------------------------------------------------------------------------


def test_a_case_is_written_as_its_row_without_its_note():
    case = Case(
        id="V1",
        note="CANARY-7719",
        facts={"held": Known(True), "drug": NOT_DOCUMENTED},
        outcome=OutcomeKind.CODE,
        code="27256",
        modifiers=("LT", "59"),
        origin="A book.",
    )
    written = case_rows.row_of(case, TABLE)
    assert written.answers == "held: yes\ndrug: unknown"
    assert (written.case_id, written.outcome, written.code) == ("V1", "code", "27256")
    assert (written.modifiers, written.origin) == ("LT 59", "A book.")
    assert written.further_lines == ""
    assert "CANARY-7719" not in str(vars(written))


@pytest.mark.parametrize(
    ("lines", "text"), [(None, ""), ((), "none"), ((Line("54321", 2),), "54321 × 2")]
)
def test_no_lines_are_something_else_than_nothing_said_of_lines(lines, text):
    case = Case("V1", "", {}, OutcomeKind.CODE, "27256", (), lines=lines)
    assert case_rows.row_of(case, TABLE).further_lines == text


def test_copies_say_the_same_and_belong_to_no_version():
    original = row(pk=7, position=3, origin="A book.", further_lines="none")
    [copy] = case_rows.copies([original])
    assert (copy.pk, copy.version_id) == (None, None)
    said = [getattr(copy, name) for name in case_rows.SAID]
    assert said == [getattr(original, name) for name in case_rows.SAID]


# Files ----------------------------------------------------------------------------------------------


def read(*lines):
    file = io.StringIO("\n".join(["id,held,drug,expected_outcome,expected_code", *lines]))
    return list(case_rows.read_rows(file, TABLE))


def test_a_file_gives_rows_and_says_of_each_line_that_is_none_why():
    good, unread, twice, nameless = read(
        "V1,yes,none,CODE,27256", "V2,maybe,,CODE,27256", "V1,no,,SUPERVISOR,", ",,,CODE,27256"
    )
    assert (good.case_id, good.answers) == ("V1", "held: yes\ndrug: none")
    assert unread.startswith("V2: held: “maybe” is not an answer to it")
    assert twice == "V1: this id stands there twice. Give one of the cases another."
    assert nameless == "A case without an id, case_id: This field cannot be blank."


def test_a_value_that_no_column_holds_is_named_with_its_case():
    long_code, long_id = read("V1,,,CODE,272560", f"{'V' * 41},,,CODE,27256")
    assert long_code.startswith("V1, code: Ensure this value has at most 5 characters")
    assert long_id.startswith(f"{'V' * 41}, case_id: ")


def test_a_file_that_is_written_is_read_again_as_it_was():
    rows = [row(), row(case_id="V2", answers="drug: sleep", origin="A book.")]
    written = case_files.write_cases(rows, TABLE).decode("utf-8-sig")
    first, second = case_rows.read_rows(io.StringIO(written), TABLE)
    assert (first.answers, first.modifiers) == ("held: yes\ndrug: none", "LT")
    assert (second.case_id, second.answers, second.origin) == ("V2", "drug: sleep", "A book.")


def test_a_case_that_answers_what_is_not_asked_is_not_written():
    with pytest.raises(ValueError, match="V1") as refusal:
        case_files.write_cases([row(answers="held: yes\n\ncolour: red")], TABLE)
    assert str(refusal.value) == "Worked case V1: there is no fact “colour”. Mend it first."


def from_data(*cases):
    usual = {"id": "V1", "answers": ["held: yes"], "outcome": "code", "code": "27256"}
    return case_data.from_data([{**usual, **case} for case in cases], TABLE)


@pytest.mark.parametrize(
    ("case", "problem"),
    [
        ({"answers": "held: yes"}, "worked case V1: answers is a list of texts."),
        ({"modifiers": "LT"}, "worked case V1: modifiers is a list of texts."),
        ({"lines": "54321"}, "worked case V1: lines is a list of texts."),
        ({"outcome": "maybe"}, "worked case V1: outcome: Value 'maybe' is not a valid choice."),
        ({"answers": ["colour: red"]}, "worked case V1: There is no fact “colour”."),
        ({"id": ""}, "worked case 1: case_id: This field cannot be blank."),
    ],
)
def test_a_case_of_a_json_file_that_is_none_is_named(case, problem):
    with pytest.raises(ValueError, match="worked case") as refusal:
        from_data(case)
    assert str(refusal.value).startswith(problem)


def test_one_id_stands_for_one_case_of_a_file():
    assert [case.case_id for case in from_data({}, {"id": "V2"})] == ["V1", "V2"]
    with pytest.raises(ValueError, match="V1") as refusal:
        from_data({}, {})
    assert str(refusal.value) == (
        "worked case V1: this id stands there twice. Give one of the cases another."
    )


# Which rules they cover -----------------------------------------------------------------------------


def test_a_rule_is_covered_by_the_cases_that_it_decides():
    cases = [row(), row(case_id="V2"), row(case_id="V3", answers="drug: ether")]
    assert dict(coverage.fired(cases, TABLE)) == {"R1": 2}
    open_case = row(answers="held: yes")
    assert dict(coverage.fired([open_case], TABLE)) == {}


def test_for_each_other_rule_a_case_is_proposed_that_fires_it_and_expects_what_it_says():
    asleep, rest = coverage.uncovered([row()], TABLE)
    assert (asleep.rule_id, asleep.title) == ("R2", "Held asleep")
    assert case_rows.result_of(asleep.proposed, TABLE).passes
    assert (asleep.proposed.case_id, asleep.proposed.code) == ("C-R2", "27257")
    assert asleep.proposed.origin == "Proposed for rule R2."
    assert (rest.rule_id, rest.proposed.outcome) == ("R3", "supervisor_review")


def test_a_rule_that_no_answers_fire_has_no_case_to_propose():
    rules = small_rules.document()["rules"]
    never = small_rules.table(rules=[rules[2], rules[0]])
    [idle] = coverage.uncovered([row(answers="held: no")], never)
    assert (idle.rule_id, idle.proposed) == ("R1", None)


# From services --------------------------------------------------------------------------------------


class Reported:
    """What somebody reported for the answers of a profile."""

    outcome, code, modifiers, further_lines = "code", "27256", ["LT"], [("54321", 2)]


def profile(**facts):
    return FactProfile(facts=facts_to_data(facts))


def test_answers_that_the_table_does_not_have_any_more_are_left_out():
    told = profile(held=Known(True), drug=Known("sleep"), colour=Known("red"))
    assert answers_of(told, TABLE) == {"held": Known(True), "drug": Known("sleep")}
    assert answers_of(profile(drug=Known("ether")), TABLE) == {}


@pytest.mark.parametrize(
    ("band", "number"),
    [(Band(10, 20), 10), (Band(None, 20), 1), (Band(20, None), 20), (Band(None, None), 1)],
)
def test_of_a_band_of_numbers_the_lowest_stands_for_it(band, number):
    assert answers_of(profile(length=Known(band)), SAID) == {"length": Known(number)}


def test_a_number_without_any_lowest_is_the_highest_of_its_band():
    free = {key: value for key, value in said_rules.WOUND.items() if key not in ("minimum",)}
    table = said_rules.table(
        facts=[free], rules=[said_rules.rule("REST", [{}], "supervisor_review")]
    )
    told = profile(length=Known(Band(None, 20)))
    assert answers_of(told, table) == {"length": Known(20)}


def test_a_derived_fact_is_not_among_the_answers():
    assert answers_of(profile(size=Known("small"), length=Known(20)), SAID) == {"length": Known(20)}


def test_a_profile_becomes_a_case_that_expects_what_was_reported():
    told = profile(held=Known(True), drug=Known("none"))
    case = case_of_profile(told, WITH_LINES, Reported, "A service.")
    assert (case.case_id, case.answers) == ("", "held: yes\ndrug: none")
    assert (case.code, case.modifiers, case.origin) == ("27256", "LT", "A service.")
    assert case.further_lines == "54321 × 2"
    assert case_of_profile(told, TABLE, Reported, "").further_lines == ""
