"""What the documents name is there: links, paths, commands, targets of make, settings."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
OF_DJANGO = {"check", "changepassword", "createsuperuser", "migrate"}
COMMANDS = {path.stem for path in ROOT.glob("*/management/commands/[a-z]*.py")} | OF_DJANGO
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
FOLDERS = "bench|coding|config|deploy|docs|requirements|reviews|static|templates|tests|tools"
# What people make themselves, and what stands for any.
NOT_HERE = {"coding/intake/FORMAT/", "deploy/concord.env"}

LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
QUOTED = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
PATH = re.compile(rf"(?<![\w./*-])(?:{FOLDERS})/[\w./*@-]*[\w*/]")
COMMAND = re.compile(r"manage\.py ([a-z]\w+)")
TARGET = re.compile(r"\bmake ([a-z-]+)")
MODULE = re.compile(r"python -m ((?:bench|tools)(?:\.\w+)?)")


def by_name(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=by_name)
def test_what_a_document_names_is_there(document):
    text = document.read_text()
    quoted = "\n".join(QUOTED.findall(text))

    assert [link for link in LINK.findall(text) if not (document.parent / link).exists()] == []
    paths = set(PATH.findall(quoted)) - NOT_HERE
    assert {path for path in paths if not any(ROOT.glob(path.rstrip("/")))} == set()
    modules = {module.replace(".", "/") for module in MODULE.findall(quoted)}
    assert {module for module in modules if not any(ROOT.glob(f"{module}*"))} == set()
    assert set(COMMAND.findall(quoted)) - COMMANDS == set()
    assert set(TARGET.findall(quoted)) - TARGETS == set()


def test_every_command_of_ours_and_every_setting_stands_in_its_list():
    listed = (ROOT / "docs" / "commands.md").read_text()
    assert [name for name in COMMANDS - OF_DJANGO if name not in listed] == []
    settings = set(
        re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text(), re.M)
    )
    read = (ROOT / "config" / "settings.py").read_text()
    assert {name for name in settings if f'"{name}"' not in read} == set()
