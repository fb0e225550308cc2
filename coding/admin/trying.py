"""One case tried on a version as it stands: the rule that decides, and those that one answer keeps from it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern

from coding.admin.grid import VersionPages
from coding.decision import (
    DecisionError,
    Facts,
    RuleTable,
    complete,
    decide,
    describe_facts,
    in_words,
)
from coding.decision.near_misses import near_misses
from coding.evidence import LexiconError
from coding.forms.tried_case import TriedCaseForm
from coding.models import RuleSetVersion
from coding.rules.draft_reading import Reading, read_draft
from coding.rules.from_note import end_of_note
from coding.rules.trial import lexicon_on_trial

MOST_NEAR = 10


class TrialPages(VersionPages):
    """Answers, or a note, and what comes of them. Nothing is kept."""

    def get_urls(self) -> list[URLPattern]:
        """With the page of the trial."""
        return [self.address("try", self.try_case, "try/"), *super().get_urls()]

    def try_case(self, request: HttpRequest, key: int) -> HttpResponse:
        """The form; sent, it stays as it was typed, with the result beside it."""
        version = self.version_of(request, key)
        reading = read_draft(version)
        form = TriedCaseForm(request.POST or None, table=reading.table)
        context: dict[str, Any] = {"form": form, "reading": reading}
        if form.is_valid():
            context |= _tried(version, reading, form)
        return self.page(
            request, version, "admin/coding/try_case.html", f"Try a case on {version}", **context
        )


def _tried(version: RuleSetVersion, reading: Reading, form: TriedCaseForm) -> dict[str, Any]:
    table, facts = reading.table, dict(form.answers)
    context: dict[str, Any] = {}
    if note := form.cleaned_data["note"].strip():
        try:
            lexicon, _ = lexicon_on_trial(version)
            facts = {**end_of_note(table, lexicon, note).facts, **facts}
        except LexiconError as error:
            context["note_problem"] = str(error)
    context["answers"] = describe_facts(table.facts, facts)
    try:
        decision = decide(table, facts)
    except DecisionError as error:
        return {**context, "defect": str(error), "rows": _rows(table, facts, "")}
    return {**context, "decision": decision, "rows": _rows(table, facts, decision.rule_id or "")}


def _rows(table: RuleTable, facts: Facts, fired: str) -> list[dict[str, Any]]:
    """The rule that decides and the near misses as rows of cells, in the order of the rules."""
    known = complete(table, facts)
    missed = [miss for miss in near_misses(table, facts) if miss.rule_id != fired][:MOST_NEAR]
    failing = {(miss.rule_id, miss.alternative): miss.cell.fact for miss in missed}
    rows = []
    for rule in table.rules:
        for number, row in enumerate(rule.rows):
            holds = rule.id == fired and all(
                cell.test.accepts(known.get(cell.fact)) for cell in row
            )
            fails = failing.get((rule.id, number), "")
            if holds or fails:
                cells = [_cell(table, cell, known, fails) for cell in row]
                rows.append({"rule": rule, "fired": holds, "cells": cells})
    return rows


def _cell(table: RuleTable, cell: Any, known: Facts, fails: str) -> dict[str, Any]:
    fact = table.fact_by_key[cell.fact]
    given = fact.describe(known[cell.fact]) if cell.fact in known else "not answered"
    return {
        "label": fact.label,
        "asks": in_words(fact, cell),
        "given": given,
        "fails": cell.fact == fails,
    }
