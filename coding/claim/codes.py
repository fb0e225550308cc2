"""Kinds of checks on what a line reports: whether its code is the right one by day, payer, person and answers."""

from collections.abc import Iterator

from coding.claim.checking import Checking, row_of
from coding.claim.findings import Hit, on_line


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
