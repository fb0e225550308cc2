"""Editions of drafts: each save is kept; what was saved can be taken back, as an edition of its own."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from coding.actions.errors import Conflict
from coding.models import (
    DraftEdition,
    LexiconDocument,
    LexiconTerm,
    RuleDocument,
    RuleSetVersion,
    User,
)
from coding.rules import lexicons, rulebook
from coding.rules.draft_content import (
    BESIDE,
    CASES,
    CASES_PART,
    OWN,
    PARTS,
    Content,
    Part,
    beside_of,
    content_of,
    content_of_table,
    without_ids,
)
from coding.rules.lexicons import TERM_FIELDS


def keep(
    actor: User,
    version: RuleSetVersion,
    number: int,
    document: RuleDocument | None,
    lexicon: LexiconDocument | None,
    what: str = "",
) -> DraftEdition:
    """Keep what was saved. Part of the verbs that save, whose events tell it; the version is locked."""
    return DraftEdition.objects.create(
        version=version,
        number=number,
        author=actor,
        document=document,
        content=None if document else without_ids(content_of(version)),
        lexicon=lexicon,
        terms=None if lexicon else _terms_of(version),
        beside=beside_of(version),
        what=what[:200],
    )


def _terms_of(version: RuleSetVersion) -> dict[str, Any] | None:
    """The rows of a lexicon that has errors, so that they can be taken up again; None where there are none."""
    rows = list(version.lexicon_terms.order_by("position", "id").values(*TERM_FIELDS))
    if not rows:
        return None
    return {"frame": version.lexicon_frame, "terms": rows}


def content_then(edition: DraftEdition) -> Content:
    """What the draft said. Raises Conflict for an edition that stood before broken drafts were kept."""
    beside = edition.beside or {}
    if edition.document is not None:
        return content_of_table(rulebook.table_of(edition.document)) | beside
    if edition.content is None:
        raise Conflict(
            f"Of {edition} only its number is kept: its rules had errors before editions were kept."
        )
    own: Content = edition.content
    return own | beside


def write_back(version: RuleSetVersion, edition: DraftEdition) -> None:
    """Write an edition as the rows of its draft. A row that both have stays the row that it is. The caller saves."""
    content = content_then(edition)
    # An edition of the time before these were kept leaves what stands.
    kept = [name for name in (*OWN, *BESIDE) if name in content]
    for name in kept:
        setattr(version, name, content[name])
    day = content.get("effective_from")
    if day:
        version.effective_from = date.fromisoformat(day)
    version.save(update_fields=kept)

    for key, part in (*PARTS.items(), (CASES, CASES_PART)):
        if key in content:
            _write_part(version, part, content[key])
    _write_lexicon(version, edition)


def _write_part(version: RuleSetVersion, part: Part, contents: list[dict[str, Any]]) -> None:
    """Let the rows of a part be these, in their order. A row of a name that stands there stays the row that it is."""
    own = getattr(version, part.rows)
    staying = _rows_by_name(own.all(), part, contents)
    own.exclude(pk__in=[row.pk for row in staying.values()]).delete()

    opened: list[Any] = []
    for position, values in enumerate(contents, start=1):
        row = staying.get(values.get(part.name))
        if row is None:
            row = part.model(version=version)
            opened.append(row)
        for name, value in {**values, "position": position}.items():
            setattr(row, name, value)
    own.bulk_update(staying.values(), [*part.fields, "position"])
    own.bulk_create(opened)


def _rows_by_name(
    rows: Iterable[Any], part: Part, contents: list[dict[str, Any]]
) -> dict[Any, Any]:
    """Those of the rows that a content names, by that name; none of a part whose rows have no name."""
    if not part.name:
        return {}
    names = {values[part.name] for values in contents}
    by_name = {getattr(row, part.name): row for row in rows}
    return {name: row for name, row in by_name.items() if name in names}


def _write_lexicon(version: RuleSetVersion, edition: DraftEdition) -> None:
    if edition.lexicon is not None and edition.lexicon != version.lexicon:
        version.lexicon_terms.all().delete()
        version.lexicon_frame = lexicons.write_rows(version, lexicons.lexicon_of(edition.lexicon))
    elif edition.terms is not None:
        version.lexicon_terms.all().delete()
        version.lexicon_frame = edition.terms["frame"]
        terms = []
        for place, row in enumerate(edition.terms["terms"], start=1):
            terms.append(LexiconTerm(version=version, position=place, **row))
        LexiconTerm.objects.bulk_create(terms)
    version.save(update_fields=["lexicon_frame"])
