"""Values of files: as messages may show them, without what a database chokes on, diagnosis codes with their dot."""

import re

LONGEST_SHOWN = 60
UNDOTTED = re.compile(r"[A-Za-z][0-9][0-9A-Za-z]{2,5}")
# What no text may hold, apart from the tabs, line and page breaks of a note. Half a surrogate pair cannot be stored.
UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
UNFIT_IN_NOTE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def shown(value: str) -> str:
    """The value as a message shows it."""
    return fit(value[:LONGEST_SHOWN])


def fit(value: str) -> str:
    """The value without what a database chokes on."""
    if value.isprintable():
        return value
    return UNFIT.sub("\N{REPLACEMENT CHARACTER}", value)


def dotted(code: str) -> str:
    """A diagnosis code with its dot: Q6502 is Q65.02."""
    code = code.strip()
    if not UNDOTTED.fullmatch(code):
        return code
    category, detail = code[:3], code[3:]
    return f"{category}.{detail}"


def counted(count: int, noun: str) -> str:
    """A number of things in words: 1 row, 2 rows."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
