"""A sentence is searched as often if it says something once or many times: its reading takes time by its length."""

import pytest

from coding.evidence import doubts, read
from coding.evidence.phrase_index import PhraseIndex
from tests.evidence.families import Family


def searches(monkeypatch: pytest.MonkeyPatch, family: Family, note: str) -> int:
    """How often phrases are looked for in a note, in whole sentences."""
    count = 0
    find = PhraseIndex.find

    def counted(index, sentence):
        nonlocal count
        count += 1
        return find(index, sentence)

    with monkeypatch.context() as patched:
        patched.setattr(PhraseIndex, "find", counted)
        doubts(family.lexicon, read(family.lexicon, note))
    return count


@pytest.mark.parametrize(
    ("rule_set", "clause"),
    [
        ("hip-dislocation", "left hip normal, right hip dislocated, left hip reduced, "),
        ("hip-dislocation", "left hip dislocated in 2019, right knee dislocation reduced, "),
        ("hip-dislocation", "the left hip was not reduced, no sedation, "),
        ("distal-radius", "left scaphoid fracture, left wrist fracture 2017, closed reduction, "),
    ],
)
def test_a_long_sentence_is_searched_no_more_often_than_a_short_one(
    monkeypatch, rule_set, clause
) -> None:
    family = Family(rule_set)
    short = searches(monkeypatch, family, clause * 3)
    assert searches(monkeypatch, family, clause * 30) == short
