"""The rows of a group as a small table: added, changed and removed, and refused by row and field."""

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from django import forms

from coding.decision import FactDefinition, Facts, FactValue, Group, Kind, Known
from coding.rules.from_note import written
from reviews.forms.coding import (
    SILENCES,
    WRITTEN,
    answered_twice,
    known_answers,
    not_an_answer,
    read_answer,
)

MOST_ROWS = 50
SILENCE = "-silence"


class Cell(NamedTuple):
    """A field of a row as the table shows it; beside a written one whether there is no answer."""

    label: str
    unit: str
    field: forms.BoundField
    silence: forms.BoundField | None


class RowForm(forms.Form):
    """One row: an answer to each fact."""

    def __init__(
        self,
        facts: Sequence[FactDefinition],
        number: int,
        data: Mapping[str, str] | None = None,
        initial: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}), prefix=f"row-{number}")
        self.facts = facts
        self.number = number
        self.answers: dict[str, FactValue] = {}
        for fact in facts:
            self._add(fact)

    def _add(self, fact: FactDefinition) -> None:
        label = f"Row {self.number}, {fact.label}"
        if fact.is_listed:
            choices = [("", "Choose"), *known_answers(fact), *SILENCES]
            field = forms.ChoiceField(required=False, label=label, choices=choices)
            field.widget.attrs = {"class": "form-select", "aria-label": label}
            self.fields[fact.key] = field
            return
        text = forms.CharField(required=False, label=label, max_length=200)
        text.widget.attrs = {"class": "form-control", "autocomplete": "off", "aria-label": label}
        self.fields[fact.key] = text
        silence = forms.ChoiceField(
            required=False, label=f"{label}: answer", choices=WRITTEN + SILENCES
        )
        silence.widget.attrs = {"class": "form-select", "aria-label": f"{label}: answer"}
        self.fields[fact.key + SILENCE] = silence

    @property
    def cells(self) -> list[Cell]:
        """The fields in the order of the columns."""
        cells = []
        for fact in self.facts:
            name = fact.key + SILENCE
            silence = self[name] if name in self.fields else None
            cells.append(Cell(fact.label, fact.unit, self[fact.key], silence))
        return cells

    def clean(self) -> dict[str, Any]:
        """The answers as the core reads them."""
        data = self.cleaned_data
        for fact in self.facts:
            text = data.get(fact.key, "").strip()
            silence = data.get(fact.key + SILENCE, "")
            if text and silence:
                self.add_error(fact.key, answered_twice(text, silence))
            elif fact.key not in self.errors:
                self._read(fact, silence or text)
        return data

    def _read(self, fact: FactDefinition, text: str) -> None:
        answer = read_answer(fact, text)
        if answer is not None:
            self.answers[fact.key] = answer
            return
        is_number = fact.kind is Kind.WHOLE_NUMBER
        wanted = f"Write {fact.wanted_number}." if is_number else "Choose an answer."
        self.add_error(fact.key, not_an_answer(text, wanted))


class GroupRowsForm:
    """All rows of a group. ``what`` of what was sent is to be done: ``save``, ``add``, or ``remove-2``."""

    def __init__(
        self, group: Group, facts: Sequence[FactDefinition], forms_of_rows: list[RowForm]
    ) -> None:
        self.group = group
        self.facts = facts
        self.rows = forms_of_rows

    @classmethod
    def of(
        cls, group: Group, facts: Sequence[FactDefinition], rows: Sequence[Facts]
    ) -> "GroupRowsForm":
        """The rows as they stand."""
        return cls._unbound(group, facts, [_as_written(facts, row) for row in rows])

    @classmethod
    def _unbound(
        cls, group: Group, facts: Sequence[FactDefinition], texts: Sequence[Mapping[str, str]]
    ) -> "GroupRowsForm":
        rows = [RowForm(facts, number, initial=own) for number, own in enumerate(texts, start=1)]
        return cls(group, facts, rows)

    @classmethod
    def sent(
        cls, group: Group, facts: Sequence[FactDefinition], data: Mapping[str, str]
    ) -> "GroupRowsForm":
        """The rows as they were sent, to be checked; or changed by one row, and not checked yet."""
        numbers = range(1, _count(data) + 1)
        what = data.get("what", "save")
        if what == "save":
            return cls(group, facts, [RowForm(facts, number, data) for number in numbers])

        removed = what.removeprefix("remove-")
        kept = [number for number in numbers if str(number) != removed]
        texts = [_as_sent(facts, number, data) for number in kept]
        if what == "add" and len(numbers) < MOST_ROWS:
            texts.append({})
        form = cls._unbound(group, facts, texts)
        if what == "add" and form.rows:
            form.rows[-1].fields[facts[0].key].widget.attrs["autofocus"] = True
        return form

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.rows)

    @property
    def is_full(self) -> bool:
        """Whether no row can be added."""
        return self.count >= MOST_ROWS

    @property
    def is_bound(self) -> bool:
        """Whether it is to be saved."""
        return all(row.is_bound for row in self.rows)

    def is_valid(self) -> bool:
        """Whether each row is complete; every one is looked at."""
        return not self.problems

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """What is wrong: the field's id, its row and label, and the words."""
        problems = []
        for row in filter(attrgetter("is_bound"), self.rows):
            for field in row:
                for error in row.errors.get(field.name, []):
                    problems.append((field.auto_id, str(field.label), str(error)))
        return problems

    @property
    def answers(self) -> list[Facts]:
        """The rows for the verb."""
        return [row.answers for row in self.rows]


def _count(data: Mapping[str, str]) -> int:
    text = data.get("count", "")
    is_number = text.isascii() and text.isdecimal() and len(text) < 4
    return min(int(text), MOST_ROWS) if is_number else 0


def _as_sent(
    facts: Sequence[FactDefinition], number: int, data: Mapping[str, str]
) -> dict[str, str]:
    """What was sent of a row, to be shown again as it was written."""
    texts: dict[str, str] = {}
    for fact in facts:
        for name in (fact.key, fact.key + SILENCE):
            texts[name] = data.get(f"row-{number}-{name}", "")
    return texts


def _as_written(facts: Sequence[FactDefinition], row: Facts) -> dict[str, str]:
    texts: dict[str, str] = {}
    for fact in facts:
        if fact.key not in row:
            continue
        answer = row[fact.key]
        if isinstance(answer, Known):
            texts[fact.key] = written(fact, answer)
        else:
            name = fact.key if fact.is_listed else fact.key + SILENCE
            texts[name] = answer.value
    return texts
