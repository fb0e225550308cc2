"""Dated rows settle how a check stands: for a payer, from a day on."""

from dataclasses import replace
from datetime import date

from coding.claim import CheckRow, Severity, speaking
from tests.claim.claims import DAY, claim, fee, shipped_checks, tables

LOADED = tables(fees={"20610": fee("000", bilateral="1")})
BEFORE, AFTER = date(2024, 1, 1), date(2025, 1, 1)


def n10(*rows, **values):
    """What N10 says of a visit beside a procedure: its severity and its words."""
    checks = shipped_checks().with_rows(rows)
    found = checks.findings(claim("99213", "20610-RT", **values), LOADED)
    return [(finding.severity, finding.message) for finding in found if finding.check == "N10"]


def row(since=BEFORE, **values):
    return CheckRow("N10", "visit_beside_minor", since, **values)


def test_a_check_is_off_from_a_day_on():
    assert n10(row(is_on=False)) == []
    assert n10(row(DAY, is_on=False)) == []
    assert n10(row(AFTER, is_on=False)) != []


def test_its_severity_and_its_words_are_those_of_the_row():
    settled = row(severity=Severity.INFO, message="Ask about {visit} beside {code}.")
    assert n10(settled) == [(Severity.INFO, "Ask about 99213 beside 20610.")]


def test_a_row_of_the_payer_counts_before_one_for_all():
    for_all, for_payer = row(date(2024, 6, 1), is_on=False), row(payer="commercial")
    assert n10(for_all, for_payer) != []
    assert n10(for_all, for_payer, payer="medicaid") == []


def test_the_latest_row_counts_and_of_one_day_the_one_written_last():
    assert n10(row(BEFORE, is_on=False), row(DAY)) != []
    assert n10(row(DAY), row(DAY, is_on=False)) == []


def test_a_row_turns_a_check_on_for_a_payer_whom_it_is_not_shipped_for():
    lines, loaded = claim("99396"), tables(fees={"99396": replace(fee(), status="N")})
    asked = CheckRow(
        "N41", "status_not_paid", BEFORE, payer="commercial", message="Ask the plan for {code}."
    )
    checks = shipped_checks().with_rows([asked])
    assert "Ask the plan for 99396." in {
        finding.message for finding in checks.findings(lines, loaded)
    }
    assert "N41" not in speaking(shipped_checks().findings(lines, loaded))
