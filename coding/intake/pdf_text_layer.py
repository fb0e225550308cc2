"""A program: a PDF in; out, as JSON, the text of its pages, and what was filled in or marked on them.

``coding.intake.pdf`` runs it, within limits of time and memory.
"""

import io
import json
import logging
import resource
import sys
from collections.abc import Callable, Iterator
from typing import Any

from pypdf import PdfReader

MOST_PAGES = 200
# What a page's own text does not hold: fields of forms, and what a reader leaves on it.
FIELD = "/Widget"
SILENT = ("/Link", "/Popup", FIELD)
SECONDS = 20
MEMORY = 1024 * 1024 * 1024


def main() -> None:
    """Read from the standard input, write to the standard output."""
    logging.disable()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    document = PdfReader(io.BytesIO(sys.stdin.buffer.read()))
    pages = document.pages
    if len(pages) > MOST_PAGES:
        raise SystemExit(f"More than {MOST_PAGES} pages.")
    content = {
        "text": "\n\n".join(page.extract_text() for page in pages),
        "fields": _all_of(_fields, document),
        "annotations": _all_of(_annotations, document),
    }
    sys.stdout.write(json.dumps(content))


def _all_of(read: Callable[[PdfReader], Iterator[str]], document: PdfReader) -> list[str]:
    """What a reading gives; one that fails takes no text away."""
    try:
        return list(read(document))
    except Exception:
        return ["they cannot be read"]


def _fields(document: PdfReader) -> Iterator[str]:
    """What the fields of a form hold, with their names."""
    for name, field in (document.get_fields() or {}).items():
        value = str(field.value or "").strip()
        if value and value != "/Off":
            yield f"{name}: {value}"


def _annotations(document: PdfReader) -> Iterator[str]:
    """What was marked or written on the pages, with its words."""
    for page in document.pages:
        for reference in page.get("/Annots") or ():
            annotation: Any = reference.get_object()
            kind = str(annotation.get("/Subtype", ""))
            if kind not in SILENT:
                words = annotation.get("/Contents", "")
                yield f"{kind.strip('/')} {words}".strip()


if __name__ == "__main__":
    main()
