"""The gate in front of submitting and of publishing: the same checks at both, told all at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from coding.actions.version_gate import (
    faults_of_cases,
    faults_of_claims,
    faults_of_day,
    faults_of_lexicon,
    faults_of_precedents,
    faults_of_rules,
)
from coding.models import RuleSetVersion, User
from coding.rules import rulebook
from coding.rules.time_line import from_day
from reviews.coding_form.given_facts import never_given
from reviews.publishing import dry_runs, named

UNREAD = ("It can be tried once the errors of the rows are mended.",)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be so, and what is against it."""

    name: str
    faults: tuple[str, ...]

    @property
    def passes(self) -> bool:
        """Whether nothing is against it."""
        return not self.faults


def checks(version: RuleSetVersion, day: date | None, person: User) -> list[Check]:
    """All checks of a version that a person wants to be in force from a day on."""
    is_whole = version.document is not None
    dated = from_day(version, day)
    reversals = faults_of_precedents(version, named.reasons(version))
    to_name = (f"{fault} Say why, or mend the rules." for fault in reversals)
    return [
        _check("It is in force from a day that can be meant", faults_of_day(day)),
        _check(
            "Every case has one rule, and every rule decides some case", faults_of_rules(version)
        ),
        _check(
            "Every fact that is not asked is given by somebody",
            _faults_of_given(version) if is_whole else UNREAD,
        ),
        _check("Its lexicon reads notes, where it has one", faults_of_lexicon(version)),
        _check("No other rule set claims its codes", faults_of_claims(dated)),
        _check(
            "Every worked case comes out as expected",
            faults_of_cases(version) if is_whole else UNREAD,
        ),
        _check(
            "Every precedent comes out as it was ruled, or is named",
            to_name if is_whole else UNREAD,
        ),
        _check(
            "You have seen in a dry run what exactly this content does to what is stored",
            _faults_of_dry_run(version, person),
        ),
    ]


def _check(name: str, faults: Iterable[str]) -> Check:
    return Check(name, tuple(faults))


def _faults_of_given(version: RuleSetVersion) -> Iterator[str]:
    if version.document is not None:
        yield from never_given(rulebook.table_of(version.document))


def _faults_of_dry_run(version: RuleSetVersion, person: User) -> Iterator[str]:
    if version.document is None:
        yield "There is no content to run yet."
    elif dry_runs.needs_dry_run(version) and not dry_runs.was_opened_by(person, version):
        if dry_runs.finished_run_of(version) is None:
            yield "No run over all services has ended with it."
        else:
            yield "Open the dry run below, and come back."
