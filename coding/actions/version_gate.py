"""What keeps a version from being submitted and from being published: one gate for both. Parts of those verbs."""

from collections.abc import Collection, Iterator
from datetime import date
from itertools import chain

from django.utils import timezone

from coding.actions.errors import Conflict, NotAllowed
from coding.decision import Opening, RuleTable, can_guide, codes_of, describe_facts, verify
from coding.decision.shapes import LISTED_CODE
from coding.models import RuleSet, RuleSetVersion, User, VersionState
from coding.rules import case_rows, precedents, rulebook
from coding.rules.families import Claim, Families
from coding.rules.trial import told_of_lexicon
from coding.tables.days import fault_of_start

# Services older than this are coded by no rules that somebody publishes today.
MOST_YEARS_BACK = 10
ENTANGLED = (
    "The rules combine in too many ways for the guided form. Put the questions that decide most first, and numbers "
    "that only give units last; if that does not do, part the rules into several rule sets."
)


class Refused(Exception):
    """A version that cannot go on as it is; the message says why and what to do."""


def check_submittable(version: RuleSetVersion, named: Collection[int] = ()) -> None:
    """Refuse a draft at which the gate finds something. It may reverse the precedents that are named, by their ids."""
    _refuse_first(version, named, "Mend it, then submit.")


def check_publishable(actor: User, version: RuleSetVersion, named: Collection[int] = ()) -> None:
    """Refuse who wrote it, a version that is not in review, and one at which the gate finds something."""
    if version.state != VersionState.IN_REVIEW or version.document is None:
        raise Conflict(f"{version} is not in review. Its author submits it first.")
    check_another_person(actor, version)
    _refuse_first(version, named, "Return the version, so that it is mended.")


def check_another_person(actor: User, version: RuleSetVersion) -> None:
    """Refuse whoever wrote a version: they do not put it in force."""
    if actor.pk in (version.author_id, version.last_editor_id):
        raise NotAllowed("You wrote this version. Somebody else approves and publishes it.")


def _refuse_first(version: RuleSetVersion, named: Collection[int], advice: str) -> None:
    faults = chain(
        faults_of_day(version.effective_from),
        faults_of_lexicon(version),
        faults_of_rules(version),
        faults_of_cases(version),
    )
    first = next(faults, None)
    if first is not None:
        raise Refused(f"{version}: {first} {advice}")
    check_claims(version)
    check_precedents(version, named)


def faults_of_day(day: date | None) -> Iterator[str]:
    """Why rules cannot be in force from a day on."""
    today = timezone.localdate()
    if day is None:
        yield "It needs a date from which it is in force."
    elif fault := fault_of_start(day, today):
        yield f"It would be in force from a day that cannot be meant: {fault}"
    elif day.year < today.year - MOST_YEARS_BACK:
        yield f"It would be in force from {day}, more than {MOST_YEARS_BACK} years back. Correct the year."


def faults_of_rules(version: RuleSetVersion) -> Iterator[str]:
    """What is wrong with the rules, each with a case that shows it."""
    if version.document is None:
        yield "Its rows make no rule table; the errors stand at them."
        return
    yield from faults_of_table(rulebook.table_of(version.document))


def faults_of_lexicon(version: RuleSetVersion) -> Iterator[str]:
    """Why notes are not read by its phrases."""
    if version.document is not None:
        yield from told_of_lexicon(version, rulebook.table_of(version.document))


def faults_of_table(table: RuleTable) -> Iterator[str]:
    """The defects of a table, codes that can be none, and whether it is too much for the guided form."""
    for code in table.family:
        if not LISTED_CODE.fullmatch(code):
            yield f"“{code}” is no code: a code has five capital letters or digits. Correct the codes of the family."
    for finding in verify(table):
        if not finding.is_defect:
            continue
        if finding.witness:
            case = describe_facts(table.facts, finding.witness)
            yield f"{finding.words} The case: {case}."
        else:
            yield finding.words
    if not can_guide(table):
        yield ENTANGLED


def faults_of_cases(version: RuleSetVersion) -> Iterator[str]:
    """The worked cases that do not come out as expected."""
    if version.document is None:
        return
    table: RuleTable = rulebook.table_of(version.document)
    for result in case_rows.run(version, table):
        if not result.passes:
            yield f"{result.row} expects {result.expected}. {result.problem}"


def faults_of_claims(version: RuleSetVersion) -> Iterator[str]:
    """The codes that another family claims for some service of the same days, payer and place."""
    if version.effective_from is None or version.document is None:
        return
    claimed = codes_of(Opening.from_document(version.opening).claims)
    claim = Claim(version.effective_from, frozenset(version.family.split()), version.layer, claimed)
    for rule_set, codes in Families.published().claimed_beside(version.rule_set_id, claim).items():
        name = RuleSet.objects.get(pk=rule_set).name
        listed = ", ".join(sorted(codes))
        yield f"{listed}: the rule set {name} claims it for the same days, payers and places."


def faults_of_precedents(version: RuleSetVersion, named: Collection[int] = ()) -> Iterator[str]:
    """The precedents in force that come out otherwise, and are not named."""
    if version.document is None:
        return
    for reversal in precedents.reversals(version.rule_set_id, rulebook.table_of(version.document)):
        precedent = reversal.precedent
        if precedent.pk not in named:
            yield (
                f"{precedent.name}, “{precedent.title}”, was ruled {precedent.words}"
                f" and comes out as {reversal.instead}."
            )


def check_precedents(version: RuleSetVersion, named: Collection[int] = ()) -> None:
    """Refuse a version that decides a precedent otherwise and does not name it."""
    first = next(faults_of_precedents(version, named), None)
    if first is not None:
        raise Refused(
            f"{version}: {first} Name in a draft why the precedent is reversed, or mend the rules."
        )


def check_claims(version: RuleSetVersion) -> None:
    """Refuse a code that another family claims."""
    first = next(faults_of_claims(version), None)
    if first is not None:
        raise Refused(f"{first} Take it out of one of the two.")
