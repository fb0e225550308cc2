"""What holds of every claim, whatever its lines: how findings change, or do not, when the claim does."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from coding.claim import (
    Claim,
    Line,
    LineContent,
    Severity,
    Tables,
    TakenProposal,
    UnitLimit,
    speaking,
    take,
)
from tests.claim.claims import DAY, earlier, fee, pair, shipped_checks, tables, valid

LOADED = tables(
    fees={
        "20610": fee("000", "2.0", bilateral="1", multiple="2"),
        "25605": fee("090", "16.0", bilateral="1", multiple="2", non_facility_na=True),
        "25607": fee("090", "21.0", bilateral="1", multiple="2", assistant="1"),
        "12002": fee("000", "3.0", bilateral="0", multiple="2"),
    },
    pairs=[pair("25605", "12002", 1), pair("25605", "64417", 0), pair("25607", "25605", 1)],
    limits={"20610": UnitLimit(2, 3), "25607": UnitLimit(1, 2)},
    diagnoses={"M17.0": valid("both"), "S62.501A": valid("right"), "S01.01XA": valid()},
)
DIAGNOSES = ("M17.0", "S62.501A", "S01.01XA")
LINES = st.builds(
    Line,
    number=st.just(0),
    code=st.sampled_from(["99203", "99284", "20610", "25605", "25607", "12002", "64417"]),
    modifiers=st.lists(
        st.sampled_from(["25", "57", "59", "LT", "RT", "50"]), max_size=2, unique=True
    ).map(tuple),
    units=st.integers(1, 2),
    pointers=st.lists(st.integers(1, 3), min_size=1, max_size=2, unique=True).map(tuple),
    provider=st.sampled_from(["", "", "B"]),
    answers=st.sampled_from([{}, {"separate_work": True}, {"surgery_decision": True}]),
)
HISTORY = st.sampled_from(
    [
        None,
        (),
        (earlier("25605-LT", DAY - timedelta(days=20)),),
        (earlier("25605-RT", DAY - timedelta(days=1), same_group=False),),
    ]
)


@st.composite
def claims(draw):
    lines = draw(st.lists(LINES, min_size=1, max_size=4))
    numbered = tuple(replace(own, number=number) for number, own in enumerate(lines, start=1))
    return Claim(
        DAY,
        numbered,
        DIAGNOSES,
        place=draw(st.sampled_from(["", "11", "22"])),
        payer=draw(st.sampled_from(["", "medicare", "commercial"])),
        history=draw(HISTORY),
        options=draw(st.sampled_from([{}, {"modifier_51": "yes"}])),
    )


def findings(a_claim, loaded=LOADED):
    return shipped_checks().findings(a_claim, loaded)


def proposals(a_claim):
    return shipped_checks().proposals(a_claim, LOADED)


@settings(max_examples=15)
@given(claims())
def test_what_is_said_names_lines_of_the_claim_each_once_and_fills_its_words(a_claim):
    numbers = {own.number for own in a_claim.lines}
    for own in [*findings(a_claim), *proposals(a_claim)]:
        assert set(own.lines) <= numbers
        assert len(set(own.lines)) == len(own.lines)
        assert own.message
        assert "{" not in own.message


@settings(max_examples=15)
@given(claims())
def test_errors_stand_before_warnings_and_these_before_remarks(a_claim):
    gravity = list(Severity)
    stand = [gravity.index(finding.severity) for finding in findings(a_claim)]
    assert stand == sorted(stand)


@settings(max_examples=15)
@given(claims())
def test_nothing_is_said_twice(a_claim):
    said = findings(a_claim)
    proposed = proposals(a_claim)
    assert len(set(said)) == len(said)
    assert len(set(proposed)) == len(proposed)


@settings(max_examples=15)
@given(claims())
def test_numbers_are_names_of_lines_and_nothing_else(a_claim):
    tenfold = tuple(replace(own, number=10 * own.number) for own in a_claim.lines)
    renumbered = replace(a_claim, lines=tenfold)
    expected = [
        (finding.check, finding.message, tuple(10 * number for number in finding.lines))
        for finding in findings(a_claim)
    ]
    assert [(own.check, own.message, own.lines) for own in findings(renumbered)] == expected


@settings(max_examples=15)
@given(claims())
def test_the_order_of_the_diagnoses_matters_only_to_the_pointers(a_claim):
    """The list turned round, with pointers that follow it."""
    most = len(DIAGNOSES) + 1
    followed = tuple(
        replace(own, pointers=tuple(most - pointer for pointer in own.pointers))
        for own in a_claim.lines
    )
    turned = replace(a_claim, lines=followed, diagnoses=DIAGNOSES[::-1])
    assert speaking(findings(turned)) == speaking(findings(a_claim))


@settings(max_examples=15)
@given(claims())
def test_what_rests_on_tables_is_silent_without_them_and_says_which_are_missing(a_claim):
    unloaded = findings(a_claim, Tables())
    assert [own for own in unloaded if own.rests_on and own.rests_on != "History"] == []
    missing = [own.message for own in unloaded if own.check == "N45"]
    assert len(missing) == 6
    assert "N45" not in speaking(findings(a_claim))


@settings(max_examples=15)
@given(claims(), st.sampled_from(["N02", "N10", "N25", "N28"]))
def test_a_check_that_is_off_takes_its_own_findings_away_and_no_other(a_claim, check):
    shipped = shipped_checks()
    others = replace(shipped, checks=tuple(own for own in shipped.checks if own.id != check))
    left = others.findings(a_claim, LOADED)
    assert left == [own for own in findings(a_claim) if own.check != check]


def contents(a_claim):
    """The lines as an answer of a person knows them again."""
    return [
        LineContent(
            own.number,
            own.code,
            tuple(sorted(own.modifiers)),
            own.units,
            tuple(a_claim.diagnoses_of(own)),
        )
        for own in a_claim.lines
    ]


def taken_over(a_claim, proposed):
    """The claim with some of its proposals taken over, and the lines numbered as before."""
    lines = contents(a_claim)
    taken = [
        TakenProposal(own.modifier, tuple(lines[number - 1] for number in own.lines), own.joins)
        for own in proposed
    ]
    new = []
    for line in take(lines, taken):
        old = a_claim.lines[line.places[0]]
        new.append(replace(old, modifiers=line.modifiers, units=line.units))
    return replace(a_claim, lines=tuple(new))


@settings(max_examples=15)
@given(claims())
def test_what_is_taken_over_is_not_proposed_again(a_claim):
    for own in proposals(a_claim):
        after = proposals(taken_over(a_claim, [own]))
        again = [(other.id, other.lines) for other in after]
        assert (own.id, own.lines) not in again


@settings(max_examples=15)
@given(claims())
def test_taking_everything_over_comes_to_an_end(a_claim):
    for _ in range(4):
        proposed = proposals(a_claim)
        if not proposed:
            return
        a_claim = taken_over(a_claim, proposed)
    assert proposals(a_claim) == []


@settings(max_examples=15)
@given(claims())
def test_a_proposal_adds_to_its_first_line_alone(a_claim):
    before = {own.number: own for own in a_claim.lines}
    for own in proposals(a_claim):
        for line in taken_over(a_claim, [own]).lines:
            if line.number != own.lines[0]:
                assert line == replace(
                    before[line.number], modifiers=tuple(sorted(before[line.number].modifiers))
                )
