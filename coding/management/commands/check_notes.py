"""``manage.py check_notes FILE.csv [--rule-set KEY …]``: check that notes read alone end as an expert expects."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coding import rulesets
from coding.decision import RuleTable
from coding.evidence import Lexicon, Span, doubts
from coding.rules.expected_notes import ExpectedNote, end_of, read_notes, standing_of
from coding.rules.from_note import NoteEnd, Standing, end_of_note
from coding.tables.errors import FileError

# The rule sets that read a note, each with its lexicon.
Readers = list[tuple[RuleTable, Lexicon]]


class Command(BaseCommand):
    """Reads each note against shipped rule sets, prints each mismatch with its passages, and counts.

    The file has the columns ``name``, ``note_text`` and ``expected``; rows that cannot be read are counted apart.
    """

    help = "Read the notes of a CSV file and decide from them alone; exit status 1 if any is decided wrongly."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and the rule sets; all shipped ones that read notes without."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--rule-set", nargs="+", metavar="KEY", default=None)

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, report, and fail if a note is decided wrongly."""
        try:
            keys = options["rule_set"] or list(filter(rulesets.has_lexicon, rulesets.keys()))
            readers = [(rulesets.shipped(key), rulesets.shipped_lexicon(key)) for key in keys]
            with options["file"].open(newline="", encoding="utf-8-sig") as file:
                rows = list(read_notes(file))
        except (LookupError, OSError, FileError) as error:
            raise CommandError(str(error)) from error
        notes = [row for row in rows if isinstance(row, ExpectedNote)]
        unreadable = [row for row in rows if not isinstance(row, ExpectedNote)]
        for problem in unreadable:
            self.stdout.write(str(problem))
        counts, wrong_codes = self.compare(notes, readers)
        if unreadable:
            self.stdout.write(f"rows that cannot be read: {len(unreadable)}")
        right, withheld, wrong = (counts[standing] for standing in Standing)
        self.stdout.write(
            f"notes: {right} right, {withheld} withheld, {wrong} wrong, {wrong_codes} of them codes"
        )
        if wrong:
            raise SystemExit(1)

    def compare(self, notes: list[ExpectedNote], readers: Readers) -> tuple[Counter[Standing], int]:
        """How many notes stand how, and how many of the wrong ones end in a code; each that is not right is printed."""
        counts: Counter[Standing] = Counter()
        wrong_codes = 0
        for note in notes:
            ends = [end_of_note(table, lexicon, note.note) for table, lexicon in readers]
            standing = standing_of(note, ends)
            counts[standing] += 1
            if standing is Standing.WRONG and end_of(ends).startswith("code"):
                wrong_codes += 1
            if standing is not Standing.RIGHT:
                self.report(note, ends, standing, readers)
        return counts, wrong_codes

    def report(
        self, note: ExpectedNote, ends: list[NoteEnd], standing: Standing, readers: Readers
    ) -> None:
        """One mismatch: what was expected, what came out, and the passages that each proposal rests on."""
        self.stdout.write(f"{note.name}: {standing}: expected {note.expected}, got {end_of(ends)}")
        for (table, lexicon), end in zip(readers, ends, strict=True):
            for span in doubts(lexicon, end.reading):
                self.stdout.write(f"  {table.key} unexplained: {_words(note, span)}")
            for fact, proposal in end.reading.proposals.items():
                weak = "" if proposal.firm else ", weak"
                passages = " | ".join(_words(note, passage.span) for passage in proposal.passages)
                self.stdout.write(f"  {table.key} {fact}: {proposal.text()}{weak}: {passages}")


def _words(note: ExpectedNote, span: Span) -> str:
    """What stands at a place of a note, on one line."""
    return " ".join(note.note[span.start : span.end].split())
