"""Rule sets as JSON: the canonical document, and beside it what travels along. The schema: ``rule_set.schema.json``."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from coding.decision import RuleTable, canonical_json
from coding.evidence import Lexicon, LexiconError
from coding.exchange.errors import UnreadableFile

# Members of a file that are not of the rule table, and in no content hash of it.
LEXICON, CASES = "lexicon", "worked_cases"

# As canonical JSON writes it. No database keeps it in a text.
NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


@dataclass(frozen=True, slots=True)
class RuleSetFile:
    """What a file holds: the table; the lexicon, None where the file says nothing of one; so with the worked cases.

    A case is an object as ``coding.rules.case_data`` writes it.
    """

    table: RuleTable
    lexicon: Lexicon | None = None
    cases: tuple[dict[str, Any], ...] | None = None


def write_json(table: RuleTable) -> bytes:
    """The document, laid out for people; its canonical text gives the content hash of the version."""
    return write_rule_set(RuleSetFile(table))


def write_rule_set(file: RuleSetFile) -> bytes:
    """The document with what travels along, laid out for people."""
    document = file.table.to_document()
    if file.lexicon is not None:
        document[LEXICON] = file.lexicon.to_document()
    if file.cases is not None:
        document[CASES] = list(file.cases)
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2)
    return f"{text}\n".encode()


def read_json(content: bytes, base: RuleTable | None = None) -> RuleTable:
    """The table of a document; it holds everything, so nothing is taken from ``base``."""
    return read_rule_set(content).table


def read_rule_set(content: bytes) -> RuleSetFile:
    """What a file holds. Raises TableError."""
    document = _document(content)
    if not isinstance(document, dict):
        return RuleSetFile(RuleTable.from_document(document))
    lexicon = document.pop(LEXICON, None)
    cases = document.pop(CASES, None)
    return RuleSetFile(
        table=RuleTable.from_document(document),
        lexicon=lexicon_from_data(lexicon),
        cases=_cases(cases),
    )


def lexicon_from_data(data: Any) -> Lexicon | None:
    """The lexicon in a file; None for none. Raises UnreadableFile."""
    if data is None:
        return None
    try:
        return Lexicon.from_document(data)
    except LexiconError as error:
        raise UnreadableFile(f"{LEXICON}: {error}") from error


def _cases(data: Any) -> tuple[dict[str, Any], ...] | None:
    if data is None:
        return None
    is_list = isinstance(data, Sequence)
    if not is_list or not all(isinstance(case, dict) for case in data):
        raise UnreadableFile(f"{CASES}: it is a list of objects, one a case.")
    return tuple(data)


def _document(content: bytes) -> Any:
    try:
        text = content.decode("utf-8-sig")
        document = json.loads(text, object_pairs_hook=_no_key_twice, parse_constant=_no_constant)
        canonical = canonical_json(document)
        canonical.encode("utf-8")
    except UnicodeError as error:
        raise UnreadableFile("The file is not text in UTF-8.") from error
    except json.JSONDecodeError as error:
        raise UnreadableFile(
            f"Line {error.lineno}, column {error.colno}: this is no JSON: {error.msg}."
        ) from error
    except RecursionError as error:
        raise UnreadableFile("The document is nested too deeply to be a rule set.") from error
    except ValueError as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile("The document holds a number that is too long to be read.") from error

    match = NUL.search(canonical)
    if match:
        before = canonical[max(match.start() - 40, 0) : match.start()]
        raise UnreadableFile(
            f"After “{before}” stands the character NUL, which no text may hold. Take it out."
        )
    return document


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for key, value in pairs:
        if key in document:
            raise UnreadableFile(f"“{key}” stands twice in one object. Keep one of them.")
        document[key] = value
    return document


def _no_constant(name: str) -> Any:
    raise UnreadableFile(f"{name} is no value of a rule set.")
