"""``manage.py check_cases RULESET FILE.csv``: check that the rules decide worked cases as expected."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coding import rulesets
from coding.cases import Case, CaseError, decide_all, read_cases
from coding.decision import Decision, RuleTable, Verdict, describe_facts


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
                decided = list(decide_all(read_cases(file, table), table))
        except (LookupError, OSError, CaseError) as error:
            raise CommandError(str(error)) from error
        wrong = [(case, decision) for case, decision in decided if not case.agrees(decision)]
        for case, decision in wrong:
            self.report(table, case, decision)
        self.stdout.write(f"cases: {len(decided) - len(wrong)} right, {len(wrong)} wrong")
        if wrong:
            raise SystemExit(1)

    def report(self, table: RuleTable, case: Case, decision: Decision) -> None:
        """One mismatch: what was expected, what came out, and how each rule fared."""
        outcome = decision.outcome
        got = " ".join([outcome.kind, outcome.code, *outcome.modifiers]) if outcome else "answers missing"
        self.stdout.write(f"{case.id}: expected {' '.join([case.outcome, case.code, *case.modifiers])}, got {got}")
        self.stdout.write(f"  facts: {describe_facts(table.facts, case.facts)}")
        if decision.open_facts:
            self.stdout.write(f"  not answered: {', '.join(decision.open_facts)}")
        for trace in decision.trace:
            if trace.verdict is Verdict.DECIDES:
                self.stdout.write(f"  {trace.rule_id} decides")
                break
            self.stdout.write(f"  {trace.rule_id} {trace.verdict} at {', '.join(trace.facts)}")
