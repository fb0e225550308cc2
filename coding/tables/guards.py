"""The mark before a text that a spreadsheet would run as a formula: an export puts it there, import takes it away."""

GUARD = "'"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", GUARD)


def guarded(cell: str) -> str:
    """The cell as an export writes it, so that no spreadsheet runs it."""
    return GUARD + cell if cell.startswith(FORMULA_STARTS) else cell


def unguarded(cell: str) -> str:
    """The cell without the guard that an export put before it."""
    return cell[1:] if cell.startswith(GUARD) and cell[1:].startswith(FORMULA_STARTS) else cell
