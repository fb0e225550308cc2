"""Lexicons between rows and values: what a rule administrator edits, and what reads a note."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from coding.decision import RuleTable
from coding.evidence import Lexicon, LexiconError
from coding.models import LexiconDocument, LexiconTerm, RuleSetVersion
from coding.rules.from_note import values_of
from coding.work import bulk

TERM_FIELDS = (
    "phrase",
    "fact",
    "value",
    "negated",
    "section",
    "strength",
    "lasting",
    "tied",
    "needs",
    "unless",
    "against",
)
# What a row holds of a member that its document does not write; texts are empty.
UNSAID = {"lasting": False, "tied": False, "strength": "usual"}


def lexicon_of(document: LexiconDocument) -> Lexicon:
    """The lexicon of a stored document, ready to read notes; kept by its content."""
    return _ready(document.content_hash, document)


@lru_cache(maxsize=8)
def _ready(content_hash: str, document: LexiconDocument) -> Lexicon:
    return Lexicon.from_document(document.document)


def store(lexicon: Lexicon) -> LexiconDocument:
    """The document of a lexicon, written if nobody stored the same content before."""
    document, _ = LexiconDocument.objects.get_or_create(
        content_hash=lexicon.content_hash(), defaults={"document": lexicon.to_document()}
    )
    return document


def fits(lexicon: Lexicon, table: RuleTable) -> bool:
    """Whether a lexicon names facts and values of the table only."""
    try:
        lexicon.check_values(values_of(table))
    except LexiconError:
        return False
    return True


def write_rows(version: RuleSetVersion, lexicon: Lexicon) -> dict[str, Any]:
    """Write the terms of a lexicon as the rows of a new draft; the rest of it, for the version to keep."""
    document = lexicon.to_document()
    rows = []
    for position, term in enumerate(document.pop("terms"), start=1):
        values = [_value(term, name) for name in TERM_FIELDS]
        rows.append((version.pk, position, *values))
    bulk.insert(LexiconTerm, ("version_id", "position", *TERM_FIELDS), rows)
    return document


def _value(term: Mapping[str, Any], name: str) -> Any:
    return term.get(name, UNSAID.get(name, ""))


def term_document(term: LexiconTerm) -> dict[str, Any]:
    """A row as JSON data, without what is empty."""
    return _without_empty({name: getattr(term, name) for name in TERM_FIELDS})


def _without_empty(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value != _value({}, name)}


def from_rows(version: RuleSetVersion, table: RuleTable) -> Lexicon | None:
    """The lexicon of a version's rows, checked against its facts; None without rows. Raises LexiconError."""
    rows = list(version.lexicon_terms.order_by("position", "id").values(*TERM_FIELDS))
    if not rows:
        return None
    terms = [_without_empty(row) for row in rows]
    document = {**version.lexicon_frame, "rule_set": table.key, "terms": terms}
    lexicon = Lexicon.from_document(document)
    lexicon.check_values(values_of(table))
    return lexicon
