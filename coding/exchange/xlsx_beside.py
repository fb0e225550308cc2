"""The sheets of a workbook for what travels with a rule set: its lexicon and its worked cases."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from coding.decision import RuleTable
from coding.evidence import Lexicon
from coding.exchange.errors import Inexpressible, UnreadableFile

LEXICON_SHEET, CASES_SHEET = "Lexicon", "Worked cases"
TEXTS = ("phrase", "fact", "value", "negated", "section", "strength", "needs", "unless", "against")
TICKS = ("lasting", "tied")
TERM_COLUMNS = (*TEXTS, *TICKS)
# Around one column for each fact, which holds the answer as people write it.
BEFORE_ANSWERS = ("case",)
AFTER_ANSWERS = ("outcome", "code", "modifiers", "lines", "origin")
# A case without further lines that says so; an empty cell says nothing of them.
NO_LINES = "none"


def frame_of(lexicon: Lexicon) -> dict[str, Any]:
    """A lexicon without its terms and the key of its rule set."""
    frame = dict(lexicon.to_document())
    del frame["terms"]
    del frame["rule_set"]
    return frame


def term_rows(lexicon: Lexicon) -> Iterator[list[str]]:
    """The terms of a lexicon, a row each."""
    for term in lexicon.to_document()["terms"]:
        texts = dict(term)
        for name in TICKS:
            if term.get(name):
                texts[name] = "yes"
        yield [str(texts.get(name, "")) for name in TERM_COLUMNS]


def lexicon_document(
    key: str, frame: Mapping[str, Any], rows: Sequence[Sequence[str]]
) -> dict[str, Any]:
    """The document of a lexicon, checked when it is read."""
    terms = [_term(row, number) for number, row in enumerate(rows, start=1)]
    return {**frame, "rule_set": key, "terms": terms}


def _term(row: Sequence[str], number: int) -> dict[str, Any]:
    term: dict[str, Any] = {}
    for name, text in zip(TERM_COLUMNS, row, strict=True):
        if text:
            term[name] = text
    for name in TICKS:
        if name not in term:
            continue
        if term[name] != "yes":
            raise UnreadableFile(f"{LEXICON_SHEET}, term {number}, {name}: write yes, or nothing.")
        term[name] = True
    return term


def case_columns(table: RuleTable) -> list[str]:
    """The header of the worked cases."""
    return [*BEFORE_ANSWERS, *table.fact_by_key, *AFTER_ANSWERS]


def case_rows(table: RuleTable, cases: Sequence[Mapping[str, Any]]) -> Iterator[list[str]]:
    """Cases as ``coding.rules.case_data`` writes them, a row each."""
    for case in cases:
        answers = dict(_answer(line) for line in case["answers"])
        for key in answers:
            if key not in table.fact_by_key:
                raise Inexpressible(
                    f"Worked case {case['id']}: there is no fact “{key}”. Mend it, or export as JSON."
                )

        lines = ""
        if "lines" in case:
            lines = ", ".join(case["lines"]) or NO_LINES
        after = {
            "outcome": case["outcome"],
            "code": case.get("code", ""),
            "modifiers": " ".join(case.get("modifiers", ())),
            "lines": lines,
            "origin": case.get("origin", ""),
        }
        given = [answers.get(key, "") for key in table.fact_by_key]
        yield [case["id"], *given, *(after[name] for name in AFTER_ANSWERS)]


def _answer(line: str) -> tuple[str, str]:
    key, _, text = line.partition(":")
    return key.strip(), text.strip()


def cases_document(
    keys: Sequence[str], rows: Sequence[Sequence[str]]
) -> tuple[dict[str, Any], ...]:
    """The cases of a sheet whose columns of answers are these facts."""
    return tuple(_case(keys, row) for row in rows)


def _case(keys: Sequence[str], row: Sequence[str]) -> dict[str, Any]:
    case_id, *rest = row
    answers = []
    for key, text in zip(keys, rest[: len(keys)], strict=True):
        if text.strip():
            answers.append(f"{key}: {text}")
    after = dict(zip(AFTER_ANSWERS, rest[len(keys) :], strict=True))

    case: dict[str, Any] = {
        "id": case_id,
        "answers": answers,
        "outcome": after["outcome"],
        "code": after["code"],
        "modifiers": after["modifiers"].split(),
        "origin": after["origin"],
    }
    lines = after["lines"].strip()
    if lines == NO_LINES:
        case["lines"] = []
    elif lines:
        case["lines"] = [line.strip() for line in lines.split(",")]
    return case
