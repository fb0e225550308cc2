"""A document of checks is read member by member: what it leaves out has a meaning, what it gets wrong is named."""

from datetime import date, timedelta

import pytest

from coding.claim import (
    Check,
    CheckError,
    Checks,
    Claim,
    Line,
    Proposal,
    Severity,
    Tables,
    speaking,
)
from coding.claim.lists import CodeList
from coding.claim.proposals import ProposalRule
from tests.claim.claims import DAY, claim, document, fee, tables

CHECK = {"id": "X1", "kind": "supply_in_facility", "severity": "info", "message": "Look at {code}."}
PROPOSAL = {"id": "P1", "kind": "further_procedures", "message": "Take {code}."}


def checks(*entries, proposals=(), codes=None, modifiers=None):
    return Checks.from_document(
        {
            "codes": codes or {},
            "modifiers": modifiers or {},
            "checks": list(entries),
            "proposals": list(proposals),
        }
    )


# Lists -------------------------------------------------------------------------------------------------


def test_a_list_names_single_codes_and_ranges_with_both_ends():
    listed = CodeList.of(["12345", "23456-23458"])
    named = [
        code
        for code in ("12345", "12346", "23455", "23456", "23457", "23458", "23459")
        if code in listed
    ]
    assert named == ["12345", "23456", "23457", "23458"]


def test_a_range_of_categories_names_every_code_that_begins_so():
    causes = CodeList.of(["V00-Y99"])
    assert "V00.01XA" in causes
    assert "Y99.9" in causes
    assert "U99.9" not in causes
    assert "Z00.0" not in causes


def test_a_category_alone_names_its_own_codes():
    of_hip = CodeList.of(["S73.0"])
    assert "S73.014A" in of_hip
    assert "S73.0" in of_hip
    assert "S73.1" not in of_hip
    assert "S73" not in of_hip


def test_a_list_without_codes_is_empty_and_names_nothing():
    assert not CodeList.of([])
    assert "12345" not in CodeList.of([])
    assert CodeList.of(["12345"])


def test_a_check_finds_its_lists_by_the_names_in_its_options():
    supplies = {**CHECK, "options": {"supplies": "made-up supplies"}}
    read = checks(supplies, codes={"made-up supplies": ["12345"]})
    said = read.findings(claim("12345", "12346", place="22"), tables())
    assert [(finding.message, finding.lines) for finding in said] == [("Look at 12345.", (1,))]


# Checks ------------------------------------------------------------------------------------------------


def test_a_check_is_for_every_payer_and_day_where_it_names_none():
    [own] = checks(CHECK).checks
    assert own == Check("X1", "supply_in_facility", Severity.INFO, "Look at {code}.")
    assert (own.basis, own.payers, own.since, own.options) == ("", frozenset(), None, {})


def test_a_check_keeps_all_that_its_entry_says():
    entry = {
        **CHECK,
        "severity": "error",
        "basis": "The contract.",
        "payers": ["medicaid"],
        "since": "2024-08-14",
        "options": {"supplies": "drugs"},
    }
    [own] = checks(entry).checks
    assert own == Check(
        id="X1",
        kind="supply_in_facility",
        severity=Severity.ERROR,
        message="Look at {code}.",
        basis="The contract.",
        payers=frozenset({"medicaid"}),
        since=date(2024, 8, 14),
        options={"supplies": "drugs"},
    )


def test_a_check_speaks_from_its_first_day_on_and_for_its_payers():
    [own] = checks({**CHECK, "payers": ["medicaid"], "since": "2024-08-14"}).checks
    assert own.is_for(claim(payer="medicaid")) is True
    assert own.is_for(claim(payer="medicaid", day=DAY - timedelta(days=1))) is False
    assert own.is_for(claim(payer="commercial")) is False
    assert own.is_for(claim(payer="")) is False


@pytest.mark.parametrize(
    ("entry", "refusal"),
    [
        ({"kind": "guess"}, "a check without id: kind “guess” is none of add_on_alone, "),
        ({"id": "X1"}, "X1: kind “” is none of add_on_alone, add_on_alone_by_list, "),
        (
            {"kind": "uncovered", "severity": "info", "message": ""},
            "a check without id: id is missing.",
        ),
        ({"id": "X1", "kind": "uncovered", "message": ""}, "X1: severity is missing."),
    ],
)
def test_a_check_that_cannot_be_read_is_named_with_what_is_wrong(entry, refusal):
    with pytest.raises(CheckError) as error:
        checks(entry)
    assert str(error.value).startswith(refusal)


def test_a_kind_that_is_none_is_answered_with_all_that_are():
    with pytest.raises(CheckError) as error:
        checks({**CHECK, "kind": "guess"})
    named = str(error.value).partition(" is none of ")[2].removesuffix(".").split(", ")
    assert named == sorted(named)
    assert {entry["kind"] for entry in document()["checks"]} <= set(named)


# What was not checked ----------------------------------------------------------------------------------

UNCHECKED = {"id": "X9", "kind": "unchecked", "severity": "warning", "message": "Open: {what}."}


def test_the_check_of_what_is_missing_is_no_check_of_lines():
    read = checks(UNCHECKED, CHECK)
    assert [own.id for own in read.checks] == ["X1"]
    assert read.unchecked.id == "X9"


def test_without_such_a_check_nothing_is_said_of_what_is_missing():
    no_rate = {**CHECK, "kind": "no_rate_here"}
    assert checks(no_rate).unchecked is None
    assert checks(no_rate).findings(claim("12345"), Tables()) == []
    [missing] = checks(no_rate, UNCHECKED).findings(claim("12345"), Tables())
    assert missing.message == "Open: fee schedule, nothing is loaded for 2024-08-14."
    assert (missing.check, missing.severity, missing.lines) == ("X9", Severity.WARNING, ())


def test_a_table_is_missed_only_where_a_check_that_needs_it_speaks():
    no_rate = {**CHECK, "kind": "no_rate_here", "payers": ["medicare"]}
    read = checks(no_rate, UNCHECKED)
    assert read.findings(claim("12345", payer="commercial"), Tables()) == []
    assert len(read.findings(claim("12345", payer="medicare"), Tables())) == 1


def test_of_several_checks_of_what_is_missing_the_first_counts():
    read = checks(UNCHECKED, {**UNCHECKED, "id": "X8"})
    assert read.unchecked.id == "X9"


# Proposals ---------------------------------------------------------------------------------------------


def test_a_proposal_says_at_least_its_kind_and_its_words():
    [rule] = checks(proposals=[PROPOSAL]).proposal_rules
    assert rule == ProposalRule("P1", "further_procedures", "Take {code}.")
    assert (rule.modifier, rule.options, rule.joins) == ("", {}, False)


def test_a_proposal_keeps_all_that_its_entry_says():
    entry = {**PROPOSAL, "modifier": "51", "options": {"option": "wanted"}, "joins": True}
    [rule] = checks(proposals=[entry]).proposal_rules
    assert rule == ProposalRule(
        "P1", "further_procedures", "Take {code}.", "51", {"option": "wanted"}, joins=True
    )


def test_a_document_without_proposals_proposes_nothing():
    read = Checks.from_document({"codes": {}, "modifiers": {}, "checks": []})
    assert read.proposal_rules == ()
    assert read.proposals(claim("12345"), tables()) == []


@pytest.mark.parametrize(
    ("entry", "refusal"),
    [
        ({**PROPOSAL, "kind": "guess"}, "P1: kind “guess” is none of another_matter, "),
        ({"kind": "guess"}, "a proposal without id: kind “guess” is none of another_matter, "),
        ({"id": "P1"}, "P1: kind “” is none of another_matter, "),
        ({"id": "P1", "kind": "further_procedures"}, "P1: message is missing."),
        ({"kind": "further_procedures", "message": ""}, "a proposal without id: id is missing."),
    ],
)
def test_a_proposal_that_cannot_be_read_is_named_with_what_is_wrong(entry, refusal):
    with pytest.raises(CheckError) as error:
        checks(proposals=[entry])
    assert str(error.value).startswith(refusal)


def test_a_proposal_of_the_document_reaches_the_claim_with_its_row():
    ranked = tables(
        fees={"12345": fee("090", "9", multiple="2"), "23456": fee("000", "1", multiple="2")}
    )
    entry = {**PROPOSAL, "modifier": "51"}
    assert checks(proposals=[entry]).proposals(claim("23456", "12345"), ranked) == [
        Proposal("P1", "51", "Take 23456.", (1,), "RVU24C, 23456: multiple-procedure indicator")
    ]


# The order in which findings stand ---------------------------------------------------------------------

TWICE = {"kind": "line_twice", "message": "{code}", "options": {"telling": "none"}}
POINTERS = {"kind": "pointers", "message": "{code}", "options": {"causes": "none"}}
UNCOVERED = {"kind": "uncovered", "message": "{code}"}


def test_errors_stand_first_then_warnings_then_remarks_each_by_check_and_line():
    read = checks(
        {**UNCOVERED, "id": "A", "severity": "info"},
        {**POINTERS, "id": "C", "severity": "warning"},
        {**TWICE, "id": "B", "severity": "error"},
        codes={"none": []},
        modifiers={"none": []},
    )
    lines = [
        Line(number, code, covered=False)
        for number, code in enumerate(("12345", "12345", "23456"), start=1)
    ]
    stand = read.findings(Claim(DAY, tuple(lines)), tables())
    assert [(finding.check, finding.lines) for finding in stand] == [
        ("B", (2, 1)),
        ("C", (1,)),
        ("C", (2,)),
        ("C", (3,)),
        ("A", (1,)),
        ("A", (2,)),
        ("A", (3,)),
    ]


def test_the_ids_of_the_checks_that_spoke_stand_each_once():
    read = checks({**TWICE, "id": "B", "severity": "error"}, modifiers={"none": []})
    found = read.findings(claim("12345", "12345", "12345"), tables())
    assert len(found) == 2
    assert speaking(found) == {"B"}
    assert speaking([]) == set()
