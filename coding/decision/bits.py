"""Sets of rows as whole numbers: row n is in the set if bit n is set.

The tricks of two's complement that the core lives on stand here once, by name. ``-bits`` has every bit above the
lowest set one turned over, that one kept and nothing below it; so ``bits & -bits`` is the lowest one alone.
"""

from collections.abc import Iterator


def below(place: int) -> int:
    """All rows before a place: the first so many."""
    return (1 << place) - 1


def lowest(bits: int) -> int:
    """The set of the lowest row alone; empty for an empty set."""
    return bits & -bits


def lowest_place(bits: int) -> int:
    """The number of the lowest row; -1 for an empty set."""
    return (bits & -bits).bit_length() - 1


def below_lowest(bits: int) -> int:
    """All rows before the lowest one of a set, which must not be empty."""
    return (bits & -bits) - 1


def up_to_lowest(bits: int) -> int:
    """The lowest row of a set, which must not be empty, and all rows before it."""
    return ((bits & -bits) << 1) - 1


def each(bits: int) -> Iterator[int]:
    """Every row of a set as a set of its own, the lowest first."""
    while bits:
        row = bits & -bits
        yield row
        bits ^= row
