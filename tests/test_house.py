"""The house itself: lock files, sizes, pure rooms, tests for every command, and pages without inline code."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
PYTHON = [
    path
    for folder in ("config", "coding", "reviews", "tests", "tools", "bench")
    for path in (ROOT / folder).rglob("*.py")
]
OWN = [path for path in PYTHON if "migrations" not in path.parts]
PRODUCT = [
    path for path in OWN if path.relative_to(ROOT).parts[0] in ("config", "coding", "reviews")
]
COMMANDS = sorted(path.stem for path in ROOT.glob("*/management/commands/[a-z]*.py"))
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
# Each pure room, with the others that it may ask.
PURE = {
    "decision": set(),
    "evidence": set(),
    "claim": set(),
    "ask": {"claim", "decision", "evidence"},
}
OUTSIDE = {
    "glob",
    "logging",
    "os",
    "random",
    "shutil",
    "socket",
    "sqlite3",
    "subprocess",
    "tempfile",
}
OUTSIDE |= {"threading", "time", "urllib"}
CLOCK_OR_FILE = re.compile(r"\b(?:date|datetime)\.(?:now|today|utcnow)\(|(?<![.\w])open\(")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_file_holds_versions_and_hashes_and_no_address_or_path(lock):
    lines = lock.read_text().splitlines()
    assert lines
    for line in lines:
        assert re.fullmatch(
            r"[A-Za-z0-9._\[\],-]+==[^ ]+ .*\\|    --hash=sha256:[0-9a-f]{64}( \\)?", line
        ), line


def test_what_a_lock_file_is_made_from_names_packages_alone():
    for wanted in (ROOT / "requirements").glob("*.in"):
        assert not re.search(r"://|^--|@ ", wanted.read_text(), re.MULTILINE), wanted


def test_no_file_grows_beyond_what_one_reads():
    long = {
        str(path.relative_to(ROOT)): n
        for path in OWN
        if (n := len(path.read_text().splitlines())) > 400
    }
    assert long == {}


def test_no_value_is_called_by_a_word_that_fits_every_value():
    weak = "found|made|one|said|stuff|thing"
    assigned = re.compile(
        rf"^\s+(?:{weak})(?:: .+)? = |\bfor (?:{weak}) in\b|\((?:{weak}) :=", re.MULTILINE
    )
    lines = {str(path.relative_to(ROOT)): assigned.findall(path.read_text()) for path in PRODUCT}
    assert {path: weakly for path, weakly in lines.items() if weakly} == {}


@pytest.mark.parametrize("room", PURE)
def test_a_pure_room_knows_the_standard_library_and_no_clock_file_or_other_room(room):
    for path in (ROOT / "coding" / room).rglob("*.py"):
        text = path.read_text()
        for module in imported(text):
            top, *inner = module.split(".")
            own = top == "coding" and inner[:1] and inner[0] in {room} | PURE[room]
            assert own or top in sys.stdlib_module_names - OUTSIDE, (path, module)
        assert not CLOCK_OR_FILE.search(text), path


def imported(text):
    """The modules that a file imports, by their whole names."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_called_by_a_test(command):
    calls = [f'"{command}"', f"{command}.", f"import {command}"]
    texts = [
        path.read_text()
        for path in (ROOT / "tests").rglob("test_*.py")
        if path.name != "test_house.py"
    ]
    assert any(call in text for text in texts for call in calls)


def test_no_page_holds_inline_script_style_or_handler():
    inline = re.compile(r"<style|\sstyle=[\"']|\son\w+=[\"']|<script(?![^>]*\bsrc=)|javascript:")
    for page in [*(ROOT / "templates").rglob("*.html"), *PRODUCT]:
        assert not inline.search(page.read_text()), page


def test_settings_refuse_to_start_without_their_secrets(tmp_path):
    code = "import environ; environ.Env.read_env = staticmethod(lambda *a, **k: None); import config.settings"
    environment = {"PATH": os.environ["PATH"], "BROKER_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "SECRET_KEY" in done.stderr


def test_settings_are_secure_unless_told_that_this_copy_is_local(tmp_path):
    code = (
        "import environ; environ.Env.read_env = staticmethod(lambda *a, **k: None); import config.settings as s;"
        "print(s.DEBUG, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS)"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "BROKER_DIR": str(tmp_path),
        "SECRET_KEY": "x",
        "AUDIT_KEY": "y",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.stdout.split() == ["False", "True", "True", "True", "31536000"]


def test_every_form_that_changes_something_carries_its_token():
    for page in (ROOT / "templates").rglob("*.html"):
        forms = re.findall(
            r'<form[^>]*method="post".*?</form>', page.read_text(), re.DOTALL | re.IGNORECASE
        )
        assert all("csrf_token" in form or "_ruling_fields.html" in form for form in forms), page


def test_no_address_that_takes_forms_only_answers_an_empty_page_when_it_is_opened():
    """They lead to the page of their form (``posted_from``)."""
    for room in ("coding", "reviews", "config"):
        for module in (ROOT / room).rglob("*.py"):
            assert not re.search("require_POST|ResponseNotAllowed", module.read_text()), module


def test_whatever_holds_a_ruling_or_its_reason_keeps_what_is_typed():
    for page in (ROOT / "templates/reviews").rglob("*.html"):
        text = page.read_text()
        if "<form" in text and re.search(r"_ruling_fields.html|form\.reason\|as_crispy", text):
            assert "author kept" in text, page


def test_every_form_whose_text_is_kept_tells_that_it_is():
    for page in (ROOT / "templates").rglob("*.html"):
        forms = re.findall(
            r"<form(?:(?!<form).)*?author kept.*?</form>", page.read_text(), re.DOTALL
        )
        assert all('data-kept role="status"' in form for form in forms), page


def test_rows_that_benches_write_name_every_column_that_needs_a_value():
    tables = {model._meta.db_table: model for model in apps.get_models()}
    lacking = {}
    for path in (ROOT / "bench").glob("*.py"):
        for table, written in re.findall(r"INSERT INTO (\w+) \(([^)]*)\)", path.read_text()):
            fields = tables[table]._meta.concrete_fields if table in tables else ()
            needed = {
                field.column
                for field in fields
                if not (field.null or field.primary_key or field.has_db_default())
            }
            if missing := needed - set(re.split(r",\s*", written)):
                lacking[path.name, table] = missing
    assert lacking == {}
