"""The verb on lists of stolen passwords: load one."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import transaction

from coding import trail
from coding.accounts.breached import prefix_of
from coding.models import BreachedPassword, BreachedPasswordList
from coding.tables.errors import FileError

# As “Have I Been Pwned” publishes its list: the SHA-1 of a password, and how often it was stolen.
LINE = re.compile(rb"(?P<sha1>[0-9A-Fa-f]{40})(?::(?P<times>\d{1,12}))?\r?\n?")
AT_ONCE = 10_000


def load(lines: Iterable[bytes], name: str, at_least: int = 1) -> BreachedPasswordList:
    """Load the lines of a file, all of them or none; what is loaded already stays. It is the command that loads.

    ``at_least`` leaves out passwords that were stolen less often; a line without a count is always taken. Raises
    FileError with the number of the first line that is none.
    """
    with transaction.atomic():
        prefixes = _prefixes(lines, at_least)
        count = 0
        while batch := list(islice(prefixes, AT_ONCE)):
            rows = [BreachedPassword(prefix) for prefix in batch]
            BreachedPassword.objects.bulk_create(rows, ignore_conflicts=True)
            count += len(batch)
        loaded = BreachedPasswordList.objects.create(
            name=name[:200], passwords=count, at_least=at_least
        )
        after = {"name": loaded.name, "passwords": count, "at_least": at_least}
        trail.record(None, "breached_passwords.loaded", loaded, after=after)
    return loaded


def _prefixes(lines: Iterable[bytes], at_least: int) -> Iterator[int]:
    for number, line in enumerate(lines, 1):
        match = LINE.fullmatch(line)
        if match is None:
            raise FileError(
                f"Line {number} is no SHA-1 of 40 hexadecimal digits, with or without a colon and a count. Nothing was"
                " loaded: take the list of whole hashes ordered by hash, not the passwords themselves."
            )
        times = match["times"]
        if times is None or int(times) >= at_least:
            yield prefix_of(bytes.fromhex(match["sha1"].decode("ascii")))
