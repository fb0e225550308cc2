"""What files and requests made to do harm cost: time and memory of a reader, and what an upload leaves behind.

Each file is read by ``manage.py read_file`` in a process of its own, whose start is part of its time; that is processor
time, which others on the machine do not lengthen. Uploads go to a web server whose files in passing have a folder of
their own.
"""

import csv
import http.client
import io
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from bench.goals import goal
from bench.processes import ROOT

if TYPE_CHECKING:
    from coding.models import User

MEGABYTE = 1024**2
SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row>'
    b'<c t="inlineStr"><is>'
)
FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "\t=1+1",
    "'=1+1",
    '=HYPERLINK("http://x.example")',
    "-2+cmd|' /C calc'!A0",
)
BOUNDARY = "concord-bench"
ANSWER_SECONDS = 30


class Cost(NamedTuple):
    """What reading a file took; ``failed`` where the reader did not end as it ends with a file that it refuses."""

    seconds: float
    megabytes: float
    failed: bool


def measure(coder: "User", megabytes: int = 50) -> None:
    """All figures. Files have this size, a sheet of a workbook unpacks to six times as much."""
    with tempfile.TemporaryDirectory() as folder:
        costs = {}
        for path in _files(Path(folder), megabytes):
            costs[path.name] = _read(path)
            path.unlink()
    print("\nfiles made to do harm")
    for name, cost in costs.items():
        print(f"  {name:32} {cost.seconds:6.2f} s {cost.megabytes:6.0f} MB")
    print()
    goal(
        "hostile files: read or refused",
        sum(not cost.failed for cost in costs.values()),
        at_least=len(costs),
    )
    goal(
        "hostile files: the longest",
        max(cost.seconds for cost in costs.values()),
        at_most=10,
        unit=" s",
    )
    goal(
        "hostile files: memory of the reader",
        max(c.megabytes for c in costs.values()),
        at_most=512,
        unit=" MB",
    )
    _formulas()
    _uploads(coder)


def _formulas() -> None:
    """Notes that a spreadsheet would run come back as text in the rejected part, and as they were when it is read."""
    from coding.intake.column_names import FIELDS
    from coding.intake.csv.table import CsvTable
    from coding.intake.drafts import Draft, Layout, Problem
    from coding.intake.xlsx.table import XlsxTable
    from coding.tables.workbook import write_rows

    rows = [[f"E-{at}", *[""] * 7, note, "", ""] for at, note in enumerate(FORMULAS, start=1)]
    table = io.StringIO(newline="")
    csv.writer(table).writerows([FIELDS, *rows])
    wanted: dict[int, tuple[Problem, ...]] = dict.fromkeys(range(1, len(rows) + 1), ())
    runs = changed = 0
    for reader, content in (
        (CsvTable(), table.getvalue().encode()),
        (XlsxTable(), write_rows(FIELDS, rows)),
    ):
        rejected = b"".join(reader.excerpt(io.BytesIO(content), Layout(), wanted))
        again = (
            item for item in reader.read(io.BytesIO(rejected), Layout()) if isinstance(item, Draft)
        )
        changed += sum(item.texts.note != note for item, note in zip(again, FORMULAS, strict=True))
        runs += _formula_cells(rejected)
    goal("formulas in the rejected part: cells that run", runs, at_most=0)
    goal("formulas in the rejected part: texts changed", changed, at_most=0)


def _formula_cells(content: bytes) -> int:
    """The cells of a table or workbook that a spreadsheet would run."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return sum(book.read(name).count(b"<f>") for name in book.namelist())
    cells = (
        cell
        for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        for cell in row
    )
    return sum(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


def _files(folder: Path, megabytes: int) -> Iterator[Path]:
    chance, size = random.Random(1), megabytes * MEGABYTE
    unpacked = [("text", b"<t>", b"a"), ("elements", b"", b"<t/>"), ("tag", b"<t ", b"a")]
    for name, begin, repeated in unpacked:
        path = folder / f"a sheet of {name}.xlsx"
        path.write_bytes(_workbook(SHEET + begin + repeated * (6 * size // len(repeated))))
        yield path
    plain = {
        "one line.csv": b"external_id,note\n" + b"a" * size,
        "an open quotation mark.csv": b'external_id,note\nE-1,"' + b"a,b\n" * (size // 4),
        "fields of one row.csv": b"external_id,note\n" + b"," * size,
        "nested lists.json": b'{"resourceType": "Bundle", "entry": ' + b"[" * size,
        "segments without end.hl7": b"MSH|^~\\&|A|B\rPID|" + b"|" * size,
        "elements without end.x12": b"ISA*00*" + b"*" * size,
        "random bytes.csv": chance.randbytes(size),
    }
    for name, content in plain.items():
        path = folder / name
        path.write_bytes(content)
        yield path


def _workbook(sheet: bytes) -> bytes:
    """A workbook as ours are, but for its sheet."""
    from coding.tables.workbook import write_rows

    package = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(write_rows(["note"], []))) as sound,
        zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in sound.namelist():
            archive.writestr(name, sheet if "worksheets/" in name else sound.read(name))
    return package.getvalue()


def _read(path: Path) -> Cost:
    """One file in a process of its own, by the most memory that it ever held.

    Linux counts what the bench itself held when it began the process: less than that is not shown.
    """
    command = [sys.executable, "manage.py", "read_file", str(path)]
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        failed = process.returncode != 0 or b"Traceback" in errors.read()
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, failed)


def _uploads(coder: "User") -> None:
    """An upload that announces too much, and one that breaks off."""
    from django.conf import settings

    from bench.web import server, session_cookie

    token = "a" * 32
    cookie = f"{session_cookie(coder)}; {settings.CSRF_COOKIE_NAME}={token}"
    with tempfile.TemporaryDirectory() as folder, server(TMPDIR=folder) as (port, _):
        status, taken = _send(
            port, cookie, announced=1024 * MEGABYTE, sent=settings.UPLOAD_BYTES + 64 * MEGABYTE
        )
        _send(port, cookie, announced=100 * MEGABYTE, sent=30 * MEGABYTE, token=token)
        left = _left_in(Path(folder))
    goal("an upload of 1 GB: status", status, at_least=413, at_most=413)
    goal(
        "an upload of 1 GB: taken",
        taken / MEGABYTE,
        at_most=settings.UPLOAD_BYTES / MEGABYTE + 3,
        unit=" MB",
    )
    goal("uploads refused and broken off: files left", left, at_most=0)


def _send(port: int, cookie: str, announced: int, sent: int, token: str = "") -> tuple[int, int]:
    """Send a part of what is announced, then close; the status (0 without an answer) and the bytes taken."""
    begin = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    ).encode()
    head = (
        f"POST /uploads/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n"
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\nContent-Length: {announced}\r\n\r\n"
    ).encode()
    taken = 0
    with socket.create_connection(("127.0.0.1", port), timeout=ANSWER_SECONDS) as connection:
        try:
            connection.sendall(head + begin)
            while taken < sent:
                connection.sendall(b"a" * MEGABYTE)
                taken += MEGABYTE
        except OSError:
            # The server has closed: it takes no more.
            pass
        if taken == sent and token:
            return 0, taken
        answer = http.client.HTTPResponse(connection)
        try:
            answer.begin()
        except (OSError, http.client.HTTPException):
            return 0, taken
        return answer.status, taken


def _left_in(folder: Path) -> int:
    """How many files of an upload are there once the server had time to see that it broke off."""
    deadline = perf_counter() + ANSWER_SECONDS
    while (files := list(folder.glob("*.upload*"))) and perf_counter() < deadline:
        time.sleep(0.1)
    return len(files)
