"""What is read out of notes, beside what an expert reads in them, and beside published figures for sentences.

    python -m bench.evidence [--quick] [--cases FILE …] [--sentences FILE …]

Cases are files of worked cases; without any, those shipped with the hip rules. Per fact the proposals are counted that
are right, wrong, and missed where an expert has an answer; then what the rules decide from the note alone; then how
far the passages are those that were marked by hand (bench/passages.py). Sentences are files of the NegEx and ConText
project's columns: number, condition, sentence, negation, time, experiencer.
Published figures are those of other sentences than these, so they are a measure and no contest.
"""

import argparse
import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median
from time import process_time

from bench import passages
from bench.goals import goal
from coding import rulesets
from coding.decision import Known, RuleTable
from coding.evidence import Context, Experiencer, Lexicon, Polarity, Time, context_of, read
from coding.rules.from_note import Standing, end_of_note, standing
from coding.rules.worked_cases import Case, read_cases

HIP = "hip-dislocation"
PAGE = 2500
# NegEx: Chapman and others 2001, on discharge summaries. ContextD: Afzal and others 2014, the ConText of Dutch, over
# four kinds of documents.
PUBLISHED = {
    "negated": "NegEx: precision 0.845, recall 0.778; ContextD: F1 0.87 to 0.93",
    "historical": "ContextD: F1 0.26 to 0.54",
    "other than patient": "ContextD: F1 0.99 to 1.00",
}


def worked_cases(table: RuleTable, files: Iterable[Path]) -> list[Case]:
    """The cases of all files that can be read."""
    cases: list[Case] = []
    for file in files:
        with file.open(newline="", encoding="utf-8-sig") as lines:
            cases += [case for case in read_cases(lines, table) if isinstance(case, Case)]
    return cases


def proposed(table: RuleTable, lexicon: Lexicon, cases: Sequence[Case]) -> dict[str, Counter[str]]:
    """For each fact how its proposals stand beside the expert's answers; a fact without an answer is left out."""
    counts: dict[str, Counter[str]] = {key: Counter() for key in table.fact_by_key}
    for case in cases:
        proposals = read(lexicon, case.note).proposals
        for key, answer in case.facts.items():
            if key in proposals:
                given = table.fact_by_key[key].answer_from_text(proposals[key].text())
                counts[key]["right" if given == answer else "wrong"] += 1
            else:
                counts[key]["missed" if isinstance(answer, Known) else "silent, as the expert"] += 1
    return counts


def facts_in_cases(table: RuleTable, lexicon: Lexicon, files: Sequence[Path]) -> Counter[Standing]:
    """Print the proposals by fact, and return how the outcomes stand."""
    cases = worked_cases(table, files)
    print(f"\nFacts proposed from {len(cases)} notes")
    print(f"  {'':20}{'right':>7}{'wrong':>7}{'missed':>8}{'silent, as the expert':>23}")
    for key, counts in proposed(table, lexicon, cases).items():
        columns = (
            counts["right"],
            counts["wrong"],
            counts["missed"],
            counts["silent, as the expert"],
        )
        print(f"  {key:20}{columns[0]:7}{columns[1]:7}{columns[2]:8}{columns[3]:23}")
    ends = Counter(standing(case, end_of_note(table, lexicon, case.note)) for case in cases)
    print(
        "Outcomes from the note alone: "
        + ", ".join(f"{ends[standing]} {standing}" for standing in Standing)
    )
    return ends


def judged(files: Iterable[Path]) -> list[tuple[Context, list[str]]]:
    """Each sentence's condition in our judgement, and its row; the condition stands in the sentence in capitals."""
    judgements = []
    for file in files:
        with file.open(newline="", encoding="utf-8-sig") as lines:
            for row in list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]:
                condition, sentence = row[1].strip(), row[2]
                start = max(sentence.find(condition.upper()), 0)
                judgements.append((context_of(sentence, start, start + len(condition)), row))
    return judgements


def sentences_judged(files: Sequence[Path]) -> dict[str, float]:
    """Print precision, recall and F1 of each property, and return the F1."""
    results = judged(files)
    print(f"\nContext of {len(results)} conditions")
    properties = {
        "negated": [
            (c.polarity is Polarity.NEGATED, row[3].lower() == "negated") for c, row in results
        ],
        "historical": [
            (c.time is Time.HISTORY, row[4].lower() == "historical") for c, row in results
        ],
        "other than patient": [
            (c.experiencer is Experiencer.OTHER, row[5].lower() != "patient") for c, row in results
        ],
    }
    scores = {}
    for name, pairs in properties.items():
        counts = Counter(pairs)
        both, ours, theirs = counts[True, True], counts[True, False], counts[False, True]
        precision, recall = both / max(both + ours, 1), both / max(both + theirs, 1)
        scores[name] = 2 * both / max(2 * both + ours + theirs, 1)
        beside = f"  ({PUBLISHED[name]})" if name in PUBLISHED else ""
        print(
            f"  {name:20} precision {precision:.3f} recall {recall:.3f} F1 {scores[name]:.3f},"
            f" of {both + theirs} marked{beside}"
        )
    return scores


def speed(table: RuleTable, lexicon: Lexicon, passes: int) -> float:
    """Pages read into proposals a second: the shipped notes, one after the other, cut into pages."""
    notes = "\n\n".join(case.note for case in worked_cases(table, [rulesets.cases_file(HIP)]))
    pages = [notes[start : start + PAGE] for start in range(0, len(notes) - PAGE, PAGE // 4)]
    taken = []
    for _ in range(passes):
        begun = process_time()
        for page in pages:
            read(lexicon, page)
        taken.append(process_time() - begun)
    rate = len(pages) / median(taken)
    print(
        f"\nPages of {PAGE:,} characters read into proposals: {rate:,.0f} a second of one processor"
    )
    return rate


def main() -> None:
    """Run everything and close with the goals."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="fewer passes, in under a minute")
    parser.add_argument(
        "--cases", nargs="+", type=Path, default=[rulesets.cases_file(HIP)], metavar="FILE"
    )
    parser.add_argument("--sentences", nargs="+", type=Path, default=[], metavar="FILE")
    options = parser.parse_args()
    table, lexicon = rulesets.shipped(HIP), rulesets.shipped_lexicon(HIP)
    ends = facts_in_cases(table, lexicon, options.cases)
    scores = sentences_judged(options.sentences) if options.sentences else {}
    agreed = passages.agreement(lexicon)
    pages = speed(table, lexicon, 3 if options.quick else 15)
    print()
    goal("cases wrong from the note alone", ends[Standing.WRONG], at_most=0)
    goal("cases right from the note alone", ends[Standing.RIGHT] / ends.total(), at_least=0.8)
    if scores:
        goal("F1 of negation", scores["negated"], at_least=0.97)
        goal("F1 of history", scores["historical"], at_least=0.80)
    goal("F1 of exact passages", agreed.span, at_least=0.25)
    goal("F1 of words in passages", agreed.token, at_least=0.5)
    goal("pages a second", pages, at_least=300)


if __name__ == "__main__":
    main()
