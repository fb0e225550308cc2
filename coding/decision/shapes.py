"""The shapes of codes, modifiers and days, once for all that reads them: files, forms, addresses and rules."""

import re

# A code as lists hold it: letters and digits, of CPT and HCPCS alike.
LISTED_CODE = re.compile(r"[A-Z0-9]{5}")
# A code as a line bears it: digits between its first and its last character.
PROCEDURE = re.compile(r"[0-9A-Z][0-9]{3}[0-9A-Z]")
MODIFIER = re.compile(r"[0-9A-Z]{2}")
# Of one claim line.
MOST_MODIFIERS = 4
# A day as ISO 8601 writes it; whether it is in the calendar is another question.
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
