"""Changes to the grid of a draft: what somebody else changed meanwhile is never overwritten.

A change says what its cell said when it was made (``was``). Where it says something else by now the change is refused
with both, and the person is asked; all others are taken. So edits of different cells merge, whoever made them first.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from coding.actions import rule_sets
from coding.actions.draft_rows import Draft
from coding.actions.require import require
from coding.actions.sent_changes import Change, Unwanted
from coding.models import RuleSetVersion, User

MOST_CHANGES = 10_000

# More names than these say nothing of whose a text is.
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Untaken:
    """A change that was not taken: its number among those sent, why, and what stands there if somebody changed it."""

    number: int
    words: str
    now: Any = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of changes: the edition, and what was not taken.

    ``new_ids`` are the ids of new rows by those that they were sent with; ``rules`` of those that say something else.
    """

    edition: int
    new_ids: Mapping[str, int]
    untaken: tuple[Untaken, ...]
    rules: frozenset[int]


def take(actor: User, version: RuleSetVersion, seen: int, changes: Sequence[Change]) -> Taken:
    """Take changes to a draft, made on its edition ``seen``, as one edition.

    Raises Conflict if it is no draft any more.
    """
    require(actor, "coding.change_rulesetversion", "edit rule set versions")
    with transaction.atomic():
        locked = rule_sets.lock_draft(version)
        draft = Draft(locked)
        untaken = []
        for number, change in enumerate(changes):
            try:
                _kind_of(change)(draft, change)
            except Unwanted as refusal:
                by = _others(locked, seen) if refusal.is_conflict else ""
                untaken.append(Untaken(number, str(refusal), refusal.now, by))
        edition = locked.edition
        if draft.is_changed:
            draft.store()
            rule_sets.take_up(actor, locked, draft.words(), lexicon_stays=not draft.facts_changed)
            edition += 1
        return Taken(edition, draft.new_ids, tuple(untaken), frozenset(draft.touched_rules()))


def _others(version: RuleSetVersion, seen: int) -> str:
    """Who saved editions since; of many only how many."""
    later = version.editions.filter(number__gt=seen).select_related("author")
    names = sorted({edition.author.name for edition in later})
    if len(names) > MOST_NAMED:
        return f"One of {len(names)} others"
    return ", ".join(names)


KINDS: dict[str, Callable[[Draft, Change], None]] = {
    "cell": Draft.set_cell,
    "text": Draft.set_text,
    "rows": Draft.set_rows,
    "add rule": Draft.add_rule,
    "delete rule": Draft.delete_rule,
    "move rule": Draft.move_rule,
    "fact text": Draft.set_fact_text,
    "add fact": Draft.add_fact,
    "delete fact": Draft.delete_fact,
    "move fact": Draft.move_fact,
}


def _kind_of(change: Change) -> Callable[[Draft, Change], None]:
    name = change.get("kind") if isinstance(change, Mapping) else None
    kind = KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise Unwanted(f"A change is one of {', '.join(KINDS)}.")
    return kind
