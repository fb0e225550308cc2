"""Files that are handed out: written as a whole first, so that what is signed is the very file."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO

# A file up to this size is held in memory; a larger one lies in the server's folder for temporary files, without a
# name, until it is sent.
IN_MEMORY = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file that was written and stands at its beginning, with the SHA-256 of its bytes (hexadecimal)."""

    content: IO[bytes]
    sha256: str


def write_file(pieces: Iterable[bytes]) -> WrittenFile:
    """Write a file from its pieces. Who sends it closes it."""
    content = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
        content.write(piece)
    content.seek(0)
    return WrittenFile(content, digest.hexdigest())
