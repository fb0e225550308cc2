"""What keeps a version from being submitted or published. Parts of those verbs."""

from coding.actions.errors import Conflict, NotAllowed
from coding.decision import RuleTable, can_guide, describe_facts, verify
from coding.models import RuleSet, RuleSetVersion, User, VersionState
from coding.rules import case_rows, rulebook
from coding.rules.families import Claim, Families


class Refused(Exception):
    """A version that cannot go on as it is; the message says why and what to do."""


def check_publishable(actor: User, version: RuleSetVersion) -> None:
    """Refuse who wrote it, and a version that is not in review, or not sound."""
    if version.state != VersionState.IN_REVIEW or version.document is None:
        raise Conflict(f"{version} is not in review. Its author submits it first.")
    if actor.pk in (version.author_id, version.last_editor_id):
        raise NotAllowed("You wrote this version. Somebody else approves and publishes it.")
    if version.lexicon is None and version.lexicon_terms.exists():
        raise Refused(f"The lexicon of {version} has errors. Return the version and mend it.")
    table = rulebook.table_of(version.document)
    for finding in verify(table):
        if finding.is_defect:
            case = f" The case: {describe_facts(table.facts, finding.witness)}." if finding.witness else ""
            raise Refused(f"{finding.words}{case} Return the version and mend its rules.")
    if not can_guide(table):
        raise Refused("These rules are too entangled for the guided form. Return the version and part it into several.")
    check_cases(version, table)


def check_claims(version: RuleSetVersion) -> None:
    """Refuse a code that another family claims for some service of the same day, payer and place."""
    if version.effective_from is None:
        return
    families = Families.published()
    claim = Claim(version.effective_from, frozenset(version.family.split()), version.layer)
    for rule_set, codes in families.claimed_beside(version.rule_set_id, claim).items():
        name = RuleSet.objects.get(pk=rule_set).name
        raise Refused(
            f"{', '.join(sorted(codes))}: the rule set {name} claims it for the same days, payers and places."
            " Return the version, and take it out of one of the two."
        )


def check_cases(version: RuleSetVersion, table: RuleTable) -> None:
    """Refuse a version of which a worked case does not come out as expected."""
    if failure := case_rows.first_failure(version, table):
        raise Refused(f"A worked case of {version} fails. {failure} Mend the rules, or the case.")
