"""Kinds of checks on the indicators of the fee schedule, and on modifiers among themselves."""

from collections.abc import Iterator

from coding.claim.checking import Checking, row_of
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


def exclusive(check: Checking) -> Iterator[Hit]:
    """Modifiers on one line of which only one may stand."""
    for line in check.claim.lines:
        for first, second in check.options["exclusive"]:
            of_first = check.lists.modifiers[first].intersection(line.modifiers)
            of_second = check.lists.modifiers[second].intersection(line.modifiers)
            if first == second:
                # A list beside itself: no two of its modifiers stand on one line.
                exclude = len(of_first) > 1
            else:
                exclude = bool(of_first and of_second)
            if exclude:
                every = sorted(of_first | of_second)
                yield Hit((line.number,), values={"modifiers": " and ".join(every)})


def supply_in_facility(check: Checking) -> Iterator[Hit]:
    """Supplies and drugs on a professional's claim at a place that provides them."""
    if not check.in_facility:
        return
    for line in check.lines_of("supplies"):
        yield on_line(line)


def drug_alone(check: Checking) -> Iterator[Hit]:
    """A drug without a line that gives it."""
    if any(check.lines_of("giving")):
        return
    for line in check.lines_of("drugs"):
        yield on_line(line)


def waste_not_said(check: Checking) -> Iterator[Hit]:
    """A drug from a vial for one patient, without a word on what was left in it."""
    if not check.claim.from_single_dose:
        return
    for line in check.lines_of("drugs"):
        if not line.has(check.modifiers("waste")):
            yield on_line(line)


def payer_code(check: Checking) -> Iterator[Hit]:
    """A code that one kind of payer alone takes for a piece of work, and its opposite."""
    code, payer = check.options["code"], check.options["payer"]
    is_other_payer = bool(check.claim.payer) and check.claim.payer != payer
    is_this_payer = check.claim.payer == payer
    for line in check.claim.lines:
        not_taken = is_other_payer and line.code == code
        asked_for = is_this_payer and line.supported == code and line.code != code
        if not_taken or asked_for:
            yield on_line(line)


def by_operator(check: Checking) -> Iterator[Hit]:
    """Codes for a second person's work by the one who did the procedure."""
    for lines in check.claim.by_provider():
        operated = any(check.tables.global_days(line.code) is not None for line in lines)
        if not operated:
            continue
        for line in lines:
            if line.code in check.codes("second"):
                yield on_line(line)


def ended(check: Checking) -> Iterator[Hit]:
    """A code before its first or after its last valid day."""
    terms = check.tables.terms
    if terms is None:
        return
    for line in check.claim.lines:
        term = terms.rows.get(line.code)
        if term is None:
            continue
        if term.last and check.claim.day > term.last:
            what = f"ended on {term.last}"
        elif term.first and check.claim.day < term.first:
            what = f"begins on {term.first}"
        else:
            continue
        yield on_line(line, row_of(terms, line.code), what=what)


def against_answers(check: Checking) -> Iterator[Hit]:
    """A line whose code is not the one that the answers of its service come to."""
    for line in check.claim.lines:
        differs = bool(line.supported) and line.supported != line.code
        if differs and _is_judged(check, line.code):
            yield on_line(line, "Answers of the service", supported=line.supported)


def _is_judged(check: Checking, code: str) -> bool:
    """Whether a check is for a code: by the list of those that it names, or else by those that it leaves to others."""
    codes = check.codes("codes") if "codes" in check.options else None
    if codes:
        return code in codes
    return not any(code in listed for listed in check.several("but"))


def uncovered(check: Checking) -> Iterator[Hit]:
    """Lines that no rule set judges."""
    for line in check.claim.lines:
        if not line.covered:
            yield on_line(line)


def _total(check: Checking, line: Line) -> float:
    fee = check.tables.fee(line.code)
    if fee is None:
        return 0.0
    return float(fee.total(check.in_facility))


def _totals(check: Checking, lines: list[Line]) -> list[float]:
    return [_total(check, line) for line in lines]
