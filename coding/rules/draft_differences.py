"""What two states of a draft say differently, row by row and cell by cell, whether they make a rule table or not."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from typing import Any

from coding.decision import Edit, Revised, Revision
from coding.decision.revisions import compared
from coding.rules.draft_content import (
    BESIDE,
    CASES,
    CASES_PART,
    OWN,
    PARTS,
    Cells,
    Content,
    cells_of,
)

WORDS = {
    "facts": "question",
    "rules": "rule",
    "modifiers": "modifier",
    "diagnoses": "diagnoses",
    CASES: "worked case",
}
Rows = Mapping[str, Mapping[str, Any]]


def differences(before: Content, after: Content) -> list[Revision]:
    """All that stands differently: the draft's own texts, questions, rules in their order, and what follows them.

    What one of the two does not tell, such as an edition of the time before it was kept, is not compared.
    """
    told_by_both = before.keys() & after.keys()
    revisions: list[Revision] = []

    texts = []
    for name in (*OWN, *BESIDE):
        if name in told_by_both:
            texts.append((name.replace("_", " "), before[name], after[name]))
    own = tuple(_edits(texts))
    if own:
        revisions.append(Revision("the version", Revised.CHANGED, own))

    labels = {**_labels(before), **_labels(after)}
    for key in (*PARTS, CASES):
        if key in told_by_both:
            revisions += _of_part(key, before[key], after[key], labels)
    return revisions


def _labels(content: Content) -> dict[str, str]:
    """The labels of the questions by their keys, as they head the columns of rules."""
    return {fact["key"]: fact["label"] or fact["key"] for fact in content["facts"]}


def _of_part(
    key: str,
    before: Iterable[Mapping[str, Any]],
    after: Iterable[Mapping[str, Any]],
    labels: Mapping[str, str],
) -> Iterator[Revision]:
    def edits(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Edit]:
        return _of_row(old, new, labels)

    def words_of(row: Mapping[str, Any]) -> Iterator[Edit]:
        return _of_row({}, row, labels)

    return compared(_named(key, before), _named(key, after), edits, words_of)


def _named(key: str, rows: Iterable[Mapping[str, Any]]) -> Rows:
    """Rows by names that stay the same when a row is edited; those without a name of their own by their number."""
    part = CASES_PART if key == CASES else PARTS[key]
    named: dict[str, Mapping[str, Any]] = {}
    for number, row in enumerate(rows, start=1):
        own_name = row[part.name] if part.name else number
        name = f"{WORDS[key]} {own_name}"
        # Two rows may bear one name while a draft is edited.
        named[name if name not in named else f"{name}, row {number}"] = row
    return named


def _of_row(
    before: Mapping[str, Any], after: Mapping[str, Any], labels: Mapping[str, str]
) -> Iterator[Edit]:
    texts = [name for name in after if name not in ("id", "conditions")]
    yield from _edits((name.replace("_", " "), before.get(name), after[name]) for name in texts)
    if "conditions" in after:
        yield from _of_cells(before.get("conditions", ""), after["conditions"], labels)


def _of_cells(before: str, after: str, labels: Mapping[str, str]) -> Iterator[Edit]:
    old_rows, new_rows = cells_of(before), cells_of(after)
    several = max(len(old_rows), len(new_rows)) > 1
    nothing: Cells = {}
    pairs = zip_longest(old_rows, new_rows, fillvalue=nothing)
    for number, (old, new) in enumerate(pairs, start=1):
        where = f"alternative {number}, " if several else ""
        cells = []
        for key in dict.fromkeys([*old, *new]):
            # What could not be read stands under an empty key.
            name = labels.get(key, key) or "unreadable"
            cells.append((f"{where}{name}", old.get(key), new.get(key)))
        yield from _edits(cells)


def _edits(texts: Iterable[tuple[str, Any, Any]]) -> Iterator[Edit]:
    for place, old, new in texts:
        before, after = _text(old), _text(new)
        if before != after:
            yield Edit(place, before, after)


def _text(value: Any) -> str:
    match value:
        case None | False | {}:
            return ""
        case True:
            return "yes"
    return str(value).replace("\r\n", "\n")
