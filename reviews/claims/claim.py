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
        if not _is_of_the_claim(row, reported):
            continue
        number += 1
        line = _line(row, number, diagnoses, families)
        yield ClaimLine(row, line)

        if reported is None:
            continue
        for code, units in reported.further_lines:
            number += 1
            yield ClaimLine(row, _further_line(line, number, code, units))


def _is_of_the_claim(row: LedgerRow, reported: Claimed | None) -> bool:
    """A service is reported once, by its first row and where it has a code; before that all its lines stand."""
    if reported is None:
        return row.line is not None
    return row.first and bool(reported.code)


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
    if reported is None or reported.outcome not in ENDS:
        return None
    return reported


def _line(row: LedgerRow, number: int, diagnoses: tuple[str, ...], families: Families) -> Line:
    suggestion = row.service.suggestion
    stands = _reported(row) or row.line
    code = stands.code if stands else ""
    return Line(
        number=number,
        code=code,
        modifiers=tuple(stands.modifiers if stands else ()),
        units=stands.units if stands else 1,
        pointers=_pointers(stands, diagnoses),
        supported=_supported(row),
        covered=families.has(code),
        answers=suggestion.profile.facts if suggestion else {},
    )


def _pointers(stands: Claimed | ServiceLine | None, diagnoses: tuple[str, ...]) -> tuple[int, ...]:
    """As they were submitted; of what was decided by the diagnoses that are still there."""
    if stands is None:
        return ()
    if isinstance(stands, ServiceLine):
        return tuple(stands.diagnosis_pointers)
    present = [code for code in stands.diagnosis_codes if code in diagnoses]
    return tuple(diagnoses.index(code) + 1 for code in present)


def _supported(row: LedgerRow) -> str | None:
    """The code that the answers come to; a supervisor who ruled otherwise has answered that."""
    suggestion = row.service.suggestion
    is_ruled = row.final is not None and row.final.ruling_id is not None
    if suggestion is None or is_ruled:
        return None
    return suggestion.code or None


def _terms_of_payer(encounter: Encounter) -> PayerTerms | None:
    """The kind and the options of the registered payer on the day; None where nobody completed it."""
    if encounter.registered_payer_id is None:
        return None
    of_payer = PayerTerms.objects.filter(payer=encounter.registered_payer_id)
    terms: PayerTerms | None = of_payer.on(encounter.date_of_service).first()
    return terms


def _history(encounter: Encounter) -> tuple[EarlierLine, ...] | None:
    """What was reported for the patient on earlier days of three years; None where nobody knows who the patient is."""
    if encounter.patient_id is None:
        return None
    earlier = {item.encounter.pk: item for item in history(encounter) if not item.doubtful}
    finals = FinalCode.objects.current().filter(service__encounter__in=earlier).exclude(code="")
    lines = []
    for key, code, modifiers in finals.values_list("service__encounter", "code", "modifiers"):
        visit = earlier[key]
        lines.append(
            EarlierLine(
                day=visit.encounter.date_of_service,
                code=code,
                modifiers=tuple(modifiers),
                # Where the registers do not tell, it is not taken for the same.
                same_group=visit.same_group_and_specialty is True,
            )
        )
    return tuple(lines)
