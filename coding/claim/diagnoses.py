"""Kinds of checks on diagnoses and on the pointers to them."""

from collections.abc import Iterable, Iterator
from itertools import combinations

from coding.claim.checking import Checking
from coding.claim.findings import Hit, Severity
from coding.claim.lists import CodeList
from coding.claim.tables import DiagnosisState

MOST_POINTERS = 4
FULL_LENGTH = 7


def pointers(check: Checking) -> Iterator[Hit]:
    """Lines without a pointer, with one beyond the list, with too many, or led by an external cause."""
    causes, listed = check.codes("causes"), len(check.claim.diagnoses)
    for line in check.claim.lines:
        beyond = [pointer for pointer in line.pointers if not 1 <= pointer <= listed]
        if not line.pointers:
            fault = "points to no diagnosis"
        elif beyond:
            fault = f"points to diagnosis {beyond[0]}, and there are {listed}"
        elif len(line.pointers) > MOST_POINTERS:
            fault = f"points to {len(line.pointers)} diagnoses; a line holds {MOST_POINTERS}"
        elif check.claim.diagnoses[line.pointers[0] - 1] in causes:
            fault = (
                f"points first to {check.claim.diagnoses[line.pointers[0] - 1]}, an external cause"
            )
        else:
            continue
        yield Hit((line.number,), values={"code": line.code, "fault": fault})


def incomplete(check: Checking) -> Iterator[Hit]:
    """Diagnoses that are categories, or not valid on the day.

    Where no release of the day is loaded another one doubts categories, and remarks on codes that it does not know.
    """
    table = check.tables.diagnoses
    if table is None:
        return
    doubts = (
        {DiagnosisState.CATEGORY: Severity.WARNING, DiagnosisState.UNKNOWN: Severity.INFO}
        if table.remark
        else {}
    )
    for place, code in enumerate(check.claim.diagnoses, start=1):
        diagnosis = table.rows.get(code)
        state = diagnosis.state if diagnosis else DiagnosisState.UNKNOWN
        if state is not DiagnosisState.VALID:
            lines = tuple(line.number for line in check.claim.lines if place in line.pointers)
            unknown = (
                f"is not known in {table.name}" if table.remark else "is not valid on this day"
            )
            fault = "needs more characters" if state is DiagnosisState.CATEGORY else unknown
            values = {"diagnosis": code, "fault": fault}
            yield Hit(lines, f"{table.name}, {code}", values, doubts.get(state))


def excluded(check: Checking) -> Iterator[Hit]:
    """Two diagnoses of which one's notes exclude the other."""
    for first, second in combinations(check.claim.diagnoses, 2):
        for code, other in ((first, second), (second, first)):
            diagnosis = check.tables.diagnosis(code)
            if diagnosis and any(other.startswith(prefix) for prefix in diagnosis.excludes):
                lines = tuple(
                    line.number
                    for line in check.claim.lines
                    if {code, other} & set(check.claim.diagnoses_of(line))
                )
                name = check.tables.diagnoses.name if check.tables.diagnoses else ""
                yield Hit(lines, f"{name}, {code}", {"diagnosis": code, "other": other})
                break


def seventh_character(check: Checking) -> Iterator[Hit]:
    """The encounter that a diagnosis tells of, against what the line does."""
    later, cures = frozenset(check.options["later"]), check.modifiers("cures")
    first, follow_up = check.options["first"], check.codes("follow_up")
    treatments = check.codes("treatments")
    for line in check.claim.lines:
        characters = {
            code[-1]
            for code in check.claim.diagnoses_of(line)
            if len(code.replace(".", "")) == FULL_LENGTH
        }
        treats_later = (
            line.code in treatments and characters and characters <= later and not line.has(cures)
        )
        follows_first = line.code in follow_up and first in characters
        if treats_later or follows_first:
            yield Hit(
                (line.number,),
                values={"code": line.code, "characters": ", ".join(sorted(characters))},
            )


def other_diagnosis_only(check: Checking) -> Iterator[Hit]:
    """Lines all of whose diagnoses stand in the list of those that do not go with their codes."""
    against = [check.lists.codes[name] for name in check.options["against"]]
    for line in check.lines_of("codes"):
        codes = check.claim.diagnoses_of(line)
        if codes and all(_is_in_one_of(against, code) for code in codes):
            yield Hit((line.number,), values={"code": line.code, "diagnoses": ", ".join(codes)})


def _is_in_one_of(lists: Iterable[CodeList], code: str) -> bool:
    return any(code in listed for listed in lists)


def diagnosis_missing(check: Checking) -> Iterator[Hit]:
    """Lines none of whose diagnoses is of those that their code is for."""
    needed = check.codes("needs")
    for line in check.lines_of("codes"):
        codes = check.claim.diagnoses_of(line)
        if codes and not any(code in needed for code in codes):
            yield Hit((line.number,), values={"code": line.code, "diagnoses": ", ".join(codes)})
