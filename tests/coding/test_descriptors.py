"""Licensed descriptors: loaded by who has a licence, kept apart, seen by those alone whose role says so."""

import io
from datetime import date

import pytest
from django.contrib.auth.models import Group
from django.core import serializers
from django.core.management import CommandError, call_command
from django.urls import reverse

from coding.models import AuditEvent, DescriptorRelease
from coding.reference.descriptors import descriptors_of
from coding.tables.errors import FileError
from tests import factories

SECRET = "Made-up descriptor of a licence"


@pytest.fixture
def apart(settings, tmp_path):
    settings.DESCRIPTORS_FOLDER = str(tmp_path / "apart")
    return tmp_path / "apart"


def load(tmp_path, text=f"code,descriptor\n27256,{SECRET}\n", since="2026-01-01"):
    file = tmp_path / "licensed.csv"
    file.write_text(text, encoding="utf-8")
    out = io.StringIO()
    call_command("load_descriptors", file, valid_from=date.fromisoformat(since), stdout=out)
    return out.getvalue()


def test_only_who_holds_the_role_sees_a_descriptor_and_only_on_its_days(
    people, hip, client, apart, tmp_path
):
    load(tmp_path)
    page = reverse("code-page", args=["27256"])
    licensed = factories.person("coder")
    licensed.groups.add(Group.objects.get(name="descriptor reader"))
    for person, on, is_shown in (
        (licensed, "2026-05-04", True),
        (licensed, "2025-12-31", False),
        (people["coder"], "2026-05-04", False),
        (people["rule author"], "2026-05-04", False),
    ):
        client.force_login(person)
        assert (SECRET in client.get(page, {"on": on}).content.decode()) == is_shown, (person, on)


def test_a_descriptor_stands_in_no_row_no_event_and_no_log(people, apart, tmp_path, caplog):
    said = load(tmp_path)
    assert said == "1 descriptors loaded, in force from 2026-01-01.\n"
    [event] = AuditEvent.objects.filter(event="descriptors.loaded")
    rows = serializers.serialize("json", [event, *DescriptorRelease.objects.all()])
    assert SECRET not in rows + said + caplog.text
    [file] = apart.iterdir()
    assert file.stat().st_mode & 0o077 == 0, "nobody else on the machine reads it"


def test_without_the_setting_nothing_is_loaded(db, settings, tmp_path):
    settings.DESCRIPTORS_FOLDER = ""
    with pytest.raises(CommandError, match="Set DESCRIPTORS_FOLDER first"):
        load(tmp_path)


def test_a_release_is_loaded_once_and_never_overwritten(db, apart, tmp_path):
    load(tmp_path)
    with pytest.raises(CommandError, match="loaded already"):
        load(tmp_path, "27256,Another\n")
    assert DescriptorRelease.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (f"27256,{SECRET}\n2725,{SECRET}\n", "Line 2: the first column is no code"),
        (f"27256,{SECRET}\n27257,\n", "Line 2: the second column"),
        (f"27256,{SECRET}\n27256,Another\n", "Line 2: 27256 stands twice"),
        ("code,descriptor\n", "no descriptor"),
        ("", "empty"),
    ],
)
def test_what_cannot_be_loaded_is_told_by_its_line_and_not_by_its_text(text, fault):
    with pytest.raises(FileError, match=fault) as refusal:
        descriptors_of(text.encode())
    assert SECRET not in str(refusal.value)


def test_tabs_serve_as_well():
    assert descriptors_of(f"27256\t{SECRET}, of two parts\n".encode()) == {
        "27256": f"{SECRET}, of two parts"
    }
