"""Kinds of checks on units, repeated lines and add-on codes."""

from collections.abc import Iterator

from coding.claim.checking import Checking
from coding.claim.claim import Line
from coding.claim.findings import Hit
from coding.claim.tables import UnitLimit


def over_a_day(check: Checking) -> Iterator[Hit]:
    """More units of a code, provider and day than its limit, where the limit is applied to the day as options say.

    A limit of 0 says that a payer pays nothing; only payers that use the table take it so.
    """
    applied, least = check.options["applied"], int(check.options.get("least_limit", 1))
    for lines, limit in _limited(check):
        units = sum(line.units for line in lines)
        if limit.applied == applied and limit.units >= least and units > limit.units:
            yield _hit(check, lines, limit, units)


def over_a_line(check: Checking) -> Iterator[Hit]:
    """More units on a line than its limit, where the limit is applied to each line."""
    for lines, limit in _limited(check):
        for line in lines:
            if limit.applied == 1 and limit.units and line.units > limit.units:
                yield _hit(check, [line], limit, line.units)


def not_paid_here(check: Checking) -> Iterator[Hit]:
    """Codes with a limit of 0 in the payer's own table: what one payer does not pay, another may."""
    table = check.tables.unit_limits
    for lines, limit in _limited(check):
        if table and table.of_payer and not limit.units:
            yield _hit(check, lines, limit, sum(line.units for line in lines))


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
            if len(of_group) > 1:
                codes = ", ".join(sorted(line.code for line in of_group))
                yield Hit(
                    tuple(line.number for line in of_group), values={"codes": codes, "group": name}
                )


def add_on_alone(check: Checking) -> Iterator[Hit]:
    """Add-on codes without a primary of theirs by the same provider; of one kind of add-on."""
    for lines in check.claim.by_provider():
        codes = {line.code for line in lines}
        for line in lines:
            add_on = check.tables.add_ons.rows.get(line.code) if check.tables.add_ons else None
            if (
                add_on
                and add_on.kind == check.options["type"]
                and codes.isdisjoint(add_on.primaries)
            ):
                primaries = ", ".join(sorted(add_on.primaries)[:8])
                row = f"{check.tables.add_ons.name}, {line.code}" if check.tables.add_ons else ""
                yield Hit((line.number,), row, {"code": line.code, "primaries": primaries})


def minutes_too_few(check: Checking) -> Iterator[Hit]:
    """Units of a service that is counted in minutes, beyond those that are documented of its kind of work."""
    minutes = (
        check.claim.sedation_minutes
        if check.options.get("of") == "sedation"
        else check.claim.minutes
    )
    if minutes is None:
        return
    for step in check.options["steps"]:
        visits = check.lists.codes[step["visits"]] if "visits" in step else None
        beside = visits is None or any(line.code in visits for line in check.claim.lines)
        for line in check.claim.lines:
            needed = step["from"] + (line.units - 1) * step["each"]
            if beside and line.code == step["code"] and minutes < needed:
                values = {
                    "code": line.code,
                    "units": line.units,
                    "minutes": needed,
                    "documented": minutes,
                }
                yield Hit((line.number,), values=values)


def _limited(check: Checking) -> Iterator[tuple[list[Line], UnitLimit]]:
    """The lines of each provider and code that has a limit."""
    for lines in check.claim.by_provider():
        for code in sorted({line.code for line in lines}):
            limit = check.tables.unit_limits.rows.get(code) if check.tables.unit_limits else None
            if limit:
                yield [line for line in lines if line.code == code], limit


def _hit(check: Checking, lines: list[Line], limit: UnitLimit, units: int) -> Hit:
    code = lines[0].code
    name = check.tables.unit_limits.name if check.tables.unit_limits else ""
    row = f"{name}, {code}: {limit.units}, adjudication indicator {limit.applied}"
    return Hit(
        tuple(line.number for line in lines),
        row,
        {"code": code, "units": units, "limit": limit.units},
    )
