"""The loaded releases of code sets, as the check of encounters asks them."""

from collections.abc import Collection
from datetime import date

from coding.intake.check import CodeAnswer, CodeState
from coding.intake.values import UNFIT
from coding.models import Code, CodeSet, CodeSetRelease


class LoadedDiagnoses:
    """Some ICD-10-CM codes in the releases that are loaded: two queries for any number of encounters."""

    def __init__(self, codes: Collection[str]) -> None:
        # What no text of a database may hold is not asked for.
        wanted = {code.strip().upper() for code in codes if not UNFIT.search(code)}
        of_icd = CodeSetRelease.objects.filter(code_set=CodeSet.ICD10CM)
        self.releases = list(of_icd.order_by("-valid_from"))
        known = Code.objects.filter(release__in=self.releases, code__in=wanted)
        self.reportable: dict[tuple[int, str], bool] = {}
        for release, code, reportable in known.values_list("release_id", "code", "reportable"):
            self.reportable[release, code] = reportable

    def find(self, code: str, day: date) -> CodeAnswer:
        """What the release in force on the day says of a code in upper case, with its dot."""
        release = self._in_force(day)
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

    def _in_force(self, day: date) -> CodeSetRelease | None:
        """The newest release that has begun; they stand with the newest first."""
        for release in self.releases:
            if release.valid_from <= day:
                return release
        return None
