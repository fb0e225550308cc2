"""The small files of ``cases/``, as they are or changed, and what readers make of them."""

import io
from datetime import date
from pathlib import Path

from coding.intake.as_document import document_of

CASES = Path(__file__).parent / "cases"
TODAY = date(2026, 11, 25)


def content_of(name, *changes):
    """The bytes of a case with each pair of bytes replaced; what is not there cannot be replaced."""
    content = (CASES / name).read_bytes()
    for old, new in changes:
        assert old in content
        content = content.replace(old, new)
    return content


def document(content, name="file"):
    return document_of(io.BytesIO(content), name, TODAY)


def items(content, name="file"):
    read = document(content, name)
    assert read["file_problem"] is None
    return read["items"]


def lines(item):
    """Service lines in short: 27256-LT x1."""
    return [
        "-".join([line["code"], *line["modifiers"]]) + f" x{line['units']}"
        for line in item["service_lines"]
    ]
