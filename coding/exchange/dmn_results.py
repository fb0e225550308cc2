"""What the outputs of a decision table become: the code of a rule, and the texts around it."""

import re
from collections.abc import Sequence

from coding.decision import OutcomeKind
from coding.exchange.decision_rows import AFTER, BEFORE, LISTED, after_in
from coding.exchange.dmn_model import Grid, Line
from coding.exchange.dmn_questions import place_of
from coding.exchange.errors import UnreadableFile
from coding.exchange.unary_tests import STRING, unquoted

OUTPUTS = (*BEFORE, *AFTER, *LISTED)
# As long as the column of a rule's id is.
LONGEST_ID = 20
CODE = re.compile(r"[A-Z0-9]\d{3,4}[A-Z0-9]?")
NUMBER = re.compile(r"-?(?:\d{1,18}(?:\.\d{1,18})?|\.\d{1,18})")
# As Flowable writes texts; a test so written is refused, for no FEEL engine reads it.
SINGLE_QUOTED = re.compile(r"'([^'\"\\]*)'")
# Results that are no code, however they are written.
NO_CODE = ("", "-", "null", '""', "''")
EMPTY = ("", "-")
QUOTE = '"'
NO_SOURCE = "Imported from a DMN file, which names no source."
RuleTexts = dict[str, str]


def is_own(grid: Grid) -> bool:
    """Whether the outputs are named as an export names them, with an outcome that is one of the four."""
    names = [output.name for output in grid.outputs]
    if not set(names) <= set(OUTPUTS) or not {"code", "outcome"} & set(names):
        return False
    if "outcome" not in names:
        return True
    place = names.index("outcome")
    allowed = {"", "-", '""', *(f'"{kind.value}"' for kind in OutcomeKind)}
    return all(line.results[place] in allowed for line in grid.lines)


def is_export(grid: Grid) -> bool:
    """Whether the outputs are all that an export writes."""
    names = [output.name for output in grid.outputs]
    return names == [*BEFORE, *after_in(names)]


def code_output(grid: Grid, wanted: str = "") -> int:
    """The place of the output that is the code: asked for, called so, holding what looks so, or else the first.

    An output that is calculated can be none, where another is not.
    """
    names = [output.name for output in grid.outputs]
    if wanted:
        if names.count(wanted) != 1:
            listed = ", ".join(f"“{name}”" for name in names) or "none"
            raise UnreadableFile(f"No single output is called “{wanted}”. The table has {listed}.")
        return names.index(wanted)
    if not names:
        raise UnreadableFile("The table has no output.")

    for place, name in enumerate(names):
        if name.lower() == "code":
            return place
    for place in range(len(names)):
        if _holds_codes(grid, place):
            return place
    written_out = (place for place in range(len(names)) if _holds_literals(grid, place))
    return next(written_out, 0)


def _holds_codes(grid: Grid, place: int) -> bool:
    results = [line.results[place] for line in grid.lines]
    words = [result.strip('"') for result in results if result not in EMPTY]
    return bool(words) and all(map(CODE.fullmatch, words))


def _holds_literals(grid: Grid, place: int) -> bool:
    return all(_is_literal(line.results[place]) for line in grid.lines)


def own_texts(grid: Grid, number: int, line: Line) -> RuleTexts:
    """The texts of a rule whose outputs are named as an export names them."""
    place = place_of(grid, number)
    given = dict.fromkeys(OUTPUTS, "")
    for output, text in zip(grid.outputs, line.results, strict=True):
        given[output.name] = _literal(text, f"rule {line.number}, {output.name}", place)

    texts = _texts(
        given["rule"] or _short(line),
        given["outcome"] or _outcome_of(given["code"]),
        given["code"],
        given["title"],
        given["message"],
        given["basis"] or line.note,
    )
    for name in LISTED:
        texts[name] = given[name]
    return texts


def foreign_texts(grid: Grid, number: int, line: Line, code_place: int) -> RuleTexts:
    """The texts of a rule of another tool; results beside the code are kept as they stand, in its message."""
    place = place_of(grid, number)
    column = f"rule {line.number}, {grid.outputs[code_place].name}"
    code = _literal(line.results[code_place], column, place)

    others = []
    for output_place, (output, text) in enumerate(zip(grid.outputs, line.results, strict=True)):
        if output_place != code_place and text not in EMPTY:
            name = output.name or "Result"
            others.append(f"{name}: {text.strip(QUOTE)}")

    rule_id = _short(line)
    message = f"By rule {rule_id}. {'; '.join(others)}".strip()
    return _texts(rule_id, _outcome_of(code), code, "", message, line.note)


def _outcome_of(code: str) -> str:
    """The outcome of a rule that names none: by whether it has a code."""
    return "code" if code else "no_family_code"


def _short(line: Line) -> str:
    if line.id and len(line.id) <= LONGEST_ID:
        return line.id
    return f"R{line.number}"


def _texts(
    rule_id: str, outcome: str, code: str, title: str, message: str, basis: str
) -> RuleTexts:
    return {
        "rule": rule_id,
        "title": title or rule_id,
        "outcome": outcome,
        "code": code,
        "message": message or f"By rule {rule_id}.",
        "basis": basis or NO_SOURCE,
    }


def _literal(text: str, column: str, place: str) -> str:
    """The text of a result, which is a literal: a text, a truth value, or a number such as a code."""
    if text in NO_CODE:
        return ""
    if re.fullmatch(STRING, text, re.DOTALL):
        return unquoted(text, place)
    single_quoted = SINGLE_QUOTED.fullmatch(text)
    if single_quoted:
        return single_quoted[1]
    if _is_literal(text):
        return text
    raise UnreadableFile(f"{column}: “{text}” is no literal. What it calculates is not read.")


def _is_literal(text: str) -> bool:
    is_text = re.fullmatch(STRING, text, re.DOTALL) or SINGLE_QUOTED.fullmatch(text)
    is_bare = text in (*NO_CODE, "true", "false") or NUMBER.fullmatch(text)
    return bool(is_text or is_bare)


def check_codes(grid: Grid, code_place: int) -> None:
    """Refuse results that differ in FEEL, and would be one code: the text "1" and the number 1."""
    literals: dict[str, str] = {}
    for line in grid.lines:
        text = line.results[code_place]
        if text in NO_CODE:
            continue
        first = literals.setdefault(text.strip("\"'"), text)
        if first != text:
            raise UnreadableFile(
                f"rule {line.number}: “{text}” and “{first}” are one code here, but two results there."
            )


def with_own_ids(texts: Sequence[RuleTexts]) -> list[RuleTexts]:
    """The rules of another tool, each under an id of its own."""
    taken: set[str] = set()
    named = []
    for rule in texts:
        rule_id = rule["rule"]
        # Room for a hyphen and three digits.
        beginning = rule_id[: LONGEST_ID - 4]
        number = 2
        while rule_id in taken:
            rule_id = f"{beginning}-{number}"
            number += 1
        taken.add(rule_id)
        named.append({**rule, "rule": rule_id})
    return named
