"""Encounters as texts for the tests of readers, and a small set of diagnosis codes."""

from dataclasses import replace
from datetime import date

from coding.intake.check import CodeAnswer, CodeState
from coding.intake.drafts import EncounterTexts, LineDraft

TODAY = date(2026, 6, 30)
TEXTS = EncounterTexts(
    external_id="V-1001",
    patient_reference="MRN-7",
    birth_date="2026-01-15",
    sex="F",
    date_of_service="2026-05-31",
    place_of_service="22",
    provider="Dr. Example",
    payer="Example Health",
    note="Left hip, + Ortolani.\nPavlik harness put on.",
    diagnoses=("Q65.02", "Q65.5"),
    service_lines=(LineDraft("27256", ("LT",), "1", ("1", "2")),),
)


class SomeCodes:
    """Two codes and their category, from October 2025 on."""

    def find(self, code, day):
        if day < date(2025, 10, 1):
            return CodeAnswer(CodeState.NO_RELEASE)
        states = {"Q65.02": CodeState.VALID, "Q65.5": CodeState.VALID, "Q65.0": CodeState.CATEGORY}
        return CodeAnswer(states.get(code, CodeState.UNKNOWN), "FY2026")


def texts(**changes):
    return replace(TEXTS, **changes)
