"""The keys of what is done daily: each is named here once, for buttons, for the list of keys and for the script."""

from typing import NamedTuple


class Key(NamedTuple):
    """A key as ``KeyboardEvent.key`` names it, and what it does."""

    key: str
    words: str


KEYS = {
    "confirm": Key(
        "c",
        "Confirm or answer; on the worklist and an encounter: code; in the queue and on a case: claim",
    ),
    "later": Key("p", "Postpone the question: ask the next one"),
    "back": Key("b", "Back: change the latest answer"),
    "not_documented": Key("u", "Choose “not documented”"),
    "submit": Key("s", "Submit the decision or the ruling"),
    "next": Key("d", "Done: submit, and go on to the next one"),
    "query": Key("q", "Choose to ask the provider"),
    "supervisor": Key("v", "Choose to send to the supervisor"),
    "take": Key("y", "Yes: take over what is proposed for the claim"),
    "hold": Key("h", "Put the service on hold"),
    "note": Key("n", "Search the note; Enter goes to the next place"),
    "find": Key("/", "Find an encounter; on the pages of codes: a code"),
    "worklist": Key("w", "Worklist"),
    "codes": Key("k", "Search codes"),
    "ask": Key("a", "Ask about a note or a code"),
    "help": Key("?", "This list"),
}
# Answers and decisions that have a key of their own, by their stored values.
KEYS_OF_ANSWERS = {
    "not_documented": "not_documented",
    "provider_query": "query",
    "supervisor_review": "supervisor",
}
