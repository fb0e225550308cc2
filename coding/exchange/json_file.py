"""Rule sets as JSON: the canonical document itself. Its schema is ``rule_set.schema.json``."""

import json
import re
from typing import Any

from coding.decision import RuleTable, canonical_json
from coding.exchange.errors import UnreadableFile

# As canonical JSON writes it. No database keeps it in a text.
NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def write_json(table: RuleTable) -> bytes:
    """The document, laid out for people; its canonical text gives the content hash of the version."""
    text = json.dumps(table.to_document(), ensure_ascii=False, allow_nan=False, indent=2)
    return f"{text}\n".encode()


def read_json(content: bytes, base: RuleTable | None = None) -> RuleTable:
    """The table of a document; it holds everything, so nothing is taken from ``base``."""
    try:
        text = content.decode("utf-8-sig")
        document = json.loads(text, object_pairs_hook=_no_key_twice, parse_constant=_no_constant)
        canonical = canonical_json(document)
        canonical.encode("utf-8")
    except UnicodeError as error:
        raise UnreadableFile("The file is not text in UTF-8.") from error
    except json.JSONDecodeError as error:
        raise UnreadableFile(f"Line {error.lineno}, column {error.colno}: this is no JSON: {error.msg}.") from error
    except RecursionError as error:
        raise UnreadableFile("The document is nested too deeply to be a rule set.") from error
    except ValueError as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile("The document holds a number that is too long to be read.") from error
    if match := NUL.search(canonical):
        before = canonical[max(match.start() - 40, 0) : match.start()]
        raise UnreadableFile(f"After “{before}” stands the character NUL, which no text may hold. Take it out.")
    return RuleTable.from_document(document)


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for key, value in pairs:
        if key in document:
            raise UnreadableFile(f"“{key}” stands twice in one object. Keep one of them.")
        document[key] = value
    return document


def _no_constant(name: str) -> Any:
    raise UnreadableFile(f"{name} is no value of a rule set.")
