"""``manage.py check_cases RULESET FILE.csv``: check that worked cases are decided as expected."""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coding import rulesets
from coding.decision import Decision, Facts, Line, RuleTable, Verdict, decide, describe_facts, trace
from coding.evidence import Lexicon
from coding.models.reported import lines_in_words
from coding.rules.from_note import NoteEnd, Standing, end_of_note, standing
from coding.rules.worked_cases import Case, CaseError, read_cases


class Command(BaseCommand):
    """Decides every case of a file from its facts, or from its note alone, and prints each mismatch with its trace.

    From the note alone, facts of which it is silent are taken as not documented, see ``end_of_note``; what is then a
    query where more was expected is withheld, and any other difference is wrong.
    """

    help = "Decide the cases of a CSV file with a shipped rule set; exit status 1 if any is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The rule set's key, the file, and whether only the notes are read."""
        parser.add_argument("rule_set")
        parser.add_argument("file", type=Path)
        parser.add_argument("--from-note", action="store_true", help="decide from note_text alone")
        parser.add_argument(
            "--given",
            action="append",
            default=[],
            metavar="FACT=ANSWER",
            help="the answer to a fact in every case that does not state it; may be repeated",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, report, and fail if a case is wrong."""
        try:
            table = rulesets.shipped(options["rule_set"])
            lexicon = (
                rulesets.shipped_lexicon(options["rule_set"]) if options["from_note"] else None
            )
            given = given_facts(table, options["given"])
            with options["file"].open(newline="", encoding="utf-8-sig") as file:
                cases = list(read_cases(file, table))
        except (LookupError, OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        counts = Counter(self.standing(table, lexicon, given, case) for case in cases)
        shown = (
            (Standing.RIGHT, Standing.WITHHELD, Standing.WRONG)
            if lexicon
            else (Standing.RIGHT, Standing.WRONG)
        )
        self.stdout.write(
            "cases: " + ", ".join(f"{counts[standing]} {standing}" for standing in shown)
        )
        if counts[Standing.WRONG]:
            raise SystemExit(1)

    def standing(
        self, table: RuleTable, lexicon: Lexicon | None, given: Facts, case: Case | CaseError
    ) -> Standing:
        """How a case is decided beside what was expected; if not as expected, say what came out."""
        if isinstance(case, CaseError):
            self.stdout.write(str(case))
            return Standing.WRONG
        if lexicon:
            return self.standing_of_note(table, case, end_of_note(table, lexicon, case.note, given))
        facts = {**given, **case.facts}
        decision = decide(table, facts)
        if case.agrees(decision):
            return Standing.RIGHT
        self.report(table, case, facts, decision)
        return Standing.WRONG

    def standing_of_note(self, table: RuleTable, case: Case, end: NoteEnd) -> Standing:
        """How the end of a case's note stands; if not as expected, say where it ended."""
        of_note = standing(case, end)
        if of_note is Standing.RIGHT:
            return of_note
        if end.decision:
            self.report(table, case, end.facts, end.decision)
        else:
            self.stdout.write(
                f"{case.id}: expected {expected(case)}, but the note opens no service of this rule set"
            )
        return of_note

    def report(self, table: RuleTable, case: Case, facts: Facts, decision: Decision) -> None:
        """One mismatch: what was expected, what came out, and how each rule fared."""
        outcome = decision.outcome
        got = (
            end_text(outcome.kind, outcome.code, outcome.modifiers, outcome.lines)
            if outcome
            else "answers missing"
        )
        self.stdout.write(f"{case.id}: expected {expected(case)}, got {got}")
        self.stdout.write(f"  facts: {describe_facts(table.facts, facts)}")
        if decision.open_facts:
            self.stdout.write(f"  not answered: {', '.join(decision.open_facts)}")
        for line in trace(table, facts, decision).lines():
            if line.verdict is Verdict.DECIDES:
                self.stdout.write(f"  {line.rule_id} decides")
                break
            self.stdout.write(f"  {line.rule_id} {line.verdict} at {', '.join(line.facts)}")


def expected(case: Case) -> str:
    """What a case expects."""
    return end_text(case.outcome, case.code, case.modifiers, case.lines or ())


def end_text(outcome: str, code: str, modifiers: Sequence[str], lines: Sequence[Line]) -> str:
    """Outcome, code, modifiers and further lines as files write them."""
    further = f" + {lines_in_words(lines)}" if lines else ""
    return " ".join([outcome, code, *modifiers]) + further


def given_facts(table: RuleTable, given: list[str]) -> Facts:
    """Facts and answers written ``fact=answer``. Raises ValueError for what the rule set does not have."""
    facts = {}
    for text in given:
        key, _, answer = text.partition("=")
        if key not in table.fact_by_key:
            raise ValueError(f"--given {text}: the rule set has no fact {key}.")
        if read := table.fact_by_key[key].answer_from_text(answer):
            facts[key] = read
    return facts
