"""A megabyte for the frames of whatever is called.

CPython 3.11 takes memory for frames 16 KiB at a time, and gives it back as soon as the last of them is left: a loop
that happens to call across such a border asks the system for memory at every call. Below a test, deep in the
middleware, that was a fifth of the processor time of pages. For a frame that says it needs half of a megabyte a whole
one is taken at once, and all frames above it stand in the rest.
"""

from collections.abc import Callable
from typing import TypeVar

Result = TypeVar("Result")

# Of eight bytes each: more than half of a megabyte.
SLOTS = 70_000


def on_a_wide_stack(call: Callable[[], Result]) -> Result:
    """What the call returns."""
    return call()


on_a_wide_stack.__code__ = on_a_wide_stack.__code__.replace(co_stacksize=SLOTS)
