"""Kinds of checks on the indicators of the fee schedule, and on modifiers among themselves."""

from collections.abc import Iterator

from coding.claim.checking import Checking
from coding.claim.claim import Line
from coding.claim.findings import Hit, Severity

# Multiple-procedure indicators whose lines are paid in falling order of their value.
RANKED = frozenset({"2", "3"})


def no_rate_here(check: Checking) -> Iterator[Hit]:
    """A code without an office rate at a place that is paid at that rate."""
    for line, fee in check.with_fee():
        if fee.non_facility_na and check.claim.place and not check.in_facility:
            yield Hit(
                (line.number,), check.fee_row(line.code, "office rate NA"), {"code": line.code}
            )


def technical_in_facility(check: Checking) -> Iterator[Hit]:
    """A code that holds no work of the physician, at a place that provides it."""
    for line, fee in check.with_fee():
        if (
            fee.technical in check.options["indicators"]
            and check.claim.place in check.options["places"]
        ):
            row = check.fee_row(line.code, f"PC/TC indicator {fee.technical}")
            yield Hit((line.number,), row, {"code": line.code})


def not_paid(check: Checking) -> Iterator[Hit]:
    """Status codes under which a payer pays nothing."""
    for line, fee in check.with_fee():
        if meaning := check.options["statuses"].get(fee.status):
            values = {"code": line.code, "meaning": meaning}
            yield Hit((line.number,), check.fee_row(line.code, f"status {fee.status}"), values)


def no_share(check: Checking) -> Iterator[Hit]:
    """A share of the care that a code does not have."""
    for line, fee in check.with_fee():
        for part, share in (("post", fee.post), ("pre", fee.pre)):
            if line.has(check.modifiers(part)) and share is not None and not share:
                row = check.fee_row(line.code, f"share {share}")
                yield Hit((line.number,), row, {"code": line.code})


def helpers(check: Checking) -> Iterator[Hit]:
    """Assistants, co-surgeons and teams that a code does not take, or only with records."""
    for line, fee in check.with_fee():
        for row in check.options["helpers"]:
            indicator = str(getattr(fee, row["indicator"]))
            severity = row["severities"].get(indicator)
            if severity and line.has(check.lists.modifiers[row["modifiers"]]):
                text = check.fee_row(line.code, f"{row['indicator']} indicator {indicator}")
                yield Hit(
                    (line.number,), text, {"code": line.code, "who": row["who"]}, Severity(severity)
                )


def order(check: Checking) -> Iterator[Hit]:
    """Procedures that do not stand in falling order of their value at the place, in that order."""
    for lines in check.claim.by_provider():
        standing = [line for line in lines if _is_ranked(check, line)]
        in_order = ranked(check, lines)
        if [_total(check, line) for line in standing] != [_total(check, line) for line in in_order]:
            row = check.fee_row(in_order[0].code, f"{_total(check, in_order[0])} at this place")
            values = {"code": in_order[0].code, "order": ", ".join(line.code for line in in_order)}
            yield Hit(tuple(line.number for line in in_order), row, values)


def ranked(check: Checking, lines: list[Line]) -> list[Line]:
    """The procedures that are paid in falling order of their value at the place, in that order."""
    of_kind = [line for line in lines if _is_ranked(check, line)]
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
            every = sorted(of_first | of_second)
            # A list beside itself: no two of its modifiers stand on one line.
            is_hit = len(every) > 1 if first == second else of_first and of_second
            if is_hit:
                yield Hit((line.number,), values={"modifiers": " and ".join(every)})


def supply_in_facility(check: Checking) -> Iterator[Hit]:
    """Supplies and drugs on a professional's claim at a place that provides them."""
    if check.in_facility:
        for line in check.lines_of("supplies"):
            yield Hit((line.number,), values={"code": line.code})


def drug_alone(check: Checking) -> Iterator[Hit]:
    """A drug without a line that gives it."""
    if not any(check.lines_of("giving")):
        for line in check.lines_of("drugs"):
            yield Hit((line.number,), values={"code": line.code})


def waste_not_said(check: Checking) -> Iterator[Hit]:
    """A drug from a vial for one patient, without a word on what was left in it."""
    if check.claim.from_single_dose:
        for line in check.lines_of("drugs"):
            if not line.has(check.modifiers("waste")):
                yield Hit((line.number,), values={"code": line.code})


def payer_code(check: Checking) -> Iterator[Hit]:
    """A code that one kind of payer alone takes for a piece of work, and its opposite."""
    code, payer = check.options["code"], check.options["payer"]
    for line in check.claim.lines:
        is_other_payer = check.claim.payer and check.claim.payer != payer
        asked_for = check.claim.payer == payer and line.supported == code != line.code
        if (line.code == code and is_other_payer) or asked_for:
            yield Hit((line.number,), values={"code": line.code})


def by_operator(check: Checking) -> Iterator[Hit]:
    """Codes for a second person's work by the one who did the procedure."""
    for lines in check.claim.by_provider():
        operated = any(check.tables.global_days(line.code) is not None for line in lines)
        for line in lines:
            if operated and line.code in check.codes("second"):
                yield Hit((line.number,), values={"code": line.code})


def ended(check: Checking) -> Iterator[Hit]:
    """A code before its first or after its last valid day."""
    terms = check.tables.terms
    for line in check.claim.lines:
        term = terms.rows.get(line.code) if terms else None
        if terms and term and term.last and check.claim.day > term.last:
            row = f"{terms.name}, {line.code}"
            yield Hit((line.number,), row, {"code": line.code, "what": f"ended on {term.last}"})
        elif terms and term and term.first and check.claim.day < term.first:
            row = f"{terms.name}, {line.code}"
            yield Hit((line.number,), row, {"code": line.code, "what": f"begins on {term.first}"})


def against_answers(check: Checking) -> Iterator[Hit]:
    """A line whose code is not the one that the answers of its service come to."""
    codes = check.codes("codes") if "codes" in check.options else None
    others = [check.lists.codes[name] for name in check.options.get("but", ())]
    for line in check.claim.lines:
        judged = (
            (line.code in codes) if codes else not any(line.code in listed for listed in others)
        )
        if judged and line.supported and line.supported != line.code:
            yield Hit(
                (line.number,),
                "Answers of the service",
                {"code": line.code, "supported": line.supported},
            )


def uncovered(check: Checking) -> Iterator[Hit]:
    """Lines that no rule set judges."""
    for line in check.claim.lines:
        if not line.covered:
            yield Hit((line.number,), values={"code": line.code})


def _total(check: Checking, line: Line) -> float:
    fee = check.tables.fee(line.code)
    return float(fee.total(check.in_facility)) if fee else 0.0
