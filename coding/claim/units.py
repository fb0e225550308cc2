"""Kinds of checks on units, repeated lines and add-on codes."""

from collections.abc import Iterator, Mapping
from typing import Any

from coding.claim.checking import Checking, row_of
from coding.claim.claim import Line
from coding.claim.findings import Hit, on_line
from coding.claim.tables import UnitLimit

# So many primaries of an add-on code are named; some have dozens.
MOST_PRIMARIES = 8


def over_a_day(check: Checking) -> Iterator[Hit]:
    """More units of a code, provider and day than its limit, where the limit is applied to the day as options say.

    A limit of 0 says that a payer pays nothing; only payers that use the table take it so.
    """
    applied = check.options["applied"]
    least = int(check.options.get("least_limit", 1))
    for lines, limit in _limited(check):
        if limit.applied != applied or limit.units < least:
            continue
        units = sum(line.units for line in lines)
        if units > limit.units:
            yield _hit(check, lines, limit, units)


def over_a_line(check: Checking) -> Iterator[Hit]:
    """More units on a line than its limit, where the limit is applied to each line."""
    for lines, limit in _limited(check):
        if limit.applied != 1 or not limit.units:
            continue
        for line in lines:
            if line.units > limit.units:
                yield _hit(check, [line], limit, line.units)


def not_paid_here(check: Checking) -> Iterator[Hit]:
    """Codes with a limit of 0 in the payer's own table: what one payer does not pay, another may."""
    table = check.tables.unit_limits
    if table is None or not table.of_payer:
        return
    for lines, limit in _limited(check):
        if not limit.units:
            units = sum(line.units for line in lines)
            yield _hit(check, lines, limit, units)


def same_line_twice(check: Checking) -> Iterator[Hit]:
    """The same code, modifiers and provider twice, without a modifier that tells why."""
    telling = check.modifiers("telling")
    for lines in check.claim.by_provider():
        seen: dict[tuple[str, frozenset[str]], Line] = {}
        for line in lines:
            first = seen.setdefault((line.code, frozenset(line.modifiers)), line)
            if first is not line and not line.has(telling):
                yield Hit((line.number, first.number), values={"code": line.code})


def one_group_twice(check: Checking) -> Iterator[Hit]:
    """Two codes of one group on one day by one provider, where the group has one code for all of it."""
    for name in check.options["groups"]:
        group = check.lists.codes[name]
        for lines in check.claim.by_provider():
            of_group = [line for line in lines if line.code in group]
            if len(of_group) < 2:
                continue
            numbers = tuple(line.number for line in of_group)
            codes = ", ".join(sorted(line.code for line in of_group))
            yield Hit(numbers, values={"codes": codes, "group": name})


def add_on_alone(check: Checking) -> Iterator[Hit]:
    """Add-on codes without a primary of theirs by the same provider; of one kind of add-on."""
    table = check.tables.add_ons
    if table is None:
        return
    for lines in check.claim.by_provider():
        codes = {line.code for line in lines}
        for line in lines:
            add_on = table.rows.get(line.code)
            if add_on is None or add_on.kind != check.options["type"]:
                continue
            if codes.isdisjoint(add_on.primaries):
                first_primaries = sorted(add_on.primaries)[:MOST_PRIMARIES]
                row = row_of(table, line.code)
                yield on_line(line, row, primaries=", ".join(first_primaries))


def minutes_too_few(check: Checking) -> Iterator[Hit]:
    """Units of a service that is counted in minutes, beyond those that are documented of its kind of work."""
    minutes = check.claim.minutes
    if check.options.get("of") == "sedation":
        minutes = check.claim.sedation_minutes
    if minutes is None:
        return

    for step in check.options["steps"]:
        if not _is_beside_its_visit(check, step):
            continue
        for line in check.claim.lines:
            needed = step["from"] + (line.units - 1) * step["each"]
            if line.code == step["code"] and minutes < needed:
                yield on_line(line, units=line.units, minutes=needed, documented=minutes)


def _is_beside_its_visit(check: Checking, step: Mapping[str, Any]) -> bool:
    """Whether the claim holds a visit that a step is counted beside; a step that names none is counted by itself."""
    if "visits" not in step:
        return True
    visits = check.lists.codes[step["visits"]]
    return any(line.code in visits for line in check.claim.lines)


def _limited(check: Checking) -> Iterator[tuple[list[Line], UnitLimit]]:
    """The lines of each provider and code that has a limit."""
    table = check.tables.unit_limits
    if table is None:
        return
    for lines in check.claim.by_provider():
        for code in sorted({line.code for line in lines}):
            limit = table.rows.get(code)
            if limit is not None:
                of_code = [line for line in lines if line.code == code]
                yield of_code, limit


def _hit(check: Checking, lines: list[Line], limit: UnitLimit, units: int) -> Hit:
    code = lines[0].code
    text = f"{code}: {limit.units}, adjudication indicator {limit.applied}"
    row = row_of(check.tables.unit_limits, text)
    values = {"code": code, "units": units, "limit": limit.units}
    return Hit(tuple(line.number for line in lines), row, values)
