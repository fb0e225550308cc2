"""What the inputs of a foreign decision table become: questions with answers for all that an input can be."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from coding.decision.facts import SILENCES
from coding.exchange import dmn_moments
from coding.exchange.answer_names import LONGEST, free_name, values_of
from coding.exchange.dmn_model import Grid, Input
from coding.exchange.dmn_moments import Cuts, moments_in, without_moments
from coding.exchange.dmn_silences import silences_of
from coding.exchange.errors import UnreadableFile
from coding.exchange.unary_tests import STRING, decimals_in, read_ranges, read_texts

OPERATORS = ("and", "or", "not", "in", "between", "instance")
STATEMENTS = ("if", "then", "else", "for", "return", "some", "every", "satisfies", "function")
LITERALS = ("null", "true", "false")
# Words that are no part of a name in FEEL.
KEYWORDS = {*OPERATORS, *STATEMENTS, *LITERALS}
PLAIN_NAME = re.compile(r"[^\W\d]\w*(?:[ .][^\W\d]?\w*)*")
KINDS = ("number", "text", "truth", *dmn_moments.KINDS)
# Tests that every answer passes.
UNTESTED = ("", "-")
NULL = "null"
NOT_NULL = re.compile(r"not\s*\(\s*null\s*\)")
SILENT = {"in": ["not_documented"]}
MOST_DECIMALS = 6
# What modelers declare where nobody chose a type, and what Camunda 7 calls a moment: such a column is of the kind of
# its tests, if they are all of one of these.
DECLARED_BY_HABIT = {
    "text": {"number", "truth"},
    dmn_moments.DATE: {dmn_moments.DATE_AND_TIME},
}
# FEEL's types that no question asks for.
UNASKED_TYPES = {"list", "context", "range", "function"}
Cell = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """A fact of the document, and how the tests of its column read."""

    column: int
    fact: Mapping[str, Any]
    values: Mapping[str, str | bool]
    has_silences: bool = False
    cuts: Cuts | None = None

    @property
    def key(self) -> str:
        """The key of the fact."""
        return str(self.fact["key"])

    def cells(self, text: str, place: str) -> list[Cell | None]:
        """The alternatives of a test; None tests nothing."""
        if text == NULL:
            return [dict(SILENT)]
        silences = silences_of(text)
        if silences:
            return [{"in": silences}]
        if self.fact["kind"] == "whole_number":
            return self._numbers(text, place)
        if NOT_NULL.fullmatch(text):
            return [{"in": list(self.values.values())}]
        if self.cuts is not None:
            return [self._stretches(self.cuts.labels(text, place), text)]
        listed = read_texts(text, place)
        if listed is None:
            return [None]
        # The name of a silence is its own value.
        named = [word if word in SILENCES else self.values[word] for word in listed.texts]
        if listed.excluded:
            return [self._others(named)]
        return [{"in": named}]

    def _numbers(self, text: str, place: str) -> list[Cell | None]:
        ranges = read_ranges(text, place, self.fact.get("decimals", 0))
        if ranges is None:
            return [None]
        cells: list[Cell | None] = [{"between": ends} for ends in ranges]
        if _is_denial(text):
            cells.append(dict(SILENT))
        return cells

    def _stretches(self, labels: Sequence[str] | None, text: str) -> Cell | None:
        if labels is None:
            return None
        named: list[str | bool] = [self.values[label] for label in labels]
        if _is_denial(text):
            named += SILENT["in"]
        return {"in": named}

    def _others(self, named: Sequence[str | bool]) -> Cell:
        """All answers but these. In FEEL a missing answer is none of them."""
        every = dict.fromkeys(self.values.values())
        others: list[str | bool] = [value for value in every if value not in named]
        if self.has_silences:
            others += [silence for silence in SILENCES if silence not in named]
        elif not SILENCES.keys() & set(map(str, named)):
            others.append(SILENT["in"][0])
        return {"in": others}


def _is_denial(text: str) -> bool:
    """Whether a test says what an answer is not. In FEEL a missing one passes it."""
    return text.startswith("not") and not NOT_NULL.fullmatch(text)


def check_expression(column: Input, names: Iterable[str]) -> None:
    """Refuse what FEEL would calculate: a question asks for what a name stands for."""
    text = column.expression
    if not text:
        raise UnreadableFile(
            "An input that rules test has neither an expression nor a label. Name it."
        )
    is_plain = PLAIN_NAME.fullmatch(text) and not KEYWORDS & set(re.split(r"\W+", text))
    if not column.has_expression or text in names or is_plain:
        return
    raise UnreadableFile(
        f"Input “{column.label}”: its expression “{text}” is no plain name. What it calculates is not read."
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """An input on its way to a question: its place, the fact as far as it is known, its tests by where they stand.

    ``notes`` takes what a reader of the question should know.
    """

    place: int
    column: Input
    fact: dict[str, Any]
    tests: Mapping[str, str]
    notes: list[str]


def keys_of(inputs: Sequence[Input]) -> list[str]:
    """A key for each input, made of its name; each once."""
    keys: list[str] = []
    for column in inputs:
        word = re.sub(r"\W+", "_", column.expression).strip("_")[:LONGEST] or "input"
        keys.append(free_name(word, keys))
    return keys


def questions_of(grid: Grid) -> tuple[list[Question], list[str]]:
    """The questions that the rules need or the inputs describe, and what a reader of them should know."""
    make_by_kind = {"number": _number, "truth": _truth, "text": _choice}
    make_by_kind.update({kind: partial(_moments, kind) for kind in dmn_moments.KINDS})
    questions: list[Question] = []
    notes: list[str] = []
    for place, (column, key) in enumerate(zip(grid.inputs, keys_of(grid.inputs), strict=True)):
        tests = _tests_of(grid, place)
        kind = _kind(column, tests)
        if not kind:
            notes.append(
                f"The file has an input “{column.label}”, which no rule tests; it is not asked."
            )
            continue
        if column.kind in KINDS and kind != column.kind:
            notes.append(
                f"“{column.label}” is declared as {column.kind}, but all its tests are of a {kind}: read as one."
            )

        fact: dict[str, Any] = {"key": key, "label": column.label, "question": f"{column.label}?"}
        if column.label != column.expression:
            fact["help"] = f"The input “{column.expression}” of the file."
        asked = _Asked(place, column, fact, tests, notes)
        questions.append(make_by_kind[kind](asked))
    return questions, notes


def question_of_moments(grid: Grid, place: int) -> Question | None:
    """The question that a column of dates, times or durations makes; None for any other column."""
    tests = _tests_of(grid, place)
    if not any(map(moments_in, tests.values())):
        return None
    column = grid.inputs[place]
    asked = _Asked(place, column, {"key": column.expression}, tests, notes=[])
    return _moments(_kind(column, tests), asked)


def _tests_of(grid: Grid, place: int) -> dict[str, str]:
    """The tests of a column by where they stand."""
    name = grid.inputs[place].expression
    tests = {}
    for number, line in enumerate(grid.lines):
        tests[f"{place_of(grid, number)}, {name}"] = line.tests[place]
    return tests


def place_of(grid: Grid, number: int) -> str:
    """A rule as errors name it."""
    line = grid.lines[number]
    return f"rule {line.number} ({line.id or 'no id'})"


def _kind(column: Input, tests: Mapping[str, str]) -> str:
    """What the column holds: as declared, else as its tests say; each test has to be of that kind."""
    if not _is_asked(column, tests):
        return ""

    texts = {**tests, f"input {column.expression}": column.allowed}
    kinds = {place: _kind_of_test(text) for place, text in texts.items()}
    is_declared = column.kind in KINDS and not _is_by_habit(column, kinds.values())
    kind = column.kind if is_declared else _kind_by_tests(column, kinds.values())
    if not kind:
        place = next(place for place, text in texts.items() if text not in UNTESTED)
        described = "of no type that its tests tell"
        if column.kind:
            described = f"of the type {column.kind}"
        raise UnreadableFile(f"{place}: “{texts[place]}” is not read: the column is {described}.")

    for place, own in kinds.items():
        if own and own != kind:
            by_what = "declared as" if is_declared else "by its other tests a column of"
            raise UnreadableFile(
                f"{place}: “{texts[place]}” is a test of a {own}, but the column is {by_what} {kind}."
            )
    return kind


def _is_asked(column: Input, tests: Mapping[str, str]) -> bool:
    """Whether a rule tests the column, or its type says what it can be all the same."""
    if any(text not in UNTESTED for text in tests.values()):
        return True
    return column.kind == "truth" or (column.kind in KINDS and bool(column.allowed))


def _kind_by_tests(column: Input, kinds: Iterable[str]) -> str:
    """The kind that the first test of a single one tells, of a column whose type does not; empty where none may."""
    if not _is_own_type(column.kind):
        return ""
    return next((kind for kind in kinds if kind in KINDS), "")


def _is_by_habit(column: Input, kinds: Iterable[str]) -> bool:
    """Whether all tests are of one kind that is declared otherwise by habit."""
    of_tests = set(kinds) - {""}
    return len(of_tests) == 1 and of_tests <= DECLARED_BY_HABIT.get(column.kind, set())


def _is_own_type(kind: str) -> bool:
    """Whether a type is one that the file names but does not define; FEEL's other types are not read."""
    return kind.lower() not in UNASKED_TYPES and "no single value" not in kind


def _kind_of_test(text: str) -> str:
    """Of what a test is; empty if it says nothing, or nothing that is read."""
    held = list(dict.fromkeys(moment.kind for moment in moments_in(text)))
    text = without_moments(text)
    without_strings = re.sub(STRING, "", text, flags=re.DOTALL)
    if without_strings != text:
        held.append("text")
    if re.search(r"\b(true|false)\b", without_strings):
        held.append("truth")
    if re.search(r"(?<![\w@])[.\d]*\d", without_strings):
        held.append("number")
    # Of several, it is a test of none: “a text and a number” goes into the refusal.
    return " and a ".join(held)


def _number(asked: _Asked) -> Question:
    column, fact, notes = asked.column, asked.fact, asked.notes
    decimals = max(map(decimals_in, (*asked.tests.values(), column.allowed)))
    if decimals > MOST_DECIMALS:
        raise UnreadableFile(
            f"Input “{column.label}”: more than {MOST_DECIMALS} decimals are not read."
        )
    fact["kind"] = "whole_number"
    if decimals:
        fact["decimals"] = decimals
    notes.append(f"“{column.label}” is asked {_exactness(decimals)}.")

    ranges = read_ranges(column.allowed, f"input {column.expression}", decimals) or []
    lows = [low for low, _ in ranges if low is not None]
    highs = [high for _, high in ranges if high is not None]
    # An end that one range leaves open is open for the question.
    if ranges and len(lows) == len(ranges):
        fact["minimum"] = min(lows)
    if ranges and len(highs) == len(ranges):
        fact["maximum"] = max(highs)
    if len(ranges) > 1:
        notes.append(
            f"“{column.label}” allows {column.allowed} only; what lies between is not excluded here."
        )
    return Question(asked.place, fact, {})


def _exactness(decimals: int) -> str:
    if not decimals:
        return "as a whole number"
    if decimals == 1:
        return "with one decimal"
    return f"with {decimals} decimals"


def _truth(asked: _Asked, *, has_silences: bool = False) -> Question:
    fact = {**asked.fact, "kind": "yes_no"}
    return Question(asked.place, fact, {"yes": True, "no": False}, has_silences)


def _moments(kind: str, asked: _Asked) -> Question:
    """A choice of the stretches that the tests of the column tell apart."""
    column = asked.column
    read = {where: text for where, text in asked.tests.items() if not _is_of_any(text)}
    cuts = Cuts(kind, read, column.allowed, column.expression)
    labels = list(cuts.stretches.values())
    values: dict[str, str | bool] = {**values_of(labels)}
    choices = [{"value": values[label], "label": label} for label in labels]
    asked.notes.append(
        f"“{column.label}” is a {kind}: asked is which of the stretches it lies in that the rules tell apart."
    )
    fact = {**asked.fact, "kind": "choice", "choices": choices}
    return Question(asked.place, fact, values, cuts=cuts)


def _is_of_any(text: str) -> bool:
    """Whether a test tells no answer from another."""
    return text in UNTESTED or text == NULL or bool(NOT_NULL.fullmatch(text))


def _choice(asked: _Asked) -> Question:
    """A choice of all texts that the column names; where it does not list all that there are, ``other`` is one more."""
    column = asked.column
    allowed = read_texts(column.allowed, f"input {column.expression}")
    listed = allowed.texts if allowed and not allowed.excluded else ()
    is_closed = bool(listed)
    words = dict.fromkeys([*listed, *_texts_in(asked.tests)])
    has_silences = SILENCES.keys() <= words.keys()
    texts = [word for word in words if word not in SILENCES]
    if is_closed and sorted(texts) == ["no", "yes"]:
        return _truth(asked, has_silences=has_silences)

    values: dict[str, str | bool] = {**values_of(texts)}
    choices = [{"value": values[word], "label": word.strip() or "(empty)"} for word in texts]
    if not is_closed:
        other = free_name("other", map(str, values.values()))
        label = "Other" if other == "other" else "Any other text"
        choices.append({"value": other, "label": label})
        # No cell of the file can name it: every literal is one of the texts.
        values[NULL + other] = other
        asked.notes.append(
            f"“{column.label}” can be any text: “{other}” stands for those that no rule names."
        )
    fact = {**asked.fact, "kind": "choice", "choices": choices}
    return Question(asked.place, fact, values, has_silences)


def _texts_in(tests: Mapping[str, str]) -> Iterator[str]:
    """The texts that the tests of a column name."""
    for where, text in tests.items():
        if _is_of_any(text):
            continue
        listed = read_texts(text, where)
        if listed is not None:
            yield from listed.texts
