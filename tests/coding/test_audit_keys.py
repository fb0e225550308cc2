"""The keys that sign the trail: each has an id, and is changed without making worthless what it signed."""

import io
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from coding import trail
from coding.models import AuditEvent, AuditHead
from config.audit_keys import keys_by_id
from tests import small_rules

OLD, NEW = {"first": "the old secret"}, {"2026": "the new secret"}


def says(command):
    """What a command prints, and its exit status."""
    out = io.StringIO()
    try:
        call_command(command, stdout=out)
    except SystemExit as end:
        return out.getvalue(), end.code
    return out.getvalue(), 0


@pytest.fixture
def signed(people, settings):
    """A trail that the old key signed and anchored."""
    settings.AUDIT_KEYS = OLD
    small_rules.draft(people)
    trail.write_anchor()


def test_keys_are_read_by_id_and_the_first_signs(settings):
    settings.AUDIT_KEYS = keys_by_id(["2026:se:cret", " first:old "])
    assert settings.AUDIT_KEYS == {"2026": "se:cret", "first": "old"}
    assert trail.sign(1, "a") == trail.sign(1, "a", "2026") != trail.sign(1, "a", "first")


@pytest.mark.parametrize("given", [["secret"], [":secret"], ["2026:"], ["a:secret", "a:other"]])
def test_a_key_without_an_id_or_with_one_twice_is_refused_and_not_shown(given):
    with pytest.raises(ImproperlyConfigured) as refusal:
        keys_by_id(given)
    assert "secret" not in str(refusal.value)


def test_a_changed_key_is_noted_and_anchored_and_the_old_anchor_still_proves(signed, settings):
    settings.AUDIT_KEYS = {**NEW, **OLD}
    out, _ = says("change_audit_key")
    assert out.startswith("Key 2026 signs the trail from now on, no longer key first.\n")
    event = AuditEvent.objects.get(event="trail.key_changed")
    assert (event.before, event.after) == ({"key": "first"}, {"key": "2026"})
    lines = Path(settings.AUDIT_ANCHOR_FILE).read_text().splitlines()
    assert [line.split()[3] for line in lines] == ["first", "2026"]
    assert says("verify_trail") == (
        "The trail is whole: 2 events; event 2 is anchored outside the database.\n",
        0,
    )
    assert says("change_audit_key") == ("Key 2026 signs the trail already.\n", 0)


def test_until_the_key_is_changed_the_old_one_proves_the_head(signed, settings):
    settings.AUDIT_KEYS = {**NEW, **OLD}
    assert says("verify_trail")[1] == 0


def test_a_head_whose_key_is_not_here_is_said_to_be(signed, settings):
    settings.AUDIT_KEYS = NEW
    assert says("verify_trail") == (
        "The trail is broken: the head is signed by key first, which is not here.\n",
        1,
    )


def test_older_anchors_whose_key_is_not_here_are_told(signed, settings):
    settings.AUDIT_KEYS = {**NEW, **OLD}
    says("change_audit_key")
    settings.AUDIT_KEYS = NEW
    out, status = says("verify_trail")
    assert status == 0
    assert out.splitlines()[1:] == [
        "Anchors signed by key first, which is not here, prove nothing."
    ]


def test_a_trail_all_of_whose_anchors_are_signed_by_a_key_that_is_not_here_is_not_proven(
    signed, settings
):
    settings.AUDIT_KEYS = {**NEW, **OLD}
    says("change_audit_key")
    path = Path(settings.AUDIT_ANCHOR_FILE)
    path.write_text(path.read_text().splitlines()[0] + "\n")
    settings.AUDIT_KEYS = NEW
    out, status = says("verify_trail")
    assert (out, status) == (
        "The trail is anchored by key first only, which is not here: nothing proves its end.\n",
        1,
    )


def test_anchors_of_the_time_before_keys_had_ids_are_proven_by_the_key_first(signed, settings):
    head, path = AuditHead.objects.get(), Path(settings.AUDIT_ANCHOR_FILE)
    path.write_text(f"{head.count} {head.hash} {head.signature}\n")
    assert trail.read_anchor() == trail.Anchor(head.count, head.hash)
