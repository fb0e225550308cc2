"""Windows-1252, in which programs on Windows write text without saying so: read where it looks like it, and shown."""

import re
from collections.abc import Iterable

MOST_WORDS = 5
LONGEST_WORD = 40
# No writer of Windows-1252 puts such a sign between two letters, nor such a capital within a word of small ones.
# What looks so is of another character set, for example of DOS or of an old Macintosh.
LETTER = r"[^\W\d_]"
OUT_OF_PLACE = re.compile(
    rf"(?<={LETTER})[‚ƒ„†‡ˆ‰‹›“”•˜™€¡¢£¤¥¦§¨©«¬®¯°±²³¶·¸¹»¼½¾¿×÷](?={LETTER})|(?<=[A-Za-z])[À-ÖØ-ÞŠŒŽŸ](?=[a-z])"
)
# Nor do these stand in any text; 1A is what old programs write at the end of a file.
CONTROL = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")
WORD = re.compile(r"\S*[^\x00-\x7f]\S*")


def decoded(raw: bytes) -> str | None:
    """The text of bytes that are no UTF-8; None where they do not look like Windows-1252 either."""
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError:
        return None
    return None if OUT_OF_PLACE.search(text) or CONTROL.search(text) else text


def words(texts: Iterable[str]) -> list[str]:
    """The first words with other letters and signs than ASCII has, each once: a person sees whether they are right."""
    shown = (match[0][:LONGEST_WORD] for text in texts for match in WORD.finditer(text))
    return list(dict.fromkeys(shown))[:MOST_WORDS]
