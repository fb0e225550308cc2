"""The decision core beside two rule engines written in Rust, and against its goals.

    python -m bench.decision [--quick]

needs ``pip install -r requirements/bench.txt``. Cases are seeded and modelled as ``bench/samples.py`` says. All
figures of one comparison come from one run, the contestants in turn; each engine takes its own best path, and
what it needs to convert is not timed. Both engines must agree with the core on every case before they are timed.
"""

import argparse
import copy
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from statistics import median
from time import perf_counter
from typing import NamedTuple

from bench import derived, questions, samples
from bench.goals import goal, seconds
from bench.peers import DataLogic, Peer, Zen
from coding import rulesets
from coding.decision import (
    NOT_DOCUMENTED,
    FactValue,
    Flaw,
    Known,
    RuleTable,
    Trace,
    changed_regions,
    decide,
    decide_batch,
    guide,
    possible_outcomes,
    trace,
    verify,
)
from coding.decision.compiled import compiled
from coding.decision.diagram import diagram_of
from coding.decision.guide import remembered

Cases = Sequence[Mapping[str, FactValue]]
QUESTIONS = (questions.guided, questions.smallest_proof)
# Of coded cases, by rule set, on average.
MOST_QUESTIONS = {
    "office-visit": 8.5,
    "wound-repair": 9.0,
    "distal-radius": 7.5,
    "joint-injection": 7.0,
}


class Family(NamedTuple):
    """Of a shipped rule set, of its coded cases where it says so.

    Questions a case and their bound, the median of the next one in milliseconds, verification in milliseconds, million
    decisions a second.
    """

    key: str
    questions: float
    bound: float
    next_question: float
    verified: float
    batch: float


def all_of(work: Callable[[object], object], inputs: Sequence[object]) -> Callable[[], None]:
    """A loop over inputs, the same for every contestant."""

    def loop() -> None:
        for case in inputs:
            work(case)

    return loop


def beside_peers(name: str, table: RuleTable, cases: Cases, passes: int) -> dict[str, float]:
    """How many times faster the core decides than each engine, without and with a trace."""
    zen, datalogic = Zen(table), DataLogic(table)
    expected = [decide(table, case).rule_id for case in cases]
    for peer in (zen, datalogic):
        check(peer, cases, expected)
    ready = zen.prepare(cases)

    def traced(case: Mapping[str, FactValue]) -> Trace:
        return trace(table, case, decide(table, case))

    contestants = {
        "core": all_of(partial(decide, table), cases),
        "zen-engine": all_of(zen.decide, ready),
        "datalogic-py": all_of(datalogic.decide, datalogic.prepare(cases)),
        "core with trace": all_of(traced, cases),
        "zen-engine with trace": all_of(zen.decide_with_trace, ready),
    }
    taken = dict(zip(contestants, seconds(*contestants.values(), passes=passes), strict=True))
    print(f"\n{name}: {len(table.rules)} rules, {len(table.facts)} facts, {len(cases):,} cases")
    for contestant, time in taken.items():
        print(f"  {contestant:36} {len(cases) / time:12,.0f} cases/s")
    few = cases[:200]
    [spent] = seconds(all_of(lambda case: traced(case).lines(), few), passes=3)
    print(f"  {'core with trace, told rule by rule':36} {len(few) / spent:12,.0f} cases/s")
    return {
        "zen": taken["zen-engine"] / taken["core"],
        "datalogic": taken["datalogic-py"] / taken["core"],
        "trace": taken["zen-engine with trace"] / taken["core with trace"],
    }


def check(peer: Peer, cases: Cases, expected: list[str | None]) -> None:
    """Stop if an engine decides otherwise: a comparison with a wrong answer says nothing."""
    decided = [peer.decide(case) for case in peer.prepare(cases)]
    if decided != expected:
        raise SystemExit(f"{peer.name} {peer.version} decides otherwise than the core.")


def batches(table: RuleTable, cases: Cases, passes: int) -> tuple[float, float]:
    """How many times faster a batch is than deciding its rows one by one: rows as drawn, and each ten times."""
    ratios = []
    for repeated in (1, 10):
        rows = list(cases[: len(cases) // repeated]) * repeated
        columns = {key: [row[key] for row in rows] for key in table.fact_by_key}

        def one_by_one(columns: dict[str, list[FactValue]] = columns) -> None:
            for row in zip(*columns.values(), strict=True):
                decide(table, dict(zip(columns, row, strict=True)))

        batch, loop = seconds(
            lambda columns=columns: decide_batch(table, columns), one_by_one, passes=passes
        )
        ratios.append(loop / batch)
        print(
            f"  decide_batch, rows repeated {repeated:2} times: {len(rows) / batch:12,.0f} rows/s"
        )
    return ratios[0], ratios[1]


def milliseconds(work: Callable[[], object], passes: int) -> float:
    """The median time of one piece of work, from a table that nothing was compiled of."""

    def afresh() -> object:
        compiled.cache_clear()
        return work()

    return seconds(afresh, passes=passes)[0] * 1000


def edited(table: RuleTable) -> RuleTable:
    """The hip rules with skin traction moved from the rule for a code to the one that asks a supervisor."""
    document = copy.deepcopy(table.to_document())
    rules = {rule["id"]: rule["rows"][0] for rule in document["rules"]}
    rules["R32"]["stabilization"]["in"].remove("skin_traction")
    rules["R34"]["stabilization"]["in"].append("skin_traction")
    return RuleTable.from_document(document)


def verified(name: str, table: RuleTable) -> float:
    """The seconds that a full verification takes, with what it left undecided."""
    compiled.cache_clear()
    begun = perf_counter()
    findings = verify(table)
    taken = perf_counter() - begun
    undecided = sum(finding.flaw is Flaw.UNDECIDED for finding in findings)
    print(f"  verify {name}: {taken:.2f} s, {len(findings)} findings, {undecided} undecided")
    return taken


def asked(table: RuleTable, *, quick: bool) -> float:
    """The mean number of questions over the worked cases, beside its baselines and its bounds."""
    cases = samples.worked_cases(table)
    print(f"\nQuestions asked, mean over {len(cases)} worked cases of {len(table.facts)} facts")
    ways: dict[str, Callable[[RuleTable, Mapping[str, FactValue]], int]] = {
        "by guide": questions.guided,
        "in the table's order, idle ones left out": questions.in_table_order,
        "in fixed order until settled": questions.in_fixed_order,
        "all": lambda table, _: len(table.facts),
        "bound: the smallest set of answers that settles a case": questions.smallest_proof,
    }
    means = {
        name: sum(way(table, case) for case in cases) / len(cases) for name, way in ways.items()
    }
    for name, mean in means.items():
        print(f"  {name:56} {mean:6.2f}")
    print("Questions to be expected if every documented answer is equally likely")
    print(f"  {'by guide':56} {questions.expected(table, optimal=False)[0]:6.2f}")
    if not quick:
        best, states = questions.expected(table, optimal=True)
        print(f"  {f'bound: the optimal decision tree, {states:,} states':56} {best:6.2f}")
    return means["by guide"]


def measured_families(count: int, passes: int) -> list[Family]:
    """Each shipped rule set: what its coded cases ask, how long verifying takes, how fast a batch is decided."""
    families, keys = [], rulesets.keys()
    for key in keys:
        table = rulesets.shipped(key)
        cases = samples.worked_cases(table, coded=True)
        means = [sum(way(table, case) for case in cases) / len(cases) for way in QUESTIONS]
        asking = median(next_questions(table, cases)) * 1000
        verifying = milliseconds(partial(verify, table), passes)
        families.append(Family(key, *means, asking, verifying, batch_rate(table, count)))
    return families


def next_questions(table: RuleTable, cases: Cases) -> list[float]:
    """The seconds of each next question of some cases, none of them remembered: what cases begin alike counts once."""
    remembered.cache_clear()
    taken: dict[frozenset[tuple[str, FactValue]], float] = {}
    for case in cases:
        given = dict(questions.not_asked(table, case))
        while True:
            begun = perf_counter()
            question = guide(table, given).next_question
            taken.setdefault(frozenset(given.items()), perf_counter() - begun)
            if question is None:
                break
            given[question.key] = case.get(question.key, NOT_DOCUMENTED)
    return list(taken.values())


def first_question(table: RuleTable, passes: int) -> float:
    """The median milliseconds of the first question, which is not remembered."""

    def afresh() -> object:
        remembered.cache_clear()
        return guide(table, {})

    return seconds(afresh, passes=passes)[0] * 1000


def batch_rate(table: RuleTable, count: int) -> float:
    """Millions of decisions a second over random answers to all that is not derived."""
    cases = derived.cases(table, count, seed=1)
    columns = {key: [case[key] for case in cases] for key in cases[0]}
    decide_batch(table, columns)
    return count / seconds(lambda: decide_batch(table, columns), passes=3)[0] / 1e6


def measured_derived(count: int, passes: int) -> dict[str, float]:
    """Verification and first question in milliseconds, millions of decisions a second, with derived facts."""
    visit = derived.table()
    cases = derived.cases(visit, count, seed=1)
    columns = {
        fact.key: [case[fact.key] for case in cases] for fact in visit.facts if fact.is_asked
    }
    decide_batch(visit, columns)
    [batch] = seconds(lambda: decide_batch(visit, columns), passes=passes)
    taken = {"verify": milliseconds(lambda: verify(visit), passes), "batch": count / batch / 1e6}
    possible_outcomes(visit, {})
    taken["guide"] = first_question(visit, passes)
    rows = compiled(visit)
    print(
        f"\nDerived facts: {len(rows.rows)} rows, {rows.contradictions.bit_count()} of them contradictions"
    )
    return taken


def main() -> None:
    """Run everything and close with the goals."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="a small size, in under a minute")
    quick = parser.parse_args().quick
    passes, count, large = (3, 4_000, 300) if quick else (7, 20_000, 3_000)

    hip = rulesets.shipped(samples.HIP)
    cases = samples.hip_cases(hip, count, seed=1)
    on_hip = beside_peers("Hip dislocation", hip, cases, passes)
    distinct, repeated = batches(hip, cases, passes)
    structured = samples.structured_table(1000, 20, seed=1)
    on_structured = beside_peers(
        "Structured", structured, samples.random_cases(structured, large, seed=2), passes
    )
    random = samples.random_table(1000, 20, seed=1)
    on_random = beside_peers(
        "Without structure", random, samples.random_cases(random, large, seed=2), passes
    )

    print("\nVerify and compare")
    hip_verified = milliseconds(lambda: verify(hip), 15)
    other = edited(hip)
    compared = milliseconds(lambda: changed_regions(hip, other), 15)
    structured_verified = verified("structured 1,000 x 20", structured)
    random_verified = verified("without structure 1,000 x 20", random)
    diagram_of(hip).below({})
    given = {"joint_state": Known("dislocated")}
    outcomes = (
        max(
            seconds(
                lambda: possible_outcomes(hip, {}), lambda: possible_outcomes(hip, given), passes=15
            )
        )
        * 1000
    )
    first_of_hip = first_question(hip, passes=15)
    mean = asked(hip, quick=quick)
    visit = measured_derived(count, passes)
    families = measured_families(count, passes)

    print()
    goal("one case, hip, times zen-engine", on_hip["zen"], at_least=15)
    goal("one case, hip, times datalogic-py", on_hip["datalogic"], at_least=1.9)
    goal("one case with trace, hip, times zen-engine with trace", on_hip["trace"], at_least=10)
    goal("one case, 1,000 structured rules, times zen-engine", on_structured["zen"], at_least=11)
    goal("one case, 1,000 rules without structure, times zen-engine", on_random["zen"], at_least=11)
    goal(
        "one case with trace, 1,000 structured rules, times zen-engine",
        on_structured["trace"],
        at_least=11,
    )
    goal(
        "one case with trace, 1,000 rules without structure, times zen-engine",
        on_random["trace"],
        at_least=11,
    )
    goal("batch of distinct rows, times decide in a loop", distinct, at_least=1)
    goal("batch of repeated rows, times decide in a loop", repeated, at_least=1)
    goal("hip rules verified", hip_verified, at_most=10, unit=" ms")
    goal("two hip versions compared", compared, at_most=5, unit=" ms")
    goal("reachable outcomes", outcomes, at_most=1, unit=" ms")
    goal("next question, first step", first_of_hip, at_most=30, unit=" ms")
    goal("1,000 x 20 structured verified", structured_verified, at_most=1, unit=" s")
    goal("1,000 x 20 without structure verified", random_verified, at_most=1, unit=" s")
    goal("mean questions, hip", mean, at_most=8.0)
    for family in families:
        print(f"{family.key}: no order asks fewer than {family.bound:.2f} questions a coded case")
        if family.key in MOST_QUESTIONS:
            goal(
                f"mean questions, coded, {family.key}",
                family.questions,
                at_most=MOST_QUESTIONS[family.key],
            )
        goal(f"{family.key}, next question, median", family.next_question, at_most=30, unit=" ms")
        goal(f"{family.key} verified", family.verified, at_most=50, unit=" ms")
        goal(f"{family.key}, million decisions a second in a batch", family.batch, at_least=1.2)
    goal("derived facts verified", visit["verify"], at_most=50, unit=" ms")
    goal("derived facts, next question, first step", visit["guide"], at_most=30, unit=" ms")
    goal("derived facts, million decisions a second in a batch", visit["batch"], at_least=1.2)


if __name__ == "__main__":
    main()
