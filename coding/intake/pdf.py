"""The text layer of a PDF, read by a process of its own: a hostile file costs no more than its time and memory."""

import subprocess
import sys
from pathlib import Path

from coding.intake.texts import Unreadable

LARGEST = 10 * 1024 * 1024
SECONDS = 30
PROGRAM = Path(__file__).with_name("pdf_text_layer.py")


def text_of(content: bytes) -> str:
    """The text of all pages. Raises Unreadable."""
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
    text = reading.stdout.decode("utf-8", "replace").strip()
    if not text:
        raise Unreadable(
            "The attachment is a PDF without text, such as a scan. Send the note as text."
        )
    return text
