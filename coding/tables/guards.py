"""The mark before a text that a spreadsheet would run as a formula: an export puts it there, import takes it away.

Only what Concord wrote is read without its guards: elsewhere an apostrophe before a sign is a part of the text.
"""

GUARD = "'"
# East Asian editions of spreadsheets run the full-width signs too. A text that begins as a guarded one does is
# guarded once more.
FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", GUARD)


def guarded(cell: str) -> str:
    """The cell as an export writes it, so that no spreadsheet runs it."""
    return GUARD + cell if cell.startswith(FORMULA_STARTS) else cell


def unguarded(cell: str) -> str:
    """The cell without the guard that an export put before it."""
    return cell[1:] if seems_guarded(cell) else cell


def seems_guarded(cell: str) -> bool:
    """Whether the cell begins as a guarded one does; whether an export wrote it, the cell does not tell."""
    return cell.startswith(GUARD) and cell[1:].startswith(FORMULA_STARTS)
