"""Decision tables of other tools against a FEEL engine: what is taken has to decide every sampled point alike.

``python -m bench.foreign_dmn --feelin FOLDER [FILE …]``: FOLDER holds ``node_modules/feelin``. Without files, random
tables are made. Prints how many tables are taken, why the others are refused, and each difference.
"""

import argparse
import json
import random
import subprocess
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from coding.decision import NOT_DOCUMENTED, Known, RuleTable, TableError
from coding.decision.applying import applies
from coding.exchange.dmn_model import Grid, read_grid
from coding.exchange.dmn_moments import (
    COUNTED,
    DATE,
    DAYS,
    EPOCH,
    MONTHS,
    TIME,
    TOKEN,
    Cuts,
    moments_in,
)
from coding.exchange.dmn_questions import Question, questions_of
from coding.exchange.dmn_read import read_dmn, without_empty_inputs

POINTS = 60
MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"
TEXTS = [
    '"red"',
    '"deep red"',
    '"a_b"',
    '"a b"',
    '"unknown"',
    '""',
    '"NA"',
    '"Other"',
    '"yes"',
    '"other"',
]


NUMBERS = ["-3", "0", "1", "2.5", "4", "7", "7.25", "9.0", "11"]
MOMENTS = {
    "date": ['date("2026-01-01")', 'date("2026-01-02")', '@"2026-03-31"', "date(2027, 2, 28)"],
    "date and time": ['date and time("2026-01-01T00:00:00")', '@"2026-01-01T08:30:00.5"'],
    "dateTime": [
        'date and time("2026-01-01T00:00:00Z")',
        'date and time("2026-01-01T02:00:00+01:00")',
    ],
    "time": ['time("08:00:00")', 'time("17:30:00")', '@"12:00:00"'],
    "days and time duration": ['duration("P1D")', 'duration("PT36H")', 'duration("-PT1M")'],
    "yearMonthDuration": ['duration("P1Y")', 'duration("P13M")', 'duration("P2M")'],
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--feelin", required=True)
    parser.add_argument("--random", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    contents = [path.read_bytes() for path in arguments.files] or [
        random_table(chance) for _ in range(arguments.random)
    ]
    taken, refused = [], Counter[str]()
    for content in contents:
        try:
            table, grid = read_dmn(content), without_empty_inputs(read_grid(content))
        except TableError as error:
            refused[str(error)[:90]] += 1
            continue
        taken.append((table, grid, questions_of(grid)[0]))
    samples = [
        [random_point(chance, grid, questions) for _ in range(POINTS)]
        for _, grid, questions in taken
    ]
    firsts = feel_firsts(
        arguments.feelin,
        [(grid, points) for (_, grid, _), points in zip(taken, samples, strict=True)],
    )
    differences = 0
    for (table, grid, _), points, expected in zip(taken, samples, firsts, strict=True):
        for (answers, values), rule in zip(points, expected, strict=True):
            own = own_first(table, answers)
            # A default output is the last rule here, and no rule there.
            own = -1 if own == len(grid.lines) else own
            if own != rule:
                differences += 1
                print("differs:", grid.name, values, "here", own, "there", rule)
    print(
        f"taken {len(taken)}, refused {refused.total()}, points {sum(map(len, samples))}, differences {differences}"
    )
    for reason, times in refused.most_common(20):
        print(times, reason)


def own_first(table: RuleTable, answers: dict[str, Any]) -> int:
    verdicts = (applies(rule.rows, answers) for rule in table.rules)
    return next((place for place, verdict in enumerate(verdicts) if verdict), -1)


def random_point(
    chance: random.Random, grid: Grid, questions: list[Question]
) -> tuple[dict[str, Any], dict[int, Any]]:
    """Answers, and the values of the same in FEEL by their columns."""
    answers: dict[str, Any] = {}
    values: dict[int, Any] = {}
    for question in questions:
        key, kind = question.fact["key"], question.fact["kind"]
        if chance.random() < 0.1:
            answers[key], values[question.column] = NOT_DOCUMENTED, None
        elif kind == "whole_number":
            number = chance.randint(-12, 120)
            answers[key], values[question.column] = (
                Known(number),
                number / 10 ** question.fact.get("decimals", 0),
            )
        elif question.fact["kind"] == "yes_no":
            truth = chance.random() < 0.5
            answers[key], values[question.column] = Known(truth), truth
        elif question.cuts is not None:
            place, label = chance.choice(list(question.cuts.stretches.items()))
            answers[key] = Known(question.values[label])
            values[question.column] = {"feel": literal_at(grid, question, place)}
        else:
            word, value = chance.choice(list(question.values.items()))
            answers[key], values[question.column] = (
                Known(value),
                "any other" if word.startswith("null") else word,
            )
    return answers, values


def literal_at(grid: Grid, question: Question, place: int) -> str:
    """A moment at a place of a column, as FEEL writes it: a point as the file does, of a gap one within."""
    cuts = question.cuts
    assert cuts is not None
    at = [point for point, _ in cuts.points]
    before, behind = place // 2 - 1, place // 2
    if place % 2 == 0:
        return literals(grid, question.column)[at[before]]
    step = 1 if cuts.kind in (*COUNTED, DAYS) else 1_000_000
    if behind == 0:
        return written(cuts, at[0] - step)
    if behind == len(at):
        return written(cuts, at[-1] + step)
    return written(cuts, max((at[before] + at[behind]) // 2, at[before] + 1))


def literals(grid: Grid, column: int) -> dict[int, str]:
    """The literals of a column by the moments that they name."""
    by_moment = {}
    for text in (*(line.tests[column] for line in grid.lines), grid.inputs[column].allowed):
        for match in TOKEN.finditer(text):
            for moment in moments_in(match[0]):
                by_moment[moment.place] = match[0]
    return by_moment


def written(cuts: Cuts, moment: int) -> str:
    zone = "Z" if cuts.points[0][1].zone else ""
    if cuts.kind == DATE:
        return f'date("{date.fromordinal(moment).isoformat()}")'
    if cuts.kind in (MONTHS, DAYS):
        sign = "-" if moment < 0 else ""
        unit = "PT{}S" if cuts.kind == DAYS else "P{}M"
        return f'duration("{sign}{unit.format(abs(moment))}")'
    at = EPOCH + timedelta(microseconds=moment)
    if cuts.kind == TIME:
        return f'time("{at.time().isoformat()}{cuts.points[0][1].zone}")'
    return f'date and time("{at.replace(tzinfo=None).isoformat()}{zone}")'


def feel_firsts(feelin: str, tables: list[tuple[Grid, list[Any]]]) -> list[list[int]]:
    asked = [
        {
            "rules": [line.tests for line in grid.lines],
            "points": [
                [values.get(place) for place in range(len(grid.inputs))] for _, values in points
            ],
        }
        for grid, points in tables
    ]
    command = ["node", str(Path(__file__).with_name("feel.mjs")), str(Path(feelin).resolve())]
    done = subprocess.run(
        command, input=json.dumps(asked), capture_output=True, text=True, check=True
    )
    firsts: list[list[int]] = json.loads(done.stdout)
    return firsts


def random_table(chance: random.Random) -> bytes:
    kinds = [
        chance.choice(["string", "number", "boolean", "", chance.choice(list(MOMENTS))])
        for _ in range(chance.randint(1, 3))
    ]
    drawn = [kind or chance.choice(["string", "number", "boolean"]) for kind in kinds]
    declared = [_declared(chance, kind) for kind in kinds]
    inputs = "".join(map(_input, range(len(kinds)), declared))
    rules = "".join(
        _rule(number, [random_test(chance, kind) for kind in drawn]) for number in range(1, 6)
    )
    grid = (
        f'<decisionTable hitPolicy="FIRST">{inputs}<output name="result"/>{rules}</decisionTable>'
    )
    return (
        f'<definitions xmlns="{MODEL}"><decision name="T">{grid}</decision></definitions>'.encode()
    )


def _declared(chance: random.Random, kind: str) -> str:
    """The type that is declared; of numbers and truths now and then text, as modelers write it by habit."""
    by_habit = kind in ("number", "boolean") and chance.random() < 0.2
    return "string" if by_habit else kind


def _input(place: int, kind: str) -> str:
    declared = f' typeRef="{kind}"' if kind else ""
    return (
        f"<input><inputExpression{declared}><text>column {place}</text></inputExpression></input>"
    )


def _rule(number: int, tests: list[str]) -> str:
    entries = "".join(f"<inputEntry><text>{escape(test)}</text></inputEntry>" for test in tests)
    return f'<rule>{entries}<outputEntry><text>"{number}"</text></outputEntry></rule>'


def random_test(chance: random.Random, kind: str) -> str:
    if chance.random() < 0.2:
        return chance.choice(["-", "", "-"])
    if kind == "boolean":
        return chance.choice(["true", "false", "not(true)", "not(false)", "true, false"])
    if kind == "string":
        listed = ", ".join(chance.sample(TEXTS, chance.randint(1, 3)))
        return f"not({listed})" if chance.random() < 0.3 else listed
    points = MOMENTS.get(kind, NUMBERS)
    listed = ", ".join(_comparison(chance, points) for _ in range(chance.randint(1, 2)))
    return f"not({listed})" if chance.random() < 0.3 else listed


def _comparison(chance: random.Random, points: list[str]) -> str:
    # As they stand, they are in order but for some: an interval the wrong way round is refused.
    low, high = sorted((chance.choice(points) for _ in range(2)), key=points.index)
    left, right = chance.choice(["[", "(", "]"]), chance.choice(["]", ")", "["])
    return chance.choice(
        [low, f"< {low}", f"<={low}", f"> {low}", f">= {low}", f"{left}{low}..{high}{right}"]
    )


if __name__ == "__main__":
    main()
