"""Worked cases of versions: rows that travel with a version, and that hold it back where they fail."""

import pytest

from coding.actions import rule_sets
from coding.actions.errors import Conflict, NotAllowed
from coding.actions.rule_sets import Refused
from coding.models import AuditEvent, RuleSetVersion, Signature, WorkedCase
from coding.rules import case_rows
from coding.signing.content import version_content
from tests import factories, small_rules

AWAKE = {
    "case_id": "V1",
    "answers": "held: yes\ndrug: none",
    "outcome": "code",
    "code": "27256",
    "modifiers": "LT",
}
WRONG = {**AWAKE, "case_id": "V2", "code": "27257"}


def case(**values):
    return WorkedCase(**{**AWAKE, **values})


def standing(people):
    version = small_rules.draft(people)
    RuleSetVersion.objects.filter(pk=version.pk).update(effective_from=small_rules.NEW_YEAR)
    return small_rules.now(version)


@pytest.fixture
def draft(standing):
    return standing


def take(people, version, *cases):
    rule_sets.take_cases(people["rule author"], version, list(cases))


def results(version):
    return {result.row.case_id: result for result in case_rows.run(version, small_rules.table())}


def test_a_case_passes_if_outcome_code_and_modifiers_are_as_expected(people, draft):
    take(people, draft, case(), case(**WRONG), case(case_id="V3", modifiers=""))
    assert {key: result.passes for key, result in results(draft).items()} == {
        "V1": True,
        "V2": False,
        "V3": False,
    }
    wrong = results(draft)["V2"]
    assert (wrong.expected, wrong.problem) == ("27257-LT", "It comes out as 27256-LT.")
    assert wrong.steps == ("R1 decides",)


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ("colour: red", "There is no fact “colour”. The facts are held, drug."),
        (
            "held: perhaps",
            "held: “perhaps” is not an answer to it; use yes, no, unknown, conflicting or na.",
        ),
        ("held", "“held” is no answer: write “fact: answer”."),
        ("held: yes\nheld: no", "held: it is answered twice. Delete one of the lines."),
        ("held: yes", "It comes out as nothing yet: drug not answered."),
    ],
)
def test_a_case_that_cannot_be_decided_fails_and_says_why(people, draft, answers, problem):
    take(people, draft, case(answers=answers))
    assert results(draft)["V1"].problem == problem


def test_taking_cases_is_an_edit_of_the_draft_and_is_noted(people, draft):
    take(people, draft, case())
    now = small_rules.now(draft)
    assert (now.edition, now.last_editor) == (draft.edition + 1, people["rule author"])
    event = AuditEvent.objects.get(event="version.cases_taken")
    assert (event.before["worked cases"], event.after["worked cases"]) == (0, 1)


def test_a_case_of_the_same_id_takes_the_place_of_the_one_that_is_there(people, draft):
    take(people, draft, case(), case(case_id="V2"))
    take(people, draft, case(origin="A second opinion."))
    assert [(row.case_id, row.origin) for row in draft.worked_cases.all()] == [
        ("V2", ""),
        ("V1", "A second opinion."),
    ]


def test_a_version_with_a_failing_case_is_neither_submitted_nor_published(people, draft):
    take(people, draft, case(**WRONG))
    with pytest.raises(Refused, match=r"Case V2 expects 27257-LT\. It comes out as 27256-LT\."):
        rule_sets.submit(people["rule author"], draft)
    RuleSetVersion.objects.filter(pk=draft.pk).update(state="in_review")
    with pytest.raises(Refused, match="Case V2 expects"):
        rule_sets.publish(people["rule approver"], draft)
    assert not Signature.objects.exists()


def test_a_copy_has_the_cases_of_what_it_copies(people, draft):
    take(people, draft, case())
    published = factories.publish(people, draft, small_rules.NEW_YEAR)
    copy = rule_sets.draft_from(people["rule author"], published)
    assert copy.worked_cases.get().answers == AWAKE["answers"]
    assert published.worked_cases.get().version == published


def test_what_is_signed_holds_the_worked_cases(people, draft):
    without = version_content(draft).sha256
    take(people, draft, case())
    assert version_content(draft).sha256 != without


def test_nobody_takes_cases_into_what_is_no_draft(people, draft):
    published = factories.publish(people, draft, small_rules.NEW_YEAR)
    with pytest.raises(Conflict, match="not edited any more"):
        take(people, published, case())


def test_who_edits_no_rules_takes_no_cases(people, draft):
    with pytest.raises(NotAllowed):
        rule_sets.take_cases(people["rule approver"], draft, [case()])
    assert not WorkedCase.objects.exists()
