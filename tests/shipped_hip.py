"""The shipped hip rule set with some answers and its worked cases, for tests that need no database."""

import csv
from functools import cache

from coding import rulesets
from coding.decision import RuleTable

KEY = "hip-dislocation"

PAVLIK = {
    "treatment": "closed",
    "definitive": "yes",
    "joint_state": "dislocated",
    "encounter": "initial",
    "etiology": "developmental",
    "laterality": "left",
    "manipulation": "positioning_only",
    "anesthesia": "none",
    "stabilization": "pavlik",
    "split": "full",
}
REDUCED = {**PAVLIK, "manipulation": "performed", "anesthesia": "general"}
GAP_A = {**PAVLIK, "manipulation": "performed"}


@cache
def table() -> RuleTable:
    """The shipped rule table, read once: it never changes."""
    return rulesets.shipped(KEY)


def case_rows() -> list[dict[str, str]]:
    """The shipped worked cases."""
    with rulesets.cases_file(KEY).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
