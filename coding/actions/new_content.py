"""What a new version is stored with: the documents of its content, and the rows that are edited."""

from django.core.exceptions import ValidationError

from coding.actions.version_gate import Refused
from coding.decision import RuleTable
from coding.evidence import Lexicon
from coding.models import RuleSetVersion
from coding.rules import lexicons, rulebook


def store(version: RuleSetVersion, table: RuleTable, lexicon: Lexicon | None) -> None:
    """Save a new version with the content of a table, and a lexicon: as documents, and as the rows that are edited."""
    version.description = table.description
    version.notes = "\n\n".join(table.notes)
    version.family = " ".join(table.family)
    version.hit_policy = table.hit_policy.value
    version.opening = table.opening.to_document()
    version.document = rulebook.store(table)
    if lexicon and lexicons.fits(lexicon, table):
        version.lexicon = lexicons.store(lexicon)
    version.save()

    try:
        rulebook.write_rows(version, table)
    except ValidationError as error:
        problems = "; ".join(error.messages)
        raise Refused(f"The rules cannot be kept: {problems}") from None
    if lexicon:
        version.lexicon_frame = lexicons.write_rows(version, lexicon)
        version.save(update_fields=["lexicon_frame"])
