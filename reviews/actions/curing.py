"""The verb that closes a rule defect by the version that mends it, and looks again at its services."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Min

from coding.models import RuleSetVersion, User
from reviews.actions import defects, runs
from reviews.actions.runs import Scope
from reviews.models import ReevaluationRun, RuleDefect, Ruling


def close(
    actor: User, defect: RuleDefect, version: RuleSetVersion | None, reason: str
) -> ReevaluationRun | None:
    """Close a defect. By a version: a run of it is opened over the services since the first of the defect's."""
    with transaction.atomic():
        defects.close(actor, defect, version, reason)
        if version is None:
            return None
        return runs.open_run(actor, version, Scope(served_from=first_day_of([defect])))


def first_day_of(cured: Iterable[RuleDefect]) -> date:
    """The first day of service of the cases in which rulings found the defects."""
    cured = list(cured)
    rulings = Ruling.objects.filter(defect__in=cured)
    first: date | None = rulings.aggregate(first=Min("case__service__day"))["first"]
    return first or min(defect.case.service.day for defect in cured)
