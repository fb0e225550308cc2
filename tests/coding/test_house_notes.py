"""House notes: written by an author, approved by a second person, shown from their day on; none ever changes."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from coding.actions import house_notes
from coding.actions.errors import Conflict, NotAllowed
from coding.actions.house_notes import NoteText
from coding.models import AuditEvent, HouseNote, Meaning, User
from tests import signing

FILM = NoteText("Ask for the film before a reduction is reported.", date(2026, 1, 1), code="27256")
AFTER = NoteText("The film is no longer asked for.", date(2026, 5, 1), code="27256")


def approved(people, noted):
    note = house_notes.write(people["rule author"], noted)
    house_notes.approve(people["rule approver"], note)
    return note


def in_force(day):
    return HouseNote.objects.in_force(day).filter(code="27256").first()


def test_a_note_counts_once_approved_from_its_day_on_until_the_next(people):
    first = approved(people, FILM)
    waiting = house_notes.write(people["rule author"], AFTER)
    assert (in_force(date(2025, 12, 31)), in_force(date(2026, 6, 1))) == (None, first)
    house_notes.approve(people["rule approver"], waiting)
    assert (in_force(date(2026, 4, 30)), in_force(date(2026, 5, 1))) == (first, waiting)
    events = AuditEvent.objects.filter(event__startswith="house_note.").order_by("sequence")
    assert [event.event.split(".")[1] for event in events] == [
        "written",
        "approved",
        "written",
        "approved",
    ]
    assert events[0].after["text"] == FILM.text


def test_a_second_person_approves_once(people):
    note = house_notes.write(people["rule author"], FILM)
    people["rule author"].groups.set(people["rule approver"].groups.all())
    author = User.objects.get(pk=people["rule author"].pk)
    with pytest.raises(Conflict, match="Somebody else approves it"):
        house_notes.approve(author, note)
    house_notes.approve(people["rule approver"], note)
    with pytest.raises(Conflict, match="approved already"):
        house_notes.approve(people["rule approver", 2], note)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"code": ""}, "Name a code or a rule set"),
        ({"text": " "}, "Write what"),
        ({"valid_from": date(1700, 1, 1)}, "1900"),
    ],
)
def test_what_cannot_be_is_refused_in_words(people, change, fault):
    with pytest.raises(Conflict, match=fault):
        house_notes.write(people["rule author"], replace(FILM, **change))
    assert not HouseNote.objects.exists()


def test_other_roles_write_and_approve_none(people):
    note = house_notes.write(people["rule author"], FILM)
    for role in ("coder", "supervisor", "auditor", "administrator"):
        with pytest.raises(NotAllowed):
            house_notes.approve(people[role], note)
    for role in ("coder", "supervisor", "rule approver", "auditor", "administrator"):
        with pytest.raises(NotAllowed):
            house_notes.write(people[role], FILM)


def test_the_database_keeps_a_note_as_it_was_approved(people):
    note = approved(people, FILM)
    for change in ({"text": "Otherwise."}, {"approved_by": people["rule approver", 2]}):
        with pytest.raises(DatabaseError), transaction.atomic():
            HouseNote.objects.filter(pk=note.pk).update(**change)


def test_it_is_written_and_approved_in_the_administration_and_shown_on_code_and_family(
    people, hip, client, settings
):
    settings.SIGN_AGAIN = True
    about = {"code": "27256", "rule_set": "", "text": FILM.text, "valid_from": "2026-01-01"}
    client.force_login(people["rule author"])
    address = reverse("admin:coding_housenote_add")
    both = client.post(address, {**about, "rule_set": hip.rule_set_id}).content.decode()
    assert "Name a code or a rule set, and not both." in both
    assert client.post(address, about).status_code == 302
    assert (
        client.post(address, {**about, "code": "", "rule_set": hip.rule_set_id}).status_code == 302
    )

    pages = [reverse("code-page", args=["27256"]), reverse("family-page", args=[hip.rule_set.key])]
    day = {"on": "2026-05-04"}
    assert FILM.text not in client.get(pages[0], day).content.decode()
    chosen = {
        "action": "approve_notes",
        "_selected_action": list(HouseNote.objects.values_list("pk", flat=True)),
    }
    notes = reverse("admin:coding_housenote_changelist")
    client.post(notes, chosen)
    assert HouseNote.objects.waiting().count() == 2, "an author does not see the action"
    client.force_login(people["rule approver"])
    asked = client.post(notes, chosen).content.decode()
    assert "approval of the house policy" in asked
    assert HouseNote.objects.waiting().count() == 2, "nothing is approved before it is signed"
    client.post(notes, {**signing.signed(chosen, "not this one"), "confirm": "yes"})
    assert HouseNote.objects.waiting().count() == 2
    client.post(notes, {**signing.signed(chosen), "confirm": "yes"})
    note = HouseNote.objects.first()
    [signature] = signing.signatures_under(note)
    assert (signature.signer, signature.meaning) == (people["rule approver"], Meaning.POLICY)
    assert (
        "Signed by"
        in client.get(reverse("admin:coding_housenote_change", args=[note.pk])).content.decode()
    )
    for page in pages:
        assert FILM.text in client.get(page, day).content.decode()
