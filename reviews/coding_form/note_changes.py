"""Two texts of a note compared, word by word. Pure."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

WORD = re.compile(r"\s+|[^\s]+")
# Where one note is longer, both are compared line by line: comparing words takes the square of their number.
MOST_WORDS = 4000
# Of what stayed the same, so much is shown around a change.
AROUND = 12


@dataclass(frozen=True, slots=True)
class NoteChange:
    """A part of the comparison: text that stayed, went (``before``), or came (``after``)."""

    same: str = ""
    before: str = ""
    after: str = ""


def note_changes(before: str, after: str) -> list[NoteChange]:
    """The comparison in order; long stretches that stayed the same are shortened to their ends."""
    if before == after:
        return []
    old, new = _parts(before, after)
    comparison = SequenceMatcher(None, old, new, autojunk=False)
    changes = []
    for kind, start, end, new_start, new_end in comparison.get_opcodes():
        went, came = old[start:end], new[new_start:new_end]
        if kind == "equal":
            changes.append(NoteChange(same=_shortened(went)))
        else:
            changes.append(NoteChange(before="".join(went), after="".join(came)))
    return changes


def _parts(before: str, after: str) -> tuple[list[str], list[str]]:
    """Both in parts of one kind: a word would never be the same as a line."""
    old = WORD.findall(before)
    new = WORD.findall(after)
    if max(len(old), len(new)) <= MOST_WORDS:
        return old, new
    return before.splitlines(keepends=True), after.splitlines(keepends=True)


def _shortened(parts: list[str]) -> str:
    """A stretch by its two ends, where that saves more than one of them."""
    if len(parts) <= 3 * AROUND:
        return "".join(parts)
    begin, end = "".join(parts[:AROUND]), "".join(parts[-AROUND:])
    return f"{begin} … {end}"
