"""The text of a PDF, read by a process of its own: a hostile file costs no more than its time and memory."""

import json
import subprocess
import sys
from pathlib import Path

from coding.intake.shown import Shown, quoted
from coding.intake.texts import Unreadable

LARGEST = 10 * 1024 * 1024
# By the clock; the program ends by itself after fewer of its own work.
SECONDS = 30
PROGRAM = Path(__file__).with_name("pdf_text_layer.py")


def shown_pdf(content: bytes) -> Shown:
    """The text of all pages; what was filled in or marked on them is named. Raises Unreadable."""
    if len(content) > LARGEST:
        raise Unreadable("The attachment is a PDF of more than 10 MB. Send the note as text.")
    # Our own program; nothing of the file is on its command line.
    command = [sys.executable, "-I", str(PROGRAM)]
    try:
        reading = subprocess.run(  # noqa: S603
            command, input=content, capture_output=True, timeout=SECONDS, check=True
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        raise Unreadable(
            "The attachment is a PDF that cannot be read. Send the note as text."
        ) from None
    content_read = json.loads(reading.stdout)
    text = content_read["text"].strip()
    if not text:
        raise Unreadable(
            "The attachment is a PDF without text, such as a scan. Send the note as text."
        )
    fields = quoted("what fields of a form hold:", content_read["fields"])
    annotations = quoted("marks and comments on the pages:", content_read["annotations"])
    return Shown(text, (*fields, *annotations))
