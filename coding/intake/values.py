"""Values of files as messages may show them: short, and without what a database or a screen chokes on."""

import re

LONGEST_SHOWN = 60
# What no text may hold, apart from the line breaks and tabs of a note. Half a surrogate pair cannot be stored as UTF-8.
UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
UNFIT_IN_NOTE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def shown(value: str) -> str:
    """The value as a message shows it."""
    return UNFIT.sub("\N{REPLACEMENT CHARACTER}", value[:LONGEST_SHOWN])
