"""Whose table a file of CMS is, as its name tells: nothing in the file does."""

import re

from coding.models import Program, TableKind

# Outpatient hospitals and suppliers have pairs and unit limits of their own.
OF_OTHERS = re.compile(
    r"ccioph|outpatient|hospital|supplier|(?<![a-z])(?:oph|dme)(?![a-z])", re.IGNORECASE
)
OF_MEDICAID = re.compile(r"medicaid|(?<![a-z])mcd(?![a-z])", re.IGNORECASE)
OF_MEDICARE = re.compile(r"medicare|ccipra|(?<![a-z])mcr(?![a-z])", re.IGNORECASE)
DIFFER = frozenset({TableKind.PAIRS, TableKind.UNIT_LIMITS})


def fault_of_name(name: str, table: TableKind, program: Program) -> str:
    """Why a file of this name is not loaded as the table of a program; empty where nothing speaks against it."""
    if table in DIFFER and OF_OTHERS.search(name):
        return "the name tells the table of hospitals or suppliers. Take the one of practitioners."
    named = _named_program(name) or program
    if named != program:
        return f"the name tells a table of {named.label}, and it is to be loaded for {program.label}. Choose the other."
    return ""


def _named_program(name: str) -> Program | None:
    if OF_MEDICAID.search(name):
        return Program.MEDICAID
    if OF_MEDICARE.search(name):
        return Program.MEDICARE
    return None
