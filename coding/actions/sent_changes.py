"""Changes to a draft as a page sends them: what each part has to be, or ``Malformed`` is raised; and refusals."""

from collections.abc import Mapping
from typing import Any

Change = Mapping[str, Any]


class Unwanted(Exception):
    """A change that is not taken. ``now`` is what stands in its place if somebody else changed it."""

    def __init__(self, words: str, now: Any = None, *, is_conflict: bool = False) -> None:
        super().__init__(words)
        self.now = now
        self.is_conflict = is_conflict


class Malformed(Unwanted):
    """A change that no page of ours sends."""


def text_of(change: Change, name: str) -> str:
    text = change.get(name, "")
    if not isinstance(text, str):
        raise Malformed(f"{name} is a text.")
    return text


def number_of(change: Change, name: str) -> int:
    number = change.get(name)
    if type(number) is not int or number < 0:
        raise Malformed(f"{name} is a whole number.")
    return number


def object_of(change: Change, name: str) -> Mapping[str, Any]:
    part = change.get(name, {})
    if not isinstance(part, Mapping):
        raise Malformed(f"{name} is an object.")
    return part
