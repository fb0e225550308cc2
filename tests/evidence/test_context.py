"""What the words around a passage say of it."""

import pytest

from coding.evidence import Experiencer, Polarity, Statement, Time, context_of
from tests.evidence.lexicons import lexicon, of_fact, statements_in


def anesthesia(note: str) -> Statement:
    return of_fact(statements_in(note), "anesthesia")


def cue(note: str, statement: Statement, which: str) -> str:
    span = getattr(statement.context, which)
    return note[span.start : span.end] if span else ""


@pytest.mark.parametrize(
    ("note", "by"),
    [
        ("No anesthesia was given.", "No"),
        ("He was treated without general anesthesia.", "without"),
        ("Neither sedation nor anesthesia was used.", "nor"),
        ("The family declined general anesthesia.", "declined"),
        ("General anesthesia was avoided.", "was avoided"),
        ("Anesthesia was not required.", "was not required"),
        ("There is no need for anesthesia.", "no need for"),
        ("Anesthesia: none", ": none"),
        (
            "General anesthesia was considered but was not given.",
            "was considered but was not given",
        ),
    ],
)
def test_a_passage_is_negated_by_a_cue_that_is_named(note: str, by: str) -> None:
    statement = anesthesia(note)
    assert (statement.context.polarity, cue(note, statement, "polarity_cue")) == (
        Polarity.NEGATED,
        by,
    )


@pytest.mark.parametrize(
    "note",
    [
        "No complications, and the child was woken from anesthesia.",
        "There was no fracture but general anesthesia was given.",
        "No sedation was enough; general anesthesia was given.",
        "There was no trauma. General anesthesia was given.",
        "Without difficulty general anesthesia was induced.",
        "Not only sedation, general anesthesia was given.",
        "The hip did not move (general anesthesia).",
        "He had no pain after general anesthesia.",
        "No change; general anesthesia as before.",
        "She was not cooperative and she had general anesthesia.",
    ],
)
def test_a_scope_ends_with_its_clause_and_pseudo_cues_are_none(note: str) -> None:
    assert anesthesia(note).context.polarity is Polarity.AFFIRMED


@pytest.mark.parametrize(
    "note",
    [
        "General anesthesia was offered.",
        "We discussed general anesthesia.",
        "The report does not state whether anesthesia was given.",
        "Possible general anesthesia.",
        "Options include general anesthesia.",
        "Was general anesthesia given?",
        "?general anesthesia",
        "No anesthesia is documented.",
        "They have read about general anesthesia.",
    ],
)
def test_what_was_offered_or_is_uncertain_is_possible_and_says_nothing(note: str) -> None:
    statement = anesthesia(note)
    assert statement.context.polarity in (Polarity.POSSIBLE, Polarity.WEIGHED)
    assert statement.asserts is None


@pytest.mark.parametrize(
    ("note", "time"),
    [
        ("Last month another hospital attempted this under general anesthesia.", Time.HISTORY),
        ("Closed reduction six weeks ago under general anesthesia.", Time.HISTORY),
        ("She had general anesthesia at age three.", Time.HISTORY),
        ("Previously treated under general anesthesia.", Time.HISTORY),
        ("If the hip is not centered we will proceed to general anesthesia.", Time.PLAN),
        ("Consent for general anesthesia was signed.", Time.PLAN),
        ("General anesthesia is planned.", Time.PLAN),
        ("It was reduced before any anesthesia could be arranged.", Time.PLAN),
        ("The risks of anesthesia were explained.", Time.PLAN),
        ("A review under general anesthesia was ordered.", Time.PLAN),
        ("On Tuesday he had general anesthesia.", Time.HISTORY),
        ("On 3 May the hip was reduced under general anesthesia.", Time.HISTORY),
        ("Past history is significant for asthma and general anesthesia.", Time.HISTORY),
        ("Today general anesthesia was given.", Time.ENCOUNTER),
        ("Type: [ ] other [x] general anesthesia", Time.ENCOUNTER),
        ("Six weeks ago in a harness, now under general anesthesia.", Time.ENCOUNTER),
        ("The nine-month-old had general anesthesia.", Time.ENCOUNTER),
    ],
)
def test_history_and_plans_are_told_from_today(note: str, time: Time) -> None:
    assert anesthesia(note).context.time is time


@pytest.mark.parametrize(
    ("note", "experiencer"),
    [
        ("Born with his mother under epidural.", Experiencer.OTHER),
        ("Her brother had general anesthesia.", Experiencer.OTHER),
        ("The mother had an epidural but the baby had general anesthesia.", None),
        ("Mother states that general anesthesia went well.", Experiencer.PATIENT),
    ],
)
def test_what_others_had_is_not_the_patients(note: str, experiencer: Experiencer | None) -> None:
    statements = [item for item in statements_in(note) if item.fact == "anesthesia"]
    if experiencer is None:
        assert [item.context.experiencer for item in statements] == [
            Experiencer.OTHER,
            Experiencer.PATIENT,
        ]
    else:
        assert [item.context.experiencer for item in statements] == [experiencer]


def test_a_cue_in_a_gap_counts_and_one_that_is_part_of_the_phrase_does_not() -> None:
    assert (
        of_fact(statements_in("The hip was not reduced."), "manipulation").asserts
        == "not_performed"
    )
    assert (
        of_fact(statements_in("The hip was gently reduced."), "manipulation").asserts == "performed"
    )


@pytest.mark.parametrize(
    ("note", "time"),
    [
        ("PLAN:\nclosed reduction next month", Time.PLAN),
        ("Talk with parents: closed reduction in three months", Time.PLAN),
        ("Plan (if no better): closed reduction", Time.PLAN),
        ("Previous note: closed reduction", Time.HISTORY),
        ("Plan: Pavlik.\nClosed reduction if that fails.", Time.PLAN),
        ("Plan:\n\nclosed reduction", Time.PLAN),
        ("Plan: recheck.\nProcedure: closed reduction", Time.ENCOUNTER),
        ("Plan: recheck.\n\nA closed reduction was done.", Time.ENCOUNTER),
        ("Past surgical history: closed reduction", Time.HISTORY),
        ("P: closed reduction performed in clinic", Time.ENCOUNTER),
        ("Past surgical history\n  closed reduction", Time.HISTORY),
        ("HISTORY: Closed reduction in the emergency room.", Time.HISTORY),
    ],
)
def test_a_heading_gives_its_section_the_time_until_the_next_one(note: str, time: Time) -> None:
    assert of_fact(statements_in(note), "manipulation").context.time is time


def test_background_tells_what_was_done_as_history_and_what_was_found_as_present() -> None:
    statements = statements_in("HISTORY: A dislocated hip, closed reduction.")
    assert of_fact(statements, "state").context.time is Time.ENCOUNTER
    assert of_fact(statements, "manipulation").context.time is Time.HISTORY


def test_a_term_of_a_section_is_read_in_that_section_alone() -> None:
    assert [item.asserts for item in statements_in("Anesthesia: general.")] == [None, "general"]
    assert statements_in("Condition: general.") == []


def test_a_family_history_is_about_others() -> None:
    [statement] = statements_in("Family history: DDH")
    assert statement.context.experiencer is Experiencer.OTHER


@pytest.mark.parametrize(
    ("note", "condition", "time"),
    [
        ("HYPERTENSION.", "HYPERTENSION", Time.HISTORY),
        ("Type 2 diabetes.", "diabetes", Time.HISTORY),
        ("Hypertension today.", "Hypertension", Time.ENCOUNTER),
        ("Assessment: Hypertension.", "Hypertension", Time.ENCOUNTER),
        ("Gastritis.", "Gastritis", Time.ENCOUNTER),
        ("Risk factors including tobacco use.", "tobacco use", Time.HISTORY),
        (
            "History is positive for gout, measles, mumps, and varicella in the past.",
            "measles",
            Time.HISTORY,
        ),
        ("He gives a history of deafness and denies nausea.", "nausea", Time.ENCOUNTER),
        ("The hip was found to be dislocated.", "dislocated", Time.ENCOUNTER),
    ],
)
def test_an_illness_alone_is_an_item_of_a_history_and_what_is_found_is_present(
    note: str, condition: str, time: Time
) -> None:
    start = note.index(condition)
    assert context_of(note, start, start + len(condition)).time is time


def test_a_passage_that_begins_with_its_own_denial_is_not_denied_by_one_before_it() -> None:
    awake = lexicon(
        {"phrase": "no drugs", "fact": "anesthesia", "value": "none"}, consequences=[], prevails={}
    )
    assert of_fact(statements_in("No oxygen, no drugs.", awake), "anesthesia").asserts == "none"
