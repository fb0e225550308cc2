"""Kinds of checks on the indicators and values of the fee schedule."""

from collections.abc import Iterator

from coding.claim.checking import Checking
from coding.claim.claim import Line
from coding.claim.findings import Hit, Severity, on_line

# Multiple-procedure indicators whose lines are paid in falling order of their value.
RANKED = frozenset({"2", "3"})


def no_rate_here(check: Checking) -> Iterator[Hit]:
    """A code without an office rate at a place that is paid at that rate."""
    if not check.claim.place or check.in_facility:
        return
    for line, fee in check.with_fee():
        if fee.non_facility_na:
            row = check.fee_row(line.code, "office rate NA")
            yield on_line(line, row)


def technical_in_facility(check: Checking) -> Iterator[Hit]:
    """A code that holds no work of the physician, at a place that provides it."""
    if check.claim.place not in check.options["places"]:
        return
    for line, fee in check.with_fee():
        if fee.technical in check.options["indicators"]:
            row = check.fee_row(line.code, f"PC/TC indicator {fee.technical}")
            yield on_line(line, row)


def not_paid(check: Checking) -> Iterator[Hit]:
    """Status codes under which a payer pays nothing."""
    for line, fee in check.with_fee():
        meaning = check.options["statuses"].get(fee.status)
        if meaning:
            row = check.fee_row(line.code, f"status {fee.status}")
            yield on_line(line, row, meaning=meaning)


def no_share(check: Checking) -> Iterator[Hit]:
    """A share of the care that a code does not have."""
    for line, fee in check.with_fee():
        for part, share in (("post", fee.post), ("pre", fee.pre)):
            # None is a release without shares; 0 is a code without this share.
            if line.has(check.modifiers(part)) and share is not None and not share:
                row = check.fee_row(line.code, f"share {share}")
                yield on_line(line, row)


def helpers(check: Checking) -> Iterator[Hit]:
    """Assistants, co-surgeons and teams that a code does not take, or only with records."""
    for line, fee in check.with_fee():
        for row in check.options["helpers"]:
            name = row["indicator"]
            indicator = str(getattr(fee, name))
            severity = row["severities"].get(indicator)
            is_marked = line.has(check.lists.modifiers[row["modifiers"]])
            if severity and is_marked:
                rests_on = check.fee_row(line.code, f"{name} indicator {indicator}")
                values = {"code": line.code, "who": row["who"]}
                yield Hit((line.number,), rests_on, values, Severity(severity))


def order(check: Checking) -> Iterator[Hit]:
    """Procedures that do not stand in falling order of their value at the place, in that order."""
    for lines in check.claim.by_provider():
        standing = [line for line in lines if _is_ranked(check, line)]
        in_order = ranked(check, lines)
        # By value, not by line: lines of one value may stand either way.
        if _totals(check, standing) == _totals(check, in_order):
            continue
        first = in_order[0]
        row = check.fee_row(first.code, f"{_total(check, first)} at this place")
        values = {"code": first.code, "order": ", ".join(line.code for line in in_order)}
        yield Hit(tuple(line.number for line in in_order), row, values)


def ranked(check: Checking, lines: list[Line]) -> list[Line]:
    """The procedures that are paid in falling order of their value at the place, in that order."""
    of_kind = [line for line in lines if _is_ranked(check, line)]
    # Lines of one value stay in their order, in falling order too.
    return sorted(of_kind, key=lambda line: _total(check, line), reverse=True)


def _is_ranked(check: Checking, line: Line) -> bool:
    fee = check.tables.fee(line.code)
    return fee is not None and fee.multiple in RANKED


def _total(check: Checking, line: Line) -> float:
    fee = check.tables.fee(line.code)
    if fee is None:
        return 0.0
    return float(fee.total(check.in_facility))


def _totals(check: Checking, lines: list[Line]) -> list[float]:
    return [_total(check, line) for line in lines]
