"""The real tables load, and by them all worked claims are found as wrong and as right as expected."""

import io

import pytest
from django.core.management import call_command

from coding.models import PairEdit, TableRelease
from tests.conftest import SHARED_DATA

CLAIMS = SHARED_DATA.parent / "families" / "mixed_open.csv"


@pytest.fixture
def july_2024(db):
    """The tables of July 2024, each by its own command."""
    quiet = {"stdout": io.StringIO()}
    call_command(
        "load_fee_schedule", SHARED_DATA / "pprrvu_2024c_jul_all_no_descriptors.csv", **quiet
    )
    pairs = ["ncci_ptp_hip_family_2024-07.csv", "ptp_five_families_2024-07.csv"]
    call_command("load_ncci_ptp", *(SHARED_DATA / name for name in pairs), **quiet)
    call_command("load_ncci_mue", SHARED_DATA / "ncci_mue_practitioner_all_2024-07.csv", **quiet)
    call_command("load_addon_codes", SHARED_DATA / "addon_codes_2024-07.csv", **quiet)
    call_command("load_hcpcs", SHARED_DATA / "hcpcs_level2_hip_2024-07.csv", **quiet)


def test_all_open_mixed_encounters_are_right(july_2024):
    assert TableRelease.objects.count() == 4
    # Of two files of one quarter each pair stands once.
    assert 5118 < PairEdit.objects.count() < 5118 + 3502
    out = io.StringIO()
    call_command("check_claims", CLAIMS, stdout=out)
    assert out.getvalue() == "claims: 19 right, 0 wrong\n"


@pytest.mark.parametrize(
    ("command", "file", "said"),
    [
        (
            "load_ncci_ptp",
            "ccipra-v322r0-f1.excerpt.txt",
            "2 rows loaded into NCCI pairs 2026 Q3, 1 that had ended",
        ),
        (
            "load_ncci_mue",
            "MCR_MUE_PractitionerServices_Eff_07-01-2026.excerpt.csv",
            "2 rows loaded into Medically",
        ),
        ("load_gpci", "GPCI2026.excerpt.csv", "4 rows loaded into GPCI 2026 Q1"),
        (
            "load_fee_schedule",
            "PPRRVU2026_Jul_nonQPP.excerpt.csv",
            "values: PPRRVU2026_Jul_nonQPP.excerpt, from 2026-07-01",
        ),
    ],
)
def test_files_load_as_cms_publishes_them(db, command, file, said):
    out = io.StringIO()
    call_command(command, SHARED_DATA / "cms_layouts" / file, stdout=out)
    assert said in out.getvalue()
