"""What is open of a claim: findings that nobody answers for, open proposals, and to what an answer is bound."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from coding.actions.errors import Conflict
from coding.claim import Finding, LineContent, Proposal, Severity
from reviews.actions.claim_answers import _check_room as check_room
from reviews.claims.step import ClaimFindings, Named, ShownFinding, ShownProposal, key_of
from reviews.models import FindingOverride, ProposalAnswer

LINE = LineContent(1, "12345", ("LT",), 1, ("M00.1",))
CODED, UNCODED = "coded", None


def row(service=1, decision=CODED, final=None):
    return SimpleNamespace(service=SimpleNamespace(pk=service), decision=decision, final=final)


def named(*rows, contents=(LINE,)):
    return Named(rows or (row(),), tuple(contents), key_of("N01", "Pair 1", contents))


def finding(severity=Severity.ERROR, lines=None, override=None):
    spoken = Finding("N01", severity, "So it is.", (1,), "Pair 1")
    return ShownFinding(spoken, lines or named(), override)


def proposal(modifier="25", answer=None, lines=None, *, joins=False):
    spoken = Proposal("P25", modifier, "Add it.", (1,), joins=joins)
    return ShownProposal(spoken, lines or named(), answer)


def claim(serious=(), proposals=()):
    return ClaimFindings(list(serious), [], list(proposals))


# --- Findings.


def test_an_error_that_nobody_answers_for_holds_the_claim_and_a_warning_is_told_apart():
    error, warning = finding(Severity.ERROR), finding(Severity.WARNING)
    said = claim([error, warning])
    assert said.open_errors == [error]
    assert said.open_warnings == [warning]


def test_what_somebody_answers_for_or_only_informs_holds_nothing():
    answered = finding(override=FindingOverride())
    info = finding(Severity.INFO)
    assert not answered.is_open
    assert not info.is_open
    assert claim([answered, info]).open_errors == []


def test_a_finding_is_argued_about_once_all_its_lines_are_coded():
    decided, final = row(1), row(2, decision=UNCODED, final=CODED)
    assert finding(lines=named(decided, final)).can_be_overridden
    assert not finding(lines=named(decided, row(2, decision=UNCODED))).can_be_overridden
    assert not finding(lines=named(decided), override=FindingOverride()).can_be_overridden


def test_a_finding_about_no_line_cannot_be_argued_about():
    nothing = Named((), (), key_of("N01", "", ()))
    assert not finding(lines=nothing).can_be_overridden


def test_a_finding_and_a_proposal_are_known_again_by_their_keys():
    shown, offered = finding(), proposal()
    said = claim([shown], [offered])
    assert said.finding(shown.named.key) == shown
    assert said.proposal(offered.named.key) == offered
    assert said.finding("of-last-week") is None
    assert said.proposal("of-last-week") is None


# --- To what an answer binds.


@pytest.mark.parametrize(
    "changed",
    [
        replace(LINE, code="54321"),
        replace(LINE, modifiers=("RT",)),
        replace(LINE, units=2),
        replace(LINE, diagnoses=("M00.2",)),
        replace(LINE, service=2),
    ],
    ids=["code", "modifiers", "units", "diagnoses", "service"],
)
def test_a_line_that_changes_in_anything_asks_again(changed):
    assert key_of("N01", "Pair 1", [changed]) != key_of("N01", "Pair 1", [LINE])


def test_another_check_and_another_row_of_a_table_ask_again_and_the_same_does_not():
    key = key_of("N01", "Pair 1", [LINE])
    assert key_of("N02", "Pair 1", [LINE]) != key
    assert key_of("N01", "Pair 2", [LINE]) != key
    assert key_of("N01", "Pair 1", [LINE, LINE]) != key
    assert key_of("N01", "Pair 1", [replace(LINE)]) == key


def test_the_lines_are_named_by_their_codes_and_led_to_by_their_services_once_each():
    first, again, other = row(1), row(1), row(2)
    lines = named(first, again, other, contents=(LINE, LINE, replace(LINE, code="54321")))
    assert lines.codes == "12345, 54321"
    assert [shown.service.pk for shown in lines.services] == [1, 2]


# --- Proposals.


def test_a_proposal_is_open_until_it_was_taken_over_or_left():
    taken = proposal(answer=ProposalAnswer(taken=True))
    left = proposal(answer=ProposalAnswer(taken=False))
    untouched = proposal()
    assert claim(proposals=[taken, left, untouched]).open_proposals == [untouched]
    assert [shown.is_taken for shown in (taken, left, untouched)] == [True, False, False]


def with_modifiers(*modifiers):
    return named(contents=[replace(LINE, modifiers=modifiers)])


def test_a_line_has_room_for_a_fourth_modifier_and_for_no_fifth():
    check_room(proposal(lines=with_modifiers("22", "59", "LT")), claim())
    full = proposal(lines=with_modifiers("22", "59", "76", "LT"))
    with pytest.raises(Conflict) as refusal:
        check_room(full, claim())
    assert str(refusal.value) == (
        "12345 has 4 modifiers already: a line has room for no more. Leave one."
    )


def test_what_was_taken_over_for_the_line_counts_as_one_it_has():
    lines = with_modifiers("22", "59", "LT")
    taken = proposal("76", ProposalAnswer(taken=True), lines)
    left = proposal("77", ProposalAnswer(taken=False), lines)
    of_another = proposal("78", ProposalAnswer(taken=True), with_modifiers("RT"))
    check_room(proposal(lines=lines), claim(proposals=[left, of_another]))
    with pytest.raises(Conflict, match="room for no more"):
        check_room(proposal(lines=lines), claim(proposals=[taken]))


def test_a_line_that_stands_for_several_keeps_what_all_of_them_have():
    left = replace(LINE, modifiers=("22", "59", "76", "LT"))
    right = replace(LINE, modifiers=("22", "59", "76", "RT"))
    both = named(contents=[left, right])
    check_room(proposal("50", lines=both, joins=True), claim())


def test_an_order_of_lines_takes_no_room():
    check_room(proposal("", lines=with_modifiers("22", "59", "76", "LT")), claim())
