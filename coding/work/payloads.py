"""What a chunk of each kind of job is given: places and ids only, never patients' data. JSON keeps them as they are.

A check is given a ``Cursor``, services to be applied or looked at again are listed by their ids, and a look at a file's
header needs nothing.
"""

from typing import NamedTuple, TypedDict


class Range(NamedTuple):
    """Numbers of rows, or keys, both ends included: what an import, a plan and a proof by replay work through."""

    first: int
    last: int


class Weighed(TypedDict):
    """Keys of suggestions to be decided again, and how many services point to each."""

    suggestions: list[int]
    services: list[int]
