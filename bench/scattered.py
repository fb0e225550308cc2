"""What reading files costs whose items lie scattered over them: HL7 v2 and FHIR NDJSON, each in a process of its own.

``python -m bench.scattered 100000`` writes a seeded file of so many encounters, reads it to its end, and goes on from
the index at nine tenths as a second worker does. It needs no database.
"""

import argparse
import base64
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import process_time
from typing import BinaryIO, cast

from bench.goals import goal
from bench.processes import peak_megabytes

ROOT = Path(__file__).resolve().parent.parent
# Of memory, in MB, by the number of encounters.
GOALS = {100_000: 150, 1_000_000: 300}
NOTE = "Ultrasound shows the femoral head outside the acetabulum. A harness was fitted; no anesthesia, no manipulation."
SYSTEMS = {
    "diagnosis": "http://hl7.org/fhir/sid/icd-10-cm",
    "procedure": "http://www.ama-assn.org/go/cpt",
    "kind": "text/plain",
}


def messages(encounters: int) -> Iterator[str]:
    """Charges of all visits, then a note of each: what belongs together stands far apart."""
    for number in range(encounters):
        begin = f"MSH|^~\\&|HIS||||20260112||DFT^P03|C{number}|P|2.5\rPID|||P{number}^^^H^MR||||20251201|F\r"
        visit = f"PV1||O|||||||||||||||||V{number}\r"
        yield f"{begin}{visit}DG1|1||Q65.02^^I10\rFT1|1|||20260112||CG|||||||||||||||||||27256^^CPT|LT\r"
    for number in range(encounters):
        begin = f"MSH|^~\\&|HIS||||20260112||MDM^T02|M{number}|P|2.5\rPID|||P{number}^^^H^MR\r"
        document = f"TXA|1|CN|TX|20260112||||||||D{number}|||||AU\r"
        yield f"{begin}PV1||O|||||||||||||||||V{number}\r{document}OBX|1|TX|||{NOTE}\r"


def resources(encounters: int) -> Iterator[str]:
    """The resources of all encounters, kind by kind, as a bulk export writes them."""
    for kind in ("Patient", "Encounter", "Condition", "Procedure", "DocumentReference"):
        for number in range(encounters):
            yield json.dumps(_resource(kind, str(number))) + "\n"


def _resource(kind: str, number: str) -> dict[str, object]:
    subject, encounter = {"reference": f"Patient/{number}"}, {"reference": f"Encounter/{number}"}
    same: dict[str, object] = {"resourceType": kind, "id": number}
    match kind:
        case "Patient":
            return same | {"birthDate": "2025-12-01", "gender": "female"}
        case "Encounter":
            return same | {
                "status": "finished",
                "subject": subject,
                "period": {"start": "2026-01-12"},
            }
        case "Condition":
            code = {"coding": [{"system": SYSTEMS["diagnosis"], "code": "Q65.02"}]}
            return same | {"subject": subject, "encounter": encounter, "code": code}
        case "Procedure":
            code = {"coding": [{"system": SYSTEMS["procedure"], "code": "27256"}]}
            done = {"status": "completed", "performedDateTime": "2026-01-12"}
            return same | done | {"subject": subject, "encounter": encounter, "code": code}
    content = [{"attachment": {"contentType": SYSTEMS["kind"], "data": _base64(NOTE)}}]
    state = {"status": "current", "docStatus": "final"}
    return (
        same
        | state
        | {"subject": subject, "context": {"encounter": [encounter]}, "content": content}
    )


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


WRITERS = {"hl7": messages, "ndjson": resources}


class Counted:
    """A file that counts the bytes that are read of it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self.taken = file, 0
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1) -> bytes:
        """As the file's."""
        content = self._file.read(size)
        self.taken += len(content)
        return content

    def readline(self, size: int = -1) -> bytes:
        """As the file's."""
        line = self._file.readline(size)
        self.taken += len(line)
        return line


def read(key: str, path: Path) -> dict[str, float]:
    """Read a file to its end in this process, then its last tenth from the index alone."""
    from coding.intake.drafts import BEGINNING, Cursor
    from coding.intake.formats import FORMATS
    from coding.intake.index_file import IndexFile
    from coding.intake.scattered import Scattered, surveyed

    reader = cast("Scattered", FORMATS[key].reader)
    with path.open("rb") as file:
        begun = process_time()
        rows = surveyed(reader, file, IndexFile())
        survey = process_time() - begun
        items = sum(1 for _ in reader.items(file, rows, BEGINNING))
        seconds = process_time() - begun
        peak = peak_megabytes(os.getpid())
        again = Counted(file)
        start = Cursor(items * 9 // 10)
        rest = sum(
            1 for _ in reader.items(cast("BinaryIO", again), IndexFile(rows.parts(1 << 20)), start)
        )
    return {
        "items": items,
        "rest": rest,
        "survey": survey,
        "seconds": seconds,
        "peak": peak,
        "again": again.taken / path.stat().st_size,
        "index": sum(map(len, rows.parts(1 << 20))) / 1e6,
    }


def measure(encounters: int) -> None:
    """The figures of both formats, with a goal line each."""
    most = min(
        (bound for size, bound in GOALS.items() if encounters <= size), default=max(GOALS.values())
    )
    with tempfile.TemporaryDirectory() as folder:
        for key, write in WRITERS.items():
            path = Path(folder) / f"encounters.{key}"
            with path.open("w", encoding="utf-8", newline="") as file:
                file.writelines(write(encounters))
            command = [sys.executable, "-m", "bench.scattered", "--read", key, str(path)]
            figures = json.loads(subprocess.check_output(command, cwd=ROOT, env=os.environ))
            size = path.stat().st_size / 1e6
            path.unlink()
            print(
                f"\n{key}: {figures['items']:,} items, {size:,.0f} MB; index {figures['index']:,.0f} MB;"
                f" processor {figures['seconds']:.0f} s, of them survey {figures['survey']:.0f} s"
            )
            goal(
                f"{key}: {encounters:,} encounters accounted for",
                figures["items"],
                encounters,
                encounters,
            )
            goal(
                f"{key}: memory of a reader of {encounters:,} encounters",
                figures["peak"],
                at_most=most,
                unit=" MB",
            )
            name = f"{key}: going on for the last tenth, share of the file read"
            goal(name, figures["again"], at_most=0.15)


def main() -> None:
    """Measure, or read one file as the process that is measured."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("encounters", type=int, nargs="?", default=100_000)
    parser.add_argument(
        "--read", nargs=2, metavar=("FORMAT", "FILE"), help="read one file and print its figures"
    )
    options = parser.parse_args()
    if options.read:
        print(json.dumps(read(options.read[0], Path(options.read[1]))))
    else:
        measure(options.encounters)


if __name__ == "__main__":
    main()
