"""A draft read as far as it goes: every error at its place, and the table of all that is sound.

What is broken is left out, with what hangs on it; so a draft with errors can be compared, checked and tried.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from coding.decision import (
    FactDefinition,
    FactError,
    HitPolicy,
    Opening,
    RuleTable,
    TableError,
    parse_rows,
)
from coding.decision.added_lines import lines_from_data
from coding.decision.claim_facts import claim_from_data
from coding.decision.condition_text import parse_cell
from coding.decision.document import optional_list
from coding.decision.errors import DanglingFact, DuplicateId, ForeignCode
from coding.decision.fact_document import FACT_KEYS, fact_from_data
from coding.decision.groups import groups_from_data
from coding.decision.table import Rule, diagnoses_from_data, modifier_from_data, rule_from_data
from coding.models import Fact, RuleSet, RuleSetVersion
from coding.rules import rulebook
from coding.rules.derived_text import parse_derived
from coding.rules.draft_content import RULE_TEXTS, UNREAD, Content, cells_of, content_of
from coding.rules.draft_rules import frame_of, read_rule, rule_data

TEXTS = ("title", "message", "basis")
UNWRITTEN = "not written yet"
FURTHER_WORDS = {
    "lines": "Further lines",
    "groups": "Groups",
    "claim": "Facts of claim checks",
    "opening": "What opens its services",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What cannot be read, and where: the part of the draft, the row's place in it, and the column.

    ``alternative`` counts the alternatives of a rule from 0; the column of one of its cells is the fact's key. What is
    wrong with the draft itself stands in the part ``version``.
    """

    part: str
    row: int
    words: str
    column: str = ""
    alternative: int | None = None


@dataclass(slots=True)
class Reading:
    """The table of what is sound, all problems, and how many rules were left out."""

    table: RuleTable
    problems: list[Problem] = field(default_factory=list)
    left_out: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether nothing was left out."""
        return not self.problems

    def words(self) -> str:
        """All problems in one text."""
        return " ".join(problem.words for problem in self.problems)


def read_draft(version: RuleSetVersion) -> Reading:
    """Read the rows of a version as they stand."""
    return read_content(version.rule_set, content_of(version))


def read_content(rule_set: RuleSet, content: Content) -> Reading:
    return _Reader(rule_set, content).read()


def as_it_stands(version: RuleSetVersion) -> tuple[RuleTable, list[Problem]]:
    """The table of a version, of a broken draft that of what can be read, with the problems of what cannot."""
    if version.document is not None:
        return rulebook.table_of(version.document), []
    reading = read_draft(version)
    return reading.table, reading.problems


class _Reader:
    def __init__(self, rule_set: RuleSet, content: Content) -> None:
        self.rule_set = rule_set
        self.content = content
        self.problems: list[Problem] = []
        self.left_out = 0
        self.facts: dict[str, FactDefinition] = {}
        # The facts that are there but cannot be read: what names one of them is no error of its own.
        self.broken: set[str] = set()
        self.names: set[str] = set()
        self.family = tuple(str(content["family"]).split())

    def read(self) -> Reading:
        for place, row in enumerate(self.content["facts"]):
            self._read_fact(place, row)
        self.frame = frame_of(tuple(self.facts.values()), self.family)
        rules = []
        for place, row in enumerate(self.content["rules"]):
            rule = self._rule(place, row)
            if rule is not None:
                rules.append(rule)

        table = RuleTable(
            key=self.rule_set.key,
            name=self.rule_set.name,
            description=self.content["description"],
            notes=tuple(rulebook.notes_of(self.content["notes"])),
            family=self.family,
            hit_policy=HitPolicy(self.content["hit_policy"]),
            facts=tuple(self.facts.values()),
            rules=tuple(rules),
            modifiers=self._lines("modifiers", self._modifier),
            diagnoses=self._lines("diagnoses", self._diagnosis),
            **self._further(),
        )
        return Reading(table, self.problems, self.left_out)

    def _tell(
        self, part: str, row: int, words: str, column: str = "", alternative: int | None = None
    ) -> None:
        self.problems.append(Problem(part, row, words, column, alternative))

    def _read_fact(self, place: int, row: Mapping[str, Any]) -> None:
        key = row["key"]
        try:
            if key in self.facts:
                raise DuplicateId(
                    f"fact {key}: another question bears this key. Give it one of its own."
                )
            columns = {name: value for name, value in row.items() if name != "id"}
            own = Fact(**columns)
            data = rulebook.fact_to_data(own)
            if own.derived.strip():
                earlier = tuple(self.facts.values())
                data["derived"] = parse_derived(own.derived, own.kind, earlier, f"fact {key}")
            self.facts[key] = fact_from_data(data, self.facts)
        except TableError as error:
            if key not in self.facts:
                self.broken.add(key)
            # A derived table on a question that is broken itself is no error of its own.
            if not self._hangs_on_broken(row["derived"], error):
                column = _named(str(error), sorted(FACT_KEYS), f"fact {key}")
                self._tell("facts", place, str(error), column)

    def _rule(self, place: int, row: Mapping[str, Any]) -> Rule | None:
        rule_id = row["rule_id"]
        if rule_id in self.names:
            words = f"{rule_id}: another rule bears this name. Give it its own."
            self._tell("rules", place, words, "rule_id")
            self.left_out += 1
            return None
        self.names.add(rule_id)

        try:
            return read_rule(row, self.frame)
        except TableError as error:
            self._locate(place, row, error)

        # A rule that lacks nothing but words decides all the same.
        texts = {name: row[name].strip() or UNWRITTEN for name in TEXTS}
        try:
            return read_rule({**row, **texts}, self.frame)
        except TableError:
            self.left_out += 1
            return None

    def _locate(self, place: int, row: Mapping[str, Any], error: TableError) -> None:
        """Tell every cell of the rule that cannot be read, and every column beside them that is wrong."""
        rule_id = row["rule_id"]
        problems_before = len(self.problems)
        hangs_on_broken = False
        for alternative, cells in enumerate(cells_of(row["conditions"])):
            for key, text in cells.items():
                if key in self.broken:
                    hangs_on_broken = True
                words = self._wrong(rule_id, key, text)
                if words:
                    self._tell("rules", place, words, key, alternative)
        for column, words in self._wrong_columns(row):
            self._tell("rules", place, words, column)

        # What no cell and no column shows by itself, such as two that do not go together.
        if len(self.problems) == problems_before and not hangs_on_broken:
            column = _named(str(error), RULE_TEXTS, f"rule {rule_id}")
            self._tell("rules", place, str(error), column)

    def _wrong(self, rule_id: str, key: str, text: str) -> str:
        """What is wrong with a cell, or nothing."""
        if key == UNREAD:
            return _unread(rule_id, text, self.facts)
        if key in self.broken:
            return ""
        if key not in self.facts:
            return f"{rule_id}: there is no fact “{key}”. Take the cell out, or add the question."
        try:
            parse_cell(self.facts[key], text, f"rule {rule_id}")
        except (TableError, FactError) as error:
            return str(error)
        return ""

    def _wrong_columns(self, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """The columns beside the cells that are wrong by themselves: texts that are missing, and the code."""
        bare = rule_data({**row, "guards": "", "conditions": ""}, self.frame)
        for name in TEXTS:
            if not bare[name].strip():
                yield name, f"rule {row['rule_id']}: {name} is missing."
                bare[name] = UNWRITTEN
        try:
            rule_from_data(bare, self.facts, self.family)
        except ForeignCode as error:
            yield "code", str(error)
        except TableError as error:
            yield _named(str(error), RULE_TEXTS, f"rule {row['rule_id']}"), str(error)

    def _lines(self, part: str, read: Callable[[Mapping[str, Any]], Any]) -> tuple[Any, ...]:
        """The rows of a part that can be read."""
        lines = []
        for place, row in enumerate(self.content[part]):
            try:
                lines.append(read(row))
            except TableError as error:
                if not self._hangs_on_broken(row["conditions"], error):
                    self._tell(part, place, str(error))
        return tuple(lines)

    def _modifier(self, row: Mapping[str, Any]) -> Any:
        facts = tuple(self.facts.values())
        rows = parse_rows(row["conditions"], facts, f"modifier {row['modifier']}")
        return modifier_from_data({"modifier": row["modifier"], "rows": rows}, self.facts)

    def _diagnosis(self, row: Mapping[str, Any]) -> Any:
        facts = tuple(self.facts.values())
        rows = parse_rows(row["conditions"], facts, f"diagnoses {row['codes']}")
        return diagnoses_from_data({"codes": row["codes"].split(), "rows": rows}, self.facts)

    def _hangs_on_broken(self, conditions: str, error: TableError) -> bool:
        if not isinstance(error, DanglingFact):
            return False
        return any(not self.broken.isdisjoint(row) for row in cells_of(conditions))

    def _further(self) -> dict[str, Any]:
        """Lines, groups, facts of claim checks and what opens services, as far as each can be read."""
        members = {**self.content["further"], **self.content["opening"]}
        further = {}
        for name, words in FURTHER_WORDS.items():
            try:
                further[name] = self._member(name, members)
            except TableError as error:
                if not (isinstance(error, DanglingFact) and self.broken):
                    column = "opening" if name == "opening" else "further"
                    self._tell("version", 0, f"{words}: {error}", column)
        return further

    def _member(self, name: str, members: Mapping[str, Any]) -> Any:
        match name:
            case "lines":
                return lines_from_data(optional_list(members, name, "the draft"), self.facts)
            case "groups":
                return groups_from_data(optional_list(members, name, "the draft"), self.facts)
            case "claim":
                return claim_from_data(members.get(name, {}), self.facts)
        return Opening.from_document(members, self.facts)


def _unread(rule_id: str, lines: str, facts: Mapping[str, FactDefinition]) -> str:
    line = lines.splitlines()[0]
    key = line.partition(":")[0].strip()
    if key in facts and ":" in line:
        return f"{rule_id}: {key} stands twice in one row; part alternatives by a line “or”."
    return f"{rule_id}: “{line}” is not of the form “fact: values”."


def _named(words: str, columns: Sequence[str], place: str) -> str:
    """The column that a message names behind its place; the first one, which names the row, where it names none."""
    message = words.removeprefix(place)
    for column in columns:
        if re.search(rf"\b{column}\b", message):
            return column
    return columns[0]
