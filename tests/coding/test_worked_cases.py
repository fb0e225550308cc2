"""Worked cases of a file, and how a decision stands beside what is expected of it, from facts or from a note."""

import io

import pytest

from coding.decision import CONFLICTING, NOT_DOCUMENTED, Known, OutcomeKind, decide
from coding.evidence import read
from coding.models import WorkedCase
from coding.rules import case_data, case_files, case_rows, coverage
from coding.rules.from_note import NoteEnd, Standing, answer_text, end_of_note, standing, values_of
from coding.rules.worked_cases import Case, CaseError, read_cases
from coding.tables.errors import FileError
from tests import small_rules

TABLE = small_rules.table()
HEADER = "id,note_text,held,drug,expected_outcome,expected_code,expected_modifiers"


def cases(*lines, header=HEADER):
    return list(read_cases(io.StringIO("\n".join([header, *lines])), TABLE))


def case(line):
    [only] = cases(line)
    assert isinstance(only, Case), only
    return only


def decision(**facts):
    return decide(TABLE, facts)


def test_a_row_is_a_case_with_its_note_its_facts_and_what_is_expected():
    worked = case("V1,The joint was held.,yes,none,CODE,27256,LT")
    assert (worked.id, worked.note) == ("V1", "The joint was held.")
    assert worked.facts == {"held": Known(True), "drug": Known("none")}
    assert (worked.outcome, worked.code, worked.modifiers) == (OutcomeKind.CODE, "27256", ("LT",))


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("unknown", NOT_DOCUMENTED),
        ("conflicting", CONFLICTING),
        ("sleep", Known("sleep")),
        (" none ", Known("none")),
    ],
)
def test_an_answer_may_be_silent_or_conflicting(written, answer):
    assert case(f"V1,,,{written},QUERY,,").facts == {"drug": answer}


@pytest.mark.parametrize("written", ["", "na", "NA"])
def test_what_is_not_answered_is_no_fact(written):
    assert case(f"V1,,{written},none,QUERY,,").facts == {"drug": Known("none")}


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("CODE", OutcomeKind.CODE),
        ("QUERY", OutcomeKind.PROVIDER_QUERY),
        ("SUPERVISOR", OutcomeKind.SUPERVISOR_REVIEW),
        ("NO_FAMILY_CODE", OutcomeKind.NO_FAMILY_CODE),
    ],
)
def test_files_have_words_of_their_own_for_outcomes(word, kind):
    assert case(f"V1,,,,{word},,").outcome is kind


@pytest.mark.parametrize("written", ["LT 52", "LT;52", "52; LT", " 52  LT "])
def test_modifiers_are_parted_by_spaces_or_semicolons_and_stand_in_any_order(written):
    worked = case(f"V1,,yes,none,CODE,27256,{written}")
    assert sorted(worked.modifiers) == ["52", "LT"]
    rules = small_rules.table(modifiers=[{"modifier": name, "rows": [{}]} for name in ("LT", "52")])
    assert worked.agrees(decide(rules, worked.facts))


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (
            "V7,,maybe,none,CODE,27256,",
            "V7: held: “maybe” is not an answer to it; use yes, no, unknown",
        ),
        (
            "V7,,yes,ether,CODE,27256,",
            "V7: drug: “ether” is not an answer to it; use none, sleep, unknown",
        ),
        (
            "V7,,yes,none,MAYBE,27256,",
            "V7: expected_outcome 'MAYBE' is none of CODE, QUERY, SUPERVISOR",
        ),
        ("V7,,yes,none", "V7: expected_outcome None is none of CODE"),
    ],
)
def test_a_row_that_is_no_case_is_named_and_the_others_are_read(line, problem):
    before, broken, after = cases("V1,,yes,none,CODE,27256,LT", line, "V2,,no,none,SUPERVISOR,,")
    assert isinstance(broken, CaseError)
    assert str(broken).startswith(problem)
    assert (before.id, after.id) == ("V1", "V2")


def test_a_question_may_be_called_as_the_origin_of_a_case_is():
    table = small_rules.table(facts=[{**small_rules.HELD, "key": "origin"}], rules=[], modifiers=[])
    row = WorkedCase(case_id="V1", answers="origin: yes", outcome="code", origin="A service.")
    written = case_files.write_cases([row], table).decode("utf-8-sig")
    [read_again] = read_cases(io.StringIO(written), table)
    assert (read_again.facts, read_again.origin) == ({"origin": Known(True)}, "A service.")


def test_a_file_may_leave_out_facts_notes_codes_and_modifiers():
    [worked] = cases("V1,QUERY", header="id,expected_outcome")
    assert (worked.note, worked.facts, worked.code, worked.modifiers) == ("", {}, "", ())


def test_a_file_that_lacks_what_every_case_needs_is_refused():
    with pytest.raises(FileError, match="lacks the column expected_outcome"):
        cases("V1,27256", header="id,expected_code")


def test_a_case_agrees_with_its_own_code_and_modifiers_alone():
    worked = case("V1,,yes,none,CODE,27256,LT")
    assert worked.agrees(decision(held=Known(True), drug=Known("none")))
    assert not worked.agrees(decision(held=Known(True), drug=Known("sleep")))
    assert not worked.agrees(decision(held=Known(False)))
    assert not worked.agrees(decision(held=Known(True)))
    assert not case("V1,,yes,none,CODE,27256,").agrees(
        decision(held=Known(True), drug=Known("none"))
    )


# Further lines ------------------------------------------------------------------------------------

WITH_LINES = small_rules.table(
    lines=[{"code": "54321", "units": 2, "rows": [{"drug": {"in": ["sleep"]}}]}]
)
SLEEPS = {
    "case_id": "V1",
    "answers": "held: yes\ndrug: sleep",
    "outcome": "code",
    "code": "27257",
    "modifiers": "LT",
}


def result(lines, table=WITH_LINES, **values):
    return case_rows.result_of(WorkedCase(**{**SLEEPS, **values}, further_lines=lines), table)


@pytest.mark.parametrize("written", ["54321 x 2", "54321×2", " 54321 X 2; "])
def test_a_case_expects_further_lines_with_their_units(written):
    assert result(written).passes
    assert result(written, small_rules.table()).problem == "It comes out as 27257-LT."


@pytest.mark.parametrize("written", ["54321", "54321 x 3", "54321 x 2, 12345", "none"])
def test_other_lines_fail_and_are_told(written):
    assert result(written).problem == "It comes out as 27257-LT + 54321 × 2."


def test_a_case_that_says_nothing_of_lines_passes_and_tells_which_come_out():
    assert (result("").passes, result("").unsaid) == (True, "54321 × 2")
    assert result("none", answers="held: yes\ndrug: none", code="27256").unsaid == ""


def test_files_of_cases_say_lines_in_a_column_and_a_text_that_is_none_is_named():
    header = f"{HEADER},expected_lines"
    told, silent, wrong = cases(
        "V1,,yes,sleep,CODE,27257,LT,54321 x 2",
        "V2,,no,,SUPERVISOR,,,",
        "V3,,no,,SUPERVISOR,,,two",
        header=header,
    )
    assert (told.lines, silent.lines) == ((("54321", 2),), None)
    assert str(wrong).startswith("V3: “two” is no further line.")


@pytest.mark.parametrize("written", ["", "none", "12345, 54321 × 2"])
def test_lines_travel_with_the_cases_of_a_rule_set(written):
    data = case_data.to_data(WorkedCase(**SLEEPS, further_lines=written))
    [back] = case_data.from_data([data], WITH_LINES)
    assert (back.further_lines, case_data.to_data(back)) == (written, data)


def test_a_proposed_case_says_which_lines_it_expects():
    assert coverage.proposed_case(WITH_LINES, "R2").further_lines == "54321 × 2"
    assert coverage.proposed_case(WITH_LINES, "R1").further_lines == "none"
    assert coverage.proposed_case(TABLE, "R2").further_lines == ""


# From a note alone --------------------------------------------------------------------------------

LEXICON = small_rules.lexicon()


def test_a_note_gives_the_facts_that_it_says_and_is_silent_on_the_rest():
    end = end_of_note(TABLE, LEXICON, "He was put to sleep.")
    assert end.facts == {"held": NOT_DOCUMENTED, "drug": Known("sleep")}


def test_a_note_decides_by_its_facts():
    assert (
        end_of_note(TABLE, LEXICON, "The joint was held. He was put to sleep.").text()
        == "code 27257 LT"
    )


def test_what_a_note_does_not_document_may_be_given_and_what_it_does_is_not_overruled():
    given = {"held": Known(True), "drug": Known("none")}
    assert end_of_note(TABLE, LEXICON, "He was put to sleep.", given).text() == "code 27257 LT"


def test_a_note_that_opens_no_service_has_no_decision_and_reports_no_code_of_the_family():
    closed = small_rules.lexicon(body={"parts": ["hip"], "names": ["hip"]}, opens=["held=yes"])
    end = end_of_note(TABLE, closed, "He was put to sleep.")
    assert (end.decision, end.text()) == (None, "none")
    assert standing(case("V1,,,,NO_FAMILY_CODE,,"), end) is Standing.RIGHT
    assert standing(case("V1,,,,SUPERVISOR,,"), end) is Standing.WITHHELD


def end_of_facts(table, **facts):
    return NoteEnd(read(LEXICON, ""), facts, decide(table, facts))


def test_a_query_or_no_decision_withholds_what_was_expected_and_another_outcome_is_wrong():
    asks = small_rules.document()["rules"]
    asks[2] |= {"outcome": "provider_query"}
    table = small_rules.table(rules=asks)
    worked = case("V1,,yes,none,CODE,27256,LT")
    assert (
        standing(worked, end_of_facts(table, held=Known(True), drug=Known("none")))
        is Standing.RIGHT
    )
    assert standing(worked, end_of_facts(table, held=Known(False))) is Standing.WITHHELD
    assert standing(worked, end_of_facts(table)) is Standing.WITHHELD
    assert (
        standing(worked, end_of_facts(table, held=Known(True), drug=Known("sleep")))
        is Standing.WRONG
    )
    assert standing(worked, end_of_facts(TABLE, held=Known(False))) is Standing.WRONG


def test_the_values_of_facts_are_written_as_in_files_of_cases():
    assert values_of(TABLE) == {"held": ["yes", "no"], "drug": ["none", "sleep"]}


@pytest.mark.parametrize(
    ("answer", "written"),
    [
        (Known(True), "yes"),
        (Known(False), "no"),
        (Known("none"), "none"),
        (Known(7), "7"),
        (NOT_DOCUMENTED, "unknown"),
        (CONFLICTING, "conflicting"),
    ],
)
def test_an_answer_is_written_as_it_is_read(answer, written):
    assert answer_text(answer) == written
