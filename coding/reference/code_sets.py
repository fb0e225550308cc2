"""The loaded releases of code sets, as the check of encounters asks them."""

from collections.abc import Collection
from datetime import date

from coding.intake.check import CodeAnswer, CodeState
from coding.intake.values import UNFIT
from coding.models import Code, CodeSet, CodeSetRelease


class LoadedDiagnoses:
    """Some ICD-10-CM codes in the releases that are loaded: two queries for any number of encounters."""

    def __init__(self, codes: Collection[str]) -> None:
        wanted = {code.strip().upper() for code in codes if not UNFIT.search(code)}
        self.releases = list(
            CodeSetRelease.objects.filter(code_set=CodeSet.ICD10CM).order_by("-valid_from")
        )
        known = Code.objects.filter(release__in=self.releases, code__in=wanted)
        self.reportable = {
            (release, code): reportable
            for release, code, reportable in known.values_list("release_id", "code", "reportable")
        }

    def find(self, code: str, day: date) -> CodeAnswer:
        """What the release in force on the day says of a code in upper case, with its dot."""
        release = next((release for release in self.releases if release.valid_from <= day), None)
        if release is None:
            return CodeAnswer(CodeState.NO_RELEASE)
        match self.reportable.get((release.pk, code)):
            case None:
                state = CodeState.UNKNOWN
            case True:
                state = CodeState.VALID
            case _:
                state = CodeState.CATEGORY
        return CodeAnswer(state, release.release)
