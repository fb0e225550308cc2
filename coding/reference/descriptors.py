"""Licensed descriptors: files that the house loads for itself. None is shipped, exported or logged."""

import hashlib
import json
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from coding.decision.shapes import LISTED_CODE
from coding.models import DescriptorRelease, User
from coding.tables.csv_lines import read_lines
from coding.tables.errors import FileError

MAY_SEE = "coding.view_descriptorrelease"
DELIMITERS = ("\t", ",", ";", "|")
LARGEST_FILE = 20 * 1024 * 1024
LONGEST_DESCRIPTOR = 2000

Descriptors = dict[str, str]


class Shown(NamedTuple):
    """The descriptor of a code, and the release that it is of."""

    text: str
    release: DescriptorRelease


def folder() -> Path | None:
    """Where the files lie; None where the house loads none."""
    if not settings.DESCRIPTORS_FOLDER:
        return None
    return Path(settings.DESCRIPTORS_FOLDER)


def descriptors_of(content: bytes) -> Descriptors:
    """Code and descriptor, the first two columns of a file; a first line without a code is its heading.

    Raises FileError, which names the line and never its text.
    """
    descriptors: Descriptors = {}
    for place, line in enumerate(read_lines(content, DELIMITERS)):
        cells = [cell.strip() for cell in line.cells]
        code = cells[0] if cells else ""
        text = cells[1] if len(cells) > 1 else ""
        if place == 0 and not LISTED_CODE.fullmatch(code):
            continue
        fault = _fault(code, text, descriptors)
        if fault:
            raise FileError(f"Line {line.number}: {fault}")
        descriptors[code] = text
    if not descriptors:
        raise FileError("The file holds no descriptor.")
    return descriptors


def hash_of(descriptors: Descriptors) -> str:
    """What names their file."""
    return hashlib.sha256(_as_json(descriptors).encode()).hexdigest()


def keep(descriptors: Descriptors, apart: Path) -> None:
    """Write their file, which only its owner reads: all of it, or none."""
    apart.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = _path(apart, hash_of(descriptors))
    unfinished = path.with_suffix(".part")
    # Before it holds anything, so that nobody else reads a part of it.
    unfinished.touch(mode=0o600)
    unfinished.write_text(_as_json(descriptors), encoding="utf-8")
    unfinished.replace(path)


def descriptor_for(person: User, code: str, day: date) -> Shown | None:
    """The licensed descriptor of a code on a day, for those who may see it; None for everybody else."""
    apart = folder()
    if apart is None or not person.has_perm(MAY_SEE):
        return None
    release = DescriptorRelease.objects.filter(valid_from__lte=day).order_by("-valid_from").first()
    if release is None:
        return None
    path = _path(apart, release.content_hash)
    if not path.exists():
        return None
    text = _read(path).get(code)
    if not text:
        return None
    return Shown(text, release)


@lru_cache(maxsize=4)
def _read(path: Path) -> Descriptors:
    """A file is named by its content, and never changes."""
    descriptors: Descriptors = json.loads(path.read_text(encoding="utf-8"))
    return descriptors


def _path(apart: Path, content_hash: str) -> Path:
    return apart / f"{content_hash}.json"


def _as_json(descriptors: Descriptors) -> str:
    return json.dumps(descriptors, sort_keys=True, ensure_ascii=False)


def _fault(code: str, text: str, before: Descriptors) -> str:
    if not LISTED_CODE.fullmatch(code):
        return "the first column is no code of five capital letters or digits."
    if not text:
        return "the second column, the descriptor, is empty."
    if len(text) > LONGEST_DESCRIPTOR:
        return f"the descriptor is longer than {LONGEST_DESCRIPTOR} characters."
    if before.get(code, text) != text:
        return f"{code} stands twice in the file, with two descriptors."
    return ""
