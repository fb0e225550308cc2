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
    rules = rules_of(table, code) if table else ()
    texts = [*(rule.message for rule in rules), *(table.notes if table else ()), *notes]
    codes = {named for text in texts for named in NAMED.findall(text)}
    codes |= {line.code for line in (table.lines if table else ()) if NAMED.fullmatch(line.code)}
    codes -= {code}
    release = releases.get(TableKind.TERMS)
    rows = HcpcsCode.objects.filter(release=release, code__in=codes) if release and codes else ()
    described = {row.code: row.description for row in rows}
    return Supplies(
        _is_supply(code),
        tuple((supply, described.get(supply, "")) for supply in sorted(codes)),
        release,
    )


def _is_supply(code: str) -> bool:
    checks = checks_in_force()
    lists = [
        check.options["supplies"] for check in checks.checks if check.kind == "supply_in_facility"
    ]
    return any(code in checks.lists.codes[name] for name in lists)
