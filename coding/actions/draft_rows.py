"""The rows of a draft while changes are made to them; written to the database once, at the end."""

from collections.abc import Collection, Mapping, Sequence
from itertools import count
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.text import capfirst

from coding.actions.sent_changes import Change, Malformed, Unwanted, number_of, object_of, text_of
from coding.models import Fact, Rule, RuleSetVersion
from coding.rules.draft_content import (
    PARTS,
    RULE_TEXTS,
    UNREAD,
    Cells,
    cells_of,
    conditions_of,
)
from coding.rules.draft_sheet import tidy

Row = TypeVar("Row", Fact, Rule)
FACT_TEXTS = PARTS["facts"].fields
NAMES = ("rule_id", "key")
# So many rules are named for a change.
MOST_NAMED = 5
# What the columns of numbers hold.
INTEGER, NATURAL = range(-(2**31), 2**31), range(2**15)
NUMBERS = {"minimum": INTEGER, "maximum": INTEGER, "decimals": NATURAL}


class Draft:
    """Facts and rules of a locked draft, in order, with what was changed of them."""

    def __init__(self, version: RuleSetVersion) -> None:
        self.version = version
        self.facts = list(version.facts.all())
        self.rules = list(version.rules.all())
        self.new_ids: dict[str, int] = {}
        self.facts_changed = False
        self._changed: dict[int, Model] = {}
        self._touched: set[int] = set()
        # What was changed, and in which rules.
        self._edits: dict[str, list[str]] = {}
        self._cells: dict[int, list[Cells]] = {}

    @property
    def is_changed(self) -> bool:
        """Whether anything says something else than before."""
        return bool(self._edits)

    def words(self) -> str:
        """What was changed, in short, for the history."""
        parts = []
        for what, names in self._edits.items():
            each_once = list(dict.fromkeys(names))
            parts.append(_with_names(what, each_once))
        return ", ".join(parts)

    def touched_rules(self) -> set[int]:
        """The ids of the rules that say something else."""
        return self._touched & {rule.pk for rule in self.rules}

    def store(self) -> None:
        """Write what was changed."""
        order = [fact.key for fact in self.facts]
        for rule in self.rules:
            if rule.pk in self._cells:
                rule.conditions = conditions_of(self._cells[rule.pk], order)
        self._store(Fact, self.facts, FACT_TEXTS)
        self._store(Rule, self.rules, PARTS["rules"].fields)

    def _store(self, model: type[Model], rows: Sequence[Any], fields: Sequence[str]) -> None:
        changed = []
        for position, row in enumerate(rows, start=1):
            if row.position != position or id(row) in self._changed:
                row.position = position
                changed.append(row)
        model._default_manager.bulk_update(changed, [*fields, "position"], batch_size=200)

    # Cells and texts of rules

    def set_cell(self, change: Change) -> None:
        """Another condition on a fact in one alternative of a rule."""
        rule = self._rule(change)
        key = text_of(change, "fact")
        place = number_of(change, "row")
        rows = self._rows_of(rule)
        if len(rows) != number_of(change, "of") or place >= len(rows):
            raise Unwanted(
                f"The alternatives of {rule.rule_id} are others by now.", is_conflict=True
            )
        now = rows[place].get(key, "")
        new = self._tidied(key, text_of(change, "text"))
        if now == new:
            # Two people wrote the same: nothing is left to be asked.
            return
        if now != text_of(change, "was"):
            raise Unwanted(
                f"{rule.rule_id}, {key}, says something else by now.", now, is_conflict=True
            )
        rows[place] = {**rows[place], key: new} if new else _without(rows[place], key)
        self._say(rule, "cell")

    def set_rows(self, change: Change) -> None:
        """Other alternatives of a rule, all together."""
        rule = self._rule(change)
        now = self._rows_of(rule)
        new = self._rows_from(change.get("rows"))
        if now == new:
            return
        if now != change.get("was"):
            raise Unwanted(
                f"The alternatives of {rule.rule_id} are others by now.", now, is_conflict=True
            )
        self._cells[rule.pk] = new
        self._say(rule, "alternatives")

    def set_text(self, change: Change) -> None:
        """Another title, outcome, code, message, source or name of a rule."""
        rule, name = self._rule(change), text_of(change, "field")
        if name not in RULE_TEXTS:
            raise Malformed(f"“{name}” is no column of a rule.")
        if self._set(rule, name, change, f"{rule.rule_id}, {name}"):
            self._say(rule, _column(Rule, name))

    def set_fact_text(self, change: Change) -> None:
        """Another text of a question; with another key its conditions bear that one."""
        fact, name = self._fact(change), text_of(change, "field")
        if name not in FACT_TEXTS:
            raise Malformed(f"“{name}” is no text of a question.")
        before = fact.key
        if self._set(fact, name, change, f"{fact.key}, {name}"):
            self._change_fact(fact, f"{_column(Fact, name)} of {fact.key}")
        if name == "key" and fact.key != before:
            self._rename_cells(before, fact.key)

    def _rename_cells(self, before: str, after: str) -> None:
        for rule in self.rules:
            rows = self._rows_of(rule)
            if any(before in row for row in rows):
                self._cells[rule.pk] = [_renamed(row, before, after) for row in rows]
                self._touch(rule)

    def _set(self, row: Fact | Rule, name: str, change: Change, place: str) -> bool:
        """Whether the text is another one now."""
        now = shown(getattr(row, name))
        new = _value(row, name, change.get("text"))
        if now == shown(new):
            return False
        if now != shown(change.get("was")):
            raise Unwanted(f"{place}, says something else by now.", now, is_conflict=True)
        self._check_free(row, name, new)
        setattr(row, name, new)
        if name in NAMES:
            # At once: another row may take the name that is free now.
            row.save(update_fields=[name])
        return True

    def _check_free(self, row: Fact | Rule, name: str, new: Any) -> None:
        if name not in NAMES:
            return
        rows: Sequence[Any] = self.rules if isinstance(row, Rule) else self.facts
        taken = {getattr(other, name) for other in rows if other is not row}
        if new in taken:
            raise Unwanted(f"“{new}” is there already. Choose another name.")

    # Rows and columns

    def add_rule(self, change: Change) -> None:
        """A new rule behind another one; with a name that is there already, or none, it gets the next free one."""
        texts = object_of(change, "texts")
        rule = Rule(version=self.version, outcome="supervisor_review")
        for name in RULE_TEXTS:
            if name in texts:
                setattr(rule, name, _value(rule, name, texts[name]))
        names = {own.rule_id for own in self.rules}
        if not rule.rule_id or rule.rule_id in names:
            rule.rule_id = free_name(rule.rule_id or "R1", names, _longest(rule, "rule_id"))
        rows = self._rows_from(change.get("rows") or [{}])
        rule.conditions = conditions_of(rows, [fact.key for fact in self.facts])
        self._insert(rule, self.rules, change)
        self._cells[rule.pk] = rows
        self._touch(rule)
        self._tell(f"rule {rule.rule_id} added")

    def delete_rule(self, change: Change) -> None:
        """A rule less; refused if it says something else than was seen."""
        rule = self._rule(change)
        was = object_of(change, "was")
        now = {name: getattr(rule, name) for name in RULE_TEXTS}
        now["rows"] = self._rows_of(rule)
        if any(now[name] != was.get(name) for name in now):
            raise Unwanted(f"{rule.rule_id} says something else by now.", now, is_conflict=True)
        self.rules.remove(rule)
        self._delete(rule, f"rule {rule.rule_id} deleted")

    def move_rule(self, change: Change) -> None:
        """A rule to another place, behind another one or to the beginning."""
        rule = self._rule(change)
        if self._move(rule, self.rules, change):
            self._touch(rule)
            self._tell(f"rule {rule.rule_id} moved")

    def add_fact(self, change: Change) -> None:
        """A new question behind another one."""
        texts = object_of(change, "texts")
        fact = Fact(version=self.version)
        for name in FACT_TEXTS:
            if name in texts:
                setattr(fact, name, _value(fact, name, texts[name]))
        keys = {own.key for own in self.facts}
        if not fact.key or fact.key in keys:
            fact.key = free_name(fact.key or "fact1", keys, _longest(fact, "key"))
        fact.label = fact.label or fact.key
        fact.kind = fact.kind or "yes_no"
        self._insert(fact, self.facts, change)
        self._change_fact(fact, f"question {fact.key} added")

    def delete_fact(self, change: Change) -> None:
        """A question less. Cells that name it stay, and are shown as errors, unless they are emptied too."""
        fact = self._fact(change)
        was = object_of(change, "was")
        now = {name: shown(getattr(fact, name)) for name in FACT_TEXTS}
        if any(now[name] != shown(was.get(name)) for name in now):
            raise Unwanted(f"{fact.key} says something else by now.", now, is_conflict=True)
        self.facts.remove(fact)
        self.facts_changed = True
        self._delete(fact, f"question {fact.key} deleted")

    def move_fact(self, change: Change) -> None:
        """A question to another place: the order of the columns is that of the questions."""
        fact = self._fact(change)
        if self._move(fact, self.facts, change):
            self._change_fact(fact, f"question {fact.key} moved")

    # Parts

    def _rule(self, change: Change) -> Rule:
        return self._row(change, "rule", self.rules, "The rule was deleted meanwhile.")

    def _fact(self, change: Change) -> Fact:
        return self._row(change, "fact_id", self.facts, "The question was deleted meanwhile.")

    def _row(self, change: Change, name: str, rows: Sequence[Row], gone: str) -> Row:
        asked = self.new_ids.get(str(change.get(name)), change.get(name))
        row = next((row for row in rows if row.pk == asked), None)
        if row is None:
            raise Unwanted(gone, is_conflict=True)
        return row

    def _rows_of(self, rule: Rule) -> list[Cells]:
        return self._cells.setdefault(rule.pk, cells_of(rule.conditions))

    def _rows_from(self, sent: Any) -> list[Cells]:
        rows = sent if isinstance(sent, list) else []
        if not rows or not all(isinstance(row, Mapping) for row in rows):
            raise Malformed("The alternatives of a rule are a list of objects.")
        return [self._row_from(row) for row in rows]

    def _row_from(self, sent: Mapping[str, Any]) -> Cells:
        texts = {str(key): str(text) for key, text in sent.items()}
        return {key: self._tidied(key, text) for key, text in texts.items() if text.strip()}

    def _tidied(self, key: str, text: str) -> str:
        text = text.replace("\x00", "")
        if key == UNREAD:
            return text.strip()
        fact = next((fact for fact in self.facts if fact.key == key), None)
        if fact is None:
            return " ".join(text.split())
        return tidy(text, {"kind": fact.kind, "choices": fact.choices})

    def _insert(self, row: Row, rows: list[Row], change: Change) -> None:
        place = self._place(rows, change)
        row.position = place + 1
        row.save()
        rows.insert(place, row)
        self.new_ids[str(change.get("id", ""))] = row.pk

    def _place(self, rows: Sequence[Row], change: Change) -> int:
        """Behind the row that is named; at the beginning without one; at the end if that one is gone."""
        after = self.new_ids.get(str(change.get("after")), change.get("after"))
        if after is None:
            return 0
        for place, row in enumerate(rows, start=1):
            if row.pk == after:
                return place
        return len(rows)

    def _move(self, row: Row, rows: list[Row], change: Change) -> bool:
        before = rows.index(row)
        rows.remove(row)
        rows.insert(self._place(rows, change), row)
        return rows.index(row) != before

    def _delete(self, row: Model, words: str) -> None:
        # At once: what is added behind it may bear its name.
        type(row)._default_manager.filter(pk=row.pk).delete()
        self._tell(words)

    def _change_fact(self, fact: Fact, words: str) -> None:
        self.facts_changed = True
        self._changed[id(fact)] = fact
        self._tell(words)

    def _say(self, rule: Rule, column: str) -> None:
        self._touch(rule)
        self._edits.setdefault(column, []).append(rule.rule_id)

    def _touch(self, rule: Rule) -> None:
        self._touched.add(rule.pk)
        self._changed[id(rule)] = rule

    def _tell(self, words: str) -> None:
        self._edits.setdefault(words, [])


def _column(model: type[Model], name: str) -> str:
    """A column in the words of its rows' pages."""
    return str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _longest(row: Fact | Rule, name: str) -> int:
    """How many characters a column takes."""
    field: Any = row._meta.get_field(name)
    return int(field.max_length)


def free_name(name: str, taken: Collection[str], longest: int) -> str:
    """The name with the next number that none of those that are taken bears, cut where it would be too long."""
    stem = name.rstrip("0123456789")
    width = len(name) - len(stem)
    numbers = [own.removeprefix(stem) for own in taken if own.startswith(stem)]
    highest = max((int(number) for number in numbers if number.isdecimal()), default=0)
    for following in count(highest + 1):
        number = f"{following:0{width}d}"
        numbered = stem[: longest - len(number)] + number
        # Cut, it may be that of another row.
        if numbered not in taken:
            break
    return numbered


def _with_names(what: str, names: Sequence[str]) -> str:
    """A change with the first rules in which it was made."""
    if not names:
        return what
    more = " …" if len(names) > MOST_NAMED else ""
    return f"{what} of {', '.join(names[:MOST_NAMED])}{more}"


def shown(value: Any) -> Any:
    """A value of a row as the page shows it: what is empty is an empty text."""
    return "" if value is None else value


def _value(row: Fact | Rule, name: str, sent: Any) -> Any:
    """What the column keeps of what was sent. Raises Unwanted for what it cannot keep."""
    field: Any = row._meta.get_field(name)
    if name == "asked_first":
        return sent is True or sent in ("yes", "true", "True")
    if name in NUMBERS:
        return _whole(sent, name)
    text = str(shown(sent)).replace("\x00", "").replace("\r\n", "\n").strip()
    try:
        if text:
            return field.clean(text, row)
    except ValidationError as error:
        raise Unwanted(f"{capfirst(field.verbose_name)}: {' '.join(error.messages)}") from None
    return text


def _whole(sent: Any, name: str) -> int | None:
    if sent in ("", None):
        return 0 if name == "decimals" else None
    try:
        number = int(str(sent))
    except ValueError:
        raise Unwanted(f"{capfirst(name)} is a whole number, not “{sent}”.") from None
    if number not in NUMBERS[name]:
        raise Unwanted(f"{capfirst(name)}: {number} is out of range.")
    return number


def _renamed(cells: Cells, before: str, after: str) -> Cells:
    return {after if key == before else key: text for key, text in cells.items()}


def _without(cells: Cells, key: str) -> Cells:
    return {own: text for own, text in cells.items() if own != key}
