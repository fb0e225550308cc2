"""``manage.py check_cases RULESET FILE.csv``: check that the rules decide worked cases as expected."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coding import rulesets
from coding.cases import Case, CaseError, read_cases
from coding.decision import Decision, RuleTable, Verdict, decide, describe_facts, trace


class Command(BaseCommand):
    """Decides every case of a file from its facts and prints each mismatch with its trace."""

    help = "Decide the cases of a CSV file with a shipped rule set; exit status 1 if any is wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The rule set's key and the file."""
        parser.add_argument("rule_set")
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, report, and fail if a case is wrong."""
        try:
            table = rulesets.shipped(options["rule_set"])
            with options["file"].open(newline="", encoding="utf-8-sig") as file:
                cases = list(read_cases(file, table))
        except (LookupError, OSError) as error:
            raise CommandError(str(error)) from error
        right = sum(self.is_right(table, case) for case in cases)
        self.stdout.write(f"cases: {right} right, {len(cases) - right} wrong")
        if right < len(cases):
            raise SystemExit(1)

    def is_right(self, table: RuleTable, case: Case | CaseError) -> bool:
        """Whether a case is decided as expected; if not, say what came out."""
        if isinstance(case, CaseError):
            self.stdout.write(str(case))
            return False
        decision = decide(table, case.facts)
        if not case.agrees(decision):
            self.report(table, case, decision)
            return False
        return True

    def report(self, table: RuleTable, case: Case, decision: Decision) -> None:
        """One mismatch: what was expected, what came out, and how each rule fared."""
        outcome = decision.outcome
        got = " ".join([outcome.kind, outcome.code, *outcome.modifiers]) if outcome else "answers missing"
        self.stdout.write(f"{case.id}: expected {' '.join([case.outcome, case.code, *case.modifiers])}, got {got}")
        self.stdout.write(f"  facts: {describe_facts(table.facts, case.facts)}")
        if decision.open_facts:
            self.stdout.write(f"  not answered: {', '.join(decision.open_facts)}")
        for line in trace(table, case.facts, decision).lines():
            if line.verdict is Verdict.DECIDES:
                self.stdout.write(f"  {line.rule_id} decides")
                break
            self.stdout.write(f"  {line.rule_id} {line.verdict} at {', '.join(line.facts)}")
