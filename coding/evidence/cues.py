"""The general language of notes, as data: cues for negation, doubt, time and person, and the headings of sections."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from coding.evidence.phrase_index import PhraseIndex, index_of

FILE = Path(__file__).with_name("cues.json")
HEADING_FLAGS = ("other", "brief", "loose", "bare", "field")
UNLIMITED = 10_000_000


@dataclass(frozen=True, slots=True)
class Cue:
    """What a phrase makes of the words after it or before it, up to ``within`` words away.

    ``kind`` is ``negated``, ``possible``, ``weighed``, ``history``, ``plan``, ``present`` or ``other``; ``earlier`` for
    what makes history of what was done and not of what was found, such as yesterday; ``done`` for what tells, in a
    section on plans, that something was done; ``pseudo`` for a phrase that looks like a cue and is none.
    """

    kind: str
    forward: bool
    backward: bool
    within: int


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading says of its section: a name that terms can ask for, its time, whom it is about.

    The time ``background`` is history to what was done, and the present to what was found. A heading that is
    ``brief`` holds for its own sentence alone, as in “Anesthesia: general.”; after one that is ``loose`` further
    words may stand before the colon; one that is ``bare`` needs none, as in “PMH hip replacement”. That of a ``field``
    of an operation's report names much beside that is no matter of the report.
    """

    section: str
    time: str
    other: bool
    brief: bool
    loose: bool
    bare: bool = False
    field: bool = False


@dataclass(frozen=True, slots=True)
class CueTable:
    """All cues, what ends the scope of each kind, and the headings, each with its index of phrases.

    ``cue_index`` is for all text but plans: there ``plan_cue_index`` knows what tells that something was done as well.
    ``bare`` are the words that a heading without a colon begins with. ``item_index`` holds illnesses that last, or are
    over: one that is all of a sentence is an item of a history.
    """

    cues: tuple[Cue, ...]
    cue_index: PhraseIndex
    plan_cue_index: PhraseIndex
    item_index: PhraseIndex
    ends: tuple[frozenset[str], ...]
    end_index: PhraseIndex
    headings: tuple[Heading, ...]
    heading_index: PhraseIndex
    bare: frozenset[str]


@cache
def general_cues() -> CueTable:
    """The cues of general language that the package ships."""
    data = json.loads(FILE.read_text(encoding="utf-8"))
    pairs = list(_each(data["cues"]))
    of_all_text = [pair for pair in pairs if pair[0]["kind"] != "done"]
    of_plans = [pair for pair in pairs if pair[0]["kind"] == "done"]
    cues = [*of_all_text, *of_plans]
    ends = list(_each(data["ends"]))
    headings = list(_each(data["headings"]))
    return CueTable(
        cues=tuple(_cue(row) for row, _ in cues),
        cue_index=_index(of_all_text),
        plan_cue_index=_index(cues),
        item_index=index_of(data["items"]),
        ends=tuple(frozenset(row["of"]) for row, _ in ends),
        end_index=_index(ends),
        headings=tuple(_heading(row) for row, _ in headings),
        heading_index=_index(headings),
        bare=frozenset(phrase.split()[0] for row, phrase in headings if row.get("bare")),
    )


def _each(rows: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], str]]:
    """Each phrase with the row that it stands in."""
    for row in rows:
        for phrase in row["phrases"]:
            yield row, phrase


def _index(pairs: list[tuple[dict[str, Any], str]]) -> PhraseIndex:
    return index_of(phrase for _, phrase in pairs)


def _cue(row: dict[str, Any]) -> Cue:
    scope = row.get("scope", "forward")
    return Cue(row["kind"], scope != "backward", scope != "forward", row.get("within", UNLIMITED))


def _heading(row: dict[str, Any]) -> Heading:
    flags = {flag: row.get(flag, False) for flag in HEADING_FLAGS}
    return Heading(row.get("section", ""), row.get("time", ""), **flags)
