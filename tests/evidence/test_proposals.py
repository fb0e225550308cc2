"""Proposals: one value for a fact, or the passages that disagree; and what speaks against an answer."""

from coding.evidence import contradictions
from tests.evidence.lexicons import TERMS, USUAL, lexicon, proposals, proposed, statements_in


def test_silence_makes_no_proposal() -> None:
    assert proposed("The child was seen.") == {}


def test_a_denial_proposes_the_value_that_follows_from_it() -> None:
    assert proposed("No anesthesia.") == {"anesthesia": "none"}
    assert proposed("No general anesthesia.") == {}


def test_history_plans_others_and_possibilities_are_not_todays() -> None:
    note = "Closed reduction two years ago. General anesthesia is planned. Mother had an epidural. Possible Pavlik."
    assert proposed(note) == {}


def test_what_lasts_counts_though_it_began_in_the_past() -> None:
    assert proposed("History of DDH.") == {"cause": "developmental"}


def test_the_stronger_term_decides() -> None:
    assert proposed("DDH. She fell.") == {"cause": "developmental"}
    assert proposed("She fell.") == {"cause": "injury"}


def test_two_passages_that_disagree_are_both_kept() -> None:
    note = "General anesthesia. The hip was reduced without anesthesia."
    proposal = proposals(note)["anesthesia"]
    assert proposal.conflicting
    assert proposal.text() == "conflicting"
    assert [note[part.span.start : part.span.end] for part in proposal.passages] == [
        "General anesthesia",
        "anesthesia",
    ]


def test_a_value_and_its_own_denial_disagree() -> None:
    assert proposed("The hip is dislocated. The hip is not dislocated.") == {"state": "conflicting"}


def test_a_weaker_denial_of_a_value_leaves_it_open() -> None:
    weaker = lexicon(
        *TERMS,
        {"phrase": "moved", "fact": "manipulation", "value": "performed", "strength": "hint"},
    )
    assert proposed("The hip was reduced.", weaker) == {"manipulation": "performed"}
    assert proposed("The hip was reduced. It was not moved.", weaker) == {
        "manipulation": "conflicting"
    }


def test_a_value_that_prevails_is_no_conflict() -> None:
    terms = [{"phrase": "ddh", "fact": "cause", "value": "developmental"}]
    terms += [{"phrase": "congenital", "fact": "cause", "value": "congenital"}]
    assert proposed("Congenital DDH.", lexicon(*terms)) == {"cause": "developmental"}
    assert proposed("Congenital DDH.", lexicon(*terms, prevails={})) == {"cause": "conflicting"}


def test_what_is_said_of_the_other_side_does_not_count() -> None:
    note = "The left hip was reduced. The right hip is located."
    assert proposed(note) == {"manipulation": "performed", "side": "left"}
    assert proposed("The right one is dislocated. The left hip was reduced.")["side"] == "left"
    assert "state" not in proposed("The right one is dislocated. The left hip was reduced.")


def test_a_condition_is_met_by_what_else_is_said() -> None:
    assert proposed("The hip is located.") == {"state": "located"}
    assert proposed("The hip was reduced. It is located.") == {"manipulation": "performed"}


def test_a_consequence_has_the_passage_that_it_follows_from() -> None:
    note = "A Pavlik harness was fitted."
    [passage] = proposals(note)["treated"].passages
    assert (passage.value, note[passage.span.start : passage.span.end]) == ("yes", "Pavlik harness")
    assert "treated" not in proposed("No Pavlik harness was fitted.")


def test_a_passage_against_a_value_leaves_it_open_with_both_passages() -> None:
    note = "The baby had no anesthesia. Fentanyl was given."
    doubting = lexicon(*TERMS, {"phrase": "fentanyl", "fact": "anesthesia", "against": "none"})
    proposal = proposals(note, doubting)["anesthesia"]
    assert proposal.conflicting
    assert [note[part.span.start : part.span.end] for part in proposal.passages] == [
        "anesthesia",
        "Fentanyl",
    ]
    assert proposed("General anesthesia with fentanyl.", doubting) == {"anesthesia": "general"}
    assert proposed("No anesthesia, no fentanyl.", doubting) == {"anesthesia": "none"}
    assert proposed("No anesthesia. Possibly fentanyl.", doubting) == {"anesthesia": "conflicting"}


def test_a_passage_against_silence_opens_a_fact_of_which_nothing_is_said() -> None:
    doubting = lexicon(
        {"phrase": "second reduction", "fact": "course", "against": "silence"},
        {"phrase": "repeated by me", "fact": "course", "value": "repeat"},
    )
    assert proposed("A second reduction.", doubting) == {"course": "conflicting"}
    assert proposed("A second reduction, repeated by me.", doubting) == {"course": "repeat"}
    assert proposed("A second reduction ten years ago.", doubting) == {}


def test_what_is_said_of_one_fact_can_speak_against_another() -> None:
    rows = [{"when": "device=pavlik", "fact": "anesthesia", "against": "general"}]
    doubting = lexicon(*TERMS, consequences=rows)
    assert proposed("Pavlik harness. General anesthesia.", doubting)["anesthesia"] == "conflicting"
    assert proposed("Pavlik harness. No anesthesia.", doubting)["anesthesia"] == "none"


def test_clues_alone_prove_nothing_and_leave_the_fact_open() -> None:
    sedation = lexicon(
        {"phrase": "midazolam", "fact": "anesthesia", "value": "moderate", "strength": "clue"},
        {
            "phrase": "answers questions",
            "fact": "anesthesia",
            "value": "moderate",
            "needs": "anesthesia=moderate",
        },
    )
    assert proposed("Midazolam was given.", sedation) == {"anesthesia": "conflicting"}
    assert proposed("Midazolam was given; she answers questions.", sedation) == {
        "anesthesia": "moderate"
    }
    assert proposed("She answers questions.", sedation) == {}


def test_only_the_strongest_statements_of_a_fact_have_consequences() -> None:
    terms = [
        {"phrase": "new spica", "fact": "course", "value": "check", "strength": "hint"},
        {"phrase": "second stage", "fact": "course", "value": "staged"},
    ]
    rows = [{"when": "course=check", "fact": "treated", "value": "no"}]
    assert proposed("New spica.", lexicon(*terms, consequences=rows))["treated"] == "no"
    assert "treated" not in proposed("Second stage, new spica.", lexicon(*terms, consequences=rows))


def against(note: str, fact: str, answer: str) -> list[str]:
    contradicted = contradictions(USUAL, statements_in(note), fact, answer)
    return [note[part.span.start : part.span.end] for part in contradicted]


def test_passages_that_say_otherwise_speak_against_an_answer() -> None:
    note = "General anesthesia. The hip was reduced. Mother had an epidural."
    assert against(note, "anesthesia", "none") == ["General anesthesia"]
    assert against(note, "anesthesia", "general") == []
    assert against(note, "anesthesia", "unknown") == ["General anesthesia"]
    assert against(note, "manipulation", "not_performed") == ["hip was reduced"]
    assert against("No general anesthesia.", "anesthesia", "general") == ["general anesthesia"]
    assert against("Nothing of that kind.", "anesthesia", "none") == []


def test_a_passage_that_makes_an_answer_doubtful_speaks_against_it() -> None:
    doubting = lexicon({"phrase": "fentanyl", "fact": "anesthesia", "against": "none"})
    [doubt] = contradictions(
        doubting, statements_in("Fentanyl was given.", doubting), "anesthesia", "none"
    )
    assert doubt.against == {"none"}
    assert not contradictions(
        doubting, statements_in("Fentanyl was given.", doubting), "anesthesia", "general"
    )


def test_a_value_that_holds_of_one_thing_is_left_open_where_two_say_so() -> None:
    terms = [
        {"phrase": "colles <3> stable", "fact": "problems", "value": "low"},
        {"phrase": "barton <3> stable", "fact": "problems", "value": "low"},
    ]
    of_one = lexicon(*terms, alone=["problems=low"])
    assert proposed("The Colles is stable. Colles still stable.", of_one) == {"problems": "low"}
    both = "The Colles is stable. The Barton is stable."
    assert proposed(both, of_one) == {"problems": "conflicting"}
    assert proposed(both, lexicon(*terms)) == {"problems": "low"}
