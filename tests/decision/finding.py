"""What verifying a table finds, for tests that look for one thing."""

from coding.decision import Facts, Flaw, RuleTable, verify


def find_gap(table: RuleTable) -> Facts | None:
    """The case of a gap; None for a table without."""
    for finding in verify(table):
        if finding.flaw is Flaw.GAP:
            return finding.witness
    return None
