"""Supplies that go with a code: no table ties them to codes, so what the rule set and the house's notes name."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from coding.decision import RuleTable, rules_of
from coding.models import HcpcsCode, TableKind, TableRelease
from coding.reference.claim_checks import checks_in_force

# Sections of HCPCS Level II that hold supplies, equipment, drugs, orthoses and casts (CMS).
SUPPLY = "^[AEJKLQ][0-9]{4}$"
NAMED = re.compile(r"\b[AEJKLQ]\d{4}\b")


@dataclass(frozen=True, slots=True)
class Supplies:
    """Whether the code is a supply itself, and those that are named beside it with their descriptions by CMS."""

    is_one: bool
    named: tuple[tuple[str, str], ...]
    release: TableRelease | None


def supplies_of(
    table: RuleTable | None, code: str, notes: Iterable[str], releases: Mapping[str, TableRelease]
) -> Supplies:
    """Those of a code, by its rules, the notes of its rule set and some notes of the house; one query where any are."""
    texts = list(notes)
    if table is not None:
        texts += [rule.message for rule in rules_of(table, code)]
        texts += table.notes
        texts += [line.code for line in table.lines]
    codes: set[str] = set()
    for text in texts:
        codes.update(NAMED.findall(text))
    codes.discard(code)

    release = releases.get(TableKind.TERMS)
    descriptions: dict[str, str] = {}
    if release and codes:
        rows = HcpcsCode.objects.filter(release=release, code__in=codes)
        descriptions = dict(rows.values_list("code", "description"))
    named = tuple((supply, descriptions.get(supply, "")) for supply in sorted(codes))
    return Supplies(_is_supply(code), named, release)


def _is_supply(code: str) -> bool:
    checks = checks_in_force()
    for check in checks.checks:
        if check.kind == "supply_in_facility":
            supplies = checks.lists.codes[check.options["supplies"]]
            if code in supplies:
                return True
    return False
