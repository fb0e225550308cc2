"""Every permission that code or a page names exists: a typing error would be a silent no."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission

from reviews.roles import BESIDE_ROLES, ROLES

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


@pytest.mark.django_db
def test_every_permission_of_our_own_is_asked_for_and_each_that_is_asked_for_some_role_has():
    """A verb that nobody may do, or a permission that opens nothing, is a mistake too."""
    asked = {f"{app}.{name}" for app, name, path in named() if path.name != "roles.py"}
    given = {permission for own in (ROLES | BESIDE_ROLES).values() for permission in own}
    own = {
        f"{model._meta.app_label}.{name}"
        for app in ("coding", "reviews")
        for model in apps.get_app_config(app).get_models()
        for name, _ in model._meta.permissions
    }
    assert own
    assert own - asked == set()
    assert (own | asked) - given == set()


def test_a_typing_error_would_be_found():
    assert QUOTED.findall('allowed("reviews.retrun_reviewcase")') == [
        ("reviews", "retrun_reviewcase")
    ]
    assert IN_PAGES.findall("{% if perms.coding.add_encouter %}") == [("coding", "add_encouter")]
