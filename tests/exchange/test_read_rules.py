"""``manage.py read_rules``: what a rule file becomes, printed without a database."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from coding.decision import TableError
from coding.exchange import FORMATS
from coding.exchange.named_files import read_alone
from coding.management.commands import read_rules
from tests.decision import tables as make
from tests.exchange.test_dmn_dialects import CAMUNDA

TABLE = make.table(
    [make.fact("ready", "yes_no")],
    [make.rule("R1", {"ready": {"in": [True]}}), make.rule("R2", {})],
)


def printed(path: Path, **options: Any) -> dict[str, Any]:
    out = io.StringIO()
    command = read_rules.Command(stdout=out)
    command.handle(file=path, **{"json": True, "decision": "", "output": "", **options})
    document: dict[str, Any] = json.loads(out.getvalue())
    return document


@pytest.mark.parametrize("name", ["json", "xlsx"])
def test_it_prints_facts_and_rules_as_in_the_document(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"rules.{name}"
    path.write_bytes(FORMATS[name].write(TABLE))
    document = TABLE.to_document()
    assert printed(path) == {"facts": document["facts"], "rules": document["rules"], "problems": []}


@pytest.mark.parametrize("name", ["csv", "dmn"])
def test_what_a_file_does_not_hold_is_made_of_its_columns(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"rules.{name}"
    path.write_bytes(FORMATS[name].write(TABLE))
    shown = printed(path)
    assert [fact["key"] for fact in shown["facts"]] == ["ready"]
    assert [rule["id"] for rule in shown["rules"]] == ["R1", "R2"]


def test_what_is_refused_is_a_problem_and_nothing_else_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "rules.dmn"
    path.write_text(CAMUNDA.replace("FIRST", "COLLECT"))
    [problem] = printed(path)["problems"]
    assert "The hit policy COLLECT is not read" in problem


def test_a_decision_is_chosen_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "rules.dmn"
    path.write_text(CAMUNDA)
    assert printed(path, decision="Dressing")["problems"] == []
    assert "called “Other”" in printed(path, decision="Other")["problems"][0]


def test_the_name_of_a_csv_file_is_the_name_of_its_rule_set() -> None:
    assert read_alone("ready.csv", FORMATS["csv"].write(TABLE)).table.key == "ready"


@pytest.mark.parametrize("ending", ["ods", "xls", "numbers"])
def test_a_workbook_of_another_kind_is_refused_with_what_to_do(ending: str) -> None:
    with pytest.raises(TableError, match=f"kind .{ending} is not read. Save it as XLSX"):
        read_alone(f"rules.{ending}", b"PK")


def test_a_table_parted_by_tabs_is_one_of_rules() -> None:
    tabs = FORMATS["csv"].write(TABLE).decode().replace(",", "\t").encode()
    assert [rule.id for rule in read_alone("rules.tsv", tabs).table.rules] == ["R1", "R2"]
