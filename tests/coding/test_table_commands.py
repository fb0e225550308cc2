"""Tables for claims at the console: a release is loaded from files, whole or not, and claims of a file are checked."""

import csv
import io

import pytest
from django.core.management import CommandError, call_command

from coding.models import (
    AddOnEdit,
    HcpcsCode,
    Locality,
    PairEdit,
    Program,
    TablePart,
    TableRelease,
    UnitLimitEdit,
)
from coding.rules.expected_claims import COLUMNS

LOCALITIES = "Contractor,State,Locality Number,Locality Name,PW GPCI,PE GPCI,MP GPCI"
FILES = {
    "load_ncci_ptp": (
        "ptp_2024-07.csv",
        "column1,column2,modifier_indicator,rationale\n12345,54321,0,More\n",
        PairEdit,
    ),
    "load_ncci_mue": (
        "mue_practitioner_2024-07.csv",
        "hcpcs_code,mue_units,mue_mai,mue_rationale\n12345,1,2,Instruction\n",
        UnitLimitEdit,
    ),
    "load_addon_codes": (
        "addon_codes_2024-07.csv",
        "add_on,primary,type\n54321,12345,1\n",
        AddOnEdit,
    ),
    "load_hcpcs": (
        "hcpcs_2024-07.csv",
        "hcpcs_code,hcpcs_description\nA1234,A supply\n",
        HcpcsCode,
    ),
    "load_gpci": (
        "GPCI2024.csv",
        f"{LOCALITIES}\n10112,AL,00,Alabama,1.000,0.875,0.566\n",
        Locality,
    ),
}


@pytest.fixture
def console(db, tmp_path):
    """Runs a command on files of these texts, by their names; what it prints."""

    def run(command, files, *arguments):
        paths = []
        for name, text in files.items():
            path = tmp_path / name
            path.write_text(text)
            paths.append(str(path))
        out = io.StringIO()
        call_command(command, *paths, *arguments, stdout=out)
        return out.getvalue()

    return run


# Loading -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", FILES)
def test_each_table_is_loaded_from_its_file_by_nobody_but_the_console(console, command):
    name, text, model = FILES[command]
    out = console(command, {name: text})
    [release] = TableRelease.objects.all()
    assert out == f"{name}: 1 rows loaded into {release}.\n"
    assert model.objects.filter(release=release).count() == 1
    assert TablePart.objects.get().loaded_by is None


def test_what_is_loaded_already_is_passed_over(console):
    name, text, _ = FILES["load_hcpcs"]
    console("load_hcpcs", {name: text})
    assert console("load_hcpcs", {name: text}) == "Everything in it is loaded already.\n"
    assert HcpcsCode.objects.count() == 1


def test_another_day_than_names_tell_is_said_at_the_console(console):
    name, text, _ = FILES["load_ncci_mue"]
    console("load_ncci_mue", {name: text}, "--valid-from", "2024-10-01")
    release = TableRelease.objects.get()
    assert (str(release.valid_from), release.program) == ("2024-10-01", Program.MEDICARE)
    with pytest.raises(CommandError, match=r"“soon” is no date\. Write it as 2024-07-01\."):
        call_command("load_ncci_mue", "nothing.csv", "--valid-from", "soon")


def test_the_release_before_is_named_beside_what_is_loaded(console):
    name, text, _ = FILES["load_ncci_ptp"]
    console("load_ncci_ptp", {name: text})
    before = TableRelease.objects.get()
    out = console("load_ncci_ptp", {"ptp_2024-10.csv": text.replace("54321", "54322")})
    assert out.splitlines()[-1] == f"{before} has 1 rows in all."


def test_what_had_ended_is_counted(console):
    text = (
        "Column 1\tColumn 2\tEffective\tDeletion\tModifier\tRationale\n"
        "12345\t54321\t20200101\t*\t0\tMore\n12345\t54322\t20200101\t20200630\t0\tMore\n"
    )
    files = {"medicaid_2024-07.txt": text}
    out = console("load_ncci_ptp", files, "--program", Program.MEDICAID)
    assert TableRelease.objects.get().program == Program.MEDICAID
    assert "1 rows loaded into" in out
    assert out.endswith(", 1 that had ended left out.\n")


def test_of_several_files_all_are_loaded_or_none(console):
    name, text, _ = FILES["load_ncci_ptp"]
    with pytest.raises(CommandError, match="The file holds a header and no rows"):
        console("load_ncci_ptp", {name: text, "ptp_2024-10.csv": text.splitlines()[0]})
    assert not TableRelease.objects.exists()


def test_a_file_that_is_not_there_is_named(db, tmp_path):
    with pytest.raises(CommandError, match=r"No such file or directory: .*nothing\.csv"):
        call_command("load_hcpcs", str(tmp_path / "nothing.csv"))


# Checking ------------------------------------------------------------------------------------------

ROW = dict.fromkeys(COLUMNS, "") | {
    "id": "P1",
    "place_of_service": "11",
    "payer": "commercial",
    "service_date": "2024-08-14",
    "diagnoses": "A=S01.01XA",
    "right_lines": "12345 [A]",
    "submitted_lines": "12345 [A]; 54321 [A]",
}


def check(console, **cells):
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerow({**ROW, **cells})
    return console("check_claims", {"claims.csv": out.getvalue()})


def test_a_claim_on_which_the_checks_speak_as_expected_is_right(console):
    assert check(console) == "claims: 1 right, 0 wrong\n"


def test_what_is_not_as_expected_is_printed_and_fails(db, tmp_path):
    path = tmp_path / "claims.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerow({**ROW, "speak_ids": "N99"})
        writer.writerow({**ROW, "id": "P2", "service_date": "soon"})
    out = io.StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("check_claims", str(path), stdout=out)
    assert end.value.code == 1
    first, *said, unread, counts = out.getvalue().splitlines()
    assert first == "P1: N99 should have spoken on the submitted lines"
    assert all(line.startswith("  ") for line in said)
    assert unread == "P2: “soon” is no day such as 2024-08-14."
    assert counts == "claims: 0 right, 2 wrong"


def test_a_file_of_claims_that_lacks_a_column_or_is_not_there_is_refused(console, tmp_path):
    with pytest.raises(CommandError, match="The first line lacks the column id"):
        console("check_claims", {"claims.csv": "name\nP1\n"})
    with pytest.raises(CommandError, match="No such file"):
        call_command("check_claims", str(tmp_path / "nothing.csv"))
