"""Notes of visits, wounds, wrist fractures and injections, told in many manners and read by all shipped rule sets."""

from collections import Counter

from coding import rulesets
from coding.rules.expected_notes import ExpectedNote, read_notes, standing_of
from coding.rules.from_note import Standing, end_of_note
from tests.rulesets.cases import EVIDENCE

FILE = EVIDENCE / "family_notes_fifth.csv"
READERS = [
    (rulesets.shipped(key), rulesets.shipped_lexicon(key))
    for key in filter(rulesets.has_lexicon, rulesets.keys())
]


def test_no_note_is_decided_wrongly_and_most_are_right() -> None:
    with FILE.open(newline="", encoding="utf-8") as file:
        notes = list(read_notes(file))
    standings = Counter(map(_standing, notes))
    assert standings[Standing.WRONG] == 0
    assert standings[Standing.RIGHT] >= 0.85 * len(notes)


def _standing(note: ExpectedNote | Exception) -> Standing:
    assert isinstance(note, ExpectedNote), note
    ends = [end_of_note(table, lexicon, note.note) for table, lexicon in READERS]
    return standing_of(note, ends)
