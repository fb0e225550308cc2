"""``manage.py read_file``: what readers make of small files, each of one kind of fault that was met.

``cases/`` holds made-up files named by kind, format and what is odd; ``cases/expected.json`` what is right for each.
"""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.intake.case_files import CASES, content_of, document

EXPECTED = json.loads((CASES / "expected.json").read_text(encoding="utf-8"))
FILES = sorted(path.name for path in CASES.iterdir() if path.name != "expected.json")


def printed(path):
    out = StringIO()
    call_command("read_file", str(path), stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_read_as_it_is_right(name):
    assert document(content_of(name), name) == EXPECTED[name]


def test_each_case_has_its_file():
    assert sorted(EXPECTED) == FILES


def test_the_command_prints_the_document_of_a_file():
    assert printed(CASES / "codes-hl7-dx-priority.hl7") == EXPECTED["codes-hl7-dx-priority.hl7"]


def test_a_file_that_is_not_there_is_said_to_be_so(tmp_path):
    with pytest.raises(CommandError, match=r"nowhere\.csv cannot be read"):
        call_command("read_file", str(tmp_path / "nowhere.csv"))


@pytest.mark.django_db(databases=[])
def test_no_database_is_asked(django_db_blocker):
    with django_db_blocker.block():
        assert printed(CASES / "table-sex-words.csv")["format"] == "csv"
