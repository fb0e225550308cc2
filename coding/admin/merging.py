"""The plain form of a draft that others saved meanwhile: what they changed elsewhere is taken over."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import QueryDict

from coding.actions import editions
from coding.actions.errors import Conflict
from coding.decision import Revision
from coding.models import RuleSetVersion
from coding.rules.draft_content import OWN, PARTS, Content, content_of, rows_without_ids
from coding.rules.draft_differences import differences

# Texts as a form sends them; what is an object or a checkbox is compared by the form itself.
MERGED_OWN = tuple(name for name in OWN if name not in ("further", "opening"))
UNMERGED = ("id", "asked_first")


def merged(sent: QueryDict, version: RuleSetVersion) -> QueryDict:
    """What was sent, with the edits of others in all fields in which nobody edited here.

    If none is left in which both did, it counts as made on the edition that stands.
    """
    then = _seen(sent, version)
    if then is None:
        return sent
    now, own = content_of(version), sent.copy()
    both = [_merge(own, field, old, new) for field, old, new in _fields(sent, then, now)]
    unnamed = any(then[key] != rows_without_ids(now[key]) for key in ("modifiers", "diagnoses"))
    others = any(then[name] != now[name] for name in ("further", "opening"))
    if not (any(both) or unnamed or others):
        own["seen_edition"] = str(version.edition)
    return own


def changed_since(version: RuleSetVersion, seen: int) -> list[Revision]:
    """What others changed in a draft since an edition; nothing where that edition is not kept."""
    edition = version.editions.select_related("document").filter(number=seen).first()
    try:
        return differences(editions.content_then(edition), content_of(version)) if edition else []
    except Conflict:
        return []


def typed(sent: QueryDict, version: RuleSetVersion) -> list[tuple[str, str]]:
    """The fields in which something else was sent than stands, with what was sent."""
    now = content_of(version)
    texts = [(field, _lines(str(sent[field])), new) for field, _, new in _fields(sent, now, now)]
    return [(field, text) for field, text, new in texts if text != new]


def _seen(sent: QueryDict, version: RuleSetVersion) -> Content | None:
    """What the draft said when the form was opened; None if that stands, or is not kept."""
    seen = sent.get("seen_edition", "")
    if not seen.isdecimal() or int(seen) == version.edition:
        return None
    edition = version.editions.select_related("document").filter(number=seen).first()
    try:
        return editions.content_then(edition) if edition else None
    except Conflict:
        return None


def _fields(sent: QueryDict, then: Content, now: Content) -> Iterator[tuple[str, str, str]]:
    """The fields that were sent, with what stood there when the form was opened and what stands there."""
    for name in MERGED_OWN:
        if name in sent:
            yield name, _text(then[name]), _text(now[name])
    for key in ("facts", "rules"):
        part = PARTS[key]
        by_id = {str(row["id"]): row for row in now[key]}
        by_name = {row[part.name]: row for row in then[key]}
        for number in range(_count(sent, part.rows)):
            row = by_id.get(sent.get(f"{part.rows}-{number}-id", ""))
            old = by_name.get(row[part.name]) if row else None
            if row and old:
                yield from _of_row(sent, f"{part.rows}-{number}", old, row)


def _of_row(
    sent: QueryDict, prefix: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[tuple[str, str, str]]:
    for name in old:
        field = f"{prefix}-{name}"
        if name not in UNMERGED and field in sent:
            yield field, _text(old[name]), _text(new[name])


def _merge(own: QueryDict, field: str, old: str, new: str) -> bool:
    """Take a field over if it was edited elsewhere only; whether it was edited here and there."""
    mine = _lines(str(own[field]))
    if old != new and mine == old:
        own[field] = new
    return old != new and mine not in (old, new)


def _count(sent: QueryDict, rows: str) -> int:
    count = sent.get(f"{rows}-TOTAL_FORMS", "0")
    return min(int(count), 5000) if count.isdecimal() else 0


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _text(value: Any) -> str:
    return "" if value is None else _lines(str(value))
