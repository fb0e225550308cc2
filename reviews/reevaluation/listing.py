"""The services that a run changes, one by one: narrowed, told in words, and as rows of a file."""

from collections.abc import Iterable, Iterator
from typing import Any

import django_filters
from django.db.models import F, QuerySet

from coding.decision import Decision, FactError, describe_facts, explain, facts_from_data
from coding.models import Service
from coding.models.reported import OUTCOMES
from coding.rules import rulebook
from coding.views.filters import ListFilter
from reviews.models import Ending, ReevaluationRun

COLUMNS = (
    "source",
    "external_id",
    "service",
    "date_of_service",
    "payer",
    "coder",
    "state",
    "ending",
    "old_outcome",
    "old_rule",
    "new_outcome",
    "new_rule",
    "deciding",
    "final_code",
    "contradicts_final_code",
    "ruled_by_supervisor",
)


class ChangeFilter(ListFilter):
    """What the list of changes can be narrowed to."""

    old = django_filters.ChoiceFilter(field_name="old_report", empty_label="Any")
    new = django_filters.ChoiceFilter(field_name="new_report", empty_label="Any")
    new_rule = django_filters.ChoiceFilter(
        field_name="new_rule", label="New rule", empty_label="Any"
    )
    ending = django_filters.ChoiceFilter(
        choices=[choice for choice in Ending.choices if choice[0] != Ending.SAME], empty_label="Any"
    )
    final = django_filters.ChoiceFilter(
        label="Final code",
        choices=[
            ("contradicted", "Contradicted"),
            ("ruled", "Contradicted, and ruled by a supervisor"),
        ],
        method="by_final",
        empty_label="Any",
    )

    class Meta:
        model = Service
        fields: list[str] = []

    def __init__(self, *args: Any, run: ReevaluationRun, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("old", run.cells, "old")
        self._offer("new", run.cells, "new")
        self._offer("new_rule", run.changes, "new_rule")

    def _offer(self, name: str, rows: Any, column: str) -> None:
        """Offer what stands in a column of a run's rows; an outcome that is no code in words."""
        words = dict(OUTCOMES)
        filled = rows.exclude(**{column: ""})
        values = filled.order_by(column).values_list(column, flat=True).distinct()
        self.filters[name].extra["choices"] = [(value, words.get(value, value)) for value in values]

    def by_final(self, changes: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Services whose final code the new outcome contradicts."""
        finals = changes.filter(ending=Ending.OTHER, final_report__isnull=False)
        contradicted = finals.exclude(final_report=F("new_report"))
        if value == "ruled":
            return contradicted.filter(final_ruling__isnull=False)
        return contradicted


def with_profiles(changes: QuerySet[Any]) -> QuerySet[Any]:
    """With everything that a row shows, in a fixed number of queries."""
    related = changes.select_related("suggestion__profile", "assigned_to", "encounter")
    return related.defer("encounter__note", "suggestion__decision")


def deciding(run: ReevaluationRun, service: Any) -> str:
    """The answers on which the new outcome rests, in words; or what there is instead of one."""
    if service.ending != Ending.OTHER:
        return str(service.problem)
    table = rulebook.table_of(run.document)
    try:
        facts = facts_from_data(table.facts, service.suggestion.profile.facts)
    except FactError as error:
        return str(error)
    explanation = explain(table, facts, Decision(None, service.new_rule))
    rests_on = {answer.fact: facts[answer.fact] for answer in explanation.deciding}
    return describe_facts(table.facts, rests_on)


def rows(run: ReevaluationRun, changes: Iterable[Any]) -> Iterator[list[str]]:
    """The rows of a file, in the order of ``COLUMNS``."""
    words: dict[tuple[int, str], str] = {}
    for service in changes:
        key = service.suggestion_id, service.new_rule
        if key not in words:
            # Many services share a suggestion, and explaining costs more than the rest of a row.
            words[key] = deciding(run, service)
        keeps_final = service.final_report in (None, service.new_report)
        contradicts = service.ending == Ending.OTHER and not keeps_final
        coder = service.assigned_to
        yield [
            service.encounter.source,
            service.encounter.external_id,
            str(service.number),
            str(service.day),
            service.payer,
            coder.name if coder else "",
            service.state,
            service.ending,
            service.old_report,
            service.old_rule,
            service.new_report,
            service.new_rule,
            words[key],
            service.final_report or "",
            "yes" if contradicts else "no",
            "yes" if service.final_ruling else "no",
        ]
