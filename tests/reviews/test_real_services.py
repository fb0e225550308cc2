"""Combinations of answers that services have, offered as worked cases: what they expect, in words."""

from coding.models import Suggestion
from reviews.publishing.real_services import Combination, Final

SUGGESTED = Suggestion(outcome="code", code="12345", modifiers=["LT"])


def final(code="54321", outcome="code", services=1, modifiers=(), further_lines=()):
    return Final(outcome, code, list(modifiers), list(further_lines), services)


def test_what_is_final_most_often_is_what_the_case_expects():
    often, rarely = final("54321", services=7), final("12345", services=1)
    assert Combination(SUGGESTED, 8, [often, rarely]).expected == often


def test_before_anything_is_final_the_suggestion_is_expected():
    assert Combination(SUGGESTED, 3, []).expected == SUGGESTED


def test_an_end_is_written_as_people_read_it():
    assert final(modifiers=["LT", "53"], further_lines=[("11111", 2)]).words == (
        "54321-53-LT + 11111 × 2"
    )
    assert final("", "no_family_code").words == "Nothing to report"
