"""The claim of an encounter as its ledger has it.

A line is what is final of a service; else what its coder decided; else what was submitted. Reading it writes nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from coding.claim import Claim, EarlierLine, Line
from coding.models import Encounter, PayerTerms, ServiceLine
from coding.models.reported import Claimed
from coding.registers.history import history
from coding.rules.families import Families
from reviews.coding_form.ledger import LedgerRow
from reviews.models import FinalCode
from reviews.models.decisions import ENDS


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A line of the claim with the row of the ledger that it comes from."""

    row: LedgerRow
    line: Line


def claim_lines_of(ledger: Iterable[LedgerRow], diagnoses: tuple[str, ...]) -> Iterator[ClaimLine]:
    """The lines in the order of the report: by services."""
    families = Families.published()
    number = 0
    for row in sorted(ledger, key=lambda row: row.service.number):
        reported = _reported(row)
        is_of_the_claim = (row.first and reported.code) if reported else row.line is not None
        if not is_of_the_claim:
            continue
        number += 1
        line = _line(row, number, diagnoses, families)
        yield ClaimLine(row, line)
        for code, units in reported.further_lines if reported else ():
            number += 1
            yield ClaimLine(row, _further_line(line, number, code, units))


def claim_of(
    encounter: Encounter, claim_lines: Sequence[ClaimLine], diagnoses: tuple[str, ...]
) -> Claim:
    """The claim of these lines, with what registers and history know of its patient and payer."""
    terms = _terms_of_payer(encounter)
    return Claim(
        day=encounter.date_of_service,
        lines=tuple(claim_line.line for claim_line in claim_lines),
        diagnoses=diagnoses,
        place=encounter.place_of_service,
        payer=terms.kind if terms else "",
        history=_history(encounter),
        options=terms.options if terms else {},
    )


def _further_line(line: Line, number: int, code: str, units: int) -> Line:
    """A further line of a service, which stands by the answers of its first line."""
    return replace(
        line, number=number, code=code, units=units, modifiers=(), supported=None, covered=True
    )


def _reported(row: LedgerRow) -> Claimed | None:
    """What is final or was decided; a question to the provider or to a supervisor leaves the line as submitted."""
    reported = row.final or row.decision
    return reported if reported and reported.outcome in ENDS else None


def _line(row: LedgerRow, number: int, diagnoses: tuple[str, ...], families: Families) -> Line:
    stands = _reported(row) or row.line
    code = stands.code if stands else ""
    if isinstance(stands, ServiceLine):
        pointers = list(stands.diagnosis_pointers)
    else:
        codes = stands.diagnosis_codes if stands else []
        pointers = [diagnoses.index(diagnosis) + 1 for diagnosis in codes if diagnosis in diagnoses]
    return Line(
        number=number,
        code=code,
        modifiers=tuple(stands.modifiers if stands else ()),
        units=stands.units if stands else 1,
        pointers=tuple(pointers),
        supported=_supported(row),
        covered=families.has(code),
        answers=row.service.suggestion.profile.facts if row.service.suggestion else {},
    )


def _supported(row: LedgerRow) -> str | None:
    """The code that the answers come to; a supervisor who ruled otherwise has answered that."""
    suggestion = row.service.suggestion
    ruled = row.final is not None and row.final.ruling_id is not None
    return suggestion.code or None if suggestion and not ruled else None


def _terms_of_payer(encounter: Encounter) -> PayerTerms | None:
    """The kind and the options of the registered payer on the day; None where nobody completed it."""
    if encounter.registered_payer_id is None:
        return None
    terms: PayerTerms | None = (
        PayerTerms.objects.filter(payer=encounter.registered_payer_id)
        .on(encounter.date_of_service)
        .first()
    )
    return terms


def _history(encounter: Encounter) -> tuple[EarlierLine, ...] | None:
    """What was reported for the patient on earlier days of three years; None where nobody knows who the patient is."""
    if encounter.patient_id is None:
        return None
    earlier = {item.encounter.pk: item for item in history(encounter) if not item.doubtful}
    finals = FinalCode.objects.current().filter(service__encounter__in=earlier).exclude(code="")
    rows = finals.values_list("service__encounter", "code", "modifiers")
    return tuple(
        EarlierLine(
            day=earlier[key].encounter.date_of_service,
            code=code,
            modifiers=tuple(modifiers),
            same_group=earlier[key].same_group_and_specialty is True,
        )
        for key, code, modifiers in rows
    )
