"""G17: files made to hang, fill or fool a reader, each read by a process of its own that is watched."""

import io
import json
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from tools.audit.attacks import Goal
from tools.audit.site import ROOT

MOST_MEGABYTES, MOST_SECONDS = 512, 10
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BOOK = f'<workbook {NAMESPACE} xmlns:r="{RELATION}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>'
RELATIONS = '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>'
HEADER = "external_id,patient_reference,date_of_service,place_of_service,provider,note\n"
ROW = "V-{0},P-{0},2026-05-31,11,Dr. A,Left hip out.\n"
FOREIGN = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
NOISE = ("csv", "xlsx", "json", "hl7", "837")
MEGABYTE = 1_000_000


def workbook(sheet: Iterator[str] | str, **parts: str) -> bytes:
    """A workbook of hand-made parts."""
    out = io.BytesIO()
    members = {
        "xl/workbook.xml": BOOK,
        "xl/_rels/workbook.xml.rels": RELATIONS,
        "xl/worksheets/sheet1.xml": sheet,
    }
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in {**members, **parts}.items():
            with package.open(name, "w", force_zip64=True) as member:
                for chunk in [content] if isinstance(content, str) else content:
                    member.write(chunk.encode())
    return out.getvalue()


def cell_of(text: Iterator[str] | str) -> Iterator[str]:
    """A sheet of one cell."""
    yield f'<worksheet {NAMESPACE}><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>'
    yield from [text] if isinstance(text, str) else text
    yield "</t></is></c></row></sheetData></worksheet>"


def sheet_of(body: str) -> str:
    """A sheet of these rows."""
    return f"<worksheet {NAMESPACE}><sheetData>{body}</sheetData></worksheet>"


def entities() -> str:
    """A billion laughs."""
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE x [<!ENTITY l0 "ha">{levels}]>' + "".join(cell_of("&l9;"))


def csv(*lines: str) -> bytes:
    """A table with our own columns."""
    return (HEADER + "".join(lines)).encode()


def rows(count: int) -> str:
    """Good rows."""
    return "".join(ROW.format(number) for number in range(count))


def bundle(resource: str) -> bytes:
    """A bundle of one resource."""
    return f'{{"resourceType":"Bundle","type":"collection","entry":[{{"resource":{resource}}}]}}'.encode()


HL7 = b"MSH|^~\\&|E|C|C|L|20260112||DFT^P03|1|P|2.5.1\r"
X12 = b"ISA*00*          *00*          *ZZ*S              *ZZ*R              *260115*0930*^*00501*000000101*0*T*:~"
FILES: dict[str, Callable[[], bytes]] = {
    "cell of 400 MB.xlsx": lambda: workbook(cell_of("x" * MEGABYTE for _ in range(400))),
    "cell at XFD1048576.xlsx": lambda: workbook("".join(cell_of("x")).replace("A1", "XFD1048576")),
    "a million empty rows.xlsx": lambda: workbook(sheet_of("<row/>" * MEGABYTE)),
    "billion laughs.xlsx": lambda: workbook(entities()),
    "foreign entity.xlsx": lambda: workbook(FOREIGN + "".join(cell_of("&f;"))),
    "part outside.xlsx": lambda: workbook("".join(cell_of("x")), **{"../../tmp/out.xml": "x"}),
    "5,000 parts.xlsx": lambda: workbook(
        "".join(cell_of("x")), **{f"xl/p{n}.xml": "x" for n in range(5_000)}
    ),
    "deep.xlsx": lambda: workbook("<a>" * 200_000),
    "cut.xlsx": lambda: workbook("".join(cell_of("x" * 5_000)))[:-200],
    "a mark never closed.csv": lambda: csv('V-1,P-1,2026-05-31,11,Dr. A,"open\n', rows(5_000)),
    "NUL.csv": lambda: csv("V-1,P-1,2026-05-31,11,Dr. A,a\0b\n"),
    "line of 60 MB.csv": lambda: csv("x" * 60 * MEGABYTE, "\n", rows(3)),
    "cell of 5 MB.csv": lambda: csv(
        f'V-1,P-1,2026-05-31,11,Dr. A,"{"x" * 5 * MEGABYTE}"\n', rows(3)
    ),
    "cp1252.csv": lambda: csv("V-1,P-1,2026-05-31,11,Dr. Größe,x\n").decode().encode("cp1252"),
    "half of UTF-16.csv": lambda: csv(rows(100)).decode().encode("utf-16")[:-1],
    "20,000 columns.csv": lambda: (",".join(f"c{n}" for n in range(20_000)) + "\n").encode(),
    "doubled header.csv": lambda: (
        HEADER.replace("note", "provider").encode() + b"a,b,2026-05-31,11,c,d\n"
    ),
    "quotes.csv": lambda: csv('"""\n' * 20_000),
    "100,000 levels.json": lambda: bundle("[" * 100_000),
    "not a number.json": lambda: bundle(
        '{"resourceType":"Encounter","id":"e","length":{"value":NaN}}'
    ),
    "doubled key.json": lambda: bundle(
        '{"resourceType":"Encounter","status":"finished","status":"entered-in-error"}'
    ),
    "5,000 digits.json": lambda: bundle(
        f'{{"resourceType":"Encounter","id":"e","x":{"9" * 5_000}}}'
    ),
    "half a pair.json": lambda: bundle('{"resourceType":"Encounter","id":"\\ud800"}'),
    "wrong types.json": lambda: bundle(
        '{"resourceType":"Encounter","id":{"a":[1]},"period":[],"subject":7}'
    ),
    "60 MB of nothing.json": lambda: bundle(
        '{"resourceType":"Basic","x":"' + "x" * 60 * MEGABYTE + '"}'
    ),
    "segment of 20 MB.hl7": lambda: HL7 + b"PID|" + b"x" * 20 * MEGABYTE + b"\r",
    "200,000 segments.hl7": lambda: HL7 + b"ZZZ|1\r" * 200_000,
    "components.hl7": lambda: HL7 + b"PID|1||" + b"^" * 200_000 + b"\r",
    "no end.837": lambda: X12 + b"\nST*837*0001*005010X222A1~" + b"HL*1**20*1~" * 100_000,
    "odd signs.837": lambda: X12.replace(b"*", b"A") + b"CLM" * 1_000,
}


def noise(seed: int) -> bytes:
    """Bytes at random."""
    return random.Random(seed).randbytes(200_000)


FILES |= {f"noise.{end}": partial(noise, seed) for seed, end in enumerate(NOISE)}


def hostile(folder: Path) -> Iterator[Goal]:
    """Each file read by ``manage.py read_file``: it ends well, within memory and time, and says what is wrong."""
    begun = _read(_written(folder, "plain.csv", csv(rows(1))))
    worst_memory = worst_time = 0.0
    broken = []
    for name, make in FILES.items():
        memory, seconds, answer = _read(_written(folder, name, make()))
        worst_memory, worst_time = max(worst_memory, memory), max(worst_time, seconds)
        if answer is None or memory > MOST_MEGABYTES or seconds > MOST_SECONDS:
            broken.append(f"{name} ({memory:.0f} MB, {seconds:.1f} s)")
    plain = f"a plain file {begun[0]:.0f} MB, {begun[1]:.1f} s"
    figure = f"{len(FILES)} files, {worst_memory:.0f} MB and {worst_time:.1f} s of processor at most ({plain})"
    figure += f"; beyond: {', '.join(broken)}" if broken else ""
    bound = f"no error, {MOST_MEGABYTES} MB, {MOST_SECONDS} s"
    yield Goal("G17", "hostile files, each read by a process", figure, bound, not broken)


def _written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def _read(path: Path) -> tuple[float, float, dict | None]:
    """Peak memory in MB, processor seconds, and the document; None where the process failed."""
    command = [sys.executable, str(ROOT / "manage.py"), "read_file", str(path)]
    with (path.parent / "out").open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, cwd=ROOT)
        _, status, used = os.wait4(process.pid, 0)
    path.unlink()
    seconds = used.ru_utime + used.ru_stime
    if status:
        return used.ru_maxrss / 1024, seconds, None
    return (
        used.ru_maxrss / 1024,
        seconds,
        json.loads((path.parent / "out").read_text(encoding="utf-8")),
    )
