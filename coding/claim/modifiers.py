"""Kinds of checks on the modifiers of a line among themselves."""

from collections.abc import Iterator

from coding.claim.checking import Checking
from coding.claim.findings import Hit


def exclusive(check: Checking) -> Iterator[Hit]:
    """Modifiers on one line of which only one may stand."""
    for line in check.claim.lines:
        for first, second in check.options["exclusive"]:
            of_first = check.lists.modifiers[first].intersection(line.modifiers)
            of_second = check.lists.modifiers[second].intersection(line.modifiers)
            if first == second:
                # A list beside itself: no two of its modifiers stand on one line.
                exclude = len(of_first) > 1
            else:
                exclude = bool(of_first and of_second)
            if exclude:
                every = sorted(of_first | of_second)
                yield Hit((line.number,), values={"modifiers": " and ".join(every)})
