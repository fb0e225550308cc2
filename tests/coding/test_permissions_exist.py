"""Every permission that code or a page names exists: a typing error would be a silent no."""

import re
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission

ROOT = Path(__file__).resolve().parents[2]
QUOTED = re.compile(r"""["'](coding|reviews)\.([a-z]+_[a-z_]+)["']""")
IN_PAGES = re.compile(r"perms\.(coding|reviews)\.([a-z_]+)")


def named():
    for path in [*ROOT.glob("coding/**/*.py"), *ROOT.glob("reviews/**/*.py")]:
        if "migrations" not in path.parts:
            for app, name in QUOTED.findall(path.read_text()):
                yield app, name, path
    for path in ROOT.glob("templates/**/*.html"):
        for app, name in IN_PAGES.findall(path.read_text()):
            yield app, name, path


@pytest.mark.django_db
def test_every_permission_that_is_named_exists():
    known = set(Permission.objects.values_list("content_type__app_label", "codename"))
    names = list(named())
    assert len(names) > 80
    assert [(app, name, str(path)) for app, name, path in names if (app, name) not in known] == []
