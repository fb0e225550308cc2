"""The parts of a lexicon as JSON data, read and written. What cannot be read raises LexiconError."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from coding.evidence.body import Body, general_names
from coding.evidence.statements import Condition
from coding.evidence.terms import LexiconError, read_condition, texts_of

MOST_ROWS = 5000
# For a fact and a value of it, the other values that give way.
Ranks = Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Idle:
    """What follows where a note tells of acts, and of none that was done here and now.

    ``acts`` are what the rule set codes; ``signs`` are what says that something was done all the same; ``then`` are the
    answers that follow.
    """

    acts: tuple[Condition, ...]
    signs: tuple[Condition, ...]
    then: tuple[Condition, ...]

    def to_document(self) -> dict[str, list[str]]:
        """As JSON data."""
        return {
            "acts": texts_of(self.acts),
            "signs": texts_of(self.signs),
            "then": texts_of(self.then),
        }


def read_body(document: Mapping[str, Any]) -> Body | None:
    if not document.get("body"):
        return None
    lists = read_phrase_lists(document, "body")
    if set(lists) - {"parts", "names"} or not lists.get("parts"):
        raise LexiconError("body must be an object with parts, and names where there are any.")
    known = dict.fromkeys(name.region for name in general_names())
    for part in lists["parts"]:
        if part not in known:
            raise LexiconError(f"body: there is no part “{part}”. Use {', '.join(known)}.")
    return Body(lists["parts"], lists.get("names", ()))


def body_to_data(body: Body | None) -> dict[str, dict[str, list[str]]]:
    if body is None:
        return {}
    return {"body": {"parts": list(body.parts), **where_any("names", list(body.names))}}


def read_conditions(document: Mapping[str, Any], key: str) -> tuple[Condition, ...]:
    return tuple(read_condition(text, key) for text in read_texts(document, key))


def where_any(key: str, content: Any) -> dict[str, Any]:
    """Written only where there is any, so that a lexicon of before keeps its hash."""
    return {key: content} if content else {}


def read_idle(document: Mapping[str, Any]) -> Idle | None:
    given = document.get("idle")
    if not given:
        return None
    if not isinstance(given, dict) or set(given) != {"acts", "signs", "then"}:
        raise LexiconError("idle must be an object with acts, signs and then.")
    return Idle(*(read_conditions(given, key) for key in ("acts", "signs", "then")))


def read_rows(document: Mapping[str, Any], key: str) -> list[Any]:
    rows = document.get(key, [])
    if not isinstance(rows, list) or len(rows) > MOST_ROWS:
        raise LexiconError(f"{key} must be a list of at most {MOST_ROWS} rows.")
    return rows


def read_phrase_lists(document: Mapping[str, Any], key: str) -> dict[str, tuple[str, ...]]:
    lists = document.get(key, {})
    if not isinstance(lists, dict):
        raise LexiconError(f"{key} must be an object of names with lists of phrases.")
    for name, phrases in lists.items():
        if not phrases or not _is_list_of_texts(phrases):
            raise LexiconError(f"{key}, {name}: it must be a list of phrases.")
    return {name: tuple(phrases) for name, phrases in lists.items()}


def phrase_lists_to_data(lists: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    return {name: list(phrases) for name, phrases in lists.items()}


def read_texts(document: Mapping[str, Any], key: str) -> tuple[str, ...]:
    texts = document.get(key, [])
    if not _is_list_of_texts(texts):
        raise LexiconError(f"{key} must be a list of texts.")
    return tuple(texts)


def _is_list_of_texts(texts: Any) -> bool:
    return isinstance(texts, list) and all(isinstance(text, str) for text in texts)


def read_ranks(document: Mapping[str, Any], key: str) -> Ranks:
    facts = document.get(key, {})
    if not isinstance(facts, dict):
        raise LexiconError(f"{key} must be an object of facts.")
    return {fact: read_phrase_lists(facts, fact) for fact in facts}


def ranks_to_data(ranks: Ranks) -> dict[str, dict[str, list[str]]]:
    return {fact: phrase_lists_to_data(values) for fact, values in ranks.items()}
