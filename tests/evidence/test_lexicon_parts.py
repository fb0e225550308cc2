"""The parts of a lexicon that tell what it is of: its part of the body, and what follows where nothing was done."""

from typing import Any

import pytest

from coding.evidence import Lexicon, LexiconError
from coding.evidence.body import Body
from coding.evidence.events import EventRules
from coding.evidence.lexicon_parts import MOST_ROWS, Idle
from coding.evidence.statements import Condition
from tests.evidence.lexicons import lexicon

KNEE = {"parts": ["knee"], "names": ["bounce test"]}
IDLE = {
    "acts": ["manipulation=performed"],
    "signs": ["anesthesia=general"],
    "then": ["treated=no"],
}
EVENTS = {"acts": ["manipulation=performed"], "again": ["course=repeat|staged"]}
GRAFT = {"phrase": "graft", "fact": "graft", "value": "taken"}


def document(**more: Any) -> dict[str, Any]:
    return lexicon(GRAFT, **more).to_document()


def test_a_lexicon_names_its_parts_of_the_body_and_what_else_names_them() -> None:
    assert lexicon(GRAFT, body=KNEE).body == Body(("knee",), ("bounce test",))
    assert lexicon(GRAFT, body={"parts": ["knee"]}).body == Body(("knee",))


def test_what_follows_where_nothing_was_done_is_read_by_its_lists() -> None:
    [performed, general, no] = [
        Condition("manipulation", frozenset(["performed"])),
        Condition("anesthesia", frozenset(["general"])),
        Condition("treated", frozenset(["no"])),
    ]

    assert lexicon(GRAFT, idle=IDLE).idle == Idle((performed,), (general,), (no,))


def test_what_shows_a_treatment_and_another_one_is_read_by_its_lists() -> None:
    done = Condition("manipulation", frozenset(["performed"]))
    repeat = Condition("course", frozenset(["repeat", "staged"]))

    assert lexicon(GRAFT, events=EVENTS).events == EventRules((done,), (repeat,))


@pytest.mark.parametrize(
    "more", [{"body": KNEE}, {"idle": IDLE}, {"body": {"parts": ["knee"]}}, {"events": EVENTS}]
)
def test_they_are_written_as_they_were_read(more: dict[str, Any]) -> None:
    [(key, given)] = more.items()
    written = document(**more)

    assert written[key] == given
    assert Lexicon.from_document(written).to_document() == written


def test_what_a_lexicon_has_nothing_of_is_not_written() -> None:
    assert {"body", "idle", "opens", "events", "record"}.isdisjoint(document())


@pytest.mark.parametrize("body", [{"names": ["bounce test"]}, {**KNEE, "sides": ["left"]}])
def test_a_body_without_parts_or_with_more_than_names_is_refused(body: dict[str, Any]) -> None:
    with pytest.raises(LexiconError) as refused:
        document(body=body)

    assert str(refused.value) == "body must be an object with parts, and names where there are any."


def test_a_part_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(LexiconError) as refused:
        document(body={"parts": ["wing"]})

    message = str(refused.value)
    assert message.startswith("body: there is no part “wing”. Use ")
    assert "hip, " in message


@pytest.mark.parametrize("idle", [["acts"], {**IDLE, "more": []}, {"acts": [], "signs": []}])
def test_idle_without_its_three_lists_is_refused(idle: Any) -> None:
    with pytest.raises(LexiconError) as refused:
        document(idle=idle)

    assert str(refused.value) == "idle must be an object with acts, signs and then."


@pytest.mark.parametrize("events", [["acts"], {"acts": []}, {"acts": [], "again": "course=repeat"}])
def test_events_without_their_two_lists_are_refused(events: Any) -> None:
    with pytest.raises(LexiconError) as refused:
        document(events=events)

    assert str(refused.value) == "events must be an object with the lists acts and again."


def test_an_event_that_is_no_condition_is_refused_with_how_to_write_it() -> None:
    with pytest.raises(LexiconError) as refused:
        document(events={"acts": ["reduced"], "again": []})

    assert str(refused.value) == (
        "events: “reduced” is no condition. Write it as fact=value|value."
    )


def test_a_list_may_have_so_many_rows_and_no_more() -> None:
    rows = [{"phrase": f"word{number}", "fact": "graft"} for number in range(MOST_ROWS + 1)]

    with pytest.raises(LexiconError) as refused:
        lexicon(*rows)

    assert str(refused.value) == f"terms must be a list of at most {MOST_ROWS} rows."


@pytest.mark.parametrize(
    ("key", "given", "message"),
    [
        ("findings", "state", "findings must be a list of texts."),
        ("findings", [1], "findings must be a list of texts."),
        ("prevails", [], "prevails must be an object of facts."),
        ("groups", {"hip": []}, "groups, hip: it must be a list of phrases."),
    ],
)
def test_a_list_of_something_else_is_refused_by_its_name(
    key: str, given: Any, message: str
) -> None:
    with pytest.raises(LexiconError) as refused:
        document(**{key: given})

    assert str(refused.value) == message
