"""A shipped rule set with its lexicon, for reading notes alone, and ways to turn a note that should change nothing."""

from pathlib import Path

from coding import rulesets
from coding.evidence import read
from coding.rules.expected_notes import ExpectedNote, read_notes, standing_of
from coding.rules.from_note import Standing, end_of_note, standing
from coding.rules.worked_cases import Case, read_cases

FOLDER = Path(__file__).parent
SIDES = {"left": "right", "right": "left", "Left": "Right", "Right": "Left"}


class Family:
    """A shipped rule set as its lexicon reads notes."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.table = rulesets.shipped(key)
        self.lexicon = rulesets.shipped_lexicon(key)

    def end(self, note: str) -> str:
        """Where a note ends, as files of notes write it."""
        return end_of_note(self.table, self.lexicon, note).text()

    def opens(self, note: str) -> bool:
        return read(self.lexicon, note).opens

    def standings(self, name: str) -> dict[str, Standing]:
        """How each note of a file ends beside what is expected."""
        return {
            note.name: standing_of(note, [end_of_note(self.table, self.lexicon, note.note)])
            for note in notes(name)
        }

    def worked(self) -> list[Case]:
        """The shipped worked cases."""
        with rulesets.cases_file(self.key).open(newline="", encoding="utf-8") as file:
            return [case for case in read_cases(file, self.table) if isinstance(case, Case)]

    def standings_of_worked(self) -> dict[str, Standing]:
        """How each worked case ends if its note is all that is known."""
        return {
            case.id: standing(case, end_of_note(self.table, self.lexicon, case.note))
            for case in self.worked()
        }


def notes(name: str) -> list[ExpectedNote]:
    """The notes of a file beside this one."""
    with (FOLDER / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return [note for note in read_notes(file) if isinstance(note, ExpectedNote)]


def exchanged(note: str) -> str:
    """The note with its sides exchanged, where they are written out."""
    return " ".join(SIDES.get(word, word) for word in note.split(" "))


def code_of(end: str) -> str:
    """The code of an end, without modifiers."""
    return " ".join(end.split()[:2])
