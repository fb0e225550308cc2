"""Kinds of checks on diagnoses and on the pointers to them."""

from collections.abc import Iterable, Iterator
from itertools import combinations

from coding.claim.checking import Checking, row_of
from coding.claim.claim import Line
from coding.claim.findings import Hit, Severity, on_line
from coding.claim.lists import CodeList
from coding.claim.tables import DiagnosisState

MOST_POINTERS = 4
FULL_LENGTH = 7
# How a fault stands that a release of another day shows.
IN_DOUBT = {DiagnosisState.CATEGORY: Severity.WARNING, DiagnosisState.UNKNOWN: Severity.INFO}


def pointers(check: Checking) -> Iterator[Hit]:
    """Lines without a pointer, with one beyond the list, with too many, or led by an external cause."""
    for line in check.claim.lines:
        fault = _fault_of_pointers(check, line)
        if fault:
            yield on_line(line, fault=fault)


def _fault_of_pointers(check: Checking, line: Line) -> str:
    listed = len(check.claim.diagnoses)
    beyond = [pointer for pointer in line.pointers if not 1 <= pointer <= listed]
    if not line.pointers:
        return "points to no diagnosis"
    if beyond:
        return f"points to diagnosis {beyond[0]}, and there are {listed}"
    if len(line.pointers) > MOST_POINTERS:
        return f"points to {len(line.pointers)} diagnoses; a line holds {MOST_POINTERS}"

    first = check.claim.diagnoses[line.pointers[0] - 1]
    if first in check.codes("causes"):
        return f"points first to {first}, an external cause"
    return ""


def incomplete(check: Checking) -> Iterator[Hit]:
    """Diagnoses that are categories, or not valid on the day.

    Where no release of the day is loaded another one doubts categories, and is unsure of codes that it does not know.
    """
    table = check.tables.diagnoses
    if table is None:
        return
    # A caveat says that the release is not that of the day: what it says is in doubt.
    is_in_doubt = bool(table.caveat)

    for place, code in enumerate(check.claim.diagnoses, start=1):
        diagnosis = table.rows.get(code)
        state = diagnosis.state if diagnosis else DiagnosisState.UNKNOWN
        if state is DiagnosisState.VALID:
            continue

        if state is DiagnosisState.CATEGORY:
            fault = "needs more characters"
        elif is_in_doubt:
            fault = f"is not known in {table.name}"
        else:
            fault = "is not valid on this day"

        lines = tuple(line.number for line in check.claim.lines if place in line.pointers)
        values = {"diagnosis": code, "fault": fault}
        severity = IN_DOUBT[state] if is_in_doubt else None
        yield Hit(lines, row_of(table, code), values, severity)


def excluded(check: Checking) -> Iterator[Hit]:
    """Two diagnoses of which one's notes exclude the other."""
    for first, second in combinations(check.claim.diagnoses, 2):
        for code, other in ((first, second), (second, first)):
            diagnosis = check.tables.diagnosis(code)
            if diagnosis is None or not other.startswith(diagnosis.excludes):
                continue

            lines = []
            for line in check.claim.lines:
                own = check.claim.diagnoses_of(line)
                if code in own or other in own:
                    lines.append(line.number)
            row = row_of(check.tables.diagnoses, code)
            yield Hit(tuple(lines), row, {"diagnosis": code, "other": other})
            # Two that exclude each other are told once.
            break


def seventh_character(check: Checking) -> Iterator[Hit]:
    """The encounter that a diagnosis tells of, against what the line does."""
    treatments, cures = check.codes("treatments"), check.modifiers("cures")
    follow_up = check.codes("follow_up")
    first, later = check.options["first"], frozenset(check.options["later"])

    for line in check.claim.lines:
        characters = _seventh_characters(check.claim.diagnoses_of(line))
        only_later = bool(characters) and characters <= later
        is_treatment = line.code in treatments and not line.has(cures)
        treats_later = is_treatment and only_later
        follows_first = line.code in follow_up and first in characters
        if treats_later or follows_first:
            yield on_line(line, characters=", ".join(sorted(characters)))


def _seventh_characters(codes: Iterable[str]) -> set[str]:
    """The seventh characters of the codes that have one."""
    characters = set()
    for code in codes:
        bare = code.replace(".", "")
        if len(bare) == FULL_LENGTH:
            characters.add(bare[-1])
    return characters


def other_diagnosis_only(check: Checking) -> Iterator[Hit]:
    """Lines all of whose diagnoses stand in the list of those that do not go with their codes."""
    against = check.several("against")
    for line in check.lines_of("codes"):
        codes = check.claim.diagnoses_of(line)
        if codes and all(_is_in_one_of(against, code) for code in codes):
            yield on_line(line, diagnoses=", ".join(codes))


def _is_in_one_of(lists: Iterable[CodeList], code: str) -> bool:
    return any(code in listed for listed in lists)


def diagnosis_missing(check: Checking) -> Iterator[Hit]:
    """Lines none of whose diagnoses is of those that their code is for."""
    needed = check.codes("needs")
    for line in check.lines_of("codes"):
        codes = check.claim.diagnoses_of(line)
        if codes and not any(code in needed for code in codes):
            yield on_line(line, diagnoses=", ".join(codes))
