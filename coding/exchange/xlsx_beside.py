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
    document = lexicon.to_document()
    return {name: part for name, part in document.items() if name not in ("terms", "rule_set")}


def term_rows(lexicon: Lexicon) -> Iterator[list[str]]:
    """The terms of a lexicon, a row each."""
    for term in lexicon.to_document()["terms"]:
        ticks = {name: "yes" for name in TICKS if term.get(name)}
        yield [str({**term, **ticks}.get(name, "")) for name in TERM_COLUMNS]


def lexicon_document(
    key: str, frame: Mapping[str, Any], rows: Sequence[Sequence[str]]
) -> dict[str, Any]:
    """The document of a lexicon, checked when it is read."""
    return {
        **frame,
        "rule_set": key,
        "terms": [_term(row, number) for number, row in enumerate(rows, start=1)],
    }


def _term(row: Sequence[str], number: int) -> dict[str, Any]:
    texts = {name: text for name, text in zip(TERM_COLUMNS, row, strict=True) if text}
    for name in TICKS:
        if texts.get(name, "yes") != "yes":
            raise UnreadableFile(f"{LEXICON_SHEET}, term {number}, {name}: write yes, or nothing.")
    return {**texts, **{name: True for name in TICKS if name in texts}}


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
        lines = ", ".join(case["lines"]) or NO_LINES if "lines" in case else ""
        around = [case["outcome"], case.get("code", ""), " ".join(case.get("modifiers", ())), lines]
        yield [
            case["id"],
            *(answers.get(key, "") for key in table.fact_by_key),
            *around,
            case.get("origin", ""),
        ]


def _answer(line: str) -> tuple[str, str]:
    key, _, text = line.partition(":")
    return key.strip(), text.strip()


def cases_document(
    keys: Sequence[str], rows: Sequence[Sequence[str]]
) -> tuple[dict[str, Any], ...]:
    """The cases of a sheet whose columns of answers are these facts."""
    return tuple(_case(keys, row) for row in rows)


def _case(keys: Sequence[str], row: Sequence[str]) -> dict[str, Any]:
    number, *rest = row
    answers, after = rest[: len(keys)], dict(zip(AFTER_ANSWERS, rest[len(keys) :], strict=True))
    case: dict[str, Any] = {
        "id": number,
        "answers": [
            f"{key}: {text}" for key, text in zip(keys, answers, strict=True) if text.strip()
        ],
        "outcome": after["outcome"],
        "code": after["code"],
        "modifiers": after["modifiers"].split(),
        "origin": after["origin"],
    }
    if lines := after["lines"].strip():
        case["lines"] = [] if lines == NO_LINES else [line.strip() for line in lines.split(",")]
    return case
