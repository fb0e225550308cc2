"""What a person sees of a document, and in words what it holds beside that."""

from collections.abc import Iterable
from typing import NamedTuple

LONGEST_EXCERPT = 80
# What was struck out stays readable between these; what reads notes passes over it.
BEGIN_OF_STRUCK, END_OF_STRUCK = "[deleted: ", "]"


class Shown(NamedTuple):
    """The text that a document shows; ``left_out`` names what is in it and is not shown, or is no text."""

    text: str
    left_out: tuple[str, ...] = ()


def quoted(name: str, texts: Iterable[str]) -> tuple[str, ...]:
    """What is left out under a name, with how it begins: hidden text “Cast applied…”. Nothing where nothing is told."""
    on_one_line = [" ".join(text.split()) for text in texts]
    whole = " … ".join(filter(None, on_one_line))
    if not whole:
        return ()
    begin = whole if len(whole) <= LONGEST_EXCERPT else f"{whole[:LONGEST_EXCERPT]}…"
    return (f"{name} “{begin}”",)
