"""A program: a PDF in, the text of its pages out. ``coding.intake.pdf`` runs it, within limits of time and memory."""

import io
import logging
import resource
import sys

from pypdf import PdfReader

MOST_PAGES = 200
SECONDS = 20
MEMORY = 1024 * 1024 * 1024


def main() -> None:
    """Read from the standard input, write to the standard output."""
    logging.disable()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    pages = PdfReader(io.BytesIO(sys.stdin.buffer.read())).pages
    if len(pages) > MOST_PAGES:
        raise SystemExit(f"More than {MOST_PAGES} pages.")
    text = "\n\n".join(page.extract_text() for page in pages)
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))


if __name__ == "__main__":
    main()
