"""Negation, time and person of conditions in real sentences are judged about as well as has been published."""

from bench.evidence import sentences_judged
from tests.conftest import SHARED_DATA


def test_negation_and_history_of_conditions_in_real_sentences() -> None:
    scores = sentences_judged([SHARED_DATA / "context_sentences.tsv"])
    assert scores["negated"] > 0.97
    assert scores["historical"] > 0.8
